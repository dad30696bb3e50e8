//! Platforms that lie, and processes that die in the middle.

use adjourn_app::ports::Clock as _;
use adjourn_domain::run::StepState;
use adjourn_sim::{Fault, FaultKind, FaultPlan, Matcher};
use adjourn_world::{ClientAct, client};

use super::*;

fn asks_somebody(state: &GroupState) -> bool {
    let run = state.run.as_ref().unwrap();
    run.current().is_some_and(|at| run.steps[at].state == StepState::Person)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_9_a_platform_says_ok_and_only_left_the_group() {
    let mut office = Office::new("qq").await;
    let snapshot = office.play.state().await.snapshot.unwrap();
    let platform = &office.play.stage.platforms[&snapshot.connection];
    let (simulator, transport) = (platform.simulator.clone(), platform.transport.clone());
    let (native, clock) = (snapshot.native, office.play.stage.clock.clone());
    // The call says OK and ends nothing; then it shows that the owner has only left.
    let body = "{}".to_owned();
    let ok = FaultKind::Answer { status: 200, content_type: "application/json".to_owned(), body };
    let when = Matcher { method: Some("POST".to_owned()), path_contains: "/dissolve".to_owned(), nth: None };
    transport.set_faults(FaultPlan(vec![Fault { when, what: ok }]));
    let leaves = move || {
        let mut simulator = simulator.lock().unwrap();
        for act in [ClientAct::Transfer { to: "u-a".to_owned() }, ClientAct::Leave] {
            let _ = client(&mut **simulator, &native, "u-owner", &act, clock.now());
        }
    };
    office.play.stage.app.points = Arc::new(At("act.after.dissolve", leaves));
    office.applied().await;
    office.works_until(true, StepOp::Dissolve).await;
    assert!(asks_somebody(&office.play.work(false, asks_somebody).await));
    let path = office.case_path();
    let mut walk = Walk::begin("09-lying-platform", office).await;
    walk.sits("requester", DESK, &path).await;
    walk.sees("left-only", &[&word("verdict", "left_only")]);
    let refused = walk.office.app().vault.bundle_path(&walk.office.play.case).await.unwrap();
    assert_eq!(refused, None, "no bundle, and so no certificate");
}

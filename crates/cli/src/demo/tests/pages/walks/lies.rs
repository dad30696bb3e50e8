//! Platforms that lie, and processes that die in the middle.

use adjourn_sim::{Fault, FaultKind, FaultPlan, Matcher};
use adjourn_world::{ClientAct, client};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_9_a_platform_says_ok_and_only_left_the_group() {
    let mut office = Office::new("qq").await;
    // The call says OK; all that happened is that the owner handed the group over and left.
    let state = office.play.state().await;
    let snapshot = state.snapshot.unwrap();
    let (native, connection) = (snapshot.native, snapshot.connection);
    let platform = &office.play.stage.platforms[&connection];
    let (simulator, clock) = (platform.simulator.clone(), office.play.stage.clock.clone());
    let ok =
        FaultKind::Answer { status: 200, content_type: "application/json".to_owned(), body: "{}".to_owned() };
    platform.transport.set_faults(FaultPlan(vec![Fault {
        when: Matcher { method: Some("DELETE".to_owned()), path_contains: String::new(), nth: None },
        what: ok,
    }]));
    let leaves = move || {
        let at = adjourn_app::ports::Clock::now(&*clock);
        let mut simulator = simulator.lock().unwrap();
        for act in [ClientAct::Transfer { to: "u-a".to_owned() }, ClientAct::Leave] {
            client(&mut **simulator, &native, "u-owner", &act, at).unwrap();
        }
    };
    office.play.stage.app.points = Arc::new(At("act.before.dissolve", leaves));
    office.applied().await;
    office
        .play
        .work(false, |state| {
            state
                .run
                .as_ref()
                .unwrap()
                .steps
                .iter()
                .any(|step| step.state == adjourn_domain::run::StepState::Person)
        })
        .await;
    let path = office.case_path();
    println!(
        "{:?}",
        office.play.stage.platforms[&connection].transport.calls().iter().rev().take(10).collect::<Vec<_>>()
    );
    let mut walk = Walk::begin("09-lying-platform", office).await;
    walk.sits("requester", DESK, &path).await;
    println!("{}", walk.browser.text());
    walk.sees("left-only", &[&word("verdict", "left_only")]);
}

//! Acts and counts over the simulated platforms: reads that are asked again, and a month's restores.

use std::sync::Mutex;

use adjourn_app::acts::ActWish;
use adjourn_app::ports::Progress;
use adjourn_domain::canonical::Hash;
use adjourn_domain::plan::Act;
use adjourn_sim::{FaultKind, FaultPlan};

use adjourn_domain::run::StepState;
use adjourn_world::{ClientAct, client};

use super::*;

/// Writes down how often a question was asked again.
#[derive(Default)]
struct Heard(Mutex<Vec<(String, u64)>>);

impl Progress for Heard {
    fn count(&self, _: &GroupId, _: &str, _: u64, _: Option<u64>) {}

    fn again(&self, code: &str, in_s: u64, _: u32, _: u32) {
        self.0.lock().unwrap().push((code.to_owned(), in_s));
    }
}

impl Play {
    fn trouble(&self, plan: FaultPlan) {
        self.stage.platforms[&ConnectionId::from("qq")].transport.set_faults(plan);
    }
}

impl Play {
    /// A person has the platform bring the group back, and says so.
    async fn restored_by_hand(&self, state: &GroupState) {
        let run = state.run.as_ref().unwrap();
        let step = run.steps.iter().position(|step| step.undoing && step.state == StepState::Person).unwrap();
        let at = self.app().clock.now();
        let members = state.snapshot.iter().flat_map(|seen| &seen.members);
        let done = members.filter(|member| {
            let mut simulator = self.stage.platforms[&run.part.connection].simulator.lock().unwrap();
            client(&mut **simulator, &run.part.native, member.id.as_str(), &ClientAct::Restore, at).is_ok()
        });
        assert_eq!(done.count(), 1, "whoever ended the group brings it back, once");
        let files = [("shot.txt".to_owned(), b"simulated".to_vec())];
        let (app, who) = (self.app(), &self.cast.requester);
        let step = &run.part.steps[step].id;
        app.person_done(&self.case, &self.group, step, &files, BTreeMap::new(), who).await.unwrap();
    }

    /// Another group of the same account.
    async fn another(&self) -> GroupId {
        let cards = self.app().cards().await.unwrap();
        cards.into_iter().map(|card| card.group).find(|group| *group != self.group).unwrap()
    }
}

async fn qq() -> Play {
    Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await
}

#[tokio::test]
async fn a_platform_that_is_busy_for_a_moment_costs_no_plan() {
    let mut play = qq().await;
    let heard = Arc::new(Heard::default());
    play.stage.app.progress = heard.clone();
    play.trouble(FaultPlan::nth(1, FaultKind::ServerError { status: 503, after_effect: false }));
    let before = play.app().clock.now();
    play.plan(KindWish::default(), "bye").await.unwrap();
    let asked = heard.0.lock().unwrap().clone();
    assert_eq!(asked, [("connection.protocol".to_owned(), 1)]);
    assert!(play.app().clock.now() >= before.plus_secs(1));
}

#[tokio::test]
async fn a_platform_that_stays_busy_is_told_and_asked_four_times() {
    let mut play = qq().await;
    let heard = Arc::new(Heard::default());
    play.stage.app.progress = heard.clone();
    play.trouble(FaultPlan::always(FaultKind::TooMany { retry_after_s: Some(5) }));
    let error = play.plan(KindWish::default(), "bye").await.unwrap_err();
    assert_eq!(error.code(), "connection.rate_limited");
    let pauses: Vec<u64> = heard.0.lock().unwrap().iter().map(|(_, pause)| *pause).collect();
    assert_eq!(pauses, [5, 5, 5]);
    heard.0.lock().unwrap().clear();
    play.trouble(FaultPlan::always(FaultKind::TooMany { retry_after_s: Some(3600) }));
    play.plan(KindWish::default(), "bye").await.unwrap_err();
    assert!(heard.0.lock().unwrap().is_empty(), "an hour is not waited for");
}

#[tokio::test]
async fn req_e3_beyond_the_months_restores_an_undo_names_the_next_month_and_a_rebuild_remains() {
    let mut play = qq().await;
    let connection = ConnectionId::from("qq");
    play.plan(KindWish::default(), "bye").await.unwrap();
    play.work(true, |state| current(state) == Some(StepOp::Observe)).await;
    let quota = play.app().restore_quota(&connection).await.unwrap().unwrap();
    assert_eq!((quota.used, quota.of), (0, 3));
    play.app().undo(&play.case, false, &play.cast.requester).await.unwrap();
    let asked = |state: &GroupState| {
        let run = state.run.as_ref();
        run.is_some_and(|run| run.steps.iter().any(|step| step.undoing && step.state == StepState::Person))
    };
    let state = play.work(false, asked).await;
    play.restored_by_hand(&state).await;
    // The call that should have ended the group took our own account out of it: a witness reads that the group is back, and
    // the thaw waits for a person.
    let thaws = |state: &GroupState| {
        let run = state.run.as_ref().unwrap();
        run.part.steps.iter().zip(&run.steps).any(|(step, at)| step.op == StepOp::Freeze && at.undoing)
    };
    assert!(thaws(&play.work(false, thaws).await));
    assert_eq!(play.app().restore_quota(&connection).await.unwrap().unwrap().used, 1);
    let (qq, reason) = ("qq".into(), "our contract");
    play.app().override_fact(&qq, "rollback.per_month", "1", reason, &play.cast.admin).await.unwrap();
    // The quota is the account's: another group of it has nothing left.
    play.group = play.another().await;
    play.plan(KindWish::default(), "bye").await.unwrap();
    play.work(true, |state| current(state) == Some(StepOp::Observe)).await;
    let error = play.app().undo(&play.case, false, &play.cast.requester).await.unwrap_err();
    assert_eq!(error.code(), "undo.quota");
    assert_eq!((error.0.args["used"].as_str(), error.0.args["of"].as_str()), ("1", "1"));
    assert!(error.0.args["until"].ends_with("T16:00:00.000Z"), "{}", error.0.args["until"]);
    assert_eq!(play.app().undo(&play.case, true, &play.cast.requester).await.unwrap(), 1);
    assert!(play.state().await.run.unwrap().rebuild);
}

#[tokio::test]
async fn req_g2_an_owner_who_only_wants_to_leave_is_refused_with_what_the_platform_would_do() {
    let play = qq().await;
    let wish = ActWish {
        act: Act::Leave,
        group: play.group.clone(),
        to: None,
        account: None,
        proof: Vec::new(),
        reason: "handed over".to_owned(),
        reason_kind: ReasonKind::FunctionChange,
    };
    let refused: Result<(Plan, Hash), AppError> =
        Box::pin(play.app().plan_act(wish, &play.cast.requester)).await;
    let error = refused.unwrap_err();
    assert_eq!((error.code(), error.0.args["does"].as_str()), ("leave.owner", "dissolves"));
}

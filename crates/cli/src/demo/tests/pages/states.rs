//! The states in which pages are looked at, each made by the product's own use cases on a virtual clock.

use adjourn_world::{ClientAct, client};

use super::super::*;
use super::office::Office;

/// A state, and how to come to it.
pub(super) const STATES: [&str; 14] = [
    "empty",
    "planned",
    "blocked",
    "in_review",
    "approved",
    "stale",
    "person",
    "waiting",
    "paused",
    "on_hold",
    "observing",
    "reappeared",
    "gone",
    "undone",
];

/// An office in a state.
///
/// # Panics
/// When there is no such state, or it is not reached.
pub(super) async fn office(state: &str) -> Office {
    if state == "empty" {
        return Office::own().await;
    }
    let platform = match state {
        "person" => "wechat",
        "reappeared" => "qq",
        _ => "dingtalk",
    };
    let mut office = Office::new(platform).await;
    match state {
        "planned" => drop(office.draw().await),
        "blocked" => {
            let group = office.play.group.clone();
            office
                .app()
                .add_hold(&group, "matter 12, kept for the court", office.key("compliance"))
                .await
                .unwrap();
            office.draw().await;
        }
        "in_review" => {
            office.draw().await;
            office.submit().await;
        }
        "approved" => office.approved().await,
        "stale" => {
            office.approved().await;
            office.owner_changes().await;
            office.app().apply(&office.play.case, office.key("requester")).await.unwrap();
            let case = office.app().journal.known_case(&office.play.case).await.unwrap();
            assert_eq!(case.status, CaseStatus::Stale);
        }
        "person" => {
            office.applied().await;
            let open = |state: &GroupState| {
                let run = state.run.as_ref().unwrap();
                run.current().is_some_and(|at| run.steps[at].state == adjourn_domain::run::StepState::Person)
            };
            assert!(open(&office.play.work(false, open).await));
        }
        "waiting" => {
            office.applied().await;
            office.works_until(true, StepOp::CoolingOff).await;
        }
        "paused" => {
            office.applied().await;
            office.works_until(true, StepOp::CoolingOff).await;
            office.app().pause(&office.play.case, office.key("requester")).await.unwrap();
        }
        "on_hold" => {
            office.applied().await;
            office.works_until(true, StepOp::CoolingOff).await;
            let group = office.play.group.clone();
            office
                .app()
                .add_hold(&group, "matter 12, kept for the court", office.key("compliance"))
                .await
                .unwrap();
            office.play.work(true, |_| false).await;
        }
        "observing" => {
            office.applied().await;
            office.works_until(true, StepOp::Observe).await;
            office.looks(3).await;
        }
        "reappeared" => {
            office.applied().await;
            office.works_until(true, StepOp::Observe).await;
            office.looks(3).await;
            office.comes_back().await;
            let again = |state: &GroupState| state.run.as_ref().unwrap().reopened > 0;
            let state = office.play.work(true, again).await;
            assert!(again(&state), "{:?}", state.run.map(|run| run.current_probes().to_vec()));
        }
        "gone" => {
            office.applied().await;
            office.play.work(true, |_| false).await;
        }
        "undone" => {
            office.applied().await;
            office.works_until(true, StepOp::CoolingOff).await;
            office.app().undo(&office.play.case, false, office.key("requester")).await.unwrap();
            office.play.work(true, |_| false).await;
        }
        other => panic!("no state {other}"),
    }
    office
}

impl Office {
    /// Works until so many looks of the observation are over.
    pub(super) async fn looks(&self, count: usize) {
        let over = |state: &GroupState| state.run.as_ref().unwrap().current_probes().len() >= count;
        assert!(over(&self.play.work(true, over).await));
    }

    /// Somebody does something to the group in the platform's own app.
    pub(super) async fn does(&self, who: &str, act: ClientAct) {
        let state = self.play.state().await;
        let snapshot = state.snapshot.unwrap();
        let platform = &self.play.stage.platforms[&snapshot.connection];
        let at = self.app().clock.now();
        client(&mut **platform.simulator.lock().unwrap(), &snapshot.native, who, &act, at).unwrap();
    }

    /// Another member owns the group from now on.
    pub(super) async fn owner_changes(&self) {
        self.does("u-owner", ClientAct::Transfer { to: "u-a".to_owned() }).await;
    }

    /// Whoever ended the group brings it back.
    pub(super) async fn comes_back(&self) {
        let state = self.play.state().await;
        let snapshot = state.snapshot.unwrap();
        let platform = &self.play.stage.platforms[&snapshot.connection];
        let at = self.app().clock.now();
        let back = snapshot.members.iter().filter(|member| {
            let mut simulator = platform.simulator.lock().unwrap();
            client(&mut **simulator, &snapshot.native, member.id.as_str(), &ClientAct::Restore, at).is_ok()
        });
        assert_eq!(back.count(), 1);
    }
}

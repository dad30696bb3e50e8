//! The states in which pages are looked at, each made by the product's own use cases on a virtual clock.

use adjourn_connectors::wechat;
use adjourn_domain::capability::Op;
use adjourn_domain::run::StepState;
use adjourn_sim::{Fault, FaultKind, FaultPlan, Matcher};
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
    Box::pin(made(state)).await
}

async fn made(state: &str) -> Office {
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
                run.current().is_some_and(|at| run.steps[at].state == StepState::Person)
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

    /// Members hand in what their tools write now.
    pub(super) async fn members_hand_in(&self) {
        let snapshot = self.play.state().await.snapshot.unwrap();
        let platform = &self.play.stage.platforms[&snapshot.connection];
        wechat::hand_in_everything(
            &mut **platform.simulator.lock().unwrap(),
            &snapshot.native,
            self.app().clock.now(),
        );
    }

    /// How often the group was really dissolved.
    pub(super) async fn ended(&self) -> u32 {
        let snapshot = self.play.state().await.snapshot.unwrap();
        let effects = self.play.stage.platforms[&snapshot.connection].simulator.lock().unwrap().effects();
        effects.get(&(Op::Dissolve, snapshot.native)).copied().unwrap_or(0)
    }

    /// Works on all groups of the case until each is so far, or nothing moves; whoever is asked for anything before that does it.
    pub(super) async fn works_jointly(&self, far: impl Fn(&GroupState) -> bool) -> Vec<GroupState> {
        let (app, cast) = (self.app(), &self.play.cast);
        let mut worker = Worker::take(app.clone(), "test", 1).await.unwrap().unwrap();
        for _ in 0..MAX_PASSES {
            let pass = worker.pass().await.unwrap();
            let case = app.journal.known_case(&self.play.case).await.unwrap();
            let groups = app.groups_of(&case).await.unwrap();
            let behind: Vec<GroupState> = groups.iter().filter(|group| !far(group)).cloned().collect();
            let stage = &self.play.stage;
            let acted = stage
                .people_act(&behind, &self.play.case, &cast.requester, &cast.business, OUT)
                .await
                .unwrap();
            if behind.is_empty() || (!acted && pass.next.is_none() && pass.worked == 0) {
                worker.release().await.unwrap();
                return groups;
            }
            if let Some(next) = pass.next.filter(|next| !acted && *next > app.clock.now()) {
                app.clock.sleep_until(next).await;
            }
        }
        panic!("the groups never come so far");
    }

    /// A platform shows another text than the announcement that was posted.
    pub(super) fn shows_instead(&self, platform: &str, text: &str) {
        let message = json!({
            "id": "m-99", "seq": 99, "kind": "message", "at": self.app().clock.now(), "sender": "u-owner", "text": text,
        });
        let what = FaultKind::Answer {
            status: 200,
            content_type: "application/json".to_owned(),
            body: message.to_string(),
        };
        let when =
            Matcher { method: Some("GET".to_owned()), path_contains: "/announcements".to_owned(), nth: None };
        let plan = FaultPlan(vec![Fault { when, what }]);
        self.play.stage.platforms[&ConnectionId::from(platform)].transport.set_faults(plan);
    }
}

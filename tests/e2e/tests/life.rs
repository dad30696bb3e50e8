//! A room's life on a real homeserver, on a clock that jumps: made from a template, registered, handed over to another
//! owner, told of its end, frozen, sealed, dissolved, watched for 72 hours, and gone from the server's own database.
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests and their helpers")]

mod steered;

use std::sync::Arc;

use adjourn_app::acts::ActWish;
use adjourn_app::creation::{CreationWish, Stand};
use adjourn_app::inventory::{Card, place};
use adjourn_app::planning::PlanWish;
use adjourn_domain::approval::Decision;
use adjourn_domain::canonical::Hash;
use adjourn_domain::case::CaseStatus;
use adjourn_domain::group::Kind;
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::kinds::KindWish;
use adjourn_domain::plan::{Act, Plan, ReasonKind};
use adjourn_domain::run::GroupState;
use adjourn_domain::template::{Said, Template};
use adjourn_domain::time::Time;
use adjourn_e2e::{Adjourn, Synapse, TempDir, shared, tempdir};
use adjourn_worker::Worker;
use serde_json::json;

use steered::Steered;

const HOUR: u64 = 3600;
/// Passes of the worker, at most.
const PASSES: usize = 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn req_g1_g2_x4_a_rooms_life_from_its_template_until_nothing_is_left_of_it() {
    let mut life = Box::pin(Life::new()).await;
    Box::pin(life.is_made_from_a_template_and_registered()).await;
    Box::pin(life.gets_another_owner()).await;
    Box::pin(life.is_told_a_week_before_then_frozen_and_sealed()).await;
    Box::pin(life.is_dissolved_watched_for_three_days_and_gone()).await;
}

struct Life {
    synapse: Arc<Synapse>,
    office: Steered,
    dir: TempDir,
    group: GroupId,
    room: String,
    case: CaseId,
}

impl Life {
    async fn new() -> Self {
        let (synapse, dir) = (shared(), tempdir());
        let begin = Time::parse("2026-11-23T08:00:00Z").expect("a time");
        let office = Steered::new(dir.path(), &synapse, begin).await;
        let (group, case) = (GroupId::from("g-none"), CaseId::from("c-none"));
        Self { synapse, office, dir, group, room: String::new(), case }
    }

    fn id(&self, user: &str) -> String {
        self.synapse.user_id(user).to_owned()
    }

    /// Its line of the inventory.
    async fn card(&self) -> Card {
        let cards = self.office.app.cards().await.expect("an inventory");
        cards.into_iter().find(|card| card.group == self.group).expect("the room is in it")
    }

    fn can_send(&self, who: &str) -> bool {
        self.synapse.as_user(who).try_send(&self.room, "may I?").status == 200
    }

    /// Submitted, approved by two, applied.
    async fn agreed(&mut self, (plan, hash): (Plan, Hash)) {
        let Steered { app, requester, business, compliance, .. } = &self.office;
        self.case = plan.case;
        app.submit(&self.case, requester).await.expect("it can be reviewed");
        let own = app.review(&self.case, Decision::Approve, "", Some(hash), requester).await;
        assert_eq!(own.map(drop).expect_err("not by who asks").code(), "approval.self");
        for who in [business, compliance] {
            app.review(&self.case, Decision::Approve, "", Some(hash), who).await.expect("an approval");
        }
        app.apply(&self.case, requester).await.expect("it begins");
    }

    /// Works until the room is in this place, or its case is over; the clock jumps to what is due next.
    async fn works_until(&self, wanted: &str) -> GroupState {
        let app = &self.office.app;
        let mut worker = Worker::take(app.clone(), "life", 1).await.expect("a lease").expect("nobody has it");
        for _ in 0..PASSES {
            let pass = worker.pass().await.expect("a pass");
            let state = app.journal.group(&self.group).await.expect("the room");
            let case = app.journal.known_case(&self.case).await.expect("the case");
            if place(&state) == wanted || case.status == CaseStatus::Closed {
                worker.release().await.expect("the lease goes back");
                return state;
            }
            match pass.next {
                Some(next) if next > app.clock.now() => app.clock.sleep_until(next).await,
                next => assert!(pass.worked > 0 || next.is_some(), "it stands still: {:?}", pass.blocked),
            }
        }
        unreachable!("{wanted} is not reached")
    }

    async fn is_made_from_a_template_and_registered(&mut self) {
        let template: Template = serde_json::from_value(json!({
            "connection": "hs", "kind": "education", "name": "{unit}-{purpose}", "max_length": 40,
            "members": [self.id("bob"), self.id("carol")], "required": ["deputy"], "expires_days": 300,
        }))
        .expect("a template");
        let text = |text: &str| Some(text.to_owned());
        let said = Said {
            owner: "Li Lei".to_owned(),
            contact: "139-0000-0001".to_owned(),
            deputy: text("Han Meimei"),
            purpose: text("class 3"),
            unit: text("life"),
            ..Said::default()
        };
        let wish = CreationWish {
            said,
            owner_account: Some(self.id("alice").as_str().into()),
            ..CreationWish::default()
        };
        let made = self.office.app.create(("class", &template), wish, false, &self.office.requester).await;
        let Ok((_, Stand::Done { group, native, .. })) = made else { panic!("{made:?}") };
        (self.group, self.room) = (group, native.to_string());
        for (who, says) in [("alice", "welcome"), ("bob", "hello"), ("carol", "good morning")] {
            self.synapse.as_user(who).join(&self.room).expect(200);
            self.synapse.as_user(who).send(&self.room, says);
        }
        let card = self.card().await;
        let entry = card.register.clone().expect("it is registered");
        assert_eq!((card.label(), card.state.as_str()), ("life-class 3", "registered"));
        assert_eq!(
            (entry.owner.name.as_str(), entry.deputy.map(|one| one.name)),
            ("Li Lei", text("Han Meimei"))
        );
        assert!(entry.expires.is_some());
        let sql = "SELECT name FROM room_stats_state WHERE room_id = ?1";
        assert_eq!(self.synapse.rows(sql, &[&self.room]).concat(), ["life-class 3"], "the server's own word");
    }

    async fn gets_another_owner(&mut self) {
        let wish = ActWish {
            act: Act::Transfer,
            group: self.group.clone(),
            to: Some(self.id("bob").as_str().into()),
            account: None,
            proof: Vec::new(),
            reason: "the owner leaves".to_owned(),
            reason_kind: ReasonKind::FunctionChange,
        };
        let plan = Box::pin(self.office.app.plan_act(wish, &self.office.requester)).await.expect("a plan");
        self.agreed(plan).await;
        self.works_until("operating").await;
        self.office.app.scan(&"hs".into()).await.expect("a look");
        let card = self.card().await;
        assert_eq!(card.state, "operating");
        assert!(card.owners.iter().any(|owner| owner.as_str() == self.id("bob")), "{:?}", card.owners);
        assert!(self.can_send("carol"), "a transfer ends nothing");
    }

    async fn is_told_a_week_before_then_frozen_and_sealed(&mut self) {
        let wish = PlanWish {
            groups: vec![self.group.clone()],
            reason: "the class has left school".to_owned(),
            reason_kind: ReasonKind::ProjectEnded,
            announcement: "This group ends.".to_owned(),
            languages: Vec::new(),
            kinds: KindWish::default(),
            case: None,
        };
        let (plan, hash) = self.office.app.plan(wish, &self.office.requester).await.expect("a plan");
        assert_eq!(plan.blockers().count(), 0);
        assert_eq!(plan.groups[0].way.kind, Kind::Education, "the register says what kind it is");
        assert_eq!(self.card().await.state, "proposed");
        let begun = self.office.clock.now();
        self.agreed((plan, hash)).await;
        self.works_until("notice_period").await;
        assert!(self.can_send("carol"), "nothing is taken from anybody yet");
        let state = self.works_until("cooling_off").await;
        let run = state.run.expect("a run");
        assert!(self.office.clock.now() >= begun.plus_secs(7 * 24 * HOUR));
        assert!(run.sealed.is_some() && run.sealed == run.seal_read_back);
        assert!(!self.can_send("carol"), "frozen");
        assert!(self.synapse.count_events(&self.room) > 8, "and all there");
    }

    async fn is_dissolved_watched_for_three_days_and_gone(&mut self) {
        let state = self.works_until("observing").await;
        let from = state.run.and_then(|run| run.observed_from).expect("it is watched");
        let state = self.works_until("closed").await;
        assert!(self.office.clock.now() >= from.plus_secs(72 * HOUR));
        let card = self.card().await;
        assert_eq!(
            (card.state.as_str(), card.over),
            ("verified_gone", true),
            "{:?}",
            state.run.map(|run| run.probes)
        );
        assert_eq!(self.synapse.count_events(&self.room), 0, "the server's database holds nothing of it");
        assert_eq!(self.synapse.as_user("witness").admin_room(&self.room).status, 404);
        let bundle = self.office.app.vault.bundle_path(&self.case).await.expect("bundles").expect("a bundle");
        let report = Adjourn::new(self.dir.path().join("data")).json(0, &["verify", &bundle]);
        assert_eq!(report["ok"], true, "{report:#}");
        let proved = report["proved"].to_string();
        assert!(proved.contains("proved.notice") && proved.contains("proved.verdict"), "{proved}");
    }
}

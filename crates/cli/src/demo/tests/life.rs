//! One group's whole life, from the wish for it to its destroyed record, as the people around it see it: on a platform that
//! obeys calls, and on one where people do everything by hand.

use adjourn_app::acts::ActWish;
use adjourn_app::creation::{CreationWish, Stand};
use adjourn_app::destroy::Destroyed;
use adjourn_app::inventory::{Card, Wanted, place};
use adjourn_app::register::{AssetRow, Choice, Entry, OneWish, Rules as Upkeep, View};
use adjourn_domain::asset::{Day, Holding, Length, Said};
use adjourn_domain::canonical::Hash;
use adjourn_domain::group::Kind;
use adjourn_domain::ids::NativeId;
use adjourn_domain::plan::Act;
use adjourn_domain::retention::Disposition;
use adjourn_domain::succession::{Leaver, Role};
use adjourn_domain::template::{Said as Words, Template};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Verdict;
use adjourn_world::{Screen, look};

use super::*;

const DAY: u64 = 24 * HOUR;
/// Distance of the organisation's clocks from UTC, in minutes.
const OFFSET: i32 = 480;
const TEMPLATE: &str = "kind = \"education\"\nname = \"{purpose}\"\nclass = \"important\"\nowner_account = \"u-owner\"\n\
                        members = [\"u-deputy\", \"u-witness\", \"u-a\"]\nrequired = [\"deputy\", \"purpose\", \"unit\"]\n\
                        expires_days = 300\nholds = [\"personal_data\"]\nconnection = ";

#[tokio::test]
async fn req_g1_g2_g11_x4_a_groups_life_from_its_template_to_its_destroyed_record() {
    for platform in ["dingtalk", "wechat"] {
        let mut life = Box::pin(Life::of(platform)).await;
        Box::pin(life.is_made_from_a_template_and_registered()).await;
        Box::pin(life.is_renewed_by_its_owners_link()).await;
        Box::pin(life.passes_to_the_successor_when_its_owner_leaves()).await;
        Box::pin(life.expires_and_a_person_proposes_its_end()).await;
        Box::pin(life.is_reviewed_by_two_people()).await;
        Box::pin(life.gets_notice_is_sealed_and_cools_off()).await;
        Box::pin(life.ends_is_watched_for_three_days_and_is_proved_gone()).await;
        Box::pin(life.is_retained_while_a_period_runs_and_under_a_hold()).await;
        Box::pin(life.tells_its_states_in_order()).await;
        Box::pin(life.is_destroyed_by_two_people_and_leaves_a_certificate()).await;
    }
}

/// The group, and the drill that it lives in.
struct Life {
    play: Play,
    platform: &'static str,
    upkeep: Upkeep,
    /// Who owns it on the platform after the first owner.
    successor: NativeId,
}

impl Life {
    async fn of(platform: &'static str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let stage = Stage::new(dir.path(), 7, Rules::Declared, OUT).unwrap();
        let parties =
            [(Party::HomeSchool, Behaviour::Agrees(HOUR)), (Party::Archive, Behaviour::Agrees(HOUR))];
        let play = Play::on(stage, &parties, dir).await;
        let connection = play.stage.platforms[&ConnectionId::from(platform)].connection.clone();
        let secrets = play.stage.secrets(&connection.id);
        play.app().add_connection(connection, &secrets, Some(&play.cast.admin)).await.unwrap();
        Self { play, platform, upkeep: Upkeep::default(), successor: NativeId::from("") }
    }

    fn app(&self) -> &App {
        self.play.app()
    }

    fn today(&self) -> Day {
        Day::of(self.app().clock.now(), OFFSET)
    }

    /// Waits for the beginning of the day that is so many days before its last one. Members hand in what their tools write.
    async fn waits_until_days_before_its_last(&self, days: u64) {
        let last = self.entry().await.expires.unwrap().end(OFFSET);
        let at = last.as_millis() - i64::try_from(days * DAY * 1000).unwrap();
        self.play.stage.clock.0.advance_to(Time::from_millis(at));
        self.play.stage.hand_in();
    }

    /// Its line of the inventory, as `ls` has it.
    async fn card(&self) -> Card {
        let cards = self.app().cards().await.unwrap();
        cards.into_iter().find(|card| card.group == self.play.group).unwrap()
    }

    async fn entry(&self) -> Entry {
        self.card().await.register.unwrap()
    }

    async fn is_in(&self, view: View) -> bool {
        let cards = self.app().view(Some(view), &self.upkeep).await.unwrap();
        cards.iter().any(|card| card.group == self.play.group)
    }

    /// The group as whoever manages it sees it in the platform's app.
    fn screen(&self, native: &NativeId) -> Screen {
        let platform = &self.play.stage.platforms[&ConnectionId::from(self.platform)];
        look(&mut **platform.simulator.lock().unwrap(), native, self.app().clock.now()).unwrap()
    }

    /// What a person says who opens the link that asks about the group.
    async fn answers(&self, choice: Choice, text: &str) {
        let (app, group) = (self.app(), &self.play.group);
        let asks = app.ask_renewals(14 * DAY, &self.upkeep, &self.play.cast.admin).await.unwrap();
        let [asked] = asks.owners.as_slice() else { panic!("{asks:?}") };
        let page = app.renewal_page(&asked.token, &self.upkeep).await.unwrap();
        assert_eq!((page.name.as_str(), page.groups.len()), (asked.owner.name.as_str(), 1));
        app.renewal_answer(&asked.token, group, choice, Some(text.to_owned()), &self.upkeep).await.unwrap();
    }

    async fn submitted(&self) {
        self.app().submit(&self.play.case, &self.play.cast.requester).await.unwrap();
    }

    async fn approves(&self, hash: Hash, who: &KeySigner) -> Result<(), AppError> {
        self.app().review(&self.play.case, Decision::Approve, "", Some(hash), who).await.map(drop)
    }

    async fn is_made_from_a_template_and_registered(&mut self) {
        let (by_hand, purpose) = match self.platform {
            "wechat" => (true, self.screen(&"wx-1".into()).name),
            _ => (false, "parents of class 3".to_owned()),
        };
        let template: Template = toml::from_str(&format!("{TEMPLATE}\"{}\"", self.platform)).unwrap();
        let text = |text: &str| Some(text.to_owned());
        let said = Words {
            owner: "Li Lei".to_owned(),
            contact: "139-0000-0001".to_owned(),
            deputy: text("Han Meimei"),
            purpose: text(&purpose),
            unit: text("grade 3"),
            ..Words::default()
        };
        let wish = CreationWish { said, ..CreationWish::default() };
        let (app, who) = (self.app(), &self.play.cast.requester);
        let (made, mut stand) = app.create(("class", &template), wish, false, who).await.unwrap();
        if by_hand {
            assert!(matches!(stand, Stand::Person { .. }), "{stand:?}");
            self.play.stage.hand_in();
            stand = app.creation_done(&made.creation, &"wx-1".into(), who).await.unwrap().1;
        }
        let Stand::Done { group, native, .. } = stand else { panic!("{stand:?}") };
        // What a template does not ask for, the register takes afterwards.
        let asset = AssetRow {
            deputy_contact: Said::Is("139-0000-0002".to_owned()),
            exit_plan: Said::Is("tell the parents, export, dissolve".to_owned()),
            ..AssetRow::default()
        };
        let wish = OneWish { asset, ..OneWish::default() };
        app.register_one(native.as_str(), None, wish, false, who).await.unwrap();

        self.successor = self.screen(&native).successor.unwrap().as_str().into();
        self.play.group = group;
        let (card, entry) = (self.card().await, self.entry().await);
        assert_eq!((card.state.as_str(), card.class.as_str()), ("registered", "important"));
        assert_eq!((card.label(), card.owners.as_slice()), (purpose.as_str(), &["u-owner".into()][..]));
        let deputy = entry.deputy.unwrap();
        assert_eq!((entry.owner.name.as_str(), entry.owner.contact.as_str()), ("Li Lei", "139-0000-0001"));
        assert_eq!((deputy.name.as_str(), deputy.contact.as_str()), ("Han Meimei", "139-0000-0002"));
        assert_eq!((entry.purpose, entry.unit.as_deref()), (Some(purpose), Some("grade 3")));
        assert_eq!(entry.holds.unwrap().into_iter().collect::<Vec<_>>(), [Holding::PersonalData]);
        assert_eq!(entry.expires, self.today().later(Length::Days(300)));
        assert_eq!(entry.exit_plan.as_deref(), Some("tell the parents, export, dissolve"));
        for nobody in [View::Unregistered, View::OneOwner, View::Orphan, View::Expiring] {
            assert!(!self.is_in(nobody).await, "{}", nobody.slug());
        }
    }

    async fn is_renewed_by_its_owners_link(&mut self) {
        self.waits_until_days_before_its_last(20).await;
        assert!(self.is_in(View::Expiring).await);
        let until = self.entry().await.expires.unwrap().later(Length::Days(200)).unwrap();
        self.answers(Choice::Needed(until), "the class goes on").await;
        let entry = self.entry().await;
        assert_eq!(
            (entry.expires, entry.renewed.unwrap().answer.as_deref()),
            (Some(until), Some("the class goes on"))
        );
        assert!(!self.is_in(View::Expiring).await);
    }

    async fn passes_to_the_successor_when_its_owner_leaves(&mut self) {
        let (app, cast) = (self.app(), &self.play.cast);
        let list = b"name,contact\nLi Lei,139-0000-0001\n";
        let leaver = Leaver {
            line: 2,
            names: vec!["Li Lei".to_owned()],
            contacts: vec!["139-0000-0001".to_owned()],
            accounts: Vec::new(),
            platform: None,
            left_on: None,
        };
        let done = app.leavers(&[leaver], Hash::of(list), &self.upkeep, false, &cast.admin).await.unwrap();
        assert_eq!((done.owed.len(), done.owed[0].role), (1, Role::Owner));
        assert_eq!(done.owed[0].proposed.as_ref().unwrap().name, "Han Meimei");
        assert!(self.is_in(View::Owed).await, "a proposal hands nothing over");

        // She accepts: the register names her, and her own deputy.
        let asset = AssetRow { deputy: Said::Is("Wei Hua".to_owned()), ..AssetRow::default() };
        let (owner, contact) = (Some("Han Meimei".to_owned()), Some("139-0000-0002".to_owned()));
        let wish = OneWish { owner, contact, asset, ..OneWish::default() };
        let group = self.play.group.clone();
        app.register_one(group.as_str(), None, wish, false, &cast.admin).await.unwrap();
        assert!(!self.is_in(View::Owed).await);
        assert_eq!(self.card().await.owners, ["u-owner".into()], "on the platform nothing has changed yet");

        let wish = ActWish {
            act: Act::Transfer,
            group,
            to: Some(self.successor.clone()),
            account: None,
            proof: Vec::new(),
            reason: "the owner leaves the school".to_owned(),
            reason_kind: ReasonKind::FunctionChange,
        };
        let (plan, hash) = Box::pin(app.plan_act(wish, &cast.requester)).await.unwrap();
        self.play.case = plan.case;
        self.submitted().await;
        for who in [&self.play.cast.business, &self.play.cast.compliance] {
            self.approves(hash, who).await.unwrap();
        }
        self.app().apply(&self.play.case, &self.play.cast.requester).await.unwrap();
        let state = self.play.work(true, |_| false).await;
        assert_eq!(state.run.unwrap().phase, Phase::Ended(Ending::Done));
        let report = self.app().scan(&self.platform.into()).await.unwrap();
        assert_eq!(report.owner_changed[0].after, std::slice::from_ref(&self.successor));
        let card = self.card().await;
        assert_eq!((card.state.as_str(), card.owners), ("operating", vec![self.successor.clone()]));
    }

    async fn expires_and_a_person_proposes_its_end(&mut self) {
        self.waits_until_days_before_its_last(10).await;
        self.answers(Choice::NotNeeded, "the class has left school").await;
        self.waits_until_days_before_its_last(0).await;
        self.play.later(DAY);
        self.play.stage.hand_in();
        self.play.work(true, |_| false).await;
        let card = self.card().await;
        assert_eq!(card.state, "operating", "no answer and no date ends a group");
        assert!(self.entry().await.answered.unwrap().ends() && self.is_in(View::Expiring).await);

        let mut kinds = KindWish::default();
        if self.platform == "dingtalk" {
            // The platform calls every group an enterprise's; the person says what this one is.
            kinds.kinds.insert(self.play.group.clone(), Kind::Education);
        }
        let wish = PlanWish {
            groups: vec![self.play.group.clone()],
            reason: "the class has left school".to_owned(),
            reason_kind: ReasonKind::ProjectEnded,
            announcement: "This group ends.".to_owned(),
            languages: vec!["zh-CN".to_owned()],
            kinds,
            case: None,
        };
        let (plan, _) = self.app().plan(wish, &self.play.cast.requester).await.unwrap();
        assert_eq!(plan.blockers().count(), 0, "the preflight finds nothing in the way");
        let way = &plan.groups[0].way;
        assert_eq!((plan.act, way.kind), (Act::Dissolve, Kind::Education));
        assert!(!way.contingency.is_empty() && plan.groups[0].point_of_no_return() > 0);
        self.play.case = plan.case;
        assert_eq!(self.card().await.state, "proposed");
    }

    async fn is_reviewed_by_two_people(&mut self) {
        let (app, case) = (self.app(), &self.play.case);
        let Cast { requester, business, compliance, .. } = &self.play.cast;
        let hash = app.journal.known_case(case).await.unwrap().head.unwrap().plan_hash;
        self.submitted().await;
        assert_eq!(self.approves(hash, requester).await.unwrap_err().code(), "approval.self");
        self.approves(hash, business).await.unwrap();
        assert_eq!(app.apply(case, requester).await.unwrap_err().code(), "approval.needed");
        assert_eq!(self.approves(hash, business).await.unwrap_err().code(), "approval.duplicate");
        self.approves(hash, compliance).await.unwrap();
        app.apply(case, requester).await.unwrap();
    }

    async fn gets_notice_is_sealed_and_cools_off(&mut self) {
        let begun = self.app().clock.now();
        let state = self.play.work(true, |state| place(state) == "cooling_off").await;
        let run = state.run.clone().unwrap();
        assert_eq!(self.card().await.state, "cooling_off");
        assert!(self.app().clock.now() >= begun.plus_secs(7 * DAY), "told a week before");
        assert!(run.sealed.is_some() && run.sealed == run.seal_read_back);
        assert!(!self.screen(&run.part.native).ended, "nothing that can't be taken back has happened");
    }

    async fn ends_is_watched_for_three_days_and_is_proved_gone(&mut self) {
        let state = self.play.work(true, |state| place(state) == "observing").await;
        assert_eq!(place(&state), "observing");
        let run = state.run.unwrap();
        assert!(self.screen(&run.part.native).ended);
        let from = run.observed_from.unwrap();
        let state = self.play.work(true, |_| false).await;
        assert!(self.app().clock.now() >= from.plus_secs(72 * HOUR));
        let run = state.run.clone().unwrap();
        assert_eq!(run.verdict, Some(Verdict::Gone), "{:?}", run.probes.last());
        assert!(state.over());
        let card = self.card().await;
        assert_eq!((card.state.as_str(), card.over), ("verified_gone", true));
        let case = self.app().journal.known_case(&self.play.case).await.unwrap();
        assert_eq!(case.status, CaseStatus::Closed);
        let report = self.play.report().await;
        for said in [StatementCode::Approved, StatementCode::Verdict, StatementCode::Notice] {
            assert!(proves(&report, said), "{said:?}");
        }
        // Who does everything by hand makes no call whose order could be proved.
        assert_eq!(proves(&report, StatementCode::Order), self.platform != "wechat");
    }

    async fn is_retained_while_a_period_runs_and_under_a_hold(&mut self) {
        let (app, cast, group) = (self.app(), &self.play.cast, &self.play.group);
        let ended = Day::of(self.play.state().await.records.completed.unwrap(), OFFSET);
        let last = ended.later(Length::Years(3)).unwrap();
        let error = self.play.refused("retention.running").await;
        assert_eq!(error.0.args["until"], last.to_string());
        self.play.stage.clock.0.advance_to(last.end(OFFSET));
        assert_eq!(self.play.due().await, std::slice::from_ref(group), "due, and still there");
        self.play.refused("retention.undecided").await;
        self.play.decide(Disposition::Release).await.unwrap();
        let held = app.add_hold(group, "matter 12", &cast.compliance).await.unwrap();
        self.play.refused("hold.active").await;
        assert!(!app.lift_hold(&held.hold, &cast.compliance).await.unwrap());
        assert!(app.lift_hold(&held.hold, &cast.business).await.unwrap());
    }

    async fn tells_its_states_in_order(&mut self) {
        let app = self.app();
        let events = app.journal.group_events(&self.play.group).await.unwrap();
        let mut state = GroupState::new(self.play.group.clone());
        let mut states: Vec<&str> = Vec::new();
        for (at, event) in &events {
            state.apply(*at, event);
            // Who has to do a step is another question than where the group stands.
            if states.last() != Some(&place(&state)) && place(&state) != "needs_person" {
                states.push(place(&state));
            }
        }
        states.dedup();
        let mut way = vec![
            "registered",
            "proposed",
            "running",
            "operating",
            "proposed",
            "notice_period",
            "frozen",
            "sealed",
        ];
        way.extend(["cooling_off", "dissolving", "observing", "verified_gone"]);
        // WeChat has no freeze.
        way.retain(|state| self.platform != "wechat" || *state != "frozen");
        let mut left = way.iter().peekable();
        for state in &states {
            left.next_if(|next| *next == state);
        }
        assert_eq!(left.next(), None, "{states:?}");
        let case = app.journal.case_events(&self.play.case).await.unwrap();
        let kinds: Vec<&str> = case.iter().map(|(_, event)| event.kind()).collect();
        let mine = "review_refused";
        assert_eq!(kinds[..7], ["plan_drawn", "submitted", mine, "approved", mine, "approved", "applied"]);
        assert_eq!(kinds.last(), Some(&"bundled"));
    }

    async fn is_destroyed_by_two_people_and_leaves_a_certificate(&mut self) {
        let (app, cast, group) = (self.app(), &self.play.cast, &self.play.group);
        let before = app.journal.group_headers(group).await.unwrap();
        let all = Wanted { limit: 100, ..Wanted::default() };
        let is_in_the_book = async || {
            let found = app.looked_up(&all, &self.upkeep).await.unwrap();
            found.cards.iter().any(|card| card.group == *group)
        };
        assert!(is_in_the_book().await);
        assert_eq!(self.play.destroy(&cast.business).await.unwrap(), Destroyed::Asked);
        self.play.refused("approval.self").await;
        let Destroyed::Done(Some(certificate)) = self.play.destroy(&cast.admin).await.unwrap() else {
            panic!("no certificate")
        };
        let report = verify_bundle(Path::new(&certificate.path), &VerifyOptions::default());
        assert!(proves(&report, StatementCode::Destruction));

        // Nothing of it can be read, and the journal still tells that all this was done, when and by whom.
        assert_eq!(app.journal.group(group).await.unwrap_err().code(), "key.destroyed");
        assert!(app.cards().await.unwrap().iter().all(|card| card.group != *group));
        assert!(!is_in_the_book().await);
        assert_eq!(app.resolve_record(group.as_str()).await.unwrap(), *group);
        let after = app.journal.group_headers(group).await.unwrap();
        assert_eq!(after[..before.len()], before);
        let kinds: Vec<&str> = after.iter().map(|header| header.kind.as_str()).collect();
        let mut way = ["registered", "renewal_answered", "successor_owed", "run_started", "sealed", "judged"]
            .iter()
            .peekable();
        for kind in &kinds {
            way.next_if(|next| *next == kind);
        }
        assert_eq!((way.next(), kinds.last()), (None, Some(&"key_destroy_asked")), "{kinds:?}");
    }
}

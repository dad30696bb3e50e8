//! Whole cases over simulated platforms and simulated parties, kind by kind: what the rows of the requirements ask for
//! happens, in this order, and the bundle proves it.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_adapters::parties::{Behaviour, SimParties};
use adjourn_domain::event::{Ending, GroupEvent};
use adjourn_domain::ids::{ConnectionId, GroupId};
use adjourn_domain::party::Party;
use adjourn_domain::plan::{Plan, StepOp};
use adjourn_domain::reaction::What;
use adjourn_domain::run::{GroupState, Phase};
use adjourn_evidence::verify::{Report, StatementCode};
use adjourn_i18n::Lang;

use super::*;

mod accounts;
mod acts;
mod api;
mod audit;
mod book;
mod deposit;
mod hooks;
mod life;
mod notices;
mod pages;
mod reading;
mod records;
mod served;
mod told;

const OUT: Out = Out { json: true, lang: Lang::En };
const HOUR: u64 = 3600;

/// A drill with other parties than usual, and one group.
struct Play {
    stage: Stage,
    cast: Cast,
    parties: Arc<SimParties>,
    group: GroupId,
    case: CaseId,
    dir: tempfile::TempDir,
}

impl Play {
    async fn new(platform: &str, behaviour: &[(Party, Behaviour)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let stage = Stage::reference(dir.path(), 7, Rules::Declared, OUT).unwrap();
        let mut play = Self::on(stage, behaviour, dir).await;
        let (stage, cast) = (&play.stage, &play.cast);
        for connection in stage.connections() {
            let secrets = stage.secrets(&connection.id);
            stage.app.add_connection(connection.clone(), &secrets, Some(&cast.admin)).await.unwrap();
            if connection.id == ConnectionId::from(platform) {
                stage.app.scan(&connection.id).await.unwrap();
            }
        }
        let mut group = None;
        for id in stage.groups().unwrap() {
            if stage.app.journal.group(&id).await.unwrap().version > 0 {
                group = Some(id);
            }
        }
        play.group = group.unwrap();
        play
    }

    /// People and parties on a stage. Nothing is connected, no group is known.
    async fn on(mut stage: Stage, behaviour: &[(Party, Behaviour)], dir: tempfile::TempDir) -> Self {
        let all: BTreeMap<Party, Behaviour> = behaviour.iter().copied().collect();
        let parties = Arc::new(SimParties::new(stage.app.clock.clone(), all));
        stage.app.around.parties = parties.clone();
        let cast = Cast::new(&stage.app, OUT).await.unwrap();
        Self { stage, cast, parties, group: "g-none".into(), case: "c-none".into(), dir }
    }

    fn app(&self) -> &App {
        &self.stage.app
    }

    async fn plan(&mut self, kinds: KindWish, text: &str) -> Result<Plan, AppError> {
        let wish = PlanWish {
            groups: vec![self.group.clone()],
            reason: "over".to_owned(),
            reason_kind: ReasonKind::ProjectEnded,
            announcement: text.to_owned(),
            languages: vec!["zh-CN".to_owned(), "en".to_owned()],
            kinds,
            case: None,
        };
        let (plan, hash) = self.app().plan(wish, &self.cast.requester).await?;
        self.case = plan.case.clone();
        self.app().submit(&plan.case, &self.cast.requester).await?;
        for who in [&self.cast.business, &self.cast.compliance] {
            self.app().review(&plan.case, Decision::Approve, "", Some(hash), who).await?;
        }
        self.app().apply(&plan.case, &self.cast.requester).await?;
        Ok(plan)
    }

    async fn state(&self) -> GroupState {
        self.app().journal.group(&self.group).await.unwrap()
    }

    /// Works until `done` says so, or nothing moves any more. People at the phone act where `people` do.
    async fn work(&self, people: bool, done: impl Fn(&GroupState) -> bool) -> GroupState {
        let app = self.app();
        let mut worker = Worker::take(app.clone(), "test", 1).await.unwrap().unwrap();
        for _ in 0..MAX_PASSES {
            let pass = worker.pass().await.unwrap();
            let state = self.state().await;
            if done(&state) || app.journal.known_case(&self.case).await.unwrap().status == CaseStatus::Closed
            {
                break;
            }
            self.stage.hand_in();
            let acted = people
                && self
                    .stage
                    .people_act(
                        std::slice::from_ref(&state),
                        &self.case,
                        &self.cast.requester,
                        &self.cast.business,
                        OUT,
                    )
                    .await
                    .unwrap();
            match pass.next {
                _ if acted => {}
                Some(next) if next > app.clock.now() => app.clock.sleep_until(next).await,
                None if pass.worked == 0 => break,
                _ => {}
            }
        }
        worker.release().await.unwrap();
        self.state().await
    }

    async fn report(&self) -> Report {
        let path = self.app().vault.bundle_path(&self.case).await.unwrap().unwrap();
        verify_bundle(Path::new(&path), &VerifyOptions::default())
    }

    async fn events(&self) -> Vec<GroupEvent> {
        let events = self.app().journal.group_events(&self.group).await.unwrap();
        events.into_iter().map(|(_, event)| event).collect()
    }
}

fn current(state: &GroupState) -> Option<StepOp> {
    let run = state.run.as_ref()?;
    Some(run.part.steps.get(run.current()?)?.op)
}

fn proves(report: &Report, code: StatementCode) -> bool {
    assert!(report.ok, "{:?}", report.findings);
    report.proved.iter().any(|said| said.code == code)
}

fn judicial() -> KindWish {
    KindWish { judicial: Some("matter 7".to_owned()), ..KindWish::default() }
}

#[tokio::test]
async fn req_s2_the_record_is_fixed_under_watch_and_its_minutes_are_signed_sealed_and_answered_before_the_end()
 {
    let notary = (Party::Notary, Behaviour::LosesReply(2 * HOUR));
    let mut play = Play::new("qq", &[notary, (Party::Finance, Behaviour::Agrees(60))]).await;
    let plan = play.plan(judicial(), "bye").await.unwrap();
    assert_eq!(plan.groups[0].way.judicial.as_deref(), Some("matter 7"));
    let early = play.app().minutes(&play.state().await).await.unwrap_err();
    assert_eq!(early.code(), "minutes.early");
    let state = play.work(true, |_| false).await;
    let run = state.run.clone().unwrap();
    assert_eq!(run.phase, Phase::Ended(Ending::Observed));

    let signed = play.app().minutes(&state).await.unwrap();
    let minutes = &signed.minutes;
    assert_eq!(Some(minutes.archive_sha256), run.sealed);
    let names: Vec<&str> = minutes.people.iter().map(|person| person.part.as_str()).collect();
    assert_eq!(names.iter().filter(|part| **part == "reviewer").count(), 2);
    assert!(names.contains(&"requester"));
    assert!(minutes.steps.iter().any(|row| row.event == "answered"), "the notary watched from the start");
    assert_eq!(minutes.steps.last().map(|row| row.event.as_str()), Some("seal_read_back"));
    assert!(play.app().journal.keys.check(&signed.public_key, &minutes.bytes().unwrap(), &signed.signature));
    for (_, text) in play.app().around.words.minutes(minutes) {
        assert!(text.contains(&minutes.archive_sha256.to_hex()) && text.contains("matter 7"), "{text}");
        assert!(text.lines().count() > 15, "{text}");
    }

    // What the notary got is in the case bag, byte for byte; each message came once, although the reply was lost.
    let minutes_step = run.part.steps.iter().find(|step| step.text("errand") == Some("minutes")).unwrap();
    let answer = run.answers.get(&minutes_step.id).unwrap();
    let bundle = play.app().vault.bundle_path(&play.case).await.unwrap().unwrap();
    let path = format!("{bundle}/data/groups/{}/evidence/{}", play.group, answer.sent);
    let message: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(message["minutes"]["sha256"], json!(signed.sha256));
    assert!(message["printable"]["zh-CN"].is_string() && message["printable"]["en"].is_string());
    assert!(play.parties.received().values().all(|times| *times == 1), "{:?}", play.parties.received());
    assert!(proves(&play.report().await, StatementCode::Preserved));
}

#[tokio::test]
async fn req_s2_a_refusal_of_the_notary_stops_the_case_and_the_group_stays() {
    let mut play = Play::new(
        "qq",
        &[(Party::Notary, Behaviour::Refuses(HOUR)), (Party::Finance, Behaviour::Agrees(60))],
    )
    .await;
    play.plan(judicial(), "bye").await.unwrap();
    let state = play.work(true, |_| false).await;
    let run = state.run.clone().unwrap();
    assert_eq!(run.phase, Phase::Ended(Ending::Stopped));
    assert_eq!(run.differences[0].code, "drift-refused");
    let events = play.events().await;
    assert!(!events.iter().any(|event| matches!(event, GroupEvent::Intent { op: StepOp::Freeze, .. })));
}

#[tokio::test]
async fn req_l2_a_silent_finance_system_is_escalated_and_what_a_person_brings_counts_as_that() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Silent)]).await;
    play.plan(KindWish::default(), "bye").await.unwrap();
    let begun = play.app().clock.now();
    let asked = |state: &GroupState| {
        state.run.as_ref().is_some_and(|run| {
            let at = run.current().unwrap_or(0);
            run.part.steps[at].op == StepOp::Party
                && run.steps[at].state == adjourn_domain::run::StepState::Person
        })
    };
    let state = play.work(false, asked).await;
    assert!(asked(&state));
    assert!(play.app().clock.now() >= begun.plus_secs(7 * 24 * HOUR), "not before the deadline");
    let step = state.run.as_ref().and_then(|run| run.part.steps.get(run.current()?)).unwrap().id.clone();
    let files = [("letter.pdf".to_owned(), b"an invented letter".to_vec())];
    play.app()
        .person_done(&play.case, &play.group, &step, &files, BTreeMap::new(), &play.cast.requester)
        .await
        .unwrap();
    let state = play.work(true, |_| false).await;
    let answer = state.run.unwrap().answers.get(&step).cloned().unwrap();
    assert!(answer.accepted && answer.by_hand);
    let report = play.report().await;
    assert!(report.ok, "{:?}", report.findings);
    assert!(report.rests_on.iter().any(|said| said.code == StatementCode::ByHand));
}

#[tokio::test]
async fn req_c2_a_trading_groups_feed_is_answered_before_the_end_and_its_retention_is_in_the_bundle() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(HOUR))]).await;
    play.plan(KindWish::default(), "bye").await.unwrap();
    play.work(true, |_| false).await;
    let events = play.events().await;
    let at = |is: &dyn Fn(&GroupEvent) -> bool| events.iter().position(is).unwrap();
    let answered = at(&|event| matches!(event, GroupEvent::Answered { answer, .. } if answer.accepted));
    let ended = at(&|event| matches!(event, GroupEvent::Intent { op: StepOp::Dissolve, .. }));
    assert!(answered < ended);
    assert!(proves(&play.report().await, StatementCode::Parties));
    let bundle = play.app().vault.bundle_path(&play.case).await.unwrap().unwrap();
    let path = format!("{bundle}/data/groups/{}/verdict.json", play.group);
    let verdict: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let kept = verdict["retention"].as_array().unwrap();
    let trade = kept.iter().find(|row| row["rule"] == "trade_records").unwrap();
    let year = |text: &str| text.get(..4).and_then(|year| year.parse::<i32>().ok()).unwrap();
    let now = year(&play.app().clock.now().to_string());
    assert_eq!(year(trade["until"].as_str().unwrap()), now + 3);
}

#[tokio::test]
async fn req_s3_parents_are_told_the_time_in_the_group_and_on_the_channel_a_week_before() {
    let mut play = Play::new("wechat", &[(Party::HomeSchool, Behaviour::Agrees(HOUR))]).await;
    let plan = play.plan(KindWish::default(), "bye").await.unwrap();
    let way = &plan.groups[0].way;
    let at = way.not_before.unwrap();
    assert!(at >= plan.drawn_at.plus_secs(8 * 24 * HOUR));
    let notice = plan.groups[0].steps.iter().find(|step| step.op == StepOp::Notice).unwrap();
    let shown = adjourn_domain::announcement::clock_time(at, 480);
    assert_eq!(notice.text("text").unwrap().matches(&shown).count(), 2, "once in each language");
    let state = play.work(true, |state| current(state) == Some(StepOp::Dissolve)).await;
    assert_eq!(current(&state), Some(StepOp::Dissolve));
    assert!(play.app().clock.now() >= at, "not before the time that was announced");
    play.work(true, |_| false).await;
    assert!(proves(&play.report().await, StatementCode::Notice));
}

#[tokio::test]
async fn req_n5_too_many_open_objections_pause_the_case_until_they_are_answered_or_escalated() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    play.plan(KindWish::default(), "bye").await.unwrap();
    play.work(true, |state| current(state) == Some(StepOp::CoolingOff)).await;
    let (app, signer) = (play.app(), &play.cast.requester);
    let mut noted = Vec::new();
    for n in 0..4 {
        let text = format!("objection {n}");
        noted.push(app.add_reaction(&play.case, None, What::Objection, &text, "u-1", signer).await.unwrap());
    }
    let paused: Vec<usize> = noted.iter().map(|noted| noted.paused).collect();
    assert_eq!(paused, [0, 0, 0, 1]);
    assert_eq!(play.state().await.run.unwrap().phase, Phase::Paused);
    assert_eq!(app.resume(&play.case, signer).await.unwrap_err().code(), "reaction.open");
    app.answer_reaction(&play.case, &noted[0].reaction, "It is exported.", signer).await.unwrap();
    app.escalate_reaction(&play.case, &noted[1].reaction, "the board", signer).await.unwrap();
    assert_eq!(app.resume(&play.case, signer).await.unwrap(), 1);
    let state = play.work(true, |_| false).await;
    assert_eq!(state.run.unwrap().phase, Phase::Ended(Ending::Observed));
    let ledger = app.reactions(&play.case).await.unwrap();
    let standing: Vec<&str> = ledger.iter().map(|entry| entry.reaction.standing.slug()).collect();
    assert_eq!(standing.iter().filter(|slug| **slug == "open").count(), 2);
    assert!(play.report().await.ok);
    // What members said lies under the group's key and nowhere in clear.
    for (_, event) in app.journal.case_events(&play.case).await.unwrap() {
        assert!(!serde_json::to_string(&event).unwrap().contains("objection 1"));
    }
}

#[tokio::test]
async fn req_x3_a_text_that_a_platform_would_cut_is_refused_with_its_length() {
    let mut play = Play::new("qq", &[(Party::Finance, Behaviour::Agrees(60))]).await;
    let error = play.plan(KindWish::default(), &"x".repeat(1500)).await.unwrap_err();
    assert_eq!(error.code(), "announcement.too_long");
    assert_eq!(error.0.args["limit"], "2000");
    let plan = play.plan(KindWish::default(), "bye").await.unwrap();
    let text = plan.groups[0].steps.iter().find(|step| step.op == StepOp::Announce).unwrap();
    let text = text.text("text").unwrap();
    assert_eq!(plan.announcement_sha256, Some(adjourn_domain::announcement::hash(text)));
    assert!(text.starts_with("bye\n\n") && text.contains("office@example.org"));
}

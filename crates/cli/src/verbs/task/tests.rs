//! Links and reminders over days, with the real journal and keys and a clock that is set.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use adjourn_adapters::rng::SystemRng;
use adjourn_adapters::signer::KeySigner;
use adjourn_app::ports::Clock;
use adjourn_app::register::LedgerRow;
use adjourn_app::tasks::Answer;
use adjourn_app::{App, AppError};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Capabilities, Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::case::CaseState;
use adjourn_domain::event::{CaseEvent, Connection, GroupEvent, IdentitySpec, OrgEvent, PlanHead};
use adjourn_domain::ids::CaseId;
use adjourn_domain::plan::{Note, ReasonKind, StepOp};
use adjourn_domain::planner::{GroupInput, PlanRequest, draw};
use adjourn_domain::policy::PERSONAL;
use adjourn_domain::time::Time;
use adjourn_i18n::Lang;
use adjourn_sim::VirtualClock;

use super::{DAY_S, HOUR_S, base_url};
use crate::compose::{self, Places};
use crate::config::Config;
use crate::out::Out;

struct Hand(Arc<VirtualClock>);

#[async_trait::async_trait]
impl Clock for Hand {
    fn now(&self) -> Time {
        self.0.now()
    }

    async fn sleep_until(&self, until: Time) {
        self.0.advance_to(until);
    }
}

struct Stage {
    app: App,
    clock: Arc<VirtualClock>,
    signer: KeySigner,
    case: CaseId,
}

/// Three groups of two owners, one of whom can't be reached; the dissolve of each waits for a person until the deadline.
async fn stage(dir: &Path, deadline_s: u64) -> Stage {
    let places = Places { data: dir.join("data"), keys: dir.join("keys"), bundles: dir.join("bundles") };
    let mut app = compose::app(&places, &Config::default(), Out { json: true, lang: Lang::En }).unwrap();
    let clock = VirtualClock::at(Time::parse("2026-12-01T00:00:00Z").unwrap());
    app.clock = Arc::new(Hand(clock.clone()));
    let signer = KeySigner::generate(&SystemRng);
    app.add_principal("root", "admin", &signer, None).await.unwrap();
    let connection = Connection {
        id: "wx".into(),
        platform: "wechat".into(),
        settings: BTreeMap::new(),
        identities: vec![IdentitySpec { id: "main".into(), witness: false }],
        class: PERSONAL.to_owned(),
        drill: false,
    };
    let org = app.journal.org().await.unwrap();
    let mut tx = app.journal.begin(clock.now(), "root");
    tx.org(&org, &OrgEvent::ConnectionAdded(connection)).unwrap();
    tx.commit().await.unwrap();
    let row = |line: u64, name: &str, owner: &str, contact: &str| LedgerRow {
        line,
        name: Some(name.to_owned()),
        platform: "wechat".to_owned(),
        owner: owner.to_owned(),
        contact: contact.to_owned(),
        class: None,
        id: None,
        ..LedgerRow::default()
    };
    let rows = [row(2, "A", "Li", "139"), row(3, "B", "Li", " 139 "), row(4, "C", "Wang", "")];
    let done = app.register(&rows, Hash::of(b"ledger"), &[], false, &signer).await.unwrap();
    assert_eq!((done.new.len(), done.no_contact, done.problems.len()), (3, 1, 0));
    let case = CaseId::from("c-1a2b3c4d");
    run(&app, &case, &done.new, deadline_s).await;
    Stage { app, clock, signer, case }
}

/// Writes what drawing, confirming and applying a plan would have written.
async fn run(app: &App, id: &CaseId, groups: &[adjourn_domain::ids::GroupId], deadline_s: u64) {
    let now = app.clock.now();
    let mut inputs = Vec::new();
    for group in groups {
        let state = app.journal.group(group).await.unwrap();
        inputs.push(GroupInput {
            group: group.clone(),
            snapshot: state.snapshot.unwrap(),
            class: state.class,
            capabilities: Capabilities(vec![by_hand()]),
            own_account: "me".into(),
            holds: Vec::new(),
            residue: Vec::new(),
            unknown: Vec::new(),
            facts: adjourn_domain::clocks::PlanFacts::default(),
            fates: BTreeMap::default(),
            holdings: None,
        });
    }
    let plan = draw(PlanRequest {
        case: id.clone(),
        requester: "p-1".into(),
        reason: "over".to_owned(),
        reason_kind: ReasonKind::ProjectEnded,
        now,
        announcement: "over".to_owned(),
        drill: false,
        policy: &app.policy,
        ways: adjourn_domain::kinds::Ways::default(),
        groups: inputs,
    })
    .unwrap();
    let plan_hash = plan.hash().unwrap();
    let head = PlanHead {
        plan_hash,
        requester: plan.requester.clone(),
        reason_kind: plan.reason_kind,
        drawn_at: now,
        act: plan.act,
        review: plan.review.clone(),
        drill: false,
        announcement_sha256: plan.announcement_sha256,
        groups: groups.to_vec(),
        blockers: 0,
    };
    let by = plan.requester.clone();
    let mut tx = app.journal.begin(now, "root");
    tx.case(
        CaseState::new(id.clone()),
        &[
            CaseEvent::PlanDrawn(head),
            CaseEvent::Submitted { by: by.clone(), plan_hash, review_by: None },
            CaseEvent::Confirmed { by: by.clone(), plan_hash, proof: None },
            CaseEvent::Applied { by, plan_hash, proof: None },
        ],
    )
    .unwrap();
    for part in &plan.groups {
        let state = app.journal.group(&part.group).await.unwrap();
        let step = part.steps.iter().find(|step| step.op == StepOp::Dissolve).unwrap();
        let mut events = vec![
            GroupEvent::PlanPart {
                case: id.clone(),
                plan_hash,
                reason: "over".to_owned(),
                part: Box::new(part.clone()),
            },
            GroupEvent::RunStarted { case: id.clone(), plan_hash },
        ];
        events.push(GroupEvent::PersonAsked {
            step: step.id.clone(),
            note: Note::new("person-dissolve-type-name"),
            deadline: Some(now.plus_secs(deadline_s)),
        });
        tx.group(state, &events).unwrap();
    }
    tx.commit().await.unwrap();
}

fn by_hand() -> Capability {
    Capability {
        op: Op::Dissolve,
        support: Support::Assisted,
        note: "person-dissolve-type-name".to_owned(),
        reversible: Reversible::Never,
        proof: "witness-view".to_owned(),
        class: EffectClass::U,
        permission: "manage".to_owned(),
        source: "test".to_owned(),
        checked: "2026-11-25".to_owned(),
    }
}

impl Stage {
    fn pass(&self, seconds: u64) {
        self.clock.advance_to(self.clock.now().plus_secs(seconds));
    }

    async fn link(&self, ttl_s: u64) -> String {
        let (board, tokens) = self.app.issue_tasks(&self.case, ttl_s, &self.signer).await.unwrap();
        assert_eq!((board.owners.len(), tokens.len()), (1, 1));
        tokens.into_values().next().unwrap()
    }

    async fn reminded(&self) -> usize {
        self.app.remind(&self.case, DAY_S, &self.signer).await.unwrap().len()
    }
}

fn code<T>(result: Result<T, AppError>) -> &'static str {
    result.err().map_or("", |error| error.code())
}

#[tokio::test]
async fn a_link_ends_when_it_says_and_a_newer_one_closes_it() {
    let dir = tempfile::tempdir().unwrap();
    let stage = stage(dir.path(), 10 * DAY_S).await;
    let first = stage.link(2 * DAY_S).await;
    let page = stage.app.task_page(&first).await.unwrap();
    let names: Vec<&str> = page.owner.tasks.iter().map(|task| task.name.as_str()).collect();
    assert_eq!(names, ["A", "B"]);
    let group = page.owner.tasks[0].group.clone();
    let step = page.owner.tasks[0].step.clone();
    stage.pass(2 * DAY_S - 1);
    assert!(stage.app.task_page(&first).await.is_ok());
    stage.pass(1);
    assert_eq!(code(stage.app.task_page(&first).await), "task.expired");
    let cant = Answer::Cant { reason: "no phone".to_owned() };
    assert_eq!(code(stage.app.task_answer(&first, &group, &step, cant.clone()).await), "task.expired");
    let second = stage.link(5 * DAY_S).await;
    let third = stage.link(6 * DAY_S).await;
    assert_eq!(code(stage.app.task_page(&second).await), "task.replaced");
    stage.app.task_answer(&third, &group, &step, cant).await.unwrap();
    assert_eq!(code(stage.app.task_page("t1.c-1a2b3c4d.o-1.1.00").await), "task.link");
}

#[tokio::test]
async fn reminders_come_a_day_after_the_last_word_and_are_in_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let stage = stage(dir.path(), 3 * DAY_S).await;
    assert_eq!(stage.reminded().await, 0, "whoever has no link is not reminded of it");
    let _link = stage.link(20 * DAY_S).await;
    assert_eq!(stage.reminded().await, 0);
    stage.pass(DAY_S);
    assert_eq!(stage.reminded().await, 1);
    assert_eq!(stage.reminded().await, 0, "once");
    stage.pass(DAY_S + HOUR_S);
    assert_eq!(stage.reminded().await, 1);
    let board = stage.app.task_board(&stage.case, DAY_S).await.unwrap();
    assert_eq!((board.owners[0].reminders, board.owners[0].reminder_due), (2, false));
    // Nobody is forgotten: the owner without a contact is named.
    assert_eq!(board.nobody.len(), 1);
    assert_eq!(board.nobody[0].owner.as_deref(), Some("Wang"));
    let events = stage.app.journal.case_events(&stage.case).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|(_, event)| event.kind()).skip(4).collect();
    assert_eq!(kinds, ["tasks_issued", "reminded", "reminded"]);
}

#[tokio::test]
async fn names_and_contacts_lie_in_the_journal_encrypted_only() {
    let dir = tempfile::tempdir().unwrap();
    let stage = stage(dir.path(), DAY_S).await;
    let card = stage.app.cards().await.unwrap().into_iter().next().unwrap();
    let state = stage.app.journal.group(&card.group).await.unwrap();
    assert!(state.registration.is_some_and(|known| known.owner_name == "Li" && known.contact == "139"));
    drop(stage);
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(dir.path().join("data")).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(holds(b"registered"), "the header is in clear");
    assert!(!holds(b"Wang") && !holds(b"owner_name"));
}

#[test]
fn a_base_is_an_address_and_nothing_more() {
    assert_eq!(base_url("https://a.example.org/x/").unwrap(), "https://a.example.org/x");
    for wrong in [
        "",
        "a.example.org",
        "ftp://a",
        "https://",
        "https://a?b",
        "https://a#b",
        "https://u@a",
        "https://a\"b",
    ] {
        assert_eq!(code(base_url(wrong)), "task.url", "{wrong}");
    }
}

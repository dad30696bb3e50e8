//! Clocks: which a plan has, from when they count, and that a changed fact changes the plan.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use adjourn_domain::capability::{Effect, EffectClass, Op, Support};
use adjourn_domain::clocks::{Moment, changed, plan_facts, windows};
use adjourn_domain::event::GroupEvent;
use adjourn_domain::fact::{Confidence, Fact, Profile, Rules, Text};
use adjourn_domain::group::LinkKind;
use adjourn_domain::knowledge::{Knowledge, Override};
use adjourn_domain::plan::{Plan, StepOp};
use adjourn_domain::planner::GroupInput;
use adjourn_domain::policy::Policy;
use adjourn_domain::run::GroupState;
use adjourn_domain::time::Time;
use serde_json::Value;

use support::{START, input, plan, row};

const DAY: u64 = 86_400;

fn known(facts: &[(&str, Value, Confidence)]) -> Knowledge {
    let fact = |(key, value, confidence): &(&str, Value, Confidence)| Fact {
        id: "N2".to_owned(),
        key: (*key).to_owned(),
        value: value.clone(),
        says: Text { zh: String::new(), en: String::new() },
        confidence: *confidence,
        source: "a page".to_owned(),
        checked: "2026-11-22".to_owned(),
        ended: None,
    };
    Knowledge::of(Profile {
        platform: "test".into(),
        name: Text { zh: String::new(), en: "Test".to_owned() },
        facts: facts.iter().map(fact).collect(),
    })
}

/// A day for the group, a week for an application, a slip of two minutes, a notice that stays.
fn four_clocks() -> Knowledge {
    known(&[
        ("recovery.seconds", DAY.into(), Confidence::Contradicted),
        ("recovery.seconds", 0.into(), Confidence::Confirmed),
        ("recovery.request_seconds", (7 * DAY).into(), Confidence::Declared),
        ("mistake.recall_seconds", 120.into(), Confidence::Disputed),
        ("notice.recall_seconds", 0.into(), Confidence::Declared),
        ("history.where", "server".into(), Confidence::Declared),
        ("history.roaming_hours", 72.into(), Confidence::Declared),
        ("handover.member_age_hours", 48.into(), Confidence::Disputed),
        ("link.bot", "by_hand".into(), Confidence::Declared),
        ("link.payment", "kept".into(), Confidence::Declared),
    ])
}

fn drawn(known: &Knowledge, rules: Rules) -> Plan {
    let ops = [Op::Export, Op::Dissolve, Op::Verify];
    let rows = ops.map(|op| row(op, Support::Native, EffectClass::P)).to_vec();
    let facts = plan_facts(known, rules, &[LinkKind::Bot]);
    let group = GroupInput { facts, ..input("g-1", "important", rows) };
    plan("c-1", "p-0", Time::from_millis(START), &Policy::default(), vec![group])
}

#[test]
fn req_n2_each_clock_is_about_an_object_of_its_own() {
    let plan = drawn(&four_clocks(), Rules::Declared);
    let part = plan.groups.first().unwrap();
    let clocks: Vec<_> =
        part.clocks.iter().map(|clock| (clock.object.as_str(), clock.from, clock.seconds)).collect();
    assert_eq!(
        clocks,
        [
            ("slip", Moment::Dissolved, 120),
            ("notice", Moment::Dissolved, 0),
            ("group", Moment::Dissolved, DAY),
            ("history_request", Moment::Dissolved, 7 * DAY),
            ("history", Moment::Dissolved, 3 * DAY),
            ("successor", Moment::Joined, 2 * DAY),
        ]
    );
    let codes: Vec<_> = part.residue.iter().map(|note| note.code.as_str()).collect();
    // The payment is no link of this group, so nothing is said about it.
    assert_eq!(codes, ["residue-fact-history-roams", "residue-fact-link"]);
}

#[test]
fn what_is_confirmed_acts_and_what_is_published_is_said_beside_it() {
    let plan = drawn(&four_clocks(), Rules::Confirmed);
    let part = plan.groups.first().unwrap();
    let group = part.facts.iter().find(|fact| fact.key == "recovery.seconds").unwrap();
    assert_eq!((&group.value, group.declared.as_ref()), (&0.into(), Some(&DAY.into())));
    assert_eq!(part.clocks.iter().find(|clock| clock.object == "group").unwrap().seconds, 0);
    assert_ne!(plan.hash().unwrap(), drawn(&four_clocks(), Rules::Declared).hash().unwrap());
}

#[test]
fn a_changed_fact_makes_another_plan_and_the_old_one_stale() {
    let mut known = four_clocks();
    let before = drawn(&known, Rules::Confirmed);
    assert_eq!(before.hash().unwrap(), drawn(&known, Rules::Confirmed).hash().unwrap());
    let says = Override {
        value: 3600.into(),
        reason: "seen".to_owned(),
        by: "p-1".into(),
        at: Time::from_millis(START),
    };
    known.overrides.insert("recovery.seconds".to_owned(), says);
    let after = drawn(&known, Rules::Confirmed);
    assert_ne!(before.hash().unwrap(), after.hash().unwrap());
    let used =
        after.groups.first().unwrap().facts.iter().find(|fact| fact.key == "recovery.seconds").unwrap();
    assert_eq!((used.confidence.as_str(), used.source.as_str()), ("override", "p-1: seen"));
    let notes = changed(
        &before.groups.first().unwrap().facts,
        &plan_facts(&known, Rules::Confirmed, &[LinkKind::Bot]),
    );
    let [note] = notes.as_slice() else { panic!("{notes:?}") };
    assert_eq!(
        (note.code.as_str(), note.args["was"].as_str(), note.args["is"].as_str()),
        ("drift-fact", "0", "3600")
    );
}

#[test]
fn a_plan_without_facts_is_written_as_before() {
    let rows = vec![row(Op::Dissolve, Support::Native, EffectClass::P)];
    let plan = plan(
        "c-1",
        "p-0",
        Time::from_millis(START),
        &Policy::default(),
        vec![input("g-1", "important", rows)],
    );
    let text = String::from_utf8(plan.bytes().unwrap()).unwrap();
    assert!(!text.contains("\"clocks\"") && !text.contains("\"facts\""), "{text}");
}

/// The moment is the call's, known only once the dissolve was read back; a second call takes its place.
#[test]
fn req_n2_windows_are_points_in_time_once_the_dissolve_is_seen() {
    let plan = drawn(&four_clocks(), Rules::Declared);
    let part = plan.groups.first().unwrap().clone();
    let step = part.steps.iter().find(|step| step.op == StepOp::Dissolve).unwrap().id.clone();
    let at = |seconds: u64| Time::from_millis(START).plus_secs(seconds);
    let intent = |attempt| GroupEvent::Intent {
        step: step.clone(),
        op: StepOp::Dissolve,
        attempt,
        irreversible: true,
        undo: false,
    };
    let read = |attempt, effect| GroupEvent::ReadBack {
        step: step.clone(),
        attempt,
        effect,
        retry_s: None,
        memo: Value::Null,
    };
    let hash = plan.hash().unwrap();
    let mut events = vec![
        (
            at(0),
            GroupEvent::PlanPart {
                case: "c-1".into(),
                plan_hash: hash,
                reason: "over".to_owned(),
                part: Box::new(part),
            },
        ),
        (at(1), GroupEvent::RunStarted { case: "c-1".into(), plan_hash: hash }),
        (at(100), intent(1)),
        (at(110), read(1, Effect::NotApplied)),
        (at(200), intent(2)),
    ];
    let shown = |events: &[(Time, GroupEvent)]| {
        let state = GroupState::fold("g-1".into(), events.iter().map(|(at, event)| (*at, event)));
        windows(&state.run.unwrap())
            .into_iter()
            .map(|window| (window.object, window.until))
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(&events), []);
    events.push((at(210), read(2, Effect::Applied)));
    let expected = [
        ("slip", 200 + 120),
        ("group", 200 + DAY),
        ("history", 200 + 3 * DAY),
        ("history_request", 200 + 7 * DAY),
    ];
    assert_eq!(shown(&events), expected.map(|(object, until)| (object.to_owned(), at(until))));
}

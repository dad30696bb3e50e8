//! The route follows the answers and the facts, whatever the platform.

use proptest::prelude::*;

use super::*;
use crate::fact::Confidence;

fn fact(key: &str, value: impl Into<serde_json::Value>, confidence: Confidence) -> Fact {
    Fact {
        id: "P1".to_owned(),
        key: key.to_owned(),
        value: value.into(),
        says: Text { zh: key.to_owned(), en: key.to_owned() },
        confidence,
        source: "test".to_owned(),
        checked: "2026-11-22".to_owned(),
        ended: None,
    }
}

fn profile(facts: Vec<Fact>) -> Profile {
    Profile { platform: "x".into(), name: Text { zh: "x".to_owned(), en: "X".to_owned() }, facts }
}

fn full() -> Profile {
    profile(vec![
        fact("act.leave_dissolves", false, Confidence::Declared),
        fact("dissolve.who", "owner", Confidence::Confirmed),
        fact("dissolve.path", "A", Confidence::Contradicted),
        fact("dissolve.path", "B", Confidence::Disputed),
        fact("dissolve.button", false, Confidence::Disputed),
        fact("recovery.seconds", 86_400, Confidence::Contradicted),
        fact("recovery.seconds", 0, Confidence::Confirmed),
        fact("history.roaming_hours", 72, Confidence::Disputed),
        fact("observe.seconds", 259_200, Confidence::Declared),
        fact("files.kept", "unstated", Confidence::Declared),
        fact("exception.banned_hours", 48, Confidence::Declared),
    ])
}

fn codes(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.note.code.as_str()).collect()
}

fn at() -> Time {
    Time::parse("2026-12-01T12:00:00Z").unwrap()
}

#[test]
fn req_g10_the_route_has_what_the_answers_ask_for_and_nothing_else() {
    let mut answers = Answers::plain(Owner::Me);
    let plain = guide(&full(), &answers, Rules::Confirmed, at());
    assert_eq!(
        codes(&plain.steps),
        [
            "guide-step-owner-check",
            "guide-step-announce",
            "guide-step-last-look",
            "guide-step-dissolve",
            "guide-step-mistake",
            "guide-step-interrupted",
            "guide-step-witness",
            "guide-step-watch"
        ]
    );
    answers.holds.insert(Holds::School);
    answers.holds.insert(Holds::Vouchers);
    answers.links.insert(Hanging::Bots);
    answers.keep.insert(Keep::Evidence);
    let full = guide(&full(), &answers, Rules::Confirmed, at());
    let steps = codes(&full.steps);
    for more in [
        "guide-step-school",
        "guide-step-vouchers",
        "guide-step-bots",
        "guide-step-evidence",
        "guide-step-chat",
    ] {
        let place = steps.iter().position(|code| *code == more).unwrap();
        assert!(place < steps.iter().position(|code| *code == "guide-step-dissolve").unwrap(), "{more}");
        assert!(!codes(&plain.steps).contains(&more));
    }
}

#[test]
fn req_g2_whoever_does_not_own_the_group_is_never_told_to_dissolve_it() {
    for owner in [Owner::Other, Owner::Gone] {
        let made = guide(&full(), &Answers::plain(owner), Rules::Declared, at());
        assert_eq!(made.outcome, Outcome::LeftOnly);
        let steps = codes(&made.steps);
        assert!(!steps.contains(&"guide-step-dissolve"), "{steps:?}");
        assert!(steps.contains(&"guide-step-leave"));
        assert!(made.branch.is_empty() && made.clocks.looks.is_empty());
    }
    let gone = guide(&full(), &Answers::plain(Owner::Gone), Rules::Declared, at());
    assert!(gone.clocks.running.iter().any(|clock| clock.key == "exception.banned_hours"));
}

#[test]
fn req_g7_removing_everybody_is_weaker_than_dissolving_and_not_always_a_way() {
    let answers = Answers { button: Button::Missing, ..Answers::plain(Owner::Me) };
    let emptied = guide(&full(), &answers, Rules::Confirmed, at());
    assert_eq!(emptied.outcome, Outcome::Emptied);
    assert!(codes(&emptied.steps).contains(&"guide-step-empty"));
    assert!(!codes(&emptied.steps).contains(&"guide-step-dissolve"));
    let mut barred = full();
    barred.facts.push(fact("dissolve.emptying", false, Confidence::Confirmed));
    let barred = guide(&barred, &answers, Rules::Confirmed, at());
    assert_eq!(barred.outcome, Outcome::NotByYou);
    assert!(codes(&barred.steps).contains(&"guide-step-empty-impossible"));
}

#[test]
fn clocks_have_values_of_the_profile_and_what_is_unknown_is_said() {
    let made = guide(&full(), &Answers::plain(Owner::Me), Rules::Confirmed, at());
    let running: Vec<(&str, u64, bool)> =
        made.clocks.running.iter().map(|clock| (clock.key.as_str(), clock.seconds, clock.acting)).collect();
    assert_eq!(
        running,
        [
            ("recovery.seconds", 86_400, false),
            ("history.roaming_hours", 259_200, true),
            ("observe.seconds", 259_200, true)
        ]
    );
    assert_eq!(made.clocks.none.len(), 1, "the confirmed value says that there is no such window");
    assert!(made.clocks.unknown.contains(&"files.kept_seconds".to_owned()));
    assert!(made.clocks.unknown.contains(&"mistake.recall_seconds".to_owned()));
    let looks: Vec<u64> = made.clocks.looks.iter().map(|look| look.hours).collect();
    assert_eq!(looks, [1, 24, 72]);
}

fn any_of<T: Copy + Ord + std::fmt::Debug + 'static>(
    all: &'static [T],
) -> impl Strategy<Value = BTreeSet<T>> {
    proptest::collection::btree_set(proptest::sample::select(all), 0..=all.len())
}

proptest! {
    #[test]
    fn every_key_has_a_source_and_the_last_thing_comes_after_everything_that_saves(
        owner in proptest::sample::select(Owner::ALL),
        holds in any_of(Holds::ALL),
        links in any_of(Hanging::ALL),
        keep in any_of(Keep::ALL),
        button in proptest::sample::select(Button::ALL),
        declared: bool,
    ) {
        let answers = Answers { owner, holds, links, keep, button };
        let rules = if declared { Rules::Declared } else { Rules::Confirmed };
        let made = guide(&full(), &answers, rules, at());
        for line in made.steps.iter().chain(&made.branch).chain(&made.checks).chain(&made.final_things) {
            for key in &line.keys {
                prop_assert!(made.sources.iter().any(|source| source.key == *key), "{key}");
            }
        }
        for source in &made.sources {
            prop_assert!(source.acting < source.facts.len());
        }
        if let Some(end) = made.steps.iter().position(|line| line.last) {
            let saves = ["guide-step-chat", "guide-step-files", "guide-step-evidence", "guide-step-vouchers"];
            let late = made.steps.iter().skip(end).any(|line| saves.contains(&line.note.code.as_str()));
            prop_assert!(!late);
        }
    }
}

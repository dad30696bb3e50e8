//! What is asked of people instead of a call, what is taken as done on their word, and what never is.

use std::collections::BTreeMap;

use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{
    ACCEPTED_ONLY, Capability, Effect, EffectClass, Op, Support, TOLD_BY_PERSON,
};
use adjourn_domain::event::{Ending, EvidenceRef, GroupEvent};
use adjourn_domain::plan::StepOp;
use adjourn_domain::run::{Action, RunCommand, StepState};
use serde_json::Value;

use super::drive::Row;
use super::{Begun, rows};

/// The announcement is a person's, and nothing can be read back of it.
fn blind(change: impl Fn(&mut Capability)) -> Begun {
    Begun::new(rows(|row| {
        if row.op == Op::Announce {
            (row.support, row.proof, row.class) =
                (Support::Assisted, TOLD_BY_PERSON.to_owned(), EffectClass::U);
            change(row);
        }
    }))
}

impl Begun {
    fn says(&mut self, at: usize, who: &str, shown: bool) {
        let file = EvidenceRef::new("shown.png", Hash::of(b"shown"), 5);
        let evidence = if shown { vec![file] } else { Vec::new() };
        let (step, factors) = (self.name(at), BTreeMap::new());
        self.wish(RunCommand::PersonDone { step, by: who.into(), evidence, factors });
    }

    fn told(&self) -> Vec<(usize, bool)> {
        let told = |row: &Row| match row {
            Row::Group(_, event) => match &**event {
                GroupEvent::Told { by, shown, .. } => Some((by.len(), *shown)),
                _ => None,
            },
            Row::Case(_) => None,
        };
        self.world.rows.iter().filter_map(|(_, row)| told(row)).collect()
    }
}

#[test]
fn what_nobody_can_read_back_is_done_on_the_word_of_two_or_of_one_who_shows_it() {
    for (people, shown) in [(vec!["p-4"], true), (vec!["p-4", "p-5"], false), (vec!["p-4", "p-5"], true)] {
        let mut begun = blind(|_| {});
        let at = begun.until(StepOp::Announce);
        begun.wish(RunCommand::Advance);
        for (n, who) in people.iter().enumerate() {
            assert_eq!(begun.state(StepOp::Announce), StepState::Person, "{people:?} {shown}");
            begun.says(at, who, shown && n + 1 == people.len());
        }
        assert_eq!(begun.due(), Action::ReadBack { step: at });
        begun.found(at, Effect::Unknown, None);
        assert_eq!(begun.state(StepOp::Announce), StepState::Done);
        assert!(begun.run().steps[at].human.told, "told, and never called read back");
        assert_eq!(begun.told(), [(people.len(), shown)]);
        assert_eq!(begun.end(), Ending::Observed);
    }
}

#[test]
fn a_word_never_stands_in_the_place_of_a_look() {
    // A look that may still tell is taken again, and what it says counts.
    let mut begun = blind(|_| {});
    let at = begun.until(StepOp::Announce);
    begun.wish(RunCommand::Advance);
    begun.says(at, "p-4", true);
    begun.found(at, Effect::Unknown, Some(5));
    assert!(matches!(begun.state(StepOp::Announce), StepState::Checking { .. }));
    begun.found(at, Effect::Applied, None);
    assert!(begun.state(StepOp::Announce) == StepState::Done && !begun.run().steps[at].human.told);
    // The look says no, and the person is asked again.
    let mut begun = blind(|_| {});
    let at = begun.until(StepOp::Announce);
    begun.wish(RunCommand::Advance);
    begun.says(at, "p-4", true);
    begun.found(at, Effect::NotApplied, None);
    assert_eq!(begun.due(), Action::AskPerson { step: at });
    // Whose proof is a look, or who can't do it, is not done on anybody's word.
    for cant in [false, true] {
        let mut begun = blind(|row| {
            if !cant {
                "read".clone_into(&mut row.proof);
            }
        });
        let at = begun.until(StepOp::Announce);
        begun.wish(RunCommand::Advance);
        if cant {
            let (step, reason) = (begun.name(at), "banned".to_owned());
            begun.wish(RunCommand::PersonCant { step, by: "p-4".into(), reason });
        } else {
            begun.says(at, "p-4", true);
        }
        begun.found(at, Effect::Unknown, None);
        assert!(
            matches!(begun.state(StepOp::Announce), StepState::Checking { .. }) && begun.told().is_empty()
        );
    }
    // Nor is the end of a group, whatever its row says.
    let mut begun = Begun::new(rows(|row| {
        if row.op == Op::Dissolve {
            (row.support, row.proof) = (Support::Assisted, TOLD_BY_PERSON.to_owned());
        }
    }));
    let at = begun.until(StepOp::Dissolve);
    begun.wish(RunCommand::Advance);
    begun.says(at, "p-4", true);
    begun.found(at, Effect::Unknown, None);
    assert!(matches!(begun.state(StepOp::Dissolve), StepState::Checking { .. }) && begun.told().is_empty());
}

#[test]
fn what_a_platform_may_have_accepted_is_a_persons_to_look_at_and_then_done() {
    let mut begun = Begun::new(rows(|row| {
        if row.op == Op::Announce {
            (row.proof, row.class) = (ACCEPTED_ONLY.to_owned(), EffectClass::U);
        }
    }));
    let at = begun.until(StepOp::Announce);
    begun.wish(RunCommand::Intend);
    begun.returned(at, Effect::Unknown);
    let mut looks = 0;
    while begun.due() != (Action::AskPerson { step: at }) {
        match begun.due() {
            Action::Sleep { until } => begun.world.now = until,
            _ => begun.found(at, Effect::Unknown, None),
        }
        looks += 1;
        assert!(looks < 6, "looked for {looks} times");
    }
    assert_eq!(begun.intents(StepOp::Announce), 1, "never said twice");
    begun.wish(RunCommand::Advance);
    begun.says(at, "p-4", true);
    begun.found(at, Effect::Unknown, None);
    assert_eq!((begun.state(StepOp::Announce), begun.told()), (StepState::Done, vec![(1, true)]));
}

#[test]
fn what_we_may_not_call_and_a_person_can_do_is_asked_for_at_once() {
    let unlink = |fallback: bool| {
        let mut begun = Begun::new(rows(|row| {
            if row.op == Op::Unlink && fallback {
                row.note.push_str("|fallback:note-by-hand");
            }
        }));
        let at = begun.until(StepOp::Unlink);
        begun.wish(RunCommand::Intend);
        let (step, error) = (begun.name(at), Some("capability.unsupported".to_owned()));
        let effect = Effect::NotApplied;
        begun.wish(RunCommand::Returned { step, effect, error, retry_s: Some(300), memo: Value::Null });
        (begun.due(), at)
    };
    let (due, at) = unlink(true);
    assert_eq!(due, Action::AskPerson { step: at });
    assert!(matches!(unlink(false).0, Action::Sleep { .. }), "nobody else can do it");
}

//! The clocks of a platform, counted from the dissolve. A clock is a fact with a duration; every value that was found
//! is kept with its confidence. Where no value is known, that is said and none is made up.

use serde::Serialize;

use super::{Answers, Owner};
use crate::fact::{Confidence, Fact, Profile, Rules};
use crate::time::Time;

const HOUR_S: u64 = 3600;
const DAY_S: u64 = 24 * HOUR_S;

/// What a fact's number counts.
#[derive(Debug, Clone, Copy)]
enum Unit {
    Seconds,
    Hours,
}

/// Whose group must it be for the clock to matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    /// Only where the platform has it.
    IfKnown,
    /// Another one's group that is handed over first.
    HandedOver,
    /// An owner who is gone.
    OwnerGone,
}

const KEYS: &[(&str, Unit, When)] = &[
    ("mistake.recall_seconds", Unit::Seconds, When::Always),
    ("notice.recall_seconds", Unit::Seconds, When::Always),
    ("recovery.seconds", Unit::Seconds, When::Always),
    ("recovery.request_seconds", Unit::Seconds, When::Always),
    ("history.roaming_hours", Unit::Hours, When::Always),
    ("history.pull_seconds", Unit::Seconds, When::IfKnown),
    ("files.kept_seconds", Unit::Seconds, When::Always),
    ("observe.seconds", Unit::Seconds, When::Always),
    ("exception.banned_hours", Unit::Hours, When::OwnerGone),
    ("handover.member_age_hours", Unit::Hours, When::HandedOver),
];

/// One clock that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// What it is about.
    pub key: String,
    /// How long it runs.
    pub seconds: u64,
    /// When it ends.
    pub ends_at: Time,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// Whether this is the value that acts; another one of the same key is shown beside it.
    pub acting: bool,
    /// The statement.
    pub fact: Fact,
}

impl Clock {
    /// How long before its end a person is reminded: a quarter of it, a day at most.
    pub fn lead_s(&self) -> u64 {
        (self.seconds / 4).min(DAY_S)
    }
}

/// A look at whether the group is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Look {
    /// Hours after the dissolve.
    pub hours: u64,
    /// When.
    pub at: Time,
}

/// All clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clocks {
    /// Those that run.
    pub running: Vec<Clock>,
    /// Values that say that there is no such window.
    pub none: Vec<Fact>,
    /// Keys for which no value is known.
    pub unknown: Vec<String>,
    /// When to look whether it is gone.
    pub looks: Vec<Look>,
}

/// The clocks of `profile` for this case, counted from `at`.
pub(super) fn clocks(profile: &Profile, answers: &Answers, rules: Rules, at: Time) -> Clocks {
    let mut found = Clocks { running: Vec::new(), none: Vec::new(), unknown: Vec::new(), looks: Vec::new() };
    for (key, unit, when) in KEYS {
        let facts: Vec<&Fact> = profile.facts.iter().filter(|fact| fact.key == *key).collect();
        let matters = match when {
            When::Always => true,
            When::IfKnown => !facts.is_empty(),
            When::HandedOver => answers.owner == Owner::Other,
            When::OwnerGone => answers.owner == Owner::Gone,
        };
        if !matters {
            continue;
        }
        let acting = profile.acting(key, rules);
        let mut known = false;
        for fact in facts {
            let Some(value) = fact.value.as_u64() else { continue };
            known = true;
            let seconds = match unit {
                Unit::Seconds => value,
                Unit::Hours => value.saturating_mul(HOUR_S),
            };
            if seconds == 0 {
                found.none.push(fact.clone());
                continue;
            }
            found.running.push(Clock {
                key: (*key).to_owned(),
                seconds,
                ends_at: at.plus_secs(seconds),
                confidence: fact.confidence,
                acting: acting == Some(fact),
                fact: fact.clone(),
            });
        }
        if !known {
            found.unknown.push((*key).to_owned());
        }
    }
    // The same duration under two confidences is one clock; the better one stays.
    found.running.sort_by_key(|clock| (clock.seconds, clock.key.clone(), !clock.acting));
    found.running.dedup_by(|b, a| a.key == b.key && a.seconds == b.seconds);
    let window = profile.number("observe.seconds", rules).unwrap_or(0);
    found.looks = [1, 24, 72]
        .into_iter()
        .filter(|hours| hours * HOUR_S <= window)
        .map(|hours| Look { hours, at: at.plus_secs(hours * HOUR_S) })
        .collect();
    found
}

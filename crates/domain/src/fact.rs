//! Platform facts: dated, sourced statements with a confidence. A profile holds every value that was found,
//! also those that contradict each other; which one acts is chosen by [`Rules`].

use serde::{Deserialize, Serialize};

use crate::ids::PlatformId;
use crate::time::Time;

/// Seconds of a day.
const DAY_S: u64 = 86_400;

/// Days after which a fact is stale, where nobody sets another number.
pub const STALE_DAYS: u64 = 180;

/// How far a fact can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A published claim.
    Declared,
    /// Official documentation, or our own probe.
    Confirmed,
    /// Other sources disagree, none of them official.
    Disputed,
    /// Official documentation disagrees.
    Contradicted,
}

impl Confidence {
    /// The confidence's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Confirmed => "confirmed",
            Self::Disputed => "disputed",
            Self::Contradicted => "contradicted",
        }
    }
}

/// Whose rules act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rules {
    /// What is published about the platforms.
    #[default]
    Declared,
    /// What official documentation or a probe confirms, where there is such a value.
    Confirmed,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One statement about a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Row of the requirements: `P1`, `N2`, `H3`.
    pub id: String,
    /// What it is about, dotted: `dissolve.who`, `recovery.seconds`.
    pub key: String,
    /// The value that acts: text, number, or truth.
    pub value: serde_json::Value,
    /// The statement for people.
    pub says: Text,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// URL or name of the source.
    pub source: String,
    /// Date on which the source was checked, `YYYY-MM-DD`.
    pub checked: String,
    /// Since when it is no longer so, `YYYY-MM-DD`, for what was true once: whoever still says it is out of date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

impl Fact {
    /// Days since the source was checked; `None` for a date that is none.
    pub fn age_days(&self, now: Time) -> Option<u64> {
        Some(now.secs_since(Time::parse(&format!("{}T00:00:00Z", self.checked))?) / DAY_S)
    }

    /// Whether the source was last checked more than `days` ago; so it is where nobody can tell.
    pub fn stale(&self, now: Time, days: u64) -> bool {
        self.age_days(now).is_none_or(|age| age > days)
    }
}

/// All facts of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The platform.
    pub platform: PlatformId,
    /// Its name.
    pub name: Text,
    /// The facts, in the order of the requirements.
    #[serde(rename = "fact")]
    pub facts: Vec<Fact>,
}

impl Profile {
    /// The fact about `key` that acts under `rules`: with [`Rules::Confirmed`] a confirmed one if there is one,
    /// else the first that nobody contradicts officially; with [`Rules::Declared`] the published one.
    pub fn acting(&self, key: &str, rules: Rules) -> Option<&Fact> {
        let of_key = || self.facts.iter().filter(|fact| fact.key == key);
        let confirmed = || of_key().find(|fact| fact.confidence == Confidence::Confirmed);
        match rules {
            Rules::Declared => {
                of_key().find(|fact| fact.confidence != Confidence::Confirmed).or_else(confirmed)
            }
            Rules::Confirmed => confirmed()
                .or_else(|| of_key().find(|fact| fact.confidence != Confidence::Contradicted))
                .or_else(|| of_key().next()),
        }
    }

    /// The acting value as text.
    pub fn text(&self, key: &str, rules: Rules) -> Option<&str> {
        self.acting(key, rules)?.value.as_str()
    }

    /// The acting value as a number.
    pub fn number(&self, key: &str, rules: Rules) -> Option<u64> {
        self.acting(key, rules)?.value.as_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_acting_value_follows_the_rules_and_every_value_is_kept() {
        let fact = |value: u64, confidence| Fact {
            id: "N2".to_owned(),
            key: "recovery.seconds".to_owned(),
            value: value.into(),
            says: Text { zh: String::new(), en: String::new() },
            confidence,
            source: "test".to_owned(),
            checked: "2026-11-22".to_owned(),
            ended: None,
        };
        let profile = Profile {
            platform: "qq".into(),
            name: Text { zh: "QQ".to_owned(), en: "QQ".to_owned() },
            facts: vec![fact(86_400, Confidence::Contradicted), fact(0, Confidence::Confirmed)],
        };
        assert_eq!(profile.number("recovery.seconds", Rules::Declared), Some(86_400));
        assert_eq!(profile.number("recovery.seconds", Rules::Confirmed), Some(0));
        assert_eq!(profile.number("nothing", Rules::Confirmed), None);
        let (checked, at) = (profile.facts.first().unwrap(), |text| Time::parse(text).unwrap());
        assert!(!checked.stale(at("2027-05-21T23:59:59Z"), STALE_DAYS));
        assert!(checked.stale(at("2027-05-22T00:00:00Z"), STALE_DAYS));
        let undated = Fact { checked: "some day".to_owned(), ..checked.clone() };
        assert!(undated.stale(at("2026-11-22T00:00:00Z"), STALE_DAYS));
    }
}

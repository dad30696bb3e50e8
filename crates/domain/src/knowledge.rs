//! What is known about a platform: its profile, and what the organisation says instead.
//!
//! An override never removes a finding: it stands beside them, with who, when and why, and acts as long as nobody
//! retracts it, on real connections too.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::fact::{Confidence, Fact, Profile, Rules};
use crate::ids::PrincipalId;
use crate::refusal::Refusal;
use crate::time::Time;

/// Longest reason of an override, in characters.
pub const MAX_REASON: usize = 1000;

/// What an organisation says about a platform instead of what its profile says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Override {
    /// The value that acts.
    pub value: Value,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: PrincipalId,
    /// When.
    pub at: Time,
}

/// Overrides of one platform, by key.
pub type Overrides = BTreeMap<String, Override>;

/// What is known about a platform.
#[derive(Debug, Clone)]
pub struct Knowledge {
    /// The findings.
    pub profile: Profile,
    /// What the organisation says instead.
    pub overrides: Overrides,
}

/// A value that acts, and who says so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Acting<'a> {
    /// A finding.
    Fact(&'a Fact),
    /// The organisation.
    Override(&'a Override),
}

impl<'a> Acting<'a> {
    /// The value.
    pub fn value(self) -> &'a Value {
        match self {
            Self::Fact(fact) => &fact.value,
            Self::Override(says) => &says.value,
        }
    }

    /// The confidence's slug; `override` for the organisation's word.
    pub fn confidence(self) -> &'static str {
        match self {
            Self::Fact(fact) => fact.confidence.slug(),
            Self::Override(_) => "override",
        }
    }
}

/// A key on which the two rules act differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Difference<'a> {
    /// What acts under `declared`.
    pub declared: &'a Fact,
    /// What acts under `confirmed`.
    pub confirmed: &'a Fact,
}

impl Knowledge {
    /// What is known without an organisation.
    pub fn of(profile: Profile) -> Self {
        Self { profile, overrides: Overrides::new() }
    }

    /// What acts under `rules`: the organisation's word if there is one.
    pub fn acting(&self, key: &str, rules: Rules) -> Option<Acting<'_>> {
        let overridden = self.overrides.get(key).map(Acting::Override);
        overridden.or_else(|| self.profile.acting(key, rules).map(Acting::Fact))
    }

    /// Whether this finding is the one that acts under `rules`.
    pub fn acts(&self, fact: &Fact, rules: Rules) -> bool {
        matches!(self.acting(&fact.key, rules), Some(Acting::Fact(acting)) if std::ptr::eq(acting, fact))
    }

    /// The keys of the profile, each once, in its order.
    pub fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        for fact in &self.profile.facts {
            if !keys.contains(&fact.key.as_str()) {
                keys.push(&fact.key);
            }
        }
        keys
    }

    /// The keys on which what is published and what is confirmed act differently.
    pub fn differences(&self) -> Vec<Difference<'_>> {
        let pairs = self.keys().into_iter().filter_map(|key| {
            let declared = self.profile.acting(key, Rules::Declared)?;
            let confirmed = self.profile.acting(key, Rules::Confirmed)?;
            (declared.value != confirmed.value).then_some(Difference { declared, confirmed })
        });
        pairs.collect()
    }

    /// Whether the organisation may say this: a key that the profile knows, a value of the kind that it has there, and a
    /// reason.
    ///
    /// # Errors
    /// `facts.unknown`, `facts.value`, `usage`.
    pub fn check_override(&self, key: &str, value: &Value, reason: &str) -> Result<(), Refusal> {
        let platform = &self.profile.platform;
        let mut of_key = self.profile.facts.iter().filter(|fact| fact.key == key).peekable();
        if of_key.peek().is_none() {
            return Err(Refusal::new("facts.unknown").with("platform", platform).with("says", key));
        }
        if !of_key.any(|fact| kind(&fact.value) == kind(value)) {
            return Err(Refusal::new("facts.value").with("key", key).with("value", value));
        }
        check_reason(reason)
    }

    /// Whether an override can be retracted.
    ///
    /// # Errors
    /// `facts.not_overridden`, `usage`.
    pub fn check_retract(&self, key: &str, reason: &str) -> Result<(), Refusal> {
        if !self.overrides.contains_key(key) {
            let platform = &self.profile.platform;
            return Err(Refusal::new("facts.not_overridden").with("key", key).with("platform", platform));
        }
        check_reason(reason)
    }

    /// A value as typed on a command line, in the kind that the key has: text stays text, also where it looks like a
    /// number.
    pub fn typed(&self, key: &str, text: &str) -> Value {
        let kinds: Vec<_> = self.profile.facts.iter().filter(|fact| fact.key == key).collect();
        let parsed: Option<Value> = serde_json::from_str(text).ok();
        parsed
            .filter(|value| kinds.iter().any(|fact| kind(&fact.value) == kind(value)))
            .unwrap_or_else(|| Value::from(text))
    }
}

fn check_reason(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() || reason.chars().count() > MAX_REASON {
        return Err(Refusal::new("usage").with("says", "--reason: out of bounds"));
    }
    Ok(())
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 1,
        // What a profile counts is never negative and never a fraction.
        Value::Number(number) if number.is_u64() => 2,
        Value::String(text) if !text.trim().is_empty() => 3,
        _ => 0,
    }
}

/// Which of two findings is the better known, for those who sort.
pub fn rank(confidence: Confidence) -> u8 {
    match confidence {
        Confidence::Confirmed => 0,
        Confidence::Declared => 1,
        Confidence::Disputed => 2,
        Confidence::Contradicted => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Text;

    fn known() -> Knowledge {
        let fact = |key: &str, value: Value, confidence| Fact {
            id: "N2".to_owned(),
            key: key.to_owned(),
            value,
            says: Text { zh: String::new(), en: String::new() },
            confidence,
            source: "test".to_owned(),
            checked: "2026-11-22".to_owned(),
            ended: None,
        };
        Knowledge::of(Profile {
            platform: "qq".into(),
            name: Text { zh: "QQ".to_owned(), en: "QQ".to_owned() },
            facts: vec![
                fact("recovery.seconds", 86_400.into(), Confidence::Contradicted),
                fact("recovery.seconds", 0.into(), Confidence::Confirmed),
                fact("dissolve.path", "settings".into(), Confidence::Declared),
            ],
        })
    }

    fn overridden() -> Knowledge {
        let says = Override {
            value: 3600.into(),
            reason: "seen".to_owned(),
            by: "p-1".into(),
            at: Time::from_millis(0),
        };
        let mut known = known();
        known.overrides.insert("recovery.seconds".to_owned(), says);
        known
    }

    #[test]
    fn an_override_acts_under_both_rules_and_every_finding_stays() {
        for rules in [Rules::Declared, Rules::Confirmed] {
            let known = overridden();
            let acting = known.acting("recovery.seconds", rules).unwrap();
            assert_eq!((acting.value(), acting.confidence()), (&Value::from(3600), "override"));
            assert_eq!(known.profile.facts.len(), 3);
            assert!(known.profile.facts.iter().take(2).all(|fact| !known.acts(fact, rules)));
        }
        assert_eq!(known().acting("recovery.seconds", Rules::Confirmed).unwrap().value(), &Value::from(0));
    }

    #[test]
    fn the_two_rules_differ_where_their_values_do() {
        let known = known();
        let found: Vec<_> = known
            .differences()
            .into_iter()
            .map(|found| (found.declared.value.clone(), found.confirmed.value.clone()))
            .collect();
        assert_eq!(found, [(Value::from(86_400), Value::from(0))]);
    }

    #[test]
    fn only_a_known_key_with_a_value_of_its_kind_and_a_reason_is_overridden() {
        let known = known();
        let code = |key, value: Value, reason| {
            known.check_override(key, &value, reason).map_err(|refusal| refusal.code)
        };
        assert_eq!(code("recovery.seconds", 60.into(), "seen"), Ok(()));
        assert_eq!(code("recovery.minutes", 60.into(), "seen"), Err("facts.unknown"));
        for wrong in [Value::from("60"), Value::from(-1), Value::from(1.5), Value::Null] {
            assert_eq!(code("recovery.seconds", wrong, "seen"), Err("facts.value"));
        }
        assert_eq!(code("dissolve.path", " ".into(), "seen"), Err("facts.value"));
        assert_eq!(code("recovery.seconds", 60.into(), " "), Err("usage"));
        assert_eq!(code("recovery.seconds", 60.into(), "x".repeat(1001).as_str()), Err("usage"));
        let code = known.check_retract("recovery.seconds", "wrong").map_err(|refusal| refusal.code);
        assert_eq!(code, Err("facts.not_overridden"));
        assert_eq!(overridden().check_retract("recovery.seconds", "wrong"), Ok(()));
    }

    #[test]
    fn what_is_typed_has_the_kind_of_the_key() {
        assert_eq!(known().typed("recovery.seconds", "60"), Value::from(60));
        assert_eq!(known().typed("dissolve.path", "60"), Value::from("60"));
        assert_eq!(known().typed("dissolve.path", "a → b"), Value::from("a → b"));
    }
}

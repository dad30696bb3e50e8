//! The organisation's policy per class of group: who reviews, how long things wait. It is hashed into the plan.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
pub use crate::review::{Review, RoleRule, Shortfall, Way};

/// The class in which one owner ends the owner's own group, without reviewers.
pub const PERSONAL: &str = "personal";

/// What applies to one class of groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassPolicy {
    /// Who reviews.
    pub review: Review,
    /// Cooling-off before the irreversible call, in seconds.
    pub cooling_off_s: u64,
    /// Length of the observation, in seconds.
    pub observation_s: u64,
    /// When to probe, in seconds after the dissolve; the last probe is at the end of the observation.
    pub probes_s: Vec<u64>,
    /// How much of the membership may change before a plan is stale, in percent.
    pub members_drift_percent: u32,
    /// Seconds between the two halves of a dissolve that closes first and purges later, so that members'
    /// clients learn of the end.
    pub settle_s: u64,
    /// How long a read-back is repeated before its step counts as in doubt, in seconds.
    pub patience_s: u64,
    /// How long before the end a group is told that has to be told beforehand, in seconds.
    #[serde(default = "week")]
    pub notice_s: u64,
    /// How long another party may stay silent before a person is asked, in seconds.
    #[serde(default = "week")]
    pub party_s: u64,
    /// Open objections that a case bears; one more pauses it.
    #[serde(default = "few")]
    pub open_objections: u32,
    /// How long a person may take for a step before it is escalated, in seconds.
    #[serde(default = "human_deadline")]
    pub human_deadline_s: u64,
    /// How many different people must say that an irreversible step which a person does is done, 1 or 2.
    #[serde(default = "one")]
    pub human_people: u32,
    /// How long a group waits for the others of its case before it goes on without them, in seconds.
    #[serde(default = "joint_patience")]
    pub joint_patience_s: u64,
    /// Whether a picture of which something was taken out is also kept as it came, sealed under its group's key.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep_originals: bool,
    /// Whether members who say that they read the notice say who they are.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub named_receipts: bool,
}

/// Three days: a person has a weekend.
fn human_deadline() -> u64 {
    72 * 3600
}

fn one() -> u32 {
    1
}

/// A day.
fn joint_patience() -> u64 {
    24 * 3600
}

fn week() -> u64 {
    7 * 24 * 3600
}

fn few() -> u32 {
    3
}

impl ClassPolicy {
    /// Two-person review (business and compliance), 24 hours of cooling-off, 72 hours of observation.
    pub fn important() -> Self {
        Self {
            review: Review::of(vec![
                RoleRule { role: "business".to_owned(), count: 1 },
                RoleRule { role: "compliance".to_owned(), count: 1 },
            ]),
            cooling_off_s: 24 * 3600,
            observation_s: 72 * 3600,
            probes_s: vec![0, 60, 300, 900, 3600, 6 * 3600, 12 * 3600, 24 * 3600, 48 * 3600, 72 * 3600],
            members_drift_percent: 10,
            settle_s: 60,
            patience_s: 600,
            notice_s: week(),
            party_s: week(),
            open_objections: few(),
            human_deadline_s: human_deadline(),
            human_people: one(),
            joint_patience_s: joint_patience(),
            keep_originals: false,
            named_receipts: false,
        }
    }

    /// No reviewer; a typed confirmation and a cooling-off take their place.
    pub fn personal() -> Self {
        Self { review: Review { typed_confirmation: true, ..Review::default() }, ..Self::important() }
    }

    fn check(&self, class: &str) -> Result<(), Refusal> {
        let bad =
            |says: &str| Err(Refusal::new("config.invalid").with("says", format!("policy {class}: {says}")));
        if let Some(says) = self.review.contradiction(class == PERSONAL, self.cooling_off_s) {
            return bad(says);
        }
        if class == PERSONAL && self.cooling_off_s == 0 {
            return bad("needs a cooling-off");
        }
        if !(1..=2).contains(&self.human_people) {
            return bad("human_people is 1 or 2");
        }
        if self.members_drift_percent > 100 {
            return bad("members_drift_percent is at most 100");
        }
        if self.probes_s.is_empty() || self.probes_s.len() > 100 {
            return bad("needs 1 to 100 probes");
        }
        if !self.probes_s.is_sorted() || self.probes_s.last() != Some(&self.observation_s) {
            return bad("probes_s must be in order and end with observation_s");
        }
        Ok(())
    }
}

/// The organisation's policy: one [`ClassPolicy`] for each class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policy(pub BTreeMap<String, ClassPolicy>);

impl Default for Policy {
    fn default() -> Self {
        Self(BTreeMap::from([
            ("important".to_owned(), ClassPolicy::important()),
            (PERSONAL.to_owned(), ClassPolicy::personal()),
        ]))
    }
}

impl Policy {
    /// The policy of a class.
    ///
    /// # Errors
    /// `config.invalid` when the class is not in the policy.
    pub fn of(&self, class: &str) -> Result<&ClassPolicy, Refusal> {
        self.0
            .get(class)
            .ok_or_else(|| Refusal::new("config.invalid").with("says", format!("policy: no class {class}")))
    }

    /// The classes whose review nobody can ever meet, with what is missing: `holders` says how many principals hold each
    /// role. Whoever asks for a plan can't approve it, so one more may be needed than is counted here.
    pub fn unmeetable<'a>(&'a self, holders: &'a Way) -> impl Iterator<Item = (&'a str, Vec<Shortfall>)> {
        let lacks = |(class, policy): (&'a String, &'a ClassPolicy)| {
            let lacks = policy.review.shortfall(holders);
            (!lacks.is_empty()).then_some((class.as_str(), lacks))
        };
        self.0.iter().filter_map(lacks)
    }

    /// Refuses a policy that would switch an invariant off, or that contradicts itself.
    ///
    /// # Errors
    /// `config.invalid` names the class and the rule.
    pub fn check(&self) -> Result<(), Refusal> {
        self.0.iter().try_for_each(|(class, policy)| policy.check(class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_policy_is_sound_and_weak_ones_are_refused() {
        Policy::default().check().unwrap();
        let mut policy = Policy::default();
        policy.0.get_mut("important").unwrap().review.rules.pop();
        assert_eq!(policy.check().unwrap_err().code, "config.invalid");
        let mut policy = Policy::default();
        policy.0.get_mut("personal").unwrap().cooling_off_s = 0;
        assert_eq!(policy.check().unwrap_err().code, "config.invalid");
        let mut policy = Policy::default();
        policy.0.get_mut("important").unwrap().probes_s.pop();
        assert_eq!(policy.check().unwrap_err().code, "config.invalid");
    }
}

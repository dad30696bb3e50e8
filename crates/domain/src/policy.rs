//! The organisation's policy per class of group: who reviews, how long things wait. It is hashed into the plan.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;

/// The class in which one owner ends the owner's own group, without reviewers.
pub const PERSONAL: &str = "personal";

/// Approvals wanted from holders of one role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// The role (`business`, `compliance`).
    pub role: String,
    /// How many different principals with this role must approve, 1 to 10.
    pub count: u32,
}

/// Who has to agree. All rules must be met (AND), by different principals, none of them the requester.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The rules, sorted by role.
    pub rules: Vec<RoleRule>,
    /// Whether the requester types the group's name instead (class `personal`).
    #[serde(default)]
    pub typed_confirmation: bool,
}

impl Review {
    /// How many approvals are needed in all.
    pub fn needed(&self) -> u32 {
        self.rules.iter().fold(0, |sum, rule| sum.saturating_add(rule.count))
    }

    /// The stricter of two reviews, role by role: a case over several groups needs what each of them needs.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut counts = BTreeMap::new();
        for rule in self.rules.iter().chain(&other.rules) {
            let count: &mut u32 = counts.entry(rule.role.clone()).or_default();
            *count = (*count).max(rule.count);
        }
        Self {
            rules: counts.into_iter().map(|(role, count)| RoleRule { role, count }).collect(),
            typed_confirmation: self.typed_confirmation || other.typed_confirmation,
        }
    }
}

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
    /// How long a person may take for a step before it is escalated, in seconds.
    #[serde(default = "human_deadline")]
    pub human_deadline_s: u64,
    /// How many different people must say that an irreversible step which a person does is done, 1 or 2.
    #[serde(default = "one")]
    pub human_people: u32,
    /// How long a group waits for the others of its case before it goes on without them, in seconds.
    #[serde(default = "joint_patience")]
    pub joint_patience_s: u64,
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

impl ClassPolicy {
    /// Two-person review (business and compliance), 24 hours of cooling-off, 72 hours of observation.
    pub fn important() -> Self {
        Self {
            review: Review {
                rules: vec![
                    RoleRule { role: "business".to_owned(), count: 1 },
                    RoleRule { role: "compliance".to_owned(), count: 1 },
                ],
                typed_confirmation: false,
            },
            cooling_off_s: 24 * 3600,
            observation_s: 72 * 3600,
            probes_s: vec![0, 60, 300, 900, 3600, 6 * 3600, 12 * 3600, 24 * 3600, 48 * 3600, 72 * 3600],
            members_drift_percent: 10,
            settle_s: 60,
            patience_s: 600,
            human_deadline_s: human_deadline(),
            human_people: one(),
            joint_patience_s: joint_patience(),
        }
    }

    /// No reviewer; a typed confirmation and a cooling-off take their place.
    pub fn personal() -> Self {
        Self { review: Review { rules: Vec::new(), typed_confirmation: true }, ..Self::important() }
    }

    fn check(&self, class: &str) -> Result<(), Refusal> {
        let bad =
            |says: &str| Err(Refusal::new("config.invalid").with("says", format!("policy {class}: {says}")));
        if class == PERSONAL {
            if !self.review.rules.is_empty() || !self.review.typed_confirmation {
                return bad("has no reviewers and needs a typed confirmation");
            }
            if self.cooling_off_s == 0 {
                return bad("needs a cooling-off");
            }
        } else if self.review.needed() < 2 {
            return bad("needs two approvals at least");
        }
        if self.review.rules.iter().any(|rule| rule.count == 0 || rule.count > 10) {
            return bad("a role needs 1 to 10 approvals");
        }
        let roles: BTreeSet<&str> = self.review.rules.iter().map(|rule| rule.role.as_str()).collect();
        if roles.len() < self.review.rules.len() {
            return bad("names a role twice");
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

    /// Refuses a policy that would switch an invariant off.
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

    #[test]
    fn a_joint_review_is_the_stricter_of_both() {
        let two = |role: &str, count| Review {
            rules: vec![RoleRule { role: role.to_owned(), count }],
            typed_confirmation: false,
        };
        let joint = two("business", 2).and(&two("business", 1)).and(&two("compliance", 1));
        assert_eq!(joint.needed(), 3);
        assert_eq!(joint.rules.len(), 2);
    }
}

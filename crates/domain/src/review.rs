//! Who has to agree to a plan: how many of which role, until when an approval counts, who is told when nobody answers.
//!
//! A review is met when every rule is met and, where there are alternatives, one of them as well. Nothing in it approves by
//! itself: silence is told to somebody and stays silence.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

/// Alternatives that a policy may name, at most.
pub const MAX_ALTERNATIVES: usize = 8;
/// Ways to meet a joint review, at most; beyond that everything that any of them asks for is asked for.
const MAX_WAYS: usize = 64;
/// Approvals of one role, at most.
pub const MAX_COUNT: u32 = 10;
/// Roles that an overdue review is told to, at most.
const MAX_TOLD: usize = 5;

/// Approvals wanted from holders of one role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// The role (`business`, `compliance`).
    pub role: String,
    /// How many different principals with this role must approve, 1 to 10.
    pub count: u32,
}

/// Who has to agree. All rules must be met (AND) by different principals, none of them the requester, and one of the
/// alternatives where there are any (OR).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The rules, sorted by role.
    pub rules: Vec<RoleRule>,
    /// Whether the requester types the group's name instead (class `personal`).
    #[serde(default)]
    pub typed_confirmation: bool,
    /// Alternatives: besides `rules`, everything that one of these lists asks for, by people who are not counted for `rules`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "not_empty")]
    pub any_of: Vec<Vec<RoleRule>>,
    /// How long an approval counts, in seconds; for ever if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval_ttl_s: Option<u64>,
    /// How long reviewers have before an unanswered review is told to `escalate_to`, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_s: Option<u64>,
    /// The roles that are told of an overdue review. They are told; nothing is approved by that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub escalate_to: Vec<String>,
    /// Whether every approval needs a user-verified passkey (fingerprint, face or PIN).
    #[serde(default, skip_serializing_if = "is_false")]
    pub passkey: bool,
    /// Whether whoever confirms a personal plan, or has a plan applied, needs one as well.
    #[serde(default, skip_serializing_if = "is_false")]
    pub passkey_confirm: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// A list that is written down and empty could be met by nobody, or by everybody: it is a mistake either way.
fn not_empty<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<RoleRule>>, D::Error> {
    let list = Vec::<Vec<RoleRule>>::deserialize(from)?;
    if list.is_empty() {
        return Err(serde::de::Error::custom(
            "any_of is an empty list: leave it out, or name an alternative",
        ));
    }
    Ok(list)
}

/// One way to meet a review: how many of each role.
pub type Way = BTreeMap<String, u32>;

/// A role of which there are not enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shortfall {
    /// The role.
    pub role: String,
    /// How many there are, the requester left out.
    pub have: u32,
    /// How many the review needs.
    pub need: u32,
}

impl Review {
    /// A review by these rules and nothing else.
    pub fn of(rules: Vec<RoleRule>) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Every way to meet it; one where there are no alternatives.
    pub fn ways(&self) -> Vec<Way> {
        let rules = self.rules.iter().fold(Way::new(), |mut way, rule| {
            // Two rules for one role are met by the same approvals: they count once.
            let count = way.entry(rule.role.clone()).or_default();
            *count = (*count).max(rule.count);
            way
        });
        if self.any_of.is_empty() {
            return vec![rules];
        }
        let with = |alternative: &Vec<RoleRule>| {
            alternative.iter().fold(rules.clone(), |mut way, rule| {
                let count = way.entry(rule.role.clone()).or_default();
                *count = count.saturating_add(rule.count);
                way
            })
        };
        self.any_of.iter().map(with).collect()
    }

    /// How many approvals are needed in all, by the shortest way.
    pub fn needed(&self) -> u32 {
        self.ways().iter().map(size).min().unwrap_or(0)
    }

    /// Whether anybody has to approve.
    pub fn has_reviewers(&self) -> bool {
        self.needed() > 0
    }

    /// The stricter of two reviews: a case over several groups needs what each of them needs.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let theirs = other.ways();
        let mut ways: Vec<Way> = self
            .ways()
            .iter()
            .flat_map(|mine| theirs.iter().map(move |other| stricter(mine, other)))
            .collect();
        ways.sort();
        ways.dedup();
        let all = ways.clone();
        // Whoever meets a way meets every weaker one: only the weakest ones are ways of their own.
        ways.retain(|way| !all.iter().any(|other| other != way && covers(way, other)));
        if ways.len() > MAX_WAYS {
            ways = vec![ways.iter().fold(Way::new(), |sum, way| stricter(&sum, way))];
        }
        let common = ways.iter().skip(1).fold(ways.first().cloned().unwrap_or_default(), |common, way| {
            let least = |(role, count): (String, u32)| {
                let count = count.min(way.get(&role).copied().unwrap_or(0));
                (count > 0).then_some((role, count))
            };
            common.into_iter().filter_map(least).collect()
        });
        let rest = |way: &Way| {
            let over = |(role, count): (&String, &u32)| {
                let over = count.saturating_sub(common.get(role).copied().unwrap_or(0));
                (over > 0).then(|| RoleRule { role: role.clone(), count: over })
            };
            way.iter().filter_map(over).collect::<Vec<_>>()
        };
        let any_of = if ways.len() > 1 { ways.iter().map(rest).collect() } else { Vec::new() };
        let escalate_to: BTreeSet<&String> = self.escalate_to.iter().chain(&other.escalate_to).collect();
        Self {
            rules: common
                .iter()
                .map(|(role, count)| RoleRule { role: role.clone(), count: *count })
                .collect(),
            typed_confirmation: self.typed_confirmation || other.typed_confirmation,
            any_of,
            approval_ttl_s: sooner(self.approval_ttl_s, other.approval_ttl_s),
            review_s: sooner(self.review_s, other.review_s),
            escalate_to: escalate_to.into_iter().cloned().collect(),
            passkey: self.passkey || other.passkey,
            passkey_confirm: self.passkey_confirm || other.passkey_confirm,
        }
    }

    /// The roles that come up in it.
    pub fn roles(&self) -> BTreeSet<String> {
        self.ways().into_iter().flat_map(Way::into_keys).collect()
    }

    /// What is missing for ever when this many principals hold each role, the requester left out: nothing when one of the
    /// ways can be met. Of several ways the one that lacks the fewest people is told.
    pub fn shortfall(&self, holders: &Way) -> Vec<Shortfall> {
        let lacks = |way: &Way| -> Vec<Shortfall> {
            way.iter()
                .map(|(role, need)| (role, holders.get(role).copied().unwrap_or(0), *need))
                .filter(|(_, have, need)| have < need)
                .map(|(role, have, need)| Shortfall { role: role.clone(), have, need })
                .collect()
        };
        let gap = |list: &Vec<Shortfall>| list.iter().map(|one| u64::from(one.need - one.have)).sum::<u64>();
        self.ways().iter().map(lacks).min_by_key(gap).unwrap_or_default()
    }

    /// What contradicts itself in it, if anything does.
    pub(crate) fn contradiction(&self, personal: bool, cooling_off_s: u64) -> Option<&'static str> {
        let lists = || std::iter::once(&self.rules).chain(&self.any_of);
        let twice = |list: &Vec<RoleRule>| {
            list.iter().map(|rule| rule.role.as_str()).collect::<BTreeSet<_>>().len() < list.len()
        };
        let roles = || lists().flatten().map(|rule| &rule.role).chain(&self.escalate_to);
        let found = [
            (self.any_of.iter().any(Vec::is_empty), "any_of has an empty alternative, which everybody meets"),
            (
                personal && (self.has_reviewers() || !self.typed_confirmation),
                "has no reviewers and needs a typed confirmation",
            ),
            (personal && self.passkey, "has no reviewers: passkey_confirm is what its owner needs"),
            (!personal && self.needed() < 2, "needs two approvals at least"),
            (
                lists().flatten().any(|rule| rule.count == 0 || rule.count > MAX_COUNT),
                "a role needs 1 to 10 approvals",
            ),
            (
                self.ways().iter().flat_map(Way::values).any(|count| *count > MAX_COUNT),
                "rules and an alternative together ask one role for more than 10 approvals",
            ),
            (lists().any(twice), "names a role twice"),
            (self.any_of.len() > MAX_ALTERNATIVES, "any_of has more than 8 alternatives"),
            (roles().any(|role| role.trim().is_empty()), "a role has no name"),
            (
                self.approval_ttl_s.is_some_and(|ttl| ttl <= cooling_off_s),
                "approval_ttl_s is not longer than cooling_off_s: every approval would have expired before the call",
            ),
            (self.review_s == Some(0), "review_s is 0: every review would be overdue at once"),
            (
                self.review_s.is_some() && self.escalate_to.is_empty(),
                "review_s needs escalate_to: who is told",
            ),
            (
                self.review_s.is_none() && !self.escalate_to.is_empty(),
                "escalate_to needs review_s: after how long",
            ),
            (self.escalate_to.len() > MAX_TOLD, "escalate_to names more than 5 roles"),
        ];
        found.into_iter().find(|(wrong, _)| *wrong).map(|(_, says)| says)
    }
}

fn size(way: &Way) -> u32 {
    way.values().fold(0, |sum, count| sum.saturating_add(*count))
}

fn stricter(a: &Way, b: &Way) -> Way {
    b.iter().fold(a.clone(), |mut both, (role, count)| {
        let most = both.entry(role.clone()).or_default();
        *most = (*most).max(*count);
        both
    })
}

/// Whether whoever meets `way` has met `other`.
fn covers(way: &Way, other: &Way) -> bool {
    other.iter().all(|(role, count)| way.get(role).is_some_and(|mine| mine >= count))
}

fn sooner(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::canonical_json;

    fn rule(role: &str, count: u32) -> RoleRule {
        RoleRule { role: role.to_owned(), count }
    }

    fn either() -> Review {
        Review {
            any_of: vec![vec![rule("compliance", 1)], vec![rule("legal", 2)]],
            ..Review::of(vec![rule("business", 1)])
        }
    }

    #[test]
    fn req_g4_a_joint_review_asks_for_what_each_of_them_asks_for() {
        let joint = Review::of(vec![rule("business", 2)])
            .and(&Review::of(vec![rule("business", 1)]))
            .and(&Review::of(vec![rule("compliance", 1)]));
        assert_eq!(joint.rules, vec![rule("business", 2), rule("compliance", 1)]);
        assert!(joint.any_of.is_empty());
        let joint = either().and(&Review::of(vec![rule("compliance", 1)]));
        // With compliance asked for anyway, that alternative is met by the same approval.
        assert_eq!((joint.rules, joint.any_of.len()), (vec![rule("business", 1), rule("compliance", 1)], 0));
        let joint = either().and(&Review::of(vec![rule("business", 2)]));
        assert_eq!(joint.ways().len(), 2);
        assert!(joint.ways().iter().all(|way| way["business"] == 2));
        let (mut a, mut b) = (either(), either());
        (a.approval_ttl_s, b.approval_ttl_s) = (Some(50), Some(20));
        (a.escalate_to, b.escalate_to) = (vec!["admin".to_owned()], vec!["legal".to_owned()]);
        (a.review_s, b.passkey) = (Some(9), true);
        let joint = a.and(&b);
        assert_eq!((joint.approval_ttl_s, joint.review_s, joint.passkey), (Some(20), Some(9), true));
        assert_eq!(joint.escalate_to, ["admin", "legal"]);
    }

    #[test]
    fn req_g4_joint_reviews_never_ask_for_less_than_one_of_them() {
        let others = [
            Review::of(vec![rule("business", 1), rule("compliance", 1)]),
            Review {
                any_of: vec![vec![rule("legal", 1), rule("audit", 1)], vec![rule("it", 3)]],
                ..Review::default()
            },
            either(),
        ];
        for a in &others {
            for b in &others {
                let joint = a.and(b);
                assert_eq!(joint, b.and(a));
                for way in joint.ways() {
                    for each in [a, b] {
                        assert!(each.ways().iter().any(|weaker| covers(&way, weaker)), "{way:?} {each:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_review_in_the_simple_form_is_written_as_it_always_was() {
        let review = Review::of(vec![rule("business", 1), rule("compliance", 1)]);
        let bytes = canonical_json(&review).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{"rules":[{"count":1,"role":"business"},{"count":1,"role":"compliance"}],"typed_confirmation":false}"#
        );
        assert_eq!(Review::default().and(&review), review);
    }

    #[test]
    fn req_g4_who_is_missing_for_ever_is_named() {
        let holders = Way::from([("business".to_owned(), 1), ("legal".to_owned(), 1)]);
        let lacks = either().shortfall(&holders);
        assert_eq!(lacks, vec![Shortfall { role: "compliance".to_owned(), have: 0, need: 1 }]);
        let holders = Way::from([("business".to_owned(), 1), ("legal".to_owned(), 2)]);
        assert!(either().shortfall(&holders).is_empty());
    }

    #[test]
    fn req_g4_a_review_that_contradicts_itself_is_named() {
        let says = |change: fn(&mut Review)| {
            let mut review = either();
            change(&mut review);
            review.contradiction(false, 100).unwrap_or_default()
        };
        assert_eq!(says(|_| {}), "");
        assert!(says(|review| review.any_of.push(Vec::new())).contains("empty alternative"));
        assert!(says(|review| review.rules = vec![rule("business", 11)]).contains("1 to 10"));
        assert!(says(|review| review.any_of = vec![vec![rule("business", 10)]]).contains("together"));
        assert!(says(|review| review.approval_ttl_s = Some(100)).contains("approval_ttl_s"));
        assert_eq!(says(|review| review.approval_ttl_s = Some(101)), "");
        assert!(says(|review| review.review_s = Some(60)).contains("escalate_to"));
        assert!(says(|review| review.escalate_to = vec!["admin".to_owned()]).contains("review_s"));
        assert!(says(|review| review.any_of = vec![vec![rule(" ", 1)]]).contains("no name"));
        assert!(says(|review| review.rules.clear()).contains("two approvals"));
        assert!(serde_json::from_str::<Review>(r#"{"rules":[],"any_of":[]}"#).is_err());
    }
}

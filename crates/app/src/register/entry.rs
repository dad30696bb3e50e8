//! What the register says about a group, as its line of the inventory keeps it.

use std::collections::BTreeSet;

use adjourn_domain::asset::{Day, Holding, Person};
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::renewal::Word;
use adjourn_domain::run::{Expiry, GroupState};
use adjourn_domain::succession::Role;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

/// The register's words about a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Who owns it.
    pub owner: Person,
    /// Who stands in.
    pub deputy: Option<Person>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The unit of the organisation.
    pub unit: Option<String>,
    /// What it holds; `None` when nobody has said.
    pub holds: Option<BTreeSet<Holding>>,
    /// The last day on which it is needed, as it counts now.
    pub expires: Option<Day>,
    /// The renewal that this day comes from, if it does.
    pub renewed: Option<RenewedEntry>,
    /// What its owner answered when asked whether it is still needed.
    #[serde(default)]
    pub answered: Option<AnsweredEntry>,
    /// How it is to end.
    pub exit_plan: Option<String>,
}

/// An owner's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredEntry {
    /// The answer.
    #[serde(flatten)]
    pub word: Word,
    /// When.
    pub at: Time,
    /// In which words.
    pub text: Option<String>,
}

/// A renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewedEntry {
    /// On whose word.
    pub by: PrincipalId,
    /// When.
    pub at: Time,
    /// In which words.
    pub answer: Option<String>,
}

/// A successor that is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedEntry {
    /// In which role.
    pub role: Role,
    /// Who leaves.
    pub leaver: Person,
    /// On which day, if somebody said.
    pub left_on: Option<Day>,
    /// Since when.
    pub since: Time,
    /// Until when somebody has to be named.
    pub due: Time,
    /// Who is proposed.
    pub proposed: Option<Person>,
}

impl AnsweredEntry {
    /// Whether it is for a person to decide now: the owner has no use for the group, or is not the owner.
    pub fn ends(&self) -> bool {
        !matches!(self.word, Word::Needed { .. })
    }
}

impl Entry {
    /// The entry of a group; `None` when the register does not name it.
    pub fn of(group: &GroupState) -> Option<Self> {
        let known = group.registration.as_ref()?;
        let expiry = group.expiry();
        Some(Self {
            owner: Person {
                id: known.owner.clone(),
                name: known.owner_name.clone(),
                contact: known.contact.clone(),
            },
            deputy: known.asset.deputy.clone(),
            purpose: known.purpose.clone(),
            unit: known.asset.unit.clone(),
            holds: known.asset.holds.clone(),
            expires: expiry.map(Expiry::day),
            renewed: expiry.and_then(|expiry| match expiry {
                Expiry::Register(_) => None,
                Expiry::Renewal(renewal, at) => {
                    Some(RenewedEntry { by: renewal.by.clone(), at, answer: renewal.answer.clone() })
                }
            }),
            answered: group.upkeep.answered.as_ref().map(|(answer, at)| AnsweredEntry {
                word: answer.word,
                at: *at,
                text: answer.text.clone(),
            }),
            exit_plan: known.asset.exit_plan.clone(),
        })
    }
}

impl OwedEntry {
    /// What a group is owed.
    pub fn of(group: &GroupState) -> Vec<Self> {
        let debts = group.upkeep.debts.open();
        debts
            .map(|debt| Self {
                role: debt.owed.role,
                leaver: Person {
                    id: debt.owed.person.clone(),
                    name: debt.owed.name.clone(),
                    contact: String::new(),
                },
                left_on: debt.owed.left_on,
                since: debt.since,
                due: debt.owed.due,
                proposed: debt.owed.proposed.clone(),
            })
            .collect()
    }
}

//! Who takes a group over when its owner, or the owner's deputy, leaves the organisation.
//!
//! Invariants: a leaver owes each group one successor in each role, however often the list of leavers is read; what is owed
//! is settled by the register naming another person, or by the platform showing another owner, and by nothing else; a
//! proposal of a successor hands nothing over.

use serde::{Deserialize, Serialize};

use crate::asset::{Day, Person};
use crate::canonical::Hash;
use crate::group::Snapshot;
use crate::ids::{NativeId, OwnerId, PrincipalId};
use crate::register::Registration;
use crate::time::Time;

/// What a person is to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owns it.
    Owner,
    /// Stands in for the owner.
    Deputy,
}

impl Role {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Deputy => "deputy",
        }
    }
}

/// Somebody who leaves, as a list or a directory says it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leaver {
    /// The line in the file, or the place in the directory's list, from 1.
    pub line: u64,
    /// The name, in each way in which it may stand in a register; the first one is shown.
    pub names: Vec<String>,
    /// Ways to reach the person; empty when the list has none.
    pub contacts: Vec<String>,
    /// Accounts on platforms.
    pub accounts: Vec<String>,
    /// The platform of the accounts, its slug or what stands there in lower case; any if `None`.
    pub platform: Option<String>,
    /// The last day.
    pub left_on: Option<Day>,
}

impl Leaver {
    /// The name that is shown.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

/// A successor that a group is owed. Name and account are personal data: they live in the encrypted payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// In which role.
    pub role: Role,
    /// Who leaves.
    pub person: OwnerId,
    /// The leaver's name.
    pub name: String,
    /// The account by which the platform shows the leaver as owner, when that is how the group was found.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub account: Option<NativeId>,
    /// The day on which the person leaves, if the list has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub left_on: Option<Day>,
    /// Until when the successor has to be named.
    pub due: Time,
    /// Who is proposed: the deputy, where there is one who stays.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proposed: Option<Person>,
    /// Who read the list.
    pub by: PrincipalId,
    /// SHA-256 of the list of leavers.
    pub source: Hash,
}

/// How a debt was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// The register names another person.
    Register,
    /// The platform shows another owner.
    Platform,
}

/// What is owed, and whether it is settled. A settled one is remembered for as long as the register names the leaver, so that
/// the same list read again owes nothing twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt {
    /// What is owed.
    pub owed: Owed,
    /// Since when.
    pub since: Time,
    /// How it was settled.
    pub settled: Option<Settled>,
}

/// Debts of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Debts(Vec<Debt>);

impl Debts {
    /// What is open.
    pub fn open(&self) -> impl Iterator<Item = &Debt> {
        self.0.iter().filter(|debt| debt.settled.is_none())
    }

    /// What is open in a role.
    pub fn open_as(&self, role: Role) -> Option<&Debt> {
        self.open().find(|debt| debt.owed.role == role)
    }

    /// Whether this is known already, open or settled.
    pub fn knows(&self, owed: &Owed) -> bool {
        self.0.iter().any(|debt| {
            let same = debt.owed.account.is_some() && debt.owed.account == owed.account;
            debt.owed.role == owed.role && (debt.owed.person == owed.person || same)
        })
    }

    pub(crate) fn owe(&mut self, at: Time, owed: Owed) {
        self.0.push(Debt { owed, since: at, settled: None });
    }

    /// The register spoke.
    pub(crate) fn registered(&mut self, after: &Registration) {
        for debt in &mut self.0 {
            if debt.settled.is_none() && after.fills(debt.owed.role, &debt.owed.person) {
                debt.settled = Some(Settled::Register);
            }
        }
        self.forget(Some(after));
    }

    /// The platform showed the group.
    pub(crate) fn seen(
        &mut self,
        before: Option<&Snapshot>,
        after: &Snapshot,
        registration: Option<&Registration>,
    ) {
        if after.owners.is_empty() {
            return;
        }
        for debt in &mut self.0 {
            if debt.settled.is_some() || debt.owed.role != Role::Owner {
                continue;
            }
            let over = match &debt.owed.account {
                Some(account) => !after.owners.contains(account),
                // Whose account it was nobody knows: only when nobody of before is an owner any more, it was theirs.
                None => before.is_some_and(|before| {
                    !before.owners.is_empty() && before.owners.iter().all(|old| !after.owners.contains(old))
                }),
            };
            if over {
                debt.settled = Some(Settled::Platform);
            }
        }
        self.forget(registration);
    }

    /// Drops what is settled, once the register does not name the leaver any more: nobody can find the leaver there again.
    fn forget(&mut self, registration: Option<&Registration>) {
        self.0.retain(|debt| {
            let named = registration.is_some_and(|known| known.names(debt.owed.role, &debt.owed.person));
            debt.settled.is_none() || named
        });
    }
}

impl Registration {
    /// Whether it names this person in this role.
    pub fn names(&self, role: Role, person: &OwnerId) -> bool {
        match role {
            Role::Owner => self.owner == *person,
            Role::Deputy => self.asset.deputy.as_ref().is_some_and(|deputy| deputy.id == *person),
        }
    }

    /// Whether it names somebody else in this role.
    fn fills(&self, role: Role, person: &OwnerId) -> bool {
        match role {
            Role::Owner => self.owner != *person,
            Role::Deputy => self.asset.deputy.as_ref().is_some_and(|deputy| deputy.id != *person),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::Asset;

    fn registration(owner: &str, deputy: Option<&str>) -> Registration {
        let person = |id: &str| Person { id: id.into(), name: id.to_owned(), contact: String::new() };
        Registration {
            owner: owner.into(),
            owner_name: owner.to_owned(),
            contact: String::new(),
            purpose: None,
            kind: None,
            ledger: None,
            row: 1,
            asset: Asset { deputy: deputy.map(person), ..Asset::default() },
        }
    }

    fn owed(role: Role, account: Option<&str>) -> Owed {
        Owed {
            role,
            person: "o-1".into(),
            name: "Li".to_owned(),
            account: account.map(Into::into),
            left_on: None,
            due: Time::from_millis(5),
            proposed: None,
            by: "p-1".into(),
            source: Hash::of(b"list"),
        }
    }

    fn debts(owed: Owed) -> Debts {
        let mut debts = Debts::default();
        debts.owe(Time::from_millis(1), owed);
        debts
    }

    fn snapshot(owners: &[&str]) -> Snapshot {
        let json = serde_json::json!({
            "platform": "qq", "connection": "q", "native": "1", "name": null, "alias": null, "owners": owners,
            "members": [], "links": [], "encrypted": false, "events": null, "seen_by": "main",
            "seen_at": "2026-01-01T00:00:00.000Z"
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn another_name_in_the_register_settles_and_an_empty_cell_does_not() {
        let mut owner = debts(owed(Role::Owner, None));
        owner.registered(&registration("o-1", Some("o-2")));
        assert!(owner.open_as(Role::Owner).is_some(), "a new deputy is no new owner");
        owner.registered(&registration("o-2", None));
        assert_eq!(owner, Debts::default());

        let mut deputy = debts(owed(Role::Deputy, None));
        deputy.registered(&registration("o-9", None));
        assert!(deputy.open_as(Role::Deputy).is_some(), "nobody is no successor");
        deputy.registered(&registration("o-9", Some("o-3")));
        assert_eq!(deputy.open().count(), 0);
    }

    #[test]
    fn a_transfer_on_the_platform_settles_once_and_is_remembered_while_the_register_still_names_the_leaver() {
        let register = registration("o-1", None);
        for account in [None, Some("a")] {
            let mut debts = debts(owed(Role::Owner, account));
            let (before, after) = (snapshot(&["a"]), snapshot(&["b"]));
            debts.seen(Some(&before), &snapshot(&[]), Some(&register));
            debts.seen(Some(&before), &snapshot(&["a", "b"]), Some(&register));
            assert_eq!(debts.open().count(), 1, "the leaver is an owner still, or nobody told");
            debts.seen(Some(&before), &after, Some(&register));
            assert_eq!(debts.open().count(), 0);
            assert!(debts.knows(&owed(Role::Owner, None)), "the same list owes nothing again");
            debts.registered(&registration("o-2", None));
            assert!(!debts.knows(&owed(Role::Owner, None)));
        }
        let mut unseen = debts(owed(Role::Owner, None));
        unseen.seen(None, &snapshot(&["b"]), Some(&register));
        assert_eq!(unseen.open().count(), 1, "the first look is no transfer");
    }
}

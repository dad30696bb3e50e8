//! What a ledger (the organisation's own list of groups) says about a group, and the task link of a group's owner.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::asset::Asset;
use crate::canonical::Hash;
use crate::group::Kind;
use crate::ids::{CaseId, GroupId, OwnerId};
use crate::time::Time;

/// The identity in whose name a ledger's groups are seen, until a platform shows them.
pub const LEDGER: &str = "ledger";

/// A ledger's row about a group. Name and contact are personal data: they live in the encrypted payload of the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Who owns it: the same person with the same contact has the same id.
    pub owner: OwnerId,
    /// The owner's name.
    pub owner_name: String,
    /// How to reach the owner; empty when the ledger has nothing.
    pub contact: String,
    /// What the group is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub purpose: Option<String>,
    /// What kind of group the organisation says it is. It decides where the platform shows an ordinary one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kind: Option<Kind>,
    /// SHA-256 of the ledger's bytes; `None` when a person said it without a ledger.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ledger: Option<Hash>,
    /// The row in it; 0 without a ledger.
    #[serde(default)]
    pub row: u64,
    /// What it is as an asset of the organisation.
    #[serde(skip_serializing_if = "Asset::is_empty", default)]
    pub asset: Asset,
}

impl Registration {
    /// Whether the other one says the same, wherever it stands.
    pub fn same_as(&self, other: &Self) -> bool {
        let there = Self { ledger: self.ledger, row: self.row, ..other.clone() };
        *self == there
    }
}

/// The link that an owner got for a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskLink {
    /// When it was made.
    pub issued_at: Time,
    /// When it ends.
    pub expires_at: Time,
    /// When the owner was reminded.
    pub reminded: Vec<Time>,
    /// The owner's groups in the case; `None` for a link from before they were written down.
    pub groups: Option<Vec<GroupId>>,
}

impl TaskLink {
    /// A link of which nobody was reminded yet.
    pub fn new(issued_at: Time, expires_at: Time, groups: Option<Vec<GroupId>>) -> Self {
        Self { issued_at, expires_at, reminded: Vec::new(), groups }
    }
}

/// Longest token, in bytes.
const MAX_TOKEN: usize = 300;
/// The form of tokens.
const FORM: &str = "t1";

/// What a task link says. Whoever holds the token with a right signature is this owner, for this case, until then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The case.
    pub case: CaseId,
    /// The owner.
    pub owner: OwnerId,
    /// Its end.
    pub expires_at: Time,
}

impl Ticket {
    /// The bytes that are signed.
    pub fn signed(&self) -> String {
        format!("{FORM}.{}.{}.{}", self.case, self.owner, self.expires_at.as_millis() / 1000)
    }

    /// The token: what is signed, and the signature.
    pub fn token(&self, mac: &[u8]) -> String {
        format!("{}.{}", self.signed(), crate::canonical::hex(mac))
    }

    /// Takes a token apart. Whether the signature is right is not known yet.
    pub fn read(token: &str) -> Option<(Self, Vec<u8>)> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        let mut parts = token.split('.');
        let (form, case, owner) = (parts.next()?, parts.next()?, parts.next()?);
        let (expires, mac) = (parts.next()?, parts.next()?);
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if form != FORM || parts.next().is_some() || !plain(case) || !plain(owner) {
            return None;
        }
        let ticket = Self {
            case: case.into(),
            owner: owner.into(),
            expires_at: Time::from_millis(expires.parse::<i64>().ok()?.checked_mul(1000)?),
        };
        // One ticket has one spelling.
        let mac = crate::canonical::unhex(mac)?;
        (ticket.token(&mac) == token).then_some((ticket, mac))
    }
}

/// Links by owner, as a case keeps them.
pub type TaskLinks = BTreeMap<OwnerId, TaskLink>;

#[cfg(test)]
mod tests {
    use super::*;

    fn ticket() -> Ticket {
        Ticket {
            case: "c-1a2b".into(),
            owner: "o-77".into(),
            expires_at: Time::parse("2026-12-01T00:00:00Z").unwrap(),
        }
    }

    #[test]
    fn the_same_end_again_is_the_same_link_with_other_groups_and_old_rows_name_none() {
        use crate::case::CaseState;
        use crate::event::CaseEvent;
        let until = Time::from_millis(9_000);
        let issued = |at, until, groups: &[&str]| CaseEvent::TasksIssued {
            by: "p-1".into(),
            at: Time::from_millis(at),
            owners: BTreeMap::from([("o-77".into(), until)]),
            groups: BTreeMap::from([("o-77".into(), groups.iter().map(|id| GroupId::from(*id)).collect())]),
        };
        let reminded =
            CaseEvent::Reminded { by: "p-1".into(), at: Time::from_millis(2), owners: vec!["o-77".into()] };
        let events = [issued(1, until, &["g-1"]), reminded, issued(3, until, &["g-1", "g-2"])];
        let case = CaseState::fold("c-1".into(), &events);
        let link = &case.tasks[&OwnerId::from("o-77")];
        assert_eq!((link.issued_at, link.reminded.len()), (Time::from_millis(1), 1));
        assert_eq!(link.groups.as_ref().unwrap().len(), 2);
        let again = case.evolve(&issued(4, Time::from_millis(10_000), &["g-2"]));
        let link = &again.tasks[&OwnerId::from("o-77")];
        assert_eq!((link.issued_at, link.reminded.len()), (Time::from_millis(4), 0));
        // As it was written before groups were.
        let old = r#"{"kind":"tasks_issued","by":"p-1","at":"2026-11-25T00:00:00.000Z","owners":{"o-77":"2026-12-01T00:00:00.000Z"}}"#;
        let old: CaseEvent = serde_json::from_str(old).unwrap();
        assert_eq!(serde_json::to_value(&old).unwrap().get("groups"), None);
        let case = CaseState::fold("c-1".into(), [&old]);
        assert_eq!(case.tasks[&OwnerId::from("o-77")].groups, None);
    }

    #[test]
    fn a_token_reads_back_and_has_one_spelling() {
        let token = ticket().token(&[7; 32]);
        assert_eq!(Ticket::read(&token), Some((ticket(), vec![7; 32])));
        for wrong in [
            token.to_uppercase(),
            token.replace("c-1a2b", "c-1a2b.x"),
            token.replace("t1.", "t2."),
            token.replace("o-77", "o-7/7"),
            token.replace("o-77", "o-7\u{4e00}"),
            format!("{token}.00"),
            format!("{token}0"),
            token.replace(".17", ".017"),
            String::new(),
            "....".to_owned(),
            "x".repeat(10_000),
        ] {
            assert_eq!(Ticket::read(&wrong), None, "{wrong}");
        }
    }
}

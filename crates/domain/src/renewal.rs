//! A group is needed for longer: who said so, until when, and in which words; and how its owner is asked.
//!
//! An owner is asked by a link that opens one page, for the owner's own groups, until its end. What the owner answers is kept
//! with what was shown. *Not needed* ends nothing: a proposal to end a group is always a person's.

use serde::{Deserialize, Serialize};

use crate::asset::Day;
use crate::ids::{OwnerId, PrincipalId};
use crate::time::Time;

/// Longest answer that is kept, in characters.
pub const MAX_ANSWER: usize = 500;
/// For how many years a renewal lasts at most.
pub const MAX_YEARS: u16 = 10;

/// A renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// Who said so.
    pub by: PrincipalId,
    /// The last day on which it is needed.
    pub until: Day,
    /// In which words; personal data, in the encrypted payload.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub answer: Option<String>,
}

/// An owner is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The owner.
    pub owner: OwnerId,
    /// The end of the link; of two links the one with this end is open.
    pub link_until: Time,
    /// Who had the link made.
    pub by: PrincipalId,
}

/// What an owner says about a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "says", rename_all = "snake_case")]
pub enum Word {
    /// It is needed until the end of this day.
    Needed {
        /// The day.
        until: Day,
    },
    /// It is not needed any more.
    NotNeeded,
    /// It is not the owner's any more.
    NotMine,
}

impl Word {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Needed { .. } => "needed",
            Self::NotNeeded => "not_needed",
            Self::NotMine => "not_mine",
        }
    }
}

/// What an owner was shown. Personal data, in the encrypted payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The group's name.
    pub name: String,
    /// Its platform.
    pub platform: String,
    /// Its last day.
    pub expires: Option<Day>,
    /// What it is for, as the register has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub purpose: Option<String>,
}

/// An owner's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerAnswer {
    /// The owner.
    pub owner: OwnerId,
    /// The end of the link that was answered by.
    pub link_until: Time,
    /// The answer.
    pub word: Word,
    /// In which words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// What was shown.
    pub shown: Shown,
}

/// Longest token, in bytes.
const MAX_TOKEN: usize = 300;
/// The form of tokens. No token of another purpose begins like this.
const FORM: &str = "r1";

/// What a renewal link says. Whoever holds the token with a right signature is this owner, until then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalTicket {
    /// The owner.
    pub owner: OwnerId,
    /// Its end, in whole seconds.
    pub expires_at: Time,
}

impl RenewalTicket {
    /// The bytes that are signed.
    pub fn signed(&self) -> String {
        format!("{FORM}.{}.{}", self.owner, self.expires_at.as_millis() / 1000)
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
        let parts: Vec<&str> = token.split('.').collect();
        let [form, owner, expires, mac] = parts.as_slice() else { return None };
        let plain = owner.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if *form != FORM || !plain {
            return None;
        }
        let ticket = Self {
            owner: (*owner).into(),
            expires_at: Time::from_millis(expires.parse::<i64>().ok()?.checked_mul(1000)?),
        };
        // One ticket has one spelling.
        let mac = crate::canonical::unhex(mac)?;
        (ticket.token(&mac) == token).then_some((ticket, mac))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::Ticket;

    #[test]
    fn a_renewal_link_is_good_for_nothing_else_and_has_one_spelling() {
        let ticket =
            RenewalTicket { owner: "o-77".into(), expires_at: Time::parse("2026-12-01T00:00:00Z").unwrap() };
        let token = ticket.token(&[7; 32]);
        assert_eq!(RenewalTicket::read(&token), Some((ticket, vec![7; 32])));
        assert_eq!(Ticket::read(&token), None);
        let task = Ticket { case: "c-1".into(), owner: "o-77".into(), expires_at: Time::from_millis(9_000) };
        assert_eq!(RenewalTicket::read(&task.token(&[7; 32])), None);
        for wrong in [
            token.to_uppercase(),
            token.replace("r1.", "t1."),
            token.replace("o-77", "o-7/7"),
            format!("{token}0"),
            token.replace(".17", ".017"),
            String::new(),
            "...".to_owned(),
            "x".repeat(10_000),
        ] {
            assert_eq!(RenewalTicket::read(&wrong), None, "{wrong}");
        }
    }
}

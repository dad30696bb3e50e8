//! Delegations: somebody who has a role lets another person approve in it for a time.
//!
//! The person who signs is the one who counts. What a delegation lends is the delegator's own voice, so a delegator and a
//! delegate are two people only where each of them holds the role by themself.

use serde::{Deserialize, Serialize};

use crate::approval::Principal;
use crate::canonical::{CanonicalError, canonical_json};
use crate::ids::{DelegationId, PrincipalId};
use crate::refusal::Refusal;
use crate::time::Time;

/// The longest delegation, in seconds: 90 days. Who is away for longer needs a successor in the role.
pub const MAX_DELEGATION_S: u64 = 90 * 24 * 3600;
/// Longest reason, in characters.
pub const MAX_REASON: usize = 500;

/// What the delegator signs. Field order does not matter: the bytes are canonical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Format and version: `delegation/v1`.
    pub adjourn: String,
    /// Its id.
    pub id: DelegationId,
    /// Who has the role.
    pub from: PrincipalId,
    /// Who may approve in it.
    pub to: PrincipalId,
    /// The role.
    pub role: String,
    /// From when.
    pub at: Time,
    /// Until when; that moment is no longer in it.
    pub until: Time,
    /// Why.
    pub reason: String,
}

impl Delegation {
    /// The bytes that are signed.
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }

    /// Whether it holds at this time, if nobody has taken it back.
    pub fn holds(&self, now: Time) -> bool {
        self.at <= now && now < self.until
    }

    /// What an approval says about it.
    pub fn on_behalf(&self) -> OnBehalf {
        OnBehalf { delegation: self.id.clone(), of: self.from.clone(), role: self.role.clone() }
    }

    /// Refuses a delegation that nobody can make.
    ///
    /// # Errors
    /// `delegation.self`, `delegation.role` when the delegator does not hold the role, `delegation.time`, `delegation.reason`.
    pub fn check(&self, from: &Principal, now: Time) -> Result<(), Refusal> {
        if self.to == self.from {
            return Err(Refusal::new("delegation.self").with("principal", &from.name));
        }
        // What was lent can't be lent on.
        if from.id != self.from || from.role != self.role {
            return Err(Refusal::new("delegation.role")
                .with("principal", &from.name)
                .with("role", &self.role));
        }
        if self.at != now || self.until <= now || self.until > now.plus_secs(MAX_DELEGATION_S) {
            return Err(Refusal::new("delegation.time")
                .with("until", self.until)
                .with("limit", MAX_DELEGATION_S / (24 * 3600)));
        }
        if self.reason.trim().is_empty() || self.reason.chars().count() > MAX_REASON {
            return Err(Refusal::new("delegation.reason").with("limit", MAX_REASON));
        }
        Ok(())
    }
}

/// In whose place somebody approves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnBehalf {
    /// The delegation.
    pub delegation: DelegationId,
    /// Whose voice it is.
    pub of: PrincipalId,
    /// The role that was lent.
    pub role: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delegation() -> Delegation {
        Delegation {
            adjourn: "delegation/v1".to_owned(),
            id: "d-1".into(),
            from: "p-1".into(),
            to: "p-2".into(),
            role: "legal".to_owned(),
            at: Time::from_millis(1000),
            until: Time::from_millis(61_000),
            reason: "on leave".to_owned(),
        }
    }

    #[test]
    fn req_g4_only_the_role_that_one_holds_is_lent_and_for_a_time() {
        let from = Principal {
            id: "p-1".into(),
            name: "Li".to_owned(),
            role: "legal".to_owned(),
            public_key: String::new(),
            added_by: None,
        };
        let now = Time::from_millis(1000);
        let code = |change: fn(&mut Delegation)| {
            let mut delegation = delegation();
            change(&mut delegation);
            delegation.check(&from, now).map_err(|refusal| refusal.code)
        };
        assert_eq!(code(|_| {}), Ok(()));
        assert_eq!(code(|one| one.to = "p-1".into()), Err("delegation.self"));
        assert_eq!(code(|one| one.role = "admin".to_owned()), Err("delegation.role"));
        assert_eq!(code(|one| one.until = one.at), Err("delegation.time"));
        assert_eq!(code(|one| one.until = one.at.plus_secs(MAX_DELEGATION_S + 1)), Err("delegation.time"));
        assert_eq!(code(|one| one.reason = " ".to_owned()), Err("delegation.reason"));
        let one = delegation();
        assert!(one.holds(one.at) && !one.holds(one.until) && !one.holds(Time::from_millis(999)));
    }
}

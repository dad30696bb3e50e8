//! Who may say yes, as the organisation's stream tells it: roles that were lent, passkeys, how many hold a role.

use std::collections::BTreeMap;

use adjourn_domain::approval::Principal;
use adjourn_domain::delegation::Delegation;
use adjourn_domain::event::OrgEvent;
use adjourn_domain::ids::{DelegationId, PrincipalId};
use adjourn_domain::passkey::Passkey;
use adjourn_domain::review::Way;
use adjourn_domain::time::Time;

use super::Org;

/// Delegations and passkeys.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// Delegations with the signature of each.
    pub delegations: BTreeMap<DelegationId, Lent>,
    /// Passkeys by credential id.
    pub passkeys: BTreeMap<String, Held>,
}

/// A delegation as it stands.
#[derive(Debug, Clone)]
pub struct Lent {
    /// What was signed.
    pub delegation: Delegation,
    /// The delegator's signature in hex.
    pub signature: String,
    /// When it was taken back.
    pub revoked: Option<Time>,
}

/// A passkey as it stands.
#[derive(Debug, Clone)]
pub struct Held {
    /// What was signed.
    pub passkey: Passkey,
    /// Its owner's signature in hex.
    pub signature: String,
    /// The highest count that it told.
    pub counter: u32,
    /// How often it counted backwards.
    pub suspect: u32,
    /// When it was taken away.
    pub revoked: Option<Time>,
}

impl Who {
    pub(super) fn fold(&mut self, at: Time, event: OrgEvent) {
        match event {
            OrgEvent::Delegated { delegation, signature } => {
                self.delegations.insert(delegation.id.clone(), Lent { delegation, signature, revoked: None });
            }
            OrgEvent::DelegationRevoked { delegation, .. } => {
                if let Some(lent) = self.delegations.get_mut(&delegation) {
                    lent.revoked = Some(at);
                }
            }
            OrgEvent::PasskeyAdded { passkey, signature } => {
                let held = Held { passkey, signature, counter: 0, suspect: 0, revoked: None };
                self.passkeys.insert(held.passkey.credential.clone(), held);
            }
            OrgEvent::PasskeyRevoked { credential, .. } => {
                if let Some(held) = self.passkeys.get_mut(&credential) {
                    held.revoked = Some(at);
                }
            }
            OrgEvent::PasskeyUsed { credential, counter } => {
                if let Some(held) = self.passkeys.get_mut(&credential) {
                    held.counter = counter;
                }
            }
            OrgEvent::PasskeySuspect { credential, .. } => {
                if let Some(held) = self.passkeys.get_mut(&credential) {
                    held.suspect += 1;
                }
            }
            _ => {}
        }
    }
}

impl Org {
    /// How many principals hold each role by themselves, one of them left out: whoever asks can't approve.
    pub fn holders(&self, except: Option<&PrincipalId>) -> Way {
        let mut holders = Way::new();
        for principal in self.principals.values().filter(|principal| Some(&principal.id) != except) {
            *holders.entry(principal.role.clone()).or_default() += 1;
        }
        holders
    }

    /// The principals who hold a role by themselves.
    pub fn holding<'a>(&'a self, role: &'a str) -> impl Iterator<Item = &'a Principal> {
        self.principals.values().filter(move |principal| principal.role == role)
    }

    /// The delegations that hold at a time. One whose delegator has not the role any more lends nothing.
    pub fn lent(&self, now: Time) -> impl Iterator<Item = &Delegation> {
        self.who
            .delegations
            .values()
            .filter(move |lent| lent.revoked.is_none() && lent.delegation.holds(now))
            .map(|lent| &lent.delegation)
            .filter(|lent| self.principals.get(&lent.from).is_some_and(|from| from.role == lent.role))
    }

    /// The passkeys of a principal that were not taken away.
    pub fn passkeys_of<'a>(&'a self, principal: &'a PrincipalId) -> impl Iterator<Item = &'a Held> {
        self.who
            .passkeys
            .values()
            .filter(move |held| held.revoked.is_none() && held.passkey.principal == *principal)
    }
}

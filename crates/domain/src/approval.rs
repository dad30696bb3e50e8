//! Approvals and other signed statements of principals.
//!
//! A statement is canonical JSON; the signature is Ed25519 (RFC 8032) over its bytes. This crate builds the
//! bytes; checking the signature is a port's work.

use serde::{Deserialize, Serialize};

use crate::canonical::{CanonicalError, Hash, canonical_json};
use crate::delegation::OnBehalf;
use crate::ids::{CaseId, HoldId, PrincipalId};
use crate::passkey::Assertion;
use crate::time::Time;

/// A person or service of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// Id, derived from the public key.
    pub id: PrincipalId,
    /// Name for people.
    pub name: String,
    /// Role in reviews (`business`, `compliance`, `admin`).
    pub role: String,
    /// Ed25519 public key, 32 bytes in hex.
    pub public_key: String,
    /// Who added it; `None` for the first one.
    pub added_by: Option<PrincipalId>,
}

/// What a reviewer says about a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Agrees to exactly this plan.
    Approve,
    /// Refuses it.
    Reject,
}

/// What is signed when a plan is approved or rejected. Field order does not matter: the bytes are canonical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Format and version: `approval/v1`.
    pub adjourn: String,
    /// The case.
    pub case: CaseId,
    /// SHA-256 of the plan.
    pub plan_hash: Hash,
    /// Who speaks.
    pub principal: PrincipalId,
    /// What he says.
    pub decision: Decision,
    /// When.
    pub at: Time,
    /// Random, 16 bytes in hex: one statement is used once.
    pub nonce: String,
    /// In whose place, where the role was lent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<Box<OnBehalf>>,
}

impl Statement {
    /// The bytes that are signed.
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }

    /// Whose voice it is: the delegator's where the role was lent, else the speaker's own.
    pub fn voice(&self) -> &PrincipalId {
        self.on_behalf.as_ref().map_or(&self.principal, |behalf| &behalf.of)
    }
}

/// A statement with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// What was said.
    #[serde(flatten)]
    pub statement: Statement,
    /// Ed25519 signature, 64 bytes in hex.
    pub signature: String,
    /// What the person's passkey signed, where they used one: plan hash, this nonce, this person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Box<Assertion>>,
}

/// What two people sign to lift a hold or to destroy a group's key: one asks, another one confirms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DualAct {
    /// Format and version: `dual/v1`.
    pub adjourn: String,
    /// What is to be done: `hold.lift` or `key.destroy`.
    pub act: String,
    /// What it is done to: a hold, or a group.
    pub subject: String,
    /// Who speaks.
    pub principal: PrincipalId,
    /// When.
    pub at: Time,
}

impl DualAct {
    /// The statement for lifting a hold.
    pub fn lift(hold: &HoldId, principal: &PrincipalId, at: Time) -> Self {
        Self::new("hold.lift", hold.as_str(), principal, at)
    }

    /// A statement about `subject`.
    pub fn new(act: &str, subject: &str, principal: &PrincipalId, at: Time) -> Self {
        Self {
            adjourn: "dual/v1".to_owned(),
            act: act.to_owned(),
            subject: subject.to_owned(),
            principal: principal.clone(),
            at,
        }
    }

    /// The bytes that are signed.
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }
}

//! Instructions: what the centre tells an outpost near a platform to change, as signed envelopes.
//!
//! An envelope is DSSE (<https://github.com/secure-systems-lab/dsse>, protocol 1.0.2) with one Ed25519 signature over the
//! pre-authentication encoding of a canonical JSON payload. The payload binds the call to the approved plan, the run's step,
//! the attempt and the fencing number of the worker; it expires and is used once. There is one way to write an envelope, so
//! that no byte of one can change unnoticed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::canonical::{CanonicalError, Hash, canonical_json};
use crate::capability::Op;
use crate::ids::{CaseId, GroupId};
use crate::time::Time;

/// The payload type of the envelope.
pub const PAYLOAD_TYPE: &str = "application/vnd.adjourn.instruction+json";
/// The first field of the payload.
pub const VERSION: &str = "instruction/v1";
/// How far two clocks may be apart, in seconds.
pub const SKEW_S: u64 = 60;
/// How long an instruction may be valid, in seconds: longer ones are refused, since every outpost has to remember nonces
/// for that long.
pub const MAX_VALID_S: u64 = 900;
/// Longest envelope in bytes; a longer one is refused before it is parsed.
pub const MAX_ENVELOPE_BYTES: usize = 16 * 1024;
/// Length of a nonce in hex digits.
pub const NONCE_DIGITS: usize = 32;

/// Under what a changing call is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The case.
    pub case: CaseId,
    /// The approved plan.
    pub plan_hash: Hash,
    /// The group, by our id.
    pub group: GroupId,
    /// The plan's step.
    pub step: String,
    /// The attempt, from 1.
    pub attempt: u32,
    /// Fencing number of the worker's lease.
    pub fence: u64,
}

/// The payload of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instruction {
    /// Always [`VERSION`].
    pub adjourn: String,
    /// Name of the outpost that is to act.
    pub to: String,
    /// Under what.
    pub under: Authority,
    /// The operation.
    pub op: Op,
    /// SHA-256 of the call's canonical bytes.
    pub body_sha256: Hash,
    /// When it was made.
    pub issued_at: Time,
    /// When it stops being valid.
    pub expires_at: Time,
    /// 16 random bytes in hex; used once.
    pub nonce: String,
}

impl Instruction {
    /// An instruction for `valid_s` seconds from `now`.
    pub fn new(
        to: &str,
        under: Authority,
        op: Op,
        body: &[u8],
        now: Time,
        valid_s: u64,
        nonce: &[u8; 16],
    ) -> Self {
        Self {
            adjourn: VERSION.to_owned(),
            to: to.to_owned(),
            under,
            op,
            body_sha256: Hash::of(body),
            issued_at: now,
            expires_at: now.plus_secs(valid_s.min(MAX_VALID_S)),
            nonce: crate::canonical::hex(nonce),
        }
    }

    /// The envelope's bytes, signed by `sign` with the key named `keyid`.
    ///
    /// # Errors
    /// Never for an instruction of ours: none of its values lacks a canonical form.
    pub fn seal(&self, keyid: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>, CanonicalError> {
        let payload = canonical_json(self)?;
        let sig = sign(&pae(PAYLOAD_TYPE, &payload));
        canonical_json(&Envelope {
            payload: STANDARD.encode(&payload),
            payload_type: PAYLOAD_TYPE.to_owned(),
            signatures: vec![Signature { keyid: keyid.to_owned(), sig: STANDARD.encode(sig) }],
        })
    }

    /// Until when an outpost remembers the nonce.
    pub fn remembered_until(&self) -> Time {
        self.expires_at.plus_secs(SKEW_S)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<Signature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

/// The pre-authentication encoding of DSSE: what is signed.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// What a key says of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// There is no such key.
    UnknownKey,
    /// The signature does not hold.
    Bad,
    /// It holds.
    Good,
}

/// Why an instruction is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refused {
    /// No key that the outpost trusts signed it.
    Forged,
    /// It is not what was signed.
    Altered,
    /// It is for another outpost.
    NotForMe,
    /// Its time is over.
    Expired {
        /// The centre's clock when it was made.
        there: Time,
        /// When it stopped being valid.
        until: Time,
        /// The outpost's clock.
        here: Time,
    },
    /// It comes from the future: the clocks are apart.
    Early {
        /// The centre's clock when it was made.
        there: Time,
        /// The outpost's clock.
        here: Time,
    },
    /// It was used before.
    Replayed,
    /// A newer worker has given instructions since.
    Stale {
        /// Its fencing number.
        fence: u64,
        /// The highest one that the outpost has seen.
        seen: u64,
    },
}

impl Refused {
    /// The reason's slug.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Altered => "altered",
            Self::NotForMe => "not_for_me",
            Self::Expired { .. } => "expired",
            Self::Early { .. } => "early",
            Self::Replayed => "replayed",
            Self::Stale { .. } => "stale",
        }
    }

    /// The error slug.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Forged => "instruction.forged",
            Self::Altered => "instruction.altered",
            Self::NotForMe => "instruction.not_for_me",
            Self::Expired { .. } => "instruction.expired",
            Self::Early { .. } => "instruction.early",
            Self::Replayed => "instruction.replayed",
            Self::Stale { .. } => "instruction.stale",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired { there, until, here } => {
                write!(f, "made at {there}, valid until {until}, here it is {here}")
            }
            Self::Early { there, here } => write!(f, "made at {there}, here it is {here}"),
            Self::Stale { fence, seen } => write!(f, "fence {fence}, seen {seen}"),
            _ => f.write_str(self.slug()),
        }
    }
}

/// Says what the key of an id thinks of bytes and their signature.
pub type CheckSignature<'a> = dyn Fn(&str, &[u8], &[u8]) -> Signed + 'a;

/// Checks the signature (third) by a named key (first) over bytes (second).
pub type SignatureCheck = dyn Fn(&str, &[u8], &[u8]) -> Signed;

/// What an outpost knows when an envelope arrives.
pub struct Standing<'a> {
    /// Its own name.
    pub name: &'a str,
    /// Its clock.
    pub now: Time,
    /// Highest fencing number that it has obeyed.
    pub last_fence: u64,
    /// Whether a nonce was used before.
    pub seen: &'a dyn Fn(&str) -> bool,
    /// Checks the signature (third) by a named key (first) over bytes (second).
    pub signed: &'a CheckSignature<'a>,
}

/// Checks an envelope and the body that came with it. Whoever obeys has to write down nonce and fencing number before.
///
/// # Errors
/// The first reason against it. Nothing in an envelope is believed before its signature holds.
pub fn check(envelope: &[u8], body: &[u8], at: &Standing<'_>) -> Result<Instruction, Refused> {
    let payload = opened(envelope, at)?;
    let found: Instruction = serde_json::from_slice(&payload).map_err(|_| Refused::Altered)?;
    let strict = canonical_json(&found).is_ok_and(|bytes| bytes == payload);
    if !strict || found.adjourn != VERSION || found.nonce.len() != NONCE_DIGITS {
        return Err(Refused::Altered);
    }
    if found.body_sha256 != Hash::of(body) {
        return Err(Refused::Altered);
    }
    if found.to != at.name {
        return Err(Refused::NotForMe);
    }
    if at.now.plus_secs(SKEW_S) < found.issued_at {
        return Err(Refused::Early { there: found.issued_at, here: at.now });
    }
    // Whoever was given a longer life than the rules allow would outlive the memory of its nonce.
    let until = found.expires_at.min(found.issued_at.plus_secs(MAX_VALID_S));
    if until.plus_secs(SKEW_S) <= at.now {
        return Err(Refused::Expired { there: found.issued_at, until, here: at.now });
    }
    if (at.seen)(&found.nonce) {
        return Err(Refused::Replayed);
    }
    if found.under.fence < at.last_fence {
        return Err(Refused::Stale { fence: found.under.fence, seen: at.last_fence });
    }
    Ok(found)
}

/// The payload of an envelope whose signature holds.
fn opened(bytes: &[u8], at: &Standing<'_>) -> Result<Vec<u8>, Refused> {
    if bytes.len() > MAX_ENVELOPE_BYTES {
        return Err(Refused::Altered);
    }
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|_| Refused::Altered)?;
    // One way to write it: spaces, other orders and escapes are somebody's changes.
    if !canonical_json(&envelope).is_ok_and(|again| again == bytes) || envelope.payload_type != PAYLOAD_TYPE {
        return Err(Refused::Altered);
    }
    let decoded = |text: &str| STANDARD.decode(text).map_err(|_| Refused::Altered);
    let [signature] = envelope.signatures.as_slice() else { return Err(Refused::Altered) };
    let payload = decoded(&envelope.payload)?;
    let sig = decoded(&signature.sig)?;
    match (at.signed)(&signature.keyid, &pae(PAYLOAD_TYPE, &payload), &sig) {
        Signed::Good => Ok(payload),
        Signed::Bad => Err(Refused::Altered),
        Signed::UnknownKey => Err(Refused::Forged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pre_authentication_encoding_is_that_of_the_standard() {
        // The example of the DSSE protocol's page.
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }
}

//! What an outpost says of an instruction or a question, signed with its own key, and why the centre may not believe it.
//!
//! The statement names the envelope that it answers, by its nonce and its SHA-256, and the SHA-256 of the answer that comes
//! beside it. So whoever keeps the statement can show later who said what about which instruction.

use serde::{Deserialize, Serialize};

use crate::canonical::{CanonicalError, Hash};
use crate::envelope::{self, Broken, CheckSignature};
use crate::instruction::Authority;
use crate::time::Time;

/// The payload type of the envelope.
pub const PAYLOAD_TYPE: &str = "application/vnd.adjourn.reply+json";
/// The first field of the payload.
pub const VERSION: &str = "reply/v1";

/// What an outpost said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// Always [`VERSION`].
    pub adjourn: String,
    /// Name of the outpost.
    pub by: String,
    /// SHA-256 of the envelope that it answers.
    pub envelope_sha256: Hash,
    /// The nonce in that envelope; empty when the outpost could not believe what is in it.
    pub nonce: String,
    /// Error slug; `None` when it was done.
    pub code: Option<String>,
    /// SHA-256 of the answer's bytes, as they come beside it.
    pub answer_sha256: Hash,
    /// The outpost's clock. Nothing rests on it.
    pub at: Time,
}

impl Said {
    /// The envelope's bytes, signed by `sign` with the key named `keyid`.
    ///
    /// # Errors
    /// Never for a statement of ours: none of its values lacks a canonical form.
    pub fn seal(&self, keyid: &str, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Result<Vec<u8>, CanonicalError> {
        envelope::seal(PAYLOAD_TYPE, self, keyid, sign)
    }
}

/// A reply that was believed, as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutpostSaid {
    /// Name of the outpost.
    pub outpost: String,
    /// What it was asked: `act`, `read_back`, `probe`.
    pub about: String,
    /// Under what; a probe is under nothing.
    pub under: Option<Authority>,
    /// Error slug; `None` when it was done.
    pub code: Option<String>,
    /// The public key that the signature holds under, in hex.
    pub key: String,
    /// The envelope, as it came.
    pub reply: String,
}

/// Why a reply is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// Nobody has signed it.
    Unsigned,
    /// It was not signed with the key of this outpost.
    Forged,
    /// It, or the answer beside it, is not what was signed.
    Altered,
    /// It is by another outpost, or answers something else.
    Foreign,
}

impl Doubt {
    /// The reason's slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::Forged => "forged",
            Self::Altered => "altered",
            Self::Foreign => "foreign",
        }
    }

    /// The error slug.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unsigned => "reply.unsigned",
            Self::Forged => "reply.forged",
            Self::Altered => "reply.altered",
            Self::Foreign => "reply.foreign",
        }
    }
}

/// What the centre waits for.
#[derive(Debug, Clone, Copy)]
pub struct Awaited<'a> {
    /// Name of the outpost that was asked.
    pub from: &'a str,
    /// SHA-256 of the envelope that it was given.
    pub envelope_sha256: Hash,
    /// The nonce in it.
    pub nonce: &'a str,
}

/// Checks a reply and the answer that came with it.
///
/// # Errors
/// The first reason against it.
pub fn check(
    reply: &[u8],
    answer: &[u8],
    awaited: &Awaited<'_>,
    signed: &CheckSignature<'_>,
) -> Result<Said, Doubt> {
    if reply.is_empty() {
        return Err(Doubt::Unsigned);
    }
    let said: Said = envelope::open(reply, PAYLOAD_TYPE, signed).map_err(|broken| match broken {
        Broken::UnknownKey => Doubt::Forged,
        Broken::Altered => Doubt::Altered,
    })?;
    if said.adjourn != VERSION || said.answer_sha256 != Hash::of(answer) {
        return Err(Doubt::Altered);
    }
    // Whoever could not read the envelope can't know its nonce, and has done nothing.
    let unread = said.nonce.is_empty() && said.code.is_some();
    let ours = said.by == awaited.from
        && said.envelope_sha256 == awaited.envelope_sha256
        && (said.nonce == awaited.nonce || unread);
    if ours { Ok(said) } else { Err(Doubt::Foreign) }
}

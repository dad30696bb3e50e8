//! What a row of the journal shows, and what it commits to.

use serde::{Deserialize, Serialize};

use crate::canonical::{CanonicalError, Hash, canonical_json};
use crate::ids::StreamId;
use crate::time::Time;

/// What a row of the journal shows to everybody. It names no group in clear and survives the destruction of
/// the payload: the commitment is SHA-256(salt ‖ canonical payload).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Position in the journal, from 1, without gaps.
    pub seq: u64,
    /// The stream.
    pub stream: StreamId,
    /// Position in the stream, from 1, without gaps.
    pub version: u64,
    /// Kind of the event, a slug. It carries the version of its definition: a bare slug is the first one, `intent.2` would
    /// be the second, and readers turn old ones into new ones.
    pub kind: String,
    /// When it was recorded.
    pub at: Time,
    /// The principal, or `worker`.
    pub actor: String,
    /// Commitment to the payload.
    pub commitment: Hash,
}

impl Header {
    /// The bytes of the log's leaf: the canonical header.
    pub fn leaf(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }
}

/// The commitment to a payload.
pub fn commitment(salt: &[u8], payload: &[u8]) -> Hash {
    Hash::of_parts(&[salt, payload])
}

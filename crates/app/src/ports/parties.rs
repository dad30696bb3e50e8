//! The others who stand in the way of a group's end, through whatever channel each has.

use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use adjourn_domain::party::Party;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A failed look or a failed message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {says}")]
pub struct PartyError {
    /// Error slug.
    pub code: &'static str,
    /// What became of the message.
    pub effect: Effect,
    /// Earliest next attempt in seconds, if the channel gives one.
    pub retry_s: Option<u64>,
    /// In words, without texts, names and secrets.
    pub says: String,
}

/// An answer as it came, in the form `party-answer/v1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyAnswer {
    /// Format and version: `party-answer/v1`.
    pub adjourn: String,
    /// The key of the message that is answered.
    pub key: String,
    /// SHA-256 of that message.
    pub message_sha256: Hash,
    /// Whether the party agrees.
    pub accepted: bool,
    /// Its number of the matter.
    #[serde(default)]
    pub reference: String,
    /// In its own words.
    #[serde(default)]
    pub says: String,
    /// Whether the party is simulated.
    #[serde(default)]
    pub simulated: bool,
}

/// What a look at a channel found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartyLook {
    /// The message is not there.
    Lost,
    /// It is there, and not answered.
    Silent,
    /// It was answered.
    Answered {
        /// The answer.
        answer: PartyAnswer,
        /// The bytes that came.
        bytes: Vec<u8>,
    },
}

/// The others, each through its own channel. A message is sent under a key; sent again under the same key it counts once.
#[async_trait]
pub trait Parties: Send + Sync {
    /// The parties that can be reached, with the silence in seconds that is allowed where it is the channel's own.
    fn reachable(&self) -> Vec<(Party, Option<u64>)>;
    /// Sends a message. Returns what the channel says about it.
    async fn send(&self, party: Party, key: &str, message: &[u8]) -> Result<Value, PartyError>;
    /// Looks for the answer to a message.
    async fn look(&self, party: Party, key: &str, message: &[u8]) -> Result<PartyLook, PartyError>;
}

//! The channels to the others who stand in the way: folders, webhooks, and simulated parties.
//!
//! A message has a file name or an address that follows from its key alone, so that the same message sent twice is there
//! once. An answer counts only when it names the key and the hash of the message.

mod file;
mod sim;
mod webhook;

use std::collections::BTreeMap;

use adjourn_app::ports::{Parties, PartyAnswer, PartyError, PartyLook};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use adjourn_domain::party::{MAX_SAYS, Party};
use async_trait::async_trait;
use serde_json::Value;

pub use file::FileChannel;
pub use sim::{Behaviour, SimParties};
pub use webhook::WebhookChannel;

/// Largest answer, in bytes.
pub const MAX_ANSWER: usize = 1024 * 1024;

/// The way to one party.
#[derive(Debug, Clone)]
pub enum Channel {
    /// Two folders.
    File(FileChannel),
    /// An address that takes messages.
    Webhook(WebhookChannel),
}

/// The configured channels.
#[derive(Debug, Clone, Default)]
pub struct ConfiguredParties(pub BTreeMap<Party, (Channel, Option<u64>)>);

impl ConfiguredParties {
    fn channel(&self, party: Party) -> Result<&Channel, PartyError> {
        self.0.get(&party).map(|(channel, _)| channel).ok_or_else(|| PartyError {
            code: "party.unknown",
            effect: Effect::NotApplied,
            retry_s: None,
            says: party.slug().to_owned(),
        })
    }
}

#[async_trait]
impl Parties for ConfiguredParties {
    fn reachable(&self) -> Vec<(Party, Option<u64>)> {
        self.0.iter().map(|(party, (_, deadline))| (*party, *deadline)).collect()
    }

    async fn send(&self, party: Party, key: &str, message: &[u8]) -> Result<Value, PartyError> {
        match self.channel(party)? {
            Channel::File(channel) => channel.send(key, message),
            Channel::Webhook(channel) => channel.send(key, message).await,
        }
    }

    async fn look(&self, party: Party, key: &str, message: &[u8]) -> Result<PartyLook, PartyError> {
        match self.channel(party)? {
            Channel::File(channel) => channel.look(key, message),
            Channel::Webhook(channel) => channel.look(key, message).await,
        }
    }
}

/// The file name of a message: its key in readable form, and enough of its hash to tell two keys apart.
fn name_of(key: &str) -> String {
    let safe: String = key
        .chars()
        .take(120)
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' })
        .collect();
    let hash: String = Hash::of(key.as_bytes()).to_hex().chars().take(8).collect();
    format!("{safe}.{hash}.json")
}

/// Reads an answer and holds it against the message.
fn read_answer(bytes: Vec<u8>, key: &str, message: &[u8]) -> Result<PartyLook, PartyError> {
    let bad = |says: &str| PartyError {
        code: "party.answer",
        effect: Effect::Unknown,
        retry_s: None,
        says: says.to_owned(),
    };
    if bytes.len() > MAX_ANSWER {
        return Err(bad("it is too long"));
    }
    // Tools write a mark of the byte order in front of UTF-8.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let answer: PartyAnswer = serde_json::from_slice(text).map_err(|error| bad(&error.to_string()))?;
    if answer.adjourn != "party-answer/v1" {
        return Err(bad("it is not of the form party-answer/v1"));
    }
    if answer.key != key || answer.message_sha256 != Hash::of(message) {
        return Err(bad("it is about another message"));
    }
    if [&answer.reference, &answer.says].iter().any(|text| text.chars().count() > MAX_SAYS) {
        return Err(bad("its texts are too long"));
    }
    Ok(PartyLook::Answered { answer, bytes })
}

#[cfg(test)]
mod tests;

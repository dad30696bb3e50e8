//! What passes between the rules and a platform: plain data, made by connectors, read by use cases.

use serde_json::Value;

use crate::capability::{Capabilities, Effect};
use crate::ids::NativeId;
use crate::message::Record;

/// What a connector wants to remember about a call: ids of a job or message. Kept in the journal, encrypted.
pub type Memo = Value;

/// A group in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRef {
    /// The platform's id.
    pub native: NativeId,
    /// Its name, if the listing tells.
    pub name: Option<String>,
}

/// Who an identity is on the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityInfo {
    /// The platform's account id.
    pub account: NativeId,
    /// Version of the platform, if it tells.
    pub server: Option<String>,
    /// What this identity is effectively allowed to do.
    pub capabilities: Capabilities,
}

/// What a read-back found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadBack {
    /// Whether the effect is there.
    pub effect: Effect,
    /// When to look again, in seconds, if it is not known yet.
    pub retry_s: Option<u64>,
    /// What to remember; null keeps what was remembered.
    pub memo: Memo,
}

impl ReadBack {
    /// The effect is there, or is not.
    pub fn is(applied: bool) -> Self {
        let effect = if applied { Effect::Applied } else { Effect::NotApplied };
        Self { effect, retry_s: None, memo: Value::Null }
    }

    /// Not known yet; look again.
    pub fn later(retry_s: u64) -> Self {
        Self { effect: Effect::Unknown, retry_s: Some(retry_s), memo: Value::Null }
    }
}

/// One page of history.
#[derive(Debug, Clone, PartialEq)]
pub struct ExportPage {
    /// The records, oldest first.
    pub records: Vec<Record>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

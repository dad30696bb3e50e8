//! What passes between the rules and a platform: plain data, made by connectors, read by use cases.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::capability::{Capabilities, Effect};
use crate::export::{BadItem, Days};
use crate::ids::NativeId;
use crate::message::Record;
use crate::time::Time;

/// What a connector wants to remember about a call: ids of a job or message. Kept in the journal, encrypted.
pub type Memo = Value;

/// A group in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRef {
    /// The platform's id.
    pub native: NativeId,
    /// Its name, if the listing tells.
    pub name: Option<String>,
}

/// Who an identity is on the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityInfo {
    /// The platform's account id.
    pub account: NativeId,
    /// Version of the platform, if it tells.
    pub server: Option<String>,
    /// What this identity is effectively allowed to do.
    pub capabilities: Capabilities,
}

/// What a read-back found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Nobody can ever tell: neither that it is there nor that it is not. Looking again is no use.
    pub fn unknowable() -> Self {
        Self { effect: Effect::Unknown, retry_s: None, memo: Value::Null }
    }

    /// Not known yet; look again.
    pub fn later(retry_s: u64) -> Self {
        Self { effect: Effect::Unknown, retry_s: Some(retry_s), memo: Value::Null }
    }
}

/// One page of history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportPage {
    /// The records, oldest first.
    pub records: Vec<Record>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
    /// What is on it and could not be read.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub bad: Vec<BadItem>,
}

impl ExportPage {
    /// A page of which everything could be read.
    pub fn new(records: Vec<Record>, next: Option<String>) -> Self {
        Self { records, next, bad: Vec::new() }
    }
}

/// A part of a second listing of a history, that only counts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CountPage {
    /// Records by day.
    pub days: Days,
    /// Where the next part begins; `None` at the end.
    pub next: Option<String>,
}

/// Something that a platform told one of its accounts by itself: an event, not an answer.
///
/// Events can't be asked for again, so whoever receives them keeps them; a connector gets those of the identity that
/// looks with every call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The account that was told.
    pub account: NativeId,
    /// When the platform says that it happened.
    pub at: Time,
    /// The group that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub group: Option<NativeId>,
    /// What it says.
    pub what: Told,
    /// The event in the platform's own words, in short (`group_decrease.disband`).
    pub upstream: String,
}

/// What an event says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// The group was dissolved.
    Dissolved,
    /// The account that was told is no longer in the group, whatever became of it.
    Out,
    /// The account has no connection to the platform: what it answers from now on may be old.
    Offline,
    /// The account is connected.
    Online,
    /// Anything else.
    Other,
}

impl Told {
    /// Whether it says something about the end of a group, or of an account's place in it. Only that is kept.
    pub fn of_an_end(self) -> bool {
        matches!(self, Self::Dissolved | Self::Out)
    }
}

//! The events: every fact of the product, once. The same rows are the state, the audit trail and the evidence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::canonical::Hash;
pub use crate::connection::{Connection, IdentitySpec};
use crate::export::BadItem;
use crate::ids::NativeId;
use crate::plan::Note;
use crate::time::Time;

/// The kinds of a sort of events: the slug of each, and the list of them all, from one table.
macro_rules! kinds {
    ($event:ident { $($variant:ident => $kind:literal,)+ }) => {
        impl $event {
            /// Every kind's slug.
            pub const KINDS: &'static [&'static str] = &[$($kind),+];

            /// The kind's slug, as in the header.
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $kind,)+
                }
            }
        }
    };
}

mod case;
mod group;
mod header;
mod org;

pub use case::{CaseEvent, PlanHead};
pub use group::GroupEvent;
pub use header::{Header, commitment};
pub use org::{OrgEvent, SessionEnd};

/// The kinds of all events.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    [GroupEvent::KINDS, CaseEvent::KINDS, OrgEvent::KINDS].into_iter().flatten().copied()
}

/// What an export took, and what it could not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    /// Number of records.
    pub total: u64,
    /// Number of records by kind.
    pub counts: BTreeMap<String, u64>,
    /// First record.
    pub first: Option<Mark>,
    /// Last record.
    pub last: Option<Mark>,
    /// What the platform says exists; `None` when it does not tell.
    pub platform_says: Option<u64>,
    /// Records that this identity can't decrypt.
    pub undecryptable: Vec<NativeId>,
    /// Media files taken.
    pub media: u64,
    /// What is missing, and why.
    pub gaps: Vec<Note>,
    /// Whether nothing is missing.
    pub complete: bool,
    /// Items that could not be taken as they are, in the order in which they were met.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub bad: Vec<BadItem>,
    /// How many more such items there were than are listed.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub bad_more: u64,
    /// How many more records can't be decrypted than are listed.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub undecryptable_more: u64,
    /// How often the platform gave a record again, unchanged; each is kept once.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub repeated: u64,
    /// Whether the platform was asked a second time, and what it said was compared day by day with what was taken.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub compared: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks like this")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A record's place in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The record's id.
    pub id: NativeId,
    /// When it was sent.
    pub at: Time,
}

/// A piece of evidence that a person handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRef {
    /// File name, a label: nothing is found by it.
    pub name: String,
    /// SHA-256 of what is kept.
    pub sha256: Hash,
    /// Size of what is kept, in bytes.
    pub bytes: u64,
    /// SHA-256 of the file as it came, where something was taken out of it before it was kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub original: Option<Hash>,
    /// What it is, a slug; empty where nobody looked.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub format: String,
}

impl EvidenceRef {
    /// A file that is kept as it came.
    pub fn new(name: &str, sha256: Hash, bytes: u64) -> Self {
        Self { name: name.to_owned(), sha256, bytes, original: None, format: String::new() }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Observed to the end; the verdict says what became of the group.
    Observed,
    /// Taken back before the point of no return.
    Undone,
    /// Stopped before the point of no return: the plan went stale, or a person could not do a step.
    Stopped,
    /// Done, and read back: an act that ends no group.
    Done,
    /// The account is out, and a read-back says so. The group goes on: it is neither gone nor dissolved.
    Left,
    /// The group was dissolved and could not be brought back; a person made a new one in its place.
    Rebuilt,
}

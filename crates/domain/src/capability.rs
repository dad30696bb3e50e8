//! What a connector can do, as rows: platform × operation, graded, with evidence.
//!
//! *Declared* rows are the connector's; what a connection was *probed* to allow narrows them; the result is
//! *effective*, the only kind that planner and host look at.

use serde::{Deserialize, Serialize};

use crate::canonical::{CanonicalError, Hash, canonical_hash};

/// One operation of our vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Make a new group. It is about no group that is there already.
    Create,
    /// List the members.
    Members,
    /// Find what hangs on the group.
    Links,
    /// Read the whole history.
    Export,
    /// Make the group read-only for plain members.
    Freeze,
    /// Post an announcement.
    Announce,
    /// Take one link (bot, app, webhook, bridge) off.
    Unlink,
    /// Finish the platform's own work-handover before the end.
    Handover,
    /// Give the group another owner.
    Transfer,
    /// Take one's own account out; the group goes on.
    Leave,
    /// End the group for everyone.
    Dissolve,
    /// Remove what the platform kept of a group that was closed.
    Purge,
    /// Remove media files that survive the group.
    RemoveMedia,
    /// Bring the group back within the platform's recovery window.
    Restore,
    /// Probe whether the group is gone.
    Verify,
}

impl Op {
    /// All operations, in order.
    pub const ALL: [Self; 15] = [
        Self::Create,
        Self::Members,
        Self::Links,
        Self::Export,
        Self::Freeze,
        Self::Announce,
        Self::Unlink,
        Self::Handover,
        Self::Transfer,
        Self::Leave,
        Self::Dissolve,
        Self::Purge,
        Self::RemoveMedia,
        Self::Restore,
        Self::Verify,
    ];

    /// The operation's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Members => "members",
            Self::Links => "links",
            Self::Export => "export",
            Self::Freeze => "freeze",
            Self::Announce => "announce",
            Self::Unlink => "unlink",
            Self::Handover => "handover",
            Self::Transfer => "transfer",
            Self::Leave => "leave",
            Self::Dissolve => "dissolve",
            Self::Purge => "purge",
            Self::RemoveMedia => "remove_media",
            Self::Restore => "restore",
            Self::Verify => "verify",
        }
    }
}

/// How well an operation is supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// The platform does it itself.
    Native,
    /// We get near it by other means; the row's note says how.
    Emulated,
    /// A person acts, we verify; the row's note is the instruction.
    Assisted,
    /// Not to be had; the row's note says why.
    Unsupported,
}

impl Support {
    /// The grade's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Emulated => "emulated",
            Self::Assisted => "assisted",
            Self::Unsupported => "unsupported",
        }
    }
}

/// Until when the effect can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "until", rename_all = "snake_case")]
pub enum Reversible {
    /// Nothing changes, there is nothing to take back.
    Harmless,
    /// At any time.
    Always,
    /// For this many seconds after the effect.
    Seconds {
        /// Length of the recovery window in seconds.
        seconds: u64,
    },
    /// Never.
    Never,
}

/// Proof of what a person does where nothing can be read back: the word of two people, or of one who hands in what shows it.
/// Never machine-checked, and called so wherever it is shown.
pub const TOLD_BY_PERSON: &str = "told-by-person";
/// Proof of what a platform accepts and shows to nobody afterwards. Where even that is in doubt, people's word is all.
pub const ACCEPTED_ONLY: &str = "accepted-not-delivered";

/// What protects an effect against being done twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EffectClass {
    /// The platform takes an idempotency key.
    K,
    /// It can be probed before a retry.
    P,
    /// Neither: at most once; in doubt it waits for a person.
    U,
}

/// What is known about an effect after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It did not happen.
    NotApplied,
    /// It happened.
    Applied,
    /// Nobody can say yet: the reply was lost, or it made no sense.
    Unknown,
}

/// One capability row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capability {
    /// The operation.
    pub op: Op,
    /// How well it is supported.
    pub support: Support,
    /// Slug of a note: how it is emulated, what a person does, or why it is not to be had.
    pub note: String,
    /// Until when it can be taken back.
    pub reversible: Reversible,
    /// Slug of what proves the result.
    pub proof: String,
    /// Protection against doing it twice.
    pub class: EffectClass,
    /// Permission needed on the platform, in the platform's words; empty when none.
    pub permission: String,
    /// URL of the document that says so.
    pub source: String,
    /// Date on which the source was checked, `YYYY-MM-DD`.
    pub checked: String,
}

/// The effective capabilities of a connection. At most one row per operation; no row means unsupported.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Capabilities(pub Vec<Capability>);

impl Capabilities {
    /// The row of `op`, if there is one.
    pub fn row(&self, op: Op) -> Option<&Capability> {
        self.0.iter().find(|row| row.op == op)
    }

    /// How well `op` is supported.
    pub fn support(&self, op: Op) -> Support {
        self.row(op).map_or(Support::Unsupported, |row| row.support)
    }

    /// Whether `op` can be had at all, by us or by a person.
    pub fn has(&self, op: Op) -> bool {
        self.support(op) != Support::Unsupported
    }

    /// Hash of all rows: a plan carries it, and a changed one makes the plan stale.
    pub fn hash(&self) -> Result<Hash, CanonicalError> {
        canonical_hash(self)
    }
}

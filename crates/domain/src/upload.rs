//! What somebody handed in: facts about a file, never its texts. The file itself lies beside the bundles.

use serde::{Deserialize, Serialize};

use crate::canonical::Hash;
use crate::ids::{IdentityId, PrincipalId};
use crate::time::Time;

/// Findings that are kept one by one in an event.
pub const MAX_FINDINGS: usize = 20;

/// A file that a person handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// The identity whose client it comes from.
    pub identity: IdentityId,
    /// Whether that identity is a witness.
    pub witness: bool,
    /// Who handed it in.
    pub by: PrincipalId,
    /// When.
    pub received_at: Time,
    /// What it is: `chatlog_json`, `memotrace_csv`, `png`.
    pub format: String,
    /// The zone of its local times; empty where it has none.
    pub zone: String,
    /// SHA-256 of what is kept.
    pub sha256: Hash,
    /// SHA-256 of the file as it came, where something was taken out of it before it was kept.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub original: Option<Hash>,
    /// Size of what is kept, in bytes.
    pub bytes: u64,
    /// Records about the group that could be read.
    pub records: u64,
    /// The first of them.
    pub first: Option<Time>,
    /// The last of them.
    pub last: Option<Time>,
    /// Rows in which the platform says that the group was ended.
    pub ended: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// How much was noticed.
    pub noticed: u64,
    /// The first findings.
    pub findings: Vec<UploadFinding>,
}

/// One thing that was noticed about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadFinding {
    /// Number of the row; 0 for the file as a whole.
    pub row: u64,
    /// What it is, a slug.
    pub code: String,
}

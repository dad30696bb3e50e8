//! A copy of an archive in storage: what stands in the journal about storing it and bringing it back (requirement X1).

use serde::{Deserialize, Serialize};

use crate::canonical::Hash;
use crate::case::CaseState;
use crate::event::{CaseEvent, GroupEvent};
use crate::ids::PrincipalId;
use crate::refusal::Refusal;
use crate::run::GroupState;
use crate::time::Time;

/// How an object is locked (S3 Object Lock).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    /// Whoever has the right to can take the lock off.
    Governance,
    /// Nobody can take the lock off or shorten it before its time.
    Compliance,
}

impl LockMode {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Governance => "governance",
            Self::Compliance => "compliance",
        }
    }
}

/// A lock, as the storage says that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// How.
    pub mode: LockMode,
    /// Until when.
    pub until: Time,
}

/// The receipt of a stored file. Nothing in it was taken from the answer to the upload: all of it was read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The bucket.
    pub bucket: String,
    /// The key in it.
    pub key: String,
    /// The version, where the bucket keeps versions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// SHA-256 of the bytes that were read back.
    pub sha256: Hash,
    /// How many there were.
    pub bytes: u64,
    /// The lock on it, if there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub lock: Option<Lock>,
    /// Whether there is a legal hold on it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub legal_hold: bool,
}

/// That somebody stored a file of a group or a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveStored {
    /// Who.
    pub by: PrincipalId,
    /// What was read back.
    pub stored: Stored,
    /// Why it was stored in clear, where somebody had to say so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub in_clear: Option<String>,
    /// Whether it is a de-identified copy: anything else counts as an original.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub copy: bool,
}

/// That somebody brought a stored file back. It is noted before the file is handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveFetched {
    /// Who.
    pub by: PrincipalId,
    /// The bucket.
    pub bucket: String,
    /// The key in it.
    pub key: String,
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// Whether it is a de-identified copy, as the journal knows since it was stored.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub copy: bool,
}

impl GroupState {
    /// Notes that a file of the group was stored.
    ///
    /// # Errors
    /// `group.unknown` for a group that was never seen.
    pub fn decide_storing(&self, stored: ArchiveStored) -> Result<Vec<GroupEvent>, Refusal> {
        if self.version == 0 {
            return Err(Refusal::new("group.unknown").with("group", &self.id));
        }
        Ok(vec![GroupEvent::ArchiveStored(Box::new(stored))])
    }

    /// Notes that somebody brings a stored file of the group back.
    ///
    /// # Errors
    /// `group.unknown` for a group that was never seen.
    pub fn decide_fetching(&self, fetched: ArchiveFetched) -> Result<Vec<GroupEvent>, Refusal> {
        if self.version == 0 {
            return Err(Refusal::new("group.unknown").with("group", &self.id));
        }
        Ok(vec![GroupEvent::ArchiveFetched(Box::new(fetched))])
    }
}

impl CaseState {
    /// Notes that a file of the case was stored.
    ///
    /// # Errors
    /// `case.unknown` for a case that there is none of.
    pub fn decide_storing(&self, stored: ArchiveStored) -> Result<Vec<CaseEvent>, Refusal> {
        if self.version == 0 {
            return Err(Refusal::new("case.unknown").with("case", &self.id));
        }
        Ok(vec![CaseEvent::ArchiveStored(Box::new(stored))])
    }

    /// Notes that somebody brings a stored file of the case back.
    ///
    /// # Errors
    /// `case.unknown` for a case that there is none of.
    pub fn decide_fetching(&self, fetched: ArchiveFetched) -> Result<Vec<CaseEvent>, Refusal> {
        if self.version == 0 {
            return Err(Refusal::new("case.unknown").with("case", &self.id));
        }
        Ok(vec![CaseEvent::ArchiveFetched(Box::new(fetched))])
    }
}

//! The compliance audit (requirements G5, G11): what an auditor finds in the journal of a period.
//!
//! Everything is told from events alone, as they stood at the end of the period, so the same period gives the same
//! report whenever it is asked for. Each [`Check`] says how many things it looked at: a check that found nothing among
//! nothing can be told from one that found nothing among a thousand.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::canonical::{CanonicalError, Hash, canonical_json};
use crate::case::CaseState;
use crate::event::{CaseEvent, GroupEvent, OrgEvent};
use crate::ids::GroupId;
use crate::law::Pack;
use crate::plan::Note;
use crate::policy::Policy;
use crate::run::GroupState;
use crate::time::Time;

mod check;
mod find;
mod period;

pub use check::{Check, Grade};
pub use find::find;
pub use period::{Every, Period};

/// The format and its version.
pub const FORMAT: &str = "audit/v1";

/// When something is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Days that a plan may lie in review, 1 to 365.
    pub review_days: u32,
    /// Days that a hold may last before somebody should ask whether it still has a reason, 1 to 3650.
    pub hold_days: u32,
    /// Days that a record may wait for a decision after its periods have run out, 1 to 3650.
    pub disposition_days: u32,
}

impl Default for Limits {
    /// Two weeks; half a year; a quarter.
    fn default() -> Self {
        Self { review_days: 14, hold_days: 180, disposition_days: 90 }
    }
}

/// A group's stream until the end of the period.
#[derive(Debug, Clone)]
pub struct GroupFile {
    /// The state at the end.
    pub state: GroupState,
    /// The events in the period.
    pub events: Vec<(Time, GroupEvent)>,
}

/// A case's stream until the end of the period.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The state at the end.
    pub state: CaseState,
    /// All events.
    pub events: Vec<(Time, CaseEvent)>,
}

/// What an audit looks at.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The period.
    pub period: Period,
    /// Groups whose events can be read.
    pub groups: Vec<GroupFile>,
    /// Groups whose key was destroyed.
    pub destroyed: u64,
    /// Cases.
    pub cases: Vec<CaseFile>,
    /// The organisation's events until the end.
    pub org: Vec<(Time, OrgEvent)>,
    /// The policy in force.
    pub policy: Policy,
    /// The laws by which records are kept.
    pub packs: Vec<Pack>,
    /// When something is late.
    pub limits: Limits,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum Subject {
    /// A group.
    Group(GroupId),
    /// A case.
    Case(String),
    /// Something of the organisation as a whole: a worker near a platform.
    Other(String),
}

impl Subject {
    /// The id alone.
    pub fn id(&self) -> &str {
        match self {
            Self::Group(id) => id.as_str(),
            Self::Case(id) | Self::Other(id) => id,
        }
    }
}

/// Something that an auditor has to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// What it is about.
    pub subject: Subject,
    /// What tells several findings of one check about one subject apart: a hold, a step. Empty where there can be one only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mark: String,
    /// The subject's name for people.
    pub name: String,
    /// Since when it is so, or when it happened.
    pub since: Option<Time>,
    /// What was found.
    pub says: Note,
}

impl Finding {
    /// What makes it the same finding in another audit.
    pub fn key(&self) -> (Check, &Subject, &str) {
        (self.check, &self.subject, &self.mark)
    }
}

/// How much a check looked at and found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The check.
    pub check: Check,
    /// How many things it looked at.
    pub looked_at: u64,
    /// How many findings.
    pub found: u64,
    /// Whether a finding is a nonconformity or an observation.
    pub grade: Grade,
    /// Controls of ISO/IEC 27001:2022, Annex A.
    pub iso_27001: Vec<String>,
    /// Articles of the Personal Information Protection Law that an audit of the processing has to look at.
    pub pipl: Vec<String>,
}

/// How much of what is governed the register knows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Groups under governance at the end of the period.
    pub groups: u64,
    /// Of these, registered.
    pub registered: u64,
    /// Registered with a way to reach the owner.
    pub reachable: u64,
    /// Registered with a purpose.
    pub purpose: u64,
    /// Registered with a deputy.
    pub deputy: u64,
    /// Registered with a last day.
    pub expires: u64,
    /// Registered with what they hold, which may be nothing.
    pub holds: u64,
    /// Registered with how they are to end.
    pub exit_plan: u64,
    /// Seen with an owner on the platform.
    pub owned: u64,
    /// Ended and verified gone.
    pub gone: u64,
    /// Destroyed records.
    pub destroyed: u64,
}

/// What changed since the last audit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Compared {
    /// SHA-256 of the last report.
    pub last: Option<Hash>,
    /// Findings that it did not have.
    pub new: u64,
    /// Findings that it had too.
    pub same: u64,
    /// Its findings that are no longer there.
    pub settled: Vec<Finding>,
}

/// The report: immutable, canonical, hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Format and version: `audit/v1`.
    pub adjourn: String,
    /// The period.
    pub period: Period,
    /// When it was made.
    pub made_at: Time,
    /// By whom; `worker` when a schedule asked for it.
    pub made_by: String,
    /// Number of events that it rests on: the journal up to the end of the period.
    pub events: u64,
    /// SHA-256 of the policy in force.
    pub policy_sha256: Hash,
    /// When something was late.
    pub limits: Limits,
    /// The register.
    pub coverage: Coverage,
    /// The checks, in the order of [`Check::ALL`].
    pub checked: Vec<Checked>,
    /// The findings, by check and subject.
    pub findings: Vec<Finding>,
    /// What changed since the last audit.
    pub compared: Compared,
}

impl Report {
    /// The canonical bytes.
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }

    /// SHA-256 over the canonical bytes.
    pub fn hash(&self) -> Result<Hash, CanonicalError> {
        Ok(Hash::of(&self.bytes()?))
    }

    /// What makes each of its findings the same one in another audit.
    pub fn keys(&self) -> BTreeSet<(Check, &Subject, &str)> {
        self.findings.iter().map(Finding::key).collect()
    }
}

/// Compares findings with those of the last report.
pub fn compare(findings: &[Finding], last: Option<&Report>) -> Result<Compared, CanonicalError> {
    let Some(last) = last else { return Ok(Compared::default()) };
    let now: BTreeSet<_> = findings.iter().map(Finding::key).collect();
    let before = last.keys();
    let same = now.intersection(&before).count();
    Ok(Compared {
        last: Some(last.hash()?),
        new: (now.len() - same) as u64,
        same: same as u64,
        settled: last.findings.iter().filter(|finding| !now.contains(&finding.key())).cloned().collect(),
    })
}

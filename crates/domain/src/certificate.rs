//! The certificate that a group is gone, as the bundle has it and as it is printed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::canonical::Hash;
use crate::ids::{CaseId, GroupId, IdentityId, PlatformId};
use crate::time::Time;
use crate::verdict::Verdict;

/// Format and version.
pub const FORMAT: &str = "certificate/v1";

/// The certificate: there is one only where the verdict is `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// [`FORMAT`].
    pub adjourn: String,
    /// The case.
    pub case: CaseId,
    /// The group.
    pub group: GroupId,
    /// Its name.
    pub name: String,
    /// Its platform.
    pub platform: PlatformId,
    /// The plan that was carried out.
    pub plan_hash: Hash,
    /// The verdict.
    pub verdict: Verdict,
    /// What proved it: `witness`.
    pub proved_by: String,
    /// Identities that saw it gone and did not dissolve it.
    pub witnesses: BTreeSet<IdentityId>,
    /// Whether people did steps by hand.
    pub human_steps: bool,
    /// The group's class.
    pub class: String,
    /// Whether two people reviewed the plan; a group of class `personal` has a typed confirmation instead.
    pub reviewed: bool,
    /// Whether it was a drill on simulated platforms.
    pub drill: bool,
    /// The time in which the group was watched.
    pub observation: Observation,
    /// When it was issued.
    pub issued_at: Time,
}

/// The time in which a group was watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// From when.
    pub from: Option<Time>,
    /// Until the last probe.
    pub to: Time,
    /// For how long the policy asks, in seconds.
    pub length_s: u64,
    /// How often it was looked at.
    pub probes: usize,
}

//! What is checked, and which rules of others each check answers to.

use serde::{Deserialize, Serialize};

/// How grave a finding is, in the words of ISO 19011:2018 and ISO/IEC 27001:2022, clause 10.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Something that has to be is not.
    Nonconformity,
    /// Something that somebody should look at; it may be right as it is.
    Observation,
}

impl Grade {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Nonconformity => "nonconformity",
            Self::Observation => "observation",
        }
    }
}

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A group that a platform shows and no ledger knows.
    Unregistered,
    /// A group without an owner.
    Orphan,
    /// A group with one owner and no deputy: if that person goes, nobody is left.
    OneOwner,
    /// A registered owner who can't be reached.
    Unreachable,
    /// A group past its expiry that nobody renewed.
    RenewalOverdue,
    /// A successor who is owed past the day.
    SuccessorOverdue,
    /// A plan that lies in review for too long.
    ReviewOverdue,
    /// A plan that was applied with fewer or other approvals than the policy in force asks for.
    ApprovalOutsidePolicy,
    /// A hold in force, with its age.
    HoldLasting,
    /// A dissolve after which the group was not verified gone.
    ObservationFailed,
    /// What survives a dissolve.
    Residue,
    /// A step that counts as done on people's word alone.
    ToldOnly,
    /// A record whose period has run out and of which nobody has decided.
    DispositionOverdue,
    /// An instruction that a worker near a platform refused.
    InstructionRefused,
    /// Somebody who looked at an original, or brought one back from storage.
    OriginalRead,
}

impl Check {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 15] = [
        Self::Unregistered,
        Self::Orphan,
        Self::OneOwner,
        Self::Unreachable,
        Self::RenewalOverdue,
        Self::SuccessorOverdue,
        Self::ReviewOverdue,
        Self::ApprovalOutsidePolicy,
        Self::HoldLasting,
        Self::ObservationFailed,
        Self::Residue,
        Self::ToldOnly,
        Self::DispositionOverdue,
        Self::InstructionRefused,
        Self::OriginalRead,
    ];

    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unregistered => "unregistered",
            Self::Orphan => "orphan",
            Self::OneOwner => "one_owner",
            Self::Unreachable => "unreachable",
            Self::RenewalOverdue => "renewal_overdue",
            Self::SuccessorOverdue => "successor_overdue",
            Self::ReviewOverdue => "review_overdue",
            Self::ApprovalOutsidePolicy => "approval_outside_policy",
            Self::HoldLasting => "hold_lasting",
            Self::ObservationFailed => "observation_failed",
            Self::Residue => "residue",
            Self::ToldOnly => "told_only",
            Self::DispositionOverdue => "disposition_overdue",
            Self::InstructionRefused => "instruction_refused",
            Self::OriginalRead => "original_read",
        }
    }

    /// How grave a finding of it is.
    pub fn grade(self) -> Grade {
        match self {
            Self::OneOwner | Self::HoldLasting | Self::Residue | Self::ToldOnly | Self::OriginalRead => {
                Grade::Observation
            }
            _ => Grade::Nonconformity,
        }
    }

    /// Controls of ISO/IEC 27001:2022, Annex A, that it gives evidence for: 5.3 segregation of duties, 5.9 inventory of
    /// information and other associated assets, 5.28 collection of evidence, 5.31 legal, statutory, regulatory and
    /// contractual requirements, 5.33 protection of records, 5.34 privacy and protection of personal information, 6.5
    /// responsibilities after termination or change of employment, 8.10 information deletion, 8.15 logging, 8.24 use of
    /// cryptography.
    pub fn iso_27001(self) -> &'static [&'static str] {
        match self {
            Self::Unregistered | Self::Orphan | Self::Unreachable | Self::RenewalOverdue => &["5.9"],
            Self::OneOwner | Self::SuccessorOverdue => &["5.9", "6.5"],
            Self::ReviewOverdue | Self::ApprovalOutsidePolicy => &["5.3"],
            Self::HoldLasting => &["5.31", "5.33"],
            Self::ObservationFailed => &["5.28", "8.10"],
            Self::Residue => &["5.34", "8.10"],
            Self::ToldOnly => &["5.28"],
            Self::DispositionOverdue => &["5.33", "5.34", "8.10"],
            Self::InstructionRefused => &["8.15", "8.24"],
            Self::OriginalRead => &["5.33", "5.34", "8.15"],
        }
    }

    /// Articles of the Personal Information Protection Law (in force since 2021-11-01) that it bears on. The law's article
    /// 54 asks for regular audits; the measures for them (in force since 2025-05-01) go through these articles point by
    /// point. The points' own numbers are not cited: their text was not at hand.
    pub fn pipl(self) -> &'static [&'static str] {
        match self {
            Self::Unregistered
            | Self::Orphan
            | Self::OneOwner
            | Self::Unreachable
            | Self::SuccessorOverdue
            | Self::ReviewOverdue
            | Self::ApprovalOutsidePolicy
            | Self::OriginalRead => &["51"],
            Self::RenewalOverdue | Self::DispositionOverdue => &["19", "47"],
            Self::HoldLasting | Self::ObservationFailed | Self::Residue => &["47"],
            Self::ToldOnly => &["17"],
            Self::InstructionRefused => &["51", "57"],
        }
    }
}

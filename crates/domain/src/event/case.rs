//! Events of a case's stream.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Ending;
use crate::approval::Approval;
use crate::canonical::Hash;
use crate::ids::{GroupId, OwnerId, PrincipalId};
use crate::joint::Stage;
use crate::passkey::Proof;
use crate::plan::{Act, ReasonKind};
use crate::policy::Review;
use crate::stored::{ArchiveFetched, ArchiveStored};
use crate::time::Time;
use crate::verdict::Verdict;

/// The part of a plan that names no group in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanHead {
    /// Hash of the whole plan.
    pub plan_hash: Hash,
    /// Who asks.
    pub requester: PrincipalId,
    /// Why, by kind.
    pub reason_kind: ReasonKind,
    /// When it was drawn.
    pub drawn_at: Time,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Act::is_dissolve")]
    pub act: Act,
    /// Who has to agree.
    pub review: Review,
    /// Whether simulated platforms are in it.
    pub drill: bool,
    /// SHA-256 of the announcement's canonical form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announcement_sha256: Option<Hash>,
    /// The groups.
    pub groups: Vec<GroupId>,
    /// Number of blockers.
    pub blockers: u32,
}

/// Events of a case's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CaseEvent {
    /// A plan was drawn (again). Approvals of an earlier one are void.
    PlanDrawn(PlanHead),
    /// The plan was handed to the reviewers.
    Submitted {
        /// Who.
        by: PrincipalId,
        /// The plan.
        plan_hash: Hash,
        /// Until when they are to answer, where the policy says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review_by: Option<Time>,
    },
    /// Nobody answered in time: somebody else is told. Nothing is approved by that.
    ReviewEscalated {
        /// The plan.
        plan_hash: Hash,
        /// The roles that are told.
        to: Vec<String>,
    },
    /// A reviewer agreed to exactly this plan.
    Approved {
        /// The signed statement.
        #[serde(flatten)]
        approval: Approval,
        /// The reviewer's role.
        role: String,
    },
    /// A reviewer refused it.
    Rejected {
        /// The signed statement.
        #[serde(flatten)]
        approval: Approval,
        /// Why, in words.
        reason: String,
    },
    /// Somebody wanted to agree or to refuse who may not: whoever asks, in a role that is not asked for, a second time.
    ReviewRefused {
        /// Who.
        by: PrincipalId,
        /// Why, a slug.
        why: String,
    },
    /// A reviewer asked whoever asks for the case.
    QuestionAsked {
        /// Who.
        by: PrincipalId,
        /// The plan that they had before them.
        plan_hash: Hash,
        /// When.
        at: Time,
        /// What, in words.
        text: String,
    },
    /// Whoever asks for the case answered.
    QuestionAnswered {
        /// Who.
        by: PrincipalId,
        /// Which question, from 0.
        question: u32,
        /// When.
        at: Time,
        /// What, in words.
        text: String,
    },
    /// Whoever asked for the case does not want it any more. Nothing had begun.
    Withdrawn {
        /// Who.
        by: PrincipalId,
        /// The plan.
        plan_hash: Hash,
        /// Why, in words.
        reason: String,
    },
    /// The owner of a personal group typed its name.
    Confirmed {
        /// Who.
        by: PrincipalId,
        /// The plan.
        plan_hash: Hash,
        /// Their passkey's answer, where the policy asks for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Box<Proof>>,
    },
    /// The world differs from the plan; its approvals are void.
    Staled {
        /// The plan.
        plan_hash: Hash,
        /// Slugs of the differences; the group's stream has them in full.
        differences: Vec<String>,
    },
    /// The plan is being applied.
    Applied {
        /// Who.
        by: PrincipalId,
        /// The plan.
        plan_hash: Hash,
        /// Their passkey's answer, where the policy asks for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<Box<Proof>>,
    },
    /// A group has come to a place where it waits for the others.
    GroupReached {
        /// The group.
        group: GroupId,
        /// The place.
        stage: Stage,
    },
    /// Owners got a link each to a page with their own steps. An earlier link of the same owner no longer opens.
    TasksIssued {
        /// Who.
        by: PrincipalId,
        /// When.
        at: Time,
        /// The end of each owner's link. The same end again is the same link, with other groups.
        owners: BTreeMap<OwnerId, Time>,
        /// The groups of each owner in the case. Rows from before there was such a list have none.
        #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
        groups: BTreeMap<OwnerId, Vec<GroupId>>,
    },
    /// Owners were reminded of steps that wait for them.
    Reminded {
        /// Who reminds.
        by: PrincipalId,
        /// When.
        at: Time,
        /// The owners.
        owners: Vec<OwnerId>,
    },
    /// The run of one group ended.
    GroupEnded {
        /// The group.
        group: GroupId,
        /// How.
        ending: Ending,
        /// The verdict, where it was observed.
        verdict: Option<Verdict>,
    },
    /// The case bag was written and verified.
    Bundled {
        /// Hash of the bag.
        bag_hash: Hash,
        /// Groups that got a certificate.
        certified: Vec<GroupId>,
    },
    /// Somebody put a file of the case into storage, and it was read back there.
    ArchiveStored(Box<ArchiveStored>),
    /// Somebody brings a file of the case back from storage.
    ArchiveFetched(Box<ArchiveFetched>),
}

kinds! {
    CaseEvent {
        PlanDrawn => "plan_drawn",
        Submitted => "submitted",
        ReviewEscalated => "review_escalated",
        Approved => "approved",
        Rejected => "rejected",
        ReviewRefused => "review_refused",
        QuestionAsked => "question_asked",
        QuestionAnswered => "question_answered",
        Withdrawn => "withdrawn",
        Confirmed => "confirmed",
        Staled => "staled",
        Applied => "applied",
        GroupReached => "group_reached",
        TasksIssued => "tasks_issued",
        Reminded => "reminded",
        GroupEnded => "group_ended",
        Bundled => "bundled",
        ArchiveStored => "archive_stored",
        ArchiveFetched => "archive_fetched",
    }
}

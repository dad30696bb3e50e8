//! Events of a group's stream.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Ending, EvidenceRef, Receipt};
use crate::approval::DualAct;
use crate::call::Heard;
use crate::canonical::Hash;
use crate::capability::Effect;
use crate::group::Snapshot;
use crate::ids::{CaseId, HoldId, IdentityId, PrincipalId, ReactionId};
use crate::party::Answer;
use crate::plan::{GroupPlan, Note, StepOp};
use crate::pseudonyms::PseudonymsAct;
use crate::reaction::What;
use crate::reading::OriginalRead;
use crate::register::Registration;
use crate::renewal::{Asked, OwnerAnswer, Renewal};
use crate::reply::OutpostSaid;
use crate::retention::Review;
use crate::stored::{ArchiveFetched, ArchiveStored};
use crate::succession::Owed;
use crate::time::Time;
use crate::upload::Upload;
use crate::verdict::{Probe, Verdict};

/// Events of a group's stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum GroupEvent {
    /// The group was seen and taken under governance, or seen changed.
    Seen {
        /// What was seen.
        snapshot: Box<Snapshot>,
        /// Its class.
        class: String,
    },
    /// A ledger names its owner and how to reach them.
    Registered {
        /// What it says.
        registration: Box<Registration>,
    },
    /// Its owner or deputy leaves the organisation: a successor is owed.
    SuccessorOwed(Box<Owed>),
    /// It is needed for longer.
    Renewed(Box<Renewal>),
    /// Its owner is asked whether it is still needed.
    RenewalAsked(Box<Asked>),
    /// Its owner answered.
    RenewalAnswered(Box<OwnerAnswer>),
    /// A hold was put on it.
    HoldAdded {
        /// The hold.
        hold: HoldId,
        /// The matter, in words.
        matter: String,
        /// Who.
        by: PrincipalId,
    },
    /// One person asks to lift a hold.
    HoldLiftAsked {
        /// The hold.
        hold: HoldId,
        /// Signed statement.
        statement: DualAct,
        /// Ed25519 signature in hex.
        signature: String,
    },
    /// A second person lifts it.
    HoldLifted {
        /// The hold.
        hold: HoldId,
        /// Signed statement.
        statement: DualAct,
        /// Ed25519 signature in hex.
        signature: String,
    },
    /// The group's part of a plan.
    PlanPart {
        /// The case.
        case: CaseId,
        /// Hash of the whole plan.
        plan_hash: Hash,
        /// Why, in words.
        reason: String,
        /// The part.
        part: Box<GroupPlan>,
    },
    /// The run of a plan began.
    RunStarted {
        /// The case.
        case: CaseId,
        /// The plan.
        plan_hash: Hash,
    },
    /// An outside call is about to be made. Committed before the call.
    Intent {
        /// The step.
        step: String,
        /// What it does.
        op: StepOp,
        /// Attempt, from 1.
        attempt: u32,
        /// Whether it can't be taken back.
        irreversible: bool,
        /// Whether it takes the step back instead of doing it.
        #[serde(default)]
        undo: bool,
    },
    /// What the call returned. It ends no step: a read-back does.
    Outcome {
        /// The step.
        step: String,
        /// Attempt.
        attempt: u32,
        /// What is known about the effect.
        effect: Effect,
        /// Error slug, if it failed.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        error: Option<String>,
        /// Earliest next attempt, in seconds from now.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        retry_s: Option<u64>,
        /// What the connector wants to remember (ids of a job, of a message).
        #[serde(default)]
        memo: Value,
    },
    /// What a read-back found.
    ReadBack {
        /// The step.
        step: String,
        /// Attempt.
        attempt: u32,
        /// Whether the effect is there.
        effect: Effect,
        /// Next look, in seconds from now, when it is not known yet.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        retry_s: Option<u64>,
        /// What was found, without texts.
        #[serde(default)]
        memo: Value,
    },
    /// The history was taken out.
    Exported {
        /// The step.
        step: String,
        /// What was taken.
        receipt: Receipt,
    },
    /// The archive bag was closed.
    Sealed {
        /// Hash of the bag.
        bag_hash: Hash,
        /// Size in bytes.
        bytes: u64,
        /// Number of payload files.
        files: u64,
        /// Whether a time stamp of an independent authority lies over it; a drill's is none.
        stamped: bool,
    },
    /// The archive bag was read back from where it lies.
    SealReadBack {
        /// Hash of the bag, as recomputed.
        bag_hash: Hash,
    },
    /// A wait began.
    WaitStarted {
        /// The step.
        step: String,
        /// Its end.
        until: Time,
    },
    /// A wait ended.
    WaitEnded {
        /// The step.
        step: String,
    },
    /// A person is asked to act.
    PersonAsked {
        /// The step.
        step: String,
        /// Why and how.
        note: Note,
        /// When it is escalated, if nobody has answered by then.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        deadline: Option<Time>,
    },
    /// The person who was asked has not answered in time.
    PersonOverdue {
        /// The step.
        step: String,
    },
    /// A person says that it can't be done. The read-back decides whether it was; if not, planning is open again.
    PersonCant {
        /// The step.
        step: String,
        /// Who.
        by: PrincipalId,
        /// Why, in words.
        reason: String,
    },
    /// A person says that it is done. The read-back decides.
    PersonDone {
        /// The step.
        step: String,
        /// Who.
        by: PrincipalId,
        /// What was handed in.
        evidence: Vec<EvidenceRef>,
        /// The platform's second confirmation as the person gave it (`typed_name`, `qr_scanned`, `approved_by`).
        #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
        factors: BTreeMap<String, String>,
    },
    /// Nothing can be read back of what a person did: it is taken as done on the word of people, and no machine has
    /// checked it.
    Told {
        /// The step.
        step: String,
        /// On whose word.
        by: Vec<PrincipalId>,
        /// Whether something was handed in that shows it.
        shown: bool,
    },
    /// A second look right before the irreversible call.
    Rechecked {
        /// The step.
        step: String,
        /// What differs from the plan; empty when it holds.
        differences: Vec<Note>,
    },
    /// A step came to nothing and is given up; observation tells what is the case.
    StepFailed {
        /// The step.
        step: String,
        /// Error slug.
        error: String,
    },
    /// A look during the observation.
    Probed(Probe),
    /// The group was gone and is there again: the observation begins anew.
    Reopened {
        /// Number of the probe that saw it.
        n: u32,
    },
    /// The verdict over the observation.
    Judged {
        /// The verdict.
        verdict: Verdict,
    },
    /// The run was paused.
    Paused {
        /// Who.
        by: PrincipalId,
    },
    /// The run goes on.
    Resumed {
        /// Who.
        by: PrincipalId,
    },
    /// The run is to be taken back.
    UndoAsked {
        /// Who.
        by: PrincipalId,
        /// Whether a new group takes the place of one that can't be brought back.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        rebuild: bool,
    },
    /// A step was taken back.
    StepUndone {
        /// The step.
        step: String,
    },
    /// The run ended.
    RunEnded {
        /// How.
        ending: Ending,
    },
    /// Another party answered.
    Answered {
        /// The step.
        step: String,
        /// What it answered.
        answer: Answer,
    },
    /// The nominee accepts the handover.
    HandoverAccepted {
        /// Signed statement.
        statement: DualAct,
        /// Ed25519 signature in hex.
        signature: String,
    },
    /// A member's reaction was noted down.
    ReactionAdded {
        /// The reaction.
        reaction: ReactionId,
        /// What it is.
        what: What,
        /// In the member's words.
        text: String,
        /// Who reacted, as far as it is known.
        from: String,
        /// Who noted it down.
        by: PrincipalId,
    },
    /// A reader of the members' notice says that they read it.
    NoticeRead {
        /// An id of ours, of a person or a browser; nothing to read in it.
        reader: String,
        /// The name that they gave.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        name: Option<String>,
    },
    /// The links of a reader of the members' notice open nothing any more, as far as they were given so far.
    NoticeRevoked {
        /// The reader; none for the link that is everybody's.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        reader: Option<String>,
        /// Who took them back.
        by: PrincipalId,
    },
    /// A reaction was answered.
    ReactionAnswered {
        /// The reaction.
        reaction: ReactionId,
        /// The answer.
        text: String,
        /// By whom.
        by: PrincipalId,
    },
    /// A reaction was handed to somebody who decides.
    ReactionEscalated {
        /// The reaction.
        reaction: ReactionId,
        /// To whom, in words.
        to: String,
        /// By whom.
        by: PrincipalId,
    },
    /// Somebody handed in a file about the group.
    UploadReceived(Box<Upload>),
    /// Its history was exported outside a case.
    HistoryExported {
        /// Who asked for it.
        by: PrincipalId,
        /// What was taken.
        receipt: Box<Receipt>,
        /// Hash of the archive bag in which it was handed over.
        bag_hash: Hash,
        /// Why it is in clear, where originals are sealed.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        in_clear: Option<String>,
    },
    /// The platform told one of our accounts by itself what became of the group.
    Heard {
        /// The identity that was told.
        identity: IdentityId,
        /// What it was told.
        heard: Box<Heard>,
    },
    /// What an outpost said of an instruction or a question about the group, signed by it.
    OutpostSaid(Box<OutpostSaid>),
    /// A person decided what becomes of the group's record.
    RetentionReviewed(Box<Review>),
    /// Somebody looked at an original.
    OriginalRead(Box<OriginalRead>),
    /// One person asks to destroy the key of the group's pseudonyms.
    PseudonymsAsked(Box<PseudonymsAct>),
    /// A second person destroyed it.
    PseudonymsDestroyed(Box<PseudonymsAct>),
    /// Somebody put a file of the group into storage, and it was read back there.
    ArchiveStored(Box<ArchiveStored>),
    /// Somebody brings a file of the group back from storage.
    ArchiveFetched(Box<ArchiveFetched>),
    /// One person asks to destroy the group's key.
    KeyDestroyAsked {
        /// Signed statement.
        statement: DualAct,
        /// Ed25519 signature in hex.
        signature: String,
    },
}

kinds! {
    GroupEvent {
        Seen => "seen",
        Registered => "registered",
        SuccessorOwed => "successor_owed",
        Renewed => "renewed",
        RenewalAsked => "renewal_asked",
        RenewalAnswered => "renewal_answered",
        HoldAdded => "hold_added",
        HoldLiftAsked => "hold_lift_asked",
        HoldLifted => "hold_lifted",
        PlanPart => "plan_part",
        RunStarted => "run_started",
        Intent => "intent",
        Outcome => "outcome",
        ReadBack => "read_back",
        Exported => "exported",
        Sealed => "sealed",
        SealReadBack => "seal_read_back",
        WaitStarted => "wait_started",
        WaitEnded => "wait_ended",
        PersonAsked => "person_asked",
        PersonOverdue => "person_overdue",
        PersonCant => "person_cant",
        PersonDone => "person_done",
        Told => "told",
        Rechecked => "rechecked",
        StepFailed => "step_failed",
        Probed => "probed",
        Reopened => "reopened",
        Judged => "judged",
        Paused => "paused",
        Resumed => "resumed",
        UndoAsked => "undo_asked",
        StepUndone => "step_undone",
        RunEnded => "run_ended",
        Answered => "answered",
        HandoverAccepted => "handover_accepted",
        ReactionAdded => "reaction_added",
        NoticeRead => "notice_read",
        NoticeRevoked => "notice_revoked",
        ReactionAnswered => "reaction_answered",
        ReactionEscalated => "reaction_escalated",
        UploadReceived => "upload_received",
        HistoryExported => "history_exported",
        Heard => "heard",
        OutpostSaid => "outpost_said",
        RetentionReviewed => "retention_reviewed",
        OriginalRead => "original_read",
        PseudonymsAsked => "pseudonyms_asked",
        PseudonymsDestroyed => "pseudonyms_destroyed",
        ArchiveStored => "archive_stored",
        ArchiveFetched => "archive_fetched",
        KeyDestroyAsked => "key_destroy_asked",
    }
}

//! The plan: immutable, canonical, hashed. Planning decides everything; applying makes no choices.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical::{CanonicalError, Hash, canonical_json};
use crate::capability::{EffectClass, Op, Reversible, Support};
use crate::clocks::{ClockFact, UsedFact};
use crate::ids::{CaseId, ConnectionId, GroupId, NativeId, PlatformId, PrincipalId};
use crate::kinds::Way;
use crate::policy::{ClassPolicy, Review};
use crate::time::Time;

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOp {
    /// Send something to another party and wait for its answer.
    Party,
    /// Tell the group beforehand when it ends.
    Notice,
    /// Wait, so that everybody has read the notice.
    NoticePeriod,
    /// Make the group read-only.
    Freeze,
    /// Take the history out, with a receipt.
    Export,
    /// Close the archive bag, have it time-stamped and read it back.
    Seal,
    /// Take one link off.
    Unlink,
    /// Post the joint announcement and read it back.
    Announce,
    /// Wait for the other groups of the case.
    Join,
    /// Wait, so that people can object or change their mind.
    CoolingOff,
    /// The platform's own handover approval.
    Handover,
    /// Give the group another owner.
    Transfer,
    /// Get another owner for a group whose owner is banned or has vanished.
    Rescue,
    /// Take the organisation's own account out of a group that goes on.
    Leave,
    /// Take out what came after the main export.
    TailExport,
    /// Look again, right before the irreversible call: owner, links, members, capability.
    Recheck,
    /// End the group for everyone. Irreversible.
    Dissolve,
    /// Wait, so that members' clients learn of the end.
    Settle,
    /// Remove what the platform kept. Irreversible.
    Purge,
    /// Remove media files that survive the group. Irreversible.
    RemoveMedia,
    /// Watch that the group stays gone, and give the verdict.
    Observe,
}

impl StepOp {
    /// The step's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Notice => "notice",
            Self::NoticePeriod => "notice_period",
            Self::Freeze => "freeze",
            Self::Export => "export",
            Self::Seal => "seal",
            Self::Unlink => "unlink",
            Self::Announce => "announce",
            Self::Join => "join",
            Self::CoolingOff => "cooling_off",
            Self::Handover => "handover",
            Self::Transfer => "transfer",
            Self::Rescue => "rescue",
            Self::Leave => "leave",
            Self::TailExport => "tail_export",
            Self::Recheck => "recheck",
            Self::Dissolve => "dissolve",
            Self::Settle => "settle",
            Self::Purge => "purge",
            Self::RemoveMedia => "remove_media",
            Self::Observe => "observe",
        }
    }

    /// The connector operation behind the step, if a connector does it.
    pub fn op(self) -> Option<Op> {
        match self {
            Self::Freeze => Some(Op::Freeze),
            Self::Export | Self::TailExport => Some(Op::Export),
            Self::Unlink => Some(Op::Unlink),
            Self::Announce | Self::Notice => Some(Op::Announce),
            Self::Handover => Some(Op::Handover),
            Self::Transfer | Self::Rescue => Some(Op::Transfer),
            Self::Leave => Some(Op::Leave),
            Self::Dissolve => Some(Op::Dissolve),
            Self::Purge => Some(Op::Purge),
            Self::RemoveMedia => Some(Op::RemoveMedia),
            Self::Observe => Some(Op::Verify),
            Self::Seal
            | Self::Join
            | Self::CoolingOff
            | Self::Recheck
            | Self::Settle
            | Self::Party
            | Self::NoticePeriod => None,
        }
    }

    /// Whether the step changes something on the platform, or with another party.
    pub fn acts(self) -> bool {
        matches!(
            self,
            Self::Party
                | Self::Notice
                | Self::Freeze
                | Self::Unlink
                | Self::Announce
                | Self::Handover
                | Self::Transfer
                | Self::Rescue
                | Self::Leave
                | Self::Dissolve
                | Self::Purge
                | Self::RemoveMedia
        )
    }

    /// Whether the step lies at or behind the point of no return.
    pub fn past_return(self) -> bool {
        matches!(self, Self::Dissolve | Self::Settle | Self::Purge | Self::RemoveMedia | Self::Observe)
    }

    /// Whether the step destroys something that nobody of ours can bring back.
    pub fn irreversible(self) -> bool {
        matches!(self, Self::Dissolve | Self::Purge | Self::RemoveMedia)
    }
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Unique within the group's plan: `03-seal`.
    pub id: String,
    /// What it does.
    pub op: StepOp,
    /// Plan symbol: `-` dissolve, `~` change, `!` irrevocable, `?` unknown, `#` human.
    pub symbol: char,
    /// How well the platform supports it.
    pub support: Support,
    /// Slug of how it is emulated or what the person does; empty when there is nothing to say.
    #[serde(default)]
    pub note: String,
    /// Until when it can be taken back.
    pub reversible: Reversible,
    /// Slug of what proves its result.
    pub proof: String,
    /// Protection against doing it twice.
    pub class: EffectClass,
    /// What it acts on or with: the link's id, the announcement's text, the length of a wait in seconds.
    #[serde(default)]
    pub params: BTreeMap<String, Value>,
}

impl Step {
    /// A parameter that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name).and_then(Value::as_str)
    }

    /// A parameter that is a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.params.get(name).and_then(Value::as_u64)
    }
}

/// A statement of the plan by slug, with arguments; surfaces turn it into a sentence (`note-…` messages).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    /// Slug of the message.
    pub code: String,
    /// Arguments of the sentence.
    #[serde(default)]
    pub args: BTreeMap<String, String>,
}

impl Note {
    /// A note without arguments.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), args: BTreeMap::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }
}

/// The world that the plan was drawn for. When it differs later, the plan is stale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Owners, sorted.
    pub owners: Vec<NativeId>,
    /// Members who are no bots, sorted; bots count as links.
    pub members: Vec<NativeId>,
    /// Links, sorted.
    pub links: Vec<NativeId>,
    /// Hash of the effective capabilities.
    pub capabilities: Hash,
    /// When it was seen.
    pub seen_at: Time,
}

/// The plan for one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPlan {
    /// The group.
    pub group: GroupId,
    /// Its platform.
    pub platform: PlatformId,
    /// The connection that acts.
    pub connection: ConnectionId,
    /// The platform's id of the group.
    pub native: NativeId,
    /// The name for people.
    pub name: String,
    /// The group's class.
    pub class: String,
    /// The policy of the class, as it was when the plan was drawn.
    pub policy: ClassPolicy,
    /// The world that the plan was drawn for.
    pub basis: Basis,
    /// What will happen, in order.
    pub steps: Vec<Step>,
    /// What will not happen.
    pub will_not: Vec<Note>,
    /// What nobody can know.
    pub unknown: Vec<Note>,
    /// What survives the dissolve.
    pub residue: Vec<Note>,
    /// What forbids it now, and who can clear it.
    pub blockers: Vec<Note>,
    /// Facts about the platform that the plan rests on: when one changes, the plan is another one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<UsedFact>,
    /// The platform's clocks: for how long what can be taken back, and what stays how long.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockFact>,
    /// What the group's kind asks for.
    #[serde(flatten)]
    pub way: Way,
}

impl GroupPlan {
    /// Index of the first step at or behind the point of no return.
    pub fn point_of_no_return(&self) -> usize {
        self.steps.iter().position(|step| step.op.past_return()).unwrap_or(self.steps.len())
    }
}

/// What is to be done, for one or several groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Format and version: `plan/v1`.
    pub adjourn: String,
    /// The case.
    pub case: CaseId,
    /// Who asks.
    pub requester: PrincipalId,
    /// Why, in words.
    pub reason: String,
    /// Why, by kind (requirement G12).
    pub reason_kind: ReasonKind,
    /// When it was drawn.
    pub drawn_at: Time,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "Act::is_dissolve")]
    pub act: Act,
    /// Who has to agree.
    pub review: Review,
    /// Whether simulated platforms are in it.
    pub drill: bool,
    /// SHA-256 of the announcement's canonical form, the same for every copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announcement_sha256: Option<Hash>,
    /// The groups, in the order in which they are ended.
    pub groups: Vec<GroupPlan>,
}

/// What a plan is for. Different acts, never confused (requirement G2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// The group ends for everyone.
    #[default]
    Dissolve,
    /// The group gets another owner.
    Transfer,
    /// The same, without the owner's hand: banned, vanished.
    Rescue,
    /// One account of the organisation's goes; the group goes on.
    Leave,
}

impl Act {
    /// The act's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Dissolve => "dissolve",
            Self::Transfer => "transfer",
            Self::Rescue => "rescue",
            Self::Leave => "leave",
        }
    }

    /// Whether it ends a group.
    pub fn is_dissolve(&self) -> bool {
        *self == Self::Dissolve
    }
}

/// Why a group is ended, by kind (requirement G12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// Its function changed.
    FunctionChange,
    /// Privacy.
    Privacy,
    /// Relations changed.
    RelationsChanged,
    /// The project ended.
    #[default]
    ProjectEnded,
    /// Law or order.
    Law,
}

impl Plan {
    /// The canonical bytes of the plan (RFC 8785).
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }

    /// SHA-256 of the canonical bytes: what approvals bind to.
    pub fn hash(&self) -> Result<Hash, CanonicalError> {
        Ok(Hash::of(&self.bytes()?))
    }

    /// All blockers of all groups.
    pub fn blockers(&self) -> impl Iterator<Item = (&GroupPlan, &Note)> {
        self.groups.iter().flat_map(|group| group.blockers.iter().map(move |note| (group, note)))
    }

    /// The part of one group.
    pub fn group(&self, id: &GroupId) -> Option<&GroupPlan> {
        self.groups.iter().find(|group| group.group == *id)
    }
}

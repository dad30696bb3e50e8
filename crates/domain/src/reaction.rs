//! Reactions of members (requirement N5): objections, questions and rumours are collected, answered or escalated. Too
//! many open objections pause what is still before the point of no return.
//!
//! Their texts are personal data: they lie on the group's stream only, under the group's key.

use serde::{Deserialize, Serialize};

use crate::ids::{PrincipalId, ReactionId};
use crate::refusal::Refusal;
use crate::run::GroupState;
use crate::time::Time;

/// Longest text, in characters.
pub const MAX_TEXT: usize = 4000;
/// Reactions of one group, at most.
pub const MAX_REACTIONS: usize = 10_000;

/// What kind of reaction it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Somebody does not agree.
    Objection,
    /// Somebody asks.
    Question,
    /// Something untrue goes round.
    Rumour,
}

impl What {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Question => "question",
            Self::Rumour => "rumour",
        }
    }
}

/// What became of a reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has dealt with it.
    Open,
    /// It was answered.
    Answered {
        /// The answer.
        text: String,
        /// By whom.
        by: PrincipalId,
        /// When.
        at: Time,
    },
    /// It was handed to somebody who decides.
    Escalated {
        /// To whom, in words.
        to: String,
        /// By whom.
        by: PrincipalId,
        /// When.
        at: Time,
    },
}

impl Standing {
    /// The slug, as in JSON.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered { .. } => "answered",
            Self::Escalated { .. } => "escalated",
        }
    }
}

/// A reaction to a group's end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// What it is.
    pub what: What,
    /// In the member's words.
    pub text: String,
    /// Who reacted, as far as it is known.
    pub from: String,
    /// Who noted it down.
    pub by: PrincipalId,
    /// When.
    pub at: Time,
    /// What became of it.
    pub standing: Standing,
}

/// Open objections to the end of a group.
pub fn open_objections(group: &GroupState) -> usize {
    let open = |reaction: &&Reaction| reaction.what == What::Objection && reaction.standing == Standing::Open;
    group.reactions.values().filter(open).count()
}

/// Whether the open objections of these groups together pause them: more than the strictest of their policies bears.
pub fn too_many<'a>(groups: impl Iterator<Item = &'a GroupState>) -> bool {
    let (mut open, mut most) = (0, usize::MAX);
    for group in groups {
        open += open_objections(group);
        if let Some(run) = &group.run {
            most = most.min(run.part.policy.open_objections as usize);
        }
    }
    open > most
}

/// Refuses a text that is empty or too long.
pub fn check_text(text: &str) -> Result<(), Refusal> {
    match text.trim().chars().count() {
        1..=MAX_TEXT => Ok(()),
        count => Err(Refusal::new("reaction.text").with("count", count)),
    }
}

/// The reaction with this id, still open.
pub(crate) fn open<'a>(group: &'a GroupState, id: &ReactionId) -> Result<&'a Reaction, Refusal> {
    let found =
        group.reactions.get(id).ok_or_else(|| Refusal::new("reaction.unknown").with("reaction", id))?;
    match found.standing {
        // Whoever it was handed to may still answer.
        Standing::Open | Standing::Escalated { .. } => Ok(found),
        Standing::Answered { .. } => Err(Refusal::new("reaction.answered").with("reaction", id)),
    }
}

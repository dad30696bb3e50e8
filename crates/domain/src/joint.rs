//! Several groups in one case: where each of them waits for the others, and whether the others are there.
//!
//! A plan over several groups has [`StepOp::Join`](crate::plan::StepOp::Join) steps: the history is sealed everywhere before
//! rights are taken anywhere; rights before the announcement; the announcement before the end; ends that can be taken
//! back before those that can't. A group whose run has ended is not waited for, and one that is in trouble not for
//! ever: after the policy's `joint_patience_s` the others go on without it.

use serde::{Deserialize, Serialize};

use crate::case::CaseState;
use crate::ids::GroupId;

/// A place where the groups of a case wait for each other, in the order of the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The history is sealed.
    Sealed,
    /// Links are off.
    Unlinked,
    /// The announcement is posted.
    Announced,
    /// Groups that can be brought back have ended.
    ReversibleEnded,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 4] = [Self::Sealed, Self::Unlinked, Self::Announced, Self::ReversibleEnded];

    /// The stage's slug, as in plans.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Unlinked => "unlinked",
            Self::Announced => "announced",
            Self::ReversibleEnded => "reversible_ended",
        }
    }

    /// The stage of a slug.
    pub fn of(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.slug() == slug)
    }
}

impl CaseState {
    /// Groups that have neither come to `stage` nor ended: those for which the others wait there.
    pub fn awaited(&self, stage: Stage) -> impl Iterator<Item = &GroupId> {
        self.head.iter().flat_map(|head| &head.groups).filter(move |group| {
            !self.ended.contains_key(*group)
                && self.reached.get(*group).is_none_or(|reached| *reached < stage)
        })
    }

    /// Whether `group` has nobody else to wait for at `stage`.
    pub fn all_there(&self, group: &GroupId, stage: Stage) -> bool {
        self.awaited(stage).all(|other| other == group)
    }
}

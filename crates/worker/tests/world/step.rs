//! What is known of one step.

use std::collections::BTreeSet;

use adjourn_domain::capability::{Effect, Support};
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::plan::Step;
use adjourn_domain::time::Time;

use super::ops::acts;

/// What is known of a step from its events.
#[derive(Default, Clone)]
pub(crate) struct StepLaw {
    pub(crate) attempts: u32,
    pub(crate) done_intents: u32,
    pub(crate) undoing: bool,
    pub(crate) answered: bool,
    pub(crate) known: Option<Effect>,
    pub(crate) asked: bool,
    pub(crate) deadline: Option<Time>,
    pub(crate) said_done: BTreeSet<PrincipalId>,
    pub(crate) shown: bool,
    pub(crate) unknowable: bool,
    pub(crate) cant: bool,
    pub(crate) helped: bool,
    pub(crate) until: Option<Time>,
    pub(crate) settled: bool,
    pub(crate) applied: bool,
    pub(crate) applied_at: Option<Time>,
    pub(crate) failed: bool,
    pub(crate) agreed: Option<bool>,
}

impl StepLaw {
    pub(crate) fn in_flight(&self) -> bool {
        self.attempts > 0 && self.known.is_none() && !self.settled && !self.asked
    }

    /// Who clears the way for work of ours, or can't, leaves nothing under way.
    pub(crate) fn leaves_nothing_under_way(&mut self, step: &Step) {
        if !acts(step.op) && step.support != Support::Assisted {
            self.known = Some(Effect::NotApplied);
        }
    }
}

/// Whether a law holds, and what was broken.
pub(crate) type Verdicts = Result<(), String>;

pub(crate) fn must(holds: bool, says: &str) -> Verdicts {
    if holds { Ok(()) } else { Err(says.to_owned()) }
}

//! A group and the run of a plan on it.
//!
//! The group's stream is the boundary of consistency: the commit of an intent is the moment that decides
//! against a hold or a pause. Invariants, for every sequence of commands and outcomes:
//!
//! * no irreversible intent before the review of exactly this plan is complete, before the archive bag was sealed and
//!   read back, under a hold, or while paused;
//! * one run per group at a time;
//! * no second attempt before a read-back said that the first one did not apply; class U is never tried again;
//! * a return code ends no step;
//! * a run never ends with a call in flight, and only an irreversible step in doubt is given up before it ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::canonical::Hash;
use crate::capability::{Effect, Reversible, Support};
use crate::case::CaseState;
use crate::drift::OwnChanges;
use crate::event::{Ending, EvidenceRef, GroupEvent, Receipt};
use crate::ids::{CaseId, NativeId, PrincipalId};
use crate::joint::Stage;
use crate::party::Answer;
use crate::plan::{GroupPlan, Step, StepOp};
use crate::time::Time;
use crate::verdict::{Probe, Verdict, judge};

mod decide;
mod due;
mod group;
mod guard;
mod human;
mod kinds;
mod upkeep;

pub use decide::RunCommand;
pub use due::{Action, due, person_instead};
pub use group::GroupState;
use guard::{guard, may_retry};
pub use kinds::React;
pub use upkeep::{Expiry, Upkeep, UpkeepCommand};

/// Attempts of one step, at most.
pub const MAX_ATTEMPTS: u32 = 5;
/// Attempts of a step that changes nothing on the platform, before a person has to look why.
pub const MAX_TRIES: u32 = 100;
/// Probes that may be added for missed ones.
pub const MAX_EXTRA_PROBES: usize = 5;
/// How often an observation begins anew because the group came back, at most.
pub const MAX_REOPENED: u32 = 3;

/// A hold on a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The matter, in words.
    pub matter: String,
    /// Who added it.
    pub by: PrincipalId,
    /// When.
    pub at: Time,
    /// Who asked to lift it.
    pub lift_asked_by: Option<PrincipalId>,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Not begun, or to be tried again, not before this time.
    Pending {
        /// Earliest next attempt.
        not_before: Option<Time>,
    },
    /// An intent is written; what came of it is not known yet.
    InFlight,
    /// The call returned; a read-back has to tell.
    Checking {
        /// Since when.
        since: Time,
        /// Next look.
        next: Time,
    },
    /// Waits for a time.
    Waiting {
        /// The end.
        until: Time,
    },
    /// Waits for a person.
    Person,
    /// Done, and read back.
    Done,
    /// Given up; the observation tells what is the case.
    Failed,
    /// Taken back.
    Undone,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRun {
    /// Where it stands.
    pub state: StepState,
    /// Attempts so far.
    pub attempts: u32,
    /// What the connector wants to remember.
    pub memo: serde_json::Value,
    /// The last error slug.
    pub error: Option<String>,
    /// Time of the last event about it.
    pub heartbeat: Option<Time>,
    /// Whether an undo of it is in flight.
    pub undoing: bool,
    /// What a person was asked, and has said.
    pub human: Human,
}

/// Where a step that a person does stands with that person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Human {
    /// When it is escalated.
    pub deadline: Option<Time>,
    /// Whether it was.
    pub overdue: bool,
    /// Who says that it is done.
    pub done_by: Vec<PrincipalId>,
    /// Whether one of them handed in what shows it.
    pub shown: bool,
    /// What they handed in, and who did.
    pub handed: Vec<(PrincipalId, EvidenceRef)>,
    /// Whether it counts as done on their word alone, because nothing can be read back.
    pub told: bool,
    /// Who says that it can't be done, and why.
    pub cant: Option<(PrincipalId, String)>,
}

/// Whether a run moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It moves.
    Active,
    /// It is paused.
    Paused,
    /// It is being taken back.
    Undoing,
    /// It has ended.
    Ended(Ending),
}

/// The run of a plan on a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The case.
    pub case: CaseId,
    /// The plan.
    pub plan_hash: Hash,
    /// The group's part of the plan.
    pub part: GroupPlan,
    /// Whether it moves.
    pub phase: Phase,
    /// Whether taking it back means a new group in place of the old one.
    pub rebuild: bool,
    /// The steps, as in the plan.
    pub steps: Vec<StepRun>,
    /// Receipt of the main export.
    pub receipt: Option<Box<Receipt>>,
    /// Whether a person accepted that the export is not complete.
    pub receipt_accepted: bool,
    /// Hash of the sealed archive bag.
    pub sealed: Option<Hash>,
    /// Hash of the archive bag as read back.
    pub seal_read_back: Option<Hash>,
    /// Differences that the second look found.
    pub differences: Vec<crate::plan::Note>,
    /// Start of the observation.
    pub observed_from: Option<Time>,
    /// Probes.
    pub probes: Vec<Probe>,
    /// How often the group came back and the observation began anew.
    pub reopened: u32,
    /// The first probe of the observation as it runs now.
    pub probes_from: usize,
    /// The verdict.
    pub verdict: Option<Verdict>,
    /// What other parties answered, by step.
    pub answers: BTreeMap<String, Answer>,
    /// When the nominee accepted the handover.
    pub accepted_at: Option<Time>,
    /// When it began.
    pub started_at: Time,
    /// Moments that the platform's clocks count from.
    pub moments: crate::clocks::Moments,
}

impl Run {
    /// Index of the step that is next or under way; `None` when all are settled.
    pub fn current(&self) -> Option<usize> {
        self.steps
            .iter()
            .position(|step| !matches!(step.state, StepState::Done | StepState::Failed | StepState::Undone))
    }

    /// The step of the plan with this id, with its state.
    pub fn find(&self, id: &str) -> Option<(usize, &Step, &StepRun)> {
        let at = self.part.steps.iter().position(|step| step.id == id)?;
        Some((at, self.part.steps.get(at)?, self.steps.get(at)?))
    }

    /// Whether the point of no return is passed: an irreversible call may have been made.
    pub fn past_return(&self) -> bool {
        self.part.steps.iter().zip(&self.steps).any(|(step, run)| step.op.irreversible() && run.attempts > 0)
            || self.part.steps.iter().zip(&self.steps).any(|(step, run)| {
                step.op.irreversible()
                    && step.support == Support::Assisted
                    && run.state != StepState::Pending { not_before: None }
            })
    }

    /// The step whose call was committed and whose outcome nobody has read back yet. An undo is none of them.
    pub fn in_flight(&self) -> Option<StepOp> {
        let mut steps = self.part.steps.iter().zip(&self.steps);
        let open = |state: &StepState| matches!(state, StepState::InFlight | StepState::Checking { .. });
        steps.find(|(_, run)| open(&run.state) && !run.undoing).map(|(step, _)| step.op)
    }

    /// Until when the platform brings the dissolved group back; `None` when it does not, or when more than the dissolve was
    /// done that can't be taken back.
    pub fn restorable_until(&self) -> Option<Time> {
        let mut steps = self.part.steps.iter().zip(&self.steps);
        let (spec, state) = steps.find(|(spec, _)| spec.op == StepOp::Dissolve)?;
        let more = self.part.steps.iter().zip(&self.steps).any(|(spec, state)| {
            matches!(spec.op, StepOp::Purge | StepOp::RemoveMedia)
                && (state.attempts > 0 || state.state != StepState::Pending { not_before: None })
        });
        let Reversible::Seconds { seconds } = spec.reversible else { return None };
        let way = spec.params.contains_key("restore") && state.state == StepState::Done && !more;
        state.heartbeat.filter(|_| way).map(|at| at.plus_secs(seconds))
    }

    /// Whether the main export has something missing that nobody has accepted yet.
    pub fn receipt_open(&self) -> bool {
        !self.receipt_accepted && self.receipt.as_ref().is_some_and(|receipt| !receipt.complete)
    }

    /// The same, if `step` is the main export.
    pub(crate) fn receipt_open_at(&self, step: &str) -> bool {
        self.receipt_open()
            && self
                .find(step)
                .is_some_and(|(_, spec, run)| spec.op == StepOp::Export && run.state == StepState::Done)
    }

    /// What our own steps have changed.
    pub fn own_changes(&self) -> OwnChanges {
        let unlinked: BTreeSet<NativeId> = self
            .part
            .steps
            .iter()
            .zip(&self.steps)
            .filter(|(step, run)| {
                step.op == StepOp::Unlink && (run.attempts > 0 || run.state == StepState::Done)
            })
            .filter_map(|(step, _)| step.text("link").map(NativeId::from))
            .collect();
        OwnChanges { unlinked }
    }

    /// Probes of the observation as it runs now.
    pub fn current_probes(&self) -> &[Probe] {
        self.probes.get(self.probes_from..).unwrap_or_default()
    }

    /// Whether the run stands where it waits for the other groups of its case.
    pub fn waits_for_others(&self) -> bool {
        self.current().and_then(|at| self.part.steps.get(at).zip(self.steps.get(at))).is_some_and(
            |(spec, state)| spec.op == StepOp::Join && matches!(state.state, StepState::Waiting { .. }),
        )
    }

    /// The place where the groups of a case wait for each other that this event of the run leads to, if it does.
    pub fn reaches(&self, event: &GroupEvent) -> Option<Stage> {
        let GroupEvent::WaitStarted { step, .. } = event else { return None };
        let (_, spec, _) = self.find(step)?;
        match spec.op {
            StepOp::Join => spec.text("stage").and_then(Stage::of),
            StepOp::Observe => Some(Stage::ReversibleEnded),
            _ => None,
        }
    }

    /// Times of the probes, with those that were added for missed ones.
    pub fn probe_times(&self) -> Vec<Time> {
        let Some(from) = self.observed_from else { return Vec::new() };
        let policy = &self.part.policy;
        let mut times: Vec<Time> = policy.probes_s.iter().map(|offset| from.plus_secs(*offset)).collect();
        let missed =
            self.current_probes().iter().filter(|probe| probe.missed()).count().min(MAX_EXTRA_PROBES);
        let gap = (policy.observation_s / 10).max(1);
        for n in 1..=missed as u64 {
            times.push(from.plus_secs(policy.observation_s.saturating_add(gap.saturating_mul(n))));
        }
        times
    }
}

fn start(case: CaseId, plan_hash: Hash, part: GroupPlan, at: Time) -> Run {
    let fresh = StepRun {
        state: StepState::Pending { not_before: None },
        attempts: 0,
        memo: serde_json::Value::Null,
        error: None,
        heartbeat: None,
        undoing: false,
        human: Human::default(),
    };
    Run {
        case,
        plan_hash,
        steps: vec![fresh; part.steps.len()],
        part,
        phase: Phase::Active,
        rebuild: false,
        receipt: None,
        receipt_accepted: false,
        sealed: None,
        seal_read_back: None,
        differences: Vec::new(),
        observed_from: None,
        probes: Vec::new(),
        reopened: 0,
        probes_from: 0,
        verdict: None,
        answers: BTreeMap::new(),
        accepted_at: None,
        started_at: at,
        moments: crate::clocks::Moments::default(),
    }
}

impl Run {
    fn step_mut(&mut self, id: &str) -> Option<(&Step, &mut StepRun)> {
        let at = self.part.steps.iter().position(|step| step.id == id)?;
        Some((self.part.steps.get(at)?, self.steps.get_mut(at)?))
    }

    /// Time has passed since the second look, and nothing irreversible was begun: it is taken again.
    fn look_again(&mut self) {
        if self.past_return() {
            return;
        }
        for (spec, step) in self.part.steps.iter().zip(&mut self.steps) {
            if spec.op == StepOp::Recheck && step.state == StepState::Done {
                step.state = StepState::Pending { not_before: None };
            }
        }
    }

    /// Whether a step is work of ours that a person only clears the way for.
    fn is_ours(&self, step: &str) -> bool {
        self.find(step).is_some_and(|(_, spec, _)| !spec.op.acts() && spec.support != Support::Assisted)
    }

    fn set(&mut self, id: &str, at: Time, state: StepState) {
        if let Some((_, step)) = self.step_mut(id) {
            step.state = state;
            step.heartbeat = Some(at);
        }
    }

    fn evolve(&mut self, at: Time, event: &GroupEvent) {
        self.moments.note(&self.part, at, event);
        match event {
            GroupEvent::Intent { step, attempt, undo, .. } => {
                self.set(step, at, StepState::InFlight);
                if let Some((_, run)) = self.step_mut(step) {
                    run.attempts = *attempt;
                    run.undoing = *undo;
                }
            }
            GroupEvent::Outcome { step, effect, error, retry_s, memo, .. } => {
                if let Some((_, run)) = self.step_mut(step) {
                    run.heartbeat = Some(at);
                    run.error.clone_from(error);
                    if !memo.is_null() {
                        run.memo = memo.clone();
                    }
                    run.state = match effect {
                        Effect::NotApplied => {
                            StepState::Pending { not_before: Some(at.plus_secs(retry_s.unwrap_or(0))) }
                        }
                        Effect::Applied | Effect::Unknown => StepState::Checking { since: at, next: at },
                    };
                }
            }
            GroupEvent::ReadBack { step, effect, retry_s, memo, .. } => {
                // What nobody can ever tell is looked for once more when patience ends.
                let patience = self.part.policy.patience_s;
                let soon = if *effect == Effect::Unknown { patience } else { 1 };
                let next = at.plus_secs(retry_s.unwrap_or(soon).max(1));
                if let Some((spec, run)) = self.step_mut(step) {
                    run.heartbeat = Some(at);
                    if !memo.is_null() {
                        run.memo = memo.clone();
                    }
                    run.state = match effect {
                        Effect::Applied if run.undoing => StepState::Undone,
                        Effect::Applied => StepState::Done,
                        Effect::NotApplied if spec.support == Support::Assisted => {
                            StepState::Pending { not_before: None }
                        }
                        Effect::NotApplied => StepState::Pending { not_before: Some(next) },
                        Effect::Unknown => match run.state {
                            StepState::Checking { since, .. } => StepState::Checking { since, next },
                            _ => StepState::Checking { since: at, next },
                        },
                    };
                }
            }
            GroupEvent::Answered { step, answer } => {
                if !answer.accepted {
                    self.differences.push(kinds::refused(step, answer));
                }
                self.answers.insert(step.clone(), answer.clone());
            }
            GroupEvent::HandoverAccepted { .. } => self.accepted_at = Some(at),
            GroupEvent::Exported { step, receipt } => {
                let main = self.find(step).is_some_and(|(_, spec, _)| spec.op == StepOp::Export);
                if main {
                    self.receipt = Some(Box::new(receipt.clone()));
                }
            }
            GroupEvent::Sealed { bag_hash, .. } => self.sealed = Some(*bag_hash),
            GroupEvent::SealReadBack { bag_hash } => self.seal_read_back = Some(*bag_hash),
            GroupEvent::WaitStarted { step, until } => {
                if self.find(step).is_some_and(|(_, spec, _)| spec.op == StepOp::Observe) {
                    self.observed_from = Some(at);
                }
                self.set(step, at, StepState::Waiting { until: *until });
            }
            GroupEvent::WaitEnded { step } => self.set(step, at, StepState::Done),
            GroupEvent::PersonAsked { step, deadline, .. } => {
                self.set(step, at, StepState::Person);
                let undoing = self.phase == Phase::Undoing;
                if let Some((_, run)) = self.step_mut(step) {
                    run.undoing = undoing;
                    run.human = Human { deadline: *deadline, ..Human::default() };
                }
            }
            GroupEvent::PersonOverdue { step } => {
                if let Some((_, run)) = self.step_mut(step) {
                    run.human.overdue = true;
                }
            }
            GroupEvent::PersonCant { step, by, reason } => {
                // What nobody can have done needs no look.
                let ours = self.is_ours(step);
                let checking = StepState::Checking { since: at, next: at };
                self.set(step, at, if ours { StepState::Pending { not_before: None } } else { checking });
                if let Some((_, run)) = self.step_mut(step) {
                    run.human.cant = Some((by.clone(), reason.clone()));
                }
            }
            GroupEvent::PersonDone { step, .. } if self.receipt_open_at(step) => self.receipt_accepted = true,
            GroupEvent::PersonDone { step, by, evidence, .. } => {
                let needed = self.find(step).map_or(1, |(_, spec, state)| {
                    let shown = state.human.shown || !evidence.is_empty();
                    if state.undoing { 1 } else { human::people_needed(spec, &self.part, shown) }
                });
                let ours = self.is_ours(step);
                let Some((_, run)) = self.step_mut(step) else { return };
                run.human.done_by.push(by.clone());
                run.human.shown |= !evidence.is_empty();
                run.human.handed.extend(evidence.iter().map(|file| (by.clone(), file.clone())));
                if run.human.done_by.len() < needed {
                    return;
                }
                let checking = StepState::Checking { since: at, next: at };
                // The person saw to what was in the way; the work is still ours.
                self.set(step, at, if ours { StepState::Pending { not_before: None } } else { checking });
            }
            GroupEvent::Told { step, .. } => {
                self.set(step, at, StepState::Done);
                if let Some((_, run)) = self.step_mut(step) {
                    run.human.told = true;
                }
            }
            GroupEvent::Rechecked { step, differences } => {
                self.differences.clone_from(differences);
                if differences.is_empty() {
                    self.set(step, at, StepState::Done);
                }
            }
            GroupEvent::StepFailed { step, error } => {
                self.set(step, at, StepState::Failed);
                if let Some((_, run)) = self.step_mut(step) {
                    run.error = Some(error.clone());
                }
            }
            GroupEvent::Probed(probe) => self.probes.push(probe.clone()),
            GroupEvent::Reopened { .. } => {
                self.reopened += 1;
                self.probes_from = self.probes.len();
                self.observed_from = Some(at);
                let until = at.plus_secs(self.part.policy.observation_s);
                if let Some(at) = self.part.steps.iter().position(|step| step.op == StepOp::Observe)
                    && let Some(step) = self.steps.get_mut(at)
                {
                    step.state = StepState::Waiting { until };
                }
            }
            GroupEvent::Judged { verdict } => {
                self.verdict = Some(*verdict);
                if let Some(at) = self.part.steps.iter().position(|step| step.op == StepOp::Observe)
                    && let Some(step) = self.steps.get_mut(at)
                {
                    step.state = StepState::Done;
                }
            }
            GroupEvent::Paused { .. } if self.phase == Phase::Active => self.phase = Phase::Paused,
            GroupEvent::Resumed { .. } if self.phase == Phase::Paused => {
                self.phase = Phase::Active;
                self.look_again();
            }
            GroupEvent::UndoAsked { rebuild, .. } => {
                self.phase = Phase::Undoing;
                self.rebuild = *rebuild;
            }
            GroupEvent::StepUndone { step } => self.set(step, at, StepState::Undone),
            GroupEvent::RunEnded { ending } => self.phase = Phase::Ended(*ending),
            _ => {}
        }
    }

    /// Whether the plan of this run may still make irreversible calls, as far as the case can tell.
    pub fn cleared(&self, case: &CaseState) -> bool {
        case.id == self.case && case.cleared(self.plan_hash)
    }

    /// The verdict that the probes give so far.
    pub fn verdict_so_far(&self) -> Verdict {
        self.verdict.unwrap_or_else(|| self.judged())
    }

    /// The verdict over the observation. A group that came back is gone only if it was gone for a whole observation after
    /// that; else all probes count.
    pub fn judged(&self) -> Verdict {
        match judge(self.current_probes()) {
            Verdict::Gone => Verdict::Gone,
            verdict if self.reopened == 0 => verdict,
            _ => judge(&self.probes),
        }
    }
}

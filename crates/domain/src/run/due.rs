//! What has to be done next, from state and time alone.

use super::{
    GroupState, MAX_ATTEMPTS, MAX_REOPENED, MAX_TRIES, Phase, Run, StepRun, StepState, guard, kinds,
    may_retry,
};
use crate::capability::{Reversible, Support};
use crate::case::CaseState;
use crate::joint::Stage;
use crate::plan::{Step, StepOp};
use crate::refusal::Refusal;
use crate::time::Time;
use crate::verdict::{Verdict, judge};

/// Errors that say that we may not do it, whenever we try.
const NOT_OURS: [&str; 2] = ["connection.permission", "capability.unsupported"];

/// What the worker has to do for a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    Idle,
    /// Nothing before this time.
    Sleep {
        /// When to look again.
        until: Time,
    },
    /// Write an intent and make the call.
    Perform {
        /// Index of the step.
        step: usize,
        /// Whether the step is taken back.
        undo: bool,
    },
    /// Ask the platform what came of a call.
    ReadBack {
        /// Index of the step.
        step: usize,
    },
    /// Begin a wait (cooling-off, settling, observation).
    BeginWait {
        /// Index of the step.
        step: usize,
        /// Its end.
        until: Time,
    },
    /// End a wait.
    EndWait {
        /// Index of the step.
        step: usize,
    },
    /// Ask a person to act.
    AskPerson {
        /// Index of the step.
        step: usize,
    },
    /// A person has been asked; nothing to do but wait.
    Person {
        /// Index of the step.
        step: usize,
        /// When it is escalated.
        until: Option<Time>,
    },
    /// The person who was asked has not answered in time: say so.
    Escalate {
        /// Index of the step.
        step: usize,
    },
    /// A person said that the step can't be done, and it was not: end the run, planning is open again.
    StopCant,
    /// The group is there again: begin the observation anew.
    Reopen {
        /// Number of the probe that saw it.
        n: u32,
    },
    /// Look again before the irreversible call.
    Recheck {
        /// Index of the step.
        step: usize,
    },
    /// The second look found differences: end the run.
    StopStale,
    /// Give the step up.
    GiveUp {
        /// Index of the step.
        step: usize,
    },
    /// Take a probe.
    Probe {
        /// Number of the probe.
        n: u32,
    },
    /// Give the verdict and end the run.
    Conclude,
    /// All that can be taken back is; end the run.
    EndUndo,
    /// A hold, a missing approval or a missing seal forbids the next step.
    Blocked(Refusal),
}

/// What the worker has to do for `group` at `now`.
pub fn due(group: &GroupState, case: &CaseState, now: Time) -> Action {
    let Some(run) = &group.run else { return Action::Idle };
    match run.phase {
        Phase::Ended(_) => return Action::Idle,
        Phase::Undoing => return due_undo(run, now),
        // What was called is answered even while paused; what to do about it waits.
        Phase::Paused => {
            let look = run.steps.iter().enumerate().find_map(|(at, state)| look(run, at, state, now));
            return look.map_or(Action::Idle, |look| look.unless_over(|| Action::Idle));
        }
        Phase::Active => {}
    }
    if !run.differences.is_empty() {
        return Action::StopStale;
    }
    let Some(at) = run.current() else { return Action::Conclude };
    let (Some(step), Some(state)) = (run.part.steps.get(at), run.steps.get(at)) else { return Action::Idle };
    let failed_dissolve = run
        .part
        .steps
        .iter()
        .zip(&run.steps)
        .any(|(spec, run)| spec.op == StepOp::Dissolve && run.state == StepState::Failed);
    match state.state {
        StepState::Pending { not_before } => {
            let instead = person_instead(step, state);
            if let Some(time) = not_before.filter(|time| *time > now && !instead) {
                return Action::Sleep { until: time };
            }
            if state.human.cant.is_some() {
                return if run.past_return() { Action::GiveUp { step: at } } else { Action::StopCant };
            }
            // Nothing is purged after a dissolve that came to nothing.
            if failed_dissolve && step.op != StepOp::Observe {
                return Action::GiveUp { step: at };
            }
            match step.op {
                StepOp::NoticePeriod => Action::BeginWait { step: at, until: kinds::notice_end(step, now) },
                StepOp::CoolingOff | StepOp::Settle => {
                    Action::BeginWait { step: at, until: now.plus_secs(step.number("seconds").unwrap_or(0)) }
                }
                StepOp::Observe => {
                    Action::BeginWait { step: at, until: now.plus_secs(run.part.policy.observation_s) }
                }
                StepOp::Join => {
                    Action::BeginWait { step: at, until: now.plus_secs(kinds::patience_s(run, step)) }
                }
                StepOp::Recheck => Action::Recheck { step: at },
                _ => {
                    if let Err(refusal) = guard(group, run, step, case, now) {
                        return Action::Blocked(refusal);
                    }
                    if step.support == Support::Assisted {
                        return Action::AskPerson { step: at };
                    }
                    if instead || (state.attempts > 0 && !may_retry(step, state)) {
                        return give_up(group, run, case, at, now);
                    }
                    // What changes nothing may be tried for long, but not for ever without a person.
                    let tired = state.attempts > 0 && state.attempts.is_multiple_of(MAX_TRIES);
                    if tired && not_before.is_some() {
                        return Action::AskPerson { step: at };
                    }
                    Action::Perform { step: at, undo: false }
                }
            }
        }
        StepState::InFlight | StepState::Checking { .. } => {
            let over = || match state.human.cant {
                // Who can't do it is not asked again, whether or not anybody can tell that it was not done.
                Some(_) if run.past_return() => Action::GiveUp { step: at },
                Some(_) => Action::StopCant,
                None => give_up(group, run, case, at, now),
            };
            look(run, at, state, now).unwrap_or(Look::Over).unless_over(over)
        }
        StepState::Waiting { until } if step.op == StepOp::Observe => {
            let last = run.current_probes().len().checked_sub(1).and_then(|n| run.current_probes().get(n));
            if let Some(probe) = last
                && run.reopened < MAX_REOPENED
                && judge(run.current_probes()) == Verdict::Reappeared
            {
                return Action::Reopen { n: probe.n };
            }
            let times = run.probe_times();
            match times.get(run.current_probes().len()) {
                Some(time) if *time <= now => {
                    Action::Probe { n: u32::try_from(run.probes.len()).unwrap_or(u32::MAX) }
                }
                Some(time) => Action::Sleep { until: *time },
                None if now >= until => Action::Conclude,
                None => Action::Sleep { until },
            }
        }
        StepState::Waiting { until } if step.op == StepOp::Join => {
            let stage = step.text("stage").and_then(Stage::of);
            let there = stage.is_none_or(|stage| case.all_there(&group.id, stage));
            if there || until <= now { Action::EndWait { step: at } } else { Action::Sleep { until } }
        }
        StepState::Waiting { until } if until > now => Action::Sleep { until },
        StepState::Waiting { .. } => Action::EndWait { step: at },
        StepState::Person => person(at, state, now),
        StepState::Done | StepState::Failed | StepState::Undone => Action::Idle,
    }
}

/// A person has been asked: the deadline passes once.
fn person(at: usize, state: &StepRun, now: Time) -> Action {
    match state.human.deadline.filter(|_| !state.human.overdue) {
        Some(deadline) if deadline <= now => Action::Escalate { step: at },
        until => Action::Person { step: at, until },
    }
}

/// What can be done about a call, apart from waiting for its answer.
enum Look {
    /// Read back, now or later.
    Act(Action),
    /// It is in doubt for good.
    Over,
}

impl Look {
    fn unless_over(self, otherwise: impl FnOnce() -> Action) -> Action {
        match self {
            Self::Act(action) => action,
            Self::Over => otherwise(),
        }
    }
}

/// The next look at what came of a call; `None` if nothing was called. The last one is taken when patience ends, and also
/// by a worker that comes later.
fn look(run: &Run, at: usize, state: &StepRun, now: Time) -> Option<Look> {
    match state.state {
        StepState::InFlight => Some(Look::Act(Action::ReadBack { step: at })),
        StepState::Checking { since, next } => {
            let patience = run.part.steps.get(at).and_then(|step| step.number("deadline_s"));
            let end = since.plus_secs(patience.unwrap_or(run.part.policy.patience_s));
            if next > since && state.heartbeat.is_some_and(|last| last >= end) {
                return Some(Look::Over);
            }
            let until = next.min(end);
            Some(Look::Act(if until > now { Action::Sleep { until } } else { Action::ReadBack { step: at } }))
        }
        _ => None,
    }
}

/// Whether a person is asked in place of a call that we may not make: trying it again, now or later, is pointless.
pub fn person_instead(step: &Step, state: &StepRun) -> bool {
    let refused = state.error.as_deref().is_some_and(|error| NOT_OURS.contains(&error));
    refused && step.params.contains_key("fallback")
}

/// An irreversible step in doubt is left to the observation; any other goes to a person, if nothing forbids it.
fn give_up(group: &GroupState, run: &Run, case: &CaseState, at: usize, now: Time) -> Action {
    let Some(step) = run.part.steps.get(at) else { return Action::Idle };
    if step.op.irreversible() && !step.params.contains_key("fallback") {
        return Action::GiveUp { step: at };
    }
    match guard(group, run, step, case, now) {
        Ok(()) => Action::AskPerson { step: at },
        Err(refusal) => Action::Blocked(refusal),
    }
}

/// Whether an undo is about this step: a freeze, or a dissolve that the platform or a person makes good.
fn taken_back(run: &Run, step: &Step, state: &StepRun) -> bool {
    match step.op {
        // A new group in place of the old one is as free as it is born.
        StepOp::Freeze => step.reversible != Reversible::Never && !run.rebuild,
        StepOp::Dissolve => state.undoing || state.state == StepState::Done,
        _ => false,
    }
}

/// Takes back what can be taken back, after what was called is known; what can't be taken back by us is a person's.
fn due_undo(run: &Run, now: Time) -> Action {
    for (at, (step, state)) in run.part.steps.iter().zip(&run.steps).enumerate() {
        if !taken_back(run, step, state)
            && let Some(look) = look(run, at, state, now)
        {
            // What was sent stays sent: nobody waits for its answer any more.
            if step.op == StepOp::Party && matches!(state.state, StepState::Checking { .. }) {
                return Action::GiveUp { step: at };
            }
            return look.unless_over(|| Action::GiveUp { step: at });
        }
    }
    for (at, (step, state)) in run.part.steps.iter().zip(&run.steps).enumerate().rev() {
        if !taken_back(run, step, state) {
            continue;
        }
        let by_hand = match step.op {
            StepOp::Dissolve => run.rebuild || step.text("restore") != Some(Support::Native.slug()),
            _ => step.support == Support::Assisted,
        } || state.attempts >= MAX_ATTEMPTS * 2;
        let take_back =
            if by_hand { Action::AskPerson { step: at } } else { Action::Perform { step: at, undo: true } };
        match state.state {
            StepState::InFlight | StepState::Checking { .. } => {
                let ask = || Action::AskPerson { step: at };
                return look(run, at, state, now).unwrap_or(Look::Over).unless_over(ask);
            }
            StepState::Person if state.undoing => return person(at, state, now),
            // Who was asked to freeze may have done so.
            StepState::Person => return Action::AskPerson { step: at },
            StepState::Done => return take_back,
            StepState::Pending { not_before } if state.undoing => {
                return match not_before.filter(|time| *time > now) {
                    Some(until) => Action::Sleep { until },
                    None => take_back,
                };
            }
            _ => {}
        }
    }
    Action::EndUndo
}

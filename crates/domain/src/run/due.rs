//! What has to be done next, from state and time alone.

use super::{GroupState, Phase, StepState, guard, may_retry};
use crate::capability::Support;
use crate::case::CaseState;
use crate::plan::StepOp;
use crate::refusal::Refusal;
use crate::time::Time;

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
        Phase::Undoing => return due_undo(group, now),
        // A call in flight is answered even while paused.
        Phase::Paused => {
            let in_flight = run.steps.iter().position(|step| step.state == StepState::InFlight);
            return in_flight.map_or(Action::Idle, |step| Action::ReadBack { step });
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
            if let Some(time) = not_before.filter(|time| *time > now) {
                return Action::Sleep { until: time };
            }
            // Nothing is purged after a dissolve that came to nothing.
            if failed_dissolve && step.op != StepOp::Observe {
                return Action::GiveUp { step: at };
            }
            match step.op {
                StepOp::CoolingOff | StepOp::Settle => {
                    Action::BeginWait { step: at, until: now.plus_secs(step.number("seconds").unwrap_or(0)) }
                }
                StepOp::Observe => {
                    Action::BeginWait { step: at, until: now.plus_secs(run.part.policy.observation_s) }
                }
                StepOp::Recheck => Action::Recheck { step: at },
                _ => {
                    if let Err(refusal) = guard(group, run, step, case) {
                        return Action::Blocked(refusal);
                    }
                    if step.support == Support::Assisted {
                        return Action::AskPerson { step: at };
                    }
                    if state.attempts > 0 && !may_retry(step, state) {
                        return give_up(step, at);
                    }
                    Action::Perform { step: at, undo: false }
                }
            }
        }
        StepState::InFlight => Action::ReadBack { step: at },
        StepState::Checking { since, next } => {
            if now.secs_since(since) >= run.part.policy.patience_s && next > since {
                return give_up(step, at);
            }
            if next > now { Action::Sleep { until: next } } else { Action::ReadBack { step: at } }
        }
        StepState::Waiting { until } if step.op == StepOp::Observe => {
            let times = run.probe_times();
            match times.get(run.probes.len()) {
                Some(time) if *time <= now => {
                    Action::Probe { n: u32::try_from(run.probes.len()).unwrap_or(u32::MAX) }
                }
                Some(time) => Action::Sleep { until: *time },
                None if now >= until => Action::Conclude,
                None => Action::Sleep { until },
            }
        }
        StepState::Waiting { until } if until > now => Action::Sleep { until },
        StepState::Waiting { .. } => Action::EndWait { step: at },
        StepState::Person => Action::Person { step: at },
        StepState::Done | StepState::Failed | StepState::Undone => Action::Idle,
    }
}

/// An irreversible step in doubt is left to the observation; any other goes to a person.
fn give_up(step: &crate::plan::Step, at: usize) -> Action {
    let human = step.params.contains_key("fallback") || !step.op.irreversible();
    if human && step.op.acts() { Action::AskPerson { step: at } } else { Action::GiveUp { step: at } }
}

/// Takes back what can be taken back, last step first.
fn due_undo(group: &GroupState, now: Time) -> Action {
    let Some(run) = &group.run else { return Action::Idle };
    for (at, (step, state)) in run.part.steps.iter().zip(&run.steps).enumerate().rev() {
        if step.op != StepOp::Freeze {
            continue;
        }
        match state.state {
            StepState::Checking { next, .. } if next > now => return Action::Sleep { until: next },
            StepState::InFlight | StepState::Checking { .. } => return Action::ReadBack { step: at },
            StepState::Done => return Action::Perform { step: at, undo: true },
            StepState::Pending { not_before }
                if state.undoing && state.attempts < super::MAX_ATTEMPTS * 2 =>
            {
                return match not_before.filter(|time| *time > now) {
                    Some(until) => Action::Sleep { until },
                    None => Action::Perform { step: at, undo: true },
                };
            }
            _ => {}
        }
    }
    Action::EndUndo
}

//! The step function: (now, state, what came back) → (events, next effect, when to look again).
//!
//! One commit holds the result of one effect and the intent of the next one. Nothing is called before the commit.

use adjourn_domain::case::CaseState;
use adjourn_domain::event::{Ending, GroupEvent};
use adjourn_domain::joint::Stage;
use adjourn_domain::refusal::Refusal;
use adjourn_domain::run::{Action, GroupState, Phase, RunCommand, due};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Verdict;

/// Events that need no call, in one step, at most.
const MAX_ADVANCES: usize = 100;

/// What has to be done outside, after the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Do the step whose intent is in this commit.
    Perform(usize),
    /// Read what came of a call.
    ReadBack(usize),
    /// Look at the group again before the irreversible call.
    Recheck,
    /// Ask all identities.
    Probe,
}

/// What the step function gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Events to be appended to the group's stream.
    pub events: Vec<GroupEvent>,
    /// The state after them.
    pub group: GroupState,
    /// What to do after the commit.
    pub effect: Option<Effect>,
    /// When to look again, if there is nothing to do now.
    pub wake: Option<Time>,
    /// Where the group waits for the others of its case, if it came there in this step.
    pub reached: Option<Stage>,
    /// How the run ended, if it did in this step.
    pub ended: Option<(Ending, Option<Verdict>)>,
    /// What forbids the next step.
    pub blocked: Option<Refusal>,
}

/// Takes one step.
///
/// # Errors
/// When what came back does not fit the state: it was answered already.
pub fn step(
    now: Time,
    case: &CaseState,
    group: GroupState,
    input: Option<RunCommand>,
) -> Result<Step, Refusal> {
    let was_running = group.running();
    let mut out = Step {
        events: Vec::new(),
        group,
        effect: None,
        wake: None,
        reached: None,
        ended: None,
        blocked: None,
    };
    if let Some(command) = input {
        let events = out.group.decide(case, command, now)?;
        out.add(now, events);
    }
    // More to write than goes into one step: it is looked at again at once.
    let mut rest = false;
    for _ in 0..MAX_ADVANCES {
        rest = false;
        match due(&out.group, case, now) {
            Action::Idle => break,
            Action::Person { until, .. } => {
                out.wake = until;
                break;
            }
            Action::Blocked(refusal) => {
                out.blocked = Some(refusal);
                break;
            }
            Action::Sleep { until } => {
                out.wake = Some(until);
                break;
            }
            Action::Perform { step, .. } => {
                let events = out.group.decide(case, RunCommand::Intend, now)?;
                out.add(now, events);
                out.effect = Some(Effect::Perform(step));
                break;
            }
            Action::ReadBack { step } => {
                out.effect = Some(Effect::ReadBack(step));
                break;
            }
            Action::Recheck { .. } => {
                out.effect = Some(Effect::Recheck);
                break;
            }
            Action::Probe { .. } => {
                out.effect = Some(Effect::Probe);
                break;
            }
            Action::BeginWait { .. }
            | Action::EndWait { .. }
            | Action::AskPerson { .. }
            | Action::Escalate { .. }
            | Action::Reopen { .. }
            | Action::StopStale
            | Action::StopCant
            | Action::GiveUp { .. }
            | Action::Conclude
            | Action::EndUndo => {
                let events = out.group.decide(case, RunCommand::Advance, now)?;
                if events.is_empty() {
                    break;
                }
                out.add(now, events);
                rest = true;
            }
        }
    }
    if rest {
        out.wake = Some(now);
    }
    if was_running
        && let Some(run) = &out.group.run
        && let Phase::Ended(ending) = run.phase
    {
        out.ended = Some((ending, run.verdict));
    }
    Ok(out)
}

impl Step {
    fn add(&mut self, now: Time, events: Vec<GroupEvent>) {
        for event in &events {
            self.group.apply(now, event);
            self.reached = self.group.run.as_ref().and_then(|run| run.reaches(event)).or(self.reached);
        }
        self.events.extend(events);
    }
}

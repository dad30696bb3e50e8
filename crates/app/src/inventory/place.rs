//! Where a group is on its way, in one word.

use adjourn_domain::event::Ending;
use adjourn_domain::plan::StepOp as Op;
use adjourn_domain::run::{GroupState, Phase, Run, StepState};
use adjourn_domain::verdict::Verdict;

/// The group's place on the way, as a slug of the state line.
pub fn place(group: &GroupState) -> &'static str {
    let Some(run) = &group.run else {
        return if group.part.is_some() { "proposed" } else { "registered" };
    };
    let drawn_anew = group.part.as_ref().is_some_and(|(_, hash, ..)| *hash != run.plan_hash);
    match run.phase {
        Phase::Ended(Ending::Done | Ending::Left | Ending::Undone | Ending::Stopped) if drawn_anew => {
            return "proposed";
        }
        Phase::Paused => return "paused",
        Phase::Undoing => return "undoing",
        Phase::Ended(Ending::Undone) => return "undone",
        Phase::Ended(Ending::Stopped) => return "plan_stale",
        Phase::Ended(Ending::Done) => return "operating",
        Phase::Ended(Ending::Left) => return "left",
        Phase::Ended(Ending::Rebuilt) => return "rebuilt",
        Phase::Ended(_) if run.verdict == Some(Verdict::Gone) => return "verified_gone",
        Phase::Ended(_) => return "partly_done",
        Phase::Active => {}
    }
    let Some((step, state)) = run.current().and_then(|at| run.part.steps.get(at).zip(run.steps.get(at)))
    else {
        return if ends_nothing(run) { "running" } else { "observing" };
    };
    if state.state == StepState::Person {
        return "needs_person";
    }
    if !group.holds.is_empty() && step.op.acts() {
        return "blocked_by_hold";
    }
    match step.op {
        Op::Notice | Op::NoticePeriod => "notice_period",
        Op::Party => "waits_for_party",
        // Not every platform has a freeze.
        Op::Export | Op::Seal if frozen(run) => "frozen",
        Op::Freeze | Op::Export | Op::Seal => "approved",
        Op::Join if matches!(state.state, StepState::Waiting { .. }) => "waits_for_others",
        Op::Unlink | Op::Announce | Op::Handover | Op::Join => "sealed",
        Op::Transfer | Op::Rescue | Op::Leave => "running",
        _ if ends_nothing(run) => "running",
        Op::CoolingOff | Op::TailExport | Op::Recheck => "cooling_off",
        Op::Dissolve | Op::Settle | Op::Purge | Op::RemoveMedia => "dissolving",
        Op::Observe => "observing",
    }
}

/// The stop of the state line that a group has come to, also while it is paused, held, or waits for a person.
pub fn stop(group: &GroupState) -> &'static str {
    let Some(run) = group.run.as_ref().filter(|run| !ends_nothing(run)) else {
        return if group.part.is_some() { "proposed" } else { "operating" };
    };
    match run.phase {
        Phase::Ended(Ending::Undone | Ending::Done | Ending::Left) => return "operating",
        Phase::Ended(Ending::Stopped) => return "proposed",
        Phase::Ended(_) if run.verdict == Some(Verdict::Gone) => return "verified_gone",
        Phase::Ended(_) => return "observing",
        Phase::Active | Phase::Paused | Phase::Undoing => {}
    }
    // Who waits for another party, for a person or for the other groups is as far as the steps before.
    let at = run.current().unwrap_or(run.part.steps.len());
    let mut stop = "in_review";
    for (step, _) in run.part.steps.iter().zip(0..=at) {
        stop = match step.op {
            Op::Notice | Op::NoticePeriod => "notice_period",
            Op::Freeze => "frozen",
            Op::Export | Op::Seal => "sealed",
            Op::Unlink => "unlinked",
            Op::CoolingOff | Op::TailExport | Op::Recheck => "cooling_off",
            Op::Dissolve | Op::Settle | Op::Purge | Op::RemoveMedia => "dissolving",
            Op::Observe => "observing",
            Op::Party | Op::Join | Op::Announce | Op::Handover | Op::Transfer | Op::Rescue | Op::Leave => {
                stop
            }
        };
    }
    stop
}

/// Whether it is an act that has none of the stages of an end.
fn ends_nothing(run: &Run) -> bool {
    run.part.steps.iter().any(|step| matches!(step.op, Op::Transfer | Op::Rescue | Op::Leave))
}

/// Whether its freeze was done.
fn frozen(run: &Run) -> bool {
    let mut steps = run.part.steps.iter().zip(&run.steps);
    steps.any(|(step, state)| step.op == Op::Freeze && state.state == StepState::Done)
}

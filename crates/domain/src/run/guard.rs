//! What must hold before a step is begun.

use super::{GroupState, MAX_ATTEMPTS, Run, StepRun, kinds};
use crate::capability::EffectClass;
use crate::case::CaseState;
use crate::plan::{Step, StepOp};
use crate::refusal::Refusal;
use crate::time::Time;

/// Whether a step may be tried again after a read-back found nothing of it.
pub(super) fn may_retry(step: &Step, run: &StepRun) -> bool {
    !step.op.acts() || (step.class != EffectClass::U && run.attempts < MAX_ATTEMPTS)
}

/// Refuses an irreversible step that is not allowed.
pub(super) fn guard(
    group: &GroupState,
    run: &Run,
    step: &Step,
    case: &CaseState,
    now: Time,
) -> Result<(), Refusal> {
    if let Some((hold, entry)) = group.holds.first_key_value()
        && step.op.acts()
    {
        return Err(Refusal::new("hold.active").with("hold", hold).with("matter", &entry.matter));
    }
    if step.op.acts() && !run.cleared(case) {
        return Err(Refusal::new("approval.needed")
            .with("case", &run.case)
            .with("missing", case.status.slug()));
    }
    // Past the point of no return a run goes on to its end: half an end helps nobody.
    let ends = step.op.irreversible() || matches!(step.op, StepOp::Transfer | StepOp::Rescue | StepOp::Leave);
    if ends && !run.past_return() {
        case.still_counts(now)?;
    }
    if run.receipt_open() {
        return Err(Refusal::new("export.incomplete").with("case", &run.case));
    }
    if step.op.irreversible() && (run.sealed.is_none() || run.sealed != run.seal_read_back) {
        return Err(Refusal::new("seal.failed").with("case", &run.case));
    }
    if step.op.irreversible() {
        kinds::guard(run)?;
    }
    Ok(())
}

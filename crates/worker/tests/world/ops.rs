//! Which steps change something, told a second time.

use adjourn_domain::capability::Support;
use adjourn_domain::plan::{Step, StepOp};

/// Whether the step changes something on the platform or with another party.
pub(crate) fn acts(op: StepOp) -> bool {
    use StepOp::{Announce, Dissolve, Freeze, Handover, Notice, Party, Purge, RemoveMedia, Unlink};
    matches!(op, Party | Notice | Freeze | Unlink | Announce | Handover | Dissolve | Purge | RemoveMedia)
}

/// Whether nobody of ours can bring it back.
pub(crate) fn irreversible(op: StepOp) -> bool {
    matches!(op, StepOp::Dissolve | StepOp::Purge | StepOp::RemoveMedia)
}

/// Whether nothing can be read back of the step, so that people's word may have to do.
pub(crate) fn only_told(step: &Step) -> bool {
    let by_hand = step.proof == "told-by-person" && step.support == Support::Assisted;
    (by_hand || step.proof == "accepted-not-delivered") && !irreversible(step.op)
}

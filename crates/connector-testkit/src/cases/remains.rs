//! What a platform keeps of an ended group can be removed, and only of an ended one.

use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::verdict::Verdict;
use adjourn_sim::FaultPlan;

use super::{Case, Need, case, dissolve, sweep};
use crate::rig::{Rig, Who, told};
use crate::{Bench, Outcome, check};

pub(super) const CASES: &[Case] = &[
    case("purge", "what_was_kept_is_gone", Need::Native(Op::Purge), |bench| removed(bench, Op::Purge)),
    case("purge", "twice_is_once", Need::Native(Op::Purge), |bench| twice(bench, Op::Purge)),
    case("purge", "not_before_the_end", Need::Native(Op::Purge), not_before_the_end),
    case("remove_media", "what_was_kept_is_gone", Need::Native(Op::RemoveMedia), |bench| {
        removed(bench, Op::RemoveMedia)
    }),
    case("remove_media", "twice_is_once", Need::Native(Op::RemoveMedia), |bench| {
        twice(bench, Op::RemoveMedia)
    }),
];

fn ended(bench: &Bench, op: Op) -> Result<(Rig, adjourn_connector_kit::Order), String> {
    let rig = bench.rig();
    let order = sweep::prepare(bench, &rig, op)?;
    Ok((rig, order))
}

fn removed(bench: &Bench, op: Op) -> Outcome {
    let (rig, order) = ended(bench, op)?;
    let read = told("read back", rig.read_back(&order))?;
    check!(read == Effect::NotApplied, "before it reads {read:?}");
    sweep::carry_out(bench, &rig, &order)?;
    check!(rig.effects(op, &rig.busy) == 1, "it did not happen once");
    let verdict = dissolve::verdict(&rig)?;
    check!(verdict == Verdict::Gone, "afterwards the signals say {}", verdict.slug());
    Ok(())
}

fn twice(bench: &Bench, op: Op) -> Outcome {
    let (rig, mut order) = ended(bench, op)?;
    for _ in 0..2 {
        // The second call may be refused: there is nothing left.
        if let Ok(memo) = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order) {
            order.memo = memo;
        }
        let read = told("read back", rig.read_back(&order))?;
        check!(read == Effect::Applied, "it reads {read:?}");
    }
    check!(rig.effects(op, &rig.busy) == 1, "it did not happen once");
    Ok(())
}

/// A purge of a living group would be its end, without the checks that an end has.
fn not_before_the_end(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let order = rig.order(Op::Purge, &rig.busy);
    let result = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order);
    check!(result.is_err(), "a living group was purged");
    check!(rig.effects(Op::Purge, &rig.busy) == 0, "a living group was purged");
    check!(rig.effects(Op::Dissolve, &rig.busy) == 0, "a purge ended a living group");
    Ok(())
}

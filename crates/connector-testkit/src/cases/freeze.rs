//! Read-only, and back.

use adjourn_domain::capability::{Effect, Op};
use adjourn_sim::FaultPlan;

use super::{Case, Need, case};
use crate::rig::{Who, told};
use crate::{Bench, Outcome, check};

const NEED: Need = Need::Native(Op::Freeze);

pub(super) const CASES: &[Case] = &[
    case("freeze", "freezes_and_thaws", NEED, freezes_and_thaws),
    case("freeze", "twice_is_once", NEED, twice_is_once),
    case("freeze", "untouched_reads_not_applied", NEED, untouched),
];

fn freezes_and_thaws(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let before = told("get", rig.get(&rig.busy, &door))?;
    let mut freeze = rig.order(Op::Freeze, &rig.busy);
    freeze.memo = told("freeze", rig.act(Who::Main, &door, &freeze))?;
    let effect = told("read back", rig.read_back(&freeze))?;
    check!(effect == Effect::Applied, "frozen reads {effect:?}");
    let mut thaw = freeze.clone();
    thaw.undo = true;
    let effect = told("read back", rig.read_back(&thaw))?;
    check!(effect == Effect::NotApplied, "not yet thawed reads {effect:?}");
    told("thaw", rig.act(Who::Main, &door, &thaw))?;
    let effect = told("read back", rig.read_back(&thaw))?;
    check!(effect == Effect::Applied, "thawed reads {effect:?}");
    let mut after = told("get", rig.get(&rig.busy, &door))?;
    // An administrator may have to enter a group before it can change it.
    let own = told("probe", rig.whoami(Who::Main, &door))?.account;
    let was_in = before.members.iter().any(|member| member.id == own);
    after.members.retain(|member| was_in || member.id != own);
    let changed = before.members.iter().zip(&after.members).find(|(before, after)| before != after);
    let same =
        before.owners == after.owners && before.members.len() == after.members.len() && changed.is_none();
    check!(same, "members came out of it changed: {changed:?}");
    Ok(())
}

fn twice_is_once(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let mut order = rig.order(Op::Freeze, &rig.busy);
    order.memo = told("freeze", rig.act(Who::Main, &door, &order))?;
    told("freeze again", rig.act(Who::Main, &door, &order))?;
    order.undo = true;
    told("thaw", rig.act(Who::Main, &door, &order))?;
    let effect = told("read back", rig.read_back(&order))?;
    check!(effect == Effect::Applied, "thawed after two freezes reads {effect:?}");
    Ok(())
}

fn untouched(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let effect = told("read back", rig.read_back(&rig.order(Op::Freeze, &rig.busy)))?;
    check!(effect == Effect::NotApplied, "a group that nobody froze reads {effect:?}");
    Ok(())
}

//! A group gets another owner, and nothing else changes.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::ids::NativeId;
use adjourn_sim::FaultPlan;
use serde_json::Value;

use super::{Case, Need, case, sweep};
use crate::rig::{Who, told};
use crate::{Bench, Outcome, check};

const HAVE: Need = Need::Have(Op::Transfer);
const NATIVE: Need = Need::Native(Op::Transfer);

pub(super) const CASES: &[Case] = &[
    case("transfer", "the_new_owner_is_read_back", HAVE, new_owner),
    case("transfer", "twice_is_once", NATIVE, twice_is_once),
    case("transfer", "everybody_stays", HAVE, everybody_stays),
    case("transfer", "only_to_a_member", NATIVE, only_to_a_member),
    case("transfer", "nobody_named_is_invalid", NATIVE, nobody_named),
    case("transfer", "untouched_reads_not_applied", HAVE, untouched),
];

fn new_owner(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let order = rig.order(Op::Transfer, &rig.busy);
    let to = NativeId::from(order.text("to").map_err(|error| error.to_string())?);
    sweep::carry_out(bench, &rig, &order)?;
    let after = told("get", rig.get(&rig.busy, &rig.door(FaultPlan::none())))?;
    check!(after.owners.contains(&to), "{to} is not among the owners");
    let times = rig.effects(Op::Transfer, &rig.busy);
    check!(times == 1, "it happened {times} times");
    Ok(())
}

/// The second call comes from whoever may have lost the power to make it.
fn twice_is_once(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let order = rig.order(Op::Transfer, &rig.busy);
    sweep::carry_out(bench, &rig, &order)?;
    if let Err(error) = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order) {
        let refused = error.effect == Effect::NotApplied;
        let kinds = [Kind::Permission, Kind::Conflict];
        check!(refused && kinds.contains(&error.kind), "a second transfer is told {error}");
    }
    let read = told("read back", rig.read_back(&order))?;
    check!(read == Effect::Applied, "after a second call it reads {read:?}");
    let times = rig.effects(Op::Transfer, &rig.busy);
    check!(times == 1, "it happened {times} times");
    Ok(())
}

/// Nobody comes or goes, only the old and the new owner stand otherwise, and no other group is touched.
fn everybody_stays(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let before = told("get", rig.get(&rig.busy, &door))?;
    let quiet = told("get", rig.get(&rig.quiet, &door))?;
    let order = rig.order(Op::Transfer, &rig.busy);
    let to = NativeId::from(order.text("to").map_err(|error| error.to_string())?);
    sweep::carry_out(bench, &rig, &order)?;
    let after = told("get", rig.get(&rig.busy, &door))?;
    check!(before.members.len() == after.members.len(), "somebody came or went");
    for (was, is) in before.members.iter().zip(&after.members) {
        let meant = was.id == to || before.owners.contains(&was.id);
        check!(was == is || (meant && was.id == is.id), "{} came out of it changed", was.id);
    }
    check!(before.links == after.links, "links came out of it changed");
    check!(!after.details.contains_key("entered"), "whoever came in to act is still there");
    let mut other = told("get", rig.get(&rig.quiet, &door))?;
    other.seen_at = quiet.seen_at;
    check!(other == quiet, "another group was changed");
    Ok(())
}

fn only_to_a_member(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut order = rig.order(Op::Transfer, &rig.busy);
    let to = order.text("to").map_err(|error| error.to_string())?;
    let (head, tail) = to.split_at_checked(2).unwrap_or(("x", "y"));
    let stranger = format!("{head}zzz{tail}");
    order.params.insert("to".to_owned(), Value::from(stranger));
    refused(bench, &rig, &order)
}

fn nobody_named(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut order = rig.order(Op::Transfer, &rig.busy);
    order.params.remove("to");
    let door = rig.door(FaultPlan::none());
    let Err(error) = rig.act(Who::Main, &door, &order) else {
        return Err("a transfer to nobody was carried out".to_owned());
    };
    check!(error.kind == Kind::Invalid && door.requests() == 0, "without a new owner: {error}");
    Ok(())
}

fn refused(bench: &Bench, rig: &crate::rig::Rig, order: &adjourn_connector_kit::Order) -> Outcome {
    let before = told("get", rig.get(&rig.busy, &rig.door(FaultPlan::none())))?;
    let Err(error) = rig.act(Who::Main, &rig.door(FaultPlan::none()), order) else {
        return Err(format!("{}: a stranger was made the owner", bench.name));
    };
    let typed = error.kind == Kind::Invalid && error.effect == Effect::NotApplied;
    check!(typed, "a stranger as the owner is told {error} (effect {:?})", error.effect);
    check!(rig.effects(Op::Transfer, &rig.busy) == 0, "a refused transfer had an effect");
    let after = told("get", rig.get(&rig.busy, &rig.door(FaultPlan::none())))?;
    check!(before == after, "a refused transfer changed the group");
    let read = told("read back", rig.read_back(order))?;
    check!(read == Effect::NotApplied, "a refused transfer reads {read:?}");
    Ok(())
}

fn untouched(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let effect = told("read back", rig.read_back(&rig.order(Op::Transfer, &rig.busy)))?;
    check!(effect == Effect::NotApplied, "a group that kept its owner reads {effect:?}");
    Ok(())
}

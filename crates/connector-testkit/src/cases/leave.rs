//! An account leaves, and nothing else happens: the group goes on, and whoever looks from outside is told nothing.

use adjourn_connector_kit::{Kind, Order};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::group::Standing;
use adjourn_domain::ids::NativeId;
use adjourn_domain::verdict::Verdict;
use adjourn_sim::FaultPlan;
use serde_json::Value;

use super::{Case, Need, case, dissolve};
use crate::rig::{Rig, Who, told};
use crate::{Bench, Outcome, check};

const NATIVE: Need = Need::Native(Op::Leave);

pub(super) const CASES: &[Case] = &[
    case("leave", "one_goes_and_the_group_goes_on", NATIVE, one_goes),
    case("leave", "whoever_stayed_reads_not_applied", NATIVE, stayed),
    case("leave", "an_owners_leave_makes_nobody_the_owner", NATIVE, owner),
    case("leave", "only_the_account_that_acts", NATIVE, only_oneself),
    case("leave", "without_an_account_is_invalid", NATIVE, nobody),
];

fn order(rig: &Rig, account: &NativeId) -> Order {
    let mut order = rig.order(Op::Leave, &rig.busy);
    order.params.insert("account".to_owned(), Value::from(account.as_str()));
    order
}

fn account(rig: &Rig, who: Who) -> Result<NativeId, String> {
    Ok(told("whoami", rig.whoami(who, &rig.door(FaultPlan::none())))?.account)
}

/// Identities that are administrators of a server are in no group: from them nothing can leave.
fn one_goes(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let goes = account(&rig, Who::Witness)?;
    let before = told("get", rig.get(&rig.busy, &door))?;
    if before.members.iter().all(|member| member.id != goes) {
        let result = rig.act(Who::Witness, &door, &order(&rig, &goes));
        check!(result.is_err(), "an account that is not in the group left it");
        check!(rig.effects(Op::Leave, &rig.busy) == 0, "somebody left");
        return Ok(());
    }
    let order = order(&rig, &goes);
    told("leave", rig.act(Who::Witness, &door, &order))?;
    let read = told("read back", rig.read_back(&order))?;
    check!(read == Effect::Applied, "after a leave it reads {read:?}");
    let after = told("get", rig.get(&rig.busy, &door))?;
    let stay: Vec<_> = before.members.into_iter().filter(|member| member.id != goes).collect();
    check!(stay == after.members && before.owners == after.owners, "somebody else came out of it changed");
    let (left, ended) = (rig.effects(Op::Leave, &rig.busy), rig.effects(Op::Dissolve, &rig.busy));
    check!((left, ended) == (1, 0), "it left {left} times and dissolved {ended} times");
    let verdict = dissolve::verdict(&rig)?;
    check!(verdict != Verdict::Gone, "a leave is taken for the end of the group");
    Ok(())
}

fn stayed(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let seen = told("get", rig.get(&rig.busy, &rig.door(FaultPlan::none())))?;
    let Some(member) = seen.members.iter().find(|member| member.standing == Standing::Member) else {
        return Err("the group has no plain member".to_owned());
    };
    let read = told("read back", rig.read_back(&order(&rig, &member.id)))?;
    check!(read == Effect::NotApplied, "whoever stayed reads {read:?}");
    Ok(())
}

/// Refused, or nobody is promoted and nothing ends.
fn owner(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let own = account(&rig, Who::Main)?;
    let before = told("get", rig.get(&rig.busy, &door))?;
    let result = rig.act(Who::Main, &door, &order(&rig, &own));
    if let Err(error) = &result {
        check!(error.effect == Effect::NotApplied, "a refused leave has the effect {:?}", error.effect);
    }
    check!(rig.effects(Op::Dissolve, &rig.busy) == 0, "an owner's leave ended the group");
    if before.members.iter().any(|member| member.id == own && member.standing == Standing::Owner)
        && result.is_err()
    {
        let after = told("get", rig.get(&rig.busy, &door))?;
        check!(after.members == before.members, "a refused leave changed the group");
    }
    Ok(())
}

fn only_oneself(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let other = account(&rig, Who::Main)?;
    let Err(error) = rig.act(Who::Witness, &door, &order(&rig, &other)) else {
        return Err("somebody else was taken out".to_owned());
    };
    let typed = error.kind == Kind::Invalid && error.effect == Effect::NotApplied;
    check!(typed, "the leave of another account is told {error}");
    check!(rig.effects(Op::Leave, &rig.busy) == 0, "somebody left");
    Ok(())
}

fn nobody(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let order = rig.order(Op::Leave, &rig.busy);
    let Err(error) = rig.act(Who::Witness, &rig.door(FaultPlan::none()), &order) else {
        return Err("a leave of nobody was carried out".to_owned());
    };
    check!(error.kind == Kind::Invalid, "without an account: {error}");
    check!(rig.effects(Op::Leave, &rig.busy) == 0, "somebody left");
    Ok(())
}

//! A new group: made once under its key, found again by its id or by the key, and never made twice because a reply got
//! lost.

use adjourn_connector_kit::{Kind, Order};
use adjourn_domain::capability::{Effect, EffectClass, Op, Support};
use adjourn_domain::ids::NativeId;
use adjourn_sim::{FaultKind, FaultPlan};
use serde_json::{Value, json};

use super::{Case, Need, case};
use crate::rig::{Rig, Who, told};
use crate::{Bench, Outcome, check};

const NATIVE: Need = Need::Native(Op::Create);

pub(super) const CASES: &[Case] = &[
    case("create", "is_there_under_its_name_with_its_id", NATIVE, is_there),
    case("create", "a_lost_reply_is_found_and_not_made_twice", NATIVE, lost_reply),
    case("create", "two_keys_are_two_groups", NATIVE, two_keys),
    case("create", "before_the_call_nothing_is_there", NATIVE, before),
    case("create", "names_that_can_not_be_are_refused", NATIVE, names),
    case("create", "changes_no_other_group", NATIVE, no_other),
    case("create", "what_a_person_made_is_known_by_id_and_name", Need::Have(Op::Create), by_person),
];

fn is_there(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut order = rig.order(Op::Create, &rig.busy);
    let door = rig.door(FaultPlan::none());
    order.memo = told("create", rig.act(Who::Main, &door, &order))?;
    let group = id(&order.memo)?;
    let read = told("read back", rig.found(&order))?;
    check!(read.effect == Effect::Applied, "after it was made it reads {:?}", read.effect);
    check!(id(&read.memo)? == group, "the read-back remembers {} and not {group}", read.memo);
    check!(rig.times(Op::Create, &group) == 1, "it was not made once");
    check!(rig.effects(Op::Create, &group) == 1, "another group than {group} was made");
    let seen = told("get", rig.get(&group, &door))?;
    check!(seen.native == group, "another group is shown");
    check!(seen.name.as_deref() == Some(name(&order)?), "it is called {:?}", seen.name);
    let own = told("whoami", rig.whoami(Who::Main, &door))?.account;
    // An app is no member of what it makes; whoever is one, and makes it, owns it.
    let ours = seen.members.iter().all(|member| member.id != own) || seen.owners.contains(&own);
    check!(ours, "it belongs to {:?}, not to {own}", seen.owners);
    Ok(())
}

/// Where nobody can tell, nobody says so, and a person looks.
fn lost_reply(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let order = rig.order(Op::Create, &rig.busy);
    let requests = {
        let other = bench.rig();
        let door = other.door(FaultPlan::none());
        told("create", other.act(Who::Main, &door, &order))?;
        u32::try_from(door.requests()).unwrap_or(1)
    };
    let door = rig.door(FaultPlan::nth(requests, FaultKind::ReplyLost));
    let lost = rig.act(Who::Main, &door, &order);
    check!(rig.times(Op::Create, &rig.busy) == 1, "it was not made once");
    let read = told("read back", rig.found(&order))?;
    if class(bench) == Some(EffectClass::U) {
        check!(
            lost.is_err() && read.effect == Effect::Unknown,
            "nobody can tell, and it reads {:?}",
            read.effect
        );
        return Ok(());
    }
    let found = if read.effect == Effect::Unknown && bench.keyed(Op::Create) {
        told("again", rig.act(Who::Main, &rig.door(FaultPlan::none()), &order))?
    } else {
        check!(read.effect == Effect::Applied, "after a lost reply it reads {:?}", read.effect);
        read.memo
    };
    let group = id(&found)?;
    check!(rig.effects(Op::Create, &group) == 1, "{group} is not the group that was made");
    match rig.act(Who::Main, &rig.door(FaultPlan::none()), &order) {
        Ok(memo) => check!(id(&memo)? == group, "the same key gave another group"),
        Err(error) => check!(error.kind == Kind::Conflict, "the same key again is told {error}"),
    }
    check!(rig.times(Op::Create, &group) == 1, "the same key made a second group");
    Ok(())
}

fn two_keys(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut ids = Vec::new();
    for key in ["n-one:create", "n-two:create"] {
        let order = rig.creation(&rig.busy, key);
        ids.push(id(&told("create", rig.act(Who::Main, &rig.door(FaultPlan::none()), &order))?)?);
    }
    check!(ids.first() != ids.last(), "two keys gave one group");
    check!(rig.times(Op::Create, &rig.busy) == 2, "two keys did not make two groups");
    Ok(())
}

fn before(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let read = told("read back", rig.read_back(&rig.order(Op::Create, &rig.busy)))?;
    check!(read != Effect::Applied, "before the call it reads {read:?}");
    // Unknown is the answer of platforms on which no call finds a group by anything of ours.
    let finds = bench.effective.row(Op::Create).is_some_and(|row| row.class == EffectClass::P);
    check!(!finds || read == Effect::NotApplied, "before the call it reads {read:?}");
    Ok(())
}

fn names(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    for wrong in [String::new(), "   ".to_owned(), "a\u{0}b".to_owned(), "x".repeat(5000)] {
        let mut order = rig.order(Op::Create, &rig.busy);
        order.params.insert("name".to_owned(), Value::from(wrong.as_str()));
        let result = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order);
        let Err(error) = result else { return Err("a name that can't be was taken".to_owned()) };
        let typed = error.kind == Kind::Invalid && error.effect == Effect::NotApplied;
        check!(typed, "a name that can't be is told {error} (effect {:?})", error.effect);
    }
    let mut order = rig.order(Op::Create, &rig.busy);
    order.params.remove("name");
    let result = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order);
    check!(result.is_err_and(|error| error.kind == Kind::Invalid), "a group without a name was made");
    check!(rig.times(Op::Create, &rig.busy) == 0, "something was made");
    Ok(())
}

fn no_other(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let seen = |rig: &Rig, group: &NativeId| told("get", rig.get(group, &rig.door(FaultPlan::none())));
    let before = (seen(&rig, &rig.busy)?, seen(&rig, &rig.quiet)?);
    told("create", rig.act(Who::Main, &door, &rig.order(Op::Create, &rig.busy)))?;
    let mut after = (seen(&rig, &rig.busy)?, seen(&rig, &rig.quiet)?);
    (after.0.seen_at, after.1.seen_at) = (before.0.seen_at, before.1.seen_at);
    check!(after == before, "another group was changed");
    Ok(())
}

/// The id that a person names is believed when a group of that id is there; where a person makes the group, it has the
/// name that was asked for as well.
fn by_person(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let seen = told("get", rig.get(&rig.busy, &rig.door(FaultPlan::none())))?;
    let Some(called) = seen.name else { return Err("the busy group has no name".to_owned()) };
    let mut order = rig.order(Op::Create, &rig.busy);
    order.params.insert("name".to_owned(), Value::from(called));
    order.memo = json!({ "group": rig.busy.as_str() });
    let read = told("read back", rig.found(&order))?;
    check!(read.effect == Effect::Applied, "the group that was named reads {:?}", read.effect);
    check!(id(&read.memo)? == rig.busy, "another group is remembered");
    if bench.effective.support(Op::Create) == Support::Assisted {
        order.params.insert("name".to_owned(), Value::from("another name"));
        let read = told("read back", rig.read_back(&order))?;
        check!(read == Effect::NotApplied, "a group of another name reads {read:?}");
        let refused = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order);
        check!(refused.is_err_and(|error| error.kind == Kind::Unsupported), "a person's act was ours");
    }
    let (head, tail) = rig.busy.as_str().split_at_checked(2).unwrap_or(("x", "y"));
    order.memo = json!({ "group": format!("{head}zzz{tail}") });
    let read = rig.read_back(&order);
    check!(read != Ok(Effect::Applied), "a group that is not there was taken for it");
    Ok(())
}

fn id(memo: &Value) -> Result<NativeId, String> {
    let id = memo.get("group").and_then(Value::as_str).filter(|id| !id.is_empty());
    id.map(NativeId::from).ok_or_else(|| format!("the memo names no group: {memo}"))
}

fn name(order: &Order) -> Result<&str, String> {
    told("name", order.text("name"))
}

fn class(bench: &Bench) -> Option<EffectClass> {
    bench.effective.row(Op::Create).map(|row| row.class)
}

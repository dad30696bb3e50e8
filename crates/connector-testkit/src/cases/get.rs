//! One group: its owner, its members, what hangs on it.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::Op;
use adjourn_domain::group::{LinkKind, Standing};
use adjourn_domain::ids::NativeId;
use adjourn_sim::FaultPlan;

use super::{Case, Need, case};
use crate::rig::{Who, told};
use crate::{Bench, Outcome, check};

pub(super) const CASES: &[Case] = &[
    case("get", "owner_is_known", Need::Nothing, owner_is_known),
    case("get", "missing", Need::Nothing, missing),
    case("get", "same_again", Need::Nothing, same_again),
    case("get", "quiet_is_small", Need::Nothing, quiet_is_small),
    case("get", "says_who_looked", Need::Nothing, says_who_looked),
    case("members", "people_and_bots_are_told_apart", Need::Have(Op::Members), people_and_bots),
    case("links", "are_found", Need::Have(Op::Links), links_are_found),
];

fn owner_is_known(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let group = told("get", rig.get(&rig.busy, &door))?;
    check!(!group.owners.is_empty(), "the busy group has no owner");
    for owner in &group.owners {
        let member = group.members.iter().find(|member| member.id == *owner);
        check!(
            member.is_some_and(|member| member.standing == Standing::Owner),
            "{owner} is no owner among members"
        );
    }
    check!(group.clone().sorted() == group, "owners, members or links are not sorted");
    Ok(())
}

fn missing(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let (head, tail) = rig.busy.as_str().split_at_checked(2).unwrap_or(("x", "y"));
    let nowhere = NativeId(format!("{head}zzz{tail}"));
    match rig.get(&nowhere, &rig.door(FaultPlan::none())) {
        Err(error) if error.kind == Kind::NotFound => Ok(()),
        other => Err(format!("a group that is not there: {other:?}")),
    }
}

fn same_again(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let first = told("get", rig.get(&rig.busy, &door))?;
    let second = told("get", rig.get(&rig.busy, &door))?;
    check!(first == second, "the same group looks different the second time");
    Ok(())
}

fn quiet_is_small(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let group = told("get", rig.get(&rig.quiet, &rig.door(FaultPlan::none())))?;
    check!(group.members.len() <= 1 || !bench.effective.has(Op::Members), "the quiet group is not quiet");
    Ok(())
}

fn says_who_looked(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let group = told("get", rig.get(&rig.busy, &door))?;
    let cx = rig.cx(Who::Main, &door);
    check!(group.native == rig.busy, "another group than was asked for");
    check!(
        group.connection == *cx.connection && group.seen_by == *cx.identity,
        "it was seen by somebody else"
    );
    check!(group.seen_at == cx.now, "it was seen at another time");
    let playing = rig.settings.get("platform").map_or(bench.declared.platform.as_str(), String::as_str);
    check!(group.platform.as_str() == playing, "it is on {}", group.platform);
    Ok(())
}

fn people_and_bots(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let group = told("get", rig.get(&rig.busy, &rig.door(FaultPlan::none())))?;
    let bots = group.members.iter().filter(|member| member.bot).count();
    check!(bots >= 1, "no bot among the members");
    check!(group.members.len() - bots >= 3, "only {} people", group.members.len() - bots);
    Ok(())
}

fn links_are_found(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let group = told("get", rig.get(&rig.busy, &rig.door(FaultPlan::none())))?;
    check!(group.links.len() >= 2, "only {} links", group.links.len());
    check!(group.links.iter().any(|link| link.kind == LinkKind::Bot), "no bot among the links");
    Ok(())
}

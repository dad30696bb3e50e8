//! Links come off one by one.

use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::ids::NativeId;
use adjourn_sim::FaultPlan;
use serde_json::Value;

use super::{Case, Need, case, sweep};
use crate::rig::{Who, told};
use crate::{Bench, Outcome, check};

pub(super) const CASES: &[Case] = &[
    case("unlink", "the_link_is_gone_and_the_others_stay", Need::Have(Op::Unlink), gone),
    case("unlink", "every_kind_of_link", Need::Native(Op::Unlink), every_kind),
    case("unlink", "untouched_reads_not_applied", Need::Have(Op::Unlink), untouched),
];

fn gone(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let before = told("get", rig.get(&rig.busy, &door))?;
    let order = rig.order(Op::Unlink, &rig.busy);
    let link = NativeId::from(order.text("link").map_err(|error| error.to_string())?);
    sweep::carry_out(bench, &rig, &order)?;
    let after = told("get", rig.get(&rig.busy, &door))?;
    check!(after.links.iter().all(|found| found.id != link), "the link is still there");
    // A person closes what the dialog shows, which may be more than the one link.
    if bench.meets(Need::Native(Op::Unlink)) {
        let others = before.links.len() - 1;
        check!(after.links.len() == others, "{} other links of {others} are left", after.links.len());
    }
    Ok(())
}

fn every_kind(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    for link in told("get", rig.get(&rig.busy, &door))?.links {
        if link.own || link.kind == adjourn_domain::group::LinkKind::Payment {
            continue;
        }
        let mut order = rig.order(Op::Unlink, &rig.busy);
        order.key = format!("{}:{}", order.key, link.id);
        order.params.insert("link".to_owned(), Value::from(link.id.as_str()));
        order.params.insert("link_kind".to_owned(), Value::from(link.kind.slug()));
        order.params.insert("link_name".to_owned(), Value::from(link.name.as_str()));
        order.memo = told(link.kind.slug(), rig.act(Who::Main, &door, &order))?;
        let effect = told("read back", rig.read_back(&order))?;
        check!(effect == Effect::Applied, "{} off reads {effect:?}", link.kind.slug());
    }
    Ok(())
}

fn untouched(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let effect = told("read back", rig.read_back(&rig.order(Op::Unlink, &rig.busy)))?;
    check!(effect == Effect::NotApplied, "a link that nobody took off reads {effect:?}");
    Ok(())
}

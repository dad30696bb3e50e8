//! The announcement: the right words, once.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::{Effect, EffectClass, Op};
use adjourn_domain::message::RecordKind;
use adjourn_sim::{FaultKind, FaultPlan};
use serde_json::Value;

use super::{Case, Need, case};
use crate::rig::{Who, told};
use crate::{Bench, Outcome, check};

const NEED: Need = Need::Native(Op::Announce);

pub(super) const CASES: &[Case] = &[
    case("announce", "words_are_read_back", NEED, words_are_read_back),
    case("announce", "once_under_a_lost_reply", NEED, once_under_a_lost_reply),
    case("announce", "other_words_do_not_count", NEED, other_words_do_not_count),
    case("announce", "unsaid_reads_not_applied", NEED, unsaid_reads_not_applied),
    case("announce", "too_long_is_refused_before_sending", NEED, too_long),
];

fn words_are_read_back(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut order = rig.order(Op::Announce, &rig.busy);
    order.memo = told("announce", rig.act(Who::Main, &rig.door(FaultPlan::none()), &order))?;
    let effect = told("read back", rig.read_back(&order))?;
    check!(effect == Effect::Applied, "the announcement reads {effect:?}");
    if bench.meets(Need::Native(Op::Export)) {
        let words = order.text("text").map_err(|error| error.to_string())?;
        let pages = told("export", rig.history(&rig.busy, &rig.door(FaultPlan::none()), None))?;
        let said = pages
            .iter()
            .flat_map(|(_, records)| records)
            .filter(|record| record.kind == RecordKind::Message && record.text.as_deref() == Some(words));
        check!(said.count() == 1, "the words are not in the history as they were given, once");
    }
    Ok(())
}

fn once_under_a_lost_reply(bench: &Bench) -> Outcome {
    if bench.blind(Op::Announce) {
        return once_and_never_known(bench);
    }
    let rig = bench.rig();
    let order = rig.order(Op::Announce, &rig.busy);
    let door = rig.door(FaultPlan::always(FaultKind::ReplyLost));
    check!(rig.act(Who::Main, &door, &order).is_err(), "a lost reply was taken for an answer");
    let keyed = bench.effective.row(Op::Announce).is_some_and(|row| row.class == EffectClass::K);
    // With a key it is safe to say it again; without one it is said again only if it was not said.
    if keyed || told("read back", rig.read_back(&order))? == Effect::NotApplied {
        told("again", rig.act(Who::Main, &rig.door(FaultPlan::none()), &order))?;
    }
    let effect = told("read back", rig.read_back(&order))?;
    check!(effect == Effect::Applied, "the announcement reads {effect:?}");
    let times = rig.effects(Op::Announce, &rig.busy);
    check!(times == 1, "it was said {times} times");
    Ok(())
}

/// The reply to the post itself is lost: it was said, and the platform tells nobody. It is not called unsaid, or it would be
/// said again; a record of it may be found elsewhere.
fn once_and_never_known(bench: &Bench) -> Outcome {
    let clean = bench.rig();
    let door = clean.door(FaultPlan::none());
    told("announce", clean.act(Who::Main, &door, &clean.order(Op::Announce, &clean.busy)))?;
    let last = u32::try_from(door.requests()).unwrap_or(1);
    let rig = bench.rig();
    let order = rig.order(Op::Announce, &rig.busy);
    let door = rig.door(FaultPlan::nth(last, FaultKind::ReplyLost));
    check!(rig.act(Who::Main, &door, &order).is_err(), "a lost reply was taken for an answer");
    let effect = told("read back", rig.read_back(&order))?;
    check!(effect != Effect::NotApplied, "what was said reads {effect:?}");
    let times = rig.effects(Op::Announce, &rig.busy);
    check!(times == 1, "it was said {times} times");
    Ok(())
}

fn other_words_do_not_count(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut order = rig.order(Op::Announce, &rig.busy);
    order.memo = told("announce", rig.act(Who::Main, &rig.door(FaultPlan::none()), &order))?;
    order.params.insert("text".to_owned(), Value::from("other words"));
    let effect = rig.read_back(&order);
    check!(effect != Ok(Effect::Applied), "other words read as said");
    Ok(())
}

fn unsaid_reads_not_applied(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let effect = told("read back", rig.read_back(&rig.order(Op::Announce, &rig.busy)))?;
    let wanted = if bench.blind(Op::Announce) { Effect::Unknown } else { Effect::NotApplied };
    check!(effect == wanted, "what was never said reads {effect:?}");
    Ok(())
}

fn too_long(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut order = rig.order(Op::Announce, &rig.busy);
    let room = bench.declared.max_announcement;
    let words = "x".repeat(room.limit() + 1);
    check!(!room.holds(&words), "a text that is too long is too long");
    order.params.insert("text".to_owned(), Value::from(words));
    let door = rig.door(FaultPlan::none());
    match rig.act(Who::Main, &door, &order) {
        Err(error) if error.kind == Kind::Invalid && error.effect == Effect::NotApplied => {}
        other => return Err(format!("an announcement that is too long: {other:?}")),
    }
    check!(door.requests() == 0, "it was sent");
    Ok(())
}

//! The end of a group: really, once, and proved by somebody who did not do it.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::verdict::{Verdict, read};
use adjourn_sim::FaultPlan;

use super::{Case, Need, case, sweep};
use crate::rig::{Rig, Who, told};
use crate::{Bench, Outcome, check};

const HAVE: Need = Need::Have(Op::Dissolve);
const NATIVE: Need = Need::Native(Op::Dissolve);

pub(super) const CASES: &[Case] = &[
    case("dissolve", "the_group_is_gone", HAVE, the_group_is_gone),
    case("dissolve", "the_quiet_group_too", HAVE, the_quiet_group_too),
    case("dissolve", "once_and_only_this_group", HAVE, once_and_only_this_group),
    case("dissolve", "twice_is_once", NATIVE, twice_is_once),
    case("dissolve", "ok_is_not_believed", NATIVE, ok_is_not_believed),
    case("dissolve", "untouched_reads_not_applied", HAVE, untouched),
    case("dissolve", "a_frozen_and_announced_group", HAVE, frozen_and_announced),
    case("handover", "is_read_back", Need::Have(Op::Handover), handover),
    case("restore", "brings_the_group_back", Need::Have(Op::Restore), restore),
    case("restore", "not_after_the_window", Need::Have(Op::Restore), restore_too_late),
];

/// Ends the busy group the way its platform does.
pub(super) fn end(bench: &Bench, rig: &Rig) -> Outcome {
    let order = sweep::prepare(bench, rig, Op::Dissolve)?;
    sweep::carry_out(bench, rig, &order)
}

/// What the signals say together.
pub(super) fn verdict(rig: &Rig) -> Result<Verdict, String> {
    Ok(read(&rig.signals(&rig.busy, None, &rig.door(FaultPlan::none()))?))
}

/// Gone after the dissolve, or, where the platform keeps something until it is purged, after the purge.
fn the_group_is_gone(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    end(bench, &rig)?;
    if verdict(&rig)? != Verdict::Gone && bench.meets(Need::Native(Op::Purge)) {
        sweep::carry_out(bench, &rig, &rig.order(Op::Purge, &rig.busy))?;
    }
    let verdict = verdict(&rig)?;
    check!(verdict == Verdict::Gone, "the signals say {}", verdict.slug());
    Ok(())
}

fn the_quiet_group_too(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut order = rig.order(Op::Dissolve, &rig.quiet);
    if bench.meets(Need::Have(Op::Handover)) {
        rig.person(Op::Handover, &rig.quiet)?;
    }
    if bench.meets(NATIVE) && !bench.falls_back(Op::Dissolve) {
        order.memo = told("dissolve", rig.act(Who::Main, &rig.door(FaultPlan::none()), &order))?;
        // Nobody but the owner was in it: a read-back may never know, and may not say that it is still there.
        let read = told("read back", rig.read_back(&order))?;
        check!(read != Effect::NotApplied, "it reads {read:?}");
    } else {
        rig.person(Op::Dissolve, &rig.quiet)?;
    }
    check!(rig.effects(Op::Dissolve, &rig.quiet) == 1, "it did not happen once");
    Ok(())
}

fn once_and_only_this_group(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let before = told("get", rig.get(&rig.quiet, &door))?;
    end(bench, &rig)?;
    let times = rig.effects(Op::Dissolve, &rig.busy);
    check!(times == 1, "it happened {times} times");
    check!(rig.effects(Op::Dissolve, &rig.quiet) == 0, "another group was dissolved");
    let mut after = told("get", rig.get(&rig.quiet, &rig.door(FaultPlan::none())))?;
    after.seen_at = before.seen_at;
    check!(after == before, "another group was changed");
    Ok(())
}

fn twice_is_once(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    end(bench, &rig)?;
    let order = rig.order(Op::Dissolve, &rig.busy);
    if let Err(error) = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order) {
        let kinds = [Kind::NotFound, Kind::Permission, Kind::Conflict];
        check!(kinds.contains(&error.kind), "a second dissolve is told {error}");
    }
    let read = told("read back", rig.read_back(&order))?;
    check!(read == Effect::Applied, "after a second call it reads {read:?}");
    let times = rig.effects(Op::Dissolve, &rig.busy);
    check!(times == 1, "it happened {times} times");
    Ok(())
}

/// Whatever the call said, the read-back and the signals say what happened.
fn ok_is_not_believed(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let mut order = sweep::prepare(bench, &rig, Op::Dissolve)?;
    if let Ok(memo) = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order) {
        order.memo = memo;
    }
    let read = told("read back", rig.read_back(&order))?;
    let happened = rig.effects(Op::Dissolve, &rig.busy) == 1;
    check!((read == Effect::Applied) == happened, "it reads {read:?}, and happened: {happened}");
    let verdict = verdict(&rig)?;
    check!(happened || verdict != Verdict::Gone, "nothing happened, and the signals say gone");
    Ok(())
}

fn untouched(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let read = told("read back", rig.read_back(&rig.order(Op::Dissolve, &rig.busy)))?;
    check!(read == Effect::NotApplied, "a group that nobody ended reads {read:?}");
    Ok(())
}

/// The steps that a plan puts before the end don't get in its way.
fn frozen_and_announced(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    for op in [Op::Freeze, Op::Unlink, Op::Announce] {
        if bench.meets(Need::Native(op)) {
            sweep::carry_out(bench, &rig, &rig.order(op, &rig.busy))?;
        }
    }
    end(bench, &rig)
}

fn handover(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let order = rig.order(Op::Handover, &rig.busy);
    let read = told("read back", rig.read_back(&order))?;
    check!(read == Effect::NotApplied, "before it reads {read:?}");
    sweep::carry_out(bench, &rig, &order)
}

fn restore(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    end(bench, &rig)?;
    sweep::carry_out(bench, &rig, &rig.order(Op::Restore, &rig.busy))?;
    let verdict = verdict(&rig)?;
    // Where the platform's own way only left, the actor stays outside.
    let back =
        verdict == Verdict::StillThere || (bench.falls_back(Op::Dissolve) && verdict == Verdict::LeftOnly);
    check!(back, "the signals say {}", verdict.slug());
    Ok(())
}

fn restore_too_late(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    end(bench, &rig)?;
    let row = bench.effective.row(Op::Dissolve).map(|row| row.reversible.clone());
    let Some(adjourn_domain::capability::Reversible::Seconds { seconds }) = row else {
        return Err("there is a restore, and the dissolve has no window".to_owned());
    };
    rig.clock.advance_secs(seconds + 1);
    let order = rig.order(Op::Restore, &rig.busy);
    if bench.meets(Need::Native(Op::Restore)) {
        let late = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order);
        check!(late.is_err(), "the window is over, and the call went through");
    } else {
        rig.person(Op::Restore, &rig.busy)?;
    }
    check!(rig.effects(Op::Restore, &rig.busy) == 0, "the window is over, and the group came back");
    let read = told("read back", rig.read_back(&order))?;
    check!(read == Effect::NotApplied, "it reads {read:?}");
    Ok(())
}

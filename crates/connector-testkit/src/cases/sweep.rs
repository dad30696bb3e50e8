//! Every verb under every fault: each request of the call is struck in turn, and afterwards what the error said about
//! the effect, what the read-back says and what really happened have to agree.

use adjourn_connector_kit::{ConnectorError, Kind, Memo, Order, Retry};
use adjourn_domain::capability::{Effect, EffectClass, Op};
use adjourn_sim::{FaultKind, FaultPlan};
use serde_json::Value;

use super::{Case, Need, case};
use crate::rig::{Rig, Who, told};
use crate::{Bench, Outcome, check};

/// A case for each verb and fault.
macro_rules! sweeps {
    ($($area:literal $op:ident),+ $(,)?) => {
        pub(super) const CASES: &[Case] = &[$(
            case($area, "reply_lost", Need::Native(Op::$op), |bench| reply_lost(bench, Op::$op)),
            case($area, "request_lost", Need::Native(Op::$op), |bench| request_lost(bench, Op::$op)),
            case($area, "refused_connection", Need::Native(Op::$op), |bench| refused_connection(bench, Op::$op)),
            case($area, "too_many_with_a_delay", Need::Native(Op::$op), |bench| too_many(bench, Op::$op, Some(7))),
            case($area, "too_many_without_a_delay", Need::Native(Op::$op), |bench| too_many(bench, Op::$op, None)),
            case($area, "failure_before_the_effect", Need::Native(Op::$op), |bench| failure(bench, Op::$op, false)),
            case($area, "failure_after_the_effect", Need::Native(Op::$op), |bench| failure(bench, Op::$op, true)),
            case($area, "half_a_reply", Need::Native(Op::$op), |bench| unreadable(bench, Op::$op, &FaultKind::HalfBody)),
            case($area, "a_page_of_html", Need::Native(Op::$op), |bench| {
                unreadable(bench, Op::$op, &FaultKind::WrongContentType)
            }),
            case($area, "expired_token", Need::Native(Op::$op), |bench| unwelcome(bench, Op::$op, Who::Expired)),
            case($area, "wrong_token", Need::Native(Op::$op), |bench| unwelcome(bench, Op::$op, Who::Wrong)),
            case($area, "no_permission", Need::Native(Op::$op), |bench| unwelcome(bench, Op::$op, Who::Powerless)),
            case($area, "hostile_replies", Need::Native(Op::$op), |bench| hostile(bench, Op::$op)),
        )+];
    };
}

sweeps! {
    "create" Create,
    "announce" Announce,
    "freeze" Freeze,
    "unlink" Unlink,
    "transfer" Transfer,
    "dissolve" Dissolve,
    "purge" Purge,
    "remove_media" RemoveMedia,
    "restore" Restore,
}

/// The verbs that are about a group that is there, with one that is not.
macro_rules! absent {
    ($($area:literal $op:ident),+ $(,)?) => {
        pub(super) const ABSENT: &[Case] = &[$(
            case($area, "no_such_group", Need::Native(Op::$op), |bench| no_such_group(bench, Op::$op)),
        )+];
    };
}

absent! {
    "announce" Announce,
    "freeze" Freeze,
    "unlink" Unlink,
    "transfer" Transfer,
    "dissolve" Dissolve,
    "purge" Purge,
    "remove_media" RemoveMedia,
    "restore" Restore,
}

/// Does everything that has to come before `op`, so that its call can be made.
pub(super) fn prepare(bench: &Bench, rig: &Rig, op: Op) -> Result<Order, String> {
    let order = rig.order(op, &rig.busy);
    match op {
        Op::Dissolve if bench.meets(Need::Have(Op::Handover)) => {
            carry_out(bench, rig, &rig.order(Op::Handover, &rig.busy))?;
        }
        Op::Purge | Op::RemoveMedia | Op::Restore => {
            let first = prepare(bench, rig, Op::Dissolve)?;
            carry_out(bench, rig, &first)?;
            if op == Op::RemoveMedia && bench.meets(Need::Native(Op::Purge)) {
                carry_out(bench, rig, &rig.order(Op::Purge, &rig.busy))?;
            }
        }
        _ => {}
    }
    Ok(order)
}

/// Has an order carried out, by the platform or by a person, until it reads as applied.
pub(super) fn carry_out(bench: &Bench, rig: &Rig, order: &Order) -> Outcome {
    let mut order = order.clone();
    let op = order.op;
    let native = bench.meets(Need::Native(op));
    if native {
        match rig.act(Who::Main, &rig.door(FaultPlan::none()), &order) {
            Ok(memo) => order.memo = memo,
            // Then the way out is tried, as a run would.
            Err(_) if bench.falls_back(op) => {}
            Err(error) => return Err(format!("{}: {error}", op.slug())),
        }
    }
    let mut effect = if native { told("read back", rig.read_back(&order))? } else { Effect::NotApplied };
    if effect != Effect::Applied && (!native || bench.falls_back(op)) {
        rig.person(op, &order.group)?;
        effect = told("read back", rig.read_back(&order))?;
    }
    check!(effect == Effect::Applied, "{} reads {effect:?}", op.slug());
    Ok(())
}

/// What came of one struck call.
struct Struck {
    nth: u32,
    result: Result<Memo, ConnectorError>,
}

/// Strikes each request of the call in turn, in a new world each time, and checks the rules that hold for all faults.
fn strike(bench: &Bench, op: Op, fault: &FaultKind, also: impl Fn(&Struck) -> Outcome) -> Outcome {
    let rig = bench.rig();
    let order = prepare(bench, &rig, op)?;
    let clean = rig.door(FaultPlan::none());
    // A call that ends in a refusal (a way that comes to nothing) has requests that can be struck as well.
    let _ = rig.act(Who::Main, &clean, &order);
    let requests = u32::try_from(clean.requests()).unwrap_or(1);
    check!(requests > 0, "the call makes no request");
    for nth in 1..=requests {
        let rig = bench.rig();
        let order = prepare(bench, &rig, op)?;
        let before = rig.times(op, &rig.busy);
        let door = rig.door(FaultPlan::nth(nth, fault.clone()));
        let struck = Struck { nth, result: rig.act(Who::Main, &door, &order) };
        also(&struck).map_err(|says| format!("request {nth} of {requests}: {says}"))?;
        agrees(bench, &rig, &order, before, &struck)
            .map_err(|says| format!("request {nth} of {requests}, {fault:?}: {says}"))?;
    }
    Ok(())
}

/// What the error said, what the read-back says and what happened agree; and doing it again does it once.
fn agrees(bench: &Bench, rig: &Rig, order: &Order, before: u32, struck: &Struck) -> Outcome {
    let op = order.op;
    let mut order = order.clone();
    if let Ok(memo) = &struck.result {
        order.memo = memo.clone();
    }
    let read = told("read back", rig.read_back(&order))?;
    let happened = rig.times(op, &order.group) > before;
    if bench.blind(op) && read == Effect::Unknown {
        // A person has to look; what must not be is that it is called done, or undone against the truth.
        let error = struck.result.as_ref().err().ok_or("it was accepted, and the read-back does not know")?;
        let wrong = error.effect == Effect::Applied || (error.effect == Effect::NotApplied && happened);
        check!(!wrong, "called {:?}, and happened: {happened}: {error}", error.effect);
        let times = rig.times(op, &order.group) - before;
        check!(times <= 1, "it happened {times} times");
        return Ok(());
    }
    if bench.keyed(op) && read == Effect::Unknown {
        // No call finds it by the key, and the key makes it safe to ask again: that is how it becomes known.
        order.memo = told("again", rig.act(Who::Main, &rig.door(FaultPlan::none()), &order))?;
        let read = told("read back", rig.read_back(&order))?;
        let times = rig.times(op, &order.group) - before;
        check!(read == Effect::Applied && times == 1, "under the same key it reads {read:?}, {times} times");
        return Ok(());
    }
    check!(read != Effect::Unknown, "the read-back never knows");
    check!((read == Effect::Applied) == happened, "it reads {read:?}, and happened: {happened}");
    if let Err(error) = &struck.result {
        check!(
            error.effect != Effect::NotApplied || !happened,
            "called not applied, and it happened: {error}"
        );
        check!(error.effect != Effect::Applied || happened, "called applied, and it did not happen: {error}");
    }
    let class = bench.effective.row(op).map(|row| row.class);
    let again = read != Effect::Applied || class == Some(EffectClass::K);
    if again && class != Some(EffectClass::U) && !bench.falls_back(op) {
        order.memo = Value::Null;
        order.memo = told("again", rig.act(Who::Main, &rig.door(FaultPlan::none()), &order))?;
        let read = told("read back", rig.read_back(&order))?;
        check!(read == Effect::Applied, "done again it reads {read:?}");
    }
    let times = rig.times(op, &order.group) - before;
    check!(times <= 1, "it happened {times} times");
    Ok(())
}

fn error<'a>(struck: &'a Struck, what: &str) -> Result<&'a ConnectorError, String> {
    struck.result.as_ref().err().ok_or_else(|| format!("{what} was taken for a success"))
}

fn reply_lost(bench: &Bench, op: Op) -> Outcome {
    strike(bench, op, &FaultKind::ReplyLost, |struck| {
        let error = error(struck, "a lost reply")?;
        check!(error.kind == Kind::Network, "a lost reply is {:?}", error.kind);
        Ok(())
    })
}

fn request_lost(bench: &Bench, op: Op) -> Outcome {
    strike(bench, op, &FaultKind::RequestLost, |struck| {
        let error = error(struck, "a lost request")?;
        check!(error.kind == Kind::Network, "a lost request is {:?}", error.kind);
        Ok(())
    })
}

fn refused_connection(bench: &Bench, op: Op) -> Outcome {
    strike(bench, op, &FaultKind::Refused, |struck| {
        let error = error(struck, "a refused connection")?;
        let known = error.effect == Effect::NotApplied || struck.nth > 1;
        check!(known, "nothing was sent, and the effect is {:?}", error.effect);
        Ok(())
    })
}

fn too_many(bench: &Bench, op: Op, delay: Option<u64>) -> Outcome {
    strike(bench, op, &FaultKind::TooMany { retry_after_s: delay }, |struck| {
        let error = error(struck, "a 429")?;
        check!(error.kind == Kind::RateLimited, "a 429 is {:?}", error.kind);
        let known = error.effect == Effect::NotApplied || struck.nth > 1;
        check!(known, "the first request met a 429, and the effect is {:?}", error.effect);
        let wanted = delay.map_or(Retry::Backoff, Retry::After);
        check!(error.retry == wanted, "{:?} instead of {wanted:?}", error.retry);
        Ok(())
    })
}

fn failure(bench: &Bench, op: Op, after_effect: bool) -> Outcome {
    strike(bench, op, &FaultKind::ServerError { status: 503, after_effect }, |struck| {
        let error = error(struck, "a 503")?;
        check!(error.effect != Effect::Applied, "a 503 was taken for an effect");
        check!(error.retry != Retry::Never, "a 503 is not forever");
        Ok(())
    })
}

fn unreadable(bench: &Bench, op: Op, fault: &FaultKind) -> Outcome {
    strike(bench, op, fault, |struck| {
        let error = error(struck, "an unreadable reply")?;
        check!(error.effect != Effect::Applied, "an unreadable reply was taken for an effect");
        Ok(())
    })
}

fn hostile(bench: &Bench, op: Op) -> Outcome {
    for fault in super::hostile::kinds() {
        // Whatever was made of it, the read-back has the last word.
        strike(bench, op, &fault, |_| Ok(()))?;
    }
    Ok(())
}

/// An identity that may not do it: no effect, and the error says so.
fn unwelcome(bench: &Bench, op: Op, who: Who) -> Outcome {
    let rig = bench.rig();
    let order = prepare(bench, &rig, op)?;
    let before = rig.times(op, &rig.busy);
    let Err(error) = rig.act(who, &rig.door(FaultPlan::none()), &order) else {
        return Err(format!("{who:?} was let in"));
    };
    check!(error.effect == Effect::NotApplied, "refused, and the effect is {:?}: {error}", error.effect);
    let kinds: &[Kind] = match who {
        Who::Expired => &[Kind::Expired, Kind::Auth],
        Who::Wrong => &[Kind::Auth],
        _ => &[Kind::Permission, Kind::NotFound, Kind::Unsupported],
    };
    check!(kinds.contains(&error.kind), "{who:?} is told {error}");
    check!(rig.times(op, &rig.busy) == before, "{who:?} had an effect");
    Ok(())
}

fn no_such_group(bench: &Bench, op: Op) -> Outcome {
    let rig = bench.rig();
    let mut order = rig.order(op, &rig.busy);
    let (head, tail) = rig.busy.as_str().split_at_checked(2).unwrap_or(("x", "y"));
    order.group = format!("{head}zzz{tail}").into();
    let result = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order);
    let read = rig.read_back(&order);
    check!(rig.times(op, &order.group) == 0, "a group that is not there was changed");
    // A platform that takes the order for a group it never had (and calls it done) is answered by the read-back alone
    // where the end of a group is what is asked for: it is not there.
    let ending = matches!(op, Op::Dissolve | Op::Purge | Op::RemoveMedia);
    check!(ending || result.is_err() || read != Ok(Effect::Applied), "a group that is not there took it");
    Ok(())
}

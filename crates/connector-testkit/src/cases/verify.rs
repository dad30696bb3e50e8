//! Probes: only proof is proof, and a broken answer is none.

use adjourn_domain::capability::Op;
use adjourn_domain::verdict::{Says, Signal, Verdict, read};
use adjourn_sim::{FaultKind, FaultPlan};

use super::{Case, Need, case, dissolve, hostile, sweep};
use crate::rig::{Who, told};
use crate::{Bench, Outcome, check};

const NEED: Need = Need::Native(Op::Verify);

pub(super) const CASES: &[Case] = &[
    case("verify", "present_reads_still_there", NEED, present),
    case("verify", "signals_say_who_looked", NEED, signals_say_who_looked),
    case("verify", "network_errors_say_nothing", NEED, network_errors_say_nothing),
    case("verify", "false_answers_are_not_gone", NEED, false_answers_are_not_gone),
    case("verify", "one_false_answer_is_not_gone", NEED, one_false_answer_is_not_gone),
    case("verify", "stale_answers_are_not_gone", NEED, stale_answers_are_not_gone),
    case("verify", "unwelcome_identities_prove_nothing", NEED, unwelcome),
    case("verify", "the_actor_alone_proves_nothing", NEED, the_actor_alone_proves_nothing),
    case("verify", "a_lying_ok_is_seen_through", NEED, a_lying_ok),
    case("verify", "known_record", NEED, known_record),
    case("verify", "changes_nothing", NEED, changes_nothing),
];

fn nothing(signals: &[Signal]) -> Outcome {
    let loud = signals.iter().find(|signal| signal.says != Says::Nothing || signal.proof);
    check!(loud.is_none(), "{loud:?}");
    Ok(())
}

fn present(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let signals = rig.signals(&rig.busy, None, &rig.door(FaultPlan::none()))?;
    let verdict = read(&signals);
    check!(verdict == Verdict::StillThere, "a living group reads {}: {signals:?}", verdict.slug());
    Ok(())
}

fn signals_say_who_looked(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let signals = rig.signals(&rig.busy, None, &rig.door(FaultPlan::none()))?;
    for signal in &signals {
        check!(signal.witness == (signal.identity.as_str() == "witness"), "{signal:?}");
        let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-');
        check!(signal.question.chars().all(slug), "the question {:?} is no slug", signal.question);
        check!(signal.answer.len() <= 120, "an answer is told at length");
    }
    check!(
        signals.iter().filter(|signal| signal.witness).count() >= 2,
        "the witness is asked one thing only"
    );
    Ok(())
}

fn network_errors_say_nothing(bench: &Bench) -> Outcome {
    let too_many = FaultKind::TooMany { retry_after_s: Some(3) };
    let failure = FaultKind::ServerError { status: 503, after_effect: true };
    for fault in [FaultKind::RequestLost, FaultKind::ReplyLost, FaultKind::Refused, too_many, failure] {
        let rig = bench.rig();
        nothing(&rig.signals(&rig.busy, None, &rig.door(FaultPlan::always(fault.clone())))?)
            .map_err(|says| format!("{fault:?}: {says}"))?;
    }
    Ok(())
}

/// Answers that somebody on the way could give.
fn false_answers() -> Vec<FaultKind> {
    let answer = |status: u16, content_type: &str, body: &str| FaultKind::Answer {
        status,
        content_type: content_type.to_owned(),
        body: body.to_owned(),
    };
    let mut all = hostile::kinds();
    all.extend([
        answer(404, "text/html", "<h1>Not Found</h1>"),
        answer(404, "application/json", "{}"),
        answer(410, "text/plain", "gone"),
        answer(403, "application/json", "{}"),
        answer(200, "application/json", "{}"),
        answer(301, "text/html", ""),
        FaultKind::HalfBody,
        FaultKind::WrongContentType,
        FaultKind::ExpiredToken,
    ]);
    all
}

fn false_answers_are_not_gone(bench: &Bench) -> Outcome {
    for fault in false_answers() {
        let rig = bench.rig();
        let signals = rig.signals(&rig.busy, None, &rig.door(FaultPlan::always(fault.clone())))?;
        let gone = signals.iter().find(|signal| signal.says == Says::Gone);
        check!(gone.is_none(), "{fault:?} is taken for gone: {gone:?}");
    }
    Ok(())
}

fn one_false_answer_is_not_gone(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let clean = rig.door(FaultPlan::none());
    rig.signals(&rig.busy, None, &clean)?;
    for nth in 1..=u32::try_from(clean.requests()).unwrap_or(1) {
        for fault in false_answers() {
            let signals = rig.signals(&rig.busy, None, &rig.door(FaultPlan::nth(nth, fault.clone())))?;
            let verdict = read(&signals);
            let alive = matches!(verdict, Verdict::StillThere | Verdict::Unknown | Verdict::LeftOnly);
            check!(alive, "{fault:?} to question {nth} reads {}", verdict.slug());
        }
    }
    Ok(())
}

fn stale_answers_are_not_gone(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::always(FaultKind::StaleRead));
    rig.signals(&rig.busy, None, &door)?;
    dissolve::end(bench, &rig)?;
    let verdict = read(&rig.signals(&rig.busy, None, &door)?);
    check!(verdict != Verdict::Gone, "yesterday's answers read gone");
    Ok(())
}

fn unwelcome(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    dissolve::end(bench, &rig)?;
    let Some(verifier) = rig.connector.verifier() else { return Err("no verifier".to_owned()) };
    for who in [Who::Wrong, Who::Expired, Who::Powerless] {
        let door = rig.door(FaultPlan::none());
        let signals = crate::rig::now(verifier.signals(&rig.cx(who, &door), &rig.busy, None))?;
        check!(signals.iter().all(|signal| !signal.proof), "{who:?} proves something: {signals:?}");
    }
    Ok(())
}

fn the_actor_alone_proves_nothing(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    dissolve::end(bench, &rig)?;
    let all = rig.signals(&rig.busy, None, &rig.door(FaultPlan::none()))?;
    let own: Vec<Signal> = all.into_iter().filter(|signal| signal.identity.as_str() == "main").collect();
    check!(read(&own) != Verdict::Gone, "the account that ended the group proves it: {own:?}");
    Ok(())
}

/// Where the platform's own way may come to nothing, its OK is seen through; elsewhere the same holds trivially.
fn a_lying_ok(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let order = sweep::prepare(bench, &rig, Op::Dissolve)?;
    let _ = rig.act(Who::Main, &rig.door(FaultPlan::none()), &order);
    let _ = rig.read_back(&order);
    let verdict = dissolve::verdict(&rig)?;
    let happened = rig.effects(Op::Dissolve, &rig.busy) > 0;
    check!(happened || verdict != Verdict::Gone, "nothing happened, and it reads gone");
    let note = bench.effective.row(Op::Dissolve).map(|row| row.note.clone()).unwrap_or_default();
    if note.starts_with("leave-only") {
        check!(verdict == Verdict::LeftOnly, "only the actor left, and it reads {}", verdict.slug());
    }
    Ok(())
}

fn known_record(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    // Where a person exports, no record is known to the connector.
    let native = bench.meets(Need::Native(Op::Export));
    let pages = if native { told("export", rig.history(&rig.busy, &door, None))? } else { Vec::new() };
    let known = pages.iter().flat_map(|(_, records)| records).last().map(|record| record.id.clone());
    let verdict = read(&rig.signals(&rig.busy, known.as_ref(), &door)?);
    check!(verdict == Verdict::StillThere, "a living group reads {}", verdict.slug());
    dissolve::end(bench, &rig)?;
    let signals = rig.signals(&rig.busy, known.as_ref(), &rig.door(FaultPlan::none()))?;
    let alive = signals.iter().find(|signal| signal.proof && signal.says == Says::Present);
    check!(alive.is_none(), "an ended group reads as there: {alive:?}");
    Ok(())
}

fn changes_nothing(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let before = told("get", rig.get(&rig.busy, &door))?;
    rig.signals(&rig.busy, None, &door)?;
    let after = told("get", rig.get(&rig.busy, &door))?;
    check!(before == after, "a probe changed the group");
    Ok(())
}

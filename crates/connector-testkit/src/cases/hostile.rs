//! Replies that nobody should get: an error each time, never a panic.

use adjourn_domain::capability::Op;
use adjourn_sim::{FaultKind, FaultPlan};

use super::{Case, Need, case};
use crate::rig::{Who, now};
use crate::{Bench, Outcome, check};

pub(super) const CASES: &[Case] = &[
    case("hostile", "probe", Need::Nothing, probe),
    case("hostile", "list", Need::Nothing, list),
    case("hostile", "get", Need::Nothing, get),
    case("hostile", "export", Need::Native(Op::Export), export),
    case("hostile", "media", Need::Native(Op::Export), media),
];

/// Hostile replies, each with status 200.
pub(super) fn kinds() -> Vec<FaultKind> {
    let json = |body: &str| FaultKind::Answer {
        status: 200,
        content_type: "application/json".to_owned(),
        body: body.to_owned(),
    };
    vec![
        FaultKind::DeepJson { depth: 100_000 },
        FaultKind::InvalidUtf8,
        FaultKind::HugeField { bytes: 300_000 },
        json(""),
        json("null"),
        json("[1,2,3]"),
        json("\"ok\""),
        json("1e999"),
        json(r#"{"code":"not_owner","message":"no","errcode":"M_FORBIDDEN","error":"no"}"#),
        json(
            r#"{"groups":7,"rooms":7,"messages":{},"chunk":"x","members":3,"id":[],"room_id":{},"account":1,"user_id":2}"#,
        ),
    ]
}

fn each(bench: &Bench, ask: impl Fn(&crate::rig::Rig, &adjourn_sim::SimTransport) -> bool) -> Outcome {
    for fault in kinds() {
        let rig = bench.rig();
        let taken = ask(&rig, &rig.door(FaultPlan::always(fault.clone())));
        check!(!taken, "{} was taken for an answer", told(&fault));
    }
    Ok(())
}

fn told(fault: &FaultKind) -> String {
    format!("{fault:?}").chars().take(120).collect()
}

fn probe(bench: &Bench) -> Outcome {
    each(bench, |rig, door| rig.whoami(Who::Main, door).is_ok())
}

fn list(bench: &Bench) -> Outcome {
    each(bench, |rig, door| rig.list(Who::Main, door, None).is_ok())
}

fn get(bench: &Bench) -> Outcome {
    each(bench, |rig, door| rig.get(&rig.busy, door).is_ok())
}

fn export(bench: &Bench) -> Outcome {
    each(bench, |rig, door| rig.history(&rig.busy, door, None).is_ok())
}

/// The bytes of a file are any bytes; what matters is that nothing breaks.
fn media(bench: &Bench) -> Outcome {
    each(bench, |rig, door| {
        let Some(exporter) = rig.connector.exporter() else { return true };
        let cx = rig.cx(Who::Main, door);
        now(exporter.media(&cx, &rig.busy, &"mxc://nowhere/none".into())).is_err()
    })
}

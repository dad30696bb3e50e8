//! The negative twin of a case whose operation is absent: a typed refusal, and not one request.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::Op;
use adjourn_domain::verdict::Says;
use adjourn_sim::FaultPlan;

use crate::cases::Need;
use crate::rig::{Who, now, told};
use crate::{Bench, Outcome, check};

/// Runs the twin.
///
/// # Errors
/// What is wrong, in words.
pub fn run(bench: &Bench, need: Need) -> Outcome {
    let (Need::Have(op) | Need::Native(op)) = need else { return Ok(()) };
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let cx = rig.cx(Who::Main, &door);
    match op {
        Op::Members | Op::Links => {
            let group = told("get", rig.get(&rig.busy, &door))?;
            let empty = if op == Op::Members { group.members.is_empty() } else { group.links.is_empty() };
            check!(empty, "{} are absent, and yet there are some", op.slug());
            return Ok(());
        }
        Op::Export => {
            if let Some(exporter) = rig.connector.exporter() {
                refused(now(exporter.page(&cx, &rig.busy, None))?.map(drop))?;
            }
        }
        Op::Verify => {
            if let Some(verifier) = rig.connector.verifier() {
                let signals = now(verifier.signals(&cx, &rig.busy, None))?;
                check!(
                    signals.iter().all(|signal| signal.says == Says::Nothing),
                    "an absent probe says something"
                );
            }
        }
        _ => {
            if let Some(verb) = rig.connector.verb(op) {
                let order = rig.order(op, &rig.busy);
                refused(now(verb.act(&cx, &order))?.map(drop))?;
            }
        }
    }
    check!(door.requests() == 0, "an absent operation made {} requests", door.requests());
    Ok(())
}

fn refused(result: Result<(), adjourn_connector_kit::ConnectorError>) -> Outcome {
    match result {
        Err(error) if error.kind == Kind::Unsupported => Ok(()),
        Err(error) => Err(format!("refused as {:?}, not as unsupported", error.kind)),
        Ok(()) => Err("an absent operation was carried out".to_owned()),
    }
}

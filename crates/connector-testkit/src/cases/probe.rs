//! Who an identity is, and what becomes of one that is not welcome.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::Op;
use adjourn_sim::{FaultKind, FaultPlan};

use super::{Case, Need, case, rank};
use crate::rig::{Who, told};
use crate::{Bench, Outcome, check};

pub(super) const CASES: &[Case] = &[
    case("probe", "good", Need::Nothing, good),
    case("probe", "witness_is_another_account", Need::Nothing, witness_is_another_account),
    case("probe", "wrong_secret", Need::Nothing, wrong_secret),
    case("probe", "expired_secret", Need::Nothing, expired_secret),
    case("probe", "powerless_is_narrowed", Need::Nothing, powerless_is_narrowed),
    case("probe", "no_connection", Need::Nothing, no_connection),
];

fn good(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let info = told("probe", rig.whoami(Who::Main, &rig.door(FaultPlan::none())))?;
    check!(!info.account.as_str().is_empty(), "the account has no id");
    for op in Op::ALL {
        let rows = info.capabilities.0.iter().filter(|row| row.op == op).count();
        check!(rows <= 1, "{} has {rows} rows", op.slug());
    }
    Ok(())
}

fn witness_is_another_account(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    let door = rig.door(FaultPlan::none());
    let main = told("probe", rig.whoami(Who::Main, &door))?;
    let witness = told("probe of the witness", rig.whoami(Who::Witness, &door))?;
    check!(main.account != witness.account, "the witness is the account that acts");
    check!(witness.capabilities.has(Op::Verify), "the witness can't look");
    Ok(())
}

fn refused(bench: &Bench, who: Who, kinds: &[Kind]) -> Outcome {
    let rig = bench.rig();
    match rig.whoami(who, &rig.door(FaultPlan::none())) {
        Err(error) if kinds.contains(&error.kind) => Ok(()),
        other => Err(format!("{who:?}: {other:?}")),
    }
}

fn wrong_secret(bench: &Bench) -> Outcome {
    refused(bench, Who::Wrong, &[Kind::Auth])
}

fn expired_secret(bench: &Bench) -> Outcome {
    refused(bench, Who::Expired, &[Kind::Expired, Kind::Auth])
}

fn powerless_is_narrowed(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    match rig.whoami(Who::Powerless, &rig.door(FaultPlan::none())) {
        Ok(info) => {
            let wide = Op::ALL.into_iter().filter(|op| bench.effective.has(*op)).count();
            let narrow = Op::ALL.into_iter().filter(|op| info.capabilities.has(*op)).count();
            check!(narrow < wide, "an identity that may do nothing may do as much as the other");
            let own = rank(info.capabilities.support(Op::Dissolve));
            let full = rank(bench.effective.support(Op::Dissolve));
            check!(own < full, "an identity that may do nothing dissolves as well as the other");
            Ok(())
        }
        Err(error) if error.kind == Kind::Permission => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn no_connection(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    for fault in [FaultKind::Refused, FaultKind::RequestLost] {
        match rig.whoami(Who::Main, &rig.door(FaultPlan::always(fault))) {
            Err(error) if error.kind == Kind::Network => {}
            other => return Err(format!("{other:?}")),
        }
    }
    Ok(())
}

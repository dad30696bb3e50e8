//! What a connector says about itself is true, whole, and gives nothing away.

use adjourn_connector_kit::Kind;
use adjourn_connector_kit::secret::Secret;
use adjourn_domain::capability::{Op, Support};
use adjourn_domain::time::Time;
use adjourn_sim::{FaultKind, FaultPlan};

use super::{Case, Need, case, rank};
use crate::rig::{Who, now, told};
use crate::{Bench, Outcome, check, pins};

pub(super) const CASES: &[Case] = &[
    case("descriptor", "id_grammar", Need::Nothing, id_grammar),
    case("descriptor", "both_languages", Need::Nothing, both_languages),
    case("descriptor", "every_op_has_one_row", Need::Nothing, every_op_has_one_row),
    case("descriptor", "rows_have_sources", Need::Nothing, rows_have_sources),
    case("descriptor", "declared_is_present", Need::Nothing, declared_is_present),
    case("descriptor", "pinned_is_native", Need::Nothing, pinned_is_native),
    case("descriptor", "effective_is_declared", Need::Nothing, effective_is_declared),
    case("descriptor", "deviations_have_dates", Need::Nothing, deviations_have_dates),
    case("descriptor", "missing_fields_are_named", Need::Nothing, missing_fields_are_named),
    case("descriptor", "secrets_stay_secret", Need::Nothing, secrets_stay_secret),
];

/// Operations that are verbs; the others have accessors of their own.
const VERBS: [Op; 11] = [
    Op::Create,
    Op::Freeze,
    Op::Announce,
    Op::Unlink,
    Op::Handover,
    Op::Transfer,
    Op::Leave,
    Op::Dissolve,
    Op::Purge,
    Op::RemoveMedia,
    Op::Restore,
];

fn id_grammar(bench: &Bench) -> Outcome {
    let id = bench.declared.platform.as_str();
    let first = id.starts_with(|c: char| c.is_ascii_lowercase());
    let rest = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    check!(first && rest && id.len() <= 32, "the id {id:?} is not lower case");
    check!(bench.variant || bench.name == id, "the folder {} and the id {id} differ", bench.name);
    Ok(())
}

fn both_languages(bench: &Bench) -> Outcome {
    let fields = bench.declared.fields.iter().map(|field| (field.name, &field.says));
    for (name, text) in fields.chain([("name", &bench.declared.name)]) {
        check!(!text.zh.trim().is_empty() && !text.en.trim().is_empty(), "{name} is not in both languages");
        check!(text.zh != text.en, "{name} is the same in both languages, as a missing text is");
        check!(text.en.is_ascii() || name == "name", "the English of {name} is not ASCII");
    }
    Ok(())
}

fn every_op_has_one_row(bench: &Bench) -> Outcome {
    for op in Op::ALL {
        let rows = bench.declared.capabilities.iter().filter(|row| row.op == op).count();
        check!(rows == 1, "{} has {rows} rows", op.slug());
    }
    Ok(())
}

fn rows_have_sources(bench: &Bench) -> Outcome {
    for row in &bench.declared.capabilities {
        let op = row.op.slug();
        check!(!row.source.is_empty(), "{op} has no source");
        check!(is_date(&row.checked), "{op} was checked on {:?}", row.checked);
        let plain = row.support == Support::Native || !row.note.is_empty();
        check!(plain, "{op} is {} without a note", row.support.slug());
        let proved = row.support == Support::Unsupported || !row.proof.is_empty();
        check!(proved, "{op} has no proof");
    }
    Ok(())
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && Time::parse(&format!("{text}T00:00:00Z")).is_some()
}

fn declared_is_present(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    for op in Op::ALL {
        let row = bench.declared.capabilities.iter().find(|row| row.op == op);
        let declared = row.is_some_and(|row| row.support != Support::Unsupported);
        let present = match op {
            Op::Export => rig.connector.exporter().is_some(),
            Op::Verify => rig.connector.verifier().is_some(),
            // Both are part of reading a group, which every connector does.
            Op::Members | Op::Links => {
                check!(rig.connector.verb(op).is_none(), "{} is not a verb", op.slug());
                continue;
            }
            _ => rig.connector.verb(op).is_some(),
        };
        check!(declared == present, "{}: declared {declared}, present {present}", op.slug());
        check!(VERBS.contains(&op) || rig.connector.verb(op).is_none(), "{} is not a verb", op.slug());
    }
    Ok(())
}

fn pinned_is_native(bench: &Bench) -> Outcome {
    let platform = bench.declared.platform.as_str();
    let Some(ops) = pins::of(platform) else { return Err(format!("{platform} has no row in pins.rs")) };
    for op in ops {
        let row = bench.declared.capabilities.iter().find(|row| row.op == *op);
        check!(row.is_some_and(|row| row.support == Support::Native), "{} must be native", op.slug());
        let effective = bench.variant || bench.effective.support(*op) == Support::Native;
        check!(effective, "{} must be native for the identity that acts", op.slug());
    }
    Ok(())
}

fn effective_is_declared(bench: &Bench) -> Outcome {
    for row in &bench.declared.capabilities {
        let effective = bench.effective.support(row.op);
        check!(rank(effective) <= rank(row.support), "{} is better than declared", row.op.slug());
    }
    Ok(())
}

fn deviations_have_dates(bench: &Bench) -> Outcome {
    for known in &bench.declared.deviations {
        check!(
            is_date(known.since) && is_date(known.expires),
            "the deviation of {} has no dates",
            known.case
        );
        check!(!known.reason.is_empty(), "the deviation of {} has no reason", known.case);
        let exists = super::all().iter().any(|case| format!("{}::{}", case.area, case.name) == known.case);
        check!(exists, "there is no case {}", known.case);
    }
    Ok(())
}

fn missing_fields_are_named(bench: &Bench) -> Outcome {
    let rig = bench.rig();
    for field in bench.declared.fields.iter().filter(|field| field.required) {
        let (mut settings, mut secrets) = (rig.settings.clone(), rig.secrets(Who::Main).clone());
        settings.remove(field.name);
        secrets.remove(field.name);
        let door = rig.door(FaultPlan::none());
        let cx = rig.cx_with(Who::Main, &door, &settings, &secrets);
        let Err(error) = now(rig.connector.whoami(&cx))? else {
            return Err(format!("{} is required, and was not missed", field.name));
        };
        let named = error.kind == Kind::Config && error.says.contains(field.name);
        check!(named, "without {}: {error}", field.name);
        check!(door.requests() == 0, "a request was made without {}", field.name);
    }
    Ok(())
}

fn secrets_stay_secret(bench: &Bench) -> Outcome {
    let mut said = Vec::new();
    let mut secrets: Vec<Secret> = Vec::new();
    for who in [Who::Main, Who::Witness, Who::Wrong, Who::Expired, Who::Powerless] {
        let rig = bench.rig();
        secrets.extend(rig.secrets(who).values().cloned());
        let mut plans = vec![FaultPlan::none()];
        plans.extend([FaultKind::ReplyLost, FaultKind::WrongContentType].map(FaultPlan::always));
        for plan in plans {
            let door = rig.door(plan);
            said.push(format!("{:?}", rig.cx(who, &door).secrets));
            said.push(format!("{:?}", rig.whoami(who, &door)));
            said.push(format!("{:?}", rig.list(who, &door, None)));
            for op in VERBS {
                let order = rig.order(op, &rig.busy);
                said.push(format!("{:?}", rig.act(who, &door, &order)));
            }
            said.extend(door.calls().into_iter().map(|(_, uri)| uri));
        }
    }
    for secret in secrets.iter().filter(|secret| !secret.expose().is_empty()) {
        let found = said.iter().find(|text| text.contains(secret.expose()));
        check!(found.is_none(), "a secret is in {}", found.map_or("", |text| text.get(..80).unwrap_or(text)));
    }
    told("probe", bench.rig().whoami(Who::Main, &bench.rig().door(FaultPlan::none()))).map(drop)
}

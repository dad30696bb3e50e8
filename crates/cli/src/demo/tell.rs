//! What the drill prints for somebody who sees it for the first time: the plan without its proofs and provisos, and what
//! the bundle proves with names in place of ids.

use std::collections::BTreeMap;

use adjourn_domain::canonical::Hash;
use adjourn_domain::plan::{GroupPlan, Plan, StepOp};
use adjourn_evidence::verify::{Report, Statement};
use adjourn_i18n::msg;

use crate::out::Out;
use crate::verbs;
use adjourn_web::wording;

/// The plan in short.
pub(super) fn plan(out: Out, plan: &Plan, hash: Hash) {
    out.line(msg::plan_title(out.lang, &plan.case, hash));
    out.line(msg::plan_reason(out.lang, &plan.reason));
    for part in &plan.groups {
        group(out, part);
    }
}

fn group(out: Out, part: &GroupPlan) {
    out.line("");
    let platform = wording::platform(out.say(), part.platform.as_str(), true);
    out.line(format!("{platform} · {} · {}", part.name, out.word("kind", part.way.kind.slug())));
    if let Some(matter) = &part.way.judicial {
        out.line(format!("  {}", msg::plan_judicial(out.lang, matter)));
    }
    let turning = part.point_of_no_return();
    for (at, step) in part.steps.iter().enumerate() {
        if at == turning {
            out.line(format!("  ──────── {} ────────", out.word("term", "point_of_no_return")));
        }
        // All groups wait for each other at every stage.
        if step.op != StepOp::Join {
            out.line(format!("  {}", wording::headline(out.say(), step)));
        }
    }
}

/// What the bundle proves and what that rests on. What is said of several groups is said once.
pub(super) fn report(out: Out, report: &Report, names: &BTreeMap<String, String>) {
    let ok = report.ok;
    out.line(if ok {
        msg::verify_ok(out.lang)
    } else {
        msg::verify_bad(out.lang, report.findings.len() as u64)
    });
    statements(out, "✓", &report.proved, names);
    out.line(msg::verify_rests_on(out.lang));
    statements(out, "·", &report.rests_on, names);
}

fn statements(out: Out, mark: &str, all: &[Statement], names: &BTreeMap<String, String>) {
    let mut told: Vec<(&Statement, u64)> = Vec::new();
    for statement in all {
        match told.iter_mut().find(|(first, _)| first.code == statement.code) {
            Some((_, more)) => *more += 1,
            None => told.push((statement, 0)),
        }
    }
    for (statement, more) in told {
        let mut named = statement.clone();
        for value in named.args.values_mut() {
            let parts = value.split(", ").map(|part| names.get(part).map_or(part, String::as_str));
            *value = parts.collect::<Vec<_>>().join(", ");
        }
        let said = verbs::verify::statement(out, &named);
        let more = if more > 0 { msg::demo_more(out.lang, more) } else { String::new() };
        out.line(format!("  {mark} {said}{more}"));
    }
}

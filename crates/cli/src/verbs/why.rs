//! `why`: what a case waits for.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::plan::StepOp;
use adjourn_domain::reaction::open_objections;
use adjourn_domain::run::{Phase, StepState};
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use super::reviewers;
use super::run::name;
use crate::out::{Exit, Out};
use adjourn_web::{shapes, wording};

/// Runs `why`.
pub(crate) async fn why(ctx: &Ctx<'_>, id: &CaseId) -> Result<Exit, AppError> {
    let (app, out) = (&ctx.app, ctx.out);
    let case = app.journal.known_case(id).await?;
    let groups = app.groups_of(&case).await?;
    out.line(msg::case_status(out.lang, id, out.word("state", case.status.slug())));
    let review = reviewers::show(ctx, &case).await?;
    for code in &case.differences {
        out.line(format!("  ~ {}", out.note(&adjourn_domain::plan::Note::new(code))));
    }
    let mut rows = Vec::new();
    for group in &groups {
        let name = name(out, group);
        out.line(format!("{name}: {}", out.word("state", adjourn_app::inventory::place(group))));
        for (hold, entry) in &group.holds {
            out.line(format!("  ! {} {hold}: {}", out.word("term", "hold"), entry.matter));
        }
        let part = group.part.as_ref().filter(|(of, ..)| of == id).map(|(.., part)| part);
        for note in part.iter().flat_map(|part| &part.blockers) {
            out.line(format!("  ! {}", out.note(note)));
        }
        if !group.reactions.is_empty() {
            let (all, open) = (group.reactions.len() as u64, open_objections(group) as u64);
            out.line(format!("  {}", msg::why_reactions(out.lang, all, open)));
        }
        if let Some(run) = &group.run
            && let Some((step, state)) =
                run.current().and_then(|at| run.part.steps.get(at).zip(run.steps.get(at)))
            && !matches!(run.phase, Phase::Ended(_))
        {
            out.line(format!("  {}", wording::step(out.say(), step)));
            out.line(format!("  {}", waits_for(out, run, state)));
            if let Some(line) = wording::copy(out.say(), &state.memo) {
                out.line(format!("  ~ {line}"));
            }
            if let (StepState::Checking { since, .. }, Some(party)) = (state.state, step.text("party")) {
                let errand = out.word("errand", step.text("errand").unwrap_or_default());
                let until = since.plus_secs(step.number("deadline_s").unwrap_or(0));
                out.line(format!("  {}", msg::why_party(out.lang, errand, out.word("party", party), until)));
            }
            // Groups of one platform wait with steps of one name.
            let of = if groups.len() > 1 { format!("{}/", group.id) } else { String::new() };
            let export = run.part.steps.iter().find(|step| step.op == StepOp::Export);
            if let (Some(export), Some(receipt), true) = (export, &run.receipt, run.receipt_open()) {
                for gap in &receipt.gaps {
                    out.line(format!("  ? {}", out.note(gap)));
                }
                out.next(format!("adjourn step done {id} {of}{}", export.id));
            }
            if state.state == StepState::Person {
                out.line(format!("  # {}", wording::person_note(out.say(), run, step)));
                out.next(format!("adjourn step done {id} {of}{} --evidence FILE", step.id));
            }
        }
        if let Some(line) = wording::apart(out.say(), group) {
            out.line(format!("  {line}"));
        }
        for line in group.run.iter().flat_map(|run| adjourn_web::clocks::of_run(out.say(), run)) {
            out.line(format!("  ⏱ {line}"));
        }
        let mut row = shapes::standing(group, None);
        if let Some(map) = row.as_object_mut() {
            map.insert("reactions".to_owned(), json!(group.reactions.len()));
            map.insert("open_objections".to_owned(), json!(open_objections(group)));
        }
        rows.push(row);
    }
    out.document(&json!({
        "case": id,
        "status": case.status,
        "missing": adjourn_app::review::missing(&case),
        "review": review,
        "differences": case.differences,
        "groups": rows,
    }));
    Ok(Exit::Done)
}

fn waits_for(out: Out, run: &adjourn_domain::run::Run, state: &adjourn_domain::run::StepRun) -> String {
    let error = state.error.as_deref().unwrap_or("–");
    let heartbeat = state.heartbeat.map_or_else(|| "–".to_owned(), |at| at.to_string());
    let until = match state.state {
        StepState::Pending { not_before } => not_before.map(|at| at.to_string()),
        StepState::Checking { next, .. } => Some(next.to_string()),
        StepState::Waiting { until } => {
            let probe = run.probe_times().get(run.probes.len()).copied();
            Some(probe.unwrap_or(until).to_string())
        }
        StepState::Person => state.human.deadline.map(|at| at.to_string()),
        _ => None,
    };
    msg::why_waits(
        out.lang,
        error,
        heartbeat,
        u64::from(state.attempts),
        until.unwrap_or_else(|| "–".to_owned()),
    )
}

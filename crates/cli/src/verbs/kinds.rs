//! `reaction`, `accept`, `minutes`: what the kinds of groups add for people.

use adjourn_app::AppError;
use adjourn_app::reactions::{Entry, Noted};
use adjourn_domain::ids::CaseId;
use adjourn_domain::reaction::What;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::ReactionVerb;
use crate::out::{Exit, Out};
use crate::words::printable;

/// Runs `reaction`.
pub(crate) async fn reaction(ctx: &Ctx<'_>, verb: ReactionVerb) -> Result<Exit, AppError> {
    let (case, noted) = match verb {
        ReactionVerb::Ls { case } => return ls(ctx, &case.into()).await,
        ReactionVerb::Add { case, what, text, from, group } => {
            let case = CaseId::from(case);
            let what: What = serde_json::from_value(Value::from(what))?;
            let group = match group {
                Some(name) => Some(ctx.app.resolve(&name).await?),
                None => None,
            };
            let signer = ctx.signer()?;
            let noted = ctx.app.add_reaction(&case, group.as_ref(), what, &text, &from, &signer).await?;
            (case, noted)
        }
        ReactionVerb::Answer { case, reaction, text } => {
            let case = CaseId::from(case);
            let noted = ctx.app.answer_reaction(&case, &reaction.into(), &text, &ctx.signer()?).await?;
            (case, noted)
        }
        ReactionVerb::Escalate { case, reaction, to } => {
            let case = CaseId::from(case);
            let noted = ctx.app.escalate_reaction(&case, &reaction.into(), &to, &ctx.signer()?).await?;
            (case, noted)
        }
    };
    show(ctx.out, &case, &noted);
    Ok(Exit::Done)
}

fn show(out: Out, case: &CaseId, noted: &Noted) {
    out.line(msg::reaction_noted(out.lang, noted.open as u64, &noted.reaction));
    if noted.paused > 0 {
        out.line(msg::reaction_paused(out.lang, noted.paused as u64));
    }
    out.document(&json!({
        "case": case,
        "group": noted.group,
        "reaction": noted.reaction,
        "open_objections": noted.open,
        "paused": noted.paused,
    }));
    out.next(format!("adjourn reaction ls {case}"));
}

async fn ls(ctx: &Ctx<'_>, case: &CaseId) -> Result<Exit, AppError> {
    let out = ctx.out;
    let entries = ctx.app.reactions(case).await?;
    if entries.is_empty() {
        out.line(msg::reaction_none(out.lang));
    }
    for Entry { group, id, reaction } in &entries {
        let (what, standing) =
            (out.word("reaction", reaction.what.slug()), out.word("reaction", reaction.standing.slug()));
        out.line(format!(
            "{id}  {}  {what} · {standing} · {group}  {}: {}",
            reaction.at, reaction.from, reaction.text
        ));
    }
    let rows: Vec<Value> = entries
        .iter()
        .map(|entry| json!({"id": entry.id, "group": entry.group, "reaction": entry.reaction}))
        .collect();
    out.document(&json!({"case": case, "reactions": rows}));
    Ok(Exit::Done)
}

/// Runs `accept`.
pub(crate) async fn accept(ctx: &Ctx<'_>, case: &CaseId) -> Result<Exit, AppError> {
    let groups = ctx.app.accept_handover(case, &ctx.signer()?).await?;
    ctx.out.line(msg::handover_accepted(ctx.out.lang, groups.len() as u64));
    ctx.out.document(&json!({"case": case, "groups": groups}));
    ctx.out.next(format!("adjourn apply {case}"));
    Ok(Exit::Done)
}

/// Runs `minutes`.
pub(crate) async fn minutes(ctx: &Ctx<'_>, case: &CaseId, group: Option<&str>) -> Result<Exit, AppError> {
    let (app, out) = (&ctx.app, ctx.out);
    let known = app.journal.known_case(case).await?;
    let wanted = match group {
        Some(name) => Some(app.resolve(name).await?),
        None => None,
    };
    let mut all = Vec::new();
    for state in app.groups_of(&known).await? {
        if wanted.as_ref().is_none_or(|group| *group == state.id) {
            all.push(app.minutes(&state).await?);
        }
    }
    for signed in &all {
        out.line(printable(out.lang, &signed.minutes));
        out.line(msg::minutes_signed(out.lang, &signed.public_key, &signed.signature));
    }
    out.document(&json!({"case": case, "minutes": all}));
    Ok(Exit::Done)
}

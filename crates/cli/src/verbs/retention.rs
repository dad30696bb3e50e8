//! `retention`: how long records are kept, and what a person decides afterwards.

use adjourn_app::AppError;
use adjourn_app::retention::Kept;
use adjourn_archive::ledger;
use adjourn_domain::retention::{Disposition, Review};
use adjourn_i18n::msg;
use adjourn_web::records;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::RetentionVerb;
use crate::out::Exit;
use adjourn_web::shapes;

/// Runs `retention`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: RetentionVerb) -> Result<Exit, AppError> {
    match verb {
        RetentionVerb::Ls { due } => list(ctx, due).await,
        RetentionVerb::Keep { group, until, reason } => {
            let until = ledger::day(&until).map_err(|note| {
                AppError::new("register.flag").with("flag", "--until").with("why", ctx.out.note(&note))
            })?;
            decide(ctx, &group, Disposition::KeepUntil { until }, &reason).await
        }
        RetentionVerb::Release { group, reason } => decide(ctx, &group, Disposition::Release, &reason).await,
    }
}

async fn decide(
    ctx: &Ctx<'_>,
    group: &str,
    disposition: Disposition,
    reason: &str,
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let group = ctx.app.resolve(group).await?;
    let standing = ctx.app.review_retention(&group, disposition, reason, &signer).await?;
    match disposition {
        Disposition::KeepUntil { until } => {
            out.line(msg::retention_kept(out.lang, &group, until));
            out.next("adjourn retention ls");
        }
        Disposition::Release => {
            out.line(msg::retention_released(out.lang, &group));
            out.next(format!("adjourn destroy plan {group}"));
        }
    }
    out.document(&json!({"group": group, "standing": shapes::retention(&standing)}));
    Ok(Exit::Done)
}

async fn list(ctx: &Ctx<'_>, due: bool) -> Result<Exit, AppError> {
    let out = ctx.out;
    let org = ctx.app.journal.org().await?;
    let laws = ctx.app.profiles.laws()?;
    if laws.is_empty() {
        out.line(msg::retention_no_law(out.lang));
    }
    let all = ctx.app.retention().await?;
    let shown: Vec<&Kept> = all.iter().filter(|kept| !due || kept.standing.due()).collect();
    for kept in &shown {
        let standing = &kept.standing;
        let completed = match standing.completed {
            Some(at) => msg::retention_ended(out.lang, at),
            None => msg::retention_goes_on(out.lang),
        };
        out.line(format!("{}  {}  {completed}", kept.card.group, kept.card.label()));
        if standing.completed.is_some() {
            for period in &standing.periods {
                out.line(format!("  {}", records::period(out.say(), period, standing)));
            }
        }
        match &standing.review {
            Some(Review { disposition: Disposition::KeepUntil { until }, reason, by }) => {
                out.line(format!("  {}", msg::retention_by_person(out.lang, org.name(by), reason, until)));
            }
            Some(Review { disposition: Disposition::Release, reason, by }) => {
                out.line(format!("  {}", msg::retention_release_by(out.lang, org.name(by), reason)));
            }
            None => {}
        }
        if standing.due() {
            out.line(format!("  {}", msg::retention_due(out.lang)));
        }
    }
    if shown.is_empty() {
        out.line(msg::retention_none(out.lang));
    }
    if let Some(kept) = shown.iter().find(|kept| kept.standing.due()) {
        out.next(format!("adjourn retention release {} --reason TEXT", kept.card.group));
    }
    let rows: Vec<Value> = shown
        .iter()
        .map(|kept| {
            json!({
                "group": kept.card.group,
                "name": kept.card.label(),
                "holds": kept.card.holds,
                "standing": shapes::retention(&kept.standing),
            })
        })
        .collect();
    out.document(&json!({"laws": laws.iter().map(|pack| &pack.law).collect::<Vec<_>>(), "groups": rows}));
    Ok(Exit::Done)
}

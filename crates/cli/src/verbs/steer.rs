//! `pause`, `resume`, `undo`, `step done`, `step cant`: a person's hand on a run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use super::run::{Seen, drive, ending};
use crate::out::Exit;

/// Which way a case is steered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Steer {
    /// Pause it.
    Pause,
    /// Let it go on.
    Resume,
    /// Take it back; with a new group in place of one that can't be brought back, if `rebuild`.
    Undo {
        /// Whether a new group will do.
        rebuild: bool,
    },
}

/// Runs `pause`, `resume`, `undo`.
pub(crate) async fn steer(ctx: &Ctx<'_>, id: &CaseId, steer: Steer) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let (slug, count) = match steer {
        Steer::Pause => ("paused", ctx.app.pause(id, &signer).await?),
        Steer::Resume => ("resumed", ctx.app.resume(id, &signer).await?),
        Steer::Undo { rebuild } => ("undoing", ctx.app.undo(id, rebuild, &signer).await?),
    };
    if matches!(steer, Steer::Undo { .. }) {
        let mut seen = Seen::default();
        drive(&ctx.app, out, id, &mut seen).await?;
    }
    let case = ctx.app.journal.known_case(id).await?;
    if matches!(steer, Steer::Undo { .. }) {
        super::plan::quotas(ctx, &ctx.app.load_plan(&case).await?).await?;
    }
    out.line(msg::steered(out.lang, count as u64, out.word("event", slug)));
    out.document(&json!({"case": id, "status": case.status, "groups": count, "did": slug}));
    match steer {
        Steer::Pause => out.next(format!("adjourn resume {id}")),
        Steer::Resume => out.next(format!("adjourn apply {id}")),
        Steer::Undo { .. } => {
            let groups = ctx.app.groups_of(&case).await?;
            if let (Exit::Human, Some(error)) = ending(&case, &groups, &BTreeMap::new()) {
                out.next(format!("adjourn why {id}"));
                return Ok(out.error(&error));
            }
            out.next(format!("adjourn show {id}"));
        }
    }
    Ok(Exit::Done)
}

/// Runs `step done`.
pub(crate) async fn step_done(
    ctx: &Ctx<'_>,
    id: &CaseId,
    step: &str,
    files: &[PathBuf],
    factors: &[String],
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let (group, step) = ctx.app.find_person_step(id, step).await?;
    let files = files.iter().map(|path| read_evidence(path)).collect::<Result<Vec<_>, _>>()?;
    let factors = factors
        .iter()
        .map(|factor| match factor.split_once('=') {
            Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
            None => Err(AppError::new("usage").with("says", format!("--factor {factor}: NAME=VALUE"))),
        })
        .collect::<Result<_, _>>()?;
    ctx.app.person_done(id, &group, &step, &files, factors, &signer).await?;
    out.line(msg::step_noted(out.lang, &step));
    out.document(&json!({"case": id, "group": group, "step": step}));
    out.next(format!("adjourn apply {id}"));
    Ok(Exit::Done)
}

/// Runs `step cant`.
pub(crate) async fn step_cant(
    ctx: &Ctx<'_>,
    id: &CaseId,
    step: &str,
    reason: &str,
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let (group, step) = ctx.app.find_person_step(id, step).await?;
    ctx.app.person_cant(&group, &step, reason, &signer).await?;
    out.line(msg::step_cant_noted(out.lang, &step));
    out.document(&json!({"case": id, "group": group, "step": step, "cant": true}));
    out.next(format!("adjourn apply {id}"));
    Ok(Exit::Done)
}

pub(super) fn read_evidence(path: &Path) -> Result<(String, Vec<u8>), AppError> {
    let size = std::fs::metadata(path).map_err(|error| AppError::io(&error, path.display()))?.len();
    if size > adjourn_adapters::vault::MAX_EVIDENCE as u64 {
        return Err(AppError::new("step.evidence").with("says", format!("{size} bytes")));
    }
    let bytes = std::fs::read(path).map_err(|error| AppError::io(&error, path.display()))?;
    Ok((path.display().to_string(), bytes))
}

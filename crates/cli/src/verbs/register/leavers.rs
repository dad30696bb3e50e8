//! `register --leavers`: people who leave, and the successors that their groups are owed.

use std::path::Path;

use adjourn_adapters::tables::ReadTables;
use adjourn_app::AppError;
use adjourn_app::ports::{LeaversTable, Tables as _};
use adjourn_i18n::msg;
use adjourn_web::register::departures;
use serde_json::{Value, json};

use super::{Ctx, MAX_SHOWN, bytes};
use crate::out::Exit;

/// Runs `register --leavers`.
pub(super) async fn run(ctx: &Ctx<'_>, path: &Path, dry: bool) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let read = ReadTables.leavers(&bytes(path)?, &|note| out.note(note))?;
    let LeaversTable { sha256, form, people, active, unlisted, problems } = read;
    let rules = ctx.config.register_rules();
    let mut done = ctx.app.leavers(&people, sha256, &rules, dry, &signer).await?;
    done.problems.extend(problems);
    done.problems.sort_by_key(|problem| problem.line);
    for line in departures(out.say(), form, &done, MAX_SHOWN) {
        out.line(line);
    }
    if active > 0 {
        out.line(msg::leavers_active(out.lang, active as u64));
    }
    if unlisted > 0 {
        out.line(msg::leavers_unlisted(out.lang, unlisted));
    }
    if dry {
        out.line(msg::register_dry(out.lang));
    }
    let problems: Vec<Value> = done
        .problems
        .iter()
        .map(|problem| json!({"line": problem.line, "code": problem.note.code, "says": out.note(&problem.note)}))
        .collect();
    out.document(&json!({
        "list": sha256,
        "form": form,
        "dry_run": dry,
        "leavers": done.leavers,
        "active": active,
        "unlisted": unlisted,
        "owed": done.owed,
        "known": done.known,
        "nothing": done.nothing,
        "doubtful": done.doubtful,
        "still_owner": done.still_owner,
        "problems": problems,
    }));
    out.next("adjourn ls --view owed");
    let whole = done.problems.is_empty() && done.doubtful.is_empty() && unlisted == 0;
    Ok(if whole { Exit::Done } else { Exit::Partly })
}

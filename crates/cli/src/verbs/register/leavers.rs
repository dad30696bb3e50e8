//! `register --leavers`: people who leave, and the successors that their groups are owed.

use std::path::Path;

use adjourn_adapters::tables::ReadTables;
use adjourn_app::AppError;
use adjourn_app::ports::{LeaversTable, Tables as _};
use adjourn_app::register::Departures;
use adjourn_i18n::msg;
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
    say(ctx, form, &done);
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

fn say(ctx: &Ctx<'_>, form: &str, done: &Departures) {
    let out = ctx.out;
    out.line(msg::leavers_title(out.lang, done.leavers as u64, form));
    out.line(msg::leavers_done(
        out.lang,
        done.doubtful.len() as u64,
        done.known as u64,
        done.owed.len() as u64,
        done.nothing.len() as u64,
        done.problems.len() as u64,
    ));
    for debt in done.owed.iter().take(MAX_SHOWN) {
        let role = out.word("register-role", debt.role.slug());
        let mut line = format!(
            "  {}  {}",
            debt.group,
            msg::leavers_owed(out.lang, debt.due, &debt.leaver, &debt.name, role)
        );
        if let Some(deputy) = &debt.proposed {
            line = format!("{line} · {}", msg::owed_proposed(out.lang, &deputy.name));
        }
        if debt.by_account {
            line = format!("{line} · {}", msg::leavers_by_account(out.lang));
        }
        out.line(line);
    }
    if done.owed.len() > MAX_SHOWN {
        out.line(msg::register_more(out.lang, (done.owed.len() - MAX_SHOWN) as u64));
    }
    for still in &done.still_owner {
        out.line(format!("  ? {}", msg::leavers_still_owner(out.lang, &still.account, &still.group)));
    }
    for one in &done.doubtful {
        let count = one.groups.len() as u64;
        out.line(format!("  ? {}", msg::leavers_doubtful(out.lang, count, one.line, &one.name)));
    }
    for one in &done.nothing {
        out.line(format!("  {}", msg::leavers_nothing(out.lang, one.line, &one.name)));
    }
    for problem in &done.problems {
        out.line(format!("  {}", msg::register_problem(out.lang, problem.line, out.note(&problem.note))));
    }
}

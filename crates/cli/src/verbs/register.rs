//! `register`: groups from a ledger, one group by flags, people who leave.

use std::io::Read as _;
use std::path::Path;

use adjourn_adapters::tables::ReadTables;
use adjourn_app::AppError;
use adjourn_app::ports::{LedgerTable, Tables as _};
use adjourn_archive::ledger::MAX_BYTES;
use adjourn_i18n::msg;
use adjourn_web::register::registered;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::RegisterArgs;
use crate::out::Exit;

mod leavers;
mod one;

/// Lines of a kind that are shown; a document has all.
pub(super) const MAX_SHOWN: usize = 50;

/// Runs `register`.
pub(crate) async fn run(ctx: &Ctx<'_>, args: RegisterArgs) -> Result<Exit, AppError> {
    let RegisterArgs { group, ledger, leavers, connection, dry_run, says } = args;
    if let Some(group) = group {
        return one::run(ctx, &group, connection, says, dry_run).await;
    }
    if let Some(path) = leavers {
        return leavers::run(ctx, &path, dry_run).await;
    }
    from_ledger(ctx, &ledger.unwrap_or_default(), connection, dry_run).await
}

async fn from_ledger(
    ctx: &Ctx<'_>,
    path: &Path,
    connections: Vec<String>,
    dry: bool,
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let read = ReadTables.ledger(&bytes(path)?, &|note| out.note(note))?;
    let connections: Vec<_> = connections.into_iter().map(Into::into).collect();
    let LedgerTable { sha256, form, rows, problems } = read;
    let total = rows.len() + problems.len();
    let mut done = ctx.app.register(&rows, sha256, &connections, dry, &signer).await?;
    done.problems.extend(problems);
    done.problems.sort_by_key(|problem| problem.line);
    for line in registered(out.say(), form, total, &done) {
        out.line(line);
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
        "ledger": sha256,
        "form": form,
        "rows": total,
        "dry_run": dry,
        "new": done.new,
        "changed": done.changed,
        "same": done.same,
        "no_contact": done.no_contact,
        "problems": problems,
    }));
    out.next("adjourn ls");
    Ok(if done.problems.is_empty() { Exit::Done } else { Exit::Partly })
}

/// The file, up to a byte more than a ledger may have.
fn bytes(path: &Path) -> Result<Vec<u8>, AppError> {
    let io = |error: &std::io::Error| AppError::io(error, path.display());
    let file = std::fs::File::open(path).map_err(|error| io(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| io(&error))?;
    Ok(bytes)
}

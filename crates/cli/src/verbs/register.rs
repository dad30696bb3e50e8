//! `register`: groups from a ledger, one group by flags, people who leave.

use std::io::Read as _;
use std::path::Path;

use adjourn_app::AppError;
use adjourn_app::register::{AssetRow, LedgerRow, Registered, RowProblem};
use adjourn_archive::ledger::{self, Ledger, LedgerError, MAX_BYTES, MAX_LINES, Row};
use adjourn_i18n::msg;
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
    let read = ledger::read(&bytes(path)?).map_err(|error| refused(ctx, error, &CODES, ledger::expected))?;
    let connections: Vec<_> = connections.into_iter().map(Into::into).collect();
    let Ledger { sha256, form, rows, problems } = read;
    let total = rows.len() + problems.len();
    let rows: Vec<LedgerRow> = rows.into_iter().map(wanted).collect();
    let mut done = ctx.app.register(&rows, sha256, &connections, dry, &signer).await?;
    done.problems
        .extend(problems.into_iter().map(|problem| RowProblem { line: problem.line, note: problem.note }));
    done.problems.sort_by_key(|problem| problem.line);
    say(ctx, form, total, &done, dry);
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

fn say(ctx: &Ctx<'_>, form: &str, total: usize, done: &Registered, dry: bool) {
    let out = ctx.out;
    out.line(msg::register_title(out.lang, total as u64, form));
    out.line(msg::register_done(
        out.lang,
        done.changed.len() as u64,
        done.new.len() as u64,
        done.same as u64,
        done.problems.len() as u64,
    ));
    for problem in &done.problems {
        out.line(format!("  {}", msg::register_problem(out.lang, problem.line, out.note(&problem.note))));
    }
    if done.no_contact > 0 {
        out.line(msg::register_no_contact(out.lang, done.no_contact as u64));
    }
    if dry {
        out.line(msg::register_dry(out.lang));
    }
}

/// The file, up to a byte more than a ledger may have.
fn bytes(path: &Path) -> Result<Vec<u8>, AppError> {
    let io = |error: &std::io::Error| AppError::io(error, path.display());
    let file = std::fs::File::open(path).map_err(|error| io(&error))?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| io(&error))?;
    Ok(bytes)
}

/// The largest file that is taken, in megabytes.
const MAX_MEGABYTES: usize = MAX_BYTES / (1024 * 1024);

/// What a table that people wrote may be refused with.
struct Codes {
    size: &'static str,
    encoding: &'static str,
    header: &'static str,
    columns: &'static str,
    form: &'static str,
}

const CODES: Codes = Codes {
    size: "ledger.size",
    encoding: "ledger.encoding",
    header: "ledger.header",
    columns: "ledger.columns",
    form: "ledger.form",
};

fn refused(ctx: &Ctx<'_>, error: LedgerError, codes: &Codes, expected: fn() -> String) -> AppError {
    match error {
        LedgerError::Size(says) => AppError::new(codes.size)
            .with("says", says)
            .with("lines", MAX_LINES)
            .with("megabytes", MAX_MEGABYTES),
        LedgerError::Encoding => AppError::new(codes.encoding),
        LedgerError::Header(columns) => {
            AppError::new(codes.header).with("columns", columns).with("expected", expected())
        }
        LedgerError::Columns(columns) => {
            AppError::new(codes.columns).with("columns", columns).with("expected", expected())
        }
        LedgerError::Form(says) => AppError::new(codes.form).with("says", says),
        LedgerError::HeaderCell(note) => AppError::new("ledger.header_cell").with("why", ctx.out.note(&note)),
    }
}

fn wanted(row: Row) -> LedgerRow {
    LedgerRow {
        line: row.line,
        name: row.name,
        platform: row.platform,
        owner: row.owner,
        contact: row.contact,
        class: row.class,
        id: row.id,
        kind: row.kind,
        asset: AssetRow {
            purpose: row.purpose,
            deputy: row.deputy,
            deputy_contact: row.deputy_contact,
            unit: row.unit,
            holds: row.holds,
            expires: row.expires,
            exit_plan: row.exit_plan,
        },
    }
}

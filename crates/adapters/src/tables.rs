//! Tables that people wrote, through the readers of the archive: one set of refusals for the command line and the pages.

use adjourn_app::AppError;
use adjourn_app::ports::{LeaversTable, LedgerTable, SayNote, Tables};
use adjourn_app::register::{AssetRow, LedgerRow, RowProblem};
use adjourn_archive::leavers::{self, Leavers};
use adjourn_archive::ledger::{self, Ledger, LedgerError, MAX_BYTES, MAX_LINES, Problem, Row};
use adjourn_domain::asset::Day;
use adjourn_domain::plan::Note;

/// The largest file that is taken, in megabytes.
const MAX_MEGABYTES: usize = MAX_BYTES / (1024 * 1024);

/// Reads tables by their bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadTables;

impl Tables for ReadTables {
    fn ledger(&self, bytes: &[u8], say: SayNote<'_>) -> Result<LedgerTable, AppError> {
        let read = ledger::read(bytes).map_err(|error| refused(error, &LEDGER, say))?;
        let Ledger { sha256, form, rows, problems } = read;
        let rows = rows.into_iter().map(wanted).collect();
        Ok(LedgerTable { sha256, form, rows, problems: unread(problems) })
    }

    fn leavers(&self, bytes: &[u8], say: SayNote<'_>) -> Result<LeaversTable, AppError> {
        let read = leavers::read(bytes).map_err(|error| refused(error, &LEAVERS, say))?;
        let Leavers { sha256, form, people, active, unlisted, problems } = read;
        Ok(LeaversTable { sha256, form, people, active, unlisted, problems: unread(problems) })
    }

    fn day(&self, text: &str) -> Result<Day, Note> {
        ledger::day(text)
    }
}

fn unread(problems: Vec<Problem>) -> Vec<RowProblem> {
    problems.into_iter().map(|problem| RowProblem { line: problem.line, note: problem.note }).collect()
}

/// What a table that people wrote may be refused with.
struct Codes {
    size: &'static str,
    encoding: &'static str,
    header: &'static str,
    columns: &'static str,
    form: &'static str,
    expected: fn() -> String,
}

const LEDGER: Codes = Codes {
    size: "ledger.size",
    encoding: "ledger.encoding",
    header: "ledger.header",
    columns: "ledger.columns",
    form: "ledger.form",
    expected: ledger::expected,
};

const LEAVERS: Codes = Codes {
    size: "leavers.size",
    encoding: "leavers.encoding",
    header: "leavers.header",
    columns: "leavers.columns",
    form: "leavers.form",
    expected: leavers::expected,
};

fn refused(error: LedgerError, codes: &Codes, say: SayNote<'_>) -> AppError {
    let of_columns =
        |code, columns| AppError::new(code).with("columns", columns).with("expected", (codes.expected)());
    match error {
        LedgerError::Size(says) => AppError::new(codes.size)
            .with("says", says)
            .with("lines", MAX_LINES)
            .with("megabytes", MAX_MEGABYTES),
        LedgerError::Encoding => AppError::new(codes.encoding),
        LedgerError::Header(columns) => of_columns(codes.header, columns),
        LedgerError::Columns(columns) => of_columns(codes.columns, columns),
        LedgerError::Form(says) => AppError::new(codes.form).with("says", says),
        LedgerError::HeaderCell(note) => AppError::new("ledger.header_cell").with("why", say(&note)),
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

//! Ledgers: an organisation's own list of its groups, as a table (CSV or XLSX) with a header that people wrote.
//!
//! ```text
//! bytes ─► text (encoding, delimiter) or sheet ─► lines of cells ─► columns (which cell is what) ─► rows and problems
//! ```
//!
//! Invariants: every line that is not empty is either a row or a problem that names it; a header that is not understood
//! is refused, never guessed; what is read is bounded, whatever the file says about itself.

use std::collections::BTreeSet;

use adjourn_domain::asset::{Day, Holding, Said};
use adjourn_domain::canonical::Hash;
use adjourn_domain::group::Kind;
use adjourn_domain::plan::Note;

#[cfg(test)]
mod bad_cells;
mod columns;
mod sheet;
pub(crate) mod table;
#[cfg(test)]
mod tests;
mod text;

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Most lines.
pub const MAX_LINES: usize = 50_000;

/// What a ledger holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// How it was read: `utf-8`, `gb18030`, `utf-16le`, `utf-16be`, `xlsx`.
    pub form: &'static str,
    /// The rows that can be understood.
    pub rows: Vec<Row>,
    /// The lines that can't, with the reason.
    pub problems: Vec<Problem>,
}

/// A group, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The line in the file, from 1.
    pub line: u64,
    /// The group's name; `None` when the cell is empty.
    pub name: Option<String>,
    /// The platform's slug, or what stands there in lower case.
    pub platform: String,
    /// The owner's name.
    pub owner: String,
    /// How to reach the owner; may be empty.
    pub contact: String,
    /// The class's slug, or what stands there; `None` when the cell is empty.
    pub class: Option<String>,
    /// The platform's id of the group.
    pub id: Option<String>,
    /// Its kind.
    pub kind: Said<Kind>,
    /// What it is for.
    pub purpose: Said<String>,
    /// The deputy's name.
    pub deputy: Said<String>,
    /// How to reach the deputy.
    pub deputy_contact: Said<String>,
    /// The unit of the organisation.
    pub unit: Said<String>,
    /// What it holds.
    pub holds: Said<BTreeSet<Holding>>,
    /// Its last day.
    pub expires: Said<Day>,
    /// How it is to end.
    pub exit_plan: Said<String>,
}

/// A line that is not a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line in the file, from 1.
    pub line: u64,
    /// Why.
    pub note: Note,
}

/// Why a file is no ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Too large, by itself or unpacked, or too many lines.
    #[error("too large: {0}")]
    Size(String),
    /// Neither UTF-8 nor UTF-16 with a mark nor GB 18030.
    #[error("unknown encoding")]
    Encoding,
    /// Columns that nobody knows, or that are there twice.
    #[error("columns not understood: {0}")]
    Header(String),
    /// Columns that are missing.
    #[error("columns missing: {0}")]
    Columns(String),
    /// Not a table.
    #[error("not a table: {0}")]
    Form(String),
    /// The header can't be trusted: merged cells, or a formula without a value.
    #[error("header: {}", .0.code)]
    HeaderCell(Note),
}

/// A line of the file, as cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: u64,
    pub(crate) cells: Vec<String>,
    /// What the file says about the line that makes its cells not what they seem: a merge, a formula without a value.
    pub(crate) trouble: Option<Note>,
}

impl Line {
    /// Whether nothing stands in it.
    pub(crate) fn blank(&self) -> bool {
        self.trouble.is_none() && self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Reads a ledger. What kind of file it is, its bytes say.
///
/// # Errors
/// [`LedgerError`]; then nothing of it was taken.
pub fn read(bytes: &[u8]) -> Result<Ledger, LedgerError> {
    let (form, lines) = lines(bytes)?;
    let (rows, problems) = columns::rows(lines)?;
    Ok(Ledger { sha256: Hash::of(bytes), form, rows, problems })
}

/// The lines of a table, and how it was read.
pub(crate) fn lines(bytes: &[u8]) -> Result<(&'static str, Vec<Line>), LedgerError> {
    if bytes.len() > MAX_BYTES {
        return Err(LedgerError::Size(format!("{} bytes", bytes.len())));
    }
    if bytes.starts_with(b"PK\x03\x04") { Ok(("xlsx", sheet::lines(bytes)?)) } else { text::lines(bytes) }
}

/// The columns that a ledger must have, in the words that people write.
pub fn expected() -> String {
    columns::expected()
}

/// What a group holds, as a cell under that column says it.
///
/// # Errors
/// The problem that a row with this cell has.
pub fn holds(text: &str) -> Result<BTreeSet<Holding>, Note> {
    columns::holds(text)
}

/// A day, as a cell says it.
///
/// # Errors
/// The problem that a row with this cell has.
pub fn day(text: &str) -> Result<Day, Note> {
    table::day(text)
}

/// A kind of group, as a cell says it.
///
/// # Errors
/// The problem that a row with this cell has.
pub fn kind(text: &str) -> Result<Kind, Note> {
    columns::kind(text)
}

/// The class's slug, or what stands there.
pub fn class(text: &str) -> String {
    columns::class(text)
}

/// The platform's slug, or what stands there in lower case.
pub(crate) fn platform(text: &str) -> String {
    columns::platform(text)
}

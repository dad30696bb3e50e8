//! Ledgers: an organisation's own list of its groups, as a table (CSV or XLSX) with a header that people wrote.
//!
//! ```text
//! bytes ─► text (encoding, delimiter) or sheet ─► lines of cells ─► columns (which cell is what) ─► rows and problems
//! ```
//!
//! Invariants: every line that is not empty is either a row or a problem that names it; a header that is not understood
//! is refused, never guessed; what is read is bounded, whatever the file says about itself.

use adjourn_domain::canonical::Hash;
use adjourn_domain::group::Kind;
use adjourn_domain::plan::Note;

mod columns;
mod sheet;
#[cfg(test)]
mod tests;
mod text;

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// Most lines.
pub const MAX_LINES: usize = 50_000;
/// Longest cell, in characters.
const MAX_CELL: usize = 500;

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
    pub kind: Kind,
    /// What it is for.
    pub purpose: Option<String>,
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
}

/// A line of the file, as cells.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    number: u64,
    cells: Vec<String>,
}

/// Reads a ledger. What kind of file it is, its bytes say.
///
/// # Errors
/// [`LedgerError`]; then nothing of it was taken.
pub fn read(bytes: &[u8]) -> Result<Ledger, LedgerError> {
    if bytes.len() > MAX_BYTES {
        return Err(LedgerError::Size(format!("{} bytes", bytes.len())));
    }
    let (form, lines) =
        if bytes.starts_with(b"PK\x03\x04") { ("xlsx", sheet::lines(bytes)?) } else { text::lines(bytes)? };
    let (rows, problems) = columns::rows(lines)?;
    Ok(Ledger { sha256: Hash::of(bytes), form, rows, problems })
}

/// The columns that a ledger must have, in the words that people write.
pub fn expected() -> String {
    columns::expected()
}

//! Tables that people wrote: ledgers, lists of leavers, and what stands in a cell of them.

use adjourn_domain::asset::Day;
use adjourn_domain::canonical::Hash;
use adjourn_domain::plan::Note;
use adjourn_domain::succession::Leaver;

use crate::error::AppError;
use crate::register::{LedgerRow, RowProblem};

/// How a note is said in the reader's language.
pub type SayNote<'a> = &'a (dyn Fn(&Note) -> String + Sync);

/// A ledger that was read.
#[derive(Debug, Clone)]
pub struct LedgerTable {
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// How it was read, a word such as `utf-8` or `xlsx`.
    pub form: &'static str,
    /// The rows that can be understood.
    pub rows: Vec<LedgerRow>,
    /// The lines that can't.
    pub problems: Vec<RowProblem>,
}

/// A list of leavers that was read.
#[derive(Debug, Clone)]
pub struct LeaversTable {
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// How it was read.
    pub form: &'static str,
    /// Those who leave.
    pub people: Vec<Leaver>,
    /// People of whom the directory says that they are still there.
    pub active: usize,
    /// People whom the directory has and did not list.
    pub unlisted: u64,
    /// The lines that can't be understood.
    pub problems: Vec<RowProblem>,
}

/// Reads tables.
pub trait Tables: Send + Sync {
    /// Reads a ledger.
    ///
    /// # Errors
    /// `ledger.size`, `ledger.encoding`, `ledger.header`, `ledger.columns`, `ledger.form`, `ledger.header_cell`; then nothing of it was taken.
    fn ledger(&self, bytes: &[u8], say: SayNote<'_>) -> Result<LedgerTable, AppError>;
    /// Reads a list of leavers.
    ///
    /// # Errors
    /// The same with `leavers.`.
    fn leavers(&self, bytes: &[u8], say: SayNote<'_>) -> Result<LeaversTable, AppError>;
    /// A day, as a cell says it.
    ///
    /// # Errors
    /// The problem that a row with this cell has.
    fn day(&self, text: &str) -> Result<Day, Note>;
}

//! People who leave the organisation: a table (CSV or XLSX with a header that people wrote), or what a directory answers (SCIM
//! 2.0, RFC 7643 and RFC 7644).
//!
//! Invariants: as for ledgers; and nobody is taken for a leaver whom the list does not say to be one.

use adjourn_domain::canonical::Hash;
use adjourn_domain::plan::Note;
use adjourn_domain::succession::Leaver;

use crate::ledger::{LedgerError, Problem, lines};

mod people;
mod scim;
#[cfg(test)]
mod tests;

/// People in one list, at most.
pub const MAX_PEOPLE: usize = 50_000;

/// Who leaves, as a list says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leavers {
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// How it was read: as a ledger, or `scim`.
    pub form: &'static str,
    /// Those who leave.
    pub people: Vec<Leaver>,
    /// People of whom the directory says that they are still there.
    pub active: usize,
    /// People whom the directory has and did not list: it answers page by page.
    pub unlisted: u64,
    /// Lines that can't be understood.
    pub problems: Vec<Problem>,
}

/// Reads a list of leavers. What kind of file it is, its bytes say.
///
/// # Errors
/// [`LedgerError`]; then nothing of it was taken.
pub fn read(bytes: &[u8]) -> Result<Leavers, LedgerError> {
    let sha256 = Hash::of(bytes);
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if matches!(text.first(), Some(b'{' | b'[')) {
        return scim::read(text, sha256);
    }
    let (form, lines) = lines(bytes)?;
    let (people, problems) = people::rows(lines)?;
    Ok(Leavers { sha256, form, people, active: 0, unlisted: 0, problems })
}

/// The columns that a table of leavers must have, in the words that people write.
pub fn expected() -> String {
    people::expected()
}

fn problem(line: u64, code: &str) -> Problem {
    Problem { line, note: Note::new(code) }
}

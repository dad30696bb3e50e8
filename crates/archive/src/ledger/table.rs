//! A table with a header that people wrote: which column is what, and the cells of a line under it.

use std::collections::BTreeMap;

use adjourn_domain::asset::{Day, NoDay, YEARS};
use adjourn_domain::plan::Note;

use super::{LedgerError, Line};

/// Lines above the header (a title, an empty line), at most.
const MAX_ABOVE: usize = 5;
/// Longest cell, in characters.
pub(super) const MAX_CELL: usize = 500;

/// What people write for what, by slug; the first spelling is shown where something is expected.
pub(crate) type Spelled = BTreeMap<String, Vec<String>>;

/// Columns by their place.
pub(crate) struct Columns<'a> {
    at: BTreeMap<usize, &'a str>,
    width: usize,
}

impl<'a> Columns<'a> {
    /// The cells of a line by column. A column without a name is nobody's.
    ///
    /// # Errors
    /// The reason why the line can't be taken.
    pub(crate) fn cells<'b>(&self, line: &'b Line) -> Result<BTreeMap<&'a str, &'b str>, Note> {
        if let Some(trouble) = &line.trouble {
            return Err(trouble.clone());
        }
        if line.cells.iter().skip(self.width).any(|cell| !cell.trim().is_empty()) {
            let count = line.cells.len();
            return Err(Note::new("ledger-cells").with("count", count).with("expected", self.width));
        }
        let mut cells = BTreeMap::new();
        for (at, column) in &self.at {
            let cell = line.cells.get(*at).map_or("", |cell| cell.trim());
            if cell.chars().count() > MAX_CELL {
                return Err(Note::new("ledger-long").with("column", column).with("limit", MAX_CELL));
            }
            if cell.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
                return Err(Note::new("ledger-control").with("column", column));
            }
            if is_formula(cell) {
                let given = short(cell);
                return Err(Note::new("ledger-formula-text").with("column", column).with("given", given));
            }
            cells.insert(*column, cell);
        }
        Ok(cells)
    }
}

/// The columns under the header: the first line in which at least two are known.
///
/// # Errors
/// [`LedgerError`] for a header with columns that nobody knows, or without a required one.
pub(crate) fn header<'a>(
    lines: &mut impl Iterator<Item = Line>,
    words: &'a Spelled,
    required: &[&str],
) -> Result<Columns<'a>, LedgerError> {
    let mut first = None;
    for line in lines.take(MAX_ABOVE) {
        let known = line.cells.iter().filter(|cell| find(words, cell).is_some()).count();
        if known < 2 {
            first.get_or_insert(line);
            continue;
        }
        if let Some(trouble) = line.trouble {
            return Err(LedgerError::HeaderCell(trouble));
        }
        let mut columns = BTreeMap::new();
        let mut wrong = Vec::new();
        for (at, cell) in line.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            match find(words, cell) {
                Some(column) if !columns.values().any(|other| *other == column) => {
                    columns.insert(at, column);
                }
                _ => wrong.push(short(cell)),
            }
        }
        if !wrong.is_empty() {
            return Err(LedgerError::Header(wrong.join(", ")));
        }
        let missing: Vec<&str> =
            required.iter().copied().filter(|column| !columns.values().any(|have| have == column)).collect();
        if !missing.is_empty() {
            return Err(LedgerError::Columns(missing.join(", ")));
        }
        return Ok(Columns { at: columns, width: line.cells.len() });
    }
    let found =
        first.map(|line| line.cells.iter().take(20).map(|cell| short(cell)).collect::<Vec<_>>().join(", "));
    Err(LedgerError::Header(found.unwrap_or_default()))
}

/// The slug that people spell so.
pub(crate) fn find<'a>(words: &'a Spelled, text: &str) -> Option<&'a str> {
    let text = plain(text);
    words
        .iter()
        .find(|(slug, spelled)| plain(slug) == text || spelled.iter().any(|word| plain(word) == text))
        .map(|(slug, _)| slug.as_str())
}

/// Columns as people write them, with the other language's word behind.
pub(crate) fn expected(words: &Spelled, required: &[&str]) -> String {
    let both = |slug: &&str| {
        let word = words.get(*slug).and_then(|words| words.first());
        word.map_or_else(|| (*slug).to_owned(), |word| format!("{word} ({slug})"))
    };
    required.iter().map(both).collect::<Vec<_>>().join(", ")
}

/// Spelling does not matter: case, spaces, marks that tell what must be filled in.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '*' | ':' | '\u{ff1a}' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A day, as a cell says it.
///
/// # Errors
/// The problem that a row with this cell has.
pub(crate) fn day(text: &str) -> Result<Day, Note> {
    Day::read(text).map_err(|why| {
        let code = match why {
            NoDay::Form => "ledger-date",
            NoDay::Calendar => "ledger-date-calendar",
            NoDay::Years => "ledger-date-years",
        };
        Note::new(code).with("given", short(text)).with("first", YEARS.start()).with("last", YEARS.end())
    })
}

/// The values that spreadsheets give to a formula that failed.
const FAILED: [&str; 7] = ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"];

/// Whether a text is a formula that nobody computed (`=VLOOKUP(…)`, `=B7`), or what became of one that failed.
fn is_formula(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix('=') else { return FAILED.contains(&cell) };
    let head: String =
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "$.!+-".contains(*c)).collect();
    let call = rest.get(head.len()..).is_some_and(|tail| tail.starts_with('('));
    let cell = head == rest && rest.contains(|c: char| c.is_ascii_digit());
    !head.is_empty() && (call || cell)
}

/// The beginning of a text that somebody is shown.
pub(crate) fn short(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(40).collect()
}

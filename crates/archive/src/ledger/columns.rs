//! Which cell is what: the header, in the words that people write, and the rows under it.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use adjourn_domain::group::Kind;
use adjourn_domain::plan::Note;
use serde::Deserialize;

use super::{LedgerError, Line, MAX_CELL, Problem, Row};

/// Lines above the header (a title, an empty line), at most.
const MAX_ABOVE: usize = 5;
/// Columns that must be there. A cell under `contact` or `class` may be empty.
const REQUIRED: [&str; 5] = ["name", "platform", "owner", "contact", "class"];

static WORDS: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/words.json")).unwrap_or_default());

/// What people write for what, by slug; the first one is shown where something is expected.
#[derive(Debug, Default, Deserialize)]
struct Words {
    columns: BTreeMap<String, Vec<String>>,
    platforms: BTreeMap<String, Vec<String>>,
    classes: BTreeMap<String, Vec<String>>,
    kinds: BTreeMap<String, Vec<String>>,
}

/// Spelling does not matter: case, spaces, marks that tell what must be filled in.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '*' | ':' | '\u{ff1a}' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

fn find<'a>(words: &'a BTreeMap<String, Vec<String>>, text: &str) -> Option<&'a str> {
    let text = plain(text);
    words
        .iter()
        .find(|(slug, spelled)| plain(slug) == text || spelled.iter().any(|word| plain(word) == text))
        .map(|(slug, _)| slug.as_str())
}

/// The required columns as people write them, with the other language's word behind.
pub(super) fn expected() -> String {
    let both = |slug: &str| {
        let word = WORDS.columns.get(slug).and_then(|words| words.first());
        word.map_or_else(|| slug.to_owned(), |word| format!("{word} ({slug})"))
    };
    REQUIRED.map(both).join(", ")
}

/// The rows, and the lines that are none.
pub(super) fn rows(lines: Vec<Line>) -> Result<(Vec<Row>, Vec<Problem>), LedgerError> {
    let mut lines = lines.into_iter().filter(|line| line.cells.iter().any(|cell| !cell.trim().is_empty()));
    let (columns, width) = header(&mut lines)?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let mut seen = HashMap::new();
    for line in lines {
        let number = line.number;
        match row(&columns, width, &line).and_then(|row| once(&mut seen, row)) {
            Ok(row) => rows.push(row),
            Err(note) => problems.push(Problem { line: number, note }),
        }
    }
    Ok((rows, problems))
}

/// The columns by their place. The header is the first line in which at least two columns are known.
fn header(
    lines: &mut impl Iterator<Item = Line>,
) -> Result<(BTreeMap<usize, &'static str>, usize), LedgerError> {
    let words = &*WORDS;
    let mut first = None;
    for line in lines.take(MAX_ABOVE) {
        let known = line.cells.iter().filter(|cell| find(&words.columns, cell).is_some()).count();
        if known < 2 {
            first.get_or_insert(line);
            continue;
        }
        let mut columns = BTreeMap::new();
        let mut wrong = Vec::new();
        for (at, cell) in line.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            match find(&words.columns, cell) {
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
            REQUIRED.into_iter().filter(|column| !columns.values().any(|have| have == column)).collect();
        if !missing.is_empty() {
            return Err(LedgerError::Columns(missing.join(", ")));
        }
        let width = line.cells.len();
        return Ok((columns, width));
    }
    let found =
        first.map(|line| line.cells.iter().take(20).map(|cell| short(cell)).collect::<Vec<_>>().join(", "));
    Err(LedgerError::Header(found.unwrap_or_default()))
}

fn row(columns: &BTreeMap<usize, &'static str>, width: usize, line: &Line) -> Result<Row, Note> {
    if line.cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
        return Err(Note::new("ledger-cells").with("count", line.cells.len()).with("expected", width));
    }
    let mut cells: BTreeMap<&str, &str> = BTreeMap::new();
    for (at, column) in columns {
        let cell = line.cells.get(*at).map_or("", |cell| cell.trim());
        if cell.chars().count() > MAX_CELL {
            return Err(Note::new("ledger-long").with("column", column).with("limit", MAX_CELL));
        }
        if cell.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
            return Err(Note::new("ledger-control").with("column", column));
        }
        cells.insert(column, cell);
    }
    let cell = |column: &str| cells.get(column).copied().unwrap_or_default();
    let filled = |column: &str| Some(cell(column)).filter(|cell| !cell.is_empty()).map(str::to_owned);
    let words = &*WORDS;
    for column in ["platform", "owner"] {
        if cell(column).is_empty() {
            return Err(Note::new("ledger-empty").with("column", column));
        }
    }
    if filled("name").is_none() && filled("id").is_none() {
        return Err(Note::new("ledger-nameless"));
    }
    let kind = match filled("kind") {
        None => Kind::default(),
        Some(text) => find(&words.kinds, &text)
            .and_then(|slug| serde_json::from_value(serde_json::Value::from(slug)).ok())
            .ok_or_else(|| Note::new("ledger-kind").with("given", short(&text)))?,
    };
    Ok(Row {
        line: line.number,
        name: filled("name"),
        platform: find(&words.platforms, cell("platform"))
            .map_or_else(|| cell("platform").to_lowercase(), str::to_owned),
        owner: cell("owner").to_owned(),
        contact: cell("contact").to_owned(),
        class: filled("class").map(|text| find(&words.classes, &text).map_or(text, str::to_owned)),
        id: filled("id"),
        kind,
        purpose: filled("purpose"),
    })
}

/// What tells two rows apart: the platform's id where there is one, else platform, name and owner.
type Key = (String, Option<String>, Option<(Option<String>, String)>);

/// The second row about the same group is a problem that names the first.
fn once(seen: &mut HashMap<Key, u64>, row: Row) -> Result<Row, Note> {
    let by_name = row.id.is_none().then(|| (row.name.clone(), row.owner.clone()));
    let key = (row.platform.clone(), row.id.clone(), by_name);
    if let Some(first) = seen.get(&key) {
        return Err(Note::new("ledger-duplicate").with("first", first));
    }
    seen.insert(key, row.line);
    Ok(row)
}

fn short(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(40).collect()
}

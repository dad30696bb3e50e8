//! Which cell is what: the header, in the words that people write, and the rows under it.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use adjourn_domain::asset::{Holding, Said};
use adjourn_domain::group::Kind;
use adjourn_domain::plan::Note;
use serde::Deserialize;

use super::table::{self, Columns, Spelled, find, short};
use super::{LedgerError, Line, Problem, Row};

/// Columns that must be there. A cell under `contact` or `class` may be empty.
const REQUIRED: [&str; 5] = ["name", "platform", "owner", "contact", "class"];

static WORDS: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/words.json")).unwrap_or_default());

/// What people write for what, by slug; the first one is shown where something is expected.
#[derive(Debug, Default, Deserialize)]
struct Words {
    columns: Spelled,
    platforms: Spelled,
    classes: Spelled,
    kinds: Spelled,
    holdings: Spelled,
}

/// The required columns as people write them, with the other language's word behind.
pub(super) fn expected() -> String {
    table::expected(&WORDS.columns, &REQUIRED)
}

/// The rows, and the lines that are none.
pub(super) fn rows(lines: Vec<Line>) -> Result<(Vec<Row>, Vec<Problem>), LedgerError> {
    let mut lines = lines.into_iter().filter(|line| !line.blank());
    let columns = table::header(&mut lines, &WORDS.columns, &REQUIRED)?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let mut seen = HashMap::new();
    for line in lines {
        let number = line.number;
        match row(&columns, &line).and_then(|row| once(&mut seen, row)) {
            Ok(row) => rows.push(row),
            Err(note) => problems.push(Problem { line: number, note }),
        }
    }
    Ok((rows, problems))
}

fn row(columns: &Columns<'_>, line: &Line) -> Result<Row, Note> {
    let cells = columns.cells(line)?;
    let cell = |column: &str| cells.get(column).copied().unwrap_or_default();
    let filled = |column: &str| Some(cell(column)).filter(|cell| !cell.is_empty()).map(str::to_owned);
    for column in ["platform", "owner"] {
        if cell(column).is_empty() {
            return Err(Note::new("ledger-empty").with("column", column));
        }
    }
    if filled("name").is_none() && filled("id").is_none() {
        return Err(Note::new("ledger-nameless"));
    }
    let said = |column: &str| match filled(column) {
        _ if !cells.contains_key(column) => Said::Unmentioned,
        None => Said::Blank,
        Some(text) => Said::Is(text),
    };
    if filled("deputy_contact").is_some() && filled("deputy").is_none() {
        return Err(Note::new("ledger-deputy"));
    }
    Ok(Row {
        line: line.number,
        name: filled("name"),
        platform: platform(cell("platform")),
        owner: cell("owner").to_owned(),
        contact: cell("contact").to_owned(),
        class: filled("class").map(|text| class(&text)),
        id: filled("id"),
        kind: understood(said("kind"), kind)?,
        purpose: said("purpose"),
        deputy: said("deputy"),
        deputy_contact: said("deputy_contact"),
        unit: said("unit"),
        holds: understood(said("holds"), holds)?,
        expires: understood(said("expires"), table::day)?,
        exit_plan: said("exit_plan"),
    })
}

fn understood<T>(
    said: Said<String>,
    understand: impl FnOnce(&str) -> Result<T, Note>,
) -> Result<Said<T>, Note> {
    Ok(match said {
        Said::Unmentioned => Said::Unmentioned,
        Said::Blank => Said::Blank,
        Said::Is(text) => Said::Is(understand(&text)?),
    })
}

/// The platform's slug, or what stands there in lower case.
pub(super) fn platform(text: &str) -> String {
    find(&WORDS.platforms, text).map_or_else(|| text.to_lowercase(), str::to_owned)
}

/// The class's slug, or what stands there.
pub(super) fn class(text: &str) -> String {
    find(&WORDS.classes, text).unwrap_or(text).to_owned()
}

pub(super) fn kind(text: &str) -> Result<Kind, Note> {
    find(&WORDS.kinds, text)
        .and_then(|slug| serde_json::from_value(serde_json::Value::from(slug)).ok())
        .ok_or_else(|| Note::new("ledger-kind").with("given", short(text)))
}

/// What a group holds, in the words that people write, several with commas and the like between them.
pub(super) fn holds(text: &str) -> Result<BTreeSet<Holding>, Note> {
    let wrong = |part: &str| Note::new("ledger-holds").with("given", short(part));
    let mut held = BTreeSet::new();
    let mut nothing = false;
    let between = [',', ';', '/', '+', '\n', '\u{ff0c}', '\u{ff1b}', '\u{3001}'];
    for part in text.split(between).map(str::trim).filter(|part| !part.is_empty()) {
        match find(&WORDS.holdings, part) {
            Some("nothing") => nothing = true,
            Some(slug) => {
                held.insert(Holding::from_slug(slug).ok_or_else(|| wrong(part))?);
            }
            None => return Err(wrong(part)),
        }
    }
    // Nothing, and something: one of them is a mistake.
    if nothing && !held.is_empty() { Err(wrong(text)) } else { Ok(held) }
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

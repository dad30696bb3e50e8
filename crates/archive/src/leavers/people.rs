//! The table: name and contact, and what helps to find the person's groups.

use std::sync::LazyLock;

use adjourn_domain::plan::Note;

use super::Leaver;
use crate::ledger::table::{self, Columns, Spelled, header};
use crate::ledger::{LedgerError, Line, Problem, platform};

/// Columns that must be there. A cell under `contact` may be empty.
const REQUIRED: [&str; 2] = ["name", "contact"];

static WORDS: LazyLock<Spelled> =
    LazyLock::new(|| serde_json::from_str(include_str!("data/words.json")).unwrap_or_default());

pub(super) fn expected() -> String {
    table::expected(&WORDS, &REQUIRED)
}

pub(super) fn rows(lines: Vec<Line>) -> Result<(Vec<Leaver>, Vec<Problem>), LedgerError> {
    let mut lines = lines.into_iter().filter(|line| !line.blank());
    let columns = header(&mut lines, &WORDS, &REQUIRED)?;
    let (mut people, mut problems) = (Vec::new(), Vec::new());
    for line in lines {
        match row(&columns, &line) {
            Ok(person) => people.push(person),
            Err(note) => problems.push(Problem { line: line.number, note }),
        }
    }
    Ok((people, problems))
}

fn row(columns: &Columns<'_>, line: &Line) -> Result<Leaver, Note> {
    let cells = columns.cells(line)?;
    let filled = |column: &str| cells.get(column).copied().filter(|cell| !cell.is_empty()).map(str::to_owned);
    let name = filled("name").ok_or_else(|| Note::new("ledger-empty").with("column", "name"))?;
    Ok(Leaver {
        line: line.number,
        names: vec![name],
        contacts: filled("contact").into_iter().collect(),
        accounts: filled("account").into_iter().collect(),
        platform: filled("platform").map(|text| platform(&text)),
        left_on: filled("left_on").map(|text| table::day(&text)).transpose()?,
    })
}

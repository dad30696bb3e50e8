//! A table as a spreadsheet (XLSX): the first sheet that has cells. It is read cell by cell, so that a sheet which claims
//! a million columns costs nothing, and it is unpacked once beforehand, into nothing, so that a small file that unpacks
//! to a huge one is refused.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, copy, sink};

use adjourn_domain::plan::Note;
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader as _, Xlsx, XlsxCellFormulaMetadataRecord};

use super::{LedgerError, Line, MAX_LINES};

/// Unpacked size, at most.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
/// Parts of the file, at most.
const MAX_PARTS: usize = 2000;
/// Cells, at most.
const MAX_CELLS: usize = 1_000_000;
/// Merged ranges, at most.
const MAX_MERGES: usize = 5_000;
/// Cells of a line, at most.
const MAX_COLUMNS: u32 = 200;

/// The lines of the first sheet with cells.
pub(super) fn lines(bytes: &[u8]) -> Result<Vec<Line>, LedgerError> {
    refuse_bomb(bytes, MAX_UNPACKED)?;
    let form = |says: String| LedgerError::Form(says);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| form(error.to_string()))?;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name).map_err(|error| form(error.to_string()))?;
        let mut rows: BTreeMap<u32, Cells> = BTreeMap::new();
        let mut cells = 0;
        while let Some(cell) =
            reader.next_cell_with_formula_metadata().map_err(|error| form(error.to_string()))?
        {
            let trouble = trouble(&cell);
            let text = shown(&cell.value);
            if text.is_none() && trouble.is_none() {
                continue;
            }
            let (row, column) = cell.pos;
            cells += 1;
            if cells > MAX_CELLS || rows.len() > MAX_LINES || column > MAX_COLUMNS {
                return Err(LedgerError::Size(format!("{cells} cells, {} lines", rows.len())));
            }
            let row = rows.entry(row).or_default();
            row.cells.insert(column, text.unwrap_or_default());
            row.trouble = row.trouble.take().or(trouble);
        }
        if !rows.is_empty() {
            drop(reader);
            let merges = book.merge_cells_by_sheet_name(&name).map_err(|error| form(error.to_string()))?;
            mark_merged(&mut rows, &merges)?;
            return Ok(rows.into_iter().map(|(row, cells)| line(row, cells)).collect());
        }
    }
    Ok(Vec::new())
}

/// The cells of a row by column, and what is wrong with one of them.
#[derive(Default)]
struct Cells {
    cells: BTreeMap<u32, String>,
    trouble: Option<Note>,
}

/// What makes a cell's value none: a formula that was never computed, or one that came out as an error. A formula's value
/// as the program that wrote the file computed it is taken like any other.
fn trouble(cell: &XlsxCellFormulaMetadataRecord<'_>) -> Option<Note> {
    match (&cell.value, &cell.formula) {
        (DataRef::Error(error), _) => {
            Some(Note::new("ledger-cell-error").with("cell", name_of(cell.pos)).with("says", error))
        }
        (DataRef::Empty, Some(_)) => Some(Note::new("ledger-formula").with("cell", name_of(cell.pos))),
        _ => None,
    }
}

/// Every row under a merge of several cells is in trouble: only one of them holds the value, and the others look empty.
fn mark_merged(rows: &mut BTreeMap<u32, Cells>, merges: &[Dimensions]) -> Result<(), LedgerError> {
    if merges.len() > MAX_MERGES {
        return Err(LedgerError::Size(format!("more than {MAX_MERGES} merged ranges")));
    }
    for merge in merges.iter().filter(|merge| merge.start != merge.end && merge.start.0 <= merge.end.0) {
        for (_, row) in rows.range_mut(merge.start.0..=merge.end.0) {
            if row.trouble.is_none() {
                let range = format!("{}:{}", name_of(merge.start), name_of(merge.end));
                row.trouble = Some(Note::new("ledger-merged").with("range", range));
            }
        }
    }
    Ok(())
}

/// A cell's name as a spreadsheet shows it: `B7`.
fn name_of((row, column): (u32, u32)) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    format!("{}{}", letters.iter().rev().collect::<String>(), row.saturating_add(1))
}

fn line(row: u32, of: Cells) -> Line {
    let Cells { mut cells, trouble } = of;
    let width = cells.last_key_value().map_or(0, |(column, _)| column + 1);
    Line {
        number: u64::from(row) + 1,
        cells: (0..width).map(|column| cells.remove(&column).unwrap_or_default()).collect(),
        trouble,
    }
}

/// A cell as a person sees it. A number that is a whole one has no point: ids and phone numbers are kept as numbers.
fn shown(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::Empty | DataRef::Error(_) => None,
        DataRef::Int(number) => Some(number.to_string()),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            Some(format!("{number:.0}"))
        }
        DataRef::Float(number) => Some(number.to_string()),
        DataRef::Bool(truth) => Some(truth.to_string()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => filled(text),
        DataRef::SharedString(text) => filled(text),
        DataRef::DateTime(time) if time.is_datetime() => Some(written(time)),
        DataRef::DateTime(length) => Some(length.as_f64().to_string()),
    }
}

/// A date as ISO 8601. A spreadsheet keeps it as a number of days, in one of two calendars.
fn written(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Unpacks every part into nothing and counts. What the parts say about their size is not believed.
pub(super) fn refuse_bomb(bytes: &[u8], limit: u64) -> Result<(), LedgerError> {
    let form = |says: String| LedgerError::Form(says);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| form(error.to_string()))?;
    if archive.len() > MAX_PARTS {
        return Err(LedgerError::Size(format!("{} parts", archive.len())));
    }
    let mut left = limit;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| form(error.to_string()))?;
        let unpacked =
            copy(&mut part.take(left + 1), &mut sink()).map_err(|error| form(error.to_string()))?;
        left = left
            .checked_sub(unpacked)
            .ok_or_else(|| LedgerError::Size(format!("unpacks to more than {limit} bytes")))?;
    }
    Ok(())
}

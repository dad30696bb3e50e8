//! A table as a spreadsheet (XLSX): the first sheet that has cells. It is read cell by cell, so that a sheet which claims
//! a million columns costs nothing, and it is unpacked once beforehand, into nothing, so that a small file that unpacks
//! to a huge one is refused.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, copy, sink};

use calamine::{DataRef, Reader as _, Xlsx};

use super::{LedgerError, Line, MAX_LINES};

/// Unpacked size, at most.
const MAX_UNPACKED: u64 = 256 * 1024 * 1024;
/// Parts of the file, at most.
const MAX_PARTS: usize = 2000;
/// Cells, at most.
const MAX_CELLS: usize = 1_000_000;
/// Cells of a line, at most.
const MAX_COLUMNS: u32 = 200;

/// The lines of the first sheet with cells.
pub(super) fn lines(bytes: &[u8]) -> Result<Vec<Line>, LedgerError> {
    refuse_bomb(bytes, MAX_UNPACKED)?;
    let form = |says: String| LedgerError::Form(says);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| form(error.to_string()))?;
    for name in book.sheet_names() {
        let mut reader = book.worksheet_cells_reader(&name).map_err(|error| form(error.to_string()))?;
        let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
        let mut cells = 0;
        while let Some(cell) = reader.next_cell().map_err(|error| form(error.to_string()))? {
            let Some(text) = shown(cell.get_value()) else { continue };
            let (row, column) = cell.get_position();
            cells += 1;
            if cells > MAX_CELLS || rows.len() > MAX_LINES || column > MAX_COLUMNS {
                return Err(LedgerError::Size(format!("{cells} cells, {} lines", rows.len())));
            }
            rows.entry(row).or_default().insert(column, text);
        }
        if !rows.is_empty() {
            return Ok(rows.into_iter().map(|(row, cells)| line(row, cells)).collect());
        }
    }
    Ok(Vec::new())
}

fn line(row: u32, cells: BTreeMap<u32, String>) -> Line {
    let width = cells.last_key_value().map_or(0, |(column, _)| column + 1);
    let mut cells = cells;
    Line {
        number: u64::from(row) + 1,
        cells: (0..width).map(|column| cells.remove(&column).unwrap_or_default()).collect(),
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
        DataRef::DateTime(time) => Some(time.to_string()),
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

//! A table as text: its encoding, its delimiter, its cells.

use super::{LedgerError, Line, MAX_LINES};

/// Delimiters that people's programs write.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];
/// Lines that are looked at for it.
const LOOK: usize = 6;

/// The lines of a text table, and its encoding.
pub(super) fn lines(bytes: &[u8]) -> Result<(&'static str, Vec<Line>), LedgerError> {
    let (encoding, text) = decode(bytes)?;
    if text.contains('\0') {
        return Err(LedgerError::Encoding);
    }
    let delimiter = delimiter(&text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| LedgerError::Form(error.to_string()))?;
        if lines.len() >= MAX_LINES {
            return Err(LedgerError::Size(format!("more than {MAX_LINES} lines")));
        }
        let number = record.position().map_or(0, |at| line_of(&text, at));
        lines.push(Line { number, cells: record.iter().map(str::to_owned).collect(), trouble: None });
    }
    Ok((encoding, lines))
}

/// The line in which a record begins: its position may be before empty lines that were skipped.
fn line_of(text: &str, at: &csv::Position) -> u64 {
    let from = usize::try_from(at.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + skipped.filter(|byte| **byte == b'\n').count() as u64
}

/// The sign that the first lines have most of; a title above the header has none.
fn delimiter(text: &str) -> u8 {
    let count = |delimiter: u8| {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).take(LOOK);
        lines.map(|line| line.bytes().filter(|byte| *byte == delimiter).count()).max().unwrap_or(0)
    };
    // The first of equals: where there is none at all, it is a comma.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// A mark at the start decides; without one, what is valid UTF-8 is UTF-8, and what is not but is valid GB 18030 (the
/// superset of GBK that Chinese spreadsheets write) is that.
fn decode(bytes: &[u8]) -> Result<(&'static str, String), LedgerError> {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        let name = match encoding.name() {
            "UTF-16LE" => "utf-16le",
            "UTF-16BE" => "utf-16be",
            _ => "utf-8",
        };
        let (text, _, wrong) = encoding.decode(bytes);
        return if wrong { Err(LedgerError::Encoding) } else { Ok((name, text.into_owned())) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(("utf-8", text.to_owned()));
    }
    let text = encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        // Bytes that merely happen to be valid become private or rare signs: that is no text.
        .filter(|text| text.chars().filter(|c| foreign(*c)).count() * 10 <= text.chars().count());
    text.map(|text| ("gb18030", text.into_owned())).ok_or(LedgerError::Encoding)
}

/// Signs that do not occur in a Chinese list of groups in any number: private use, and what ends lines nowhere.
fn foreign(c: char) -> bool {
    matches!(u32::from(c), 0xE000..=0xF8FF | 0x80..=0x9F | 0xFFFD)
        || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

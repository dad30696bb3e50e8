//! chatlog's table, which tools for `WeChat` read: `Time,SenderName,Sender,TalkerName,Talker,Content`, one row for each record.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, or their full-width forms, for a formula, and what a member wrote would act on whoever
//! opens the table. Such a cell gets a `'` before it (OWASP, "CSV Injection"), unless that is not wanted.

use std::borrow::Cow;
use std::io::{self, Write as _};

use ::csv::{Terminator, Writer, WriterBuilder};

use super::cast::Cast;
use super::place::Output;
use super::{Cells, Exporter, Options, WriteError, plain};
use crate::import::Zone;
use crate::model::Line;

/// chatlog's columns, in its order.
const HEADER: [&str; 6] = ["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"];
/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) struct Csv {
    writer: Writer<Output>,
    zone: Zone,
    words: super::Words,
    cells: Cells,
}

impl Csv {
    pub(super) fn new(mut to: Output, options: &Options) -> io::Result<Self> {
        if options.cells.mark {
            to.write_all(MARK)?;
        }
        let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(to);
        writer.write_record(HEADER).map_err(of_disk)?;
        Ok(Self {
            writer,
            zone: options.zone.clone(),
            words: options.words.clone(),
            cells: options.cells,
        })
    }

    fn cell<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !self.cells.formulas && acts(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
    }
}

/// What the table's writer says; a full disk stays one.
pub(super) fn of_disk(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Whether a spreadsheet may take a cell for a formula.
pub(super) fn acts(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

impl Exporter for Csv {
    fn take(&mut self, line: Line, cast: &Cast) -> Result<(), WriteError> {
        let Line::Record(record) = line else { return Ok(()) };
        let time = self.zone.write(record.at);
        let (name, content) = (cast.sender(&record), plain::text(&record, &self.words));
        let talk = cast.of(&record);
        let talker = talk.map_or("", |talk| talk.about.id.as_str());
        let talker_name = talk.and_then(|talk| talk.about.name.as_deref()).unwrap_or_default();
        let row = [&time, &name, record.sender.as_str(), talker_name, talker, &content];
        let row = row.map(|text| self.cell(text));
        self.writer.write_record(row.iter().map(|cell| cell.as_bytes())).map_err(of_disk)?;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Output, WriteError> {
        self.writer.into_inner().map_err(|error| WriteError::Io(error.into_error()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_is_seen() {
        for text in ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\rx", "  =cmd|' /C calc'!A0", "\u{ff1d}1", "\u{ff0b}1"] {
            assert!(acts(text), "{text:?}");
        }
        for text in ["", "1-1", "a=b", "'=1", "\u{4f60}\u{597d}\u{ff1d}"] {
            assert!(!acts(text), "{text:?}");
        }
    }
}

//! A table with the columns of chatlog: `Time,SenderName,Sender,TalkerName,Talker,Content`, UTF-8 with a byte order mark, so that spreadsheets show Chinese.
//!
//! A cell that a spreadsheet would calculate (it begins with `=`, `+`, `-`, `@`, one of these in full width, a tab or a return) gets an apostrophe before
//! it, unless the exact text is asked for (OWASP, "CSV Injection"). A system row has the tool's own Chinese word for one in place of a sender.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use adjourn_domain::message::{Record, RecordKind};

use super::words::{Tongue, shown, word};
use super::{People, Sink, Wish};
use crate::import::Zone;

const COLUMNS: [&str; 6] = ["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"];

pub(super) struct Table {
    writer: csv::Writer<BufWriter<File>>,
    zone: Zone,
    tongue: Tongue,
    exact: bool,
}

impl Table {
    pub(super) fn new(to: &Path, wish: &Wish) -> io::Result<Self> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(to)?);
        file.write_all(b"\xef\xbb\xbf")?;
        let mut writer = csv::Writer::from_writer(file);
        writer.write_record(COLUMNS).map_err(of_disk)?;
        Ok(Self { writer, zone: wish.zone.clone(), tongue: wish.tongue, exact: wish.exact })
    }

    fn cell(&self, text: &str) -> String {
        if calculated(text) && !self.exact { format!("'{text}") } else { text.to_owned() }
    }
}

/// Whether a spreadsheet may calculate a cell: some pass over spaces before the sign, and Chinese ones take the full-width signs as well.
fn calculated(text: &str) -> bool {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(SIGNS)
}

/// What the table's writer says; a full disk stays one.
fn of_disk(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl Sink for Table {
    fn record(&mut self, people: &People, record: Record) -> io::Result<()> {
        let conversation = people.conversation_of(&record);
        let talker = conversation.map_or("", |of| of.id.as_str());
        let system = word("system", Tongue::Chinese);
        let (name, sender) = match record.kind {
            RecordKind::System => (system.as_str(), system.as_str()),
            _ => (people.sender(&record), record.sender.as_str()),
        };
        let cells = [
            self.zone.write(record.at),
            self.cell(name),
            self.cell(sender),
            self.cell(conversation.and_then(|of| of.name.as_deref()).unwrap_or_default()),
            self.cell(talker),
            self.cell(&shown(&record, self.tongue)),
        ];
        self.writer.write_record(cells).map_err(of_disk)
    }

    fn finish(self: Box<Self>, _: &People) -> io::Result<u64> {
        let mut buffer = self.writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
        buffer.flush()?;
        buffer.get_ref().sync_all()?;
        Ok(1)
    }
}

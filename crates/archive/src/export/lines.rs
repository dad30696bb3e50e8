//! The archive's own form again: for an archive of one conversation out of many, or of what another tool exported.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use adjourn_domain::message::Record;

use super::{People, Sink};
use crate::model::{FileError, Line, Writer};

pub(super) struct Lines(Writer<BufWriter<File>>);

impl Lines {
    pub(super) fn new(to: &Path, people: &People) -> io::Result<Self> {
        let mut writer = Writer::zstd(BufWriter::with_capacity(1 << 20, File::create(to)?))?;
        let head = people.head.iter().cloned().map(Line::Archive);
        let conversations = people.conversations.values().cloned().map(Line::Conversation);
        let participants = people.participants.values().cloned().map(Line::Participant);
        for line in head.chain(conversations).chain(participants) {
            writer.write(&line).map_err(io_of)?;
        }
        Ok(Self(writer))
    }
}

fn io_of(error: FileError) -> io::Error {
    match error {
        FileError::Io(error) => error,
        FileError::Canonical(error) => io::Error::other(error),
    }
}

impl Sink for Lines {
    fn record(&mut self, _: &People, record: Record) -> io::Result<()> {
        self.0.write(&Line::Record(Box::new(record))).map_err(io_of)
    }

    fn finish(self: Box<Self>, _: &People) -> io::Result<u64> {
        let mut buffer = self.0.finish()?;
        buffer.flush()?;
        buffer.get_ref().sync_all()?;
        Ok(1)
    }
}

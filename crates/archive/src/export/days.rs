//! A folder with a file for each conversation and day, for formats of which a file should not be larger.
//!
//! Records are kept until the day of their conversation is over. Exports go through a conversation in the order of time, so a few days are kept at once;
//! what comes out of order makes another file of the same day. At most [`MAX_KEPT`] records are kept.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;

use super::words::Tongue;
use super::{People, Sink, Wish};
use crate::import::Zone;
use crate::model::Conversation;

/// Records of a file, at most (RSMF 2.0 advises 10,000 events).
const MAX_EVENTS: usize = 10_000;
/// Records that are kept, at most.
const MAX_KEPT: usize = 50_000;

/// A conversation's records of one day.
pub(super) struct Day<'a> {
    pub(super) people: &'a People,
    pub(super) conversation: &'a Conversation,
    pub(super) records: &'a [Record],
    /// The day, `YYYY-MM-DD`.
    pub(super) date: &'a str,
    /// Which file of this day it is, from 1.
    pub(super) part: u64,
    pub(super) zone: &'a Zone,
    pub(super) tongue: Tongue,
}

/// Writes a day; gives the ending of the file's name.
type WriteDay = fn(&Day<'_>, &mut dyn io::Write) -> io::Result<()>;

pub(super) struct Days {
    dir: PathBuf,
    zone: Zone,
    tongue: Tongue,
    ending: &'static str,
    write: WriteDay,
    open: BTreeMap<Option<NativeId>, (String, Vec<Record>)>,
    kept: usize,
    /// Files of each conversation and day so far; a conversation's number is the order in which it came.
    numbers: BTreeMap<Option<NativeId>, usize>,
    parts: BTreeMap<(usize, String), u64>,
    files: u64,
}

impl Days {
    pub(super) fn new(to: &Path, wish: &Wish, write: WriteDay) -> Self {
        Self {
            dir: to.to_owned(),
            zone: wish.zone.clone(),
            tongue: wish.tongue,
            ending: wish.target.slug(),
            write,
            open: BTreeMap::new(),
            kept: 0,
            numbers: BTreeMap::new(),
            parts: BTreeMap::new(),
            files: 0,
        }
    }

    fn close(&mut self, people: &People, of: Option<&NativeId>) -> io::Result<()> {
        let of = of.cloned();
        let Some((date, records)) = self.open.remove(&of) else { return Ok(()) };
        self.kept -= records.len();
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(of.clone()).or_insert(next);
        let part = self.parts.entry((number, date.clone())).or_insert(0);
        *part += 1;
        let name = format!("{number:04}-{date}-{part:02}.{}", self.ending);
        let unknown = Conversation::new(
            of.clone().unwrap_or_else(|| "".into()),
            crate::model::ConversationKind::Group,
            None,
        );
        let conversation =
            records.first().and_then(|record| people.conversation_of(record)).unwrap_or(&unknown);
        let mut to = BufWriter::new(File::create(self.dir.join(name))?);
        let day = Day {
            people,
            conversation,
            records: &records,
            date: &date,
            part: *part,
            zone: &self.zone,
            tongue: self.tongue,
        };
        (self.write)(&day, &mut to)?;
        to.flush()?;
        to.get_ref().sync_data()?;
        self.files += 1;
        Ok(())
    }
}

impl Sink for Days {
    fn record(&mut self, people: &People, record: Record) -> io::Result<()> {
        let day: String = self.zone.write(record.at).chars().take(10).collect();
        let of = record.conversation.clone();
        let over =
            self.open.get(&of).is_some_and(|(open, records)| *open != day || records.len() >= MAX_EVENTS);
        if over {
            self.close(people, of.as_ref())?;
        }
        if self.kept >= MAX_KEPT {
            let largest =
                self.open.iter().max_by_key(|(_, (_, records))| records.len()).map(|(of, _)| of.clone());
            if let Some(largest) = largest {
                self.close(people, largest.as_ref())?;
            }
        }
        self.open.entry(of).or_insert_with(|| (day, Vec::new())).1.push(record);
        self.kept += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>, people: &People) -> io::Result<u64> {
        let open: Vec<_> = self.open.keys().cloned().collect();
        for of in open {
            self.close(people, of.as_ref())?;
        }
        File::open(&self.dir)?.sync_all()?;
        Ok(self.files)
    }
}

//! A conversation's records in the units that reviewers read: a day of one conversation, in parts of at most ten thousand.

use std::io;

use adjourn_domain::canonical::Hash;
use adjourn_domain::message::Record;

use super::cast::Talk;
use super::sorted::Sorted;
use crate::import::Zone;

/// Most records of a slice: what RSMF's authors say a file should hold.
const MAX_RECORDS: usize = 10_000;
/// A slice ends sooner when its records have so many bytes; it is held in memory.
const MAX_BYTES: usize = 16 << 20;
/// Characters of a conversation's id that a file's name takes.
const MAX_ID: usize = 40;

/// A day of a conversation, or a part of it.
pub(super) struct Slice {
    /// The number of the conversation.
    pub(super) number: usize,
    /// `YYYY-MM-DD` in the zone that was asked for.
    pub(super) day: String,
    /// From 1.
    pub(super) part: u32,
    /// In their order; never empty.
    pub(super) records: Vec<Record>,
}

impl Slice {
    /// The name of its file without an ending: number, id and day. Two slices never have the same.
    pub(super) fn name(&self, talk: &Talk) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let id: String = talk.about.id.as_str().chars().take(MAX_ID).map(plain).collect();
        let part = if self.part > 1 { format!("-{}", self.part) } else { String::new() };
        format!("{:04}-{id}-{}{part}", self.number + 1, self.day)
    }

    /// An id of the conversation that is the same in every slice of it.
    pub(super) fn collection(talk: &Talk) -> String {
        short(&Hash::of(talk.about.id.as_str().as_bytes()))
    }

    /// An id of the slice.
    pub(super) fn id(&self, talk: &Talk) -> String {
        let text = format!("{}\n{}\n{}", talk.about.id, self.day, self.part);
        short(&Hash::of(text.as_bytes()))
    }
}

fn short(hash: &Hash) -> String {
    hash.to_hex().chars().take(32).collect()
}

/// Slices, one after the other.
pub(super) struct Slices<'a> {
    sorted: Sorted,
    zone: &'a Zone,
    next: Option<(usize, Record, usize)>,
    last: Option<(usize, String, u32)>,
}

impl<'a> Slices<'a> {
    pub(super) fn new(mut sorted: Sorted, zone: &'a Zone) -> io::Result<Self> {
        let next = sorted.next()?;
        Ok(Self { sorted, zone, next, last: None })
    }

    /// The next slice.
    pub(super) fn next(&mut self) -> io::Result<Option<Slice>> {
        let Some((number, first, mut bytes)) = self.next.take() else { return Ok(None) };
        let day = self.day(&first);
        let part = match self.last.take() {
            Some((of, on, part)) if of == number && on == day => part + 1,
            _ => 1,
        };
        let mut records = vec![first];
        loop {
            let Some((of, record, more)) = self.sorted.next()? else { break };
            bytes += more;
            if of != number || records.len() >= MAX_RECORDS || bytes > MAX_BYTES || self.day(&record) != day {
                self.next = Some((of, record, more));
                break;
            }
            records.push(record);
        }
        self.last = Some((number, day.clone(), part));
        Ok(Some(Slice { number, day, part, records }))
    }

    fn day(&self, record: &Record) -> String {
        self.zone.write(record.at).chars().take(10).collect()
    }
}

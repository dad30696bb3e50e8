//! A file read from end to end: what it is, what it holds, and what is wrong with it. No texts.

use std::collections::BTreeMap;
use std::io::BufRead;

use adjourn_domain::canonical::Hash;
use adjourn_domain::event::Mark;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::finding::{Findings, Refused};
use crate::format::Format;
use crate::item::{Item, Row};
use crate::parser::Parser;
use crate::zone::Zone;

/// Chats that are told apart in one file, at most.
const MAX_GROUPS: usize = 1000;
/// Rows that say that a group ended, at most.
const MAX_ENDED: usize = 100;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// What it is.
    pub format: Format,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Its size in bytes.
    pub bytes: u64,
    /// The zone in which its local times were read.
    pub zone: String,
    /// Rows of messages, groups or people that were read.
    pub records: u64,
    /// Messages by kind.
    pub counts: BTreeMap<String, u64>,
    /// The first message by time.
    pub first: Option<Mark>,
    /// The last message by time.
    pub last: Option<Mark>,
    /// Messages by chat; the empty id stands for a format that does not tell.
    pub groups: BTreeMap<String, GroupRows>,
    /// Rows in which the client says that the owner ended the group.
    pub ended: Vec<Ended>,
    /// What was noticed.
    pub findings: Findings,
}

/// The messages of one chat.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GroupRows {
    /// Its name, as the last row has it.
    pub name: Option<String>,
    /// How many.
    pub rows: u64,
}

/// A row in which the client says that the owner ended the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Number of the row.
    pub row: u64,
    /// When.
    pub at: Time,
    /// The chat, if the format tells.
    pub group: Option<NativeId>,
}

/// Why a survey came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is not taken.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It could not be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Reads a whole file; memory does not grow with it. `each` gets every item, `progress` the bytes read so far.
///
/// # Errors
/// When the file is not taken or can't be read.
pub fn survey(
    mut file: impl BufRead,
    zone: &Zone,
    mut each: impl FnMut(Item),
    mut progress: impl FnMut(u64),
) -> Result<Survey, ReadError> {
    let mut parser = Parser::new(zone.clone());
    let mut hasher = Sha256::new();
    let mut bytes = 0_u64;
    let mut sum = Sum::default();
    let mut items = Vec::new();
    loop {
        let portion = file.fill_buf()?;
        if portion.is_empty() {
            break;
        }
        let size = portion.len();
        hasher.update(portion);
        parser.feed(portion, &mut items)?;
        file.consume(size);
        bytes += size as u64;
        for item in items.drain(..) {
            sum.add(&item);
            each(item);
        }
        progress(bytes);
    }
    parser.finish(&mut items)?;
    for item in items.drain(..) {
        sum.add(&item);
        each(item);
    }
    let format = parser.format().ok_or(Refused::Empty)?;
    let mut findings = parser.findings().clone();
    if sum.groups.len() >= MAX_GROUPS {
        findings.note(0, "file.many_groups");
    }
    Ok(Survey {
        format,
        sha256: Hash(hasher.finalize().into()),
        bytes,
        zone: zone.name().to_owned(),
        records: sum.records,
        counts: sum.counts,
        first: sum.first,
        last: sum.last,
        groups: sum.groups,
        ended: sum.ended,
        findings,
    })
}

#[derive(Default)]
struct Sum {
    records: u64,
    counts: BTreeMap<String, u64>,
    first: Option<Mark>,
    last: Option<Mark>,
    groups: BTreeMap<String, GroupRows>,
    ended: Vec<Ended>,
}

impl Sum {
    fn add(&mut self, item: &Item) {
        self.records += 1;
        if let Item::Row(row) = item {
            self.row(row);
        }
    }

    fn row(&mut self, row: &Row) {
        let kind = serde_json::to_value(row.record.kind).ok();
        let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or("other");
        *self.counts.entry(kind.to_owned()).or_insert(0) += 1;
        let mark = || Mark { id: row.record.id.clone(), at: row.record.at };
        if self.first.as_ref().is_none_or(|first| row.record.at < first.at) {
            self.first = Some(mark());
        }
        if self.last.as_ref().is_none_or(|last| row.record.at >= last.at) {
            self.last = Some(mark());
        }
        let group = row.group.as_ref().map_or("", NativeId::as_str);
        if self.groups.len() < MAX_GROUPS || self.groups.contains_key(group) {
            let entry = self.groups.entry(group.to_owned()).or_default();
            entry.rows += 1;
            entry.name = row.group_name.clone().or(entry.name.take());
        }
        if row.ends_group && self.ended.len() < MAX_ENDED {
            self.ended.push(Ended { row: row.number, at: row.record.at, group: row.group.clone() });
        }
    }
}

//! The checkpoint of an export, and the notes beside the records.
//!
//! The checkpoint has a constant size: how much of the other files is durable, where to go on, and counts. What grows is in `notes.jsonl`, line by
//! line, and is read once when the folder is opened. Checkpoints of earlier versions held everything themselves; they are read, and written in
//! the new form with the next page.

use std::collections::{BTreeMap, HashMap};

use adjourn_domain::canonical::Hash;
use adjourn_domain::event::Mark;
use adjourn_domain::export::BadItem;
use adjourn_domain::ids::NativeId;
use adjourn_domain::plan::Note;
use serde::{Deserialize, Serialize};

/// Ids of records that can't be decrypted, bad items and gaps that are listed, of each; more are counted.
pub(super) const MOST_LISTED: usize = 10_000;

/// An attachment: what the records call it, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaEntry {
    /// The platform's id.
    pub id: NativeId,
    /// The file name.
    pub name: String,
    /// SHA-256 and size, once it is written.
    pub content: Option<(Hash, u64)>,
    /// Why it can't be had.
    pub gap: Option<Note>,
}

impl MediaEntry {
    pub(super) fn is_open(&self) -> bool {
        self.content.is_none() && self.gap.is_none()
    }
}

/// The checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StagingState {
    /// Durable bytes of the records file.
    pub bytes: u64,
    /// Durable bytes of the notes; none in a checkpoint of an earlier version.
    #[serde(default)]
    pub notes: Option<u64>,
    /// Cursor of the next page; at the end, the one that fetched the last page.
    pub cursor: Option<String>,
    /// Whether the last page is written.
    pub at_end: bool,
    /// Whether the history was compared with a second listing of the platform, or the platform has none.
    #[serde(default)]
    pub checked: bool,
    /// Whether there was such a listing.
    #[serde(default)]
    pub compared: bool,
    /// Records by kind.
    pub counts: BTreeMap<String, u64>,
    /// First record by time.
    pub first: Option<Mark>,
    /// Last record in the platform's order.
    pub last: Option<Mark>,
    /// How often a record came again, unchanged.
    #[serde(default)]
    pub repeated: u64,
    /// How many items were bad.
    #[serde(default)]
    pub bad: u64,
    /// How many records are known to be there and were left out.
    #[serde(default)]
    pub left_out: u64,
    /// An earlier version's: records that can't be decrypted.
    #[serde(default, skip_serializing)]
    pub(super) undecryptable: Vec<NativeId>,
    /// An earlier version's: attachments.
    #[serde(default, skip_serializing)]
    pub(super) media: Vec<MediaEntry>,
}

impl StagingState {
    /// Number of records.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }
}

/// A line of the notes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// A record that can't be decrypted.
    Undecryptable(NativeId),
    /// An item that could not be taken as it is.
    Bad(BadItem),
    /// A record names an attachment, or this became of one.
    Media(MediaEntry),
    /// What the second listing has and the first had not.
    Short(Note),
}

/// What the notes say.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) undecryptable: Vec<NativeId>,
    pub(super) bad: Vec<BadItem>,
    pub(super) short: Vec<Note>,
    pub(super) media: Vec<MediaEntry>,
    places: HashMap<NativeId, usize>,
    /// Attachments that are neither written nor given up.
    pub(super) open: usize,
    /// No attachment before this one is open.
    first_open: usize,
}

impl Notes {
    /// Takes a line in.
    pub(super) fn note(&mut self, line: Line) {
        match line {
            Line::Undecryptable(id) => self.undecryptable.push(id),
            Line::Bad(item) => self.bad.push(item),
            Line::Short(note) => self.short.push(note),
            Line::Media(entry) => {
                let open = usize::from(entry.is_open());
                if let Some(known) = self.places.get(&entry.id).and_then(|place| self.media.get_mut(*place)) {
                    self.open = self.open + open - usize::from(known.is_open());
                    *known = entry;
                } else {
                    self.open += open;
                    self.places.insert(entry.id.clone(), self.media.len());
                    self.media.push(entry);
                }
            }
        }
    }

    /// What is known of an attachment.
    pub(super) fn find(&self, id: &NativeId) -> Option<&MediaEntry> {
        self.places.get(id).and_then(|place| self.media.get(*place))
    }

    /// The next attachments that are neither written nor given up.
    pub(super) fn next_open(&mut self, most: usize) -> Vec<NativeId> {
        while self.media.get(self.first_open).is_some_and(|entry| !entry.is_open()) {
            self.first_open += 1;
        }
        let rest = self.media.iter().skip(self.first_open).filter(|entry| entry.is_open());
        rest.take(most).map(|entry| entry.id.clone()).collect()
    }
}

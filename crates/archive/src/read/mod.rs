//! Reading archives: rows as people see them, searched with an index beside a copy ([`Index`]) or without one ([`scan`]).
//!
//! A de-identified copy gets an index, which holds its words and its rows once more. An original never gets one: text that is sealed must not lie open
//! beside itself, so it is read as a stream.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::model::{BadLine, LineFault, Participant, Reader};

pub mod bench;
mod build;
mod index;
mod loose;
mod scan;
#[cfg(test)]
mod tests;
mod words;

pub use index::{Index, IndexError, Summary, hash, index_path};
pub use scan::{Scanned, page, scan};
pub use words::Query;

/// Most names that are kept while a file is read. Beyond that a sender is shown by its account.
const MAX_NAMES: usize = 1_000_000;
/// Most conversations whose names are kept.
const MAX_CONVERSATIONS: usize = 100;

/// A record as a reader sees it: without the platform's own bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its place in the archive, from 1.
    #[serde(skip)]
    pub place: u64,
    /// The platform's id; empty where there is none.
    pub id: String,
    /// What it is.
    #[serde(default = "message", skip_serializing_if = "is_message")]
    pub kind: RecordKind,
    /// When it was sent.
    pub at: Time,
    /// The account that sent it.
    pub sender: String,
    /// The name to show for it, where one is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The conversation, where the archive has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Its text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The record that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// Names of its files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Whether its words were changed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edited: bool,
    /// Whether it was taken back.
    #[serde(default, skip_serializing_if = "is_false")]
    pub recalled: bool,
}

fn message() -> RecordKind {
    RecordKind::Message
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_message(kind: &RecordKind) -> bool {
    *kind == RecordKind::Message
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Row {
    /// The name to show, else the account.
    pub fn who(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&self.sender)
    }

    /// What is looked at when words are looked for: the text and the names of its files.
    pub fn searchable(&self) -> Cow<'_, str> {
        if self.files.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        Cow::Owned(format!("{}\n{}", self.text, self.files.join("\n")))
    }
}

/// What is wanted of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What is looked for.
    pub query: Query,
    /// From when on.
    pub from: Option<Time>,
    /// Until before when.
    pub to: Option<Time>,
    /// From whom: an account, or a part of a name.
    pub sender: Option<String>,
    /// Most rows that are given; at least one.
    pub limit: usize,
}

impl Wanted {
    /// Whether a row is what is wanted, its words apart.
    fn takes(&self, row: &Row) -> bool {
        let sender = || {
            let Some(sender) = &self.sender else { return true };
            row.sender == *sender || is_called(row.who(), &words::folded(sender))
        };
        self.from.is_none_or(|from| row.at >= from) && self.to.is_none_or(|to| row.at < to) && sender()
    }
}

fn is_called(name: &str, folded: &str) -> bool {
    words::folded(name).contains(folded)
}

/// Rows that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The newest of them, the newest first.
    pub rows: Vec<Row>,
    /// Whether there are more.
    pub more: bool,
}

/// Lines that were passed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BadLines {
    /// How many.
    pub count: u64,
    /// The number of the first one; 0 where there is none.
    pub first: u64,
}

/// Where a page of an archive begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At a place, from 1.
    At(u64),
    /// Around the record with this id.
    Around(String),
    /// Where the first record of this time or later stands.
    Time(Time),
}

/// Rows of an archive file, one by one; bad lines are counted and passed over.
pub struct Rows<'a> {
    reader: Reader<'a>,
    names: HashMap<String, String>,
    place: u64,
    bad: BadLines,
    platform: Option<String>,
    conversations: Vec<String>,
}

impl<'a> Rows<'a> {
    /// The rows of what a reader reads.
    pub fn new(reader: Reader<'a>) -> Self {
        Self {
            reader,
            names: HashMap::new(),
            place: 0,
            bad: BadLines::default(),
            platform: None,
            conversations: Vec::new(),
        }
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// When the file can't be read on.
    pub fn next_row(&mut self) -> io::Result<Option<Row>> {
        loop {
            let parsed = match self.reader.next_text()? {
                None => return Ok(None),
                Some(Err(bad)) => Err(bad),
                Some(Ok((line, text))) => {
                    loose::Parsed::of(text).ok_or(BadLine { line, why: LineFault::Shape })
                }
            };
            match parsed {
                Err(bad) => {
                    self.bad.count += 1;
                    if self.bad.count == 1 {
                        self.bad.first = bad.line;
                    }
                }
                Ok(loose::Parsed::Head(platform)) => self.platform = Some(platform),
                Ok(loose::Parsed::Conversation(name)) => {
                    if self.conversations.len() < MAX_CONVERSATIONS {
                        self.conversations.push(name);
                    }
                }
                Ok(loose::Parsed::Participant(participant)) => self.know(&participant),
                Ok(loose::Parsed::Row(mut row)) => {
                    self.place += 1;
                    row.place = self.place;
                    if row.name.is_none() {
                        row.name = self.names.get(&row.sender).cloned();
                    }
                    return Ok(Some(*row));
                }
            }
        }
    }

    /// Lines that were passed over because they are none of an archive's.
    pub fn bad(&self) -> BadLines {
        self.bad
    }

    /// The name of an account, as far as it was read.
    pub fn name(&self, account: &str) -> Option<&str> {
        self.names.get(account).map(String::as_str)
    }

    fn know(&mut self, participant: &Participant) {
        let shown = participant.shown();
        let known = self.names.contains_key(participant.id.as_str());
        if shown != participant.id.as_str() && (known || self.names.len() < MAX_NAMES) {
            self.names.insert(participant.id.to_string(), shown.to_owned());
        }
    }
}

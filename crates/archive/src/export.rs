//! Archives as other tools read them.
//!
//! An export is made in two passes: the first one learns who took part and which conversations there are, the second one writes records as they come.
//! Memory grows with the people, not with the messages; the bound of each format is in its own file. What a format can't hold is left out of it, and the
//! table of `docs/reference/formats.md` says what that is. What is written is beside its place first, and there whole or not at all.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;

use crate::import::{self, ImportError, Imported, Progress, Zone};
use crate::model::{Conversation, Head, Line, Participant};
use crate::place::{Beside, is_like};

mod chatlab;
mod columns;
mod csv;
mod days;
mod eml;
mod html;
mod lines;
mod rsmf;
mod words;

pub use words::Tongue;

/// What an archive is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The archive's own form, JSON lines in zstd.
    Jsonl,
    /// A table, `WeChat`'s columns as chatlog writes them.
    Csv,
    /// `ChatLab`, one JSON document.
    Chatlab,
    /// `ChatLab`, JSON lines.
    ChatlabJsonl,
    /// RSMF 2.0, a folder with a file for each conversation and day.
    Rsmf,
    /// E-mail, a folder with a message for each conversation and day.
    Eml,
    /// A page to read, with everything in it.
    Html,
    /// Columns for analysis.
    Parquet,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Jsonl,
        Self::Csv,
        Self::Chatlab,
        Self::ChatlabJsonl,
        Self::Rsmf,
        Self::Eml,
        Self::Html,
        Self::Parquet,
    ];

    /// The slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Chatlab => "chatlab",
            Self::ChatlabJsonl => "chatlab-jsonl",
            Self::Rsmf => "rsmf",
            Self::Eml => "eml",
            Self::Html => "html",
            Self::Parquet => "parquet",
        }
    }

    /// Whether it is a folder of files.
    pub fn is_folder(self) -> bool {
        matches!(self, Self::Rsmf | Self::Eml)
    }

    /// Whether it holds one conversation and no more.
    fn is_single(self) -> bool {
        matches!(self, Self::Chatlab | Self::ChatlabJsonl)
    }
}

/// How an archive is written.
#[derive(Debug, Clone)]
pub struct Wish {
    /// As what.
    pub target: Target,
    /// Only this conversation.
    pub conversation: Option<String>,
    /// The zone of times that are written for people, and in which days begin.
    pub zone: Zone,
    /// The language of words that are written beside messages.
    pub tongue: Tongue,
    /// Whether cells of a table that a spreadsheet would calculate are written as they are.
    pub exact: bool,
    /// How far it is; both passes count.
    pub progress: Arc<Progress>,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Records.
    pub records: u64,
    /// Conversations that have some of them.
    pub conversations: u64,
    /// Files.
    pub files: u64,
    /// What was read, with what could not be.
    pub imported: Imported,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The archive can't be read.
    #[error(transparent)]
    Read(#[from] ImportError),
    /// The export can't be written.
    #[error("{path}: {source}")]
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The format holds one conversation, and there are more.
    #[error("{} conversations", .0.len())]
    Several(Vec<String>),
    /// A folder is there that no conversion wrote.
    #[error("{0} is a folder with other files")]
    Foreign(PathBuf),
    /// There is no such conversation.
    #[error("no conversation {0}")]
    Unknown(String),
}

/// Who took part and which conversations there are.
#[derive(Debug, Default)]
struct People {
    head: Option<Head>,
    conversations: BTreeMap<NativeId, Conversation>,
    participants: BTreeMap<(Option<NativeId>, NativeId), Participant>,
}

impl People {
    fn learn(&mut self, line: Line) {
        match line {
            Line::Archive(head) => self.head = Some(head),
            Line::Conversation(found) => {
                self.conversations
                    .insert(found.id.clone(), Conversation { raw: serde_json::Value::Null, ..found });
            }
            Line::Participant(found) => {
                let key = (found.conversation.clone(), found.id.clone());
                self.participants.insert(key, Participant { raw: serde_json::Value::Null, ..found });
            }
            Line::Record(_) => {}
        }
    }

    /// The conversation of a record; where records name none, the only one.
    fn conversation_of(&self, record: &Record) -> Option<&Conversation> {
        match &record.conversation {
            Some(id) => self.conversations.get(id),
            None => self.conversations.values().next().filter(|_| self.conversations.len() == 1),
        }
    }

    fn participant(&self, conversation: Option<&NativeId>, id: &NativeId) -> Option<&Participant> {
        let here = conversation.and_then(|of| self.participants.get(&(Some(of.clone()), id.clone())));
        here.or_else(|| self.participants.get(&(None, id.clone())))
    }

    /// The name of a record's sender: as it was shown, else as the list of people has it, else the account.
    fn sender<'a>(&'a self, record: &'a Record) -> &'a str {
        let shown = record.sender_name.as_deref().filter(|name| !name.is_empty());
        shown.unwrap_or_else(|| self.name(record.conversation.as_ref(), &record.sender))
    }

    fn name<'a>(&'a self, conversation: Option<&NativeId>, id: &'a NativeId) -> &'a str {
        self.participant(conversation, id).map_or(id.as_str(), Participant::shown)
    }
}

/// What each format does with the records.
trait Sink {
    /// Takes the next record.
    fn record(&mut self, people: &People, record: Record) -> io::Result<()>;
    /// Ends the export; gives the number of files.
    fn finish(self: Box<Self>, people: &People) -> io::Result<u64>;
}

/// Writes an archive, or any export that is read, as another format.
///
/// # Errors
/// [`ExportError`]; nothing is left behind then.
pub fn convert(from: &Path, to: &Path, wish: &Wish) -> Result<Exported, ExportError> {
    let at = |source: io::Error| ExportError::Write { path: to.to_owned(), source };
    let ours = || wish.target.is_folder() && is_like(to, wish.target.slug().as_ref());
    if to.is_dir() && !ours() {
        return Err(ExportError::Foreign(to.to_owned()));
    }
    let options = || import::Options { zone: wish.zone.clone(), progress: Arc::clone(&wish.progress) };
    let mut people = People::default();
    import::read(from, &options(), |line| {
        people.learn(line);
        Ok(())
    })?;
    let wanted = wanted(&people, wish)?;
    let beside = Beside::of(to);
    if wish.target.is_folder() {
        beside.folder().map_err(at)?;
    }
    let mut sink = open(wish, beside.path(), &people, wanted.as_ref()).map_err(at)?;
    let (mut records, mut conversations) = (0, std::collections::BTreeSet::new());
    // What the sink could not write ends the reading; it is told as the export's own error.
    let mut failed = None;
    let read = import::read(from, &options(), |line| {
        let Line::Record(record) = line else { return Ok(()) };
        if wanted.as_ref().is_some_and(|wanted| record.conversation.as_ref().is_some_and(|of| of != wanted)) {
            return Ok(());
        }
        records += 1;
        if !conversations.contains(&record.conversation) {
            conversations.insert(record.conversation.clone());
        }
        sink.record(&people, *record).map_err(|error| {
            failed = Some(error);
            ImportError::Stream(io::Error::other("the export can't be written"))
        })
    });
    let imported = match (read, failed) {
        (_, Some(error)) => return Err(at(error)),
        (read, None) => read?.1,
    };
    let files = sink.finish(&people).map_err(at)?;
    beside.settle().map_err(at)?;
    Ok(Exported { records, conversations: conversations.len() as u64, files, imported })
}

fn wanted(people: &People, wish: &Wish) -> Result<Option<NativeId>, ExportError> {
    if let Some(name) = &wish.conversation {
        let named = |of: &&Conversation| of.id.as_str() == name || of.name.as_ref() == Some(name);
        let mut found = people.conversations.values().filter(named);
        return match (found.next(), found.next()) {
            (Some(one), None) => Ok(Some(one.id.clone())),
            (None, _) => Err(ExportError::Unknown(name.clone())),
            (Some(_), Some(_)) => Err(ExportError::Several(listed(people))),
        };
    }
    if wish.target.is_single() && people.conversations.len() > 1 {
        return Err(ExportError::Several(listed(people)));
    }
    Ok(None)
}

fn listed(people: &People) -> Vec<String> {
    let shown = |of: &Conversation| match &of.name {
        Some(name) => format!("{} ({name})", of.id),
        None => of.id.to_string(),
    };
    people.conversations.values().take(20).map(shown).collect()
}

fn open(wish: &Wish, to: &Path, people: &People, wanted: Option<&NativeId>) -> io::Result<Box<dyn Sink>> {
    Ok(match wish.target {
        Target::Jsonl => Box::new(lines::Lines::new(to, people)?),
        Target::Csv => Box::new(csv::Table::new(to, wish)?),
        Target::Chatlab => Box::new(chatlab::Document::new(to, people, wanted)?),
        Target::ChatlabJsonl => Box::new(chatlab::JsonLines::new(to, people, wanted)?),
        Target::Rsmf => Box::new(days::Days::new(to, wish, rsmf::write)),
        Target::Eml => Box::new(days::Days::new(to, wish, eml::write)),
        Target::Html => Box::new(html::Page::new(to, wish, people)?),
        Target::Parquet => Box::new(columns::Columns::new(to)?),
    })
}

#[cfg(test)]
mod tests;

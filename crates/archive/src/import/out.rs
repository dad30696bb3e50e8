//! What an importer writes to: keeps ids unique, says each participant once, counts, and notes what is wrong.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher as _};

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use adjourn_domain::time::Time;
use adjourn_formats::{Findings, MAX_FINDINGS};

use super::ImportError;
use super::fields::Fields;
use super::json::{self, End, Event};
use super::text_lines::TextLine;
use crate::model::{Conversation, Head, Line, Participant, kept};

/// Most ids that are remembered; a file with more is read on, and that its ids were not all looked at is noted.
const MAX_IDS: usize = 3_500_000;
/// Most participants that are remembered as said.
const MAX_PEOPLE: usize = 1_000_000;
/// Times outside of these years are noted: no chat is that old or that young.
const YEARS: (i64, i64) = (0, 4_102_444_800_000);

/// Where an importer's lines go.
pub(super) struct Out<'a> {
    take: &'a mut dyn FnMut(Line) -> Result<(), ImportError>,
    ids: HashSet<u64>,
    people: HashMap<(NativeId, Option<NativeId>), Participant>,
    findings: Findings,
    row: u64,
    records: u64,
    conversations: u64,
    cut: bool,
    begun: bool,
    parts: Option<Parts>,
}

/// What was said of an export of several files, each with a head and a chat of its own.
#[derive(Default)]
struct Parts {
    said: HashSet<NativeId>,
    current: Option<NativeId>,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Messages and other rows that the source has.
    pub rows: u64,
    /// Records that came of them.
    pub records: u64,
    /// Conversations.
    pub conversations: u64,
    /// Participants.
    pub participants: u64,
    /// What was noticed, with the numbers of rows.
    pub findings: Findings,
    /// Whether the source ends before its end, or a part of it is missing.
    pub cut: bool,
}

impl Imported {
    /// Whether something that the source has, or had, is not in what came out.
    pub fn lost(&self) -> bool {
        self.cut || self.findings.unreadable > 0
    }
}

impl<'a> Out<'a> {
    pub(super) fn new(take: &'a mut dyn FnMut(Line) -> Result<(), ImportError>) -> Self {
        Self {
            take,
            ids: HashSet::new(),
            people: HashMap::new(),
            findings: Findings::default(),
            row: 0,
            records: 0,
            conversations: 0,
            cut: false,
            begun: false,
            parts: None,
        }
    }

    /// A row of the source begins.
    pub(super) fn row(&mut self) {
        self.row += 1;
    }

    /// A row of a document: its fields, or what is wrong with it.
    pub(super) fn object(&mut self, event: &Event<'_>) -> Option<Fields> {
        match event {
            Event::Value(bytes) => self.fields(bytes),
            _ => self.too_long(),
        }
    }

    /// A row of a text: its fields, or what is wrong with it.
    pub(super) fn line(&mut self, line: &TextLine<'_>) -> Option<Fields> {
        match line {
            TextLine::Whole(bytes) => self.fields(bytes),
            TextLine::TooLong => self.too_long(),
        }
    }

    fn fields(&mut self, bytes: &[u8]) -> Option<Fields> {
        self.row();
        let fields = json::object(bytes);
        if fields.is_none() {
            let code = if std::str::from_utf8(bytes).is_err() { "row.encoding" } else { "row.json" };
            self.lost(code);
        }
        fields
    }

    /// What stands where a list of rows should: a row that can't be read. Null is what some programs write for a list of none.
    pub(super) fn no_list(&mut self, event: &Event<'_>) {
        match event {
            Event::Open | Event::Close | Event::Value(b"null") => {}
            Event::Value(_) | Event::TooLong => {
                self.row();
                self.lost("row.type");
            }
        }
    }

    fn too_long(&mut self) -> Option<Fields> {
        self.row();
        self.lost("row.too_long");
        None
    }

    /// The id of the present row, where the source has none.
    pub(super) fn row_id(&self) -> String {
        format!("row-{}", self.row)
    }

    /// A part of the source is missing.
    pub(super) fn missing(&mut self, code: &str) {
        self.cut = true;
        self.note_file(code);
    }

    /// The present row is lost.
    pub(super) fn lost(&mut self, code: &str) {
        self.findings.lost(self.row, code);
    }

    /// Something about the present row.
    pub(super) fn note(&mut self, code: &str) {
        self.findings.note(self.row, code);
    }

    /// Something about the source as a whole.
    pub(super) fn note_file(&mut self, code: &str) {
        self.findings.note(0, code);
    }

    /// How many rows were read.
    pub(super) fn rows(&self) -> u64 {
        self.row
    }

    /// The row is this one, as another reader counts.
    pub(super) fn at(&mut self, row: u64) {
        self.row = row;
    }

    /// Takes over what another reader counted and noticed behind the rows of earlier files; the ids were its to keep apart.
    pub(super) fn findings_of(&mut self, before: u64, rows: u64, findings: &Findings) {
        self.row = before + rows;
        self.cut |= findings.has("file.truncated");
        let shifted = findings.first.iter().cloned().map(|mut finding| {
            finding.row += if finding.row > 0 { before } else { 0 };
            finding
        });
        self.findings.first.extend(shifted);
        self.findings.first.sort_by_key(|finding| finding.row);
        self.findings.first.truncate(MAX_FINDINGS);
        self.findings.total += findings.total;
        self.findings.unreadable += findings.unreadable;
    }

    /// What comes is of several files: each says its conversation, which is that of its records, and only the first is a head.
    pub(super) fn several(&mut self) {
        self.parts = Some(Parts::default());
    }

    pub(super) fn head(&mut self, head: Head) -> Result<(), ImportError> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        (self.take)(Line::Archive(head))
    }

    pub(super) fn conversation(&mut self, mut conversation: Conversation) -> Result<(), ImportError> {
        conversation.raw = kept(conversation.raw);
        if let Some(parts) = &mut self.parts {
            parts.current = Some(conversation.id.clone());
            if !parts.said.insert(conversation.id.clone()) {
                return Ok(());
            }
        }
        self.conversations += 1;
        (self.take)(Line::Conversation(conversation))
    }

    /// Somebody who took part. Who was said like this already is not said again.
    pub(super) fn participant(&mut self, mut participant: Participant) -> Result<(), ImportError> {
        participant.raw = kept(participant.raw);
        let key = (participant.id.clone(), participant.conversation.clone());
        if participant.id.as_str().is_empty() || self.people.get(&key) == Some(&participant) {
            return Ok(());
        }
        if self.people.len() < MAX_PEOPLE || self.people.contains_key(&key) {
            self.people.insert(key, participant.clone());
        }
        (self.take)(Line::Participant(participant))
    }

    /// A record. An id that was there already gets a number; a record without one gets its row's.
    pub(super) fn record(&mut self, mut record: Record) -> Result<(), ImportError> {
        record.raw = kept(record.raw);
        if let Some(parts) = &self.parts
            && record.conversation.is_none()
        {
            record.conversation.clone_from(&parts.current);
        }
        if record.at.as_millis() < YEARS.0 || record.at.as_millis() > YEARS.1 {
            self.note("row.time_odd");
        }
        if record.id.as_str().is_empty() {
            record.id = NativeId(self.row_id());
        }
        let mut times = 1_u64;
        let base = record.id.clone();
        while !self.fresh(&record) {
            if times == 1 {
                self.note("row.id_twice");
            }
            times += 1;
            record.id = NativeId(format!("{base}-{times}"));
        }
        self.records += 1;
        (self.take)(Line::Record(Box::new(record)))
    }

    /// Whether a record's id is new in its conversation.
    fn fresh(&mut self, record: &Record) -> bool {
        if self.ids.len() >= MAX_IDS {
            if !self.findings.has("file.ids_unchecked") {
                self.note_file("file.ids_unchecked");
            }
            return true;
        }
        let mut hasher = DefaultHasher::new();
        (record.conversation.as_ref().map(NativeId::as_str), record.id.as_str()).hash(&mut hasher);
        self.ids.insert(hasher.finish())
    }

    /// Notes how a document ended.
    pub(super) fn ended(&mut self, end: End) {
        match end {
            End::Whole => {}
            End::CutInside => {
                self.cut = true;
                self.row();
                self.lost("file.truncated");
            }
            End::Cut => self.missing("file.truncated"),
            End::Broken => self.missing("file.broken"),
        }
    }

    pub(super) fn done(self) -> Imported {
        Imported {
            rows: self.row,
            records: self.records,
            conversations: self.conversations,
            participants: self.people.len() as u64,
            findings: self.findings,
            cut: self.cut,
        }
    }
}

/// A record of a person's message.
pub(super) fn message(id: impl Into<NativeId>, at: Time, sender: impl Into<NativeId>) -> Record {
    Record::new(id.into(), RecordKind::Message, at, sender.into())
}

//! The working folder of one export.
//!
//! ```text
//! records.jsonl.zst   zstd frames, appended
//! notes.jsonl         attachments, records that can't be decrypted, bad items; appended
//! state.json          the checkpoint: how many bytes of both are durable, cursor, counts
//! media/<sha256>      attachments by content
//! ```
//!
//! Order of writes: frame and notes, fsync, then the checkpoint by rename. What lies behind the checkpoint's lengths is cut off. Pages are gathered until
//! there is a megabyte of them or five seconds have passed, so that small pages don't cost an fsync each; a kill loses no more than that, and it is
//! asked for again. The last page is durable before anybody is told that it was the last.
//!
//! After an error the folder on disk stands at its last checkpoint and this value no longer does: open it again.

mod checkpoint;
mod seen;

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use adjourn_domain::call::ExportPage;
use adjourn_domain::canonical::{CanonicalError, Hash, canonical_json};
use adjourn_domain::event::{Mark, Receipt};
use adjourn_domain::export::{BadItem, Days, Reason, is_plausible};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use adjourn_domain::plan::Note;
use adjourn_domain::time::Time;
use serde::Deserialize;

use checkpoint::{Line, MOST_LISTED, Notes};
pub use checkpoint::{MediaEntry, StagingState};
use seen::{Seen, content, key};

const RECORDS: &str = "records.jsonl.zst";
const NOTES: &str = "notes.jsonl";
const STATE: &str = "state.json";
const MEDIA: &str = "media";
/// zstd level of a frame.
const LEVEL: i32 = 3;
/// Bytes of records and notes that wait for a checkpoint, at most, besides one page.
const MOST_WAITING: usize = 1 << 20;
/// How old the oldest of them may be when the next page or attachment comes.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// A working folder could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The checkpoint, a note or a record can't be read.
    #[error("checkpoint: {0}")]
    State(#[from] serde_json::Error),
    /// A record has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> ArchiveError + '_ {
    move |source| ArchiveError::Io { path: path.to_owned(), source }
}

/// The working folder of one export.
#[derive(Debug)]
pub struct Staging {
    dir: PathBuf,
    state: StagingState,
    notes: Notes,
    days: Days,
    seen: Seen,
    /// What an export before this one holds. Its records and attachments are left out.
    earlier: Option<Box<Self>>,
    waiting: Waiting,
}

/// What is not durable yet.
#[derive(Debug, Default)]
struct Waiting {
    records: Vec<u8>,
    notes: Vec<u8>,
    since: Option<Instant>,
}

/// What is looked at of a record when a folder is opened.
#[derive(Deserialize)]
struct Written {
    id: NativeId,
    at: Time,
}

impl Staging {
    /// Opens the folder, making it if needed; goes on from its checkpoint. Reads everything that is written once. Records of an
    /// `earlier` export are left out.
    ///
    /// # Errors
    /// When the folder can't be made or its checkpoint can't be read.
    pub fn open(dir: &Path, earlier: Option<Self>) -> Result<Self, ArchiveError> {
        fs::create_dir_all(dir.join(MEDIA)).map_err(io(dir))?;
        let path = dir.join(STATE);
        let state: StagingState = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => StagingState {
                cursor: earlier.as_ref().and_then(|earlier| earlier.state.cursor.clone()),
                notes: Some(0),
                ..StagingState::default()
            },
            Err(error) => return Err(io(&path)(error)),
        };
        let mut staging = Self {
            dir: dir.to_owned(),
            state,
            notes: Notes::default(),
            days: Days::default(),
            seen: Seen::new(dir.to_owned()),
            earlier: earlier.map(Box::new),
            waiting: Waiting::default(),
        };
        staging.cut(RECORDS, staging.state.bytes)?;
        staging.cut(NOTES, staging.state.notes.unwrap_or(0))?;
        staging.read_notes()?;
        staging.read_records()?;
        Ok(staging)
    }

    /// How far it is, what waits for a checkpoint included.
    pub fn state(&self) -> &StagingState {
        &self.state
    }

    /// The records file.
    pub fn records_path(&self) -> PathBuf {
        self.dir.join(RECORDS)
    }

    /// The file of an attachment's content.
    pub fn media_path(&self, content: &Hash) -> PathBuf {
        self.dir.join(MEDIA).join(content.to_hex())
    }

    /// Attachments, in the order in which records named them.
    pub fn media(&self) -> &[MediaEntry] {
        &self.notes.media
    }

    /// How many attachments are neither written nor given up.
    pub fn media_open(&self) -> usize {
        self.notes.open
    }

    /// The next of them.
    pub fn next_media(&mut self, most: usize) -> Vec<NativeId> {
        self.notes.next_open(most)
    }

    /// Takes the page at the checkpoint's cursor. Records that are there already are left out; under an id that is there with another content
    /// they are bad items. Durable at the end of the history, and before too much waits.
    ///
    /// # Errors
    /// When the disk refuses; the folder on disk then stays at its last checkpoint.
    pub fn write_page(&mut self, page: &ExportPage) -> Result<(), ArchiveError> {
        self.waiting.since.get_or_insert_with(Instant::now);
        for item in &page.bad {
            self.bad(item.clone())?;
        }
        for record in &page.records {
            self.take(record)?;
        }
        match &page.next {
            Some(next) => self.state.cursor = Some(next.clone()),
            None => self.state.at_end = true,
        }
        if self.state.at_end || self.is_due() { self.checkpoint() } else { Ok(()) }
    }

    /// Writes an attachment, or why it can't be had.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_media(&mut self, id: &NativeId, bytes: Result<&[u8], Note>) -> Result<(), ArchiveError> {
        let Some(known) = self.notes.find(id) else { return Ok(()) };
        let mut entry = known.clone();
        match bytes {
            Ok(bytes) => {
                let hash = Hash::of(bytes);
                let path = self.media_path(&hash);
                // The same content under another id is stored once.
                if !path.exists() {
                    replace(&path, bytes)?;
                }
                (entry.content, entry.gap) = (Some((hash, bytes.len() as u64)), None);
            }
            Err(note) => (entry.content, entry.gap) = (None, Some(note)),
        }
        self.waiting.since.get_or_insert_with(Instant::now);
        self.line(Line::Media(entry))?;
        if self.notes.open == 0 || self.is_due() { self.checkpoint() } else { Ok(()) }
    }

    /// Makes durable what waits.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn settle(&mut self) -> Result<(), ArchiveError> {
        if self.waiting.since.is_some() { self.checkpoint() } else { Ok(()) }
    }

    /// Compares what was taken with what the platform lists when it is asked a second time; `None` where it can't be asked.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn check(&mut self, listed: Option<&Days>) -> Result<(), ArchiveError> {
        let end = self.state.last.as_ref().map(|last| last.at);
        let short = listed.map(|listed| self.days.short_of(listed, end)).unwrap_or_default();
        let missing: u64 = short.iter().map(|(_, taken, listed)| listed - taken).sum();
        // What was left out stands on the receipt already, item by item.
        if missing > self.state.left_out {
            for (day, taken, listed) in short.into_iter().take(MOST_LISTED) {
                let note =
                    Note::new("gap-day").with("day", day).with("platform", listed).with("taken", taken);
                self.line(Line::Short(note))?;
            }
        }
        (self.state.checked, self.state.compared) = (true, listed.is_some());
        self.checkpoint()
    }

    /// The receipt of what is written.
    pub fn receipt(&self, platform_says: Option<u64>) -> Receipt {
        let (state, notes) = (&self.state, &self.notes);
        let mut gaps: Vec<Note> = notes.media.iter().filter_map(|entry| entry.gap.clone()).collect();
        let more = gaps.len().saturating_sub(MOST_LISTED);
        gaps.truncate(MOST_LISTED);
        if more > 0 {
            gaps.push(Note::new("gap-more").with("n_more", more as u64));
        }
        if state.left_out > 0 {
            gaps.push(Note::new("gap-bad").with("n_records", state.left_out));
        }
        gaps.extend(notes.short.iter().cloned());
        let known = state.total().saturating_add(state.left_out);
        if let Some(says) = platform_says.filter(|says| *says > known) {
            gaps.push(Note::new("gap-count").with("platform", says).with("taken", state.total()));
        }
        let dark = state.counts.get(kind(RecordKind::Undecryptable)).copied().unwrap_or(0);
        Receipt {
            total: state.total(),
            counts: state.counts.clone(),
            first: state.first.clone(),
            last: state.last.clone(),
            platform_says,
            undecryptable: notes.undecryptable.clone(),
            media: notes.media.iter().filter(|entry| entry.content.is_some()).count() as u64,
            complete: state.at_end && gaps.is_empty() && notes.open == 0,
            gaps,
            bad: notes.bad.clone(),
            bad_more: state.bad.saturating_sub(notes.bad.len() as u64),
            undecryptable_more: dark.saturating_sub(notes.undecryptable.len() as u64),
            repeated: state.repeated,
            compared: state.compared,
        }
    }

    /// Calls `f` for every durable record, in order, with bounded memory; stops at its first error.
    ///
    /// # Errors
    /// When the records can't be read, and whatever `f` answers.
    pub fn each<E: From<ArchiveError>>(&self, mut f: impl FnMut(&Record) -> Result<(), E>) -> Result<(), E> {
        self.each_line(|line| f(&serde_json::from_slice(line).map_err(ArchiveError::State)?))
    }

    fn each_line<E: From<ArchiveError>>(&self, mut f: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let path = self.records_path();
        if self.state.bytes == 0 {
            return Ok(());
        }
        let file = File::open(&path).map_err(io(&path))?;
        let mut reader = BufReader::new(zstd::Decoder::new(file).map_err(io(&path))?);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).map_err(io(&path))? > 0 {
            f(line.strip_suffix(b"\n").unwrap_or(&line))?;
            line.clear();
        }
        Ok(())
    }

    fn read_notes(&mut self) -> Result<(), ArchiveError> {
        if self.state.notes.is_none() {
            // An earlier version kept them in the checkpoint; they go where they belong with the next one.
            self.state.notes = Some(0);
            for id in std::mem::take(&mut self.state.undecryptable).into_iter().take(MOST_LISTED) {
                self.line(Line::Undecryptable(id))?;
            }
            for entry in std::mem::take(&mut self.state.media) {
                self.line(Line::Media(entry))?;
            }
            return Ok(());
        }
        let path = self.dir.join(NOTES);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(io(&path)(error)),
        };
        for line in BufReader::new(file).lines() {
            self.notes.note(serde_json::from_str(&line.map_err(io(&path))?)?);
        }
        Ok(())
    }

    fn read_records(&mut self) -> Result<(), ArchiveError> {
        let mut seen = Seen::new(self.dir.clone());
        let mut days = Days::default();
        self.each_line(|line| {
            let record: Written = serde_json::from_slice(line)?;
            days.count(record.at);
            seen.insert(key(record.id.as_str()), content(line)).map_err(io(&self.dir))
        })?;
        (self.seen, self.days) = (seen, days);
        Ok(())
    }

    /// Whether an export before this one has it.
    fn was_taken(&self, key: &seen::Key) -> Result<bool, ArchiveError> {
        let Some(earlier) = &self.earlier else { return Ok(false) };
        Ok(earlier.seen.get(key).map_err(io(&earlier.dir))?.is_some() || earlier.was_taken(key)?)
    }

    fn names(&self, id: &NativeId) -> bool {
        self.notes.find(id).is_some() || self.earlier.as_ref().is_some_and(|earlier| earlier.names(id))
    }

    fn take(&mut self, record: &Record) -> Result<(), ArchiveError> {
        let (line, id) = (canonical_json(record)?, key(record.id.as_str()));
        if self.was_taken(&id)? {
            return Ok(());
        }
        match self.seen.get(&id).map_err(io(&self.dir))? {
            None => {}
            Some(known) if known == content(&line) => {
                self.state.repeated += 1;
                return Ok(());
            }
            Some(_) => {
                return self.bad(BadItem::left_out(Reason::Duplicate, Some(record.id.clone()), ""));
            }
        }
        if !is_plausible(record.at) {
            let item = BadItem::left_out(Reason::Time, Some(record.id.clone()), record.at.to_string());
            self.bad(BadItem { kept: true, ..item })?;
        }
        self.seen.insert(id, content(&line)).map_err(io(&self.dir))?;
        self.waiting.records.extend_from_slice(&line);
        self.waiting.records.push(b'\n');
        self.days.count(record.at);
        *self.state.counts.entry(kind(record.kind).to_owned()).or_default() += 1;
        let mark = Mark { id: record.id.clone(), at: record.at };
        if self.state.first.is_none() {
            self.state.first = Some(mark.clone());
        }
        self.state.last = Some(mark);
        if record.kind == RecordKind::Undecryptable && self.notes.undecryptable.len() < MOST_LISTED {
            self.line(Line::Undecryptable(record.id.clone()))?;
        }
        for attachment in &record.attachments {
            if !self.names(&attachment.id) {
                let (id, name) = (attachment.id.clone(), attachment.name.clone());
                self.line(Line::Media(MediaEntry { id, name, content: None, gap: None }))?;
            }
        }
        Ok(())
    }

    fn bad(&mut self, item: BadItem) -> Result<(), ArchiveError> {
        self.state.bad += 1;
        if !item.kept {
            self.state.left_out = self.state.left_out.saturating_add(item.records);
        }
        if self.notes.bad.len() >= MOST_LISTED {
            return Ok(());
        }
        self.line(Line::Bad(BadItem { cursor: self.state.cursor.clone(), ..item }))
    }

    fn line(&mut self, line: Line) -> Result<(), ArchiveError> {
        serde_json::to_writer(&mut self.waiting.notes, &line)?;
        self.waiting.notes.push(b'\n');
        self.notes.note(line);
        Ok(())
    }

    fn is_due(&self) -> bool {
        let old = self.waiting.since.is_some_and(|since| since.elapsed() >= LONGEST_WAIT);
        old || self.waiting.records.len() + self.waiting.notes.len() >= MOST_WAITING
    }

    /// Writes what waits, and then the checkpoint.
    fn checkpoint(&mut self) -> Result<(), ArchiveError> {
        if !self.waiting.records.is_empty() {
            let path = self.records_path();
            let frame = zstd::encode_all(self.waiting.records.as_slice(), LEVEL).map_err(io(&path))?;
            self.state.bytes = append(&path, self.state.bytes, &frame)?;
        }
        if !self.waiting.notes.is_empty() {
            let from = self.state.notes.unwrap_or(0);
            self.state.notes = Some(append(&self.dir.join(NOTES), from, &self.waiting.notes)?);
        }
        replace(&self.dir.join(STATE), &serde_json::to_vec(&self.state)?)?;
        self.waiting.records.clear();
        self.waiting.notes.clear();
        self.waiting.since = None;
        Ok(())
    }

    /// Cuts off what lies behind the checkpoint.
    fn cut(&self, name: &str, length: u64) -> Result<(), ArchiveError> {
        let path = self.dir.join(name);
        match OpenOptions::new().write(true).open(&path) {
            Ok(file) => file.set_len(length).map_err(io(&path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && length == 0 => Ok(()),
            Err(error) => Err(io(&path)(error)),
        }
    }
}

/// Writes behind the durable bytes; gives the new length.
fn append(path: &Path, offset: u64, bytes: &[u8]) -> Result<u64, ArchiveError> {
    let mut file =
        OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(io(path))?;
    file.set_len(offset)
        .and_then(|()| file.seek(SeekFrom::Start(offset)).map(|_| ()))
        .and_then(|()| file.write_all(bytes))
        .and_then(|()| file.sync_data())
        .map_err(io(path))?;
    Ok(offset + bytes.len() as u64)
}

fn kind(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Message => "message",
        RecordKind::Edit => "edit",
        RecordKind::Redaction => "redaction",
        RecordKind::Reaction => "reaction",
        RecordKind::System => "system",
        RecordKind::Undecryptable => "undecryptable",
        RecordKind::Other => "other",
    }
}

/// Replaces a file's content: whole or not at all, durable when it returns.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), ArchiveError> {
    let new = path.with_extension("new");
    let mut file = File::create(&new).map_err(io(&new))?;
    file.write_all(bytes).and_then(|()| file.sync_data()).map_err(io(&new))?;
    fs::rename(&new, path).map_err(io(path))?;
    if let Some(dir) = path.parent() {
        File::open(dir).and_then(|dir| dir.sync_all()).map_err(io(dir))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;

//! The working folder of one export.
//!
//! ```text
//! records.jsonl.zst   one zstd frame a page, appended
//! state.json          the checkpoint: how many bytes of it are durable, cursor, counts, media
//! media/<sha256>      attachments by content
//! ```
//!
//! Order of writes: frame, fsync, then the checkpoint by rename. What lies behind the checkpoint's length is cut off.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use adjourn_domain::canonical::{CanonicalError, Hash, canonical_json};
use adjourn_domain::event::{Mark, Receipt};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use adjourn_domain::plan::Note;
use serde::{Deserialize, Serialize};

const RECORDS: &str = "records.jsonl.zst";
const STATE: &str = "state.json";
const MEDIA: &str = "media";
/// zstd level of a page.
const LEVEL: i32 = 3;

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
    /// The checkpoint can't be read.
    #[error("checkpoint: {0}")]
    State(#[from] serde_json::Error),
    /// A record has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> ArchiveError + '_ {
    move |source| ArchiveError::Io { path: path.to_owned(), source }
}

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
    fn open(&self) -> bool {
        self.content.is_none() && self.gap.is_none()
    }
}

/// The checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StagingState {
    /// Durable bytes of the records file.
    pub bytes: u64,
    /// Cursor of the next page; at the end, the one that fetched the last page.
    pub cursor: Option<String>,
    /// Whether the last page is written.
    pub at_end: bool,
    /// Records by kind.
    pub counts: BTreeMap<String, u64>,
    /// First record by time.
    pub first: Option<Mark>,
    /// Last record in the platform's order.
    pub last: Option<Mark>,
    /// Records that can't be decrypted.
    pub undecryptable: Vec<NativeId>,
    /// Attachments.
    pub media: Vec<MediaEntry>,
}

impl StagingState {
    /// Number of records.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Attachments that are neither written nor given up.
    pub fn media_open(&self) -> Vec<NativeId> {
        self.media.iter().filter(|entry| entry.open()).map(|entry| entry.id.clone()).collect()
    }
}

/// The working folder of one export.
#[derive(Debug)]
pub struct Staging {
    dir: PathBuf,
    state: StagingState,
    seen: HashSet<[u8; 16]>,
    media_ids: HashSet<NativeId>,
}

impl Staging {
    /// Opens the folder, making it if needed; goes on from its checkpoint. Records of `earlier` exports are left out.
    ///
    /// # Errors
    /// When the folder can't be made or its checkpoint can't be read.
    pub fn open(dir: &Path, earlier: Option<&Self>) -> Result<Self, ArchiveError> {
        fs::create_dir_all(dir.join(MEDIA)).map_err(io(dir))?;
        let path = dir.join(STATE);
        let state: StagingState = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => StagingState {
                cursor: earlier.and_then(|earlier| earlier.state.cursor.clone()),
                ..StagingState::default()
            },
            Err(error) => return Err(io(&path)(error)),
        };
        let mut staging =
            Self { dir: dir.to_owned(), state, seen: HashSet::new(), media_ids: HashSet::new() };
        staging.cut()?;
        if let Some(earlier) = earlier {
            staging.seen.clone_from(&earlier.seen);
            staging.media_ids.clone_from(&earlier.media_ids);
        }
        let mut ids = Vec::new();
        staging.each(|record| {
            ids.push(fingerprint(&record.id));
            Ok::<(), ArchiveError>(())
        })?;
        staging.seen.extend(ids);
        staging.media_ids.extend(staging.state.media.iter().map(|entry| entry.id.clone()));
        Ok(staging)
    }

    /// The checkpoint.
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

    /// Writes a page and its checkpoint. Records that are there already are left out.
    ///
    /// # Errors
    /// When the disk refuses; the folder then stays at its last checkpoint.
    pub fn write_page(&mut self, records: &[Record], next: Option<&str>) -> Result<(), ArchiveError> {
        let mut state = self.state.clone();
        let mut page = Vec::new();
        let mut fresh = Vec::new();
        for record in records {
            let id = fingerprint(&record.id);
            if self.seen.contains(&id) || fresh.contains(&id) {
                continue;
            }
            fresh.push(id);
            page.extend_from_slice(&canonical_json(record)?);
            page.push(b'\n');
            note(&mut state, record, &self.media_ids);
        }
        if !page.is_empty() {
            let path = self.records_path();
            let frame = zstd::encode_all(page.as_slice(), LEVEL).map_err(io(&path))?;
            let mut file = self.records_at(state.bytes)?;
            file.write_all(&frame).and_then(|()| file.sync_data()).map_err(io(&path))?;
            state.bytes += frame.len() as u64;
        }
        match next {
            Some(next) => state.cursor = Some(next.to_owned()),
            None => state.at_end = true,
        }
        self.checkpoint(state)?;
        self.seen.extend(fresh);
        self.media_ids.extend(self.state.media.iter().map(|entry| entry.id.clone()));
        Ok(())
    }

    /// Writes an attachment, or why it can't be had.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_media(&mut self, id: &NativeId, bytes: Result<&[u8], Note>) -> Result<(), ArchiveError> {
        let mut state = self.state.clone();
        let outcome = match bytes {
            Ok(bytes) => {
                let hash = Hash::of(bytes);
                let path = self.media_path(&hash);
                replace(&path, bytes)?;
                (Some((hash, bytes.len() as u64)), None)
            }
            Err(note) => (None, Some(note)),
        };
        for entry in state.media.iter_mut().filter(|entry| entry.id == *id) {
            (entry.content, entry.gap) = outcome.clone();
        }
        self.checkpoint(state)
    }

    /// The receipt of what is written.
    pub fn receipt(&self, platform_says: Option<u64>) -> Receipt {
        let state = &self.state;
        let mut gaps: Vec<Note> = state.media.iter().filter_map(|entry| entry.gap.clone()).collect();
        if let Some(says) = platform_says.filter(|says| *says > state.total()) {
            gaps.push(Note::new("gap-count").with("platform", says).with("taken", state.total()));
        }
        Receipt {
            total: state.total(),
            counts: state.counts.clone(),
            first: state.first.clone(),
            last: state.last.clone(),
            platform_says,
            undecryptable: state.undecryptable.clone(),
            media: state.media.iter().filter(|entry| entry.content.is_some()).count() as u64,
            complete: state.at_end && gaps.is_empty() && state.media_open().is_empty(),
            gaps,
        }
    }

    /// Calls `f` for every record, in order, with bounded memory; stops at its first error.
    ///
    /// # Errors
    /// When the records can't be read, and whatever `f` answers.
    pub fn each<E: From<ArchiveError>>(&self, mut f: impl FnMut(&Record) -> Result<(), E>) -> Result<(), E> {
        let path = self.records_path();
        if self.state.bytes == 0 {
            return Ok(());
        }
        let file = File::open(&path).map_err(io(&path))?;
        let reader = zstd::Decoder::new(file).map_err(io(&path))?;
        for line in BufReader::new(reader).lines() {
            let line = line.map_err(io(&path))?;
            f(&serde_json::from_str(&line).map_err(ArchiveError::State)?)?;
        }
        Ok(())
    }

    /// Cuts off what lies behind the checkpoint.
    fn cut(&self) -> Result<(), ArchiveError> {
        let path = self.records_path();
        match OpenOptions::new().write(true).open(&path) {
            Ok(file) => file.set_len(self.state.bytes).map_err(io(&path)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && self.state.bytes == 0 => Ok(()),
            Err(error) => Err(io(&path)(error)),
        }
    }

    fn records_at(&self, offset: u64) -> Result<File, ArchiveError> {
        let path = self.records_path();
        let mut file =
            OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io(&path))?;
        file.set_len(offset)
            .and_then(|()| file.seek(SeekFrom::Start(offset)).map(|_| ()))
            .map_err(io(&path))?;
        Ok(file)
    }

    fn checkpoint(&mut self, state: StagingState) -> Result<(), ArchiveError> {
        replace(&self.dir.join(STATE), &serde_json::to_vec(&state)?)?;
        self.state = state;
        Ok(())
    }
}

fn fingerprint(id: &NativeId) -> [u8; 16] {
    let mut short = [0; 16];
    let hash = Hash::of(id.as_str().as_bytes());
    for (to, from) in short.iter_mut().zip(hash.0) {
        *to = from;
    }
    short
}

fn note(state: &mut StagingState, record: &Record, known_media: &HashSet<NativeId>) {
    *state.counts.entry(kind(record.kind).to_owned()).or_default() += 1;
    let mark = Mark { id: record.id.clone(), at: record.at };
    if state.first.is_none() {
        state.first = Some(mark.clone());
    }
    state.last = Some(mark);
    if record.kind == RecordKind::Undecryptable {
        state.undecryptable.push(record.id.clone());
    }
    for attachment in &record.attachments {
        let known =
            known_media.contains(&attachment.id) || state.media.iter().any(|entry| entry.id == attachment.id);
        if !known {
            state.media.push(MediaEntry {
                id: attachment.id.clone(),
                name: attachment.name.clone(),
                content: None,
                gap: None,
            });
        }
    }
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
mod tests {
    use super::*;
    use adjourn_domain::message::Attachment;
    use adjourn_domain::time::Time;

    fn record(n: u32) -> Record {
        Record {
            text: Some(format!("\u{4f60}\u{597d} {n}")),
            attachments: (n == 1)
                .then(|| Attachment {
                    id: "mxc://a/1".into(),
                    name: "\u{56fe}.png".into(),
                    bytes: None,
                    media_type: None,
                })
                .into_iter()
                .collect(),
            raw: serde_json::json!({"n": n}),
            ..Record::new(
                format!("$e{n}").into(),
                if n % 5 == 4 { RecordKind::Undecryptable } else { RecordKind::Message },
                Time::from_millis(i64::from(n)),
                "@a".into(),
            )
        }
    }

    fn ids(staging: &Staging) -> Vec<String> {
        let mut ids = Vec::new();
        staging
            .each(|record| {
                ids.push(record.id.to_string());
                Ok::<(), ArchiveError>(())
            })
            .unwrap();
        ids
    }

    #[test]
    fn an_export_goes_on_after_a_crash_and_writes_nothing_twice() {
        let dir = tempfile::tempdir().unwrap();
        let mut staging = Staging::open(dir.path(), None).unwrap();
        staging.write_page(&[record(0), record(1)], Some("c1")).unwrap();
        staging.write_page(&[record(1), record(2)], Some("c2")).unwrap();
        // A crash after the frame and before the checkpoint: bytes lie behind it.
        let mut file = OpenOptions::new().append(true).open(staging.records_path()).unwrap();
        file.write_all(b"half a frame").unwrap();
        let mut staging = Staging::open(dir.path(), None).unwrap();
        assert_eq!(staging.state().cursor.as_deref(), Some("c2"));
        staging.write_page(&[record(2), record(3), record(4)], None).unwrap();
        assert_eq!(ids(&staging), ["$e0", "$e1", "$e2", "$e3", "$e4"]);
        assert!(!staging.receipt(None).complete, "an attachment is missing");
        staging.write_media(&"mxc://a/1".into(), Ok(b"bytes")).unwrap();
        let receipt = staging.receipt(Some(5));
        assert!(receipt.complete);
        assert_eq!((receipt.total, receipt.media), (5, 1));
        assert_eq!(receipt.undecryptable, ["$e4".into()]);
        assert_eq!(receipt.last.unwrap().id.as_str(), "$e4");
        assert!(!staging.receipt(Some(6)).complete, "the platform says there is more");
    }

    #[test]
    fn a_tail_holds_only_what_the_main_export_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let mut main = Staging::open(&dir.path().join("main"), None).unwrap();
        main.write_page(&[record(0), record(1)], Some("c1")).unwrap();
        main.write_page(&[record(2)], None).unwrap();
        let mut tail = Staging::open(&dir.path().join("tail"), Some(&main)).unwrap();
        assert_eq!(tail.state().cursor.as_deref(), Some("c1"), "it begins at the main export's last page");
        tail.write_page(&[record(2), record(3)], None).unwrap();
        assert_eq!(ids(&tail), ["$e3"]);
        assert!(tail.receipt(None).complete);
    }

    #[test]
    fn a_missing_attachment_is_a_gap_and_named() {
        let dir = tempfile::tempdir().unwrap();
        let mut staging = Staging::open(dir.path(), None).unwrap();
        staging.write_page(&[record(1)], None).unwrap();
        staging.write_media(&"mxc://a/1".into(), Err(Note::new("gap-media"))).unwrap();
        let receipt = staging.receipt(None);
        assert!(!receipt.complete);
        assert_eq!(receipt.gaps, [Note::new("gap-media")]);
        assert!(staging.state().media_open().is_empty());
    }
}

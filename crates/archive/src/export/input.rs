//! What is converted: an archive, plain or in zstd; the folder of one; a bundle, whose groups are its conversations; or whatever [`crate::import`] reads.
//!
//! This is the one place that knows.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use adjourn_domain::ids::NativeId;

use super::{ExportError, Options};
use crate::import::{self, ImportError, Imported};
use crate::model::{Conversation, ConversationKind, Line, Reader};

/// The folder of a bundle with a folder for each group.
const GROUPS: &str = "data/groups";
/// In a group's folder: its archive.
const ARCHIVE: &str = "archive";
/// In a group's folder: what came after the archive was sealed.
const TAIL: &str = "tail.jsonl.zst";
/// Most groups of a bundle.
const MAX_GROUPS: usize = 10_000;

/// Reads lines in the source's order.
pub(super) fn read(
    from: &Path,
    options: &Options,
    mut take: impl FnMut(Line) -> Result<(), ExportError>,
) -> Result<Imported, ExportError> {
    let groups = from.join(GROUPS);
    if !groups.is_dir() {
        return one(from, options, &mut take);
    }
    let mut all = Imported::default();
    let mut headed = false;
    for folder in folders(&groups)? {
        let id = NativeId(folder.file_name().unwrap_or_default().to_string_lossy().into_owned());
        let mut named = |line: Line| match line {
            Line::Archive(_) if std::mem::replace(&mut headed, true) => Ok(()),
            line => take(within(line, &id)),
        };
        named(Line::Conversation(Conversation::new(id.clone(), ConversationKind::Group, None)))?;
        all.conversations += 1;
        add(&mut all, one(&folder.join(ARCHIVE), options, &mut named)?);
        let tail = folder.join(TAIL);
        if tail.exists() {
            add(&mut all, rest(&tail, &mut named)?);
        }
    }
    Ok(all)
}

fn one(
    from: &Path,
    options: &Options,
    take: &mut dyn FnMut(Line) -> Result<(), ExportError>,
) -> Result<Imported, ExportError> {
    let reading = import::Options { zone: options.zone.clone(), ..import::Options::default() };
    let mut failed = None;
    let read = import::read(from, &reading, |line| {
        take(line).map_err(|error| {
            failed = Some(error);
            // Only ends the reading; the real error is the one above.
            ImportError::Stream(io::Error::other("not written"))
        })
    });
    match (failed, read) {
        (Some(error), _) => Err(error),
        (None, read) => Ok(read?.1),
    }
}

/// Lines of an archive's own form, which may be none at all.
fn rest(
    path: &Path,
    take: &mut dyn FnMut(Line) -> Result<(), ExportError>,
) -> Result<Imported, ExportError> {
    let at = |source| ImportError::Io { path: path.to_owned(), source };
    let mut reader = Reader::new(File::open(path).map_err(at)?).map_err(at)?;
    let mut read = Imported::default();
    while let Some(line) = reader.next_line().map_err(at)? {
        read.rows += 1;
        match line {
            Ok(line) => {
                read.records += 1;
                take(line)?;
            }
            Err(bad) => read.findings.lost(bad.line, "row.format"),
        }
    }
    Ok(read)
}

/// A line of a bag as a line of the bundle: what names no conversation belongs to the group's.
fn within(line: Line, group: &NativeId) -> Line {
    match line {
        Line::Record(mut record) => {
            record.conversation = Some(group.clone());
            Line::Record(record)
        }
        Line::Participant(mut person) => {
            person.conversation = Some(group.clone());
            Line::Participant(person)
        }
        line => line,
    }
}

fn folders(groups: &Path) -> Result<Vec<PathBuf>, ExportError> {
    let at = |source| ImportError::Io { path: groups.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(groups).map_err(at)?.take(MAX_GROUPS) {
        let path = entry.map_err(at)?.path();
        if path.join(ARCHIVE).is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn add(all: &mut Imported, more: Imported) {
    all.rows += more.rows;
    all.records += more.records;
    all.conversations += more.conversations;
    all.participants += more.participants;
    all.cut |= more.cut;
    all.findings.total += more.findings.total;
    all.findings.unreadable += more.findings.unreadable;
    let room = adjourn_formats::MAX_FINDINGS.saturating_sub(all.findings.first.len());
    all.findings.first.extend(more.findings.first.into_iter().take(room));
}

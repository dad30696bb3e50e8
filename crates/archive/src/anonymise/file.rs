//! A copy on disk: looked at, and written anew.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use adjourn_domain::canonical::Hash;
use serde_json::{Map, Value};

use super::Table;
use super::change::Change;
use super::line::{Keys, about, attributes};
use crate::deidentify::file::{FileError, Hashed, io_at, unread, whole};
use crate::model::Reader;

/// zstd level of a new copy.
const LEVEL: i32 = 3;

/// What is known of a new copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// SHA-256 of it.
    pub sha256: Hash,
    /// Its size in bytes.
    pub bytes: u64,
    /// Lines that were changed.
    pub changed: u64,
}

/// Looks at everybody in a copy. Memory grows with the people, not with the messages.
///
/// # Errors
/// [`FileError`]; also where a line of it is no JSON object, which no copy has.
pub fn look(path: &Path, keys: &Keys) -> Result<Table, FileError> {
    let mut table = Table::default();
    each(path, |mut line, _| {
        let Some(about) = about(&line, keys) else { return Ok(()) };
        let mut found = Vec::new();
        attributes(&mut line, keys, &mut |key, value| {
            found.extend(shown(value).into_iter().map(|value| (key.to_lowercase(), value)));
        });
        if table.note(about, found) { Ok(()) } else { Err(FileError::Form("a copy of too many people")) }
    })?;
    Ok(table)
}

/// Writes a copy anew, with some of it changed; in zstd where the old one is.
///
/// # Errors
/// [`FileError`]; no new copy is there then, and the old one is as it was.
pub fn write(from: &Path, to: &Path, force: bool, change: &Change<'_>) -> Result<Written, FileError> {
    let compressed = open(from)?.compressed();
    whole(from, to, force, |file| {
        let mut sealed = Hashed::new(BufWriter::new(file));
        let changed = if compressed {
            let mut packed = zstd::Encoder::new(&mut sealed, LEVEL).map_err(io_at(to))?;
            packed.include_checksum(true).map_err(io_at(to))?;
            let changed = lines(from, to, change, &mut packed)?;
            packed.finish().map_err(io_at(to))?;
            changed
        } else {
            lines(from, to, change, &mut sealed)?
        };
        sealed.flush().map_err(io_at(to))?;
        let (sha256, bytes) = sealed.finish();
        Ok(Written { sha256, bytes, changed })
    })
}

fn lines(from: &Path, to: &Path, change: &Change<'_>, out: &mut impl Write) -> Result<u64, FileError> {
    let mut changed = 0;
    each(from, |line, text| {
        let new = change.line(line, text).map_err(|_| FileError::Form("something else"))?;
        changed += u64::from(new.is_some());
        let text = new.as_deref().unwrap_or(text);
        out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).map_err(io_at(to))
    })?;
    Ok(changed)
}

/// Gives each line as an object and as it stands there, without its end.
fn each(
    path: &Path,
    mut take: impl FnMut(Map<String, Value>, &str) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let mut reader = open(path)?;
    let compressed = reader.compressed();
    while let Some(text) = reader.next_text().map_err(|error| unread(error, compressed, path))? {
        let (_, text) = text.map_err(|_| FileError::Form("something else"))?;
        let text = text.trim_end_matches(['\n', '\r']);
        let line = serde_json::from_str(text).map_err(|_| FileError::Form("something else"))?;
        take(line, text)?;
    }
    Ok(())
}

fn open(path: &Path) -> Result<Reader<'static>, FileError> {
    let file = File::open(path).map_err(io_at(path))?;
    Reader::new(file).map_err(|error: io::Error| io_at(path)(error))
}

/// The values that a value has: those of a list, one by one.
pub(super) fn shown(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(values) => values.iter().flat_map(shown).collect(),
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

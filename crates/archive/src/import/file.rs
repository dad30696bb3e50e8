//! An export as an archive on disk: beside its place first, there whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use super::{Format, ImportError, Imported, Options, read};
use crate::model::{FileError, Writer};
use crate::place::Beside;

/// Reads an export and writes it as an archive in zstd. A file that is there is replaced at the end, when the new one is on disk.
///
/// # Errors
/// [`ImportError`]; nothing is left behind then.
pub fn to_file(from: &Path, to: &Path, options: &Options) -> Result<(Format, Imported), ImportError> {
    let beside = Beside::of(to);
    let at = |source: io::Error| ImportError::Io { path: to.to_owned(), source };
    let refused = |error: FileError| match error {
        FileError::Io(source) => at(source),
        error @ FileError::Canonical(_) => error.into(),
    };
    let mut writer: Option<Writer<BufWriter<File>>> = None;
    let found = read(from, options, |line| {
        let writer = match &mut writer {
            Some(writer) => writer,
            // Nothing is made for an export that is refused.
            none => none.insert(
                File::create(beside.path())
                    .and_then(|file| Writer::zstd(BufWriter::with_capacity(1 << 20, file)))
                    .map_err(at)?,
            ),
        };
        writer.write(&line).map_err(refused)
    })?;
    let Some(writer) = writer else { return Ok(found) };
    let mut buffer = writer.finish().map_err(at)?;
    buffer.flush().map_err(at)?;
    buffer.get_ref().sync_all().map_err(at)?;
    beside.settle().map_err(at)?;
    Ok(found)
}

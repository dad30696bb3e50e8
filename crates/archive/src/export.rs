//! Archives in the forms that other tools read.
//!
//! ```text
//! input ─► cast (who and what, one pass) ─┬─► second pass, in the source's order ─► CSV, ChatLab, JSON lines, Parquet
//!                                         └─► sorted by conversation and time ────► RSMF, EML, HTML
//! ```
//!
//! Participants and conversations may stand before the records or after them, so their names are gathered first. Memory does not grow with the number of
//! records: what is sorted is sorted on disk. It grows with the number of participants, up to a limit of [`cast`]. What is made is there whole or not
//! at all ([`place`]).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;

use crate::import::{ImportError, Imported, Zone};
use crate::model::{FileError, Line};

mod cast;
mod chatlab;
mod csv;
mod eml;
mod folder;
mod html;
mod input;
mod lines;
mod mime;
mod place;
mod plain;
mod rsmf;
mod slices;
mod sorted;
mod words;

pub use words::Words;

use cast::Cast;
use place::Place;
use sorted::{Sorted, Sorter};

/// What an archive is made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The archive's own lines; in zstd where the file's name ends in `.zst`.
    Jsonl,
    /// chatlog's table: one row for each record.
    Csv,
    /// `ChatLab`, one document.
    Chatlab,
    /// `ChatLab`, JSON lines.
    ChatlabJsonl,
    /// One page that needs no network.
    Html,
    /// Relativity's short message format 2.0: a folder with a file for each day of each conversation.
    Rsmf,
    /// Mail: a folder with a message for each day of each conversation.
    Eml,
}

/// What an exporter is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// Only this conversation.
    pub conversation: Option<NativeId>,
    /// The zone of local times and of days.
    pub zone: Zone,
    /// When it is made; formats that say so say this.
    pub now: Time,
    /// What is written where a record has more than text, in the language of whoever reads.
    pub words: Words,
    /// The same in the other languages, for what speaks several.
    pub others: Vec<Words>,
    /// CSV: how cells are written.
    pub cells: Cells,
    /// Where it is said how far the work is.
    pub progress: Arc<Progress>,
}

impl Options {
    fn languages(&self) -> impl Iterator<Item = &Words> {
        std::iter::once(&self.words).chain(&self.others)
    }
}

/// How cells of a table are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cells {
    /// Whether a cell that a spreadsheet would take for a formula is written as it is. By default `'` is put before it.
    pub formulas: bool,
    /// Whether the file begins with a byte order mark, which some spreadsheets need to read UTF-8.
    pub mark: bool,
}

/// How far the work is. Whoever shows it looks at it from time to time.
#[derive(Debug, Default)]
pub struct Progress {
    read: AtomicU64,
    written: AtomicU64,
}

impl Progress {
    /// Records that were read in the first pass.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Records that were written.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    fn saw(&self, line: &Line) {
        if matches!(line, Line::Record(_)) {
            self.read.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn wrote(&self) {
        self.written.fetch_add(1, Ordering::Relaxed);
    }
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Converted {
    /// What was read, and what could not be.
    pub read: Imported,
    /// Records that were written.
    pub written: u64,
    /// Records of conversations that were not asked for.
    pub left_out: u64,
    /// Files that were written.
    pub files: u64,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The archive could not be read.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// What was made could not be written.
    #[error("{path}: {source}")]
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line has no form.
    #[error("{0}")]
    Form(String),
    /// The format holds one conversation, and there are several.
    #[error("{of} conversations")]
    Several {
        /// How many.
        of: usize,
        /// The first of them, with their names.
        first: String,
    },
    /// No record belongs to the conversation that was asked for.
    #[error("no conversation {id}")]
    Conversation {
        /// Which.
        id: NativeId,
        /// The first of those that there are, with their names.
        first: String,
    },
    /// Something lies there that no conversion wrote.
    #[error("{0} is not what a conversion wrote")]
    Foreign(PathBuf),
}

impl ExportError {
    /// The error slug that users see.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Import(error) => error.code(),
            Self::Write { .. } => "io",
            Self::Form(_) => "internal",
            Self::Several { .. } => "archive.several",
            Self::Conversation { .. } => "archive.conversation",
            Self::Foreign(_) => "archive.foreign",
        }
    }
}

/// Makes of an archive, or of an export that [`crate::import`] reads, a file or folder at `to`. What is there already is replaced at the end.
///
/// # Errors
/// [`ExportError`]; nothing is left behind then, and what was there stays.
pub fn convert(
    from: &Path,
    to: &Path,
    target: Target,
    options: &Options,
) -> Result<Converted, ExportError> {
    match target {
        Target::Jsonl if to.extension().is_some_and(|end| end == "zst") => {
            streamed(from, to, options, |file, _| Ok(Box::new(lines::Lines::zstd(file)?)))
        }
        Target::Jsonl => streamed(from, to, options, |file, _| Ok(Box::new(lines::Lines::plain(file)))),
        Target::Csv => streamed(from, to, options, |file, _| Ok(Box::new(csv::Csv::new(file, options)?))),
        Target::Chatlab => streamed(from, to, options, |file, cast| {
            Ok(Box::new(chatlab::Document::new(file, cast, options)?))
        }),
        Target::ChatlabJsonl => {
            streamed(from, to, options, |file, cast| Ok(Box::new(chatlab::Rows::new(file, cast, options)?)))
        }
        Target::Html => {
            let (read, cast, sorted) = gathered(from, to, options)?;
            let place = Place::file(to);
            let at = |source| ExportError::Write { path: to.to_owned(), source };
            let file = place.create().map_err(at)?;
            let (file, written) =
                html::write(file, &cast, sorted, options).map_err(|error| error.at(to))?;
            place.keep(file).map_err(at)?;
            Ok(Converted { read, written, left_out: cast.left_out(), files: 1 })
        }
        Target::Rsmf => sliced(from, to, "rsmf", rsmf::message, options),
        Target::Eml => sliced(from, to, "eml", eml::message, options),
    }
}

/// Two passes: who and what, then the lines in the source's order.
fn streamed<'a>(
    from: &Path,
    to: &Path,
    options: &'a Options,
    begin: impl FnOnce(place::Output, &Cast) -> Result<Box<dyn Exporter + 'a>, WriteError>,
) -> Result<Converted, ExportError> {
    let at = |source| ExportError::Write { path: to.to_owned(), source };
    let mut cast = Cast::default();
    input::read(from, options, |line| {
        options.progress.saw(&line);
        cast.take(line);
        Ok(())
    })?;
    cast.settle(options.conversation.as_ref())?;
    let place = Place::file(to);
    let file = place.create().map_err(at)?;
    let mut writer = begin(file, &cast).map_err(|error| error.at(to))?;
    let mut written = 0;
    let read = input::read(from, options, |line| {
        if let Line::Record(record) = &line {
            if !cast.wanted(record) {
                return Ok(());
            }
            written += 1;
            options.progress.wrote();
        }
        writer.take(line, &cast).map_err(|error| error.at(to))
    })?;
    let file = writer.finish().map_err(|error| error.at(to))?;
    place.keep(file).map_err(at)?;
    Ok(Converted { read, written, left_out: cast.left_out(), files: 1 })
}

/// One pass: who and what, and the records by conversation and time.
fn gathered(from: &Path, to: &Path, options: &Options) -> Result<(Imported, Cast, Sorted), ExportError> {
    let at = |source| ExportError::Write { path: to.to_owned(), source };
    let mut cast = Cast::default();
    let mut sorter = Sorter::new(Place::runs(to));
    let read = input::read(from, options, |line| {
        options.progress.saw(&line);
        match line {
            Line::Record(record) => sorter.push(cast.record(&record), &record).map_err(at)?,
            line => cast.take(line),
        }
        Ok(())
    })?;
    cast.settle(options.conversation.as_ref())?;
    let sorted = sorter.finish(cast.chosen()).map_err(at)?;
    Ok((read, cast, sorted))
}

fn sliced(
    from: &Path,
    to: &Path,
    ending: &str,
    make: folder::Make,
    options: &Options,
) -> Result<Converted, ExportError> {
    let (read, cast, sorted) = gathered(from, to, options)?;
    let (written, files) = folder::write(to, ending, make, &cast, sorted, options)?;
    Ok(Converted { read, written, left_out: cast.left_out(), files })
}

/// Writes lines in the source's order.
trait Exporter {
    /// The next line. Formats whose participants stand elsewhere pass over those here.
    fn take(&mut self, line: Line, cast: &Cast) -> Result<(), WriteError>;

    /// Ends the file.
    fn finish(self: Box<Self>) -> Result<place::Output, WriteError>;
}

/// A line could not be written.
#[derive(Debug)]
enum WriteError {
    Io(io::Error),
    Form(String),
    Whole(ExportError),
}

impl WriteError {
    fn at(self, path: &Path) -> ExportError {
        match self {
            Self::Io(source) => ExportError::Write { path: path.to_owned(), source },
            Self::Form(says) => ExportError::Form(says),
            Self::Whole(error) => error,
        }
    }
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<FileError> for WriteError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Io(error) => Self::Io(error),
            FileError::Canonical(error) => Self::Form(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for WriteError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Io(error.into()) } else { Self::Form(error.to_string()) }
    }
}

#[cfg(test)]
mod tests;

//! Exports of other tools, read into the archive's form.
//!
//! The format is found by what is in a file, never by its name; what is none of them is refused with what was expected. Everything streams: memory does
//! not grow with the number of messages. A row that can't be read is listed with its number and the rest is read on; the source itself is never changed,
//! so nothing is lost.
//!
//! ```text
//! path ─► Source (file │ folder │ zip │ tar) ─► detect ─► one module per format ─► Out ─► lines of the model
//! ```

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use adjourn_formats::Zone;

use crate::model::Line;

mod bag;
mod chatlab;
mod detect;
mod discord;
mod document;
mod fields;
mod file;
mod format;
mod json;
mod matrix;
mod mattermost;
mod out;
mod own;
mod qq;
mod slack;
mod source;
mod tar;
mod telegram;
mod text_lines;
mod wechat;
mod wecom;
mod weflow;
mod zulip;

pub use bag::{Bag, Listed};
pub use file::to_file;
pub use format::Format;
pub use out::Imported;
pub use source::Progress;

use out::Out;
use source::Source;

/// What the reader is told.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The zone of local times; of tools that write none.
    pub zone: Zone,
    /// Where it is said how far the reading is.
    pub progress: Arc<Progress>,
}

/// Why an export is not read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file could not be opened.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be read on, or what was made of it could not be written.
    #[error(transparent)]
    Stream(#[from] io::Error),
    /// It begins like none of the formats.
    #[error("none of the formats: {found}")]
    Format {
        /// What it begins with, shortened.
        found: String,
    },
    /// It is packed in a way that is not read.
    #[error("it is packed with {0}")]
    Packed(&'static str),
    /// A text that is not UTF-8, or a row without end, in a member's export.
    #[error(transparent)]
    Refused(#[from] adjourn_formats::Refused),
    /// A file of the export is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// A file that is small in every export is not.
    #[error("{name} is larger than {limit} bytes")]
    TooLarge {
        /// Its name.
        name: String,
        /// The limit.
        limit: u64,
    },
    /// The zip file is damaged, or more comes out of it than goes in.
    #[error("{0}")]
    Package(String),
    /// An entry of a zip file wants to lie somewhere else, is a link, locked, or there twice.
    #[error("{0}")]
    Place(String),
    /// A file of a bag is not what the bag's manifest says.
    #[error("{0} is not what the manifest says")]
    Altered(String),
    /// The messages of a bag are sealed.
    #[error("{0} is sealed")]
    Sealed(String),
    /// A line has no canonical form.
    #[error(transparent)]
    Canonical(#[from] adjourn_domain::canonical::CanonicalError),
}

impl From<crate::model::FileError> for ImportError {
    fn from(error: crate::model::FileError) -> Self {
        match error {
            crate::model::FileError::Io(error) => Self::Stream(error),
            crate::model::FileError::Canonical(error) => Self::Canonical(error),
        }
    }
}

impl ImportError {
    /// The error slug that users see.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stream(error) if source::Spoiled::is(error) => "upload.package",
            Self::Io { .. } | Self::Stream(_) => "io",
            Self::Format { .. } => "upload.format",
            Self::Packed(_) => "upload.packed",
            Self::Refused(refused) => refused.code(),
            Self::Missing(_) => "upload.incomplete",
            Self::TooLarge { .. } | Self::Package(_) => "upload.package",
            Self::Place(_) => "upload.place",
            Self::Altered(_) => "archive.altered",
            Self::Sealed(_) => "archive.sealed",
            Self::Canonical(_) => "internal",
        }
    }
}

/// The format of a path.
///
/// # Errors
/// [`ImportError::Format`] when it is none of them; others when it can't be read.
pub fn detect(path: &Path) -> Result<Format, ImportError> {
    detect::detect(&mut Source::open(path, &Arc::default())?)
}

/// Reads an export; `take` gets the lines in the source's order. What it got before an error stands.
///
/// # Errors
/// [`ImportError`], and whatever `take` answers.
pub fn read(
    path: &Path,
    options: &Options,
    mut take: impl FnMut(Line) -> Result<(), ImportError>,
) -> Result<(Format, Imported), ImportError> {
    let mut source = Source::open(path, &options.progress)?;
    let format = detect::detect(&mut source)?;
    let mut out = Out::new(&mut take);
    let parts = source.take_parts();
    if parts.files.is_empty() {
        one(format, &mut source, options, &mut out)?;
        return Ok((format, out.done()));
    }
    out.several();
    for file in parts.files {
        source.choose(file);
        one(format, &mut source, options, &mut out)?;
    }
    (0..parts.damaged).for_each(|_| out.missing("file.part_unknown"));
    (0..parts.passed).for_each(|_| out.note_file("file.not_a_chat"));
    Ok((format, out.done()))
}

/// Reads one file, or one package.
fn one(format: Format, source: &mut Source, options: &Options, out: &mut Out<'_>) -> Result<(), ImportError> {
    match format {
        Format::ChatlogCsv
        | Format::ChatlogJson
        | Format::MemotraceCsv
        | Format::MemotraceSessionCsv
        | Format::PywxdumpCsv
        | Format::PywxdumpJson => wechat::read(source, format, options, out),
        Format::WeflowJson => weflow::read(source, out),
        Format::QqExporterJson => qq::json(source, options, out),
        Format::QqExporterChunks => qq::chunks(source, options, out),
        Format::ChatlabJson => chatlab::json(source, out),
        Format::ChatlabJsonl => chatlab::lines(source, out),
        Format::WecomArchive => wecom::read(source, out),
        Format::DiscordJson => discord::read(source, out),
        Format::SlackExport => slack::read(source, out),
        Format::TelegramJson => telegram::read(source, options, out),
        Format::MattermostJsonl => mattermost::read(source, out),
        Format::ZulipExport => zulip::read(source, out),
        Format::MatrixJson => matrix::read(source, out),
        Format::ArchiveJsonl => own::lines(source, out),
        Format::ArchiveBag => own::bag(source, out),
    }
}

/// What is read, for people: one line for each format.
pub fn expected() -> String {
    Format::ALL.iter().fold(String::new(), |mut text, format| {
        // Writing to a String can't fail.
        let _ = writeln!(text, "{}: {}", format.slug(), format.looks());
        text
    })
}

#[cfg(test)]
mod tests;

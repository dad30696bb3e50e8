//! A de-identified copy of a file: JSON lines, plain or in zstd, in the form in which they came.
//!
//! The copy is written under another name, flushed to disk, and renamed at the end: whoever finds the name finds all of it. A kill leaves `.NAME.part`,
//! which the next attempt writes over.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Cursor, Read, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use adjourn_domain::canonical::Hash;
use adjourn_redact::Detector;
use sha2::{Digest as _, Sha256};

use super::exported::{Exported, Outcome};
use super::roster::Roster;
use super::{Copied, CopyError, Deidentify};
use crate::import::Options;

/// What zstd begins with (RFC 8878, section 3.1.1).
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Other things that are taken for a list of messages, by what they begin with.
const FOREIGN: [(&[u8], &str); 6] = [
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3\0", "sqlite"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"age-encryption.org/", "age"),
];
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Where lines come from or go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Standard input or output.
    Standard,
    /// A file.
    File(PathBuf),
    /// Nowhere: what is written is only counted.
    Nowhere,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file could not be read, made or renamed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The copy is there already.
    #[error("{0} exists")]
    Exists(PathBuf),
    /// The copy would take the original's place.
    #[error("{0} is the original")]
    Same(PathBuf),
    /// Another process is writing the copy.
    #[error("{0} is being written")]
    Busy(PathBuf),
    /// It is something else than JSON lines.
    #[error("not JSON lines but {0}")]
    Form(&'static str),
    /// The compressed input is cut off or broken.
    #[error("compressed input: {0}")]
    Compressed(io::Error),
    /// A thread ended.
    #[error("a thread ended")]
    Thread,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// What was read and found.
    pub copied: Copied,
    /// Whether input and copy are compressed.
    pub compressed: bool,
    /// SHA-256 and size of the copy.
    pub sha256: Hash,
    /// Bytes of the copy.
    pub bytes: u64,
}

/// An input that was opened, and what it is.
pub struct Opened {
    input: Box<dyn Read + Send>,
    path: PathBuf,
    /// Whether the copy is written in zstd, as what is read is.
    compressed: bool,
}

pub(crate) fn io_at(path: &Path) -> impl FnOnce(io::Error) -> FileError + '_ {
    move |source| FileError::Io { path: path.to_owned(), source }
}

impl Opened {
    /// Opens an input and looks what it is. `read` counts the bytes that were read from it, as they lie there.
    ///
    /// # Errors
    /// [`FileError::Io`], and [`FileError::Form`] for what is known not to be lines.
    pub fn open(place: &Place, read: Arc<AtomicU64>) -> Result<Self, FileError> {
        let (input, path): (Box<dyn Read + Send>, PathBuf) = match place {
            Place::File(path) => (Box::new(File::open(path).map_err(io_at(path))?), path.clone()),
            Place::Standard => (Box::new(io::stdin()), PathBuf::from("-")),
            Place::Nowhere => (Box::new(io::empty()), PathBuf::new()),
        };
        Self::of(input, path, read)
    }

    /// The same for an input that was opened already.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn of(
        mut input: Box<dyn Read + Send>,
        path: PathBuf,
        read: Arc<AtomicU64>,
    ) -> Result<Self, FileError> {
        let mut head = Vec::new();
        input.by_ref().take(16).read_to_end(&mut head).map_err(io_at(&path))?;
        if let Some((_, form)) = FOREIGN.iter().find(|(begins, _)| head.starts_with(begins)) {
            return Err(FileError::Form(form));
        }
        let compressed = head.starts_with(&ZSTD);
        let head = head.strip_prefix(MARK).map(<[u8]>::to_vec).unwrap_or(head);
        let whole = Counted { inner: Cursor::new(head).chain(input), read };
        let input: Box<dyn Read + Send> = if compressed {
            Box::new(zstd::stream::read::Decoder::new(whole).map_err(io_at(&path))?)
        } else {
            Box::new(whole)
        };
        Ok(Self { input, path, compressed })
    }

    /// Opens what another tool exported; the copy is compressed where `compressed` says so.
    pub fn export(path: &Path, options: Options, compressed: bool) -> (Self, Outcome) {
        let (lines, outcome) = Exported::open(path, options);
        (Self { input: Box::new(lines), path: path.to_owned(), compressed }, outcome)
    }
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(to)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// Adds to a list who wrote what is in an input.
///
/// # Errors
/// [`FileError`]: when it can't be read, or is not what it looks like.
pub fn learn(opened: Opened, roster: &mut Roster, words: &Detector) -> Result<(), FileError> {
    let Opened { input, path, compressed } = opened;
    super::learn::learn(input, roster, words).map_err(|source| unread(source, compressed, &path))
}

/// Makes a copy of what was opened; `how.compress` is set by what the input is. An older copy is replaced only where `force` says so.
///
/// # Errors
/// [`FileError`]; then no copy is there, and an older one is as it was.
pub fn copy(opened: Opened, output: &Place, force: bool, how: &Deidentify<'_>) -> Result<Made, FileError> {
    let Opened { input, path: from, compressed } = opened;
    let how = Deidentify { compress: compressed, ..*how };
    let run = |to: &mut dyn Write, path: &Path| -> Result<Made, FileError> {
        let mut sealed = Sealed::new(to);
        let copied = how.copy(input, &mut sealed).map_err(|error| match error {
            CopyError::Read(source) => unread(source, compressed, &from),
            CopyError::Write(source) => FileError::Io { path: path.to_owned(), source },
            CopyError::Thread => FileError::Thread,
        })?;
        if copied.lines > 0 && copied.left_out == copied.lines {
            return Err(FileError::Form("something else"));
        }
        let (sha256, bytes) = sealed.finish();
        Ok(Made { copied, compressed, sha256, bytes })
    };
    match output {
        Place::Standard => run(&mut io::stdout().lock(), Path::new("-")),
        Place::Nowhere => run(&mut io::sink(), Path::new("")),
        Place::File(path) => whole(&from, path, force, |file| run(file, path)),
    }
}

/// Writes a copy of `from` beside its place first: it is there whole or not at all.
pub(crate) fn whole<T>(
    from: &Path,
    path: &Path,
    force: bool,
    write: impl FnOnce(&mut File) -> Result<T, FileError>,
) -> Result<T, FileError> {
    check_new(from, path, force)?;
    let part = part_of(path);
    let mut file = begin(&part)?;
    let made = write(&mut file).and_then(|made| {
        file.sync_all().map_err(io_at(path))?;
        check_new(from, path, force)?;
        fs::rename(&part, path).map_err(io_at(path))?;
        sync_folder(path)?;
        Ok(made)
    });
    if made.is_err() {
        let _ = fs::remove_file(&part);
    }
    made
}

/// Why reading ended. What the system does not number is what the decoder says.
pub(crate) fn unread(source: io::Error, compressed: bool, path: &Path) -> FileError {
    if compressed && source.raw_os_error().is_none() {
        return FileError::Compressed(source);
    }
    FileError::Io { path: path.to_owned(), source }
}

/// Writes a small file whole or not at all, readable by its owner alone.
///
/// # Errors
/// [`FileError::Io`].
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let part = part_of(path);
    let mut file = begin(&part)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io_at(path))?;
    fs::rename(&part, path).map_err(io_at(path))?;
    sync_folder(path)
}

/// Whether a copy may be written there.
///
/// # Errors
/// [`FileError::Exists`] and [`FileError::Same`].
pub fn check_new(from: &Path, to: &Path, force: bool) -> Result<(), FileError> {
    let Ok(there) = fs::canonicalize(to) else { return Ok(()) };
    if fs::canonicalize(from).is_ok_and(|from| from == there) {
        return Err(FileError::Same(to.to_owned()));
    }
    if force { Ok(()) } else { Err(FileError::Exists(to.to_owned())) }
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".part");
    path.with_file_name(name)
}

/// Opens a file that becomes another one, for one process alone.
fn begin(part: &Path) -> Result<File, FileError> {
    let mut options = OpenOptions::new();
    let file =
        options.create(true).write(true).truncate(false).mode(0o600).open(part).map_err(io_at(part))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(FileError::Busy(part.to_owned())),
        Err(TryLockError::Error(source)) => return Err(FileError::Io { path: part.to_owned(), source }),
    }
    // Whoever held it may have renamed it since it was opened: then it is a finished copy.
    let (mine, there) = (file.metadata().map_err(io_at(part))?, fs::metadata(part).ok());
    if there.is_none_or(|there| (there.dev(), there.ino()) != (mine.dev(), mine.ino())) {
        return Err(FileError::Busy(part.to_owned()));
    }
    file.set_len(0).map_err(io_at(part))?;
    Ok(file)
}

/// A name is on disk when its folder is.
fn sync_folder(path: &Path) -> Result<(), FileError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_at(folder))
}

/// Hashes and counts what goes through.
pub(crate) struct Sealed<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Sealed<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// SHA-256 and number of what went through.
    pub(crate) fn finish(self) -> (Hash, u64) {
        (Hash(self.hash.finalize().into()), self.bytes)
    }
}

impl<W: Write> Write for Sealed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

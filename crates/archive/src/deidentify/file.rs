//! A de-identified copy of a file: JSON lines, plain or in zstd, in the form in which they came.
//!
//! The copy is written under another name, flushed to disk, and renamed at the end: whoever finds the name finds all of it. A kill leaves `.NAME.part`,
//! which the next attempt writes over.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Cursor, Read, Write};
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
use crate::sealed::{Recipient, SealError, Sealed, Sealing};

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
    /// The original can't be sealed to these recipients.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A thread ended.
    #[error("a thread ended")]
    Thread,
}

/// Where the original is sealed to.
#[derive(Debug, Clone, Copy)]
pub struct Original<'a> {
    /// The file.
    pub path: &'a Path,
    /// Who can open it; at least one.
    pub recipients: &'a [Recipient],
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// What was read and found.
    pub copied: Copied,
    /// Whether the copy is compressed.
    pub compressed: bool,
    /// SHA-256 and size of the copy.
    pub sha256: Hash,
    /// Bytes of the copy.
    pub bytes: u64,
    /// What was sealed of the original: the compressed lines.
    pub sealed: Option<Sealed>,
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

/// Makes a copy of what was opened: in zstd where the input is or the copy's name says so. The original is sealed in the same pass where one is wanted: all lines, in
/// zstd, in age. Older files are replaced only where `force` says so.
///
/// # Errors
/// [`FileError`]; then neither is there, and older ones are as they were.
pub fn copy(
    opened: Opened,
    output: &Place,
    original: Option<&Original<'_>>,
    force: bool,
    how: &Deidentify<'_>,
) -> Result<Made, FileError> {
    let Opened { input, path: from, compressed } = opened;
    let named = matches!(output, Place::File(path) if path.extension().is_some_and(|ending| ending == "zst"));
    let how = Deidentify { compress: compressed || named, ..*how };
    let new = |path: &Path| New::begin(&from, path, force);
    let (mut copy, path) = match output {
        Place::File(path) => (Some(new(path)?), path.as_path()),
        Place::Standard => (None, Path::new("-")),
        Place::Nowhere => (None, Path::new("")),
    };
    let mut kept =
        original.map(|original| Ok::<_, FileError>((new(original.path)?, original))).transpose()?;
    let mut stdout = (*output == Place::Standard).then(|| io::stdout().lock());
    let to: &mut dyn Write = match (&mut copy, &mut stdout) {
        (Some(new), _) => &mut new.file,
        (None, Some(stdout)) => stdout,
        (None, None) => &mut io::sink(),
    };
    let mut written = Hashed::new(to);
    let mut sealing = None;
    if let Some((new, original)) = &mut kept {
        sealing = Some(Sealing::new(original.recipients, BufWriter::with_capacity(1 << 18, &mut new.file))?);
    }
    let copied = match &mut sealing {
        Some(sealing) => how.copy_and_keep(input, &mut written, sealing),
        None => how.copy(input, &mut written),
    };
    let at = |path: &Path, source| FileError::Io { path: path.to_owned(), source };
    let copied = copied.map_err(|error| match error {
        CopyError::Read(source) => unread(source, compressed, &from),
        CopyError::Write(source) => at(path, source),
        CopyError::Keep(source) => at(original.map_or(path, |original| original.path), source),
        CopyError::Thread => FileError::Thread,
    })?;
    if copied.lines > 0 && copied.left_out == copied.lines {
        return Err(FileError::Form("something else"));
    }
    let sealed = sealing.map(|sealing| sealing.finish().map(|(_, sealed)| sealed)).transpose();
    let sealed = sealed.map_err(|source| at(original.map_or(path, |original| original.path), source))?;
    let (sha256, bytes) = written.finish();
    // Both are whole before either has its name.
    let files: Vec<New> = kept.into_iter().map(|(new, _)| new).chain(copy).collect();
    files.iter().try_for_each(New::settle)?;
    files.into_iter().try_for_each(|new| new.name(&from, force))?;
    Ok(Made { copied, compressed: how.compress, sha256, bytes, sealed })
}

/// Writes a copy of `from` beside its place first: it is there whole or not at all.
pub(crate) fn whole<T>(
    from: &Path,
    path: &Path,
    force: bool,
    write: impl FnOnce(&mut File) -> Result<T, FileError>,
) -> Result<T, FileError> {
    let mut new = New::begin(from, path, force)?;
    let made = write(&mut new.file)?;
    new.settle()?;
    new.name(from, force)?;
    Ok(made)
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
    let mut new = New::at(path)?;
    new.file.write_all(bytes).map_err(io_at(path))?;
    new.settle()?;
    new.rename()
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

/// A file that has its name only when it is whole; what is left of an attempt is removed.
struct New {
    path: PathBuf,
    part: PathBuf,
    file: File,
    named: bool,
}

impl New {
    fn begin(from: &Path, path: &Path, force: bool) -> Result<Self, FileError> {
        check_new(from, path, force)?;
        Self::at(path)
    }

    fn at(path: &Path) -> Result<Self, FileError> {
        let part = part_of(path);
        let file = begin(&part)?;
        Ok(Self { path: path.to_owned(), part, file, named: false })
    }

    fn settle(&self) -> Result<(), FileError> {
        self.file.sync_all().map_err(io_at(&self.path))
    }

    fn name(self, from: &Path, force: bool) -> Result<(), FileError> {
        check_new(from, &self.path, force)?;
        self.rename()
    }

    fn rename(mut self) -> Result<(), FileError> {
        fs::rename(&self.part, &self.path).map_err(io_at(&self.path))?;
        self.named = true;
        sync_folder(&self.path)
    }
}

impl Drop for New {
    fn drop(&mut self) {
        if !self.named {
            let _ = fs::remove_file(&self.part);
        }
    }
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
pub(crate) struct Hashed<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashed<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// SHA-256 and number of what went through.
    pub(crate) fn finish(self) -> (Hash, u64) {
        (Hash(self.hash.finalize().into()), self.bytes)
    }
}

impl<W: Write> Write for Hashed<W> {
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

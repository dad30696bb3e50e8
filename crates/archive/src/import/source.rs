//! Where an export lies: one file, a folder of files, a zip file, or a tar file, plain or in gzip.
//!
//! Names stay below the folder, links are not followed, and what comes out of a zip file is counted while it comes: a file that grows beyond measure is
//! refused before it fills a disk or memory. Nothing is unpacked.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use zip::ZipArchive;

use super::ImportError;
use super::tar::Tar;

/// Most files of an export.
pub(super) const MAX_FILES: usize = 200_000;
/// Bytes that may come out of a package for each byte of it. JSON of chats packs about 1 : 10.
pub(super) const MAX_GROWTH: u64 = 300;
/// Bytes that may come out of any package.
pub(super) const FREE_GROWTH: u64 = 16 * 1024 * 1024;
/// Deepest folder.
const MAX_DEPTH: usize = 8;

/// How far the reading is. Whoever shows it looks at it from time to time.
#[derive(Debug, Default)]
pub struct Progress {
    read: AtomicU64,
    of: AtomicU64,
}

impl Progress {
    /// Bytes of messages that were read.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes that there are, as far as the source says.
    pub fn of(&self) -> u64 {
        self.of.load(Ordering::Relaxed)
    }
}

/// The files of an export.
pub(super) struct Source {
    kind: Kind,
    /// The file that the empty name means.
    main: String,
    parts: Parts,
    progress: Arc<Progress>,
    /// Whether its files are read twice.
    twice: bool,
}

/// The files of an export that are a chat each.
#[derive(Default)]
pub(super) struct Parts {
    /// Those that are read, in their order.
    pub(super) files: Vec<String>,
    /// How many lie among them and can't be known for a chat.
    pub(super) damaged: usize,
    /// How many lie elsewhere and are none.
    pub(super) passed: usize,
}

enum Kind {
    /// One file.
    File(PathBuf),
    /// A folder: names below it, with `/`.
    Folder(BTreeMap<String, PathBuf>),
    /// A zip file: names, with their places in it.
    Zip {
        /// The package.
        package: Box<ZipArchive<File>>,
        /// What is in it.
        names: BTreeMap<String, usize>,
        /// Bytes that may still come out.
        room: u64,
    },
    /// A tar file: names, with their names in it.
    Tar {
        /// The package.
        package: Box<Tar>,
        /// What is in it.
        names: BTreeMap<String, String>,
    },
}

impl Source {
    /// Opens a path.
    pub(super) fn open(path: &Path, progress: &Arc<Progress>) -> Result<Self, ImportError> {
        let (kind, bytes) = Kind::open(path)?;
        progress.of.store(bytes, Ordering::Relaxed);
        Ok(Self {
            kind,
            main: String::new(),
            parts: Parts::default(),
            progress: Arc::clone(progress),
            twice: false,
        })
    }

    /// Says which file of a folder the export is.
    pub(super) fn choose(&mut self, name: String) {
        self.main = name;
    }

    /// Which file of a folder is read; empty where the export is one file.
    pub(super) fn main(&self) -> &str {
        &self.main
    }

    /// Its files are read twice: that many bytes are to be read.
    pub(super) fn again(&mut self) {
        if !std::mem::replace(&mut self.twice, true) {
            let of = self.progress.of();
            self.progress.of.store(of.saturating_mul(2), Ordering::Relaxed);
        }
    }

    /// Says which files of a folder are the export.
    pub(super) fn choose_parts(&mut self, parts: Parts) {
        self.parts = parts;
    }

    /// Takes the files that were chosen; none where the export is no folder of chats.
    pub(super) fn take_parts(&mut self) -> Parts {
        std::mem::take(&mut self.parts)
    }

    /// The names of its files; a single file has the empty one.
    pub(super) fn names(&self) -> Vec<String> {
        match &self.kind {
            Kind::File(_) => vec![String::new()],
            Kind::Folder(files) => files.keys().cloned().collect(),
            Kind::Zip { names, .. } => names.keys().cloned().collect(),
            Kind::Tar { names, .. } => names.keys().cloned().collect(),
        }
    }

    /// Whether a file is there.
    pub(super) fn has(&self, name: &str) -> bool {
        let name = if name.is_empty() { &self.main } else { name };
        match &self.kind {
            Kind::File(_) => name.is_empty(),
            Kind::Folder(files) => files.contains_key(name),
            Kind::Zip { names, .. } => names.contains_key(name),
            Kind::Tar { names, .. } => names.contains_key(name),
        }
    }

    /// Reads a file from its beginning.
    pub(super) fn read<'a>(&'a mut self, name: &str) -> Result<Box<dyn Read + Send + 'a>, ImportError> {
        let name = if name.is_empty() { &self.main } else { name };
        let missing = || ImportError::Missing(name.to_owned());
        let progress = &self.progress;
        match &mut self.kind {
            Kind::File(path) => Ok(Box::new(Metered { from: open(path)?, progress })),
            Kind::Folder(files) => {
                let path = files.get(name).ok_or_else(missing)?;
                Ok(Box::new(Metered { from: open(path)?, progress }))
            }
            Kind::Zip { package, names, room } => {
                let index = *names.get(name).ok_or_else(missing)?;
                let entry =
                    package.by_index(index).map_err(|error| ImportError::Package(error.to_string()))?;
                Ok(Box::new(Metered { from: Counted { from: entry, room }, progress }))
            }
            Kind::Tar { package, names } => {
                let name = names.get(name).ok_or_else(missing)?;
                Ok(Box::new(Metered { from: package.read(name)?, progress }))
            }
        }
    }

    /// The whole of a small file.
    pub(super) fn small(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, ImportError> {
        let mut bytes = Vec::new();
        self.read(name)?.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(ImportError::TooLarge { name: name.to_owned(), limit });
        }
        Ok(bytes)
    }
}

impl Kind {
    /// Opens a path, and says how many bytes of messages there may be.
    fn open(path: &Path) -> Result<(Self, u64), ImportError> {
        let about = fs::metadata(path).map_err(|source| at(path, source))?;
        if about.is_dir() {
            let mut files = BTreeMap::new();
            list(path, "", 0, &mut files)?;
            let bytes = |path: &PathBuf| fs::metadata(path).map_or(0, |about| about.len());
            let data = files.iter().filter(|(name, _)| is_data(name));
            let bytes = data.map(|(_, path)| bytes(path)).sum();
            return Ok((Self::Folder(strip(files)), bytes));
        }
        let mut file = File::open(path).map_err(|source| at(path, source))?;
        let mut magic = [0; 4];
        let read = read_full(&mut file, &mut magic).map_err(|source| at(path, source))?;
        if read < 4 || magic != *b"PK\x03\x04" {
            let Some(package) = Tar::open(path)? else {
                return Ok((Self::File(path.to_owned()), about.len()));
            };
            let names = strip(package.names());
            let data = names.iter().filter(|(name, _)| is_data(name));
            let bytes = data.map(|(_, name)| package.bytes(name)).sum();
            return Ok((Self::Tar { package: Box::new(package), names }, bytes));
        }
        file.rewind().map_err(|source| at(path, source))?;
        zip(file, about.len())
    }
}

/// Whether a file may hold messages, by its name; only what progress is shown of depends on it.
fn is_data(name: &str) -> bool {
    [".json", ".jsonl", ".csv", ".zst"].iter().any(|end| name.ends_with(end))
}

fn open(path: &Path) -> Result<File, ImportError> {
    File::open(path).map_err(|source| at(path, source))
}

/// Says how far it is.
struct Metered<'a, R> {
    from: R,
    progress: &'a Progress,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.progress.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// Counts what comes out.
struct Counted<'a, R> {
    from: R,
    room: &'a mut u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let damaged = |error: io::Error| match error.kind() {
            // It says nothing about the package that a disk or a signal was in the way.
            io::ErrorKind::Interrupted => error,
            _ if error.raw_os_error().is_some() => error,
            _ => io::Error::other(Spoiled::Damaged(error.to_string())),
        };
        let read = self.from.read(buffer).map_err(damaged)?;
        *self.room = self.room.checked_sub(read as u64).ok_or_else(|| io::Error::other(Spoiled::Bomb))?;
        Ok(read)
    }
}

/// What is wrong with what comes out of a package.
#[derive(Debug, thiserror::Error)]
pub(super) enum Spoiled {
    /// More than such a file holds.
    #[error("more comes out of the package than {MAX_GROWTH} times what is in it")]
    Bomb,
    /// It can't be unpacked.
    #[error("{0}")]
    Damaged(String),
}

impl Spoiled {
    /// Whether this is what stopped the reading.
    pub(super) fn is(error: &io::Error) -> bool {
        matches!(error.get_ref(), Some(inner) if inner.is::<Self>())
    }
}

fn at(path: &Path, source: io::Error) -> ImportError {
    ImportError::Io { path: path.to_owned(), source }
}

fn zip(file: File, packed: u64) -> Result<(Kind, u64), ImportError> {
    let wrong = |error: zip::result::ZipError| ImportError::Package(error.to_string());
    let mut package = Box::new(ZipArchive::new(file).map_err(wrong)?);
    if package.len() > MAX_FILES {
        return Err(ImportError::Package(format!("more than {MAX_FILES} files")));
    }
    let (mut names, mut bytes) = (BTreeMap::new(), 0_u64);
    for index in 0..package.len() {
        let entry = package.by_index_raw(index).map_err(wrong)?;
        if entry.is_dir() {
            continue;
        }
        // Slack writes names in UTF-8 without saying so.
        let name = match std::str::from_utf8(entry.name_raw()) {
            Ok(name) => name.replace('\\', "/"),
            Err(_) => entry.name().map_err(wrong)?.replace('\\', "/"),
        };
        let plain = Path::new(&name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !plain || name.contains('\0') || entry.is_symlink() || entry.encrypted() {
            return Err(ImportError::Place(name));
        }
        if is_data(&name) {
            bytes = bytes.saturating_add(entry.size());
        }
        if names.insert(name.clone(), index).is_some() {
            return Err(ImportError::Place(name));
        }
    }
    let room = packed.saturating_mul(MAX_GROWTH).saturating_add(FREE_GROWTH);
    Ok((Kind::Zip { package, names: strip(names), room }, bytes))
}

fn list(
    dir: &Path,
    below: &str,
    depth: usize,
    files: &mut BTreeMap<String, PathBuf>,
) -> Result<(), ImportError> {
    if depth > MAX_DEPTH || files.len() > MAX_FILES {
        return Err(ImportError::Package(format!("more than {MAX_FILES} files, or folders too deep")));
    }
    for entry in fs::read_dir(dir).map_err(|source| at(dir, source))? {
        let entry = entry.map_err(|source| at(dir, source))?;
        let kind = entry.file_type().map_err(|source| at(dir, source))?;
        // A name that is no UTF-8 is none that an export has.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let name = if below.is_empty() { name } else { format!("{below}/{name}") };
        if kind.is_dir() {
            list(&entry.path(), &name, depth + 1, files)?;
        } else if kind.is_file() {
            files.insert(name, entry.path());
        }
    }
    Ok(())
}

/// Names without the one folder that everything lies in. What macOS adds is no part.
fn strip<T>(files: BTreeMap<String, T>) -> BTreeMap<String, T> {
    let files: BTreeMap<String, T> =
        files.into_iter().filter(|(name, _)| !name.starts_with("__MACOSX/")).collect();
    let first = files.keys().next().and_then(|name| name.split_once('/')).map(|(top, _)| format!("{top}/"));
    match first {
        Some(top) if files.keys().all(|name| name.starts_with(&top)) => files
            .into_iter()
            .map(|(name, value)| (name.chars().skip(top.chars().count()).collect(), value))
            .collect(),
        _ => files,
    }
}

/// Reads until the buffer is full or the file ends.
pub(super) fn read_full(from: &mut (impl Read + ?Sized), buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

//! Where an export lies: one file, a folder of files, or a zip file.
//!
//! Names stay below the folder, links are not followed, and what comes out of a zip file is counted while it comes: a file that grows beyond measure is
//! refused before it fills a disk or memory. Nothing is unpacked.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek as _};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use super::ImportError;

/// Most files of an export.
pub(super) const MAX_FILES: usize = 200_000;
/// Bytes that may come out of a zip file for each byte of it. JSON of chats packs about 1 : 10.
const MAX_GROWTH: u64 = 300;
/// Bytes that may come out of any zip file.
const FREE_GROWTH: u64 = 16 * 1024 * 1024;
/// Deepest folder.
const MAX_DEPTH: usize = 8;

/// The files of an export.
pub(super) enum Source {
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
}

impl Source {
    /// Opens a path.
    pub(super) fn open(path: &Path) -> Result<Self, ImportError> {
        let about = fs::metadata(path).map_err(|source| at(path, source))?;
        if about.is_dir() {
            let mut files = BTreeMap::new();
            list(path, "", 0, &mut files)?;
            return Ok(Self::Folder(strip(files)));
        }
        let mut file = File::open(path).map_err(|source| at(path, source))?;
        let mut magic = [0; 4];
        let read = read_full(&mut file, &mut magic).map_err(|source| at(path, source))?;
        if read < 4 || magic != *b"PK\x03\x04" {
            return Ok(Self::File(path.to_owned()));
        }
        file.rewind().map_err(|source| at(path, source))?;
        zip(file, about.len())
    }

    /// The names of its files; a single file has the empty one.
    pub(super) fn names(&self) -> Vec<String> {
        match self {
            Self::File(_) => vec![String::new()],
            Self::Folder(files) => files.keys().cloned().collect(),
            Self::Zip { names, .. } => names.keys().cloned().collect(),
        }
    }

    /// Whether a file is there.
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::File(_) => name.is_empty(),
            Self::Folder(files) => files.contains_key(name),
            Self::Zip { names, .. } => names.contains_key(name),
        }
    }

    /// Reads a file from its beginning.
    pub(super) fn read<'a>(&'a mut self, name: &str) -> Result<Box<dyn Read + 'a>, ImportError> {
        let missing = || ImportError::Missing(name.to_owned());
        match self {
            Self::File(path) => Ok(Box::new(File::open(&*path).map_err(|source| at(path, source))?)),
            Self::Folder(files) => {
                let path = files.get(name).ok_or_else(missing)?;
                Ok(Box::new(File::open(path).map_err(|source| at(path, source))?))
            }
            Self::Zip { package, names, room } => {
                let index = *names.get(name).ok_or_else(missing)?;
                let entry =
                    package.by_index(index).map_err(|error| ImportError::Package(error.to_string()))?;
                Ok(Box::new(Counted { from: entry, room }))
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

/// Counts what comes out.
struct Counted<'a, R> {
    from: R,
    room: &'a mut u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        *self.room = self.room.checked_sub(read as u64).ok_or_else(|| io::Error::other(Bomb))?;
        Ok(read)
    }
}

/// More comes out of a zip file than such a file holds.
#[derive(Debug, thiserror::Error)]
#[error("more comes out of the package than {MAX_GROWTH} times what is in it")]
pub(super) struct Bomb;

fn at(path: &Path, source: io::Error) -> ImportError {
    ImportError::Io { path: path.to_owned(), source }
}

fn zip(file: File, packed: u64) -> Result<Source, ImportError> {
    let wrong = |error: zip::result::ZipError| ImportError::Package(error.to_string());
    let mut package = Box::new(ZipArchive::new(file).map_err(wrong)?);
    if package.len() > MAX_FILES {
        return Err(ImportError::Package(format!("more than {MAX_FILES} files")));
    }
    let mut names = BTreeMap::new();
    for index in 0..package.len() {
        let entry = package.by_index_raw(index).map_err(wrong)?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(wrong)?.replace('\\', "/");
        let plain = Path::new(&name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !plain || name.contains('\0') || entry.is_symlink() || entry.encrypted() {
            return Err(ImportError::Place(name));
        }
        if names.insert(name.clone(), index).is_some() {
            return Err(ImportError::Place(name));
        }
    }
    let room = packed.saturating_mul(MAX_GROWTH).saturating_add(FREE_GROWTH);
    Ok(Source::Zip { package, names: strip(names), room })
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

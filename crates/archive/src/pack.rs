//! A folder as one zip file, and back: what a person downloads and hands in again.
//!
//! Packing streams: a buffer is all it holds, and the same folder gives the same bytes. Unpacking believes nothing that the file says of itself: names
//! stay below the folder, links and locked entries are refused, and what comes out is counted while it comes.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Most files of a package, either way.
pub const MAX_FILES: u64 = 100_000;
/// Largest package that is unpacked, in bytes.
pub const MAX_PACKED: u64 = 1024 * 1024 * 1024;
/// Most bytes that come out of one.
pub const MAX_UNPACKED: u64 = 4 * 1024 * 1024 * 1024;
/// Bytes that may come out for each byte that goes in. The barest journal packs 1 : 30.
const MAX_GROWTH: u64 = 200;
/// Bytes that may come out of any package.
const FREE_GROWTH: u64 = 1024 * 1024;
/// Deepest folder.
const MAX_DEPTH: usize = 16;
/// Largest table of contents, in bytes.
const MAX_CONTENTS: u64 = 32 * 1024 * 1024;
/// Length of the record at the end of a zip file without a comment (APPNOTE.TXT 4.3.16).
const END: u64 = 22;
/// From this size on, a file's entry has the large form, in bytes.
const LARGE: u64 = 0xffff_0000;

/// Why a folder could not be packed, or a package not unpacked.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no zip file that we take.
    #[error("{0}")]
    Form(String),
    /// Too many files, too many bytes, or more than a limit's worth out of too little.
    #[error("{0}")]
    Limit(String),
    /// An entry wants to lie somewhere else.
    #[error("{0}")]
    Place(String),
}

fn io_at(path: &Path) -> impl Fn(io::Error) -> PackError + '_ {
    |source| PackError::Io { path: path.to_owned(), source }
}

/// Packs a folder; in the package it is called `name`.
///
/// # Errors
/// [`PackError`]: also when the folder has links or too many files, which a closed bag never has.
pub fn pack(dir: &Path, name: &str, to: impl Write) -> Result<(), PackError> {
    let mut files = BTreeSet::new();
    list(dir, &mut Vec::new(), &mut files)?;
    let zipped = |error: zip::result::ZipError| PackError::Form(error.to_string());
    let mut writer = ZipWriter::new_stream(to);
    for path in files {
        let from = dir.join(&path);
        let mut file = File::open(&from).map_err(io_at(&from))?;
        let bytes = file.metadata().map_err(io_at(&from))?.len();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .unix_permissions(0o644)
            .large_file(bytes >= LARGE);
        writer.start_file(format!("{name}/{path}"), options).map_err(zipped)?;
        io::copy(&mut file, &mut writer).map_err(io_at(&from))?;
    }
    writer.finish().map_err(zipped)?.into_inner().flush().map_err(io_at(dir))
}

/// Every file below a folder, by its path from there.
fn list(dir: &Path, below: &mut Vec<String>, files: &mut BTreeSet<String>) -> Result<(), PackError> {
    if below.len() > MAX_DEPTH {
        return Err(PackError::Limit(format!("{}: too deep", dir.display())));
    }
    for entry in fs::read_dir(dir).map_err(io_at(dir))? {
        let entry = entry.map_err(io_at(dir))?;
        let kind = entry.file_type().map_err(io_at(dir))?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|name| PackError::Place(format!("{}", name.display())))?;
        below.push(name);
        if kind.is_dir() {
            list(&entry.path(), below, files)?;
        } else if kind.is_file() {
            files.insert(below.join("/"));
        } else {
            return Err(PackError::Place(entry.path().display().to_string()));
        }
        below.pop();
        if files.len() as u64 > MAX_FILES {
            return Err(PackError::Limit(format!("more than {MAX_FILES} files")));
        }
    }
    Ok(())
}

/// Unpacks a package into an empty folder of our own, and gives the folder in it that was packed.
///
/// # Errors
/// [`PackError`]. What was unpacked by then stays in `into`, for the caller to remove.
pub fn unpack(mut package: File, into: &Path) -> Result<PathBuf, PackError> {
    let packed = package.metadata().map_err(io_at(into))?.len();
    if packed > MAX_PACKED {
        return Err(PackError::Limit(format!("more than {MAX_PACKED} bytes")));
    }
    contents(&mut package, packed)?;
    let form = |error: zip::result::ZipError| PackError::Form(error.to_string());
    let mut archive = ZipArchive::new(package).map_err(form)?;
    if archive.len() as u64 > MAX_FILES {
        return Err(PackError::Limit(format!("more than {MAX_FILES} files")));
    }
    let mut room = packed.saturating_mul(MAX_GROWTH).saturating_add(FREE_GROWTH).min(MAX_UNPACKED);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(form)?;
        let name = entry.name().map_err(form)?.into_owned();
        if entry.is_dir() {
            continue;
        }
        if entry.is_symlink() || entry.encrypted() {
            return Err(PackError::Place(name));
        }
        let to = into.join(place(&name)?);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(io_at(folder))?;
        }
        // A name that comes twice is refused: nobody knows which of the two a reader of the package sees.
        let mut file = File::create_new(&to).map_err(io_at(&to))?;
        let out = io::copy(&mut entry.take(room + 1), &mut file)
            .map_err(|error| PackError::Form(format!("{name}: {error}")))?;
        room = room.checked_sub(out).ok_or_else(|| {
            PackError::Limit(format!("{name}: more comes out than {MAX_GROWTH} times what goes in"))
        })?;
    }
    root(into)
}

/// Reads the record at the end: the table of contents is kept in memory, so how large it is counts before it is read.
fn contents(package: &mut File, packed: u64) -> Result<(), PackError> {
    let none = || PackError::Form("no zip file, or one with a comment behind it".to_owned());
    let mut end = [0; END as usize];
    let at = packed.checked_sub(END).ok_or_else(none)?;
    package.seek(SeekFrom::Start(at)).and_then(|_| package.read_exact(&mut end)).map_err(|_| none())?;
    package.rewind().map_err(|_| none())?;
    let [b'P', b'K', 5, 6, .., s0, s1, s2, s3, _, _, _, _, 0, 0] = end else { return Err(none()) };
    let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
    if size > MAX_CONTENTS {
        return Err(PackError::Limit(format!("a table of contents of {size} bytes")));
    }
    Ok(())
}

/// Where an entry lies below the folder.
fn place(name: &str) -> Result<PathBuf, PackError> {
    let path = Path::new(name);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    // On another system these would be more than a name.
    let foreign = name.contains(['\\', ':', '\0']);
    if plain && !foreign && !name.is_empty() && path.components().count() <= MAX_DEPTH {
        Ok(path.to_owned())
    } else {
        Err(PackError::Place(name.to_owned()))
    }
}

/// The folder that was packed: the one that everything lies in, or `into` where the files lie there themselves. What macOS adds beside it is no part.
fn root(into: &Path) -> Result<PathBuf, PackError> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(into).map_err(io_at(into))? {
        let entry = entry.map_err(io_at(into))?;
        if entry.file_type().map_err(io_at(into))?.is_file() {
            return Ok(into.to_owned());
        }
        if entry.file_name() != "__MACOSX" {
            folders.push(entry.path());
        }
    }
    match folders.as_slice() {
        [one] => Ok(one.clone()),
        _ => Ok(into.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(entries: &[(&str, &[u8])]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        let mut writer = ZipWriter::new(&mut file);
        for (name, bytes) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
        file
    }

    #[test]
    fn a_folder_comes_back_as_it_was_and_packs_to_the_same_bytes() {
        let from = tempfile::tempdir().unwrap();
        fs::create_dir(from.path().join("data")).unwrap();
        fs::write(from.path().join("bagit.txt"), b"BagIt-Version: 1.0\n").unwrap();
        fs::write(from.path().join("data/plan.json"), vec![7; 200_000]).unwrap();
        let pack_it = || {
            let mut bytes = Vec::new();
            pack(from.path(), "c-1", &mut bytes).unwrap();
            bytes
        };
        let bytes = pack_it();
        assert_eq!(bytes, pack_it());
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let into = tempfile::tempdir().unwrap();
        let root = unpack(file, into.path()).unwrap();
        assert_eq!(root, into.path().join("c-1"));
        assert_eq!(fs::read(root.join("data/plan.json")).unwrap(), vec![7; 200_000]);
        assert_eq!(fs::read_dir(&root).unwrap().count(), 2);
    }

    #[test]
    fn nothing_lands_outside_and_no_bomb_goes_off() {
        let refused = |entries: &[(&str, &[u8])]| {
            let into = tempfile::tempdir().unwrap();
            let inner = into.path().join("a/b");
            fs::create_dir_all(&inner).unwrap();
            let error = unpack(packed(entries), &inner).unwrap_err();
            assert_eq!(fs::read_dir(into.path()).unwrap().count(), 1, "{error}");
            error
        };
        for name in ["../out", "c/../../out", "/etc/out", "c\\..\\out", "C:out"] {
            let error = refused(&[(name, b"x")]);
            assert!(matches!(&error, PackError::Place(at) if at == name), "{name}: {error:?}");
        }
        let bomb = vec![0; 8 * 1024 * 1024];
        assert!(matches!(refused(&[("c/a", &bomb), ("c/b", &bomb)]), PackError::Limit(_)));

        let into = tempfile::tempdir().unwrap();
        let mut text = tempfile::tempfile().unwrap();
        text.write_all(b"PK\x03\x04 and then something else, that is long enough").unwrap();
        assert!(matches!(unpack(text, into.path()), Err(PackError::Form(_))));
    }
}

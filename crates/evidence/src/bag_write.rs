//! Writing a bag: stream files in, hash on the way, publish all at once.
//!
//! Everything is written to `<dir>.partial` beside the target, made durable, and renamed when it is
//! complete: a folder with the bag's name is always a whole bag. A staging folder left behind by a crash
//! is thrown away by the next attempt.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use adjourn_domain::canonical::Hash;
use sha2::{Digest as _, Sha256};

use crate::bag::{
    BAG_INFO, BAGIT_TXT, DECLARATION, MANIFEST, PAYLOAD, TAG_MANIFEST, is_inside, manifest_text,
};

/// The size of the buffer that files are copied through.
const BUFFER_BYTES: usize = 64 * 1024;
/// How deep folders may lie in each other in a tree that is copied.
const MAX_DEPTH: usize = 64;

/// Why a bag could not be written.
#[derive(Debug, thiserror::Error)]
pub enum BagError {
    /// The target is already there.
    #[error("{0} is already there")]
    Exists(PathBuf),
    /// The target has no name of its own (such as `/` or `..`).
    #[error("{0} can't be the folder of a bag")]
    Target(PathBuf),
    /// A path would lead out of the bag.
    #[error("{0:?} is not a path inside a bag")]
    Path(String),
    /// A file was added twice.
    #[error("{0:?} is already in the bag")]
    Twice(String),
    /// A file was begun and never closed.
    #[error("{0:?} was begun and not finished")]
    Unfinished(String),
    /// A tree to copy holds something that is neither a file nor a folder, or lies too deep.
    #[error("{0} is neither a file nor a folder, or lies too deep")]
    Special(PathBuf),
    /// A file changed while it was copied.
    #[error("{0} changed while it was copied")]
    Changed(PathBuf),
    /// A label or value for bag-info.txt has a line break, or a label a colon.
    #[error("{0:?} can't be written to bag-info.txt")]
    Info(String),
    /// A value could not be written as canonical JSON.
    #[error(transparent)]
    Canonical(#[from] adjourn_domain::canonical::CanonicalError),
    /// The checkpoint could not be signed.
    #[error(transparent)]
    Note(#[from] crate::note::NoteError),
    /// The disk refused.
    #[error("{path}: {source}")]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What bag-info.txt says besides the counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BagInfo {
    /// The day the bag was made, as `YYYY-MM-DD`.
    pub bagging_date: String,
    /// More fields, in this order.
    pub fields: Vec<(String, String)>,
}

/// A bag that is complete and durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedBag {
    /// Where it is.
    pub dir: PathBuf,
    /// SHA-256 of `tagmanifest-sha256.txt`: names the whole bag.
    pub bag_hash: Hash,
    /// How many payload files.
    pub files: u64,
    /// How many payload bytes.
    pub bytes: u64,
}

/// Writes one bag.
#[derive(Debug)]
pub struct BagWriter {
    target: PathBuf,
    staging: PathBuf,
    /// Payload files by their path from the bag's folder (`data/…`).
    files: BTreeMap<String, Hash>,
    bytes: u64,
    unfinished: Option<String>,
    published: bool,
}

impl BagWriter {
    /// Starts a bag that will be at `dir`, which must not be there yet.
    pub fn create(dir: &Path) -> Result<Self, BagError> {
        let name = dir.file_name().ok_or_else(|| BagError::Target(dir.to_owned()))?;
        if fs::symlink_metadata(dir).is_ok() {
            return Err(BagError::Exists(dir.to_owned()));
        }
        let mut partial = name.to_owned();
        partial.push(".partial");
        let staging = dir.with_file_name(partial);
        match fs::symlink_metadata(&staging) {
            Ok(found) if found.is_dir() => fs::remove_dir_all(&staging).map_err(at(&staging))?,
            Ok(_) => return Err(BagError::Exists(staging)),
            Err(_) => {}
        }
        let payload = staging.join(PAYLOAD);
        fs::create_dir_all(&payload).map_err(at(&payload))?;
        let (target, files) = (dir.to_owned(), BTreeMap::new());
        Ok(Self { target, staging, files, bytes: 0, unfinished: None, published: false })
    }

    /// Begins a payload file; `path` counts from the payload folder. Write to what you get and then call
    /// [`PayloadFile::close`]; without that the bag can't be finished.
    pub fn add_file(&mut self, path: &str) -> Result<PayloadFile<'_>, BagError> {
        if !is_inside(path) {
            return Err(BagError::Path(path.to_owned()));
        }
        let name = format!("{PAYLOAD}/{path}");
        if self.files.contains_key(&name) {
            return Err(BagError::Twice(path.to_owned()));
        }
        let place = self.staging.join(&name);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&place).map_err(at(&place))?;
        self.unfinished = Some(path.to_owned());
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(PayloadFile { bag: self, name, place, file, hasher: Sha256::new(), bytes: 0 })
    }

    /// Adds a payload file with these bytes.
    pub fn add_bytes(&mut self, path: &str, bytes: &[u8]) -> Result<Hash, BagError> {
        let mut file = self.add_file(path)?;
        let place = file.place.clone();
        file.write_all(bytes).map_err(at(&place))?;
        file.close()
    }

    /// Copies a file from elsewhere into the payload.
    pub fn add_existing(&mut self, path: &str, source: &Path) -> Result<Hash, BagError> {
        if !fs::symlink_metadata(source).map_err(at(source))?.is_file() {
            return Err(BagError::Special(source.to_owned()));
        }
        let mut from = File::open(source).map_err(at(source))?;
        let mut file = self.add_file(path)?;
        let place = file.place.clone();
        let mut buffer = vec![0; BUFFER_BYTES];
        loop {
            let count = match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(at(source)(error)),
            };
            file.write_all(buffer.get(..count).unwrap_or_default()).map_err(at(&place))?;
        }
        file.close()
    }

    /// Copies a whole folder, byte for byte, such as another bag. Links and devices are refused.
    pub fn copy_tree(&mut self, path: &str, source: &Path) -> Result<(), BagError> {
        self.copy_folder(path, source, 0)
    }

    /// The payload files so far, by their path from the bag's folder.
    pub fn files(&self) -> &BTreeMap<String, Hash> {
        &self.files
    }

    /// Writes the tag files, makes everything durable and publishes the bag under its name.
    pub fn finish(mut self, info: &BagInfo) -> Result<SealedBag, BagError> {
        if let Some(path) = self.unfinished.take() {
            return Err(BagError::Unfinished(path));
        }
        let count = self.files.len() as u64;
        let mut tags = BTreeMap::new();
        for (name, text) in [
            (BAGIT_TXT, DECLARATION.to_owned()),
            (BAG_INFO, info.to_text(self.bytes, count)?),
            (MANIFEST, manifest_text(&self.files)),
        ] {
            tags.insert(name.to_owned(), Hash::of(text.as_bytes()));
            self.write_tag(name, &text)?;
        }
        let tag_manifest = manifest_text(&tags);
        self.write_tag(TAG_MANIFEST, &tag_manifest)?;
        sync_folders(&self.staging, 0)?;
        if fs::symlink_metadata(&self.target).is_ok() {
            return Err(BagError::Exists(self.target.clone()));
        }
        fs::rename(&self.staging, &self.target).map_err(at(&self.target))?;
        self.published = true;
        let parent = self.target.parent().filter(|parent| !parent.as_os_str().is_empty());
        sync_folder(parent.unwrap_or(Path::new(".")))?;
        Ok(SealedBag {
            dir: self.target.clone(),
            bag_hash: Hash::of(tag_manifest.as_bytes()),
            files: count,
            bytes: self.bytes,
        })
    }

    fn copy_folder(&mut self, path: &str, source: &Path, depth: usize) -> Result<(), BagError> {
        let mut entries =
            fs::read_dir(source).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(at(source))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let from = entry.path();
            let kind = entry.file_type().map_err(at(&from))?;
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| BagError::Special(from.clone()))?;
            let to = format!("{path}/{name}");
            if kind.is_file() {
                self.add_existing(&to, &from)?;
            } else if kind.is_dir() && depth < MAX_DEPTH {
                self.copy_folder(&to, &from, depth + 1)?;
            } else {
                return Err(BagError::Special(from));
            }
        }
        Ok(())
    }

    fn write_tag(&self, name: &str, text: &str) -> Result<(), BagError> {
        let place = self.staging.join(name);
        let mut file = File::create_new(&place).map_err(at(&place))?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(at(&place))
    }
}

impl Drop for BagWriter {
    fn drop(&mut self) {
        if !self.published {
            // Best effort: what is left is thrown away by the next attempt.
            let _ = fs::remove_dir_all(&self.staging);
        }
    }
}

/// A payload file that is being written.
#[derive(Debug)]
pub struct PayloadFile<'a> {
    bag: &'a mut BagWriter,
    name: String,
    place: PathBuf,
    file: BufWriter<File>,
    hasher: Sha256,
    bytes: u64,
}

impl PayloadFile<'_> {
    /// Makes the file durable and enters it into the manifest. Gives its hash.
    pub fn close(mut self) -> Result<Hash, BagError> {
        self.file.flush().and_then(|()| self.file.get_ref().sync_all()).map_err(at(&self.place))?;
        let hash = Hash(self.hasher.finalize().into());
        self.bag.files.insert(self.name, hash);
        self.bag.bytes += self.bytes;
        self.bag.unfinished = None;
        Ok(hash)
    }
}

impl Write for PayloadFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.hasher.update(bytes.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl BagInfo {
    fn to_text(&self, bytes: u64, files: u64) -> Result<String, BagError> {
        let oxum = format!("{bytes}.{files}");
        let own = [("Bagging-Date", self.bagging_date.as_str()), ("Payload-Oxum", oxum.as_str())];
        let given = self.fields.iter().map(|(label, value)| (label.as_str(), value.as_str()));
        let mut text = String::new();
        for (label, value) in own.into_iter().chain(given) {
            let line = format!("{label}: {value}");
            let blank = |text: &str| text.is_empty() || text.trim() != text;
            if blank(label) || blank(value) || label.contains(':') || line.chars().any(char::is_control) {
                return Err(BagError::Info(line));
            }
            text.push_str(&line);
            text.push('\n');
        }
        Ok(text)
    }
}

fn at(path: &Path) -> impl Fn(io::Error) -> BagError + '_ {
    move |source| BagError::Io { path: path.to_owned(), source }
}

fn sync_folder(folder: &Path) -> Result<(), BagError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

/// Makes the names in `folder` and below durable; the files themselves already are.
fn sync_folders(folder: &Path, depth: usize) -> Result<(), BagError> {
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let entry = entry.map_err(at(folder))?;
        let path = entry.path();
        if entry.file_type().map_err(at(&path))?.is_dir() && depth < MAX_DEPTH * 2 {
            sync_folders(&path, depth + 1)?;
        }
    }
    sync_folder(folder)
}

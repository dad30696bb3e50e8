//! The originals in the folder of the bundles: in the bundles of cases that are closed, and in the sealed archives of those under way.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_app::AppError;
use adjourn_app::ports::{Contents, KeptOriginal, Medium, Original, Originals, Part};
use adjourn_archive::sealed::{self, ENDING, SealError};
use adjourn_domain::canonical::Hash;
use adjourn_domain::event::Receipt;
use adjourn_evidence::bag::PAYLOAD;
use adjourn_evidence::layout::{
    ARCHIVE, GROUPS, MEDIA, MEDIA_INDEX, MEMBERS, MESSAGES, MediaRecord, RECEIPT, TAIL,
};

use sha2::{Digest as _, Sha256};

use crate::keys::FileKeys;

/// Largest receipt that is read, in bytes.
const MAX_RECEIPT: u64 = 64 * 1024 * 1024;

/// The originals under a folder.
pub struct FileOriginals {
    root: PathBuf,
    keys: Arc<FileKeys>,
}

impl FileOriginals {
    /// The originals under `root`, opened with `keys`.
    pub fn new(root: &Path, keys: Arc<FileKeys>) -> Self {
        Self { root: root.to_owned(), keys }
    }

    /// Where the messages of an original may lie, the likelier place first, each as it is in clear and sealed.
    fn places(&self, original: &Original) -> Vec<PathBuf> {
        let (case, group) = (original.case.as_str(), original.group.as_str());
        let bundle = self.root.join(case).join(PAYLOAD).join(GROUPS).join(group);
        let work = self.root.join(format!("{case}.work")).join(group);
        match original.part {
            Part::Main => [bundle, work].map(|dir| dir.join(ARCHIVE).join(PAYLOAD).join(MESSAGES)).into(),
            // While a case is under way its tail still grows.
            Part::Tail => vec![bundle.join(TAIL)],
        }
    }

    /// Where the messages of an original lie, and whether they are sealed.
    pub(crate) fn find(&self, original: &Original) -> Option<(PathBuf, bool)> {
        if !is_name(original.case.as_str(), "c-") || !is_name(original.group.as_str(), "g-") {
            return None;
        }
        self.places(original).into_iter().find_map(|plain| {
            let sealed = with_ending(&plain);
            (plain.is_file().then_some((plain, false))).or_else(|| sealed.is_file().then_some((sealed, true)))
        })
    }

    /// Every original that there may be, by case and group.
    pub(crate) fn every(&self) -> BTreeSet<Original> {
        // A case that is being closed has both folders for a moment.
        let mut all = BTreeSet::new();
        for folder in folders(&self.root, "c-") {
            let (case, groups) = match folder.strip_suffix(".work") {
                Some(case) => (case, self.root.join(&folder)),
                None => (folder.as_str(), self.root.join(&folder).join(PAYLOAD).join(GROUPS)),
            };
            for group in folders(&groups, "g-") {
                for part in [Part::Main, Part::Tail] {
                    all.insert(Original { case: case.into(), group: group.as_str().into(), part });
                }
            }
        }
        all
    }

    fn kept(&self, original: Original) -> Result<Option<KeptOriginal>, AppError> {
        let Some((path, sealed)) = self.find(&original) else { return Ok(None) };
        let meta = fs::metadata(&path).map_err(|error| AppError::io(&error, path.display()))?;
        let receipt = (original.part == Part::Main).then(|| receipt(&path)).flatten();
        let span = receipt
            .as_ref()
            .and_then(|receipt| Some((receipt.first.as_ref()?.at, receipt.last.as_ref()?.at)));
        Ok(Some(KeptOriginal {
            original,
            sealed,
            path: path.display().to_string(),
            bytes: meta.len(),
            messages: receipt.map(|receipt| receipt.total),
            span,
        }))
    }
}

impl Originals for FileOriginals {
    fn list(&self) -> Result<Vec<KeptOriginal>, AppError> {
        let mut all = Vec::new();
        for original in self.every() {
            all.extend(self.kept(original)?);
        }
        Ok(all)
    }

    fn open(&self, original: &Original, what: Contents) -> Result<Box<dyn Read + Send>, AppError> {
        let unknown = || AppError::new("archive.unknown").with("archive", original);
        let (path, sealed) = self.find(original).ok_or_else(unknown)?;
        match what {
            Contents::Messages => self.opened(original, path, sealed),
            // A tail has messages alone.
            _ if original.part == Part::Tail => Err(without(original)),
            Contents::Members => self.opened(original, beside(&path, MEMBERS, sealed), sealed),
            Contents::MediaIndex => self.opened(original, beside(&path, MEDIA_INDEX, sealed), sealed),
        }
    }

    fn media(&self, original: &Original, index: &[u8]) -> Result<Vec<Medium>, AppError> {
        media_of(original, index)
    }

    fn medium(&self, original: &Original, medium: &Medium) -> Result<Box<dyn Read + Send>, AppError> {
        let unknown = || AppError::new("archive.unknown").with("archive", original);
        let (path, sealed) = self.find(original).ok_or_else(unknown)?;
        // Sealed ones are numbered, so that no name tells what is in them.
        let name = if sealed {
            format!("{MEDIA}/{:06}", medium.number)
        } else {
            format!("{MEDIA}/{}", medium.sha256)
        };
        let from = self.opened(original, beside(&path, &name, sealed), sealed)?;
        Ok(Box::new(checked(from, medium.sha256)))
    }
}

impl FileOriginals {
    fn opened(
        &self,
        original: &Original,
        path: PathBuf,
        sealed: bool,
    ) -> Result<Box<dyn Read + Send>, AppError> {
        let file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => without(original),
            _ => AppError::io(&error, path.display()),
        })?;
        if !sealed {
            return Ok(Box::new(BufReader::new(file)));
        }
        let identity = self.keys.original_identity(&original.group)?;
        let opened = sealed::open(file, &[identity]).map_err(|error| refused(error, &path))?;
        Ok(Box::new(Named { inner: opened, path }))
    }
}

fn without(original: &Original) -> AppError {
    AppError::new("archive.without").with("archive", original)
}

/// A file beside the messages.
fn beside(messages: &Path, name: &str, sealed: bool) -> PathBuf {
    let plain = messages.with_file_name(name);
    if sealed { with_ending(&plain) } else { plain }
}

/// A sealed file that could not be opened, as an error that a person sees.
pub fn refused(error: SealError, path: &Path) -> AppError {
    let file = |code| AppError::new(code).with("file", path.display());
    match error {
        SealError::Others => file("archive.sealed_others"),
        SealError::Io(error) if !sealed::is_damage(&error) => AppError::io(&error, path.display()),
        SealError::Form(says) => file("archive.sealed_form").with("says", says),
        SealError::Io(error) => file("archive.sealed_form").with("says", error),
        SealError::Identity => file("archive.identity"),
        SealError::Recipient(_) | SealError::Recipients(_) => {
            AppError::new("archive.recipient").with("says", error)
        }
    }
}

/// The media in an index, each content once.
///
/// # Errors
/// `archive.sealed_form` for one that is none.
pub fn media_of(original: &Original, index: &[u8]) -> Result<Vec<Medium>, AppError> {
    let all: Vec<MediaRecord> = serde_json::from_slice(index)
        .map_err(|error| AppError::new("archive.sealed_form").with("file", original).with("says", error))?;
    let mut media: Vec<Medium> = Vec::new();
    let mut known = BTreeSet::new();
    for MediaRecord { name, sha256, bytes, .. } in all {
        if known.insert(sha256) {
            media.push(Medium { number: media.len() + 1, name, sha256, bytes });
        }
    }
    Ok(media)
}

/// The same, which ends well only where all that was read has the hash that was stated.
pub fn checked(from: Box<dyn Read + Send>, stated: Hash) -> impl Read + Send {
    Checked { from, hash: Sha256::new(), stated }
}

/// Ends well only where all that was read has the hash that was stated.
struct Checked {
    from: Box<dyn Read + Send>,
    hash: Sha256,
    stated: Hash,
}

impl Read for Checked {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(to)?;
        self.hash.update(to.get(..read).unwrap_or_default());
        if read == 0 && !to.is_empty() && Hash(self.hash.clone().finalize().into()) != self.stated {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                format!("not what is stated as {}", self.stated),
            ));
        }
        Ok(read)
    }
}

/// Says which file it was when reading fails.
struct Named<R> {
    inner: R,
    path: PathBuf,
}

impl<R: Read> Read for Named<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.inner
            .read(to)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.path.display())))
    }
}

fn with_ending(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ENDING);
    name.into()
}

/// The receipt beside the messages. It is for showing only: one that can't be read is none.
fn receipt(messages: &Path) -> Option<Receipt> {
    let file = File::open(messages.with_file_name(RECEIPT)).ok()?;
    serde_json::from_reader(BufReader::new(file.take(MAX_RECEIPT))).ok()
}

/// No name of a case or group has anything that leads elsewhere.
fn is_name(name: &str, prefix: &str) -> bool {
    name.starts_with(prefix) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

fn folders(dir: &Path, prefix: &str) -> Vec<String> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.starts_with(prefix))
        .collect()
}

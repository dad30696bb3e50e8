//! The archives in a bag: an archive bag, or a case's bundle with an archive bag for each group, as a folder or as one zip file.
//!
//! Nothing of a bag is used before its hash is the manifest's (RFC 8493). Nothing is written into it, since that would make it another bag.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use adjourn_domain::canonical::Hash;
use adjourn_domain::event::Receipt;
use sha2::{Digest as _, Sha256};

use super::ImportError;
use super::detect::bag::{MESSAGES, MESSAGES_BELOW};
use super::source::Source;

/// Largest manifest, in bytes.
const MAX_MANIFEST: u64 = 64 * 1024 * 1024;
const DECLARATION: &str = "bagit.txt";
const MANIFEST: &str = "manifest-sha256.txt";
const SEALED: &str = ".age";
const RECEIPT: &str = "receipt.json";
/// Largest receipt, in bytes.
const MAX_RECEIPT: u64 = 64 * 1024 * 1024;
/// What is said of the bag (RFC 8493, 2.2.2), and the most of it that is read, in bytes.
const INFO: &str = "bag-info.txt";
const MAX_INFO: u64 = 64 * 1024;
/// Longest id that is believed, in bytes.
const MAX_ID: usize = 64;
/// In a bundle's folder of a group.
const ARCHIVE: &str = "archive/data/messages.jsonl.zst";
const TAIL: &str = "tail.jsonl.zst";
/// Bytes that are handed over at once, and how many such pieces wait.
const PIECE: usize = 256 * 1024;
const WAITING: usize = 4;

/// A part of a bag: the messages of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The group, and `GROUP/tail` for what came after its archive was sealed; empty where the bag is one archive.
    name: String,
    /// Where it lies in the bag.
    path: String,
}

impl Part {
    /// Where its messages lie.
    pub(super) fn path(&self) -> String {
        self.path.clone()
    }

    /// The file beside the messages, by its name.
    pub(super) fn beside(&self, name: &str) -> String {
        match self.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name.to_owned(),
        }
    }

    /// The group; `None` where the bag is one archive.
    pub(super) fn group(&self) -> Option<&str> {
        let group = self.name.strip_suffix("/tail").unwrap_or(&self.name);
        (!group.is_empty()).then_some(group)
    }

    /// Whether its files are sealed.
    fn is_sealed(&self) -> bool {
        self.path.ends_with(SEALED)
    }

    /// The file beside the messages as it lies there: sealed where they are.
    fn like_it(&self, name: &str) -> String {
        let beside = self.beside(name);
        if self.is_sealed() { format!("{beside}{SEALED}") } else { beside }
    }

    /// Whether it is what came after the archive.
    pub(super) fn is_tail(&self) -> bool {
        self.name.ends_with("/tail")
    }
}

/// The parts among the names of an export that are in clear, and the first that is sealed.
pub(super) fn parts(names: &[String]) -> (Vec<Part>, Option<String>) {
    let (sealed, clear): (Vec<Part>, Vec<Part>) = all_parts(names).into_iter().partition(Part::is_sealed);
    (clear, sealed.into_iter().next().map(|part| part.path))
}

/// The parts among the names of an export.
fn all_parts(names: &[String]) -> Vec<Part> {
    let mut parts = Vec::new();
    for name in names {
        let plain = name.strip_suffix(SEALED).unwrap_or(name);
        let part = match plain {
            MESSAGES | MESSAGES_BELOW => Some(String::new()),
            _ => plain.strip_prefix("data/groups/").and_then(|rest| rest.split_once('/')).and_then(
                |(group, rest)| match rest {
                    ARCHIVE => Some(group.to_owned()),
                    TAIL => Some(format!("{group}/tail")),
                    _ => None,
                },
            ),
        };
        parts.extend(part.map(|part| Part { name: part, path: name.clone() }));
    }
    // A folder of one archive has nothing to do with what else lies in it.
    if let Some(one) = parts.iter().find(|part| part.name.is_empty()).cloned() {
        parts = vec![one];
    }
    parts
}

/// Reads a file of a bag from its beginning, after its hash was found to be the manifest's. A folder that is no bag has no manifest to hold it against.
pub(super) fn checked<'a>(
    source: &'a mut Source,
    path: &str,
) -> Result<Box<dyn Read + Send + 'a>, ImportError> {
    if source.has(DECLARATION) || source.has(MANIFEST) {
        verify(source, path)?;
    }
    source.read(path)
}

/// Reads a file of a bag whole and holds it against the manifest. Gives its size.
fn verify(source: &mut Source, path: &str) -> Result<u64, ImportError> {
    let stated = manifest(source)?.get(path).copied();
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut file = source.read(path)?;
    let mut buffer = vec![0; PIECE];
    loop {
        let read = file.read(&mut buffer)?;
        match buffer.get(..read).filter(|piece| !piece.is_empty()) {
            Some(piece) => hash.update(piece),
            None => break,
        }
        bytes += read as u64;
    }
    drop(file);
    if stated != Some(Hash(hash.finalize().into())) {
        return Err(ImportError::Altered(path.to_owned()));
    }
    Ok(bytes)
}

fn manifest(source: &mut Source) -> Result<BTreeMap<String, Hash>, ImportError> {
    let bytes = source.small(MANIFEST, MAX_MANIFEST)?;
    let altered = || ImportError::Altered(MANIFEST.to_owned());
    let text = std::str::from_utf8(&bytes).map_err(|_| altered())?;
    text.lines()
        .map(|line| {
            let (hash, path) = line.split_once("  ")?;
            Some((path.to_owned(), Hash::from_hex(hash)?))
        })
        .collect::<Option<_>>()
        .ok_or_else(altered)
}

/// A bag that somebody wants to look into.
pub struct Bag {
    path: PathBuf,
    parts: Vec<Part>,
}

/// A part of a bag as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name, as [`Bag::names`] gives it.
    pub name: String,
    /// Whether it is sealed.
    pub sealed: bool,
    /// Size of its messages as they lie there, in bytes.
    pub bytes: u64,
    /// The receipt beside it; none for what came after an archive was sealed, and none that can't be read.
    pub receipt: Option<Receipt>,
}

impl Bag {
    /// Looks for the bag that a path means: the bag itself, or BAG/GROUP, or BAG/GROUP/tail. `None` where it is no bag. What is sealed is left out.
    ///
    /// # Errors
    /// [`ImportError`]: it can't be read, all its messages are sealed, or there is no such group in it.
    pub fn find(path: &Path) -> Result<Option<Self>, ImportError> {
        let Some(mut bag) = Self::whole(path)? else { return Ok(None) };
        let sealed = bag.parts.iter().find(|part| part.is_sealed()).map(Part::path);
        bag.parts.retain(|part| !part.is_sealed());
        match sealed.filter(|_| bag.parts.is_empty()) {
            Some(sealed) => Err(ImportError::Sealed(sealed)),
            None => Ok(Some(bag)),
        }
    }

    /// The same with what is sealed.
    ///
    /// # Errors
    /// [`ImportError`]: it can't be read, or there is no such group in it.
    pub fn whole(path: &Path) -> Result<Option<Self>, ImportError> {
        let there = path.ancestors().take(3).find(|path| path.exists());
        let Some(there) = there.filter(|there| !there.as_os_str().is_empty()) else { return Ok(None) };
        let wanted = path.strip_prefix(there).ok().and_then(Path::to_str).unwrap_or_default();
        // Any other folder may hold anything; a plain file is looked at by its first bytes alone.
        if there.is_dir() && !there.join(DECLARATION).is_file() {
            return Ok(None);
        }
        let source = match Source::open(there, &Arc::default()) {
            Ok(source) if source.has(DECLARATION) => source,
            Ok(_) | Err(ImportError::Package(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut parts = all_parts(&source.names());
        if !wanted.is_empty() {
            parts.retain(|part| part.name == wanted);
        }
        if parts.is_empty() {
            return Err(ImportError::Missing(MESSAGES.to_owned()));
        }
        Ok(Some(Self { path: there.to_owned(), parts }))
    }

    /// The names of its parts.
    pub fn names(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.name.clone()).collect()
    }

    /// Whether a part is sealed.
    pub fn is_sealed(&self, name: &str) -> bool {
        self.parts.iter().any(|part| part.name == name && part.is_sealed())
    }

    /// What its parts are, each held against the manifest.
    ///
    /// # Errors
    /// [`ImportError::Altered`] when one is not what the manifest says.
    pub fn list(&self) -> Result<Vec<Listed>, ImportError> {
        let mut source = Source::open(&self.path, &Arc::default())?;
        let mut listed = Vec::new();
        for part in &self.parts {
            let bytes = verify(&mut source, &part.path)?;
            let receipt = part.beside(RECEIPT);
            let receipt = if part.is_tail() || !source.has(&receipt) {
                None
            } else {
                verify(&mut source, &receipt)?;
                serde_json::from_slice(&source.small(&receipt, MAX_RECEIPT)?).ok()
            };
            listed.push(Listed { name: part.name.clone(), sealed: part.is_sealed(), bytes, receipt });
        }
        Ok(listed)
    }

    /// The messages of a part, by its name: JSON lines in zstd, as they lie there.
    ///
    /// # Errors
    /// [`ImportError::Altered`] when they are not what the manifest says.
    pub fn messages(&self, name: &str) -> Result<impl Read + Send + use<>, ImportError> {
        self.stream(self.part(name)?.path())
    }

    /// The messages of a part, or a file beside them, by its name in clear: as it lies there, sealed where they are.
    ///
    /// # Errors
    /// As [`Bag::messages`]; [`ImportError::Missing`] for what is not there, and what came after an archive was sealed has messages alone.
    pub fn beside(&self, name: &str, file: &str) -> Result<impl Read + Send + use<>, ImportError> {
        let part = self.part(name)?;
        let path = match file {
            MESSAGES => part.path(),
            _ if part.is_tail() => return Err(ImportError::Missing(file.to_owned())),
            _ => part.like_it(file),
        };
        if !Source::open(&self.path, &Arc::default())?.has(&path) {
            return Err(ImportError::Missing(path));
        }
        self.stream(path)
    }

    /// Case and group of a part, as the bag says; `None` where it does not. Outside a case, `export` stands for it.
    pub fn origin(&self, name: &str) -> Option<(String, String)> {
        let part = self.part(name).ok()?;
        let text = Source::open(&self.path, &Arc::default()).ok()?.small(INFO, MAX_INFO).ok()?;
        let text = String::from_utf8(text).ok()?;
        let says = |label: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(label)?.strip_prefix(':'));
            // It comes from anywhere, and is used as an id.
            line.map(|value| value.trim().to_owned()).filter(|value| is_id(value))
        };
        let group = part.group().filter(|group| is_id(group)).map(str::to_owned);
        let group = group.or_else(|| says("Adjourn-Group"))?;
        Some((says("Adjourn-Case")?, group))
    }

    fn part(&self, name: &str) -> Result<&Part, ImportError> {
        let part = self.parts.iter().find(|part| part.name == name);
        part.ok_or_else(|| ImportError::Missing(name.to_owned()))
    }

    /// A file, read on a thread of its own.
    fn stream(&self, path: String) -> Result<impl Read + Send + use<>, ImportError> {
        let mut source = Source::open(&self.path, &Arc::default())?;
        // Looked at before anything is handed over.
        drop(checked(&mut source, &path)?);
        let (give, pieces) = sync_channel(WAITING);
        std::thread::spawn(move || {
            let mut give_all = || -> io::Result<()> {
                let mut from = source.read(&path).map_err(io::Error::other)?;
                loop {
                    let mut piece = vec![0; PIECE];
                    let read = from.read(&mut piece)?;
                    piece.truncate(read);
                    // Nobody reads on, or it is the end.
                    if read == 0 || give.send(Ok(piece)).is_err() {
                        return Ok(());
                    }
                }
            };
            if let Err(error) = give_all() {
                let _ = give.send(Err(error));
            }
        });
        Ok(Piped { pieces, piece: io::Cursor::new(Vec::new()) })
    }
}

/// Whether a text can be the id of a case or a group: nothing in it leads anywhere.
fn is_id(text: &str) -> bool {
    (1..=MAX_ID).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// What another thread reads.
struct Piped {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
}

impl Read for Piped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.piece.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.pieces.recv() {
                Ok(piece) => self.piece = io::Cursor::new(piece?),
                Err(_) => return Ok(0),
            }
        }
    }
}

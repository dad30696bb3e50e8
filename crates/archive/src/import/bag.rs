//! The archives in a bag: an archive bag, or a case's bundle with an archive bag for each group, as a folder or as one zip file.
//!
//! Nothing of a bag is used before its hash is the manifest's (RFC 8493). Nothing is written into it, since that would make it another bag.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use adjourn_domain::canonical::Hash;
use sha2::{Digest as _, Sha256};

use super::ImportError;
use super::detect::bag::{MESSAGES, MESSAGES_BELOW};
use super::source::Source;

/// Largest manifest, in bytes.
const MAX_MANIFEST: u64 = 64 * 1024 * 1024;
const DECLARATION: &str = "bagit.txt";
const MANIFEST: &str = "manifest-sha256.txt";
const SEALED: &str = ".age";
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

    /// Whether it is what came after the archive.
    pub(super) fn is_tail(&self) -> bool {
        self.name.ends_with("/tail")
    }
}

/// The parts among the names of an export, and the first that is sealed.
pub(super) fn parts(names: &[String]) -> (Vec<Part>, Option<String>) {
    let mut parts = Vec::new();
    let mut sealed = None;
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
        match part {
            Some(_) if plain != name => sealed = sealed.or_else(|| Some(name.clone())),
            Some(part) => parts.push(Part { name: part, path: name.clone() }),
            None => {}
        }
    }
    // A folder of one archive has nothing to do with what else lies in it.
    if let Some(one) = parts.iter().find(|part| part.name.is_empty()).cloned() {
        parts = vec![one];
    }
    (parts, sealed)
}

/// Reads a file of a bag from its beginning, after its hash was found to be the manifest's. A folder that is no bag has no manifest to hold it against.
pub(super) fn checked<'a>(
    source: &'a mut Source,
    path: &str,
) -> Result<Box<dyn Read + Send + 'a>, ImportError> {
    if source.has(DECLARATION) || source.has(MANIFEST) {
        let stated = manifest(source)?.get(path).copied();
        let mut hash = Sha256::new();
        let mut file = source.read(path)?;
        let mut buffer = vec![0; PIECE];
        loop {
            let read = file.read(&mut buffer)?;
            match buffer.get(..read).filter(|piece| !piece.is_empty()) {
                Some(piece) => hash.update(piece),
                None => break,
            }
        }
        drop(file);
        if stated != Some(Hash(hash.finalize().into())) {
            return Err(ImportError::Altered(path.to_owned()));
        }
    }
    source.read(path)
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

impl Bag {
    /// Looks for the bag that a path means: the bag itself, or BAG/GROUP, or BAG/GROUP/tail. `None` where it is no bag.
    ///
    /// # Errors
    /// [`ImportError`]: it can't be read, its messages are sealed, or there is no such group in it.
    pub fn find(path: &Path) -> Result<Option<Self>, ImportError> {
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
        let (mut parts, sealed) = parts(&source.names());
        if !wanted.is_empty() {
            parts.retain(|part| part.name == wanted);
        }
        match (parts.is_empty(), sealed) {
            (true, Some(sealed)) => Err(ImportError::Sealed(sealed)),
            (true, None) => Err(ImportError::Missing(MESSAGES.to_owned())),
            (false, _) => Ok(Some(Self { path: there.to_owned(), parts })),
        }
    }

    /// The names of its parts.
    pub fn names(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.name.clone()).collect()
    }

    /// The messages of a part, by its name: JSON lines in zstd, as they lie there.
    ///
    /// # Errors
    /// [`ImportError::Altered`] when they are not what the manifest says.
    pub fn messages(&self, name: &str) -> Result<impl Read + Send + use<>, ImportError> {
        let part = self.parts.iter().find(|part| part.name == name);
        let path = part.ok_or_else(|| ImportError::Missing(name.to_owned()))?.path.clone();
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

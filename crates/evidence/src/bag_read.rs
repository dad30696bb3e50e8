//! Reading a bag: hash every file once, on all processors, then hold the manifests against what is there.
//!
//! The folder is hostile until shown otherwise: links, devices, paths that lead out, names that are no
//! text, deep folders and endless lines are findings, never followed. A bag inside the payload of another
//! one is checked against the same hashes, so nesting costs no second pass over the files. Memory grows
//! with the number of files, not with their size.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use adjourn_domain::canonical::Hash;
use sha2::{Digest as _, Sha256};

use crate::bag::{
    BAG_INFO, BAGIT_TXT, DECLARATION, MANIFEST, MAX_PATH_BYTES, PAYLOAD, TAG_MANIFEST, decode_path,
    encode_path, is_inside,
};
use crate::finding::{Finding, FindingCode};

const BUFFER_BYTES: usize = 64 * 1024;
const MAX_DEPTH: usize = 128;
const MAX_FILES: usize = 10_000_000;
/// Tag files other than the payload manifest are small.
const MAX_TAG_BYTES: u64 = 1024 * 1024;
/// A percent-encoded path, a hash and two spaces.
const MAX_LINE_BYTES: usize = 64 + 2 + 3 * MAX_PATH_BYTES + 1;

/// One file as it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileEntry {
    /// SHA-256 of its content.
    pub hash: Hash,
    /// Its length.
    pub bytes: u64,
}

/// Every file below a folder, with its hash.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
    entries: BTreeMap<String, FileEntry>,
}

/// What a look at a bag gave.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// Every file, by its path from the bag's folder.
    pub files: Files,
    /// What is wrong with the bag; nothing if it is valid.
    pub findings: Vec<Finding>,
    /// SHA-256 of the tag manifest, if there is one.
    pub bag_hash: Option<Hash>,
}

/// Checks a bag; an empty list means that it is valid.
pub fn validate(dir: &Path) -> Vec<Finding> {
    inspect(dir).findings
}

/// Checks a bag and keeps the hashes of its files.
pub fn inspect(dir: &Path) -> Inspection {
    let mut findings = Vec::new();
    let mut files = Files { root: dir.to_owned(), entries: BTreeMap::new() };
    let mut found = Vec::new();
    files.scan(String::new(), 0, &mut found, &mut findings);
    files.hash(&found, &mut findings);
    let bag_hash = files.check_bag("", &mut findings);
    Inspection { files, findings, bag_hash }
}

impl Files {
    /// The file at this path.
    pub fn get(&self, path: &str) -> Option<&FileEntry> {
        self.entries.get(path)
    }

    /// The files whose paths start with `prefix`, with the rest of their paths.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a FileEntry)> {
        let from = self.entries.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        from.map_while(move |(path, entry)| Some((path.strip_prefix(prefix)?, entry)))
    }

    /// Reads a file of at most `limit` bytes; it must still be the one that was hashed.
    pub fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Finding> {
        let entry = self
            .get(path)
            .ok_or_else(|| Finding::new(FindingCode::FileMissing, path, "this file is not in the bundle"))?;
        if entry.bytes > limit {
            let says = format!("{} bytes are more than a file of this kind may have ({limit})", entry.bytes);
            return Err(Finding::new(FindingCode::FileForm, path, says));
        }
        let mut bytes = Vec::new();
        self.open(path)?.take(limit + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
        if Hash::of(&bytes) == entry.hash {
            Ok(bytes)
        } else {
            Err(Finding::new(FindingCode::BagAltered, path, "the file changed while it was being checked"))
        }
    }

    /// Opens a file that was hashed.
    pub fn open(&self, path: &str) -> Result<File, Finding> {
        if self.get(path).is_none() {
            return Err(Finding::new(FindingCode::FileMissing, path, "this file is not in the bundle"));
        }
        File::open(self.root.join(path)).map_err(|error| unreadable(path, &error))
    }

    /// Checks the bag whose paths start with `prefix` (empty, or ending in `/`) and gives its bag hash.
    pub(crate) fn check_bag(&self, prefix: &str, findings: &mut Vec<Finding>) -> Option<Hash> {
        let mut tags = BTreeMap::new();
        for name in [BAGIT_TXT, BAG_INFO, MANIFEST, TAG_MANIFEST] {
            if self.get(&format!("{prefix}{name}")).is_none() {
                let says = "a bag must have this file";
                findings.push(Finding::new(FindingCode::BagMissing, format!("{prefix}{name}"), says));
            }
        }
        self.manifest(prefix, TAG_MANIFEST, findings, &mut |path, hash| {
            if path.starts_with("data/") || path == TAG_MANIFEST {
                return Err("the tag manifest names tag files only");
            }
            tags.insert(path, hash);
            Ok(())
        });
        let mut payload = BTreeMap::new();
        self.manifest(prefix, MANIFEST, findings, &mut |path, hash| {
            if !path.starts_with("data/") {
                return Err("the payload manifest names payload files only");
            }
            payload.insert(path, hash);
            Ok(())
        });
        for (path, expected) in tags.iter().chain(&payload) {
            match self.get(&format!("{prefix}{path}")) {
                None => findings.push(Finding::new(
                    FindingCode::BagMissing,
                    format!("{prefix}{path}"),
                    "the manifest names this file and it is not there",
                )),
                Some(entry) if entry.hash != *expected => findings.push(Finding::new(
                    FindingCode::BagAltered,
                    format!("{prefix}{path}"),
                    format!("its SHA-256 is {}, the manifest says {expected}", entry.hash),
                )),
                Some(_) => {}
            }
        }
        let (mut count, mut bytes) = (0_u64, 0_u64);
        for (path, entry) in self.below(prefix) {
            let named = if path.starts_with("data/") {
                count += 1;
                bytes += entry.bytes;
                payload.contains_key(path)
            } else {
                path == TAG_MANIFEST || tags.contains_key(path)
            };
            if !named {
                let says = "no manifest names this file";
                findings.push(Finding::new(FindingCode::BagExtra, format!("{prefix}{path}"), says));
            }
        }
        self.check_tag_texts(prefix, &format!("{bytes}.{count}"), findings);
        self.get(&format!("{prefix}{TAG_MANIFEST}")).map(|entry| entry.hash)
    }

    /// `bagit.txt` and the Payload-Oxum of `bag-info.txt`.
    fn check_tag_texts(&self, prefix: &str, oxum: &str, findings: &mut Vec<Finding>) {
        let path = format!("{prefix}{BAGIT_TXT}");
        if self.get(&path).is_some_and(|entry| entry.hash != Hash::of(DECLARATION.as_bytes())) {
            findings.push(Finding::new(FindingCode::BagForm, path, "this is not BagIt 1.0 in UTF-8"));
        }
        let path = format!("{prefix}{BAG_INFO}");
        if self.get(&path).is_none() {
            return;
        }
        match self.read(&path, MAX_TAG_BYTES).map(String::from_utf8) {
            Err(finding) => findings.push(finding),
            Ok(Err(_)) => findings.push(Finding::new(FindingCode::BagForm, path, "this is not UTF-8")),
            Ok(Ok(text)) => {
                let stated: Vec<_> =
                    text.lines().filter_map(|line| line.strip_prefix("Payload-Oxum: ")).collect();
                if stated != [oxum] {
                    let says = format!("Payload-Oxum must be there once and say {oxum}");
                    findings.push(Finding::new(FindingCode::BagCount, path, says));
                }
            }
        }
    }

    /// Reads a manifest line by line and hands each entry to `take`, which may refuse it.
    fn manifest(
        &self,
        prefix: &str,
        name: &str,
        findings: &mut Vec<Finding>,
        take: &mut dyn FnMut(String, Hash) -> Result<(), &'static str>,
    ) {
        let file = format!("{prefix}{name}");
        if self.get(&file).is_none() {
            return;
        }
        let mut reader = match self.open(&file) {
            Ok(opened) => BufReader::with_capacity(BUFFER_BYTES, opened),
            Err(finding) => return findings.push(finding),
        };
        let (mut line, mut number, mut last) = (Vec::new(), 0_u64, String::new());
        loop {
            line.clear();
            number += 1;
            match reader.by_ref().take(MAX_LINE_BYTES as u64 + 1).read_until(b'\n', &mut line) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => return findings.push(unreadable(&file, &error)),
            }
            let Some((path, hash)) = manifest_line(&line) else {
                let says = format!("line {number} is not `hash  path`, the way this bag is written");
                findings.push(Finding::new(FindingCode::BagForm, &file, says));
                if line.len() > MAX_LINE_BYTES || number > MAX_FILES as u64 {
                    return;
                }
                continue;
            };
            if !is_inside(&path) {
                let says = format!("line {number} leads out of the bag: {path:?}");
                findings.push(Finding::new(FindingCode::BagEscape, &file, says));
                continue;
            }
            if path <= last {
                let (code, what) = if path == last {
                    (FindingCode::BagDuplicate, "names a file again")
                } else {
                    (FindingCode::BagForm, "is not in the order of the paths")
                };
                findings.push(Finding::new(code, &file, format!("line {number} {what}: {path:?}")));
            }
            last.clone_from(&path);
            if let Err(says) = take(path, hash) {
                findings.push(Finding::new(FindingCode::BagForm, &file, format!("line {number}: {says}")));
            }
        }
    }

    /// Hashes files, each once, on all processors.
    fn hash(&mut self, found: &[String], findings: &mut Vec<Finding>) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(found.len());
        let (next, root) = (AtomicUsize::new(0), &self.root);
        let work = || {
            let (mut hashed, mut buffer) = (Vec::new(), vec![0; BUFFER_BYTES]);
            while let Some(path) = found.get(next.fetch_add(1, Ordering::Relaxed)) {
                hashed.push((path, hash_with(&root.join(path), &mut buffer)));
            }
            hashed
        };
        let mut hashed: Vec<_> = std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut all = work();
            // A thread that ended early leaves files without a hash, which are then missing.
            all.extend(others.into_iter().filter_map(|other| other.join().ok()).flatten());
            all
        });
        hashed.sort_unstable_by_key(|(path, _)| *path);
        for (path, entry) in hashed {
            match entry {
                Ok(entry) => {
                    self.entries.insert(path.clone(), entry);
                }
                Err(error) => findings.push(unreadable(path, &error)),
            }
        }
    }

    /// Lists every file below `folder` (empty, or ending in `/`).
    fn scan(&self, folder: String, depth: usize, found: &mut Vec<String>, findings: &mut Vec<Finding>) {
        if depth > MAX_DEPTH {
            return findings.push(Finding::new(FindingCode::BagEscape, folder, "the folders lie too deep"));
        }
        let place = self.root.join(&folder);
        let entries = match fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) => return findings.push(unreadable(&folder, &error)),
        };
        let mut empty = true;
        for entry in entries {
            empty = false;
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return findings.push(unreadable(&folder, &error)),
            };
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let path = format!("{folder}{}", name.to_string_lossy());
                findings.push(Finding::new(FindingCode::BagExtra, path, "the name is not UTF-8"));
                continue;
            };
            let path = format!("{folder}{name}");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.scan(format!("{path}/"), depth + 1, found, findings),
                Ok(kind) if kind.is_file() && found.len() < MAX_FILES => found.push(path),
                Ok(kind) if kind.is_file() => {
                    return findings.push(Finding::new(FindingCode::BagForm, path, "too many files"));
                }
                Ok(_) => findings.push(Finding::new(
                    FindingCode::BagEscape,
                    path,
                    "this is a link or a device, which a bag can't hold",
                )),
                Err(error) => findings.push(unreadable(&path, &error)),
            }
        }
        if empty && depth > 0 && folder.trim_end_matches('/') != PAYLOAD {
            findings.push(Finding::new(FindingCode::BagExtra, folder, "no manifest names this empty folder"));
        }
    }
}

/// Hash and path of a manifest line with its LF, if it is exactly as we write it.
fn manifest_line(line: &[u8]) -> Option<(String, Hash)> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (hex, encoded) = line.split_once("  ")?;
    let hash = Hash::from_hex(hex)?;
    let path = decode_path(encoded)?;
    (hash.to_hex() == hex && encode_path(&path) == encoded).then_some((path, hash))
}

/// Hashes a file through a bounded buffer.
pub(crate) fn hash_file(path: &Path) -> io::Result<FileEntry> {
    hash_with(path, &mut vec![0; BUFFER_BYTES])
}

fn hash_with(path: &Path, buffer: &mut [u8]) -> io::Result<FileEntry> {
    let mut file = File::open(path)?;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    loop {
        match file.read(buffer) {
            Ok(0) => return Ok(FileEntry { hash: Hash(hasher.finalize().into()), bytes }),
            Ok(count) => {
                hasher.update(buffer.get(..count).unwrap_or_default());
                bytes += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn unreadable(path: &str, error: &io::Error) -> Finding {
    Finding::new(FindingCode::Unreadable, path, format!("it can't be read: {error}"))
}

//! Building the index of a copy, once, in bounded memory: one thread reads, makes words and packs blocks, the other one writes them.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

use adjourn_domain::canonical::Hash;
use rusqlite::{Connection, params};
use sha2::{Digest as _, Sha256};

use super::index::{BLOCK, IndexError, Marks, SENDER, VERSION, index_path, io_at};
use super::{BadLines, Rows, words};
use crate::model::Reader;

/// Blocks that wait between the threads.
const WAITING: usize = 16;
/// Level of a block.
const LEVEL: i32 = 3;
/// Senders that have a number of their own; the others share the number 0 and are looked at row by row.
const MAX_SENDERS: usize = 500_000;
/// Bytes of words that FTS5 holds before it writes them.
const HOLD: i64 = 32 * 1024 * 1024;
/// Blocks of one transaction.
const COMMIT: u64 = 512;

/// A block that is ready to be written.
struct Batch {
    number: u64,
    first_at: i64,
    last_at: i64,
    body: Vec<u8>,
    words: Vec<String>,
}

/// What was seen on the way.
struct Seen {
    rows: u64,
    bad: BadLines,
    senders: HashMap<(String, Option<String>), u64>,
    names: HashMap<String, String>,
    platform: Option<String>,
    conversations: Vec<String>,
}

/// Builds the index beside a copy and gives it its name.
pub(super) fn build(copy: &Path, told: &mut dyn FnMut(u64)) -> Result<(), IndexError> {
    let path = index_path(copy);
    let part = part_path(&path);
    let marks = Marks::of(copy)?;
    let locked = lock(&part)?;
    let made = fill(copy, &part, &marks, told).and_then(|()| {
        if Marks::of(copy)? != marks {
            return Err(IndexError::Changed(copy.to_owned()));
        }
        locked.sync_all().map_err(io_at(&part))?;
        fs::rename(&part, &path).map_err(io_at(&path))
    });
    if made.is_err() {
        // It is of no use; what can't be removed is written over the next time.
        let _ = fs::remove_file(&part);
    }
    made
}

fn part_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Makes the file empty, readable as its owner alone, and keeps other processes from it.
fn lock(part: &Path) -> Result<File, IndexError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    let file = options.open(part).map_err(io_at(part))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(IndexError::Busy(part.to_owned())),
        Err(TryLockError::Error(error)) => return Err(io_at(part)(error)),
    }
    file.set_len(0).map_err(io_at(part))?;
    Ok(file)
}

fn fill(copy: &Path, part: &Path, marks: &Marks, told: &mut dyn FnMut(u64)) -> Result<(), IndexError> {
    let file = File::open(copy).map_err(io_at(copy))?;
    let mut db = Connection::open(part)?;
    db.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY;
         CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
         CREATE TABLE block (n INTEGER PRIMARY KEY, body BLOB NOT NULL);
         CREATE TABLE span (n INTEGER PRIMARY KEY, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL);
         CREATE TABLE sender (n INTEGER NOT NULL, id TEXT NOT NULL, name TEXT);
         CREATE VIRTUAL TABLE words USING fts5(t, content = '', columnsize = 0, tokenize = 'ascii', prefix = '1');
         INSERT INTO words (words, rank) VALUES ('automerge', 0);
         INSERT INTO words (words, rank) VALUES ('crisismerge', 1000);",
    )?;
    db.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?1)", [HOLD])?;
    let (to, from) = sync_channel::<Batch>(WAITING);
    let (sha256, seen) = std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(file, &to));
        let written = (|| {
            let mut blocks = from.iter().peekable();
            while blocks.peek().is_some() {
                let tx = db.transaction()?;
                for batch in blocks.by_ref().take(COMMIT as usize) {
                    write(&tx, &batch)?;
                    told(batch.number * BLOCK + batch.words.len() as u64);
                }
                tx.commit()?;
            }
            Ok::<(), IndexError>(())
        })();
        // A reader that waits for room must see that nobody writes any more.
        drop(from);
        let read = reader.join().map_err(|_| IndexError::Form("a thread ended".to_owned()))?;
        written?;
        read.map_err(io_at(copy))
    })?;
    if seen.rows == 0 && seen.bad.count > 0 {
        return Err(IndexError::NoRows(seen.bad.first));
    }
    let tx = db.transaction()?;
    finish(&tx, &seen, sha256, marks)?;
    tx.commit()?;
    // One tree instead of many: each search reads one list for each word.
    db.execute_batch("INSERT INTO words (words) VALUES ('optimize'); CREATE INDEX senders ON sender (id);")?;
    Ok(())
}

fn write(db: &Connection, batch: &Batch) -> Result<(), IndexError> {
    let number = batch.number.cast_signed();
    db.prepare_cached("INSERT INTO block VALUES (?1, ?2)")?.execute(params![number, batch.body])?;
    db.prepare_cached("INSERT INTO span VALUES (?1, ?2, ?3)")?.execute([
        number,
        batch.first_at,
        batch.last_at,
    ])?;
    let mut insert = db.prepare_cached("INSERT INTO words (rowid, t) VALUES (?1, ?2)")?;
    for (place, words) in (number * BLOCK.cast_signed() + 1..).zip(&batch.words) {
        insert.execute(params![place, words])?;
    }
    Ok(())
}

fn finish(db: &Connection, seen: &Seen, sha256: Hash, marks: &Marks) -> Result<(), IndexError> {
    let mut insert = db.prepare("INSERT INTO sender VALUES (?1, ?2, ?3)")?;
    for ((id, name), number) in &seen.senders {
        // Who a participant's line named after its records has that name as well.
        let name = name.as_ref().or_else(|| seen.names.get(id));
        insert.execute(params![number.cast_signed(), id, name])?;
    }
    let conversations =
        serde_json::to_string(&seen.conversations).map_err(|error| IndexError::Form(error.to_string()))?;
    let mut insert = db.prepare("INSERT INTO meta VALUES (?1, ?2)")?;
    let mut note = |name: &str, value: String| insert.execute([name, &value]);
    note("version", VERSION.to_string())?;
    note("sha256", sha256.to_hex())?;
    note("marks", marks.text())?;
    note("rows", seen.rows.to_string())?;
    note("bad", seen.bad.count.to_string())?;
    note("first_bad", seen.bad.first.to_string())?;
    note("conversations", conversations)?;
    if let Some(platform) = &seen.platform {
        note("platform", platform.clone())?;
    }
    Ok(())
}

/// Reads the whole file and sends its blocks; stops without an error when nobody takes them.
fn read(file: File, to: &SyncSender<Batch>) -> io::Result<(Hash, Seen)> {
    let mut hashed = Hashing::new(file);
    let mut rows = Rows::new(Reader::new(&mut hashed)?);
    let mut senders: HashMap<(String, Option<String>), u64> = HashMap::new();
    let mut number = 0;
    let mut ended = false;
    let mut total = 0;
    while !ended {
        let mut packed = zstd::Encoder::new(Vec::new(), LEVEL)?;
        let mut batch =
            Batch { number, first_at: i64::MAX, last_at: i64::MIN, body: Vec::new(), words: Vec::new() };
        while (batch.words.len() as u64) < BLOCK {
            let Some(row) = rows.next_row()? else {
                ended = true;
                break;
            };
            let at = row.at.as_millis();
            batch.first_at = batch.first_at.min(at);
            batch.last_at = batch.last_at.max(at);
            let next = senders.len() as u64 + 1;
            let key = (row.sender.clone(), row.name.clone());
            let sender = match senders.get(&key) {
                Some(sender) => *sender,
                None if senders.len() < MAX_SENDERS => *senders.entry(key).or_insert(next),
                None => 0,
            };
            let mut words = format!("{SENDER}{sender}");
            words::append(&row.searchable(), &mut words);
            batch.words.push(words);
            serde_json::to_writer(&mut packed, &row)?;
            packed.write_all(b"\n")?;
            total += 1;
        }
        if !batch.words.is_empty() {
            batch.body = packed.finish()?;
            if to.send(batch).is_err() {
                break;
            }
        }
        number += 1;
    }
    let (platform, conversations) = (rows.platform.take(), std::mem::take(&mut rows.conversations));
    let seen = Seen {
        rows: total,
        bad: rows.bad(),
        senders,
        names: std::mem::take(&mut rows.names),
        platform,
        conversations,
    };
    drop(rows);
    // What lies behind the last frame belongs to the file as well.
    io::copy(&mut hashed, &mut io::sink())?;
    Ok((hashed.finish(), seen))
}

/// Hashes what passes.
pub(super) struct Hashing<T> {
    inner: T,
    hash: Sha256,
}

impl<T> Hashing<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    pub(super) fn finish(self) -> Hash {
        Hash(self.hash.finalize().into())
    }
}

impl<T: Read> Read for Hashing<T> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(to)?;
        self.hash.update(to.get(..count).unwrap_or_default());
        Ok(count)
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

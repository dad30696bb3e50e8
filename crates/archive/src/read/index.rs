//! The index beside a copy: `<copy>.idx`, an SQLite file with an FTS5 table over our own words.
//!
//! ```text
//! meta     what it is of: SHA-256 and marks of the file, counts, versions
//! block    256 rows each, JSON lines in zstd: what is shown of a hit, so that a compressed copy need not be read
//! span     first and last time of each block, so that a time is a range of places
//! sender   accounts and names; in the words a sender is U+E000 and its number
//! words    FTS5 without content: place → words, with the postings of first characters beside them
//! ```
//!
//! It is written under another name and renamed at the end: whoever finds the name finds all of it. It belongs to one content: when the file's marks have
//! changed, the hash decides, and another hash means another index.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::ops::Range;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use adjourn_domain::canonical::{Hash, unhex};
use adjourn_domain::time::Time;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use super::words::{self, Rough};
use super::{BadLines, Found, Place, Row, Wanted, is_called};

/// Version of the form; another one is built anew.
pub(super) const VERSION: i64 = 1;
/// Rows of a block.
pub(super) const BLOCK: u64 = 256;
/// What a sender's number begins with in the words. It is private use: no text has it as a letter.
pub(super) const SENDER: char = '\u{e000}';
/// Most senders of one search that the index is asked for; more are looked at row by row.
const MAX_SENDERS: usize = 500;
/// Newest rows in which words of a long phrase are counted, to ask for its rarest; and up to how many.
const SAMPLED: i64 = 50_000;
const MOST: i64 = 5_000;
/// Rows with all of these words and without the phrase, after which the index is asked more exactly.
const MAX_MISSES: usize = 150;
/// Largest block when it is unpacked, in bytes: its rows come from lines of limited length.
const MAX_BLOCK: u64 = 4 * 1024 * 1024 * 1024;

/// Why there is no index, or no answer from one.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// A file could not be read, made or renamed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// SQLite refused.
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
    /// Another process is building it.
    #[error("{0} is being written")]
    Busy(PathBuf),
    /// The copy changed while it was read.
    #[error("{0} changed while it was read")]
    Changed(PathBuf),
    /// No line of the copy is a message, and some can't be read, this one first.
    #[error("no message, line {0}")]
    NoRows(u64),
    /// What is in it can't be read.
    #[error("index: {0}")]
    Form(String),
}

pub(super) fn io_at(path: &Path) -> impl FnOnce(io::Error) -> IndexError + '_ {
    move |source| IndexError::Io { path: path.to_owned(), source }
}

/// Where the index of a copy lies.
pub fn index_path(copy: &Path) -> PathBuf {
    let mut name = copy.as_os_str().to_owned();
    name.push(".idx");
    name.into()
}

/// SHA-256 of a file.
///
/// # Errors
/// [`IndexError::Io`].
pub fn hash(path: &Path) -> Result<Hash, IndexError> {
    let mut file = File::open(path).map_err(io_at(path))?;
    let mut hashed = super::build::Hashing::new(io::sink());
    io::copy(&mut file, &mut hashed).map_err(io_at(path))?;
    Ok(hashed.finish())
}

/// What an archive is, counted when its index was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// SHA-256 of the copy.
    pub sha256: Hash,
    /// Rows.
    pub rows: u64,
    /// Lines that were passed over.
    pub bad: BadLines,
    /// First and last time.
    pub span: Option<(Time, Time)>,
    /// Different senders.
    pub senders: u64,
    /// The platform, as the archive says.
    pub platform: Option<String>,
    /// Names of its conversations, the first ones.
    pub conversations: Vec<String>,
}

/// The marks of a file that change with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    size: u64,
    inode: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Marks {
    pub(super) fn of(copy: &Path) -> Result<Self, IndexError> {
        let meta = fs::metadata(copy).map_err(io_at(copy))?;
        Ok(Self {
            size: meta.size(),
            inode: meta.ino(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        })
    }

    pub(super) fn text(&self) -> String {
        let Self { size, inode, modified, changed } = self;
        format!("{size} {inode} {}.{:09} {}.{:09}", modified.0, modified.1, changed.0, changed.1)
    }
}

/// The index of a copy.
#[derive(Debug)]
pub struct Index {
    db: Connection,
    summary: Summary,
}

impl Index {
    /// The index beside a copy; `None` where there is none that belongs to what the copy is now, or it can't be read.
    ///
    /// # Errors
    /// [`IndexError::Io`] when the copy can't be read.
    pub fn open(copy: &Path) -> Result<Option<Self>, IndexError> {
        let marks = Marks::of(copy)?.text();
        let path = index_path(copy);
        if !path.is_file() {
            return Ok(None);
        }
        // An index that can't be read is none: it is built anew.
        let Ok(index) = Self::read(&path) else { return Ok(None) };
        if index.meta("marks").ok().flatten().as_deref() == Some(marks.as_str()) {
            return Ok(Some(index));
        }
        if hash(copy)? != index.summary.sha256 || Marks::of(copy)?.text() != marks {
            return Ok(None);
        }
        // The same content under other marks (copied, touched). Where it can't be noted it is hashed again the next time.
        if let Ok(db) = Connection::open(&path) {
            let _ = db.execute("UPDATE meta SET value = ?1 WHERE name = 'marks'", [&marks]);
        }
        Ok(Some(index))
    }

    /// The index beside a copy; it is built first where there is none that belongs to it. `told` hears how many rows were taken.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn ensure(copy: &Path, told: &mut dyn FnMut(u64)) -> Result<Self, IndexError> {
        if let Some(index) = Self::open(copy)? {
            return Ok(index);
        }
        super::build::build(copy, told)?;
        Self::read(&index_path(copy))
    }

    /// What the archive is.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    fn read(path: &Path) -> Result<Self, IndexError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(path, flags)?;
        db.pragma_update(None, "cache_size", -32_768)?;
        let mut index = Self {
            db,
            summary: Summary {
                sha256: Hash([0; 32]),
                rows: 0,
                bad: BadLines::default(),
                span: None,
                senders: 0,
                platform: None,
                conversations: Vec::new(),
            },
        };
        let number = |name: &str| -> Result<i64, IndexError> {
            let text = index.meta(name)?.unwrap_or_default();
            text.parse().map_err(|_| IndexError::Form(format!("{name}: {text}")))
        };
        if number("version")? != VERSION {
            return Err(IndexError::Form("another version".to_owned()));
        }
        let sha256 = index.meta("sha256")?.and_then(|text| unhex(&text)?.try_into().ok()).map(Hash);
        let conversations = index.meta("conversations")?.unwrap_or_default();
        let summary = Summary {
            sha256: sha256.ok_or_else(|| IndexError::Form("sha256".to_owned()))?,
            rows: number("rows")?.unsigned_abs(),
            bad: BadLines {
                count: number("bad")?.unsigned_abs(),
                first: number("first_bad")?.unsigned_abs(),
            },
            span: index.span()?,
            senders: index
                .db
                .query_row("SELECT count(DISTINCT id) FROM sender", [], |row| row.get::<_, i64>(0))?
                .unsigned_abs(),
            platform: index.meta("platform")?,
            conversations: serde_json::from_str(&conversations).unwrap_or_default(),
        };
        index.summary = summary;
        Ok(index)
    }

    fn meta(&self, name: &str) -> Result<Option<String>, IndexError> {
        let query = "SELECT value FROM meta WHERE name = ?1";
        Ok(self.db.query_row(query, [name], |row| row.get(0)).optional()?)
    }

    fn span(&self) -> Result<Option<(Time, Time)>, IndexError> {
        let query = "SELECT min(first_at), max(last_at) FROM span";
        let (first, last) = self
            .db
            .query_row(query, [], |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?)))?;
        Ok(first.zip(last).map(|(first, last)| (Time::from_millis(first), Time::from_millis(last))))
    }

    /// The newest rows that are wanted.
    ///
    /// # Errors
    /// [`IndexError`] when the index can't be read.
    pub fn search(&self, wanted: &Wanted) -> Result<Found, IndexError> {
        let mut by_sender = String::new();
        if let Some(sender) = &wanted.sender {
            match self.senders(sender)? {
                numbers if numbers.is_empty() => return Ok(Found::default()),
                numbers if numbers.len() > MAX_SENDERS => {}
                numbers => {
                    let any: Vec<String> = numbers.iter().map(|n| format!("\"{SENDER}{n}\"")).collect();
                    by_sender = format!(" AND ({})", any.join(" OR "));
                }
            }
        }
        let Some((first, last)) = self.places(wanted)? else { return Ok(Found::default()) };
        let mut found = Found::default();
        // The cheap question first; each further one takes up where too much was found that is not wanted.
        let mut left = Some(last);
        for rough in [Rough::Words, Rough::Neighbours] {
            let Some(last) = left else { break };
            let Some(ask) = wanted.query.rough_fts(rough, |part| self.count(part, first, last))? else {
                break;
            };
            left = self.collect(wanted, &format!("{ask}{by_sender}"), true, (first, last), &mut found)?;
        }
        if let Some(last) = left {
            let ask = format!("{}{by_sender}", wanted.query.fts());
            self.collect(wanted, &ask, false, (first, last), &mut found)?;
        }
        Ok(found)
    }

    /// Collects the newest rows between two places that the index has for what it is asked. Where that is `rough`, each is looked at once more; after too
    /// many that are not wanted it gives the place up to which the index has to be asked exactly.
    fn collect(
        &self,
        wanted: &Wanted,
        ask: &str,
        rough: bool,
        (first, last): (i64, i64),
        found: &mut Found,
    ) -> Result<Option<i64>, IndexError> {
        let mut statement = self.db.prepare_cached(
            "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid >= ?2 AND rowid <= ?3 ORDER BY rowid DESC",
        )?;
        let mut hits = statement.query(params![ask, first, last])?;
        let mut open: Option<Block> = None;
        let mut misses = 0;
        while let Some(hit) = hits.next()? {
            let place = hit.get::<_, i64>(0)?.unsigned_abs();
            let number = place.saturating_sub(1) / BLOCK;
            let block = match open.take().filter(|block| block.number == number) {
                Some(block) => block,
                None => self.block(number)?,
            };
            let row = self.rows(&block, place, 1)?.pop();
            open = Some(block);
            let Some(row) = row else { return Err(IndexError::Form(format!("no row {place}"))) };
            if rough && wanted.query.find(&row.searchable()).is_none() {
                misses += 1;
                if misses >= MAX_MISSES {
                    return Ok(Some(place.cast_signed() - 1));
                }
                continue;
            }
            if !wanted.takes(&row) {
                continue;
            }
            if found.rows.len() >= wanted.limit.max(1) {
                found.more = true;
                break;
            }
            found.rows.push(row);
        }
        Ok(None)
    }

    /// In how many of the newest rows between two places is what is asked for, up to a number from which it does not matter.
    fn count(&self, ask: &str, first: i64, last: i64) -> Result<u64, IndexError> {
        let mut statement = self.db.prepare_cached(
            "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ?1 AND rowid >= ?2 AND rowid <= ?3 \
             ORDER BY rowid DESC LIMIT ?4)",
        )?;
        let first = first.max(last.saturating_sub(SAMPLED));
        let asked = params![ask, first, last, MOST];
        Ok(statement.query_row(asked, |row| row.get::<_, i64>(0))?.unsigned_abs())
    }

    /// A page of at most `rows` rows.
    ///
    /// # Errors
    /// [`IndexError`] when the index can't be read.
    pub fn page(&self, place: &Place, rows: u64) -> Result<Vec<Row>, IndexError> {
        let first = match place {
            Place::At(first) => Some(*first),
            Place::Around(id) => self.place_of(id)?.map(|at| at.saturating_sub(rows / 2)),
            Place::Time(at) => self.place_at(*at)?,
        };
        let Some(first) = first.map(|first| first.max(1)) else { return Ok(Vec::new()) };
        let end = first.saturating_add(rows).min(self.summary.rows + 1);
        let mut page = Vec::new();
        let mut number = (first - 1) / BLOCK;
        while number * BLOCK + 1 < end {
            let from = first.max(number * BLOCK + 1);
            page.extend(self.rows(&self.block(number)?, from, end - from)?);
            number += 1;
        }
        Ok(page)
    }

    /// Numbers of the senders with this account, or with this in their name.
    fn senders(&self, sender: &str) -> Result<Vec<i64>, IndexError> {
        let folded = words::folded(sender);
        let mut statement = self.db.prepare("SELECT n, id, name FROM sender")?;
        let mut rows = statement.query([])?;
        let mut numbers = Vec::new();
        while let Some(row) = rows.next()? {
            let (id, name): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            if id == sender
                || is_called(name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&id), &folded)
            {
                numbers.push(row.get(0)?);
            }
        }
        Ok(numbers)
    }

    /// The first and the last place that can be in the time that is wanted.
    fn places(&self, wanted: &Wanted) -> Result<Option<(i64, i64)>, IndexError> {
        let from = wanted.from.map_or(i64::MIN, Time::as_millis);
        let to = wanted.to.map_or(i64::MAX, Time::as_millis);
        let query = "SELECT min(n), max(n) FROM span WHERE last_at >= ?1 AND first_at < ?2";
        let (first, last): (Option<i64>, Option<i64>) =
            self.db.query_row(query, [from, to], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let block = BLOCK.cast_signed();
        Ok(first.zip(last).map(|(first, last)| (first * block + 1, (last + 1) * block)))
    }

    fn place_at(&self, at: Time) -> Result<Option<u64>, IndexError> {
        let query = "SELECT min(n) FROM span WHERE last_at >= ?1";
        let number: Option<i64> = self.db.query_row(query, [at.as_millis()], |row| row.get(0))?;
        let Some(number) = number else { return Ok(None) };
        let rows = self.block(number.unsigned_abs())?.rows(0..u64::MAX)?;
        Ok(rows.iter().find(|row| row.at >= at).map(|row| row.place))
    }

    /// Where the record with an id stands. No index has ids: they would be half of it, and one look for one is soon done.
    fn place_of(&self, id: &str) -> Result<Option<u64>, IndexError> {
        let quoted = serde_json::to_string(id).map_err(|error| IndexError::Form(error.to_string()))?;
        let needle = format!("\"id\":{quoted}");
        let finder = memchr::memmem::Finder::new(needle.as_bytes());
        let mut statement = self.db.prepare("SELECT n, body FROM block ORDER BY n")?;
        let mut blocks = statement.query([])?;
        while let Some(block) = blocks.next()? {
            let lines = unpack(&block.get::<_, Vec<u8>>(1)?)?;
            if finder.find(&lines).is_some() {
                let block = Block { number: block.get::<_, i64>(0)?.unsigned_abs(), lines };
                if let Some(row) = block.rows(0..u64::MAX)?.into_iter().find(|row| row.id == id) {
                    return Ok(Some(row.place));
                }
            }
        }
        Ok(None)
    }

    fn block(&self, number: u64) -> Result<Block, IndexError> {
        let mut statement = self.db.prepare_cached("SELECT body FROM block WHERE n = ?1")?;
        let body: Vec<u8> = statement.query_row([number.cast_signed()], |row| row.get(0))?;
        Ok(Block { number, lines: unpack(&body)? })
    }

    /// Reads at most `count` rows of a block, from a place in it on, with the names that their senders have.
    fn rows(&self, block: &Block, from: u64, count: u64) -> Result<Vec<Row>, IndexError> {
        let mut rows = block.rows(from..from.saturating_add(count))?;
        for row in rows.iter_mut().filter(|row| row.name.is_none()) {
            row.name = self.name(&row.sender)?;
        }
        Ok(rows)
    }

    /// The last name of a sender.
    fn name(&self, sender: &str) -> Result<Option<String>, IndexError> {
        let query = "SELECT name FROM sender WHERE id = ?1 ORDER BY n DESC LIMIT 1";
        let mut named = self.db.prepare_cached(query)?;
        Ok(named.query_row([sender], |name| name.get(0)).optional()?.flatten())
    }
}

/// Rows that lie together, unpacked and not read yet.
struct Block {
    number: u64,
    lines: Vec<u8>,
}

impl Block {
    /// Reads the rows of these places.
    fn rows(&self, wanted: Range<u64>) -> Result<Vec<Row>, IndexError> {
        let lines = self.lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let placed = (self.number * BLOCK + 1..).zip(lines).filter(|(place, _)| wanted.contains(place));
        let parsed = placed.map(|(place, line)| {
            let row: Row =
                serde_json::from_slice(line).map_err(|error| IndexError::Form(error.to_string()))?;
            Ok(Row { place, ..row })
        });
        parsed.collect()
    }
}

fn unpack(body: &[u8]) -> Result<Vec<u8>, IndexError> {
    let form = |error: io::Error| IndexError::Form(error.to_string());
    let mut lines = Vec::new();
    zstd::Decoder::new(body).map_err(form)?.take(MAX_BLOCK).read_to_end(&mut lines).map_err(form)?;
    Ok(lines)
}

//! Records by conversation and time, however many there are: sorted on disk, in runs that are merged.
//!
//! Runs are files beside what is made. Their names are removed as soon as they are open, so nothing of them stays, whatever happens.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use adjourn_domain::message::Record;

/// Bytes of records that are held before they become a run.
const HELD: usize = 32 << 20;
/// Runs that are open at a time; more are merged into one.
const MAX_RUNS: usize = 64;

/// Conversation, milliseconds, and the place in the source.
type Key = (u32, i64, u64);

/// Takes records in any order.
pub(super) struct Sorter {
    part: PathBuf,
    held: Vec<(Key, Vec<u8>)>,
    bytes: usize,
    limit: usize,
    runs: Vec<File>,
    next: u64,
}

impl Sorter {
    /// Runs are made at `part`.
    pub(super) fn new(part: PathBuf) -> Self {
        Self { part, held: Vec::new(), bytes: 0, limit: HELD, runs: Vec::new(), next: 0 }
    }

    /// Takes a record of a conversation in.
    pub(super) fn push(&mut self, number: usize, record: &Record) -> io::Result<()> {
        let json = serde_json::to_vec(record)?;
        self.bytes += json.len() + size_of::<(Key, Vec<u8>)>();
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        self.held.push(((number, record.at.as_millis(), self.next), json));
        self.next += 1;
        if self.bytes >= self.limit {
            self.spill()?;
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable_by_key(|(key, _)| *key);
        let mut to = BufWriter::with_capacity(1 << 18, run(&self.part)?);
        for (key, json) in self.held.drain(..) {
            put(&mut to, key, &json)?;
        }
        self.bytes = 0;
        self.runs.push(to.into_inner().map_err(io::IntoInnerError::into_error)?);
        if self.runs.len() >= MAX_RUNS {
            let mut to = BufWriter::with_capacity(1 << 18, run(&self.part)?);
            let mut merged = Sorted::new(std::mem::take(&mut self.runs), Vec::new(), None)?;
            while let Some((key, json)) = merged.pop()? {
                put(&mut to, key, &json)?;
            }
            self.runs.push(to.into_inner().map_err(io::IntoInnerError::into_error)?);
        }
        Ok(())
    }

    /// All of them in order, or those of one conversation.
    pub(super) fn finish(mut self, only: Option<usize>) -> io::Result<Sorted> {
        self.held.sort_unstable_by_key(|(key, _)| Reverse(*key));
        Sorted::new(self.runs, self.held, only)
    }
}

/// Records in order.
pub(super) struct Sorted {
    runs: Vec<BufReader<File>>,
    heads: BinaryHeap<Reverse<(Key, usize, Vec<u8>)>>,
    /// What never became a run, last first.
    held: Vec<(Key, Vec<u8>)>,
    only: Option<usize>,
}

impl Sorted {
    fn new(files: Vec<File>, held: Vec<(Key, Vec<u8>)>, only: Option<usize>) -> io::Result<Self> {
        let mut runs = Vec::with_capacity(files.len());
        for mut file in files {
            file.rewind()?;
            runs.push(BufReader::with_capacity(1 << 16, file));
        }
        let mut sorted = Self { runs, heads: BinaryHeap::new(), held, only };
        for at in 0..sorted.runs.len() {
            sorted.fill(at)?;
        }
        Ok(sorted)
    }

    fn fill(&mut self, at: usize) -> io::Result<()> {
        if let Some(run) = self.runs.get_mut(at)
            && let Some((key, json)) = get(run)?
        {
            self.heads.push(Reverse((key, at, json)));
        }
        Ok(())
    }

    fn pop(&mut self) -> io::Result<Option<(Key, Vec<u8>)>> {
        let first = self.heads.peek().map(|Reverse((key, ..))| *key);
        let of_held = self.held.last().is_some_and(|(key, _)| first.is_none_or(|first| *key < first));
        if of_held {
            return Ok(self.held.pop());
        }
        let Some(Reverse((key, at, json))) = self.heads.pop() else { return Ok(None) };
        self.fill(at)?;
        Ok(Some((key, json)))
    }

    /// The next record, with the number of its conversation and its size in bytes.
    pub(super) fn next(&mut self) -> io::Result<Option<(usize, Record, usize)>> {
        while let Some(((number, ..), json)) = self.pop()? {
            let number = number as usize;
            if self.only.is_none_or(|only| only == number) {
                return Ok(Some((number, serde_json::from_slice(&json)?, json.len())));
            }
        }
        Ok(None)
    }
}

/// A file without a name.
fn run(part: &Path) -> io::Result<File> {
    let file = File::options().read(true).write(true).create(true).truncate(true).open(part)?;
    fs::remove_file(part)?;
    Ok(file)
}

fn put(to: &mut BufWriter<File>, (number, at, place): Key, json: &[u8]) -> io::Result<()> {
    to.write_all(&number.to_le_bytes())?;
    to.write_all(&at.to_le_bytes())?;
    to.write_all(&place.to_le_bytes())?;
    let len = u32::try_from(json.len()).map_err(|_| io::Error::other("a record of 4 GiB"))?;
    to.write_all(&len.to_le_bytes())?;
    to.write_all(json)
}

fn get(from: &mut BufReader<File>) -> io::Result<Option<(Key, Vec<u8>)>> {
    let mut number = [0; 4];
    match from.read_exact(&mut number) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let mut word = || {
        let mut bytes = [0; 8];
        from.read_exact(&mut bytes).map(|()| bytes)
    };
    let (at, place) = (i64::from_le_bytes(word()?), u64::from_le_bytes(word()?));
    let mut len = [0; 4];
    from.read_exact(&mut len)?;
    let mut json = vec![0; u32::from_le_bytes(len) as usize];
    from.read_exact(&mut json)?;
    Ok(Some(((u32::from_le_bytes(number), at, place), json)))
}

#[cfg(test)]
mod tests {
    use adjourn_domain::message::RecordKind;
    use adjourn_domain::time::Time;

    use super::*;

    #[test]
    fn many_runs_come_out_as_one_order_and_nothing_stays_on_disk() {
        let dir = tempfile::tempdir().unwrap();
        let mut sorter = Sorter { limit: 600, ..Sorter::new(dir.path().join("run")) };
        let mut expected = Vec::new();
        for n in 0_i64..1000 {
            let (number, at) = (usize::try_from(n % 3).unwrap(), (n * 7919) % 50 - 10);
            let record =
                Record::new(format!("{n}").into(), RecordKind::Message, Time::from_millis(at), "u".into());
            sorter.push(number, &record).unwrap();
            expected.push((number, at, n));
        }
        expected.sort_unstable();
        let mut sorted = sorter.finish(None).unwrap();
        let mut got = Vec::new();
        while let Some((number, record, _)) = sorted.next().unwrap() {
            got.push((number, record.at.as_millis(), record.id.as_str().parse().unwrap()));
        }
        assert_eq!(got, expected);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

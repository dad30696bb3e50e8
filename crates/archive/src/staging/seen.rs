//! Which ids are written, in bounded memory: the newest in a map, the others sorted in files.
//!
//! Two records are the same when 128 bits of the SHA-256 of their ids are. Beside them lie 64 bits of the content's hash, which tell a record
//! that came again from another one under the same id. Up to [`FRESH`] ids are in memory, 18 to 27 MB; each further [`FRESH`] are a file
//! of 20 MB, of which a filter and an index stay in memory: 1.2 MB. Ten million ids take some 40 MB.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use adjourn_domain::canonical::Hash;

/// Ids in memory, at most. The map that holds them has 2^20 places.
const FRESH: usize = 900_000;
/// Entries between two keys of a file's index.
const BLOCK: usize = 170;
/// Bits of a file's filter for each id; 4 of them are set for each, so that one in 80 foreign ids is looked up in vain.
const FILTER_BITS: usize = 10;

/// 128 bits of an id's hash.
pub(super) type Key = [u8; 16];
/// 64 bits of a content's hash.
pub(super) type Content = [u8; 8];

const ENTRY: usize = size_of::<Key>() + size_of::<Content>();

/// The key of an id.
pub(super) fn key(id: &str) -> Key {
    first(&Hash::of(id.as_bytes()))
}

/// The short hash of a record's line.
pub(super) fn content(line: &[u8]) -> Content {
    first(&Hash::of(line))
}

fn first<const N: usize>(hash: &Hash) -> [u8; N] {
    std::array::from_fn(|place| hash.0.get(place).copied().unwrap_or_default())
}

/// The ids that are written.
#[derive(Debug)]
pub(super) struct Seen {
    dir: PathBuf,
    most: usize,
    fresh: HashMap<Key, Content>,
    runs: Vec<Run>,
}

/// Ids in a file, sorted. The file has no name any more where the system allows that.
#[derive(Debug)]
struct Run {
    file: File,
    entries: usize,
    index: Vec<Key>,
    filter: Vec<u64>,
}

impl Seen {
    /// None yet; files go to `dir`.
    pub(super) fn new(dir: PathBuf) -> Self {
        Self { dir, most: FRESH, fresh: HashMap::new(), runs: Vec::new() }
    }

    /// The content under an id, if it is written.
    pub(super) fn get(&self, key: &Key) -> io::Result<Option<Content>> {
        if let Some(content) = self.fresh.get(key) {
            return Ok(Some(*content));
        }
        for run in &self.runs {
            if let Some(content) = run.get(key)? {
                return Ok(Some(content));
            }
        }
        Ok(None)
    }

    /// Takes an id in.
    pub(super) fn insert(&mut self, key: Key, content: Content) -> io::Result<()> {
        if self.fresh.len() >= self.most {
            let run = Run::write(&self.dir, &self.fresh)?;
            self.runs.push(run);
            self.fresh.clear();
        }
        self.fresh.insert(key, content);
        Ok(())
    }
}

impl Run {
    fn write(dir: &std::path::Path, ids: &HashMap<Key, Content>) -> io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let mut sorted: Vec<(Key, Content)> = ids.iter().map(|(key, content)| (*key, *content)).collect();
        sorted.sort_unstable();
        let name = format!("seen-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let path = dir.join(name);
        let file = OpenOptions::new().create(true).truncate(true).read(true).write(true).open(&path)?;
        // It is no more than a memory: whoever comes next makes it anew. Where an open file can't be removed it lies there until then.
        let _ = fs::remove_file(&path);
        let mut to = BufWriter::new(&file);
        let mut filter = vec![0; (sorted.len() * FILTER_BITS).div_ceil(64)];
        for (key, content) in &sorted {
            to.write_all(key)?;
            to.write_all(content)?;
            for (word, bit) in places(key, filter.len()) {
                if let Some(word) = filter.get_mut(word) {
                    *word |= bit;
                }
            }
        }
        to.flush()?;
        drop(to);
        let index = sorted.iter().step_by(BLOCK).map(|(key, _)| *key).collect();
        Ok(Self { file, entries: sorted.len(), index, filter })
    }

    fn get(&self, key: &Key) -> io::Result<Option<Content>> {
        let may = places(key, self.filter.len())
            .all(|(word, bit)| self.filter.get(word).is_some_and(|word| word & bit != 0));
        let block = self.index.partition_point(|first| first <= key);
        if !may || block == 0 {
            return Ok(None);
        }
        let from = (block - 1) * BLOCK;
        let mut bytes = vec![0; BLOCK.min(self.entries - from) * ENTRY];
        let mut file = &self.file;
        file.seek(SeekFrom::Start((from * ENTRY) as u64))?;
        file.read_exact(&mut bytes)?;
        let found = bytes.chunks_exact(ENTRY).find_map(|entry| {
            let (found, content) = entry.split_first_chunk::<16>()?;
            (found == key).then(|| content.first_chunk().copied())?
        });
        Ok(found)
    }
}

/// The words and bits of a key in a filter of this many words.
fn places(key: &Key, words: usize) -> impl Iterator<Item = (usize, u64)> {
    let bits = (words as u64 * 64).max(1);
    key.chunks_exact(4).map(move |part| {
        let number = part.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        let bit = number % bits;
        (usize::try_from(bit / 64).unwrap_or_default(), 1 << (bit % 64))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_known_from_memory_and_from_files() {
        let dir = tempfile::tempdir().unwrap();
        let mut seen = Seen { most: 1_000, ..Seen::new(dir.path().to_owned()) };
        for n in 0..10_500 {
            let id = format!("$e{n}");
            assert_eq!(seen.get(&key(&id)).unwrap(), None, "{n}");
            seen.insert(key(&id), content(id.as_bytes())).unwrap();
        }
        assert_eq!(seen.runs.len(), 10);
        for n in (0..10_500).step_by(7) {
            let id = format!("$e{n}");
            assert_eq!(seen.get(&key(&id)).unwrap(), Some(content(id.as_bytes())), "{n}");
        }
        let foreign = (0..10_000).map(|n| key(&format!("$x{n}")));
        assert!(foreign.into_iter().all(|key| seen.get(&key).unwrap().is_none()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is left lying");
    }
}

//! What an outpost may not forget: the nonces that it has seen, the highest fencing number that it has obeyed, and how far it
//! has gone in each run.
//!
//! One line per instruction in a file that is only appended to, on the disk before the instruction is obeyed. A line that
//! was cut off by a crash belongs to an instruction that was never obeyed. When the file is written anew, nonces that can't
//! come back are left out, and so are the runs that were at rest for longest when there are very many.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_domain::canonical::Hash;
use adjourn_domain::instruction::{Authority, Instruction, NONCE_DIGITS, Obeyed};
use adjourn_domain::time::Time;

/// First line of the file.
const MAGIC: &str = "adjourn-outpost-book v2";
/// Lines that are added before the file is written anew.
const MAX_LINES: usize = 10_000;
/// Runs that are remembered. An instruction for a forgotten one still has to be fresh, and of no older worker.
const MAX_RUNS: usize = 100_000;
/// In the place of a nonce that is not remembered any more.
const NO_NONCE: &str = "-";
/// In the place of a run where there is none.
const NO_RUN: Hash = Hash([0; 32]);

/// The book of one outpost.
pub struct Book {
    path: PathBuf,
    file: File,
    /// Added since the file was written anew.
    lines: usize,
    kept: Kept,
}

/// What the lines say.
#[derive(Default)]
struct Kept {
    /// Nonces, and until when they are remembered.
    seen: BTreeMap<String, Time>,
    fence: u64,
    /// How far each run has gone, and until when its last instruction is remembered.
    runs: BTreeMap<Hash, (Time, Obeyed)>,
}

impl Book {
    /// Opens the book, or begins one.
    ///
    /// # Errors
    /// `io`; `outpost.book` when the file is not a book: an outpost that does not know what it has done obeys nothing.
    pub fn open(path: &Path) -> Result<Self, AppError> {
        let io = |error: &std::io::Error| AppError::io(error, path.display());
        let mut text = String::new();
        match File::open(path) {
            Ok(mut file) => {
                let bad = |_| AppError::new("outpost.book").with("path", path.display());
                file.read_to_string(&mut text).map_err(bad)?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(io(&error)),
        }
        let kept =
            Kept::parse(&text).ok_or_else(|| AppError::new("outpost.book").with("path", path.display()))?;
        let file = write_anew(path, &kept).map_err(|error| io(&error))?;
        Ok(Self { path: path.to_owned(), file, lines: 0, kept })
    }

    /// Whether a nonce was used.
    pub fn seen(&self, nonce: &str) -> bool {
        self.kept.seen.contains_key(nonce)
    }

    /// The highest fencing number that was obeyed.
    pub fn fence(&self) -> u64 {
        self.kept.fence
    }

    /// How far the run of an instruction has gone; `None` when nothing was obeyed in it.
    pub fn obeyed(&self, under: &Authority) -> Option<Obeyed> {
        self.kept.runs.get(&run_of(under)).map(|(_, obeyed)| *obeyed)
    }

    /// Writes an instruction down. When this returns, it is on the disk.
    ///
    /// # Errors
    /// `io`; then the instruction must not be obeyed.
    pub fn note(&mut self, now: Time, what: &Instruction) -> Result<(), AppError> {
        let until = what.remembered_until();
        let run = run_of(&what.under);
        let obeyed =
            Obeyed { plan_hash: what.under.plan_hash, place: what.under.place, undo: what.under.undo };
        let fence = self.kept.fence.max(what.under.fence);
        let written = self
            .file
            .write_all(line(&what.nonce, until, fence, &run, &obeyed).as_bytes())
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line may be there: the next one must not go on behind it.
            if let Ok(anew) = write_anew(&self.path, &self.kept) {
                self.file = anew;
            }
            return Err(AppError::io(&error, self.path.display()));
        }
        self.kept.seen.insert(what.nonce.clone(), until);
        self.kept.fence = fence;
        self.kept.runs.insert(run, (until, obeyed));
        self.lines += 1;
        if self.lines > MAX_LINES {
            self.kept.forget(now);
            let anew = write_anew(&self.path, &self.kept);
            self.file = anew.map_err(|error| AppError::io(&error, self.path.display()))?;
            self.lines = 0;
        }
        Ok(())
    }
}

impl Kept {
    /// What the lines say; `None` when they are no book. Only the last line may be cut off.
    fn parse(text: &str) -> Option<Self> {
        let mut kept = Self::default();
        if text.is_empty() {
            return Some(kept);
        }
        let (whole, _cut) = text.rsplit_once('\n')?;
        let mut lines = whole.lines();
        if lines.next()? != MAGIC {
            return None;
        }
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            let [nonce, until, fence, run, plan, way, place] = words.as_slice() else { return None };
            let until = Time::parse(until)?;
            kept.fence = kept.fence.max(fence.parse().ok()?);
            if nonce.len() == NONCE_DIGITS {
                kept.seen.insert((*nonce).to_owned(), until);
            } else if *nonce != NO_NONCE {
                return None;
            }
            let undo = *way == way_of(true);
            if !undo && *way != way_of(false) {
                return None;
            }
            let obeyed = Obeyed { plan_hash: Hash::from_hex(plan)?, place: place.parse().ok()?, undo };
            let run = Hash::from_hex(run)?;
            if run != NO_RUN {
                kept.runs.insert(run, (until, obeyed));
            }
        }
        Some(kept)
    }

    /// Forgets nonces that can't come back, and the runs at rest for longest when there are too many.
    fn forget(&mut self, now: Time) {
        self.seen.retain(|_, until| *until > now);
        let over = self.runs.len().saturating_sub(MAX_RUNS);
        if over > 0 {
            let mut ages: Vec<(Time, Hash)> = self.runs.iter().map(|(run, (at, _))| (*at, *run)).collect();
            ages.sort_unstable();
            for (_, run) in ages.into_iter().take(over) {
                self.runs.remove(&run);
            }
        }
    }
}

/// A run is a case's for a group. Its names may be anything, so the book has their hash.
fn run_of(under: &Authority) -> Hash {
    Hash::of_parts(&[&Hash::of(under.case.as_str().as_bytes()).0, under.group.as_str().as_bytes()])
}

fn way_of(undo: bool) -> &'static str {
    if undo { "back" } else { "on" }
}

fn line(nonce: &str, until: Time, fence: u64, run: &Hash, obeyed: &Obeyed) -> String {
    let Obeyed { plan_hash, place, undo } = obeyed;
    format!("{nonce} {until} {fence} {run} {plan_hash} {} {place}\n", way_of(*undo))
}

/// Writes the file beside the old one and puts it in its place.
fn write_anew(path: &Path, kept: &Kept) -> std::io::Result<File> {
    let beside = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    let mut text = format!("{MAGIC}\n");
    let nothing = Obeyed { plan_hash: NO_RUN, place: 0, undo: false };
    // Nonces first, each beside no run: the runs stand below, each as far as it has gone.
    for (nonce, until) in &kept.seen {
        text.push_str(&line(nonce, *until, kept.fence, &NO_RUN, &nothing));
    }
    text.push_str(&line(NO_NONCE, Time::default(), kept.fence, &NO_RUN, &nothing));
    for (run, (until, obeyed)) in &kept.runs {
        text.push_str(&line(NO_NONCE, *until, kept.fence, run, obeyed));
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    if let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty()) {
        File::open(dir)?.sync_all()?;
    }
    // The handle follows the file, and what is written next goes to its end.
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use adjourn_domain::capability::Op;

    /// The n-th step of a run.
    fn instruction(n: u8, fence: u64, now: Time) -> Instruction {
        let under = Authority {
            case: "c-1".into(),
            plan_hash: Hash([7; 32]),
            group: "g-1".into(),
            step: "s".to_owned(),
            place: u32::from(n),
            undo: false,
            attempt: 1,
            fence,
        };
        Instruction::new("north", under, Op::Dissolve, b"{}", now, 120, &[n; 16])
    }

    #[test]
    fn req_g6_an_outpost_remembers_nonces_fence_and_runs_after_a_crash_in_the_middle_of_a_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("book");
        let now = Time::from_millis(1_790_000_000_000);
        let mut book = Book::open(&path).unwrap();
        let (one, two) = (instruction(1, 7, now), instruction(2, 9, now));
        book.note(now, &one).unwrap();
        book.note(now, &two).unwrap();
        drop(book);
        let whole = fs::read(&path).unwrap();
        // However much of the last line was written, the lines before it are kept.
        let place = |book: &Book| book.obeyed(&one.under).map(|obeyed| (obeyed.plan_hash, obeyed.place));
        for cut in 0..180 {
            fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            let book = Book::open(&path).unwrap();
            assert!(book.seen(&one.nonce));
            assert_eq!(book.seen(&two.nonce), cut == 0);
            assert_eq!(book.fence(), if cut == 0 { 9 } else { 7 });
            assert_eq!(place(&book), Some((Hash([7; 32]), if cut == 0 { 2 } else { 1 })));
        }
        let other = Authority { group: "g-2".into(), ..one.under.clone() };
        fs::write(&path, &whole).unwrap();
        assert_eq!(Book::open(&path).unwrap().obeyed(&other), None);
        fs::write(&path, b"something else\n").unwrap();
        assert_eq!(Book::open(&path).err().unwrap().code(), "outpost.book");
    }

    #[test]
    fn of_very_many_runs_those_at_rest_for_longest_are_forgotten() {
        let now = Time::from_millis(1_790_000_000_000);
        let obeyed = Obeyed { plan_hash: Hash([7; 32]), place: 1, undo: false };
        let mut kept = Kept::default();
        for n in 0..u64::try_from(MAX_RUNS).unwrap() + 3 {
            kept.runs.insert(Hash::of(&n.to_be_bytes()), (now.plus_secs(n), obeyed));
        }
        kept.forget(now);
        let knows = |n: u64| kept.runs.contains_key(&Hash::of(&n.to_be_bytes()));
        assert_eq!((kept.runs.len(), knows(2), knows(3)), (MAX_RUNS, false, true));
    }

    #[test]
    fn the_book_is_written_anew_without_what_cannot_come_back_and_keeps_the_fence() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("book");
        let now = Time::from_millis(1_790_000_000_000);
        let mut book = Book::open(&path).unwrap();
        let old = instruction(1, 30, now);
        book.note(now, &old).unwrap();
        book.lines = MAX_LINES;
        let later = now.plus_secs(3600);
        let new = instruction(2, 30, later);
        book.note(later, &new).unwrap();
        book.note(later, &instruction(3, 31, later)).unwrap();
        let book = Book::open(&path).unwrap();
        assert!(!book.seen(&old.nonce) && book.seen(&new.nonce));
        assert_eq!((book.fence(), book.kept.seen.len()), (31, 2));
        assert_eq!(book.obeyed(&old.under).map(|obeyed| obeyed.place), Some(3));
    }
}

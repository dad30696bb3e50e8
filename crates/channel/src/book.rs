//! What an outpost may not forget: the nonces that it has seen, and the highest fencing number that it has obeyed.
//!
//! One line per instruction in a file that is only appended to, on the disk before the instruction is obeyed. A line that
//! was cut off by a crash belongs to an instruction that was never obeyed. Lines of nonces that can't come back are left
//! out when the file is written anew.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_domain::instruction::{Instruction, NONCE_DIGITS};
use adjourn_domain::time::Time;

/// First line of the file.
const MAGIC: &str = "adjourn-outpost-book v1";
/// Lines after which the file is written anew.
const MAX_LINES: usize = 10_000;

/// The book of one outpost.
pub struct Book {
    path: PathBuf,
    file: File,
    lines: usize,
    seen: BTreeMap<String, Time>,
    fence: u64,
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
        let (seen, fence) =
            parse(&text).ok_or_else(|| AppError::new("outpost.book").with("path", path.display()))?;
        let mut book = Self {
            path: path.to_owned(),
            file: write_anew(path, &seen, fence).map_err(|error| io(&error))?,
            lines: 0,
            seen,
            fence,
        };
        book.lines = book.seen.len();
        Ok(book)
    }

    /// Whether a nonce was used.
    pub fn seen(&self, nonce: &str) -> bool {
        self.seen.contains_key(nonce)
    }

    /// The highest fencing number that was obeyed.
    pub fn fence(&self) -> u64 {
        self.fence
    }

    /// Writes an instruction down. When this returns, it is on the disk.
    ///
    /// # Errors
    /// `io`; then the instruction must not be obeyed.
    pub fn note(&mut self, now: Time, what: &Instruction) -> Result<(), AppError> {
        let until = what.remembered_until();
        let fence = self.fence.max(what.under.fence);
        let written = self
            .file
            .write_all(line(&what.nonce, until, fence).as_bytes())
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Half a line may be there: the next one must not go on behind it.
            if let Ok(anew) = write_anew(&self.path, &self.seen, self.fence) {
                self.file = anew;
            }
            return Err(AppError::io(&error, self.path.display()));
        }
        self.seen.insert(what.nonce.clone(), until);
        self.fence = fence;
        self.lines += 1;
        if self.lines > MAX_LINES {
            self.seen.retain(|_, until| *until > now);
            let anew = write_anew(&self.path, &self.seen, self.fence);
            self.file = anew.map_err(|error| AppError::io(&error, self.path.display()))?;
            self.lines = self.seen.len();
        }
        Ok(())
    }
}

fn line(nonce: &str, until: Time, fence: u64) -> String {
    format!("{nonce} {until} {fence}\n")
}

/// What the lines say; `None` when they are no book. Only the last line may be cut off.
fn parse(text: &str) -> Option<(BTreeMap<String, Time>, u64)> {
    let (mut seen, mut fence) = (BTreeMap::new(), 0);
    if text.is_empty() {
        return Some((seen, fence));
    }
    let (whole, _cut) = text.rsplit_once('\n')?;
    let mut lines = whole.lines();
    if lines.next()? != MAGIC {
        return None;
    }
    for line in lines {
        let mut words = line.split(' ');
        let (nonce, until, at) = (words.next()?, Time::parse(words.next()?)?, words.next()?.parse().ok()?);
        fence = at;
        // The line of the fencing number alone has a dash.
        if nonce.len() == NONCE_DIGITS {
            seen.insert(nonce.to_owned(), until);
        } else if nonce != "-" {
            return None;
        }
    }
    Some((seen, fence))
}

/// Writes the file beside the old one and puts it in its place.
fn write_anew(path: &Path, seen: &BTreeMap<String, Time>, fence: u64) -> std::io::Result<File> {
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
    for (nonce, until) in seen {
        text.push_str(&line(nonce, *until, fence));
    }
    text.push_str(&line("-", Time::default(), fence));
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
    use adjourn_domain::canonical::Hash;
    use adjourn_domain::capability::Op;
    use adjourn_domain::instruction::Authority;

    fn instruction(n: u8, fence: u64, now: Time) -> Instruction {
        let under = Authority {
            case: "c-1".into(),
            plan_hash: Hash([0; 32]),
            group: "g-1".into(),
            step: "s".to_owned(),
            attempt: 1,
            fence,
        };
        Instruction::new("north", under, Op::Dissolve, b"{}", now, 120, &[n; 16])
    }

    #[test]
    fn req_g6_an_outpost_remembers_nonces_and_the_fence_after_a_crash_in_the_middle_of_a_line() {
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
        for cut in 0..60 {
            fs::write(&path, &whole[..whole.len() - cut]).unwrap();
            let book = Book::open(&path).unwrap();
            assert!(book.seen(&one.nonce));
            assert_eq!(book.seen(&two.nonce), cut == 0);
            assert_eq!(book.fence(), if cut == 0 { 9 } else { 7 });
        }
        fs::write(&path, b"something else\n").unwrap();
        assert_eq!(Book::open(&path).err().unwrap().code(), "outpost.book");
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
        assert_eq!((book.fence(), book.seen.len()), (31, 2));
    }
}

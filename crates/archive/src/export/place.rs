//! Where something is made: beside its place first, there whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use super::ExportError;
use super::folder::{COLUMNS, INDEX};

/// A file that is written.
pub(super) type Output = BufWriter<File>;

/// A place, and the part beside it; what is left of the part when this goes is removed.
pub(super) struct Place {
    to: PathBuf,
    part: PathBuf,
}

impl Place {
    /// The place of a file.
    pub(super) fn file(to: &Path) -> Self {
        Self { to: to.to_owned(), part: beside(to, "part") }
    }

    /// A name beside it for what is sorted on the way.
    pub(super) fn runs(to: &Path) -> PathBuf {
        beside(to, "run")
    }

    /// Begins the file.
    pub(super) fn create(&self) -> io::Result<Output> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(&self.part)?))
    }

    /// Puts the file where it belongs, once it is on disk.
    pub(super) fn keep(self, mut file: Output) -> io::Result<()> {
        file.flush()?;
        file.get_ref().sync_all()?;
        drop(file);
        fs::rename(&self.part, &self.to)?;
        File::open(folder(&self.to))?.sync_all()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // After the rename it is not there any more; a part that can't be removed is replaced by the next attempt.
        let _ = fs::remove_file(&self.part);
    }
}

/// A folder, and the part beside it.
pub(super) struct Folder {
    to: PathBuf,
    part: PathBuf,
}

impl Folder {
    /// Makes the part. What is at the place already is replaced only if a conversion wrote it.
    pub(super) fn new(to: &Path) -> Result<Self, ExportError> {
        let place = Self { to: to.to_owned(), part: beside(to, "part") };
        if to.exists() && !ours(to) {
            return Err(ExportError::Foreign(to.to_owned()));
        }
        let made = match fs::remove_dir_all(&place.part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => fs::create_dir(&place.part),
        };
        made.map_err(|source| place.at(source))?;
        Ok(place)
    }

    /// Where files are written.
    pub(super) fn part(&self) -> &Path {
        &self.part
    }

    /// Puts the folder where it belongs. Its files are on disk already.
    pub(super) fn keep(self) -> Result<(), ExportError> {
        let old = beside(&self.to, "old");
        let replaced = self.to.exists();
        let keep = || {
            File::open(&self.part)?.sync_all()?;
            if replaced {
                fs::rename(&self.to, &old)?;
            }
            fs::rename(&self.part, &self.to)?;
            File::open(folder(&self.to))?.sync_all()?;
            if replaced { fs::remove_dir_all(&old) } else { Ok(()) }
        };
        keep().map_err(|source| self.at(source))
    }

    fn at(&self, source: io::Error) -> ExportError {
        ExportError::Write { path: self.to.clone(), source }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // After the rename it is not there any more; the next attempt removes what is left.
        let _ = fs::remove_dir_all(&self.part);
    }
}

/// Whether a conversion wrote a folder: its list of files begins as ours do.
fn ours(path: &Path) -> bool {
    let read = fs::File::open(path.join(INDEX)).and_then(|mut file| {
        let mut head = vec![0; COLUMNS.join(",").len()];
        io::Read::read_exact(&mut file, &mut head).map(|()| head)
    });
    read.is_ok_and(|head| head == COLUMNS.join(",").as_bytes())
}

fn beside(to: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(to.file_name().unwrap_or_default());
    name.push(".");
    name.push(ending);
    folder(to).join(name)
}

fn folder(of: &Path) -> &Path {
    of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

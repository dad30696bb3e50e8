//! Where something is made: beside its place first, there whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

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
        let mut name = OsString::from(".");
        name.push(to.file_name().unwrap_or_default());
        name.push(".part");
        Self { to: to.to_owned(), part: folder(to).join(name) }
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

fn folder(of: &Path) -> &Path {
    of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

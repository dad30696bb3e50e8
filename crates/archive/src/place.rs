//! A file or folder that is written beside its place first, and is there whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What is written; what is left of it when it goes is removed.
pub(crate) struct Beside {
    part: PathBuf,
    to: PathBuf,
}

impl Beside {
    /// For a file or folder that is to lie at `to`.
    pub(crate) fn of(to: &Path) -> Self {
        let mut name = OsString::from(".");
        name.push(to.file_name().unwrap_or_default());
        name.push(".part");
        Self { part: folder(to).join(name), to: to.to_owned() }
    }

    /// Where it is written.
    pub(crate) fn path(&self) -> &Path {
        &self.part
    }

    /// Makes a folder there, an empty one.
    pub(crate) fn folder(&self) -> io::Result<()> {
        if self.part.exists() {
            fs::remove_dir_all(&self.part)?;
        }
        fs::create_dir_all(&self.part)
    }

    /// Puts it in its place, durably. A file that is there is replaced; a folder is put away first, since no folder can be replaced at once.
    pub(crate) fn settle(self) -> io::Result<()> {
        if self.to.is_dir() {
            fs::remove_dir_all(&self.to)?;
        }
        fs::rename(&self.part, &self.to)?;
        File::open(folder(&self.to)).and_then(|folder| folder.sync_all())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After it settled it is not there any more; a part that can't be removed is replaced by the next attempt.
        let _ = if self.part.is_dir() { fs::remove_dir_all(&self.part) } else { fs::remove_file(&self.part) };
    }
}

fn folder(of: &Path) -> &Path {
    of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

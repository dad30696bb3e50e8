//! A file or folder that is written beside its place first, and is there whole or not at all.

use std::ffi::{OsStr, OsString};
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

    /// Puts it in its place, durably. A file that is there is replaced, and so is a folder that [`is_like`] this one; no other folder ever is.
    ///
    /// # Errors
    /// When the disk refuses, or another folder is there.
    pub(crate) fn settle(self) -> io::Result<()> {
        let mut old = None;
        if self.to.is_dir() {
            let ending = self.ending().ok_or(io::ErrorKind::IsADirectory)?;
            if !is_like(&self.to, &ending) {
                return Err(io::ErrorKind::DirectoryNotEmpty.into());
            }
            // No folder can be replaced at once: the old one goes away only when the new one is there.
            let away = self.part.with_extension("old");
            fs::rename(&self.to, &away)?;
            old = Some(away);
        }
        fs::rename(&self.part, &self.to)?;
        File::open(folder(&self.to)).and_then(|folder| folder.sync_all())?;
        old.map_or(Ok(()), fs::remove_dir_all)
    }

    /// The ending of the names in the folder; empty where nothing is in it, none for a file.
    fn ending(&self) -> Option<OsString> {
        let mut entries = fs::read_dir(&self.part).ok()?;
        let first = entries.next().and_then(Result::ok).map(|entry| entry.path());
        Some(first.and_then(|path| path.extension().map(OsString::from)).unwrap_or_default())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After it settled it is not there any more; a part that can't be removed is replaced by the next attempt.
        let _ = if self.part.is_dir() { fs::remove_dir_all(&self.part) } else { fs::remove_file(&self.part) };
    }
}

/// Whether a folder holds files of this ending and nothing else, as one that was written before.
pub(crate) fn is_like(folder: &Path, ending: &OsStr) -> bool {
    let fits = |entry: io::Result<fs::DirEntry>| {
        entry.is_ok_and(|entry| {
            let file = entry.file_type().is_ok_and(|kind| kind.is_file());
            file && entry.path().extension().unwrap_or_default() == ending
        })
    };
    fs::read_dir(folder).is_ok_and(|mut entries| entries.all(fits))
}

fn folder(of: &Path) -> &Path {
    of.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

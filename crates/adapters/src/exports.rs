//! Finished exports in the folder of the bundles, and each of them as one zip file on its way into storage.
//!
//! One process packs at a time: it holds a lock for as long as the packed file is used. A file that a killed process left is removed by the next one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::BufWriter;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::ports::{ExportBag, Exports, PackedExport, Part};
use adjourn_archive::pack;
use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::GroupId;
use adjourn_evidence::bag::{PAYLOAD, TAG_MANIFEST};
use adjourn_evidence::layout::SEALED;

use crate::bundles::refused;
use crate::originals::FileOriginals;

/// The file that whoever packs has locked.
const LOCK: &str = ".lock";
/// How much of a bag's hash is in its name, in characters.
const SHORT: usize = 16;

/// Finished exports.
pub struct FileExports {
    originals: FileOriginals,
    working: PathBuf,
}

impl FileExports {
    /// Those among `originals`; they are packed in the folder `working`, which is made for its owner alone.
    pub fn new(originals: FileOriginals, working: &Path) -> Self {
        Self { originals, working: working.to_owned() }
    }

    /// The finished bag in a folder.
    ///
    /// # Errors
    /// `io` where there is none.
    pub fn bag(of: &str, group: &GroupId, path: &Path) -> Result<ExportBag, AppError> {
        let manifest = path.join(TAG_MANIFEST);
        let bytes = fs::read(&manifest).map_err(|error| AppError::io(&error, manifest.display()))?;
        let hash: String = Hash::of(&bytes).to_hex().chars().take(SHORT).collect();
        Ok(ExportBag {
            group: group.clone(),
            of: of.to_owned(),
            name: format!("{of}-{hash}.zip"),
            path: path.to_owned(),
            clear: !path.join(PAYLOAD).join(SEALED).exists(),
        })
    }

    /// The folder for one packed file, locked and empty.
    fn room(&self) -> Result<File, AppError> {
        let at = |error: std::io::Error| AppError::io(&error, self.working.display());
        crate::keys::private_dir(&self.working).map_err(at)?;
        let lock = File::create(self.working.join(LOCK)).map_err(at)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(AppError::new("storage.packing")),
            Err(TryLockError::Error(error)) => return Err(at(error)),
        }
        for entry in fs::read_dir(&self.working).map_err(at)?.flatten() {
            if entry.file_name() != LOCK {
                fs::remove_file(entry.path()).map_err(at)?;
            }
        }
        Ok(lock)
    }
}

impl Exports for FileExports {
    fn list(&self) -> Result<Vec<ExportBag>, AppError> {
        let mut bags = Vec::new();
        for original in self.originals.every().into_iter().filter(|original| original.part == Part::Main) {
            let found = self.originals.find(&original);
            let folder = found.as_ref().and_then(|(messages, _)| messages.parent()?.parent());
            let Some(folder) = folder else { continue };
            match Self::bag(original.case.as_str(), &original.group, folder) {
                Ok(bag) => bags.push(bag),
                // A case that is closed in this moment: its bag lies elsewhere when somebody looks again.
                Err(_) if !folder.exists() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(bags)
    }

    fn pack(&self, bag: &ExportBag) -> Result<Box<dyn PackedExport>, AppError> {
        let lock = self.room()?;
        let path = self.working.join(&bag.name);
        let at = |error: std::io::Error| AppError::io(&error, path.display());
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(at)?;
        let packed = Packed { path: path.clone(), _lock: lock };
        let folder = bag.name.trim_end_matches(".zip");
        pack::pack(&bag.path, folder, BufWriter::new(file)).map_err(refused)?;
        Ok(Box::new(packed))
    }
}

/// A packed bag; the file goes before the lock does.
struct Packed {
    path: PathBuf,
    _lock: File,
}

impl PackedExport for Packed {
    fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        // What can't be removed now is removed by whoever packs next.
        let _ = fs::remove_file(&self.path);
    }
}

//! Exports that are finished: archive bags that lie here, each of which can become one file.

use std::path::{Path, PathBuf};

use adjourn_domain::ids::GroupId;

use crate::error::AppError;

/// The archive bag of a finished export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportBag {
    /// The group.
    pub group: GroupId,
    /// The case that exported it, or `export` outside a case.
    pub of: String,
    /// What it is called as a file. The bag's hash is a part of it: another content has another name.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Whether its messages are in clear.
    pub clear: bool,
}

/// A bag as one file, which is removed with this.
pub trait PackedExport: Send + Sync {
    /// The file.
    fn path(&self) -> &Path;
}

/// The finished exports that lie here. What is still being written is none of them.
pub trait Exports: Send + Sync {
    /// Those of all cases, by case and group.
    ///
    /// # Errors
    /// `io`.
    fn list(&self) -> Result<Vec<ExportBag>, AppError>;
    /// Makes one file of a bag: the same bag gives the same bytes. Blocks; needs as much room as the bag.
    ///
    /// # Errors
    /// `io`, `bundle.package`; `storage.packing` while another process is at it.
    fn pack(&self, bag: &ExportBag) -> Result<Box<dyn PackedExport>, AppError>;
}

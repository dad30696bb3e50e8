//! Storage for archives: a bucket somewhere else, in which nothing is overwritten.

use std::path::Path;

use adjourn_domain::stored::Stored;
use async_trait::async_trait;

use crate::error::AppError;

/// What long work is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Hashing the file.
    Hash,
    /// Sending it.
    Send,
    /// Reading it back.
    Read,
}

impl Stage {
    /// The name of its point, and what its progress is called.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Hash => "storage.hash",
            Self::Send => "storage.send",
            Self::Read => "storage.read",
        }
    }
}

/// Hears how many bytes of how many are done.
pub type Told<'a> = &'a (dyn Fn(Stage, u64, u64) + Send + Sync);

/// Whether a bucket locks what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locking {
    /// It does.
    On,
    /// It does not.
    Off,
    /// The key may not ask.
    Unknown,
}

/// What a bucket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its address.
    pub at: String,
    /// Whether it keeps every version; `None` when the key may not ask.
    pub versioned: Option<bool>,
    /// Whether it has Object Lock.
    pub locking: Locking,
}

/// Storage. A key is a path without `.` and `..`; what is configured as a prefix is no part of it.
#[async_trait]
pub trait Storage: Send + Sync {
    /// Looks at the bucket, and whether it can do what is configured. Changes nothing.
    ///
    /// # Errors
    /// `storage.*`: it can't be reached, refuses the key, is not there, can't lock and has to.
    async fn look(&self) -> Result<Bucket, AppError>;
    /// Whether what is put is locked: because that is configured, or because the bucket does it by itself, as far as the key may ask.
    ///
    /// # Errors
    /// `storage.*`; never where it is configured.
    async fn locks(&self) -> Result<bool, AppError>;
    /// What lies under a key, as its head says: nothing is read. `None` for nothing.
    ///
    /// # Errors
    /// `storage.*`.
    async fn find(&self, key: &str) -> Result<Option<Stored>, AppError>;
    /// Stores a file, and reads all of it back. What an earlier call that was killed has sent is not sent again. Where the same bytes lie already,
    /// and are locked as they have to be, they are read back and nothing is sent: the second value says so.
    ///
    /// # Errors
    /// `storage.*`; `storage.exists` when something else lies there; `io`, `storage.changed` about the file.
    async fn put(&self, file: &Path, key: &str, told: Told<'_>) -> Result<(Stored, bool), AppError>;
    /// Brings a file back to `to`, which is there only when all of it is there and has its hash: `known`, or the one that it was stored with.
    ///
    /// # Errors
    /// `storage.*`; `storage.damaged` when it has another hash, `storage.unhashed` when nobody knows it; `archive.exists`.
    async fn get(
        &self,
        key: &str,
        known: Option<&Stored>,
        to: &Path,
        told: Told<'_>,
    ) -> Result<Stored, AppError>;
}

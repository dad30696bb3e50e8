//! The inbox: where files lie that people handed in about groups of platforms without an interface. Beside the bundles,
//! as all evidence; gone when the group's key is destroyed.

use std::path::Path;

use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::{ConnectionId, GroupId, NativeId};
use adjourn_domain::time::Time;
use adjourn_domain::upload::{Upload, UploadFinding};
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Messages of chats.
    Messages,
    /// A list of groups.
    Groups,
    /// A list of people.
    People,
    /// A picture.
    Image,
    /// An organisation's archive of messages, with the records of many groups.
    Archive,
}

/// A file that was looked at, and not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// What kind of file it is.
    pub kind: FileKind,
    /// Its format, a slug.
    pub format: String,
    /// The platform that it is from, where its format tells.
    pub platform: Option<&'static str>,
    /// The zone in which local times were read; empty where there are none.
    pub zone: String,
    /// SHA-256 of what would be kept.
    pub sha256: Hash,
    /// SHA-256 of the file itself, where something is taken out before it is kept.
    pub original: Option<Hash>,
    /// Size of what would be kept.
    pub bytes: u64,
    /// Records about the group that was asked for, or all of them.
    pub records: u64,
    /// The first of them.
    pub first: Option<Time>,
    /// The last of them.
    pub last: Option<Time>,
    /// Rows in which the platform says that the group was ended.
    pub ended: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
    /// How much was noticed.
    pub noticed: u64,
    /// The first findings.
    pub findings: Vec<UploadFinding>,
    /// The name of the group that was asked for, as the file has it.
    pub name: Option<String>,
    /// The groups that it is about; empty where the format does not tell.
    pub groups: Vec<NativeId>,
}

/// A group that the inbox knows. What nobody handed in is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownGroup {
    /// The platform's id.
    pub native: NativeId,
    /// Its name.
    pub name: Option<String>,
    /// When the list was handed in from which owner and members are known.
    pub listed_at: Option<Time>,
    /// The owner's account.
    pub owner: Option<NativeId>,
    /// Members with their names.
    pub members: Option<Vec<(NativeId, String)>>,
}

/// Our id of a platform's group; `None` when its key was destroyed, and nothing of it may be kept.
pub type GroupIds<'a> = &'a dyn Fn(&NativeId) -> Result<Option<GroupId>, AppError>;

/// The inbox.
pub trait Inbox: Send + Sync {
    /// Reads a file and keeps nothing. Local times are in `zone`; records of `group` count, or all. `progress` gets the
    /// bytes read and the size.
    fn look(
        &self,
        file: &Path,
        zone: Option<&str>,
        group: Option<&NativeId>,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Looked, AppError>;
    /// Keeps a file about a group, exactly the one that was looked at.
    fn keep(
        &self,
        connection: &ConnectionId,
        group: (&GroupId, &NativeId),
        file: &Path,
        upload: &Upload,
    ) -> Result<(), AppError>;
    /// Keeps a list of groups, and what it says about each; gives their number.
    fn keep_list(
        &self,
        connection: &ConnectionId,
        file: &Path,
        upload: &Upload,
        ids: GroupIds<'_>,
    ) -> Result<u64, AppError>;
    /// Keeps of an archive, for each of these groups, its own records, and of all others no more than that there were
    /// some; exactly of the archive that was looked at, whose entry is `upload`. Gives the entries of what was kept.
    fn keep_archive(
        &self,
        connection: &ConnectionId,
        groups: &[(GroupId, NativeId)],
        file: &Path,
        upload: &Upload,
    ) -> Result<Vec<(GroupId, Upload)>, AppError>;
    /// Takes note of a group about which nothing was handed in yet.
    fn register(
        &self,
        connection: &ConnectionId,
        group: (&GroupId, &NativeId),
        name: Option<&str>,
    ) -> Result<(), AppError>;
    /// Every group of a connection, by the platform's id.
    fn groups(&self, connection: &ConnectionId) -> Result<Vec<KnownGroup>, AppError>;
    /// One group.
    fn group(&self, connection: &ConnectionId, native: &NativeId) -> Result<Option<KnownGroup>, AppError>;
    /// What was handed in about a group, oldest first.
    fn uploads(&self, connection: &ConnectionId, native: &NativeId) -> Result<Vec<Upload>, AppError>;
    /// Up to `size` bytes of a file from `from` on, and the size of the whole file.
    fn read(
        &self,
        connection: &ConnectionId,
        id: &Hash,
        from: u64,
        size: u64,
    ) -> Result<Option<(Vec<u8>, u64)>, AppError>;
    /// Removes everything about a group, and every list that names it.
    fn forget(&self, group: &GroupId) -> Result<(), AppError>;
}

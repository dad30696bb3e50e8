//! The journal and the read models.

use adjourn_domain::canonical::Hash;
use adjourn_domain::event::Header;
use adjourn_domain::ids::StreamId;
use adjourn_domain::time::Time;
use async_trait::async_trait;

/// A row to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRow {
    /// The stream.
    pub stream: StreamId,
    /// Kind of the event.
    pub kind: String,
    /// When.
    pub at: Time,
    /// The principal, or `worker`.
    pub actor: String,
    /// Commitment to the payload.
    pub commitment: Hash,
    /// Salt and payload, encrypted.
    pub sealed: Vec<u8>,
}

/// A row of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// What everybody may see.
    pub header: Header,
    /// Salt and payload, encrypted.
    pub sealed: Vec<u8>,
}

/// An entry of a read model: a small table of encrypted values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewWrite {
    /// The table (`group`, `case`, `principal`, `connection`).
    pub table: &'static str,
    /// The key.
    pub key: String,
    /// The value, encrypted; `None` removes it.
    pub value: Option<Vec<u8>>,
}

/// What is appended in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Append {
    /// Version that each stream must have. Every stream with rows must be named.
    pub expect: Vec<(StreamId, u64)>,
    /// The rows.
    pub rows: Vec<NewRow>,
    /// Read models.
    pub views: Vec<ViewWrite>,
    /// When each stream has to be looked at next; `None` for never.
    pub wake: Vec<(StreamId, Option<Time>)>,
    /// The worker's fencing number; `None` for everybody else.
    pub fence: Option<u64>,
}

/// Why an append or a read failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A stream has moved on; nothing was written.
    #[error("{stream} is at version {found}, not {expected}")]
    Conflict {
        /// The stream.
        stream: StreamId,
        /// What was expected.
        expected: u64,
        /// What it is.
        found: u64,
    },
    /// The worker has lost its lease; nothing was written.
    #[error("fenced: the lease is at {current}")]
    Fenced {
        /// The fencing number in force.
        current: u64,
    },
    /// No space left; nothing was written.
    #[error("no space left")]
    Full,
    /// The database belongs to another version of the program.
    #[error("database version {found}")]
    Version {
        /// What was found.
        found: i64,
    },
    /// The rows contradict each other.
    #[error("corrupt: {0}")]
    Corrupt(String),
    /// Anything else.
    #[error("{0}")]
    Io(String),
}

/// The journal and the read models.
#[async_trait]
pub trait Store: Send + Sync {
    /// Appends all or nothing, and returns the headers with their positions. Durable when it returns.
    async fn append(&self, append: Append) -> Result<Vec<Header>, StoreError>;
    /// All rows of a stream, in order.
    async fn load(&self, stream: &StreamId) -> Result<Vec<StoredRow>, StoreError>;
    /// The rows of a stream after a version.
    async fn load_after(&self, stream: &StreamId, version: u64) -> Result<Vec<StoredRow>, StoreError>;
    /// Rows of the whole journal from `seq` on, at most `limit`.
    async fn rows(&self, from: u64, limit: usize) -> Result<Vec<StoredRow>, StoreError>;
    /// The sequence number after the last row.
    async fn end(&self) -> Result<u64, StoreError>;
    /// Leaf hashes of the whole journal, in order.
    async fn leaves(&self) -> Result<Vec<Hash>, StoreError>;
    /// Streams that are due at `now`, in the order (due, stream), at most `limit`.
    async fn due(&self, now: Time, limit: usize) -> Result<Vec<(Time, StreamId)>, StoreError>;
    /// When the next stream is due.
    async fn next_due(&self) -> Result<Option<Time>, StoreError>;
    /// One entry of a read model.
    async fn view(&self, table: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
    /// All entries of a read model, by key.
    async fn views(&self, table: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
    /// Some entries of a read model by key, after the key `after`, at most `limit`.
    async fn views_after(
        &self,
        table: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
    /// The entries of a read model with these keys, in their order; those that are not there are left out.
    async fn views_of(&self, table: &str, keys: Vec<String>) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
    /// Takes the worker's lease if it is free or has run out, and returns a new fencing number.
    async fn take_lease(&self, owner: &str, now: Time, ttl_s: u64) -> Result<Option<u64>, StoreError>;
    /// Prolongs the lease; `false` when it is lost.
    async fn keep_lease(&self, fence: u64, now: Time, ttl_s: u64) -> Result<bool, StoreError>;
    /// Gives the lease back.
    async fn drop_lease(&self, fence: u64) -> Result<(), StoreError>;
    /// Leaves nothing of removed values in the file or its log.
    async fn scrub(&self) -> Result<(), StoreError>;
}

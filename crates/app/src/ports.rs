//! The ports: what the use cases need from outside. Each has one implementation in production and, where time or
//! chance matters, a seeded one in drill and tests.

use std::collections::BTreeMap;

use adjourn_domain::call::{ExportPage, GroupRef, IdentityInfo, Memo, ReadBack};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Capabilities, Effect, Op};
use adjourn_domain::event::{Connection, EvidenceRef, Header, Receipt};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{CaseId, GroupId, IdentityId, NativeId, PrincipalId, StreamId};
use adjourn_domain::message::Record;
use adjourn_domain::plan::Note;
use adjourn_domain::time::Time;
use adjourn_domain::verdict::Signal;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::AppError;

/// Time.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Time;
    /// Returns when it is `until` or later. A virtual clock jumps there.
    async fn sleep_until(&self, until: Time);
}

/// Chance.
pub trait Rng: Send + Sync {
    /// Fills the buffer with random bytes.
    fn fill(&self, buffer: &mut [u8]);
}

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
    /// Rows of the whole journal from `seq` on, at most `limit`.
    async fn rows(&self, from: u64, limit: usize) -> Result<Vec<StoredRow>, StoreError>;
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
    /// Takes the worker's lease if it is free or has run out, and returns a new fencing number.
    async fn take_lease(&self, owner: &str, now: Time, ttl_s: u64) -> Result<Option<u64>, StoreError>;
    /// Prolongs the lease; `false` when it is lost.
    async fn keep_lease(&self, fence: u64, now: Time, ttl_s: u64) -> Result<bool, StoreError>;
    /// Gives the lease back.
    async fn drop_lease(&self, fence: u64) -> Result<(), StoreError>;
    /// Leaves nothing of removed values in the file or its log.
    async fn scrub(&self) -> Result<(), StoreError>;
}

/// What a key protects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyId {
    /// A group's payloads.
    Group(GroupId),
    /// A case's payloads, which name no group in clear.
    Case(CaseId),
    /// The organisation's payloads: principals, connections.
    Org,
}

impl KeyId {
    /// The key of a stream.
    pub fn of(stream: &StreamId) -> Self {
        stream.group().map(Self::Group).or_else(|| stream.case().map(Self::Case)).unwrap_or(Self::Org)
    }
}

/// Keys, in a directory of their own.
pub trait Keys: Send + Sync {
    /// Makes the key if there is none. A destroyed key is never made again.
    fn ensure(&self, key: &KeyId) -> Result<(), AppError>;
    /// Encrypts under a key.
    fn seal(&self, key: &KeyId, plain: &[u8]) -> Result<Vec<u8>, AppError>;
    /// Decrypts; `None` when the key was destroyed.
    fn open(&self, key: &KeyId, sealed: &[u8]) -> Result<Option<Vec<u8>>, AppError>;
    /// Destroys a key, for good.
    fn destroy(&self, key: &KeyId) -> Result<(), AppError>;
    /// Our id of a platform's group: a keyed hash, so that it tells nothing by itself.
    fn group_id(&self, connection: &str, native: &NativeId) -> Result<GroupId, AppError>;
    /// Checks an Ed25519 signature in hex by a public key in hex.
    fn check(&self, public_key: &str, bytes: &[u8], signature: &str) -> bool;
    /// Secrets of an identity of a connection.
    fn secrets(&self, connection: &str, identity: &str) -> Result<BTreeMap<String, String>, AppError>;
    /// Keeps secrets of an identity of a connection.
    fn keep_secrets(
        &self,
        connection: &str,
        identity: &str,
        secrets: &BTreeMap<String, String>,
    ) -> Result<(), AppError>;
}

/// The private key of the principal who acts. Having it is what proves who acts.
pub trait Signer: Send + Sync {
    /// The principal.
    fn principal(&self) -> PrincipalId;
    /// Ed25519 public key in hex.
    fn public_key(&self) -> String;
    /// Ed25519 signature in hex.
    fn sign(&self, bytes: &[u8]) -> String;
}

/// What is to be done on a platform, or read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The operation.
    pub op: Op,
    /// The group.
    pub group: NativeId,
    /// Idempotency key, group : step; never the attempt.
    pub key: String,
    /// Whether the effect is taken back.
    pub undo: bool,
    /// Parameters of the plan's step, and what the use case adds.
    pub params: serde_json::Map<String, Value>,
    /// What the connector remembered.
    pub memo: Memo,
}

/// What an identity answered about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityReport {
    /// The identity.
    pub identity: IdentityId,
    /// Whether it is a witness.
    pub witness: bool,
    /// Its answer.
    pub info: IdentityInfo,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {says}")]
pub struct PlatformError {
    /// Error slug.
    pub code: &'static str,
    /// What became of the effect.
    pub effect: Effect,
    /// Earliest next attempt in seconds, if the platform or the transport gives one.
    pub retry_s: Option<u64>,
    /// In words, without texts, names and secrets.
    pub says: String,
}

/// A group as it is now, with what may be done to it.
#[derive(Debug, Clone)]
pub struct Inspected {
    /// The group.
    pub snapshot: Snapshot,
    /// Effective capabilities.
    pub capabilities: Capabilities,
    /// The account that acts.
    pub own_account: NativeId,
    /// What survives a dissolve.
    pub residue: Vec<Note>,
    /// What nobody can know.
    pub unknown: Vec<Note>,
    /// Longest announcement in characters.
    pub max_announcement: usize,
}

/// The platforms, through their connectors. Guards capabilities before any I/O.
#[async_trait]
pub trait Platforms: Send + Sync {
    /// Who an identity is.
    async fn whoami(
        &self,
        connection: &Connection,
        identity: &IdentityId,
    ) -> Result<IdentityInfo, PlatformError>;
    /// All groups that the acting identity sees.
    async fn list(&self, connection: &Connection) -> Result<Vec<GroupRef>, PlatformError>;
    /// One group, now.
    async fn inspect(&self, connection: &Connection, group: &NativeId) -> Result<Inspected, PlatformError>;
    /// Makes a call that changes something.
    async fn act(&self, connection: &Connection, call: &Call) -> Result<Memo, PlatformError>;
    /// Reads whether the effect is there, through a witness where there is one and the effect is irreversible.
    async fn read_back(&self, connection: &Connection, call: &Call) -> Result<ReadBack, PlatformError>;
    /// One page of history.
    async fn export_page(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, PlatformError>;
    /// How many records the platform says there are.
    async fn count(&self, connection: &Connection, group: &NativeId) -> Result<Option<u64>, PlatformError>;
    /// An attachment.
    async fn media(
        &self,
        connection: &Connection,
        group: &NativeId,
        id: &NativeId,
    ) -> Result<Vec<u8>, PlatformError>;
    /// Everything that all identities can say about whether the group is gone.
    async fn probe(&self, connection: &Connection, group: &NativeId, known: Option<&NativeId>)
    -> Vec<Signal>;
}

/// Which export of a group it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The main export.
    Main,
    /// What came after it.
    Tail,
}

/// How far an export is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportState {
    /// Whether the last page is written.
    pub at_end: bool,
    /// Cursor of the next page.
    pub cursor: Option<String>,
    /// Records written.
    pub records: u64,
    /// Attachments that are announced by records and not yet written.
    pub media_missing: Vec<NativeId>,
    /// Attachments written or given up.
    pub media_done: Vec<NativeId>,
}

/// A sealed bag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealInfo {
    /// Hash of the bag.
    pub bag_hash: Hash,
    /// Size in bytes.
    pub bytes: u64,
    /// Payload files.
    pub files: u64,
}

/// A row of the journal as the bundle carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRow {
    /// The header.
    pub header: Header,
    /// Salt, if it can be read.
    pub salt: Option<Vec<u8>>,
    /// Payload, if it can be read.
    pub payload: Option<Value>,
}

/// What the case bag is made of, besides the archive bags.
#[derive(Debug, Clone)]
pub struct BundleInput {
    /// The case.
    pub case: CaseId,
    /// Now.
    pub now: Time,
    /// Canonical bytes of the plan.
    pub plan: Vec<u8>,
    /// Principals.
    pub principals: Value,
    /// Approvals.
    pub approvals: Value,
    /// Rows of the case, its groups, and the organisation.
    pub rows: Vec<OpenRow>,
    /// Leaf hashes of the whole journal, up to the checkpoint.
    pub leaves: Vec<Hash>,
    /// For each group: announcements, probes, verdict, residue, and certificate where it is gone.
    pub groups: Vec<BundleGroup>,
    /// Whether it is a drill.
    pub drill: bool,
}

/// A group's part of the bundle.
#[derive(Debug, Clone)]
pub struct BundleGroup {
    /// The group.
    pub group: GroupId,
    /// Announcements with read-back.
    pub announcements: Value,
    /// Probes.
    pub probes: Value,
    /// Verdict; `None` when the group was not observed.
    pub verdict: Option<Value>,
    /// Residue.
    pub residue: Value,
    /// Certificate.
    pub certificate: Option<Value>,
}

/// A written and verified bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleInfo {
    /// Hash of the case bag.
    pub bag_hash: Hash,
    /// Where it lies.
    pub path: String,
}

/// Where exports, bags and bundles lie. Work in progress survives a crash and is never visible under the final name.
#[async_trait]
pub trait Vault: Send + Sync {
    /// How far an export is.
    async fn export_state(&self, case: &CaseId, group: &GroupId, part: Part)
    -> Result<ExportState, AppError>;
    /// Writes a page and its checkpoint; records that are there already are left out. Durable when it returns.
    async fn write_page(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        records: &[Record],
        next: Option<&str>,
    ) -> Result<ExportState, AppError>;
    /// Writes an attachment, or the reason why it can't be had.
    async fn write_media(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        id: &NativeId,
        bytes: Result<&[u8], Note>,
    ) -> Result<(), AppError>;
    /// The receipt of a finished export.
    async fn receipt(
        &self,
        case: &CaseId,
        group: &GroupId,
        part: Part,
        platform_says: Option<u64>,
    ) -> Result<Receipt, AppError>;
    /// Ids of the attachments that were taken.
    async fn media_ids(&self, case: &CaseId, group: &GroupId) -> Result<Vec<NativeId>, AppError>;
    /// Closes the archive bag with the group's members, links and receipt.
    async fn seal(
        &self,
        case: &CaseId,
        group: &GroupId,
        snapshot: &Snapshot,
        receipt: &Receipt,
        now: Time,
    ) -> Result<SealInfo, AppError>;
    /// Reads a sealed archive bag back, every byte; `None` when there is none.
    async fn read_back(&self, case: &CaseId, group: &GroupId) -> Result<Option<SealInfo>, AppError>;
    /// The bytes that a time stamp over the archive bag covers.
    async fn seal_bytes(&self, case: &CaseId, group: &GroupId) -> Result<Vec<u8>, AppError>;
    /// Keeps a time stamp over the archive bag.
    async fn keep_stamp(&self, case: &CaseId, group: &GroupId, reply: &[u8]) -> Result<(), AppError>;
    /// Whether a time stamp over the archive bag is kept.
    async fn stamped(&self, case: &CaseId, group: &GroupId) -> Result<bool, AppError>;
    /// Keeps a file that a person handed in, with metadata removed where it can be.
    async fn keep_evidence(
        &self,
        case: &CaseId,
        group: &GroupId,
        name: &str,
        bytes: &[u8],
    ) -> Result<EvidenceRef, AppError>;
    /// Writes the case bag, has its checkpoint stamped, and verifies it.
    async fn write_bundle(&self, input: BundleInput) -> Result<BundleInfo, AppError>;
    /// Where a case's bundle lies, if it is written.
    async fn bundle_path(&self, case: &CaseId) -> Result<Option<String>, AppError>;
    /// Removes work in progress of a group (after its key was destroyed).
    async fn forget(&self, case: &CaseId, group: &GroupId) -> Result<(), AppError>;
}

/// A time stamp authority (RFC 3161).
#[async_trait]
pub trait Stamps: Send + Sync {
    /// Whether one is configured.
    fn configured(&self) -> bool;
    /// A checked reply over `bytes`.
    async fn stamp(&self, bytes: &[u8]) -> Result<Vec<u8>, AppError>;
}

/// Named points of the way, for tests that kill the process there and for progress displays.
pub trait Points: Send + Sync {
    /// The way passes `point`.
    fn hit(&self, point: &str);
}

/// Progress of long work, for people who wait.
pub trait Progress: Send + Sync {
    /// `done` of `total` items of a step of a group are done.
    fn count(&self, group: &GroupId, step: &str, done: u64, total: Option<u64>);
}

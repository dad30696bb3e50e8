//! The ports: what the use cases need from outside. Each has one implementation in production and, where time or
//! chance matters, a seeded one in drill and tests.

mod accounts;
mod bundles;
mod catalogue;
mod deposits;
mod exports;
mod heard;
mod hooks;
mod inbox;
mod keys;
mod originals;
mod parties;
mod platforms;
mod storage;
mod store;
mod tables;
mod vault;
mod words;

use adjourn_domain::fact::Profile;
use adjourn_domain::ids::{GroupId, PlatformId};
use adjourn_domain::law::Pack;
use adjourn_domain::time::Time;
use async_trait::async_trait;

use crate::error::AppError;
use crate::progress::Work;

pub use accounts::{Accounts, OpenKey, Shelf, TOKEN, Token};
pub use bundles::{Bag, BagKind, Bundles, Claimed, Flaw, HandedIn, Verified};
pub use catalogue::{Catalogue, Offer, Question};
pub use deposits::{Deposit, DepositError, Deposits};
pub use exports::{ExportBag, Exports, PackedExport};
pub use heard::{Delivery, Hearing, Kept};
pub use hooks::{Hook, NotTold, Told};
pub use inbox::{FileKind, GroupIds, Inbox, KnownGroup, Looked};
pub use keys::{KeyId, Keys, Signer};
pub use originals::{Contents, Kept as KeptOriginal, Medium, Original, Originals};
pub use parties::{Parties, PartyAnswer, PartyError, PartyLook};
pub use platforms::{Call, IdentityReport, Inspected, PlatformError, Platforms};
pub use storage::{Bucket, Locking, Stage, Storage, Told as ToldStored};
pub use store::{Append, NewRow, Store, StoreError, StoredRow, ViewWrite};
pub use tables::{LeaversTable, LedgerTable, SayNote, Tables};
pub use vault::{
    BundleAnswer, BundleGroup, BundleInfo, BundleInput, BundleWho, ExportState, OpenRow, Part, ReportInput,
    SealInfo, Vault,
};
pub use words::{AnnouncementFacts, Organisation, PlatformFacts, Words};

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

/// A time stamp authority (RFC 3161).
#[async_trait]
pub trait Stamps: Send + Sync {
    /// Whether one is configured.
    fn configured(&self) -> bool;
    /// Whether it is a drill's: its stamps are well-formed, and no independent authority gave them.
    fn simulated(&self) -> bool {
        false
    }
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
    /// A question that failed with the error `code` is asked again after `in_s` seconds: attempt `attempt` of `of`.
    fn again(&self, code: &str, in_s: u64, attempt: u32, of: u32);
    /// How far the work on a group has come, where somebody keeps that.
    fn stands(&self, _group: &GroupId) -> Option<Work> {
        None
    }
}

/// What is known about platforms, as data.
pub trait Profiles: Send + Sync {
    /// The profile of a platform, if it has one.
    ///
    /// # Errors
    /// `internal` for a profile that can't be read.
    fn profile(&self, platform: &PlatformId) -> Result<Option<Profile>, AppError>;
    /// How long which records have to be kept, by jurisdiction.
    ///
    /// # Errors
    /// `internal` for a pack that can't be read.
    fn laws(&self) -> Result<Vec<Pack>, AppError>;
}

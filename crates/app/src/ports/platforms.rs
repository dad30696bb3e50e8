//! The platforms, through their connectors.

use adjourn_domain::announcement::Room;
use adjourn_domain::call::{CountPage, ExportPage, GroupRef, Heard, IdentityInfo, Memo, ReadBack};
use adjourn_domain::capability::{Capabilities, Effect, Op};
use adjourn_domain::event::Connection;
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{IdentityId, NativeId};
use adjourn_domain::instruction::Authority;
use adjourn_domain::plan::Note;
use adjourn_domain::verdict::Signal;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::heard::{Delivery, Hearing};

/// What is to be done on a platform, or read back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    /// The plan, step and worker that it is made under. An outpost obeys no change without.
    pub authority: Authority,
}

impl Call {
    /// Whether the effect is read back through a witness: what can't be taken back, and what the acting account may
    /// not see (`through_witness`).
    pub fn through_witness(&self) -> bool {
        matches!(self.op, Op::Dissolve | Op::Purge | Op::Restore)
            || self.params.get("through_witness").is_some_and(|value| value.as_bool() == Some(true))
    }
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
    /// Whether the same question may be answered if it is asked again.
    pub passing: bool,
    /// In words, without texts, names and secrets.
    pub says: String,
}

/// A group as it is now, with what may be done to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    pub max_announcement: Room,
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
    /// Reads a delivery for an identity. What is not proved to come from the platform is refused.
    fn pushed(
        &self,
        connection: &Connection,
        identity: &IdentityId,
        delivery: &Delivery,
    ) -> Result<Vec<Heard>, PlatformError>;
    /// The answer to a platform that asks whether an identity's endpoint is who it should be.
    fn greeted(
        &self,
        connection: &Connection,
        identity: &IdentityId,
        delivery: &Delivery,
    ) -> Result<Vec<u8>, PlatformError>;
    /// Opens the stream of an identity's events. `capability.unsupported` where the platform has none.
    async fn stream(
        &self,
        _connection: &Connection,
        identity: &IdentityId,
    ) -> Result<Box<dyn Hearing>, PlatformError> {
        Err(PlatformError {
            code: "capability.unsupported",
            effect: Effect::NotApplied,
            retry_s: None,
            passing: false,
            says: identity.to_string(),
        })
    }
    /// All groups that the acting identity sees.
    async fn list(&self, connection: &Connection) -> Result<Vec<GroupRef>, PlatformError>;
    /// One group, now.
    async fn inspect(&self, connection: &Connection, group: &NativeId) -> Result<Inspected, PlatformError>;
    /// What can be done with a group that no identity can see yet, such as one that only a ledger knows.
    async fn inspect_unseen(
        &self,
        _connection: &Connection,
        snapshot: Snapshot,
    ) -> Result<Inspected, PlatformError> {
        Err(PlatformError {
            code: "group.unknown",
            effect: Effect::NotApplied,
            retry_s: None,
            passing: false,
            says: snapshot.native.to_string(),
        })
    }
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
    /// What can be had of a page that the platform fails to give, in smaller pieces; `None` where there is no way around it.
    async fn export_beyond(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<ExportPage>, PlatformError>;
    /// A part of a second listing of a history, by day; `None` where the platform has none.
    async fn recount(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<CountPage>, PlatformError>;
    /// How many records the platform says there are.
    async fn count(&self, connection: &Connection, group: &NativeId) -> Result<Option<u64>, PlatformError>;
    /// What is known to be missing in the history that can be read.
    async fn gaps(&self, connection: &Connection, group: &NativeId) -> Result<Vec<Note>, PlatformError> {
        let _ = (connection, group);
        Ok(Vec::new())
    }
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

//! The traits. A capability is a method: an accessor that answers `Some` exactly where the descriptor's row says
//! native or emulated. Where a person acts (assisted), [`Connector::verb`] answers `Some` too, and only its `read_back`
//! is used.

pub use adjourn_domain::call::{CountPage, ExportPage, GroupRef, Heard, IdentityInfo, Memo, ReadBack, Told};
use adjourn_domain::capability::{Capabilities, Op};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use adjourn_domain::plan::Note;
use adjourn_domain::verdict::Signal;
use async_trait::async_trait;
use serde_json::Value;

use crate::context::Context;
use crate::descriptor::Descriptor;
use crate::error::ConnectorError;
use crate::events::Events;

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end. A cursor that repeats ends the listing with an error.
    pub next: Option<String>,
}

/// What is to be done, or read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The operation.
    pub op: Op,
    /// The group.
    pub group: NativeId,
    /// Idempotency key, group : step; never the attempt. For platforms that take one.
    pub key: String,
    /// Whether the effect is to be taken back (freeze).
    pub undo: bool,
    /// Parameters of the plan's step (`link`, `link_kind`, `text`).
    pub params: serde_json::Map<String, Value>,
    /// What the connector remembered of this step; null at first.
    pub memo: Memo,
}

impl Order {
    /// A parameter that is text.
    ///
    /// # Errors
    /// `Invalid` when it is not there.
    pub fn text(&self, name: &str) -> Result<&str, ConnectorError> {
        self.params
            .get(name)
            .and_then(Value::as_str)
            .ok_or_else(|| ConnectorError::new(crate::Kind::Invalid, format!("parameter {name}")))
    }
}

/// A verb that changes something: done once, read back as often as needed. The read-back of an irreversible verb is
/// called with a witness's context where there is one.
#[async_trait]
pub trait Verb: Send + Sync {
    /// Makes the call. `Ok` means the platform said so, which ends no step.
    ///
    /// # Errors
    /// With the effect: not applied, or unknown.
    async fn act(&self, cx: &Context<'_>, order: &Order) -> Result<Memo, ConnectorError>;

    /// Reads whether the effect is there.
    ///
    /// # Errors
    /// When nothing could be read.
    async fn read_back(&self, cx: &Context<'_>, order: &Order) -> Result<ReadBack, ConnectorError>;
}

/// Reads a group's whole history.
#[async_trait]
pub trait Exporter: Send + Sync {
    /// One page, from `cursor` (from the start if `None`), oldest first.
    async fn page(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, ConnectorError>;

    /// The bytes of an attachment.
    async fn media(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        id: &NativeId,
    ) -> Result<bytes::Bytes, ConnectorError>;

    /// How many records the platform says there are, if it tells.
    async fn count(&self, cx: &Context<'_>, group: &NativeId) -> Result<Option<u64>, ConnectorError>;

    /// A way around a page that the platform fails to give: what can be had of it in smaller pieces, and as bad items what can't; `None` where
    /// there is no way. Nothing that a smaller piece gives may be missing.
    ///
    /// # Errors
    /// When nothing can be had because of something else than what is asked for.
    async fn beyond(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<ExportPage>, ConnectorError> {
        let _ = (cx, group, cursor);
        Ok(None)
    }

    /// Counts the history a second time, by another question than [`Self::page`] asks; `None` where there is none.
    ///
    /// # Errors
    /// When nothing could be read.
    async fn recount(
        &self,
        cx: &Context<'_>,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<CountPage>, ConnectorError> {
        let _ = (cx, group, cursor);
        Ok(None)
    }

    /// What is known to be missing in what can be read, for the receipt.
    ///
    /// # Errors
    /// When nothing could be read.
    async fn gaps(&self, cx: &Context<'_>, group: &NativeId) -> Result<Vec<Note>, ConnectorError> {
        let _ = (cx, group);
        Ok(Vec::new())
    }
}

/// Probes whether a group is gone.
#[async_trait]
pub trait Verifier: Send + Sync {
    /// All questions that this identity can ask. A question that fails is a signal that says nothing, not an error.
    /// `known` is the id of a record that the group had.
    async fn signals(&self, cx: &Context<'_>, group: &NativeId, known: Option<&NativeId>) -> Vec<Signal>;
}

/// A connector.
#[async_trait]
pub trait Connector: Send + Sync {
    /// What it says about itself.
    fn descriptor(&self) -> &Descriptor;

    /// Who the identity is, and what it may do.
    async fn whoami(&self, cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError>;

    /// Groups that the identity can see.
    async fn list(&self, cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError>;

    /// A group with its owners, members and links.
    async fn get(&self, cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError>;

    /// What can be done to this very group: never more than the identity may do elsewhere.
    fn narrow(&self, capabilities: Capabilities, group: &Snapshot) -> Capabilities {
        let _ = group;
        capabilities
    }

    /// Export of the history.
    fn exporter(&self) -> Option<&dyn Exporter> {
        None
    }

    /// Probes.
    fn verifier(&self) -> Option<&dyn Verifier> {
        None
    }

    /// What the platform tells by itself.
    fn events(&self) -> Option<&dyn Events> {
        None
    }

    /// The changing verb of an operation.
    fn verb(&self, op: Op) -> Option<&dyn Verb> {
        let _ = op;
        None
    }
}

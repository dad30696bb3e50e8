//! The connector: thin glue between the contract and the wire.

mod announce;
mod api;
mod create;
mod dissolve;
mod events;
mod files;
mod history;
mod leave;
mod manage;
mod read;
mod verify;

#[cfg(test)]
pub(super) mod tests;

use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Descriptor, Events, Exporter, GroupRef, IdentityInfo, Page, Verb,
    Verifier,
};
use adjourn_domain::capability::{Capabilities, Op};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;

use super::descriptor;

/// The platform's id.
pub(super) const PLATFORM: &str = "qq";

/// The QQ connector.
pub struct Qq {
    descriptor: Descriptor,
}

impl Qq {
    /// Makes it.
    pub fn new() -> Self {
        Self { descriptor: descriptor::descriptor() }
    }
}

impl Default for Qq {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Connector for Qq {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn whoami(&self, cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
        read::whoami(cx).await
    }

    async fn list(&self, cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
        read::list(cx, cursor).await
    }

    async fn get(&self, cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
        read::get(cx, group).await
    }

    fn narrow(&self, capabilities: Capabilities, group: &Snapshot) -> Capabilities {
        descriptor::in_role(capabilities, read::role_of(group))
    }

    fn exporter(&self) -> Option<&dyn Exporter> {
        Some(&history::History::USUAL)
    }

    fn verifier(&self) -> Option<&dyn Verifier> {
        Some(&verify::Look)
    }

    fn events(&self) -> Option<&dyn Events> {
        Some(&events::Listen)
    }

    fn verb(&self, op: Op) -> Option<&dyn Verb> {
        match op {
            Op::Create => Some(&create::Create),
            Op::Announce => Some(&announce::Announce),
            Op::Freeze => Some(&manage::Freeze),
            Op::Unlink => Some(&manage::Unlink),
            Op::Transfer => Some(&manage::Transfer),
            Op::Leave => Some(&leave::Leave),
            Op::Dissolve => Some(&dissolve::Dissolve),
            Op::Restore => Some(&dissolve::Restore),
            Op::Members
            | Op::Links
            | Op::Export
            | Op::Handover
            | Op::Purge
            | Op::RemoveMedia
            | Op::Verify => None,
        }
    }
}

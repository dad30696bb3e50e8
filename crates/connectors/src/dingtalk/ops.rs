//! The connector: thin glue between the contract and the wire.

mod announce;
mod create;
mod heard;
mod leave;
mod list;
mod read;
#[cfg(test)]
mod tests;
mod verbs;
mod verify;

use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Descriptor, Events, ExportPage, Exporter, GroupRef, IdentityInfo,
    Page, Verb, Verifier,
};
use adjourn_domain::capability::{Capabilities, Op};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;
use bytes::Bytes;

use super::descriptor;

/// The DingTalk connector.
pub struct DingTalk {
    descriptor: Descriptor,
}

impl DingTalk {
    /// Makes it.
    pub fn new() -> Self {
        Self { descriptor: descriptor::descriptor() }
    }
}

impl Default for DingTalk {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Connector for DingTalk {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn whoami(&self, cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
        read::whoami(cx).await
    }

    async fn list(&self, cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
        list::list(cx, cursor).await
    }

    async fn get(&self, cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
        read::get(cx, group).await
    }

    /// An ordinary group is ended by a person.
    fn narrow(&self, capabilities: Capabilities, group: &Snapshot) -> Capabilities {
        match group.details.get(read::KIND).map(String::as_str) {
            Some(read::ORDINARY) => descriptor::narrow(capabilities, group.details.contains_key(read::CHAT)),
            _ => capabilities,
        }
    }

    fn exporter(&self) -> Option<&dyn Exporter> {
        Some(&ByHand)
    }

    fn verifier(&self) -> Option<&dyn Verifier> {
        Some(&verify::Look)
    }

    fn events(&self) -> Option<&dyn Events> {
        Some(&heard::Stream)
    }

    fn verb(&self, op: Op) -> Option<&dyn Verb> {
        match op {
            Op::Create => Some(&create::Create),
            Op::Announce => Some(&announce::Announce),
            Op::Freeze => Some(&verbs::Freeze),
            Op::Unlink => Some(&verbs::Unlink),
            Op::Transfer => Some(&verbs::Transfer),
            Op::Leave => Some(&leave::Leave),
            Op::Dissolve => Some(&verbs::Dissolve),
            Op::Members
            | Op::Links
            | Op::Export
            | Op::Handover
            | Op::Purge
            | Op::RemoveMedia
            | Op::Restore
            | Op::Verify => None,
        }
    }
}

/// The history, which no interface returns: a person exports it and hands the file in.
struct ByHand;

#[async_trait]
impl Exporter for ByHand {
    async fn page(
        &self,
        _: &Context<'_>,
        _: &NativeId,
        _: Option<&str>,
    ) -> Result<ExportPage, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Export))
    }

    async fn media(&self, _: &Context<'_>, _: &NativeId, _: &NativeId) -> Result<Bytes, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Export))
    }

    async fn count(&self, _: &Context<'_>, _: &NativeId) -> Result<Option<u64>, ConnectorError> {
        Ok(None)
    }
}

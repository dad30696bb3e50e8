//! The connector: thin glue between the contract and the wire.

mod create;
mod leave;
mod read;
mod verbs;
mod verify;

use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Descriptor, Exporter, GroupRef, IdentityInfo, Page, Reply, Request,
    Verb, Verifier,
};
use adjourn_domain::capability::{Op, Support};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;

use super::{auth, descriptor};

/// The reference connector.
pub struct Reference {
    descriptor: Descriptor,
}

impl Reference {
    /// Makes it.
    pub fn new() -> Self {
        Self { descriptor: descriptor::descriptor() }
    }
}

impl Default for Reference {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Connector for Reference {
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

    fn exporter(&self) -> Option<&dyn Exporter> {
        Some(&read::History)
    }

    fn verifier(&self) -> Option<&dyn Verifier> {
        Some(&verify::Look)
    }

    fn verb(&self, op: Op) -> Option<&dyn Verb> {
        match op {
            Op::Create => Some(&create::Create),
            Op::Announce => Some(&verbs::Announce),
            Op::Freeze => Some(&verbs::Freeze),
            Op::Unlink => Some(&verbs::Unlink),
            Op::Handover => Some(&verbs::Handover),
            Op::Transfer => Some(&verbs::Transfer),
            Op::Leave => Some(&leave::Leave),
            Op::Dissolve => Some(&verbs::Dissolve),
            Op::Purge => Some(&verbs::Purge),
            Op::RemoveMedia => Some(&verbs::RemoveMedia),
            Op::Restore => Some(&verbs::Restore),
            Op::Members | Op::Links | Op::Export | Op::Verify => None,
        }
    }
}

/// Sends a request.
async fn call(cx: &Context<'_>, request: Request) -> Result<Reply, ConnectorError> {
    cx.transport.call(request).await.map_err(|error| ConnectorError::transport(&error))
}

/// Refuses, before any request, what the platform that is played does not do itself.
fn native(cx: &Context<'_>, op: Op) -> Result<(), ConnectorError> {
    match descriptor::support(&auth::rules(cx)?, op) {
        Support::Native | Support::Emulated => Ok(()),
        Support::Assisted | Support::Unsupported => Err(ConnectorError::unsupported(op)),
    }
}

/// Refuses, before any request, what can't be had on the platform that is played, not even from a person.
fn possible(cx: &Context<'_>, op: Op) -> Result<(), ConnectorError> {
    match descriptor::support(&auth::rules(cx)?, op) {
        Support::Unsupported => Err(ConnectorError::unsupported(op)),
        _ => Ok(()),
    }
}

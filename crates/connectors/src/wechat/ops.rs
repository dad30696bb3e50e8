//! The connector: thin glue between the contract, the inbox and the readers of the tools' files.

mod create;
mod files;
mod leave;
mod read;
mod verbs;
mod verify;

use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Descriptor, Exporter, GroupRef, IdentityInfo, Page, Reply, Request,
    Verb, Verifier,
};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;

use super::descriptor;

/// The WeChat connector.
pub struct Wechat {
    descriptor: Descriptor,
}

impl Wechat {
    /// Makes it.
    pub fn new() -> Self {
        Self { descriptor: descriptor::descriptor() }
    }
}

impl Default for Wechat {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Connector for Wechat {
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
        Some(&files::History)
    }

    fn verifier(&self) -> Option<&dyn Verifier> {
        Some(&verify::Look)
    }

    fn verb(&self, op: Op) -> Option<&dyn Verb> {
        match op {
            Op::Create => Some(&create::Create),
            Op::Announce => Some(&verbs::Announce),
            Op::Unlink => Some(&verbs::Unlink),
            Op::Transfer => Some(&verbs::Transfer),
            Op::Leave => Some(&leave::Leave),
            Op::Dissolve => Some(&verbs::Dissolve),
            _ => None,
        }
    }
}

/// Sends a request.
async fn call(cx: &Context<'_>, request: Request) -> Result<Reply, ConnectorError> {
    cx.transport.call(request).await.map_err(|error| ConnectorError::transport(&error))
}

//! WeCom (the organisation's edition of the chat): an app of the organisation over its server API.
//!
//! ```text
//! ops (what to ask, in which order) ─► wire (requests and replies, pure) ─► the context's transport
//!                                   ◄─ errors (what a number means)
//! ```
//!
//! By API nothing dissolves: the dissolve is a person's, before it the handover is approved, and afterwards the group's
//! absence is read. What an app can do natively is to read its groups and the customer groups, post to its own, and change
//! their owners.

mod auth;
mod descriptor;
mod errors;
mod ops;
mod sim;
mod wire;

use adjourn_connector_kit::simulator::Seeded;
use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Descriptor, Events, Exporter, GroupRef, IdentityInfo, Page, Verb,
    Verifier,
};
use adjourn_domain::capability::{Capabilities, Op};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use adjourn_world::{Rules, WorldSpec};
use async_trait::async_trait;

pub use sim::{Doubts, WecomSim};

/// The platform's id.
const PLATFORM: &str = "wecom";

/// The connector.
struct Wecom {
    descriptor: Descriptor,
}

/// Makes the connector.
pub fn connector() -> Box<dyn Connector> {
    Box::new(Wecom { descriptor: descriptor::descriptor() })
}

/// Makes the simulator with the world that the conformance suite wants; its busy group is one that the app made.
pub fn seeded() -> Seeded {
    sim::seed::seeded(sim::seed::Busy::App, Doubts::default())
}

/// The same world, whose busy group is a customer group, through an app that made no groups.
pub fn seeded_customers() -> Seeded {
    sim::seed::seeded(sim::seed::Busy::Customer, Doubts::default())
}

/// A simulator with a world of one's own, under rules of one's own.
pub fn played(rules: Rules, world: &WorldSpec) -> Seeded {
    sim::seed::played(rules, world)
}

#[async_trait]
impl Connector for Wecom {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn whoami(&self, cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
        auth::whoami(cx).await
    }

    async fn list(&self, cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
        ops::groups::list(cx, cursor).await
    }

    async fn get(&self, cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
        ops::groups::get(cx, group).await
    }

    /// No app posts to a customer group: a person does.
    fn narrow(&self, capabilities: Capabilities, group: &Snapshot) -> Capabilities {
        let apps = group.details.get(ops::groups::CHAT_KIND).is_some_and(|kind| kind == "app");
        if apps { capabilities } else { descriptor::without_posting(capabilities) }
    }

    fn exporter(&self) -> Option<&dyn Exporter> {
        Some(&ops::export::History)
    }

    fn verifier(&self) -> Option<&dyn Verifier> {
        Some(&ops::verify::Look)
    }

    fn events(&self) -> Option<&dyn Events> {
        Some(&ops::events::Callbacks)
    }

    fn verb(&self, op: Op) -> Option<&dyn Verb> {
        match op {
            Op::Create => Some(&ops::create::Create),
            Op::Announce => Some(&ops::announce::Announce),
            Op::Unlink => Some(&ops::unlink::Unlink),
            Op::Handover => Some(&ops::handover::Handover),
            Op::Transfer => Some(&ops::transfer::Transfer),
            Op::Leave => Some(&ops::leave::Leave),
            Op::Dissolve => Some(&ops::dissolve::Dissolve),
            Op::Members
            | Op::Links
            | Op::Export
            | Op::Freeze
            | Op::Purge
            | Op::RemoveMedia
            | Op::Restore
            | Op::Verify => None,
        }
    }
}

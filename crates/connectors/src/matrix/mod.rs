//! Matrix: the client-server API, and Synapse's admin API where the identity is a server admin.
//!
//! ```text
//! ops (what to ask, in which order) ─► wire (requests and replies, pure) ─► the context's transport
//!                                    ◄─ errors (what a reply means)
//! ```
//!
//! A server admin dissolves in two steps, so that members' clients learn of it: close (everyone is put out, the room
//! is blocked), later purge. A member without admin rights can only empty the room. Neither is believed: what counts
//! is what the room's details, its block and its events say afterwards.

mod auth;
mod descriptor;
mod errors;
mod ops;
mod sim;
mod wire;

use adjourn_connector_kit::simulator::Seeded;
use adjourn_connector_kit::{
    Connector, ConnectorError, Context, Descriptor, Exporter, GroupRef, IdentityInfo, Page, Verb, Verifier,
};
use adjourn_domain::capability::{Capabilities, Op, Support};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::NativeId;
use async_trait::async_trait;

/// The platform's id.
pub const PLATFORM: &str = "matrix";

/// The connector.
struct Matrix {
    descriptor: Descriptor,
}

/// The Matrix connector.
pub fn connector() -> Box<dyn Connector> {
    Box::new(Matrix { descriptor: descriptor::descriptor() })
}

/// The Matrix simulator with the world of the conformance suite.
pub fn seeded() -> Seeded {
    sim::seeded()
}

#[async_trait]
impl Connector for Matrix {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    async fn whoami(&self, cx: &Context<'_>) -> Result<IdentityInfo, ConnectorError> {
        auth::whoami(cx).await
    }

    async fn list(&self, cx: &Context<'_>, cursor: Option<&str>) -> Result<Page<GroupRef>, ConnectorError> {
        ops::rooms::list(cx, cursor).await
    }

    async fn get(&self, cx: &Context<'_>, group: &NativeId) -> Result<Snapshot, ConnectorError> {
        ops::rooms::get(cx, group).await
    }

    /// Where nobody has power a server admin gets none either: such a room can be read and ended, not written to.
    fn narrow(&self, mut capabilities: Capabilities, group: &Snapshot) -> Capabilities {
        if group.owners.is_empty() {
            let needs_power = |op: Op| matches!(op, Op::Freeze | Op::Announce | Op::Unlink | Op::Transfer);
            for row in capabilities.0.iter_mut().filter(|row| needs_power(row.op)) {
                row.support = Support::Unsupported;
                "matrix-nobody-has-power".clone_into(&mut row.note);
            }
        }
        capabilities
    }

    fn exporter(&self) -> Option<&dyn Exporter> {
        Some(&ops::export::Export)
    }

    fn verifier(&self) -> Option<&dyn Verifier> {
        Some(&ops::verify::Verify)
    }

    fn verb(&self, op: Op) -> Option<&dyn Verb> {
        match op {
            Op::Create => Some(&ops::create::Create),
            Op::Freeze => Some(&ops::freeze::Freeze),
            Op::Announce => Some(&ops::announce::Announce),
            Op::Unlink => Some(&ops::unlink::Unlink),
            Op::Transfer => Some(&ops::transfer::Transfer),
            Op::Leave => Some(&ops::leave::Leave),
            Op::Dissolve => Some(&ops::dissolve::Dissolve),
            Op::Purge => Some(&ops::dissolve::Purge),
            Op::RemoveMedia => Some(&ops::media::RemoveMedia),
            Op::Members | Op::Links | Op::Export | Op::Handover | Op::Restore | Op::Verify => None,
        }
    }
}

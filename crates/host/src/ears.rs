//! What platforms told by themselves, for the calls that follow: events can't be asked for again.

use adjourn_connector_kit::Heard;
use adjourn_domain::event::{Connection, IdentitySpec};

/// Keeps what an identity of a connection was told.
pub trait Ears: Send + Sync {
    /// What the identity was told so far, oldest first.
    fn heard(&self, connection: &Connection, identity: &IdentitySpec) -> Vec<Heard>;
}

/// Nobody listens.
pub(crate) struct Deaf;

impl Ears for Deaf {
    fn heard(&self, _: &Connection, _: &IdentitySpec) -> Vec<Heard> {
        Vec::new()
    }
}

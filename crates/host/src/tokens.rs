//! The access tokens of all identities, in memory: a restart costs one request each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_connector_kit::Tokens;
use adjourn_domain::ids::{ConnectionId, IdentityId};

/// Tokens by connection and identity.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<(ConnectionId, IdentityId), Arc<Tokens>>>);

impl Kept {
    /// Those of one identity.
    pub(crate) fn of(&self, connection: &ConnectionId, identity: &IdentityId) -> Arc<Tokens> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.entry((connection.clone(), identity.clone())).or_default().clone()
    }
}

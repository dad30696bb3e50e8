//! Connections: how a platform is reached, and as whom.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ConnectionId, IdentityId, PlatformId};

/// A configured, authorised instance of a connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its name.
    pub id: ConnectionId,
    /// The platform.
    pub platform: PlatformId,
    /// Settings by name, none of them secret (`url`).
    pub settings: BTreeMap<String, String>,
    /// Accounts that it can look through; the first one acts.
    pub identities: Vec<IdentitySpec>,
    /// Class of groups that are found through it.
    pub class: String,
    /// Whether the platform is simulated.
    pub drill: bool,
}

/// An account of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentitySpec {
    /// Its name.
    pub id: IdentityId,
    /// Whether it is a witness, one that never dissolves.
    pub witness: bool,
}

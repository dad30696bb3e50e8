//! What a connector gets for one call.

use std::collections::BTreeMap;

use adjourn_domain::call::Heard;
use adjourn_domain::ids::{ConnectionId, IdentityId};
use adjourn_domain::time::Time;

use crate::error::ConnectorError;
use crate::secret::Secret;
use crate::tokens::Tokens;
use crate::transport::Transport;

/// Everything a connector may know and use: the way to the platform, the time, settings and secrets of the
/// identity through which it looks or acts.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The way to the platform.
    pub transport: &'a dyn Transport,
    /// The time of this call.
    pub now: Time,
    /// The connection.
    pub connection: &'a ConnectionId,
    /// The identity.
    pub identity: &'a IdentityId,
    /// Whether the identity is a witness, which never acts.
    pub witness: bool,
    /// Settings of the connection, as the descriptor's fields name them.
    pub settings: &'a BTreeMap<String, String>,
    /// Secrets of the identity, as the descriptor's fields name them.
    pub secrets: &'a BTreeMap<String, Secret>,
    /// Access tokens that the identity has from earlier calls.
    pub tokens: &'a Tokens,
    /// What the platform told this identity by itself, oldest first.
    pub heard: &'a [Heard],
}

impl Context<'_> {
    /// A setting that must be there.
    ///
    /// # Errors
    /// `config.missing` names it.
    pub fn setting(&self, name: &str) -> Result<&str, ConnectorError> {
        self.settings.get(name).map(String::as_str).ok_or_else(|| ConnectorError::missing(name))
    }

    /// A secret that must be there.
    ///
    /// # Errors
    /// `config.missing` names it.
    pub fn secret(&self, name: &str) -> Result<&Secret, ConnectorError> {
        self.secrets.get(name).ok_or_else(|| ConnectorError::missing(name))
    }
}

//! The ways to the platforms: which transport an identity of a connection gets.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use adjourn_connector_kit::{ConnectorError, Transport};
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::ids::{ConnectionId, IdentityId};
use adjourn_transport::{HttpOptions, HttpTransport, Retry};

/// Gives the transport of an identity of a connection.
pub trait Links: Send + Sync {
    /// The transport.
    ///
    /// # Errors
    /// When the connection's URL makes no sense.
    fn link(
        &self,
        connection: &Connection,
        identity: &IdentitySpec,
    ) -> Result<Arc<dyn Transport>, ConnectorError>;
}

/// Is told that an identity of a connection pauses for a while, because its platform wants that.
pub type PausedFn = Arc<dyn Fn(&ConnectionId, &IdentityId, Duration) + Send + Sync>;

/// A connection, an identity, and the addresses.
type WayKey = (ConnectionId, IdentityId, String);

/// HTTP to the connection's `url`, and to what other settings call an address (`old_url`): some platforms answer on
/// two hosts. One client for each set of hosts, one way for each identity: its pauses are its own.
pub struct HttpLinks {
    options: HttpOptions,
    paused: PausedFn,
    clients: Mutex<HashMap<String, Arc<HttpTransport>>>,
    ways: Mutex<HashMap<WayKey, Arc<dyn Transport>>>,
}

impl HttpLinks {
    /// With limits and, if wanted, a certificate authority of one's own.
    pub fn new(options: HttpOptions) -> Self {
        Self { options, paused: Arc::new(|_, _, _| ()), clients: Mutex::default(), ways: Mutex::default() }
    }

    /// The same, that says when an identity pauses.
    #[must_use]
    pub fn telling(self, paused: PausedFn) -> Self {
        Self { paused, ..self }
    }

    fn client(&self, urls: &[&str]) -> Result<Arc<HttpTransport>, ConnectorError> {
        let key = urls.join(" ");
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&key) {
            return Ok(client.clone());
        }
        let client =
            HttpTransport::to_all(urls, &self.options).map_err(|error| ConnectorError::transport(&error))?;
        let client = Arc::new(client);
        clients.insert(key, client.clone());
        Ok(client)
    }
}

impl Links for HttpLinks {
    fn link(
        &self,
        connection: &Connection,
        identity: &IdentitySpec,
    ) -> Result<Arc<dyn Transport>, ConnectorError> {
        connection.settings.get("url").ok_or_else(|| ConnectorError::missing("url"))?;
        let address = |name: &str| name == "url" || name.ends_with("_url");
        let urls = connection.settings.iter().filter(|(name, _)| address(name));
        let urls: Vec<&str> = urls.map(|(_, url)| url.as_str()).collect();
        let key = (connection.id.clone(), identity.id.clone(), urls.join(" "));
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(way) = ways.get(&key) {
            return Ok(way.clone());
        }
        let (paused, connection, identity) =
            (self.paused.clone(), connection.id.clone(), identity.id.clone());
        let told = Arc::new(move |pause: Duration| paused(&connection, &identity, pause));
        let way: Arc<dyn Transport> = Arc::new(Retry::new(self.client(&urls)?, told));
        ways.insert(key, way.clone());
        Ok(way)
    }
}

//! The ways to the platforms: which transport an identity of a connection gets.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_connector_kit::{ConnectorError, Transport};
use adjourn_domain::event::{Connection, IdentitySpec};
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

/// HTTP to the connection's `url`, and to what other settings call an address (`old_url`): some platforms answer on
/// two hosts. One client for each set of hosts.
#[derive(Default)]
pub struct HttpLinks {
    options: HttpOptions,
    open: Mutex<HashMap<String, Arc<dyn Transport>>>,
}

impl HttpLinks {
    /// With limits and, if wanted, a certificate authority of one's own.
    pub fn new(options: HttpOptions) -> Self {
        Self { options, open: Mutex::default() }
    }
}

impl Links for HttpLinks {
    fn link(&self, connection: &Connection, _: &IdentitySpec) -> Result<Arc<dyn Transport>, ConnectorError> {
        connection.settings.get("url").ok_or_else(|| ConnectorError::missing("url"))?;
        let address = |name: &str| name == "url" || name.ends_with("_url");
        let urls = connection.settings.iter().filter(|(name, _)| address(name));
        let urls: Vec<&str> = urls.map(|(_, url)| url.as_str()).collect();
        let key = urls.join(" ");
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(transport) = open.get(&key) {
            return Ok(transport.clone());
        }
        let http =
            HttpTransport::to_all(&urls, &self.options).map_err(|error| ConnectorError::transport(&error))?;
        let transport: Arc<dyn Transport> = Arc::new(Retry(http));
        open.insert(key, transport.clone());
        Ok(transport)
    }
}

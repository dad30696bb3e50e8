//! What platforms tell by themselves: deliveries on their way to the connector, and what was kept on its way back.

use adjourn_app::ports::{Delivery, PlatformError};
use adjourn_connector_kit::{ConnectorError, Context, Events, Kind, Request};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::event::Connection;
use adjourn_domain::ids::{IdentityId, NativeId};
use bytes::Bytes;

use crate::{Host, Open, no_identity, port};

impl Host {
    /// Has the connector read a delivery.
    pub(crate) fn read_delivery<T>(
        &self,
        connection: &Connection,
        identity: &IdentityId,
        delivery: &Delivery,
        read: impl FnOnce(&dyn Events, &Context<'_>, &Request) -> Result<T, ConnectorError>,
    ) -> Result<T, PlatformError> {
        let spec = connection.identities.iter().find(|spec| spec.id == *identity).ok_or_else(no_identity)?;
        let open = self.open(connection, spec)?;
        let events = open.connector.events().ok_or_else(|| port(&ConnectorError::unsupported(Op::Verify)))?;
        let request = request(delivery).map_err(|error| port(&error))?;
        read(events, &self.context(&open), &request).map_err(|error| port(&error))
    }

    /// Adds what the identity was told about a group. Only connectors that read events are given any.
    pub(crate) async fn remember(&self, open: &mut Open<'_>, group: &NativeId) -> Result<(), PlatformError> {
        let Some(kept) = self.kept.as_ref().filter(|_| open.connector.events().is_some()) else {
            return Ok(());
        };
        let heard = kept.of(&open.connection.id, &open.identity.id, group).await;
        open.heard = heard.map_err(|error| PlatformError {
            code: error.code(),
            effect: Effect::NotApplied,
            retry_s: None,
            passing: false,
            says: error.to_string(),
        })?;
        Ok(())
    }
}

/// A delivery as connectors read requests.
fn request(delivery: &Delivery) -> Result<Request, ConnectorError> {
    let mut builder = http::Request::builder().method(delivery.method.as_str()).uri(&delivery.target);
    for (name, value) in &delivery.headers {
        builder = builder.header(name, value.as_slice());
    }
    let body = Bytes::copy_from_slice(&delivery.body);
    builder.body(body).map_err(|_| ConnectorError::new(Kind::Protocol, "a delivery that is no request"))
}

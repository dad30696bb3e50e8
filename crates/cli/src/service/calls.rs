//! Calls to platforms, counted on their way out.

use std::sync::Arc;

use adjourn_connector_kit::transport::{Cause, Opening, Reply, Request};
use adjourn_connector_kit::{ConnectorError, Transport, TransportError};
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_host::Links;
use async_trait::async_trait;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;

/// What a call is counted under. Both have few values: the connectors that there are, and how a call can end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Call {
    pub(crate) platform: &'static str,
    pub(crate) outcome: &'static str,
}

/// The counter.
pub(crate) type Calls = Family<Call, Counter>;

/// Ways to platforms whose calls are counted.
pub(crate) struct Counted<L> {
    pub(crate) links: L,
    pub(crate) calls: Calls,
}

impl<L: Links> Links for Counted<L> {
    fn link(
        &self,
        connection: &Connection,
        identity: &IdentitySpec,
    ) -> Result<Arc<dyn Transport>, ConnectorError> {
        let way = self.links.link(connection, identity)?;
        let platform =
            adjourn_connectors::find(connection.platform.as_str()).map_or("other", |entry| entry.id);
        Ok(Arc::new(CountedWay { way, platform, calls: self.calls.clone() }))
    }
}

struct CountedWay {
    way: Arc<dyn Transport>,
    platform: &'static str,
    calls: Calls,
}

impl CountedWay {
    fn count(&self, outcome: &'static str) {
        self.calls.get_or_create(&Call { platform: self.platform, outcome }).inc();
    }
}

#[async_trait]
impl Transport for CountedWay {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        let reply = self.way.call(request).await;
        self.count(match &reply {
            Ok(reply) => answered(reply),
            Err(error) => failed(error.cause),
        });
        reply
    }

    async fn open(&self, request: Request) -> Result<Opening, TransportError> {
        let opening = self.way.open(request).await;
        self.count(match &opening {
            Ok(Opening::Open(_)) => "answered",
            Ok(Opening::Refused(reply)) => answered(reply),
            Err(error) => failed(error.cause),
        });
        opening
    }
}

/// An HTTP status says little about what a platform did; it says whether it answered.
fn answered(reply: &Reply) -> &'static str {
    match reply.status().as_u16() {
        429 => "rate_limited",
        400..500 => "refused",
        500.. => "broken",
        _ => "answered",
    }
}

fn failed(cause: Cause) -> &'static str {
    if cause.before_sending() { "not_sent" } else { "lost" }
}

//! The Matrix connector in front of the real server, over the product's own transport. Each test file adds its own orders.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_connector_kit::connector::Memo;
use adjourn_connector_kit::{Connector, ConnectorError, Context, Order, Secret, Tokens};
use adjourn_connectors::matrix;
use adjourn_domain::call::ReadBack;
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{ConnectionId, IdentityId};
use adjourn_domain::time::Time;
use adjourn_e2e::{Synapse, shared};
use adjourn_transport::{HttpOptions, HttpTransport, Retry};

/// The connector and the server.
pub(crate) struct Desk {
    pub(crate) synapse: Arc<Synapse>,
    url: String,
    connector: Box<dyn Connector>,
    runtime: tokio::runtime::Runtime,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let synapse = shared();
        let url = synapse.url();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
        Self { synapse, url, connector: matrix::connector(), runtime }
    }

    /// The same through something that stands in front of the server.
    pub(crate) fn through(self, url: String) -> Self {
        Self { url, ..self }
    }

    fn ask<T>(&self, who: &str, question: impl AsyncFnOnce(&Context<'_>, &dyn Connector) -> T) -> T {
        let http = HttpTransport::new(&self.url, &HttpOptions::default()).expect("a loopback URL");
        let settings = BTreeMap::from([("url".to_owned(), self.url.clone())]);
        let secrets = BTreeMap::from([("token".to_owned(), Secret::new(self.synapse.token(who)))]);
        let (connection, identity) = (ConnectionId::from("hs"), IdentityId::from(who));
        let cx = Context {
            transport: &Retry::new(Arc::new(http), Arc::new(|_| ())),
            now: Time::parse("2026-11-23T08:00:00Z").expect("a time"),
            connection: &connection,
            identity: &identity,
            witness: who == "witness",
            settings: &settings,
            secrets: &secrets,
            tokens: &Tokens::forgetful(),
            heard: &[],
        };
        self.runtime.block_on(question(&cx, self.connector.as_ref()))
    }

    pub(crate) fn act(&self, who: &str, order: &Order) -> Result<Memo, ConnectorError> {
        self.ask(who, async |cx, connector| connector.verb(order.op).expect("the verb").act(cx, order).await)
    }

    pub(crate) fn read_back(&self, who: &str, order: &Order) -> ReadBack {
        let read = self.ask(who, async |cx, connector| {
            connector.verb(order.op).expect("the verb").read_back(cx, order).await
        });
        read.expect("the server can be read")
    }

    pub(crate) fn get(&self, who: &str, room: &str) -> Snapshot {
        let seen = self.ask(who, async |cx, connector| connector.get(cx, &room.into()).await);
        seen.expect("the room can be read")
    }
}

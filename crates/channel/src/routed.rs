//! The platforms behind outposts: connections with the setting `via` go through the channel, all others stay here.

use std::sync::Arc;

use adjourn_app::ports::{Call, Delivery, Hearing, Inspected, PlatformError, Platforms};
use adjourn_domain::call::{CountPage, ExportPage, GroupRef, Heard, IdentityInfo, Memo, ReadBack};
use adjourn_domain::capability::Effect;
use adjourn_domain::event::Connection;
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{IdentityId, NativeId};
use adjourn_domain::plan::Note;
use adjourn_domain::verdict::Signal;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;

use crate::centre::Centre;
use crate::wire::Ask;

/// The setting that names the outpost of a connection.
pub const VIA: &str = "via";

/// Platforms here and behind outposts.
pub struct Routed {
    here: Arc<dyn Platforms>,
    centre: Centre,
}

impl Routed {
    /// Connections without `via` go to `here`.
    pub fn new(here: Arc<dyn Platforms>, centre: Centre) -> Self {
        Self { here, centre }
    }

    async fn ask<T: DeserializeOwned>(&self, via: &str, ask: Ask) -> Result<T, PlatformError> {
        let answer = self.centre.put(via, &ask).await?;
        serde_json::from_value(answer).map_err(|error| protocol(&error))
    }
}

fn via(connection: &Connection) -> Option<&str> {
    connection.settings.get(VIA).map(String::as_str)
}

fn protocol(error: &serde_json::Error) -> PlatformError {
    PlatformError {
        code: "connection.protocol",
        effect: Effect::Unknown,
        retry_s: None,
        passing: false,
        says: error.to_string(),
    }
}

#[async_trait]
impl Platforms for Routed {
    async fn whoami(
        &self,
        connection: &Connection,
        identity: &IdentityId,
    ) -> Result<IdentityInfo, PlatformError> {
        let Some(via) = via(connection) else { return self.here.whoami(connection, identity).await };
        self.ask(via, Ask::Whoami { connection: connection.clone(), identity: identity.clone() }).await
    }

    fn pushed(
        &self,
        connection: &Connection,
        identity: &IdentityId,
        delivery: &Delivery,
    ) -> Result<Vec<Heard>, PlatformError> {
        self.here.pushed(connection, identity, delivery)
    }

    fn greeted(
        &self,
        connection: &Connection,
        identity: &IdentityId,
        delivery: &Delivery,
    ) -> Result<Vec<u8>, PlatformError> {
        self.here.greeted(connection, identity, delivery)
    }

    async fn stream(
        &self,
        connection: &Connection,
        identity: &IdentityId,
    ) -> Result<Box<dyn Hearing>, PlatformError> {
        if via(connection).is_none() {
            return self.here.stream(connection, identity).await;
        }
        // Streams end where the secrets are; what they tell is not carried over.
        Err(PlatformError {
            code: "capability.unsupported",
            effect: Effect::NotApplied,
            retry_s: None,
            passing: false,
            says: identity.to_string(),
        })
    }

    async fn list(&self, connection: &Connection) -> Result<Vec<GroupRef>, PlatformError> {
        let Some(via) = via(connection) else { return self.here.list(connection).await };
        self.ask(via, Ask::List { connection: connection.clone() }).await
    }

    async fn inspect(&self, connection: &Connection, group: &NativeId) -> Result<Inspected, PlatformError> {
        let Some(via) = via(connection) else { return self.here.inspect(connection, group).await };
        self.ask(via, Ask::Inspect { connection: connection.clone(), group: group.clone() }).await
    }

    async fn inspect_unseen(
        &self,
        connection: &Connection,
        snapshot: Snapshot,
    ) -> Result<Inspected, PlatformError> {
        let Some(via) = via(connection) else { return self.here.inspect_unseen(connection, snapshot).await };
        let ask = Ask::InspectUnseen { connection: connection.clone(), snapshot: Box::new(snapshot) };
        self.ask(via, ask).await
    }

    async fn act(&self, connection: &Connection, call: &Call) -> Result<Memo, PlatformError> {
        let Some(via) = via(connection) else { return self.here.act(connection, call).await };
        self.ask(via, Ask::Act { connection: connection.clone(), call: Box::new(call.clone()) }).await
    }

    async fn read_back(&self, connection: &Connection, call: &Call) -> Result<ReadBack, PlatformError> {
        let Some(via) = via(connection) else { return self.here.read_back(connection, call).await };
        self.ask(via, Ask::ReadBack { connection: connection.clone(), call: Box::new(call.clone()) }).await
    }

    async fn export_page(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<ExportPage, PlatformError> {
        let Some(via) = via(connection) else {
            return self.here.export_page(connection, group, cursor).await;
        };
        let cursor = cursor.map(ToOwned::to_owned);
        self.ask(via, Ask::ExportPage { connection: connection.clone(), group: group.clone(), cursor }).await
    }

    async fn export_beyond(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<ExportPage>, PlatformError> {
        let Some(via) = via(connection) else {
            return self.here.export_beyond(connection, group, cursor).await;
        };
        let cursor = cursor.map(ToOwned::to_owned);
        self.ask(via, Ask::ExportBeyond { connection: connection.clone(), group: group.clone(), cursor })
            .await
    }

    async fn recount(
        &self,
        connection: &Connection,
        group: &NativeId,
        cursor: Option<&str>,
    ) -> Result<Option<CountPage>, PlatformError> {
        let Some(via) = via(connection) else {
            return self.here.recount(connection, group, cursor).await;
        };
        let cursor = cursor.map(ToOwned::to_owned);
        self.ask(via, Ask::Recount { connection: connection.clone(), group: group.clone(), cursor }).await
    }

    async fn count(&self, connection: &Connection, group: &NativeId) -> Result<Option<u64>, PlatformError> {
        let Some(via) = via(connection) else { return self.here.count(connection, group).await };
        self.ask(via, Ask::Count { connection: connection.clone(), group: group.clone() }).await
    }

    async fn gaps(&self, connection: &Connection, group: &NativeId) -> Result<Vec<Note>, PlatformError> {
        let Some(via) = via(connection) else { return self.here.gaps(connection, group).await };
        self.ask(via, Ask::Gaps { connection: connection.clone(), group: group.clone() }).await
    }

    async fn media(
        &self,
        connection: &Connection,
        group: &NativeId,
        id: &NativeId,
    ) -> Result<Vec<u8>, PlatformError> {
        let Some(via) = via(connection) else { return self.here.media(connection, group, id).await };
        let ask = Ask::Media { connection: connection.clone(), group: group.clone(), id: id.clone() };
        let text: String = self.ask(via, ask).await?;
        STANDARD.decode(text).map_err(|error| protocol(&serde::de::Error::custom(error)))
    }

    async fn probe(
        &self,
        connection: &Connection,
        group: &NativeId,
        known: Option<&NativeId>,
    ) -> Vec<Signal> {
        let Some(via) = via(connection) else { return self.here.probe(connection, group, known).await };
        let (connection, group) = (connection.clone(), group.clone());
        // What can't be asked is not known.
        self.ask(via, Ask::Probe { connection, group, known: known.cloned() }).await.unwrap_or_default()
    }
}

//! Streams of events: opened as the connector says, read by it frame by frame, and answered after what was told is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_app::ports::{Clock, Hearing, PlatformError};
use adjourn_connector_kit::transport::{Opening, Session};
use adjourn_connector_kit::{
    Body, Connector, ConnectorError, Context, Heard, Secret, Tokens, Transport, events,
};
use adjourn_domain::capability::Op;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::ids::IdentityId;
use async_trait::async_trait;

use crate::{Host, no_identity, port};

impl Host {
    /// Opens the stream of an identity.
    pub(crate) async fn open_stream(
        &self,
        connection: &Connection,
        identity: &IdentityId,
    ) -> Result<Box<dyn Hearing>, PlatformError> {
        let spec = connection.identities.iter().find(|spec| spec.id == *identity).ok_or_else(no_identity)?;
        let open = self.open(connection, spec)?;
        let reader = open.connector.events().ok_or_else(|| port(&ConnectorError::unsupported(Op::Verify)))?;
        let request = reader.stream(&self.context(&open)).await.map_err(|error| port(&error))?;
        let opened = open.transport.open(request).await;
        let session = match opened.map_err(|error| port(&ConnectorError::transport(&error)))? {
            Opening::Open(session) => session,
            Opening::Refused(reply) => return Err(port(&events::refused(&reply))),
        };
        Ok(Box::new(Listening {
            session,
            reply: None,
            connector: open.connector,
            transport: open.transport,
            secrets: open.secrets,
            tokens: open.tokens,
            clock: self.clock.clone(),
            connection: connection.clone(),
            identity: spec.clone(),
        }))
    }
}

/// An open stream with everything that its reader needs.
struct Listening {
    session: Box<dyn Session>,
    /// What the last frame is to be answered with.
    reply: Option<Body>,
    connector: Box<dyn Connector>,
    transport: Arc<dyn Transport>,
    secrets: BTreeMap<String, Secret>,
    tokens: Arc<Tokens>,
    clock: Arc<dyn Clock>,
    connection: Connection,
    identity: IdentitySpec,
}

impl Listening {
    fn read(&self, bytes: &[u8]) -> Result<events::Frame, ConnectorError> {
        let cx = Context {
            transport: &*self.transport,
            now: self.clock.now(),
            connection: &self.connection.id,
            identity: &self.identity.id,
            witness: self.identity.witness,
            settings: &self.connection.settings,
            secrets: &self.secrets,
            tokens: &self.tokens,
            heard: &[],
        };
        self.connector.events().ok_or_else(|| ConnectorError::unsupported(Op::Verify))?.frame(&cx, bytes)
    }
}

#[async_trait]
impl Hearing for Listening {
    async fn next(&mut self) -> Result<Option<Vec<Heard>>, PlatformError> {
        let came = self.session.next().await.map_err(|error| port(&ConnectorError::transport(&error)))?;
        let Some(bytes) = came else { return Ok(None) };
        let frame = self.read(&bytes).map_err(|error| port(&error))?;
        if frame.ends {
            self.session.close().await;
            return Ok(None);
        }
        self.reply = frame.reply;
        Ok(Some(frame.heard))
    }

    async fn kept(&mut self) -> Result<(), PlatformError> {
        let Some(reply) = self.reply.take() else { return Ok(()) };
        self.session.send(reply).await.map_err(|error| port(&ConnectorError::transport(&error)))
    }

    async fn close(&mut self) {
        self.session.close().await;
    }
}

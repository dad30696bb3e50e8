//! One homeserver as one identity sees it: sends a call, and reads the reply or the error.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Reply};
use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;
use url::Url;

use super::super::errors::{self, Asks};
use super::super::wire::requests::Call;

/// The way to the homeserver.
pub(crate) struct Api<'a> {
    cx: &'a Context<'a>,
    base: Url,
}

impl<'a> Api<'a> {
    /// Reads the settings.
    pub(crate) fn new(cx: &'a Context<'a>) -> Result<Self, ConnectorError> {
        let wrong = |says| ConnectorError::new(Kind::Url, says);
        let base = Url::parse(cx.setting("url")?.trim()).map_err(|_| wrong("the URL can't be read"))?;
        if !matches!(base.scheme(), "http" | "https") || base.cannot_be_a_base() {
            return Err(wrong("the URL has to begin with https:// or http://"));
        }
        if !base.username().is_empty() || base.password().is_some() || base.query().is_some() {
            return Err(wrong("the URL has to be a bare address"));
        }
        Ok(Self { cx, base })
    }

    /// The context.
    pub(crate) fn context(&self) -> &'a Context<'a> {
        self.cx
    }

    /// Asks something.
    pub(crate) async fn read<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ConnectorError> {
        self.json(call, Asks::Read).await
    }

    /// Changes something.
    pub(crate) async fn change<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ConnectorError> {
        self.json(call, Asks::Change).await
    }

    /// Reads a file.
    pub(crate) async fn bytes(&self, call: &Call) -> Result<Bytes, ConnectorError> {
        Ok(self.send(call, Asks::Read).await?.into_body())
    }

    async fn json<T: DeserializeOwned>(&self, call: &Call, asks: Asks) -> Result<T, ConnectorError> {
        let reply = self.send(call, asks).await?;
        serde_json::from_slice(reply.body()).map_err(|_| errors::of_unreadable(&reply, asks))
    }

    async fn send(&self, call: &Call, asks: Asks) -> Result<Reply, ConnectorError> {
        let request = call.build(&self.base, self.cx.secret("token")?.expose())?;
        let reply =
            self.cx.transport.call(request).await.map_err(|error| errors::of_transport(&error, asks))?;
        if reply.status() == StatusCode::OK { Ok(reply) } else { Err(errors::of_reply(&reply, asks)) }
    }
}

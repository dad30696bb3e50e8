//! The organisation as one app sees it: one token for one chain of calls.

use adjourn_connector_kit::{ConnectorError, Context, Reply, Secret};
use serde::de::DeserializeOwned;
use url::Url;

use super::super::auth;
use super::super::errors::{self, Asks};
use super::super::wire::replies::Token;
use super::super::wire::requests::{self, Call};

/// The way to the platform.
pub(in crate::wecom) struct Api<'a> {
    cx: &'a Context<'a>,
    base: Url,
    token: Secret,
}

impl<'a> Api<'a> {
    /// Gets a token. What is missing among settings and secrets is named before any call.
    pub(in crate::wecom) async fn open(cx: &'a Context<'a>) -> Result<Self, ConnectorError> {
        let (base, corpid, secret) = (auth::base(cx)?, cx.setting(auth::CORPID)?, cx.secret(auth::SECRET)?);
        let reply = send(cx, &base, None, &requests::token(corpid, secret)).await?;
        let token: Token = read(&reply, Asks::Read)?;
        Ok(Self { cx, base, token: Secret::new(token.access_token) })
    }

    /// The context.
    pub(in crate::wecom) fn context(&self) -> &'a Context<'a> {
        self.cx
    }

    /// Makes a call.
    pub(in crate::wecom) async fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ConnectorError> {
        read(&send(self.cx, &self.base, Some(&self.token), call).await?, call.asks)
    }

    /// Makes a call without a token and gives its number: a robot's address carries its own key.
    pub(in crate::wecom) async fn number(cx: &Context<'_>, call: &Call) -> Result<i64, ConnectorError> {
        errors::code(&send(cx, &auth::base(cx)?, None, call).await?, call.asks)
    }
}

async fn send(
    cx: &Context<'_>,
    base: &Url,
    token: Option<&Secret>,
    call: &Call,
) -> Result<Reply, ConnectorError> {
    let request = call.build(base, token)?;
    cx.transport.call(request).await.map_err(|error| errors::of_transport(&error, call.asks))
}

fn read<T: DeserializeOwned>(reply: &Reply, asks: Asks) -> Result<T, ConnectorError> {
    match errors::code(reply, asks)? {
        0 => serde_json::from_slice(reply.body())
            .map_err(|_| errors::protocol("a reply of another shape", asks)),
        code => Err(errors::of_code(code, asks)),
    }
}

//! The organisation as one app sees it. Its access token is kept by the host from call to call.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Reply, Secret};
use adjourn_domain::canonical::Hash;
use serde::de::DeserializeOwned;
use url::Url;

use super::super::auth;
use super::super::errors::{self, Asks};
use super::super::wire::replies::Token;
use super::super::wire::requests::{self, Call};

/// Seconds before its end at which a token is no longer used.
const EARLY_S: u64 = 60;
/// Longest time for which a token is kept.
const LONGEST_S: u64 = 86_400;

/// The way to the platform.
pub(in crate::wecom) struct Api<'a> {
    cx: &'a Context<'a>,
    base: Url,
    token: Secret,
    /// Under which name the host keeps the token: another app, or another secret, has another one.
    name: String,
}

impl<'a> Api<'a> {
    /// Takes the token that the host has kept, or gets one. What is missing among settings and secrets is named before
    /// any call.
    pub(in crate::wecom) async fn open(cx: &'a Context<'a>) -> Result<Self, ConnectorError> {
        let (base, corpid, secret) = (auth::base(cx)?, cx.setting(auth::CORPID)?, cx.secret(auth::SECRET)?);
        let name = Hash::of_parts(&[corpid.as_bytes(), b"\n", secret.expose().as_bytes()]).to_hex();
        let mut api = Self { cx, base, token: Secret::new(""), name };
        api.token = match cx.tokens.get(&api.name, cx.now) {
            Some(token) => token,
            None => api.fetch().await?,
        };
        Ok(api)
    }

    /// The context.
    pub(in crate::wecom) fn context(&self) -> &'a Context<'a> {
        self.cx
    }

    /// Makes a call. A kept token that the platform does not take any more is replaced once: nothing was done under it.
    pub(in crate::wecom) async fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ConnectorError> {
        let kept = self.cx.tokens.get(&self.name, self.cx.now);
        let token = kept.as_ref().unwrap_or(&self.token);
        match read(&send(self.cx, &self.base, Some(token), call).await?, call.asks) {
            Err(error) if error.kind == Kind::Expired && kept.is_some() => {
                self.cx.tokens.forget(&self.name);
                let fresh = self.fetch().await?;
                read(&send(self.cx, &self.base, Some(&fresh), call).await?, call.asks)
            }
            result => result,
        }
    }

    async fn fetch(&self) -> Result<Secret, ConnectorError> {
        let (corpid, secret) = (self.cx.setting(auth::CORPID)?, self.cx.secret(auth::SECRET)?);
        let reply = send(self.cx, &self.base, None, &requests::token(corpid, secret)).await?;
        let fresh: Token = read(&reply, Asks::Read)?;
        let token = Secret::new(fresh.access_token);
        let until = self.cx.now.plus_secs(fresh.expires_in.min(LONGEST_S).saturating_sub(EARLY_S));
        self.cx.tokens.keep(&self.name, &token, until);
        Ok(token)
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

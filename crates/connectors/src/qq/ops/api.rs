//! Calls of an implementation: one request, one reply, read.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Reply};
use adjourn_domain::ids::NativeId;
use bytes::Bytes;
use http::HeaderValue;
use serde::de::{DeserializeOwned, IgnoredAny};
use url::Url;

use crate::qq::auth;
use crate::qq::errors::{self, Asks};
use crate::qq::wire::ids;
use crate::qq::wire::implementation::Implementation;
use crate::qq::wire::replies::{Group, Login, Member, Role, Version};
use crate::qq::wire::requests::{self, Call};

/// Most groups of an account, and most members of a group, that are read; QQ allows fewer.
const MAX_ITEMS: usize = 100_000;

/// The implementation behind a context.
pub(super) struct Api<'a> {
    pub(super) cx: &'a Context<'a>,
    base: Url,
    bearer: HeaderValue,
}

/// An account's own place in a group.
pub(super) struct Place {
    pub(super) account: NativeId,
    pub(super) role: Role,
}

impl<'a> Api<'a> {
    pub(super) fn new(cx: &'a Context<'a>) -> Result<Self, ConnectorError> {
        Ok(Self { cx, base: auth::base(cx)?, bearer: auth::bearer(cx)? })
    }

    /// Makes a call and reads its success.
    pub(super) async fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<T, ConnectorError> {
        let request = call.build(&self.base, self.bearer.clone())?;
        let reply = self.cx.transport.call(request).await;
        let reply = reply.map_err(|error| errors::of_transport(&error, call.asks))?;
        errors::read(&reply, call.asks)
    }

    /// Makes a call whose success says nothing that we need.
    pub(super) async fn done(&self, call: &Call) -> Result<(), ConnectorError> {
        self.ask::<IgnoredAny>(call).await.map(drop)
    }

    /// Gets what is at an address that the implementation gave. The token stays here.
    pub(super) async fn fetch(&self, address: &str) -> Result<Bytes, ConnectorError> {
        let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| errors::protocol("an address that is none", Asks::Read))?;
        let request = http::Request::get(url.as_str())
            .body(Bytes::new())
            .map_err(|_| errors::protocol("an address that is none", Asks::Read))?;
        let reply: Reply = self
            .cx
            .transport
            .call(request)
            .await
            .map_err(|error| errors::of_transport(&error, Asks::Read))?;
        if reply.status() == http::StatusCode::OK {
            return Ok(reply.into_body());
        }
        let kind =
            if reply.status() == http::StatusCode::NOT_FOUND { Kind::NotFound } else { Kind::Upstream };
        Err(ConnectorError::new(kind, "the file did not come").upstream(reply.status().as_str()))
    }

    /// The implementation, as far as the connection trusts it: one that is not what was pinned is a stranger.
    pub(super) async fn implementation(&self) -> Result<(Implementation, Version), ConnectorError> {
        let version: Version = self.ask(&requests::version()).await?;
        let found = Implementation::of(&version.app_name);
        let trusted = auth::pinned(self.cx).is_none_or(|pinned| pinned == found);
        Ok((if trusted { found } else { Implementation::Unknown }, version))
    }

    /// The account of the identity.
    pub(super) async fn account(&self) -> Result<NativeId, ConnectorError> {
        Ok(self.ask::<Login>(&requests::login()).await?.user_id.native())
    }

    /// The account's groups, uncached.
    pub(super) async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        bounded(self.ask(&requests::groups()).await?)
    }

    /// The group, as it is in the account's own uncached list. `get_group_info` is never asked: NapCat answers it for
    /// groups that one has left.
    pub(super) async fn group(&self, group: &NativeId) -> Result<Group, ConnectorError> {
        let number = ids::number(group)?;
        let found = self.groups().await?.into_iter().find(|found| found.id.as_str() == number);
        found.ok_or_else(|| ConnectorError::new(Kind::NotFound, "this account is in no such group"))
    }

    /// A group's members.
    pub(super) async fn members(&self, group: &NativeId) -> Result<Vec<Member>, ConnectorError> {
        bounded(self.ask(&requests::members(ids::number(group)?)).await?)
    }

    /// The account's own place in a group.
    ///
    /// # Errors
    /// `NotFound` when it is in no such group.
    pub(super) async fn place(&self, group: &NativeId) -> Result<Place, ConnectorError> {
        let number = ids::number(group)?;
        let account = self.account().await?;
        self.group(group).await?;
        let own: Member = self.ask(&requests::member(number, account.as_str())).await?;
        if own.user_id.as_str() != account.as_str() {
            return Err(errors::protocol("another member than was asked for", Asks::Read));
        }
        Ok(Place { account, role: own.role })
    }

    /// The same, for an account that manages the group.
    ///
    /// # Errors
    /// `Permission` for plain members.
    pub(super) async fn manages(&self, group: &NativeId) -> Result<Place, ConnectorError> {
        let place = self.place(group).await?;
        if place.role == Role::Member {
            return Err(ConnectorError::new(Kind::Permission, "this account does not manage the group"));
        }
        Ok(place)
    }
}

fn bounded<T>(items: Vec<T>) -> Result<Vec<T>, ConnectorError> {
    if items.len() <= MAX_ITEMS { Ok(items) } else { Err(errors::protocol("a list without end", Asks::Read)) }
}

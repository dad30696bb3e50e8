//! A room's history as pages, read in either direction, and the places between its pages.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Retry};
use adjourn_domain::ids::NativeId;
use serde_json::Value;

use super::super::errors::{self, Asks};
use super::super::wire::events::MessagesPage;
use super::super::wire::{ids, requests};
use super::api::Api;

/// Events in one page. Synapse on SQLite takes up to 10 ms for each, so that a page stays within seconds.
pub(super) const PAGE: u32 = 250;

/// The history of one room, by the API that may be asked.
pub(super) struct History<'a> {
    pub(super) api: Api<'a>,
    pub(super) room: &'a str,
    /// Whether the admin API is asked, which needs no membership.
    pub(super) admin: bool,
}

impl<'a> History<'a> {
    /// By the API that gave `from`; at the beginning, by the admin API where the identity may use it.
    pub(super) async fn open(
        cx: &'a Context<'a>,
        group: &'a NativeId,
        from: Option<&Place>,
    ) -> Result<Self, ConnectorError> {
        let (api, room) = (Api::new(cx)?, ids::room(group)?);
        let admin = match from {
            Some(place) => place.admin,
            None => match api.read::<Value>(&requests::room(room)).await {
                Err(error) if errors::is_no_admin(&error) => false,
                other => other.map(|_| true)?,
            },
        };
        Ok(Self { api, room, admin })
    }

    /// A page. Without an id an event may be no event at all, and then the page is not believed.
    pub(super) async fn read(
        &self,
        forward: bool,
        limit: u32,
        token: Option<&str>,
    ) -> Result<MessagesPage, ConnectorError> {
        let call = requests::messages(self.admin, self.room, forward, limit, token);
        let page: MessagesPage = self.api.read(&call).await?;
        if page.chunk.iter().any(|event| id_of(event).is_none()) {
            return Err(errors::protocol("an event lacks what every event has", Asks::Read));
        }
        if page.end.is_some() && page.end.as_deref() == token {
            return Err(errors::protocol("the history does not advance", Asks::Read));
        }
        Ok(page)
    }

    /// Whether events can be had at all, at one end of the history or the other.
    pub(super) async fn answers(&self) -> bool {
        self.read(true, 1, None).await.is_ok() || self.read(false, 1, None).await.is_ok()
    }

    /// Whether a history that was read in one direction has come to its end with `last`: the room is there, and asked from the other side it
    /// begins with that event. It may not for a moment, when somebody has just said something: the page is then read again.
    pub(super) async fn ends_with(&self, forward: bool, last: Option<&str>) -> Result<(), ConnectorError> {
        if self.admin {
            self.api.read::<Value>(&requests::room(self.room)).await?;
        }
        let page = self.read(!forward, 1, None).await?;
        match page.chunk.first().and_then(id_of) {
            Some(outermost) if last == Some(outermost) => Ok(()),
            // The outermost event may be one that this identity is not shown.
            None if last.is_some() && page.end.is_some() => Ok(()),
            _ => {
                Err(errors::protocol("the history does not end with the room's outermost event", Asks::Read))
            }
        }
    }
}

/// Whether the platform failed at what it was asked for, and might not at something else.
pub(super) fn failed(error: &ConnectorError) -> bool {
    matches!(error.kind, Kind::Upstream | Kind::Protocol) && error.retry != Retry::Never
}

pub(super) fn id_of(event: &Value) -> Option<&str> {
    event.get("event_id")?.as_str()
}

/// When an event was sent, in milliseconds since 1970, as its server says.
pub(super) fn sent_at(event: &Value) -> Option<i64> {
    event.get("origin_server_ts")?.as_i64()
}

/// A place between two events. As a cursor: `a` or `c` for the API that gave it, the server's token, and after spaces the event that came last and
/// the time beyond which no gap was stepped over yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) admin: bool,
    pub(super) token: String,
    pub(super) last: Option<String>,
    /// The time to which the last gap was stepped over, in milliseconds since 1970. The next one goes further, so that there is an end.
    pub(super) floor: Option<i64>,
}

impl Place {
    /// Reads a cursor.
    pub(super) fn parse(cursor: &str) -> Result<Self, ConnectorError> {
        let wrong = || ConnectorError::new(Kind::Invalid, "cursor");
        let (admin, rest) = cursor
            .strip_prefix('a')
            .map(|rest| (true, rest))
            .or_else(|| cursor.strip_prefix('c').map(|rest| (false, rest)))
            .ok_or_else(wrong)?;
        let mut parts = rest.split(' ');
        let token = parts.next().unwrap_or_default().to_owned();
        let last = parts.next().map(str::to_owned);
        let floor = parts.next().map(|text| text.parse().map_err(|_| wrong())).transpose()?;
        Ok(Self { admin, token, last, floor })
    }

    /// The cursor.
    pub(super) fn cursor(&self) -> String {
        let (api, token) = (if self.admin { 'a' } else { 'c' }, &self.token);
        match (&self.last, self.floor) {
            (Some(last), Some(floor)) => format!("{api}{token} {last} {floor}"),
            (Some(last), None) => format!("{api}{token} {last}"),
            (None, _) => format!("{api}{token}"),
        }
    }

    /// The place behind a page that was read from `from`; none at the end.
    pub(super) fn behind(page: &MessagesPage, admin: bool, from: Option<&Self>) -> Option<Self> {
        let last = page.chunk.last().and_then(id_of).map(str::to_owned);
        Some(Self {
            admin,
            token: page.end.clone()?,
            last: last.or_else(|| from?.last.clone()),
            floor: from.and_then(|from| from.floor),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_when_it_is_read_again() {
        for cursor in ["at1-2_0", "ct1-2_0 $last", "at1-2_0 $last 1793606417704"] {
            assert_eq!(Place::parse(cursor).unwrap().cursor(), cursor);
        }
        assert!(Place::parse("xt1").is_err() && Place::parse("at1 $last soon").is_err());
    }
}

//! Every request that the connector makes.

use adjourn_connector_kit::{ConnectorError, Kind, Request};
use bytes::Bytes;
use http::{Method, header};
use serde_json::{Value, json};
use url::Url;

use super::ids::Mxc;

/// A request before it is addressed to a homeserver and signed with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    method: Method,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    token: bool,
}

impl Call {
    fn new(method: Method, prefix: &str, rest: &[&str]) -> Self {
        let path = prefix.split('/').chain(rest.iter().copied()).map(str::to_owned).collect();
        Self { method, path, query: Vec::new(), body: None, token: true }
    }

    fn get(prefix: &str, rest: &[&str]) -> Self {
        Self::new(Method::GET, prefix, rest)
    }

    fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// The request to the homeserver at `base`.
    pub(crate) fn build(&self, base: &Url, token: &str) -> Result<Request, ConnectorError> {
        let wrong = || ConnectorError::new(Kind::Url, "the homeserver's URL can't be used");
        let mut url = base.clone();
        url.path_segments_mut().map_err(|()| wrong())?.pop_if_empty().extend(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = http::Request::builder()
            .method(self.method.clone())
            .uri(url.as_str())
            .header(header::ACCEPT, "application/json");
        if self.token {
            let mut value = header::HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| ConnectorError::new(Kind::Config, "token"))?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        let body = match &self.body {
            Some(value) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Bytes::from(value.to_string())
            }
            None => Bytes::new(),
        };
        request.body(body).map_err(|_| wrong())
    }
}

const CLIENT: &str = "_matrix/client/v3";
const CLIENT1: &str = "_matrix/client/v1";
const ADMIN1: &str = "_synapse/admin/v1";
const ADMIN2: &str = "_synapse/admin/v2";

/// Versions of the protocol that the server speaks; needs no token.
pub(crate) fn versions() -> Call {
    Call { token: false, ..Call::get("_matrix/client/versions", &[]) }
}

/// Whose token this is.
pub(crate) fn whoami() -> Call {
    Call::get(CLIENT, &["account", "whoami"])
}

/// Synapse's version.
pub(crate) fn server_version() -> Call {
    Call::get(ADMIN1, &["server_version"])
}

/// A page of all rooms of the server.
pub(crate) fn rooms(limit: u32, from: Option<u64>, search: Option<&str>) -> Call {
    let mut call = Call::get(ADMIN1, &["rooms"]).query("limit", limit.to_string());
    if let Some(from) = from {
        call = call.query("from", from.to_string());
    }
    if let Some(term) = search {
        call = call.query("search_term", term);
    }
    call
}

/// A room's details, as the server knows them.
pub(crate) fn room(room: &str) -> Call {
    Call::get(ADMIN1, &["rooms", room])
}

/// A room's joined members, as the server knows them.
pub(crate) fn room_members(room: &str) -> Call {
    Call::get(ADMIN1, &["rooms", room, "members"])
}

/// A room's state, for a server admin.
pub(crate) fn room_state(room: &str) -> Call {
    Call::get(ADMIN1, &["rooms", room, "state"])
}

/// Whether a room is blocked.
pub(crate) fn room_block(room: &str) -> Call {
    Call::get(ADMIN1, &["rooms", room, "block"])
}

/// Bot accounts of the server: everybody whose type is neither none nor support.
pub(crate) fn bot_users(from: Option<&str>) -> Call {
    let call = Call::get(ADMIN2, &["users"])
        .query("limit", "100")
        .query("not_user_type", "")
        .query("not_user_type", "support");
    match from {
        Some(from) => call.query("from", from),
        None => call,
    }
}

/// Gives a user of the server the highest power that a local user has, and invites them.
pub(crate) fn make_room_admin(room: &str, user: &str) -> Call {
    Call::new(Method::POST, ADMIN1, &["rooms", room, "make_room_admin"]).body(json!({ "user_id": user }))
}

/// Closes a room, and purges it if asked to. Never forced: a member who can't be put out must be seen.
pub(crate) fn delete_room(room: &str, purge: bool) -> Call {
    let body = json!({ "block": true, "purge": purge, "force_purge": false });
    Call::new(Method::DELETE, ADMIN2, &["rooms", room]).body(body)
}

/// All deletions of a room.
pub(crate) fn delete_status_of_room(room: &str) -> Call {
    Call::get(ADMIN2, &["rooms", room, "delete_status"])
}

/// One deletion.
pub(crate) fn delete_status(delete_id: &str) -> Call {
    Call::get(ADMIN2, &["rooms", "delete_status", delete_id])
}

/// One event, for a server admin.
pub(crate) fn fetch_event(event: &str) -> Call {
    Call::get(ADMIN1, &["fetch_event", event])
}

/// A page of events: `admin` asks the admin API, which needs no membership.
pub(crate) fn messages(admin: bool, room: &str, forward: bool, limit: u32, from: Option<&str>) -> Call {
    let prefix = if admin { ADMIN1 } else { CLIENT };
    let call = Call::get(prefix, &["rooms", room, "messages"])
        .query("dir", if forward { "f" } else { "b" })
        .query("limit", limit.to_string());
    match from {
        Some(from) => call.query("from", from),
        None => call,
    }
}

/// The event of a room that is closest to a time, in one direction (Matrix 1.6).
pub(crate) fn timestamp_to_event(admin: bool, room: &str, forward: bool, at_millis: i64) -> Call {
    Call::get(if admin { ADMIN1 } else { CLIENT1 }, &["rooms", room, "timestamp_to_event"])
        .query("ts", at_millis.to_string())
        .query("dir", if forward { "f" } else { "b" })
}

/// One event with the places on its both sides, and no other.
pub(crate) fn context(admin: bool, room: &str, event: &str) -> Call {
    Call::get(if admin { ADMIN1 } else { CLIENT }, &["rooms", room, "context", event]).query("limit", "0")
}

/// Rooms that the identity has joined.
pub(crate) fn joined_rooms() -> Call {
    Call::get(CLIENT, &["joined_rooms"])
}

/// A room's state, for a member; for a former member, as it was when they left.
pub(crate) fn state(room: &str) -> Call {
    Call::get(CLIENT, &["rooms", room, "state"])
}

/// One event, for a member.
pub(crate) fn event(room: &str, event: &str) -> Call {
    Call::get(CLIENT, &["rooms", room, "event", event])
}

/// The reason that the identity gives when it joins a room in order to do something there.
pub(crate) const ENTERED: &str = "adjourn.entered";

/// Joins a room, and leaves a mark in the membership that says why.
pub(crate) fn join(room: &str) -> Call {
    Call::new(Method::POST, CLIENT, &["join", room]).body(json!({ "reason": ENTERED }))
}

/// Leaves a room.
pub(crate) fn leave(room: &str) -> Call {
    Call::new(Method::POST, CLIENT, &["rooms", room, "leave"]).body(json!({}))
}

/// Puts a user out of a room.
pub(crate) fn kick(room: &str, user: &str) -> Call {
    Call::new(Method::POST, CLIENT, &["rooms", room, "kick"]).body(json!({ "user_id": user }))
}

/// Sends a message under an idempotency key.
pub(crate) fn send(room: &str, key: &str, content: Value) -> Call {
    Call::new(Method::PUT, CLIENT, &["rooms", room, "send", "m.room.message", key]).body(content)
}

/// Sets a piece of state. The empty state key is a trailing slash.
pub(crate) fn put_state(room: &str, kind: &str, key: &str, content: Value) -> Call {
    Call::new(Method::PUT, CLIENT, &["rooms", room, "state", kind, key]).body(content)
}

/// Makes a room.
pub(crate) fn create_room(body: Value) -> Call {
    Call::new(Method::POST, CLIENT, &["createRoom"]).body(body)
}

/// The room that an alias leads to.
pub(crate) fn room_of_alias(alias: &str) -> Call {
    Call::get(CLIENT, &["directory", "room", alias])
}

/// Aliases of a room on this server.
pub(crate) fn aliases(room: &str) -> Call {
    Call::get(CLIENT, &["rooms", room, "aliases"])
}

/// Removes an alias.
pub(crate) fn delete_alias(alias: &str) -> Call {
    Call::new(Method::DELETE, CLIENT, &["directory", "room", alias])
}

/// A file: with authentication as since Matrix 1.11, or the old way.
pub(crate) fn download(file: Mxc<'_>, old: bool) -> Call {
    let prefix = if old { "_matrix/media/v3/download" } else { "_matrix/client/v1/media/download" };
    Call::get(prefix, &[file.server, file.id])
}

/// Deletes a file of this server.
pub(crate) fn delete_media(file: Mxc<'_>) -> Call {
    Call::new(Method::DELETE, ADMIN1, &["media", file.server, file.id])
}

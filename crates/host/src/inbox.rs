//! The way to a platform that has no interface: requests for what people handed in, answered from the installation's own
//! inbox. The shapes are those of the connector's README; a simulator answers the same ones over its world.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_app::AppError;
use adjourn_app::ports::Inbox;
use adjourn_connector_kit::transport::{Cause, Opening, Reply, Request, TransportError};
use adjourn_connector_kit::{ConnectorError, Transport};
use adjourn_domain::canonical::Hash;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::ids::{ConnectionId, IdentityId, NativeId};
use adjourn_domain::upload::Upload;
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::Links;

/// Groups on a page.
const PAGE: usize = 500;
/// Formats that hold no messages of a group.
const NO_MESSAGES: [&str; 2] = ["png", "jpeg"];

/// The name under which a connector asks for what people handed in, beside its platform's own address. No network has it.
const OWN_HOST: &str = "inbox.adjourn.invalid";

/// Connections of platforms without an interface are answered from the inbox unless they have a `url`. All others go where
/// the other links lead, but for what they ask of the inbox by its name.
pub struct InboxLinks {
    inbox: Arc<dyn Inbox>,
    others: Arc<dyn Links>,
    /// Platforms that are read from an inbox.
    platforms: &'static [&'static str],
}

impl InboxLinks {
    /// The ways to everything, and to `platforms` through the inbox.
    pub fn new(inbox: Arc<dyn Inbox>, others: Arc<dyn Links>, platforms: &'static [&'static str]) -> Self {
        Self { inbox, others, platforms }
    }
}

impl Links for InboxLinks {
    fn link(
        &self,
        connection: &Connection,
        identity: &IdentitySpec,
    ) -> Result<Arc<dyn Transport>, ConnectorError> {
        // The inbox of a drill is the simulator's.
        if connection.drill {
            return self.others.link(connection, identity);
        }
        let ours = self.platforms.contains(&connection.platform.as_str());
        let inbox = Arc::new(self.inbox_of(connection, identity));
        if ours && !connection.settings.contains_key("url") {
            return Ok(inbox);
        }
        let other = self.others.link(connection, identity)?;
        Ok(Arc::new(Fork { inbox, other }))
    }
}

impl InboxLinks {
    fn inbox_of(&self, connection: &Connection, identity: &IdentitySpec) -> InboxTransport {
        let accounts = connection.settings.get("accounts").map_or("", String::as_str);
        let accounts = accounts.split(',').filter_map(|pair| pair.split_once('='));
        let accounts = accounts.map(|(id, account)| (id.trim().to_owned(), account.trim().to_owned()));
        InboxTransport {
            inbox: self.inbox.clone(),
            connection: connection.id.clone(),
            identity: identity.id.clone(),
            witness: identity.witness,
            accounts: accounts.collect(),
        }
    }
}

/// The way to a platform, and beside it the inbox under its own name.
struct Fork {
    inbox: Arc<InboxTransport>,
    other: Arc<dyn Transport>,
}

#[async_trait]
impl Transport for Fork {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        if request.uri().host() == Some(OWN_HOST) {
            self.inbox.call(request).await
        } else {
            self.other.call(request).await
        }
    }

    /// What stays open leads to the platform: an inbox tells nothing by itself.
    async fn open(&self, request: Request) -> Result<Opening, TransportError> {
        self.other.open(request).await
    }
}

/// The inbox as one identity of a connection sees it.
struct InboxTransport {
    inbox: Arc<dyn Inbox>,
    connection: ConnectionId,
    identity: IdentityId,
    witness: bool,
    /// Accounts of the identities, as far as the connection's settings tell.
    accounts: BTreeMap<String, String>,
}

#[async_trait]
impl Transport for InboxTransport {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        // An inbox that can't be read is a platform that does not answer.
        self.answer(&request)
            .map_err(|error| TransportError { cause: Cause::Connect, says: error.to_string() })
    }
}

impl InboxTransport {
    fn answer(&self, request: &Request) -> Result<Reply, AppError> {
        let path: Vec<String> =
            request.uri().path().split('/').filter(|part| !part.is_empty()).map(unescaped).collect();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        if request.method() != Method::GET {
            return Ok(refusal(StatusCode::NOT_FOUND, "no_endpoint"));
        }
        match path.as_slice() {
            ["v1", "me"] => Ok(json_reply(&json!({
                "account": self.account(&self.identity),
                "scopes": if self.witness { vec!["read"] } else { vec!["read", "act"] },
            }))),
            ["v1", "groups"] => self.page(request.uri().query().unwrap_or_default()),
            ["v1", "groups", id] => self.group(&NativeId::from(*id)),
            ["v1", "groups", id, "uploads"] => self.uploads(&NativeId::from(*id)),
            ["v1", "uploads", id] => self.range(request, id),
            _ => Ok(refusal(StatusCode::NOT_FOUND, "no_endpoint")),
        }
    }

    fn account(&self, identity: &IdentityId) -> String {
        self.accounts.get(identity.as_str()).cloned().unwrap_or_else(|| identity.to_string())
    }

    fn page(&self, query: &str) -> Result<Reply, AppError> {
        let after = query.strip_prefix("after=").map(|text| unescaped(&text.replace('+', " ")));
        let all = self.inbox.groups(&self.connection)?;
        let after = |id: &NativeId| after.as_ref().is_none_or(|after| id.as_str() > after.as_str());
        let mut rest = all.into_iter().filter(|known| after(&known.native)).peekable();
        let page: Vec<_> = rest.by_ref().take(PAGE).collect();
        let next = rest.peek().and(page.last()).map(|known| known.native.clone());
        let groups: Vec<Value> =
            page.into_iter().map(|known| json!({ "id": known.native, "name": known.name })).collect();
        Ok(json_reply(&json!({ "groups": groups, "next": next })))
    }

    fn group(&self, id: &NativeId) -> Result<Reply, AppError> {
        let Some(known) = self.inbox.group(&self.connection, id)? else {
            return Ok(refusal(StatusCode::NOT_FOUND, "unknown_group"));
        };
        let member = |(account, name): &(NativeId, String)| json!({ "account": account, "name": name });
        let members: Option<Vec<Value>> =
            known.members.as_ref().map(|members| members.iter().map(member).collect());
        Ok(json_reply(&json!({
            "id": known.native,
            "name": known.name,
            "listed_at": known.listed_at,
            "owner": known.owner,
            "members": members,
            "uploads": self.exports(id)?.len(),
        })))
    }

    /// What holds messages of the group.
    fn exports(&self, id: &NativeId) -> Result<Vec<Upload>, AppError> {
        let mut uploads = self.inbox.uploads(&self.connection, id)?;
        uploads.retain(|upload| !NO_MESSAGES.contains(&upload.format.as_str()));
        Ok(uploads)
    }

    fn uploads(&self, id: &NativeId) -> Result<Reply, AppError> {
        if self.inbox.group(&self.connection, id)?.is_none() {
            return Ok(refusal(StatusCode::NOT_FOUND, "unknown_group"));
        }
        let line = |upload: &Upload| {
            json!({
                "id": upload.sha256,
                "account": self.account(&upload.identity),
                "own": upload.identity == self.identity,
                "witness": upload.witness,
                "received_at": upload.received_at,
                "format": upload.format,
                "zone": upload.zone,
                "bytes": upload.bytes,
                "records": upload.records,
                "last_at": upload.last,
            })
        };
        let uploads: Vec<Value> = self.exports(id)?.iter().map(line).collect();
        Ok(json_reply(&json!({ "uploads": uploads })))
    }

    fn range(&self, request: &Request, id: &str) -> Result<Reply, AppError> {
        let asked = request.headers().get(header::RANGE).and_then(|value| value.to_str().ok());
        let asked = asked.and_then(|text| text.strip_prefix("bytes=")?.split_once('-'));
        let asked = asked.and_then(|(from, to)| Some((from.parse::<u64>().ok()?, to.parse::<u64>().ok()?)));
        let (Some((from, to)), Some(id)) = (asked, Hash::from_hex(id)) else {
            return Ok(refusal(StatusCode::RANGE_NOT_SATISFIABLE, "bad_range"));
        };
        let size = to.saturating_sub(from).saturating_add(1);
        let Some((bytes, whole)) = self.inbox.read(&self.connection, &id, from, size)? else {
            return Ok(refusal(StatusCode::NOT_FOUND, "unknown_upload"));
        };
        if bytes.is_empty() {
            return Ok(refusal(StatusCode::RANGE_NOT_SATISFIABLE, "bad_range"));
        }
        let range = format!("bytes {from}-{}/{whole}", from + bytes.len() as u64 - 1);
        let mut reply = Reply::new(Bytes::from(bytes));
        *reply.status_mut() = StatusCode::PARTIAL_CONTENT;
        if let Ok(value) = HeaderValue::from_str(&range) {
            reply.headers_mut().insert(header::CONTENT_RANGE, value);
        }
        let octets = HeaderValue::from_static("application/octet-stream");
        reply.headers_mut().insert(header::CONTENT_TYPE, octets);
        Ok(reply)
    }
}

fn json_reply(body: &Value) -> Reply {
    let mut reply = Reply::new(Bytes::from(body.to_string()));
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}

fn refusal(status: StatusCode, code: &str) -> Reply {
    let mut reply = json_reply(&json!({ "code": code }));
    *reply.status_mut() = status;
    reply
}

/// A path segment without its percent encoding; what is no encoding stays as it is.
fn unescaped(segment: &str) -> String {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

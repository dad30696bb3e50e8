//! The wire, pure: build a request, read a reply.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Reply, Request};
use adjourn_domain::export::Days;
use adjourn_domain::group::{Activity, Kind as GroupKind, LinkKind, Standing};
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use bytes::Bytes;
use http::Method;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{auth, errors};

/// Name of the header with the idempotency key.
pub(super) const KEY: &str = "idempotency-key";
/// Longest name that is taken over.
const MAX_NAME: usize = 1024;

/// The account behind a token.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Me {
    pub(super) account: String,
    pub(super) scopes: Vec<String>,
    pub(super) server: String,
}

/// A page of groups.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Groups {
    pub(super) groups: Vec<GroupLine>,
    pub(super) next: Option<String>,
}

/// A group in a listing.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct GroupLine {
    pub(super) id: String,
    pub(super) name: Option<String>,
}

/// A group as a member sees it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct GroupView {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) kind: GroupKind,
    pub(super) frozen: bool,
    pub(super) handover: bool,
    pub(super) members: Vec<MemberView>,
    pub(super) links: Vec<LinkView>,
    pub(super) records: u64,
    pub(super) last_activity: Activity,
}

/// A member.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct MemberView {
    pub(super) account: String,
    pub(super) name: String,
    pub(super) standing: Standing,
    pub(super) bot: bool,
}

/// A link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct LinkView {
    pub(super) id: String,
    pub(super) kind: LinkKind,
    pub(super) name: String,
    pub(super) own: bool,
}

/// A page of messages. They stay raw, because the export keeps the platform's own bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Messages {
    pub(super) messages: Vec<Map<String, Value>>,
    pub(super) next: Option<String>,
}

/// How many messages there are on each day.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ByDay {
    pub(super) days: Days,
}

/// A message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MessageView {
    pub(super) id: String,
    pub(super) seq: u64,
    pub(super) kind: RecordKind,
    pub(super) at: Time,
    pub(super) sender: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<FileView>,
}

/// A file that a message carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct FileView {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) media_type: String,
}

/// What is kept of an ended group.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) history: bool,
    pub(super) files: u64,
    pub(super) links: Vec<LinkView>,
}

/// The id of something that was made or found.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) id: String,
}

/// The empty success: `{"ok":true}` and nothing else, so that an error in a success's clothes is not taken for one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Done {
    pub(super) ok: bool,
}

/// A request to the path of these segments. Ids go through the percent encoding of paths, whatever is in them.
pub(super) fn request(
    cx: &Context<'_>,
    method: Method,
    path: &[&str],
    query: &[(&str, &str)],
    body: Option<&Value>,
) -> Result<Request, ConnectorError> {
    let mut url = auth::base(cx)?;
    url.path_segments_mut()
        .map_err(|()| ConnectorError::new(Kind::Url, "setting url"))?
        .pop_if_empty()
        .push("v1")
        .extend(path);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    let bytes = body.map_or_else(Bytes::new, |value| Bytes::from(value.to_string()));
    let mut request = http::Request::builder()
        .method(method)
        .uri(url.as_str())
        .body(bytes)
        .map_err(|_| ConnectorError::new(Kind::Url, "the request has no valid address"))?;
    request.headers_mut().insert(http::header::AUTHORIZATION, auth::bearer(cx)?);
    if body.is_some() {
        let json = http::HeaderValue::from_static("application/json");
        request.headers_mut().insert(http::header::CONTENT_TYPE, json);
    }
    Ok(request)
}

/// Reads a success of this shape. Everything else is an error; what makes no sense is `unknown`.
pub(super) fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, ConnectorError> {
    if !reply.status().is_success() {
        return Err(errors::read(reply));
    }
    let kind = reply.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(ConnectorError::protocol("a reply that is not JSON"));
    }
    if let Some(code) = errors::refusal(reply) {
        return Err(ConnectorError::protocol("a refusal in a reply of success").upstream(code));
    }
    serde_json::from_slice(reply.body()).map_err(|_| ConnectorError::protocol("a reply of another shape"))
}

/// Takes a name over, if it is of a length that a name can have.
pub(super) fn name(text: &str) -> Result<(), ConnectorError> {
    if text.len() <= MAX_NAME { Ok(()) } else { Err(ConnectorError::protocol("a name that is too long")) }
}

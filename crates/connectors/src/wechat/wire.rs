//! The wire, pure: lists as JSON, files as byte ranges of what the members' tools wrote.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Reply, Request};
use adjourn_domain::group::LinkKind;
use adjourn_domain::time::Time;
use adjourn_formats::Format;
use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{auth, errors};

/// Bytes of one range.
pub(super) const SLICE: u64 = 64 * 1024;
/// Longest name that is taken over.
const MAX_NAME: usize = 1024;

/// The person behind an identity.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Me {
    pub(super) account: String,
    pub(super) scopes: Vec<String>,
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

/// What is known of a group; what nobody handed in is not there.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct GroupView {
    pub(super) id: String,
    pub(super) name: Option<String>,
    /// When the list of chatrooms was handed in from which owner and members are known.
    #[serde(default)]
    pub(super) listed_at: Option<Time>,
    #[serde(default)]
    pub(super) owner: Option<String>,
    #[serde(default)]
    pub(super) members: Option<Vec<MemberView>>,
    /// Links that were registered by hand.
    #[serde(default)]
    pub(super) links: Vec<LinkView>,
    /// Number of exports that were handed in.
    pub(super) uploads: u64,
}

/// A member.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct MemberView {
    pub(super) account: String,
    pub(super) name: String,
}

/// A link.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct LinkView {
    pub(super) id: String,
    pub(super) kind: LinkKind,
    pub(super) name: String,
}

/// The exports of a group, oldest first.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Uploads {
    pub(super) uploads: Vec<Upload>,
}

/// An export that somebody handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Upload {
    /// SHA-256 of the file.
    pub(super) id: String,
    /// Who handed it in.
    pub(super) account: String,
    /// Whether that is the identity that asks.
    pub(super) own: bool,
    /// Whether that person is a witness.
    pub(super) witness: bool,
    pub(super) received_at: Time,
    pub(super) format: Format,
    /// The zone of its local times.
    pub(super) zone: String,
    pub(super) bytes: u64,
    /// Messages of this group in it.
    pub(super) records: u64,
    /// The last of them.
    pub(super) last_at: Option<Time>,
}

/// A request to the path of these segments.
pub(super) fn get(
    cx: &Context<'_>,
    path: &[&str],
    query: &[(&str, &str)],
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
    let mut request = http::Request::builder()
        .method(Method::GET)
        .uri(url.as_str())
        .body(Bytes::new())
        .map_err(|_| ConnectorError::new(Kind::Url, "the request has no valid address"))?;
    if let Some(bearer) = auth::bearer(cx)? {
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
    }
    Ok(request)
}

/// A request for the bytes of a file from `from` on.
pub(super) fn range(cx: &Context<'_>, id: &str, from: u64) -> Result<Request, ConnectorError> {
    let mut request = get(cx, &["uploads", id], &[])?;
    let value = format!("bytes={from}-{}", from + SLICE - 1);
    let value = value.parse().map_err(|_| ConnectorError::new(Kind::Invalid, "a range"))?;
    request.headers_mut().insert(header::RANGE, value);
    Ok(request)
}

/// Reads a success of this shape. Everything else is an error.
pub(super) fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, ConnectorError> {
    if !reply.status().is_success() {
        return Err(errors::read(reply));
    }
    let kind = reply.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(ConnectorError::protocol("a reply that is not JSON"));
    }
    if let Some(code) = errors::refusal(reply) {
        return Err(ConnectorError::protocol("a refusal in a reply of success").upstream(code));
    }
    serde_json::from_slice(reply.body()).map_err(|_| ConnectorError::protocol("a reply of another shape"))
}

/// Reads the bytes of a range, which must be the one that was asked for, of a file of the size that was told.
pub(super) fn slice(reply: Reply, from: u64, size: u64) -> Result<Bytes, ConnectorError> {
    if reply.status() != StatusCode::PARTIAL_CONTENT {
        let no_range = reply.status().is_success();
        return Err(if no_range {
            ConnectorError::protocol("a reply without a range")
        } else {
            errors::read(&reply)
        });
    }
    let last = (from + SLICE).min(size).saturating_sub(1);
    let expected = format!("bytes {from}-{last}/{size}");
    let told = reply.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
    let whole = reply.body().len() as u64 == last + 1 - from;
    if told != Some(expected.as_str()) || !whole {
        return Err(ConnectorError::protocol("another range than was asked for"));
    }
    Ok(reply.into_body())
}

/// Takes a name over, if it is of a length that a name can have.
pub(super) fn name(text: &str) -> Result<(), ConnectorError> {
    if text.len() <= MAX_NAME { Ok(()) } else { Err(ConnectorError::protocol("a name that is too long")) }
}

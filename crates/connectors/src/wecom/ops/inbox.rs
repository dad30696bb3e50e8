//! What people handed in for this connection: archives of messages, and the files in them. The host answers for it, under
//! an address that no network has; the platform never sees these requests.

use adjourn_connector_kit::{ConnectorError, Context, Kind, Reply, Request};
use bytes::{Bytes, BytesMut};
use http::{StatusCode, header};
use serde::Deserialize;
use url::Url;

use super::super::errors::{self, Asks};

/// Where the host answers; no host of that name can exist.
const OWN: &str = "https://inbox.adjourn.invalid/v1";
/// Most bytes that are asked for at once.
const PORTION: u64 = 512 * 1024;
/// Format of archives of messages, as lines and as an array.
const ARCHIVE: [&str; 2] = ["wecom_archive_jsonl", "wecom_archive_json"];

/// What was handed in for a group, oldest first.
#[derive(Debug, Deserialize)]
struct Uploads {
    uploads: Vec<Upload>,
}

/// One file that was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(in crate::wecom) struct Upload {
    /// Its id.
    id: String,
    /// What it is.
    format: String,
    /// Its name, where it is a file out of an archive.
    #[serde(default)]
    pub(in crate::wecom) name: String,
    /// Its length.
    pub(in crate::wecom) bytes: u64,
}

impl Upload {
    /// Whether it is an archive of messages.
    pub(in crate::wecom) fn is_archive(&self) -> bool {
        ARCHIVE.contains(&self.format.as_str())
    }
}

/// Everything that was handed in and has something of this group.
pub(in crate::wecom) async fn list(cx: &Context<'_>, chat: &str) -> Result<Vec<Upload>, ConnectorError> {
    let reply = call(cx, &["groups", chat, "uploads"], None).await?;
    if reply.status() == StatusCode::NOT_FOUND {
        // A group of which nobody handed anything in.
        return Ok(Vec::new());
    }
    if reply.status() != StatusCode::OK {
        return Err(wrong("the inbox does not answer"));
    }
    let all: Uploads = serde_json::from_slice(reply.body()).map_err(|_| wrong("a list of uploads"))?;
    Ok(all.uploads)
}

/// Bytes of an upload, as many of those asked for as there are.
pub(in crate::wecom) async fn range(
    cx: &Context<'_>,
    upload: &Upload,
    from: u64,
    length: u64,
) -> Result<Bytes, ConnectorError> {
    let length = length.min(upload.bytes.saturating_sub(from));
    if length <= PORTION {
        return portion(cx, upload, from, length).await;
    }
    let mut all = BytesMut::new();
    while (all.len() as u64) < length {
        let done = all.len() as u64;
        all.extend_from_slice(&portion(cx, upload, from + done, PORTION.min(length - done)).await?);
    }
    Ok(all.freeze())
}

async fn portion(cx: &Context<'_>, upload: &Upload, from: u64, length: u64) -> Result<Bytes, ConnectorError> {
    if length == 0 {
        return Ok(Bytes::new());
    }
    let last = from + length - 1;
    let reply = call(cx, &["uploads", &upload.id], Some((from, last))).await?;
    // Half a portion looks like a portion, and another portion too; the header tells.
    let wanted = format!("bytes {from}-{last}/{}", upload.bytes);
    let is = reply.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
    let right = reply.status() == StatusCode::PARTIAL_CONTENT && is == Some(wanted.as_str());
    if !right || u64::try_from(reply.body().len()) != Ok(length) {
        return Err(wrong("another portion of an upload than was asked for"));
    }
    Ok(reply.into_body())
}

async fn call(cx: &Context<'_>, path: &[&str], range: Option<(u64, u64)>) -> Result<Reply, ConnectorError> {
    let bad = || ConnectorError::new(Kind::Url, "the address of the inbox");
    let mut url = Url::parse(OWN).map_err(|_| bad())?;
    url.path_segments_mut().map_err(|()| bad())?.extend(path);
    let mut request: Request = http::Request::get(url.as_str()).body(Bytes::new()).map_err(|_| bad())?;
    if let Some((from, last)) = range {
        let value = format!("bytes={from}-{last}").parse().map_err(|_| bad())?;
        request.headers_mut().insert(header::RANGE, value);
    }
    cx.transport.call(request).await.map_err(|error| errors::of_transport(&error, Asks::Read))
}

fn wrong(says: &str) -> ConnectorError {
    errors::protocol(says, Asks::Read)
}

//! Requests as the homeserver reads them, and its replies.

use adjourn_connector_kit::{Reply, Request};
use bytes::Bytes;
use http::{Method, header};
use serde_json::{Value, json as object};

/// A reply, or a refusal that ends the handling at once.
pub(super) type Answer = Result<Reply, Box<Reply>>;

/// A parsed request.
pub(super) struct Exchange {
    /// Its method.
    pub(super) method: Method,
    path: Vec<String>,
    query: Vec<(String, String)>,
    body: Option<Value>,
    token: Option<String>,
}

impl Exchange {
    /// Parses path, query, token and body.
    pub(super) fn parse(request: &Request) -> Result<Self, Box<Reply>> {
        let uri = request.uri();
        let path = uri
            .path()
            .trim_start_matches('/')
            .split('/')
            .map(decode)
            .collect::<Option<Vec<String>>>()
            .ok_or_else(|| error(400, "M_UNKNOWN", "The path is not UTF-8"))?;
        let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let body = if request.body().is_empty() {
            None
        } else {
            let value = serde_json::from_slice::<Value>(request.body())
                .map_err(|_| error(400, "M_NOT_JSON", "Content not JSON."))?;
            if !value.is_object() {
                return Err(error(400, "M_BAD_JSON", "Content must be a JSON object."));
            }
            Some(value)
        };
        let token = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
            .map(str::to_owned);
        Ok(Self { method: request.method().clone(), path, query, body, token })
    }

    /// The decoded segments of the path.
    pub(super) fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a parameter of the query.
    pub(super) fn queries<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A number in the query, within bounds.
    pub(super) fn number(&self, name: &str, default: usize, most: usize) -> usize {
        self.query(name).and_then(|text| text.parse().ok()).unwrap_or(default).min(most)
    }

    /// The token.
    pub(super) fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The body, which has to be there.
    pub(super) fn content(&self) -> Result<&Value, Box<Reply>> {
        self.body.as_ref().ok_or_else(|| error(400, "M_NOT_JSON", "Content not JSON."))
    }

    /// A text of the body.
    pub(super) fn field(&self, name: &str) -> Result<&str, Box<Reply>> {
        self.content()?
            .get(name)
            .and_then(Value::as_str)
            .ok_or_else(|| error(400, "M_MISSING_PARAM", "Missing params"))
    }

    /// A truth of the body.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.body.as_ref().and_then(|body| body.get(name)?.as_bool()).unwrap_or(false)
    }
}

/// A JSON reply.
pub(super) fn json(status: u16, body: &Value) -> Reply {
    reply(status, "application/json", Bytes::from(body.to_string()))
}

/// A reply.
pub(super) fn reply(status: u16, media_type: &str, body: Bytes) -> Reply {
    let mut reply = Reply::new(body);
    *reply.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(value) = header::HeaderValue::from_str(media_type) {
        reply.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    reply
}

/// A refusal.
pub(super) fn error(status: u16, errcode: &str, says: &str) -> Box<Reply> {
    Box::new(json(status, &object!({ "errcode": errcode, "error": says })))
}

/// The refusal of a call that the server does not know.
pub(super) fn unrecognized() -> Box<Reply> {
    error(404, "M_UNRECOGNIZED", "Unrecognized request")
}

/// Undoes percent-encoding; `None` when the result is not UTF-8.
fn decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let high = char::from(rest.next()?).to_digit(16)?;
        let low = char::from(rest.next()?).to_digit(16)?;
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}

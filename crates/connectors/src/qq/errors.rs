//! What a reply that is not the wanted one means: kind, advice on trying again, and what became of the effect.
//!
//! Success is `status` ok *and* `retcode` 0, in a reply of status 200; the status of HTTP alone says nothing, and NapCat's
//! `retcode` 200 is a failure. What failed inside an implementation may have happened all the same: its effect is unknown.
//! Their sentences name people and groups, so they are matched here but never copied.

use adjourn_connector_kit::{ConnectorError, Kind, Reply, Retry, TransportError};
use adjourn_domain::capability::Effect;
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::wire::spelling;

/// Whether the call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// It only reads.
    Read,
    /// It changes something.
    Change,
}

/// The envelope of every reply.
#[derive(Debug, Deserialize)]
struct Envelope {
    status: String,
    retcode: i64,
    #[serde(default)]
    data: Value,
    #[serde(default)]
    msg: Option<String>,
    #[serde(default)]
    message: Option<String>,
    #[serde(default)]
    wording: Option<String>,
}

impl Envelope {
    /// The word or sentence that says what is wrong: go-cqhttp's code first.
    fn word(&self) -> &str {
        let all = [&self.msg, &self.message, &self.wording];
        all.into_iter().flatten().map(String::as_str).find(|word| !word.is_empty()).unwrap_or_default()
    }
}

/// Reads a success of this shape; everything else is an error.
pub(crate) fn read<T: DeserializeOwned>(reply: &Reply, asks: Asks) -> Result<T, ConnectorError> {
    let data = data(reply, asks)?;
    serde_json::from_value(data).map_err(|_| protocol("a reply of another shape", asks))
}

/// The data of a success.
fn data(reply: &Reply, asks: Asks) -> Result<Value, ConnectorError> {
    if reply.status() != StatusCode::OK {
        return Err(of_status(reply, asks));
    }
    let envelope: Envelope = serde_json::from_slice(reply.body())
        .map_err(|_| protocol("a reply without the envelope of OneBot", asks))?;
    match (envelope.status.as_str(), envelope.retcode) {
        ("ok", 0) => Ok(envelope.data),
        // Queued: the answer carries no result, and we never ask for that.
        ("async", _) | (_, 1) => Err(protocol("a reply that promises and does not say", asks)),
        ("failed", code) if code != 0 => Err(settle(of_envelope(&envelope), asks)),
        _ => Err(protocol("a reply whose status and code contradict each other", asks)),
    }
}

/// A transport's failure. A read has no effect, however its reply got lost.
pub(crate) fn of_transport(error: &TransportError, asks: Asks) -> ConnectorError {
    settle(ConnectorError::transport(error), asks)
}

/// A reply that makes no sense to us.
pub(crate) fn protocol(says: &str, asks: Asks) -> ConnectorError {
    settle(ConnectorError::protocol(says), asks)
}

/// Whether the implementation says that it has no such action. Then nothing happened.
pub(crate) fn is_no_action(error: &ConnectorError) -> bool {
    error.kind == Kind::Unsupported && error.effect == Effect::NotApplied
}

/// Whether NapCat says that there is no message to begin a page with.
pub(crate) fn is_no_message(error: &ConnectorError) -> bool {
    error.upstream == NO_MESSAGE
}

const NO_MESSAGE: &str = "200 no message";

/// What a failure in the envelope means. A spelling that nobody knows is a failure on the way, with its effect unknown.
fn of_envelope(envelope: &Envelope) -> ConnectorError {
    let (code, word) = (envelope.retcode, envelope.word());
    let no = |kind: Kind, says: &str| ConnectorError::new(kind, says);
    let error = match (code, word) {
        (200, word) if spelling::matches("no_message", word) => {
            return no(Kind::NotFound, "there is no such message").upstream(NO_MESSAGE);
        }
        (400 | 1400, _) => no(Kind::Invalid, "the call makes no sense to the implementation"),
        (401 | 403 | 1401 | 1403, _) => no(Kind::Auth, "the token is wrong"),
        (404 | 1404, _) => no(Kind::Unsupported, "the implementation has no such action"),
        (_, word) if spelling::matches("no_action", word) => {
            no(Kind::Unsupported, "the implementation has no such action")
        }
        (_, "GROUP_NOT_FOUND" | "GROUP_SEARCH_ERROR") => no(Kind::NotFound, "there is no such group"),
        (_, "PERMISSION_DENIED" | "NOT_MANAGEABLE") => {
            no(Kind::Permission, "this account may not do this in the group")
        }
        _ => no(Kind::Upstream, "the implementation failed").effect(Effect::Unknown).retry(Retry::Backoff),
    };
    let slug = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') && word.len() <= 40;
    let upstream = if slug && !word.is_empty() { format!("{code} {word}") } else { code.to_string() };
    error.upstream(upstream)
}

/// What another status than 200 means. Anybody on the way can answer with one.
fn of_status(reply: &Reply, asks: Asks) -> ConnectorError {
    let status = reply.status();
    let error = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            let effect = if refuses_token(reply) { Effect::NotApplied } else { Effect::Unknown };
            ConnectorError::new(Kind::Auth, "the token is wrong or missing").effect(effect)
        }
        StatusCode::TOO_MANY_REQUESTS => {
            ConnectorError::new(Kind::RateLimited, "too many calls").retry(retry_after(reply))
        }
        // An unknown action looks the same as an address at which something else answers.
        StatusCode::NOT_FOUND if reply.body().is_empty() => {
            ConnectorError::new(Kind::Unsupported, "there is no such action at this address")
        }
        StatusCode::NOT_FOUND => {
            ConnectorError::new(Kind::Url, "something else answers at this address").effect(Effect::Unknown)
        }
        status if status.is_server_error() => {
            ConnectorError::new(Kind::Upstream, "the implementation failed")
                .effect(Effect::Unknown)
                .retry(Retry::Backoff)
        }
        _ => ConnectorError::protocol("a reply of another status than 200"),
    };
    settle(error.upstream(status.as_str()), asks)
}

/// Whether a 401 or 403 is in an implementation's own words: none at all, NapCat's sentence, or the envelope.
fn refuses_token(reply: &Reply) -> bool {
    let body: Value = serde_json::from_slice(reply.body()).unwrap_or(Value::Null);
    let said = body.get("message").and_then(Value::as_str) == Some(spelling::of("token"));
    let coded = body.get("retcode").and_then(Value::as_i64).is_some_and(|code| code != 0);
    reply.body().is_empty() || said || coded
}

fn retry_after(reply: &Reply) -> Retry {
    let value = reply.headers().get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    value.and_then(|text| text.trim().parse().ok()).map_or(Retry::Backoff, Retry::After)
}

fn settle(error: ConnectorError, asks: Asks) -> ConnectorError {
    if asks == Asks::Read { error.effect(Effect::NotApplied) } else { error }
}

//! What a reply that is not the wanted one means: kind, advice on trying again, and what became of the effect.
//!
//! Only a reply with an `errcode` is the homeserver's word. A 404 without one comes from a proxy or from something
//! else altogether, and proves nothing; after a changing call it leaves the effect unknown. The server's sentences
//! name people and rooms, so they are matched here but never copied.

use adjourn_connector_kit::{ConnectorError, Kind, Reply, Retry};
use adjourn_domain::capability::Effect;
use http::StatusCode;
use serde::Deserialize;

/// Whether the call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// It only reads.
    Read,
    /// It changes something.
    Change,
}

/// The standard error body.
#[derive(Debug, Deserialize)]
struct Body {
    errcode: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    retry_after_ms: Option<u64>,
    #[serde(default)]
    soft_logout: bool,
}

/// The error behind a reply whose status is not 200, or whose body is not what was asked for.
pub(crate) fn of_reply(reply: &Reply, asks: Asks) -> ConnectorError {
    match serde_json::from_slice::<Body>(reply.body()) {
        Ok(body) => of_body(reply, &body, asks),
        Err(_) => of_stranger(reply, asks),
    }
}

/// A transport's failure. A read has no effect, however its reply got lost.
pub(crate) fn of_transport(error: &adjourn_connector_kit::TransportError, asks: Asks) -> ConnectorError {
    settle(ConnectorError::transport(error), asks)
}

/// A reply with status 200 that can't be read: half of a JSON document, or something else that answers there.
pub(crate) fn of_unreadable(reply: &Reply, asks: Asks) -> ConnectorError {
    if looks_like_html(reply) {
        of_stranger(reply, asks)
    } else {
        protocol("the reply is not the JSON document that was asked for", asks)
    }
}

/// A reply that makes no sense to us.
pub(crate) fn protocol(says: &str, asks: Asks) -> ConnectorError {
    settle(ConnectorError::protocol(says), asks)
}

/// Whether the error is the homeserver's word that there is no such thing.
pub(crate) fn is_not_found(error: &ConnectorError) -> bool {
    error.kind == Kind::NotFound
}

/// Whether the error says that this identity may not use the admin API, or that there is none: a refusal of the
/// server, an endpoint that it does not know, or a proxy that does not let admin requests through.
pub(crate) fn is_no_admin(error: &ConnectorError) -> bool {
    matches!(error.kind, Kind::Permission | Kind::Unsupported)
        || (error.kind == Kind::Url && (error.upstream == "404" || error.upstream == "403"))
}

const IN_PROGRESS: &str = "the room is already being deleted";

fn settle(error: ConnectorError, asks: Asks) -> ConnectorError {
    if asks == Asks::Read { error.effect(Effect::NotApplied) } else { error }
}

fn of_body(reply: &Reply, body: &Body, asks: Asks) -> ConnectorError {
    let status = reply.status();
    let upstream = format!("{} {}", status.as_u16(), short(&body.errcode));
    if status.is_server_error() {
        let error = ConnectorError::new(Kind::Upstream, "the homeserver failed")
            .retry(Retry::Backoff)
            .effect(Effect::Unknown)
            .upstream(upstream);
        return settle(error, asks);
    }
    let new = ConnectorError::new;
    let error = match body.errcode.as_str() {
        "M_LIMIT_EXCEEDED" => new(Kind::RateLimited, "too many calls").retry(pause(reply, body)),
        "M_UNKNOWN_TOKEN" if body.soft_logout => new(Kind::Expired, "the session has expired"),
        "M_UNKNOWN_TOKEN" | "M_MISSING_TOKEN" | "M_USER_DEACTIVATED" => {
            new(Kind::Auth, "the access token is not accepted")
        }
        "M_USER_LOCKED" => new(Kind::Auth, "the account is locked"),
        "M_FORBIDDEN"
        | "M_USER_SUSPENDED"
        | "M_CONSENT_NOT_GIVEN"
        | "M_GUEST_ACCESS_FORBIDDEN"
        | "M_UNAUTHORIZED"
        | "M_UNABLE_TO_AUTHORISE_JOIN"
        | "M_UNABLE_TO_GRANT_JOIN" => new(Kind::Permission, "the identity may not do this"),
        "M_NOT_FOUND" if status == StatusCode::NOT_FOUND => new(Kind::NotFound, "there is no such thing"),
        "M_UNRECOGNIZED" => new(Kind::Unsupported, "the homeserver does not know this call"),
        "M_RESOURCE_LIMIT_EXCEEDED" => {
            new(Kind::Upstream, "the homeserver has reached a limit of its own").retry(Retry::Backoff)
        }
        "M_BAD_STATE"
        | "M_ROOM_IN_USE"
        | "M_CANNOT_LEAVE_SERVER_NOTICE_ROOM"
        | "M_INCOMPATIBLE_ROOM_VERSION"
        | "M_UNSUPPORTED_ROOM_VERSION" => new(Kind::Conflict, "the state of the room forbids it"),
        "M_UNKNOWN" if body.error.starts_with("Purge already in progress") => {
            new(Kind::Conflict, IN_PROGRESS).retry(Retry::Backoff).effect(Effect::Unknown)
        }
        "M_UNKNOWN" if body.error.contains("blocked on this server") => {
            new(Kind::Conflict, "the room is blocked on this server")
        }
        _ if status == StatusCode::UNAUTHORIZED => new(Kind::Auth, "the access token is not accepted"),
        _ if status == StatusCode::FORBIDDEN => new(Kind::Permission, "the identity may not do this"),
        _ if status == StatusCode::TOO_MANY_REQUESTS => {
            new(Kind::RateLimited, "too many calls").retry(pause(reply, body))
        }
        _ if status.is_client_error() => new(Kind::Invalid, "the homeserver refused the request"),
        _ => ConnectorError::protocol("an error body with a status that is no error"),
    };
    settle(error.upstream(upstream), asks)
}

/// A reply that no homeserver wrote: a proxy's page, a login page, a web server.
fn of_stranger(reply: &Reply, asks: Asks) -> ConnectorError {
    let status = reply.status();
    let new = ConnectorError::new;
    let error = if status.is_server_error() {
        new(Kind::Upstream, "something in front of the homeserver failed").retry(Retry::Backoff)
    } else if status == StatusCode::TOO_MANY_REQUESTS {
        // Whoever says this has not let the request through.
        let limited = new(Kind::RateLimited, "too many calls").upstream("429");
        return limited.retry(header_pause(reply).unwrap_or(Retry::Backoff));
    } else if status.is_success() && !looks_like_html(reply) {
        ConnectorError::protocol("the reply is not JSON")
    } else {
        new(Kind::Url, "something else than a Matrix homeserver answers there; check the URL")
    };
    settle(error.effect(Effect::Unknown).upstream(status.as_u16().to_string()), asks)
}

fn looks_like_html(reply: &Reply) -> bool {
    let declared = reply
        .headers()
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("text/html"));
    declared || reply.body().trim_ascii_start().first() == Some(&b'<')
}

fn pause(reply: &Reply, body: &Body) -> Retry {
    let told = body.retry_after_ms.map(|ms| Retry::After(ms.div_ceil(1000).max(1)));
    header_pause(reply).or(told).unwrap_or(Retry::Backoff)
}

/// The `Retry-After` header in seconds; a date there is ignored, the host has its own growing pauses.
fn header_pause(reply: &Reply) -> Option<Retry> {
    let value = reply.headers().get(http::header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse::<u64>().ok().map(|seconds| Retry::After(seconds.max(1)))
}

/// An errcode as it may be shown: what a server writes there is not bounded.
fn short(errcode: &str) -> String {
    errcode.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '.').take(64).collect()
}

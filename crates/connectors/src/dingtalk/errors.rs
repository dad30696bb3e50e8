//! What a reply that is not the wanted one means: kind, advice on trying again, and what became of the effect.
//!
//! The new API refuses with a status of the 400s or 500s and `{code, message, requestid}`, the old one with status 200
//! and `{errcode, errmsg}`, and the gateway in front of both with shapes of its own. Only a refusal in one of these
//! envelopes is the platform's word; anything else leaves the effect of a change unknown. Codes are matched as they are
//! spelt, and they are spelt in many ways; the platform's sentences name people and are never copied.

use adjourn_connector_kit::{ConnectorError, Kind, Reply, Retry, TransportError};
use adjourn_domain::capability::Effect;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

/// Whether the call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// It only reads.
    Read,
    /// It changes something.
    Change,
}

/// Seconds for which the gateway blocks an address that made too many calls.
const BLOCKED_S: u64 = 300;
/// Seconds for which a custom robot that said too much is muted.
const ROBOT_BLOCKED_S: u64 = 600;

/// All that a refusal can have, in any of its shapes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Envelope {
    code: Value,
    errcode: Value,
    sub_code: Value,
    requestid: Value,
    request_id: Value,
    status: Value,
    punish: Value,
    success: Value,
}

/// The codes that say that the group was dissolved, as they are spelt.
const GONE: [&str; 4] = ["group.disbanded", "group.diaband", "groupdisbang", "400013"];
/// The codes that say that there is no such group, dissolved or never made.
const NO_GROUP: [&str; 7] = [
    "group.nonexist",
    "34013",
    "49000",
    "4000003",
    "invalid.openconversationid",
    "conversationnotexist",
    "group.notexist",
];
/// The codes that say that the access token is not taken, and those that say that its time is over.
const TOKEN: [&str; 4] = ["invalidauthentication", "40014", "42001", "accesstokenexpired"];

/// Whether the platform says that the group was dissolved.
pub(super) fn is_gone(error: &ConnectorError) -> bool {
    GONE.contains(&code_of(error).as_str())
}

/// Whether the platform says that there is no such group: dissolved, or never made.
pub(super) fn is_no_group(error: &ConnectorError) -> bool {
    NO_GROUP.contains(&code_of(error).as_str())
}

/// Whether the platform does not take the access token.
pub(super) fn is_token(error: &ConnectorError) -> bool {
    TOKEN.contains(&code_of(error).as_str())
}

/// Whether the app may not use an interface at all, or the edition has none.
pub(super) fn is_not_ours(error: &ConnectorError) -> bool {
    matches!(error.kind, Kind::Permission | Kind::Unsupported)
}

/// The platform's code in an error, in lower case.
fn code_of(error: &ConnectorError) -> String {
    error.upstream.split(' ').next_back().unwrap_or_default().to_ascii_lowercase()
}

/// A transport's failure. A read has no effect, however its reply got lost.
pub(super) fn of_transport(error: &TransportError, asks: Asks) -> ConnectorError {
    settle(ConnectorError::transport(error), asks)
}

/// A reply that makes no sense to us.
pub(super) fn protocol(says: &str, asks: Asks) -> ConnectorError {
    settle(ConnectorError::protocol(says), asks)
}

/// The refusal in a reply, if it is one: a status that is no success, a code in a body, or the gateway's block.
pub(super) fn refusal(reply: &Reply, asks: Asks) -> Option<ConnectorError> {
    let status = reply.status();
    let envelope: Option<Envelope> = serde_json::from_slice(reply.body()).ok();
    let envelope = envelope.unwrap_or_default();
    if envelope.status == 1111 && !envelope.punish.is_null() {
        // The gateway stopped it: nothing behind it was reached.
        let blocked =
            ConnectorError::new(Kind::RateLimited, "the gateway blocks this address for too many calls");
        return Some(blocked.upstream("1111").retry(Retry::After(BLOCKED_S)));
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        let many = ConnectorError::new(Kind::RateLimited, "too many calls").upstream("429");
        return Some(many.retry(pause(reply)));
    }
    let code = spelt(&envelope.code).or_else(|| spelt(&envelope.errcode).filter(|code| code != "0"));
    let own = code.is_some()
        && (envelope.errcode.is_number()
            || envelope.requestid.is_string()
            || envelope.request_id.is_string());
    match code {
        Some(code) if own => {
            let code = inner(code, &envelope.sub_code);
            let upstream = format!("{} {code}", status.as_u16());
            let failed = status.is_server_error() || FAILED.contains(&code.to_ascii_lowercase().as_str());
            let error = if failed { failure() } else { of_code(&code) };
            Some(settle(error.upstream(upstream), asks))
        }
        _ if status.is_server_error() => Some(settle(failure().upstream(status.as_str()), asks)),
        Some(_) => Some(protocol("a refusal that is not in the platform's envelope", asks)),
        None if !status.is_success() => Some(stranger(reply, asks)),
        None if envelope.success == false => Some(protocol("a success that says no", asks)),
        None => None,
    }
}

/// Something that is no document of the platform.
pub(super) fn stranger(reply: &Reply, asks: Asks) -> ConnectorError {
    let html = reply.body().trim_ascii_start().first() == Some(&b'<');
    // The gateway blocks with a page too; it can't be told from another one.
    let says = if html { "a page in place of an answer" } else { "a reply that is not the platform's" };
    settle(ConnectorError::protocol(says).upstream(reply.status().as_str()), asks)
}

/// Codes of failures of the platform itself, after which nobody knows what happened.
const FAILED: [&str; 6] =
    ["-1", "system.error", "systemerror", "serviceunavailable", "internalerror", "unknownerror"];

fn failure() -> ConnectorError {
    ConnectorError::new(Kind::Upstream, "the platform failed").effect(Effect::Unknown).retry(Retry::Backoff)
}

/// A refusal by its code. Refused is refused: nothing happened.
fn of_code(code: &str) -> ConnectorError {
    let new = ConnectorError::new;
    let lower = code.to_ascii_lowercase();
    let lower = lower.as_str();
    if GONE.contains(&lower) {
        return new(Kind::NotFound, "the group was dissolved");
    }
    if NO_GROUP.contains(&lower) {
        return new(Kind::NotFound, "there is no such group");
    }
    match lower {
        "42001" | "accesstokenexpired" => new(Kind::Expired, "the access token has expired"),
        "invalidclientidorsecret"
        | "invalidauthentication"
        | "authfailed"
        | "40001"
        | "40014"
        | "40089"
        | "41001" => new(Kind::Auth, "the app's key, secret or token is not accepted"),
        "permession.checkfailed" | "permission.checkfailed" => {
            new(Kind::Permission, "the group's owner is outside the app's visible range")
        }
        "90002" | "90006" | "90018" | "send.too.fast" => {
            new(Kind::RateLimited, "too many calls").retry(Retry::Backoff)
        }
        "410100" | "130101" => {
            new(Kind::RateLimited, "the robot said too much").retry(Retry::After(ROBOT_BLOCKED_S))
        }
        "43007" | "60011" | "50002" | "310000" | "88" => new(Kind::Permission, "the app may not do this"),
        "invalidaction.notfound" | "22" => new(Kind::Unsupported, "the platform does not know this call"),
        "400102" | "400106" => new(Kind::Conflict, "the robot is stopped or gone"),
        _ if lower.contains("qpslimit") || lower.starts_with("throttling") => {
            new(Kind::RateLimited, "too many calls").retry(Retry::Backoff)
        }
        _ if lower.starts_with("forbidden") => new(Kind::Permission, "the app may not do this"),
        _ => new(Kind::Invalid, "the platform refuses the request"),
    }
}

/// The old API wraps refusals of its gateway as 88 with the code inside.
fn inner(code: String, sub: &Value) -> String {
    if code == "88" { spelt(sub).unwrap_or(code) } else { code }
}

/// A code as it may be shown: what stands there is not bounded.
fn spelt(code: &Value) -> Option<String> {
    let text = match code {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let short: String = text.chars().filter(|c| fits(*c)).take(80).collect();
    (!short.is_empty()).then_some(short)
}

fn settle(error: ConnectorError, asks: Asks) -> ConnectorError {
    if asks == Asks::Read { error.effect(Effect::NotApplied) } else { error }
}

fn pause(reply: &Reply) -> Retry {
    let value = reply.headers().get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    value.and_then(|text| text.trim().parse().ok()).map_or(Retry::Backoff, Retry::After)
}

#[cfg(test)]
mod tests;

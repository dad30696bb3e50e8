//! What a refusal of the platform means. Only a refusal in the platform's own envelope is believed: anybody on the way
//! can answer 403.

use adjourn_connector_kit::{ConnectorError, Kind, Reply, Retry};
use adjourn_domain::capability::Effect;
use http::StatusCode;
use serde::Deserialize;

/// The platform's envelope of a refusal. Its words are for the person who sees them on the platform, and are not repeated in our errors.
#[derive(Debug, Deserialize)]
struct Refusal {
    code: String,
}

/// The error behind a reply that is no success.
pub(super) fn read(reply: &Reply) -> ConnectorError {
    let status = reply.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        return ConnectorError::new(Kind::RateLimited, "too many calls")
            .upstream("429")
            .retry(retry_after(reply));
    }
    if status.is_server_error() {
        return ConnectorError::new(Kind::Upstream, "the platform failed")
            .upstream(status.as_str())
            .effect(Effect::Unknown)
            .retry(Retry::Backoff);
    }
    let Some(code) = refusal(reply) else {
        return ConnectorError::protocol("a reply that is neither success nor refusal")
            .upstream(status.as_str());
    };
    let error = ConnectorError::new(kind(&code), says(kind(&code)));
    error.upstream(format!("{} {code}", status.as_str()))
}

/// The platform's code, if the reply is a refusal in its envelope.
pub(super) fn refusal(reply: &Reply) -> Option<String> {
    let code = serde_json::from_slice::<Refusal>(reply.body()).ok()?.code;
    let slug = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (slug && code.len() <= 40).then_some(code)
}

fn kind(code: &str) -> Kind {
    match code {
        "bad_token" => Kind::Auth,
        "expired_token" => Kind::Expired,
        "unknown_group" | "unknown_link" | "unknown_message" | "unknown_creation" | "dissolved" => {
            Kind::NotFound
        }
        "open" | "frozen" | "handover_needed" | "recovery_over" => Kind::Conflict,
        "bad_request" | "too_long" | "bad_name" | "unknown_account" | "not_member" | "no_endpoint" => {
            Kind::Invalid
        }
        // Who may not do it, in one way or another.
        _ => Kind::Permission,
    }
}

fn says(kind: Kind) -> &'static str {
    match kind {
        Kind::Auth => "the token is wrong",
        Kind::Expired => "the token has expired",
        Kind::NotFound => "there is no such thing",
        Kind::Conflict => "the group's state forbids it",
        Kind::Invalid => "the request makes no sense to the platform",
        _ => "this identity may not do this",
    }
}

fn retry_after(reply: &Reply) -> Retry {
    let value = reply.headers().get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    value.and_then(|text| text.trim().parse().ok()).map_or(Retry::Backoff, Retry::After)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn reply(status: u16, body: &'static str) -> Reply {
        let mut reply = Reply::new(Bytes::from_static(body.as_bytes()));
        *reply.status_mut() = StatusCode::from_u16(status).unwrap();
        reply
    }

    #[test]
    fn only_the_platforms_own_refusal_says_that_nothing_happened() {
        let own = read(&reply(403, r#"{"code":"not_owner","message":"no"}"#));
        assert_eq!((own.kind, own.effect), (Kind::Permission, Effect::NotApplied));
        assert_eq!(own.upstream, "403 not_owner");
        for foreign in [reply(403, "<html>"), reply(404, "{}"), reply(500, "{}")] {
            assert_eq!(read(&foreign).effect, Effect::Unknown, "{foreign:?}");
        }
    }

    #[test]
    fn a_delay_is_taken_over_when_there_is_one() {
        let mut many = reply(429, "");
        assert_eq!(read(&many).retry, Retry::Backoff);
        many.headers_mut().insert(http::header::RETRY_AFTER, 7.into());
        assert_eq!((read(&many).retry, read(&many).effect), (Retry::After(7), Effect::NotApplied));
    }
}

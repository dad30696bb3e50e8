//! What a refusal of the inbox means. Only a refusal in the inbox's own envelope is believed: anybody on the way can
//! answer 403.

use adjourn_connector_kit::{ConnectorError, Kind, Reply, Retry};
use adjourn_domain::capability::Effect;
use http::StatusCode;
use serde::Deserialize;

/// The envelope of a refusal.
#[derive(Debug, Deserialize)]
struct Refusal {
    code: String,
}

/// The error behind a reply that is no success.
pub(super) fn read(reply: &Reply) -> ConnectorError {
    let status = reply.status();
    if status == StatusCode::TOO_MANY_REQUESTS {
        let value = reply.headers().get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let after = value.and_then(|text| text.trim().parse().ok()).map_or(Retry::Backoff, Retry::After);
        return ConnectorError::new(Kind::RateLimited, "too many calls").upstream("429").retry(after);
    }
    if status.is_server_error() {
        return ConnectorError::new(Kind::Upstream, "the inbox failed")
            .upstream(status.as_str())
            .effect(Effect::Unknown)
            .retry(Retry::Backoff);
    }
    let Some(code) = refusal(reply) else {
        return ConnectorError::protocol("a reply that is neither success nor refusal")
            .upstream(status.as_str());
    };
    let (kind, says) = match code.as_str() {
        "bad_code" => (Kind::Auth, "the inbox knows no such code"),
        "expired_code" => (Kind::Expired, "the code was withdrawn"),
        "unknown_group" | "unknown_upload" => (Kind::NotFound, "nobody handed that in"),
        "bad_request" | "no_endpoint" => (Kind::Invalid, "the request makes no sense to the inbox"),
        _ => (Kind::Permission, "this identity may not do this"),
    };
    ConnectorError::new(kind, says).upstream(format!("{} {code}", status.as_str()))
}

/// The inbox's code, if the reply is a refusal in its envelope.
pub(super) fn refusal(reply: &Reply) -> Option<String> {
    let code = serde_json::from_slice::<Refusal>(reply.body()).ok()?.code;
    let slug = code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (slug && code.len() <= 40).then_some(code)
}

/// Nobody has handed an export of the group in yet: a person has to.
pub(super) fn no_export() -> ConnectorError {
    ConnectorError::new(Kind::Conflict, "no export of this group was handed in").retry(Retry::Backoff)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    #[test]
    fn only_the_inboxs_own_refusal_is_believed() {
        let reply = |status: u16, body: &'static str| {
            let mut reply = Reply::new(Bytes::from_static(body.as_bytes()));
            *reply.status_mut() = StatusCode::from_u16(status).unwrap();
            reply
        };
        let own = read(&reply(404, r#"{"code":"unknown_group"}"#));
        assert_eq!((own.kind, own.upstream.as_str()), (Kind::NotFound, "404 unknown_group"));
        for foreign in [reply(404, "<html>"), reply(404, "{}"), reply(500, "{}")] {
            assert_ne!(read(&foreign).kind, Kind::NotFound);
        }
        assert_eq!(read(&reply(429, "")).retry, Retry::Backoff);
    }
}

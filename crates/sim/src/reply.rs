//! The replies that faults give in the platform's place. Pure.

use adjourn_connector_kit::transport::Reply;
use bytes::Bytes;

use crate::fault::FaultKind;

/// A token has expired, in the words of the reference platform and of Matrix at once.
const EXPIRED: &str = r#"{"code":"expired_token","message":"expired","errcode":"M_UNKNOWN_TOKEN","error":"expired","soft_logout":true}"#;

/// Keys under which replies usually hold text; a huge field sits under all of them.
const USUAL_KEYS: [&str; 8] = ["id", "name", "account", "user_id", "next", "room_id", "event_id", "state"];

/// The reply that `kind` gives on its own; `None` for faults that need the platform's reply or give none.
pub(crate) fn made_up(kind: &FaultKind) -> Option<Reply> {
    let json = "application/json";
    match kind {
        FaultKind::TooMany { retry_after_s } => {
            let mut reply =
                reply(429, json, r#"{"code":"too_many","errcode":"M_LIMIT_EXCEEDED","error":"too many"}"#);
            if let Some(seconds) = retry_after_s {
                reply.headers_mut().insert(http::header::RETRY_AFTER, (*seconds).into());
            }
            Some(reply)
        }
        FaultKind::ServerError { status, .. } => Some(reply(*status, "text/plain", "upstream failed")),
        FaultKind::WrongContentType => Some(html()),
        FaultKind::ExpiredToken => Some(reply(401, json, EXPIRED)),
        FaultKind::Answer { status, content_type, body } => Some(reply(*status, content_type, body.clone())),
        FaultKind::InvalidUtf8 => {
            Some(reply(200, json, Bytes::from_static(b"{\"name\":\"\xff\xfe\xc3\x28\"}")))
        }
        FaultKind::DeepJson { depth } => {
            let depth = usize::try_from(*depth).unwrap_or(usize::MAX).min(1_000_000);
            Some(reply(200, json, format!("{}{}", "[".repeat(depth), "]".repeat(depth))))
        }
        FaultKind::HugeField { bytes } => {
            let value = "x".repeat(usize::try_from(*bytes).unwrap_or(0).min(16_000_000));
            let fields: Vec<String> = USUAL_KEYS.iter().map(|key| format!("\"{key}\":\"{value}\"")).collect();
            Some(reply(200, json, format!("{{{}}}", fields.join(","))))
        }
        FaultKind::ReplyLost
        | FaultKind::RequestLost
        | FaultKind::Refused
        | FaultKind::HalfBody
        | FaultKind::StaleRead
        | FaultKind::RepeatedPage => None,
    }
}

/// The reply with the first half of its body.
pub(crate) fn halved(mut reply: Reply) -> Reply {
    let half = reply.body().len() / 2;
    let body = reply.body().slice(..half);
    *reply.body_mut() = body;
    reply.headers_mut().remove(http::header::CONTENT_LENGTH);
    reply
}

fn html() -> Reply {
    reply(200, "text/html", "<!doctype html><title>Sign in</title><p>Please sign in to this network.")
}

fn reply(status: u16, content_type: &str, body: impl Into<Bytes>) -> Reply {
    let mut reply = Reply::new(body.into());
    *reply.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_GATEWAY);
    if let Ok(value) = http::HeaderValue::from_str(content_type) {
        reply.headers_mut().insert(http::header::CONTENT_TYPE, value);
    }
    reply
}

//! What a reply means that is not the wanted one: kind, advice on trying again, and what became of the effect.
//!
//! The platform answers everything with status 200 and `{errcode, errmsg}`. Only the number is read: `errmsg` changes and
//! carries hints. Any other status, and any body without a number, comes from somebody on the way and proves nothing.

use adjourn_connector_kit::{ConnectorError, Kind, Reply, Retry, TransportError};
use adjourn_domain::capability::Effect;
use http::StatusCode;
use serde::Deserialize;

/// Whether the call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// It only reads.
    Read,
    /// It changes something.
    Change,
}

/// The numbers that say that a group is no more: dissolved, and the two spellings of "there is no such chat".
pub(super) const GONE: [i64; 3] = [49008, 86003, 40050];
/// The group was made by another app.
pub(super) const NOT_OURS: i64 = 86008;
/// The group is no customer group.
pub(super) const NOT_CUSTOMER: i64 = 90501;
/// The owner of a customer group has left the organisation.
pub(super) const OWNER_RESIGNED: i64 = 90502;
/// A group robot is no more: its address is unknown, or it is not in the group.
pub(super) const ROBOT_GONE: [i64; 2] = [93000, 93008];
/// An empty message, which no robot and no app posts.
pub(super) const EMPTY_MESSAGE: i64 = 44004;

/// The platform's envelope. Its words are not repeated in our errors.
#[derive(Debug, Deserialize)]
struct Envelope {
    errcode: i64,
}

/// The number of a reply; an error when it is not the platform's.
pub(super) fn code(reply: &Reply, asks: Asks) -> Result<i64, ConnectorError> {
    if reply.status() != StatusCode::OK {
        return Err(settle(stranger(reply), asks));
    }
    // An array would pass for an object whose fields come in order.
    let object = reply.body().iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    match serde_json::from_slice::<Envelope>(reply.body()) {
        Ok(envelope) if object => Ok(envelope.errcode),
        _ => Err(protocol("a reply without the platform's envelope", asks)),
    }
}

/// The error of a number that is not 0.
pub(super) fn of_code(code: i64, asks: Asks) -> ConnectorError {
    let (kind, retry) = meaning(code);
    let error = ConnectorError::new(kind, says(kind)).upstream(code.to_string()).retry(retry);
    // A busy platform, and a number that nobody listed, may have acted.
    let unsure = matches!(kind, Kind::Upstream | Kind::Protocol);
    settle(if unsure { error.effect(Effect::Unknown) } else { error }, asks)
}

/// No reply came.
pub(super) fn of_transport(error: &TransportError, asks: Asks) -> ConnectorError {
    settle(ConnectorError::transport(error), asks)
}

/// A reply that makes no sense to us.
pub(super) fn protocol(says: &str, asks: Asks) -> ConnectorError {
    settle(ConnectorError::protocol(says), asks)
}

/// The platform's number behind an error, if there is one.
pub(super) fn number(error: &ConnectorError) -> Option<i64> {
    error.upstream.parse().ok()
}

/// Whether the platform said that the group is no more.
pub(super) fn is_gone(error: &ConnectorError) -> bool {
    number(error).is_some_and(|code| GONE.contains(&code))
}

/// A read has no effect, however its reply got lost.
fn settle(error: ConnectorError, asks: Asks) -> ConnectorError {
    if asks == Asks::Read { error.effect(Effect::NotApplied) } else { error }
}

/// A status that the platform never answers with.
fn stranger(reply: &Reply) -> ConnectorError {
    let status = reply.status();
    let upstream = format!("http {}", status.as_str());
    if status == StatusCode::TOO_MANY_REQUESTS {
        let value = reply.headers().get(http::header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry = value.and_then(|text| text.trim().parse().ok()).map_or(Retry::Backoff, Retry::After);
        return ConnectorError::new(Kind::RateLimited, says(Kind::RateLimited))
            .upstream(upstream)
            .retry(retry);
    }
    if status.is_server_error() {
        return ConnectorError::new(Kind::Upstream, says(Kind::Upstream))
            .upstream(upstream)
            .effect(Effect::Unknown)
            .retry(Retry::Backoff);
    }
    ConnectorError::protocol("a status that the platform does not use").upstream(upstream)
}

/// Every number that the documents list for the calls that are made here, in the order of the platform's table.
fn meaning(code: i64) -> (Kind, Retry) {
    use Retry::{After, Backoff, Never};
    match code {
        -1 => (Kind::Upstream, Backoff),
        // Secret or organisation wrong, the secret reset, the app stopped.
        40001 | 40013 | 40091 | 41002 | 41004 => (Kind::Auth, Never),
        // The token: the next chain of calls gets another.
        40014 | 42001 => (Kind::Expired, Backoff),
        // Transferred twice within 90 days.
        40128 => (Kind::RateLimited, After(86_400)),
        // A block lasts until the minute's window is over.
        45009 => (Kind::RateLimited, After(60)),
        45033 => (Kind::RateLimited, After(1)),
        40050 | 49008 | 60136 | 86003 | 93000 | 93008 => (Kind::NotFound, Never),
        40133
        | 48002..=48006
        | 50002
        | 50003
        | 60011
        | 60020
        | 60021
        | 84074
        | 84083
        | 86008
        | 86101
        | 92000
        | 93004
        | 301_002
        | 301_052 => (Kind::Permission, Never),
        // Somebody else was changing it, or an inheritance is under way: both end by themselves.
        6000 | 90507 => (Kind::Conflict, Backoff),
        40097 | 40098 | 40129 | 40130 | 86215 | 86224 | 90500 | 90502..=90504 | 90508 => {
            (Kind::Conflict, Never)
        }
        40003
        | 40008
        | 40031
        | 40032
        | 40033
        | 40035
        | 40056
        | 40058
        | 40063
        | 40068
        | 41001
        | 44004
        | 45002
        | 46004
        | 60111
        | 86001
        | 86004..=86007
        | 86201..=86207
        | 86216
        | 86217
        | 86220
        | 90501
        | 301_025 => (Kind::Invalid, Never),
        _ => (Kind::Protocol, Backoff),
    }
}

fn says(kind: Kind) -> &'static str {
    match kind {
        Kind::Auth => "the platform does not know this organisation or secret",
        Kind::Expired => "the access token is no longer valid",
        Kind::RateLimited => "too many calls",
        Kind::NotFound => "there is no such thing",
        Kind::Permission => "this app may not do this",
        Kind::Conflict => "the group's state forbids it",
        Kind::Invalid => "the request makes no sense to the platform",
        Kind::Upstream => "the platform failed",
        _ => "the platform answered with a number that its documents do not list",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, body: &'static str) -> Reply {
        http::Response::builder().status(status).body(body.into()).unwrap()
    }

    fn change(code: i64) -> (Kind, Retry, Effect) {
        let error = of_code(code, Asks::Change);
        assert_eq!(error.upstream, code.to_string());
        (error.kind, error.retry, error.effect)
    }

    #[test]
    fn every_listed_number_is_told_apart() {
        use Effect::{NotApplied, Unknown};
        use Retry::{After, Backoff, Never};
        assert_eq!(change(-1), (Kind::Upstream, Backoff, Unknown));
        for code in [40001, 40013, 40091] {
            assert_eq!(change(code), (Kind::Auth, Never, NotApplied), "{code}");
        }
        for code in [40014, 42001] {
            assert_eq!(change(code), (Kind::Expired, Backoff, NotApplied), "{code}");
        }
        assert_eq!(change(45009), (Kind::RateLimited, After(60), NotApplied));
        assert_eq!(change(45033), (Kind::RateLimited, After(1), NotApplied));
        for code in [48002, 60011, 60020, 84074, 86008, 86101, 93004, 301_052] {
            assert_eq!(change(code), (Kind::Permission, Never, NotApplied), "{code}");
        }
        for code in GONE {
            assert_eq!(change(code), (Kind::NotFound, Never, NotApplied), "{code}");
            assert!(is_gone(&of_code(code, Asks::Read)));
        }
        for code in [86001, 86004, 86005, 86006, 86007, 86201, 86207, 86216, 86217, 86220, 90501] {
            assert_eq!(change(code), (Kind::Invalid, Never, NotApplied), "{code}");
        }
        for code in [86215, 90500, 90502, 90503, 90504, 90508] {
            assert_eq!(change(code), (Kind::Conflict, Never, NotApplied), "{code}");
        }
        assert_eq!(change(90507), (Kind::Conflict, Backoff, NotApplied));
        for code in ROBOT_GONE {
            assert_eq!(change(code), (Kind::NotFound, Never, NotApplied), "{code}");
            assert!(!is_gone(&of_code(code, Asks::Read)), "a robot that is gone is no group that is gone");
        }
    }

    #[test]
    fn a_number_that_nobody_listed_leaves_a_change_unknown_and_a_read_without_effect() {
        assert_eq!(change(99_999), (Kind::Protocol, Retry::Backoff, Effect::Unknown));
        assert_eq!(of_code(99_999, Asks::Read).effect, Effect::NotApplied);
        assert_eq!(of_code(-1, Asks::Read).effect, Effect::NotApplied);
    }

    #[test]
    fn only_the_number_is_believed() {
        let hint = r#"{"errcode":0,"errmsg":"86003 not found, hint: [1613972812]"}"#;
        assert_eq!(code(&reply(200, hint), Asks::Change), Ok(0));
        assert_eq!(code(&reply(200, r#"{"errcode":-1,"errmsg":"system error"}"#), Asks::Change), Ok(-1));
        for body in ["", "null", "[0]", "{}", r#"{"errcode":"0"}"#, r#"{"errcode":1e400}"#, "<html>"] {
            let error = code(&reply(200, body), Asks::Change).unwrap_err();
            assert_eq!((error.kind, error.effect), (Kind::Protocol, Effect::Unknown), "{body}");
        }
        let error = code(&reply(404, r#"{"errcode":86003,"errmsg":"not found"}"#), Asks::Read).unwrap_err();
        assert!(!is_gone(&error), "a proxy's 404 proves nothing, whatever its body says");
    }
}

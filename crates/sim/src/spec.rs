//! Fault plans as a person types them: `reply_lost@POST /dissolve#2`.
//!
//! `KIND[:NUMBER][@[METHOD ]PATH][#NTH]`, several with `;` in between. A plan that begins with `[` is JSON.

use std::str::FromStr;

use crate::fault::{Fault, FaultKind, FaultPlan, Matcher};

/// The kinds that can be typed, with the number that some of them take.
pub const KINDS: [&str; 13] = [
    "reply_lost",
    "request_lost",
    "refused",
    "too_many:SECONDS",
    "server_error:STATUS",
    "server_error_after:STATUS",
    "half_body",
    "wrong_content_type",
    "expired_token",
    "stale_read",
    "repeated_page",
    "invalid_utf8",
    "deep_json:DEPTH",
];

/// Why a plan can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError(pub String);

impl std::fmt::Display for SpecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SpecError {}

impl FromStr for FaultPlan {
    type Err = SpecError;

    fn from_str(text: &str) -> Result<Self, SpecError> {
        let text = text.trim();
        if text.starts_with('[') {
            return serde_json::from_str(text).map_err(|error| SpecError(error.to_string()));
        }
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        parts.map(fault).collect::<Result<Vec<_>, _>>().map(Self)
    }
}

fn fault(text: &str) -> Result<Fault, SpecError> {
    let wrong = || SpecError(text.to_owned());
    let (rest, nth) = match text.rsplit_once('#') {
        Some((rest, nth)) => (rest, Some(nth.parse::<u32>().ok().filter(|nth| *nth > 0).ok_or_else(wrong)?)),
        None => (text, None),
    };
    let (kind, target) = rest.split_once('@').map_or((rest, ""), |(kind, target)| (kind, target.trim()));
    let (method, path) = match target.split_once(' ') {
        Some((method, path)) => (Some(method.to_ascii_uppercase()), path.trim()),
        None => (None, target),
    };
    let (kind, number) = match kind.trim().split_once(':') {
        Some((kind, number)) => (kind, Some(number.parse::<u32>().map_err(|_| wrong())?)),
        None => (kind.trim(), None),
    };
    let status = || number.and_then(|number| u16::try_from(number).ok()).unwrap_or(503);
    let what = match kind {
        "reply_lost" => FaultKind::ReplyLost,
        "request_lost" => FaultKind::RequestLost,
        "refused" => FaultKind::Refused,
        "too_many" => FaultKind::TooMany { retry_after_s: number.map(u64::from) },
        "server_error" => FaultKind::ServerError { status: status(), after_effect: false },
        "server_error_after" => FaultKind::ServerError { status: status(), after_effect: true },
        "half_body" => FaultKind::HalfBody,
        "wrong_content_type" => FaultKind::WrongContentType,
        "expired_token" => FaultKind::ExpiredToken,
        "stale_read" => FaultKind::StaleRead,
        "repeated_page" => FaultKind::RepeatedPage,
        "invalid_utf8" => FaultKind::InvalidUtf8,
        "deep_json" => FaultKind::DeepJson { depth: number.unwrap_or(100_000) },
        _ => return Err(wrong()),
    };
    Ok(Fault { when: Matcher { method, path_contains: path.to_owned(), nth }, what })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> FaultPlan {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_typed_is_what_json_says() {
        let typed =
            read("reply_lost@post /dissolve#2; too_many:7@/groups; server_error_after:500;half_body#1");
        let json = read(
            r#"[{"when":{"method":"POST","path_contains":"/dissolve","nth":2},"what":{"kind":"reply_lost"}},
                {"when":{"path_contains":"/groups"},"what":{"kind":"too_many","retry_after_s":7}},
                {"when":{},"what":{"kind":"server_error","status":500,"after_effect":true}},
                {"when":{"nth":1},"what":{"kind":"half_body"}}]"#,
        );
        assert_eq!(typed, json);
        assert_eq!(read(""), FaultPlan::none());
    }

    #[test]
    fn what_is_no_plan_is_refused_with_the_words_that_are_wrong() {
        for text in ["lost", "reply_lost#0", "reply_lost#x", "too_many:soon", "[{}]", "half_body@/a#"] {
            assert!(text.parse::<FaultPlan>().is_err(), "{text}");
        }
        let error = "half_body; nonsense@/x".parse::<FaultPlan>().unwrap_err();
        assert_eq!(error.to_string(), "nonsense@/x");
    }

    #[test]
    fn every_kind_that_is_listed_can_be_typed() {
        for kind in KINDS {
            let name = kind.split(':').next().unwrap();
            assert_eq!(read(name).0.len(), 1, "{kind}");
        }
    }
}

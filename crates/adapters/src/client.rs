//! The HTTP client of those who are called at a configured address: in clear on this machine only, without redirects, with a limit of time.

use std::time::Duration;

use adjourn_domain::time::Time;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, ClientBuilder, Url};

/// The address and a client for it; a whole reply is there within `reply`.
///
/// # Errors
/// When the address is none, or would be called in clear over a network.
pub(crate) fn client(url: &str, reply: Duration) -> Result<(Url, Client), String> {
    let (url, client) = builder(url, reply)?;
    Ok((url, client.build().map_err(|error| error.to_string())?))
}

/// The same, for whoever has more to say about the client.
///
/// # Errors
/// As [`client`].
pub(crate) fn builder(url: &str, reply: Duration) -> Result<(Url, ClientBuilder), String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    let near = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    if url.scheme() != "https" && !(url.scheme() == "http" && near) {
        return Err("the address must begin with https".to_owned());
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(reply).redirect(reqwest::redirect::Policy::none()).no_proxy();
    Ok((url, client))
}

/// After how many seconds an answer wants to be asked again: `Retry-After`, as a number of seconds or as a date (RFC 9110, 10.2.3).
pub(crate) fn retry_s(headers: &HeaderMap, now: Time) -> Option<u64> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    said.parse().ok().or_else(|| {
        let date = jiff::fmt::rfc2822::parse(said).ok()?;
        Some(Time::from_millis(date.timestamp().as_millisecond()).secs_since(now))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        let now = Time::parse("2026-11-02T01:00:00Z").unwrap();
        for (said, means) in [
            ("120", Some(120)),
            ("Mon, 02 Nov 2026 01:01:30 GMT", Some(90)),
            ("Mon, 02 Nov 2026 00:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, said.parse().unwrap())]);
            assert_eq!(retry_s(&headers, now), means, "{said}");
        }
        assert_eq!(retry_s(&HeaderMap::new(), now), None);
    }
}

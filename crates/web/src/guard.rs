//! What keeps other sites out, and what every reply says to browsers.

use adjourn_app::AppError;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::limits::Trickle;

/// What a page of ours may load and send: what lies on this host, no script in the page itself, no frame around it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Refuses what another site made a browser send. Reading changes nothing and is let through.
///
/// A browser says where a request comes from (`Sec-Fetch-Site`, <https://www.w3.org/TR/fetch-metadata/>); one that does not, names
/// the origin. One that says neither is refused: no browser in use does.
///
/// # Errors
/// `request.cross_site`.
pub fn same_site(method: &Method, headers: &HeaderMap) -> Result<(), AppError> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = if let Some(site) = text("sec-fetch-site") {
        matches!(site, "same-origin" | "none")
    } else {
        let origin = text("origin").and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
        origin.is_some() && origin == text("host")
    };
    if ours { Ok(()) } else { Err(AppError::new("request.cross_site")) }
}

/// The headers that a page carries: it is not kept, not framed, not named to others, and loads nothing from elsewhere.
pub fn guarded(mut reply: Response) -> Response {
    let headers = reply.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // Nothing to other sites. To us: with `no-referrer` an older browser hides from us, too, where a form comes from (Fetch, "append a request
        // Origin header").
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    reply
}

/// The code of an answer that says no more than that something could not be read: the framework's own, or one to a body that trickled.
pub fn unsaid(reply: &Response, trickle: &Trickle) -> Option<&'static str> {
    if trickle.was() {
        return Some("request.slow");
    }
    let kind = reply.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind.is_some_and(|kind| !kind.starts_with(b"text/plain")) {
        return None;
    }
    match reply.status() {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some("page.unknown"),
        StatusCode::PAYLOAD_TOO_LARGE => Some("request.large"),
        status if status.is_client_error() => Some("page.form"),
        _ => None,
    }
}

/// The page that takes the place of an answer without words, with that answer's status and the methods that it names.
pub fn said(unsaid: &Response, mut page: Response) -> Response {
    // A body that trickled is no fault of its form.
    if page.status() != StatusCode::REQUEST_TIMEOUT {
        *page.status_mut() = unsaid.status();
    }
    if let Some(allow) = unsaid.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allow.clone());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn what_another_site_sends_is_refused() {
        let post = |pairs: &[(&'static str, &'static str)]| same_site(&Method::POST, &headers(pairs)).is_ok();
        assert!(post(&[("sec-fetch-site", "same-origin")]));
        assert!(post(&[("sec-fetch-site", "none")]), "typed by the person");
        assert!(!post(&[("sec-fetch-site", "cross-site")]));
        assert!(!post(&[("sec-fetch-site", "same-site")]), "a neighbour under the same domain");
        assert!(post(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!post(&[("origin", "http://evil.example"), ("host", "127.0.0.1:8080")]));
        assert!(!post(&[("origin", "null"), ("host", "127.0.0.1:8080")]));
        assert!(!post(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")]));
        assert!(!post(&[]));
        assert!(same_site(&Method::GET, &headers(&[("sec-fetch-site", "cross-site")])).is_ok());
    }
}

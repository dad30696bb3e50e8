//! What keeps other sites out, and what every reply says to browsers.

use adjourn_app::AppError;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;

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
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    reply
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

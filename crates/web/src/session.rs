//! Whose request it is: a session's cookie.

use adjourn_app::accounts::Session;
use adjourn_app::ports::Token;
use adjourn_app::{App, AppError};
use axum::http::{HeaderMap, HeaderValue, header};

/// The cookie of a session. The prefix binds it to this host, to every path of it, and to a secure connection; browsers count the own
/// machine as one (<https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie>).
const COOKIE: &str = "__Host-adjourn";

/// The token of the session that a request shows, if any.
pub fn shown(headers: &HeaderMap) -> Option<Token> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).and_then(|(_, value)| Token::read(value))
}

/// Who it is.
///
/// # Errors
/// `session.missing` when the request shows nothing; `session.over` when what it shows does not hold.
pub async fn session(app: &App, headers: &HeaderMap) -> Result<Session, AppError> {
    let token = shown(headers).ok_or_else(|| AppError::new("session.missing"))?;
    app.session(&token).await
}

/// The header that gives a browser its session, or ends it.
pub fn cookie(token: Option<&Token>) -> Option<HeaderValue> {
    let value = match token {
        Some(token) => format!("{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Lax", token.text()),
        None => format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"),
    };
    let mut value = HeaderValue::from_str(&value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_among_others_is_found() {
        let token = Token([7; 32]);
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("x=y"));
        assert_eq!(shown(&headers), None);
        let cookies = format!("a=b; {COOKIE}={}; c=d", token.text());
        headers.append(header::COOKIE, HeaderValue::from_str(&cookies).unwrap());
        assert_eq!(shown(&headers), Some(token));
    }

    #[test]
    fn a_session_is_for_this_host_and_no_script() {
        let value = cookie(Some(&Token([7; 32]))).unwrap();
        let text = value.to_str().unwrap();
        assert!(text.starts_with("__Host-adjourn=0707"));
        assert!(text.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"));
        assert!(value.is_sensitive());
        assert!(cookie(None).unwrap().to_str().unwrap().contains("Max-Age=0"));
    }
}

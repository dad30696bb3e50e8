//! A form that a passkey answers: what the browser is asked for, and where its answer goes.

use adjourn_app::accounts::by_passkey::PRF_INPUT;
use adjourn_app::accounts::ceremony::Asked;
use adjourn_domain::canonical::hex;
use adjourn_domain::passkey::{LOCALHOST, Relying};
use adjourn_i18n::msg;
use askama::Template;
use axum::http::{HeaderMap, header};
use axum::response::Response;

use crate::desk::Reader;
use crate::frame::{Frame, Place, asset};
use crate::kept::Fields;
use crate::typed::Typed;

/// The form. It does nothing without `ceremony.js` and `forms.js`.
#[derive(Template)]
#[template(path = "passkey/form.html")]
pub(crate) struct PasskeyForm {
    pub(crate) frame: Frame,
    pub(crate) action: String,
    /// `add` or `sign`.
    pub(crate) kind: &'static str,
    pub(crate) asked: Asked,
    pub(crate) input: String,
    /// Whether the passkey's secret is asked for.
    pub(crate) secret: bool,
    pub(crate) user: String,
    pub(crate) name: String,
    /// Hidden fields.
    pub(crate) fields: Fields,
    pub(crate) says: Option<String>,
    pub(crate) typed: Option<Typed>,
    pub(crate) password: bool,
    pub(crate) second: bool,
    pub(crate) button: String,
}

impl PasskeyForm {
    /// A form in which a passkey signs.
    pub(crate) fn sign(frame: Frame, action: String, asked: Asked, button: String) -> Self {
        Self {
            frame,
            action,
            kind: "sign",
            asked,
            input: hex(PRF_INPUT),
            secret: false,
            user: String::new(),
            name: String::new(),
            fields: Vec::new(),
            says: None,
            typed: None,
            password: false,
            second: false,
            button,
        }
    }

    /// A form in which a passkey is made for somebody.
    pub(crate) fn add(reader: &Reader, asked: Asked) -> Self {
        let me = &reader.session.principal;
        let button = msg::passkey_button_add(reader.lang);
        Self {
            kind: "add",
            secret: true,
            user: hex(me.id.as_str().as_bytes()),
            name: me.name.clone(),
            password: true,
            ..Self::sign(reader.frame(Place::Account), "/account/passkey".to_owned(), asked, button)
        }
    }
}

/// Where the reader's browser would let them use a passkey; `None` when it is here.
pub(crate) fn elsewhere(relying: &Relying, headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let rp = &relying.rp_id;
    if name == rp || name.strip_suffix(rp.as_str()).is_some_and(|before| before.ends_with('.')) {
        return None;
    }
    let port = if rp == LOCALHOST && !port.is_empty() { format!(":{port}") } else { String::new() };
    Some(format!("{}{port}", relying.origin))
}

/// What pages with such a form need, the first one first.
pub(crate) async fn ceremony() -> Response {
    asset(include_str!("ceremony.js"), "text/javascript; charset=utf-8")
}

pub(crate) async fn forms() -> Response {
    asset(include_str!("forms.js"), "text/javascript; charset=utf-8")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_passkey_is_used_where_the_browser_lets_it() {
        let at = |relying: &Relying, host: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            elsewhere(relying, &headers)
        };
        let local = Relying::default();
        assert_eq!(at(&local, "localhost:8080"), None);
        assert_eq!(at(&local, "127.0.0.1:8080").as_deref(), Some("http://localhost:8080"));
        let office = Relying::new("example.org", "https://adjourn.example.org").unwrap();
        assert_eq!(at(&office, "adjourn.example.org"), None);
        assert_eq!(at(&office, "evilexample.org").as_deref(), Some("https://adjourn.example.org"));
    }
}

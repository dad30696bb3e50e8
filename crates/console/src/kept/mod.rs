//! A session that ends in the middle of a form loses nothing: whoever sends a form without one is asked to sign in on a page that carries along what
//! was typed, and then finds it in its form again. The act itself is never sent a second time: that is for the person to do.
//!
//! Only texts are carried, of limited size: no passwords, no confirmations, no files. Nothing of it is kept here.

use adjourn_app::AppError;
use adjourn_i18n::msg;
use adjourn_web::limits::MAX_FORM;
use adjourn_web::session;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Form, FromRequest as _, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::desk::{Desk, encoded, html, lang, own_path, page_of};
use crate::door;
use crate::html::Html;

mod fill;

/// What was typed: names and values.
pub(crate) type Fields = Vec<(String, String)>;

/// Where the form was sent to, in the form of signing in.
pub(crate) const ACTION: &str = "kept-action";
/// What stands before the name of a field that is carried along.
pub(crate) const PREFIX: &str = "kept.";
/// Fields that are carried, at most.
const MAX_FIELDS: usize = 600;
/// Bytes that are carried, at most: escaped for the way back they still fit in a form.
const MAX_BYTES: usize = 64 * 1024;
/// What is typed anew each time.
const NEVER: [&str; 7] = ["password", "again", "new", "typed", "answer", "ticket", "secret"];
/// Largest page that a form is looked for in, in bytes.
const MAX_PAGE: usize = 8 * 1024 * 1024;

/// Asks whoever sends a form without a session to sign in, and gives back what was typed to whoever just did.
pub(crate) async fn keep(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    match path.as_str() {
        "/sign-in" | "/sign-in/second" => signed_in(request, next).await,
        "/sign-out" | "/sign-in/passkey" => next.run(request).await,
        path if path.starts_with("/welcome/") => next.run(request).await,
        _ => match session::session(&desk.app, request.headers()).await {
            Err(error) if matches!(error.code(), "session.missing" | "session.over") => {
                let headers = request.headers().clone();
                let fields = bounded(typed(request).await);
                let to = place(&path, &fields);
                door::asked_again(&headers, to, path, fields)
            }
            _ => next.run(request).await,
        },
    }
}

/// The page that a form lies on: the one that it names, else the one above its address.
fn place(path: &str, fields: &Fields) -> String {
    let named = fields.iter().find(|(name, _)| name == "from").map(|(_, from)| from.as_str());
    match named {
        Some(from) => own_path(Some(from)).to_owned(),
        None => page_of(path).to_owned(),
    }
}

/// The texts of a form.
async fn typed(request: Request) -> Fields {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        return match Multipart::from_request(request, &()).await {
            Ok(form) => texts(form).await,
            Err(_) => Fields::new(),
        };
    }
    // What can't be read was not typed into a form of ours.
    let Ok(bytes) = to_bytes(request.into_body(), MAX_FORM).await else { return Fields::new() };
    read(&bytes).await
}

async fn read(bytes: &Bytes) -> Fields {
    let mut request = Request::new(Body::from(bytes.clone()));
    *request.method_mut() = Method::POST;
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::CONTENT_TYPE, form);
    Form::<Fields>::from_request(request, &()).await.map(|Form(fields)| fields).unwrap_or_default()
}

async fn texts(mut form: Multipart) -> Fields {
    let mut fields = Fields::new();
    // Files are let go by; a form that breaks off has what came until then.
    while let Ok(Some(field)) = form.next_field().await {
        let (Some(name), None) = (field.name().map(str::to_owned), field.file_name()) else { continue };
        if let Ok(text) = field.text().await {
            fields.push((name, text));
        }
        if fields.len() >= MAX_FIELDS {
            break;
        }
    }
    fields
}

/// What is carried along.
fn bounded(fields: Fields) -> Fields {
    let mut bytes = 0;
    let kept = fields.into_iter().filter(|(name, value)| {
        bytes += name.len() + value.len();
        !NEVER.contains(&name.as_str()) && bytes <= MAX_BYTES
    });
    kept.take(MAX_FIELDS).collect()
}

/// Signs in, and shows the form again if there was one.
async fn signed_in(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_FORM).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let fields = read(&bytes).await;
    let to = fields.iter().find(|(name, _)| name == "next").map(|(_, to)| to.as_str());
    let to = own_path(to).to_owned();
    let headers = parts.headers.clone();
    let reply = next.clone().run(Request::from_parts(parts, Body::from(bytes))).await;
    let cookie = reply.headers().get(header::SET_COOKIE).cloned();
    let (Some((action, fields)), Some(cookie), StatusCode::SEE_OTHER) =
        (carried(&fields), cookie, reply.status())
    else {
        return reply;
    };
    let Some(mut page) = shown(next, &to, &headers, &cookie, &action, &bounded(fields)).await else {
        return reply;
    };
    page.headers_mut().insert(header::SET_COOKIE, cookie);
    page
}

/// Where a form was sent to without a session, and what was typed in it, out of the form of signing in that carries it along.
pub(crate) fn carried(fields: &Fields) -> Option<(String, Fields)> {
    let action = fields.iter().find(|(name, _)| name == ACTION).map(|(_, action)| action.clone())?;
    let typed = fields.iter().filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?, value)));
    Some((action, typed.map(|(name, value)| (name.to_owned(), value.clone())).collect()))
}

/// The page of the form, as whoever just signed in sees it, with what was typed in it.
async fn shown(
    next: Next,
    to: &str,
    headers: &HeaderMap,
    cookie: &HeaderValue,
    action: &str,
    fields: &Fields,
) -> Option<Response> {
    let mut request = Request::builder().uri(to).body(Body::empty()).ok()?;
    *request.headers_mut() = headers.clone();
    let session = cookie.to_str().ok()?.split(';').next()?;
    let others = headers.get(header::COOKIE).and_then(|others| others.to_str().ok()).unwrap_or_default();
    let cookies = HeaderValue::from_str(&format!("{session}; {others}")).ok()?;
    request.headers_mut().insert(header::COOKIE, cookies);
    for gone in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        request.headers_mut().remove(gone);
    }
    let reply = next.run(request).await;
    if reply.status() != StatusCode::OK {
        return None;
    }
    let bytes = to_bytes(reply.into_body(), MAX_PAGE).await.ok()?;
    let page = String::from_utf8(bytes.to_vec()).ok()?;
    let lang = lang(headers);
    let mut notice = Html::new();
    notice.raw("<div class=\"card notice\" role=\"status\"><p>").text(msg::kept_back(lang)).raw("</p></div>");
    Some(html(StatusCode::OK, with(lang, &page, to, action, fields, notice)))
}

/// A page of ours after an act that came to nothing: what was typed is in its form again, and `notice` stands above.
pub(crate) fn again(
    lang: adjourn_i18n::Lang,
    page: &str,
    to: &str,
    action: &str,
    fields: Fields,
    error: &AppError,
) -> String {
    let (sentence, hint) = adjourn_web::refusal::words(lang, error);
    let mut notice = Html::new();
    notice.raw("<div class=\"card notice bad\" role=\"alert\">").el("p", sentence).el("p", hint);
    notice.el("p", msg::console_safe(lang)).raw("<p class=\"soft\">").text(msg::console_code(lang));
    notice.raw(" <code data-copy>").text(error.code()).raw("</code></p></div>");
    with(lang, page, to, action, &bounded(fields), notice)
}

fn with(
    lang: adjourn_i18n::Lang,
    page: &str,
    to: &str,
    action: &str,
    fields: &Fields,
    mut notice: Html,
) -> String {
    let (page, left) = fill::fill(page, action, fields);
    // What a person wrote, and not what the page put into its own hidden fields.
    let mut left =
        left.iter().filter(|(_, value)| value.chars().count() > 1 && value.contains(is_prose)).peekable();
    if left.peek().is_some() {
        notice.raw("<div class=\"card\">").el("p", msg::kept_left(lang));
        for (_, value) in left {
            notice.raw("<pre class=\"kept\">").text(value).raw("</pre>");
        }
        notice.raw("</div>");
    }
    // The address that the page has otherwise, for the script.
    let mut here = Html::new();
    here.raw("<meta name=\"here\" content=\"").text(to).raw("\">\n</head>");
    let page = page.replacen("</head>", &here.finish(), 1);
    let main = "<main id=\"main\" tabindex=\"-1\">";
    page.replacen(main, &format!("{main}{}", notice.finish()), 1)
}

/// A letter of a text, as opposed to an id's.
fn is_prose(c: char) -> bool {
    c.is_whitespace() || !c.is_ascii()
}

/// The address with which somebody who has no session comes to sign in.
pub(crate) fn door_for(to: &str) -> String {
    format!("/sign-in?next={}", encoded(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_carried_and_secrets_and_floods_are_not() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let typed = vec![
            field("reason", "why"),
            field("password", "four small words"),
            field("typed", "G7K2Q"),
            field("again", "x"),
            field("flood", &"x".repeat(MAX_BYTES)),
        ];
        assert_eq!(bounded(typed), [field("reason", "why")]);
        assert!(bounded(vec![field("a", "b"); 10 * MAX_FIELDS]).len() <= MAX_FIELDS);
    }

    #[test]
    fn a_form_says_which_page_it_lies_on_and_nobody_is_sent_elsewhere() {
        let from = |to: &str| vec![("from".to_owned(), to.to_owned())];
        assert_eq!(place("/case/c-1/reject", &Fields::new()), "/case/c-1");
        assert_eq!(place("/groups/plan", &from("/groups/plan?group=g-1")), "/groups/plan?group=g-1");
        assert_eq!(place("/groups/plan", &from("https://evil.example")), "/");
    }
}

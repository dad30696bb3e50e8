//! The door: a one-time link becomes an account, a name and a password become a session.

use adjourn_app::AppError;
use adjourn_app::accounts::{Invited, MIN_PASSWORD};
use adjourn_app::ports::Token;
use adjourn_i18n::msg;
use adjourn_web::refusal::words;
use adjourn_web::session::{cookie, shown};
use adjourn_web::wording::Say;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, lang, own_path, page, refused, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "door/sign_in.html")]
struct SignIn {
    frame: Frame,
    next: String,
    name: String,
    /// Why the last try failed, and what to do.
    failed: Option<(String, String)>,
    /// Whether an account was just made.
    fresh: bool,
}

#[derive(Template)]
#[template(path = "door/welcome.html")]
struct Welcome {
    frame: Frame,
    /// Name and role of whoever was invited; nobody is for the first administrator.
    invited: Option<(String, String)>,
    name: String,
    failed: Option<(String, String)>,
    min: usize,
}

#[derive(Deserialize)]
pub(crate) struct Where {
    next: Option<String>,
    fresh: Option<String>,
}

/// The form of signing in.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    name: String,
    password: String,
    next: Option<String>,
}

/// The form behind a link.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    name: String,
    password: String,
    again: String,
}

fn frame(headers: &HeaderMap, path: &str) -> Frame {
    Frame { lang: lang(headers), here: Place::Door, path: path.to_owned(), person: None }
}

pub(crate) async fn sign_in_page(Query(at): Query<Where>, headers: HeaderMap) -> Response {
    let next = own_path(at.next.as_deref()).to_owned();
    let frame = frame(&headers, "/sign-in");
    page(&SignIn { frame, next, name: String::new(), failed: None, fresh: at.fresh.is_some() })
}

pub(crate) async fn sign_in(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Response {
    let frame = frame(&headers, "/sign-in");
    let next = own_path(form.next.as_deref()).to_owned();
    match desk.app.sign_in(&form.name, &form.password).await {
        Ok(token) => {
            // An older session of the same browser ends: a new one has a new token.
            if let Some(old) = shown(&headers) {
                let _ = desk.app.sign_out(&old);
            }
            with_cookie(see(&next), Some(&token))
        }
        Err(error) => {
            // What was typed stays, but for the password.
            let failed = Some(words(frame.lang, &error));
            page(&SignIn { frame, next, name: form.name, failed, fresh: false })
        }
    }
}

pub(crate) async fn sign_out(State(desk): State<Desk>, headers: HeaderMap) -> Response {
    if let Some(token) = shown(&headers)
        && let Err(error) = desk.app.sign_out(&token)
    {
        return refused(lang(&headers), Place::Door, None, &error);
    }
    with_cookie(see("/sign-in"), None)
}

pub(crate) async fn welcome(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    offer(&desk, &token, &headers, String::new(), None).await
}

async fn offer(
    desk: &Desk,
    token: &str,
    headers: &HeaderMap,
    name: String,
    failed: Option<&AppError>,
) -> Response {
    let frame = frame(headers, &format!("/welcome/{token}"));
    let invited = match Token::read(token) {
        Some(token) => desk.app.invited(&token).await,
        None => Err(AppError::new("link.unknown")),
    };
    let say = Say::new(frame.lang);
    let invited = match invited {
        Ok(Invited::First) => None,
        Ok(Invited::Principal(principal)) => Some((principal.name, say.word("role", &principal.role))),
        Err(error) => return refused(frame.lang, Place::Door, None, &error),
    };
    let failed = failed.map(|error| words(frame.lang, error));
    page(&Welcome { frame, invited, name, failed, min: MIN_PASSWORD })
}

pub(crate) async fn accept(
    State(desk): State<Desk>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Chosen>,
) -> Response {
    let done = if form.password == form.again {
        match Token::read(&token) {
            Some(token) => desk.app.accept_invitation(&token, &form.name, &form.password).await,
            None => Err(AppError::new("link.unknown")),
        }
    } else {
        Err(AppError::new("account.again"))
    };
    match done {
        Ok(_) => see("/sign-in?fresh=1"),
        Err(error) => offer(&desk, &token, &headers, form.name, Some(&error)).await,
    }
}

fn with_cookie(mut reply: Response, token: Option<&Token>) -> Response {
    if let Some(value) = cookie(token) {
        reply.headers_mut().insert(header::SET_COOKIE, value);
    }
    reply
}

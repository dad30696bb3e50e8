//! The page behind a notice's link: what members and parents of a group were told, a way to say that one has read it, and a way to object.
//!
//! ```text
//! GET  /notice/TOKEN          the text, as it was told
//! POST /notice/TOKEN/read     I have read this
//! POST /notice/TOKEN/object   I object, and why
//! ```
//!
//! It is guarded as the page of task links is. Behind a link for everybody a reader is a browser: it gets a number of its own, so that it counts once.
//! The number opens nothing and tells nothing.

use std::sync::Arc;

use adjourn_app::{App, AppError};
use adjourn_domain::canonical::{hex, unhex};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::task::{from_here, guarded, html, lang, refused};

mod page;

/// Largest form, in bytes: the longest objection with every sign of it encoded.
const MAX_FORM: usize = 64 * 1024;
/// The cookie with a browser's number.
const BROWSER: &str = "adjourn-reader";
/// Length of the number, in bytes.
const NUMBER: usize = 16;

/// The routes.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/notice/{token}", get(show))
        .route("/notice/{token}/read", post(read))
        .route("/notice/{token}/object", post(object))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(from_fn(from_here))
        .with_state(app)
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
}

async fn show(State(app): State<Arc<App>>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let lang = lang(&headers);
    let had = number(&headers);
    let page = match app.notice_page(&token, had.as_deref()).await {
        Ok(page) => page,
        Err(error) => return refused(lang, &error, None),
    };
    let mut reply = html(StatusCode::OK, page::notice(lang, &token, &page));
    if page.everybody && had.is_none() {
        let mut fresh = [0; NUMBER];
        app.journal.rng.fill(&mut fresh);
        let cookie =
            format!("{BROWSER}={}; Path=/notice; Max-Age=15552000; HttpOnly; SameSite=Lax", hex(&fresh));
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            reply.headers_mut().insert(header::SET_COOKIE, cookie);
        }
    }
    reply
}

async fn read(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let done = app.notice_read(&token, number(&headers).as_deref(), &said.name).await;
    back(&headers, &token, done)
}

async fn object(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(said): Form<Said>,
) -> Response {
    let done = app.notice_object(&token, number(&headers).as_deref(), &said.name, said.text.trim()).await;
    back(&headers, &token, done)
}

fn back(headers: &HeaderMap, token: &str, done: Result<(), AppError>) -> Response {
    let page = format!("/notice/{token}");
    if let Err(error) = done {
        return refused(lang(headers), &error, Some(&page));
    }
    let mut reply = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(&page) {
        reply.headers_mut().insert(header::LOCATION, to);
    }
    guarded(reply)
}

/// The number of the browser, if it has one of ours.
fn number(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, number) = pairs.find(|(name, _)| *name == BROWSER)?;
    unhex(number).filter(|bytes| bytes.len() == NUMBER).map(|_| number.to_owned())
}

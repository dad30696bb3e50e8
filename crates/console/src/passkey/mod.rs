//! The page on which a person's browser makes a passkey, or signs with one (fingerprint, face or PIN).
//!
//! ```text
//! GET  /passkey/TOKEN   what is to be signed, and a button
//! POST /passkey/TOKEN   the browser's answer, once
//! ```
//!
//! The command that opened the page waits for the answer, checks it and says what came of it; the page shows that. The token
//! is drawn for one ceremony. This is the one page with a script: there is no other way to a passkey.

use std::sync::Arc;

use adjourn_app::passkeys::{AskNew, AskSign};
use adjourn_domain::passkey::{Assertion, MAX_PART, Registration};
use adjourn_i18n::Lang;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::{Mutex, mpsc, oneshot};

pub(crate) mod form;
mod page;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'; \
                      frame-ancestors 'none'; base-uri 'none'";
const SCRIPT: &str = include_str!("passkey.js");

/// What a browser is asked for.
#[derive(Debug, Clone)]
pub enum Ask {
    /// A new passkey.
    New(AskNew),
    /// An answer, to a plan whose groups are named.
    Sign(AskSign, Vec<String>),
}

/// What a browser gave.
#[derive(Debug, Clone)]
pub enum Given {
    /// A new passkey.
    New(Registration),
    /// An answer.
    Sign(Assertion),
}

/// What a browser gave, and where to say what came of it.
#[derive(Debug)]
pub struct Answer {
    /// What it gave.
    pub given: Given,
    reply: oneshot::Sender<Result<(), String>>,
}

impl Answer {
    /// Tells the person: nothing, or a sentence why it was refused.
    pub fn tell(self, outcome: Result<(), String>) {
        // Whoever closed the page is told at the command line.
        let _ = self.reply.send(outcome);
    }
}

#[derive(Clone)]
struct Ceremony {
    ask: Arc<Ask>,
    token: Arc<str>,
    /// Taken by the first answer.
    answer: Arc<Mutex<Option<mpsc::Sender<Answer>>>>,
}

/// The routes of one ceremony, and where its one answer comes out.
pub fn router(ask: Ask, token: &str) -> (Router, mpsc::Receiver<Answer>) {
    let (send, receive) = mpsc::channel(1);
    let ceremony =
        Ceremony { ask: Arc::new(ask), token: Arc::from(token), answer: Arc::new(Mutex::new(Some(send))) };
    let router = Router::new()
        .route("/passkey/{token}", get(show).post(take))
        // Four parts in hex.
        .layer(DefaultBodyLimit::max(8 * MAX_PART + 4096))
        .route("/assets/passkey-ceremony.js", get(form::ceremony))
        .route("/assets/passkey.js", get(script))
        .route("/assets/passkey.css", get(style))
        .with_state(ceremony);
    (router, receive)
}

async fn script() -> Response {
    typed("text/javascript; charset=utf-8", SCRIPT)
}

async fn style() -> Response {
    typed("text/css; charset=utf-8", page::STYLE)
}

async fn show(State(ceremony): State<Ceremony>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let lang = lang(&headers);
    if *token != *ceremony.token || ceremony.answer.lock().await.is_none() {
        return html(StatusCode::GONE, page::over(lang));
    }
    html(StatusCode::OK, page::ceremony(lang, &ceremony.ask))
}

async fn take(
    State(ceremony): State<Ceremony>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let lang = lang(&headers);
    let text = |status: StatusCode, text: String| guarded((status, text).into_response());
    if *token != *ceremony.token {
        return text(StatusCode::GONE, page::over_text(lang));
    }
    let given = match &*ceremony.ask {
        Ask::New(_) => serde_json::from_slice(&body).map(Given::New),
        Ask::Sign(..) => serde_json::from_slice(&body).map(Given::Sign),
    };
    let Ok(given) = given else { return text(StatusCode::BAD_REQUEST, page::refused_text(lang)) };
    let Some(send) = ceremony.answer.lock().await.take() else {
        return text(StatusCode::GONE, page::over_text(lang));
    };
    let (reply, outcome) = oneshot::channel();
    if send.send(Answer { given, reply }).await.is_err() {
        return text(StatusCode::GONE, page::over_text(lang));
    }
    match outcome.await {
        Ok(Ok(())) => text(StatusCode::OK, page::done_text(lang)),
        Ok(Err(says)) => text(StatusCode::FORBIDDEN, says),
        Err(_) => text(StatusCode::GONE, page::over_text(lang)),
    }
}

fn lang(headers: &HeaderMap) -> Lang {
    adjourn_web::language::asked(headers)
}

fn typed(kind: &'static str, text: &'static str) -> Response {
    let mut reply = text.into_response();
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    guarded(reply)
}

fn html(status: StatusCode, page: String) -> Response {
    let mut reply = (status, page).into_response();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    reply.headers_mut().insert(header::CONTENT_TYPE, kind);
    guarded(reply)
}

fn guarded(mut reply: Response) -> Response {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}

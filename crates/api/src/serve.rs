//! From a request to an endpoint and back: the checks that every endpoint has, in one order.
//!
//! Who asks, and whether that may be; the body, its size and form; the parameters; whether it was asked before; then the endpoint's own code. What
//! changes something runs to its end also when whoever asked has hung up.

use std::time::Duration;

use adjourn_app::AppError;
use adjourn_app::once::{Answer, Known, Once};
use adjourn_domain::canonical::Hash;
use adjourn_i18n::Lang;
use adjourn_web::limits::RATE;
use adjourn_web::{language, session};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::de::DeserializeOwned;

use crate::call::{Call, Desk};
use crate::endpoint::{Asked, Endpoint, MAX_BODY, Verb};
use crate::problem::{json, refused};

/// Longest time that a body takes to come in; as much longer as a larger one needs at the slowest rate.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest key of a request that may be sent again, in characters.
pub(crate) const MAX_KEY: usize = 255;
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Answers a request to an endpoint.
pub(crate) async fn serve<E: Endpoint>(State(desk): State<Desk>, request: Request) -> Response {
    let lang = language::asked(request.headers());
    let (parts, body) = request.into_parts();
    match read::<E>(desk, lang, parts, body).await {
        Ok((call, asked, once)) if E::DECLARED.method != Verb::Get => {
            let work = tokio::spawn(async move { done::<E>(&call, asked, once).await });
            work.await.unwrap_or_else(|error| refused(lang, &AppError::new("internal").with("says", error)))
        }
        Ok((call, asked, _)) => done::<E>(&call, asked, None).await,
        Err(error) => refused(lang, &error),
    }
}

type Read<E> = (Call, Asked<E>, Option<Key>);

async fn read<E: Endpoint>(
    desk: Desk,
    lang: Lang,
    mut parts: Parts,
    body: Body,
) -> Result<Read<E>, AppError> {
    let declared = E::DECLARED;
    let call = Call::of(desk, lang, &parts.method, &parts.headers, declared.scope).await?;
    // The use case asks as well, where there is one; the declaration is what the document says.
    if let Some(role) = declared.role.filter(|role| call.session.principal.role != *role) {
        return Err(AppError::new("approval.role").with("role", role));
    }
    let form = |says: String| AppError::new("request.form").with("says", says);
    let Path(path) = Path::<E::Path>::from_request_parts(&mut parts, &())
        .await
        .map_err(|error| form(error.body_text()))?;
    let Query(query) =
        Query::<E::Query>::try_from_uri(&parts.uri).map_err(|error| form(error.body_text()))?;
    if !declared.method.reads() {
        let body = serde_json::from_str("{}").map_err(|error| form(error.to_string()))?;
        return Ok((call, Asked { path, query, body }, None));
    }
    let more = declared.max_body.saturating_sub(MAX_BODY) as u64 / RATE;
    let patience = PATIENCE + Duration::from_secs(more);
    let bytes = tokio::time::timeout(patience, to_bytes(body, declared.max_body))
        .await
        .map_err(|_| AppError::new("request.slow"))?
        .map_err(|_| AppError::new("request.large"))?;
    let key = key(&parts.headers)?.filter(|_| declared.method == Verb::Post);
    let body = parsed(&parts.headers, &bytes)?;
    let key = key.map(|key| Key { text: key, asked: asked(&parts, &bytes) });
    Ok((call, Asked { path, query, body }, key))
}

/// A body. One that is not there is an empty object.
fn parsed<T: DeserializeOwned>(headers: &HeaderMap, bytes: &[u8]) -> Result<T, AppError> {
    if bytes.is_empty() {
        return serde_json::from_str("{}")
            .map_err(|error| AppError::new("request.form").with("says", without_place(&error)));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(AppError::new("request.type"));
    }
    let says = |code, error: &serde_json::Error| AppError::new(code).with("says", error);
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| says("request.json", &error))?;
    // A derived reader takes an array for an object; here nobody means that.
    if !value.is_object() {
        return Err(AppError::new("request.form").with("says", "not an object"));
    }
    serde_json::from_value(value).map_err(|error| says("request.form", &error))
}

/// An error's words without a place in a text that there is not.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or_else(|| text.clone(), |(says, _)| says.to_owned())
}

/// The key of a request that may be sent again, with what was asked.
struct Key {
    text: String,
    asked: Hash,
}

fn key(headers: &HeaderMap) -> Result<Option<String>, AppError> {
    let Some(key) = headers.get(KEY) else { return Ok(None) };
    // The draft writes a string of structured fields, in quotes; without them it is taken as it is.
    let text = key.to_str().unwrap_or_default();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(&b));
    if text.is_empty() || text.len() > MAX_KEY || !plain || headers.get_all(KEY).iter().count() > 1 {
        return Err(AppError::new("request.key").with("max", MAX_KEY));
    }
    Ok(Some(text.to_owned()))
}

/// SHA-256 of a request: method, address, body.
fn asked(parts: &Parts, body: &[u8]) -> Hash {
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    Hash::of_parts(&[parts.method.as_str().as_bytes(), b"\0", target.as_bytes(), b"\0", body])
}

/// Does what was asked, at most once where it has a key.
async fn done<E: Endpoint>(call: &Call, asked: Asked<E>, key: Option<Key>) -> Response {
    let outcome = match key {
        Some(key) => once::<E>(call, asked, &key).await,
        None => fresh::<E>(call, asked).await,
    };
    let mut reply = match outcome {
        Ok(answer) => reply(answer),
        Err(error) => refused(call.lang, &error),
    };
    // After the password was shown once more the session goes on under another token.
    if let Some(cookie) = call.session.renewed.get().and_then(|token| session::cookie(Some(token))) {
        reply.headers_mut().append(header::SET_COOKIE, cookie);
    }
    reply
}

async fn once<E: Endpoint>(call: &Call, asked: Asked<E>, key: &Key) -> Result<Answer, AppError> {
    let who = &call.session.principal.id;
    let busy = call.desk.busy.take(format!("{who} {}", key.text));
    let Some(_busy) = busy else { return Err(AppError::new("request.busy")) };
    let once: Once = match call.app().once(who, &key.text, key.asked).await? {
        Known::Done(answer) if answer.body.is_some() => return Ok(answer),
        Known::Done(_) => return Err(AppError::new("request.shown_once")),
        Known::New(once) => once,
    };
    match fresh::<E>(call, asked).await {
        Ok(answer) => {
            let kept = Answer { body: answer.body.clone().filter(|_| !E::DECLARED.secret), ..answer.clone() };
            call.app().once_done(&once, kept).await?;
            Ok(answer)
        }
        Err(error) => {
            // What we could not finish may have happened: the key stays taken.
            if adjourn_web::refusal::status(error.code()) != StatusCode::INTERNAL_SERVER_ERROR {
                call.app().once_refused(&once).await?;
            }
            Err(error)
        }
    }
}

async fn fresh<E: Endpoint>(call: &Call, asked: Asked<E>) -> Result<Answer, AppError> {
    let made = E::answer(call, asked).await?;
    let location = E::location(&made);
    let body = serde_json::to_string(&made)?;
    Ok(Answer { status: E::DECLARED.status.as_u16(), body: Some(body), location })
}

fn reply(answer: Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut reply = json(status, "application/json", answer.body.unwrap_or_default());
    if let Some(to) = answer.location.and_then(|to| HeaderValue::from_str(&to).ok()) {
        reply.headers_mut().insert(header::LOCATION, to);
    }
    reply
}

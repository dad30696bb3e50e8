//! The console: what administrators and reviewers see. Everything that a page does is a use case with the signer of whoever is signed in; what is
//! refused on the command line is refused here, by the same code.

use std::sync::Arc;

use adjourn_app::accounts::Session;
use adjourn_app::register::Rules;
use adjourn_app::{App, AppError};
use adjourn_i18n::{Lang, msg};
use adjourn_web::refusal::{status, words};
use adjourn_web::wording::Say;
use adjourn_web::{guard, language, session};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::frame::{Frame, Place};
use crate::{case, door, frame, groups, live, local, people, platforms, today};

/// Largest form, in bytes.
const MAX_FORM: usize = 256 * 1024;
/// The cookie with the language that somebody chose.
const LANGUAGE: &str = "adjourn-lang";

/// What the pages need.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) app: Arc<App>,
    pub(crate) rules: Rules,
}

/// The routes.
pub fn router(app: Arc<App>, rules: Rules) -> Router {
    Router::new()
        .route("/", get(today::show))
        .route("/groups", get(groups::list))
        .route("/groups/plan", post(groups::plan))
        .route("/group/{group}", get(groups::show))
        .route("/cases", get(case::list))
        .route("/case/{case}", get(case::show))
        .route(
            "/case/{case}/step",
            post(case::step::answer).layer(DefaultBodyLimit::max(case::step::MAX_UPLOAD)),
        )
        .route("/case/{case}/{act}", post(case::act))
        .route("/platforms", get(platforms::show))
        .route("/people", get(people::list).post(people::invite))
        .route("/welcome/{token}", get(door::welcome).post(door::accept))
        .route("/sign-in", get(door::sign_in_page).post(door::sign_in))
        .route("/sign-out", post(door::sign_out))
        .route("/language/{tag}", get(language))
        .route("/live", get(live::journal))
        .route("/assets/console.css", get(frame::style))
        .route("/assets/console.js", get(frame::script))
        .fallback(nothing)
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(from_fn(from_here))
        .with_state(Desk { app, rules })
}

/// Lets nothing in that another site sent, and nothing out without its guards.
async fn from_here(request: Request, next: Next) -> Response {
    if let Err(error) = guard::same_site(request.method(), request.headers()) {
        return refused(lang(request.headers()), Place::Door, None, &error);
    }
    let lang = lang(request.headers());
    let reply = next.run(request).await;
    let bare = !reply.headers().contains_key(header::CONTENT_TYPE)
        || reply
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
    // What could not even be read is told as everything else is.
    let code = match reply.status() {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "page.unknown",
        status if status.is_client_error() => "page.form",
        _ => return guard::guarded(reply),
    };
    if bare { refused(lang, Place::Door, None, &AppError::new(code)) } else { guard::guarded(reply) }
}

async fn nothing() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// Who reads, and how.
pub(crate) struct Reader {
    pub(crate) say: Say,
    pub(crate) lang: Lang,
    /// Distance of their clock from UTC, in minutes.
    pub(crate) offset: i32,
    pub(crate) session: Session,
    path: String,
}

impl Reader {
    /// The frame of a page at a place.
    pub(crate) fn frame(&self, here: Place) -> Frame {
        let role = self.say.word("role", &self.session.principal.role);
        let person = Some(format!("{} · {role}", self.session.principal.name));
        Frame { lang: self.lang, here, path: encoded(&self.path), person }
    }

    /// A time on the reader's clock.
    pub(crate) fn time(&self, at: adjourn_domain::time::Time) -> String {
        local::time(self.lang, at, self.offset)
    }

    /// A page, or the one that says why there is none.
    pub(crate) fn answer(&self, here: Place, made: Result<impl Template, AppError>) -> Response {
        match made {
            Ok(template) => page(&template),
            Err(error) => self.refused(here, &error),
        }
    }

    /// The page that comes after an act, or the one that says why it was refused.
    pub(crate) fn onward(&self, here: Place, done: Result<String, AppError>) -> Response {
        match done {
            Ok(path) => see(&path),
            Err(error) => self.refused(here, &error),
        }
    }

    /// The page that says what was refused.
    pub(crate) fn refused(&self, here: Place, error: &AppError) -> Response {
        refused(self.lang, here, self.frame(here).person, error)
    }
}

/// Whoever is not signed in is sent to do so, and comes back: to the page that was asked for, or to the one whose form was sent. An act is not
/// sent twice.
impl FromRequestParts<Desk> for Reader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Response> {
        let lang = lang(&parts.headers);
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        match session::session(&desk.app, &parts.headers).await {
            Ok(session) => {
                let offset = desk.app.utc_offset_minutes();
                Ok(Self { say: Say::new(lang), lang, offset, session, path })
            }
            Err(error) if matches!(error.code(), "session.missing" | "session.over") => {
                let back = if parts.method.is_safe() { path.as_str() } else { page_of(parts.uri.path()) };
                Err(see(&format!("/sign-in?next={}", encoded(back))))
            }
            Err(error) => Err(refused(lang, Place::Door, None, &error)),
        }
    }
}

/// The page that a form's address lies under: `/case/c-1` for `/case/c-1/approve`.
fn page_of(form: &str) -> &str {
    form.rsplit_once('/').map(|(page, _)| page).filter(|page| !page.is_empty()).unwrap_or("/")
}

/// A page.
pub(crate) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => html(StatusCode::OK, text),
        Err(error) => {
            let error = AppError::new("internal").with("says", error);
            refused(Lang::En, Place::Door, None, &error)
        }
    }
}

fn html(status: StatusCode, text: String) -> Response {
    let mut reply = (status, text).into_response();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    reply.headers_mut().insert(header::CONTENT_TYPE, kind);
    reply
}

/// Sends a browser to another page of ours.
pub(crate) fn see(path: &str) -> Response {
    let mut reply = StatusCode::SEE_OTHER.into_response();
    if let Ok(to) = HeaderValue::from_str(path) {
        reply.headers_mut().insert(header::LOCATION, to);
    }
    reply
}

/// A path of ours that somebody named; anything else is the first page.
pub(crate) fn own_path(next: Option<&str>) -> &str {
    next.filter(|next| next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\n', '\r']))
        .unwrap_or("/")
}

/// A text as the value of a query's parameter.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(b).to_string()
            }
            b => format!("%{b:02X}"),
        })
        .collect()
}

/// The language that somebody chose, or their browser's.
pub(crate) fn lang(headers: &HeaderMap) -> Lang {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let cookies = text(header::COOKIE).unwrap_or_default().split(';');
    let chosen = cookies.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == LANGUAGE);
    chosen.and_then(|(_, tag)| Lang::parse(tag)).unwrap_or_else(|| language::asked(headers))
}

#[derive(Deserialize)]
struct Onward {
    next: Option<String>,
}

async fn language(Path(tag): Path<String>, Query(query): Query<Onward>, State(_): State<Desk>) -> Response {
    let mut reply = see(own_path(query.next.as_deref()));
    let cookie = Lang::parse(&tag).and_then(|lang| {
        HeaderValue::from_str(&format!("{LANGUAGE}={lang}; Path=/; Max-Age=31536000; SameSite=Lax")).ok()
    });
    if let Some(cookie) = cookie {
        reply.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    reply
}

#[derive(Template)]
#[template(path = "frame/refused.html")]
struct Refused {
    frame: Frame,
    code: String,
    sentence: String,
    hint: String,
}

/// The page that says what was refused, why, and what to do.
pub(crate) fn refused(lang: Lang, here: Place, person: Option<String>, error: &AppError) -> Response {
    let (sentence, hint) = words(lang, error);
    let frame = Frame { lang, here, path: "/".to_owned(), person };
    let page = Refused { frame, code: error.code().to_owned(), sentence, hint };
    let status = status(error.code());
    let mut reply = match page.render() {
        Ok(text) => html(status, text),
        Err(_) => status.into_response(),
    };
    reply = guard::guarded(reply);
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_signs_in_again_comes_back_to_the_page_and_not_to_the_act() {
        assert_eq!(page_of("/case/c-1/approve"), "/case/c-1");
        assert_eq!(page_of("/groups/plan"), "/groups");
        assert_eq!((page_of("/people"), page_of("/")), ("/", "/"));
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(own_path(Some("/case/c-1?x=y")), "/case/c-1?x=y");
        for next in
            ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nb"]
        {
            assert_eq!(own_path(Some(next)), "/", "{next}");
        }
        assert_eq!(own_path(None), "/");
        assert_eq!(encoded("/groups?view=idle&q=\u{7fa4}"), "/groups%3Fview%3Didle%26q%3D%E7%BE%A4");
    }

    #[test]
    fn the_language_that_was_chosen_goes_before_the_browsers() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("zh-CN"));
        assert_eq!(lang(&headers), Lang::ZhCn);
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; adjourn-lang=en"));
        assert_eq!(lang(&headers), Lang::En);
    }
}

//! The console: what administrators and reviewers see. Everything that a page does is a use case with the signer of whoever is signed in; what is
//! refused on the command line is refused here, by the same code.

use std::sync::{Arc, OnceLock};

use adjourn_app::accounts::Session;
use adjourn_app::ports::Token;
use adjourn_app::register::Rules;
use adjourn_app::{App, AppError};
use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg};
use adjourn_web::limits::{MAX_FORM, MAX_UPLOAD, Trickle};
use adjourn_web::refusal::{status, words};
use adjourn_web::wording::Say;
use adjourn_web::{guard, language, route, session};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use serde::Deserialize;

use crate::frame::parts::Moment;
use crate::frame::{Frame, Place};
use crate::tools::Tools;
use crate::{
    account, audits, case, door, evidence, frame, groups, kept, links, live, local, passkey, people,
    platforms, register, settings, today,
};

/// The cookie with the language that somebody chose.
const LANGUAGE: &str = "adjourn-lang";

/// What the pages need.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) app: Arc<App>,
    pub(crate) rules: Rules,
    /// What is new in the journal, for all who look.
    pub(crate) feed: Arc<live::Feed>,
    pub(crate) tools: Tools,
    pub(crate) uploads: register::Uploads,
}

/// The token that a session goes on under, once whoever has it said again who they are.
#[derive(Clone, Default)]
struct Renewed(Arc<OnceLock<Token>>);

impl Desk {
    pub(crate) fn new(app: Arc<App>, rules: Rules, tools: Tools) -> Self {
        Self { feed: Arc::default(), app, rules, tools, uploads: register::Uploads::default() }
    }
}

/// The routes.
pub fn router(app: Arc<App>, rules: Rules, tools: Tools) -> Router {
    let desk = Desk::new(app, rules, tools);
    let pages = table().router.fallback(nothing);
    let pages =
        pages.layer(DefaultBodyLimit::max(MAX_FORM)).layer(from_fn(route::told)).with_state(desk.clone());
    // Before the routes, not behind each: whoever signs in may be shown another page than the one that was asked for.
    Router::new()
        .fallback_service(pages)
        .layer(from_fn_with_state(desk, kept::keep))
        .layer(from_fn(from_here))
}

/// The paths of all routes, parameters in braces: what tests go through, so that no page is forgotten.
pub fn paths() -> Vec<&'static str> {
    table().paths
}

/// Routes that remember their paths.
#[derive(Default)]
struct Table {
    router: Router<Desk>,
    paths: Vec<&'static str>,
}

impl Table {
    fn route(mut self, path: &'static str, to: MethodRouter<Desk>) -> Self {
        self.paths.push(path);
        Self { router: self.router.route(path, to), ..self }
    }
}

fn table() -> Table {
    Table::default()
        .route("/", get(today::show))
        .route("/groups", get(groups::list))
        .route("/groups/plan", get(groups::pick::show).post(groups::pick::draw))
        .route("/group/{group}", get(groups::one::show))
        .route("/cases", get(case::list))
        .route("/case/{case}", get(case::show))
        .route("/case/{case}/step", post(case::step::answer).layer(DefaultBodyLimit::max(MAX_UPLOAD)))
        .route("/case/{case}/print", get(case::print))
        .route("/case/{case}/links", post(links::make))
        .route("/case/{case}/links/revoke", post(links::revoke))
        .route("/case/{case}/{act}", post(case::acts::act))
        .route("/register", get(register::list))
        .route("/register/group/{group}", get(register::one::show).post(register::one::save))
        .route(
            "/register/import",
            post(register::import::look).layer(DefaultBodyLimit::max(register::import::MAX_UPLOAD)),
        )
        .route("/register/take", post(register::import::take))
        .route("/evidence", get(evidence::list))
        // As large as a package may be; what comes in is counted while it comes.
        .route("/evidence/verify", post(evidence::verify).layer(DefaultBodyLimit::disable()))
        .route("/evidence/bag/{kind}/{name}", get(evidence::bag))
        .route("/evidence/bag/{kind}/{name}/zip", get(evidence::zip))
        .route("/evidence/bag/{kind}/{name}/paper", get(evidence::paper))
        .route("/evidence/journal/{case}", get(evidence::journal::show))
        .route("/evidence/journal/{case}/jsonl", get(evidence::journal::lines))
        .route("/evidence/holds", get(evidence::holds::list))
        .route("/evidence/hold", post(evidence::holds::add))
        .route("/evidence/lift", post(evidence::holds::lift))
        .route("/evidence/retention", get(evidence::retention::show))
        .route("/evidence/decide", post(evidence::retention::decide))
        .route("/evidence/destroy", post(evidence::retention::destroy))
        .route("/audits", get(audits::list).post(audits::run))
        .route("/platforms", get(platforms::show))
        .route("/platforms/check", get(platforms::check::ask).post(platforms::check::check))
        .route("/platforms/guide", get(platforms::guide::ask))
        .route("/platforms/guide/page", get(platforms::guide::paper))
        .route("/platforms/guide/calendar", get(platforms::guide::calendar))
        .route("/people", get(people::list).post(people::invite))
        .route("/people/lend", post(people::lend))
        .route("/people/revoke", post(people::revoke))
        .route("/people/sign-out", post(people::sign_out))
        .route("/settings", get(settings::show))
        .route("/settings/connection/{name}", get(settings::connection::show))
        .route("/settings/connection/{name}/test", post(settings::connection::test))
        .route("/settings/connection/{name}/renew", post(settings::connection::renew))
        .route("/settings/connect/{platform}", get(settings::connect::ask).post(settings::connect::add))
        .route("/settings/policy", get(settings::policy::show))
        .route("/settings/facts", get(settings::facts::show).post(settings::facts::say))
        .route("/settings/texts", get(settings::texts::show))
        .route("/settings/health", get(settings::health::show).post(settings::health::look))
        .route("/welcome/{token}", get(door::welcome).post(door::accept))
        .route("/sign-in", get(door::sign_in_page).post(door::sign_in))
        .route("/sign-in/passkey", post(door::sign_in_by_passkey))
        .route("/sign-in/second", post(door::sign_in_second))
        .route("/account", get(account::show))
        .route("/account/{act}", post(account::act))
        .route("/account/passkey/remove", post(account::remove))
        .route("/sign-out", post(door::sign_out))
        .route("/language/{tag}", get(language))
        .route("/live", get(live::journal))
        .route("/assets/console.css", get(frame::style))
        .route("/assets/console.js", get(frame::script))
        .route("/assets/passkey-ceremony.js", get(passkey::form::ceremony))
        .route("/assets/passkey-forms.js", get(passkey::form::forms))
}

/// Lets nothing in that another site sent, and nothing out without its guards.
pub(crate) async fn from_here(mut request: Request, next: Next) -> Response {
    if let Err(error) = guard::same_site(request.method(), request.headers()) {
        return refused(lang(request.headers()), Place::Door, None, &error);
    }
    let lang = lang(request.headers());
    let renewed = Renewed::default();
    request.extensions_mut().insert(renewed.clone());
    let trickle = Trickle::of(&request);
    let mut reply = next.run(request).await;
    if let Some(cookie) = renewed.0.get().and_then(|token| session::cookie(Some(token))) {
        reply.headers_mut().append(header::SET_COOKIE, cookie);
    }
    // What could not even be read is told as everything else is.
    match guard::unsaid(&reply, &trickle) {
        Some(code) => guard::said(&reply, refused(lang, Place::Door, None, &AppError::new(code))),
        None => guard::guarded(reply),
    }
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
    /// When they read.
    pub(crate) now: Time,
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
    pub(crate) fn time(&self, at: Time) -> String {
        local::time(self.lang, at, self.offset)
    }

    /// A time on the reader's clock, with how far away it is, for `parts::time`.
    pub(crate) fn moment(&self, at: Time) -> Moment {
        Moment::new(self.lang, at, self.now, self.offset)
    }

    /// The same as a text.
    pub(crate) fn when(&self, at: Time) -> String {
        self.moment(at).text
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
            Ok(mut session) => {
                if let Some(Renewed(renewed)) = parts.extensions.get() {
                    session.renewed = renewed.clone();
                }
                let offset = desk.app.utc_offset_minutes();
                let now = desk.app.clock.now();
                Ok(Self { say: Say::new(lang), lang, offset, session, now, path })
            }
            Err(error) if matches!(error.code(), "session.missing" | "session.over") => {
                let back = if parts.method.is_safe() { path.as_str() } else { page_of(parts.uri.path()) };
                Err(see(&kept::door_for(back)))
            }
            Err(error) => Err(refused(lang, Place::Door, None, &error)),
        }
    }
}

/// The page that a form's address lies under: `/case/c-1` for `/case/c-1/approve`.
pub(crate) fn page_of(form: &str) -> &str {
    form.rsplit_once('/').map(|(page, _)| page).filter(|page| !page.is_empty()).unwrap_or("/")
}

/// Does what takes time on a thread where nobody waits for it.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(AppError::new("internal").with("says", error)))
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

/// A page as it goes out.
pub(crate) fn html(status: StatusCode, text: String) -> Response {
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

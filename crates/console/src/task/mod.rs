//! The page behind a task link: an owner's own groups in a case, and what to do with each.
//!
//! ```text
//! GET  /task/TOKEN        the page
//! POST /task/TOKEN/done   files and the platform's second confirmation
//! POST /task/TOKEN/cant   a reason
//! ```
//!
//! The token in the path is the credential; there is no cookie, so nobody else's page can act in a reader's name. Nothing
//! changes by GET. The page has no script, loads nothing from outside, is not cached and is not named to anybody else.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_app::tasks::{Answer, MAX_FILES};
use adjourn_app::{App, AppError};
use adjourn_domain::fact::Profile;
use adjourn_domain::ids::GroupId;
use adjourn_i18n::Lang;
use adjourn_web::guard;
use adjourn_web::limits::Trickle;
use axum::Router;
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, Multipart, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::Semaphore;

pub(crate) mod page;

/// Answers that are read at the same time.
const AT_A_TIME: usize = 8;
/// Room for a form's other fields, in bytes.
const FIELDS: usize = 64 * 1024;
/// Longest text field, in bytes.
const MAX_TEXT: usize = 16 * 1024;
/// Fields of a form, at most.
const MAX_FIELDS: usize = MAX_FILES + 10;

const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Gives a platform's facts.
pub type Profiles = Arc<dyn Fn(&str) -> Option<Profile> + Send + Sync>;

/// What the pages need.
#[derive(Clone)]
struct Pages {
    app: Arc<App>,
    profiles: Profiles,
    max_file: usize,
    /// Room for answers that are read at the same time: files lie in memory until they are checked.
    room: Arc<Semaphore>,
}

/// The routes; files of more than `max_file` bytes are refused.
pub fn router(app: Arc<App>, profiles: Profiles, max_file: usize) -> Router {
    Router::new()
        .route("/task/{token}", get(show))
        .route("/task/{token}/done", post(done))
        .route("/task/{token}/cant", post(cant))
        .layer(DefaultBodyLimit::max(max_file.saturating_mul(2).saturating_add(FIELDS)))
        .route("/assets/task.css", get(style))
        .layer(from_fn(from_here))
        .with_state(Pages { app, profiles, max_file, room: Arc::new(Semaphore::new(AT_A_TIME)) })
}

/// Lets nothing in that another site made a browser send, and tells what could not be read as everything else is told.
pub(crate) async fn from_here(request: Request, next: Next) -> Response {
    let lang = lang(request.headers());
    if let Err(error) = guard::same_site(request.method(), request.headers()) {
        return refused(lang, &error, None);
    }
    let trickle = Trickle::of(&request);
    let reply = next.run(request).await;
    match guard::unsaid(&reply, &trickle) {
        Some(code) => guard::said(&reply, refused(lang, &AppError::new(code), None)),
        None => reply,
    }
}

async fn style() -> Response {
    let mut reply = page::STYLE.into_response();
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8"));
    reply
}

async fn show(State(pages): State<Pages>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let lang = lang(&headers);
    match pages.app.task_page(&token).await {
        Ok(task) => html(StatusCode::OK, page::tasks(lang, &token, &task, &pages.profiles)),
        Err(error) => refused(lang, &error, None),
    }
}

async fn done(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    answer(&pages, &token, &headers, form, Wish::Done).await
}

async fn cant(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    answer(&pages, &token, &headers, form, Wish::Cant).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Done,
    Cant,
}

async fn answer(pages: &Pages, token: &str, headers: &HeaderMap, form: Multipart, wish: Wish) -> Response {
    let lang = lang(headers);
    // Whoever has no right to answer gets nothing read.
    if let Err(error) = pages.app.task_page(token).await {
        return refused(lang, &error, None);
    }
    let _room = pages.room.acquire().await;
    match take(pages, token, form, wish).await {
        Ok(()) => {
            let mut reply = StatusCode::SEE_OTHER.into_response();
            if let Ok(to) = HeaderValue::from_str(&format!("/task/{token}")) {
                reply.headers_mut().insert(header::LOCATION, to);
            }
            guarded(reply)
        }
        Err(error) => refused(lang, &error, Some(&format!("/task/{token}"))),
    }
}

async fn take(pages: &Pages, token: &str, form: Multipart, wish: Wish) -> Result<(), AppError> {
    let mut form = Form::read(form, pages.max_file).await?;
    let (group, step) = (GroupId(form.text("group")), form.text("step"));
    let reason = form.text("reason");
    let answer = match wish {
        Wish::Cant => Answer::Cant { reason },
        Wish::Done => Answer::Done { files: form.files, factors: form.texts },
    };
    pages.app.task_answer(token, &group, &step, answer).await
}

/// A form that was sent: texts that are not empty, by name, and files.
#[derive(Default)]
pub(crate) struct Form {
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl Form {
    pub(crate) async fn read(mut multipart: Multipart, max_file: usize) -> Result<Self, AppError> {
        let mut form = Self::default();
        for _ in 0..MAX_FIELDS {
            let Some(field) = multipart.next_field().await.map_err(|error| unreadable(&error))? else {
                return Ok(form);
            };
            let name = field.name().unwrap_or_default().to_owned();
            if let Some(file) = field.file_name().map(str::to_owned) {
                let bytes = limited(field, max_file).await?;
                // A file field that was left empty is sent without a name.
                if !bytes.is_empty() {
                    form.files.push((file, bytes));
                }
            } else {
                let bytes = limited(field, MAX_TEXT).await?;
                let text = String::from_utf8_lossy(&bytes).trim().to_owned();
                if !text.is_empty() {
                    form.texts.insert(name, text);
                }
            }
        }
        Err(AppError::new("step.evidence").with("says", format!("more than {MAX_FIELDS} fields")))
    }

    pub(crate) fn text(&mut self, name: &str) -> String {
        self.texts.remove(name).unwrap_or_default()
    }
}

async fn limited(mut field: Field<'_>, limit: usize) -> Result<Vec<u8>, AppError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error))? {
        if bytes.len() + chunk.len() > limit {
            return Err(AppError::new("task.size").with("limit", limit / 1024 / 1024));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn unreadable(error: &axum::extract::multipart::MultipartError) -> AppError {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return AppError::new("task.size").with("limit", "");
    }
    AppError::new("task.form").with("says", error)
}

pub(crate) fn lang(headers: &HeaderMap) -> Lang {
    adjourn_web::language::asked(headers)
}

pub(crate) fn refused(lang: Lang, error: &AppError, back: Option<&str>) -> Response {
    let status = match error.code() {
        "request.cross_site" => StatusCode::FORBIDDEN,
        "request.slow" => StatusCode::REQUEST_TIMEOUT,
        "task.link" | "notice.link" | "page.unknown" | "step.unknown" | "case.unknown" | "group.unknown" => {
            StatusCode::NOT_FOUND
        }
        "task.expired" | "task.replaced" | "notice.expired" => StatusCode::GONE,
        "task.size" | "request.large" => StatusCode::PAYLOAD_TOO_LARGE,
        "page.form" | "upload.active" | "upload.picture" | "upload.kind" | "reaction.text"
        | "notice.name" | "task.form" | "step.evidence" | "step.confirm" | "step.reason" | "renew.until"
        | "renew.answer" => StatusCode::BAD_REQUEST,
        "io" | "internal" | "journal.corrupt" | "disk.full" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::CONFLICT,
    };
    html(status, page::refusal(lang, error, back))
}

pub(crate) fn html(status: StatusCode, page: String) -> Response {
    let mut reply = (status, page).into_response();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    reply.headers_mut().insert(header::CONTENT_TYPE, kind);
    guarded(reply)
}

pub(crate) fn guarded(mut reply: Response) -> Response {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::VARY, "accept-language"),
    ] {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let robots = header::HeaderName::from_static("x-robots-tag");
    reply.headers_mut().insert(robots, HeaderValue::from_static("noindex, nofollow"));
    reply
}

//! The page behind a renewal link: an owner's groups that expire soon, and whether each is still needed.
//!
//! ```text
//! GET  /renew/TOKEN          the page
//! POST /renew/TOKEN/answer   needed until, not needed, not mine
//! ```
//!
//! It is guarded as the page of task links is: the token is the credential, nothing changes by GET, no script, no cookie. An
//! answer ends no group.

use std::sync::Arc;

use adjourn_app::register::{Choice, Rules};
use adjourn_app::{App, AppError};
use adjourn_domain::asset::Day;
use adjourn_domain::ids::GroupId;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use crate::task::{Form, from_here, guarded, html, lang, refused};

mod page;

/// Largest form, in bytes.
const MAX_FORM: usize = 64 * 1024;

#[derive(Clone)]
struct Pages {
    app: Arc<App>,
    rules: Rules,
}

/// The routes.
pub fn router(app: Arc<App>, rules: Rules) -> Router {
    Router::new()
        .route("/renew/{token}", get(show))
        .route("/renew/{token}/answer", post(answer))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(from_fn(from_here))
        .with_state(Pages { app, rules })
}

async fn show(State(pages): State<Pages>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let lang = lang(&headers);
    match pages.app.renewal_page(&token, &pages.rules).await {
        Ok(page) => html(StatusCode::OK, page::renewals(lang, &token, &page)),
        Err(error) => refused(lang, &error, None),
    }
}

async fn answer(
    State(pages): State<Pages>,
    Path(token): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    let lang = lang(&headers);
    // Whoever has no right to answer gets nothing read.
    if let Err(error) = pages.app.renewal_page(&token, &pages.rules).await {
        return refused(lang, &error, None);
    }
    let page = format!("/renew/{token}");
    match take(&pages, &token, form).await {
        Ok(()) => {
            let mut reply = StatusCode::SEE_OTHER.into_response();
            if let Ok(to) = HeaderValue::from_str(&page) {
                reply.headers_mut().insert(header::LOCATION, to);
            }
            guarded(reply)
        }
        Err(error) => refused(lang, &error, Some(&page)),
    }
}

async fn take(pages: &Pages, token: &str, form: Multipart) -> Result<(), AppError> {
    let mut form = Form::read(form, MAX_FORM).await?;
    let group = GroupId(form.text("group"));
    let unclear = |what: &str| AppError::new("task.form").with("says", what.to_owned());
    let choice = match form.text("answer").as_str() {
        "needed" => Choice::Needed(Day::read(&form.text("until")).map_err(|_| unclear("until"))?),
        "not_needed" => Choice::NotNeeded,
        "not_mine" => Choice::NotMine,
        _ => return Err(unclear("answer")),
    };
    let text = form.texts.remove("text");
    pages.app.renewal_answer(token, &group, choice, text, &pages.rules).await
}

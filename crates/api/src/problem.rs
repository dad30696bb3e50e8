//! What a refusal looks like: RFC 9457 problem details, in the language that was asked for, with the same code as everywhere else.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_i18n::Lang;
use adjourn_web::guard;
use adjourn_web::refusal::{status, words};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type.
pub(crate) const PROBLEM: &str = "application/problem+json";

/// Why something was refused (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Address of the error's page, on this host.
    #[serde(rename = "type")]
    #[schema(example = "/api/errors/approval.self")]
    kind: String,
    /// What happened, in the language that was asked for.
    title: String,
    /// The status code.
    status: u16,
    /// A technical detail, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The error's code. It never changes its meaning; decide by it, not by the texts.
    #[schema(example = "approval.self")]
    code: String,
    /// What to do.
    hint: String,
    /// What the texts are filled with.
    args: BTreeMap<String, String>,
}

/// The reply that says why something was refused.
pub(crate) fn refused(lang: Lang, error: &AppError) -> Response {
    let (title, hint) = words(lang, error);
    let status = status(error.code());
    let args: BTreeMap<String, String> =
        error.0.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let problem = Problem {
        kind: format!("/api/errors/{}", error.code()),
        title,
        status: status.as_u16(),
        detail: args.get("says").cloned(),
        code: error.code().to_owned(),
        hint,
        args,
    };
    let mut reply = json(status, PROBLEM, serde_json::to_string(&problem).unwrap_or_default());
    let headers = reply.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    reply
}

/// A reply of JSON that nobody keeps on the way.
pub(crate) fn json(status: StatusCode, kind: &'static str, body: String) -> Response {
    guard::guarded((status, [(header::CONTENT_TYPE, kind)], Body::from(body)).into_response())
}

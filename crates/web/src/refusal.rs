//! What a refusal is over HTTP: one table of status codes for pages and API, and an error in the reader's words.

use adjourn_app::AppError;
use adjourn_i18n::{Lang, error_text};
use axum::http::StatusCode;

/// The status code of an error. What is not named was well asked and can't be done as things stand: a conflict.
pub fn status(code: &str) -> StatusCode {
    match code {
        "session.missing" | "session.over" | "sign_in.refused" | "token.refused" => StatusCode::UNAUTHORIZED,
        "sign_in.locked" | "bundle.busy" => StatusCode::TOO_MANY_REQUESTS,
        "request.cross_site" | "approval.self" | "approval.role" | "token.scope" | "token.wider" => {
            StatusCode::FORBIDDEN
        }
        "internal" | "io" | "disk.full" | "journal.corrupt" => StatusCode::INTERNAL_SERVER_ERROR,
        "connection.auth"
        | "connection.expired"
        | "connection.network"
        | "connection.permission"
        | "connection.protocol"
        | "connection.rate_limited"
        | "connection.tls"
        | "deposit.failed"
        | "timestamp.failed" => StatusCode::BAD_GATEWAY,
        "request.method" => StatusCode::METHOD_NOT_ALLOWED,
        "request.json" | "request.key" => StatusCode::BAD_REQUEST,
        "request.large" => StatusCode::PAYLOAD_TOO_LARGE,
        "request.type" => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "request.slow" => StatusCode::REQUEST_TIMEOUT,
        code if code.ends_with(".unknown") => StatusCode::NOT_FOUND,
        "account.name" | "account.password" | "usage" | "task.form" | "page.form" | "request.form"
        | "token.form" | "request.reused" | "audit.form" | "cursor.invalid" | "plan.form"
        | "question.text" | "bundle.package" | "confirm.mismatch" | "register.flag" | "connection.name" => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        _ => StatusCode::CONFLICT,
    }
}

/// An error's sentence and hint.
pub fn words(lang: Lang, error: &AppError) -> (String, String) {
    let args: Vec<(&str, &str)> = error.0.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match error_text(lang, error.code(), &args) {
        Some(text) => (text.sentence, text.hint),
        None => (error.to_string(), String::new()),
    }
}

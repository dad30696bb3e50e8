//! The JSON API: everything that console and command line do, through the same use cases, for scripts.
//!
//! One file per endpoint: its errors, its words for the document, its code. A declaration (`endpoint::Declared`) makes the route, the checks that
//! come before and the part of the OpenAPI document; an endpoint that is not in `endpoints` does not exist. What an endpoint does is a use
//! case with the signer of whoever asks: there is no second way to act.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_app::ports::Signer;
use adjourn_app::register::Rules;
use adjourn_app::{App, AppError};
use adjourn_domain::ids::CaseId;
use adjourn_i18n::Lang;
use adjourn_web::language;
use async_trait::async_trait;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, any, get, on};
use serde_json::Value;

mod audits;
mod call;
mod cases;
mod endpoint;
mod groups;
mod openapi;
mod paging;
mod people;
mod places;
mod problem;
mod records;
mod register;
mod serve;
mod steps;
mod tokens;
mod webhooks;

use call::Desk;
use endpoint::Endpoint;
use openapi::{BASE, Part};
use problem::{json, refused};

/// What only the process that serves can do: what needs its configuration or the keeping of evidence.
#[async_trait]
pub trait House: Send + Sync {
    /// Whether everything is as it has to be, as `adjourn doctor --json` says it.
    async fn doctor(&self, lang: Lang) -> Result<Value, AppError>;
    /// Audits a period and hands the report over, as `adjourn audit run --json` does.
    async fn audit(&self, period: &str, lang: Lang, signer: &dyn Signer) -> Result<Value, AppError>;
    /// The certificates of a case, out of a bundle that was verified just now.
    async fn certificates(&self, case: &CaseId) -> Result<Vec<Value>, AppError>;
    /// Platforms about which something is known.
    fn platforms(&self) -> Vec<String>;
    /// Webhooks by name, with the kinds of events that each is told.
    fn webhooks(&self) -> Vec<(String, Vec<String>)>;
    /// Days after which a fact has to be looked at again.
    fn stale_days(&self) -> u64;
}

/// An endpoint among others.
struct Mounted {
    part: fn() -> Part,
    route: fn() -> MethodRouter<Desk>,
}

fn mounted<E: Endpoint>() -> Mounted {
    Mounted { part: Part::of::<E>, route: || on(E::DECLARED.method.filter(), serve::serve::<E>) }
}

/// Every endpoint that there is.
fn endpoints() -> Vec<Mounted> {
    [
        groups::endpoints(),
        register::endpoints(),
        cases::endpoints(),
        steps::endpoints(),
        records::endpoints(),
        audits::endpoints(),
        people::endpoints(),
        tokens::endpoints(),
        places::endpoints(),
        webhooks::endpoints(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The OpenAPI document.
pub fn document() -> Value {
    openapi::document(&endpoints().iter().map(|one| (one.part)()).collect::<Vec<_>>())
}

/// The routes, all of them under `/api`.
pub fn router(app: Arc<App>, rules: Rules, house: Arc<dyn House>) -> Router {
    let mut paths: BTreeMap<&'static str, MethodRouter<Desk>> = BTreeMap::new();
    for one in endpoints() {
        let path = (one.part)().declared.path;
        let route = (one.route)();
        let route = match paths.remove(path) {
            Some(other) => other.merge(route),
            None => route,
        };
        paths.insert(path, route);
    }
    let text = document().to_string();
    let mut router = Router::new()
        .route(
            "/api/openapi.json",
            get(move || async move { json(StatusCode::OK, "application/json", text) }),
        )
        .route("/api/errors/{code}", get(error))
        .route("/api", any(nothing))
        .route("/api/{*rest}", any(nothing));
    for (path, route) in paths {
        router = router.route(&format!("{BASE}{path}"), route.fallback(no_such_method));
    }
    router.with_state(Desk {
        app,
        rules,
        house,
        refreshes: groups::refresh::Refreshes::default(),
        busy: call::Busy::default(),
    })
}

async fn nothing(headers: HeaderMap) -> Response {
    refused(language::asked(&headers), &AppError::new("endpoint.unknown"))
}

async fn no_such_method(headers: HeaderMap) -> Response {
    refused(language::asked(&headers), &AppError::new("request.method"))
}

/// An error's page: what its code means, in the language that was asked for.
async fn error(Path(code): Path<String>, headers: HeaderMap) -> Response {
    let lang = language::asked(&headers);
    match adjourn_i18n::error_text(lang, &code, &[]) {
        Some(text) => {
            let page = format!("# {code}\n\n{}\n\n{}\n", text.sentence, text.hint);
            json(StatusCode::OK, "text/markdown; charset=utf-8", page)
        }
        None => nothing(headers).await,
    }
}

#[cfg(test)]
mod tests;

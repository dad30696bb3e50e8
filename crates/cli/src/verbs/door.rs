//! What `serve` answers on its socket: whether it lives, and deliveries of platforms that tell by themselves.
//!
//! ```text
//! GET  /health                        how the journal and the streams are, and what came in so far
//! GET  /events/CONNECTION/IDENTITY    whether this is the right address, which some platforms ask first
//! POST /events/CONNECTION/IDENTITY    one delivery: 204 taken, 401 forged, 404 nobody listens there, 400 no sense
//! ```
//!
//! Whoever can reach it may send anything: a delivery is worth only its signature, which the connector checks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use adjourn_app::ports::Delivery;
use adjourn_app::{App, AppError};
use adjourn_worker::Streams;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{BoxError, Router};
use serde_json::{Value, json};

/// Largest delivery, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// Longest time that a delivery takes to come in.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the handlers share.
struct Door {
    app: App,
    streams: Arc<Streams>,
    taken: AtomicU64,
    forged: AtomicU64,
}

/// What is answered at the door.
pub(super) fn router(app: App, streams: Arc<Streams>) -> Router {
    let door = Arc::new(Door { app, streams, taken: AtomicU64::new(0), forged: AtomicU64::new(0) });
    Router::new()
        .route("/health", get(health))
        .route("/events/{connection}/{identity}", get(greeting).post(event))
        .with_state(door)
}

/// When something is due next, how many deliveries were taken and refused since the start, and how the streams are. Numbers
/// alone: whoever can reach the door can read this.
async fn health(State(door): State<Arc<Door>>) -> Response {
    let Ok(next) = door.app.journal.store.next_due().await else {
        return reply(StatusCode::SERVICE_UNAVAILABLE, &json!({ "ok": false }));
    };
    let events = json!({
        "taken": door.taken.load(Ordering::Relaxed),
        "forged": door.forged.load(Ordering::Relaxed),
    });
    let (open, away) = door.streams.counts();
    let streams = json!({ "open": open, "away": away, "heard": door.streams.heard() });
    reply(StatusCode::OK, &json!({ "ok": true, "next_due": next, "events": events, "streams": streams }))
}

async fn event(
    State(door): State<Arc<Door>>,
    Path((connection, identity)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Ok(delivery) = tokio::time::timeout(PATIENCE, delivery(request)).await else {
        return reply(StatusCode::REQUEST_TIMEOUT, &json!({ "ok": false }));
    };
    let Ok(delivery) = delivery else {
        return reply(StatusCode::PAYLOAD_TOO_LARGE, &json!({ "ok": false }));
    };
    match door.app.hear(&connection.as_str().into(), &identity.as_str().into(), &delivery).await {
        Ok(_) => {
            door.taken.fetch_add(1, Ordering::Relaxed);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => door.refuse(&error),
    }
}

async fn greeting(
    State(door): State<Arc<Door>>,
    Path((connection, identity)): Path<(String, String)>,
    request: Request,
) -> Response {
    let asked = head(&request.into_parts().0);
    match door.app.greeted(&connection.as_str().into(), &identity.as_str().into(), &asked).await {
        Ok(answer) => {
            (StatusCode::OK, [(header::CONTENT_TYPE, "text/plain")], Body::from(answer)).into_response()
        }
        Err(error) => door.refuse(&error),
    }
}

impl Door {
    fn refuse(&self, error: &AppError) -> Response {
        if error.code() == "event.forged" {
            self.forged.fetch_add(1, Ordering::Relaxed);
        }
        reply(status(error), &json!({ "ok": false, "code": error.code() }))
    }
}

async fn delivery(request: Request) -> Result<Delivery, BoxError> {
    let (parts, body) = request.into_parts();
    Ok(Delivery { body: to_bytes(body, MAX_BODY).await?.to_vec(), ..head(&parts) })
}

/// A delivery without its body.
fn head(parts: &Parts) -> Delivery {
    let header =
        |(name, value): (&HeaderName, &HeaderValue)| (name.as_str().to_owned(), value.as_bytes().to_vec());
    Delivery {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: parts.headers.iter().map(header).collect(),
        body: Vec::new(),
    }
}

/// A platform delivers again what was answered with 5xx, and gives up on 4xx.
fn status(error: &AppError) -> StatusCode {
    match error.code() {
        "event.forged" => StatusCode::UNAUTHORIZED,
        "connection.unknown" | "config.missing" | "capability.unsupported" => StatusCode::NOT_FOUND,
        "connection.protocol" => StatusCode::BAD_REQUEST,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn reply(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], Body::from(body.to_string())).into_response()
}

#[cfg(test)]
mod tests;

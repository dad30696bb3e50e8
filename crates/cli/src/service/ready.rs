//! `GET /ready`: whether this process can do its work, and why not. `GET /health` says whether it lives.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_app::App;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::json;
use tokio::sync::watch;

use super::{Held, Lease};

/// Space below which nothing new is begun, in bytes: a bundle with its archive has to fit.
const MIN_FREE: u64 = 64 * 1024 * 1024;

/// What is looked at.
pub(crate) struct Ready {
    pub(crate) app: App,
    pub(crate) lease: Arc<Lease>,
    /// Folders that are written to.
    pub(crate) folders: [PathBuf; 3],
    pub(crate) stopped: watch::Receiver<bool>,
}

/// The route.
pub(crate) fn router(ready: Ready) -> Router {
    Router::new().route("/ready", get(answer)).with_state(Arc::new(ready))
}

async fn answer(State(ready): State<Arc<Ready>>) -> Response {
    let journal = match ready.app.journal.store.next_due().await {
        Ok(_) => Ok("reachable"),
        Err(_) => Err("unreachable"),
    };
    // Where another process has it, this one takes over when that one ends.
    let lease = match ready.lease.held() {
        Held::Here => Ok("here"),
        Held::Elsewhere => Ok("elsewhere"),
        Held::Unknown => Err("unknown"),
    };
    let free = ready.folders.iter().map(|folder| free(folder)).min().flatten();
    let disk = match free {
        Some(bytes) if bytes >= MIN_FREE => Ok("enough"),
        Some(_) => Err("short"),
        None => Err("unknown"),
    };
    let process = if *ready.stopped.borrow() { Err("stopping") } else { Ok("running") };
    let checks = [("journal", journal), ("lease", lease), ("disk", disk), ("process", process)];
    let ok = checks.iter().all(|(_, check)| check.is_ok());
    let checks = checks.map(|(name, check)| json!({"check": name, "ok": check.is_ok(), "says": check.unwrap_or_else(|says| says)}));
    let body = json!({"ok": ok, "checks": checks}).to_string();
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CONTENT_TYPE, "application/json")], Body::from(body)).into_response()
}

/// Bytes that are free where a folder lies; a folder that nobody has made yet lies where its parent does.
fn free(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|one| one.exists())?;
    let space = rustix::fs::statvfs(there).ok()?;
    Some(space.f_bavail.saturating_mul(space.f_frsize))
}

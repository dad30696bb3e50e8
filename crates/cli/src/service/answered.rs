//! What was answered: each request gets an id, is counted, and is a line of the log. The line has the route and never the address: addresses name groups, cases
//! and links.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use adjourn_web::route::Route;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::meters::Meters;

/// The header with the request's id, in the answer.
const ID: HeaderName = HeaderName::from_static("x-request-id");

/// Counts and logs.
pub(crate) struct Answers {
    meters: Arc<Meters>,
    /// What the ids of this process begin with.
    process: u32,
    next: AtomicU64,
}

impl Answers {
    /// Nothing was answered yet.
    pub(crate) fn new(meters: Arc<Meters>) -> Self {
        Self { meters, process: std::process::id(), next: AtomicU64::new(1) }
    }

    /// Answers a request by what comes next.
    pub(crate) async fn answer(self: Arc<Self>, mut request: Request, next: Next) -> Response {
        let begun = Instant::now();
        let id = format!("{}-{}", self.process, self.next.fetch_add(1, Ordering::Relaxed));
        let route = Route::of(&mut request);
        let method = request.method().clone();
        let mut reply = next.run(request).await;
        let took = begun.elapsed();
        self.meters.answered(reply.status(), took);
        let route = route.template();
        let (status, ms) = (reply.status().as_u16(), took.as_secs_f64() * 1000.0);
        tracing::info!(request = id, %method, route, status, ms, "answered");
        if let Ok(value) = HeaderValue::from_str(&id) {
            reply.headers_mut().insert(ID, value);
        }
        reply
    }
}

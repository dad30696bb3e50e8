//! Metrics in the OpenMetrics text format (<https://prometheus.io/docs/specs/om/open_metrics_spec/>). Every label has few values, all of them known beforehand:
//! slugs of ours, platforms that there are connectors for, HTTP statuses. What is counted from the journal is read when somebody asks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use adjourn_app::{App, AppError};
use adjourn_domain::event::GroupEvent;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tokio::sync::{Mutex, watch};

use super::calls::Calls;
use super::{Held, Lease};

/// The type of what is answered, as the format's specification names it.
const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Rows of the journal that are read at once.
const ROWS: usize = 1000;
/// Upper ends of the latency's buckets, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// One label: a slug of ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Place {
    state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Status {
    status: u16,
}

/// The metrics of a process.
pub(crate) struct Meters {
    registry: Registry,
    events: Family<Kind, Counter>,
    groups: Family<Place, Gauge>,
    steps: Family<Outcome, Counter>,
    lag: Gauge<f64, AtomicU64>,
    lease: Gauge,
    requests: Family<Status, Counter>,
    took: Histogram,
    held: Arc<Lease>,
    /// The first row of the journal that was not read yet.
    read: Mutex<u64>,
}

impl Meters {
    /// The metrics, from the journal's end on.
    pub(crate) async fn new(app: &App, calls: &Calls, held: Arc<Lease>) -> Self {
        let mut registry = Registry::with_prefix("adjourn");
        let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", version);
        let events = Family::default();
        registry.register("journal_events", "Events appended to the journal, by kind", events.clone());
        let groups = Family::default();
        registry.register("groups", "Groups by their place on the way", groups.clone());
        let steps = Family::default();
        registry.register("steps", "Read-backs of steps, by what they found", steps.clone());
        let lag = Gauge::default();
        registry.register_with_unit("due_lag", "How late the work is", Unit::Seconds, lag.clone());
        let lease = Gauge::default();
        registry.register("lease_held", "Whether this process has the worker's lease", lease.clone());
        registry.register("platform_calls", "Calls to platforms, by how they ended", calls.clone());
        let requests = Family::default();
        registry.register("http_requests", "Requests that were answered, by status", requests.clone());
        let took = Histogram::new(BUCKETS);
        registry.register_with_unit(
            "http_request_duration",
            "Time until an answer begins",
            Unit::Seconds,
            took.clone(),
        );
        let read = Mutex::new(app.journal.end().await.unwrap_or_default());
        Self { registry, events, groups, steps, lag, lease, requests, took, held, read }
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, status: StatusCode, took: Duration) {
        self.requests.get_or_create(&Status { status: status.as_u16() }).inc();
        self.took.observe(took.as_secs_f64());
    }

    /// The text.
    ///
    /// # Errors
    /// When the journal can't be read.
    async fn text(&self, app: &App) -> Result<String, AppError> {
        let mut read = self.read.lock().await;
        self.follow(app, &mut read).await?;
        self.count(app).await?;
        let now = app.clock.now();
        let late = app.journal.store.next_due().await?.map_or(0, |due| now.secs_since(due));
        self.lag.set(Duration::from_secs(late).as_secs_f64());
        self.lease.set(i64::from(self.held.held() == Held::Here));
        let mut text = String::new();
        encode(&mut text, &self.registry).map_err(|error| AppError::new("internal").with("says", error))?;
        Ok(text)
    }

    /// Counts what was appended, by whichever process.
    async fn follow(&self, app: &App, read: &mut u64) -> Result<(), AppError> {
        loop {
            let rows = app.journal.store.rows(*read, ROWS).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            for row in &rows {
                self.events.get_or_create(&Kind { kind: row.header.kind.clone() }).inc();
                if row.header.kind != "read_back" {
                    continue;
                }
                // What can't be opened any more was destroyed.
                let Some(payload) = app.journal.open(row)?.payload else { continue };
                if let Ok(GroupEvent::ReadBack { effect, .. }) = serde_json::from_value(payload) {
                    let outcome = serde_json::to_value(effect)?;
                    let outcome = outcome.as_str().unwrap_or_default().to_owned();
                    self.steps.get_or_create(&Outcome { outcome }).inc();
                }
            }
            *read = last.header.seq + 1;
        }
    }

    async fn count(&self, app: &App) -> Result<(), AppError> {
        self.groups.clear();
        for (state, groups) in app.counted().await? {
            self.groups.get_or_create(&Place { state }).set(i64::try_from(groups).unwrap_or(i64::MAX));
        }
        Ok(())
    }
}

/// Answers `GET /metrics` on a listener of its own until the process ends. It is not for everybody who may open a page.
///
/// # Errors
/// When the address can't be listened at.
pub(crate) async fn listen(
    app: App,
    meters: Arc<Meters>,
    address: &str,
    mut closing: watch::Receiver<bool>,
) -> Result<SocketAddr, AppError> {
    let io = |error| AppError::io(&error, address);
    let listener = tokio::net::TcpListener::bind(address).await.map_err(io)?;
    let heard = listener.local_addr().map_err(io)?;
    let router = Router::new().route("/metrics", get(answer)).with_state((app, meters));
    tokio::spawn(async move {
        axum::serve(listener, router)
            .with_graceful_shutdown(async move {
                let _ = closing.wait_for(|stopped| *stopped).await;
            })
            .await
    });
    Ok(heard)
}

async fn answer(State((app, meters)): State<(App, Arc<Meters>)>) -> Response {
    match meters.text(&app).await {
        Ok(text) => ([(header::CONTENT_TYPE, KIND)], text).into_response(),
        Err(error) => {
            tracing::warn!(code = error.code(), "no metrics");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

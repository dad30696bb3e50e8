//! The one way in over HTTP: how many may be connected, how long they may take, and how much they may send. Every number is here, and in
//! `docs/operations/limits.md`.
//!
//! Whoever is slow holds up nobody but themselves: a head that does not come, a body that trickles, a connection that idles, and an answer that
//! nobody reads are closed; whoever comes when there is no room gets an answer at once.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, Version, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::{BoxError, Router};
use futures_util::stream::{StreamExt as _, unfold};
use hyper::body::Incoming;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

use crate::patient::Patient;

/// Largest form without files, in bytes.
pub const MAX_FORM: usize = 256 * 1024;
/// Largest file that a page takes, in bytes: a phone's picture has a few megabytes.
pub const MAX_FILE: usize = 20 * 1024 * 1024;
/// Largest form with files, in bytes.
pub const MAX_UPLOAD: usize = 2 * MAX_FILE;
/// Connections at a time. A browser keeps one open for the page that follows the journal; a process may usually have 1,024 files open.
pub const CONNECTIONS: usize = 512;
/// Longest time for a request's head, and longest time between two requests of a connection.
pub const HEAD: Duration = Duration::from_secs(15);
/// Largest head, in bytes, with the request's line and every header.
pub const MAX_HEAD: usize = 16 * 1024;
/// Headers of a request.
pub const MAX_HEADERS: usize = 100;
/// A body may take this long, and as much longer as [`RATE`] gives it for what has come.
pub const BODY: Duration = Duration::from_secs(20);
/// Slowest body, in bytes a second: a telephone at the edge of its network.
pub const RATE: u64 = 16 * 1024;
/// How long whoever asked may take nothing of the answer; each piece that is taken begins the wait anew.
pub const UNREAD: Duration = Duration::from_mins(1);
/// How long whoever finds no room may take to read that.
const NO_ROOM: Duration = Duration::from_secs(1);
/// How many of them are answered at a time; further ones are closed unanswered.
const TURNED_AWAY: usize = 64;
/// How long to wait when the system can't take another connection.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// The address that a request came from, without the port; that of the proxy where one stands in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Whether a request's body came in too slowly, once somebody has read it.
#[derive(Debug, Clone, Default)]
pub struct Trickle(Arc<AtomicBool>);

impl Trickle {
    /// That of a request; of one that came another way, none.
    pub fn of(request: &Request) -> Self {
        request.extensions().get().cloned().unwrap_or_default()
    }

    /// Whether it was too slow.
    pub fn was(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Serves `router` under the limits until `stopped` is over; then no connection is taken any more, and those that are being answered get their answer.
///
/// # Errors
/// None so far: what can't be taken now is taken later.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stopped: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let router = TowerToHyperService::new(router.layer(from_fn(no_trickle)));
    let (room, away) = (Arc::new(Semaphore::new(CONNECTIONS)), Arc::new(Semaphore::new(TURNED_AWAY)));
    let open = GracefulShutdown::new();
    tokio::pin!(stopped);
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = &mut stopped => break,
        };
        let Ok((stream, peer)) = taken else {
            // No more files, say: whoever comes waits in the system's own line.
            let _ = timeout(EXHAUSTED, std::future::pending::<()>()).await;
            continue;
        };
        let Ok(place) = room.clone().try_acquire_owned() else {
            if let Ok(place) = away.clone().try_acquire_owned() {
                tokio::spawn(async move {
                    let _ = timeout(NO_ROOM, turn_away(stream)).await;
                    drop(place);
                });
            }
            continue;
        };
        let router = router.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer.ip()));
            let (router, unclear) = (router.clone(), unclear(&request));
            let last = request.headers().contains_key(header::TRANSFER_ENCODING);
            async move {
                if unclear {
                    return Ok(closing(StatusCode::BAD_REQUEST.into_response()));
                }
                let reply = router.call(request).await;
                // A proxy that reads a length where we read chunks would take the rest for another request.
                if last { reply.map(closing) } else { reply }
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(MAX_HEAD)
            .max_headers(MAX_HEADERS)
            .serve_connection(TokioIo::new(Patient::new(stream, UNREAD)), service);
        let connection = open.watch(connection);
        tokio::spawn(async move {
            // Whoever goes away in the middle has nobody to be told.
            let _ = connection.await;
            drop(place);
        });
    }
    open.shutdown().await;
    Ok(())
}

/// Whether it is not clear whom a request is for: a browser names one host.
fn unclear(request: &hyper::Request<Incoming>) -> bool {
    request.version() >= Version::HTTP_11 && request.headers().get_all(header::HOST).iter().count() != 1
}

fn closing(mut reply: Response) -> Response {
    reply.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    reply
}

/// Says that there is no room.
async fn turn_away(mut stream: TcpStream) -> io::Result<()> {
    stream
        .write_all(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        .await?;
    stream.shutdown().await?;
    // What was sent is read, or the answer would be lost with it.
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

/// Ends a body that comes in more slowly than the limits have it; the answer is 408, without words where the page has none.
async fn no_trickle(mut request: Request, next: Next) -> Response {
    let trickle = Trickle::default();
    request.extensions_mut().insert(trickle.clone());
    let told = trickle.0.clone();
    let began = Instant::now();
    let request = request.map(|body| {
        let parts = unfold((body.into_data_stream(), 0_u64, told), move |(mut body, had, told)| async move {
            let until = began + BODY + Duration::from_secs(had / RATE);
            let part: Result<_, BoxError> = match timeout_at(until, body.next()).await {
                Ok(part) => part?.map_err(Into::into),
                Err(late) => {
                    told.store(true, Ordering::Relaxed);
                    Err(late.into())
                }
            };
            let had = had + part.as_ref().map_or(0, |part| part.len() as u64);
            Some((part, (body, had, told)))
        });
        Body::from_stream(parts)
    });
    let reply = next.run(request).await;
    match reply.status() {
        _ if !trickle.was() => reply,
        StatusCode::REQUEST_TIMEOUT => closing(reply),
        _ => closing(StatusCode::REQUEST_TIMEOUT.into_response()),
    }
}

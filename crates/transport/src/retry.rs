//! Repeats reads that failed on the way or met a limit. Calls that change something pass through once.
//!
//! A platform's limits are those of a credential, so each has a way of its own. When one call is told to wait, the credential's others wait as
//! well, and no other credential does.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use adjourn_connector_kit::transport::{Cause, Opening, Reply, Request, Transport, TransportError};
use async_trait::async_trait;
use http::{Method, StatusCode};

/// Attempts at a read, at most.
const ATTEMPTS: u32 = 5;
/// Longest pause that a platform's limit is waited for, in seconds; a longer one is left to the caller.
const MAX_PAUSE_S: u64 = 30;

/// Is told how long a credential pauses.
pub type PauseFn = Arc<dyn Fn(Duration) + Send + Sync>;

/// The way of one credential, that repeats reads and keeps the platform's pauses.
pub struct Retry<T> {
    inner: Arc<T>,
    until: Mutex<Option<Instant>>,
    told: PauseFn,
}

impl<T> Retry<T> {
    /// Over `inner`; `told` hears of the pauses that the platform asks for.
    pub fn new(inner: Arc<T>, told: PauseFn) -> Self {
        Self { inner, until: Mutex::new(None), told }
    }

    /// Waits until the platform wants to hear from this credential again.
    async fn turn(&self) {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let left = until.and_then(|until| until.checked_duration_since(Instant::now()));
        if let Some(left) = left.filter(|left| !left.is_zero()) {
            wait(left).await;
        }
    }

    fn pause(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut known = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(known.map_or(until, |known| known.max(until)));
        drop(known);
        (self.told)(pause);
    }
}

#[async_trait]
impl<T: Transport> Transport for Retry<T> {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        self.turn().await;
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return self.inner.call(request).await;
        }
        let mut attempt = 1;
        loop {
            let result = self.inner.call(copy(&request)).await;
            let (pause, limit) = match &result {
                Ok(reply) => (pause_after(reply, attempt), reply.status() == StatusCode::TOO_MANY_REQUESTS),
                Err(error) => {
                    let passing = matches!(error.cause, Cause::Connect | Cause::Lost);
                    (passing.then(|| backoff(attempt)), false)
                }
            };
            match pause {
                Some(pause) if attempt < ATTEMPTS => {
                    tracing::debug!(attempt, pause_ms = pause.as_millis() as u64, "a read is repeated");
                    if limit {
                        self.pause(pause);
                        self.turn().await;
                    } else {
                        wait(pause).await;
                    }
                }
                _ => return result,
            }
            attempt += 1;
        }
    }

    /// Once: whoever wants a session tries again by itself.
    async fn open(&self, request: Request) -> Result<Opening, TransportError> {
        self.turn().await;
        self.inner.open(request).await
    }
}

fn copy(request: &Request) -> Request {
    let mut copy = http::Request::new(request.body().clone());
    copy.method_mut().clone_from(request.method());
    copy.uri_mut().clone_from(request.uri());
    copy.headers_mut().clone_from(request.headers());
    copy
}

/// How long to wait before the read is repeated; `None` when the reply is to be used as it is.
fn pause_after(reply: &Reply, attempt: u32) -> Option<Duration> {
    match reply.status().as_u16() {
        429 => {
            let asked = reply
                .headers()
                .get(http::header::RETRY_AFTER)
                .and_then(|value| value.to_str().ok())
                .and_then(|value| value.parse::<u64>().ok());
            match asked {
                Some(seconds) if seconds > MAX_PAUSE_S => None,
                Some(seconds) => Some(Duration::from_secs(seconds)),
                None => Some(backoff(attempt)),
            }
        }
        502..=504 => Some(backoff(attempt)),
        _ => None,
    }
}

fn backoff(attempt: u32) -> Duration {
    Duration::from_millis(100 << attempt.min(6))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the transport is the I/O edge: a real platform's limit is waited for in real time"
)]
async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use std::sync::atomic::{AtomicU32, Ordering};

    struct Failing {
        calls: AtomicU32,
        until: u32,
        status: u16,
    }

    #[async_trait]
    impl Transport for Failing {
        async fn call(&self, _: Request) -> Result<Reply, TransportError> {
            let early = self.calls.fetch_add(1, Ordering::SeqCst) + 1 < self.until;
            let reply = http::Response::builder().status(if early { self.status } else { 200 });
            Ok(reply.header("retry-after", "1").body(Bytes::new()).unwrap())
        }
    }

    fn way(until: u32, status: u16) -> (Retry<Failing>, Arc<Mutex<Vec<Duration>>>) {
        let pauses: Arc<Mutex<Vec<Duration>>> = Arc::default();
        let heard = pauses.clone();
        let told: PauseFn = Arc::new(move |pause| heard.lock().unwrap().push(pause));
        (Retry::new(Arc::new(Failing { calls: AtomicU32::new(0), until, status }), told), pauses)
    }

    fn get() -> Request {
        http::Request::get("http://a/").body(Bytes::new()).unwrap()
    }

    #[tokio::test]
    async fn reads_are_repeated_and_changes_are_not() {
        let (read, _) = way(3, 503);
        assert_eq!(read.call(get()).await.unwrap().status(), 200);
        assert_eq!(read.inner.calls.load(Ordering::SeqCst), 3);
        let (change, _) = way(3, 503);
        let request = http::Request::delete("http://a/").body(Bytes::new()).unwrap();
        assert_eq!(change.call(request).await.unwrap().status(), 503);
        assert_eq!(change.inner.calls.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_limit_stops_all_calls_of_its_credential_and_those_of_no_other() {
        let (limited, pauses) = way(2, 429);
        let (other, none) = way(1, 429);
        let second = async {
            // The first call is at the platform by now, and was told to wait.
            tokio::task::yield_now().await;
            let before = limited.inner.calls.load(Ordering::SeqCst);
            let change = http::Request::post("http://a/").body(Bytes::new()).unwrap();
            let beside = other.call(get()).await.unwrap().status();
            let between = limited.inner.calls.load(Ordering::SeqCst);
            (before, beside, between, limited.call(change).await.unwrap().status())
        };
        let (first, (before, beside, between, change)) = tokio::join!(limited.call(get()), second);
        assert_eq!(
            (first.unwrap().status(), change, beside),
            (StatusCode::OK, StatusCode::OK, StatusCode::OK)
        );
        assert_eq!((before, between), (1, 1), "nothing was asked during the pause");
        assert_eq!(limited.inner.calls.load(Ordering::SeqCst), 3);
        assert_eq!(*pauses.lock().unwrap(), [Duration::from_secs(1)]);
        assert!(none.lock().unwrap().is_empty());
    }
}

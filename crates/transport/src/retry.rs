//! Repeats reads that failed on the way or met a limit. Calls that change something pass through once.

use std::time::Duration;

use adjourn_connector_kit::transport::{Cause, Opening, Reply, Request, Transport, TransportError};
use async_trait::async_trait;
use http::Method;

/// Attempts at a read, at most.
const ATTEMPTS: u32 = 5;
/// Longest pause that a platform's limit is waited for, in seconds; a longer one is left to the caller.
const MAX_PAUSE_S: u64 = 30;

/// A transport that repeats reads.
#[derive(Debug)]
pub struct Retry<T>(pub T);

#[async_trait]
impl<T: Transport> Transport for Retry<T> {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return self.0.call(request).await;
        }
        let mut attempt = 1;
        loop {
            let result = self.0.call(copy(&request)).await;
            let pause = match &result {
                Ok(reply) => pause_after(reply, attempt),
                Err(error) => matches!(error.cause, Cause::Connect | Cause::Lost).then(|| backoff(attempt)),
            };
            match pause {
                Some(pause) if attempt < ATTEMPTS => {
                    tracing::debug!(attempt, pause_ms = pause.as_millis() as u64, "a read is repeated");
                    wait(pause).await;
                }
                _ => return result,
            }
            attempt += 1;
        }
    }

    /// Once: whoever wants a session tries again by itself.
    async fn open(&self, request: Request) -> Result<Opening, TransportError> {
        self.0.open(request).await
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
    }

    #[async_trait]
    impl Transport for Failing {
        async fn call(&self, _: Request) -> Result<Reply, TransportError> {
            let status = if self.calls.fetch_add(1, Ordering::SeqCst) + 1 < self.until { 503 } else { 200 };
            Ok(http::Response::builder().status(status).body(Bytes::new()).unwrap())
        }
    }

    #[tokio::test]
    async fn reads_are_repeated_and_changes_are_not() {
        let read = Retry(Failing { calls: AtomicU32::new(0), until: 3 });
        let request = http::Request::get("http://a/").body(Bytes::new()).unwrap();
        assert_eq!(read.call(request).await.unwrap().status(), 200);
        assert_eq!(read.0.calls.load(Ordering::SeqCst), 3);
        let change = Retry(Failing { calls: AtomicU32::new(0), until: 3 });
        let request = http::Request::delete("http://a/").body(Bytes::new()).unwrap();
        assert_eq!(change.call(request).await.unwrap().status(), 503);
        assert_eq!(change.0.calls.load(Ordering::SeqCst), 1);
    }
}

//! What a platform tells by itself: pushed as a request, or as a frame of a stream.
//!
//! Reading is pure, as all wire code. The host receives: it owns the endpoint and the stream, has each delivery read
//! here, keeps what comes out for the identity, and gives it back with every [`Context`] as `heard`. What a frame has to
//! be answered with goes out after that, so that nothing is acknowledged that could still get lost.
//!
//! ```text
//! platform ─► endpoint or stream (host) ─► Events::pushed, Events::frame ─► Heard, kept ─► Context::heard ─► Verifier, Verb::read_back
//!          ◄───────────────────────────────────────── Frame::reply ◄─────────┘
//! ```

use adjourn_domain::call::Heard;
use adjourn_domain::capability::Op;
use async_trait::async_trait;
use http::StatusCode;

use crate::context::Context;
use crate::error::{ConnectorError, Kind, Retry};
use crate::transport::{Body, Reply, Request};

/// What a frame of a stream comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frame {
    /// What it tells. A heartbeat tells nothing about any group; that it came is enough.
    pub heard: Vec<Heard>,
    /// What the platform wants to get back as soon as what it told is kept.
    pub reply: Option<Body>,
    /// Whether the platform says that it ends this stream, and that another one is to be opened.
    pub ends: bool,
}

impl From<Vec<Heard>> for Frame {
    fn from(heard: Vec<Heard>) -> Self {
        Self { heard, ..Self::default() }
    }
}

/// Reads events.
#[async_trait]
pub trait Events: Send + Sync {
    /// The request that opens the identity's stream of events, a WebSocket; its scheme is `http` or `https`, whatever the
    /// platform calls it. Where the platform wants to be asked for the way first, it is asked here, every time anew.
    ///
    /// # Errors
    /// `Unsupported` where the platform only pushes; a setting or secret that is missing; what the platform answers.
    async fn stream(&self, cx: &Context<'_>) -> Result<Request, ConnectorError>;

    /// Reads one delivery that somebody sent to the identity's endpoint, as it came. What is not proved to come from the
    /// platform is refused before it is read.
    ///
    /// # Errors
    /// `Forged`; `Config` when the secret is missing; `Protocol` when it makes no sense.
    fn pushed(&self, cx: &Context<'_>, request: &Request) -> Result<Vec<Heard>, ConnectorError>;

    /// The answer to the question whether the identity's endpoint is who it should be, which some platforms ask before
    /// they push anything there. A question that is not proved to come from the platform gets none.
    ///
    /// # Errors
    /// `Unsupported` where the platform does not ask; `Forged`; `Config` when the secret is missing.
    fn greeted(&self, _cx: &Context<'_>, _request: &Request) -> Result<Vec<u8>, ConnectorError> {
        Err(ConnectorError::unsupported(Op::Verify))
    }

    /// Reads one frame of the identity's stream. A frame that is no event tells nothing.
    ///
    /// # Errors
    /// `Auth` when the stream was refused, `Protocol` when the frame makes no sense. Either ends the stream.
    fn frame(&self, cx: &Context<'_>, bytes: &[u8]) -> Result<Frame, ConnectorError>;
}

/// What it means that a stream's handshake was answered with an ordinary reply.
pub fn refused(reply: &Reply) -> ConnectorError {
    let status = reply.status();
    let (kind, retry, says) = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            (Kind::Auth, Retry::Never, "the stream is refused: the credentials are not accepted")
        }
        StatusCode::TOO_MANY_REQUESTS => (Kind::RateLimited, Retry::Backoff, "too many streams"),
        _ if status.is_server_error() => (Kind::Upstream, Retry::Backoff, "the platform opens no stream now"),
        _ => (Kind::Url, Retry::Never, "nothing opens a stream at this address"),
    };
    ConnectorError::new(kind, says).retry(retry).upstream(status.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_handshake_is_read_by_its_status() {
        for (status, kind) in [
            (401, Kind::Auth),
            (403, Kind::Auth),
            (429, Kind::RateLimited),
            (503, Kind::Upstream),
            (404, Kind::Url),
            (200, Kind::Url),
            (302, Kind::Url),
        ] {
            let reply = http::Response::builder().status(status).body(Body::new()).unwrap();
            assert_eq!(refused(&reply).kind, kind, "{status}");
        }
    }
}

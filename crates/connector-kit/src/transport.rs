//! The only way to a platform. Rate limit, retry of reads, timeout, redaction and the host allow-list are layers
//! around it, in the host's process; a connector contains none of them.

use async_trait::async_trait;
use bytes::Bytes;

/// A request or reply body, whole. Transports refuse bodies over their limit.
pub type Body = Bytes;
/// An HTTP request with an absolute URI.
pub type Request = http::Request<Body>;
/// An HTTP reply.
pub type Reply = http::Response<Body>;

/// Why no whole reply came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause:?}: {says}")]
pub struct TransportError {
    /// What happened.
    pub cause: Cause,
    /// In words, without secrets and bodies.
    pub says: String,
}

/// What happened to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The URL makes no sense or is not allowed. Nothing was sent.
    Url,
    /// No connection. Nothing was sent.
    Connect,
    /// The TLS handshake failed. Nothing was sent.
    Tls,
    /// No whole reply came in time, or the connection broke: the platform may have acted.
    Lost,
    /// The reply was larger than the limit: the platform has acted.
    TooLarge,
}

impl Cause {
    /// Whether the request can't have reached the platform.
    pub fn before_sending(self) -> bool {
        matches!(self, Self::Url | Self::Connect | Self::Tls)
    }
}

/// A request-and-reply transport.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends the request once and returns the whole reply, whatever its status.
    async fn call(&self, request: Request) -> Result<Reply, TransportError>;
}

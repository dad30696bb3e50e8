//! The only way to a platform. Rate limit, retry of reads, timeout, redaction and the host allow-list are layers
//! around it, in the host's process; a connector contains none of them. What stays open is a [`Session`]: the host
//! owns it, a connector only reads its frames.

use async_trait::async_trait;
use bytes::Bytes;

/// A request or reply body, whole. Transports refuse bodies over their limit.
pub type Body = Bytes;
/// An HTTP request with an absolute URI.
pub type Request = http::Request<Body>;
/// An HTTP reply.
pub type Reply = http::Response<Body>;

/// Names of a request's query parameters whose values are secrets. Put among its extensions by a connector whose
/// platform wants them there; whoever records or prints a request shows [`shown`] in place of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretQuery(pub &'static [&'static str]);

/// The address of a request as it may be recorded: the values of secret parameters are left out.
pub fn shown(request: &Request) -> String {
    let uri = request.uri().to_string();
    let Some(SecretQuery(secret)) = request.extensions().get::<SecretQuery>() else { return uri };
    let Some((path, query)) = uri.split_once('?') else { return uri };
    let parts = query.split('&').map(|part| match part.split_once('=') {
        Some((name, _)) if secret.contains(&name) => format!("{name}=***"),
        _ => part.to_owned(),
    });
    format!("{path}?{}", parts.collect::<Vec<_>>().join("&"))
}

/// The domain of a platform's own hosts, from the connector's code and never from a reply. Put among the extensions of a
/// request that opens a stream: a platform may send a client to another of its hosts for that, over TLS alone, and only a
/// client that is configured for a host of the same domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnDomain(pub &'static str);

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
    /// The reply, or a frame, was larger than the limit: the platform has acted.
    TooLarge,
    /// What came is not the protocol.
    Garbled,
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

    /// Opens a session, a WebSocket, by a request with an `http` or `https` URI.
    ///
    /// # Errors
    /// When no whole answer came; `Url` from a transport that opens none.
    async fn open(&self, _request: Request) -> Result<Opening, TransportError> {
        Err(TransportError { cause: Cause::Url, says: "no session can be opened this way".to_owned() })
    }
}

/// What became of the wish to open a session.
pub enum Opening {
    /// It is open.
    Open(Box<dyn Session>),
    /// The platform answered otherwise, and perhaps says why.
    Refused(Reply),
}

/// An open session: frames both ways, each within the transport's limit. Whoever waits for the next frame keeps it alive;
/// a wait that is given up loses no frame.
#[async_trait]
pub trait Session: Send {
    /// The next frame; `None` when the platform closed the session.
    ///
    /// # Errors
    /// `Lost`, `TooLarge`, `Garbled`: the session is over then.
    async fn next(&mut self) -> Result<Option<Body>, TransportError>;

    /// Sends a frame.
    ///
    /// # Errors
    /// `Lost` when it did not go out in time.
    async fn send(&mut self, frame: Body) -> Result<(), TransportError>;

    /// Says goodbye, as far as the other side still listens.
    async fn close(&mut self);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_parameter_is_not_shown() {
        let uri = "https://p.example/token?id=7&secret=hunter2&secretly=no";
        let mut request = http::Request::get(uri).body(Bytes::new()).unwrap();
        assert_eq!(shown(&request), uri);
        request.extensions_mut().insert(SecretQuery(&["secret"]));
        assert_eq!(shown(&request), "https://p.example/token?id=7&secret=***&secretly=no");
    }
}

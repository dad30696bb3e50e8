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

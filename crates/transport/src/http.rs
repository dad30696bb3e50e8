//! Sends a request once.
//!
//! Limits: connect, whole reply, body size. No redirects (a token would follow them), no proxies from the environment,
//! and no other hosts than the configured ones. A stream may go to another host of the platform's own domain.

use std::time::Duration;

use adjourn_connector_kit::transport::{
    Cause, Opening, OwnDomain, Reply, Request, Transport, TransportError,
};
use async_trait::async_trait;
use bytes::BytesMut;
use url::Url;

/// Limits of a transport.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Until the connection stands, in seconds.
    pub connect_s: u64,
    /// Until the whole reply is there, in seconds.
    pub reply_s: u64,
    /// Largest reply, in bytes.
    pub max_body: usize,
    /// A certificate authority to trust besides the system's, as PEM.
    pub ca_pem: Option<Vec<u8>>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self { connect_s: 10, reply_s: 60, max_body: 64 * 1024 * 1024, ca_pem: None }
    }
}

/// A transport to one host, or to the few that one platform has.
#[derive(Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    origins: Vec<Url>,
    options: HttpOptions,
}

impl HttpTransport {
    /// A transport to the host of `url`.
    ///
    /// # Errors
    /// `Url` when it is no http or https URL with a host; `Tls` when the certificate authority can't be read.
    pub fn new(url: &str, options: &HttpOptions) -> Result<Self, TransportError> {
        Self::to_all(&[url], options)
    }

    /// A transport to the hosts of these URLs.
    ///
    /// # Errors
    /// As [`HttpTransport::new`].
    pub fn to_all(urls: &[&str], options: &HttpOptions) -> Result<Self, TransportError> {
        let origins = urls.iter().map(|url| origin(url)).collect::<Result<_, _>>()?;
        let client = built(client(options)?)?;
        Ok(Self { client, origins, options: options.clone() })
    }

    fn allowed(&self, request: &Request) -> bool {
        let uri = request.uri();
        self.origins.iter().any(|origin| {
            uri.scheme_str() == Some(origin.scheme())
                && uri.host() == origin.host_str()
                && uri.port_u16().or(default_port(uri.scheme_str())) == origin.port_or_known_default()
        })
    }

    /// Whether a stream goes to another host of the domain to which a configured one belongs.
    fn of_the_platform(&self, request: &Request) -> bool {
        let Some(OwnDomain(domain)) = request.extensions().get() else { return false };
        let within = |host: Option<&str>| {
            host.and_then(|host| host.strip_suffix(domain)).is_some_and(|rest| rest.ends_with('.'))
        };
        let secure = |origin: &Url| origin.scheme() == "https" && within(origin.host_str());
        request.uri().scheme_str() == Some("https")
            && within(request.uri().host())
            && self.origins.iter().any(secure)
    }
}

/// A client within the limits.
fn client(options: &HttpOptions) -> Result<reqwest::ClientBuilder, TransportError> {
    // A process has one crypto provider; the second installation changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(options.connect_s))
        .timeout(Duration::from_secs(options.reply_s))
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("adjourn/", env!("CARGO_PKG_VERSION")));
    let Some(pem) = &options.ca_pem else { return Ok(builder) };
    let certificates = reqwest::Certificate::from_pem_bundle(pem)
        .map_err(|error| tls(format!("certificate authority: {error}")))?;
    Ok(builder.tls_certs_merge(certificates))
}

fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, TransportError> {
    builder.build().map_err(|error| tls(error.to_string()))
}

fn tls(says: String) -> TransportError {
    TransportError { cause: Cause::Tls, says }
}

fn foreign(request: &Request) -> TransportError {
    let says = format!("{} is not a configured host", request.uri().host().unwrap_or("?"));
    TransportError { cause: Cause::Url, says }
}

/// The scheme, host and port that a setting names. Whoever types the address of a WebSocket means the same host.
fn origin(url: &str) -> Result<Url, TransportError> {
    let bad = |says: String| TransportError { cause: Cause::Url, says };
    let http =
        ["ws://", "wss://"].iter().any(|ws| url.starts_with(ws)).then(|| url.replacen("ws", "http", 1));
    let origin =
        Url::parse(http.as_deref().unwrap_or(url)).map_err(|error| bad(format!("{url}: {error}")))?;
    if !matches!(origin.scheme(), "http" | "https") || origin.host_str().is_none() {
        return Err(bad(format!("{url}: not an http(s) URL")));
    }
    Ok(origin)
}

fn default_port(scheme: Option<&str>) -> Option<u16> {
    match scheme {
        Some("https") => Some(443),
        Some("http") => Some(80),
        _ => None,
    }
}

#[async_trait]
impl Transport for HttpTransport {
    async fn call(&self, request: Request) -> Result<Reply, TransportError> {
        if !self.allowed(&request) {
            return Err(foreign(&request));
        }
        let (parts, body) = request.into_parts();
        let sent = self
            .client
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers)
            .body(body)
            .send()
            .await
            .map_err(|error| classify(&error))?;
        let mut reply = http::Response::builder().status(sent.status());
        if let Some(headers) = reply.headers_mut() {
            headers.clone_from(sent.headers());
        }
        let mut sent = sent;
        let mut body = BytesMut::new();
        while let Some(chunk) = sent.chunk().await.map_err(|error| lost(&error))? {
            if body.len() + chunk.len() > self.options.max_body {
                let says = format!("reply over {} bytes", self.options.max_body);
                return Err(TransportError { cause: Cause::TooLarge, says });
            }
            body.extend_from_slice(&chunk);
        }
        reply
            .body(body.freeze())
            .map_err(|error| TransportError { cause: Cause::Lost, says: error.to_string() })
    }

    async fn open(&self, request: Request) -> Result<Opening, TransportError> {
        if !self.allowed(&request) && !self.of_the_platform(&request) {
            return Err(foreign(&request));
        }
        let client = built(client(&self.options)?.http1_only())?;
        crate::socket::open(&client, request).await
    }
}

fn lost(error: &reqwest::Error) -> TransportError {
    TransportError { cause: Cause::Lost, says: without_url(error) }
}

/// What an error of the client means for the effect. Only a failed connect is sure to have sent nothing.
pub(crate) fn classify(error: &reqwest::Error) -> TransportError {
    let says = without_url(error);
    let tls = {
        let mut source = std::error::Error::source(error);
        let mut found = false;
        while let Some(inner) = source {
            found |= inner.is::<rustls::Error>() || inner.to_string().contains("certificate");
            source = inner.source();
        }
        found
    };
    let cause = match () {
        () if error.is_builder() => Cause::Url,
        () if error.is_connect() && tls => Cause::Tls,
        () if error.is_connect() => Cause::Connect,
        () => Cause::Lost,
    };
    TransportError { cause, says }
}

/// The error in words, with its causes and without the URL, which may hold ids.
fn without_url(error: &reqwest::Error) -> String {
    let mut says = if error.is_timeout() { "timed out".to_owned() } else { "no whole reply".to_owned() };
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        says = inner.to_string();
        source = inner.source();
    }
    says
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn get(uri: &str) -> Request {
        http::Request::get(uri).body(Bytes::new()).unwrap()
    }

    #[test]
    fn only_the_configured_host_is_called() {
        let transport = HttpTransport::new("https://chat.example/base", &HttpOptions::default()).unwrap();
        assert!(transport.allowed(&get("https://chat.example/x")));
        assert!(transport.allowed(&get("https://chat.example:443/x")));
        assert!(!transport.allowed(&get("http://chat.example/x")));
        assert!(!transport.allowed(&get("https://chat.example.evil/x")));
        assert!(!transport.allowed(&get("https://chat.example:8443/x")));
        let urls = ["https://new.example", "https://old.example"];
        let both = HttpTransport::to_all(&urls, &HttpOptions::default()).unwrap();
        assert!(both.allowed(&get("https://new.example/x")) && both.allowed(&get("https://old.example/x")));
        assert!(!both.allowed(&get("https://chat.example/x")));
    }

    #[test]
    fn a_stream_goes_to_another_host_of_the_platforms_domain_and_to_no_other() {
        let transport = HttpTransport::new("https://api.chat.example", &HttpOptions::default()).unwrap();
        let stream = |uri: &str| {
            let mut request = get(uri);
            request.extensions_mut().insert(OwnDomain("chat.example"));
            transport.of_the_platform(&request)
        };
        assert!(stream("https://wss-open.chat.example:443/connect?ticket=t"));
        assert!(!stream("http://wss-open.chat.example/connect"));
        assert!(!stream("https://evilchat.example/connect"));
        assert!(!stream("https://chat.example.evil/connect"));
        assert!(!transport.of_the_platform(&get("https://wss-open.chat.example/connect")));
        // A simulator on this machine can't send a client to the platform, or anywhere else.
        let local = HttpTransport::new("http://127.0.0.1:1", &HttpOptions::default()).unwrap();
        let mut request = get("https://wss-open.chat.example/connect");
        request.extensions_mut().insert(OwnDomain("chat.example"));
        assert!(!local.of_the_platform(&request));
        let ws = HttpTransport::new("wss://chat.example:3001", &HttpOptions::default()).unwrap();
        assert!(ws.allowed(&get("https://chat.example:3001/event")));
    }

    #[test]
    fn urls_that_make_no_sense_are_refused() {
        for url in ["", "chat.example", "ftp://chat.example", "http://"] {
            let error = HttpTransport::new(url, &HttpOptions::default()).unwrap_err();
            assert_eq!(error.cause, Cause::Url, "{url}");
        }
    }

    #[tokio::test]
    async fn a_refused_connection_has_sent_nothing_and_a_broken_one_may_have() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let transport = HttpTransport::new(&url, &HttpOptions::default()).unwrap();
        let server = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            drop(stream);
        });
        let broken = transport.call(get(&format!("{url}/x"))).await.unwrap_err();
        assert_eq!(broken.cause, Cause::Lost);
        server.await.unwrap();
        let refused = transport.call(get(&format!("{url}/x"))).await.unwrap_err();
        assert_eq!(refused.cause, Cause::Connect);
    }

    #[tokio::test]
    async fn large_replies_are_cut_off_and_redirects_are_not_followed() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = axum::Router::new().route("/big", axum::routing::get(|| async { vec![b'x'; 4096] })).route(
            "/away",
            axum::routing::get(|| async { axum::response::Redirect::to("http://other.example/") }),
        );
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let options = HttpOptions { max_body: 1024, ..HttpOptions::default() };
        let transport = HttpTransport::new(&url, &options).unwrap();
        let big = transport.call(get(&format!("{url}/big"))).await.unwrap_err();
        assert_eq!(big.cause, Cause::TooLarge);
        assert_eq!(transport.call(get(&format!("{url}/away"))).await.unwrap().status(), 303);
    }
}

//! One request to a bucket: signed by rusty-s3, sent by our client, asked again where that helps, and what a refusal means.
//!
//! Every header that is sent is signed, and so is the checksum of what is sent. An address that was signed is as good as the key for a while: none is
//! ever shown.

use std::sync::Arc;
use std::time::Duration;

use adjourn_app::AppError;
use adjourn_app::ports::Clock;
use adjourn_domain::time::Time;
use bytes::Bytes;
use reqwest::header::{DATE, HeaderMap, LOCATION};
use reqwest::{Certificate, Client, Method, Url};
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};

use super::Settings;
use crate::client::{builder, retry_s};

/// Until a whole reply is there, in seconds: a part has to get through a slow line.
const REPLY_S: u64 = 300;
/// For how long a signed address is good.
const EXPIRES: Duration = Duration::from_mins(15);
/// How often something is asked.
const ATTEMPTS: u32 = 5;
/// The first pause between two attempts, in seconds; each is twice the one before.
const PAUSE_S: u64 = 1;
/// The longest pause that a server may ask for, in seconds.
const MAX_PAUSE_S: u64 = 60;
/// The distance of two clocks from which on it is the reason why a request was refused, in seconds. Servers take 15 minutes.
const SKEW_S: u64 = 600;
/// Longest reply that is no content, in bytes. A list of 1,000 parts has about 200 KiB.
pub(super) const MAX_REPLY: usize = 1024 * 1024;
/// Longest part of what a server says that is passed on.
const MAX_SAYS: usize = 200;

/// The way to a bucket.
pub(super) struct Wire {
    pub(super) bucket: Bucket,
    pub(super) clock: Arc<dyn Clock>,
    /// What signs.
    pub(super) credentials: Credentials,
    client: Client,
}

/// What goes with a request.
#[derive(Default)]
pub(super) struct Ask {
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
    /// Longest reply, in bytes, where it is content.
    pub(super) content: Option<usize>,
}

/// A whole reply.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    asked: Time,
}

impl Reply {
    /// A header, if it is there and can be read.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The text of the first element with this name. The body is only asked what it is about; nothing is believed because of it.
    pub(super) fn element(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.body);
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        let (inner, _) = rest.split_once(&format!("</{name}>"))?;
        Some(inner.chars().take(MAX_SAYS).collect())
    }

    /// The code of a refusal, `NoSuchKey`.
    pub(super) fn code(&self) -> String {
        self.element("Code").unwrap_or_default()
    }

    /// Whether it is fine. The end of an upload in parts is answered before it is known: 200, and then an error
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html>).
    pub(super) fn fine(&self) -> bool {
        (200..300).contains(&self.status) && !self.body_is_error()
    }

    fn body_is_error(&self) -> bool {
        self.element("Error").is_some() && self.header("content-type").is_none_or(|kind| kind.contains("xml"))
    }

    fn says(&self) -> String {
        let said = [self.code(), self.element("Message").unwrap_or_default()];
        let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
        format!("HTTP {} {}", self.status, said.join(": ")).trim_end().to_owned()
    }

    /// Whether the same request may do better in a while.
    fn again(&self) -> bool {
        let code = self.code();
        let passing = ["SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout"];
        matches!(self.status, 408 | 429 | 500 | 502 | 503 | 504)
            || (!self.fine() && passing.contains(&code.as_str()))
            || (self.status == 409
                && matches!(code.as_str(), "ConditionalRequestConflict" | "OperationAborted"))
    }
}

impl Wire {
    /// The way to the bucket.
    ///
    /// # Errors
    /// What is wrong with the settings, in words.
    pub(super) fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, String> {
        let (url, mut client) = builder(&settings.endpoint, Duration::from_secs(REPLY_S))?;
        if url.path() != "/" || url.query().is_some() {
            return Err("endpoint: an address without a path".to_owned());
        }
        if let Some(pem) = &settings.ca_pem {
            let certificates = Certificate::from_pem_bundle(pem).map_err(|error| error.to_string())?;
            client = client.tls_certs_merge(certificates);
        }
        let client = client.build().map_err(|error| error.to_string())?;
        let style = if settings.path_style { UrlStyle::Path } else { UrlStyle::VirtualHost };
        let bucket = Bucket::new(url, style, settings.bucket.clone(), settings.region.clone())
            .map_err(|error| format!("bucket: {error:?}"))?;
        let credentials = Credentials::new(settings.access_key.clone(), settings.secret.clone());
        Ok(Self { bucket, clock, credentials, client })
    }

    /// Asks, and again where that may help. A refusal is a reply.
    ///
    /// # Errors
    /// `storage.network`, `storage.busy`: the last of several attempts.
    pub(super) async fn ask<'a, A: S3Action<'a>>(&self, mut action: A, ask: Ask) -> Result<Reply, AppError> {
        for (name, value) in &ask.headers {
            action.headers_mut().insert(*name, value.clone());
        }
        for (name, value) in &ask.query {
            action.query_mut().insert(*name, value.clone());
        }
        let mut attempt = 0;
        loop {
            attempt += 1;
            let now = self.clock.now();
            let at = jiff::Timestamp::from_millisecond(now.as_millis())
                .map_err(|error| AppError::new("internal").with("says", error))?;
            let url = action.sign_with_time(EXPIRES, &at);
            let (asked_s, error) = match self.once(A::METHOD.to_str(), url, &ask, now).await {
                Ok(reply) if !reply.again() => return Ok(reply),
                Ok(reply) => {
                    (retry_s(&reply.headers, now), AppError::new("storage.busy").with("says", reply.says()))
                }
                Err(error) => (None, error),
            };
            if attempt == ATTEMPTS {
                return Err(error);
            }
            let pause = asked_s.unwrap_or(PAUSE_S << (attempt - 1)).min(MAX_PAUSE_S);
            tracing::warn!(code = error.code(), attempt, pause, "storage is asked again");
            self.clock.sleep_until(self.clock.now().plus_secs(pause)).await;
        }
    }

    async fn once(&self, method: &str, url: Url, ask: &Ask, now: Time) -> Result<Reply, AppError> {
        let network = |error: reqwest::Error| {
            AppError::new("storage.network").with("says", caused(&error.without_url()))
        };
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|error| AppError::new("internal").with("says", error))?;
        let mut request = self.client.request(method, url).body(ask.body.clone());
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let mut reply = request.send().await.map_err(network)?;
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        let limit = ask.content.filter(|_| reply.status().is_success()).unwrap_or(MAX_REPLY);
        let mut body = Vec::new();
        while let Some(chunk) = reply.chunk().await.map_err(network)? {
            if body.len() + chunk.len() > limit {
                return Err(AppError::new("storage.reply").with("says", "the answer is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, headers, body, asked: now })
    }

    /// What a refusal means.
    pub(super) fn refused(&self, reply: &Reply) -> AppError {
        let says = reply.says();
        let error = |code| AppError::new(code).with("bucket", self.bucket.name()).with("says", &says);
        if let (403, Some(there)) = (reply.status, skewed(reply)) {
            return error("storage.clock").with("here", reply.asked).with("there", there);
        }
        let code = reply.code();
        match (reply.status, code.as_str()) {
            (_, "NoSuchBucket") => error("storage.bucket"),
            (300..=399, _) | (_, "AuthorizationHeaderMalformed" | "PermanentRedirect") => {
                let place = reply.header("x-amz-bucket-region").map(str::to_owned).or_else(|| host(reply));
                let place = place.or_else(|| reply.element("Region")).or_else(|| reply.element("Endpoint"));
                error("storage.redirect").with("place", place.unwrap_or_else(|| "?".to_owned()))
            }
            (507, _) | (_, "QuotaExceeded" | "XMinioStorageFull" | "InsufficientStorage") => {
                error("storage.full")
            }
            (401 | 403, _) => error("storage.auth"),
            _ => error("storage.refused"),
        }
    }
}

/// The server's clock, where it is too far from ours.
fn skewed(reply: &Reply) -> Option<Time> {
    let there = date(reply.headers.get(DATE)?.to_str().ok()?)?;
    (there.secs_since(reply.asked).max(reply.asked.secs_since(there)) > SKEW_S).then_some(there)
}

/// A date as HTTP has it (RFC 9110, 5.6.7).
pub(super) fn date(text: &str) -> Option<Time> {
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(Time::from_millis(date.timestamp().as_millisecond()))
}

/// The host of a redirect; its path and query are nobody's business.
fn host(reply: &Reply) -> Option<String> {
    let url = Url::parse(reply.headers.get(LOCATION)?.to_str().ok()?).ok()?;
    url.host_str().map(str::to_owned)
}

/// An error with what is behind it: reqwest says only that sending failed.
fn caused(error: &dyn std::error::Error) -> String {
    let mut says = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        says = format!("{says}: {error}");
        cause = error.source();
    }
    says
}

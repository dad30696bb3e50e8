//! A time stamp authority over HTTP (RFC 3161 section 3.4). Every reply is checked before it counts.

mod sim;

use std::sync::Arc;
use std::time::Duration;

use adjourn_app::AppError;
use adjourn_app::ports::{Rng, Stamps};
use adjourn_domain::canonical::Hash;
use adjourn_evidence::timestamp;
use async_trait::async_trait;

pub use sim::SimStamps;

/// Largest reply, in bytes.
const MAX_REPLY: usize = 256 * 1024;

/// An authority, or none.
pub struct HttpStamps {
    url: Option<String>,
    ca: Option<Vec<u8>>,
    rng: Arc<dyn Rng>,
}

impl HttpStamps {
    /// The authority at `url`; its certificates must lead to `ca` (PEM) where that is given.
    pub fn new(url: Option<String>, ca: Option<Vec<u8>>, rng: Arc<dyn Rng>) -> Self {
        Self { url, ca, rng }
    }
}

#[async_trait]
impl Stamps for HttpStamps {
    fn configured(&self) -> bool {
        self.url.is_some()
    }

    async fn stamp(&self, bytes: &[u8]) -> Result<Vec<u8>, AppError> {
        let failed = |says: String| AppError::new("timestamp.failed").with("says", says);
        let url = self.url.as_deref().ok_or_else(|| AppError::new("timestamp.unconfigured"))?;
        let mut nonce = [0; 8];
        self.rng.fill(&mut nonce);
        let digest = Hash::of(bytes);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| failed(error.to_string()))?;
        let mut reply = client
            .post(url)
            .header("content-type", "application/timestamp-query")
            .body(timestamp::request(&digest, &nonce))
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| failed(error.without_url().to_string()))?;
        let mut body = Vec::new();
        while let Some(chunk) =
            reply.chunk().await.map_err(|error| failed(error.without_url().to_string()))?
        {
            if body.len() + chunk.len() > MAX_REPLY {
                return Err(failed("reply too large".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        timestamp::verify(&body, &digest, Some(&nonce), self.ca.as_deref())
            .map_err(|error| failed(error.to_string()))?;
        Ok(body)
    }
}

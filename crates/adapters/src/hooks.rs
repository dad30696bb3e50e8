//! Webhooks as the Standard Webhooks specification has them (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>): the
//! headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, the latter `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; while a secret
//! is changed, one by each, with a space between.

use std::time::Duration;

use adjourn_app::ports::{Hook, NotTold, Told};
use adjourn_domain::time::Time;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac as _;
use reqwest::{Client, StatusCode, Url};

use crate::client::client;
use crate::mac::mac;

/// Until a whole reply is there, in seconds; the specification suggests 15 to 30.
const REPLY_S: u64 = 20;
/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Length of a secret, in bytes, as the specification demands.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that signs. It can't be printed.
struct Secret(Vec<u8>);

/// An address that is called over HTTP.
pub struct HttpHook {
    url: Url,
    client: Client,
    secrets: Vec<Secret>,
}

impl HttpHook {
    /// An address, and the secrets that sign for it, each `whsec_` and base64.
    ///
    /// # Errors
    /// When the address is none, or would be called in clear over a network; when a text is no secret.
    pub fn new(url: &str, secrets: &[String]) -> Result<Self, String> {
        let (url, client) = client(url, Duration::from_secs(REPLY_S))?;
        let secrets = secrets.iter().map(|text| secret(text)).collect::<Result<_, _>>()?;
        Ok(Self { url, client, secrets })
    }

    fn signature(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let parts = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body];
        let signed = self.secrets.iter().filter_map(|secret| mac(&secret.0, &parts));
        let signatures = signed.map(|mac| format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
        signatures.collect::<Vec<_>>().join(" ")
    }
}

fn secret(text: &str) -> Result<Secret, String> {
    let bytes = text.trim().strip_prefix(PREFIX).and_then(|text| STANDARD.decode(text).ok());
    let bytes = bytes.filter(|bytes| LENGTH.contains(&bytes.len()));
    bytes.map(Secret).ok_or_else(|| "a secret is whsec_ and base64 of 24 to 64 bytes".to_owned())
}

#[async_trait]
impl Hook for HttpHook {
    async fn tell(&self, told: &Told, at: Time) -> Result<(), NotTold> {
        let timestamp = at.as_millis().div_euclid(1000).to_string();
        let reply = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", &told.id)
            .header("webhook-timestamp", &timestamp)
            .header("webhook-signature", self.signature(&told.id, &timestamp, &told.body))
            .body(told.body.clone())
            .send()
            .await
            .map_err(|error| NotTold { gone: false, says: error.without_url().to_string() })?;
        let status = reply.status();
        if status.is_success() {
            return Ok(());
        }
        Err(NotTold { gone: status == StatusCode::GONE, says: format!("HTTP {}", status.as_u16()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_specifications_and_two_secrets_sign_both() {
        // The example of the specification's own libraries.
        let known = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let other = format!("whsec_{}", STANDARD.encode([7; 24]));
        let hook = |secrets: &[String]| HttpHook::new("https://h.example.org/x", secrets);
        let sign = |secrets: &[String]| {
            hook(secrets).unwrap().signature(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                br#"{"test": 2432232314}"#,
            )
        };
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(std::slice::from_ref(&known)), expected);
        let both = sign(&[other.clone(), known.clone()]);
        assert!(both.starts_with("v1,") && both.ends_with(&format!(" {expected}")), "{both}");
        for bad in ["whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%"] {
            assert!(hook(&[bad.to_owned()]).is_err(), "{bad}");
        }
        assert!(HttpHook::new("http://h.example.org/x", &[known]).is_err(), "in clear over a network");
    }
}

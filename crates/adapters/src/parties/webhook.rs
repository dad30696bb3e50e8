//! A webhook: messages are posted with an idempotency key and a signature; the answer is asked for with GET, or lies in a
//! folder.
//!
//! The signature is HMAC-SHA256 over `key LF body`, in hex, as `Adjourn-Signature: sha256=…`; an answer carries the same
//! header over its own body, so that nobody else can answer. A GET says 200 with the answer, 202 or 204 while there is none, 404
//! when the message is not known.

use std::path::PathBuf;
use std::time::Duration;

use adjourn_app::ports::{PartyError, PartyLook};
use adjourn_domain::canonical::{Hash, hex, unhex};
use adjourn_domain::capability::Effect;
use hmac::{Hmac, Mac as _};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::Sha256;

use super::file::FileChannel;
use super::{MAX_ANSWER, name_of, read_answer};
use crate::client::client;
use crate::mac::mac;

/// The header that carries signatures.
const SIGNATURE: &str = "adjourn-signature";
/// Until a whole reply is there, in seconds.
const REPLY_S: u64 = 30;

/// The address of one party.
#[derive(Clone)]
pub struct WebhookChannel {
    url: reqwest::Url,
    secret: Vec<u8>,
    inbox: Option<PathBuf>,
    client: reqwest::Client,
}

impl std::fmt::Debug for WebhookChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookChannel").field("inbox", &self.inbox).finish_non_exhaustive()
    }
}

impl WebhookChannel {
    /// A webhook at `url`. Answers are asked for at `url/KEY`, or read from `inbox` where that is given.
    ///
    /// # Errors
    /// When the address is none, or would carry messages in clear over a network; when the secret is short.
    pub fn new(url: &str, secret: &[u8], inbox: Option<PathBuf>) -> Result<Self, String> {
        let (url, client) = client(url, Duration::from_secs(REPLY_S))?;
        if secret.len() < 16 {
            return Err("the secret has fewer than 16 bytes".to_owned());
        }
        Ok(Self { url, secret: secret.to_vec(), inbox, client })
    }

    fn mac(&self, key: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
        mac(&self.secret, &[key.as_bytes(), b"\n", body])
    }

    fn signature(&self, key: &str, body: &[u8]) -> String {
        let mac = self.mac(key, body).map(|mac| hex(&mac.finalize().into_bytes()));
        format!("sha256={}", mac.unwrap_or_default())
    }

    fn genuine(&self, key: &str, body: &[u8], header: &str) -> bool {
        let Some(told) = header.strip_prefix("sha256=").and_then(unhex) else { return false };
        self.mac(key, body).is_some_and(|mac| mac.verify_slice(&told).is_ok())
    }

    /// Posts the message.
    pub(super) async fn send(&self, key: &str, message: &[u8]) -> Result<Value, PartyError> {
        let reply = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .header(SIGNATURE, self.signature(key, message))
            .body(message.to_vec())
            .send()
            .await
            .map_err(|error| {
                let effect = if error.is_connect() { Effect::NotApplied } else { Effect::Unknown };
                failed(effect, &error.without_url().to_string())
            })?;
        let status = reply.status();
        if status.is_success() {
            return Ok(json!({"status": status.as_u16(), "sha256": Hash::of(message)}));
        }
        // The same key with the same body was taken before.
        if status == StatusCode::CONFLICT {
            return Ok(json!({"status": 409, "sha256": Hash::of(message)}));
        }
        let effect = if status.is_server_error() { Effect::Unknown } else { Effect::NotApplied };
        let retry_s = reply
            .headers()
            .get("retry-after")
            .and_then(|value| value.to_str().ok())
            .and_then(|seconds| seconds.parse().ok());
        Err(PartyError { retry_s, ..failed(effect, &format!("HTTP {}", status.as_u16())) })
    }

    /// Asks for the answer.
    pub(super) async fn look(&self, key: &str, message: &[u8]) -> Result<PartyLook, PartyError> {
        if let Some(inbox) = &self.inbox {
            let folder = FileChannel { outbox: inbox.clone(), inbox: inbox.clone() };
            return match folder.answer(&name_of(key))? {
                Some(bytes) => read_answer(bytes, key, message),
                None => Ok(PartyLook::Silent),
            };
        }
        let unknown = |error: reqwest::Error| failed(Effect::Unknown, &error.without_url().to_string());
        let mut url = self.url.clone();
        url.path_segments_mut()
            .map_err(|()| failed(Effect::Unknown, "the address can't be extended"))?
            .pop_if_empty()
            .push(key);
        let mut reply = self
            .client
            .get(url)
            .header("idempotency-key", key)
            .header(SIGNATURE, self.signature(key, b""))
            .send()
            .await
            .map_err(unknown)?;
        match reply.status() {
            StatusCode::OK => {}
            StatusCode::ACCEPTED | StatusCode::NO_CONTENT => return Ok(PartyLook::Silent),
            StatusCode::NOT_FOUND => return Ok(PartyLook::Lost),
            other => return Err(failed(Effect::Unknown, &format!("HTTP {}", other.as_u16()))),
        }
        let told = reply.headers().get(SIGNATURE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        while let Some(chunk) = reply.chunk().await.map_err(unknown)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(failed(Effect::Unknown, "the answer is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        if !told.is_some_and(|told| self.genuine(key, &body, &told)) {
            return Err(PartyError {
                code: "party.answer",
                ..failed(Effect::Unknown, "its signature does not hold")
            });
        }
        read_answer(body, key, message)
    }
}

fn failed(effect: Effect, says: &str) -> PartyError {
    PartyError { code: "party.channel", effect, retry_s: None, says: says.to_owned() }
}

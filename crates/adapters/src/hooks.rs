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

use crate::client::{builder, retry_s};
use crate::mac::mac;
use crate::private::{Private, kept_out};

/// Until a whole reply is there, in seconds; the specification suggests 15 to 30.
const REPLY_S: u64 = 20;
/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Length of a secret, in bytes, as the specification demands.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret that signs. It can't be printed.
struct Secret(Vec<u8>);

/// Why an address can't be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It has not the form of one, or a secret has not; in words.
    Form(String),
    /// It is a number on a private network.
    Private(String),
}

/// An address that is called over HTTP.
pub struct HttpHook {
    url: Url,
    client: Client,
    secrets: Vec<Secret>,
}

impl HttpHook {
    /// An address, and the secrets that sign for it, each `whsec_` and base64. `private` are hosts that may be on a private network; with any other
    /// host nothing there is ever connected to.
    ///
    /// # Errors
    /// When the address is none, would be called in clear over a network, or is on a private one; when a text is no secret.
    pub fn new(url: &str, secrets: &[String], private: &[String]) -> Result<Self, Refused> {
        let (url, client) = builder(url, Duration::from_secs(REPLY_S)).map_err(Refused::Form)?;
        let client = kept_out(client, &url, private).map_err(|private| Refused::Private(private.0))?;
        let client = client.build().map_err(|error| Refused::Form(error.to_string()))?;
        let secrets = secrets.iter().map(|text| secret(text)).collect::<Result<_, _>>();
        Ok(Self { url, client, secrets: secrets.map_err(Refused::Form)? })
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
            .map_err(not_sent)?;
        let status = reply.status();
        if status.is_success() {
            return Ok(());
        }
        Err(NotTold {
            code: "webhook.failed",
            gone: status == StatusCode::GONE,
            retry_s: retry_s(reply.headers(), at),
            says: format!("HTTP {}", status.as_u16()),
        })
    }
}

fn not_sent(error: reqwest::Error) -> NotTold {
    let private = Private::behind(&error).map(ToString::to_string);
    let code = if private.is_some() { "webhook.private" } else { "webhook.failed" };
    let says = private.unwrap_or_else(|| error.without_url().to_string());
    NotTold { code, gone: false, retry_s: None, says }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// A secret of the specification's own libraries.
    const KNOWN: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[tokio::test]
    async fn a_private_network_is_reached_by_a_host_that_was_named_and_by_no_other() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let hook = |host: &str, named: &[&str]| {
            let named: Vec<String> = named.iter().map(|&name| name.to_owned()).collect();
            HttpHook::new(&format!("http://{host}:{port}/x"), &[KNOWN.to_owned()], &named)
        };
        let refused = |host: &str, named: &[&str]| hook(host, named).err().map(|why| matches!(why, Refused::Private(_)));
        assert_eq!(refused("127.0.0.1", &[]), Some(true));
        assert_eq!(refused("[::1]", &["127.0.0.1"]), Some(true));
        assert_eq!(refused("[::1]", &["::1"]), None);
        let told = Told { id: "1".to_owned(), body: Vec::new() };
        // A name leads somewhere only when it is called.
        let why = hook("localhost", &["127.0.0.1"]).unwrap().tell(&told, Time::from_millis(0)).await.unwrap_err();
        assert_eq!((why.code, why.says.as_str()), ("webhook.private", "localhost"));
        listener.set_nonblocking(true).unwrap();
        assert!(listener.accept().is_err(), "nobody knocked");
        listener.set_nonblocking(false).unwrap();
        let taker = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(b"HTTP/1.1 503 Later\r\nretry-after: 70\r\nconnection: close\r\n\r\n").unwrap();
        });
        let why = hook("localhost", &["LOCALHOST"]).unwrap().tell(&told, Time::from_millis(0)).await.unwrap_err();
        assert_eq!((why.code, why.retry_s, why.says.as_str()), ("webhook.failed", Some(70), "HTTP 503"));
        taker.join().unwrap();
    }

    #[test]
    fn the_signature_is_the_specifications_and_two_secrets_sign_both() {
        let known = KNOWN.to_owned();
        let other = format!("whsec_{}", STANDARD.encode([7; 24]));
        let hook = |secrets: &[String]| HttpHook::new("https://h.example.org/x", secrets, &[]);
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
        assert!(HttpHook::new("http://h.example.org/x", &[known], &[]).is_err(), "in clear over a network");
    }
}

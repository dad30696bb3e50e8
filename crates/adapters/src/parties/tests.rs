//! The channels: sent once, read back, answers only for the message that they name.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use adjourn_app::ports::Clock;
use adjourn_domain::canonical::{canonical_json, hex};
use adjourn_domain::time::Time;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;

const KEY: &str = "c-1:g-1:03-party";
const MESSAGE: &[u8] = br#"{"adjourn":"party-message/v1"}"#;
const SECRET: &[u8] = b"an invented secret of 32 bytes..";

fn answer(accepted: bool) -> Vec<u8> {
    answer_to(KEY, MESSAGE, accepted)
}

fn answer_to(key: &str, message: &[u8], accepted: bool) -> Vec<u8> {
    let answer = json!({
        "adjourn": "party-answer/v1", "key": key, "message_sha256": Hash::of(message),
        "accepted": accepted, "reference": "no. 7",
    });
    canonical_json(&answer).unwrap()
}

fn folders(dir: &std::path::Path) -> FileChannel {
    FileChannel { outbox: dir.join("out"), inbox: dir.join("in") }
}

#[test]
fn req_l2_a_message_lies_in_the_outbox_once_and_its_answer_is_read_from_the_inbox() {
    let dir = tempfile::tempdir().unwrap();
    let channel = folders(dir.path());
    assert_eq!(channel.look(KEY, MESSAGE).unwrap(), PartyLook::Lost);
    let first = channel.send(KEY, MESSAGE).unwrap();
    assert_eq!(channel.send(KEY, MESSAGE).unwrap(), first, "the same message is there once");
    assert_eq!(std::fs::read_dir(dir.path().join("out")).unwrap().count(), 1);
    assert_eq!(std::fs::read(dir.path().join("out").join(name_of(KEY))).unwrap(), MESSAGE);
    assert!(channel.send(KEY, b"{}").is_err(), "another message never takes its place");
    assert_eq!(channel.look(KEY, MESSAGE).unwrap(), PartyLook::Silent);
    std::fs::create_dir_all(dir.path().join("in")).unwrap();
    std::fs::write(dir.path().join("in").join(name_of(KEY)), answer(true)).unwrap();
    let PartyLook::Answered { answer, bytes } = channel.look(KEY, MESSAGE).unwrap() else { unreachable!() };
    assert!(answer.accepted);
    assert_eq!(answer.reference, "no. 7");
    assert_eq!(bytes, self::answer(true));
}

#[test]
fn answers_that_are_none_are_refused_with_a_code() {
    let dir = tempfile::tempdir().unwrap();
    let channel = folders(dir.path());
    channel.send(KEY, MESSAGE).unwrap();
    std::fs::create_dir_all(dir.path().join("in")).unwrap();
    let path = dir.path().join("in").join(name_of(KEY));
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let long = json!({
        "adjourn": "party-answer/v1", "key": KEY, "message_sha256": Hash::of(MESSAGE), "accepted": true,
        "says": "x".repeat(MAX_SAYS + 1),
    });
    for bad in [
        Vec::new(),
        b"yes".to_vec(),
        deep,
        vec![b' '; MAX_ANSWER + 1],
        answer_to("c-2:g-1:03-party", MESSAGE, true),
        answer_to(KEY, b"another message", true),
        answer(true).iter().map(u8::to_ascii_uppercase).collect(),
        serde_json::to_vec(&long).unwrap(),
    ] {
        std::fs::write(&path, &bad).unwrap();
        assert_eq!(channel.look(KEY, MESSAGE).unwrap_err().code, "party.answer", "{}", bad.len());
    }
    std::fs::write(&path, [b"\xef\xbb\xbf".as_slice(), &answer(false)].concat()).unwrap();
    assert!(
        matches!(channel.look(KEY, MESSAGE).unwrap(), PartyLook::Answered { answer, .. } if !answer.accepted)
    );
}

#[test]
fn names_follow_from_keys_alone_and_lead_nowhere_else() {
    assert_eq!(name_of(KEY), name_of(KEY));
    assert_ne!(name_of("a:b"), name_of("a_b"));
    assert!(!name_of("../../etc/passwd").contains('/'));
    assert!(name_of(&"x".repeat(5000)).len() < 200);
}

/// A party on a socket, simulated: answers each request with the next of these replies, and keeps what came.
async fn party(replies: Vec<Vec<u8>>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let came: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = came.clone();
    tokio::spawn(async move {
        for reply in replies {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let read = socket.read(&mut buffer).await.unwrap();
                request.extend_from_slice(&buffer[..read]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let length = text
                    .to_lowercase()
                    .split("content-length: ")
                    .nth(1)
                    .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok())
                    .unwrap_or(0);
                if text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.len() >= length) {
                    kept.lock().unwrap().push(text);
                    break;
                }
            }
            socket.write_all(&reply).await.unwrap();
        }
    });
    (url, came)
}

fn http(status: &str, body: &[u8], signature: Option<String>) -> Vec<u8> {
    let signature = signature.map(|value| format!("{SIGNATURE_NAME}: {value}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status}\r\n{signature}content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

const SIGNATURE_NAME: &str = "Adjourn-Signature";

fn sign(key: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
    mac.update(&[key.as_bytes(), b"\n", body].concat());
    format!("sha256={}", hex(&mac.finalize().into_bytes()))
}

#[tokio::test]
async fn req_l2_a_webhook_carries_key_and_signature_and_takes_only_signed_answers() {
    let body = answer(true);
    let (url, came) = party(vec![
        http("202 Accepted", b"", None),
        http("404 Not Found", b"", None),
        http("204 No Content", b"", None),
        http("200 OK", &body, None),
        http("200 OK", &body, Some(sign("another key", &body))),
        http("200 OK", &body, Some(sign(KEY, &body))),
    ])
    .await;
    let channel = WebhookChannel::new(&url, SECRET, None).unwrap();
    channel.send(KEY, MESSAGE).await.unwrap();
    assert_eq!(channel.look(KEY, MESSAGE).await.unwrap(), PartyLook::Lost);
    assert_eq!(channel.look(KEY, MESSAGE).await.unwrap(), PartyLook::Silent);
    assert_eq!(channel.look(KEY, MESSAGE).await.unwrap_err().code, "party.answer", "unsigned");
    assert_eq!(channel.look(KEY, MESSAGE).await.unwrap_err().code, "party.answer", "signed for another");
    assert!(matches!(channel.look(KEY, MESSAGE).await.unwrap(), PartyLook::Answered { .. }));
    let came = came.lock().unwrap();
    let posted = came[0].to_lowercase();
    assert!(posted.starts_with("post /hook http/1.1"));
    assert!(posted.contains(&format!("idempotency-key: {KEY}")));
    assert!(posted.contains(&format!("adjourn-signature: {}", sign(KEY, MESSAGE))));
    assert!(came[1].starts_with("GET /hook/c-1:g-1:03-party"), "{}", came[1]);
}

#[tokio::test]
async fn what_became_of_a_message_is_told_from_the_reply() {
    let (url, _) = party(vec![
        http("503 Busy", b"", None),
        http("429 Slow", b"", None),
        http("409 Conflict", b"", None),
    ])
    .await;
    let channel = WebhookChannel::new(&url, SECRET, None).unwrap();
    assert_eq!(channel.send(KEY, MESSAGE).await.unwrap_err().effect, Effect::Unknown);
    assert_eq!(channel.send(KEY, MESSAGE).await.unwrap_err().effect, Effect::NotApplied);
    assert_eq!(channel.send(KEY, MESSAGE).await.unwrap()["status"], 409, "it was taken before");
    let nobody = WebhookChannel::new("http://127.0.0.1:9/", SECRET, None).unwrap();
    assert_eq!(nobody.send(KEY, MESSAGE).await.unwrap_err().effect, Effect::NotApplied);
}

#[test]
fn addresses_in_clear_and_short_secrets_are_refused() {
    assert!(WebhookChannel::new("http://finance.example.org/hook", SECRET, None).is_err());
    assert!(WebhookChannel::new("ftp://127.0.0.1/hook", SECRET, None).is_err());
    assert!(WebhookChannel::new("https://finance.example.org/hook", b"short", None).is_err());
    assert!(WebhookChannel::new("https://finance.example.org/hook", SECRET, None).is_ok());
}

struct Hands(AtomicI64);

#[async_trait]
impl Clock for Hands {
    fn now(&self) -> Time {
        Time::from_millis(self.0.load(Ordering::SeqCst))
    }

    async fn sleep_until(&self, until: Time) {
        self.0.store(until.as_millis(), Ordering::SeqCst);
    }
}

#[tokio::test]
async fn simulated_parties_behave_as_told_and_say_that_they_are_simulated() {
    let clock = Arc::new(Hands(AtomicI64::new(0)));
    let behaviour = BTreeMap::from([
        (Party::Notary, Behaviour::LosesReply(60)),
        (Party::Finance, Behaviour::Refuses(10)),
        (Party::Audit, Behaviour::Silent),
    ]);
    let parties = SimParties::new(clock.clone(), behaviour);
    assert_eq!(parties.look(Party::Notary, KEY, MESSAGE).await.unwrap(), PartyLook::Lost);
    assert_eq!(parties.send(Party::Notary, KEY, MESSAGE).await.unwrap_err().effect, Effect::Unknown);
    assert_eq!(parties.look(Party::Notary, KEY, MESSAGE).await.unwrap(), PartyLook::Silent);
    parties.send(Party::Finance, "k2", MESSAGE).await.unwrap();
    parties.send(Party::Audit, "k3", MESSAGE).await.unwrap();
    clock.sleep_until(Time::from_millis(61_000)).await;
    let PartyLook::Answered { answer, .. } = parties.look(Party::Notary, KEY, MESSAGE).await.unwrap() else {
        unreachable!()
    };
    assert!(answer.accepted && answer.simulated && answer.reference.starts_with("SIMULATED-notary"));
    let refused = parties.look(Party::Finance, "k2", MESSAGE).await.unwrap();
    assert!(matches!(refused, PartyLook::Answered { answer, .. } if !answer.accepted));
    assert_eq!(parties.look(Party::Audit, "k3", MESSAGE).await.unwrap(), PartyLook::Silent);
    assert!(parties.send(Party::Legal, "k4", MESSAGE).await.is_err());
}

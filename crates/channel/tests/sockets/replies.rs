//! Replies in a live session: an outpost that is none, with the right certificate, answers unsigned, altered, forged and foreign.

use std::path::Path;
use std::sync::Arc;

use adjourn_adapters::clock::SystemClock;
use adjourn_app::ports::{Clock as _, Platforms as _};
use adjourn_channel::InstructionKey;
use adjourn_domain::canonical::{Hash, unhex};
use adjourn_domain::capability::Effect;
use adjourn_domain::event::GroupEvent;
use adjourn_domain::reply::{self, Awaited, Said};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::client::TlsStream;

use crate::scene::{Scene, call, connection, outpost, until};

type Stream = TlsStream<tokio::net::TcpStream>;

async fn send(stream: &mut Stream, frame: &Value) {
    let bytes = serde_json::to_vec(frame).unwrap();
    stream.write_u32(u32::try_from(bytes.len()).unwrap()).await.unwrap();
    stream.write_all(&bytes).await.unwrap();
    stream.flush().await.unwrap();
}

async fn receive(stream: &mut Stream) -> Option<Value> {
    let length = stream.read_u32().await.ok()?;
    let mut bytes = vec![0; usize::try_from(length).unwrap()];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(serde_json::from_slice(&bytes).unwrap())
}

/// Dials the centre with an identity, by the book.
async fn dial(address: &str, dir: &Path) -> Stream {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(dir.join("ca.pem")).unwrap()).unwrap();
    let own = CertificateDer::from_pem_file(dir.join("outpost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(dir.join("outpost.key.pem")).unwrap();
    let config =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![own], key)
            .unwrap();
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let mut stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let name = std::fs::read_to_string(dir.join("name")).unwrap();
    send(&mut stream, &json!({"adjourn": "channel/v2", "name": name, "now": SystemClock.now()})).await;
    assert_eq!(receive(&mut stream).await.unwrap().get("refused"), None);
    stream
}

fn reply_key(dir: &Path) -> InstructionKey {
    let seed = unhex(&std::fs::read_to_string(dir.join("reply.key")).unwrap()).unwrap();
    InstructionKey::from_seed(&seed.try_into().unwrap())
}

/// What an honest outpost says to a request: that it is done.
fn honest(request: &Value) -> (Said, String) {
    let envelope = STANDARD.decode(request["envelope"].as_str().unwrap()).unwrap();
    let outer: Value = serde_json::from_slice(&envelope).unwrap();
    let payload = STANDARD.decode(outer["payload"].as_str().unwrap()).unwrap();
    let inner: Value = serde_json::from_slice(&payload).unwrap();
    let body = "null".to_owned();
    let said = Said {
        adjourn: reply::VERSION.to_owned(),
        by: "north".to_owned(),
        envelope_sha256: Hash::of(&envelope),
        nonce: inner["nonce"].as_str().unwrap().to_owned(),
        code: None,
        answer_sha256: Hash::of(body.as_bytes()),
        at: SystemClock.now(),
    };
    (said, body)
}

fn frame(request: &Value, said: &Said, body: &str, key: &InstructionKey) -> Value {
    let sealed = said.seal(&key.public().id(), |bytes| key.sign(bytes)).unwrap();
    json!({"frame": "answer", "id": request["id"], "envelope": STANDARD.encode(sealed), "body": body})
}

#[tokio::test]
async fn req_g6_an_unsigned_altered_forged_or_foreign_reply_is_refused_reported_and_in_the_journal() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let now = SystemClock.now();
    let north = scene.identity("north", now).await;
    let south = scene.identity("south", now).await;
    let (ours, theirs) = (reply_key(&north), reply_key(&south));
    let mut stream = dial(&scene.address, &north).await;
    until("it is there", || scene.centre.there() == ["north"]).await;
    let asked = scene.platforms();
    let mut first: Option<Value> = None;
    let cases = ["done", "unsigned", "altered", "altered", "forged", "foreign", "foreign", "foreign"];
    for (n, case) in cases.iter().enumerate() {
        let (outcome, ()) = tokio::join!(async { asked.act(&connection(), &call(9)).await }, async {
            let request = receive(&mut stream).await.unwrap();
            let (said, body) = honest(&request);
            let answer = match n {
                0 => frame(&request, &said, &body, &ours),
                1 => json!({"frame": "answer", "id": request["id"], "body": body}),
                // Another answer beside the statement, and another byte in it.
                2 => frame(&request, &said, "{\"done\":true}", &ours),
                3 => {
                    let mut bent = frame(&request, &said, &body, &ours);
                    let mut bytes = STANDARD.decode(bent["envelope"].as_str().unwrap()).unwrap();
                    // Within the payload: the key's name stands behind it.
                    bytes[40] ^= 1;
                    bent["envelope"] = STANDARD.encode(bytes).into();
                    bent
                }
                4 => frame(&request, &said, &body, &theirs),
                5 => frame(&request, &Said { by: "south".to_owned(), ..said }, &body, &ours),
                // The reply to an earlier instruction, sent again.
                6 => {
                    let mut again = first.clone().unwrap();
                    again["id"] = request["id"].clone();
                    again
                }
                _ => frame(&request, &Said { nonce: "00".repeat(16), ..said }, &body, &ours),
            };
            send(&mut stream, &answer).await;
            first.get_or_insert(answer);
        });
        let told = scene.told(&["reply_refused"]).await;
        assert_eq!(told.len(), n, "{case}");
        if n == 0 {
            assert_eq!(outcome.unwrap(), Value::Null);
            continue;
        }
        // Nobody knows what became of the call: a read-back has to tell.
        let error = outcome.unwrap_err();
        assert_eq!((error.code, error.effect), (format!("reply.{case}").as_str(), Effect::Unknown));
        let last = &told[n - 1];
        assert_eq!((&last["outpost"], &last["why"]), (&"north".into(), &(*case).into()));
        assert_eq!((&last["under"]["case"], &last["under"]["step"]), (&"c-1".into(), &"dissolve".into()));
    }
    // A question's reply is bound to it in the same way.
    let (outcome, ()) = tokio::join!(async { asked.list(&connection()).await }, async {
        let request = receive(&mut stream).await.unwrap();
        let mut again = first.clone().unwrap();
        again["id"] = request["id"].clone();
        send(&mut stream, &again).await;
    });
    assert_eq!(outcome.unwrap_err().code, "reply.foreign");
    let told = scene.told(&["reply_refused"]).await;
    assert!(told.len() == cases.len() && told[cases.len() - 1]["under"].is_null());
}

#[tokio::test]
async fn req_g6_what_an_outpost_says_of_an_instruction_is_kept_with_its_signature() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let north = scene.identity("north", SystemClock.now()).await;
    let group = call(9).authority.group;
    let mut tx = scene.journal.begin(SystemClock.now(), "test");
    let event = GroupEvent::HoldAdded { hold: "h-1".into(), matter: "m".to_owned(), by: "p-1".into() };
    tx.group_rows(&group, 0, &[event]).unwrap();
    tx.commit().await.unwrap();
    let _running = scene.begin(outpost(&north, 0)).await;
    let given = scene.centre.instruction("north", &connection(), &call(9)).unwrap();
    assert_eq!(scene.centre.deliver("north", &given).await.unwrap_err().code, "platform.unknown");

    let events = scene.journal.group_events(&group).await.unwrap();
    let Some((_, GroupEvent::OutpostSaid(kept))) = events.last() else { panic!("{events:?}") };
    assert_eq!((kept.outpost.as_str(), kept.about.as_str()), ("north", "act"));
    assert_eq!(kept.under.as_ref(), Some(&call(9).authority));
    assert_eq!(kept.code.as_deref(), Some("platform.unknown"));
    let key = reply_key(&north).public();
    assert_eq!(kept.key, key.to_hex());
    // Whoever has it can check it later, without us.
    let outer: Value = serde_json::from_str(&kept.reply).unwrap();
    let payload = STANDARD.decode(outer["payload"].as_str().unwrap()).unwrap();
    let said: Said = serde_json::from_slice(&payload).unwrap();
    assert_eq!((said.envelope_sha256, &said.nonce), (Hash::of(&given.envelope), &given.nonce));
    assert_eq!(said.code, kept.code);
    let pae = adjourn_domain::envelope::pae(reply::PAYLOAD_TYPE, &payload);
    let sig = STANDARD.decode(outer["signatures"][0]["sig"].as_str().unwrap()).unwrap();
    let id = outer["signatures"][0]["keyid"].as_str().unwrap();
    assert_eq!(key.signed(id, &pae, &sig), adjourn_domain::envelope::Signed::Good);
    let awaited = Awaited { from: "south", envelope_sha256: Hash::of(&given.envelope), nonce: &given.nonce };
    let signed = |id: &str, bytes: &[u8], sig: &[u8]| key.signed(id, bytes, sig);
    assert!(reply::check(kept.reply.as_bytes(), b"", &awaited, &signed).is_err());
}

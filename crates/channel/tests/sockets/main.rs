//! The handshake over real sockets: who is let in, who is sent away with which code, who is cut off.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests, and sockets that are waited for"
)]

mod live;
mod replies;
mod scene;

use std::sync::Arc;
use std::time::Duration;

use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::rng::SystemRng;
use adjourn_app::ports::Clock as _;
use adjourn_channel::{Centre, Office, Waiting, fingerprint};
use adjourn_domain::time::Time;

use scene::{Scene, outpost, until};

#[tokio::test]
async fn req_g6_expired_self_signed_misnamed_unknown_and_skewed_are_refused_with_their_codes() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let now = SystemClock.now();
    let old = Time::from_millis(now.as_millis() - 400 * 86_400_000);
    let expired = scene.identity("expired", old).await;
    assert_eq!(scene.ends(&expired, 0).await, "channel.certificate_expired");

    // A certificate that somebody made for himself, and one of another authority.
    let own = scene.identity("own", now).await;
    let made = rcgen::generate_simple_self_signed(["own.outpost.adjourn".to_owned()]).unwrap();
    std::fs::write(own.join("outpost.pem"), made.cert.pem()).unwrap();
    std::fs::write(own.join("outpost.key.pem"), made.signing_key.serialize_pem()).unwrap();
    assert_eq!(scene.ends(&own, 0).await, "channel.certificate_unknown");
    let elsewhere = Office::in_keys(&scene.dir.path().join("elsewhere"));
    elsewhere.init(&["127.0.0.1".to_owned()], now, &SystemRng).unwrap();
    let stranger = scene.dir.path().join("stranger");
    elsewhere.add("north", now, 30, &stranger, &SystemRng).unwrap();
    assert_eq!(
        scene.ends(&stranger, 0).await,
        "channel.certificate_unknown",
        "the centre is a stranger to it"
    );

    // The certificate of one under the name of another.
    let west = scene.identity("west", now).await;
    std::fs::write(west.join("name"), "north").unwrap();
    assert_eq!(scene.ends(&west, 0).await, "channel.other_name");

    // Issued, but not in the journal.
    let unknown = scene.dir.path().join("unknown");
    scene.office.add("unknown", now, 30, &unknown, &SystemRng).unwrap();
    assert_eq!(scene.ends(&unknown, 0).await, "outpost.unknown");

    let skewed = scene.identity("skewed", now).await;
    assert_eq!(scene.ends(&skewed, 600).await, "channel.clock_skewed");
    let error = scene.fails(&skewed, -600).await;
    assert_eq!(error.code(), "channel.clock_skewed");
    let says = &error.0.args["says"];
    assert!(says.contains("here it is 20") && says.contains("at the centre 20"), "both clocks: {says}");
    assert!(scene.centre.there().is_empty());
    // Each reason once, though the clock was wrong twice.
    let codes = ["channel.certificate_expired", "channel.certificate_unknown", "channel.other_name"];
    scene.sent_away(&[&codes[..], &["outpost.unknown", "channel.clock_skewed"]].concat()).await;
}

#[tokio::test]
async fn req_g6_a_centre_whose_certificate_is_for_another_name_is_refused() {
    let scene = Scene::new(&["centre.example.org"]).await;
    let north = scene.identity("north", SystemClock.now()).await;
    assert_eq!(scene.ends(&north, 0).await, "channel.certificate_name");
    // The centre learns only that its certificate was not taken.
    scene.sent_away(&["channel.certificate_unknown"]).await;
}

#[tokio::test]
async fn req_g6_a_revoked_outpost_is_cut_off_while_it_is_connected_and_stays_out() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let north = scene.identity("north", SystemClock.now()).await;
    let south = scene.identity("south", SystemClock.now()).await;
    let mut both = Vec::new();
    for dir in [&north, &south] {
        let (outpost, address) = (outpost(dir, 0), scene.address.clone());
        both.push(tokio::spawn(async move { outpost.run(&address, || {}).await }));
    }
    until("both are there", || scene.centre.there() == ["north", "south"]).await;
    scene.revoke("north", fingerprint(&north.join("outpost.pem")).unwrap()).await;
    let ended = tokio::time::timeout(Duration::from_mins(1), both.remove(0)).await.unwrap().unwrap();
    assert_eq!(ended.unwrap_err().code(), "channel.certificate_revoked");
    assert_eq!(scene.centre.there(), ["south"], "nobody else is cut off");
    assert_eq!(scene.ends(&north, 0).await, "channel.certificate_revoked");
    scene.sent_away(&["channel.certificate_revoked"]).await;
}

#[tokio::test]
async fn req_g6_a_client_without_tls_1_3_or_without_a_certificate_is_refused() {
    use rustls::pki_types::pem::PemObject as _;
    use tokio::io::AsyncReadExt as _;

    let scene = Scene::new(&["127.0.0.1"]).await;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut roots = rustls::RootCertStore::empty();
        let dir = scene.dir.path().join("keys/channel/ca.pem");
        roots.add(rustls::pki_types::CertificateDer::from_pem_file(dir).unwrap()).unwrap();
        let config = rustls::ClientConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = tokio::net::TcpStream::connect(&scene.address).await.unwrap();
        let name = rustls::pki_types::ServerName::try_from("127.0.0.1").unwrap();
        let connected = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await;
        let error = match connected {
            Err(error) => error,
            // In TLS 1.3 the refusal arrives with the first bytes that are read.
            Ok(mut stream) => stream.read_u8().await.unwrap_err(),
        };
        let expected = if version.version == rustls::ProtocolVersion::TLSv1_2 {
            rustls::AlertDescription::ProtocolVersion
        } else {
            rustls::AlertDescription::CertificateRequired
        };
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        assert_eq!(inner, Some(&rustls::Error::AlertReceived(expected)), "{error}");
    }
}

#[tokio::test]
async fn req_g6_a_second_process_learns_who_has_the_outposts() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = told.clone();
    let second = |patience: Duration, address: &str| {
        let heard = heard.clone();
        let told = Arc::new(move |who: Option<&adjourn_channel::Holder>| {
            heard.lock().unwrap().push(who.map(|who| who.pid));
        });
        let (journal, office) = (scene.journal.clone(), scene.office.clone());
        let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng));
        Centre::new(journal, clock, rng, office, Some(address.to_owned()), Waiting { patience, told })
    };
    let error = second(Duration::from_millis(300), "127.0.0.1:0").open().await.unwrap_err();
    assert_eq!(error.code(), "channel.busy");
    let pid = std::process::id();
    assert!(error.0.args["says"].starts_with(&format!("pid {pid} · 20")), "{error}");
    assert_eq!(*told.lock().unwrap(), [Some(pid)], "it waited, and said for whom");
    // Somebody who is none of us.
    let other = Office::in_keys(&scene.dir.path().join("elsewhere"));
    other.init(&["127.0.0.1".to_owned()], SystemClock.now(), &SystemRng).unwrap();
    let (journal, address) = (scene.journal.clone(), Some(scene.address.clone()));
    let (clock, rng) = (Arc::new(SystemClock), Arc::new(SystemRng));
    let stranger = Centre::new(journal, clock, rng, other, address, Waiting::default());
    assert_eq!(stranger.open().await.unwrap_err().code(), "channel.address");
}

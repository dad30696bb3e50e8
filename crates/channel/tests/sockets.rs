//! The handshake over real sockets: who is let in, who is sent away with which code, who is cut off.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests, and sockets that are waited for"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::rng::SystemRng;
use adjourn_app::Journal;
use adjourn_app::ports::{Call, Clock, Platforms as _, Points, Rng};
use adjourn_channel::{Centre, InstructionKey, Office, Outpost, Routed, Trusted, fingerprint};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::event::{Connection, IdentitySpec, OrgEvent};
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::instruction::Authority;
use adjourn_domain::time::Time;
use adjourn_host::{Catalog, Host, HttpLinks};
use adjourn_store::SqliteStore;
use adjourn_transport::HttpOptions;
use async_trait::async_trait;

/// A centre with an office, and a folder for outposts.
struct Scene {
    dir: tempfile::TempDir,
    office: Office,
    journal: Journal,
    centre: Centre,
    address: String,
}

/// A clock that is off by some seconds.
struct Skewed(i64);

#[async_trait]
impl Clock for Skewed {
    fn now(&self) -> Time {
        Time::from_millis(SystemClock.now().as_millis() + self.0 * 1000)
    }

    async fn sleep_until(&self, until: Time) {
        SystemClock.sleep_until(until).await;
    }
}

struct NoPoints;

impl Points for NoPoints {
    fn hit(&self, _: &str) {}
}

impl Scene {
    async fn new(hosts: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let keys = Arc::new(FileKeys::open(&dir.path().join("keys"), rng.clone()).unwrap());
        let store = SqliteStore::open(&dir.path().join("adjourn.db")).unwrap();
        let journal = Journal::new(Arc::new(store), keys, rng.clone());
        let office = Office::in_keys(&dir.path().join("keys"));
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        office.init(&hosts, SystemClock.now(), &*rng).unwrap();
        let address = Some("127.0.0.1:0".to_owned());
        let centre = Centre::new(journal.clone(), Arc::new(SystemClock), rng, office.clone(), address);
        let address = centre.open().await.unwrap().to_string();
        Self { dir, office, journal, centre, address }
    }

    async fn tell(&self, event: OrgEvent) {
        let org = self.journal.org().await.unwrap();
        let mut tx = self.journal.begin(SystemClock.now(), "test");
        tx.org(&org, &event).unwrap();
        tx.commit().await.unwrap();
    }

    /// An identity whose certificate was made at a time, in the journal.
    async fn identity(&self, name: &str, made: Time) -> PathBuf {
        let dir = self.dir.path().join(name);
        let certificate = self.office.add(name, made, 30, &dir).unwrap();
        let by = PrincipalId::from("p-1");
        self.tell(OrgEvent::OutpostAdded { outpost: name.to_owned(), certificate, by }).await;
        dir
    }

    async fn revoke(&self, name: &str, certificate: Hash) {
        let (reason, by) = ("lost".to_owned(), PrincipalId::from("p-1"));
        self.tell(OrgEvent::OutpostRevoked { outpost: name.to_owned(), certificate, reason, by }).await;
    }

    /// The code that an outpost ends with.
    async fn ends(&self, dir: &Path, skew_s: i64) -> &'static str {
        let outpost = outpost(dir, skew_s);
        let ended = tokio::time::timeout(Duration::from_mins(1), outpost.run(&self.address, || {})).await;
        ended.unwrap().unwrap_err().code()
    }
}

fn outpost(dir: &Path, skew_s: i64) -> Arc<Outpost> {
    let rng: Arc<dyn Rng> = Arc::new(SystemRng);
    let keys = Arc::new(FileKeys::open(&dir.join("keys"), rng).unwrap());
    let clock = Arc::new(Skewed(skew_s));
    let catalog: Catalog = Arc::new(|_, _| None);
    let links = Arc::new(HttpLinks::new(HttpOptions::default()));
    let host = Host::new(catalog, links, keys, clock.clone());
    Arc::new(Outpost::open(dir, Arc::new(host), clock, Arc::new(NoPoints)).unwrap())
}

async fn until(what: &str, test: impl Fn() -> bool) {
    for _ in 0..600 {
        if test() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}");
}

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
    elsewhere.add("north", now, 30, &stranger).unwrap();
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
    scene.office.add("unknown", now, 30, &unknown).unwrap();
    assert_eq!(scene.ends(&unknown, 0).await, "outpost.unknown");

    let skewed = scene.identity("skewed", now).await;
    assert_eq!(scene.ends(&skewed, 600).await, "channel.clock_skewed");
    assert_eq!(scene.ends(&skewed, -600).await, "channel.clock_skewed");
    assert!(scene.centre.there().is_empty());
}

#[tokio::test]
async fn req_g6_a_centre_whose_certificate_is_for_another_name_is_refused() {
    let scene = Scene::new(&["centre.example.org"]).await;
    let north = scene.identity("north", SystemClock.now()).await;
    assert_eq!(scene.ends(&north, 0).await, "channel.certificate_name");
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
}

#[tokio::test]
async fn req_g6_what_an_outpost_does_not_obey_is_reported_and_in_the_journal() {
    let scene = Scene::new(&["127.0.0.1"]).await;
    let north = scene.identity("north", SystemClock.now()).await;
    let begin = || {
        let (outpost, address) = (outpost(&north, 0), scene.address.clone());
        tokio::spawn(async move { outpost.run(&address, || {}).await })
    };
    let nobody: Catalog = Arc::new(|_, _| None);
    let links = Arc::new(HttpLinks::new(HttpOptions::default()));
    let here = Host::new(nobody, links, scene.journal.keys.clone(), Arc::new(SystemClock));
    let platforms = Routed::new(Arc::new(here), scene.centre.clone());
    let connection = Connection {
        id: "hs".into(),
        platform: "nowhere".into(),
        settings: [("via".to_owned(), "north".to_owned())].into(),
        identities: vec![IdentitySpec { id: "main".into(), witness: false }],
        class: "important".to_owned(),
        drill: false,
    };
    let call = |fence: u64| Call {
        op: Op::Dissolve,
        group: "r-1".into(),
        key: "c-1:g-1:dissolve".to_owned(),
        undo: false,
        params: serde_json::Map::new(),
        memo: serde_json::Value::Null,
        authority: Authority {
            case: "c-1".into(),
            plan_hash: Hash::of(b"plan"),
            group: "g-1".into(),
            step: "dissolve".to_owned(),
            attempt: 1,
            fence,
        },
    };
    let refused = || async { scene.journal.org().await.unwrap().instructions_refused };

    let first = begin();
    // Obeyed: what comes back is what its connectors say, and there is none for this platform.
    assert_eq!(platforms.act(&connection, &call(9)).await.unwrap_err().code, "platform.unknown");
    assert_eq!(refused().await, 0);
    let stale = platforms.act(&connection, &call(8)).await.unwrap_err();
    assert_eq!((stale.code, stale.effect), ("instruction.stale", Effect::NotApplied));
    assert_eq!(refused().await, 1);
    first.abort();
    until("it is gone", || scene.centre.there().is_empty()).await;

    // After a restart it still knows, and a key that it does not trust signs nothing for it.
    let again = begin();
    assert_eq!(platforms.act(&connection, &call(8)).await.unwrap_err().code, "instruction.stale");
    again.abort();
    until("it is gone", || scene.centre.there().is_empty()).await;
    let stranger = InstructionKey::from_seed(&[5; 32]).public();
    std::fs::write(north.join("trusted.json"), serde_json::to_vec(&Trusted::one(&stranger)).unwrap())
        .unwrap();
    let _last = begin();
    assert_eq!(platforms.act(&connection, &call(9)).await.unwrap_err().code, "instruction.forged");
    assert_eq!(refused().await, 3);
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

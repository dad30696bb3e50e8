//! A centre and outposts over real sockets, with real certificates.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::rng::SystemRng;
use adjourn_app::ports::{Call, Clock, Points, Rng};
use adjourn_app::{AppError, Journal};
use adjourn_channel::{Centre, Office, Outpost, Routed, Waiting};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Op;
use adjourn_domain::event::{Connection, IdentitySpec, OrgEvent};
use adjourn_domain::ids::{PrincipalId, StreamId};
use adjourn_domain::instruction::Authority;
use adjourn_domain::time::Time;
use adjourn_host::{Catalog, Host, HttpLinks};
use adjourn_store::SqliteStore;
use adjourn_transport::HttpOptions;
use async_trait::async_trait;
use serde_json::Value;
use tokio::task::JoinHandle;

/// A centre with an office, and a folder for outposts.
pub(crate) struct Scene {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) office: Office,
    pub(crate) journal: Journal,
    pub(crate) centre: Centre,
    pub(crate) address: String,
}

/// A clock that is off by some seconds; tests set it while it is used.
pub(crate) struct Skewed(pub(crate) AtomicI64);

#[async_trait]
impl Clock for Skewed {
    fn now(&self) -> Time {
        Time::from_millis(SystemClock.now().as_millis() + self.0.load(Ordering::SeqCst) * 1000)
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
    pub(crate) async fn new(hosts: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let keys = Arc::new(FileKeys::open(&dir.path().join("keys"), rng.clone()).unwrap());
        let store = SqliteStore::open(&dir.path().join("adjourn.db")).unwrap();
        let journal = Journal::new(Arc::new(store), keys, rng.clone());
        let office = Office::in_keys(&dir.path().join("keys"));
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        office.init(&hosts, SystemClock.now(), &*rng).unwrap();
        let address = Some("127.0.0.1:0".to_owned());
        let waiting = Waiting::default();
        let centre =
            Centre::new(journal.clone(), Arc::new(SystemClock), rng, office.clone(), address, waiting);
        let address = centre.open().await.unwrap().to_string();
        Self { dir, office, journal, centre, address }
    }

    pub(crate) async fn tell(&self, event: OrgEvent) {
        for _ in 0..20 {
            let org = self.journal.org().await.unwrap();
            let mut tx = self.journal.begin(SystemClock.now(), "test");
            tx.org(&org, &event).unwrap();
            match tx.commit().await {
                // The centre writes there too.
                Err(error) if error.code() == "journal.conflict" => {}
                done => return done.unwrap(),
            }
        }
        panic!("nobody gets a word in");
    }

    /// An identity whose certificate was made at a time, in the journal.
    pub(crate) async fn identity(&self, name: &str, made: Time) -> PathBuf {
        let dir = self.dir.path().join(name);
        let made = self.office.add(name, made, 30, &dir, &SystemRng).unwrap();
        let (certificate, key, by) = (made.certificate, Some(made.key), PrincipalId::from("p-1"));
        self.tell(OrgEvent::OutpostAdded { outpost: name.to_owned(), certificate, key, by }).await;
        dir
    }

    pub(crate) async fn revoke(&self, name: &str, certificate: Hash) {
        let (reason, by) = ("lost".to_owned(), PrincipalId::from("p-1"));
        self.tell(OrgEvent::OutpostRevoked { outpost: name.to_owned(), certificate, reason, by }).await;
    }

    /// The platforms as the centre has them.
    pub(crate) fn platforms(&self) -> Routed {
        let here = Host::new(nobody(), links(), self.journal.keys.clone(), Arc::new(SystemClock));
        Routed::new(Arc::new(here), self.centre.clone())
    }

    /// Starts an outpost, and waits until it is there.
    pub(crate) async fn begin(&self, outpost: Arc<Outpost>) -> JoinHandle<Result<(), AppError>> {
        let (address, name) = (self.address.clone(), outpost.name().to_owned());
        let running = tokio::spawn(async move { outpost.run(&address, || {}).await });
        until("it is there", || self.centre.there().contains(&name)).await;
        running
    }

    /// Ends an outpost, as a crash would.
    pub(crate) async fn end(&self, running: JoinHandle<Result<(), AppError>>) {
        running.abort();
        until("it is gone", || self.centre.there().is_empty()).await;
    }

    /// The events of the organisation's stream of these kinds, as they lie in the journal.
    pub(crate) async fn told(&self, kinds: &[&str]) -> Vec<Value> {
        let rows = self.journal.store.load(&StreamId::org()).await.unwrap();
        let rows = rows.iter().filter(|row| kinds.contains(&row.header.kind.as_str()));
        rows.map(|row| self.journal.open(row).unwrap().payload.unwrap()).collect()
    }

    /// The code that an outpost ends with.
    pub(crate) async fn ends(&self, dir: &Path, skew_s: i64) -> &'static str {
        self.fails(dir, skew_s).await.code()
    }

    /// The error that an outpost ends with.
    pub(crate) async fn fails(&self, dir: &Path, skew_s: i64) -> AppError {
        let outpost = outpost(dir, skew_s);
        let ended = tokio::time::timeout(Duration::from_mins(1), outpost.run(&self.address, || {})).await;
        ended.unwrap().unwrap_err()
    }

    /// Waits until the journal says that somebody was sent away for these reasons, in any order.
    pub(crate) async fn sent_away(&self, codes: &[&str]) {
        let mut told = Vec::new();
        for _ in 0..600 {
            told = self.told(&["outpost_sent_away"]).await;
            let has =
                |code: &&str| told.iter().any(|one| one["code"] == **code && one["from"] == "127.0.0.1");
            if told.len() == codes.len() && codes.iter().all(has) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{codes:?}: {told:?}");
    }
}

pub(crate) fn outpost(dir: &Path, skew_s: i64) -> Arc<Outpost> {
    outpost_by(dir, Arc::new(Skewed(AtomicI64::new(skew_s))))
}

pub(crate) fn outpost_by(dir: &Path, clock: Arc<Skewed>) -> Arc<Outpost> {
    let keys = Arc::new(FileKeys::open(&dir.join("keys"), Arc::new(SystemRng)).unwrap());
    let host = Host::new(nobody(), links(), keys, clock.clone());
    Arc::new(Outpost::open(dir, Arc::new(host), clock, Arc::new(NoPoints)).unwrap())
}

fn nobody() -> Catalog {
    Arc::new(|_, _| None)
}

fn links() -> Arc<HttpLinks> {
    Arc::new(HttpLinks::new(HttpOptions::default()))
}

/// A connection through the outpost `north` to a platform that has no connector.
pub(crate) fn connection() -> Connection {
    Connection {
        id: "hs".into(),
        platform: "nowhere".into(),
        settings: [("via".to_owned(), "north".to_owned())].into(),
        identities: vec![IdentitySpec { id: "main".into(), witness: false }],
        class: "important".to_owned(),
        drill: false,
    }
}

/// The third step of a run, by the worker with this fencing number.
pub(crate) fn call(fence: u64) -> Call {
    Call {
        op: Op::Dissolve,
        group: "r-1".into(),
        key: "c-1:g-1:dissolve".to_owned(),
        undo: false,
        params: serde_json::Map::new(),
        memo: Value::Null,
        authority: Authority {
            case: "c-1".into(),
            plan_hash: Hash::of(b"plan"),
            group: "g-1".into(),
            step: "dissolve".to_owned(),
            place: 2,
            undo: false,
            attempt: 1,
            fence,
        },
    }
}

pub(crate) async fn until(what: &str, test: impl Fn() -> bool) {
    for _ in 0..600 {
        if test() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what}");
}

//! The product's use cases in front of the real server, on a clock that jumps: three days of watching take a second, and all
//! else is as in earnest (connector, transport, journal, keys, bundles).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adjourn_adapters::accounts::FileAccounts;
use adjourn_adapters::deposits::NoDeposits;
use adjourn_adapters::inbox::FileInbox;
use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::law;
use adjourn_adapters::parties::{Behaviour, SimParties};
use adjourn_adapters::profiles::BuiltIn;
use adjourn_adapters::rng::SystemRng;
use adjourn_adapters::signer::KeySigner;
use adjourn_adapters::stamps::HttpStamps;
use adjourn_adapters::vault::FileVault;
use adjourn_app::inventory::Book;
use adjourn_app::minutes::Minutes;
use adjourn_app::ports::{AnnouncementFacts, Clock, Organisation, Points, Progress, Rng, Words};
use adjourn_app::{App, Around, Journal};
use adjourn_domain::destruction;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::fact::Rules;
use adjourn_domain::ids::{GroupId, IdentityId};
use adjourn_domain::party::Party;
use adjourn_domain::policy::Policy;
use adjourn_domain::time::Time;
use adjourn_e2e::Synapse;
use adjourn_host::{Host, HttpLinks};
use adjourn_sim::VirtualClock;
use adjourn_store::SqliteStore;
use adjourn_transport::HttpOptions;
use async_trait::async_trait;

/// What the server gets of real time for each jump of ours: it works on its own.
const NAP: Duration = Duration::from_millis(100);

/// An organisation with four people, under the policy that the product comes with.
pub(crate) struct Steered {
    pub(crate) app: App,
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) requester: KeySigner,
    pub(crate) business: KeySigner,
    pub(crate) compliance: KeySigner,
}

impl Steered {
    /// In a folder, connected to the server as `root`, with `witness` looking.
    pub(crate) async fn new(dir: &Path, synapse: &Synapse, begin: Time) -> Self {
        let clock = VirtualClock::at(begin);
        let rng: Arc<dyn Rng> = Arc::new(SystemRng);
        let key = || KeySigner::generate(&*rng);
        let (admin, requester, business, compliance) = (key(), key(), key(), key());
        let app = app(dir, &clock, rng.clone());
        app.add_principal("root", "admin", &admin, None).await.expect("the first one");
        for (role, new) in [("requester", &requester), ("business", &business), ("compliance", &compliance)] {
            app.add_principal(role, role, new, Some(&admin)).await.expect("a principal");
        }
        let identity = |id: &str, witness| IdentitySpec { id: id.into(), witness };
        let connection = Connection {
            id: "hs".into(),
            platform: "matrix".into(),
            settings: BTreeMap::from([("url".to_owned(), synapse.url())]),
            identities: vec![identity("main", false), identity("second", true)],
            class: "important".to_owned(),
            drill: false,
        };
        let secret = |id: &str, who: &str| {
            let token = BTreeMap::from([("token".to_owned(), synapse.token(who).to_owned())]);
            (IdentityId::from(id), token)
        };
        let secrets = BTreeMap::from([secret("main", "root"), secret("second", "witness")]);
        app.add_connection(connection, &secrets, Some(&admin)).await.expect("the server is there");
        Self { app, clock, requester, business, compliance }
    }
}

fn app(dir: &Path, clock: &Arc<VirtualClock>, rng: Arc<dyn Rng>) -> App {
    let clock = Arc::new(Jumps(clock.clone()));
    let keys = Arc::new(FileKeys::open(&dir.join("keys"), rng.clone()).expect("a folder of keys"));
    let store = SqliteStore::open(&dir.join("adjourn.db")).expect("a journal");
    let stamps = Arc::new(HttpStamps::new(None, None, rng.clone()));
    let deposits = Arc::new(NoDeposits);
    let accounts = Arc::new(FileAccounts::open(&dir.join("keys"), rng.clone()).expect("a folder of keys"));
    let links = Arc::new(HttpLinks::new(HttpOptions::default()));
    let catalog = |platform: &str| adjourn_connectors::find(platform).map(|entry| (entry.connector)());
    let host = Host::new(
        Arc::new(move |platform, _| catalog(platform.as_str())),
        links,
        keys.clone(),
        clock.clone(),
    );
    let school = BTreeMap::from([(Party::HomeSchool, Behaviour::Agrees(3600))]);
    App {
        journal: Journal::new(Arc::new(store), keys.clone(), rng),
        clock: clock.clone(),
        accounts,
        platforms: Arc::new(host),
        vault: Arc::new(
            FileVault::new(&dir.join("bundles"), keys, stamps.clone(), deposits.clone()).expect("a folder"),
        ),
        inbox: Arc::new(FileInbox::new(&dir.join("inbox"))),
        stamps,
        deposits,
        points: Arc::new(Plain),
        progress: Arc::new(Plain),
        policy: Policy::default(),
        profiles: Arc::new(BuiltIn::new(law::packs(&law::STANDARD).expect("a pack"))),
        drill_rules: Rules::default(),
        around: Around {
            parties: Arc::new(SimParties::new(clock, school)),
            words: Arc::new(Plain),
            organisation: None,
        },
        book: Book::default(),
    }
}

/// Whoever waits is there at once.
struct Jumps(Arc<VirtualClock>);

#[async_trait]
impl Clock for Jumps {
    fn now(&self) -> Time {
        self.0.now()
    }

    #[expect(clippy::disallowed_methods, reason = "a real server needs real time for what it was asked")]
    async fn sleep_until(&self, until: Time) {
        std::thread::sleep(NAP);
        self.0.advance_to(until);
    }
}

/// Nobody watches, and what is said has nothing put behind it.
struct Plain;

impl Points for Plain {
    fn hit(&self, _: &str) {}
}

impl Progress for Plain {
    fn count(&self, _: &GroupId, _: &str, _: u64, _: Option<u64>) {}
    fn again(&self, _: &str, _: u64, _: u32, _: u32) {}
}

impl Words for Plain {
    fn announcement(&self, facts: &AnnouncementFacts) -> String {
        facts.text.clone()
    }

    fn notice(&self, at: Time, _: Option<&Organisation>, _: &[String]) -> String {
        format!("This group ends at {at}.")
    }

    fn minutes(&self, _: &Minutes) -> Vec<(String, String)> {
        Vec::new()
    }

    fn destruction(&self, _: &destruction::Certificate, _: i32) -> String {
        String::new()
    }
}

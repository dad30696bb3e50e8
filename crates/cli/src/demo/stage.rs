//! The drill's stage: simulated platforms under the rules of their profiles, a virtual clock, and seeded chance.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_adapters::accounts::FileAccounts;
use adjourn_adapters::inbox::FileInbox;
use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::law;
use adjourn_adapters::parties::{Behaviour, SimParties};
use adjourn_adapters::profiles::BuiltIn;
use adjourn_adapters::rng::SeededRng;
use adjourn_adapters::stamps::SimStamps;
use adjourn_adapters::vault::FileVault;
use adjourn_app::inventory::Book;
use adjourn_app::ports::{Clock, Organisation, Points, Progress, Rng};
use adjourn_app::{App, AppError, Around, Journal};
use adjourn_connector_kit::{ConnectorError, Transport};
use adjourn_domain::capability::Reversible;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::fact;
use adjourn_domain::group::Kind;
use adjourn_domain::ids::{ConnectionId, GroupId, IdentityId, NativeId, PrincipalId};
use adjourn_domain::kinds::KindWish;
use adjourn_domain::party::Party;
use adjourn_domain::plan::StepOp;
use adjourn_domain::policy::Policy;
use adjourn_domain::run::Run;
use adjourn_domain::time::Time;
use adjourn_host::{Catalog, Host, Links};
use adjourn_i18n::msg;
use adjourn_sim::{Shared, SimTransport, VirtualClock};
use adjourn_store::SqliteStore;
use adjourn_world::told;
use async_trait::async_trait;

use super::ears::DrillEars;
use super::keeper;
use super::platforms::{self, PLATFORMS};
use crate::out::Out;
use crate::words::CatalogWords;

/// When the drill begins: a Monday morning in Shanghai, in milliseconds since 1970.
const BEGIN: i64 = 1_793_581_200_000;

/// A simulated platform.
pub(super) struct Platform {
    /// The connection to it.
    pub(super) connection: Connection,
    /// What is behind it.
    pub(super) simulator: Shared,
    /// The door to it.
    pub(super) transport: Arc<SimTransport>,
    /// Its groups in the case.
    pub(super) groups: Vec<NativeId>,
    /// What kinds its groups are, where the platform itself does not tell.
    pub(super) kinds: BTreeMap<NativeId, Kind>,
    /// Secrets of its identities.
    pub(super) secrets: BTreeMap<IdentityId, BTreeMap<String, String>>,
}

/// The stage.
pub(super) struct Stage {
    /// The use cases.
    pub(super) app: App,
    pub(super) platforms: BTreeMap<ConnectionId, Platform>,
    pub(super) clock: Arc<DrillClock>,
    /// What the scripted people have done so far.
    pub(super) people: Mutex<super::people::Script>,
}

impl Stage {
    /// Builds it in `dir`: every platform by its own connector, over its own simulator.
    pub(super) fn new(dir: &Path, seed: u64, rules: fact::Rules, out: Out) -> Result<Self, AppError> {
        Self::own(dir, seed, rules, out, None)
    }

    /// The same for people who may end any of its groups, one after the other.
    pub(super) fn served(dir: &Path, seed: u64, rules: fact::Rules, out: Out) -> Result<Self, AppError> {
        Self::own(dir, seed, rules, out, Some(&msg::demo_group_stays(out.lang)))
    }

    fn own(
        dir: &Path,
        seed: u64,
        rules: fact::Rules,
        out: Out,
        stays: Option<&str>,
    ) -> Result<Self, AppError> {
        let clock = Arc::new(DrillClock(VirtualClock::at(Time::from_millis(BEGIN))));
        let mut ears = DrillEars::default();
        let mut all = Vec::new();
        for name in PLATFORMS {
            all.push(platforms::own(name, rules, &clock.0, &mut ears, stays)?);
        }
        // The product plays a drill's connections by the reference connector; here each is played by its own.
        let catalog: Catalog = Arc::new(|platform, _| {
            adjourn_connectors::find(platform.as_str()).map(|entry| (entry.connector)())
        });
        Self::over(dir, seed, rules, out, clock, all, catalog, ears)
    }

    /// The same with the reference connector in the clothes of each platform.
    #[cfg(test)]
    pub(super) fn reference(dir: &Path, seed: u64, rules: fact::Rules, out: Out) -> Result<Self, AppError> {
        let clock = Arc::new(DrillClock(VirtualClock::at(Time::from_millis(BEGIN))));
        let mut all = Vec::new();
        for name in PLATFORMS {
            all.push(super::reference::platform(name, rules, &clock.0)?);
        }
        Self::over(dir, seed, rules, out, clock, all, crate::compose::catalog(), DrillEars::default())
    }

    /// The same with one platform only, in a world of one's own.
    pub(super) fn in_world(
        dir: &Path,
        name: &str,
        spec: &adjourn_world::WorldSpec,
        out: Out,
    ) -> Result<Self, AppError> {
        let (rules, clock) =
            (fact::Rules::Declared, Arc::new(DrillClock(VirtualClock::at(Time::from_millis(BEGIN)))));
        let all = vec![super::reference::platform_of(name, rules, &clock.0, spec)?];
        Self::over(dir, 7, rules, out, clock, all, crate::compose::catalog(), DrillEars::default())
    }

    #[expect(clippy::too_many_arguments, reason = "a stage has its parts")]
    fn over(
        dir: &Path,
        seed: u64,
        rules: fact::Rules,
        out: Out,
        clock: Arc<DrillClock>,
        all: Vec<Platform>,
        catalog: Catalog,
        ears: DrillEars,
    ) -> Result<Self, AppError> {
        let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(seed));
        let platforms: BTreeMap<ConnectionId, Platform> =
            all.into_iter().map(|platform| (platform.connection.id.clone(), platform)).collect();
        let store = SqliteStore::open(&dir.join("adjourn.db"))?;
        let keys = Arc::new(FileKeys::open(&dir.join("keys"), rng.clone())?);
        let accounts = Arc::new(FileAccounts::open(&dir.join("keys"), rng.clone())?);
        let links: BTreeMap<_, _> =
            platforms.iter().map(|(id, platform)| (id.clone(), platform.transport.clone())).collect();
        let stamps = Arc::new(SimStamps::new(clock.clone()));
        let deposits = keeper::deposits(seed, &clock.0);
        let host = Host::new(catalog, Arc::new(DrillLinks(links)), keys.clone(), clock.clone());
        let app = App {
            journal: Journal::new(Arc::new(store), keys.clone(), rng),
            clock: clock.clone(),
            platforms: Arc::new(host.with_ears(Arc::new(ears))),
            inbox: Arc::new(FileInbox::new(&dir.join("bundles").join("inbox"))),
            accounts,
            vault: Arc::new(FileVault::new(&dir.join("bundles"), keys, stamps.clone(), deposits.clone())?),
            stamps,
            deposits,
            points: Arc::new(Quiet),
            progress: Arc::new(Quiet),
            policy: Policy::default(),
            profiles: Arc::new(BuiltIn::new(law::packs(&law::STANDARD)?)),
            drill_rules: rules,
            around: Around {
                parties: Arc::new(SimParties::new(clock.clone(), parties())),
                words: Arc::new(CatalogWords { lang: out.lang }),
                organisation: Some(organisation(out)),
            },
            book: Book::default(),
        };
        Ok(Self { app, platforms, clock, people: Mutex::default() })
    }

    /// The connections.
    pub(super) fn connections(&self) -> Vec<Connection> {
        self.platforms.values().map(|platform| platform.connection.clone()).collect()
    }

    /// Secrets of a connection.
    pub(super) fn secrets(&self, id: &ConnectionId) -> BTreeMap<IdentityId, BTreeMap<String, String>> {
        self.platforms.get(id).map(|platform| platform.secrets.clone()).unwrap_or_default()
    }

    /// The groups of the joint case, in the order of the plan.
    pub(super) fn groups(&self) -> Result<Vec<GroupId>, AppError> {
        let platforms = PLATFORMS.iter().filter_map(|name| self.platforms.get(&ConnectionId::from(*name)));
        let groups = platforms
            .flat_map(|platform| platform.groups.iter().map(|group| (&platform.connection.id, group)));
        groups.map(|(id, group)| self.app.journal.keys.group_id(id.as_str(), group)).collect()
    }

    /// What the groups' kinds need to know: a class, a shop whose record is evidence, and groups of an enterprise whose work
    /// `nominee` takes over.
    pub(super) fn kinds(&self, nominee: PrincipalId, out: Out) -> Result<KindWish, AppError> {
        let mut wish = KindWish {
            nominee: Some(nominee),
            judicial: Some(msg::demo_matter(out.lang)),
            ..KindWish::default()
        };
        for platform in self.platforms.values() {
            let id = &platform.connection.id;
            for group in &platform.groups {
                let known = self.app.journal.keys.group_id(id.as_str(), group)?;
                let kind = platform.kinds.get(group).copied().unwrap_or_default();
                if kind == Kind::Trading {
                    wish.judicial_groups.insert(known.clone());
                }
                wish.kinds.insert(known, kind);
            }
        }
        Ok(wish)
    }

    /// What the members of a group were told, in the platform's words, and until when it could be brought back.
    pub(super) fn told(&self, run: &Run, out: Out) -> Vec<String> {
        let Some(platform) = self.platforms.get(&run.part.connection) else { return Vec::new() };
        let mut simulator = platform.simulator.lock().unwrap_or_else(PoisonError::into_inner);
        let at = self.clock.now();
        let mut words = BTreeSet::new();
        let mut count = 0;
        for member in &run.part.basis.members {
            let notices = told(&mut **simulator, member.as_str(), at);
            let mine = notices.into_iter().filter(|notice| notice.group == run.part.native);
            let texts: Vec<String> = mine.map(|notice| notice.text).collect();
            count += u64::from(!texts.is_empty());
            words.extend(texts);
        }
        let members = run.part.basis.members.len() as u64;
        let words: Vec<String> = words.into_iter().collect();
        let mut lines = vec![msg::demo_told(out.lang, members, count, words.join(" / "))];
        for (step, state) in run.part.steps.iter().zip(&run.steps) {
            if let (Reversible::Seconds { seconds }, Some(at), true) =
                (&step.reversible, state.heartbeat, step.op == StepOp::Dissolve)
            {
                lines.push(msg::demo_recoverable(out.lang, at.plus_secs(*seconds)));
            }
        }
        lines
    }
}

/// The others who stand in the way, simulated: the finance system's first reply is lost.
fn parties() -> BTreeMap<Party, Behaviour> {
    let hour = 3600;
    BTreeMap::from([
        (Party::HomeSchool, Behaviour::Agrees(hour)),
        (Party::Finance, Behaviour::LosesReply(2 * hour)),
        (Party::EvidencePlatform, Behaviour::Agrees(60)),
        (Party::Audit, Behaviour::Agrees(hour)),
        (Party::Notary, Behaviour::Agrees(hour)),
    ])
}

/// Who answers for the data in the drill. Invented.
fn organisation(out: Out) -> Organisation {
    Organisation {
        name: msg::demo_organisation(out.lang),
        contact: "office@example.org".to_owned(),
        archive: msg::demo_archive(out.lang),
        keep_months: Some(36),
        duty: msg::demo_duty(out.lang),
        utc_offset_minutes: 480,
    }
}

/// The virtual clock as the use cases' port.
pub(super) struct DrillClock(pub(super) Arc<VirtualClock>);

#[async_trait]
impl Clock for DrillClock {
    fn now(&self) -> Time {
        self.0.now()
    }

    async fn sleep_until(&self, until: Time) {
        self.0.advance_to(until);
    }
}

/// The ways to the simulated platforms.
struct DrillLinks(BTreeMap<ConnectionId, Arc<SimTransport>>);

impl Links for DrillLinks {
    fn link(&self, connection: &Connection, _: &IdentitySpec) -> Result<Arc<dyn Transport>, ConnectorError> {
        let transport = self.0.get(&connection.id).ok_or_else(|| ConnectorError::missing("url"))?;
        Ok(transport.clone())
    }
}

/// Nobody watches the points or the progress of a drill.
struct Quiet;

impl Points for Quiet {
    fn hit(&self, _: &str) {}
}

impl Progress for Quiet {
    fn count(&self, _: &GroupId, _: &str, _: u64, _: Option<u64>) {}
    fn again(&self, _: &str, _: u64, _: u32, _: u32) {}
}

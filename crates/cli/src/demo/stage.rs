//! The drill's stage: simulated platforms under the rules of their profiles, a virtual clock, seeded chance, and a scripted
//! person at the phone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, PoisonError};

use adjourn_adapters::inbox::FileInbox;
use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::parties::{Behaviour, SimParties};
use adjourn_adapters::profiles;
use adjourn_adapters::rng::SeededRng;
use adjourn_adapters::stamps::HttpStamps;
use adjourn_adapters::vault::FileVault;
use adjourn_app::ports::{Clock, Organisation, Points, Progress, Rng, Signer};
use adjourn_app::{App, AppError, Around, Journal};
use adjourn_connector_kit::{ConnectorError, Transport};
use adjourn_connectors::reference::ReferenceSim;
use adjourn_domain::capability::Reversible;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::fact;
use adjourn_domain::ids::{CaseId, ConnectionId, GroupId, IdentityId, NativeId};
use adjourn_domain::party::Party;
use adjourn_domain::plan::StepOp;
use adjourn_domain::policy::Policy;
use adjourn_domain::run::{GroupState, Run, StepState};
use adjourn_domain::time::Time;
use adjourn_host::{Host, Links};
use adjourn_i18n::msg;
use adjourn_sim::{Fault, FaultKind, FaultPlan, Matcher, Shared, SimTransport, VirtualClock, share};
use adjourn_store::SqliteStore;
use adjourn_world::{ClientAct, Rules, WorldSpec, client, client_obeys, told};
use async_trait::async_trait;

use crate::compose;
use crate::describe;
use crate::out::Out;
use crate::words::CatalogWords;

/// The platforms of the drill, in the order of the plan.
const PLATFORMS: [&str; 4] = ["wechat", "qq", "dingtalk", "wecom"];
/// When the drill begins: a Monday morning in Shanghai, in milliseconds since 1970.
const BEGIN: i64 = 1_793_581_200_000;

/// A simulated platform.
struct Platform {
    connection: Connection,
    simulator: Shared,
    transport: Arc<SimTransport>,
    group: NativeId,
}

/// The stage.
pub(super) struct Stage {
    /// The use cases.
    pub(super) app: App,
    platforms: BTreeMap<ConnectionId, Platform>,
    clock: Arc<DrillClock>,
    secrets: BTreeMap<ConnectionId, BTreeMap<IdentityId, BTreeMap<String, String>>>,
}

impl Stage {
    /// Builds it in `dir`.
    pub(super) fn new(dir: &Path, seed: u64, rules: fact::Rules, out: Out) -> Result<Self, AppError> {
        let rng: Arc<dyn Rng> = Arc::new(SeededRng::new(seed));
        let clock = Arc::new(DrillClock(VirtualClock::at(Time::from_millis(BEGIN))));
        let mut platforms = BTreeMap::new();
        let mut secrets = BTreeMap::new();
        for name in PLATFORMS {
            let (platform, found) = platform(name, rules, &clock)?;
            secrets.insert(platform.connection.id.clone(), found);
            platforms.insert(platform.connection.id.clone(), platform);
        }
        let store = SqliteStore::open(&dir.join("adjourn.db"))?;
        let keys = Arc::new(FileKeys::open(&dir.join("keys"), rng.clone())?);
        let links: BTreeMap<_, _> =
            platforms.iter().map(|(id, platform)| (id.clone(), platform.transport.clone())).collect();
        let stamps = Arc::new(HttpStamps::new(None, None, rng.clone()));
        let app = App {
            journal: Journal { store: Arc::new(store), keys: keys.clone(), rng },
            clock: clock.clone(),
            platforms: Arc::new(Host::new(
                compose::catalog(),
                Arc::new(DrillLinks(links)),
                keys.clone(),
                clock.clone(),
            )),
            inbox: Arc::new(FileInbox::new(&dir.join("bundles").join("inbox"))),
            vault: Arc::new(FileVault::new(&dir.join("bundles"), keys, stamps.clone())?),
            stamps,
            points: Arc::new(Quiet),
            progress: Arc::new(Quiet),
            policy: Policy::default(),
            profiles: Arc::new(profiles::BuiltIn),
            drill_rules: rules,
            around: Around {
                parties: Arc::new(SimParties::new(clock.clone(), parties())),
                words: Arc::new(CatalogWords { lang: out.lang }),
                organisation: Some(organisation(out)),
            },
        };
        Ok(Self { app, platforms, clock, secrets })
    }

    /// The connections.
    pub(super) fn connections(&self) -> Vec<Connection> {
        self.platforms.values().map(|platform| platform.connection.clone()).collect()
    }

    /// Secrets of a connection.
    pub(super) fn secrets(&self, id: &ConnectionId) -> BTreeMap<IdentityId, BTreeMap<String, String>> {
        self.secrets.get(id).cloned().unwrap_or_default()
    }

    /// The groups of the joint case, one on each platform.
    pub(super) fn groups(&self) -> Result<Vec<GroupId>, AppError> {
        PLATFORMS
            .iter()
            .filter_map(|name| self.platforms.get(&ConnectionId::from(*name)))
            .map(|platform| self.app.journal.keys.group_id(platform.connection.id.as_str(), &platform.group))
            .collect()
    }

    /// Whoever is asked acts, in the platform's own app. Returns whether somebody did.
    pub(super) async fn people_act(
        &self,
        groups: &[GroupState],
        case: &CaseId,
        signer: &dyn Signer,
        out: Out,
    ) -> Result<bool, AppError> {
        let mut acted = false;
        for group in groups {
            let Some(run) = &group.run else { continue };
            let Some((step, state)) =
                run.current().and_then(|at| run.part.steps.get(at).zip(run.steps.get(at)))
            else {
                continue;
            };
            if state.state != StepState::Person {
                continue;
            }
            let Some(platform) = self.platforms.get(&run.part.connection) else { continue };
            let at = self.clock.now();
            let name = describe::platform(out, run.part.platform.as_str(), true);
            {
                let mut simulator = platform.simulator.lock().unwrap_or_else(PoisonError::into_inner);
                if step.op == StepOp::Dissolve && run.part.platform.as_str() == "wechat" {
                    // A slip first: the platform wants the name exactly.
                    let slip = ClientAct::Dissolve {
                        typed_name: run.part.name.chars().rev().collect(),
                        qr_scanned: false,
                        phone_confirmed: false,
                        super_admin: None,
                    };
                    if let Err(refusal) = client(&mut **simulator, &run.part.native, "u-owner", &slip, at) {
                        out.line(msg::demo_person_slip(out.lang, &name, &refusal.says));
                    }
                }
                let op = step.op.op().unwrap_or(adjourn_domain::capability::Op::Verify);
                client_obeys(&mut **simulator, op, &run.part.native, at)
                    .map_err(|refusal| AppError::new("internal").with("says", refusal))?;
            }
            out.line(msg::demo_person_acts(out.lang, &name, out.word("step", step.op.slug())));
            let shown = format!("simulated screenshot: {} {} {at}\n", run.part.platform, step.id);
            let files = [("screenshot.txt".to_owned(), shown.into_bytes())];
            self.app.person_done(case, &group.id, &step.id, &files, BTreeMap::new(), signer).await?;
            acted = true;
        }
        Ok(acted)
    }
}

impl Stage {
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

type Found = BTreeMap<IdentityId, BTreeMap<String, String>>;

fn platform(name: &str, rules: fact::Rules, clock: &DrillClock) -> Result<(Platform, Found), AppError> {
    let missing = || AppError::new("platform.unknown").with("platform", name);
    let profile = profiles::profile(name)?;
    let spec = WorldSpec::of(name).ok_or_else(missing)?;
    let sim = ReferenceSim::new(Rules::from_profile(&profile, rules), &spec);
    let group = sim.world.group_ids().first().cloned().ok_or_else(missing)?;
    let connection = Connection {
        id: name.into(),
        platform: name.into(),
        settings: sim.settings(),
        identities: vec![
            IdentitySpec { id: "owner".into(), witness: false },
            IdentitySpec { id: "witness".into(), witness: true },
        ],
        class: "important".to_owned(),
        drill: true,
    };
    let mut secrets = BTreeMap::new();
    for identity in ["owner", "witness"] {
        let token = sim.secrets(&format!("{name}-{identity}"));
        let plain = token.into_iter().map(|(field, secret)| (field, secret.expose().to_owned())).collect();
        secrets.insert(IdentityId::from(identity), plain);
    }
    let simulator = share(Box::new(sim));
    let transport = Arc::new(SimTransport::new(simulator.clone(), clock.0.clone(), faults(name)));
    Ok((Platform { connection, simulator, transport, group }, secrets))
}

/// DingTalk loses two replies after the platform has acted: to the announcement, and to the dissolve.
fn faults(platform: &str) -> FaultPlan {
    if platform != "dingtalk" {
        return FaultPlan::default();
    }
    let lost = |path: &str| Fault {
        when: Matcher { method: Some("POST".to_owned()), path_contains: path.to_owned(), nth: Some(1) },
        what: FaultKind::ReplyLost,
    };
    FaultPlan(vec![lost("/announcements"), lost("/dissolve")])
}

/// The others who stand in the way, simulated: the finance system's first reply is lost.
fn parties() -> BTreeMap<Party, Behaviour> {
    let hour = 3600;
    BTreeMap::from([
        (Party::HomeSchool, Behaviour::Agrees(hour)),
        (Party::Finance, Behaviour::LosesReply(2 * hour)),
        (Party::EvidencePlatform, Behaviour::Agrees(60)),
        (Party::Audit, Behaviour::Agrees(hour)),
    ])
}

/// Who answers for the data in the drill. Invented.
fn organisation(out: Out) -> Organisation {
    Organisation {
        name: msg::demo_organisation(out.lang),
        contact: "office@example.org".to_owned(),
        archive: msg::demo_archive(out.lang),
        keep_months: 36,
        duty: msg::demo_duty(out.lang),
        utc_offset_minutes: 480,
    }
}

/// The virtual clock as the use cases' port.
struct DrillClock(Arc<VirtualClock>);

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
}

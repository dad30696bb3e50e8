//! A made inventory: the same groups for the same number, through the same events as a scan and a ledger write, many in one transaction. It is
//! simulated, as is everything that a page shows of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use adjourn_adapters::keys::FileKeys;
use adjourn_adapters::rng::SystemRng;
use adjourn_adapters::signer::KeySigner;
use adjourn_app::connecting::ConnectWish;
use adjourn_app::planning::PlanWish;
use adjourn_app::ports::Catalogue as _;
use adjourn_app::register::Rules;
use adjourn_app::{App, AppError};
use adjourn_domain::asset::{Asset, Day};
use adjourn_domain::case::CaseState;
use adjourn_domain::group::{Activity, Kind, Link, LinkKind, Member, Snapshot, Standing};
use adjourn_domain::ids::{CaseId, GroupId, NativeId, OwnerId};
use adjourn_domain::kinds::KindWish;
use adjourn_domain::plan::ReasonKind;
use adjourn_domain::register::{LEDGER, Registration};
use adjourn_domain::run::{GroupState, RunCommand};
use adjourn_domain::time::Time;

use crate::compose::{self, Connectors, Places};
use crate::config::Config;
use crate::out::Out;

/// Groups that are written in one transaction.
const BATCH: usize = 500;
/// Owners; each has about a thousandth of the groups.
const OWNERS: usize = 1000;
/// Members of a group that are named.
const MEMBERS: usize = 8;
/// Cases in review, and groups of each. They are known from a ledger only, so that a plan is drawn without a platform.
const CASES: usize = 8;
const CASE_GROUPS: usize = 5;
/// Groups under a hold.
const HELD: usize = 5;
/// Class of all groups.
const CLASS: &str = "important";
/// The connection.
const CONNECTION: &str = "wx";
/// Who signs in.
const REVIEWER: &str = "reviewer";
/// Seconds of a day.
const DAY_S: i64 = 86_400;
/// What names begin with, as people call groups here: project, department, customers, class.
const NAMES: [&str; 4] = [
    "\u{9879}\u{76ee}\u{7fa4}",
    "\u{90e8}\u{95e8}\u{7fa4}",
    "\u{5ba2}\u{6237}\u{7fa4}",
    "\u{73ed}\u{7ea7}\u{7fa4}",
];

/// The inventory.
pub(super) struct Seeded {
    pub(super) places: Places,
    /// The use cases over it, for whoever makes news.
    pub(super) app: App,
    pub(super) name: String,
    pub(super) password: String,
    pub(super) groups: Vec<GroupId>,
    cases: Vec<CaseId>,
    pub(super) events: u64,
    pub(super) seconds: f64,
}

impl Seeded {
    /// Makes it in empty folders.
    pub(super) async fn new(out: Out, places: &Places, groups: usize) -> Result<Self, AppError> {
        let begun = Instant::now();
        // Nobody wants to read its progress beside the report.
        let mut app = compose::app(places, &Config::default(), Out { json: true, ..out })?;
        app.journal.keys = Arc::new(FileKeys::open(&places.keys, Arc::new(SystemRng))?.hasty());
        let admin = people(&app).await?;
        let mut seeded = Self {
            places: places.clone(),
            name: REVIEWER.to_owned(),
            password: app.random_hex(16),
            groups: Vec::with_capacity(groups),
            cases: Vec::new(),
            events: 0,
            seconds: 0.0,
            app,
        };
        let reviewer = KeySigner::generate(&*seeded.app.journal.rng);
        seeded.app.add_principal(REVIEWER, "business", &reviewer, Some(&admin)).await?;
        let link = seeded.app.account_link(&reviewer.open_key()).await?;
        seeded.app.accept_invitation(&link, "", &seeded.password).await?;
        let now = seeded.app.clock.now();
        for from in (0..groups).step_by(BATCH) {
            seeded.write(from..groups.min(from + BATCH), now).await?;
        }
        for group in seeded.groups.iter().rev().take(HELD.min(groups / 4)) {
            seeded.app.add_hold(group, "2026-11", &admin).await?;
        }
        seeded.plan(&admin).await?;
        seeded.events = seeded.app.journal.end().await?.saturating_sub(1);
        seeded.seconds = begun.elapsed().as_secs_f64();
        Ok(seeded)
    }

    async fn write(&mut self, numbers: std::ops::Range<usize>, now: Time) -> Result<(), AppError> {
        let app = self.app.clone();
        let none = CaseState::new("c-none".into());
        let mut tx = app.journal.begin(now, "scan");
        for n in numbers {
            let snapshot = snapshot(n, now);
            let id = app.journal.keys.group_id(CONNECTION, &snapshot.native)?;
            let mut state = GroupState::new(id.clone());
            // Two of three are in the register.
            let registration = (n % 3 != 0).then(|| registration(n, now));
            let mut commands =
                vec![RunCommand::See { snapshot: Box::new(snapshot.clone()), class: CLASS.to_owned() }];
            commands.extend(registration.map(|registration| RunCommand::Register {
                snapshot: Box::new(snapshot),
                class: CLASS.to_owned(),
                registration: Box::new(registration),
            }));
            for command in commands {
                let events = state.decide(&none, command, now)?;
                state = tx.group(state, &events)?;
            }
            app.put_card(&mut tx, &state)?;
            self.groups.push(id);
        }
        tx.commit().await
    }

    async fn plan(&mut self, by: &KeySigner) -> Result<(), AppError> {
        // Whatever blocks a plan is left out: groups without an owner, and those under a hold.
        let free = (self.groups.len() - HELD.min(self.groups.len() / 4)).min(CASES * CASE_GROUPS);
        let owned = self.groups.iter().take(free).enumerate().filter(|(n, _)| n % 20 > 1);
        let owned: Vec<GroupId> = owned.map(|(_, group)| group.clone()).collect();
        for groups in owned.chunks(CASE_GROUPS).take(CASES) {
            let wish = PlanWish {
                groups: groups.to_vec(),
                reason: "bench".to_owned(),
                reason_kind: ReasonKind::ProjectEnded,
                announcement: "bench".to_owned(),
                languages: vec!["zh-CN".to_owned()],
                kinds: KindWish::default(),
                case: None,
            };
            let (plan, _) = self.app.plan(wish, by).await?;
            self.app.submit(&plan.case, by).await?;
            self.cases.push(plan.case);
        }
        Ok(())
    }

    /// A number of a group.
    pub(super) fn pick(&self, n: usize) -> usize {
        n % self.groups.len().max(1)
    }

    /// A group.
    pub(super) fn id(&self, n: usize) -> &str {
        self.groups.get(self.pick(n)).map_or("", GroupId::as_str)
    }

    /// A case.
    pub(super) fn case(&self, n: usize) -> &str {
        self.cases.get(n % self.cases.len().max(1)).map_or("", CaseId::as_str)
    }

    /// Something new about a group: somebody has done something in it. Gives the number of the row.
    pub(super) async fn news(&self, n: usize) -> Result<u64, AppError> {
        let id: GroupId = self.id(n).into();
        let state = self.app.journal.group(&id).await?;
        let now = self.app.clock.now();
        let mut snapshot = state.snapshot.clone().ok_or_else(|| AppError::new("group.unknown"))?;
        (snapshot.activity, snapshot.seen_at) = (Activity::At(now), now);
        let (class, none) = (state.class.clone(), CaseState::new("c-none".into()));
        let events = state.decide(&none, RunCommand::See { snapshot: Box::new(snapshot), class }, now)?;
        let mut tx = self.app.journal.begin(now, "scan");
        let state = tx.group(state, &events)?;
        self.app.put_card(&mut tx, &state)?;
        let written = self.app.journal.store.append(tx.into_append()).await?;
        Ok(written.last().map_or(0, |header| header.seq))
    }

    /// Size of the journal's file.
    pub(super) fn database_bytes(&self) -> u64 {
        std::fs::metadata(self.places.database()).map_or(0, |file| file.len())
    }
}

/// The first person, and the connection.
async fn people(app: &App) -> Result<KeySigner, AppError> {
    let admin = KeySigner::generate(&*app.journal.rng);
    app.add_principal("admin", "admin", &admin, None).await?;
    // Every review of an important group wants one.
    let compliance = KeySigner::generate(&*app.journal.rng);
    app.add_principal("compliance", "compliance", &compliance, Some(&admin)).await?;
    let offer = Connectors
        .offer("wechat")
        .ok_or_else(|| AppError::new("platform.unknown").with("platform", "wechat"))?;
    let wish = ConnectWish {
        name: CONNECTION.into(),
        settings: BTreeMap::from([("accounts".to_owned(), "main=wxid_main,second=wxid_second".to_owned())]),
        identity: "main".into(),
        witnesses: vec!["second".into()],
        secrets: BTreeMap::new(),
        class: CLASS.to_owned(),
    };
    app.connect(&offer, wish, &admin).await?;
    Ok(admin)
}

/// A number far from its neighbours' ones, the same in each run (Knuth's multiplicative hashing, The Art of Computer Programming 6.4).
pub(super) fn spread(n: usize) -> usize {
    n.wrapping_mul(2_654_435_761) % (1 << 31)
}

fn snapshot(n: usize, now: Time) -> Snapshot {
    let chance = spread(n);
    let ledger = n < CASES * CASE_GROUPS;
    let owner = |k: usize| NativeId(format!("wxid_{:04}", (chance / 7 + k) % OWNERS));
    let owners: Vec<NativeId> = match n % 20 {
        0 | 1 => Vec::new(),
        2..=5 => vec![owner(0), owner(1)],
        _ => vec![owner(0)],
    };
    let member = |k: usize| Member {
        id: if k == 0 { owner(0) } else { NativeId(format!("wxid_m{:05}", (chance / 11 + k) % 50_000)) },
        name: format!("m{k}"),
        standing: if k == 0 { Standing::Owner } else { Standing::Member },
        bot: false,
    };
    let link = Link { id: "l-1".into(), kind: LinkKind::Webhook, name: "build".to_owned(), own: false };
    // Nobody has told who owns one of twenty.
    let details = (n % 20 == 1).then(|| ("owner".to_owned(), "unknown".to_owned()));
    let days = i64::try_from(chance % 400).unwrap_or_default();
    let snapshot = Snapshot {
        platform: "wechat".into(),
        connection: CONNECTION.into(),
        native: NativeId(format!("chat-{n:06}")),
        name: Some(format!("{} {n}", NAMES.get(chance % NAMES.len()).copied().unwrap_or_default())),
        alias: None,
        kind: Kind::Ordinary,
        owners,
        members: (0..MEMBERS).map(member).collect(),
        links: if n.is_multiple_of(8) { vec![link] } else { Vec::new() },
        encrypted: false,
        activity: if n.is_multiple_of(10) {
            Activity::Unknown
        } else {
            Activity::At(Time::from_millis(now.as_millis() - days * DAY_S * 1000))
        },
        events: None,
        details: details.into_iter().collect(),
        seen_by: if ledger { LEDGER.into() } else { "main".into() },
        seen_at: now,
    };
    snapshot.sorted()
}

fn registration(n: usize, now: Time) -> Registration {
    let person = spread(n) / 7 % OWNERS;
    let owner = format!("o-{person:016x}");
    // Last days over the next year.
    let days = u64::try_from(spread(n) % 365).unwrap_or_default();
    let expires = Day::of(now.plus_secs(days * DAY_S.unsigned_abs()), Rules::default().utc_offset_minutes);
    Registration {
        owner: OwnerId(owner),
        owner_name: format!("owner {person}"),
        contact: format!("owner{person}@example.org"),
        purpose: Some("bench".to_owned()),
        kind: None,
        ledger: None,
        row: 0,
        asset: Asset {
            unit: Some(format!("unit {}", person % 40)),
            expires: Some(expires),
            ..Asset::default()
        },
    }
}

//! The simulated platform, on a socket.

use std::sync::Arc;

use adjourn_connectors::reference::ReferenceSim;
use adjourn_domain::group::Kind;
use adjourn_domain::time::Time;
use adjourn_sim::{FaultPlan, PacedClock, Server, Shared};
use adjourn_world::{AccountSpec, GroupSpec, Rules, TokenSpec, WorldSpec};
use serde_json::json;

use crate::ledgers::words;
use crate::{ALL, now};

/// A platform without a dissolve in its API, on a socket.
pub(crate) struct Platform {
    pub(crate) simulator: Shared,
    pub(crate) url: String,
    /// Which platform it plays.
    pub(crate) plays: &'static str,
    /// The rules that it goes by.
    pub(crate) rules: Rules,
    _runtime: tokio::runtime::Runtime,
}

fn rules(confirm: &str) -> Rules {
    serde_json::from_value(
        json!({"dissolve.api": "none", "dissolve.confirm": confirm, "recovery.seconds": 0}),
    )
    .unwrap()
}

pub(crate) fn platform() -> Platform {
    let name = words()["group"].as_str().unwrap().to_owned();
    Platform::start("wechat", "type_name", (0..ALL).map(|n| (n, format!("{name} {n}"))))
}

impl Platform {
    /// A platform with these groups, whose native ids are `r-N`.
    pub(crate) fn start(
        plays: &'static str,
        confirm: &str,
        groups: impl Iterator<Item = (usize, String)>,
    ) -> Self {
        Self::of(plays, rules(confirm), FaultPlan::none(), groups)
    }

    /// The same, with an API that dissolves.
    pub(crate) fn native(groups: impl Iterator<Item = (usize, String)>) -> Self {
        let rules = serde_json::from_value(json!({"recovery.seconds": 0})).unwrap();
        Self::of("wechat", rules, FaultPlan::none(), groups)
    }

    /// The same under these rules, with what goes wrong on the way to it.
    pub(crate) fn of(
        plays: &'static str,
        rules: Rules,
        faults: FaultPlan,
        groups: impl Iterator<Item = (usize, String)>,
    ) -> Self {
        let account =
            |id: &str| AccountSpec { id: id.to_owned(), name: id.to_owned(), ..AccountSpec::default() };
        let token = |account: &str, scopes: &[&str]| TokenSpec {
            token: format!("token-{account}"),
            account: account.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            expired: false,
        };
        let spec = WorldSpec {
            platform: plays.to_owned(),
            start: Time::parse("2026-01-01T00:00:00Z").unwrap(),
            accounts: vec![account("boss"), account("eye"), account("ann")],
            tokens: vec![token("boss", &["read", "post", "manage"]), token("eye", &["read"])],
            groups: groups
                .map(|(n, name)| GroupSpec {
                    id: format!("r-{n}"),
                    name: Some(name),
                    kind: Kind::Ordinary,
                    owner: "boss".to_owned(),
                    members: vec!["eye".to_owned(), "ann".to_owned()],
                    records: 3,
                    ..GroupSpec::default()
                })
                .collect(),
            lines: vec!["hello".to_owned()],
            file: "a.txt".to_owned(),
        };
        let simulator = adjourn_sim::share(Box::new(ReferenceSim::new(rules.clone(), &spec)));
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let served = simulator.clone();
        let clock = PacedClock::new(Arc::new(now), None, 1);
        runtime.spawn(Server::new(served, clock).faults(faults).run(listener, std::future::pending()));
        Self { simulator, url, plays, rules, _runtime: runtime }
    }
}

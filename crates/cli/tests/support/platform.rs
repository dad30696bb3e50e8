//! The simulated platform, on a socket.

use std::sync::Arc;

use adjourn_connectors::reference::ReferenceSim;
use adjourn_domain::time::Time;
use adjourn_sim::{FaultPlan, PacedClock, Server, Shared};
use adjourn_world::{AccountSpec, GroupSpec, Rules, TokenSpec, WorldSpec};
use serde_json::json;

use super::now;

/// A simulated platform, on a socket.
pub(crate) struct Platform {
    pub(crate) simulator: Shared,
    pub(crate) url: String,
    /// Which platform it plays.
    pub(crate) plays: &'static str,
    /// The rules that it goes by.
    pub(crate) rules: Rules,
    _runtime: tokio::runtime::Runtime,
}

impl Platform {
    /// The settings of a connection to it, as `--set` takes them.
    pub(crate) fn settings(&self) -> [String; 3] {
        let rules = serde_json::to_string(&self.rules).unwrap();
        [format!("url={}", self.url), format!("platform={}", self.plays), format!("rules={rules}")]
    }

    /// The platform `plays`, under these rules, with these groups and what goes wrong on the way to it. Everybody is in
    /// every group: `boss`, `eye`, `ann`.
    pub(crate) fn on(plays: &'static str, rules: Rules, faults: FaultPlan, groups: Vec<GroupSpec>) -> Self {
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
            groups,
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

/// The rules of a platform without a dissolve in its API, with this confirmation in its app.
pub(crate) fn by_hand(confirm: &str) -> Rules {
    serde_json::from_value(
        json!({"dissolve.api": "none", "dissolve.confirm": confirm, "recovery.seconds": 0}),
    )
    .unwrap()
}

/// A group of everybody, with an owner.
pub(crate) fn group(id: &str, name: &str, owner: &str) -> GroupSpec {
    let others = ["boss", "eye", "ann"].into_iter().filter(|account| *account != owner);
    GroupSpec {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        owner: owner.to_owned(),
        members: others.map(str::to_owned).collect(),
        records: 3,
        ..GroupSpec::default()
    }
}

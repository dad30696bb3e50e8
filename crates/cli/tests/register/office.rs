//! An installation: the built binary over a folder, and a simulated platform on a socket.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use adjourn_adapters::clock::SystemClock;
use adjourn_app::ports::Clock as _;
use adjourn_connectors::reference::ReferenceSim;
use adjourn_domain::time::Time;
use adjourn_sim::{PacedClock, Server, Shared};
use adjourn_world::{AccountSpec, ClientAct, GroupSpec, Rules, TokenSpec, WorldSpec, client};
use serde_json::{Value, json};

pub(crate) fn now() -> Time {
    SystemClock.now()
}

/// An installation in a folder.
pub(crate) struct Office {
    dir: tempfile::TempDir,
    platform: Option<Platform>,
}

struct Platform {
    simulator: Shared,
    _runtime: tokio::runtime::Runtime,
}

impl Office {
    /// Somebody who registers, and a connection `q` to a platform with these groups: id, name, owner.
    pub(crate) fn new(groups: &[(&str, &str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("data")).unwrap();
        let mut office = Self { dir, platform: None };
        let key = office.path("root.key");
        let args = ["principal", "add", "root", "--role", "admin", "--key-out", key.to_str().unwrap()];
        assert_eq!(office.run(&args).0, 0);
        office.connect(groups);
        office
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs a verb in English; the exit code and the document, or the error's.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, Value) {
        self.run_in("en", args)
    }

    pub(crate) fn run_in(&self, lang: &str, args: &[&str]) -> (i32, Value) {
        let (code, out, err) = self.output(lang, &[&["--json"], args].concat());
        let text = if out.is_empty() { err } else { out };
        (code, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{args:?}: {text}")))
    }

    /// Runs a verb; what it says to people.
    pub(crate) fn says(&self, lang: &str, args: &[&str]) -> String {
        let (_, out, err) = self.output(lang, args);
        format!("{out}{err}")
    }

    fn output(&self, lang: &str, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
        command.arg("--data").arg(self.path("data")).args(["--lang", lang]).args(args).env_clear();
        if self.path("root.key").exists() {
            command.arg("--key").arg(self.path("root.key"));
        }
        let output = command.current_dir(self.dir.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// A verb to be run without a key.
    pub(crate) fn command(&self, _who: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
        command.arg("--data").arg(self.path("data")).args(["--json", "--lang", "en"]).args(args);
        command.env_clear().current_dir(self.dir.path());
        command
    }

    /// Somebody does something in the platform's app.
    pub(crate) fn person(&self, group: &str, who: &str, act: &ClientAct) {
        let mut simulator = self.platform.as_ref().unwrap().simulator.lock().unwrap();
        client(&mut **simulator, &group.into(), who, act, now()).unwrap();
    }

    fn connect(&mut self, groups: &[(&str, &str, &str)]) {
        let rules: Rules = serde_json::from_value(
            json!({"dissolve.api": "none", "dissolve.confirm": "type_name", "recovery.seconds": 0}),
        )
        .unwrap();
        let account =
            |id: &str| AccountSpec { id: id.to_owned(), name: id.to_owned(), ..AccountSpec::default() };
        let token = |account: &str, scopes: &[&str]| TokenSpec {
            token: format!("token-{account}"),
            account: account.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            expired: false,
        };
        let others = |owner: &str| {
            ["boss", "eye", "ann"].into_iter().filter(|id| *id != owner).map(str::to_owned).collect()
        };
        let spec = WorldSpec {
            platform: "qq".to_owned(),
            start: Time::parse("2026-01-01T00:00:00Z").unwrap(),
            accounts: vec![account("boss"), account("eye"), account("ann")],
            tokens: vec![token("boss", &["read", "post", "manage"]), token("eye", &["read"])],
            groups: groups
                .iter()
                .map(|(id, name, owner)| GroupSpec {
                    id: (*id).to_owned(),
                    name: Some((*name).to_owned()),
                    owner: (*owner).to_owned(),
                    members: others(owner),
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
        let url = format!("url=http://{}", listener.local_addr().unwrap());
        let clock = PacedClock::new(Arc::new(now), None, 1);
        runtime.spawn(Server::new(simulator.clone(), clock).run(listener, std::future::pending()));
        self.platform = Some(Platform { simulator, _runtime: runtime });
        for account in ["boss", "eye"] {
            self.write(&format!("{account}.token"), format!("token-{account}"));
        }
        let rules = format!("rules={}", serde_json::to_string(&rules).unwrap());
        let mut args = vec!["connect", "add", "q", "reference", "--class", "important"];
        for setting in [url.as_str(), "platform=qq", rules.as_str()] {
            args.extend(["--set", setting]);
        }
        args.extend([
            "--secret",
            "main.token=@boss.token",
            "--witness",
            "eye",
            "--secret",
            "eye.token=@eye.token",
        ]);
        let (code, said) = self.run(&args);
        assert_eq!(code, 0, "{said}");
    }
}

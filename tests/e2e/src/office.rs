//! An organisation with four people and a connection, driven through the binary alone: what every end-to-end test begins with.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Adjourn, Output, Synapse, TempDir, Tsa, tempdir};

/// Durations that a test can wait for; the bundle says which they were.
const POLICY: &str = r#"
[policy.important]
cooling_off_s = 1
observation_s = 3
probes_s = [0, 1, 3]
members_drift_percent = 10
settle_s = 1
patience_s = 4
[policy.important.review]
rules = [{ role = "business", count = 1 }, { role = "compliance", count = 1 }]
"#;

/// An organisation.
pub struct Office {
    dir: TempDir,
    environment: Vec<(String, String)>,
}

impl Office {
    /// With principals, and time stamps from `tsa`.
    pub fn new(tsa: Option<&Tsa>) -> Self {
        let office = Self { dir: tempdir(), environment: Vec::new() };
        std::fs::create_dir_all(office.data()).unwrap();
        let mut config = POLICY.to_owned();
        if let Some(tsa) = tsa {
            config.push_str(&format!(
                "[timestamp]\nurl = \"{}\"\nca = \"{}\"\n",
                tsa.url(),
                tsa.ca_path().display()
            ));
        }
        std::fs::write(office.data().join("config.toml"), config).unwrap();
        let add = |name: &str, role: &str| {
            let key = office.key(name);
            let admin = office.key("admin");
            let mut args = vec!["principal", "add", name, "--role", role, "--key-out", &key];
            if name != "admin" {
                args.extend(["--key", &admin]);
            }
            office.adjourn().json(0, &args);
        };
        add("admin", "admin");
        add("requester", "requester");
        add("business", "business");
        add("compliance", "compliance");
        office
    }

    /// An environment variable for every call.
    pub fn env(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// No more environment variables.
    pub fn clear_env(&mut self) {
        self.environment.clear();
    }

    /// The folder in which everything of this office lies.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The bundles' folder.
    pub fn bundles(&self) -> PathBuf {
        self.dir.path().join("data-bundles")
    }

    /// The key file of a person.
    pub fn key(&self, name: &str) -> String {
        self.dir.path().join(format!("{name}.key")).display().to_string()
    }

    /// The binary over this office's data.
    pub fn adjourn(&self) -> Adjourn {
        let mut adjourn = Adjourn::new(self.data());
        for (name, value) in &self.environment {
            adjourn = adjourn.env(name, value);
        }
        adjourn
    }

    /// Runs a verb as somebody.
    pub fn run(&self, who: &str, args: &[&str]) -> Output {
        let key = self.key(who);
        let mut all = args.to_vec();
        all.extend(["--key", &key]);
        self.adjourn().run(&all)
    }

    /// Runs a verb as somebody and reads its JSON; panics unless it ends with `code`.
    pub fn json(&self, who: &str, code: i32, args: &[&str]) -> Value {
        let key = self.key(who);
        let mut all = args.to_vec();
        all.extend(["--key", &key]);
        self.adjourn().json(code, &all)
    }

    /// Connects the homeserver, or whatever stands in front of it at `url`, and scans it.
    pub fn connect(&self, synapse: &Synapse, url: &str) {
        for who in ["root", "witness"] {
            std::fs::write(self.dir.path().join(format!("{who}.token")), synapse.token(who)).unwrap();
        }
        let source = |identity: &str, who: &str| {
            format!("{identity}.token=@{}", self.dir.path().join(format!("{who}.token")).display())
        };
        let url = format!("url={url}");
        let (main, second) = (source("main", "root"), source("second", "witness"));
        self.json(
            "admin",
            0,
            &[
                "connect",
                "add",
                "hs",
                "matrix",
                "--set",
                &url,
                "--set",
                "bots=@helper-bot:peers.test",
                "--identity",
                "main",
                "--secret",
                &main,
                "--witness",
                "second",
                "--secret",
                &second,
            ],
        );
        self.json("admin", 0, &["scan", "hs"]);
    }

    /// Plans the end of a group, submits it, and has it approved by both. Returns the case and the plan's hash.
    pub fn approved(&self, group: &str) -> (String, String) {
        let plan = self.json("requester", 2, &["plan", group, "--reason", "项目结束"]);
        let case = plan["case"].as_str().unwrap().to_owned();
        self.json("requester", 3, &["submit", &case]);
        self.json("business", 3, &["approve", &case]);
        self.json("compliance", 0, &["approve", &case]);
        (case, plan["hash"].as_str().unwrap().to_owned())
    }
}

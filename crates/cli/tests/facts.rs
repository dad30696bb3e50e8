//! `facts` as scripts use it: what acts, what the organisation says instead, what is stale, what a how-to claims.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// An installation of its own, gone with the test.
struct Office(PathBuf);

impl Office {
    fn new(name: &str) -> Self {
        let dir = std::env::temp_dir().join(format!("adjourn-facts-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    fn run(&self, key: Option<&Path>, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
        command.env_clear().args(["--data", self.0.join("data").to_str().unwrap(), "--lang", "en"]);
        if let Some(key) = key {
            command.args(["--key", key.to_str().unwrap()]);
        }
        command.args(args).output().unwrap()
    }

    fn json(&self, key: Option<&Path>, args: &[&str]) -> Value {
        let output = self.run(key, &[&["--json"], args].concat());
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn code(&self, key: Option<&Path>, args: &[&str]) -> (i32, String) {
        let output = self.run(key, &[&["--json"], args].concat());
        let body: Value = serde_json::from_slice(&output.stderr).unwrap();
        (
            output.status.code().unwrap(),
            body.pointer("/error/code").and_then(Value::as_str).unwrap().to_owned(),
        )
    }

    fn person(&self, name: &str, role: &str, by: Option<&Path>) -> PathBuf {
        let added = self.json(by, &["principal", "add", name, "--role", role]);
        PathBuf::from(added.get("key").and_then(Value::as_str).unwrap())
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const KEY: &str = "recovery.seconds";

#[test]
fn an_admin_overrides_a_fact_and_takes_it_back_and_nobody_else_does() {
    let office = Office::new("override");
    let admin = office.person("li", "admin", None);
    let other = office.person("wu", "business", Some(&admin));
    let set = ["facts", "override", "qq", KEY, "3600", "--reason", "seen on our own group"];
    assert_eq!(office.code(None, &set), (1, "principal.missing".to_owned()));
    assert_eq!(office.code(Some(&other), &set), (4, "approval.role".to_owned()));
    let wrong = ["facts", "override", "qq", KEY, "soon", "--reason", "x"];
    assert_eq!(office.code(Some(&admin), &wrong), (1, "facts.value".to_owned()));
    let nowhere = ["facts", "override", "icq", KEY, "1", "--reason", "x"];
    assert_eq!(office.code(Some(&admin), &nowhere), (1, "facts.unknown".to_owned()));

    assert_eq!(office.json(Some(&admin), &set)["value"], 3600);
    let shown = office.json(None, &["facts", "qq", "--only", KEY]);
    let says = &shown["overrides"][0];
    assert_eq!((&says["value"], &says["reason"]), (&3600.into(), &"seen on our own group".into()));
    assert!(says["by"].as_str().unwrap().starts_with("p-") && says["at"].is_string());
    // Every finding stays, and none of them acts.
    let facts = shown["facts"].as_array().unwrap();
    assert_eq!(facts.len(), 3);
    assert!(facts.iter().all(|fact| fact["acts"] == Value::Array(Vec::new())), "{facts:?}");
    let text = String::from_utf8(office.run(None, &["facts", "qq", "--only", KEY]).stdout).unwrap();
    assert!(text.contains("said by li") && text.contains("seen on our own group"), "{text}");

    let back = ["facts", "retract", "qq", KEY, "--reason", "it was another group"];
    office.json(Some(&admin), &back);
    assert_eq!(office.code(Some(&admin), &back), (1, "facts.not_overridden".to_owned()));
    let shown = office.json(None, &["facts", "qq", "--only", KEY]);
    assert_eq!(shown["overrides"], Value::Array(Vec::new()));
    let acting: Vec<_> = shown["facts"].as_array().unwrap().iter().map(|fact| fact["acts"].clone()).collect();
    assert_eq!(
        acting,
        [serde_json::json!(["declared"]), serde_json::json!([]), serde_json::json!(["confirmed"])]
    );
}

#[test]
fn a_fact_is_stale_when_its_source_was_checked_too_long_ago() {
    let office = Office::new("stale");
    let never = office.file("never.toml", b"[facts]\nstale_days = 36500\n");
    let soon = office.file("soon.toml", b"[facts]\nstale_days = 0\n");
    for (config, stale) in [(never, false), (soon, true)] {
        let shown = office.json(None, &["--config", &config, "facts", "wechat"]);
        let facts = shown["facts"].as_array().unwrap();
        assert!(facts.iter().all(|fact| fact["stale"] == stale), "{config}");
        let text =
            String::from_utf8(office.run(None, &["--config", &config, "facts", "wechat"]).stdout).unwrap();
        assert_eq!(text.contains("stale"), stale, "{config}");
        // Asking made no folder.
        assert!(!office.0.join("data").exists());
    }
}

#[test]
fn the_rules_differ_fact_by_fact_over_all_platforms() {
    let office = Office::new("differences");
    let all = office.json(None, &["facts", "--differences"]);
    let platforms = all["platforms"].as_array().unwrap();
    assert_eq!(platforms.len(), 5);
    let qq = platforms.iter().find(|of| of["platform"] == "qq").unwrap();
    let who = qq["differences"].as_array().unwrap().iter().find(|of| of["key"] == "dissolve.who").unwrap();
    assert_eq!(
        (&who["declared"]["value"], &who["confirmed"]["value"]),
        (&"owner_or_admin".into(), &"owner".into())
    );
    assert_eq!(office.code(None, &["facts"]), (1, "usage".to_owned()));
}

#[test]
fn a_how_to_is_checked_and_what_cannot_be_read_is_refused() {
    let office = Office::new("check");
    let text = b"\xef\xbb\xbfA dissolved QQ group can be restored within 24 hours.\r\n";
    let checked = office.json(None, &["facts", "check", &office.file("how-to.txt", text)]);
    let claim = &checked["claims"][0];
    assert_eq!(
        (&claim["mark"], &claim["line"], &claim["platform"]),
        (&"outdated".into(), &1.into(), &"qq".into())
    );
    assert_eq!(claim["known"][0]["ended"], "2023-10-13");
    assert_eq!(checked["counts"]["outdated"], 1);

    let nothing = office.file("nothing.txt", b"Bread is made of flour.");
    let output = office.run(None, &["facts", "check", &nothing]);
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("No claim found"));

    let gbk = office.file("gbk.txt", b"\xce\xa2\xd0\xc5\xc8\xba");
    assert_eq!(office.code(None, &["facts", "check", &gbk]), (1, "usage".to_owned()));
    let long = office.file("long.txt", &vec![b'a'; 4 * 1024 * 1024 + 1]);
    assert_eq!(office.code(None, &["facts", "check", &long]), (1, "usage".to_owned()));
    let missing = office.0.join("missing.txt");
    assert_eq!(office.code(None, &["facts", "check", missing.to_str().unwrap()]).1, "io");
}

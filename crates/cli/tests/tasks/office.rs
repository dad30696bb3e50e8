//! An installation: the built binary over a folder.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::platform::Platform;

/// An installation in a folder.
pub(crate) struct Office {
    dir: tempfile::TempDir,
}

impl Office {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("data")).unwrap();
        let policy = "[policy.important]\ncooling_off_s = 0\nobservation_s = 1\nprobes_s = [0, 1]\n\
                      members_drift_percent = 10\nsettle_s = 0\npatience_s = 60\n\
                      [policy.important.review]\ntyped_confirmation = false\n\
                      rules = [{role = \"business\", count = 1}, {role = \"compliance\", count = 1}]\n";
        std::fs::write(dir.path().join("data/config.toml"), policy).unwrap();
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn command(&self, who: &str, args: &[&str]) -> Command {
        self.command_in("en", who, args)
    }

    pub(crate) fn command_in(&self, lang: &str, who: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
        command.arg("--data").arg(self.path("data")).args(["--json", "--lang", lang]);
        if !who.is_empty() {
            command.arg("--key").arg(self.path(&format!("{who}.key")));
        }
        command.args(args).env_clear().current_dir(self.dir.path());
        command
    }

    /// Runs a verb; the exit code and the document, or the error's.
    pub(crate) fn run(&self, who: &str, args: &[&str]) -> (i32, Value) {
        let output = self.command(who, args).output().unwrap();
        let text = if output.stdout.is_empty() { &output.stderr } else { &output.stdout };
        let document = serde_json::from_slice(text)
            .unwrap_or_else(|_| panic!("{args:?}: {}", String::from_utf8_lossy(text)));
        (output.status.code().unwrap(), document)
    }

    pub(crate) fn staffed(&self, platform: &Platform) {
        self.people();
        self.connect("wx", platform);
    }

    /// Adds policy to the configuration.
    pub(crate) fn configure(&self, from: &str, to: &str) {
        let path = self.path("data/config.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from));
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    /// Those who ask, review and look after it.
    pub(crate) fn people(&self) {
        for (who, role) in
            [("root", "admin"), ("asker", "requester"), ("biz", "business"), ("comp", "compliance")]
        {
            let by = if who == "root" { "" } else { "root" };
            let key = self.path(&format!("{who}.key"));
            let args = ["principal", "add", who, "--role", role, "--key-out", key.to_str().unwrap()];
            assert_eq!(self.run(by, &args).0, 0);
        }
    }

    /// A connection to a simulated platform.
    pub(crate) fn connect(&self, name: &str, platform: &Platform) {
        for account in ["boss", "eye"] {
            std::fs::write(self.path(&format!("{account}.token")), format!("token-{account}")).unwrap();
        }
        let url = format!("url={}", platform.url);
        let rules = format!("rules={}", serde_json::to_string(&platform.rules).unwrap());
        let plays = format!("platform={}", platform.plays);
        let args = [
            "connect",
            "add",
            name,
            "reference",
            "--set",
            &url,
            "--set",
            &plays,
            "--set",
            &rules,
            "--secret",
            "main.token=@boss.token",
            "--witness",
            "eye",
            "--secret",
            "eye.token=@eye.token",
        ];
        let (code, said) = self.run("root", &args);
        assert_eq!(code, 0, "{said}");
    }

    pub(crate) fn approved(&self, groups: &[String]) -> String {
        let mut args = vec!["plan"];
        args.extend(groups.iter().map(String::as_str));
        args.extend(["--reason", "the project has ended"]);
        let (code, plan) = self.run("asker", &args);
        assert_eq!(code, 2, "{plan}");
        let case = plan["case"].as_str().unwrap().to_owned();
        assert_eq!(self.run("asker", &["submit", &case]).0, 3);
        assert_eq!(self.run("biz", &["approve", &case]).0, 3);
        assert_eq!(self.run("comp", &["approve", &case]).0, 0);
        case
    }
}

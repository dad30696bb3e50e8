//! An installation: the built binary over a folder.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::platform::Platform;

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

    /// A verb in English, with JSON.
    pub(crate) fn command(&self, who: &str, args: &[&str]) -> Command {
        let mut command = self.adjourn("en", who);
        command.arg("--json").args(args);
        command
    }

    /// The binary in this language, as somebody; with nobody's key if `who` is empty.
    pub(crate) fn adjourn(&self, lang: &str, who: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
        command.arg("--data").arg(self.path("data")).args(["--lang", lang]);
        if !who.is_empty() {
            command.arg("--key").arg(self.path(&format!("{who}.key")));
        }
        command.env_clear().current_dir(self.dir.path());
        command
    }

    /// Runs a verb in English; the exit code and the document, or the error's.
    pub(crate) fn run(&self, who: &str, args: &[&str]) -> (i32, Value) {
        self.run_in("en", who, args)
    }

    /// The same in this language.
    pub(crate) fn run_in(&self, lang: &str, who: &str, args: &[&str]) -> (i32, Value) {
        let output = self.adjourn(lang, who).arg("--json").args(args).output().unwrap();
        let text = if output.stdout.is_empty() { &output.stderr } else { &output.stdout };
        let document = serde_json::from_slice(text)
            .unwrap_or_else(|_| panic!("{args:?}: {}", String::from_utf8_lossy(text)));
        (output.status.code().unwrap(), document)
    }

    /// Adds somebody. The first one is `root`, who adds the others.
    pub(crate) fn add(&self, who: &str, role: &str) {
        let by = if who == "root" { "" } else { "root" };
        let key = self.path(&format!("{who}.key"));
        let args = ["principal", "add", who, "--role", role, "--key-out", key.to_str().unwrap()];
        assert_eq!(self.run(by, &args).0, 0);
    }

    /// A connection to a simulated platform.
    pub(crate) fn connect(&self, name: &str, platform: &Platform) {
        for account in ["boss", "eye"] {
            std::fs::write(self.path(&format!("{account}.token")), format!("token-{account}")).unwrap();
        }
        let [url, plays, rules] = platform.settings();
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
}

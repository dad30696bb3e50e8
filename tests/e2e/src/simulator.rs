//! `adjourn sim` in the background: a simulated platform on a socket, with a phone for each of its people.

use std::time::Duration;

use serde_json::Value;

use crate::adjourn::{Adjourn, Output, Running};
use crate::peers::{tempdir, wait_for};

/// A running simulator. Killed when dropped.
#[derive(Debug)]
pub struct Simulator {
    running: Running,
    address: String,
    _home: tempfile::TempDir,
}

impl Simulator {
    /// Starts `adjourn sim PLATFORM ARGUMENTS…` on a port of its own.
    #[track_caller]
    pub fn start(platform: &str, arguments: &[&str]) -> Self {
        Self::start_at("127.0.0.1:0", platform, arguments)
    }

    /// The same on this port, where another one was before.
    #[track_caller]
    pub fn start_at(listen: &str, platform: &str, arguments: &[&str]) -> Self {
        let home = tempdir();
        let mut all = vec!["--lang", "zh-CN", "sim", platform, "--listen", listen, "--json"];
        all.extend(arguments);
        let mut running = Adjourn::new(home.path().join("data")).spawn(&all);
        running.wait_for_text("\"simulated\": true", Duration::from_secs(20));
        let first =
            wait_for(Duration::from_secs(5), || serde_json::from_str::<Value>(&running.stdout()).ok());
        let first = first.unwrap_or_else(|| panic!("no whole document: {}", running.stdout()));
        let address = first["address"].as_str().expect("an address").to_owned();
        Self { running, address, _home: home }
    }

    /// Where it listens: `127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The address of a page or an endpoint.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Somebody's phone.
    pub fn phone(&self, account: &str) -> String {
        self.url(&format!("/phone/{account}"))
    }

    /// Ends it as whoever runs services would, and gives what it counted.
    #[track_caller]
    pub fn end(self) -> (Value, Output) {
        self.running.terminate();
        let output = self.running.wait(Duration::from_secs(20));
        let documents: Vec<Value> =
            serde_json::Deserializer::from_str(&output.stdout).into_iter().map(Result::unwrap).collect();
        let last = documents.last().cloned().unwrap_or_else(|| panic!("{output}"));
        (last, output)
    }
}

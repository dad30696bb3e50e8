//! This binary as `serve`, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use adjourn_app::AppError;
use serde_json::Value;

use super::client::Client;
use super::process::{Process, binary};
use crate::compose::Places;

/// Lines of the document that it begins with, at most.
const MAX_LINES: usize = 20;

/// A running `serve`; ended when it is dropped.
pub(super) struct Served {
    child: Child,
    pub(super) process: Process,
    /// Where it listens.
    pub(super) address: String,
    /// Until it listened.
    pub(super) start_ms: f64,
}

impl Served {
    pub(super) fn start(places: &Places) -> Result<Self, AppError> {
        let binary = binary()?;
        let io = |error: std::io::Error| AppError::io(&error, binary.display());
        let begun = Instant::now();
        let mut child = Command::new(&binary)
            .arg("--data")
            .arg(&places.data)
            .arg("--keys")
            .arg(&places.keys)
            .arg("--bundles")
            .arg(&places.bundles)
            .args(["--json", "serve", "--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(io)?;
        let said = child.stdout.take().map(BufReader::new);
        let process = Process(child.id());
        let mut served = Self { child, process, address: String::new(), start_ms: 0.0 };
        let mut text = String::new();
        for line in said.into_iter().flat_map(BufReader::lines).take(MAX_LINES) {
            text.push_str(&line.map_err(io)?);
            if let Ok(said) = serde_json::from_str::<Value>(&text) {
                let address = said.get("address").and_then(Value::as_str);
                address.unwrap_or_default().clone_into(&mut served.address);
                break;
            }
        }
        served.start_ms = begun.elapsed().as_secs_f64() * 1e3;
        if served.address.is_empty() {
            return Err(AppError::new("internal").with("says", "serve does not listen"));
        }
        Ok(served)
    }

    /// Signs somebody in, and gives the cookie of the session.
    pub(super) async fn sign_in(&self, name: &str, password: &str) -> Result<String, AppError> {
        let mut client = Client::new(&self.address, "");
        let answer = client.post("/sign-in", &format!("name={name}&password={password}")).await?;
        let cookie = answer.cookie.filter(|_| answer.status == 303);
        cookie.ok_or_else(|| AppError::new("internal").with("says", format!("sign-in: {}", answer.status)))
    }

    /// Ends it, and waits until it is gone.
    pub(super) async fn end(mut self) -> Result<(), AppError> {
        let ended = tokio::task::spawn_blocking(move || {
            self.kill();
        });
        ended.await.map_err(|error| AppError::new("internal").with("says", error))
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

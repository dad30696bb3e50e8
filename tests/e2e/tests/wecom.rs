//! WeCom: a client that nobody here wrote (wechatpy), against our simulator on a socket.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests and their helpers")]

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use adjourn_e2e::{Adjourn, Running, tempdir, workspace_root};
use serde_json::{Value, json};

/// Group that the simulated app made.
const CHAT: &str = "opsroom2026";
/// A customer group of the simulated organisation.
const CUSTOMERS: &str = "wrOgQhDgAAcwMTB7YmDkbeBsgTAAAA";

/// Starts `adjourn sim wecom` on a port of its own; gives the address.
fn simulator(home: &tempfile::TempDir) -> (Running, String) {
    let world = workspace_root().join("crates/connectors/src/wecom/fixtures/world.json");
    let world = world.to_str().expect("a path in UTF-8");
    let arguments = ["sim", "wecom", "--listen", "127.0.0.1:0", "--json", "--world", world];
    let mut running = Adjourn::new(home.path().join("data")).spawn(&arguments);
    running.wait_for_text("\"simulated\": true", Duration::from_secs(20));
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        let text = running.stdout();
        let mut documents = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        if let Some(Ok(first)) = documents.next() {
            let address = first["address"].as_str().expect("an address").to_owned();
            return (running, address);
        }
        assert!(Instant::now() < until, "no whole document: {text}");
    }
}

/// The Python with `wechatpy` in it, from `scripts/peers/install.sh`.
fn python() -> PathBuf {
    let peers =
        std::env::var_os("ADJOURN_PEERS").map_or_else(|| workspace_root().join(".peers"), PathBuf::from);
    let python = peers.join("clients/bin/python");
    assert!(python.is_file(), "no clients in {}: run scripts/peers/install.sh", peers.display());
    python
}

/// What the client says, one document.
fn client(arguments: &[&str]) -> Value {
    let script = workspace_root().join("tests/e2e/clients/wecom.py");
    let output = Command::new(python()).arg(script).args(arguments).output().expect("the script starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).expect("one document")
}

#[test]
fn a_client_of_others_reads_announces_and_transfers_and_is_refused_by_number() {
    let home = tempdir();
    let (_running, address) = simulator(&home);
    let said = client(&[&address, "ww5a1e0f1ca7ed0001", "secret-of-the-app", CHAT, CUSTOMERS]);
    let wanted = json!({
        "owner": "ChenMin",
        "members": 7,
        "sent": 0,
        "given": 0,
        "owner_after": "LiQiang",
        "made": "fresh2026",
        "groups": ["wrOgQhDgAAMYQiS5ol9G7gK9JVQUAAAA", CUSTOMERS, "wrOgQhDgAAqwMTB7YmDkbeBsgTBBBB"],
        "outside": 2,
        "missing": 86003,
        "stranger": 86005,
        "empty": 44004,
        "wrong_secret": 40001,
    });
    assert_eq!(said, wanted);
}

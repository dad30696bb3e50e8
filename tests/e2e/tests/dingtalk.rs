//! DingTalk: its own SDK, which nobody here wrote, against our simulator on a socket.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use adjourn_e2e::{Adjourn, Running, tempdir, workspace_root};
use serde_json::{Value, json};

/// Starts `adjourn sim dingtalk` on a port of its own; gives the address.
fn simulator(home: &tempfile::TempDir) -> (Running, String) {
    let arguments = ["sim", "dingtalk", "--listen", "127.0.0.1:0", "--json"];
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

/// The Python with `alibabacloud-dingtalk` in it, from `scripts/peers/install.sh`.
fn python() -> PathBuf {
    let peers =
        std::env::var_os("ADJOURN_PEERS").map_or_else(|| workspace_root().join(".peers"), PathBuf::from);
    let python = peers.join("clients/bin/python");
    assert!(python.is_file(), "no clients in {}: run scripts/peers/install.sh", peers.display());
    python
}

#[test]
fn req_p3_dingtalks_own_sdk_dissolves_a_scene_group_of_the_simulator_and_no_ordinary_one() {
    let home = tempdir();
    let (_running, address) = simulator(&home);
    let script = workspace_root().join("tests/e2e/clients/dingtalk.py");
    let output = Command::new(python()).arg(script).arg(&address).output().expect("the script starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let said: Value = serde_json::from_slice(&output.stdout).expect("one document");
    let wanted = json!({
        "wrong_secret": "invalidClientIdOrSecret",
        "expires": 7200,
        "made": "SDK",
        "members": ["staff03", "staff04"],
        "more": true,
        "owner": "staff04",
        "robots": ["dingsimowner", "dingl-2", "dingl-3"],
        "sent": true,
        "notice": "ends on Friday",
        "ordinary": "paramIllegal",
        "before": 1,
        "disbanded": true,
        "after": 2,
        "robot_after": "group.disbanded",
        "again": "paramIllegal",
        "inventory": [-1, 1],
    });
    assert_eq!(said, wanted);
}

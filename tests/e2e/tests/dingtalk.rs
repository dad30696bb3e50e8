//! DingTalk: its own SDK, which nobody here wrote, against our simulator on a socket.

use std::process::Command;

use adjourn_e2e::{Peers, Simulator, workspace_root};
use serde_json::{Value, json};

#[test]
fn req_p3_dingtalks_own_sdk_dissolves_a_scene_group_of_the_simulator_and_no_ordinary_one() {
    let simulator = Simulator::start("dingtalk", &["--world", "dingtalk"]);
    let script = workspace_root().join("tests/e2e/clients/dingtalk.py");
    let mut client = Command::new(Peers::locate().clients_python());
    let output = client.arg(script).arg(simulator.address()).output().expect("the script starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let said: Value = serde_json::from_slice(&output.stdout).expect("one document");
    let wanted = json!({
        "wrong_secret": "invalidClientIdOrSecret",
        "expires": 7200,
        "made": "SDK",
        "members": ["u-a", "u-b"],
        "more": true,
        "owner": "u-a",
        "robots": ["dingl-1", "dingl-3"],
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
    // The SDK sent nothing that the simulator does not know.
    let (counted, output) = simulator.end();
    assert_eq!(counted["unexpected"], json!(0), "{output}");
}

//! QQ's simulator as clients of OneBot v11 meet it that nobody here wrote (`clients/onebot.py`).
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "test code")]

use std::process::Command;

use adjourn_e2e::{Peers, Simulator, workspace_root};
use serde_json::{Value, json};

/// The trading group of the world; its members are those of every platform's world.
const GROUP: u64 = 710_000_001;

fn onebot(sim: &Simulator) -> Value {
    let output = Command::new(Peers::locate().clients_python())
        .arg(workspace_root().join("tests/e2e/clients/onebot.py"))
        .args([sim.url(""), GROUP.to_string()])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

#[test]
fn clients_that_are_not_ours_call_and_are_told() {
    let sim = Simulator::start("qq", &["--strict", "--world", "qq"]);
    let told = onebot(&sim);
    assert_eq!(told["version"]["app_name"], "NapCat.Onebot");
    assert!(told["login"]["user_id"].is_u64(), "{}", told["login"]);
    let has = |list: &Value| list.as_array().unwrap().iter().any(|group| group["group_id"] == GROUP);
    assert!(has(&told["groups"]) && !has(&told["groups_after"]));
    // A failure of the handler is 200 in both places; a wrong token is 403, never 401.
    assert_eq!(told["wrong_token"], json!({ "http": 403 }));
    assert_eq!(told["no_such_group"], json!({ "action": 200, "status": "failed" }));
    assert_eq!(told["no_such_action"], json!({ "action": 200, "status": "failed" }));
    assert_eq!(told["turned_away"]["retcode"], 1403);
    assert_eq!(
        (&told["over_socket"]["status"], &told["over_socket"]["echo"]),
        (&json!("ok"), &json!({ "n": 1 }))
    );
    let said = &told["history"]["messages"][0];
    assert_eq!(said["message_id"], told["sent"]["message_id"]);
    assert_eq!(said["raw_message"], "hello from aiocqhttp");

    // The owner asked for a plain leave and got a dissolve, as on the real thing.
    let models: Vec<&str> =
        told["events"].as_array().unwrap().iter().filter_map(|event| event["model"].as_str()).collect();
    let wanted = ["LifecycleMetaEvent", "GroupMessageEvent", "GroupDecreaseNoticeEvent"];
    assert_eq!(models, wanted, "{}", told["events"]);
    let disband = &told["events"][2]["read"];
    assert_eq!((&disband["sub_type"], &disband["group_id"]), (&json!("disband"), &json!(GROUP)));

    let (counted, output) = sim.end();
    let group = GROUP.to_string();
    let effect = |op: &str| {
        let all = counted["effects"].as_array().unwrap();
        all.iter()
            .find(|one| one["op"] == op && one["group"].as_str() == Some(group.as_str()))
            .map(|one| one["count"].clone())
    };
    assert_eq!((effect("dissolve"), effect("announce")), (Some(json!(1)), Some(json!(1))), "{counted}");
    // The one call that no document has was noticed.
    assert_eq!((output.code, counted["unexpected"].as_u64()), (Some(1), Some(1)), "{output}");
}

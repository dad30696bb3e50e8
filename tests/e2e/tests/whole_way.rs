//! The whole way on a real homeserver: found, planned, approved by two, exported, sealed, announced, dissolved, watched,
//! and proved gone.

#![expect(clippy::unwrap_used, reason = "test code: what is not there is a failed test")]

use std::collections::BTreeSet;
use std::process::Command;

use adjourn_e2e::{Office, Peers, Synapse, Tsa};

#[test]
fn a_room_on_a_real_homeserver_is_retired_with_proof() {
    let synapse = Synapse::restore();
    let tsa = Tsa::start();
    let office = Office::new(Some(&tsa));
    office.connect(&synapse, &synapse.url());
    let room = synapse.room("project").to_owned();

    let list = office.json("admin", 0, &["ls"]);
    let groups = list["groups"].as_array().unwrap();
    assert!(groups.len() >= 7, "{groups:#?}");
    let project = groups.iter().find(|group| group["native"] == room.as_str()).unwrap();
    assert_eq!(project["owners"], serde_json::json!([synapse.user_id("alice")]));
    let orphan = groups.iter().find(|group| group["native"] == synapse.room("orphan")).unwrap();
    assert_eq!(orphan["owners"], serde_json::json!([]));

    // The plan names the bot, the widget and the bridges.
    let plan = office.json("requester", 2, &["plan", "#project-y:peers.test", "--reason", "项目结束"]);
    let case = plan["case"].as_str().unwrap();
    let unlinked: BTreeSet<&str> = plan["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|step| step["op"] == "unlink")
        .map(|step| step["params"]["link_kind"].as_str().unwrap())
        .collect();
    assert!(
        unlinked.contains("bot") && unlinked.contains("app") && unlinked.contains("bridge"),
        "{unlinked:?}"
    );

    // Nothing without two approvals, none of them the requester's.
    assert_eq!(office.run("requester", &["apply", case]).code, Some(3));
    office.json("requester", 3, &["submit", case]);
    let own = office.run("requester", &["--json", "approve", case]);
    assert_eq!((own.code, own.error_code().as_deref()), (Some(4), Some("approval.self")));
    office.json("business", 3, &["approve", case]);
    assert_eq!(
        office.run("business", &["--json", "approve", case]).error_code().as_deref(),
        Some("approval.duplicate")
    );
    assert_eq!(office.run("requester", &["apply", case]).code, Some(3), "one approval is not enough");
    office.json("compliance", 0, &["approve", case]);

    let before: BTreeSet<String> = synapse.event_ids(&room).into_iter().collect();
    let ended = office.json("requester", 0, &["apply", case]);
    assert_eq!(ended["groups"][0]["verdict"], "gone", "{ended:#?}");
    let bundle = ended["bundle"].as_str().unwrap();

    // The history is whole: every event that the server's own database had is in the export.
    let exported: BTreeSet<String> =
        records(bundle).iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
    let missing: Vec<_> = before.difference(&exported).collect();
    assert!(missing.is_empty(), "{} of {} events are missing: {missing:?}", missing.len(), before.len());
    assert_eq!(synapse.count_events(&room), 0, "the server's database holds nothing of the room");

    // Gone for the witness, whom nobody told.
    assert_eq!(synapse.as_user("witness").admin_room(&room).status, 404);

    // The announcement is there once, read back.
    let announced = records(bundle)
        .iter()
        .filter(|record| record["raw"]["content"].get("adjourn.sha256").is_some())
        .count();
    assert_eq!(announced, 1);

    // Verified by us, by bagit.py, by sha256sum, and by openssl.
    let ca = tsa.ca_path().display().to_string();
    let report = office.adjourn().json(0, &["verify", bundle, "--tsa-ca", &ca]);
    assert_eq!(report["ok"], true);
    let peers = Peers::locate();
    let bagit = peers.dir().join("venv/bin/bagit.py");
    let ok = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    ok(Command::new(peers.python()).arg(bagit).args(["--validate", bundle]));
    ok(Command::new("sha256sum").args(["--quiet", "-c", "manifest-sha256.txt"]).current_dir(bundle));
    let data = format!("{bundle}/data");
    for (stamped, reply) in [
        (format!("{data}/checkpoint"), format!("{data}/checkpoint.tsr")),
        (archive(bundle, "tagmanifest-sha256.txt"), archive(bundle, "../archive.tsr")),
    ] {
        ok(Command::new("openssl").args(["ts", "-verify", "-data", &stamped, "-in", &reply, "-CAfile", &ca]));
    }
    let certificate: serde_json::Value =
        serde_json::from_slice(&std::fs::read(archive(bundle, "../certificate.json")).unwrap()).unwrap();
    assert_eq!(certificate["observation"]["length_s"], 3, "the certificate says how long was watched");
}

#[test]
fn a_room_without_an_owner_is_retired_without_what_needs_one() {
    let synapse = Synapse::restore();
    let office = Office::new(None);
    office.connect(&synapse, &synapse.url());
    let room = synapse.room("orphan").to_owned();
    let plan = office.json("requester", 2, &["plan", &room, "--reason", "nobody owns it"]);
    let ops: BTreeSet<&str> =
        plan["steps"].as_array().unwrap().iter().map(|step| step["op"].as_str().unwrap()).collect();
    assert!(!ops.contains("freeze") && !ops.contains("announce") && ops.contains("dissolve"), "{ops:?}");
    let notes = plan["plan"]["groups"][0]["will_not"].to_string();
    assert!(notes.contains("willnot-freeze") && notes.contains("willnot-announce"), "{notes}");
    let before: BTreeSet<String> = synapse.event_ids(&room).into_iter().collect();
    let (case, _) = office.approved(&room);
    let ended = office.json("requester", 0, &["apply", &case]);
    assert_eq!(ended["groups"][0]["verdict"], "gone");
    let bundle = ended["bundle"].as_str().unwrap();
    let exported: BTreeSet<String> =
        records(bundle).iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(before.difference(&exported).count(), 0);
    office.adjourn().json(0, &["verify", bundle]);
}

/// A file of the only group's archive bag.
fn archive(bundle: &str, name: &str) -> String {
    let groups = std::fs::read_dir(format!("{bundle}/data/groups")).unwrap();
    let group = groups.map(|entry| entry.unwrap().path()).next().unwrap();
    group.join("archive").join(name).display().to_string()
}

/// Every exported record: the main export and the tail.
fn records(bundle: &str) -> Vec<serde_json::Value> {
    let mut all = Vec::new();
    for file in [archive(bundle, "data/messages.jsonl.zst"), archive(bundle, "../tail.jsonl.zst")] {
        if !std::path::Path::new(&file).exists() {
            continue;
        }
        let output = Command::new("zstd").args(["-dcq", &file]).output().unwrap();
        assert!(output.status.success(), "{file}");
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            all.push(serde_json::from_str(line).unwrap());
        }
    }
    all
}

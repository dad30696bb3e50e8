//! The binary and a simulated keeper of evidence, both as processes: receipts in a sealed report, asked about again, and what
//! is said of a keeper that forgot, lies, refuses or is gone.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: what is not there is a failed test"
)]

use std::path::Path;

use adjourn_e2e::{Office, Simulator};
use serde_json::{Value, json};

/// Begins the simulated keeper and puts it into the configuration.
fn keeper(office: &Office, listen: &str, manner: &str, required: bool) -> (Simulator, String) {
    let sim = Simulator::start_at(
        listen,
        "deposit",
        &["--keeper", manner, "--faults", "reply_lost@PUT /deposits#1"],
    );
    let key = shown_key(&sim);
    let path = office.data().join("config.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let rest = text.split("[deposit]").next().unwrap();
    let url = sim.url("/v1");
    let deposit = format!("[deposit]\nurl = \"{url}\"\nkey = \"{key}\"\nrequired = {required}\n");
    std::fs::write(&path, format!("{rest}{deposit}")).unwrap();
    (sim, key)
}

/// The key that a keeper names.
fn shown_key(sim: &Simulator) -> String {
    let reply = adjourn_e2e::http::request("GET", &sim.url("/v1/keeper"), &[], None).unwrap();
    let about = reply.expect(200);
    assert!(about["issuer"].as_str().unwrap().starts_with("SIMULATED") && about["simulated"] == true);
    about["key"].as_str().unwrap().to_owned()
}

/// Audits this period and gives the bundle.
fn audit(office: &Office, period: &str) -> String {
    let done = office.json("admin", 0, &["audit", "run", "--period", period]);
    done["bundle"].as_str().unwrap().to_owned()
}

fn codes(statements: &Value) -> Vec<&str> {
    statements.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn req_g8_receipts_are_in_the_bundle_and_the_keeper_is_asked_again() {
    let office = Office::new(None);
    let (sim, key) = keeper(&office, "127.0.0.1:0", "honest", true);
    let doctor = office.json("admin", 0, &["doctor"]);
    let row =
        doctor["checks"].as_array().unwrap().iter().find(|row| row["check"] == "deposit").unwrap().clone();
    assert!(row["ok"] == true && row["says"].as_str().unwrap().starts_with("SIMULATED"), "{row}");
    // The reply to the first deposit is lost; the sealed report has the one receipt all the same.
    let bundle = audit(&office, "2026-11-01/now");
    let file = office.dir().join("keeper.key");
    std::fs::write(&file, &key).unwrap();
    let file = file.to_str().unwrap();
    let report = office.adjourn().json(0, &["verify", &bundle, "--deposit-key", file]);
    assert!(codes(&report["proved"]).contains(&"proved.deposit"), "{report}");
    assert!(codes(&report["rests_on"]).contains(&"rests.keeper_given"), "{report}");
    assert!(codes(&report["rests_on"]).contains(&"rests.simulated_keeper"), "{report}");
    let asked = office.adjourn().json(0, &["deposit", "check", &bundle]);
    assert_eq!(
        (&asked["ok"], &asked["receipts"][0]["number"]),
        (&json!(true), &json!("SIM-000001")),
        "{asked}"
    );
    // An auditor who has no configuration.
    let elsewhere = adjourn_e2e::Adjourn::new(office.dir().join("nothing"));
    elsewhere.json(0, &["deposit", "check", &bundle, "--url", &sim.url("/v1"), "--deposit-key", file]);
    assert!(!office.dir().join("nothing").exists(), "nothing is made for a question");

    // It keeps nothing on disk: begun anew on the same port, it has forgotten.
    let address = sim.address().to_owned();
    sim.end();
    let asked = office.adjourn().run(&["deposit", "check", &bundle, "--json"]);
    assert_eq!((asked.code, asked.error_code().as_deref()), (Some(1), Some("deposit.failed")), "{asked}");
    let (sim, _) = keeper(&office, &address, "honest", true);
    let asked = office.adjourn().run(&["deposit", "check", &bundle, "--json"]);
    assert_eq!((asked.code, asked.error_code().as_deref()), (Some(8), Some("deposit.denied")), "{asked}");
    let says: Value = serde_json::from_str(&asked.stdout).unwrap();
    assert_eq!(says["receipts"][0]["code"], "deposit.forgotten", "{says}");
    let words = office.adjourn().run(&["deposit", "check", &bundle, "--lang", "zh-CN"]);
    assert!(words.code == Some(8) && words.stdout.contains("查不到回执 SIM-000001"), "{words}");
    sim.end();
    // What is altered in the bundle is not asked about.
    let receipt = Path::new(&bundle).join("data/checkpoint.deposit.json");
    let text = std::fs::read_to_string(&receipt).unwrap();
    std::fs::write(&receipt, text.replace("SIM-000001", "SIM-000002")).unwrap();
    let asked = office.adjourn().run(&["deposit", "check", &bundle, "--json"]);
    assert_eq!((asked.code, asked.error_code().as_deref()), (Some(8), Some("deposit.denied")), "{asked}");
    let found = office.adjourn().run(&["verify", &bundle, "--json"]);
    assert!(found.code == Some(8) && found.stdout.contains("deposit.signature"), "{found}");
}

#[test]
fn req_g8_a_lying_or_refusing_keeper_closes_nothing_where_it_is_required() {
    let office = Office::new(None);
    for (manner, code) in [("lies", "deposit.receipt"), ("refuses", "deposit.failed")] {
        let (sim, _) = keeper(&office, "127.0.0.1:0", manner, true);
        let refused = office.run("admin", &["audit", "run", "--period", "2026-11-01/now", "--json"]);
        assert_eq!((refused.code, refused.error_code().as_deref()), (Some(1), Some(code)), "{refused}");
        sim.end();
    }
    // Where it is only wanted, the bundle says what it lacks.
    let (_sim, _) = keeper(&office, "127.0.0.1:0", "lies", false);
    let bundle = audit(&office, "2026-11-01/now");
    let report = office.adjourn().json(0, &["verify", &bundle]);
    assert!(codes(&report["rests_on"]).contains(&"rests.no_deposit"), "{report}");
    assert!(!codes(&report["proved"]).contains(&"proved.deposit"), "{report}");
    let asked = office.adjourn().run(&["deposit", "check", &bundle, "--json"]);
    assert_eq!((asked.code, asked.error_code().as_deref()), (Some(1), Some("deposit.none")), "{asked}");
}

#[test]
fn what_is_no_keeper_is_refused_before_anything_is_called() {
    let office = Office::new(None);
    let path = office.data().join("config.toml");
    let good = std::fs::read_to_string(&path).unwrap();
    for deposit in [
        "url = \"http://keeper.example.org\"\nkey = \"6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=\"",
        "url = \"https://keeper.example.org\"",
        "url = \"https://keeper.example.org\"\nkey = \"none\"",
        "required = true",
    ] {
        std::fs::write(&path, format!("{good}\n[deposit]\n{deposit}\n")).unwrap();
        let refused = office.run("admin", &["ls", "--json"]);
        assert_eq!(
            (refused.code, refused.error_code().as_deref()),
            (Some(1), Some("config.invalid")),
            "{refused}"
        );
    }
    std::fs::write(&path, &good).unwrap();
    let nothing = office.adjourn().run(&["deposit", "check", "/nowhere", "--json"]);
    assert_eq!(
        (nothing.code, nothing.error_code().as_deref()),
        (Some(8), Some("bundle.missing")),
        "{nothing}"
    );
    for wrong in [
        &["sim", "qq", "--keeper", "lies", "--json"][..],
        &["sim", "deposit", "--rules", "declared", "--json"],
    ] {
        let refused = office.adjourn().run(wrong);
        assert_eq!((refused.code, refused.error_code().as_deref()), (Some(1), Some("usage")), "{refused}");
    }
}

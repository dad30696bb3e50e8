//! Who may say yes, through the binary: alternatives, delegations, expiry, escalation, and policies that nobody can meet.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests wait for real processes on a real clock"
)]

use std::time::Duration;

use adjourn_e2e::{Output, PLAIN, RefDesk};

const RULES: &str = r#"rules = [{ role = "business", count = 1 }, { role = "compliance", count = 1 }]"#;

#[track_caller]
fn refused(output: &Output, exit: i32, code: &str) {
    assert_eq!((output.code, output.error_code().as_deref()), (Some(exit), Some(code)), "{output}");
}

fn person(desk: &RefDesk, name: &str, role: &str) {
    let key = desk.office.key(name);
    desk.office.json("admin", 0, &["principal", "add", name, "--role", role, "--key-out", &key]);
}

#[test]
fn req_g4_a_policy_that_nobody_can_meet_says_so_before_it_blocks() {
    let desk = RefDesk::new(&[(RULES, r#"rules = [{ role = "business", count = 2 }]"#)]);
    let office = &desk.office;
    let doctor = office.run("admin", &["doctor", "--json"]);
    assert_eq!(doctor.code, Some(1), "{doctor}");
    assert!(
        doctor.json()["checks"].as_array().unwrap().iter().any(|check| check["code"] == "policy.unmeetable"),
        "{doctor}"
    );
    let plan = office.json("requester", 2, &["plan", PLAIN, "--reason", "x"]);
    assert_eq!(
        (plan["unmeetable"][0]["have"].as_u64(), plan["unmeetable"][0]["need"].as_u64()),
        (Some(1), Some(2))
    );
    let case = plan["case"].as_str().unwrap();
    refused(&office.run("requester", &["submit", case, "--json"]), 4, "policy.unmeetable");
    person(&desk, "second", "business");
    office.json("admin", 0, &["doctor"]);
    // Whoever asks is not counted.
    let own = office.json("second", 2, &["plan", PLAIN, "--reason", "x"]);
    refused(
        &office.run("second", &["submit", own["case"].as_str().unwrap(), "--json"]),
        4,
        "policy.unmeetable",
    );
    office.json("requester", 3, &["submit", case]);
}

#[test]
fn req_g4_policies_that_contradict_themselves_are_refused_when_they_are_read() {
    let desk = RefDesk::new(&[]);
    for (wrong, says) in [
        ("any_of = []\nrules", "any_of is an empty list"),
        ("any_of = [[]]\nrules", "empty alternative"),
        ("approval_ttl_s = 1\nrules", "approval_ttl_s"),
        ("review_s = 60\nrules", "escalate_to"),
        ("any_of = [[{ role = \"business\", count = 10 }]]\nrules", "more than 10"),
    ] {
        desk.office.configure("rules", wrong);
        let output = desk.office.run("admin", &["doctor", "--json"]);
        refused(&output, 1, "config.invalid");
        assert!(output.stderr.contains(says), "{says}: {output}");
        desk.office.configure(wrong, "rules");
    }
}

#[test]
fn req_g4_a_role_is_lent_for_a_time_and_nobody_counts_twice() {
    let desk = RefDesk::new(&[(
        RULES,
        "rules = [{ role = \"business\", count = 1 }]\nany_of = [[{ role = \"compliance\", count = 1 }], [{ role = \"legal\", count = 1 }]]",
    )]);
    let office = &desk.office;
    person(&desk, "clerk", "service");
    let lend = |who: &str, to: &str, role: &str, until: &str| {
        office.run(
            who,
            &[
                "principal",
                "delegate",
                "--to",
                to,
                "--role",
                role,
                "--until",
                until,
                "--reason",
                "leave",
                "--json",
            ],
        )
    };
    let far = "2099-01-01T00:00:00Z";
    refused(&lend("business", "clerk", "business", far), 1, "delegation.time");
    refused(&lend("business", "clerk", "compliance", "2020-01-01T00:00:00Z"), 1, "delegation.role");
    refused(&lend("business", "business", "business", far), 1, "delegation.self");
    refused(&lend("business", "clerk", "business", "tomorrow"), 1, "delegation.time");
    let soon = soon();
    let id =
        lend("business", "clerk", "business", &soon).json()["delegation"]["id"].as_str().unwrap().to_owned();
    assert_eq!(lend("compliance", "clerk", "compliance", &soon).code, Some(0));
    let case = desk.planned(PLAIN);
    office.json("requester", 3, &["submit", &case]);
    let why = office.json("requester", 0, &["why", &case]);
    assert_eq!(why["review"]["missing"].as_array().unwrap().len(), 2, "either of two ways: {why:#}");
    assert!(
        why["review"]["asked"].as_array().unwrap().iter().any(|one| one["lent_by"][0] == id.as_str()),
        "{why:#}"
    );
    office.json("clerk", 3, &["approve", &case]);
    let why = office.json("business", 0, &["why", &case]);
    assert_eq!(why["review"]["answered"][0]["in_place_of"], "business", "{why:#}");
    // One person in two places would be one person; and the voice that was lent has spoken.
    refused(&office.run("clerk", &["approve", &case, "--json"]), 4, "approval.duplicate");
    refused(&office.run("business", &["approve", &case, "--json"]), 4, "approval.duplicate");
    office.json("compliance", 0, &["approve", &case]);
    office.json("requester", 0, &["apply", &case]);
    let bundle = office.bundles().join(&case).display().to_string();
    let report = office.adjourn().json(0, &["verify", &bundle]);
    assert!(
        report["rests_on"].as_array().unwrap().iter().any(|one| one["code"] == "rests.delegated"),
        "{report:#}"
    );
    // Taken back, it lends nothing.
    refused(&office.run("clerk", &["principal", "revoke-delegation", &id, "--json"]), 4, "approval.role");
    office.json("business", 0, &["principal", "revoke-delegation", &id]);
    refused(
        &office.run("business", &["principal", "revoke-delegation", &id, "--json"]),
        1,
        "delegation.unknown",
    );
    let other = desk.planned("g-busy");
    office.json("requester", 3, &["submit", &other]);
    office.json("clerk", 3, &["approve", &other]);
    let why = office.json("requester", 0, &["why", &other]);
    assert_eq!(
        why["review"]["answered"][0]["in_place_of"], "compliance",
        "the other one still holds: {why:#}"
    );
}

#[test]
fn req_g4_an_approval_expires_before_the_call_and_is_given_again() {
    let desk = RefDesk::new(&[
        ("cooling_off_s = 1", "cooling_off_s = 8"),
        (RULES, &format!("approval_ttl_s = 9\n{RULES}")),
    ]);
    let office = &desk.office;
    let (case, _) = office.approved(PLAIN);
    std::thread::sleep(Duration::from_secs(2));
    let held = office.run("requester", &["apply", &case, "--json"]);
    assert_eq!(held.code, Some(3), "{held}");
    let why = office.json("requester", 0, &["why", &case]);
    assert_eq!(why["review"]["missing"][0].as_array().unwrap().len(), 2, "{why:#}");
    assert_eq!(why["review"]["answered"][0]["counts"], false, "{why:#}");
    office.run("business", &["approve", &case, "--json"]);
    office.run("compliance", &["approve", &case, "--json"]);
    let applied = office.run("requester", &["apply", &case, "--json"]);
    assert_eq!(applied.code, Some(0), "{applied}");
    office.adjourn().json(0, &["verify", &office.bundles().join(&case).display().to_string()]);
}

#[test]
fn req_g4_an_unanswered_review_is_told_and_stays_unanswered() {
    let desk = RefDesk::new(&[(RULES, &format!("review_s = 1\nescalate_to = [\"admin\"]\n{RULES}"))]);
    let office = &desk.office;
    let case = desk.planned(PLAIN);
    office.json("requester", 3, &["submit", &case]);
    std::thread::sleep(Duration::from_millis(1500));
    office.json("admin", 0, &["worker", "--until-idle"]);
    let why = office.json("business", 0, &["why", &case]);
    assert_eq!(
        (&why["review"]["overdue"], &why["review"]["escalated"]),
        (&true.into(), &true.into()),
        "{why:#}"
    );
    assert_eq!(why["status"], "in_review", "silence approves nothing");
    refused(&office.run("requester", &["apply", &case, "--json"]), 3, "approval.needed");
    let list = office.run("business", &["ls", "--cases", "--lang", "en"]);
    assert!(list.stdout.contains("review overdue since"), "{list}");
    let show = office.run("business", &["show", &case, "--lang", "en"]);
    assert!(show.stdout.contains("review overdue, told"), "{show}");
}

/// An hour from now.
fn soon() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    adjourn_domain::time::Time::from_millis(i64::try_from(now).unwrap()).plus_secs(3600).to_string()
}

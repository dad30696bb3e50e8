//! Groups from templates: the built binary over a simulated platform on a socket, whose replies get lost, and whose
//! process is killed at every point of the way.

use std::time::Duration;

use adjourn_domain::capability::Op;
use adjourn_sim::{Fault, FaultKind, FaultPlan, Matcher};
use adjourn_world::Rules;
use serde_json::{Value, json};

use crate::office::Office;
use crate::platform::Platform;
use crate::wait_in_steps;

const TEMPLATES: &str = "[template.project]\nconnection = \"wx\"\nname = \"{unit}-{purpose}\"\nmax_length = 12\n\
                         characters = \"-\"\nrequired = [\"deputy\"]\nmembers = [\"ann\"]\nclass = \"important\"\n\
                         [policy.important]";
const WISH: [&str; 13] = [
    "create",
    "--template",
    "project",
    "--owner",
    "Li Wei",
    "--contact",
    "li@example.org",
    "--deputy",
    "Chen",
    "--purpose",
    "audit",
    "--unit",
    "fin",
];

/// A platform that makes groups by its API, with these faults on the way to it.
fn platform(faults: Vec<Fault>) -> Platform {
    Platform::of("dingtalk", Rules::default(), FaultPlan(faults), [(0, "other".to_owned())].into_iter())
}

fn office(platform: &Platform) -> Office {
    let office = Office::new();
    office.staffed(platform);
    office.configure("[policy.important]", TEMPLATES);
    office
}

/// How many groups the platform really made.
fn made(platform: &Platform) -> u32 {
    let effects = platform.simulator.lock().unwrap().effects();
    effects.iter().filter(|((op, _), _)| *op == Op::Create).map(|(_, times)| times).sum()
}

/// The first request to this path is struck.
fn first(method: &str, path: &str, what: FaultKind) -> Fault {
    let when = Matcher { method: Some(method.to_owned()), path_contains: path.to_owned(), nth: Some(1) };
    Fault { when, what }
}

fn with(change: &str, value: &str) -> Vec<String> {
    let mut args: Vec<String> = WISH.iter().map(|arg| (*arg).to_owned()).collect();
    let at = args.iter().position(|arg| arg == change).unwrap();
    value.clone_into(&mut args[at + 1]);
    args
}

fn run(office: &Office, args: &[String]) -> (i32, Value) {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    office.run("asker", &args)
}

#[test]
fn req_g1_a_group_from_a_template_is_in_the_register_from_its_first_day() {
    let platform = platform(Vec::new());
    let office = office(&platform);
    let mut dry = WISH.to_vec();
    dry.push("--dry-run");
    let (code, said) = office.run("asker", &dry);
    assert_eq!((code, &said["state"], &said["name"]), (0, &json!("dry_run"), &json!("fin-audit")));
    assert_eq!(made(&platform), 0);

    let (code, done) = office.run("asker", &WISH);
    assert_eq!((code, &done["state"]), (0, &json!("done")), "{done}");
    let group = done["group"].as_str().unwrap();
    assert_eq!(made(&platform), 1);
    let (_, shown) = office.run("", &["show", group]);
    assert_eq!(shown["snapshot"]["name"], "fin-audit");
    assert_eq!((&shown["snapshot"]["owners"], &shown["class"]), (&json!(["boss"]), &json!("important")));
    assert!(shown["snapshot"]["members"].as_array().unwrap().iter().any(|member| member["id"] == "ann"));
    let registered = &shown["history"][1]["event"]["registration"];
    assert_eq!((&registered["owner_name"], &registered["purpose"]), (&json!("Li Wei"), &json!("audit")));
    assert_eq!(office.run("", &["create", "ls"]).1["creations"], json!([]));

    // One name, one group.
    let (code, taken) = office.run("asker", &WISH);
    assert_eq!((code, &taken["error"]["code"]), (1, &json!("template.taken")), "{taken}");
    assert_eq!(made(&platform), 1);
    // Seen by the next scan as it was, and no second time.
    let (_, scan) = office.run("asker", &["scan", "wx"]);
    assert_eq!(scan["scans"][0]["report"]["new"].as_array().unwrap().len(), 1, "the group of before only");
}

#[test]
fn req_g1_what_breaks_a_template_is_told_in_both_languages_and_makes_nothing() {
    let platform = platform(Vec::new());
    let office = office(&platform);
    let without_deputy: Vec<String> =
        WISH.iter().filter(|arg| !["--deputy", "Chen"].contains(arg)).map(|arg| (*arg).to_owned()).collect();
    for (args, code, part) in [
        (with("--template", "nowhere"), "template.unknown", "project"),
        (without_deputy, "template.field", "deputy"),
        (with("--purpose", " "), "template.field", "purpose"),
        (with("--purpose", "a/b"), "template.characters", "/"),
        (with("--unit", "finance-department"), "template.length", "unit"),
        (with("--owner", ""), "template.field", "owner"),
    ] {
        let (exit, said) = run(&office, &args);
        assert_eq!((exit, &said["error"]["code"]), (1, &json!(code)), "{said}");
        let sentence = |said: &Value| {
            let text = |name: &str| said["error"][name].as_str().unwrap().to_owned();
            (text("message"), text("hint"))
        };
        let (en, hint) = sentence(&said);
        assert!(format!("{en} {hint}").contains(part), "{en} {hint}");
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let (zh, _) = sentence(&office.run_in("zh-CN", "asker", &args).1);
        assert!(!zh.is_ascii() && zh != en, "{zh}");
    }
    assert_eq!(made(&platform), 0);
    assert_eq!(office.run("", &["create", "ls"]).1["creations"], json!([]));
    // What the platform refuses leaves nothing open either.
    let mut nobody = WISH.to_vec();
    nobody.extend(["--member", "nobody"]);
    let (code, refused) = office.run("asker", &nobody);
    assert_eq!((code, &refused["error"]["code"]), (1, &json!("creation.refused")), "{refused}");
    assert_eq!(office.run("", &["create", "ls"]).1["creations"], json!([]));
    // A rule that can never be met is told when it is written.
    office.configure("{unit}-{purpose}", "{unit}/{purpose}");
    let (_, said) = office.run("asker", &WISH);
    assert_eq!(said["error"]["code"], "config.invalid");
}

#[test]
fn req_g1_a_lost_reply_stays_open_and_is_found_and_not_made_twice() {
    // Neither the call nor the first look after it is answered; a read that is told to wait long is not repeated.
    let lost = first("POST", "/v1/groups", FaultKind::ReplyLost);
    let busy = FaultKind::TooMany { retry_after_s: Some(3600) };
    let platform = platform(vec![lost, first("GET", "/v1/creations", busy)]);
    let office = office(&platform);
    let (code, open) = office.run("asker", &WISH);
    assert_eq!((code, &open["state"]), (5, &json!("open")), "{open}");
    assert_eq!(made(&platform), 1);
    let creation = open["creation"].as_str().unwrap();
    let (_, listed) = office.run("", &["create", "ls"]);
    assert_eq!(listed["creations"][0]["creation"], creation);
    assert_eq!(office.run("asker", &WISH).1["error"]["code"], "template.taken", "its name is taken");
    let (code, done) = office.run("asker", &["create", "resume", creation]);
    assert_eq!((code, &done["state"]), (0, &json!("done")), "{done}");
    assert_eq!(made(&platform), 1);
    let (_, again) = office.run("asker", &["create", "resume", creation]);
    assert_eq!(again["error"]["code"], "creation.unknown");
}

#[test]
fn req_g1_a_lost_reply_whose_group_is_found_at_once_is_no_matter() {
    let platform = platform(vec![first("POST", "/v1/groups", FaultKind::ReplyLost)]);
    let office = office(&platform);
    let (code, done) = office.run("asker", &WISH);
    assert_eq!((code, &done["state"], made(&platform)), (0, &json!("done"), 1), "{done}");
}

#[test]
fn req_g1_killed_anywhere_and_gone_on_with_there_is_one_group() {
    for (point, before) in
        [("act.before.create", 0), ("act.after.create", 1), ("create.before.registered", 1)]
    {
        let platform = platform(Vec::new());
        let office = office(&platform);
        let log = office.path("points.log");
        let mut halted = office.command("asker", &WISH);
        halted.env("ADJOURN_HALT_AT", point).env("ADJOURN_POINTS_LOG", &log);
        let mut running = halted.stdout(std::process::Stdio::null()).spawn().unwrap();
        let halted = || std::fs::read_to_string(&log).unwrap_or_default().contains("halted");
        wait_in_steps(Duration::from_millis(20), point, halted);
        running.kill().unwrap();
        running.wait().unwrap();
        assert_eq!(made(&platform), before, "{point}");
        let (_, listed) = office.run("", &["create", "ls"]);
        let creation = listed["creations"][0]["creation"].as_str().unwrap();
        let (code, done) = office.run("asker", &["create", "resume", creation]);
        assert_eq!((code, &done["state"]), (0, &json!("done")), "{point}: {done}");
        assert_eq!(made(&platform), 1, "{point}");
        let groups = office.run("", &["ls"]).1["groups"].as_array().unwrap().len();
        assert_eq!(groups, 1, "{point}");
    }
}

#[test]
fn req_g1_where_a_person_makes_it_the_group_that_is_named_is_looked_at() {
    let rules: Rules = serde_json::from_value(json!({"dissolve.api": "none"})).unwrap();
    let groups = [(0, "other".to_owned()), (1, "fin-audit".to_owned())];
    let platform = Platform::of("wechat", rules, FaultPlan::none(), groups.into_iter());
    let office = office(&platform);
    let (code, asked) = office.run("asker", &WISH);
    assert_eq!((code, &asked["state"], &asked["note"]), (6, &json!("person"), &json!("person-create")));
    let creation = asked["creation"].as_str().unwrap().to_owned();
    assert_eq!(office.run("asker", &["create", "resume", &creation]).0, 6, "it waits for the person");

    let done = |group: &str| office.run("asker", &["create", "done", &creation, "--group", group]);
    assert_eq!(done("r-9").1["error"]["code"], "creation.not_there");
    let (_, other) = done("r-0");
    assert_eq!(
        (&other["error"]["code"], &other["error"]["args"]["found"]),
        (&json!("creation.other_name"), &json!("other"))
    );
    assert_eq!(office.run("", &["create", "ls"]).1["creations"].as_array().unwrap().len(), 1);
    let (code, said) = done("r-1");
    assert_eq!((code, &said["state"], &said["native"]), (0, &json!("done"), &json!("r-1")), "{said}");
    assert_eq!(made(&platform), 0, "nothing was called");
    assert_eq!(done("r-1").1["error"]["code"], "creation.unknown");
    assert_eq!(office.run("", &["ls"]).1["groups"][0]["native"], "r-1");
}

#[test]
fn req_g1_a_creation_that_is_given_up_leaves_its_name() {
    let rules: Rules = serde_json::from_value(json!({"dissolve.api": "none"})).unwrap();
    let platform = Platform::of("wechat", rules, FaultPlan::none(), std::iter::empty());
    let office = office(&platform);
    let creation = office.run("asker", &WISH).1["creation"].as_str().unwrap().to_owned();
    let (code, dropped) = office.run("asker", &["create", "drop", &creation, "--reason", "not needed"]);
    assert_eq!((code, &dropped["state"]), (0, &json!("dropped")));
    assert_eq!(
        office.run("asker", &["create", "drop", &creation, "--reason", "x"]).1["error"]["code"],
        "creation.unknown"
    );
    assert_eq!(office.run("asker", &WISH).0, 6, "the name is free again");
}

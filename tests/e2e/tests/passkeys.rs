//! User-verified passkeys (fingerprint, face or PIN): a real Chromium with its virtual authenticator, the page that the command
//! opens, and openssl as the auditor who has nothing of ours.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: what is not there is a failed test"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use adjourn_e2e::{Browser, Output, PLAIN, RefDesk, Running, http};
use serde_json::Value;

const LIMIT: Duration = Duration::from_mins(2);
const RULES: &str = "rules = [";
/// A class whose people all use passkeys.
const CRITICAL: (&str, &str) = (RULES, "passkey = true\npasskey_confirm = true\nrules = [");

#[track_caller]
fn refused(output: &Output, exit: i32, code: &str) {
    assert_eq!((output.code, output.error_code().as_deref()), (Some(exit), Some(code)), "{output}");
}

/// A command that waits for a browser, and its page.
struct Asked {
    running: Running,
    url: String,
}

impl Asked {
    #[track_caller]
    fn new(desk: &RefDesk, who: &str, args: &[&str]) -> Self {
        let key = desk.office.key(who);
        let mut all = args.to_vec();
        all.extend(["--json", "--key", &key]);
        let mut running = desk.office.adjourn().spawn(&all);
        let line = running.wait_for_text("\"passkey\"", LIMIT);
        let said: Value = serde_json::from_str(&line).unwrap();
        let url = said["passkey"]["url"].as_str().unwrap().to_owned();
        Self { running, url }
    }

    /// Presses the button as a person does.
    #[track_caller]
    fn press(self, browser: &mut Browser, button: &str) -> Output {
        browser.open(&self.url);
        browser.click(button);
        browser.waits("Done. You can close this page");
        self.running.wait(LIMIT)
    }

    /// Opens the page and takes its answer away.
    #[track_caller]
    fn capture(&self, browser: &mut Browser, unverified: bool) -> Value {
        assert_eq!(browser.open(&self.url), 200);
        browser.capture("Approve with the passkey", unverified)
    }

    /// Sends somebody's answer.
    #[track_caller]
    fn send(&self, answer: &Value) -> u16 {
        let kind = [("content-type", "application/json")];
        http::request("POST", &self.url, &kind, Some(answer.to_string().as_bytes())).unwrap().status
    }

    /// Sends an answer that is refused.
    #[track_caller]
    fn refuses(self, answer: &Value, what: &str) {
        assert_eq!(self.send(answer), 403);
        let output = self.running.wait(LIMIT);
        refused(&output, 1, "passkey.invalid");
        assert!(output.stderr.contains(&format!("\"what\":\"{what}\"")), "not {what}: {output}");
    }
}

fn add(desk: &RefDesk, browser: &mut Browser, who: &str) {
    let output =
        Asked::new(desk, who, &["principal", "passkey", "add", who]).press(browser, "Make the passkey");
    assert_eq!(output.code, Some(0), "{output}");
}

fn answers(bundle: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(bundle.join("data/passkeys")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// What an auditor types.
fn openssl(folder: &Path) -> bool {
    let file = |name: &str| folder.join(name).display().to_string();
    let (key, signature, signed) = (file("public.pem"), file("signature.der"), file("signed.bin"));
    let args = ["dgst", "-sha256", "-verify", &key, "-signature", &signature, &signed];
    Command::new("openssl").args(args).output().unwrap().status.success()
}

#[test]
fn req_g9_two_people_approve_with_passkeys_and_openssl_agrees() {
    let desk = RefDesk::new(&[CRITICAL]);
    let office = &desk.office;
    let mut browser = Browser::start();
    browser.authenticator();
    for who in ["business", "compliance", "requester"] {
        add(&desk, &mut browser, who);
    }
    browser.shot("passkey-added");
    let case = desk.planned(PLAIN);
    office.json("requester", 3, &["submit", &case]);
    refused(&office.run("business", &["approve", &case, "--json"]), 3, "approval.passkey");
    let asked = Asked::new(&desk, "business", &["approve", &case, "--passkey"]);
    browser.open(&asked.url);
    browser.shows(&case);
    browser.shot("passkey-approve");
    assert_eq!(asked.press(&mut browser, "Approve with the passkey").code, Some(3), "one more is missing");
    let why = office.json("requester", 0, &["why", &case]);
    assert_eq!(
        (&why["review"]["asked"][0]["name"], &why["review"]["answered"][0]["passkey"]),
        (&"compliance".into(), &true.into()),
        "{why:#}"
    );
    let approved = Asked::new(&desk, "compliance", &["approve", &case, "--passkey"]);
    assert_eq!(approved.press(&mut browser, "Approve with the passkey").code, Some(0));
    refused(&office.run("requester", &["apply", &case, "--json"]), 3, "approval.passkey");
    let applied = Asked::new(&desk, "requester", &["apply", &case, "--passkey"]);
    assert_eq!(applied.press(&mut browser, "Confirm with the passkey").code, Some(0));
    let bundle = office.bundles().join(&case);
    let path = bundle.display().to_string();
    let report = office.adjourn().json(0, &["verify", &path]);
    let proved = report["proved"].as_array().unwrap();
    assert_eq!(proved.iter().filter(|one| one["code"] == "proved.passkey").count(), 3, "{report:#}");
    let folders = answers(&bundle);
    assert_eq!(folders.len(), 3, "{folders:?}");
    for folder in &folders {
        assert!(openssl(folder), "{}", folder.display());
    }
    // Swapped, nothing holds: an answer is one person's.
    let (one, other) = (folders[0].join("signature.der"), folders[1].join("signature.der"));
    let (a, b) = (std::fs::read(&one).unwrap(), std::fs::read(&other).unwrap());
    std::fs::write(&one, &b).unwrap();
    assert!(!openssl(&folders[0]));
    let report = office.adjourn().json(8, &["verify", &path]);
    let codes: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"bag.altered") && codes.contains(&"passkey.invalid"), "{codes:?}");
    std::fs::write(&one, &a).unwrap();
    office.adjourn().json(0, &["verify", &path]);
}

#[test]
fn req_g9_an_answer_for_another_plan_person_or_time_or_without_verification_is_refused() {
    let desk = RefDesk::new(&[CRITICAL]);
    let office = &desk.office;
    let mut browser = Browser::start();
    browser.authenticator();
    for who in ["business", "compliance"] {
        add(&desk, &mut browser, who);
    }
    let (case, other) = (desk.planned(PLAIN), desk.planned("g-busy"));
    for case in [&case, &other] {
        office.json("requester", 3, &["submit", case]);
    }
    let ask = |who: &str, case: &str| Asked::new(&desk, who, &["approve", case, "--passkey"]);
    let right = ask("business", &case);
    let answer = right.capture(&mut browser, false);
    // The same person, another plan; another person, the same plan; the same person and plan, asked for at another time.
    ask("business", &other).refuses(&answer, "challenge");
    ask("compliance", &case).refuses(&answer, "credential");
    ask("business", &case).refuses(&answer, "challenge");
    // A byte of each part: the signature's middle, a flag, the last letter of what the browser says.
    for (part, at) in [("signature", 40), ("authenticator_data", 72), ("client_data", 30), ("credential", 0)]
    {
        let asked = ask("business", &case);
        let mut altered = asked.capture(&mut browser, false);
        let text = altered[part].as_str().unwrap();
        let digit = if &text[at..=at] == "0" { "1" } else { "0" };
        altered[part] = format!("{}{digit}{}", &text[..at], &text[at + 1..]).into();
        assert_eq!(asked.send(&altered), 403, "{part}");
        refused(&asked.running.wait(LIMIT), 1, "passkey.invalid");
    }
    // Present and not verified.
    browser.verified(false);
    let asked = ask("business", &case);
    let unverified = asked.capture(&mut browser, true);
    asked.refuses(&unverified, "user-verification");
    browser.verified(true);
    let why = office.json("requester", 0, &["why", &case]);
    assert_eq!(why["review"]["answered"].as_array().unwrap().len(), 0, "nothing of that is written: {why:#}");
    // The right one, on its own page, once.
    let page = right.url.clone();
    assert_eq!(right.send(&answer), 200);
    assert_eq!(right.running.wait(LIMIT).code, Some(3));
    let again = http::request("POST", &page, &[], Some(answer.to_string().as_bytes()));
    assert!(again.is_err() || again.unwrap().status == 410, "its page is over");
    // Nobody adds a passkey for somebody else, or uses one that was taken away.
    refused(
        &office.run("business", &["principal", "passkey", "add", "compliance", "--json"]),
        1,
        "passkey.owner",
    );
    let keys = office.adjourn().json(0, &["principal", "passkey", "ls"]);
    let of = |name: &str| {
        let all = keys["passkeys"].as_array().unwrap();
        let one = all.iter().find(|one| one["name"] == name).unwrap();
        one["passkey"]["credential"].as_str().unwrap().to_owned()
    };
    refused(
        &office.run("business", &["principal", "passkey", "revoke", &of("compliance"), "--json"]),
        4,
        "approval.role",
    );
    office.json("compliance", 0, &["principal", "passkey", "revoke", &of("compliance")]);
    refused(&office.run("compliance", &["approve", &case, "--passkey", "--json"]), 1, "passkey.none");
}

#[test]
fn req_g9_a_passkey_that_counts_backwards_is_refused_and_told() {
    let desk = RefDesk::new(&[CRITICAL]);
    let office = &desk.office;
    let mut browser = Browser::start();
    browser.authenticator();
    add(&desk, &mut browser, "business");
    let (case, other) = (desk.planned(PLAIN), desk.planned("g-busy"));
    for case in [&case, &other] {
        office.json("requester", 3, &["submit", case]);
    }
    let first = Asked::new(&desk, "business", &["approve", &case, "--passkey"]);
    assert_eq!(first.press(&mut browser, "Approve with the passkey").code, Some(3));
    browser.rewind();
    let copy = Asked::new(&desk, "business", &["approve", &other, "--passkey"]);
    browser.open(&copy.url);
    browser.click("Approve with the passkey");
    browser.waits("there may be two of it");
    refused(&copy.running.wait(LIMIT), 1, "passkey.counter");
    let keys = office.adjourn().json(0, &["principal", "passkey", "ls"]);
    assert_eq!(keys["passkeys"][0]["state"], "suspect", "{keys:#}");
    let why = office.json("requester", 0, &["why", &other]);
    assert_eq!(why["review"]["answered"].as_array().unwrap().len(), 0, "{why:#}");
}

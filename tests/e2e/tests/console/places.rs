//! The other places: evidence that is downloaded, changed, and found out where it is brought back; holds, the register, audits, settings, the facts
//! check and the guide. Each by the same use cases as on the command line.

use std::fs;
use std::path::{Path, PathBuf};

use adjourn_archive::pack;
use adjourn_e2e::{Browser, PLAIN, RefDesk};

use crate::served::{HERE, Served, code_of};

/// A group of the simulated platform that nothing happens to.
const OTHER: &str = "g-busy";

#[test]
fn req_g8_a_bundle_that_was_changed_is_found_out_where_it_is_brought_back() {
    // No law keeps its records, so that one may be destroyed at the end.
    let served =
        Served::over(RefDesk::new(&[("[policy.important]\n", "[law]\npacks = []\n[policy.important]\n")]));
    let office = &served.desk.office;
    let (case, _) = office.approved(PLAIN);
    office.run("requester", &["apply", &case]);
    let watched = office.run("requester", &["watch", &case]);
    assert_eq!(watched.code, Some(0), "{watched}");
    served.account("compliance");
    let cookie = served.session("compliance");
    // It comes as one file, and is the bag that lies there.
    let bag = format!("/evidence/bag/case/{case}");
    let zip = served.get(&format!("{bag}/zip"), Some(&cookie));
    assert_eq!((zip.status, zip.header("content-type")), (200, Some("application/zip")));
    let whole = office.dir().join("whole.zip");
    fs::write(&whole, &zip.body).unwrap();
    let changed = changed(&whole, office.dir());
    let mut browser = Browser::start();
    browser.resize(360, 800);
    served.enters(&mut browser, "compliance");
    let bring = |browser: &mut Browser, path: &Path, says: &str| {
        browser.open(&format!("{}/evidence", served.address));
        browser.shows(&case);
        browser.upload("Bundle (.zip)", path);
        browser.click("Verify it");
        browser.waits(says);
    };
    bring(&mut browser, &whole, "What it proves");
    browser.shot("places-verified-360");
    bring(&mut browser, &changed, "What is wrong");
    browser.shows("data/plan.json");
    browser.shot("places-changed-360");
    let noise = office.dir().join("noise.zip");
    fs::write(&noise, b"PK\x03\x04 and nothing more").unwrap();
    bring(&mut browser, &noise, "bundle.package");
    // Whatever came in is gone.
    let left = fs::read_dir(office.bundles()).unwrap().flatten();
    let left: Vec<_> =
        left.filter(|entry| entry.file_name().to_string_lossy().starts_with("intake")).collect();
    assert!(left.is_empty(), "{left:?}");
    browser.open(&format!("{}{bag}", served.address));
    browser.shows("Certificate, to be printed");
    browser.open(&format!("{}/evidence/journal/{case}", served.address));
    browser.shows("verified gone");
    browser.shot("places-journal-360");
    let lines = served.get(&format!("/evidence/journal/{case}/jsonl"), Some(&cookie)).text();
    assert!(lines.lines().count() > 20 && lines.lines().all(|line| line.starts_with("{\"at\":")), "{lines}");
    let paper = served.get(&format!("{bag}/paper"), Some(&cookie));
    assert_eq!(paper.status, 200);
    assert!(paper.header("content-security-policy").unwrap().starts_with("sandbox;"));
    assert_eq!(served.get("/evidence/bag/case/..%2F..%2Fkeys/zip", Some(&cookie)).status, 404);
    // A record that no law keeps is released, and destroyed by two people of whom the second one types the code.
    for (path, says) in [("evidence/retention", "Waits for a decision"), ("evidence/holds", "Put a hold")] {
        browser.open(&format!("{}/{path}", served.address));
        browser.shows(says);
        browser.shot(&format!("places-{}-360", path.replace('/', "-")));
    }
    let group = group_of(&served, PLAIN);
    let release = format!("group={group}&reason=looked&until=");
    let sent = Served::post(HERE, &served.url("/evidence/decide"), &release, Some(&cookie));
    assert_eq!(sent.status, 303, "{}", sent.text());
    let destroy = |cookie: &str, typed: &str| {
        let body = format!("group={group}&typed={typed}");
        Served::post(HERE, &served.url("/evidence/destroy"), &body, Some(cookie))
    };
    assert_eq!(destroy(&cookie, "").status, 303);
    served.account("admin");
    let admin = served.session("admin");
    let code = code_of(&served.get("/evidence/retention", Some(&admin)).text());
    assert_eq!(destroy(&admin, "AAAAA").status, 422);
    assert_eq!(destroy(&cookie, &code).status, 403, "the first is no second person");
    assert_eq!(destroy(&admin, &code.to_lowercase()).status, 303);
    let certificate = served.get(&format!("/evidence/bag/destroyed/{group}"), Some(&admin));
    assert!(certificate.text().contains("What it proves"), "{}", certificate.text());
}

#[test]
fn holds_register_audits_and_settings_obey_the_rules_of_the_command_line() {
    let served = Served::new();
    let office = &served.desk.office;
    for who in ["business", "compliance", "admin"] {
        served.account(who);
    }
    let [business, compliance, admin] = ["business", "compliance", "admin"].map(|who| served.session(who));
    let post =
        |path: &str, body: &str, cookie: &str| Served::post(HERE, &served.url(path), body, Some(cookie));
    // A hold is lifted by two people, each with its code.
    let held = post("/evidence/hold", &format!("group={OTHER}&matter=lawsuit"), &business);
    assert_eq!(held.status, 303, "{}", held.text());
    let hold = office.json("admin", 0, &["hold", "ls"])["holds"][0]["hold"].as_str().unwrap().to_owned();
    let code = code_of(&served.get("/evidence/holds", Some(&business)).text());
    let lift = |typed: &str, cookie: &str| {
        let reply = post("/evidence/lift", &format!("hold={hold}&typed={typed}"), cookie);
        let code =
            ["confirm.mismatch", "hold.self_lift"].into_iter().find(|code| reply.text().contains(code));
        (reply.status, code.unwrap_or_default())
    };
    assert_eq!(lift("", &business), (422, "confirm.mismatch"));
    assert_eq!(lift("AAAAA", &business), (422, "confirm.mismatch"));
    assert_eq!(lift(&code, &business), (303, ""));
    assert!(served.get("/evidence/holds", Some(&business)).text().contains("disabled"));
    assert_eq!(lift(&code, &business), (409, "hold.self_lift"));
    assert_eq!(office.json("admin", 0, &["hold", "ls"])["holds"].as_array().unwrap().len(), 1);
    assert_eq!(lift(&code, &compliance), (303, ""));
    assert!(office.json("admin", 0, &["hold", "ls"])["holds"].as_array().unwrap().is_empty());

    // A ledger is looked at, row by row, before it is taken: the very same bytes.
    let table = office.dir().join("ledger.csv");
    let rows = "name,platform,owner,contact,class\n\
                Choir,reference,Li Lei,li@example.org,important\n\
                Band,reference,Han Mei,han@example.org,nonsense\n";
    fs::write(&table, rows).unwrap();
    let count = || office.json("admin", 0, &["ls"])["groups"].as_array().unwrap().len();
    let before = count();
    let mut browser = Browser::start();
    served.enters(&mut browser, "admin");
    browser.open(&served.url("/register"));
    browser.shot("places-register");
    browser.upload("File", &table);
    browser.click("Look at it");
    browser.waits("Looked at, nothing written");
    browser.shows("line 3");
    assert_eq!(count(), before);
    browser.click("Take it");
    browser.waits("Taken into the register");
    assert_eq!(count(), before + 1, "{}", browser.text());
    browser.open(&served.url("/register?q=li+lei"));
    browser.click("Choir");
    browser.fill("Unit", "Sales");
    browser.fill("Last day", "2027-01-31");
    browser.shot("places-entry");
    browser.click("Save");
    browser.waits("To the group");
    let choir = office.json("admin", 0, &["ls"]);
    let choir = choir["groups"].as_array().unwrap().iter().find(|one| one["name"] == "Choir").unwrap();
    assert_eq!(
        (&choir["register"]["unit"], &choir["register"]["expires"]),
        (&"Sales".into(), &"2027-01-31".into())
    );

    // A connection is tested; a secret is never sent back.
    browser.open(&served.url("/settings/connection/ref"));
    browser.click("Test now");
    browser.waits("Every identity answered.");
    browser.shot("places-connection");
    assert!(!browser.html().contains("reference-owner"));
    let body = "name=second&class=important&set.url=http%3A%2F%2F127.0.0.1%3A1&secret.main.token=HUSH-HUSH";
    let refused = post("/settings/connect/reference", body, &admin).text();
    assert!(refused.contains("role=\"alert\"") && refused.contains("127.0.0.1:1"), "{refused}");
    assert!(!refused.contains("HUSH-HUSH"));
    let refused = post("/settings/connect/reference", body, &business);
    assert!(refused.text().contains("role=\"alert\""), "{}", refused.text());
    assert_eq!(office.json("admin", 0, &["connect", "ls"])["connections"].as_array().unwrap().len(), 1);
    browser.resize(360, 800);
    for path in [
        "settings",
        "settings/policy",
        "settings/facts",
        "settings/texts",
        "people",
        "audits",
        "platforms/guide",
    ] {
        assert_eq!(browser.open(&served.url(&format!("/{path}"))), 200);
        browser.shot(&format!("places-{}-360", path.replace('/', "-")));
    }
    browser.open(&served.url("/settings/health"));
    browser.click("Check everything now");
    browser.waits("connection ref");
    browser.waits("storage of archives");
    browser.shot("places-health-360");

    // An audit is looked at, then written, sealed, and shown.
    let tried = post("/audits", "period=2026-09&act=try", &compliance);
    assert!(tried.text().contains("Nothing was written."), "{}", tried.text());
    let written = post("/audits", "period=2026-09&act=run", &compliance);
    let bag = written.header("location").unwrap_or_default().to_owned();
    assert!(served.get(&bag, Some(&compliance)).text().contains("What it proves"));
    assert_eq!(served.get(&format!("{bag}/paper"), Some(&compliance)).status, 200);
    assert!(served.get("/audits", Some(&compliance)).text().contains(&format!("{bag}/paper")));

    // A voice is lent, and taken back.
    let people = office.json("admin", 0, &["principal", "ls"]);
    let id = |name: &str| {
        let all = people["principals"].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["id"].as_str().unwrap().to_owned()
    };
    let until = "2026-12-05T12:00";
    let lent = post("/people/lend", &format!("to={}&until={until}&reason=away", id("requester")), &business);
    assert_eq!(lent.status, 303, "{}", lent.text());
    let lent = office.json("admin", 0, &["principal", "delegations"]);
    let delegation = lent["delegations"][0]["delegation"]["id"].as_str().unwrap();
    assert_eq!(lent["delegations"][0]["delegation"]["until"], "2026-12-05T04:00:00.000Z");
    assert_eq!(post("/people/revoke", &format!("delegation={delegation}"), &business).status, 303);
    // Whoever is signed out everywhere has to sign in again.
    let out = post("/people/sign-out", &format!("principal={}", id("compliance")), &business);
    assert!(out.text().contains("role=\"alert\""), "{}", out.text());
    assert_eq!(served.get("/", Some(&compliance)).status, 200);
    post("/people/sign-out", &format!("principal={}", id("compliance")), &admin);
    assert_eq!(served.get("/", Some(&compliance)).status, 303);

    // A text is checked, and the way of one's own group is drawn.
    let text = "text=Only+the+owner+of+a+WeChat+group+can+dissolve+it.";
    let checked = post("/platforms/check", text, &admin);
    assert_eq!(checked.status, 200, "{}", checked.text());
    let answers = "platform=wechat&owner=me&button=present";
    let guide = served.get(&format!("/platforms/guide?{answers}"), Some(&admin)).text();
    assert!(guide.contains("/platforms/guide/calendar?platform=wechat"), "{guide}");
    let calendar = served.get(&format!("/platforms/guide/calendar?{answers}"), Some(&admin));
    assert!(calendar.text().starts_with("BEGIN:VCALENDAR"), "{}", calendar.text());
}

/// The same package with one byte of the plan changed.
fn changed(package: &Path, dir: &Path) -> PathBuf {
    let content = dir.join("changed");
    fs::create_dir(&content).unwrap();
    let root = pack::unpack(fs::File::open(package).unwrap(), &content).unwrap();
    let plan = root.join("data/plan.json");
    let mut bytes = fs::read(&plan).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&plan, bytes).unwrap();
    let to = dir.join("changed.zip");
    pack::pack(&root, "changed", fs::File::create(&to).unwrap()).unwrap();
    to
}

/// Our id of a group of the simulated platform.
fn group_of(served: &Served, native: &str) -> String {
    let all = served.desk.office.json("admin", 0, &["ls"]);
    let group = all["groups"].as_array().unwrap().iter().find(|one| one["native"] == native).unwrap();
    group["group"].as_str().unwrap().to_owned()
}

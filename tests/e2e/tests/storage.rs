//! Archives in a real S3-compatible store: in parts, killed in the middle, locked, and everything that it refuses. One store for all of it: starting it
//! takes longer than all the rest.

use std::path::Path;
use std::time::Duration;

use adjourn_e2e::{Action, KEY, Lie, PLAIN, RefDesk, SECRET, Seaweed, wait_for};
use serde_json::Value;

const MIB: usize = 1024 * 1024;
/// What a file begins with that age has sealed.
const SEALED: &[u8] = b"age-encryption.org/v1\n";
const PART: &str = "partNumber=";

/// The table of the configuration.
fn table(seaweed: &Seaweed, bucket: &str, secret: &Path, more: &str) -> String {
    let (url, secret) = (seaweed.proxy.url(), secret.display());
    format!(
        "\n[storage]\nkind = \"s3\"\nendpoint = \"{url}\"\nbucket = \"{bucket}\"\npath_style = true\nprefix = \"2026\"\n\
         access_key = \"{KEY}\"\nsecret_file = \"{secret}\"\n{more}"
    )
}

#[test]
fn req_x1_archives_lie_in_a_real_store_locked_and_a_killed_upload_goes_on() {
    let starts = std::thread::spawn(Seaweed::start);
    let desk = RefDesk::new(&[]);
    let office = &desk.office;
    let seaweed = starts.join().unwrap();
    seaweed.bucket("locked", true);
    seaweed.bucket("plain", false);
    let secret = office.dir().join("s3.secret");
    std::fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let path = office.data().join("config.toml");
    let before = std::fs::read_to_string(&path).unwrap();
    let configure = |bucket: &str, more: &str| {
        std::fs::write(&path, format!("{before}{}", table(&seaweed, bucket, &secret, more))).unwrap();
    };
    let lock = "lock = \"compliance\"\nretain_days = 1\n";
    configure("locked", lock);
    let file = |name: &str, bytes: usize| {
        let path = office.dir().join(name);
        let mut text: Vec<u8> = (0..bytes).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        if path.extension().is_some_and(|extension| extension == "age") {
            text[..SEALED.len()].copy_from_slice(SEALED);
        }
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (small, big) = (file("small.age", 1000), file("big.age", 20 * MIB));
    let refused = |args: &[&str], code: &str| {
        let run = office.run("admin", &[args, &["--json"]].concat());
        assert_eq!((run.code, run.error_code().as_deref()), (Some(1), Some(code)), "{run}");
        assert!(!run.stderr.contains(SECRET) && !run.stderr.contains("Signature="), "{run}");
    };
    let sent = || seaweed.proxy.count_effects("PUT", "big.age");

    let doctor = office.json("admin", 0, &["doctor"]);
    let checks = doctor["checks"].as_array().unwrap();
    let says = checks.iter().find(|check| check["check"] == "storage").unwrap()["says"].as_str().unwrap();
    assert!(says.contains("/locked/2026 (versions: on, Object Lock: on)"), "{says}");

    // A small one, of a group: one request, and the journal knows it.
    let dry = office.json("admin", 2, &["archive", "put", &small, "--group", PLAIN, "--dry-run"]);
    assert_eq!(
        (&dry["files"][0]["there"], seaweed.proxy.count("PUT", "small.age")),
        (&Value::Bool(false), 0)
    );
    let put = office.json("admin", 0, &["archive", "put", &small, "--group", PLAIN]);
    let stored = &put["stored"][0];
    let key = stored["key"].as_str().unwrap().strip_prefix("2026/").unwrap().to_owned();
    assert!(key.starts_with("g-") && key.ends_with("/small.age"), "{put}");
    assert_eq!((&stored["already"], &stored["lock"]["mode"]), (&false.into(), &"compliance".into()), "{put}");
    let again = office.json("admin", 0, &["archive", "put", &small, "--group", PLAIN]);
    assert_eq!(
        (&again["stored"][0]["already"], &again["stored"][0]["version"]),
        (&true.into(), &stored["version"])
    );
    assert_eq!(seaweed.proxy.count("PUT", "small.age"), 1);

    // One in clear is not locked, unless somebody says why, and then the journal says so.
    let clear = file("clear.bin", 500);
    refused(&["archive", "put", &small, &clear, "--group", PLAIN], "storage.clear");
    refused(&["archive", "put", &clear, "--group", PLAIN, "--in-clear", " "], "archive.reason");
    assert_eq!(seaweed.proxy.count("PUT", "clear.bin"), 0);
    office.json(
        "admin",
        0,
        &["archive", "put", &clear, "--group", PLAIN, "--in-clear", "the court wants it"],
    );
    let history = office.json("admin", 0, &["show", PLAIN])["history"].to_string();
    assert_eq!(history.matches(r#""in_clear":"the court wants it""#).count(), 1, "{history}");

    // A large one: killed after two of its three parts, and then the answer to the end of the upload is lost.
    let points = office.dir().join("points.log");
    let halted = office.adjourn().env("ADJOURN_POINTS_LOG", &points).env("ADJOURN_HALT_AT", "storage.send#2");
    let admin = office.key("admin");
    let running = halted.spawn(&["archive", "put", &big, "--group", PLAIN, "--key", &admin]);
    let reached = || std::fs::read_to_string(&points).unwrap_or_default().contains("halted").then_some(());
    assert!(wait_for(Duration::from_mins(1), reached).is_some(), "{}{}", running.stdout(), running.stderr());
    running.kill9();
    assert_eq!(sent(), 2);
    seaweed.lie(vec![Lie::nth(1, "POST", "uploadId=", Action::DropReply)]);
    let put = office.json("admin", 0, &["archive", "put", &big, "--group", PLAIN]);
    let stored = &put["stored"][0];
    assert_eq!(
        (sent(), &stored["bytes"]),
        (3, &(20 * MIB).into()),
        "what was there was not sent again: {put}"
    );
    assert!(seaweed.proxy.count("PUT", PART) == 3 && stored["lock"]["mode"] == "compliance", "{put}");
    assert_eq!(std::fs::read_dir(office.bundles().join("uploads")).unwrap().count(), 0);

    // It comes back, held against the journal; nobody removes it, and nothing takes its place.
    let out = office.dir().join("back").display().to_string();
    let big_key = key.replace("small", "big");
    let nobody = office.adjourn().run(&["archive", "get", &big_key, "--out", &out, "--json"]);
    assert_eq!(
        (nobody.error_code().as_deref(), Path::new(&out).exists()),
        (Some("principal.missing"), false)
    );
    let got = office.json("admin", 0, &["archive", "get", &big_key, "--out", &out]);
    assert_eq!(got["fetched"]["in_journal"], true, "{got}");
    let history = office.json("admin", 0, &["show", PLAIN])["history"].to_string();
    assert_eq!(history.matches("archive_fetched").count(), 1, "who has it is in the journal");
    assert!(std::fs::read(&out).unwrap() == std::fs::read(&big).unwrap(), "the same bytes");
    let removed =
        seaweed.remove("locked", stored["key"].as_str().unwrap(), stored["version"].as_str().unwrap());
    assert_eq!(removed.status, 403, "{}", removed.text());
    file("small.age", 999);
    refused(&["archive", "put", &small, "--group", PLAIN], "storage.exists");

    // A file of a case lies under the case.
    let (case, _) = office.approved(PLAIN);
    let put = office.json("admin", 0, &["archive", "put", &small, "--case", &case]);
    assert_eq!(put["stored"][0]["key"], format!("2026/{case}/small.age"), "{put}");
    let back = office.dir().join("of-case").display().to_string();
    let got = office.json("admin", 0, &["archive", "get", &format!("{case}/small.age"), "--out", &back]);
    assert_eq!(got["fetched"]["in_journal"], true, "{got}");
    assert!(std::fs::read(&back).unwrap() == std::fs::read(&small).unwrap());
    refused(&["archive", "put", &small, "--case", "c-none"], "case.unknown");

    // A sealed export goes under a lock by itself, and is read by a person's key, which is noted. So is one in clear, which needs a reason.
    configure("locked", &format!("{lock}store = \"automatic\"\n\n[archive]\nseal = true\n"));
    let folder = |name: &str| office.dir().join(name).display().to_string();
    let sealed = office.json("admin", 0, &["export", PLAIN, "--out", &folder("sealed")])["export"].clone();
    assert_eq!((&sealed["sealed"], &sealed["stored"]["lock"]["mode"]), (&true.into(), &"compliance".into()));
    let bag = sealed["path"].as_str().unwrap();
    let open = ["archive", "open", bag, "--out", &folder("opened.zst"), "--json"];
    assert_eq!(office.adjourn().run(&open).error_code().as_deref(), Some("principal.missing"));
    office.json("admin", 0, &open[..open.len() - 1]);
    let export = ["export", PLAIN, "--out", &folder("clear"), "--in-clear", "for the auditor"];
    let clear = office.json("admin", 0, &export)["export"].clone();
    assert_eq!((&clear["sealed"], &clear["stored"]["code"]), (&false.into(), &"storage.clear".into()));
    let copy = folder("copy.jsonl.zst");
    let redact = [
        "redact",
        clear["path"].as_str().unwrap(),
        "--out",
        &copy,
        "--report",
        &format!("{copy}.report.json"),
        "--json",
    ];
    assert_eq!(office.adjourn().run(&redact).error_code().as_deref(), Some("principal.missing"));
    office.json("admin", 0, &redact[..redact.len() - 1]);
    let history = office.json("admin", 0, &["show", PLAIN])["history"].to_string();
    assert_eq!(history.matches(r#""original":"export/"#).count(), 2, "{history}");
    assert_eq!(history.matches(r#""in_clear":"for the auditor""#).count(), 1, "{history}");
    // Its copy goes as it is, because the report says what it is.
    let put = office.json("admin", 0, &["archive", "put", &copy, "--group", PLAIN]);
    assert_eq!(put["stored"][0]["lock"]["mode"], "compliance", "{put}");
    configure("locked", lock);

    // What can't work is refused, and says why.
    refused(&["archive", "put", &small, "--group", "nobody"], "group.unknown");
    refused(&["archive", "get", "g-1/none", "--out", "/nowhere/x"], "storage.unknown");
    configure("plain", lock);
    refused(&["archive", "put", &small], "storage.no_lock");
    configure("nowhere", "");
    refused(&["archive", "put", &small], "storage.bucket");
    std::fs::write(&secret, "wrong").unwrap();
    configure("plain", "");
    refused(&["archive", "put", &small], "storage.auth");
    let doctor = office.run("admin", &["doctor", "--lang", "zh-CN"]);
    assert!(doctor.code == Some(1) && doctor.stderr.contains("存储拒绝用该密钥访问存储桶 plain"), "{doctor}");
    std::fs::write(&path, &before).unwrap();
    refused(&["archive", "put", &small], "storage.unconfigured");

    // Exports are stored by themselves, and are whole where the storage can't be had.
    std::fs::write(&secret, SECRET).unwrap();
    let by_itself = |bucket: &str| configure(bucket, "store = \"automatic\"\n");
    let taken = office.dir().join("taken").display().to_string();
    let export = || office.json("admin", 0, &["export", PLAIN, "--out", &taken])["export"].clone();
    by_itself("nowhere");
    let away = export();
    assert_eq!(away["stored"]["code"], "storage.bucket", "{away}");
    assert!(Path::new(away["path"].as_str().unwrap()).join("data/messages.jsonl.zst").is_file(), "{away}");
    by_itself("plain");
    let there = export();
    let group = there["group"].as_str().unwrap();
    assert!(
        there["stored"]["key"].as_str().unwrap().starts_with(&format!("2026/{group}/export-")),
        "{there}"
    );
    by_itself("nowhere");
    office.json("requester", 0, &["apply", &case, "--detach"]);
    let worker = || office.run("admin", &["worker", "--until-idle", "--json"]);
    let said = worker();
    assert!(
        said.code == Some(0) && said.stderr.contains("\"not_stored\":{\"code\":\"storage.bucket\"}"),
        "{said}"
    );
    let doctor = office.run("admin", &["doctor", "--json"]);
    assert!(doctor.stdout.contains("One finished export is not stored yet"), "{doctor}");
    // Nor is an export in clear locked by itself.
    configure("locked", &format!("{lock}store = \"automatic\"\n"));
    let said = worker();
    assert!(
        said.code == Some(0) && said.stderr.contains("\"not_stored\":{\"code\":\"storage.clear\"}"),
        "{said}"
    );
    let doctor = office.run("admin", &["doctor", "--json"]);
    assert!(doctor.stdout.contains("in clear, and the bucket locks what it takes"), "{doctor}");
    refused(&["archive", "put", "--all"], "storage.clear");
    by_itself("plain");
    let waits = office.json("admin", 2, &["archive", "put", "--all", "--dry-run"]);
    assert_eq!(waits["files"].as_array().unwrap().len(), 1, "{waits}");
    let said = worker();
    assert_eq!((said.code, said.stderr.contains("not_stored")), (Some(0), false), "{said}");
    assert_eq!(office.json("admin", 0, &["archive", "put", "--all"])["stored"], serde_json::json!([]));
    let history = office.json("admin", 0, &["show", PLAIN])["history"].to_string();
    assert_eq!(history.matches(r#""by":"worker","kind":"archive_stored""#).count(), 1, "stored by itself");
    let back = office.dir().join("bag.zip").display().to_string();
    let key = waits["files"][0]["key"].as_str().unwrap();
    office.json("admin", 0, &["archive", "get", key, "--out", &back]);
    let shown = office.json("admin", 0, &["archive", "show", &back]);
    assert!(!shown["rows"].as_array().unwrap().is_empty(), "{shown}");
    assert_eq!(
        std::fs::read_dir(office.bundles().join("packing")).unwrap().count(),
        1,
        "only the lock is left"
    );

    // Whoever converts an original that lies here has read it: by a key, and in the journal before anything is written.
    let original = waits["files"][0]["file"].as_str().unwrap();
    let table = office.dir().join("all.csv").display().to_string();
    let convert = ["archive", "convert", original, "--to", "csv", "--out", &table, "--json"];
    assert_eq!(office.adjourn().run(&convert).error_code().as_deref(), Some("principal.missing"));
    office.json("admin", 0, &convert[..convert.len() - 1]);
    refused(&convert[..convert.len() - 1], "archive.exists");
    let history = office.json("admin", 0, &["show", PLAIN])["history"].to_string();
    assert_eq!(
        history.matches(r#""original":"c-"#).count(),
        2,
        "who shows what came back is noted, and who converts"
    );
}

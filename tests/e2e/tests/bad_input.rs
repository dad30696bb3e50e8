//! What is wrong from outside: arguments, configuration, keys, addresses, tokens, certificates, disks, damaged files. Each is
//! refused with a code, a sentence and a hint, changes nothing, and what was wrong can be put right.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: what is not there is a failed test"
)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use adjourn_e2e::{
    Access, Action, Disk, Gate, Lie, LyingProxy, Office, Output, Room, Scene, Synapse, at_once, shared,
    tempdir, tests,
};
use serde_json::{Value, json};

#[test]
fn what_is_wrong_from_outside_is_refused_and_leaves_no_harm() {
    let _server = shared();
    at_once(
        4,
        tests![
            a_full_disk_stops_the_export_and_it_goes_on,
            a_token_revoked_before_apply,
            a_token_revoked_during_the_export,
            command_lines,
            configurations,
            unknown_things,
            keys_of_people,
            addresses_and_tokens,
            bundles,
            edited_plans,
            folders_that_cannot_be_written,
            databases,
        ],
    );
}

/// Refused: this exit code, this error on stderr as one document with a sentence and a hint, nothing on stdout.
#[track_caller]
fn refused(output: &Output, exit: i32, code: &str) -> Value {
    assert_eq!(output.code, Some(exit), "{output}");
    assert_eq!(output.stdout, "", "{output}");
    let document: Value = serde_json::from_str(&output.stderr)
        .unwrap_or_else(|e| panic!("stderr is not one document ({e})\n{output}"));
    let error = &document["error"];
    assert_eq!(error["code"], code, "{output}");
    for field in ["message", "hint"] {
        assert!(error[field].as_str().is_some_and(|text| text.len() > 10), "no {field}: {output}");
    }
    // The same in words.
    let mut words = output.arguments.clone();
    words.retain(|argument| argument != "--json");
    assert!(!document["error"]["message"].as_str().unwrap().contains("{ $"), "{output}");
    error.clone()
}

fn wrong(office: &Office, exit: i32, code: &str, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.push("--json");
    refused(&office.run("admin", &all), exit, code)
}

/// The journal can be read, and everything is as it has to be.
fn intact(office: &Office) {
    office.json("admin", 0, &["doctor"]);
    office.json("admin", 0, &["ls"]);
    office.json("admin", 0, &["ls", "--cases"]);
}

fn command_lines() {
    let dir = tempdir();
    let adjourn = adjourn_e2e::Adjourn::new(dir.path().join("data"));
    for arguments in [
        &["--json"][..],
        &["dissolve", "--json"],
        &["plan", "--json"],
        &["plan", "x", "--json"],
        &["apply", "--json"],
        &["ls", "--view", "nonsense", "--json"],
        &["ls", "--nonsense", "--json"],
        &["plan", "x", "--reason", "y", "--kind", "nonsense", "--json"],
        &["ls", "--lang", "xx", "--json"],
    ] {
        refused(&adjourn.run(arguments), 1, "usage");
    }
    let words = adjourn.run(&["dissolve"]);
    assert_eq!((words.code, words.stdout.as_str()), (Some(1), ""), "{words}");
    assert!(words.stderr.contains("usage"), "{words}");
    assert_eq!(adjourn.run(&["--help"]).code, Some(0));
    assert!(!dir.path().join("data").exists(), "nothing was made");
}

fn configurations() {
    let office = Office::new(None);
    let path = office.data().join("config.toml");
    let good = std::fs::read_to_string(&path).unwrap();
    let cases = [
        ("[timestamp]\nurll = \"http://x\"\n", "config.unknown_key", "urll"),
        ("colour = 1\n", "config.unknown_key", "colour"),
        ("[policy.important\n", "config.invalid", ""),
        ("[http]\nreply_s = \"soon\"\n", "config.invalid", ""),
        ("[timestamp]\nca = \"/nowhere/ca.pem\"\n", "io", ""),
    ];
    for (text, code, key) in cases {
        std::fs::write(&path, format!("{text}{good}")).unwrap();
        let error = wrong(&office, 1, code, &["ls"]);
        let all = error.to_string();
        assert!(all.contains(key), "{all}");
    }
    // A policy that would switch an invariant off.
    for (from, to) in [
        ("count = 1 }, {", "count = 0 }, {"),
        (", { role = \"compliance\", count = 1 }", ""),
        ("probes_s = [0, 1, 3]", "probes_s = [0, 1]"),
        ("members_drift_percent = 10", "members_drift_percent = 400"),
    ] {
        assert!(good.contains(from), "{from}");
        std::fs::write(&path, good.replacen(from, to, 1)).unwrap();
        wrong(&office, 1, "config.invalid", &["ls"]);
    }
    std::fs::write(&path, &good).unwrap();
    wrong(&office, 1, "config.missing", &["ls", "--config", "/nowhere/config.toml"]);
    intact(&office);
}

fn unknown_things() {
    let office = Office::new(None);
    for (code, arguments) in [
        ("group.unknown", &["plan", "#nowhere:x", "--reason", "y"][..]),
        ("group.unknown", &["show", "#nowhere:x"]),
        ("group.unknown", &["hold", "add", "#nowhere:x", "--matter", "m"]),
        ("group.unknown", &["destroy", "plan", "#nowhere:x"]),
        ("case.unknown", &["show", "c-none"]),
        ("case.unknown", &["submit", "c-none"]),
        ("case.unknown", &["approve", "c-none"]),
        ("case.unknown", &["apply", "c-none"]),
        ("case.unknown", &["watch", "c-none"]),
        ("case.unknown", &["why", "c-none"]),
        ("case.unknown", &["undo", "c-none"]),
        ("hold.unknown", &["hold", "lift", "h-none"]),
        ("connection.unknown", &["scan", "nowhere"]),
        ("connection.unknown", &["connect", "test", "nowhere"]),
        ("platform.unknown", &["connect", "add", "a", "telegraph"]),
        ("facts.unknown", &["facts", "telegraph"]),
        ("platform.unknown", &["sim", "telegraph"]),
        ("config.missing", &["connect", "add", "a", "matrix"]),
        ("usage", &["connect", "add", "a", "matrix", "--set", "url"]),
        (
            "usage",
            &["connect", "add", "a", "matrix", "--set", "url=http://x", "--secret", "main.token=syt_x"],
        ),
        (
            "io",
            &["connect", "add", "a", "matrix", "--set", "url=http://x", "--secret", "main.token=@/nowhere"],
        ),
    ] {
        wrong(&office, 1, code, arguments);
    }
    intact(&office);
}

fn keys_of_people() {
    let office = Office::new(None);
    let add = ["principal", "add", "new", "--role", "business", "--json", "--key-out"];
    let out = office.dir().join("new.key").display().to_string();
    let with = |key: Option<&str>| {
        let mut all = add.to_vec();
        all.push(&out);
        all.extend(key.iter().flat_map(|key| ["--key", key]));
        office.adjourn().run(&all)
    };
    refused(&with(None), 1, "principal.missing");
    refused(&with(Some("/nowhere.key")), 1, "principal.key");
    let bad = office.dir().join("bad.key");
    std::fs::write(&bad, "not a key\n").unwrap();
    std::fs::set_permissions(&bad, std::fs::Permissions::from_mode(0o600)).unwrap();
    refused(&with(Some(bad.to_str().unwrap())), 1, "principal.key");
    let admin = office.key("admin");
    std::fs::set_permissions(&admin, std::fs::Permissions::from_mode(0o644)).unwrap();
    let error = refused(&with(Some(&admin)), 1, "principal.key");
    assert!(error.to_string().contains("600"), "{error}");
    std::fs::set_permissions(&admin, std::fs::Permissions::from_mode(0o600)).unwrap();
    // The key of a stranger, and one of the wrong role.
    let other = Office::new(None);
    refused(&with(Some(&other.key("admin"))), 1, "principal.unknown");
    assert_eq!(with(Some(&office.key("business"))).error_code().as_deref(), Some("approval.role"));
    assert!(!Path::new(&out).exists(), "a refused principal leaves no key");
    assert_eq!(with(Some(&admin)).code, Some(0));
    assert_eq!(with(Some(&admin)).error_code().as_deref(), Some("principal.exists"));
    let again =
        ["principal", "add", "newer", "--role", "business", "--json", "--key", &admin, "--key-out", &out];
    refused(&office.adjourn().run(&again), 1, "io"); // a key is never overwritten
    intact(&office);
}

/// A TLS server with a certificate that nobody vouches for.
struct Tls {
    child: std::process::Child,
    url: String,
    _dir: adjourn_e2e::TempDir,
}

impl Tls {
    fn start() -> Self {
        let dir = tempdir();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem"])
            .args(["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"])
            .current_dir(dir.path())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        let child = Command::new("openssl")
            .args(["s_server", "-quiet", "-accept", &format!("127.0.0.1:{port}")])
            .args(["-cert", "cert.pem", "-key", "key.pem", "-www"])
            .current_dir(dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "openssl s_server does not listen");
        }
        Self { child, url: format!("https://127.0.0.1:{port}"), _dir: dir }
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn addresses_and_tokens() {
    let synapse = shared();
    let office = Office::new(None);
    let page = |status| Action::Answer {
        status,
        content_type: "text/html".into(),
        body: b"<!doctype html><title>Welcome</title>".into(),
    };
    let web = LyingProxy::start(&synapse.url(), vec![Lie::always("*", "/", page(200))]);
    let lost = LyingProxy::start(&synapse.url(), vec![Lie::always("*", "/", page(404))]);
    let tls = Tls::start();
    let nobody = {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", closed.local_addr().unwrap())
    };
    let good = Access::default();
    let no_such = Access { token: Some("syt_nobody_has_this"), ..good };
    for (code, url, access) in [
        ("connection.auth", synapse.url(), no_such),
        ("connection.network", nobody, good),
        ("connection.url", web.url(), good),
        ("connection.url", lost.url(), good),
        ("connection.url", "not an address".to_owned(), good),
        ("connection.url", "http://user:pw@127.0.0.1".to_owned(), good),
        ("connection.tls", tls.url.clone(), good),
    ] {
        let arguments = office.connect_arguments(&synapse, &url, access);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let error = wrong(&office, 1, code, &arguments).to_string();
        assert!(!error.contains("syt_"), "a token is never shown: {error}");
    }
    // The acting account as its own witness, and a class without a policy.
    let own = Access { witness: Some("root"), ..good };
    let strange = Access { class: "strange", ..good };
    for (code, access) in [("connection.witness", own), ("config.invalid", strange)] {
        let arguments = office.connect_arguments(&synapse, &synapse.url(), access);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        wrong(&office, 1, code, &arguments);
    }
    let list = office.json("admin", 0, &["connect", "ls"]);
    assert_eq!(list["connections"], json!([]), "what was refused is not there");
    // The same name, right this time.
    office.connect_shared(&synapse, &synapse.url(), good);
    intact(&office);
}

fn bundles() {
    let dir = tempdir();
    let adjourn = adjourn_e2e::Adjourn::new(dir.path().join("data"));
    let demo = adjourn.json(0, &["demo", "--seed", "3", "--out", dir.path().join("demo").to_str().unwrap()]);
    let bundle = demo["bundle"].as_str().unwrap();
    adjourn.json(0, &["verify", bundle]);
    let mut files = Vec::new();
    below(Path::new(bundle), &mut files);
    assert!(files.len() > 20, "{files:?}");
    // Every third file, by turns altered, cut short, and away.
    for (n, file) in files.iter().enumerate().filter(|(n, _)| n % 3 == 0) {
        let copy = dir.path().join(format!("copy{n}"));
        copy_folder(bundle, &copy);
        let path = copy.join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        match (n / 3) % 3 {
            0 => std::fs::remove_file(&path).unwrap(),
            1 => std::fs::write(&path, bytes.get(..bytes.len() / 2).unwrap()).unwrap(),
            _ => {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                std::fs::write(&path, &bytes).unwrap();
            }
        }
        let output = adjourn.run(&["verify", copy.to_str().unwrap(), "--json"]);
        assert_eq!(output.code, Some(8), "{file}: {output}");
        assert!(
            matches!(output.error_code().as_deref(), Some("verify.failed" | "bundle.invalid")),
            "{file}: {output}"
        );
        if !output.stdout.is_empty() {
            let report = output.json();
            assert_eq!(report["ok"], false, "{file}");
            let findings = report["findings"].as_array().unwrap();
            assert!(
                findings.iter().any(|finding| finding["file"]
                    .as_str()
                    .is_some_and(|named| file.ends_with(named) || named.ends_with(file.as_str()))),
                "no finding names {file}: {findings:#?}"
            );
        }
        std::fs::remove_dir_all(&copy).unwrap();
    }
    let copy = dir.path().join("more");
    copy_folder(bundle, &copy);
    std::fs::write(copy.join("data/more.txt"), "more").unwrap();
    let output = adjourn.run(&["verify", copy.to_str().unwrap(), "--json"]);
    assert_eq!(output.code, Some(8), "{output}");
    assert!(output.stdout.contains("more.txt"), "{output}");
    // None at all.
    refused(&adjourn.run(&["verify", "/nowhere", "--json"]), 8, "bundle.missing");
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert_eq!(adjourn.run(&["verify", empty.to_str().unwrap(), "--json"]).code, Some(8));
    adjourn.json(0, &["verify", bundle]);
}

fn below(dir: &Path, files: &mut Vec<String>) {
    fn walk(root: &Path, dir: &Path, files: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, files);
            } else {
                files.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    walk(dir, dir, files);
    files.sort();
}

fn copy_folder(from: impl AsRef<Path>, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from.as_ref()).arg(to).status().unwrap();
    assert!(copied.success());
}

fn edited_plans() {
    let synapse = shared();
    let room = Room::make(&synapse, "alice", "bad-plan");
    let office = Office::new(None);
    office.connect_shared(&synapse, &synapse.url(), Access::default());
    let file = office.dir().join("plan.json").display().to_string();
    let plan = office.json("requester", 2, &["plan", &room.id, "--reason", "r", "--out", &file]);
    let case = plan["case"].as_str().unwrap();
    office.json("requester", 3, &["submit", case]);
    let good = std::fs::read_to_string(&file).unwrap();
    let value: Value = serde_json::from_str(&good).unwrap();
    let longer = good.replacen("\"cooling_off_s\":1", "\"cooling_off_s\":0", 1);
    assert_ne!(longer, good);
    for text in [
        longer,
        format!("{value:#}"),
        good[..good.len() / 2].to_owned(),
        format!("{good}\n"),
        "{}".to_owned(),
        String::new(),
    ] {
        std::fs::write(&file, text).unwrap();
        let output = office.run("business", &["approve", case, "--plan", &file, "--json"]);
        refused(&output, 9, "plan.edited");
    }
    let gone = office.run("business", &["approve", case, "--plan", "/nowhere", "--json"]);
    refused(&gone, 1, "io");
    assert_eq!(office.run("requester", &["apply", case]).code, Some(3), "none of them counted");
    std::fs::write(&file, good).unwrap();
    office.json("business", 3, &["approve", case, "--plan", &file]);
    office.json("compliance", 0, &["approve", case, "--plan", &file]);
    intact(&office);
    assert!(room.is_alive(&synapse));
}

/// A new token of the acting account.
fn login(synapse: &Synapse) -> String {
    let body = json!({
        "type": "m.login.password",
        "identifier": { "type": "m.id.user", "user": "root" },
        "password": synapse.password("root"),
    });
    let answer =
        adjourn_e2e::User::new(&synapse.url(), "").post("/_matrix/client/v3/login", &body).expect(200);
    answer["access_token"].as_str().unwrap().to_owned()
}

fn logout(synapse: &Synapse, token: &str) {
    adjourn_e2e::User::new(&synapse.url(), token).post("/_matrix/client/v3/logout", &json!({})).expect(200);
}

/// Gives the connection a new token; the case then goes on to its end.
fn renewed(scene: &Scene) {
    let file = scene.office.dir().join("new.token");
    let secret = format!("main.token=@{}", file.display());
    std::fs::write(&file, "syt_wrong_again").unwrap();
    wrong(&scene.office, 1, "connection.auth", &["connect", "renew", "hs", "--secret", &secret]);
    // Another account is another identity: what was approved was not for it.
    std::fs::write(&file, scene.synapse.token("witness")).unwrap();
    wrong(&scene.office, 1, "connection.witness", &["connect", "renew", "hs", "--secret", &secret]);
    std::fs::write(&file, login(&scene.synapse)).unwrap();
    scene.office.json("admin", 0, &["connect", "renew", "hs", "--secret", &secret]);
    let end = scene.apply();
    assert_eq!(end.code, Some(0), "{end}");
    assert_eq!(end.json()["groups"][0]["verdict"], "gone");
    assert!(scene.room.is_purged(&scene.synapse));
    intact(&scene.office);
}

fn a_token_revoked_before_apply() {
    let synapse = shared();
    let token = login(&synapse);
    let scene = Scene::with("bad-token-before", Access { token: Some(&token), ..Access::default() }, |_| {});
    logout(&synapse, &token);
    refused(&scene.apply(), 1, "connection.auth");
    assert!(scene.room.is_alive(&synapse));
    renewed(&scene);
}

fn a_token_revoked_during_the_export() {
    let synapse = shared();
    let token = login(&synapse);
    let scene = Scene::with("bad-token-export", Access { token: Some(&token), ..Access::default() }, |_| {});
    // The export is what reads forwards; looks at the last activity read backwards.
    let gate = Gate::default();
    scene.lie(vec![Lie::nth(1, "GET", "/messages?dir=f", Action::Hold(gate.clone()))]);
    let key = scene.office.key("requester");
    let running = scene.office.adjourn().spawn(&["apply", &scene.case, "--json", "--key", &key]);
    gate.reached();
    logout(&synapse, &token);
    gate.open();
    let output = running.wait(Duration::from_mins(2));
    assert_eq!((output.code, output.error_code().as_deref()), (Some(1), Some("connection.auth")), "{output}");
    assert_eq!(output.json()["groups"][0]["step_op"], "export", "{output}");
    assert_eq!(scene.deletions(), (0, 0));
    renewed(&scene);
}

fn a_full_disk_stops_the_export_and_it_goes_on() {
    let mut disk = None;
    let scene = Scene::with("bad-full-disk", Access::default(), |office| {
        disk = Some(Disk::mount(&office.bundles(), "size=4m"));
    });
    let filler = scene.office.bundles().join("filler");
    let fill = std::fs::write(&filler, vec![7; 8 << 20]);
    assert!(fill.is_err(), "the disk is full");
    let full = scene.apply();
    assert_eq!((full.code, full.error_code().as_deref()), (Some(1), Some("disk.full")), "{full}");
    assert_eq!(scene.deletions(), (0, 0));
    assert!(scene.room.members(&scene.synapse) >= 3, "nothing is dissolved that could not be exported");
    std::fs::remove_file(&filler).unwrap();
    intact(&scene.office);
    let end = scene.apply();
    assert_eq!(end.code, Some(0), "{end}");
    let end = end.json();
    assert_eq!(end["groups"][0]["verdict"], "gone");
    assert!(scene.room.is_purged(&scene.synapse));
    scene.office.adjourn().json(0, &["verify", end["bundle"].as_str().unwrap()]);
    drop(disk);
}

fn folders_that_cannot_be_written() {
    let dir = tempdir();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    for data in [file.clone(), file.join("below")] {
        let output = adjourn_e2e::Adjourn::new(&data).run(&["ls", "--json"]);
        let code = output.error_code().unwrap_or_default();
        assert!(code == "io" || code == "config.missing", "{output}");
        refused(&output, 1, &code);
    }
    assert_eq!(std::fs::read(&file).unwrap(), b"x");
    let _disk = Disk::mount(&dir.path().join("ro"), "size=1m,ro");
    let adjourn = adjourn_e2e::Adjourn::new(dir.path().join("ro/data"));
    refused(&adjourn.run(&["ls", "--json"]), 1, "io");
    // Only what is written later can't be: the bundles.
    let office = Office::new(None);
    let _bundles = Disk::mount(&office.bundles(), "size=1m,ro");
    let doctor = office.run("admin", &["doctor", "--json"]);
    assert_eq!((doctor.code, doctor.error_code().as_deref()), (Some(1), Some("io")), "{doctor}");
    office.json("admin", 0, &["ls"]);
}

fn databases() {
    let office = Office::new(None);
    let path = office.data().join("adjourn.db");
    let sql = |text: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(text).unwrap();
    sql("PRAGMA wal_checkpoint(TRUNCATE);");
    let good = std::fs::read(&path).unwrap();
    let put = |bytes: &[u8]| {
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(office.data().join(format!("adjourn.db{suffix}")));
        }
        std::fs::write(&path, bytes).unwrap();
    };
    // A later version, somebody else's file, no database at all, half of one.
    sql("PRAGMA user_version = 99;");
    wrong(&office, 1, "data.version", &["ls"]);
    put(&good);
    sql("PRAGMA application_id = 7;");
    wrong(&office, 1, "data.version", &["ls"]);
    for (bytes, name) in [
        (vec![0x5a; 100_000], "garbage"),
        (b"SQLite format 3\0".iter().copied().chain(vec![0x5a; 100_000]).collect(), "a header and garbage"),
        (good[..5000].to_vec(), "half"),
    ] {
        put(&bytes);
        let output = office.run("admin", &["principal", "ls", "--json"]);
        refused(&output, 1, "journal.corrupt");
        let after = std::fs::read(&path).unwrap();
        assert!(after == bytes, "{name}: the file was changed");
    }
    // One altered entry.
    put(&good);
    sql(
        "DROP TRIGGER event_is_not_changed; UPDATE event SET sealed = zeroblob(length(sealed)) WHERE seq = 2;",
    );
    wrong(&office, 1, "journal.corrupt", &["principal", "ls"]);
    put(&good);
    intact(&office);
    assert_eq!(office.json("admin", 0, &["principal", "ls"])["principals"].as_array().unwrap().len(), 4);
}

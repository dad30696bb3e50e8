//! What is wrong in what people and platforms hand over: exports, ledgers, lists, deliveries, replies. Each is refused or flagged
//! with a code; what was there before is there afterwards, and no file and no server makes the process grow.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "test code: what is not there is a failed test, and another process is waited for"
)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use adjourn_e2e::http::request;
use adjourn_e2e::{Action, Lie, LyingProxy, Office, Output, Running, Simulator};
use serde_json::{Value, json};

const GROUP: &str = "34512345678@chatroom";
const HEADER: &str = "Time,SenderName,Sender,TalkerName,Talker,Content\n";
/// More than this no file makes of the process, in KiB: far less than the file's own size.
const MEMORY_KIB: u64 = 160 * 1024;
const MIB: usize = 1024 * 1024;

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// A row of chatlog's JSON.
fn row(seconds: u64, seq: &str) -> String {
    let time = adjourn_domain::time::Time::from_millis(i64::try_from(seconds * 1000).unwrap());
    format!(
        "{{\"seq\":{seq},\"time\":\"{time}\",\"talker\":\"{GROUP}\",\"talkerName\":\"T\",\"isChatRoom\":true,\
         \"sender\":\"wxid_b\",\"senderName\":\"B\",\"isSelf\":false,\"type\":1,\"subType\":0,\"content\":\"hello\"}}"
    )
}

fn good() -> String {
    let rows: Vec<String> =
        (0..30).map(|n| row(1_795_000_000 + n, &((1_795_000_000 + n) * 1000).to_string())).collect();
    format!("[{}]", rows.join(","))
}

fn csv(rows: &[&str]) -> String {
    let rows: Vec<String> =
        rows.iter().map(|time| format!("{time},B,wxid_b,T,{GROUP},hello \u{1f389}\n")).collect();
    format!("{HEADER}{}", rows.concat())
}

fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// An installation that people hand WeChat's exports to, with one export in it.
struct Wechat(Office);

impl Wechat {
    fn new() -> Self {
        let office = Office::new(None);
        let accounts = "accounts=main=wxid_a,second=wxid_b";
        let add = [
            "connect",
            "add",
            "wx",
            "wechat",
            "--set",
            accounts,
            "--identity",
            "main",
            "--witness",
            "second",
        ];
        office.json("admin", 0, &add);
        let place = Self(office);
        let file = place.write("first.json", good().as_bytes());
        let args = ["import", &file, "--connection", "wx", "--group", GROUP, "--as", "main"];
        place.0.json("requester", 0, &args);
        place
    }

    fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        text(&path)
    }

    fn import(&self, file: &str, more: &[&str]) -> Output {
        let mut args = vec!["import", file, "--group", GROUP, "--as", "second", "--json"];
        args.extend(more);
        self.0.run("requester", &args)
    }

    /// What was handed in so far, as the journal and the inbox have it.
    fn kept(&self) -> (usize, usize) {
        self.0.json("admin", 0, &["doctor"]);
        let shown = self.0.json("requester", 0, &["show", GROUP]);
        let history = shown["history"].as_array().unwrap();
        let uploads = history.iter().filter(|line| line["event"]["kind"] == "upload_received").count();
        (uploads, files(&self.0.bundles()))
    }
}

fn files(dir: &Path) -> usize {
    let entries = std::fs::read_dir(dir).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries.map(|path: PathBuf| if path.is_dir() { files(&path) } else { 1 }).sum()
}

/// Refused with this code: a sentence and a hint on stderr, nothing on stdout.
#[track_caller]
fn refused(name: &str, output: &Output, code: &str) {
    assert_eq!(output.code, Some(1), "{name}: {output}");
    assert_eq!(output.error_code().as_deref(), Some(code), "{name}: {output}");
    let document: Value = serde_json::from_str(output.stderr.trim()).unwrap();
    for field in ["message", "hint"] {
        assert!(document["error"][field].as_str().is_some_and(|text| text.len() > 10), "{name}: {output}");
    }
    assert_eq!(output.stdout, "", "{name}");
}

fn findings(output: &Output) -> Vec<String> {
    let document = output.json();
    let all = document["import"]["upload"]["findings"].as_array().unwrap().clone();
    all.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn req_x1_exports_that_can_not_be_read_are_refused_and_nothing_is_lost() {
    let place = Wechat::new();
    let before = place.kept();
    let gbk: Vec<u8> = [HEADER.as_bytes(), &b"2026-11-20 10:00:00,\xb3\xc2\xbe\xb2,wxid_b,T,"[..]].concat();
    let gbk = [&gbk[..], GROUP.as_bytes(), b",\xb4\xf3\xbc\xd2\xba\xc3\n"].concat();
    let elsewhere = good().replace(GROUP, "34599999999@chatroom");
    let deep = format!("[{}", "[".repeat(100_000));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("an unknown header", b"Time,Sender\n1,2\n".to_vec(), "upload.format"),
        ("an unknown object", b"[{\"id\":1}]".to_vec(), "upload.format"),
        ("no array", b"{\"a\":1}".to_vec(), "upload.format"),
        ("rubbish", (0..=255).cycle().skip(1).take(5000).collect(), "upload.format"),
        ("UTF-16", utf16(&csv(&["2026-11-20 10:00:00"])), "upload.encoding"),
        ("GBK", gbk, "upload.encoding"),
        ("nothing", Vec::new(), "upload.empty"),
        ("no rows", b"[]".to_vec(), "upload.empty"),
        ("white space", vec![b' '; 2 * MIB], "upload.empty"),
        ("deep brackets", deep.into_bytes(), "upload.format"),
        ("a list of people", b"UserName,Alias,Remark,NickName\nwxid_a,,,A\n".to_vec(), "upload.contacts"),
        ("another group", elsewhere.into_bytes(), "upload.other_group"),
        (
            "a long row",
            format!("[{},\"{}", row(1, "1000"), "x".repeat(2 * MIB)).into_bytes(),
            "upload.row_too_long",
        ),
    ];
    for (name, bytes, code) in cases {
        let file = place.write("bad", &bytes);
        refused(name, &place.import(&file, &[]), code);
    }
    let file = place.write("good.json", good().as_bytes());
    refused("a zone", &place.import(&file, &["--zone", "Atlantis/Capital"]), "upload.zone");
    refused("an identity", &place.import(&file, &["--as", "nobody"]), "usage");
    refused("no file", &place.import("/nowhere.json", &[]), "io");
    assert_eq!(place.kept(), before, "what was refused left nothing, and what was there is there");
}

#[test]
fn req_x1_what_is_odd_in_an_export_is_flagged_and_the_rest_is_kept() {
    let place = Wechat::new();
    let (one, two) = (row(1_795_000_000, "1795000000000"), row(1_795_000_001, "1795000001000"));
    let json = |rows: &[&str]| format!("[{}]", rows.join(","));
    let cut = json(&[&one, &two]);
    // Beyond 64 bits a number would lose its last digits; beyond 53 it must not.
    let huge = row(1_795_000_002, "123456789012345678901234567890");
    let wide = row(1_795_000_003, "9007199254740993");
    let cases: Vec<(&str, String, u64, &[&str])> = vec![
        ("a mark at the start", format!("\u{feff}{}", csv(&["2026-11-20 10:00:00"])), 1, &[]),
        ("cut off", cut[..cut.len() - 40].to_owned(), 1, &["file.truncated"]),
        ("cut off between rows", format!("[{one},"), 1, &["file.truncated"]),
        ("an id beyond 64 bits", json(&[&one, &huge]), 1, &["row.id"]),
        ("an id beyond 53 bits", json(&[&one, &wide]), 2, &["row.seq"]),
        ("the same id twice", json(&[&one, &one]), 2, &["row.id_twice"]),
        ("another order", json(&[&two, &one]), 2, &["row.order"]),
        ("a row of another kind", json(&[&one, "[1]"]), 1, &["row.json"]),
        ("a time that is none", csv(&["2026-11-20 10:00:00", "yesterday"]), 1, &["row.time"]),
    ];
    for (n, (name, content, records, codes)) in cases.into_iter().enumerate() {
        let before = place.kept();
        let file = place.write("odd", content.as_bytes());
        let output = place.import(&file, &[]);
        assert_eq!(output.code, Some(0), "{name}: {output}");
        assert_eq!(findings(&output), codes, "{name}");
        assert_eq!(output.json()["import"]["upload"]["records"], records, "{name}");
        assert_eq!(place.kept().0, before.0 + 1, "{name}, {n}");
    }
    // The same local time in two zones is thirteen hours apart in November.
    let file = place.write("local.csv", csv(&["2026-11-20 10:00:00"]).as_bytes());
    let first = |zone: &str| {
        place.import(&file, &["--zone", zone, "--dry-run"]).json()["import"]["upload"]["first"].clone()
    };
    assert_eq!(first("Asia/Shanghai"), "2026-11-20T02:00:00.000Z");
    assert_eq!(first("America/New_York"), "2026-11-20T15:00:00.000Z");
}

/// The most memory that a process had, looked at until it ends.
fn peak_kib(mut running: Running) -> (u64, Output) {
    let status = format!("/proc/{}/status", running.pid());
    let mut peak = 0;
    while running.is_running() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
    (peak, running.wait(Duration::from_secs(5)))
}

/// Hands in files of this size: one line without an end, and as many good rows.
fn huge_files(mib: usize) {
    let place = Wechat::new();
    let before = place.kept();
    let path = place.0.dir().join("huge.json");
    let key = place.0.key("requester");
    let look = || {
        let file = text(&path);
        let args =
            ["import", &file, "--group", GROUP, "--as", "second", "--json", "--dry-run", "--key", &key];
        peak_kib(place.0.adjourn().spawn(&args))
    };
    // One line: as the first row, after a good one, and as a cell.
    let cell = format!("{HEADER}2026-11-20 10:00:00,B,wxid_b,T,{GROUP},\"");
    for (head, code) in [
        ("[\"".to_owned(), "upload.row_too_long"),
        (format!("[{},\"", row(1, "1000")), "upload.row_too_long"),
        (cell, "upload.row_too_long"),
        ("x".to_owned(), "upload.format"),
    ] {
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(head.as_bytes()).unwrap();
        for _ in 0..mib {
            file.write_all(&vec![b'x'; MIB]).unwrap();
        }
        drop(file);
        let (peak, output) = look();
        refused(&head, &output, code);
        assert!(peak > 0 && peak < MEMORY_KIB, "{peak} KiB for {head}");
    }
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let (mut bytes, mut n) = (1, 0);
    file.write_all(b"[").unwrap();
    let filler = "y".repeat(60 * 1024);
    while bytes < mib * MIB {
        let comma = if n == 0 { "" } else { "," };
        let seconds = 1_795_000_000 + n;
        let line = row(seconds, &(seconds * 1000).to_string()).replace("hello", &filler);
        write!(file, "{comma}{line}").unwrap();
        bytes += line.len() + 1;
        n += 1;
    }
    file.write_all(b"]").unwrap();
    file.flush().unwrap();
    let (peak, output) = look();
    assert_eq!(output.json()["import"]["upload"]["records"], n, "{output}");
    assert!(peak > 0 && peak < MEMORY_KIB, "{peak} KiB");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(place.kept(), before);
}

#[test]
fn files_of_192_mib_do_not_make_the_process_grow() {
    huge_files(192);
}

#[test]
#[ignore = "five files of a gigabyte; run by hand"]
fn files_of_a_gigabyte_do_not_make_the_process_grow() {
    huge_files(1024);
}

#[test]
fn ledgers_that_can_not_be_understood_are_refused_and_wrong_rows_are_named() {
    let place = Wechat::new();
    let head = "name,platform,owner,contact,class,id\n";
    let good = format!("{head}A,wechat,Ann,1,important,1@chatroom\nB,wechat,Bob,2,important,2@chatroom\n");
    let register = |bytes: &[u8]| {
        let file = place.write("ledger.csv", bytes);
        place.0.run("requester", &["register", "--ledger", &file, "--json"])
    };
    assert_eq!(register(good.as_bytes()).code, Some(0));
    let groups = || place.0.json("admin", 0, &["ls"])["groups"].as_array().unwrap().len();
    let before = groups();
    let refused_all: Vec<(&str, Vec<u8>, &str)> = vec![
        ("an unknown header", good.replacen("owner", "colour", 1).into_bytes(), "ledger.header"),
        ("a column twice", good.replacen("class", "owner", 1).into_bytes(), "ledger.header"),
        ("no column", b"name,platform,owner\nA,wechat,Ann\n".to_vec(), "ledger.columns"),
        ("zeros", good.replace('A', "\0").into_bytes(), "ledger.encoding"),
        ("neither UTF-8 nor GBK", [good.as_bytes(), b"\xff\xff\xff,a\n"].concat(), "ledger.encoding"),
        ("half a spreadsheet", b"PK\x03\x04\x14\x00\x00\x00\x08\x00rest".to_vec(), "ledger.form"),
        ("too large", vec![b'a'; 33 * MIB], "ledger.size"),
    ];
    for (name, bytes, code) in refused_all {
        refused(name, &register(&bytes), code);
    }
    assert_eq!(groups(), before);
    // A wrong row stops no other one.
    let long = "x".repeat(600);
    let rows: Vec<(String, &str)> = vec![
        (",wechat,Ann,1,important,".to_owned(), "ledger-nameless"),
        (format!("{long},wechat,Ann,1,important,"), "ledger-long"),
        ("a\u{1b}[2J,wechat,Ann,1,important,".to_owned(), "ledger-control"),
        ("C,telegraph,Ann,1,important,".to_owned(), "ledger-connection"),
        ("C,wechat,,1,important,".to_owned(), "ledger-empty"),
        ("C,wechat,Ann,1,precious,".to_owned(), "ledger-class"),
        ("C,wechat,Ann,1,important,9@chatroom,more,again".to_owned(), "ledger-cells"),
        (
            "A,wechat,Ann,1,important,1@chatroom\nA2,wechat,Ann,1,important,1@chatroom".to_owned(),
            "ledger-duplicate",
        ),
    ];
    for (row, code) in rows {
        let output = register(format!("{head}{row}\n").as_bytes());
        let problems = output.json()["problems"].as_array().unwrap().clone();
        assert_eq!(problems.len(), 1, "{row}: {output}");
        assert_eq!(
            (output.code, problems.len(), &problems[0]["code"]),
            (Some(5), 1, &json!(code)),
            "{row}: {output}"
        );
    }
    assert_eq!(groups(), before);
    // These are read: a mark, UTF-16 as spreadsheets save it, GBK.
    let more = |id: u32| format!("{head}N\u{e9},wechat,Ann,1,important,{id}@chatroom\n");
    let gbk = [head.as_bytes(), b"\xcf\xee\xc4\xbf\xc8\xba,wechat,\xc0\xee\xc0\xd7,1,important,5@chatroom\n"]
        .concat();
    for bytes in [format!("\u{feff}{}", more(3)).into_bytes(), utf16(&more(4)), gbk] {
        let output = register(&bytes);
        assert_eq!((output.code, output.json()["new"].as_array().unwrap().len()), (Some(0), 1), "{output}");
    }
    assert_eq!(groups(), before + 3);
}

#[test]
fn names_that_would_confuse_are_kept_as_they_are_and_shown_without_harm() {
    let place = Wechat::new();
    let names = [
        "",
        "same",
        "same",
        "\u{5e7}\u{5d1}\u{5d5}\u{5e6}\u{5d4} 7",
        "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{1f3fd}\u{1f1e8}\u{1f1f3}",
        "safe\u{202e}gnp.exe",
        "\u{2067}turned",
        "\u{1b}]0;owned\u{7}\u{1b}[2Jcleared",
    ];
    let rooms: Vec<Value> = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            json!({"name": format!("{}@chatroom", 7000 + n), "owner": "wxid_a", "remark": "", "nickName": name,
                   "users": [{"userName": "wxid_a", "displayName": name}]})
        })
        .collect();
    let file = place.write("rooms.json", json!({"items": rooms}).to_string().as_bytes());
    place.0.json("requester", 0, &["import", &file, "--connection", "wx", "--as", "main"]);
    place.0.json("admin", 0, &["scan", "wx"]);
    let list = place.0.json("admin", 0, &["ls"]);
    let of = |id: &str| {
        let all = list["groups"].as_array().unwrap();
        all.iter().find(|group| group["native"] == id).unwrap_or_else(|| panic!("{id}: {list}")).clone()
    };
    let acts = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    for (n, name) in names.iter().enumerate() {
        let id = format!("{}@chatroom", 7000 + n);
        let said = of(&id)["name"].as_str().unwrap_or_default().to_owned();
        assert_eq!(said, *name, "the journal and the document have it as it is");
        for args in [vec!["show", &id], vec!["plan", &id, "--reason", "x"]] {
            let output = place.0.run("requester", &args);
            assert!(!output.stdout.contains(acts) && !output.stderr.contains(acts), "{id}: {output:?}");
        }
    }
    for args in [&["ls"][..], &["ls", "--json"]] {
        let output = place.0.run("admin", args);
        assert!(!output.stdout.contains(acts), "{:?}", output.stdout);
    }
    let listed = place.0.run("admin", &["ls"]);
    assert_eq!(listed.code, Some(0), "{listed}");
    assert!(!listed.stdout.contains(acts), "{:?}", listed.stdout);
    for shown in [names[3], names[4]] {
        assert!(listed.stdout.contains(shown), "{shown}");
    }
    // Two of the same name: which one is meant has to be said.
    let twice = place.0.run("requester", &["plan", "same", "--reason", "x", "--json"]);
    refused("the same name twice", &twice, "group.ambiguous");
}

/// An installation over QQ's simulator, behind a proxy that lies as it is told.
fn qq(proxy: &LyingProxy) -> Office {
    let office = Office::new(None);
    let mut sources = Vec::new();
    for (identity, token) in [("main", "qq-owner"), ("second", "qq-witness")] {
        for (name, value) in [("token", token), ("event_secret", "qq-events")] {
            let path = office.dir().join(format!("{identity}.{name}"));
            std::fs::write(&path, value).unwrap();
            sources.push(format!("{identity}.{name}=@{}", path.display()));
        }
    }
    let url = format!("url={}", proxy.url());
    let mut args =
        vec!["connect", "add", "bots", "qq", "--set", &url, "--identity", "main", "--witness", "second"];
    args.extend(sources.iter().flat_map(|source| ["--secret", source]));
    office.json("admin", 0, &args);
    office.json("admin", 0, &["scan", "bots"]);
    office
}

fn answer(body: impl Into<Vec<u8>>) -> Action {
    Action::Answer { status: 200, content_type: "application/json".to_owned(), body: body.into() }
}

#[test]
fn a_server_that_lies_about_its_own_shape_is_refused_with_a_code_and_forgets_nobody() {
    let sim = Simulator::start("qq", &[]);
    let proxy = LyingProxy::start(&sim.url(""), Vec::new());
    let office = qq(&proxy);
    let groups = |office: &Office| office.json("admin", 0, &["ls"])["groups"].clone();
    let before = groups(&office);
    assert!(!before.as_array().unwrap().is_empty());
    let ok = |data: &str| format!("{{\"status\":\"ok\",\"retcode\":0,\"data\":{data}}}");
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let cases: Vec<(&str, Action, &str)> = vec![
        ("deep JSON", answer(ok(&deep)), "connection.protocol"),
        ("a text for a list", answer(ok("\"groups\"")), "connection.protocol"),
        ("a list of numbers", answer(ok("[1,2,3]")), "connection.protocol"),
        ("no data", answer("{\"status\":\"ok\",\"retcode\":0}"), "connection.protocol"),
        ("an empty body", answer(""), "connection.protocol"),
        ("half a document", answer("{\"status\":\"ok\",\"retc"), "connection.protocol"),
        ("not UTF-8", answer(b"{\"status\":\"ok\xff\xfe".to_vec()), "connection.protocol"),
        (
            "an error with 200",
            answer("{\"status\":\"failed\",\"retcode\":1400,\"data\":null,\"wording\":\"no\"}"),
            "",
        ),
        ("a page of a web server", answer("<!doctype html><title>Welcome</title>"), "connection."),
        ("66 MiB", answer(vec![b' '; 66 * MIB]), "connection.protocol"),
    ];
    for (name, action, code) in cases {
        proxy.set(vec![Lie::always("*", "get_group_list", action)]);
        let key = office.key("admin");
        let (peak, output) = peak_kib(office.adjourn().spawn(&["scan", "bots", "--json", "--key", &key]));
        assert_ne!(output.code, Some(0), "{name}: {output}");
        let said = output.error_code().unwrap_or_else(|| panic!("{name}: {output}"));
        assert!(said.starts_with(if code.is_empty() { "c" } else { code }), "{name}: {said}");
        assert!(peak < 2 * MEMORY_KIB, "{name}: {peak} KiB");
        proxy.set(Vec::new());
        assert_eq!(groups(&office), before, "{name}");
    }
    office.json("admin", 0, &["scan", "bots"]);
    assert_eq!(groups(&office).as_array().unwrap().len(), before.as_array().unwrap().len());
}

#[test]
fn a_listing_without_an_end_is_left() {
    let sim = Simulator::start("wechat", &[]);
    let page =
        |next: &str| answer(json!({"groups": [{"id": "1@chatroom", "name": "a"}], "next": next}).to_string());
    let proxy = LyingProxy::start(&sim.url(""), Vec::new());
    let office = Office::new(None);
    let code = office.dir().join("code");
    std::fs::write(&code, "none").unwrap();
    let me = |account: &str, scopes: Value| answer(json!({"account": account, "scopes": scopes}).to_string());
    let mut lies = vec![Lie::always("*", "/v1/me", me("wxid_a", json!(["read", "act"])))];
    proxy.set(lies.clone());
    let url = format!("url={}", proxy.url());
    let secret = format!("main.code=@{}", code.display());
    office.json(
        "admin",
        0,
        &["connect", "add", "wx", "wechat", "--set", &url, "--identity", "main", "--secret", &secret],
    );
    // The same page for ever; then pages that are always others and bring nothing.
    lies.push(Lie::always("*", "/v1/groups", page("1@chatroom")));
    proxy.set(lies.clone());
    refused("the same page", &office.run("admin", &["scan", "wx", "--json"]), "connection.protocol");
    lies.truncate(1);
    for n in 1..400 {
        lies.push(Lie::nth(n, "*", "/v1/groups", page(&format!("{n}@chatroom"))));
    }
    proxy.set(lies);
    proxy.clear_log();
    refused("others for ever", &office.run("admin", &["scan", "wx", "--json"]), "connection.protocol");
    assert!(proxy.count("GET", "/v1/groups") < 200);
    assert_eq!(office.json("admin", 0, &["ls"])["groups"], json!([]));
}

#[test]
fn deliveries_without_a_right_signature_leave_nothing() {
    let sim = Simulator::start("qq", &[]);
    let proxy = LyingProxy::start(&sim.url(""), Vec::new());
    let office = qq(&proxy);
    let mut serve = office.adjourn().spawn(&["serve", "--listen", "127.0.0.1:0", "--json"]);
    let line = serve.wait_for_text("\"address\"", Duration::from_secs(30));
    let address = format!("http://{}", line.split('"').nth(3).unwrap());
    let end = r#"{"time":1795420800,"self_id":800100003,"post_type":"notice","notice_type":"group_decrease","sub_type":"disband","group_id":900100001,"operator_id":800100001,"user_id":0}"#;
    let post = |path: &str, signature: Option<&str>, body: &[u8]| {
        let headers: Vec<(&str, &str)> = signature.iter().map(|value| ("x-signature", *value)).collect();
        let reply = request("POST", &format!("{address}{path}"), &headers, Some(body)).unwrap();
        let code = serde_json::from_slice::<Value>(&reply.body).unwrap_or_default()["code"].clone();
        (reply.status, code.as_str().unwrap_or_default().to_owned())
    };
    let health = || request("GET", &format!("{address}/health"), &[], None).unwrap().json()["events"].clone();
    let cases = [
        ("/events/bots/second", None, end.as_bytes().to_vec(), 401, "event.forged"),
        ("/events/bots/second", Some(""), end.as_bytes().to_vec(), 401, "event.forged"),
        ("/events/bots/second", Some("sha1=00"), end.as_bytes().to_vec(), 401, "event.forged"),
        (
            "/events/bots/second",
            Some("sha1=0000000000000000000000000000000000000000"),
            end.into(),
            401,
            "event.forged",
        ),
        ("/events/bots/second", Some("md5=00"), b"{".to_vec(), 401, "event.forged"),
        ("/events/bots/nobody", Some("sha1=00"), end.as_bytes().to_vec(), 404, ""),
        ("/events/nowhere/main", Some("sha1=00"), end.as_bytes().to_vec(), 404, "connection.unknown"),
        ("/events/bots/second", Some("sha1=00"), vec![b'x'; 2 * MIB], 413, ""),
    ];
    for (path, signature, body, status, code) in cases {
        let said = post(path, signature, &body);
        assert_eq!(said.0, status, "{path} {signature:?}: {said:?}");
        assert!(said.1.starts_with(code), "{path} {signature:?}: {said:?}");
    }
    assert_eq!(health()["taken"], 0);
    assert!(serve.is_running());
    let mut shown = String::new();
    write!(shown, "{}", office.json("requester", 0, &["show", "900100001"])).unwrap();
    assert!(!shown.contains("\"heard\""), "{shown}");
}

//! `archive convert` as scripts use it, and what programs that nobody here wrote read of what it makes.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use adjourn_e2e::{Browser, Peers};
use serde_json::{Value, json};

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
    command.env_clear().args(["--json", "--lang", "en", "archive", "convert"]).args(args).output().unwrap()
}

fn report(output: &Output) -> Value {
    let document: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    document.get("export").unwrap().clone()
}

fn refusal(output: &Output) -> (i32, String) {
    let document: Value = serde_json::from_slice(&output.stderr).unwrap();
    (output.status.code().unwrap(), document["error"]["code"].as_str().unwrap().to_owned())
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../archive/tests/data").join(name)
}

fn names(dir: &Path) -> Vec<String> {
    let entry = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    std::fs::read_dir(dir).unwrap().map(entry).collect()
}

/// What Python and its libraries read.
fn python(check: &str, paths: &[&Path]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/read_exports.py");
    let output =
        Command::new(Peers::locate().clients_python()).arg(script).arg(check).args(paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn what_is_there_stays_unless_it_is_to_go_and_skipped_lines_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let full = data("export/hostile.jsonl");
    let text = std::fs::read_to_string(&full).unwrap();
    std::fs::write(path("bad.jsonl"), text.replacen("\"m3\"", "\"m3", 1)).unwrap();
    let (from, out) = (path("bad.jsonl"), path("a.csv"));
    let made = run(&[&from, "--to", "csv", "--out", &out]);
    let told = report(&made);
    assert_eq!(made.status.code(), Some(5), "{told}");
    assert_eq!((&told["records"], &told["unreadable"], &told["lost"]), (&json!(26), &json!(1), &json!(true)));
    assert_eq!(told["findings"][0], json!({"row": 4, "code": "row.json"}));

    let before = std::fs::read(&out).unwrap();
    assert_eq!(refusal(&run(&[&from, "--to", "csv", "--out", &out])), (1, "archive.exists".to_owned()));
    let several = run(&[&from, "--to", "chatlab", "--out", &out, "--force"]);
    assert_eq!(refusal(&several), (1, "archive.several".to_owned()));
    let nobody = run(&[&from, "--to", "html", "--out", &out, "--force", "--conversation", "C9"]);
    assert_eq!(refusal(&nobody), (1, "archive.conversation".to_owned()));
    let nowhere = run(&[&from, "--to", "csv", "--out", &path("no/where.csv")]);
    assert_eq!(refusal(&nowhere), (1, "io".to_owned()));
    let folder = run(&[&from, "--to", "csv", "--out", dir.path().to_str().unwrap(), "--force"]);
    assert_eq!(refusal(&folder), (1, "archive.foreign".to_owned()));
    assert_eq!(std::fs::read(&out).unwrap(), before);
    let one = run(&[full.to_str().unwrap(), "--to", "csv", "--out", &out, "--force", "--conversation", "D1"]);
    assert_eq!((one.status.code(), &report(&one)["records"]), (Some(0), &json!(1)));
    assert_ne!(std::fs::read(&out).unwrap(), before);
    // An export of another tool goes the same way.
    let slack = data("slack/testarchive.zip");
    let made = run(&[slack.to_str().unwrap(), "--to", "eml", "--out", &path("mail")]);
    assert_eq!((made.status.code(), &report(&made)["records"]), (Some(0), &json!(158)));
    assert!(names(dir.path()).iter().all(|name| !name.starts_with('.')));
}

#[test]
fn e_discovery_mail_and_analysis_read_what_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let full = data("export/hostile.jsonl");
    let make = |to: &str, name: &str| {
        let out = dir.path().join(name);
        let made = run(&[full.to_str().unwrap(), "--to", to, "--out", out.to_str().unwrap()]);
        assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
        out
    };
    let rsmf = python("rsmf", &[&data("rsmf"), &make("rsmf", "rsmf")]);
    assert_eq!(rsmf["refused"], json!(["Sample1-rsmf_manifest.json", "Sample4-rsmf_manifest.json"]));
    assert_eq!((&rsmf["files"], &rsmf["events"]), (&json!(4), &json!(27)));
    let mail = python("eml", &[&make("eml", "eml")]);
    assert_eq!((&mail["files"], &mail["records"]), (&json!(4), &json!(27)));
    let table = python("parquet", &[&make("parquet", "a.parquet"), &full]);
    assert_eq!(table["rows"], json!(27));
}

#[test]
fn a_page_is_read_and_searched_without_a_network_and_opens_with_a_hundred_thousand_messages() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let hostile = data("export/hostile.jsonl");
    let made = run(&[hostile.to_str().unwrap(), "--to", "html", "--out", &path("small.html")]);
    assert_eq!(made.status.code(), Some(0));
    let mut browser = Browser::start();
    browser.resize(1440, 900);
    browser.open(&format!("file://{}", path("small.html")));
    browser.shows("<script>alert(1)</script>");
    browser.shows("[U+202E]");
    browser.shot("archive-html-1440");
    assert_eq!(browser.faults(), Vec::<String>::new());
    browser.click("\u{4e2d}\u{6587}");
    browser.shows("\u{7ea2}\u{5305}");
    browser.scheme("dark");
    browser.resize(360, 740);
    browser.shot("archive-html-360-dark");
    assert_eq!(browser.faults(), Vec::<String>::new());

    // The same with many more.
    let mut text = std::fs::read_to_string(&hostile).unwrap();
    for n in 0..100_000_u32 {
        let at = format!("2024-{:02}-{:02}T08:{:02}:00.000Z", n / 10_000 + 1, n / 400 % 25 + 1, n % 60);
        let line = json!({"id": format!("n{n}"), "kind": "message", "conversation": "C1", "sender": "U2", "at": at,
            "text": format!("message {n} of many"), "raw": null});
        text.extend([line.to_string(), "\n".to_owned()]);
    }
    std::fs::write(path("many.jsonl"), text).unwrap();
    let made = run(&[&path("many.jsonl"), "--to", "html", "--out", &path("many.html")]);
    assert_eq!((made.status.code(), &report(&made)["records"]), (Some(0), &json!(100_027)));
    browser.open(&format!("file://{}", path("many.html")));
    browser.fill("Search", "MESSAGE 99999 of");
    browser.waits_within("search", "1 / 1 hits");
}

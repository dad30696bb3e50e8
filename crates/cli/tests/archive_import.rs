//! `archive import` as scripts use it: what it writes, what it refuses, and how it ends when something is lost.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
    command.env_clear().args(["--json", "--lang", "zh-CN", "archive", "import"]).args(args).output().unwrap()
}

fn report(output: &Output) -> Value {
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document.get("archive").unwrap().clone()
}

fn refusal(output: &Output) -> (i32, Value) {
    let document: Value = serde_json::from_slice(&output.stderr).unwrap();
    (output.status.code().unwrap(), document.get("error").unwrap().clone())
}

fn export(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../archive/tests/data").join(name)
}

fn names(dir: &Path) -> Vec<String> {
    let entry = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    std::fs::read_dir(dir).unwrap().map(entry).collect()
}

#[test]
fn req_x1_another_tools_export_becomes_an_archive_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let (chats, out) = (export("telegram/all.json"), path("chats.jsonl.zst"));
    let chats = chats.to_str().unwrap();
    // A dry run counts and writes nothing.
    let looked = run(&[chats, "--dry-run"]);
    assert_eq!(looked.status.code(), Some(0));
    assert_eq!(report(&looked).get("records"), Some(&5.into()));
    assert!(names(dir.path()).is_empty());
    let made = run(&[chats, "--out", &out]);
    assert_eq!((made.status.code(), report(&made).get("format")), (Some(0), Some(&"telegram_json".into())));
    assert_eq!(names(dir.path()), ["chats.jsonl.zst"]);
    let first = std::fs::read(&out).unwrap();
    // It is there, so it stays; what is made of it is the same.
    assert_eq!(refusal(&run(&[chats, "--out", &out])).1.get("code"), Some(&"archive.exists".into()));
    let again = path("again.jsonl.zst");
    let made = run(&[&out, "--out", &again]);
    assert_eq!((made.status.code(), report(&made).get("format")), (Some(0), Some(&"archive_jsonl".into())));
    assert_eq!(std::fs::read(&again).unwrap(), first);
    // Another zone moves the times that have none.
    assert_eq!(run(&[chats, "--out", &out, "--force", "--zone", "UTC"]).status.code(), Some(0));
    assert_ne!(std::fs::read(&out).unwrap(), first);

    // A cut export gives what is whole, and says so.
    let bytes = std::fs::read(chats).unwrap();
    std::fs::write(path("cut.json"), &bytes[..bytes.len() / 2]).unwrap();
    let cut = run(&[&path("cut.json"), "--out", &out, "--force"]);
    let told = report(&cut);
    assert_eq!((cut.status.code(), told.get("lost")), (Some(5), Some(&true.into())));
    assert!(told.get("records").unwrap().as_u64().unwrap() < 5, "{told}");

    // What is refused leaves what is there as it is.
    let before = std::fs::read(&out).unwrap();
    std::fs::write(path("else.json"), b"{\"a\":1}").unwrap();
    let (exit, error) = refusal(&run(&[&path("else.json"), "--out", &out, "--force"]));
    assert_eq!((exit, error.get("code")), (1, Some(&"upload.format".into())));
    assert!(error.get("hint").unwrap().as_str().unwrap().contains("qq_exporter_json"), "{error}");
    let (_, error) = refusal(&run(&["nowhere.json", "--out", &out, "--force"]));
    assert_eq!(error.get("code"), Some(&"io".into()));
    let (_, error) = refusal(&run(&[chats, "--dry-run", "--zone", "Middle/Earth"]));
    assert_eq!(error.get("code"), Some(&"upload.zone".into()));
    assert_eq!(std::fs::read(&out).unwrap(), before);
    assert!(names(dir.path()).iter().all(|name| !name.contains(".part")));
}

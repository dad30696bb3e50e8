//! A disk that is full while something is written of an archive: said by its code, what was there stays, nothing lies beside it, and the same command
//! goes through when there is room again.
#![expect(clippy::unwrap_used, reason = "test code: what is not there is a failed test")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use adjourn_e2e::Disk;
use serde_json::Value;

/// Messages whose texts can't be packed to less than the disk holds.
const MESSAGES: u64 = 4_000;

fn adjourn(dir: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_adjourn"));
    command.args(["--lang", "en", "--data", "d", "--json"]).args(args).current_dir(dir).output().unwrap()
}

fn export() -> String {
    let mut text = "Time,SenderName,Sender,TalkerName,Talker,Content\n".to_owned();
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for n in 0..MESSAGES {
        let (minute, second) = (n / 60 % 60, n % 60);
        write!(text, "2024-05-{:02} 10:{minute:02}:{second:02},Ada,wxid_a,Team,1@chatroom,", 1 + n / 3600)
            .unwrap();
        for _ in 0..12 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            write!(text, "{seed:x}").unwrap();
        }
        text.push('\n');
    }
    text
}

/// What lies on the disk: names and sizes.
fn lies(dir: &Path) -> Vec<(String, u64)> {
    let entry = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len())
    };
    let mut all: Vec<_> = fs::read_dir(dir).unwrap().map(entry).collect();
    all.sort();
    all
}

#[test]
fn a_full_disk_leaves_what_was_there_and_the_same_command_goes_through_later() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path();
    fs::write(dir.join("chat.csv"), export()).unwrap();
    let keys = Command::new("age-keygen").args(["-o", "id.txt"]).current_dir(dir).output().unwrap();
    let said = String::from_utf8(keys.stderr).unwrap();
    let recipient = said.split_whitespace().last().unwrap();
    let there = dir.join("disk");
    let disk = Disk::mount(&there, "size=256k");
    let commands: [&[&str]; 9] = [
        &["archive", "import", "chat.csv", "--out", "disk/a.jsonl.zst"],
        &["archive", "convert", "chat.csv", "--to", "csv", "--out", "disk/a.csv"],
        &["archive", "convert", "chat.csv", "--to", "html", "--out", "disk/a.html"],
        &["archive", "convert", "chat.csv", "--to", "parquet", "--out", "disk/a.parquet"],
        &["archive", "convert", "chat.csv", "--to", "eml", "--out", "disk/mail"],
        &["archive", "convert", "chat.csv", "--to", "rsmf", "--out", "disk/rsmf"],
        &["archive", "seal", "chat.csv", "--recipient", recipient, "--out", "disk/a.csv.age"],
        &["archive", "seal", "chat.csv", "--recipient", recipient, "--out", "disk/a.zst.age"],
        &["redact", "chat.csv", "--key-file", "key", "--out", "disk/copy.jsonl.zst"],
    ];
    for command in commands {
        let out = dir.join(command[command.len() - 1]);
        if out.extension().is_some() {
            fs::write(&out, "older").unwrap();
        }
        let before = lies(&there);
        let command = [command, &["--force"]].concat();
        let full = adjourn(dir, &command);
        let told: Value = serde_json::from_slice(&full.stderr).unwrap_or_default();
        assert_eq!(
            (full.status.code(), &told["error"]["code"]),
            (Some(1), &"disk.full".into()),
            "{command:?}: {told}"
        );
        assert_eq!(lies(&there), before, "{command:?}");
        disk.resize("64m");
        let done = adjourn(dir, &command);
        assert_eq!(done.status.code(), Some(0), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
        if out.is_dir() {
            fs::remove_dir_all(&out).unwrap();
        } else {
            assert!(fs::metadata(&out).unwrap().len() > 256 << 10, "{command:?}");
            fs::remove_file(&out).unwrap();
        }
        disk.resize("256k");
    }
}

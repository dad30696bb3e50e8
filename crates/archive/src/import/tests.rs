//! Small exports of each format, read into lines and held against golden files; broken ones next to them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use adjourn_domain::message::{Record, RecordKind};
use zip::write::SimpleFileOptions;

use super::*;
use crate::model::{Reader, Writer};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(path)
}

fn lines(path: &Path) -> (Format, Imported, Vec<Line>) {
    let mut lines = Vec::new();
    let (format, imported) = read(path, &Options::default(), |line| {
        lines.push(line);
        Ok(())
    })
    .unwrap();
    (format, imported, lines)
}

fn records(lines: &[Line]) -> Vec<&Record> {
    lines
        .iter()
        .filter_map(|line| if let Line::Record(record) = line { Some(&**record) } else { None })
        .collect()
}

/// Reads an export, holds its lines against a committed file, and the archive that is made of them against the lines.
fn golden(path: &str) -> (Format, Imported, Vec<Line>) {
    let (format, imported, lines) = lines(&here(path));
    let mut writer = Writer::zstd(Vec::new()).unwrap();
    lines.iter().for_each(|line| writer.write(line).unwrap());
    let bytes = writer.finish().unwrap();
    let mut reader = Reader::new(bytes.as_slice()).unwrap();
    for line in &lines {
        assert_eq!(&reader.next_line().unwrap().unwrap().unwrap(), line);
    }
    assert!(reader.next_line().unwrap().is_none());
    let text = String::from_utf8(zstd::decode_all(bytes.as_slice()).unwrap()).unwrap();
    let expected = here(&format!("{path}.archive.jsonl"));
    if std::env::var_os("ADJOURN_BLESS").is_some() {
        fs::write(&expected, &text).unwrap();
    }
    assert!(fs::read_to_string(&expected).unwrap() == text, "{path}: ADJOURN_BLESS=1 writes it again");
    assert_eq!(imported.records, records(&lines).len() as u64);
    (format, imported, lines)
}

#[test]
fn a_slack_export_that_nobody_here_wrote() {
    let (format, imported, lines) = golden("slack/testarchive.zip");
    assert_eq!(format, Format::SlackExport);
    assert_eq!((imported.rows, imported.records, imported.conversations), (158, 158, 2));
    assert!(imported.findings.total == 0, "{:?}", imported.findings);
    let records = records(&lines);
    assert_eq!(records.iter().filter(|record| record.kind == RecordKind::System).count(), 11);
    assert_eq!(records.iter().filter(|record| record.edited_at.is_some()).count(), 1);
    assert!(records.iter().all(|record| record.at.as_millis() > 1_452_000_000_000));
}

#[test]
fn discord_and_chatlab() {
    let (format, imported, lines) = golden("discord/channel.json");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::DiscordJson, 4, 0));
    let records = records(&lines);
    assert_eq!(records[1].reply_to.as_ref().unwrap().as_str(), "9001");
    assert_eq!(records[3].kind, RecordKind::System);
    for (path, format) in
        [("chatlab/group.json", Format::ChatlabJson), ("chatlab/group.jsonl", Format::ChatlabJsonl)]
    {
        let (found, imported, _) = golden(path);
        assert_eq!(
            (found, imported.rows, imported.records, imported.participants),
            (format, 5, 5, 3),
            "{path}"
        );
    }
}

fn temp(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

#[test]
fn members_exports_of_wechat_are_read_by_the_reader_of_evidence() {
    let csv = "Time,SenderName,Sender,TalkerName,Talker,Content\n\
        2024-05-01 10:00:00,Ada,wxid_a,Team,1@chatroom,hi\n\
        2024-05-01 10:00:00,Ada,wxid_a,Team,1@chatroom,hi\n\
        nonsense\n";
    let (_dir, path) = temp("x.csv", csv.as_bytes());
    let (format, imported, lines) = lines(&path);
    assert_eq!((format, imported.rows, imported.records), (Format::ChatlogCsv, 3, 2));
    assert_eq!(imported.findings.unreadable, 1);
    let records = records(&lines);
    assert_eq!(records[0].sender_name.as_deref(), Some("Ada"));
    assert_eq!(records[0].conversation.as_ref().unwrap().as_str(), "1@chatroom");
    assert_ne!(records[0].id, records[1].id);
}

#[test]
fn what_is_none_of_them_is_refused_with_what_it_is() {
    for text in ["", "hello", "{\"a\":1}", "[{\"b\":2}]", "a,b,c\n1,2,3\n", "\u{4f60}\u{597d}"] {
        let (_dir, path) = temp("chatlog.csv", text.as_bytes());
        let error = detect(&path).unwrap_err();
        assert!(matches!(error.code(), "upload.format" | "upload.empty"), "{text}: {error}");
    }
    assert!(expected().lines().count() == Format::ALL.len());
}

#[test]
fn a_bad_row_loses_itself_and_a_cut_file_what_was_cut() {
    let good = fs::read(here("discord/channel.json")).unwrap();
    let text = String::from_utf8(good.clone()).unwrap();
    let bad = text.replacen("2026-01-01T10:05:00+00:00", "yesterday", 1);
    let (_dir, path) = temp("a.json", bad.as_bytes());
    let (_, imported, _) = lines(&path);
    assert_eq!((imported.rows, imported.records, imported.findings.unreadable), (4, 3, 1));
    // Bytes that are no UTF-8 in one message.
    let at = good.windows(5).position(|window| window == b"Hello").unwrap();
    let mut bytes = good.clone();
    bytes[at] = 0xff;
    let (_dir, path) = temp("a.json", &bytes);
    let (_, imported, _) = lines(&path);
    assert_eq!((imported.records, imported.findings.unreadable), (3, 1));
    let (_dir, path) = temp("a.json", &good[..good.len() - 200]);
    let (_, imported, _) = lines(&path);
    assert!(imported.records == 3 && imported.findings.has("file.truncated"), "{imported:?}");
    // The same id twice is two records.
    let twice = text.replacen("\"9002\"", "\"9001\"", 1);
    let (_dir, path) = temp("a.json", twice.as_bytes());
    let (_, imported, lines) = lines(&path);
    assert_eq!(records(&lines)[1].id.as_str(), "9001-2");
    assert!(imported.findings.has("row.id_twice"));
}

fn package(entries: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export.zip");
    let mut writer = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap();
    (dir, path)
}

#[test]
fn a_package_that_leaves_its_folder_or_grows_beyond_measure_is_refused() {
    for name in ["../users.json", "/users.json", "a/../../users.json"] {
        let (_dir, path) = package(&[(name, b"[]")]);
        assert_eq!(detect(&path).unwrap_err().code(), "upload.place", "{name}");
    }
    let mut bomb = b"[\"".to_vec();
    bomb.resize(32 * 1024 * 1024, b' ');
    let (_dir, path) = package(&[("users.json", b"[]"), ("c/2020-01-01.json", &bomb)]);
    let error = read(&path, &Options::default(), |_| Ok(())).unwrap_err();
    assert_eq!(error.code(), "upload.package", "{error}");
}

#[cfg(unix)]
#[test]
fn links_in_a_folder_are_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("secret.json");
    fs::write(&secret, r#"[{"type":"message","ts":"1.0","text":"secret"}]"#).unwrap();
    let export = dir.path().join("export");
    fs::create_dir_all(export.join("general")).unwrap();
    fs::write(export.join("users.json"), "[]").unwrap();
    fs::write(export.join("channels.json"), "[]").unwrap();
    std::os::unix::fs::symlink(&secret, export.join("general/2020-01-01.json")).unwrap();
    let (_, imported, _) = lines(&export);
    assert_eq!(imported.records, 0);
}

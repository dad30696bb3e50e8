//! Small exports of each format, read into lines and held against golden files; broken ones next to them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Content, Record, RecordKind};
use zip::write::SimpleFileOptions;

use super::*;
use crate::model::{Reader, Writer};

mod hostile;
mod matrix;
mod packed;
mod seen;
mod shapes;
mod wechat;

fn here(path: &str) -> PathBuf {
    let this = Path::new(env!("CARGO_MANIFEST_DIR"));
    match path.strip_prefix("wechat/").filter(|name| !name.contains(".archive.")) {
        // The samples of the reader of evidence, which reads these here as well.
        Some(name) => this.join("../formats/fixtures").join(name),
        None => this.join("tests/data").join(path),
    }
}

/// Exports that nobody had to leave anything out of.
const GOLDEN: [&str; 45] = [
    "wechat/chatlog.csv",
    "wechat/chatlog.json",
    "wechat/memotrace.csv",
    "wechat/pywxdump.csv",
    "wechat/pywxdump.json",
    "slack/testarchive.zip",
    "discord/channel.json",
    "discord/server",
    "chatlab/group.json",
    "chatlab/group.jsonl",
    "qq/group.json",
    "qq/chunked",
    "weflow/group.json",
    "weflow/direct.json",
    "weflow/accounts.json",
    "weflow/weclone.csv",
    "memotrace/session.csv",
    "memotrace/all.csv",
    "memotrace/all_later.csv",
    "memotrace/group.csv",
    "memotrace/pair.csv",
    "memotrace/first.csv",
    "memotrace/chats",
    "pywxdump/content.csv",
    "pywxdump/content.json",
    "pywxdump/wxid_rain",
    "pywxdump/pages",
    "chatlog/command.csv",
    "chatlog/numbered.csv",
    "chatlog/grouped.csv",
    "chatlog/grouped.json",
    "chatlog/cards.json",
    "wecom/archive.jsonl",
    "telegram/group.json",
    "telegram/all.json",
    "telegram/saved.json",
    "telegram/forum.json",
    "mattermost/import.jsonl",
    "zulip/export",
    "matrix/element.json",
    "matrix/page.json",
    "matrix/events.json",
    "matrix/events.jsonl",
    "matrix/commander.jsonl",
    "matrix/shown.json",
];

fn read_with(path: &Path, options: &Options) -> Vec<Line> {
    let mut lines = Vec::new();
    read(path, options, |line| {
        lines.push(line);
        Ok(())
    })
    .unwrap();
    lines
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

/// The archive that is committed beside an export. That of the export that nobody here wrote is packed: its people name places on their machines.
fn archived(path: &str) -> String {
    let end = if Path::new(path).extension().is_some_and(|end| end == "zip") {
        "archive.jsonl.zst"
    } else {
        "archive.jsonl"
    };
    format!("{path}.{end}")
}

fn packed(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "zst")
}

/// Reads an export, holds its lines against a committed file, and the archive that is made of them against the lines.
fn golden(path: &str) -> (Format, Imported, Vec<Line>) {
    let (format, imported, lines) = lines(&here(path));
    let mut writer = Writer::zstd(Vec::new()).unwrap();
    for line in &lines {
        writer.write(line).unwrap();
    }
    let bytes = writer.finish().unwrap();
    let mut reader = Reader::new(bytes.as_slice()).unwrap();
    for line in &lines {
        assert_eq!(&reader.next_line().unwrap().unwrap().unwrap(), line);
    }
    assert!(reader.next_line().unwrap().is_none());
    let expected = here(&archived(path));
    let plain = zstd::decode_all(bytes.as_slice()).unwrap();
    if std::env::var_os("ADJOURN_BLESS").is_some() {
        fs::write(&expected, if packed(&expected) { &bytes } else { &plain }).unwrap();
    }
    let mut committed = fs::read(&expected).unwrap();
    if packed(&expected) {
        committed = zstd::decode_all(committed.as_slice()).unwrap();
    }
    assert!(committed == plain, "{path}: ADJOURN_BLESS=1 writes it again");
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

#[test]
fn req_x1_exports_of_tools_for_qq_wechat_and_wecom_become_archives() {
    let (format, imported, lines) = golden("qq/group.json");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::QqExporterJson, 12, 0));
    let found = records(&lines);
    assert_eq!(found[1].reply_to.as_ref(), Some(&found[0].id));
    assert_eq!(found[3].mentions, ["*".into()]);
    assert!(found[8].recalled && found[8].kind == RecordKind::System);
    assert_eq!(
        found[11].at.to_string(),
        "2026-01-01T02:11:00.000Z",
        "a local time, in the zone that is said"
    );
    let (format, imported, _) = golden("qq/chunked");
    assert_eq!((format, imported.rows, imported.lost()), (Format::QqExporterChunks, 8, false));
    let (format, imported, lines) = golden("weflow/group.json");
    assert_eq!((format, imported.rows, imported.participants), (Format::WeflowJson, 12, 2));
    assert!(imported.findings.total == 1 && imported.findings.has("row.type_unknown"));
    assert_eq!(records(&lines)[0].mentions, ["wxid_zhou".into(), "*".into()]);
    let (_, _, lines) = golden("weflow/direct.json");
    let senders: Vec<&str> = records(&lines).iter().map(|record| record.sender.as_str()).collect();
    assert_eq!(senders, ["wxid_zhou", "", "wxid_zhou"], "who exported is not told");
    let (format, imported, _) = golden("memotrace/session.csv");
    assert_eq!((format, imported.rows, imported.lost()), (Format::MemotraceSessionCsv, 6, false));
    let (format, imported, lines) = golden("wecom/archive.jsonl");
    assert_eq!((format, imported.rows, imported.conversations), (Format::WecomArchive, 8, 2));
    assert_eq!(records(&lines).last().unwrap().content, Some(Content::Voice));
}

#[test]
fn telegram_one_chat_and_all_of_them() {
    let (format, imported, lines) = golden("telegram/group.json");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::TelegramJson, 11, 0));
    let found = records(&lines);
    assert_eq!(found[2].text.as_deref().map(|text| text.chars().count()), Some(33));
    assert_eq!(found[2].mentions, ["@lin".into(), "user501".into()]);
    assert_eq!((found[1].reactions.len(), found[1].edited_at.is_some()), (2, true));
    let (_, _, lines) = golden("telegram/forum.json");
    let of: Vec<_> = records(&lines)
        .into_iter()
        .map(|record| {
            [Some(&record.id), record.thread.as_ref(), record.reply_to.as_ref()]
                .map(|id| id.map_or("", NativeId::as_str))
        })
        .collect();
    // What stands in a topic, and what it answers; a message of another chat is none of this one.
    let expected = [
        ["10", "", ""],
        ["11", "10", ""],
        ["12", "10", "11"],
        ["13", "", ""],
        ["14", "", ""],
        ["15", "14", ""],
        ["16", "14", ""],
        ["17", "", "13"],
        ["18", "14", "15"],
        ["19", "", ""],
    ];
    assert_eq!(of, expected);
    let (_, imported, lines) = golden("telegram/all.json");
    assert_eq!((imported.rows, imported.conversations), (5, 5));
    assert_eq!(records(&lines)[1].at.to_string(), "2019-05-01T02:01:00.000Z");
    let zone = Zone::named("UTC").unwrap();
    let elsewhere = read_with(&here("telegram/all.json"), &Options { zone, ..Options::default() });
    assert_eq!(records(&elsewhere)[1].at.to_string(), "2019-05-01T10:01:00.000Z");
}

#[test]
fn req_x1_exports_of_servers_of_teams_and_rooms_become_archives() {
    let (format, imported, lines) = golden("mattermost/import.jsonl");
    assert_eq!((format, imported.rows, imported.conversations), (Format::MattermostJsonl, 8, 5));
    let found = records(&lines);
    assert_eq!(found[2].thread.as_ref(), Some(&found[1].id));
    assert_eq!(found[1].mentions, ["*".into(), "zhou".into()]);
    assert_eq!(found[1].reactions.iter().map(|reaction| reaction.count).sum::<u64>(), 3);
    let (format, imported, lines) = golden("zulip/export");
    assert_eq!((format, imported.rows, imported.conversations), (Format::ZulipExport, 8, 4));
    assert!(imported.findings.total == 1 && imported.findings.has("row.conversation_unknown"));
    let found = records(&lines);
    assert_eq!((found[1].reactions.len(), found[1].attachments.len()), (2, 1));
    assert_eq!(found[4].conversation, found[5].conversation.clone().map(|_| "direct/11-12".into()));
    // A part between others is missing.
    let dir = tempfile::tempdir().unwrap();
    for name in ["realm.json", "messages-000002.json"] {
        fs::copy(here("zulip/export").join(name), dir.path().join(name)).unwrap();
    }
    let (_, imported, _) = self::lines(dir.path());
    assert!(imported.lost() && imported.findings.has("file.part_missing"));
    let (format, imported, lines) = golden("matrix/element.json");
    assert_eq!((format, imported.rows, imported.lost()), (Format::MatrixJson, 13, false));
    let kinds = records(&lines).iter().map(|record| record.kind).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(kinds.len(), 7, "every kind of record");
    let (_, imported, _) = golden("matrix/page.json");
    assert_eq!((imported.rows, imported.findings.unreadable), (3, 1));
}

#[test]
fn an_archive_is_an_export_like_any_other() {
    for path in GOLDEN {
        let (_, _, expected) = lines(&here(path));
        let (format, imported, found) = lines(&here(&archived(path)));
        assert_eq!((format, imported.lost()), (Format::ArchiveJsonl, false), "{path}");
        assert!(found == expected, "{path}");
    }
    // The folder of a bundle's archive: records alone, members beside them.
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fs::create_dir(&data).unwrap();
    let (_, _, all) = lines(&here("matrix/element.json"));
    let mut writer = Writer::zstd(Vec::new()).unwrap();
    for line in all.iter().filter(|line| matches!(line, Line::Record(_))) {
        writer.write(line).unwrap();
    }
    let packed = writer.finish().unwrap();
    fs::write(data.join("messages.jsonl.zst"), &packed).unwrap();
    fs::write(data.join("members.json"), r#"[{"id":"@a:x","name":"Ada","standing":"owner","bot":false}]"#)
        .unwrap();
    let (format, imported, found) = lines(dir.path());
    assert_eq!((format, imported.records, imported.participants), (Format::ArchiveBag, 13, 1));
    assert!(matches!(found[0], Line::Archive(_)) && records(&found) == records(&all));
    fs::write(data.join("messages.jsonl.zst"), &packed[..packed.len() - 20]).unwrap();
    let (_, imported, _) = lines(dir.path());
    assert!(imported.lost() && imported.findings.has("file.truncated"), "{imported:?}");
}

fn temp(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

#[test]
fn req_x1_members_exports_of_wechat_are_read_by_the_reader_of_evidence() {
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
fn req_x1_what_each_tool_for_wechat_writes_becomes_an_archive() {
    for (path, format) in [
        ("wechat/chatlog.csv", Format::ChatlogCsv),
        ("wechat/chatlog.json", Format::ChatlogJson),
        ("wechat/memotrace.csv", Format::MemotraceCsv),
        ("wechat/pywxdump.csv", Format::PywxdumpCsv),
        ("wechat/pywxdump.json", Format::PywxdumpJson),
    ] {
        let (found, imported, lines) = golden(path);
        assert_eq!(
            (found, imported.rows, imported.findings.unreadable),
            (format, imported.records, 0),
            "{path}"
        );
        assert!(records(&lines).iter().all(|record| record.raw != serde_json::Value::Null), "{path}");
    }
}

#[test]
fn what_is_none_of_them_is_refused_with_what_it_is() {
    for text in ["", "hello", "{\"a\":1}", "[{\"b\":2}]", "a,b,c\n1,2,3\n", "\u{4f60}\u{597d}"] {
        let (_dir, path) = temp("chatlog.csv", text.as_bytes());
        let error = detect(&path).unwrap_err();
        assert!(matches!(error.code(), "upload.format" | "upload.empty"), "{text}: {error}");
    }
    let (_dir, path) = temp("x.json", b" {\"a\":1,\"b\":{\"c\":2}}");
    assert!(detect(&path).unwrap_err().to_string().ends_with(": {a,b}"));
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

//! One archive that uses every field of the model, made into each form and held against golden files.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use adjourn_domain::message::{Record, RecordKind};
use adjourn_i18n::{Lang, word};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use tempfile::{TempDir, tempdir};

use super::*;
use crate::import;
use crate::model::{Conversation, ConversationKind, Reader, Writer};

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/export").join(name)
}

fn options() -> Options {
    Options {
        conversation: None,
        zone: Zone::default(),
        now: Time::from_millis(1_700_200_000_000),
        words: words(Lang::En),
        others: vec![words(Lang::ZhCn)],
        cells: Cells::default(),
        progress: Arc::default(),
    }
}

fn words(lang: Lang) -> Words {
    Words::new(lang.tag(), |slug| {
        word(lang, &format!("transcript.{slug}")).unwrap_or_else(|| panic!("no word for {slug}")).to_owned()
    })
}

fn only(id: &str) -> Options {
    Options { conversation: Some(id.into()), ..options() }
}

struct Made {
    dir: TempDir,
    name: &'static str,
    converted: Converted,
}

impl Made {
    fn bytes(&self) -> Vec<u8> {
        fs::read(self.dir.path().join(self.name)).unwrap()
    }
}

fn make(target: Target, name: &'static str, options: &Options) -> Made {
    let dir = tempdir().unwrap();
    let converted = convert(&here("full.jsonl"), &dir.path().join(name), target, options).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing lies beside it");
    Made { dir, name, converted }
}

#[track_caller]
fn golden(name: &str, bytes: &[u8]) {
    let path = here(name);
    if std::env::var_os("ADJOURN_BLESS").is_some() {
        fs::write(&path, bytes).unwrap();
    }
    assert!(fs::read(&path).unwrap() == bytes, "{name}: ADJOURN_BLESS=1 writes it again");
}

fn lines_of(bytes: &[u8]) -> Vec<Line> {
    let mut reader = Reader::new(bytes).unwrap();
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line().unwrap() {
        lines.push(line.unwrap());
    }
    lines
}

fn read_back(path: &Path) -> Vec<Line> {
    let mut lines = Vec::new();
    let (_, read) = import::read(path, &import::Options::default(), |line| {
        lines.push(line);
        Ok(())
    })
    .unwrap();
    assert!(!read.lost(), "{read:?}");
    lines
}

#[test]
fn the_archives_own_form_comes_out_as_it_went_in_and_one_conversation_of_it_alone() {
    let whole = fs::read(here("full.jsonl")).unwrap();
    assert!(make(Target::Jsonl, "a.jsonl", &options()).bytes() == whole);
    let packed = make(Target::Jsonl, "a.jsonl.zst", &options());
    assert!(zstd::decode_all(packed.bytes().as_slice()).unwrap() == whole);
    let one = make(Target::Jsonl, "a.jsonl", &only("D1"));
    assert_eq!((one.converted.written, one.converted.left_out), (1, 26));
    assert_eq!(lines_of(&one.bytes()).len(), 4);
}

#[test]
fn a_table_as_chatlog_writes_it_is_safe_in_a_spreadsheet_and_read_again() {
    let made = make(Target::Csv, "a.csv", &options());
    golden("full.csv", &made.bytes());
    assert_eq!(made.converted.written, 27);
    let texts = |path: &Path| -> Vec<Option<String>> {
        let record = |line| if let Line::Record(record) = line { Some(record.text) } else { None };
        read_back(path).into_iter().filter_map(record).collect()
    };
    let path = made.dir.path().join("a.csv");
    let read = texts(&path);
    assert_eq!(read.len(), 27);
    assert_eq!(read[0].as_deref(), Some("\u{5468}\u{516d}\u{53bb}\u{722c}\u{5c71}\u{5417}\u{ff1f}\n\u{516b}\u{70b9}\u{96c6}\u{5408}"));
    assert!(read[2].as_deref().unwrap().starts_with("'=HYPERLINK"));

    let cells = Cells { formulas: true, mark: true };
    let bare = make(Target::Csv, "a.csv", &Options { cells, ..options() });
    assert!(bare.bytes().starts_with(b"\xef\xbb\xbfTime,"));
    assert!(texts(&bare.dir.path().join("a.csv"))[2].as_deref().unwrap().starts_with("=HYPERLINK"));
}

#[test]
fn chatlab_both_ways() {
    let several = convert(&here("full.jsonl"), &here("never"), Target::Chatlab, &options()).unwrap_err();
    assert_eq!((several.code(), here("never").exists(), here(".never.part").exists()), ("archive.several", false, false));
    let nobody = convert(&here("full.jsonl"), &here("never"), Target::Chatlab, &only("C9")).unwrap_err();
    assert!(matches!(&nobody, ExportError::Conversation { first, .. } if first.starts_with("C1 (")), "{nobody:?}");

    let document = make(Target::Chatlab, "a.json", &only("C1"));
    golden("full.chatlab.json", &document.bytes());
    let rows = make(Target::ChatlabJsonl, "a.jsonl", &only("C1"));
    golden("full.chatlab.jsonl", &rows.bytes());
    for made in [&document, &rows] {
        let lines = read_back(&made.dir.path().join(made.name));
        let Some(Line::Conversation(conversation)) = lines.get(1) else { panic!("{lines:?}") };
        assert_eq!(conversation.id.as_str(), "C1");
        let people = lines.iter().filter(|line| matches!(line, Line::Participant(_))).count();
        assert_eq!(people, 4);
        let records: Vec<_> =
            lines.iter().filter_map(|line| if let Line::Record(record) = line { Some(record) } else { None }).collect();
        assert_eq!(records.len(), 26);
        assert_eq!(records[1].reply_to, Some("m0".into()));
        assert!(records[1].recalled && records[1].text.as_deref().unwrap().contains("<script>"));
        assert_eq!(records[24].at, Time::from_millis(1_700_020_800_000));
    }
}

#[test]
fn a_page_says_everything_in_two_languages_and_nothing_in_it_is_markup_but_ours() {
    let made = make(Target::Html, "a.html", &options());
    let bytes = made.bytes();
    golden("full.html", &bytes);
    let page = String::from_utf8(bytes).unwrap();
    assert_eq!((made.converted.written, page.matches("<script").count()), (27, 4));
    assert!(page.contains("\\u003cscript>alert(1)") && !page.contains("<script>alert"));
    // What the policy allows are the two that are in it, and no other place is named.
    let hash = |text: &str| BASE64_STANDARD.encode(adjourn_domain::canonical::Hash::of(text.as_bytes()).0);
    let between = |from: &str, to: &str| page.split_once(from).unwrap().1.split_once(to).unwrap().0.to_owned();
    assert!(page.contains(&format!("script-src 'sha256-{}'", hash(&between("<script>", "</script>")))));
    assert!(page.contains(&format!("style-src 'sha256-{}'", hash(&between("<style>", "</style>")))));
    for outside in ["src=", "href=", "url(", "@import", "fetch(", "innerHTML"] {
        assert!(!page.contains(outside), "{outside}");
    }
    // One conversation alone says nothing of the others.
    let one = make(Target::Html, "a.html", &only("D1"));
    let page = String::from_utf8(one.bytes()).unwrap();
    assert_eq!((one.converted.written, one.converted.left_out), (1, 26));
    assert!(!page.contains("C1") && !page.contains("weekend"));
}

#[test]
fn folders_of_days_come_with_a_list_and_replace_only_what_a_conversion_wrote() {
    for (target, ending) in [(Target::Rsmf, "rsmf"), (Target::Eml, "eml")] {
        let made = make(target, "a", &options());
        assert_eq!((made.converted.written, made.converted.files), (27, 4));
        let folder = made.dir.path().join("a");
        golden(&format!("full.{ending}.csv"), &fs::read(folder.join("index.csv")).unwrap());
        let name = format!("0001-C1-2023-11-14.{ending}");
        golden(&format!("full.{ending}"), &fs::read(folder.join(name)).unwrap());
        // Made again, it replaces itself; what somebody else made stays.
        convert(&here("full.jsonl"), &folder, target, &options()).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 5);
        fs::write(folder.join("index.csv"), b"mine").unwrap();
        let refused = convert(&here("full.jsonl"), &folder, target, &options()).unwrap_err();
        assert_eq!((refused.code(), fs::read_dir(&folder).unwrap().count()), ("archive.foreign", 5));
        assert_eq!(fs::read_dir(made.dir.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_day_of_many_messages_is_several_files_and_disorder_is_put_in_order() {
    let dir = tempdir().unwrap();
    let from = dir.path().join("a.jsonl");
    let line = |n: u64| {
        let at = Time::from_millis(1_700_000_000_000 + i64::try_from((n * 7919) % 20_001).unwrap());
        let mut record = Record::new(format!("m{n}").into(), RecordKind::Message, at, "u".into());
        record.text = Some(format!("{n}"));
        Line::Record(Box::new(record))
    };
    let mut writer = Writer::plain(Vec::new());
    for n in 0..20_001 {
        writer.write(&line(n)).unwrap();
    }
    // A conversation that is told of after its records is theirs.
    writer.write(&Line::Conversation(Conversation::new("C", ConversationKind::Group, None))).unwrap();
    fs::write(&from, writer.finish().unwrap()).unwrap();
    let to = dir.path().join("out");
    let converted = convert(&from, &to, Target::Eml, &only("C")).unwrap();
    assert_eq!((converted.written, converted.left_out, converted.files), (20_001, 0, 3));
    let index = fs::read_to_string(to.join("index.csv")).unwrap();
    let parts: Vec<&str> = index.lines().skip(1).map(|line| line.split(',').nth(5).unwrap()).collect();
    assert_eq!(parts, ["10000", "10000", "1"]);
    assert!(index.contains("0001-C-2023-11-15-3.eml,C,C,2023-11-15,3,1,2023-11-14T22:13:40.000Z,"), "{index}");
}

#[test]
fn a_full_disk_is_told_as_one() {
    let full = || BufWriter::new(fs::File::options().write(true).open("/dev/full").unwrap());
    let mut cast = Cast::default();
    let lines = lines_of(&fs::read(here("full.jsonl")).unwrap());
    let talk = "C1".into();
    for line in &lines {
        cast.take(line.clone());
    }
    cast.settle(Some(&talk)).unwrap();
    let begun: [Result<Box<dyn Exporter>, WriteError>; 4] = [
        Ok(Box::new(lines::Lines::zstd(full()).unwrap())),
        Ok(Box::new(csv::Csv::new(full(), &options()).unwrap())),
        chatlab::Document::new(full(), &cast, &options()).map(|made| Box::new(made) as Box<dyn Exporter>),
        parquet::Parquet::new(full()).map(|made| Box::new(made) as Box<dyn Exporter>),
    ];
    for (at, begun) in begun.into_iter().enumerate() {
        let ended = begun.and_then(|mut writer| {
            for line in &lines {
                writer.take(line.clone(), &cast)?;
            }
            writer.finish()?.flush().map_err(WriteError::Io)
        });
        assert!(matches!(&ended, Err(WriteError::Io(error)) if error.kind() == io::ErrorKind::StorageFull), "{at}: {ended:?}");
    }
}

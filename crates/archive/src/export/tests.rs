//! One archive that uses every field of the model, made into each form and held against golden files.

use std::fs;
use std::path::{Path, PathBuf};

use adjourn_i18n::{Lang, word};
use tempfile::{TempDir, tempdir};

use super::*;
use crate::import;
use crate::model::Reader;

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/export").join(name)
}

fn options() -> Options {
    Options {
        conversation: None,
        zone: Zone::default(),
        now: Time::from_millis(1_700_200_000_000),
        words: words(Lang::En),
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

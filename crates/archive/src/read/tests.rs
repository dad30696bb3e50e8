//! With an index beside a copy and without one the same is found, and an index belongs to one content.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use adjourn_domain::message::{Attachment, Record};
use adjourn_redact::corpus::Corpus;

use super::*;
use crate::model::{Line, Writer};

const MESSAGES: usize = 3_000;

fn copy_in(dir: &Path) -> PathBuf {
    let mut text = String::new();
    Corpus::new(5).take(MESSAGES).for_each(|message| message.write(&mut text));
    let path = dir.join("copy.jsonl");
    fs::write(&path, text).unwrap();
    path
}

fn rows(path: &Path) -> Rows<'static> {
    Rows::new(Reader::new(fs::File::open(path).unwrap()).unwrap())
}

fn wanted(typed: &str) -> Wanted {
    Wanted { query: Query::parse(typed).unwrap(), from: None, to: None, sender: None, limit: 20 }
}

fn places(found: &Found) -> Vec<u64> {
    found.rows.iter().map(|row| row.place).collect()
}

#[test]
fn the_index_and_the_stream_find_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let copy = copy_in(dir.path());
    let index = Index::ensure(&copy, &mut |_| {}).unwrap();
    assert_eq!((index.summary().rows, index.summary().bad.count), (MESSAGES as u64, 0));
    let both = |wanted: &Wanted| {
        let by_index = index.search(wanted).unwrap();
        let scanned = scan(&mut rows(&copy), wanted, &mut |_| {}).unwrap();
        assert_eq!(by_index, scanned.found, "{wanted:?}");
        by_index
    };
    // What stands in a message, cut anywhere: one, two, three and more characters, Latin and digits between.
    let mut hits = 0;
    for message in Corpus::new(5).take(MESSAGES).step_by(300) {
        let chars: Vec<char> = message.text.chars().collect();
        for length in [1, 2, 3, 7] {
            let typed: String = chars.iter().skip(chars.len() / 3).take(length).collect();
            let Some(query) = Query::parse(&typed) else { continue };
            hits += both(&Wanted { query, ..wanted("x") }).rows.len();
        }
        let quoted = format!("\"{}\"", message.text.replace('"', " "));
        let whole = both(&Wanted { limit: MESSAGES, ..wanted(&quoted) });
        assert!(places(&whole).contains(&(message.id + 1)), "{}", message.text);
    }
    assert!(hits > 100, "{hits}");

    let one = Corpus::new(5).nth(1_000).unwrap();
    let first: String = one.text.chars().take(1).collect();
    let at = |seconds: u64| Some(Time::from_millis(seconds.cast_signed() * 1000));
    let (from, to) = (at(one.time - 40_000), at(one.time + 40_000));
    let found = both(&Wanted { sender: Some(one.sender.clone()), from, to, ..wanted(&first) });
    assert!(places(&found).contains(&1_001));
    assert!(found.rows.iter().all(|row| row.sender == one.sender));
    assert!(both(&Wanted { sender: Some("nobody".to_owned()), ..wanted(&first) }).rows.is_empty());
    let some = both(&Wanted { limit: 2, ..wanted(&first) });
    assert!(some.more && some.rows.len() == 2 && some.rows[0].place > some.rows[1].place);
}

#[test]
fn a_long_phrase_is_found_among_many_rows_that_have_all_its_words() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("copy.jsonl");
    let phrase = "one two three four five six seven eight";
    let mut text = String::new();
    for n in 0..1_000 {
        let said = match n {
            // A few rows on both sides of the many.
            3 | 20 | 950 => phrase,
            // Each word stands beside its neighbours.
            0..500 => "one two three four three four five six seven eight",
            // The words in another order.
            _ => "eight seven six five four three two one",
        };
        writeln!(text, "{{\"id\":\"{n}\",\"sender\":\"a\",\"time\":{n},\"text\":\"{said}\"}}").unwrap();
    }
    fs::write(&path, text).unwrap();
    let index = Index::ensure(&path, &mut |_| {}).unwrap();
    let phrase = format!("\"{phrase}\"");
    for (limit, expected) in [(20, vec![951, 21, 4]), (2, vec![951, 21]), (1, vec![951])] {
        let wanted = Wanted { limit, ..wanted(&phrase) };
        let found = index.search(&wanted).unwrap();
        assert_eq!((places(&found), found.more), (expected, limit < 3));
        assert_eq!(found, scan(&mut rows(&path), &wanted, &mut |_| {}).unwrap().found);
    }
}

#[test]
fn pages_are_the_same_with_and_without_an_index() {
    let dir = tempfile::tempdir().unwrap();
    let copy = copy_in(dir.path());
    let index = Index::ensure(&copy, &mut |_| {}).unwrap();
    let at = Time::from_millis(Corpus::new(5).nth(2_000).unwrap().time.cast_signed() * 1000);
    let asked = [
        (Place::At(250), 250),
        (Place::Around("1500".to_owned()), 1_491),
        (Place::Around("3".to_owned()), 1),
        (Place::Time(at), 2_001),
        (Place::At(2_995), 2_995),
    ];
    for (place, first) in asked {
        let by_index = index.page(&place, 20).unwrap();
        assert_eq!(by_index, page(&mut rows(&copy), &place, 20).unwrap(), "{place:?}");
        assert_eq!(by_index[0].place, first, "{place:?}");
    }
    let none = Place::Around("none".to_owned());
    assert!(index.page(&none, 20).unwrap().is_empty());
    assert!(page(&mut rows(&copy), &none, 20).unwrap().is_empty());
}

#[test]
fn an_index_belongs_to_one_content_and_is_built_anew_for_another() {
    let dir = tempfile::tempdir().unwrap();
    let copy = copy_in(dir.path());
    assert!(Index::open(&copy).unwrap().is_none());
    let hash = Index::ensure(&copy, &mut |_| {}).unwrap().summary().sha256;
    assert!(Index::open(&copy).unwrap().is_some());
    // Another file with the same content: the hash says so.
    fs::copy(&copy, dir.path().join("other")).unwrap();
    fs::rename(dir.path().join("other"), &copy).unwrap();
    let index = Index::open(&copy).unwrap().unwrap();
    assert_eq!(index.summary().sha256, hash);

    let text = fs::read_to_string(&copy).unwrap();
    fs::write(&copy, text.split_once('\n').unwrap().1).unwrap();
    assert!(Index::open(&copy).unwrap().is_none());
    let mut told = 0;
    let anew = Index::ensure(&copy, &mut |rows| told = rows).unwrap();
    assert_eq!((anew.summary().rows, told), (MESSAGES as u64 - 1, MESSAGES as u64 - 1));
    assert_ne!(anew.summary().sha256, hash);
    // What is no index of ours is none.
    fs::write(index_path(&copy), b"something else").unwrap();
    assert!(Index::open(&copy).unwrap().is_none());

    let other = fs::File::create(dir.path().join("copy.jsonl.idx.part")).unwrap();
    other.lock().unwrap();
    assert!(matches!(Index::ensure(&copy, &mut |_| {}), Err(IndexError::Busy(_))));
}

#[test]
fn an_archive_with_names_files_and_bad_lines_in_zstd_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("archive.jsonl.zst");
    let mut writer = Writer::zstd(fs::File::create(&path).unwrap()).unwrap();
    let file = "\u{62a5}\u{8868}.xlsx".to_owned();
    let attachment = Attachment { id: "f".into(), name: file, bytes: None, media_type: None };
    for n in 1..=600 {
        let at = Time::from_millis(i64::from(n) * 1000);
        let record = Record {
            text: Some(if n == 300 { "needle" } else { "hay" }.to_owned()),
            attachments: vec![attachment.clone()],
            raw: serde_json::json!({"secret": "raw"}),
            ..Record::new(format!("m{n}").into(), RecordKind::Message, at, "u1".into())
        };
        writer.write(&Line::Record(Box::new(record))).unwrap();
    }
    // Who took part may stand behind the records.
    let person = Participant { nickname: Some("\u{674e}\u{96f7}".to_owned()), ..Participant::new("u1") };
    writer.write(&Line::Participant(person)).unwrap();
    let mut file = writer.finish().unwrap();
    file.write_all(&zstd::encode_all(&b"no line\n"[..], 1).unwrap()).unwrap();

    let index = Index::ensure(&path, &mut |_| {}).unwrap();
    assert_eq!((index.summary().rows, index.summary().bad.count), (600, 1));
    let found = index.search(&wanted("needle \u{62a5}\u{8868}")).unwrap();
    assert_eq!(found.rows.len(), 1);
    assert_eq!((found.rows[0].id.as_str(), found.rows[0].who()), ("m300", "\u{674e}\u{96f7}"));
    let named = Wanted { sender: Some("\u{674e}".to_owned()), ..wanted("needle") };
    assert_eq!(index.search(&named).unwrap().rows.len(), 1);
    // The platform's own bytes are not what a reader looks for.
    assert!(index.search(&wanted("secret")).unwrap().rows.is_empty());
    let mut stream = rows(&path);
    assert_eq!(scan(&mut stream, &wanted("needle"), &mut |_| {}).unwrap().found, found);
    assert_eq!(stream.bad(), BadLines { count: 1, first: 602 });
    assert_eq!(index.summary().bad, stream.bad());
}

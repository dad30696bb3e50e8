//! Small classes are found, made coarser or merged, and what is written holds.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::*;

/// A pseudonym.
fn person(number: usize) -> String {
    format!("[name#{number:09}X]")
}

/// A copy of twelve people: an owner, the others of two departments, who joined on days of their own and wrote once or twice.
fn copy(dir: &tempfile::TempDir, compressed: bool) -> PathBuf {
    let mut text = String::from("{\"archive\":{\"platform\":\"qq\",\"version\":1}}\n");
    for number in 0..12 {
        let (who, role) = (person(number), if number == 0 { "owner" } else { "member" });
        let department = if number % 2 == 0 { "sales" } else { "it" };
        let _ = writeln!(
            text,
            "{{\"participant\":{{\"bot\":false,\"id\":\"{who}\",\"name\":\"[name#{number:09}Y]\",\"raw\":null}}}}"
        );
        for message in 0..=number % 2 {
            let _ = writeln!(
                text,
                "{{\"department\":\"{department}\",\"id\":\"{number}-{message}\",\"joined\":\"2026-0{}-{}\",\"role\":\"{role}\",\
                 \"sender\":\"{who}\",\"text\":\"ask [name#000000000Y] or {}\"}}",
                1 + number % 2,
                number + 10,
                person(0)
            );
        }
    }
    let path = dir.path().join("copy.jsonl");
    let bytes = if compressed { zstd::encode_all(text.as_bytes(), 3).unwrap() } else { text.into_bytes() };
    fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn req_c1_whoever_an_attribute_tells_apart_is_counted_and_shown_masked() {
    let dir = tempfile::tempdir().unwrap();
    let table = look(&copy(&dir, false), &Keys::with(&[])).unwrap();
    let found = table.assess(5, &BTreeMap::new(), &BTreeSet::new());
    assert_eq!((found.people, found.classes, found.smallest, found.holds()), (12, 12, 1, false));
    assert_eq!(found.attributes, ["bot", "department", "joined", "role", "messages"]);
    assert_eq!(found.sizes, [(Some(1), 12, 12)]);
    let shown = serde_json::to_string(&found.listed).unwrap();
    assert!(!shown.contains("sales") && !shown.contains("owner") && shown.contains("o\u{2026}"), "{shown}");
    // A month each for the departments: only the owner is told apart.
    let coarse = BTreeMap::from([("joined".to_owned(), Level::Month)]);
    let found = table.assess(5, &coarse, &BTreeSet::new());
    assert_eq!((found.classes, found.small, found.people_in_small), (3, 1, 1));
    let gone = BTreeMap::from([("joined".to_owned(), Level::Month), ("role".to_owned(), Level::Gone)]);
    assert!(table.assess(5, &gone, &BTreeSet::new()).holds());
    assert!(!table.assess(7, &gone, &BTreeSet::new()).holds());
}

#[test]
fn req_c1_a_new_copy_holds_and_nobody_who_was_merged_is_told_apart_in_it() {
    for compressed in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let from = copy(&dir, compressed);
        let before = fs::read(&from).unwrap();
        let keys = Keys::with(&[]);
        let table = look(&from, &keys).unwrap();
        let levels = BTreeMap::from([("joined".to_owned(), Level::Month)]);
        let merged = table.to_merge(5, &levels);
        // One alone would be as good as named: a whole class goes with the owner.
        assert!(merged.contains(&person(0)) && merged.len() == 6, "{merged:?}");
        assert!(table.assess(5, &levels, &merged).holds());
        let pseudonyms = table.pseudonyms_of(&merged);
        let to = dir.path().join("anonymous.jsonl");
        let change = Change { keys: &keys, levels: &levels, merged: &merged, pseudonyms: &pseudonyms };
        let written = write(&from, &to, false, &change).unwrap();
        assert_eq!(fs::read(&from).unwrap(), before, "the old copy stays");
        let bytes = fs::read(&to).unwrap();
        assert_eq!(
            (written.sha256, written.bytes),
            (adjourn_domain::canonical::Hash::of(&bytes), bytes.len() as u64)
        );
        let text = if compressed { zstd::decode_all(bytes.as_slice()).unwrap() } else { bytes };
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text.lines().count(), 31);
        for gone in [person(0), "[name#000000000Y]".to_owned(), "owner".to_owned(), "2026-01".to_owned()] {
            assert!(!text.contains(&gone), "{gone}");
        }
        assert!(text.contains("ask [name#0000000000] or [name#0000000000]") && text.contains("\"2026-02\""));
        // Read again, the rest holds by itself.
        let again = look(&to, &keys).unwrap();
        assert_eq!(again.people(), 6);
        assert!(again.assess(5, &BTreeMap::new(), &BTreeSet::new()).holds());
        assert!(matches!(
            write(&from, &to, false, &change),
            Err(crate::deidentify::file::FileError::Exists(_))
        ));
    }
}

#[test]
fn what_is_no_copy_or_is_cut_off_is_an_error_and_a_full_disk_leaves_nothing() {
    use crate::deidentify::file::FileError;
    let dir = tempfile::tempdir().unwrap();
    let keys = Keys::with(&[]);
    let path = dir.path().join("x");
    fs::write(&path, "[1]\n").unwrap();
    assert!(matches!(look(&path, &keys), Err(FileError::Form(_))));
    let from = copy(&dir, true);
    let whole = fs::read(&from).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(look(&path, &keys), Err(FileError::Compressed(_))));
    let (levels, none) = (BTreeMap::new(), BTreeSet::new());
    let change = Change { keys: &keys, levels: &levels, merged: &none, pseudonyms: &none };
    let to = dir.path().join("to");
    assert!(matches!(write(&path, &to, false, &change), Err(FileError::Compressed(_))));
    assert!(!to.exists() && !dir.path().join(".to.part").exists());
}

#[test]
fn a_key_is_named_without_being_told() {
    assert_eq!(key_id(&[1; 32]).len(), 32);
    assert_ne!(key_id(&[1; 32]), key_id(&[2; 32]));
}

//! Archives that were handed in: what a page gives, and what the receipt lists as missing.

use adjourn_connector_kit::{ConnectorError, Kind};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use adjourn_domain::plan::Note;

use super::{APP, Desk, Doubts, locked, now};

const ROOM: &str = "wrjc7bDwAASxc8tZvBErFE02BtPWyAAA";
const FILE: &str = include_str!("../../../../../formats/fixtures/wecom_archive.jsonl");

fn desk(files: &[&str]) -> Desk {
    let desk = Desk::new(Doubts::default());
    locked(&desk.sim).hand_in(files);
    desk
}

fn history(desk: &Desk) -> Result<Vec<Record>, ConnectorError> {
    let (mut all, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = desk.with(APP, |cx, connector| {
            now(connector.exporter().unwrap().page(cx, &ROOM.into(), cursor.as_deref()))
        })?;
        all.extend(page.records);
        let Some(next) = page.next else { return Ok(all) };
        assert_ne!(Some(&next), cursor.as_ref());
        cursor = Some(next);
    }
}

fn gaps(desk: &Desk) -> Result<Vec<Note>, ConnectorError> {
    desk.with(APP, |cx, connector| now(connector.exporter().unwrap().gaps(cx, &NativeId::from(ROOM))))
}

#[test]
fn req_h4_the_record_comes_from_the_organisations_archive_and_what_was_not_pulled_is_listed() {
    let desk = desk(&[FILE]);
    let records = history(&desk).unwrap();
    assert_eq!(records.len(), 6, "what belongs to no group is not the group's");
    assert_eq!(records.iter().filter(|record| record.kind == RecordKind::Redaction).count(), 1);
    let gap = |first: u64, last: u64| Note::new("gap-archive").with("first", first).with("last", last);
    assert_eq!(gaps(&desk).unwrap(), [gap(104, 106), gap(108, 108), gap(110, 9_007_199_254_740_992)]);
}

#[test]
fn uploads_follow_on_each_other_and_what_they_repeat_comes_once() {
    let lines: Vec<&str> = FILE.lines().collect();
    let (first, second) = (lines[..4].join("\n"), lines[2..].join("\n"));
    let parts = desk(&[&first, &second]);
    assert_eq!(history(&parts).unwrap(), history(&desk(&[FILE])).unwrap());
    assert_eq!(gaps(&parts).unwrap(), gaps(&desk(&[FILE])).unwrap());
    let apart = desk(&[&lines[..1].join("\n"), &lines[2..].join("\n")]);
    let missing = Note::new("gap-archive").with("first", 101).with("last", 101);
    assert_eq!(gaps(&apart).unwrap().first(), Some(&missing), "between two uploads as well");
}

#[test]
fn a_thousand_gaps_are_counted_not_told() {
    let line = FILE.lines().next().unwrap();
    let lines: Vec<String> =
        (0..1000).map(|n| line.replacen("\"seq\": 100", &format!("\"seq\": {}", n * 2), 1)).collect();
    let notes = gaps(&desk(&[&lines.join("\n")])).unwrap();
    assert_eq!(notes.len(), 21);
    assert_eq!(notes.last(), Some(&Note::new("gap-archive-more").with("n_more", 979)));
}

#[test]
fn a_missing_broken_or_endless_archive_is_an_error_and_never_an_empty_history() {
    let cut = &FILE[..FILE.len() - 20];
    let lines: Vec<&str> = FILE.lines().collect();
    let swapped = [lines[1], lines[0]].join("\n");
    let endless = format!("{{\"seq\":1,\"a\":\"{}", "x".repeat(3_000_000));
    for (what, files) in [
        ("cut", vec![cut]),
        ("swapped", vec![swapped.as_str()]),
        ("no archive", vec!["<html>"]),
        ("endless", vec![endless.as_str()]),
    ] {
        let error = history(&desk(&files)).expect_err(what);
        assert_eq!(error.kind, Kind::Protocol, "{what}");
        assert!(gaps(&desk(&files)).is_err(), "{what}");
    }
    assert_eq!(history(&desk(&[])).unwrap_err().kind, Kind::Conflict);
}

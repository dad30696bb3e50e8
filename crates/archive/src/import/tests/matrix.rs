//! What Element, matrix-commander and homeservers write of Matrix rooms, as their sources say it; the samples are invented in the same shape.

use super::wechat::{chats, contents};
use super::*;

use Content::{Call, Image, Location, Poll, Sticker, Voice};

#[test]
fn element_writes_what_it_shows() {
    let (format, imported, lines) = golden("matrix/shown.json");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::MatrixJson, 13, 0));
    let found = records(&lines);
    assert_eq!(found[1].mentions, ["*".into(), "@zhou:example.org".into()]);
    assert!(found[1].edited_at.is_some() && found[1].kind == RecordKind::Message);
    let kinds = contents(&lines);
    assert_eq!(kinds[2..7], [Some(Image), Some(Voice), Some(Location), Some(Sticker), Some(Poll)]);
    assert_eq!(found[6].text.as_deref().map(|text| text.lines().count()), Some(3));
    assert!(found[7].recalled && !found[8].recalled, "who else removed it did not take it back");
    let because = found[8].raw.pointer("/unsigned/redacted_because/sender").and_then(|who| who.as_str());
    assert_eq!(because, Some("@lin:example.org"));
    assert_eq!((found[9].kind, found[9].text.as_deref()), (RecordKind::Undecryptable, None));
    assert_eq!(kinds[10], Some(Call));
    assert_eq!(found[12].sender_name.as_deref(), Some("\u{5468}\u{822a}"), "who left was called like that");
    // In the zip file that Element writes where files are taken as well.
    let json = fs::read(here("matrix/shown.json")).unwrap();
    let (_dir, path) =
        package(&[("Chat/export.json", &json), ("Chat/files/list.json", b"[1]"), ("Chat/images/a.png", b"")]);
    let (format, imported, _) = self::lines(&path);
    assert_eq!((format, imported.rows), (Format::MatrixJson, 13));
}

#[test]
fn events_of_matrix_alone_in_a_list_and_one_a_line() {
    let (format, imported, lines) = golden("matrix/events.jsonl");
    assert_eq!((format, imported.rows, imported.records), (Format::MatrixJson, 6, 5));
    assert_eq!((imported.findings.first[0].row, imported.findings.total), (5, 1), "no event of a history");
    assert_eq!(chats(&lines).len(), 2);
    let found = records(&lines);
    assert_eq!(found[1].sender_name.as_deref(), Some("\u{6797}\u{5c0f}\u{96e8}"));
    assert_ne!(found[1].conversation, found[2].conversation);
    assert_eq!((found[3].kind, found[4].kind), (RecordKind::Reaction, RecordKind::Redaction));
    let (format, imported, lines) = golden("matrix/events.json");
    assert_eq!((format, imported.rows, chats(&lines).len()), (Format::MatrixJson, 4, 1));
    let (format, imported, lines) = golden("matrix/commander.jsonl");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::MatrixJson, 3, 0));
    let found = records(&lines);
    assert_eq!((found[2].content, chats(&lines).len()), (Some(Image), 2));
    assert_eq!(found[2].sender_name.as_deref(), Some("\u{5468}\u{822a}"));
    assert_eq!(found[0].conversation, found[2].conversation);
}

//! Every format, read from its fixture: the same chat through five files.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use adjourn_formats::{Class, Format, Item, Mark, Parser, Row, Survey, Zone, survey};

const GROUP: &str = "34512345678@chatroom";

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn read(bytes: &[u8]) -> (Survey, Vec<Item>) {
    let mut items = Vec::new();
    let survey = survey(bytes, &Zone::default(), |item| items.push(item), |_| {}).unwrap();
    (survey, items)
}

fn rows(items: &[Item]) -> Vec<&Row> {
    items
        .iter()
        .filter_map(|item| if let Item::Row(row) = item { Some(row.as_ref()) } else { None })
        .collect()
}

const MESSAGES: [(&str, Format); 5] = [
    ("chatlog.csv", Format::ChatlogCsv),
    ("chatlog.json", Format::ChatlogJson),
    ("memotrace.csv", Format::MemotraceCsv),
    ("pywxdump.csv", Format::PywxdumpCsv),
    ("pywxdump.json", Format::PywxdumpJson),
];

#[test]
fn req_x1_every_tools_export_is_read_and_its_dissolve_row_is_found() {
    for (name, format) in MESSAGES {
        let (survey, items) = read(&fixture(name));
        let rows = rows(&items);
        assert_eq!((survey.format, survey.records, rows.len()), (format, 9, 9), "{name}");
        assert_eq!(survey.findings.unreadable, 0, "{name}: {:?}", survey.findings);
        assert_eq!(survey.first.unwrap().at, Time::parse("2026-11-25T00:00:00Z").unwrap(), "{name}");
        assert_eq!(survey.last.unwrap().at, Time::parse("2026-11-25T00:05:00Z").unwrap(), "{name}");
        // A member typed the very same words in row 7; only what the client said counts.
        let ended: Vec<u64> = survey.ended.iter().map(|ended| ended.row).collect();
        assert_eq!(ended, [9], "{name}");
        assert_eq!(rows[6].record.text, rows[8].record.text, "{name}");
        assert_eq!((rows[6].record.kind, rows[8].record.kind), (RecordKind::Message, RecordKind::System));
        let ids: std::collections::BTreeSet<_> = rows.iter().map(|row| &row.record.id).collect();
        assert_eq!(ids.len(), 9, "{name}");
        assert!(rows.iter().all(|row| row.record.raw.is_object()), "{name}");
        let told = format != Format::MemotraceCsv;
        assert!(rows.iter().all(|row| row.group.as_ref().map(NativeId::as_str) == told.then_some(GROUP)));
        assert_eq!(survey.groups[if told { GROUP } else { "" }].rows, 9);
    }
}

#[test]
fn names_come_through_as_they_are() {
    for name in ["chatlog.csv", "chatlog.json", "memotrace.csv"] {
        let (_, items) = read(&fixture(name));
        let rows = rows(&items);
        let names: Vec<&str> = rows.iter().take(5).map(|row| row.sender_name.as_str()).collect();
        assert_eq!(names[1], "", "{name}");
        assert_eq!(names[2], "\u{5e9}\u{5dc}\u{5d5}\u{5dd}");
        assert_eq!(names[4], "\u{1f43c}\u{1f43c}\u{1f43c}");
        // Two people of one name are two people.
        assert_eq!(names[0], names[3]);
        assert_ne!(rows[0].record.sender, rows[3].record.sender);
        assert!(rows[2].record.text.as_deref().unwrap().contains('\u{202e}'));
    }
}

#[test]
fn ids_of_more_than_53_bits_are_kept_to_the_last_digit() {
    for name in ["pywxdump.csv", "pywxdump.json"] {
        let (_, items) = read(&fixture(name));
        assert_eq!(rows(&items)[0].record.id.as_str(), "9007199254740993000");
        assert_eq!(rows(&items)[1].record.id.as_str(), "9007199254740993001");
    }
    let number = String::from_utf8(fixture("pywxdump.json")).unwrap();
    let number = number.replace("\"9007199254740993001\"", "9007199254740993001");
    assert_eq!(rows(&read(number.as_bytes()).1)[1].record.id.as_str(), "9007199254740993001");
    let huge = number.replace("9007199254740993001", "90071992547409930011234567890");
    let (survey, _) = read(huge.as_bytes());
    assert!(survey.findings.has("row.id"), "{:?}", survey.findings);
    assert_eq!((survey.records, survey.findings.unreadable), (8, 1));
}

#[test]
fn lists_of_groups_and_people_are_read() {
    for name in ["chatrooms.csv", "chatrooms.json"] {
        let (survey, items) = read(&fixture(name));
        assert_eq!((survey.format.class(), survey.records), (Class::Chatrooms, 2));
        let [Item::Chatroom(first), Item::Chatroom(second)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!(first.id.as_str(), GROUP);
        assert_eq!(first.owner.as_ref().unwrap().as_str(), "wxid_chenjing01");
        assert_eq!((second.owner.as_ref(), second.nick_name.as_str()), (None, ""));
        assert_eq!(first.users.len(), if name.ends_with("json") { 2 } else { 0 });
    }
    let (survey, items) = read(&fixture("contacts.csv"));
    assert_eq!((survey.format.class(), items.len()), (Class::Contacts, 2));
}

/// A later parser goes on at any row and gives the very same rows.
#[test]
fn reading_goes_on_at_every_row() {
    for (name, _) in MESSAGES {
        let bytes = fixture(name);
        let (_, whole) = read(&bytes);
        let mut parser = Parser::new(Zone::default());
        let (mut items, mut marks): (Vec<Item>, Vec<(usize, Mark)>) = (Vec::new(), Vec::new());
        for byte in bytes.chunks(1) {
            parser.feed(byte, &mut items).unwrap();
            marks.extend(parser.mark().map(|mark| (items.len(), mark)));
        }
        parser.finish(&mut items).unwrap();
        assert_eq!(items, whole, "{name}");
        marks.dedup();
        assert!(marks.len() >= 9, "{name}");
        for (taken, mark) in marks {
            let text = serde_json::to_string(&mark).unwrap();
            let mark: Mark = serde_json::from_str(&text).unwrap();
            let mut rest = whole[..taken].to_vec();
            let mut parser = Parser::resume(Zone::default(), &mark);
            parser.feed(&bytes[usize::try_from(mark.offset).unwrap()..], &mut rest).unwrap();
            parser.finish(&mut rest).unwrap();
            assert_eq!(rest, whole, "{name} from row {taken}");
        }
    }
}

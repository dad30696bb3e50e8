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

/// What tools write of the same kind under other headers.
const OTHER_HEADERS: [(&str, Format, &str); 6] = [
    (
        "numbered",
        Format::ChatlogCsv,
        "MessageID,Time,SenderName,Sender,TalkerName,Talker,Content\n\
        1795564800000040,2026-11-25 08:00:00,Ada,wxid_a,Team,1@chatroom,hi\n\
        1795564801000041,2026-11-25 08:00:01,,\u{7cfb}\u{7edf}\u{6d88}\u{606f},Team,1@chatroom,joined\n",
    ),
    (
        "typed",
        Format::ChatlogCsv,
        "Time,Talker,TalkerName,Sender,SenderName,IsSelf,Type,TypeDesc,Content\n\
        2026-11-25 08:00:00,1@chatroom,Team,wxid_a,Ada,true,49,x(2000),hi\n\
        2026-11-25 08:00:01,1@chatroom,Team,wxid_b,Bo,false,x,,hi\n",
    ),
    (
        "content",
        Format::PywxdumpCsv,
        "id,MsgSvrID,type_name,is_sender,talker,room_name,content,CreateTime\n\
        1,9007199254740993001,text,1,me,1@chatroom,\"{\"\"src\"\": \"\"\"\", \"\"msg\"\": \"\"hi, \\\"\"all\\\"\"\"\"}\",2026-11-25 08:00:00\n\
        2,9007199254740993002,text,0,wxid_a,1@chatroom,not json,2026-11-25 08:00:01\n",
    ),
    (
        "weclone",
        Format::PywxdumpCsv,
        "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime\n\
        1,9007199254740993001,image,0,Ada,[x],one.jpg,2026-11-25T00:00:00.000Z\n",
    ),
    (
        "first",
        Format::MemotraceCsv,
        "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime\n\
        1,3,1,0,1,1795564800,,hi,2026-11-25 08:00:00,1234567890987654\n\
        2,3,1,0,0,1795564801,,ho,2026-11-25 08:00:01,0\n",
    ),
    (
        "shifted",
        Format::MemotraceCsv,
        "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender\n\
        1,3,1,0,0,1795564800,,hi,2026-11-25 08:00:00,9007199254740993001,,Ada\n\
        2,4,1,0,0,1795564801,,ho,2026-11-25 08:00:01,9007199254740993002,,Team,Bo\n\
        3,4,1,0,0,1795564802,,hm,2026-11-25 08:00:02,13800138000,Cy,wxid_c\n\
        4,4,1,0,1,1795564803,,no,2026-11-25 08:00:03\n\
        5,4,1,0,1,1795564804,,six,2026-11-25 08:00:04,1,2,3,4,5,6\n",
    ),
];

#[test]
fn other_headers_are_read_by_the_names_of_their_columns() {
    let of = |at: usize| {
        let (name, format, text) = OTHER_HEADERS[at];
        let (survey, items) = read(text.as_bytes());
        assert_eq!(survey.format, format, "{name}");
        (survey, items)
    };
    let (survey, items) = of(0);
    assert_eq!(survey.findings.total, 0);
    let found = rows(&items);
    assert_eq!((found[0].record.id.as_str(), found[1].record.kind), ("1795564800000040", RecordKind::System));
    let (survey, items) = of(1);
    assert_eq!((rows(&items)[0].code, rows(&items)[0].own), (Some((49, 2000)), Some(true)));
    assert_eq!(survey.findings.unreadable, 1, "a type that is no number");
    let (_, items) = of(2);
    let texts: Vec<Option<&str>> = rows(&items).iter().map(|row| row.record.text.as_deref()).collect();
    assert_eq!(texts, [Some("hi, \"all\""), Some("not json")]);
    let (_, items) = of(3);
    assert_eq!((rows(&items)[0].code, rows(&items)[0].group.clone()), (Some((3, 0)), None));
    assert_eq!(rows(&items)[0].record.at, Time::parse("2026-11-25T00:00:00Z").unwrap());
    let (survey, items) = of(4);
    assert!(survey.findings.has("header.short"));
    assert_eq!(rows(&items)[0].record.id.as_str(), "1234567890987654");
    assert_eq!(rows(&items)[1].record.id.as_str(), "3-2-1795564801", "zero is no number of the server's");
    let (survey, items) = of(5);
    let who: Vec<(&str, &str)> =
        rows(&items).iter().map(|row| (row.record.sender.as_str(), row.sender_name.as_str())).collect();
    assert_eq!(who[..3], [("Ada", "Ada"), ("Bo", "Bo"), ("wxid_c", "13800138000")]);
    assert_eq!(who[3].0, "\u{6211}");
    let raw = &rows(&items)[1].record.raw;
    assert_eq!((raw["MsgSvrID"].as_str(), raw["Sender"].as_str()), (Some("9007199254740993002"), Some("Bo")));
    assert_eq!((survey.findings.unreadable, survey.findings.has("row.columns")), (1, true));
}

/// A later parser goes on at any row and gives the very same rows.
#[test]
fn reading_goes_on_at_every_row() {
    let fixtures = MESSAGES.map(|(name, _)| (name, fixture(name)));
    let others = OTHER_HEADERS.map(|(name, _, text)| (name, text.as_bytes().to_vec()));
    for (name, bytes) in fixtures.into_iter().chain(others) {
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
        assert!(marks.len() >= whole.len(), "{name}");
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

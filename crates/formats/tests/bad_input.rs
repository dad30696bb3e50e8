//! Files that nobody should hand in: refused or flagged with a code, nothing lost, memory bounded.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

use std::io::{BufReader, Read};

use adjourn_formats::{
    Format, Item, MAX_FINDINGS, MAX_ROW, Parser, ReadError, Refused, Survey, Zone, survey,
};
use proptest::prelude::*;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn read(bytes: &[u8]) -> Result<Survey, Refused> {
    match survey(bytes, &Zone::default(), |_| {}, |_| {}) {
        Ok(survey) => Ok(survey),
        Err(ReadError::Refused(refused)) => Err(refused),
        Err(ReadError::Io(error)) => panic!("{error}"),
    }
}

fn refused(bytes: &[u8]) -> &'static str {
    read(bytes).unwrap_err().code()
}

/// `size` bytes of one letter, after a head; nothing of it lies in memory.
fn long(head: &str, letter: u8, size: u64) -> impl Read {
    std::io::Cursor::new(head.to_owned().into_bytes()).chain(std::io::repeat(letter).take(size))
}

#[test]
fn unknown_headers_are_refused_with_what_was_expected() {
    for text in [
        "a,b,c\n1,2,3\n",
        "Time,SenderName,Sender\n",
        "localId;TalkerId;Type\n",
        "PK\u{3}\u{4}xxxx",
        "[1,2]",
        r#"{"messages":[]}"#,
        r#"[{"id":1}]"#,
        "Time,Sendername,Sender,TalkerName,Talker,Content\n",
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "upload.format", "{text}");
    }
    for format in Format::ALL {
        assert!(Format::expected().contains(&format!("{}: {}", format.slug(), format.columns().join(","))));
    }
    for empty in ["", " \n\n ", "[]", "[ ", r#"{"items":[]}"#] {
        assert_eq!(refused(empty.as_bytes()), "upload.empty", "{empty:?}");
    }
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    for name in ["chatlog.csv", "chatlog.json", "pywxdump.csv", "chatrooms.json"] {
        let plain = fixture(name);
        let marked = [b"\xef\xbb\xbf".as_slice(), &plain].concat();
        let (plain, marked) = (read(&plain).unwrap(), read(&marked).unwrap());
        assert_eq!((plain.records, plain.first, plain.ended), (marked.records, marked.first, marked.ended));
        assert_eq!(plain.bytes + 3, marked.bytes);
    }
}

#[test]
fn other_encodings_are_refused_and_single_broken_rows_are_listed() {
    let text = String::from_utf8(fixture("chatlog.csv")).unwrap();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(&utf16), "upload.encoding");
    assert_eq!(refused(&[b"\xff\xfe".as_slice(), &utf16].concat()), "upload.encoding");
    // Two characters in GBK, which is no UTF-8.
    let header = "Time,SenderName,Sender,TalkerName,Talker,Content\n";
    let gbk = |text: &str| {
        let mut bytes = header.as_bytes().to_vec();
        bytes.extend_from_slice(b"2026-11-25 08:00:00,\xb3\xc2\xbe\xb2,w,g,1@chatroom,\xc4\xe3\xba\xc3\n");
        bytes.extend_from_slice(text.as_bytes());
        bytes
    };
    assert_eq!(refused(&gbk("2026-11-25 08:00:01,a,w,g,1@chatroom,hi\n")), "upload.encoding");
    let one = read(&gbk("2026-11-25 08:00:01,\u{9648},w,g,1@chatroom,hi\n")).unwrap();
    assert_eq!((one.records, one.findings.unreadable), (1, 1));
    assert_eq!((one.findings.first[0].row, one.findings.first[0].code.as_str()), (1, "row.encoding"));
}

#[test]
fn truncated_files_are_flagged_wherever_they_are_cut() {
    for name in
        ["chatlog.csv", "chatlog.json", "memotrace.csv", "pywxdump.csv", "pywxdump.json", "chatrooms.json"]
    {
        let bytes = fixture(name);
        let whole = read(&bytes).unwrap();
        assert!(!whole.findings.has("file.truncated"), "{name}");
        // What follows the end of a JSON array holds nothing.
        let last =
            |byte: &u8| if name.ends_with("csv") { !byte.is_ascii_whitespace() } else { *byte == b']' };
        let end = bytes.iter().rposition(last).unwrap();
        for cut in bytes.len() / 3..end {
            let Ok(part) = read(&bytes[..cut]) else { continue };
            let at_row_end = matches!(bytes[cut - 1], b'\n' | b'\r') && name.ends_with("csv");
            assert!(part.findings.has("file.truncated") || at_row_end, "{name} cut at {cut}");
            assert!(part.records <= whole.records);
        }
    }
}

#[test]
fn a_line_of_a_gigabyte_is_refused_without_holding_it() {
    for (head, letter) in [
        ("Time,SenderName,Sender,TalkerName,Talker,Content\n2026-11-25 08:00:00,a,b,c,d,\"", b'x'),
        ("Time,SenderName,Sender,TalkerName,Talker,Content\n", b'"'),
        ("[{\"seq\":\"", b'7'),
        ("[", b'['),
        ("", b'x'),
    ] {
        let file = BufReader::new(long(head, letter, 1 << 30));
        let mut read = 0;
        let error = survey(file, &Zone::default(), |_| {}, |bytes| read = bytes).unwrap_err();
        let ReadError::Refused(refused) = error else { panic!("{error}") };
        assert!(matches!(refused.code(), "upload.row_too_long" | "upload.format"), "{refused}");
        assert!(read < 3 * MAX_ROW as u64, "{read} bytes were read before it was refused");
    }
}

#[test]
fn rows_that_make_no_sense_are_listed_and_the_others_are_read() {
    let text = String::from_utf8(fixture("chatlog.csv")).unwrap();
    let bad = "yesterday,a,b,c,d,e\nonly,three,fields\n2026-11-25 08:00:00,a,b,c,1@chatroom,again\n";
    let survey = read(format!("{text}{bad}").as_bytes()).unwrap();
    assert_eq!((survey.records, survey.findings.unreadable), (10, 2));
    let found: Vec<(u64, &str)> = survey.findings.first.iter().map(|f| (f.row, f.code.as_str())).collect();
    assert_eq!(found, [(10, "row.time"), (11, "row.columns"), (12, "row.order")]);
    let json = br#"[{"seq":1795564800000,"time":"2026-11-25T08:00:00+08:00","talker":"g","sender":"s","type":1,"content":"x"},
        7, null, {"seq":1.5}, {"seq":1,"time":7,"talker":[],"sender":"s","type":"x","content":{}},
        {"seq":1795564800000,"time":"2026-11-25T08:00:00+08:00","talker":"g","sender":"s","type":1,"content":"y"}]"#;
    let survey = read(json).unwrap();
    assert_eq!((survey.records, survey.findings.unreadable), (2, 4));
    assert!(survey.findings.has("row.json") && survey.findings.has("row.id_twice"));
}

#[test]
fn findings_are_counted_beyond_their_limit() {
    let mut text = "Time,SenderName,Sender,TalkerName,Talker,Content\n".to_owned();
    text.extend(std::iter::repeat_n("x,a,b,c,d,e\n", MAX_FINDINGS * 2));
    let survey = read(text.as_bytes()).unwrap();
    assert_eq!(survey.findings.first.len(), MAX_FINDINGS);
    assert_eq!(survey.findings.unreadable, MAX_FINDINGS as u64 * 2);
}

#[test]
fn local_times_are_read_in_the_zone_that_is_named() {
    let file = fixture("memotrace.csv");
    assert!(!read(&file).unwrap().findings.has("row.zone"));
    let elsewhere = Zone::named("America/New_York").unwrap();
    let other = survey(file.as_slice(), &elsewhere, |_| {}, |_| {}).unwrap();
    assert!(other.findings.has("row.zone"), "the two clocks of a row disagree");
    assert_eq!(other.first, read(&file).unwrap().first, "what counts is the clock that needs no zone");
    let csv = fixture("chatlog.csv");
    let there = survey(csv.as_slice(), &elsewhere, |_| {}, |_| {}).unwrap();
    assert_eq!(there.first.unwrap().at.to_string(), "2026-11-25T13:00:00.000Z");
}

#[test]
fn headers_and_rows_of_older_builds_are_taken_and_flagged() {
    let text = String::from_utf8(fixture("memotrace.csv")).unwrap();
    let short = text.replacen(",NickName,Sender", ",NickName", 1);
    let survey = read(short.as_bytes()).unwrap();
    assert_eq!((survey.records, survey.findings.has("header.short")), (9, true));
    let more: String = text
        .lines()
        .enumerate()
        .map(|(n, line)| {
            let quoted = line.matches('"').count() % 2 == 1 || line.ends_with("9f2c");
            if n == 0 || quoted { format!("{line}\n") } else { format!("{line},more\n") }
        })
        .collect();
    assert!(read(more.as_bytes()).unwrap().findings.has("row.extra_column"));
}

fn everything(bytes: &[u8], step: usize) -> (Result<(), Refused>, Vec<Item>) {
    let (mut parser, mut items) = (Parser::new(Zone::default()), Vec::new());
    let mut result = Ok(());
    for chunk in bytes.chunks(step.max(1)) {
        result = result.and_then(|()| parser.feed(chunk, &mut items));
    }
    (result.and_then(|()| parser.finish(&mut items)), items)
}

proptest! {
    #[test]
    fn no_bytes_break_it(bytes in proptest::collection::vec(any::<u8>(), 0..2000), step in 1_usize..97) {
        prop_assert_eq!(everything(&bytes, step), everything(&bytes, bytes.len()));
    }

    #[test]
    fn a_damaged_file_reads_the_same_in_any_portions(
        which in 0_usize..8,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        step in 1_usize..300,
    ) {
        let names = ["chatlog.csv", "chatlog.json", "memotrace.csv", "pywxdump.csv", "pywxdump.json",
            "chatrooms.csv", "chatrooms.json", "contacts.csv"];
        let mut bytes = fixture(names[which]);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let (whole, all) = everything(&bytes, bytes.len());
        let (parts, some) = everything(&bytes, step);
        prop_assert_eq!(whole, parts);
        prop_assert_eq!(all, some);
    }
}

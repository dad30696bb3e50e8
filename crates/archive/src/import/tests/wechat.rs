//! What members' tools for WeChat write, version by version, as the source of the tools says it; the samples are invented in the same shape.

use adjourn_domain::ids::NativeId;

use super::*;
use crate::model::ConversationKind::{self, Direct, Group};

use Content::{
    Call, Contact, File, Forward, Image, Link, Location, Poke, RedPacket, Sticker, Transfer, Video, Voice,
};

/// Sender, its name, conversation and text of each record.
fn said(lines: &[Line]) -> Vec<[String; 4]> {
    let of = |id: Option<&NativeId>| id.map_or_else(String::new, |id| id.as_str().to_owned());
    records(lines)
        .into_iter()
        .map(|record| {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            [
                of(Some(&record.sender)),
                text(&record.sender_name),
                of(record.conversation.as_ref()),
                text(&record.text),
            ]
        })
        .collect()
}

pub(super) fn chats(lines: &[Line]) -> Vec<(String, ConversationKind, Option<String>)> {
    let of = |line: &Line| match line {
        Line::Conversation(chat) => Some((chat.id.as_str().to_owned(), chat.kind, chat.name.clone())),
        _ => None,
    };
    lines.iter().filter_map(of).collect()
}

pub(super) fn contents(lines: &[Line]) -> Vec<Option<Content>> {
    records(lines).into_iter().map(|record| record.content).collect()
}

const ME: &str = "\u{6211}";

#[test]
fn memotrace_of_all_chats_with_ids_before_the_names() {
    let (format, imported, lines) = golden("memotrace/all.csv");
    assert_eq!((format, imported.rows, imported.lost()), (Format::MemotraceCsv, 10, false));
    assert!(!imported.findings.has("row.extra_column"), "{:?}", imported.findings);
    let said = said(&lines);
    // The header says Remark, NickName, Sender; the rows have something else there.
    assert_eq!(said[0][..3], ["\u{5c0f}\u{96e8}", "\u{5c0f}\u{96e8}", "7"]);
    assert_eq!(said[1][..3], [ME, ME, "7"]);
    assert_eq!(said[2][..3], [ME, ME, "12"]);
    assert_eq!(
        said[3][..3],
        ["\u{8001}\u{5468}", "\u{8001}\u{5468}", "12"],
        "a chat of two has the other's name"
    );
    assert_eq!(said[5][..3], ["", "", "15"], "a chat that is no contact names nobody");
    assert_eq!(said[6][..3], ["\u{963f}\u{660e}", "\u{963f}\u{660e}", "16"]);
    assert_eq!(said[8][2], "7-2", "another database's chat of the same number");
    let ids: Vec<&str> = records(&lines).iter().map(|record| record.id.as_str()).collect();
    assert_eq!((ids[0], ids[7]), ("7700000000000000001", "7-8-1704074880"));
    let kinds: Vec<ConversationKind> = chats(&lines).into_iter().map(|(_, kind, _)| kind).collect();
    assert_eq!(kinds, [Group, Direct, Group, Group, Group]);
    let image = records(&lines)[9];
    assert_eq!((image.content, image.text.as_deref()), (Some(Image), None));
    assert_eq!(image.attachments[0].id.as_str(), "5d41402abc4b2a76b9719d911017c592");
}

#[test]
fn memotrace_of_all_chats_as_later_versions_write_it() {
    let (_, imported, lines) = golden("memotrace/all_later.csv");
    assert_eq!((imported.rows, imported.conversations, imported.lost()), (7, 4, false));
    let said = said(&lines);
    let book = "\u{8bfb}\u{4e66}\u{4f1a}";
    assert_eq!(
        said[2][..3],
        ["\u{6797}\u{53ef}", "\u{6797}\u{53ef}", "4"],
        "the names beside it are the chat's"
    );
    assert_eq!(said[4][..3], ["Ada", "Ada", "5"]);
    let chats = chats(&lines);
    assert_eq!(
        chats[0],
        ("3".to_owned(), Direct, Some("\u{8001}\u{5468}".to_owned())),
        "whoever wrote first"
    );
    assert_eq!(chats[1], ("4".to_owned(), Group, Some(book.to_owned())));
    assert_eq!(chats[2].1, Group);
    assert_eq!(records(&lines)[6].text, None, "a card whose words the tool left out");
}

#[test]
fn memotrace_of_one_chat_says_what_the_client_keeps_as_xml() {
    let (_, imported, lines) = golden("memotrace/group.csv");
    assert_eq!((imported.rows, imported.conversations, imported.lost()), (16, 0, false));
    let found = records(&lines);
    assert!(found[0].text.as_deref().is_some_and(|text| text.starts_with("<b>")), "what was typed is text");
    let kinds = contents(&lines);
    assert_eq!(
        kinds[1..7],
        [Some(Image), Some(Voice), Some(Video), Some(Sticker), Some(Location), Some(Contact)]
    );
    let files: Vec<Option<u64>> =
        found.iter().filter_map(|record| record.attachments.first()).map(|file| file.bytes).collect();
    assert_eq!(files, [Some(123_456), Some(2_345_678), Some(20480)]);
    let texts: Vec<&str> = found.iter().map(|record| record.text.as_deref().unwrap_or_default()).collect();
    assert_eq!(texts[1], "");
    assert!(texts[2].contains('&') && texts[5].lines().count() == 3 && texts[6].ends_with("chenjing_01"));
    assert_eq!(found[8].reply_to.as_ref().map(NativeId::as_str), Some("7700000000000000999"));
    assert_eq!((kinds[8], kinds[9]), (None, Some(Call)));
    assert!(found[10].recalled && found[11].recalled && !found[12].recalled);
    assert!(texts[10..14].iter().all(|text| !text.contains('<') && !text.is_empty()), "{texts:?}");
    assert_eq!(texts[12].matches('\u{3001}').count(), 1, "two people were invited");
    assert_eq!((found[14].kind, kinds[14]), (RecordKind::Message, Some(Contact)));
    assert_eq!(found[15].kind, RecordKind::Other);
    assert_eq!(
        found[1].sender_name.as_deref(),
        Some("\u{5c0f}\u{96e8}"),
        "in one chat, the names are the sender's"
    );
    assert_eq!(found[1].sender.as_str(), "wxid_rain");
}

#[test]
fn memotrace_of_two_people_and_of_the_first_versions() {
    let (_, imported, lines) = golden("memotrace/pair.csv");
    assert_eq!((imported.rows, imported.lost()), (3, false), "nine fields under a header of twelve");
    let senders: Vec<String> = said(&lines).into_iter().map(|[sender, ..]| sender).collect();
    assert_eq!(senders, [ME, "", ""]);
    let (_, imported, lines) = golden("memotrace/first.csv");
    assert_eq!((imported.rows, imported.conversations, imported.lost()), (3, 2, false));
    assert!(imported.findings.has("header.short"));
    assert_eq!(records(&lines)[0].id.as_str(), "1234567890987654");
}

#[test]
fn a_folder_of_memotrace_has_a_chat_for_each_of_its_folders() {
    let (format, imported, lines) = golden("memotrace/chats");
    assert_eq!((format, imported.rows, imported.lost()), (Format::MemotraceSessionCsv, 13, false));
    let chats = chats(&lines);
    assert!(chats.contains(&(
        "2233@chatroom".to_owned(),
        Group,
        Some("\u{8bfb}\u{4e66}\u{4f1a}".to_owned())
    )));
    assert!(chats.iter().any(|(id, kind, _)| id == "wxid_rain" && *kind == Direct));
    assert!(records(&lines).iter().all(|record| record.conversation.is_some()));
    let kinds: std::collections::BTreeSet<Content> = contents(&lines).into_iter().flatten().collect();
    for kind in [File, Forward, Image, Link, Location, RedPacket, Sticker, Transfer, Voice] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
    let image = records(&lines).into_iter().find(|record| record.content == Some(Image)).unwrap();
    assert_eq!(image.text, None, "the tool's word is none that was said");
    // The same in a zip file, and one chat of it.
    let one = "\u{5c0f}\u{96e8}(wxid_rain)/\u{5c0f}\u{96e8}.csv";
    let bytes = fs::read(here("memotrace/chats").join(one)).unwrap();
    let (_dir, path) = package(&[(format!("\u{804a}/{one}").as_str(), &bytes), ("\u{804a}/x/y.txt", b"")]);
    let (_, imported, lines) = self::lines(&path);
    assert_eq!((imported.rows, self::chats(&lines)[0].0.as_str()), (7, "wxid_rain"));
}

#[test]
fn pywxdump_with_what_was_said_in_one_field() {
    let (format, imported, csv) = golden("pywxdump/content.csv");
    assert_eq!((format, imported.rows, imported.lost()), (Format::PywxdumpCsv, 9, false));
    let (format, json_imported, json) = golden("pywxdump/content.json");
    assert_eq!((format, json_imported.rows, json_imported.lost()), (Format::PywxdumpJson, 9, false));
    assert_eq!(said(&csv), said(&json));
    assert_eq!(contents(&csv), contents(&json));
    let found = records(&csv);
    assert_eq!(found[0].text.as_deref().map(|text| text.contains("\"\u{5927}\u{5bb6}\"")), Some(true));
    assert_eq!((found[1].text.as_deref(), found[1].attachments[0].name.as_str()), (None, "ab.dat"));
    assert_eq!(found[2].attachments.len(), 1);
    assert_eq!((found[3].content, found[4].content), (None, Some(Transfer)));
    assert_eq!((found[5].content, found[6].sender.as_str()), (Some(Forward), ""));
    assert!(
        imported.findings.total == 1 && imported.findings.has("row.type_unknown"),
        "{:?}",
        imported.findings
    );
    assert_eq!((&found[7].text, found[7].content), (&None, Some(Content::Other)));
}

#[test]
fn pages_of_pywxdump_are_one_chat_with_the_names_that_lie_beside_them() {
    let (format, imported, json) = golden("pywxdump/wxid_rain");
    assert_eq!((format, imported.rows, imported.lost()), (Format::PywxdumpJson, 12, false));
    let (format, imported, csv) = golden("pywxdump/pages");
    assert_eq!((format, imported.rows, imported.lost()), (Format::PywxdumpCsv, 12, false));
    assert_eq!(imported.findings.total, 0, "{:?}", imported.findings);
    assert_eq!(said(&csv), said(&json), "pages in the order of their numbers");
    assert_eq!(chats(&csv), [("wxid_rain".to_owned(), Direct, Some("\u{5c0f}\u{96e8}".to_owned()))]);
    let said = said(&csv);
    assert_eq!(said[0][1], "\u{5c0f}\u{96e8}");
    assert_eq!(said[1][..2], ["wxid_me", "\u{5468}\u{822a}"]);
    assert_eq!(said[5][3], "\u{793a}\u{4f8b}\u{516c}\u{4f17}\u{53f7}\ngh_example");
    assert!(said[3][3].ends_with("\nhttps://example.org/a"), "not the link of the tool's own page");
    let found = records(&csv);
    assert!(found[6].recalled && found[11].recalled && !found[10].recalled);
    assert!(!said[6][3].contains('<') && !said[11][3].contains('<'));
    assert_eq!(found[8].attachments[0].name, said[8][3]);
    // A row that can't be read has its number in all of the pages.
    let dir = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(here("pywxdump/pages")).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        fs::write(dir.path().join(entry.file_name()), text.replace("2024-01-01 10:12:00", "never")).unwrap();
    }
    let (_, imported, _) = lines(dir.path());
    let row =
        imported.findings.first.iter().find(|finding| finding.code == "row.time").map(|finding| finding.row);
    assert_eq!((imported.rows, imported.records, row), (12, 11, Some(12)));
    // Without the names it is the same chat; a page of which nothing is left is told.
    fs::remove_file(dir.path().join("users.json")).unwrap();
    fs::write(dir.path().join("wxid_rain_5_10.csv"), "").unwrap();
    let (_, imported, _) = lines(dir.path());
    assert!(imported.lost() && imported.findings.has("file.part_unknown"));
}

#[test]
fn weflow_for_weclone_has_no_chat_and_times_with_a_zone() {
    let (format, imported, lines) = golden("weflow/weclone.csv");
    assert_eq!((format, imported.rows, imported.lost()), (Format::PywxdumpCsv, 3, false));
    assert_eq!(records(&lines)[0].at.to_string(), "2024-01-01T02:01:00.000Z");
    assert_eq!(contents(&lines), [None, Some(Image), Some(Sticker)]);
}

#[test]
fn chatlog_by_its_command_with_ids_and_of_all_chats() {
    let (format, imported, lines) = golden("chatlog/command.csv");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::ChatlogCsv, 8, 0));
    let kinds = contents(&lines);
    assert_eq!(kinds[..2], [None, None]);
    assert_eq!(kinds[2..6], [Some(Image), Some(File), Some(Transfer), Some(Poke)]);
    assert_eq!((kinds[7], records(&lines)[6].kind), (Some(Sticker), RecordKind::System));
    assert_eq!(records(&lines)[6].sender.as_str(), "", "a word in place of a sender is nobody's account");
    let (format, imported, lines) = golden("chatlog/numbered.csv");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::ChatlogCsv, 8, 0));
    let found = records(&lines);
    assert_eq!(found[0].id.as_str(), "1704074460000040");
    let files: Vec<(Option<Content>, &str, &str)> = found
        .iter()
        .filter_map(|record| {
            record.attachments.first().map(|file| (record.content, file.id.as_str(), file.name.as_str()))
        })
        .collect();
    assert_eq!(files.len(), 4);
    assert_eq!(files[0], (Some(Image), "900150983cd24fb0d6963f7d28e17f72", ""));
    assert_eq!((files[3].0, files[3].2.chars().count()), (Some(File), 6));
    let (_, imported, lines) = golden("chatlog/grouped.csv");
    assert_eq!((imported.rows, chats(&lines).len()), (2, 2));
    let (format, imported, lines) = golden("chatlog/grouped.json");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::ChatlogJson, 3, 0));
    assert_eq!((chats(&lines).len(), records(&lines).len()), (2, 3));
}

#[test]
fn chatlog_of_all_chats_says_which_rows_are_lost() {
    let message = |talker: &str, seq: u64| {
        format!(
            r#"{{"seq":{seq},"time":"2024-01-01T10:01:00+08:00","talker":"{talker}","sender":"a","senderName":"A","type":1,"content":"x"}}"#
        )
    };
    let (one, two) = (message("p", 1_704_074_460_001), message("q", 1_704_074_460_002));
    let text = format!(
        r#"[{{"talker":"p","messages":[7,{one},{{"seq":1}}]}},3,{{"talker":"q","messages":[{two},{{"seq""#
    );
    let (_dir, path) = temp("chatlog.json", text.as_bytes());
    let (format, imported, lines) = lines(&path);
    assert_eq!((format, imported.rows, records(&lines).len()), (Format::ChatlogJson, 6, 2));
    let found = imported.findings.first.iter().map(|finding| (finding.row, finding.code.as_str()));
    let expected = [(1, "row.json"), (3, "row.time"), (4, "row.type"), (6, "file.truncated")];
    assert_eq!(found.collect::<Vec<_>>(), expected);
    assert!(imported.cut);
}

#[test]
fn chatlog_of_newer_builds_with_cards_and_mentions() {
    let (format, imported, lines) = golden("chatlog/cards.json");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::ChatlogJson, 15, 0));
    let found = records(&lines);
    assert_eq!(found[0].mentions, ["wxid_me".into(), "*".into()]);
    let texts: Vec<&str> = found.iter().map(|record| record.text.as_deref().unwrap_or_default()).collect();
    assert_eq!(texts[7].lines().count(), 3, "title, description and address of a link");
    assert_eq!(texts[6].lines().count(), 2);
    assert_eq!((texts[9].lines().count(), found[9].content), (3, Some(Forward)));
    let files = found.iter().filter(|record| !record.attachments.is_empty()).count();
    assert_eq!(files, 5, "picture, voice, film, sticker, file");
    assert_eq!(found[8].attachments[0].name, texts[8]);
    let of = |kind: Content| found.iter().filter(|record| record.content == Some(kind)).count();
    assert_eq!((of(Transfer), of(RedPacket), of(Poke), of(Call)), (1, 1, 1, 1));
}

/// Rows of CSV with the line ends that Python's writer gives them; those within a field stay as they are.
fn with_returns(text: &str) -> String {
    let mut quoted = false;
    let mut out = String::new();
    for sign in text.chars() {
        quoted ^= sign == '"';
        if sign == '\n' && !quoted {
            out.push('\r');
        }
        out.push(sign);
    }
    out
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    for path in [
        "memotrace/all.csv",
        "memotrace/all_later.csv",
        "memotrace/group.csv",
        "memotrace/pair.csv",
        "memotrace/first.csv",
        "memotrace/session.csv",
        "pywxdump/content.csv",
        "chatlog/command.csv",
        "weflow/weclone.csv",
    ] {
        let (_, imported, expected) = lines(&here(path));
        let text = fs::read_to_string(here(path)).unwrap();
        let text = with_returns(text.trim_start_matches('\u{feff}'));
        assert!(text.contains("\r\n"));
        for mark in ["", "\u{feff}"] {
            let (_dir, changed) = temp("x.csv", format!("{mark}{text}").as_bytes());
            let (_, again, found) = lines(&changed);
            assert_eq!(again, imported, "{path}");
            assert!(found == expected, "{path}");
        }
    }
}

#[test]
fn a_row_that_fits_no_known_header_is_lost_alone() {
    let text = fs::read_to_string(here("memotrace/pair.csv")).unwrap();
    let (_dir, path) = temp("x.csv", format!("{text}1,2,3\n{}\n", "9,".repeat(20)).as_bytes());
    let (_, imported, found) = lines(&path);
    let (_, _, all) = lines(&here("memotrace/pair.csv"));
    assert!(imported.lost() && imported.findings.has("row.columns"), "{:?}", imported.findings);
    assert_eq!(records(&found), records(&all));
}

//! Shapes that were seen in other people's files and in the source of what writes them; the samples here are invented in the same shape.

use std::io::Cursor;

use adjourn_domain::ids::NativeId;

use super::*;

#[test]
fn a_folder_of_channels_is_one_export() {
    let (format, imported, lines) = golden("discord/server");
    assert_eq!((format, imported.rows, imported.lost()), (Format::DiscordJson, 9, false));
    assert!(imported.findings.total == 1 && imported.findings.has("file.not_a_chat"));
    assert_eq!((imported.conversations, imported.records), (2, 9), "the pieces of a channel are one");
    let found = records(&lines);
    let of = |at: usize| (found[at].id.as_str(), found[at].text.as_deref().unwrap_or_default());
    assert_eq!(of(1), ("1002", "Build 42\nAll green\nBranch\nmain"));
    assert_eq!((found[2].kind, found[3].attachments[0].name.as_str()), (RecordKind::Message, "Laugh"));
    assert_eq!((of(4), found[4].attachments.len()), (("1005", "Seen elsewhere"), 1));
    assert_eq!((found[4].content, &found[4].reply_to), (Some(Content::Forward), &None));
    assert_eq!(found[5].reply_to.as_ref(), Some(&found[3].id));
    assert_eq!(
        (found[7].kind, &found[7].reply_to),
        (RecordKind::Message, &None),
        "it answers another channel"
    );
    assert_eq!(found[8].conversation, Some("200".into()));
    assert_eq!(lines.iter().filter(|line| matches!(line, Line::Archive(_))).count(), 1);
    // Two exports beside each other: nobody knows which one is meant.
    let dir = tempfile::tempdir().unwrap();
    for (from, to) in [("telegram/group.json", "a.json"), ("discord/channel.json", "b.json")] {
        fs::copy(here(from), dir.path().join(to)).unwrap();
    }
    assert_eq!(detect(dir.path()).unwrap_err().code(), "upload.format");
    fs::copy(here("telegram/saved.json"), dir.path().join("b.json")).unwrap();
    let (_, imported, _) = self::lines(dir.path());
    assert_eq!((imported.conversations, imported.records), (2, 21));
    // A chat of which nothing is left is not passed over in silence.
    fs::write(dir.path().join("c.json"), "{\"name").unwrap();
    let (_, imported, _) = self::lines(dir.path());
    assert!(imported.lost() && imported.findings.has("file.part_unknown"));
}

#[test]
fn telegram_says_what_was_done_and_what_cards_hold() {
    let (format, imported, lines) = golden("telegram/saved.json");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::TelegramJson, 10, 0));
    let found = records(&lines);
    let texts: Vec<&str> = found.iter().map(|record| record.text.as_deref().unwrap_or_default()).collect();
    assert_eq!(texts[..2], ["Where to?\nLake\nHill", "Bo\nLi\n+86 138 0013 8000"]);
    assert_eq!(texts[3], "Old mill\nRiver road 2");
    assert_eq!((texts[6], texts[9]), ("invite_members: Bo Li", "Ada joined by a link"));
    assert_eq!(found[1].attachments[0].name, "contact_1.vcard");
    assert_eq!(found[2].content, Some(Content::Location));
    let answers: Vec<Option<&str>> =
        found.iter().map(|record| record.reply_to.as_ref().map(NativeId::as_str)).collect();
    assert_eq!((answers[4], answers[5], answers[7]), (None, Some("2"), Some("4")));
    assert_eq!(found[8].sender.as_str(), "user501");
    // Contacts before the chats are longer than what is looked at to know the format.
    let contact = r#"{"user_id":1,"first_name":"Bo","last_name":"Li","phone_number":"00"},"#.repeat(5000);
    let chat = r#"{"name":"x","type":"private_group","id":1,"messages":[]}"#;
    let long = format!(
        r#"{{"about":"","contacts":{{"about":"","list":[{contact}{{}}]}},"left_chats":{{"list":[{chat}]}}}}"#
    );
    let (_dir, path) = temp("result.json", long.as_bytes());
    let (format, imported, _) = self::lines(&path);
    assert_eq!((format, imported.conversations), (Format::TelegramJson, 1));
    // Accounts of old exports are numbers, in mentions as well.
    let old = r#"{"name":"x","type":"private_group","id":1,"messages":[{"id":1,"type":"message","date":"2019-05-01T10:00:00",
        "from":"Ada","from_id":501,"text":[{"type":"mention_name","text":"Bo","user_id":502}]},{"id":2,"type":"unsupported"}]}"#;
    let (_dir, path) = temp("result.json", old.as_bytes());
    let (_, imported, lines) = self::lines(&path);
    assert_eq!(records(&lines)[0].mentions, ["502".into()]);
    assert!(imported.lost() && imported.findings.has("row.time"), "a row without anything is told");
}

#[test]
fn weflow_with_accounts_and_senders_by_number() {
    let (format, imported, lines) = golden("weflow/accounts.json");
    assert_eq!((format, imported.rows, imported.findings.total), (Format::WeflowJson, 3, 0));
    let found = records(&lines);
    let who: Vec<(&str, Option<&str>)> =
        found.iter().map(|record| (record.sender.as_str(), record.sender_name.as_deref())).collect();
    assert_eq!(who[1], ("wxid_lin", Some("\u{6797}\u{53ef}")));
    assert_eq!(who[0].0, "wxid_zhou");
    assert_eq!(found[1].reply_to.as_ref(), Some(&found[0].id));
    assert_eq!(found[2].text.as_deref().map(|text| text.lines().count()), Some(2));
}

/// A zip file whose names are UTF-8 without saying so, as Slack writes it.
fn unsaid(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    let mut bytes = writer.finish().unwrap().into_inner();
    for (begin, flags) in [(b"PK\x03\x04", 7), (b"PK\x01\x02", 9)] {
        let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at..].starts_with(begin)).collect();
        for place in places {
            bytes[place + flags] &= !0x08;
        }
    }
    bytes
}

#[test]
fn slack_with_names_beyond_ascii_apps_that_write_cards_and_people_of_elsewhere() {
    let day = r#"[
        {"type":"message","subtype":"bot_message","ts":"1770084000.000100","bot_id":"B1","text":"","username":"CI",
         "attachments":[{"pretext":"Build","title":"42","text":"failed","fields":[{"title":"Branch","value":"main"}],"fallback":"no"}]},
        {"type":"message","ts":"1770084001.000100","bot_id":"B2","bot_profile":{"id":"B2","name":"Polls"},"text":"",
         "blocks":[{"type":"header","text":{"type":"plain_text","text":"Lunch?"}},{"type":"divider"}]},
        {"type":"message","ts":"1770084002.000100","user":"U9","text":"hi from outside","user_profile":{"real_name":"Zoe","display_name":"zoe","team":"T2"}},
        {"type":"message","subtype":"huddle_thread","ts":"1770084003.000100","user":"U1","text":"A huddle started"}]"#;
    let bytes = unsaid(&[
        ("users.json", r#"[{"id":"U1","name":"ada"}]"#),
        ("channels.json", r#"[{"id":"C1","name":"\u5468\u672b"}]"#),
        ("\u{5468}\u{672b}/2026-02-03.json", day),
    ]);
    let (_dir, path) = temp("export.zip", &bytes);
    let (format, imported, lines) = lines(&path);
    assert_eq!((format, imported.records, imported.conversations), (Format::SlackExport, 4, 1));
    let found = records(&lines);
    assert!(found.iter().all(|record| record.conversation == Some("C1".into())));
    let texts: Vec<&str> = found.iter().map(|record| record.text.as_deref().unwrap_or_default()).collect();
    assert_eq!(texts[..2], ["Build\n42\nfailed\nBranch\nmain", "Lunch?"]);
    assert_eq!(found[1].sender_name.as_deref(), Some("Polls"));
    assert_eq!(found[3].content, Some(Content::Call));
    let shown = |id: &str| {
        lines.iter().find_map(|line| match line {
            Line::Participant(person) if person.id.as_str() == id => Some(person.shown().to_owned()),
            _ => None,
        })
    };
    assert_eq!((shown("U9").as_deref(), shown("B2").as_deref()), (Some("zoe"), Some("Polls")));
}

#[test]
fn mattermost_posts_of_webhooks_say_what_their_cards_say() {
    let text = concat!(
        "{\"type\":\"version\",\"version\":1}\n",
        "{\"type\":\"post\",\"post\":{\"team\":\"t\",\"channel\":\"c\",\"user\":\"hook\",\"message\":\"\",\"create_at\":1770084000000,",
        "\"props\":{\"attachments\":[{\"title\":\"Deploy\",\"text\":\"done\"}]}}}\n"
    );
    let (_dir, path) = temp("export.json", text.as_bytes());
    let (format, _, lines) = lines(&path);
    assert_eq!(format, Format::MattermostJsonl);
    assert_eq!(records(&lines)[0].text.as_deref(), Some("Deploy\ndone"));
}

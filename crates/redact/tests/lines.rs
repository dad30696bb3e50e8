//! JSON lines: only the values of chosen keys change, at any depth, and what can't be read is left out and listed.
#![expect(clippy::unwrap_used, reason = "test code: what is not there is a failed test")]

use adjourn_redact::{Detector, Fault, Field, Fields, Labels, Lines, Members, Pseudonyms};

fn rewritten(input: &[u8]) -> (String, Vec<(u64, Fault)>) {
    let mut members = Members::new();
    members.add(1, "Laowang");
    let detector = Detector::new(members.clone());
    let pseudonyms = Pseudonyms::new([1; 32], "test", Labels::English);
    let fields = Fields::new([("text", Field::Text), ("sender", Field::PERSON)]);
    let mut lines = Lines::new(&detector, &members, &pseudonyms, &fields);
    let mut out = Vec::new();
    lines.rewrite(input, &mut out);
    (String::from_utf8(out).unwrap(), lines.faults)
}

#[test]
fn only_the_values_of_chosen_keys_change() {
    let input = r#"{"id": 13800138000, "sender":"Laowang","text" : "call 13800138000 \"now\"\n\u0031\u0033\u0039\u0031\u0032\u0033\u0034\u0035\u0036\u0037\u0038","note":"13800138000"}
{"reply":{"text":"laowang"},"x":"a \"text\":\"13800138000\" b","text":null}

{"text":""}"#;
    let (out, faults) = rewritten(input.as_bytes());
    assert!(faults.is_empty());
    let lines: Vec<&str> = out.split('\n').collect();
    assert_eq!(lines.len(), 4);
    assert!(lines[0].starts_with(r#"{"id": 13800138000, "sender":"[person#"#), "{out}");
    assert!(lines[0].ends_with(r#"]","note":"13800138000"}"#), "{out}");
    let value: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    let text = value["text"].as_str().unwrap();
    assert_eq!(text.matches("[mobile#").count(), 2, "escapes hide nothing: {text}");
    assert!(text.starts_with("call [mobile#") && text.contains("] \"now\"\n["), "{text}");
    // The same person in a text and as a sender, under two names.
    let person = value["sender"].as_str().unwrap();
    assert_eq!(
        lines[1],
        format!(r#"{{"reply":{{"text":"{person}"}},"x":"a \"text\":\"13800138000\" b","text":null}}"#)
    );
    assert_eq!((lines[2], lines[3]), ("", r#"{"text":""}"#), "what has nothing stays byte for byte");
}

#[test]
fn a_sender_without_a_name_stays_one_behind_others() {
    let lines = [br#"{"sender":"Li Lei","text":"a"}"#, &br#"{"sender":"","text":"b"}"#[..]];
    let (out, faults) = rewritten(&lines.join(&b'\n'));
    assert!(faults.is_empty() && out.ends_with("\n{\"sender\":\"\",\"text\":\"b\"}"), "{out}");
    // Everybody is nobody, and a name may be of signs alone.
    let (out, _) = rewritten("{\"sender\":[\"*\",\"\u{1f43c}\u{1f43c}\",\"~.~\"]}".as_bytes());
    assert!(
        out.starts_with("{\"sender\":[\"*\",\"[person#") && out.matches("[person#").count() == 2,
        "{out}"
    );
}

#[test]
fn a_row_of_the_platforms_own_names_people_whatever_they_are_called() {
    let mut members = Members::new();
    members.add(1, "Laowang");
    let detector = Detector::new(members.clone());
    let pseudonyms = Pseudonyms::new([1; 32], "test", Labels::English).with_members(&members);
    let fields = Fields::chat();
    let mut lines = Lines::new(&detector, &members, &pseudonyms, &fields);
    // A name of one letter, one of no letter, a member, a number, and a word that everybody uses.
    let said = r#""text":"\"A, laowang\" invited \"\ud83d\udc3c\ud83d\udc3c, 13800138000, apple\" to the group chat""#;
    let rows = [
        format!(r#"{{"kind":"system",{said}}}"#),
        format!(r#"{{"kind" : "system" ,{said}}}"#),
        format!(r#"{{"kind":"message",{said}}}"#),
        format!(r#"{{"kind":"message",{said},"note":"\"kind\":\"system\""}}"#),
        r#"{"kind":"system","text":"The meeting is over."}"#.to_owned(),
    ];
    let mut out = Vec::new();
    lines.rewrite(rows.join("\n").as_bytes(), &mut out);
    let out = String::from_utf8(out).unwrap();
    let texts: Vec<String> = out
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(lines.faults.is_empty() && texts.len() == 5);
    let mut person = String::new();
    pseudonyms.write_person(1, &mut person);
    for row in &texts[..2] {
        assert_eq!(row.matches("[person#").count(), 5, "{row}");
        assert!(
            row.contains(&person) && !row.contains("apple") && row.ends_with("\" to the group chat"),
            "{row}"
        );
    }
    // What a member types says nothing of that.
    for row in &texts[2..4] {
        assert!(
            row.starts_with("\"A, [person#") && row.contains(", [mobile#") && row.contains("apple"),
            "{row}"
        );
    }
    assert_eq!(texts[4], "The meeting is over.");
}

#[test]
fn an_id_that_is_a_hash_of_what_was_said_is_one_that_only_the_key_makes() {
    let (members, fields) = (Members::new(), Fields::chat());
    let detector = Detector::new(members.clone());
    let copy = |key: u8, line: &str| {
        let pseudonyms = Pseudonyms::new([key; 32], "test", Labels::English);
        let mut lines = Lines::new(&detector, &members, &pseudonyms, &fields);
        let mut out = Vec::new();
        lines.rewrite(line.as_bytes(), &mut out);
        serde_json::from_slice::<serde_json::Value>(&out).unwrap()
    };
    let line = r#"{"id":"1795824001-5aed18f66d6b","reply_to":"1795824001-5aed18f66d6b-2","target":"1795824001-5aed18f66d6b-r7"}"#;
    let one = copy(1, line);
    let id = one["id"].as_str().unwrap();
    assert!(id.starts_with("1795824001-") && id.len() == 23 && !id.contains("5aed18f66d6b"), "{one}");
    // What refers to it still does.
    assert_eq!((&one["reply_to"], &one["target"]), (&format!("{id}-2").into(), &format!("{id}-r7").into()));
    assert_eq!(one, copy(1, line));
    assert_ne!(one, copy(2, line));
    for other in ["1795824001", "1795824001-5aed18f66d6B", "179582400-5aed18f66d6b", "1795824001-5aed18f66d6"]
    {
        let line = format!(r#"{{"id":"a{other}"}}"#);
        assert_eq!(copy(1, &line)["id"], format!("a{other}"));
    }
}

#[test]
fn what_can_not_be_read_is_left_out_and_listed() {
    let lines: [&[u8]; 5] = [
        br#"{"text":"a"}"#,
        br#"{"text":"13800138000"#,
        b"{\"text\":\"\xff\xfe\"}",
        br#"{"text":"\ud800"}"#,
        br#"{"text":"z"}"#,
    ];
    let (out, faults) = rewritten(&lines.join(&b'\n'));
    assert_eq!(out, "{\"text\":\"a\"}\n{\"text\":\"z\"}");
    assert_eq!(faults, [(1, Fault::NoJson), (2, Fault::NoUtf8), (3, Fault::NoJson)]);
}

/// A line of chat, rewritten with a list of members.
fn chat(line: &str) -> serde_json::Value {
    let mut members = Members::new();
    members.add(1, "Laowang");
    assert!(members.add_account(1, "+86 138-0013-8000") && members.add_account(1, "@wang:example.org"));
    members.add(2, "Ann");
    let detector = Detector::new(members.clone());
    let pseudonyms = Pseudonyms::new([1; 32], "test", Labels::English).with_members(&members);
    let fields = Fields::chat();
    let mut lines = Lines::new(&detector, &members, &pseudonyms, &fields);
    let mut out = Vec::new();
    lines.rewrite(line.as_bytes(), &mut out);
    assert!(lines.faults.is_empty(), "{:?}", lines.faults);
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn in_lines_of_chat_no_place_is_overlooked_and_the_shape_stays() {
    let out = chat(
        r#"{"id":"$1:example.org","at":"2026-11-28T08:00:00.000Z","seq":13912345678,"kind":"message","sender":"@wang:example.org",
            "text":["call ",{"type":"phone","text":"139 1234 5678"}],"raw":{"sender":"x","n":[1,{"a":"}"}]},"sen\u0064er_name":"Ann",
            "note":"13912345678","number":13912345678,"small":1234,"13912345678":true,"members":[{"uid":12345678,"name":"Ann","bot":false}],
            "phone":13912345678,"count":{"members":3}}"#
            .replace('\n', "")
            .as_str(),
    );
    let mobile = out["note"].as_str().unwrap();
    assert!(mobile.starts_with("[mobile#"), "{out}");
    for at in ["/number", "/phone", "/text/1/text"] {
        assert_eq!(out.pointer(at).and_then(|value| value.as_str()), Some(mobile), "{at}: {out}");
    }
    assert_eq!(out["sender_name"], out["members"][0]["name"], "{out}");
    assert_eq!(out[mobile], true, "a key: {out}");
    assert_eq!((out["small"].as_u64(), out["seq"].as_u64()), (Some(1234), Some(13_912_345_678)));
    assert_eq!(
        (out["at"].as_str(), out["kind"].as_str()),
        (Some("2026-11-28T08:00:00.000Z"), Some("message"))
    );
    assert_eq!((&out["raw"], &out["count"]["members"]), (&serde_json::Value::Null, &serde_json::json!(3)));
    let member = &out["members"][0];
    assert!(member["uid"].as_str().unwrap().starts_with("[person#") && member["bot"] == false, "{out}");
    assert_eq!(member["name"], chat(r#"{"text":"Ann"}"#)["text"]);
}

#[test]
fn a_person_is_the_same_under_every_name_and_account_and_where_no_list_is() {
    let person = chat(r#"{"sender":"Laowang"}"#)["sender"].as_str().unwrap().to_owned();
    for line in [r#"{"sender":"@Wang:example.org"}"#, r#"{"sender":13800138000}"#, r#"{"sender":"laowang"}"#]
    {
        assert_eq!(chat(line)["sender"], person.as_str(), "{line}");
    }
    assert_eq!(chat(r#"{"text":"ask 138 0013 8000"}"#)["text"], format!("ask {person}"));
    let (out, _) = rewritten(br#"{"sender":"Li Lei","text":"13800138001"}"#);
    let alone = chat(r#"{"sender":"Li Lei","text":"13800138001"}"#);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap(), alone);
}

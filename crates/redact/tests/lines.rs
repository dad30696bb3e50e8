//! JSON lines: only the values of chosen keys change, at any depth, and what can't be read is left out and listed.
#![expect(clippy::unwrap_used, reason = "test code: what is not there is a failed test")]

use adjourn_redact::{Detector, Fault, Field, Fields, Labels, Lines, Members, Pseudonyms};

fn rewritten(input: &[u8]) -> (String, Vec<(u64, Fault)>) {
    let mut members = Members::new();
    members.add(1, "Laowang");
    let detector = Detector::new(members.clone());
    let pseudonyms = Pseudonyms::new([1; 32], "test", Labels::English);
    let fields = Fields::new([("text", Field::Text), ("sender", Field::Person)]);
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
fn what_can_not_be_read_is_left_out_and_listed() {
    let lines: [&[u8]; 6] = [
        br#"{"text":"a"}"#,
        br#"{"text":"13800138000"#,
        b"{\"text\":\"\xff\xfe\"}",
        br#"{"text":["13800138000"]}"#,
        br#"{"text":"\ud800"}"#,
        br#"{"text":"z"}"#,
    ];
    let (out, faults) = rewritten(&lines.join(&b'\n'));
    assert_eq!(out, "{\"text\":\"a\"}\n{\"text\":\"z\"}");
    assert_eq!(faults, [(1, Fault::NoJson), (2, Fault::NoUtf8), (3, Fault::NoText), (4, Fault::NoJson)]);
}

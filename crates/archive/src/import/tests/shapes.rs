//! Shapes that the samples do not have: fields that are missing, empty or of another type, kinds that nobody knows, each in turn in each row. A row is
//! read with all that it said, or listed; a file is read, or refused with a code.

use serde_json::{Value, json};

use super::*;

/// Of each list, how many are changed.
const MOST: usize = 2;

/// What may stand where something else is expected.
fn odd(value: &Value) -> Vec<Option<Value>> {
    let other = match value {
        Value::Number(number) => json!(number.to_string()),
        Value::String(text) => text.parse::<i64>().map_or(json!(7), |number| json!(number)),
        Value::Bool(yes) => json!(yes.to_string()),
        Value::Array(_) => json!({}),
        _ => json!([]),
    };
    vec![None, Some(Value::Null), Some(other), Some(json!("kind_of_tomorrow")), Some(json!(987_654))]
}

/// All ways to change one field somewhere below a value, with where it is and whether that took out what was in a list.
fn each(value: &Value, at: &str, change: &mut impl FnMut(&str, bool, &dyn Fn(&mut Value))) {
    let fields: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().take(MOST).map(|(n, value)| (n.to_string(), value)).collect()
        }
        _ => return,
    };
    for (name, inner) in fields {
        let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        for odd in odd(inner) {
            // A list of nothing is a list: what was in it is not in the file any more.
            let emptied = (inner.is_array() || inner.is_object())
                && odd.as_ref().is_none_or(|odd| odd.is_null() || *odd == json!({}) || *odd == json!([]));
            change(&place, emptied, &|whole: &mut Value| {
                let Some(parent) = whole.pointer_mut(at) else { return };
                match (parent, &odd) {
                    (Value::Object(fields), None) => drop(fields.remove(&name)),
                    (Value::Object(fields), Some(odd)) => drop(fields.insert(name.clone(), odd.clone())),
                    (Value::Array(items), None) => drop(items.remove(name.parse().unwrap())),
                    (Value::Array(items), Some(odd)) => items[name.parse::<usize>().unwrap()] = odd.clone(),
                    _ => {}
                }
            });
        }
        each(inner, &place, change);
    }
}

/// Reads a changed export and holds what became of its rows against the rows.
fn held(path: &Path, what: &str, before: u64) {
    let mut lines = Vec::new();
    let read = read(path, &Options::default(), |line| {
        lines.push(line);
        Ok(())
    });
    match read {
        Ok((_, imported)) => {
            let told = imported.findings.unreadable;
            assert!(imported.records + told >= imported.rows, "{what}: {imported:?}");
            // The one that was changed may have gone; the others are there, or what is missing is said.
            assert!(
                imported.records + told + 1 >= before || imported.lost(),
                "{what}: {before}, {imported:?}"
            );
            for record in records(&lines) {
                assert!(!record.raw.is_null(), "{what}: {record:?}");
            }
        }
        Err(error) => assert!(error.code().starts_with("upload."), "{what}: {error}"),
    }
}

#[test]
fn a_field_that_is_missing_or_of_another_type_loses_no_row_in_silence() {
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("export");
    for path in GOLDEN {
        let from = here(path);
        let Ok(text) = fs::read_to_string(&from) else { continue };
        let before = lines(&from).1.records;
        let ending = from.extension().and_then(|ending| ending.to_str());
        if ending == Some("jsonl") {
            let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            for n in 0..rows.len().min(4 * MOST) {
                each(&rows[n], "", &mut |place, emptied, change| {
                    let mut rows = rows.clone();
                    change(&mut rows[n]);
                    let all: Vec<String> = rows.iter().map(Value::to_string).collect();
                    fs::write(&to, all.join("\n") + "\n").unwrap();
                    held(&to, &format!("{path} line {n} {place}"), if emptied { 0 } else { before });
                });
            }
        } else if ending == Some("json") {
            let whole: Value = serde_json::from_str(&text).unwrap();
            each(&whole, "", &mut |place, emptied, change| {
                let mut whole = whole.clone();
                change(&mut whole);
                fs::write(&to, whole.to_string()).unwrap();
                held(&to, &format!("{path} {place}"), if emptied { 0 } else { before });
            });
        }
    }
}

#[test]
fn numbers_as_texts_and_kinds_of_tomorrow_are_read_with_all_that_they_said() {
    for (path, from, to) in [
        ("wechat/chatlog.json", "\"seq\": 1795564800000", "\"seq\": \"1795564800000\""),
        ("wechat/chatlog.json", "\"type\": 1,", "\"type\": 4711,"),
        ("wechat/pywxdump.json", "\"id\": 1,", "\"id\": \"1\","),
        ("qq/group.json", "\"timestamp\": 1767232800000", "\"timestamp\": \"1767232800000\""),
        ("qq/group.json", "\"type\": \"type_1\"", "\"type\": \"type_4711\""),
        ("qq/group.json", "\"type\": \"type_1\"", "\"type\": 1"),
        ("weflow/group.json", "\"createTime\": 1766480236", "\"createTime\": \"1766480236\""),
        ("weflow/group.json", "\"isSend\": 1", "\"isSend\": null"),
        ("chatlab/group.json", "\"type\": 0", "\"type\": \"0\""),
        ("chatlab/group.json", "\"type\": 0", "\"type\": 4711"),
        ("telegram/group.json", "\"id\": 2,", "\"id\": \"2\","),
        ("telegram/group.json", "\"date_unixtime\": \"1767261720\"", "\"date_unixtime\": 1767261720"),
        ("telegram/group.json", "\"type\": \"message\"", "\"type\": \"message_of_tomorrow\""),
        ("telegram/group.json", "\"from_id\": \"user501\"", "\"from_id\": null"),
        ("discord/channel.json", "\"id\": \"9001\"", "\"id\": 9001"),
        ("discord/channel.json", "\"type\": \"Default\"", "\"type\": \"Tomorrow\""),
        ("discord/channel.json", "\"timestampEdited\": null,", ""),
        ("wecom/archive.jsonl", "\"msgtime\": 1603301810000", "\"msgtime\": \"1603301810000\""),
        ("wecom/archive.jsonl", "\"msgtype\": \"text\", \"text\"", "\"msgtype\": \"tomorrow\", \"tomorrow\""),
    ] {
        let text = fs::read_to_string(here(path)).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        let (_dir, changed) = temp("export", text.replacen(from, to, 1).as_bytes());
        let (_, imported, found) = lines(&changed);
        let (_, before, _) = lines(&here(path));
        assert_eq!(
            (imported.records, imported.findings.unreadable),
            (before.records, before.findings.unreadable),
            "{path} {to}"
        );
        assert!(records(&found).iter().all(|record| !record.raw.is_null()), "{path} {to}");
    }
}

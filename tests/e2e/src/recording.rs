//! Recorded traffic: what the real server said, kept as fixtures of the connector's wire code.
//!
//! A recording is compared on every run and written only with `ADJOURN_RECORD=1`. Ids and times differ from run to run, so
//! what is compared is what a connector decides on: status, content type, error code and text, and the names and types
//! of the fields of the body's first two levels.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::http::Response;
use crate::peers::workspace_root;
use crate::synapse::User;

/// Longest array that is written to a recording.
const KEEP: usize = 4;

/// Writes or checks the recordings of one folder.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    write: bool,
    checked: Vec<String>,
}

impl Recorder {
    /// For `tests/e2e/recordings/{platform}`.
    pub fn new(platform: &str) -> Self {
        Self {
            folder: workspace_root().join("tests/e2e/recordings").join(platform),
            write: std::env::var_os("ADJOURN_RECORD").is_some(),
            checked: Vec::new(),
        }
    }

    /// Makes the call and holds the answer against the recording `name`.
    #[track_caller]
    pub fn call(
        &mut self,
        name: &str,
        (who, user): (&str, &User),
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Response {
        let answer = user.call(method, path, body);
        self.keep(name, who, method, path, body, &answer);
        answer
    }

    /// Holds an answer that was got elsewhere against the recording `name`.
    #[track_caller]
    pub fn keep(
        &mut self,
        name: &str,
        who: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
        answer: &Response,
    ) {
        let file = self.folder.join(format!("{name}.json"));
        let fresh = transcript(who, method, path, body, answer);
        self.checked.push(name.to_owned());
        if self.write {
            std::fs::create_dir_all(&self.folder).expect("the folder of recordings can be made");
            let text = serde_json::to_string_pretty(&fresh).expect("a transcript is JSON");
            std::fs::write(&file, text + "\n").expect("a recording can be written");
            return;
        }
        let kept = std::fs::read_to_string(&file)
            .unwrap_or_else(|e| panic!("no recording {name} ({e}); make it with ADJOURN_RECORD=1"));
        let kept: Value = serde_json::from_str(&kept).expect("a recording is JSON");
        assert_eq!(
            outline(&fresh),
            outline(&kept),
            "the server no longer answers {name} as recorded; now: {fresh:#}"
        );
    }

    /// Recordings in the folder that this run did not touch: nothing checks them any more.
    pub fn untouched(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut left: Vec<String> = files
            .flatten()
            .filter_map(|f| f.file_name().to_str()?.strip_suffix(".json").map(str::to_owned))
            .filter(|name| !self.checked.contains(name))
            .collect();
        left.sort();
        left
    }
}

fn transcript(who: &str, method: &str, path: &str, body: Option<&Value>, answer: &Response) -> Value {
    let mut request = json!({ "as": who, "method": method, "path": path });
    if let (Some(body), Some(fields)) = (body, request.as_object_mut()) {
        fields.insert("body".into(), body.clone());
    }
    let headers: BTreeMap<&str, &str> =
        ["content-type", "retry-after"].into_iter().filter_map(|n| Some((n, answer.header(n)?))).collect();
    let mut cut = Map::new();
    let kept = match serde_json::from_slice::<Value>(&answer.body) {
        Ok(body) => shorten(body, "", &mut cut),
        Err(_) => json!({ "bytes": answer.body.len() }),
    };
    let mut response = json!({ "status": answer.status, "headers": headers, "body": kept });
    if !cut.is_empty() {
        // Pointer of each array that was cut → its real length.
        if let Some(fields) = response.as_object_mut() {
            fields.insert("shortened".into(), Value::Object(cut));
        }
    }
    json!({ "peer": "matrix-synapse 1.163.2", "request": request, "response": response })
}

fn shorten(value: Value, at: &str, cut: &mut Map<String, Value>) -> Value {
    match value {
        Value::Array(items) => {
            if items.len() > KEEP {
                cut.insert(at.to_owned(), items.len().into());
            }
            let kept = items.into_iter().take(KEEP).enumerate();
            Value::Array(kept.map(|(i, v)| shorten(v, &format!("{at}/{i}"), cut)).collect())
        }
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, v)| {
                    let v = shorten(v, &format!("{at}/{name}"), cut);
                    (name, v)
                })
                .collect(),
        ),
        other => other,
    }
}

/// What must stay the same.
fn outline(transcript: &Value) -> Value {
    let body = transcript.pointer("/response/body").unwrap_or(&Value::Null);
    json!({
        "status": transcript.pointer("/response/status"),
        "type": transcript.pointer("/response/headers/content-type"),
        "errcode": body.get("errcode"),
        "error": body.get("error").and_then(Value::as_str).map(without_ids),
        "method": transcript.pointer("/request/method"),
        "fields": fields(body, 2),
    })
}

fn fields(value: &Value, depth: u8) -> Value {
    match value {
        Value::Object(map) if depth > 0 => {
            map.iter().map(|(name, v)| (name.clone(), fields(v, depth - 1))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) if depth > 0 => {
            json!([items.first().map_or(Value::Null, |first| fields(first, depth - 1))])
        }
        Value::Null => "null".into(),
        Value::Bool(_) => "bool".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "string".into(),
        Value::Array(_) => "array".into(),
        Value::Object(_) => "object".into(),
    }
}

/// An error's text with ids replaced: they are others after each rebuild of the snapshot.
fn without_ids(text: &str) -> String {
    let id = |w: &str| w.starts_with(['!', '$', '#']) || w.contains('/');
    text.split(' ').map(|w| if id(w) { "ID" } else { w }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Response { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn ids_may_change_but_fields_types_and_errors_may_not() {
        let look = |status, body| outline(&transcript("root", "GET", "/x", None, &answer(status, body)));
        let base = look(200, r#"{"room_id":"!a","n":1}"#);
        assert_eq!(base, look(200, r#"{"room_id":"!b","n":7}"#));
        assert_ne!(base, look(404, r#"{"room_id":"!a","n":1}"#));
        assert_ne!(base, look(200, r#"{"room_id":"!a","n":"1"}"#));
        assert_ne!(base, look(200, r#"{"room_id":"!a"}"#));
        assert_ne!(
            look(404, r#"{"errcode":"M_X","error":"a"}"#),
            look(404, r#"{"errcode":"M_X","error":"b"}"#)
        );
    }

    #[test]
    fn long_arrays_are_cut_and_say_so() {
        let kept = transcript("root", "GET", "/x", None, &answer(200, r#"{"a":{"b":[1,2,3,4,5,6]}}"#));
        assert_eq!(kept["response"]["body"]["a"]["b"], json!([1, 2, 3, 4]));
        assert_eq!(kept["response"]["shortened"], json!({ "/a/b": 6 }));
    }
}

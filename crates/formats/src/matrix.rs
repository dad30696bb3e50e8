//! Events of a Matrix room's history, as records of our message model: what a server hands out and what clients save is read alike.
//! (Matrix Client-Server API 1.11, sections 9 and 11.)

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Record, RecordKind};
use adjourn_domain::time::Time;
use serde_json::{Map, Value};

/// What the server adds to an event for the one who reads it. It changes with every reading, so it is no part of the
/// record: two exports of the same history are the same bytes.
const VOLATILE: [&str; 2] = ["age", "user_id"];
/// What is kept of `unsigned`: why an event is empty now, and what a piece of state was before.
const KEPT_UNSIGNED: [&str; 3] = ["prev_content", "redacted_by", "replaces_state"];

/// An event as a record; `None` when it lacks what every event has.
pub fn record(event: &Value) -> Option<Record> {
    let id = text(event, &["event_id"])?;
    let sender = text(event, &["sender"])?;
    let kind = text(event, &["type"])?;
    let at = Time::from_millis(event.get("origin_server_ts")?.as_i64()?);
    let content = event.get("content")?.as_object()?;
    let mut record = Record {
        reply_to: relation(content, &["m.relates_to", "m.in_reply_to", "event_id"]),
        thread: thread(content),
        raw: raw(event),
        ..Record::new(NativeId::from(id), RecordKind::Other, at, NativeId::from(sender))
    };
    if event.get("state_key").is_some() {
        record.kind = RecordKind::System;
        return Some(record);
    }
    match kind {
        "m.room.message" | "m.sticker" => message(content, &mut record),
        "m.room.encrypted" => record.kind = RecordKind::Undecryptable,
        "m.room.redaction" => {
            record.kind = RecordKind::Redaction;
            // Room version 11 moved the target into the content; older ones have it beside.
            record.target =
                relation(content, &["redacts"]).or_else(|| text(event, &["redacts"]).map(NativeId::from));
        }
        "m.reaction" => {
            record.kind = RecordKind::Reaction;
            record.target = relation(content, &["m.relates_to", "event_id"]);
            record.text = relation(content, &["m.relates_to", "key"]).map(|key| key.0);
        }
        _ => {}
    }
    Some(record)
}

/// A message, or the new wording of one. A redacted message keeps its place, without text.
fn message(content: &Map<String, Value>, record: &mut Record) {
    let replaces =
        content.get("m.relates_to").and_then(|relation| text(relation, &["rel_type"])) == Some("m.replace");
    let newer = content.get("m.new_content").and_then(Value::as_object).filter(|_| replaces);
    record.kind = if replaces { RecordKind::Edit } else { RecordKind::Message };
    if replaces {
        record.target = relation(content, &["m.relates_to", "event_id"]);
    }
    let shown = newer.unwrap_or(content);
    record.text = shown.get("body").and_then(Value::as_str).map(str::to_owned);
    record.attachments = attachment(shown).into_iter().collect();
}

/// The file that a message carries. In encrypted rooms the address is one level deeper.
fn attachment(content: &Map<String, Value>) -> Option<Attachment> {
    let uri = content
        .get("url")
        .or_else(|| content.get("file")?.get("url"))?
        .as_str()
        .filter(|uri| uri.starts_with("mxc://"))?;
    let info = content.get("info");
    let name = content.get("filename").or_else(|| content.get("body")).and_then(Value::as_str);
    Some(Attachment {
        id: NativeId::from(uri),
        name: name.unwrap_or_default().to_owned(),
        bytes: info.and_then(|info| info.get("size")).and_then(Value::as_u64),
        media_type: info.and_then(|info| text(info, &["mimetype"])).map(str::to_owned),
    })
}

fn thread(content: &Map<String, Value>) -> Option<NativeId> {
    let relates = content.get("m.relates_to")?;
    (text(relates, &["rel_type"]) == Some("m.thread"))
        .then(|| text(relates, &["event_id"]).map(NativeId::from))
        .flatten()
}

fn relation(content: &Map<String, Value>, path: &[&str]) -> Option<NativeId> {
    let (first, rest) = path.split_first()?;
    text(content.get(*first)?, rest).map(NativeId::from)
}

fn text<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(value, |value, name| value.get(*name))?.as_str()
}

/// The event without what the server adds for its reader.
fn raw(event: &Value) -> Value {
    let Some(fields) = event.as_object() else { return event.clone() };
    let mut kept = Map::new();
    for (name, value) in fields {
        if VOLATILE.contains(&name.as_str()) {
            continue;
        }
        if name == "unsigned" {
            let inner: Map<String, Value> = value
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| KEPT_UNSIGNED.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            if !inner.is_empty() {
                kept.insert(name.clone(), Value::Object(inner));
            }
            continue;
        }
        kept.insert(name.clone(), value.clone());
    }
    Value::Object(kept)
}

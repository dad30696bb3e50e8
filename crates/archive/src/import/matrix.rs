//! Events of a Matrix room: Element's export, a saved reply to `/messages`, and events alone, in a list or one a line.
//!
//! ```text
//! {room_name,room_creator,topic,export_date,exported_by,messages[event]}     Element, "export chat" as JSON
//! {chunk[event],start,end,state[event]}                                      Client-Server API 1.11, 11.7.1
//! {source event,room{room_id},room_display_name,sender_nick,event_datetime}  a line of matrix-commander's (`--output json`)
//! ```
//!
//! An event becomes the record that the connector makes of it, with what it is besides text and whom it addresses. Element names no room; the events do.
//! It writes what it shows (its `JSONExport.ts`): the newest wording in the place of the first one, no events of edits, reactions and redactions, and for
//! what it could not decrypt a message of its own (`m.bad.encrypted`).

use std::collections::{BTreeSet, HashMap};

use adjourn_domain::message::{Content, Record, RecordKind};
use adjourn_domain::time::Time;
use adjourn_formats::matrix::record;
use serde_json::Value;

use super::fields::{self, Fields};
use super::json::{self, Event};
use super::out::Out;
use super::source::Source;
use super::{Format, ImportError, detect, text_lines};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Most names of members that are kept.
const MAX_NAMES: usize = 200_000;
/// Kinds of messages and what they are.
const KINDS: [(&str, Content); 5] = [
    ("m.image", Content::Image),
    ("m.audio", Content::Voice),
    ("m.video", Content::Video),
    ("m.file", Content::File),
    ("m.location", Content::Location),
];
/// A poll; the second one until version 1.7 of the specification (MSC3381).
const POLLS: [&str; 2] = ["m.poll.start", "org.matrix.msc3381.poll.start"];
/// Values about the room that Element writes.
const ABOUT: [&str; 5] = ["room_name", "room_creator", "topic", "export_date", "exported_by"];

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let mut room = Room::default();
    if detect::is_lines(source)? {
        room.several = true;
        return text_lines::each(source.read("")?, |line| match out.line(&line) {
            Some(fields) => room.line(fields, out),
            None => Ok(()),
        });
    }
    let end = json::walk(
        source.read("")?,
        |path| matches!(path, [] | ["messages" | "chunk" | "state"]),
        |path, event| match (path, event) {
            (["*"], event) => match out.object(&event) {
                Some(fields) => {
                    room.several = true;
                    room.line(fields, out)
                }
                None => Ok(()),
            },
            ([key], Event::Value(bytes)) if ABOUT.contains(key) => {
                if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
                    room.about.insert((*key).to_owned(), value);
                }
                Ok(())
            }
            // State that is sent along to show names; it is no part of the history.
            (["state", "*"], Event::Value(bytes)) => match json::object(bytes) {
                Some(fields) => {
                    room.begin(&fields, out)?;
                    room.member(&fields, out)
                }
                None => Ok(()),
            },
            (["messages" | "chunk", "*"], event) => match out.object(&event) {
                Some(fields) => room.event(fields, out),
                None => Ok(()),
            },
            (["messages" | "chunk"] | ["messages" | "chunk", _], event) => {
                out.no_list(&event);
                Ok(())
            }
            _ => Ok(()),
        },
    )?;
    room.begin(&Fields::new(), out)?;
    out.ended(end);
    Ok(())
}

#[derive(Default)]
struct Room {
    about: Fields,
    /// The first room.
    id: Option<String>,
    /// Whether events may be of several rooms.
    several: bool,
    said: BTreeSet<String>,
    names: HashMap<String, String>,
}

impl Room {
    /// Head and conversation, once an event says which room it is.
    fn begin(&mut self, event: &Fields, out: &mut Out<'_>) -> Result<String, ImportError> {
        let named = fields::owned(event, "room_id");
        let id = if self.several { named.clone().or_else(|| self.id.clone()) } else { self.id.clone() };
        if let Some(id) = id.filter(|id| self.said.contains(id)) {
            return Ok(id);
        }
        let about = std::mem::take(&mut self.about);
        let element = about.contains_key("export_date");
        out.head(Head {
            tool: element.then(|| "Element".to_owned()),
            ..Head::of("matrix", Format::MatrixJson.slug())
        })?;
        let name = fields::owned(&about, "room_name");
        let id = named.or_else(|| name.clone()).unwrap_or_default();
        self.id.get_or_insert_with(|| id.clone());
        self.said.insert(id.clone());
        out.conversation(Conversation {
            topic: fields::owned(&about, "topic"),
            raw: if element { Value::Object(about) } else { Value::Null },
            ..Conversation::new(id.as_str(), ConversationKind::Group, name)
        })?;
        Ok(id)
    }

    /// An event by itself, or in what matrix-commander says of it.
    fn line(&mut self, mut line: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
        let Some(Value::Object(mut event)) = line.remove("source") else {
            return self.event(line, out);
        };
        let room = fields::object(&line, "room").and_then(|room| room.get("room_id"));
        if let Some(room) = room.filter(|_| !event.contains_key("room_id")) {
            event.insert("room_id".to_owned(), room.clone());
        }
        if let Some(name) = line.remove("room_display_name") {
            self.about.insert("room_name".to_owned(), name);
        }
        let (sender, name) = (fields::owned(&event, "sender"), fields::owned(&line, "sender_nick"));
        if let (Some(sender), Some(name)) = (sender, name)
            && !self.names.contains_key(&sender)
            && self.names.len() < MAX_NAMES
        {
            self.begin(&event, out)?;
            self.names.insert(sender.clone(), name.clone());
            out.participant(Participant { name: Some(name), ..Participant::new(sender) })?;
        }
        self.event(event, out)
    }

    fn event(&mut self, fields: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
        let room = self.begin(&fields, out)?;
        self.member(&fields, out)?;
        let event = Value::Object(fields);
        let Some(mut record) = record(&event) else {
            out.lost("row.format");
            return Ok(());
        };
        more(&mut record, &event);
        let sender = record.sender.as_str();
        if !self.names.contains_key(sender) {
            out.participant(Participant::new(sender))?;
        }
        record.sender_name = self.names.get(sender).cloned();
        record.conversation = Some(room.into());
        out.record(record)
    }

    /// Keeps the name of a member that an event of theirs tells.
    fn member(&mut self, event: &Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
        if fields::text(event, "type") != Some("m.room.member") {
            return Ok(());
        }
        // Who left has no name any more, but had one before.
        let before =
            fields::object(event, "unsigned").and_then(|unsigned| fields::object(unsigned, "prev_content"));
        let now = fields::object(event, "content");
        let name =
            [now, before].into_iter().flatten().find_map(|content| fields::owned(content, "displayname"));
        let (Some(id), Some(name)) = (fields::owned(event, "state_key"), name) else { return Ok(()) };
        if self.names.len() < MAX_NAMES || self.names.contains_key(&id) {
            self.names.insert(id.clone(), name.clone());
        }
        out.participant(Participant { name: Some(name), ..Participant::new(id) })
    }
}

/// What an event is besides text, whom it addresses, and what became of it.
fn more(record: &mut Record, event: &Value) {
    let Some(content) = event.get("content").and_then(Value::as_object) else { return };
    let of = |fields: &Fields, name: &str| fields::text(fields, name).map(str::to_owned);
    let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
    let newer = fields::object(content, "m.new_content").filter(|_| record.kind == RecordKind::Edit);
    let shown = newer.unwrap_or(content);
    let message = of(shown, "msgtype").unwrap_or_default();
    if message == "m.bad.encrypted" {
        record.kind = RecordKind::Undecryptable;
        record.text = None;
    }
    record.content = match kind {
        "m.room.message" => KINDS.iter().find(|(name, _)| *name == message).map(|(_, content)| *content),
        "m.sticker" => Some(Content::Sticker),
        "m.call.invite" => Some(Content::Call),
        _ => None,
    };
    if POLLS.contains(&kind) {
        record.kind = RecordKind::Message;
        record.content = Some(Content::Poll);
        record.text = poll(content).or_else(|| record.text.take());
    }
    if let Some(mentions) =
        fields::object(shown, "m.mentions").or_else(|| fields::object(content, "m.mentions"))
    {
        record.mentions = fields::ids(mentions, "user_ids").into_iter().map(Into::into).collect();
        if fields::flag(mentions, "room") {
            record.mentions.insert(0, "*".into());
        }
    }
    let Some(unsigned) = event.get("unsigned").and_then(Value::as_object) else { return };
    if let Some(because) = fields::object(unsigned, "redacted_because") {
        let by = fields::text(because, "sender");
        record.recalled = by == Some(record.sender.as_str());
        // Why, as the redaction says it; what the server adds to it is for its reader.
        let mut because = because.clone();
        because.remove("unsigned");
        if let Some(kept) = record.raw.as_object_mut() {
            let kept = kept.entry("unsigned").or_insert_with(|| Value::Object(Fields::new()));
            if let Some(kept) = kept.as_object_mut() {
                kept.insert("redacted_because".to_owned(), Value::Object(because));
            }
        }
    }
    let edit =
        fields::object(unsigned, "m.relations").and_then(|relations| fields::object(relations, "m.replace"));
    if let Some(edit) = edit {
        let wording = fields::object(edit, "content")
            .and_then(|content| fields::object(content, "m.new_content"))
            .and_then(|content| fields::owned(content, "body"));
        // Where the first wording stands, the edit comes as an event of its own, or nobody knows what it says: whoever wrote this could not decrypt it.
        if wording.is_some() && wording == record.text {
            record.edited_at = edit.get("origin_server_ts").and_then(Value::as_i64).map(Time::from_millis);
        }
    }
}

/// The question of a poll and its answers, as either version of the specification writes them.
fn poll(content: &Fields) -> Option<String> {
    fn words(fields: &Fields) -> Option<&str> {
        let parts = fields.get("m.text").and_then(Value::as_array);
        let first = parts.and_then(|parts| parts.first()).and_then(Value::as_object);
        let first = first.and_then(|part| fields::text(part, "body"));
        first.or_else(|| {
            ["body", "org.matrix.msc1767.text"].iter().find_map(|name| fields::text(fields, name))
        })
    }
    let names = ["m.poll", "m.poll.start", "org.matrix.msc3381.poll.start"];
    let poll = names.iter().find_map(|name| fields::object(content, name))?;
    let question = fields::object(poll, "question").and_then(words);
    let lines: Vec<&str> =
        question.into_iter().chain(fields::objects(poll, "answers").filter_map(words)).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

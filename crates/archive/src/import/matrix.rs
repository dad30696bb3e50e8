//! Events of a Matrix room: Element's export, or a saved reply to `/messages`.
//!
//! ```text
//! {room_name,room_creator,topic,export_date,exported_by,messages[event]}     Element, "export chat" as JSON
//! {chunk[event],start,end,state[event]}                                      Client-Server API 1.11, 11.7.1
//! ```
//!
//! An event becomes the record that the connector makes of it. Element names no room; the events do.

use std::collections::HashMap;

use adjourn_formats::matrix::record;
use serde_json::Value;

use super::fields::{self, Fields};
use super::json::{self, Event};
use super::out::Out;
use super::source::Source;
use super::{Format, ImportError};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Most names of members that are kept.
const MAX_NAMES: usize = 200_000;
/// Values about the room that Element writes.
const ABOUT: [&str; 5] = ["room_name", "room_creator", "topic", "export_date", "exported_by"];

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let mut room = Room::default();
    let end = json::walk(
        source.read("")?,
        |path| matches!(path, [] | ["messages" | "chunk" | "state"]),
        |path, event| match (path, event) {
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
    id: Option<String>,
    names: HashMap<String, String>,
}

impl Room {
    /// Head and conversation, once an event says which room it is.
    fn begin(&mut self, event: &Fields, out: &mut Out<'_>) -> Result<String, ImportError> {
        if let Some(id) = &self.id {
            return Ok(id.clone());
        }
        let about = std::mem::take(&mut self.about);
        let element = !about.is_empty();
        out.head(Head {
            tool: element.then(|| "Element".to_owned()),
            ..Head::of("matrix", Format::MatrixJson.slug())
        })?;
        let name = fields::owned(&about, "room_name");
        let id = fields::owned(event, "room_id").or_else(|| name.clone()).unwrap_or_default();
        self.id = Some(id.clone());
        out.conversation(Conversation {
            topic: fields::owned(&about, "topic"),
            raw: if element { Value::Object(about) } else { Value::Null },
            ..Conversation::new(id.as_str(), ConversationKind::Group, name)
        })?;
        Ok(id)
    }

    fn event(&mut self, fields: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
        let room = self.begin(&fields, out)?;
        self.member(&fields, out)?;
        let Some(mut record) = record(&Value::Object(fields)) else {
            out.lost("row.format");
            return Ok(());
        };
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
        let name = fields::object(event, "content").and_then(|content| fields::owned(content, "displayname"));
        let (Some(id), Some(name)) = (fields::owned(event, "state_key"), name) else { return Ok(()) };
        if self.names.len() < MAX_NAMES || self.names.contains_key(&id) {
            self.names.insert(id.clone(), name.clone());
        }
        out.participant(Participant { name: Some(name), ..Participant::new(id) })
    }
}

//! Mail: one message for each day of a conversation, which is what reviewers of mail read of chats.
//!
//! Its text is the day's transcript; the records themselves, all of them and all fields, lie beside it as `records.jsonl`, so nothing is lost. From is who
//! spoke first, To everybody else who spoke; all days of a conversation refer to one id, so that mail programs show them as one thread.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;

use super::cast::{Cast, Talk};
use super::mime::{Message, address};
use super::slices::Slice;
use super::{Options, WriteError, plain};
use crate::model::Line;

/// Most people that a header names; the transcript names all of them.
const MAX_TO: usize = 1_000;

/// A slice as a message.
pub(super) fn message(slice: &Slice, talk: &Talk, cast: &Cast, options: &Options) -> Result<Vec<u8>, WriteError> {
    let Some(first) = slice.records.first() else { return Ok(Vec::new()) };
    let people: BTreeSet<&NativeId> =
        slice.records.iter().map(|record| &record.sender).filter(|id| !id.as_str().is_empty()).collect();
    let of = |id: &NativeId| {
        let email = cast.person(id, &talk.about.id).and_then(|person| person.email.as_deref());
        address(&cast.name(id, talk), email, id, cast.platform())
    };
    let room = address(talk.name(), None, &talk.about.id, cast.platform());
    let speaker = slice.records.iter().map(|record| &record.sender).find(|id| !id.as_str().is_empty());
    let others: Vec<String> =
        people.iter().filter(|id| Some(**id) != speaker).take(MAX_TO).map(|id| of(id)).collect();
    let mut message = Message::new();
    message.raw("From", &speaker.map_or_else(|| room.clone(), of));
    message.raw("To", &if others.is_empty() { room } else { others.join(",\r\n ") });
    message.header("Subject", &subject(slice, talk));
    message.date(first.at);
    message.raw("Message-ID", &format!("<{}@adjourn.invalid>", slice.id(talk)));
    message.raw("References", &format!("<{}@adjourn.invalid>", Slice::collection(talk)));
    message.header("X-Adjourn-Platform", cast.platform());
    message.header("X-Adjourn-Conversation", talk.about.id.as_str());
    message.raw("X-Adjourn-Day", &slice.day);
    message.header("X-Adjourn-Zone", options.zone.name());
    message.raw("X-Adjourn-Records", &slice.records.len().to_string());
    Ok(message.body(
        &transcript(slice, talk, cast, options),
        "records.jsonl",
        "application/x-ndjson",
        &lines(&slice.records)?,
    ))
}

/// The conversation's name and the day.
pub(super) fn subject(slice: &Slice, talk: &Talk) -> String {
    let part = if slice.part > 1 { format!(" ({})", slice.part) } else { String::new() };
    format!("{} {}{part}", talk.name(), slice.day)
}

/// A slice as text: a line for each record, and for each further line of its text one that is set in.
pub(super) fn transcript(slice: &Slice, talk: &Talk, cast: &Cast, options: &Options) -> String {
    let words = &options.words;
    let mut text = format!("{} {} ({})\n\n", talk.name(), slice.day, options.zone.name());
    for record in &slice.records {
        let time = options.zone.write(record.at);
        let clock = time.get(11..).unwrap_or_default();
        let name = cast.sender(record);
        let name = if name.is_empty() { words.get("p_unknown") } else { &name };
        let said = plain::text(record, words).replace('\n', "\n    ");
        // Writing to a String can't fail.
        let _ = writeln!(text, "[{clock}] {name}: {said}");
    }
    text
}

fn lines(records: &[Record]) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Vec::new();
    for record in records {
        let line = Line::Record(Box::new(record.clone()));
        bytes.extend(line.canonical().map_err(|error| WriteError::Form(error.to_string()))?);
        bytes.push(b'\n');
    }
    Ok(bytes)
}

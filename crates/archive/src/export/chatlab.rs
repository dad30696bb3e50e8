//! `ChatLab`: the interchange among tools for `WeChat` and QQ, as one document or as JSON lines.
//!
//! Declared as 0.0.1, which every reader takes. Ids of messages, answers and the form in lines came with 0.0.2; a reader of 0.0.1 passes over what it does
//! not know. A file holds one conversation. Times are seconds there, so milliseconds are lost; so are reactions, mentions, threads and the platform's own
//! record.

use std::io::Write as _;

use adjourn_domain::message::{Record, RecordKind};
use serde::Serialize;

use super::cast::{Cast, Talk};
use super::place::Output;
use super::{Exporter, Options, Words, WriteError, plain};
use crate::chatlab::{RECALL, SYSTEM, TEXT, code_of};
use crate::model::{ConversationKind, Line, Participant};

/// The version that files declare.
const VERSION: &str = "0.0.1";
/// What made the file.
const GENERATOR: &str = "adjourn";
/// An answer with words.
const ANSWER: i64 = 25;
/// What the format has no number for.
const OTHER: i64 = 99;

/// One document.
pub(super) struct Document {
    to: Output,
    words: Words,
    begun: bool,
}

/// JSON lines.
pub(super) struct Rows {
    to: Output,
    words: Words,
}

#[derive(Serialize)]
struct Header<'a> {
    version: &'static str,
    #[serde(rename = "exportedAt")]
    exported_at: i64,
    generator: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta<'a> {
    name: &'a str,
    platform: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Member<'a> {
    platform_id: &'a str,
    account_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_nickname: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    aliases: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    sender: &'a str,
    account_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_nickname: Option<&'a str>,
    timestamp: i64,
    r#type: i64,
    content: Option<&'a str>,
    platform_message_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to_message_id: Option<&'a str>,
}

/// A line of the form in lines.
#[derive(Serialize)]
#[serde(tag = "_type", rename_all = "snake_case")]
enum Row<'a> {
    Header { chatlab: Header<'a>, meta: Meta<'a> },
    Member(Member<'a>),
    Message(Message<'a>),
}

impl Document {
    pub(super) fn new(mut to: Output, cast: &Cast, options: &Options) -> Result<Self, WriteError> {
        let talk = cast.only().map_err(WriteError::Whole)?;
        to.write_all(b"{\"chatlab\":")?;
        serde_json::to_writer(&mut to, &header(talk, options))?;
        to.write_all(b",\n\"meta\":")?;
        serde_json::to_writer(&mut to, &meta(talk, cast))?;
        to.write_all(b",\n\"members\":[")?;
        for (at, person) in cast.people(talk).values().enumerate() {
            to.write_all(if at == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut to, &member(person))?;
        }
        to.write_all(b"\n],\n\"messages\":[")?;
        Ok(Self { to, words: options.words.clone(), begun: false })
    }
}

impl Exporter for Document {
    fn take(&mut self, line: Line, cast: &Cast) -> Result<(), WriteError> {
        let Line::Record(record) = line else { return Ok(()) };
        self.to.write_all(if self.begun { b",\n" } else { b"\n" })?;
        self.begun = true;
        with_message(&record, cast, &self.words, |message| serde_json::to_writer(&mut self.to, &message))
    }

    fn finish(mut self: Box<Self>) -> Result<Output, WriteError> {
        self.to.write_all(b"\n]}\n")?;
        Ok(self.to)
    }
}

impl Rows {
    pub(super) fn new(mut to: Output, cast: &Cast, options: &Options) -> Result<Self, WriteError> {
        let talk = cast.only().map_err(WriteError::Whole)?;
        row(&mut to, &Row::Header { chatlab: header(talk, options), meta: meta(talk, cast) })?;
        for person in cast.people(talk).values() {
            row(&mut to, &Row::Member(member(person)))?;
        }
        Ok(Self { to, words: options.words.clone() })
    }
}

impl Exporter for Rows {
    fn take(&mut self, line: Line, cast: &Cast) -> Result<(), WriteError> {
        let Line::Record(record) = line else { return Ok(()) };
        with_message(&record, cast, &self.words, |message| row(&mut self.to, &Row::Message(message)))
    }

    fn finish(self: Box<Self>) -> Result<Output, WriteError> {
        Ok(self.to)
    }
}

fn row(to: &mut Output, row: &Row<'_>) -> Result<(), WriteError> {
    serde_json::to_writer(&mut *to, row)?;
    Ok(to.write_all(b"\n")?)
}

fn header<'a>(talk: &'a Talk, options: &Options) -> Header<'a> {
    Header {
        version: VERSION,
        exported_at: options.now.as_millis().div_euclid(1000),
        generator: GENERATOR,
        description: talk.about.topic.as_deref(),
    }
}

fn meta<'a>(talk: &'a Talk, cast: &'a Cast) -> Meta<'a> {
    let direct = talk.about.kind == ConversationKind::Direct;
    let id = talk.about.id.as_str();
    Meta {
        name: talk.name(),
        platform: cast.platform(),
        r#type: if direct { "private" } else { "group" },
        group_id: Some(id).filter(|id| !id.is_empty()),
    }
}

fn member(person: &Participant) -> Member<'_> {
    Member {
        platform_id: person.id.as_str(),
        account_name: account(person),
        group_nickname: person.nickname.as_deref().filter(|name| person.name.is_some() && !name.is_empty()),
        aliases: &person.aliases,
    }
}

/// The name of an account; what it is called in the group where nothing else is known.
fn account(person: &Participant) -> &str {
    person.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(person.shown())
}

fn with_message<E>(
    record: &Record,
    cast: &Cast,
    words: &Words,
    write: impl FnOnce(Message<'_>) -> Result<(), E>,
) -> Result<(), WriteError>
where
    WriteError: From<E>,
{
    let shown = cast.sender(record);
    let person = cast.of(record).and_then(|talk| cast.person(&record.sender, &talk.about.id));
    let name = person.and_then(|person| person.name.as_deref()).filter(|name| !name.is_empty());
    let bare = record.kind == RecordKind::Message && record.attachments.is_empty();
    let content = match &record.text {
        text if bare => text.clone(),
        // A removal has no words, whatever it removes.
        None if record.kind == RecordKind::Redaction => None,
        Some(text) if matches!(record.kind, RecordKind::System | RecordKind::Undecryptable) => Some(text.clone()),
        _ => Some(plain::text(record, words)),
    };
    write(Message {
        sender: record.sender.as_str(),
        account_name: name.unwrap_or(&shown),
        group_nickname: name.filter(|name| *name != shown).map(|_| shown.as_str()),
        timestamp: record.at.as_millis().div_euclid(1000),
        r#type: code(record),
        content: content.as_deref(),
        platform_message_id: record.id.as_str(),
        reply_to_message_id: record.reply_to.as_ref().map(|id| id.as_str()),
    })?;
    Ok(())
}

fn code(record: &Record) -> i64 {
    match record.kind {
        _ if record.recalled => RECALL,
        RecordKind::Redaction => RECALL,
        RecordKind::System => SYSTEM,
        RecordKind::Message if record.content.is_none() && record.reply_to.is_some() => ANSWER,
        RecordKind::Message if record.content.is_none() && !record.attachments.is_empty() => 4,
        RecordKind::Message => match record.content {
            None => TEXT,
            content => code_of(content),
        },
        RecordKind::Edit | RecordKind::Reaction | RecordKind::Undecryptable | RecordKind::Other => OTHER,
    }
}

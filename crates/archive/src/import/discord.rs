//! `DiscordChatExporter`'s JSON: one channel a file.
//!
//! `{guild,channel{id,type,name,topic},exportedAt,messages[{id,type,timestamp,timestampEdited,content,author,attachments,embeds,stickers,reactions,mentions,
//! reference,forwardedMessage}]}` (its `JsonMessageWriter`). Kinds of messages that the tool has no word for are written as Discord's numbers.

use adjourn_domain::message::{Attachment, Content, Reaction, Record, RecordKind};
use serde_json::Value;

use super::ImportError;
use super::document::{self, Shape};
use super::fields::{self, Fields};
use super::out::{Out, message};
use super::source::Source;
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Types of messages that people and bots write; every other one is the platform's own row. Numbers: answer, command, first of a thread, command of a menu.
const WRITTEN: [&str; 9] = [
    "Default",
    "Reply",
    "ChatInputCommand",
    "ContextMenuCommand",
    "ThreadStarterMessage",
    "19",
    "20",
    "21",
    "23",
];

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let shape = Shape { heads: &["exportedAt", "guild", "channel"], rows: "messages" };
    document::read(source.read("")?, &shape, out, begin, |channel, fields, out| take(fields, channel, out))
}

/// Says what the file is about, and answers the channel's id.
fn begin(mut heads: Fields, out: &mut Out<'_>) -> Result<String, ImportError> {
    out.head(Head {
        tool: Some("DiscordChatExporter".to_owned()),
        exported: fields::time(&heads, "exportedAt"),
        ..Head::of("discord", "discord_json")
    })?;
    let mut channel = document::taken(&mut heads, "channel");
    let id = fields::id(&channel, "id").unwrap_or_default();
    // The server is where the channel is, and nothing else tells of it.
    if let Some(guild @ Value::Object(_)) = heads.remove("guild") {
        channel.insert("guild".to_owned(), guild);
    }
    out.conversation(conversation(&id, channel))?;
    Ok(id)
}

fn conversation(id: &str, channel: Fields) -> Conversation {
    let kind = match fields::text(&channel, "type").unwrap_or_default() {
        kind if kind.starts_with("DirectGroup") => ConversationKind::Group,
        kind if kind.starts_with("Direct") => ConversationKind::Direct,
        kind if kind.contains("Thread") => ConversationKind::Thread,
        _ => ConversationKind::Channel,
    };
    let (topic, name) = (fields::owned(&channel, "topic"), fields::owned(&channel, "name"));
    Conversation { topic, raw: Value::Object(channel), ..Conversation::new(id, kind, name) }
}

fn person(author: &Fields) -> Option<Participant> {
    Some(Participant {
        name: fields::owned(author, "name"),
        nickname: fields::owned(author, "nickname"),
        bot: author.get("isBot").and_then(Value::as_bool),
        ..Participant::new(fields::id(author, "id")?)
    })
}

fn take(fields: Fields, channel: &str, out: &mut Out<'_>) -> Result<(), ImportError> {
    let (Some(id), Some(at)) = (fields::id(&fields, "id"), fields::time(&fields, "timestamp")) else {
        out.lost("row.time");
        return Ok(());
    };
    let author = fields::object(&fields, "author");
    let people = author.into_iter().chain(fields::objects(&fields, "mentions")).filter_map(person);
    for person in people.collect::<Vec<_>>() {
        out.participant(person)?;
    }
    let sender = author.and_then(|author| fields::id(author, "id")).unwrap_or_default();
    let mut record = message(id, at, sender);
    let kind = fields::text(&fields, "type").unwrap_or("Default");
    if !WRITTEN.contains(&kind) {
        record.kind = RecordKind::System;
    }
    record.sender_name =
        author.and_then(|author| fields::owned(author, "nickname").or_else(|| fields::owned(author, "name")));
    record.edited_at = fields::time(&fields, "timestampEdited");
    record.reply_to =
        fields::object(&fields, "reference").and_then(|about| answered(about, channel)).map(Into::into);
    record.mentions = fields::objects(&fields, "mentions")
        .filter_map(|who| fields::id(who, "id"))
        .map(Into::into)
        .collect();
    record.reactions = fields::objects(&fields, "reactions").filter_map(reaction).collect();
    record.text = words(&fields);
    carried(&fields, &mut record);
    if kind == "Call" {
        record.content = Some(Content::Call);
    }
    // What was passed on has words and files of its own, and the message itself is empty.
    if let Some(passed) = fields::object(&fields, "forwardedMessage") {
        record.text = record.text.or_else(|| words(passed));
        carried(passed, &mut record);
        record.content = Some(Content::Forward);
    }
    record.raw = Value::Object(fields);
    out.record(record)
}

/// The message that is answered. One that was passed on, or lies in another channel, is none.
fn answered(about: &Fields, channel: &str) -> Option<String> {
    let forward = fields::text(about, "type") == Some("Forward");
    let elsewhere = fields::id(about, "channelId").is_some_and(|other| other != channel);
    fields::id(about, "messageId").filter(|_| !forward && !elsewhere)
}

/// The text; without one, what the cards below it say, which is all that many bots write.
fn words(fields: &Fields) -> Option<String> {
    let cards = || fields::cards(fields::objects(fields, "embeds"), &["title", "description"], "url");
    fields::owned(fields, "content").or_else(cards)
}

/// Files and stickers.
fn carried(fields: &Fields, record: &mut Record) {
    let files = record.attachments.len();
    record.attachments.extend(fields::objects(fields, "attachments").filter_map(attachment));
    if record.attachments.len() > files {
        record.content = Some(Content::File);
    }
    for sticker in fields::objects(fields, "stickers") {
        record.content = Some(Content::Sticker);
        record.attachments.extend(fields::id(sticker, "id").map(|id| Attachment {
            id: id.into(),
            name: fields::owned(sticker, "name").unwrap_or_default(),
            bytes: None,
            media_type: None,
        }));
    }
}

fn attachment(fields: &Fields) -> Option<Attachment> {
    Some(Attachment {
        id: fields::id(fields, "id").or_else(|| fields::id(fields, "url"))?.into(),
        name: fields::owned(fields, "fileName").unwrap_or_default(),
        bytes: fields::whole(fields, "fileSizeBytes").and_then(|bytes| u64::try_from(bytes).ok()),
        media_type: None,
    })
}

fn reaction(fields: &Fields) -> Option<Reaction> {
    let emoji = fields::object(fields, "emoji")?;
    Some(Reaction {
        key: fields::owned(emoji, "name").or_else(|| fields::owned(emoji, "code"))?,
        count: fields::whole(fields, "count").and_then(|count| u64::try_from(count).ok()).unwrap_or(0),
        by: fields::objects(fields, "users")
            .filter_map(|user| fields::id(user, "id"))
            .map(Into::into)
            .collect(),
    })
}

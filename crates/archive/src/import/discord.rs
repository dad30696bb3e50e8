//! `DiscordChatExporter`'s JSON: one channel a file.
//!
//! `{guild,channel{id,type,name,topic},exportedAt,messages[{id,type,timestamp,timestampEdited,content,author,attachments,stickers,reactions,mentions,
//! reference}]}` (its `JsonMessageWriter`).

use adjourn_domain::message::{Attachment, Content, Reaction, RecordKind};
use serde_json::Value;

use super::ImportError;
use super::document::{self, Shape};
use super::fields::{self, Fields};
use super::out::{Out, message};
use super::source::Source;
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Types of messages that people write; every other one is the platform's own row.
const WRITTEN: [&str; 5] =
    ["Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "ThreadStarterMessage"];

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let shape = Shape { heads: &["exportedAt", "channel"], rows: "messages" };
    document::read(source.read("")?, &shape, out, begin, |(), fields, out| take(fields, out))
}

fn begin(mut heads: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
    out.head(Head {
        tool: Some("DiscordChatExporter".to_owned()),
        exported: fields::time(&heads, "exportedAt"),
        ..Head::of("discord", "discord_json")
    })?;
    out.conversation(conversation(&document::taken(&mut heads, "channel")))
}

fn conversation(channel: &Fields) -> Conversation {
    let kind = match fields::text(channel, "type").unwrap_or_default() {
        "DirectTextChat" => ConversationKind::Direct,
        "DirectGroupTextChat" => ConversationKind::Group,
        kind if kind.contains("Thread") => ConversationKind::Thread,
        _ => ConversationKind::Channel,
    };
    let id = fields::id(channel, "id").unwrap_or_default();
    Conversation {
        topic: fields::owned(channel, "topic"),
        raw: Value::Object(channel.clone()),
        ..Conversation::new(id, kind, fields::owned(channel, "name"))
    }
}

fn person(author: &Fields) -> Option<Participant> {
    Some(Participant {
        name: fields::owned(author, "name"),
        nickname: fields::owned(author, "nickname"),
        bot: author.get("isBot").and_then(Value::as_bool),
        ..Participant::new(fields::id(author, "id")?)
    })
}

fn take(fields: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
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
    record.text = fields::owned(&fields, "content");
    record.edited_at = fields::time(&fields, "timestampEdited");
    record.reply_to = fields::object(&fields, "reference")
        .and_then(|reference| fields::id(reference, "messageId"))
        .map(Into::into);
    record.mentions = fields::objects(&fields, "mentions")
        .filter_map(|who| fields::id(who, "id"))
        .map(Into::into)
        .collect();
    record.attachments = fields::objects(&fields, "attachments").filter_map(attachment).collect();
    record.reactions = fields::objects(&fields, "reactions").filter_map(reaction).collect();
    record.content = if fields::objects(&fields, "stickers").next().is_some() {
        Some(Content::Sticker)
    } else if fields.get("forwardedMessage").is_some_and(Value::is_object) {
        Some(Content::Forward)
    } else if kind == "Call" {
        Some(Content::Call)
    } else {
        (!record.attachments.is_empty()).then_some(Content::File)
    };
    record.raw = Value::Object(fields);
    out.record(record)
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

//! `WeFlow`'s and `echotrace`'s JSON: one WeChat chat a file.
//!
//! `{weflow{version,exportedAt},session{wxid,displayName,type},messages[{localId,createTime,type,localType,content,isSend,senderUsername,
//! senderDisplayName,source}],avatars}`; `echotrace` writes the same without `weflow`. The type is a word; the number beside it is not always right.
//! Newer versions call the chat `accountId`, and their `arkme-json` names senders once, in `senders`, and by `senderID` in messages.
//! (`WeFlow`, `JsonFormatter.ts`.)

use std::collections::HashMap;

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Content, RecordKind};
use serde_json::Value;

use super::document::{self, Shape};
use super::fields::{self, Fields};
use super::out::{Out, message};
use super::source::Source;
use super::wechat::content;
use super::{Format, ImportError};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// The client's types of system rows.
const SYSTEM: [i64; 2] = [10_000, 10_002];
/// Fields that name a file by its hash.
const HASHES: [&str; 3] = ["imageMd5", "videoMd5", "emojiMd5"];

/// Fields that tell of a place or a card, where a message has no words.
const CARD: [&str; 4] = ["linkTitle", "linkUrl", "locationPoiname", "locationLabel"];

/// The chat that the rows belong to.
struct Chat {
    id: String,
    direct: bool,
    /// Accounts and names by the number that messages have.
    senders: HashMap<String, (String, Option<String>)>,
}

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let shape = Shape { heads: &["weflow", "session", "senders"], rows: "messages" };
    document::read(source.read("")?, &shape, out, begin, |chat, fields, out| take(fields, chat, out))
}

fn begin(mut heads: Fields, out: &mut Out<'_>) -> Result<Chat, ImportError> {
    let tool = heads.remove("weflow").and_then(|tool| tool.as_object().cloned());
    let exported = tool.as_ref().and_then(|tool| fields::seconds(tool, "exportedAt"));
    let tool = tool.map(|tool| {
        let name = fields::text(&tool, "generator").unwrap_or("WeFlow");
        format!("{name} {}", fields::text(&tool, "version").unwrap_or_default()).trim_end().to_owned()
    });
    out.head(Head { tool, exported, ..Head::of("wechat", Format::WeflowJson.slug()) })?;
    let session = document::taken(&mut heads, "session");
    let id = fields::id(&session, "wxid").or_else(|| fields::id(&session, "accountId")).unwrap_or_default();
    let direct = !id.ends_with("@chatroom");
    let kind = if direct { ConversationKind::Direct } else { ConversationKind::Group };
    let name = fields::owned(&session, "displayName").or_else(|| fields::owned(&session, "nickname"));
    out.conversation(Conversation {
        raw: Value::Object(session),
        ..Conversation::new(id.as_str(), kind, name)
    })?;
    let senders = fields::objects(&heads, "senders").filter_map(|sender| {
        let name = fields::owned(sender, "groupNickname").or_else(|| fields::owned(sender, "displayName"));
        Some((fields::id(sender, "senderID")?, (fields::id(sender, "accountId")?, name)))
    });
    Ok(Chat { id, direct, senders: senders.collect() })
}

fn take(fields: Fields, chat: &Chat, out: &mut Out<'_>) -> Result<(), ImportError> {
    let Some(at) = fields::seconds(&fields, "createTime") else {
        out.lost("row.time");
        return Ok(());
    };
    let (code, known) = code(&fields);
    if !known {
        out.note("row.type_unknown");
    }
    let system = code.is_some_and(|(code, _)| SYSTEM.contains(&code));
    // In a chat of two the sender is told by a flag alone: the other one is the chat.
    let other = || (chat.direct && fields::whole(&fields, "isSend") == Some(0)).then(|| chat.id.clone());
    // Rows of the client itself name the chat.
    let itself = |sender: &String| !chat.direct && *sender == chat.id;
    let listed = fields::id(&fields, "senderID").and_then(|number| chat.senders.get(&number).cloned());
    let (listed, listed_name) = listed.unzip();
    let told = fields::id(&fields, "senderUsername").or(listed);
    let sender = told.or_else(other).filter(|sender| !itself(sender));
    let name = fields::owned(&fields, "senderDisplayName").or(listed_name.flatten());
    if let Some(sender) = &sender {
        out.participant(Participant {
            conversation: Some(chat.id.as_str().into()),
            nickname: name.clone(),
            ..Participant::new(sender.as_str())
        })?;
    }
    let id = fields::id(&fields, "platformMessageId").or_else(|| fields::id(&fields, "localId"));
    let mut record = message(id.unwrap_or_default(), at, sender.unwrap_or_default());
    record.conversation = Some(chat.id.as_str().into());
    if system {
        record.kind = RecordKind::System;
    }
    record.sender_name = name;
    let card = || fields::cards(std::iter::once(&fields), &CARD, "");
    record.text = fields::owned(&fields, "content").or_else(card);
    record.content = if system { None } else { code.map_or(Some(Content::Other), content) };
    record.reply_to = fields::id(&fields, "replyToMessageId").map(Into::into);
    record.mentions = fields::text(&fields, "source").map(mentions).unwrap_or_default();
    record.attachments = HASHES.iter().filter_map(|name| attachment(&fields, name)).collect();
    record.raw = Value::Object(fields);
    out.record(record)
}

/// The client's type and subtype, and whether the word for it is known. Newer clients have both in one number.
fn code(fields: &Fields) -> (Option<(i64, i64)>, bool) {
    let word = fields::text(fields, "type").and_then(adjourn_formats::type_of);
    let number = || fields::whole(fields, "localType").map(|number| (number & 0xffff_ffff, number >> 32));
    (word.or_else(number), word.is_some())
}

/// Accounts in `<atuserlist>` of what the server sent along.
fn mentions(source: &str) -> Vec<NativeId> {
    let inner = source.split_once("<atuserlist>").and_then(|(_, rest)| rest.split_once("</atuserlist>"));
    let Some((list, _)) = inner else { return Vec::new() };
    let list = list.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>");
    let who = list.split(',').map(str::trim).filter(|who| !who.is_empty());
    who.map(|who| if who == "notify@all" { "*".into() } else { who.into() }).collect()
}

fn attachment(fields: &Fields, name: &str) -> Option<Attachment> {
    let id = fields::id(fields, name)?;
    Some(Attachment { id: id.into(), name: String::new(), bytes: None, media_type: None })
}

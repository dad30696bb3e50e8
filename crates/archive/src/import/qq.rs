//! QQ Chat Exporter, version 5: one JSON document, or a manifest with chunks of JSON lines.
//!
//! ```text
//! {metadata{name,version},chatInfo{name,type,peerUin,selfUid},messages[{id,timestamp,sender{uid,uin},content{text,elements,resources,mentions},recalled,system}]}
//! manifest.json {metadata,chatInfo,chunked{chunks[{relativePath,count}]}}   chunks/c000001.jsonl   avatars.json
//! ```
//!
//! (Its `types.rs` and `json_exporter.rs`.) An account is its `uid`: mentions have nothing else. The QQ number is kept as another name of it.

use std::collections::BTreeSet;

use adjourn_domain::message::{Attachment, Content, Reaction, Record, RecordKind};
use adjourn_domain::time::Time;
use adjourn_formats::Zone;
use serde_json::Value;

use super::detect::qq_chunk;
use super::document::{self, Shape};
use super::fields::{self, Fields};
use super::out::{Out, message};
use super::source::Source;
use super::text_lines;
use super::{Format, ImportError, Options, json};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Largest manifest, in bytes. It has a line for each 50,000 messages.
const MAX_MANIFEST: u64 = 16 * 1024 * 1024;
/// Elements of a message, and what it is by the first of them. Faces within a text are text.
const ELEMENTS: [(&str, Content); 13] = [
    ("image", Content::Image),
    ("video", Content::Video),
    ("audio", Content::Voice),
    ("file", Content::File),
    ("market_face", Content::Sticker),
    ("giphy", Content::Sticker),
    ("forward", Content::Forward),
    ("location", Content::Location),
    ("json", Content::App),
    ("calendar", Content::App),
    ("wallet", Content::RedPacket),
    ("av_record", Content::Call),
    ("live_gift", Content::Other),
];
/// Elements that are files.
const FILES: [&str; 4] = ["image", "video", "audio", "file"];
/// Elements that are text, or that stand beside it.
const TEXT: [&str; 8] =
    ["text", "at", "reply", "face", "markdown", "long_message", "inline_keyboard", "system"];

pub(super) fn json(source: &mut Source, options: &Options, out: &mut Out<'_>) -> Result<(), ImportError> {
    let shape = Shape { heads: &["metadata", "chatInfo"], rows: "messages" };
    let begin = |heads, out: &mut Out<'_>| begin(heads, Format::QqExporterJson, out);
    document::read(source.read("")?, &shape, out, begin, |(), fields, out| take(fields, &options.zone, out))
}

pub(super) fn chunks(source: &mut Source, options: &Options, out: &mut Out<'_>) -> Result<(), ImportError> {
    let manifest = json::object(&source.small("manifest.json", MAX_MANIFEST)?);
    if manifest.is_none() {
        out.note_file("file.broken");
    }
    let manifest = manifest.unwrap_or_default();
    begin(manifest.clone(), Format::QqExporterChunks, out)?;
    let mut rest: BTreeSet<String> = source.names().into_iter().filter(|name| qq_chunk(name)).collect();
    let listed: Vec<Fields> = fields::object(&manifest, "chunked")
        .map(|chunked| fields::objects(chunked, "chunks").cloned().collect())
        .unwrap_or_default();
    for chunk in &listed {
        let Some(name) = fields::text(chunk, "relativePath").filter(|name| source.has(name)) else {
            out.missing("file.part_missing");
            continue;
        };
        rest.remove(name);
        let read = one_chunk(source, name, &options.zone, out)?;
        let told = fields::whole(chunk, "count").and_then(|count| u64::try_from(count).ok());
        if told.is_some_and(|told| told > read) {
            out.missing("file.fewer_rows");
        }
    }
    // What the manifest does not list is there all the same.
    for name in rest {
        out.note_file("file.part_unlisted");
        one_chunk(source, &name, &options.zone, out)?;
    }
    Ok(())
}

/// Reads a chunk, and says how many rows it has.
fn one_chunk(source: &mut Source, name: &str, zone: &Zone, out: &mut Out<'_>) -> Result<u64, ImportError> {
    let mut rows = 0;
    text_lines::each(source.read(name)?, |line| {
        rows += 1;
        match out.line(&line) {
            Some(fields) => take(fields, zone, out),
            None => Ok(()),
        }
    })?;
    Ok(rows)
}

fn begin(mut heads: Fields, format: Format, out: &mut Out<'_>) -> Result<(), ImportError> {
    let metadata = document::taken(&mut heads, "metadata");
    let chat = document::taken(&mut heads, "chatInfo");
    let name = fields::text(&metadata, "name").unwrap_or("QQChatExporter");
    let version = fields::text(&metadata, "version").unwrap_or_default();
    out.head(Head {
        tool: Some(format!("{name} {version}").trim_end().to_owned()),
        ..Head::of("qq", format.slug())
    })?;
    let owner = fields::id(&chat, "selfUid");
    let owner_name = fields::owned(&chat, "selfName");
    let aliases: Vec<String> = fields::id(&chat, "selfUin").into_iter().collect();
    let name = fields::owned(&chat, "name");
    let id = fields::id(&chat, "peerUin")
        .or_else(|| fields::id(&chat, "peerUid"))
        .or_else(|| name.clone())
        .unwrap_or_default();
    let kind = match fields::text(&chat, "type") {
        Some("private" | "temp") => ConversationKind::Direct,
        _ => ConversationKind::Group,
    };
    out.conversation(Conversation { raw: Value::Object(chat), ..Conversation::new(id, kind, name) })?;
    match owner {
        Some(id) => out.participant(Participant { name: owner_name, aliases, ..Participant::new(id) }),
        None => Ok(()),
    }
}

fn take(fields: Fields, zone: &Zone, out: &mut Out<'_>) -> Result<(), ImportError> {
    let Some(at) = when(&fields, zone) else {
        out.lost("row.time");
        return Ok(());
    };
    let empty = Fields::new();
    let sender = fields::object(&fields, "sender").unwrap_or(&empty);
    let account = account(sender);
    if let Some(id) = &account {
        out.participant(person(sender, id))?;
    }
    let mut record = message(fields::id(&fields, "id").unwrap_or_default(), at, account.unwrap_or_default());
    if fields::flag(&fields, "system") {
        record.kind = RecordKind::System;
    }
    record.recalled = fields::flag(&fields, "recalled");
    record.sender_name = fields::owned(sender, "name");
    if let Some(content) = fields::object(&fields, "content") {
        said(content, &mut record);
    }
    record.reactions =
        fields::object(&fields, "rawMessage").map(|raw| reactions(raw).collect()).unwrap_or_default();
    record.raw = Value::Object(fields);
    out.record(record)
}

/// The time; of rows that have none in numbers, the local one.
fn when(fields: &Fields, zone: &Zone) -> Option<Time> {
    let told = fields::millis(fields, "timestamp").filter(|at| at.as_millis() != 0);
    told.or_else(|| zone.read(fields::text(fields, "time")?).map(|(at, _)| at))
}

fn account(sender: &Fields) -> Option<String> {
    let of = |name| fields::id(sender, name).filter(|id| id != "0");
    of("uid").or_else(|| of("uin"))
}

fn person(sender: &Fields, id: &str) -> Participant {
    let other = ["uin", "remark"].into_iter().filter_map(|name| fields::id(sender, name));
    Participant {
        name: fields::owned(sender, "nickname"),
        nickname: fields::owned(sender, "groupCard"),
        aliases: other.filter(|other| other != id).collect(),
        ..Participant::new(id)
    }
}

/// What a message says, shows, carries and whom it addresses.
fn said(content: &Fields, record: &mut Record) {
    record.text = fields::owned(content, "text");
    let elements: Vec<&Fields> = fields::objects(content, "elements").collect();
    for element in &elements {
        let kind = fields::text(element, "type").unwrap_or_default();
        if kind == "reply"
            && let Some(data) = fields::object(element, "data")
        {
            let of = |name| fields::id(data, name).filter(|id| id != "0");
            record.reply_to = of("referencedMessageId").or_else(|| of("messageId")).map(Into::into);
        }
        if record.content.is_none() && !TEXT.contains(&kind) {
            let known = ELEMENTS.iter().find(|(of, _)| *of == kind);
            record.content = Some(known.map_or(Content::Other, |(_, content)| *content));
        }
    }
    for mention in fields::objects(content, "mentions") {
        let all = fields::text(mention, "type") == Some("all");
        let who = if all { Some("*".to_owned()) } else { fields::id(mention, "uid") };
        if let Some(who) = who.filter(|who| !record.mentions.iter().any(|known| known.as_str() == who)) {
            record.mentions.push(who.into());
        }
    }
    record.attachments = fields::objects(content, "resources").filter_map(attachment).collect();
    if record.attachments.is_empty() {
        // Where files were not fetched, their elements alone name them.
        let named =
            |element: &&Fields| fields::text(element, "type").is_some_and(|kind| FILES.contains(&kind));
        let data =
            elements.iter().copied().filter(named).filter_map(|element| fields::object(element, "data"));
        record.attachments = data.filter_map(attachment).collect();
    }
}

fn attachment(resource: &Fields) -> Option<Attachment> {
    let id = ["localPath", "url", "filename"].into_iter().find_map(|name| fields::id(resource, name))?;
    Some(Attachment {
        id: id.into(),
        name: fields::owned(resource, "filename").unwrap_or_default(),
        bytes: fields::whole(resource, "size").and_then(|bytes| u64::try_from(bytes).ok()),
        media_type: None,
    })
}

/// Reactions, where the client's own record is kept.
fn reactions(raw: &Fields) -> impl Iterator<Item = Reaction> {
    fields::objects(raw, "emojiLikesList").filter_map(|like| {
        let count = fields::whole(like, "likesCnt").and_then(|count| u64::try_from(count).ok());
        Some(Reaction { key: fields::id(like, "emojiId")?, count: count.unwrap_or(0), by: Vec::new() })
    })
}

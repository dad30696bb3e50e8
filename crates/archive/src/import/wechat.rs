//! What members' tools write about WeChat: chatlog, `MemoTrace`, `PyWxDump`. The reading itself is that of evidence (`adjourn-formats`).

use std::collections::BTreeSet;
use std::io::Read as _;

use adjourn_domain::message::{Attachment, Content};
use adjourn_formats::{Item, Parser, Row};
use serde_json::Value;

use super::fields;
use super::out::Out;
use super::source::Source;
use super::{Format, ImportError, Options};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// The client's types.
const TYPES: [(i64, Content); 10] = [
    (3, Content::Image),
    (34, Content::Voice),
    (42, Content::Contact),
    (43, Content::Video),
    (47, Content::Sticker),
    (48, Content::Location),
    (49, Content::App),
    (50, Content::Call),
    (62, Content::Video),
    (66, Content::Contact),
];
/// Subtypes of 49.
const SUBTYPES: [(i64, Content); 10] = [
    (4, Content::Link),
    (5, Content::Link),
    (6, Content::File),
    (8, Content::Sticker),
    (19, Content::Forward),
    (33, Content::App),
    (36, Content::App),
    (62, Content::Poke),
    (2000, Content::Transfer),
    (2001, Content::RedPacket),
];
/// The type of cards, links and files.
const APP: i64 = 49;
/// The subtype of a card that answers a message: its words are text.
const ANSWER: i64 = 57;

pub(super) fn read(
    source: &mut Source,
    format: Format,
    options: &Options,
    out: &mut Out<'_>,
) -> Result<(), ImportError> {
    out.head(Head::of("wechat", format.slug()))?;
    let mut parser = Parser::new(options.zone.clone());
    let mut rooms = BTreeSet::new();
    let mut file = source.read("")?;
    let mut buffer = vec![0; 64 * 1024];
    let mut items = Vec::new();
    loop {
        let read = match file.read(&mut buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            parser.finish(&mut items)?;
        } else {
            parser.feed(buffer.get(..read).unwrap_or_default(), &mut items)?;
        }
        for item in items.drain(..) {
            if let Item::Row(row) = item {
                take(*row, &mut rooms, out)?;
            }
        }
        if read == 0 {
            out.findings_of(parser.rows(), parser.findings());
            return Ok(());
        }
    }
}

fn take(row: Row, rooms: &mut BTreeSet<String>, out: &mut Out<'_>) -> Result<(), ImportError> {
    let Row { mut record, group, group_name, sender_name, code, .. } = row;
    if let Some(group) = &group
        && rooms.insert(group.as_str().to_owned())
    {
        let kind = if group.as_str().ends_with("@chatroom") {
            ConversationKind::Group
        } else {
            ConversationKind::Direct
        };
        out.conversation(Conversation::new(group.clone(), kind, group_name))?;
    }
    let sender_name = Some(sender_name).filter(|name| !name.is_empty());
    out.participant(Participant {
        conversation: group.clone(),
        nickname: sender_name.clone(),
        ..Participant::new(record.sender.clone())
    })?;
    record.conversation = group;
    record.sender_name = sender_name;
    record.content = code.and_then(content);
    if let Some(contents) = record.raw.get("contents").and_then(Value::as_object) {
        record.text =
            record.text.or_else(|| fields::cards(std::iter::once(contents), &["title", "desc", "url"], ""));
        let file =
            [Some(Content::Image), Some(Content::Video), Some(Content::File)].contains(&record.content);
        if let Some(id) = fields::id(contents, "md5").filter(|_| file) {
            let name = fields::owned(contents, "title").unwrap_or_default();
            record.attachments.push(Attachment { id: id.into(), name, bytes: None, media_type: None });
        }
    }
    out.record(record)
}

pub(super) fn content((code, sub): (i64, i64)) -> Option<Content> {
    let of = |table: &[(i64, Content)], code: i64| {
        table.iter().find(|(of, _)| *of == code).map(|(_, content)| *content)
    };
    match (code, sub) {
        (APP, ANSWER) => None,
        (APP, sub) => of(&SUBTYPES, sub).or(Some(Content::App)),
        (code, _) => of(&TYPES, code),
    }
}

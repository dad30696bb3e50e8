//! A record as one text, for formats that have nothing but text.
//!
//! A message that is nothing but text is just its text. What else a record is stands before it in brackets.

use adjourn_domain::message::{Content, Record, RecordKind};

use super::Words;

/// A record as text.
pub(super) fn text(record: &Record, words: &Words) -> String {
    let mut parts = Vec::new();
    if record.recalled {
        parts.push(bracket(words.get("recalled")));
    }
    let target = record.target.as_ref().filter(|_| record.kind != RecordKind::Message);
    if let Some(kind) = kind_slug(record) {
        let word = words.get(kind);
        match target {
            Some(target) => parts.push(format!("[{word}: {target}]")),
            None if record.kind == RecordKind::System && record.text.is_some() => {}
            None => parts.push(bracket(word)),
        }
    }
    if let Some(content) = record.content {
        parts.push(bracket(words.get(content_slug(content))));
    }
    parts.extend(record.attachments.iter().map(|file| bracket(file.name.as_str())));
    if let Some(text) = record.text.as_deref().filter(|text| !text.is_empty()) {
        parts.push(text.to_owned());
    }
    parts.join(" ")
}

fn bracket(word: &str) -> String {
    format!("[{word}]")
}

/// The slug of what a record is, where it is no message.
pub(super) fn kind_slug(record: &Record) -> Option<&'static str> {
    match record.kind {
        RecordKind::Message => None,
        RecordKind::Edit => Some("edit"),
        RecordKind::Redaction => Some("redaction"),
        RecordKind::Reaction => Some("reaction"),
        RecordKind::System => Some("system"),
        RecordKind::Undecryptable => Some("undecryptable"),
        RecordKind::Other => Some("other"),
    }
}

/// The slug of a content.
pub(super) fn content_slug(content: Content) -> &'static str {
    match content {
        Content::Image => "image",
        Content::Voice => "voice",
        Content::Video => "video",
        Content::File => "file",
        Content::Sticker => "sticker",
        Content::Link => "link",
        Content::App => "app",
        Content::Location => "location",
        Content::Contact => "contact",
        Content::RedPacket => "red_packet",
        Content::Transfer => "transfer",
        Content::Call => "call",
        Content::Poll => "poll",
        Content::Forward => "forward",
        Content::Poke => "poke",
        Content::Other => "other",
    }
}

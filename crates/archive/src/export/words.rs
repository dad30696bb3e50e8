//! Words that are written beside messages, in both languages: `i18n/` is for what people see of the program, these are a part of documents.

use adjourn_domain::message::{Content, Record, RecordKind};

/// The language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tongue {
    /// Chinese.
    #[default]
    Chinese,
    /// English.
    English,
}

/// Words by slug: Chinese, English.
const WORDS: &str = include_str!("data/words.json");

/// A word of a document.
pub(super) fn word(slug: &str, tongue: Tongue) -> String {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;
    static ALL: LazyLock<BTreeMap<String, [String; 2]>> =
        LazyLock::new(|| serde_json::from_str(WORDS).unwrap_or_default());
    let [chinese, english] = ALL.get(slug).cloned().unwrap_or_else(|| [slug.to_owned(), slug.to_owned()]);
    if tongue == Tongue::Chinese { chinese } else { english }
}

/// What a message is besides text, as a slug.
pub(super) fn content(content: Content) -> &'static str {
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

/// What a record is, as a slug.
pub(super) fn kind(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Message => "message",
        RecordKind::Edit => "edit",
        RecordKind::Redaction => "redaction",
        RecordKind::Reaction => "reaction",
        RecordKind::System => "system",
        RecordKind::Undecryptable => "undecryptable",
        RecordKind::Other => "other",
    }
}

/// A record's words for a reader: its text, with a word in brackets for what it is where the text does not say it, and the names of its files.
pub(super) fn shown(record: &Record, tongue: Tongue) -> String {
    let mut parts = Vec::new();
    let label = match (record.kind, record.content) {
        (RecordKind::Message, Some(of)) => Some(content(of)),
        (RecordKind::Message | RecordKind::System, None) => None,
        (of, _) => Some(kind(of)),
    };
    let text = record.text.as_deref().unwrap_or_default();
    if let Some(label) = label {
        let label = format!("[{}]", word(label, tongue));
        if !text.starts_with(&label) {
            parts.push(label);
        }
    }
    if record.recalled {
        parts.push(format!("[{}]", word("recalled", tongue)));
    }
    if !text.is_empty() {
        parts.push(text.to_owned());
    }
    parts.extend(
        record
            .attachments
            .iter()
            .map(|file| file.name.clone())
            .filter(|name| !name.is_empty() && name != text),
    );
    parts.join(" ")
}

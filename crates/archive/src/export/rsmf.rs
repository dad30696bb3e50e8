//! RSMF 2.0, the form in which e-discovery tools take short messages (Relativity; schema in `tests/data/rsmf`): an RFC 5322 message with the transcript as
//! its text and `rsmf.zip` with the manifest as its one attachment.
//!
//! An archive knows files by name and size; the files themselves are not in it, so they are told as custom values of an event and not as attachments, whose
//! content a reader would look for.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Write as _};

use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use serde_json::{Map, Value, json};
use zip::write::SimpleFileOptions;

use super::days::Day;
use super::eml;
use super::words::{kind, shown};
use crate::model::ConversationKind;

/// The version of the form.
const VERSION: &str = "2.0.0";

pub(super) fn write(day: &Day<'_>, to: &mut dyn io::Write) -> io::Result<()> {
    let manifest = manifest(day);
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    package.start_file("rsmf_manifest.json", SimpleFileOptions::default()).map_err(io::Error::other)?;
    package.write_all(&serde_json::to_vec(&manifest)?)?;
    let package = package.finish().map_err(io::Error::other)?.into_inner();
    let count = |name: &str| manifest.get(name).and_then(Value::as_array).map_or(0, Vec::len).to_string();
    let time = |record: Option<&Record>| record.map(|record| record.at.to_string()).unwrap_or_default();
    let name = day.conversation.name.as_deref().unwrap_or(day.conversation.id.as_str());
    let first = day.records.iter().min_by_key(|record| record.at);
    let last = day.records.iter().max_by_key(|record| record.at);
    let seconds = first.map_or(0, |record| record.at.as_millis().div_euclid(1000));
    let platform = platform(day);
    let mut message = MessageBuilder::new()
        .from((name.to_owned(), "chat@adjourn.invalid".to_owned()))
        .to((name.to_owned(), "chat@adjourn.invalid".to_owned()))
        .subject(format!("{name} {}", day.date))
        .date(seconds)
        .message_id(eml::id(day));
    for (header, value) in [
        ("X-RSMF-Version", VERSION.to_owned()),
        ("X-RSMF-Generator", "Adjourn".to_owned()),
        ("X-RSMF-BeginDate", time(first)),
        ("X-RSMF-EndDate", time(last)),
        ("X-RSMF-EventCount", count("events")),
        ("X-RSMF-AttachmentCount", "0".to_owned()),
        ("X-RSMF-Application", platform),
        ("X-RSMF-Participants", count("participants")),
        ("X-RSMF-EventCollectionID", collection(day)),
    ] {
        message = message.header(header, Raw::new(value));
    }
    message.body(eml::body(eml::transcript(day), "application/zip", "rsmf.zip", package)).write_to(to)
}

fn platform(day: &Day<'_>) -> String {
    let platform = day.people.head.as_ref().map(|head| head.platform.clone()).unwrap_or_default();
    // It stands in a header, and the archive may say what it likes.
    let platform: String = platform.chars().filter(char::is_ascii_graphic).take(64).collect();
    if platform.is_empty() { "unknown".to_owned() } else { platform }
}

/// What keeps the files of a conversation together: the same in all of them.
fn collection(day: &Day<'_>) -> String {
    Hash::of(day.conversation.id.as_str().as_bytes()).to_hex().chars().take(32).collect()
}

/// The manifest of a day.
pub(super) fn manifest(day: &Day<'_>) -> Value {
    let conversation = account(&day.conversation.id);
    let mut who: BTreeSet<&NativeId> = day.records.iter().map(|record| &record.sender).collect();
    who.extend(day.records.iter().flat_map(|record| &record.reactions).flat_map(|reaction| &reaction.by));
    let participants: Vec<Value> = who.iter().map(|id| participant(day, id)).collect();
    let ids: Vec<&str> = who.iter().map(|id| account(id)).collect();
    let here: BTreeSet<&NativeId> = day.records.iter().map(|record| &record.id).collect();
    let direct = day.conversation.kind == ConversationKind::Direct;
    json!({
        "version": VERSION,
        "eventcollectionid": collection(day),
        "participants": participants,
        "conversations": [{
            "id": conversation,
            "display": day.conversation.name.as_deref().unwrap_or(conversation),
            "platform": platform(day),
            "type": if direct { "direct" } else { "channel" },
            "participants": ids,
        }],
        "events": day.records.iter().map(|record| event(day, &here, record)).collect::<Vec<_>>(),
    })
}

/// A value for which the form has no field of its own.
fn value(name: &str, value: &str) -> Value {
    json!({"name": name, "value": value})
}

/// An id, which is never empty there. An account; a record without one is the platform's own.
fn account(id: &NativeId) -> &str {
    if id.as_str().is_empty() { "-" } else { id.as_str() }
}

fn participant(day: &Day<'_>, id: &NativeId) -> Value {
    let known = day.people.participant(Some(&day.conversation.id), id);
    let mut fields = Map::new();
    fields.insert("id".to_owned(), account(id).into());
    fields.insert("display".to_owned(), known.map_or(account(id), |who| who.shown()).into());
    fields.insert("account_id".to_owned(), account(id).into());
    if let Some(email) = known.and_then(|who| who.email.as_deref()) {
        fields.insert("email".to_owned(), email.into());
    }
    Value::Object(fields)
}

fn event(day: &Day<'_>, here: &BTreeSet<&NativeId>, record: &Record) -> Value {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    put("id", record.id.as_str().into());
    put("type", if record.kind == RecordKind::System { "disclaimer" } else { "message" }.into());
    put("participant", account(&record.sender).into());
    put("conversation", account(&day.conversation.id).into());
    put("timestamp", record.at.to_string().into());
    put("body", shown(record, day.tongue).into());
    if record.recalled {
        put("deleted", true.into());
    }
    let mut custom = Vec::new();
    let referred = [("reply_to", &record.reply_to), ("thread", &record.thread), ("target", &record.target)];
    let referred: Vec<_> = referred.iter().filter_map(|(name, id)| Some((*name, id.as_ref()?))).collect();
    // A parent has to be another event of the same manifest.
    if let Some((_, parent)) = referred.iter().find(|(_, id)| here.contains(id) && **id != record.id) {
        put("parent", parent.as_str().into());
    }
    custom.extend(referred.iter().map(|(name, id)| value(name, id.as_str())));
    custom.extend(record.mentions.iter().map(|id| value("mention", id.as_str())));
    if !record.reactions.is_empty() {
        let reactions: Vec<Value> = record
            .reactions
            .iter()
            .filter(|reaction| !reaction.key.is_empty())
            .map(|reaction| {
                let by: Vec<&str> = reaction.by.iter().map(account).collect();
                json!({"value": reaction.key, "count": reaction.count, "participants": by})
            })
            .collect();
        put("reactions", reactions.into());
    }
    if record.kind != RecordKind::Message {
        custom.push(value("kind", kind(record.kind)));
    }
    if let Some(at) = record.edited_at {
        custom.push(value("edited_at", &at.to_string()));
    }
    for file in &record.attachments {
        let size = file.bytes.map(|bytes| format!(" ({bytes} bytes)")).unwrap_or_default();
        custom.push(value("file", &format!("{}{size}", file.name)));
    }
    custom.retain(|one| one.get("value").is_some_and(|value| value != ""));
    if !custom.is_empty() {
        put("custom", custom.into());
    }
    Value::Object(fields)
}

//! RSMF 2.0, the form in which e-discovery tools take short messages (Relativity; schema in `tests/data/rsmf`): an RFC 5322 message with the transcript as
//! its text and `rsmf.zip` with the manifest as its one attachment.
//!
//! An archive knows files by name and size; the files themselves are not in it, so they are told as custom values of an event and not as attachments, whose
//! content a reader would look for.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Write as _};

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
        .subject(format!("{name} {}", day.day))
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
        ("X-RSMF-EventCollectionID", eml::id(day)),
    ] {
        message = message.header(header, Raw::new(value));
    }
    message.text_body(eml::transcript(day)).attachment("application/zip", "rsmf.zip", package).write_to(to)
}

fn platform(day: &Day<'_>) -> String {
    let platform = day.people.head.as_ref().map(|head| head.platform.clone()).unwrap_or_default();
    if platform.is_empty() { "unknown".to_owned() } else { platform }
}

/// The manifest of a day.
pub(super) fn manifest(day: &Day<'_>) -> Value {
    let conversation = day.conversation.id.as_str();
    let mut who: BTreeSet<&NativeId> = day.records.iter().map(|record| &record.sender).collect();
    who.extend(day.records.iter().flat_map(|record| &record.reactions).flat_map(|reaction| &reaction.by));
    let participants: Vec<Value> = who.iter().map(|id| participant(day, id)).collect();
    let ids: Vec<&str> = who.iter().map(|id| account(id)).collect();
    let here: BTreeSet<&NativeId> = day.records.iter().map(|record| &record.id).collect();
    let direct = day.conversation.kind == ConversationKind::Direct;
    json!({
        "version": VERSION,
        "eventcollectionid": eml::id(day),
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

/// An account; a record without one is the platform's own.
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
    put("conversation", day.conversation.id.as_str().into());
    put("timestamp", record.at.to_string().into());
    put("body", shown(record, day.tongue).into());
    if record.recalled {
        put("deleted", true.into());
    }
    let mut custom = Vec::new();
    if let Some(parent) = record.reply_to.as_ref().or(record.thread.as_ref()).or(record.target.as_ref()) {
        // A parent has to be an event of the same manifest.
        if here.contains(parent) {
            put("parent", parent.as_str().into());
        } else {
            custom.push(json!({"name": "parent", "value": parent.as_str()}));
        }
    }
    if !record.reactions.is_empty() {
        let reactions: Vec<Value> = record
            .reactions
            .iter()
            .map(|reaction| {
                let by: Vec<&str> = reaction.by.iter().map(account).collect();
                json!({"value": reaction.key, "count": reaction.count, "participants": by})
            })
            .collect();
        put("reactions", reactions.into());
    }
    if record.kind != RecordKind::Message {
        custom.push(json!({"name": "kind", "value": kind(record.kind)}));
    }
    if let Some(at) = record.edited_at {
        custom.push(json!({"name": "edited_at", "value": at.to_string()}));
    }
    for file in &record.attachments {
        let size = file.bytes.map(|bytes| format!(" ({bytes} bytes)")).unwrap_or_default();
        custom.push(json!({"name": "file", "value": format!("{}{size}", file.name)}));
    }
    if !custom.is_empty() {
        put("custom", custom.into());
    }
    Value::Object(fields)
}

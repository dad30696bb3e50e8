//! Relativity's short message format, RSMF 2.0: what tools for e-discovery read of chats.
//!
//! A file is a mail with `rsmf.zip` in it, and in that `rsmf_manifest.json` (schema: `rsmf-validator-samples` of Relativity). One file for each day of a
//! conversation, at most 10,000 events in it. Every record is one event, so the counts agree; edits, removals and reactions that are records of their own
//! are events of the type `unknown` and are marked at their message as well, where that lies in the same file. The files that messages carry are named in
//! the event's properties, since they are not in the archive's lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Cursor, Write as _};

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use serde::Serialize;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::cast::{Cast, Talk};
use super::mime::{Message, address};
use super::slices::Slice;
use super::{Options, WriteError, eml, plain};
use crate::model::{ConversationKind, Participant};

/// The version that is written.
const VERSION: &str = "2.0.0";
/// Most participants of a file that neither wrote in it nor are named in it.
const MAX_SILENT: usize = 5_000;

#[derive(Serialize)]
struct Manifest<'a> {
    version: &'static str,
    participants: Vec<Person<'a>>,
    conversations: [Conversation<'a>; 1],
    events: Vec<Event<'a>>,
    eventcollectionid: String,
}

#[derive(Serialize)]
struct Person<'a> {
    id: &'a str,
    display: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    account_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom: Vec<Custom>,
}

#[derive(Serialize)]
struct Conversation<'a> {
    id: &'a str,
    display: &'a str,
    platform: &'a str,
    r#type: &'static str,
    participants: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom: Vec<Custom>,
}

#[derive(Serialize)]
struct Event<'a> {
    id: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
    body: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    participant: Option<&'a str>,
    conversation: &'a str,
    timestamp: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reactions: Vec<Reaction<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Edit<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom: Vec<Custom>,
}

#[derive(Serialize)]
struct Reaction<'a> {
    value: &'a str,
    count: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    participants: Vec<&'a str>,
}

#[derive(Serialize)]
struct Edit<'a> {
    participant: &'a str,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
}

#[derive(Serialize)]
struct Custom {
    name: &'static str,
    value: String,
}

/// A slice as a file.
pub(super) fn message(slice: &Slice, talk: &Talk, cast: &Cast, options: &Options) -> Result<Vec<u8>, WriteError> {
    let (Some(first), Some(last)) = (slice.records.first(), slice.records.last()) else { return Ok(Vec::new()) };
    let people = people(slice, talk, cast);
    let manifest = manifest(slice, talk, cast, &people);
    let packed = pack(&manifest).map_err(|error| WriteError::Form(error.to_string()))?;
    let mut message = Message::new();
    let room = address(talk.name(), None, &talk.about.id, cast.platform());
    message.raw("From", &room);
    message.raw("To", &room);
    message.header("Subject", &eml::subject(slice, talk));
    message.date(first.at);
    message.raw("Message-ID", &format!("<{}@rsmf.adjourn.invalid>", slice.id(talk)));
    message.raw("X-RSMF-Version", VERSION);
    message.raw("X-RSMF-Generator", "Adjourn");
    message.raw("X-RSMF-BeginDate", &first.at.to_string());
    message.raw("X-RSMF-EndDate", &last.at.to_string());
    message.raw("X-RSMF-EventCount", &manifest.events.len().to_string());
    message.header("X-RSMF-Application", cast.platform());
    message.raw("X-RSMF-Participants", &people.len().to_string());
    message.raw("X-RSMF-AttachmentCount", "0");
    message.raw("X-RSMF-EventCollectionID", &manifest.eventcollectionid);
    let text = eml::transcript(slice, talk, cast, options);
    Ok(message.body(&text, "rsmf.zip", "application/octet-stream", &packed))
}

fn pack(manifest: &Manifest<'_>) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("rsmf_manifest.json", SimpleFileOptions::default())?;
    let json = serde_json::to_vec_pretty(manifest).map_err(std::io::Error::from)?;
    writer.write_all(&json)?;
    Ok(writer.finish()?.into_inner())
}

/// Everybody in a slice: who wrote or is named in it, and those who are known to be in the conversation.
fn people(slice: &Slice, talk: &Talk, cast: &Cast) -> BTreeMap<NativeId, Participant> {
    let mut named: BTreeSet<&NativeId> = BTreeSet::new();
    for record in &slice.records {
        named.insert(&record.sender);
        named.extend(record.reactions.iter().flat_map(|reaction| &reaction.by));
    }
    named.retain(|id| !id.as_str().is_empty());
    let known = cast.people(talk);
    let silent: Vec<NativeId> =
        known.keys().filter(|id| !named.contains(*id)).take(MAX_SILENT).cloned().collect();
    let all = named.into_iter().cloned().chain(silent);
    all.map(|id| {
        let person = known.get(&id).cloned().unwrap_or_else(|| Participant::new(id.clone()));
        (id, person)
    })
    .collect()
}

fn manifest<'a>(
    slice: &'a Slice,
    talk: &'a Talk,
    cast: &'a Cast,
    people: &'a BTreeMap<NativeId, Participant>,
) -> Manifest<'a> {
    let id = some(talk.about.id.as_str());
    let mut events: Vec<Event<'_>> = slice.records.iter().map(|record| event(record, id, people)).collect();
    mark(slice, &mut events);
    Manifest {
        version: VERSION,
        participants: people.values().map(|person| of(person, talk, cast)).collect(),
        conversations: [Conversation {
            id,
            display: some(talk.name()),
            platform: cast.platform(),
            r#type: if talk.about.kind == ConversationKind::Direct { "direct" } else { "channel" },
            participants: people.keys().map(NativeId::as_str).collect(),
            custom: customs([
                ("topic", talk.about.topic.clone()),
                ("created", talk.about.created.map(|at| at.to_string())),
            ]),
        }],
        events,
        eventcollectionid: Slice::collection(talk),
    }
}

/// Ids are never empty in the schema.
fn some(id: &str) -> &str {
    if id.is_empty() { "conversation" } else { id }
}

fn of<'a>(person: &'a Participant, talk: &Talk, cast: &Cast) -> Person<'a> {
    let aliases = Some(person.aliases.join(", ")).filter(|text| !text.is_empty());
    Person {
        id: person.id.as_str(),
        display: cast.name(&person.id, talk),
        email: person.email.as_deref().filter(|email| email.contains('@')),
        account_id: person.id.as_str(),
        custom: customs([
            ("account_name", person.name.clone().filter(|name| !name.is_empty())),
            ("aliases", aliases),
            ("bot", person.bot.map(|bot| bot.to_string())),
        ]),
    }
}

fn event<'a>(record: &'a Record, conversation: &'a str, people: &BTreeMap<NativeId, Participant>) -> Event<'a> {
    let participant = Some(record.sender.as_str()).filter(|id| !id.is_empty());
    let edits = record.edited_at.zip(participant).map(|(at, participant)| Edit {
        participant,
        timestamp: at.to_string(),
        new: record.text.as_deref(),
    });
    let mut custom = customs([
        ("kind", plain::kind_slug(record).map(str::to_owned)),
        ("content", record.content.map(|content| plain::content_slug(content).to_owned())),
        ("reply_to", record.reply_to.as_ref().map(NativeId::to_string)),
        ("thread", record.thread.as_ref().map(NativeId::to_string)),
        ("target", record.target.as_ref().map(NativeId::to_string)),
        ("sender_name", record.sender_name.clone().filter(|name| !name.is_empty())),
        ("edited_at", record.edited_at.map(|at| at.to_string())),
    ]);
    custom.extend(record.mentions.iter().filter(|id| !id.as_str().is_empty()).map(|id| Custom {
        name: "mention",
        value: id.to_string(),
    }));
    custom.extend(record.attachments.iter().map(|file| {
        let bytes = file.bytes.map(|bytes| format!(", {bytes} bytes")).unwrap_or_default();
        let media = file.media_type.as_deref().map(|media| format!(", {media}")).unwrap_or_default();
        Custom { name: "attachment", value: format!("{}{bytes}{media}, {}", file.name, file.id) }
    }));
    let reactions = record.reactions.iter().filter(|reaction| !reaction.key.is_empty());
    Event {
        id: record.id.as_str(),
        r#type: if record.kind == RecordKind::Message { "message" } else { "unknown" },
        parent: None,
        body: record.text.clone().unwrap_or_default(),
        participant: participant.filter(|_| people.contains_key(&record.sender)),
        conversation,
        timestamp: record.at.to_string(),
        deleted: record.recalled,
        reactions: reactions
            .map(|reaction| Reaction {
                value: &reaction.key,
                count: reaction.count,
                participants: reaction.by.iter().map(NativeId::as_str).filter(|id| !id.is_empty()).collect(),
            })
            .collect(),
        edits: edits.into_iter().collect(),
        custom,
    }
}

/// What later records say of earlier ones, and which event is the parent of which, where both are in the slice.
fn mark<'a>(slice: &'a Slice, events: &mut [Event<'a>]) {
    let places: HashMap<&str, usize> =
        slice.records.iter().enumerate().map(|(at, record)| (record.id.as_str(), at)).collect();
    let place = |id: &Option<NativeId>| id.as_ref().and_then(|id| places.get(id.as_str()).copied());
    for (at, record) in slice.records.iter().enumerate() {
        let parent = [&record.thread, &record.reply_to, &record.target].into_iter().find_map(place);
        let parent = parent.filter(|parent| *parent != at).and_then(|parent| slice.records.get(parent));
        if let (Some(event), Some(parent)) = (events.get_mut(at), parent) {
            event.parent = Some(parent.id.as_str());
        }
        let sender = Some(record.sender.as_str()).filter(|id| !id.is_empty());
        let Some(target) = place(&record.target).and_then(|target| events.get_mut(target)) else { continue };
        match (record.kind, sender, record.text.as_deref()) {
            (RecordKind::Redaction, ..) => target.deleted = true,
            (RecordKind::Edit, Some(participant), new) => {
                target.edits.push(Edit { participant, timestamp: record.at.to_string(), new });
            }
            (RecordKind::Reaction, Some(participant), Some(value)) if !value.is_empty() => {
                target.reactions.push(Reaction { value, count: 1, participants: vec![participant] });
            }
            _ => {}
        }
    }
}

fn customs<const N: usize>(pairs: [(&'static str, Option<String>); N]) -> Vec<Custom> {
    let given = |(name, value): (_, Option<String>)| {
        value.filter(|value| !value.is_empty()).map(|value| Custom { name, value })
    };
    pairs.into_iter().filter_map(given).collect()
}

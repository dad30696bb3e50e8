//! An export of a Slack workspace: `users.json`, `channels.json`, `groups.json`, `dms.json`, `mpims.json` and a folder a conversation with a file a day.
//!
//! Days are read in their order, conversations one after another. `ts` is the id of a message and its time; the digits behind its point only tell messages
//! of a second apart. (Slack, "How to read Slack data exports".)

use std::collections::{BTreeMap, BTreeSet, HashSet};

use adjourn_domain::message::{Attachment, Content, Reaction, Record, RecordKind};
use serde_json::Value;

use super::detect::day;
use super::fields::{self, Fields};
use super::json::{self, Event};
use super::out::{Out, message};
use super::source::Source;
use super::{Format, ImportError};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Lists of conversations, and what those in them are.
const LISTS: [(&str, ConversationKind); 4] = [
    ("channels.json", ConversationKind::Channel),
    ("groups.json", ConversationKind::Group),
    ("mpims.json", ConversationKind::Group),
    ("dms.json", ConversationKind::Direct),
];
/// Subtypes that a person's or bot's own message may have.
const WRITTEN: [&str; 9] = [
    "bot_message",
    "file_share",
    "file_comment",
    "me_message",
    "thread_broadcast",
    "reply_broadcast",
    "huddle_thread",
    "slackbot_response",
    "assistant_app_thread",
];
/// Most accounts that are kept to know those which the list of accounts lacks.
const MAX_USERS: usize = 1_000_000;

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    out.head(Head::of("slack", Format::SlackExport.slug()))?;
    let mut known = people(source, out)?;
    let folders = conversations(source, out)?;
    let mut days: BTreeMap<(String, String), String> = BTreeMap::new();
    for name in source.names() {
        if let Some((folder, day)) = day(&name) {
            days.insert((folder.to_owned(), day.to_owned()), name.clone());
        }
    }
    let mut unlisted = BTreeSet::new();
    for ((folder, _), name) in days {
        let id = if let Some(id) = folders.get(&folder) {
            id.clone()
        } else {
            // Exports of single channels lack the lists; the folder's name is all there is.
            if unlisted.insert(folder.clone()) {
                let name = Some(folder.clone());
                out.conversation(Conversation::new(folder.as_str(), ConversationKind::Channel, name))?;
            }
            folder
        };
        one_day(source, &name, &id, &mut known, out)?;
    }
    Ok(())
}

/// The list of accounts; answers their ids.
fn people(source: &mut Source, out: &mut Out<'_>) -> Result<HashSet<String>, ImportError> {
    let mut known = HashSet::new();
    let end = json::walk(
        source.read("users.json")?,
        |path| path.is_empty(),
        |path, event| {
            let (["*"], Event::Value(bytes)) = (path, event) else { return Ok(()) };
            let Some((user, id)) =
                json::object(bytes).and_then(|user| fields::id(&user, "id").map(|id| (user, id)))
            else {
                out.note_file("row.type");
                return Ok(());
            };
            if known.len() < MAX_USERS {
                known.insert(id.clone());
            }
            let empty = Fields::new();
            let profile = fields::object(&user, "profile").unwrap_or(&empty);
            let mut aliases: Vec<String> =
                ["name", "real_name"].into_iter().filter_map(|name| fields::owned(&user, name)).collect();
            aliases.dedup();
            out.participant(Participant {
                name: fields::owned(profile, "real_name").or_else(|| fields::owned(&user, "real_name")),
                nickname: fields::owned(profile, "display_name"),
                aliases,
                email: fields::owned(profile, "email"),
                bot: user.get("is_bot").and_then(Value::as_bool),
                raw: Value::Object(user),
                ..Participant::new(id)
            })
        },
    )?;
    out.ended(end);
    Ok(known)
}

/// The lists' conversations, by the names of their folders: a channel's name, a direct one's id.
fn conversations(source: &mut Source, out: &mut Out<'_>) -> Result<BTreeMap<String, String>, ImportError> {
    let mut folders = BTreeMap::new();
    for (list, kind) in LISTS {
        if !source.has(list) {
            continue;
        }
        let end = json::walk(
            source.read(list)?,
            |path| path.is_empty(),
            |path, event| {
                let (["*"], Event::Value(bytes)) = (path, event) else { return Ok(()) };
                let Some((fields, id)) =
                    json::object(bytes).and_then(|found| fields::id(&found, "id").map(|id| (found, id)))
                else {
                    out.note_file("row.type");
                    return Ok(());
                };
                let name = fields::owned(&fields, "name");
                folders.insert(name.clone().unwrap_or_else(|| id.clone()), id.clone());
                let topic = fields::object(&fields, "topic").and_then(|topic| fields::owned(topic, "value"));
                out.conversation(Conversation {
                    topic,
                    created: fields::seconds(&fields, "created"),
                    raw: Value::Object(fields),
                    ..Conversation::new(id, kind, name)
                })
            },
        )?;
        out.ended(end);
    }
    Ok(folders)
}

fn one_day(
    source: &mut Source,
    name: &str,
    conversation: &str,
    known: &mut HashSet<String>,
    out: &mut Out<'_>,
) -> Result<(), ImportError> {
    let end = json::walk(
        source.read(name)?,
        |path| path.is_empty(),
        |path, event| {
            if path != ["*"] {
                return Ok(());
            }
            let Some(fields) = out.object(&event) else { return Ok(()) };
            stranger(&fields, known, out)?;
            let Some(record) = record(fields, conversation) else {
                out.lost("row.time");
                return Ok(());
            };
            out.record(record)
        },
    )?;
    out.ended(end);
    Ok(())
}

/// Somebody of another workspace or a deleted app: no list has them, and their messages tell who they are.
fn stranger(fields: &Fields, known: &mut HashSet<String>, out: &mut Out<'_>) -> Result<(), ImportError> {
    let (user, bot) = (fields::object(fields, "user_profile"), fields::object(fields, "bot_profile"));
    let id = fields::id(fields, "user").or_else(|| fields::id(fields, "bot_id"));
    let (Some(id), Some(profile)) = (id, user.or(bot)) else { return Ok(()) };
    if known.len() >= MAX_USERS || !known.insert(id.clone()) {
        return Ok(());
    }
    out.participant(Participant {
        name: fields::owned(profile, "real_name").or_else(|| fields::owned(profile, "name")),
        nickname: fields::owned(profile, "display_name"),
        bot: user.is_none().then_some(true),
        raw: Value::Object(profile.clone()),
        ..Participant::new(id)
    })
}

fn record(fields: Fields, conversation: &str) -> Option<Record> {
    let ts = fields::owned(&fields, "ts")?;
    let at = fields::seconds(&fields, "ts")?;
    let comment = fields::object(&fields, "comment");
    let sender = fields::id(&fields, "user")
        .or_else(|| fields::id(&fields, "bot_id"))
        .or_else(|| comment.and_then(|comment| fields::id(comment, "user")))
        .unwrap_or_default();
    let mut record = message(ts.clone(), at, sender);
    record.conversation = Some(conversation.into());
    let subtype = fields::text(&fields, "subtype");
    record.kind = match subtype {
        None => RecordKind::Message,
        Some("tombstone") => RecordKind::Redaction,
        Some(subtype) if WRITTEN.contains(&subtype) => RecordKind::Message,
        Some(_) => RecordKind::System,
    };
    let profile = fields::object(&fields, "user_profile").or_else(|| fields::object(&fields, "bot_profile"));
    let named = |name| profile.and_then(|profile| fields::owned(profile, name));
    record.sender_name =
        fields::owned(&fields, "username").or_else(|| named("real_name")).or_else(|| named("name"));
    record.text = words(&fields);
    record.mentions = record.text.as_deref().map(mentions).unwrap_or_default();
    record.thread = fields::id(&fields, "thread_ts").filter(|thread| *thread != ts).map(Into::into);
    record.edited_at = fields::object(&fields, "edited").and_then(|edited| fields::seconds(edited, "ts"));
    // Old exports have one file under `file`.
    let files = fields::objects(&fields, "files").chain(fields::object(&fields, "file"));
    record.attachments = files.filter_map(attachment).collect();
    record.content = match subtype {
        Some("huddle_thread") => Some(Content::Call),
        _ => (!record.attachments.is_empty()).then_some(Content::File),
    };
    record.reactions = fields::objects(&fields, "reactions")
        .filter_map(|reaction| {
            Some(Reaction {
                key: fields::owned(reaction, "name")?,
                count: fields::whole(reaction, "count")
                    .and_then(|count| u64::try_from(count).ok())
                    .unwrap_or(0),
                by: fields::ids(reaction, "users").into_iter().map(Into::into).collect(),
            })
        })
        .collect();
    record.raw = Value::Object(fields);
    Some(record)
}

/// The text. Apps often have none and say all in cards or blocks.
fn words(fields: &Fields) -> Option<String> {
    let cards =
        || fields::cards(fields::objects(fields, "attachments"), &["pretext", "title", "text"], "fallback");
    let blocks = || {
        let mut lines = Vec::new();
        within(fields.get("blocks")?, &mut lines);
        (!lines.is_empty()).then(|| lines.join("\n"))
    };
    fields::owned(fields, "text").or_else(cards).or_else(blocks)
}

/// All texts within blocks, in their order.
fn within(value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| within(value, lines)),
        Value::Object(fields) => {
            lines.extend(fields::owned(fields, "text"));
            fields.values().for_each(|value| within(value, lines));
        }
        _ => {}
    }
}

/// Accounts in `<@U…>` and `<@U…|name>`; `<!channel>`, `<!here>` and `<!everyone>` address everybody.
fn mentions(text: &str) -> Vec<adjourn_domain::ids::NativeId> {
    let mut found: Vec<adjourn_domain::ids::NativeId> = Vec::new();
    for part in text.split('<').skip(1) {
        let Some((inner, _)) = part.split_once('>') else { continue };
        let inner = inner.split('|').next().unwrap_or(inner);
        let who = match inner.split_at_checked(1) {
            Some(("@", id)) => id,
            Some(("!", "channel" | "here" | "everyone")) => "*",
            _ => continue,
        };
        if !found.iter().any(|known| known.as_str() == who) {
            found.push(who.into());
        }
    }
    found
}

fn attachment(file: &Fields) -> Option<Attachment> {
    Some(Attachment {
        id: fields::id(file, "id")?.into(),
        name: fields::owned(file, "name").or_else(|| fields::owned(file, "title")).unwrap_or_default(),
        bytes: fields::whole(file, "size").and_then(|bytes| u64::try_from(bytes).ok()),
        media_type: fields::owned(file, "mimetype"),
    })
}

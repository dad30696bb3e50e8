//! An export of a Slack workspace: `users.json`, `channels.json`, `groups.json`, `dms.json`, `mpims.json` and a folder a conversation with a file a day.
//!
//! Days are read in their order, conversations one after another. `ts` is the id of a message and its time; the digits behind its point only tell messages
//! of a second apart. (Slack, "How to read Slack data exports".)

use std::collections::BTreeMap;

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
const WRITTEN: [&str; 7] = [
    "bot_message",
    "file_share",
    "file_comment",
    "me_message",
    "thread_broadcast",
    "reply_broadcast",
    "huddle_thread",
];

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    out.head(Head::of("slack", Format::SlackExport.slug()))?;
    people(source, out)?;
    let folders = conversations(source, out)?;
    let mut days: BTreeMap<(String, String), String> = BTreeMap::new();
    for name in source.names() {
        if let Some((folder, day)) = day(&name) {
            days.insert((folder.to_owned(), day.to_owned()), name.clone());
        }
    }
    let mut unlisted = BTreeMap::new();
    for ((folder, _), name) in days {
        let id = match folders.get(&folder).or_else(|| unlisted.get(&folder)) {
            Some(id) => id.clone(),
            None => {
                // Exports of single channels lack the lists; the folder's name is all there is.
                out.conversation(Conversation::new(
                    folder.as_str(),
                    ConversationKind::Channel,
                    Some(folder.clone()),
                ))?;
                unlisted.insert(folder.clone(), folder.clone());
                folder
            }
        };
        one_day(source, &name, &id, out)?;
    }
    Ok(())
}

fn people(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
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
    Ok(())
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
    out: &mut Out<'_>,
) -> Result<(), ImportError> {
    let end = json::walk(
        source.read(name)?,
        |path| path.is_empty(),
        |path, event| {
            if path != ["*"] {
                return Ok(());
            }
            out.row();
            let Event::Value(bytes) = event else {
                out.lost("row.too_long");
                return Ok(());
            };
            let Some(fields) = json::object(bytes) else {
                out.lost("row.json");
                return Ok(());
            };
            match record(fields, conversation) {
                Some(record) => out.record(record),
                None => {
                    out.lost("row.time");
                    Ok(())
                }
            }
        },
    )?;
    out.ended(end);
    Ok(())
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
    record.sender_name = fields::owned(&fields, "username").or_else(|| {
        fields::object(&fields, "user_profile").and_then(|profile| fields::owned(profile, "real_name"))
    });
    record.text = fields::owned(&fields, "text");
    record.mentions = record.text.as_deref().map(mentions).unwrap_or_default();
    record.thread = fields::id(&fields, "thread_ts").filter(|thread| *thread != ts).map(Into::into);
    record.edited_at = fields::object(&fields, "edited").and_then(|edited| fields::seconds(edited, "ts"));
    // Old exports have one file under `file`.
    let files = fields::objects(&fields, "files").chain(fields::object(&fields, "file"));
    record.attachments = files.filter_map(attachment).collect();
    record.content = (!record.attachments.is_empty()).then_some(Content::File);
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

//! An export of a Zulip organisation, as a zip file or its folder.
//!
//! ```text
//! realm.json            {zerver_userprofile[…],zerver_userprofile_crossrealm,zerver_recipient,zerver_stream,zerver_huddle,zerver_subscription,zerver_reaction}
//! attachment.json       {zerver_attachment[{path_id,file_name,size,messages[…]}]}
//! messages-000001.json  {zerver_message[{id,sender,recipient,subject,content,date_sent,last_edit_time,edit_history}],zerver_usermessage}
//! ```
//!
//! A stream's topics are its threads. Who read what (`zerver_usermessage`) is left out. Reactions and attachments lie apart from the messages and are held
//! while those are read: a few bytes each, up to a limit. (Zulip, `zerver/lib/export.py`.)

use std::collections::{BTreeMap, HashMap, HashSet};

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Content, Reaction, RecordKind};
use serde_json::Value;

use super::detect::zulip_part;
use super::document::{self, Shape};
use super::fields::{self, Fields};
use super::json::{self, Event};
use super::out::{Out, message};
use super::source::Source;
use super::{Format, ImportError};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Most reactions and most files that are held.
const MAX_HELD: usize = 2_000_000;
/// Lists of accounts.
const ACCOUNTS: [&str; 3] =
    ["zerver_userprofile", "zerver_userprofile_crossrealm", "zerver_userprofile_mirrordummy"];
/// Lists that are read besides.
const LISTS: [&str; 6] = [
    "zerver_recipient",
    "zerver_stream",
    "zerver_huddle",
    "zerver_directmessagegroup",
    "zerver_subscription",
    "zerver_reaction",
];
/// How the account of the platform's own rows begins.
const NOTIFIES: &str = "notification-bot@";
/// Names that address everybody.
const EVERYBODY: [&str; 5] = ["all", "everyone", "stream", "channel", "topic"];

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    out.head(Head::of("zulip", Format::ZulipExport.slug()))?;
    let mut realm = Realm::default();
    realm.read(source, out)?;
    realm.files(source, out)?;
    let parts: Vec<String> = source.names().into_iter().filter(|name| zulip_part(name)).collect();
    // The parts are numbered from 1; a last one that is missing leaves no gap.
    if parts.last().and_then(|last| number(last)).is_some_and(|last| last > parts.len()) {
        out.missing("file.part_missing");
    }
    let shape = Shape { heads: &[], rows: "zerver_message" };
    for part in parts {
        let input = source.read(&part)?;
        document::read(input, &shape, out, |_, _| Ok(()), |(), fields, out| realm.message(fields, out))?;
    }
    Ok(())
}

/// The number of a part.
fn number(part: &str) -> Option<usize> {
    part.strip_prefix("messages-")?.strip_suffix(".json")?.parse().ok()
}

/// Where messages go to.
#[derive(Clone, Copy)]
enum To {
    /// One account, by its id.
    Account(i64),
    /// A stream, by its id.
    Stream(i64),
    /// A group of accounts, by the recipient's own id.
    Group(i64),
}

#[derive(Default)]
struct Realm {
    names: HashMap<i64, String>,
    /// Accounts by name; `None` where several have it.
    by_name: HashMap<String, Option<i64>>,
    notifiers: HashSet<i64>,
    recipients: HashMap<i64, To>,
    streams: HashMap<i64, Fields>,
    members: HashMap<i64, Vec<i64>>,
    said: HashSet<String>,
    emoji: Vec<String>,
    /// Message, account, number of the emoji; in the messages' order.
    reactions: Vec<(i64, i64, usize)>,
    files: Vec<Attachment>,
    /// Message, number of the file; in the messages' order.
    carried: Vec<(i64, usize)>,
}

impl Realm {
    fn read(&mut self, source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let end = json::walk(
            source.read("realm.json")?,
            |path| match path {
                [] => true,
                [list] => ACCOUNTS.contains(list) || LISTS.contains(list),
                _ => false,
            },
            |path, event| {
                let ([list, "*"], Event::Value(bytes)) = (path, event) else { return Ok(()) };
                match json::object(bytes) {
                    Some(fields) if ACCOUNTS.contains(list) => self.account(fields, out),
                    Some(fields) => {
                        self.listed(list, fields, &mut numbers, out);
                        Ok(())
                    }
                    None => {
                        out.note_file("row.json");
                        Ok(())
                    }
                }
            },
        )?;
        out.ended(end);
        self.reactions.sort_unstable();
        self.emoji = vec![String::new(); numbers.len()];
        for (name, number) in numbers {
            if let Some(place) = self.emoji.get_mut(number) {
                *place = name;
            }
        }
        Ok(())
    }

    fn account(&mut self, fields: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
        let Some(id) = fields::whole(&fields, "id") else {
            out.note_file("row.type");
            return Ok(());
        };
        let email = fields::owned(&fields, "delivery_email").or_else(|| fields::owned(&fields, "email"));
        if email.as_deref().is_some_and(|email| email.starts_with(NOTIFIES)) {
            self.notifiers.insert(id);
        }
        let name = fields::owned(&fields, "full_name");
        if let Some(name) = &name {
            self.names.insert(id, name.clone());
            self.by_name.entry(name.clone()).and_modify(|who| *who = None).or_insert(Some(id));
        }
        out.participant(Participant {
            name,
            email,
            bot: fields.get("is_bot").and_then(Value::as_bool),
            raw: Value::Object(fields),
            ..Participant::new(id.to_string())
        })
    }

    fn listed(
        &mut self,
        list: &str,
        fields: Fields,
        numbers: &mut HashMap<String, usize>,
        out: &mut Out<'_>,
    ) {
        let number = |name| fields::whole(&fields, name);
        match list {
            "zerver_recipient" => {
                let (Some(id), Some(to)) = (number("id"), number("type_id")) else { return };
                let to = match number("type") {
                    Some(1) => To::Account(to),
                    Some(2) => To::Stream(to),
                    _ => To::Group(id),
                };
                self.recipients.insert(id, to);
            }
            "zerver_stream" => {
                if let Some(id) = number("id") {
                    self.streams.insert(id, fields);
                }
            }
            "zerver_subscription" => {
                if let (Some(who), Some(to)) = (number("user_profile"), number("recipient")) {
                    self.members.entry(to).or_default().push(who);
                }
            }
            "zerver_reaction" => {
                let (Some(message), Some(who)) = (number("message"), number("user_profile")) else { return };
                if self.reactions.len() >= MAX_HELD {
                    out.missing("file.reactions_left_out");
                    return;
                }
                let fresh = numbers.len();
                let name = fields::owned(&fields, "emoji_name").unwrap_or_default();
                self.reactions.push((message, who, *numbers.entry(name).or_insert(fresh)));
            }
            // A group of accounts is known by its recipient alone.
            _ => {}
        }
    }

    fn files(&mut self, source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
        if !source.has("attachment.json") {
            return Ok(());
        }
        let end = json::walk(
            source.read("attachment.json")?,
            |path| matches!(path, [] | ["zerver_attachment"]),
            |path, event| {
                let (["zerver_attachment", "*"], Event::Value(bytes)) = (path, event) else { return Ok(()) };
                let Some((fields, id)) =
                    json::object(bytes).and_then(|found| fields::id(&found, "path_id").map(|id| (found, id)))
                else {
                    out.note_file("row.json");
                    return Ok(());
                };
                let messages = fields::ids(&fields, "messages");
                if self.carried.len() + messages.len() > MAX_HELD {
                    out.missing("file.attachments_left_out");
                    return Ok(());
                }
                let number = self.files.len();
                self.carried
                    .extend(messages.iter().filter_map(|id| id.parse().ok()).map(|id: i64| (id, number)));
                self.files.push(Attachment {
                    id: id.into(),
                    name: fields::owned(&fields, "file_name").unwrap_or_default(),
                    bytes: fields::whole(&fields, "size").and_then(|bytes| u64::try_from(bytes).ok()),
                    media_type: fields::owned(&fields, "content_type"),
                });
                Ok::<(), ImportError>(())
            },
        )?;
        out.ended(end);
        self.carried.sort_unstable();
        Ok(())
    }

    fn message(&mut self, fields: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
        let (Some(id), Some(at)) = (fields::whole(&fields, "id"), fields::seconds(&fields, "date_sent"))
        else {
            out.lost("row.time");
            return Ok(());
        };
        let sender = fields::whole(&fields, "sender");
        let to = fields::whole(&fields, "recipient").and_then(|to| self.recipients.get(&to)).copied();
        let conversation = self.conversation(to, sender, out)?;
        let shown = sender.map(|sender| sender.to_string()).unwrap_or_default();
        let mut record = message(id.to_string(), at, shown);
        record.conversation = conversation.map(Into::into);
        if sender.is_some_and(|sender| self.notifiers.contains(&sender)) {
            record.kind = RecordKind::System;
        }
        record.sender_name = sender.and_then(|sender| self.names.get(&sender)).cloned();
        record.text = fields::owned(&fields, "content");
        record.mentions = record.text.as_deref().map(|text| self.mentions(text)).unwrap_or_default();
        if matches!(to, Some(To::Stream(_))) {
            record.thread = fields::owned(&fields, "subject").map(Into::into);
        }
        record.edited_at = fields::seconds(&fields, "last_edit_time");
        record.attachments = of(&self.carried, |(message, _)| *message, id)
            .iter()
            .filter_map(|(_, number)| self.files.get(*number).cloned())
            .collect();
        let poll = record.text.as_deref().is_some_and(|text| text.starts_with("/poll "));
        let file = (!record.attachments.is_empty()).then_some(Content::File);
        record.content = if poll { Some(Content::Poll) } else { file };
        record.reactions = self.reactions_of(id);
        record.raw = Value::Object(fields);
        out.record(record)
    }

    /// The conversation of a message, which is said before its first one.
    fn conversation(
        &mut self,
        to: Option<To>,
        sender: Option<i64>,
        out: &mut Out<'_>,
    ) -> Result<Option<String>, ImportError> {
        let Some(to) = to else {
            out.note("row.conversation_unknown");
            return Ok(None);
        };
        let id = match to {
            To::Stream(id) => format!("stream/{id}"),
            To::Group(id) => format!("group/{id}"),
            To::Account(id) => {
                let other = sender.unwrap_or(id);
                format!("direct/{}-{}", id.min(other), id.max(other))
            }
        };
        if !self.said.insert(id.clone()) {
            return Ok(Some(id));
        }
        let conversation = match to {
            To::Account(_) => Conversation::new(id.as_str(), ConversationKind::Direct, None),
            To::Group(recipient) => {
                let members = self.members.get(&recipient).map(Vec::as_slice).unwrap_or_default();
                let names: Vec<&str> =
                    members.iter().filter_map(|who| self.names.get(who)).map(String::as_str).collect();
                let name = (!names.is_empty()).then(|| names.join(", "));
                let two = members.len() == 2;
                let kind = if two { ConversationKind::Direct } else { ConversationKind::Group };
                Conversation::new(id.as_str(), kind, name)
            }
            To::Stream(stream) => {
                let about = self.streams.get(&stream).cloned().unwrap_or_default();
                let closed = fields::flag(&about, "invite_only");
                let kind = if closed { ConversationKind::Group } else { ConversationKind::Channel };
                Conversation {
                    topic: fields::owned(&about, "description"),
                    created: fields::seconds(&about, "date_created"),
                    raw: Value::Object(about.clone()),
                    ..Conversation::new(id.as_str(), kind, fields::owned(&about, "name"))
                }
            }
        };
        out.conversation(conversation)?;
        Ok(Some(id))
    }

    /// Accounts in `@**name**`, `@**name|id**` and, silently, `@_**name**`. Groups of users are no accounts.
    fn mentions(&self, text: &str) -> Vec<NativeId> {
        let mut found: Vec<NativeId> = Vec::new();
        for part in text.split('@').skip(1) {
            let part = part.strip_prefix('_').unwrap_or(part);
            let inner = part.strip_prefix("**").and_then(|rest| rest.split_once("**"));
            let Some((name, _)) = inner else { continue };
            let told = name.rsplit_once('|').and_then(|(_, id)| id.parse::<i64>().ok());
            let known = || self.by_name.get(name).copied().flatten();
            let who = match told.or_else(known) {
                Some(id) => id.to_string(),
                None if EVERYBODY.contains(&name) => "*".to_owned(),
                None => continue,
            };
            if !found.iter().any(|known| known.as_str() == who) {
                found.push(who.into());
            }
        }
        found
    }

    fn reactions_of(&self, message: i64) -> Vec<Reaction> {
        let mut by: BTreeMap<usize, Vec<NativeId>> = BTreeMap::new();
        for (_, who, number) in of(&self.reactions, |(message, ..)| *message, message) {
            by.entry(*number).or_default().push(who.to_string().into());
        }
        let shown = |(number, by): (usize, Vec<NativeId>)| Reaction {
            key: self.emoji.get(number).cloned().unwrap_or_default(),
            count: by.len() as u64,
            by,
        };
        by.into_iter().map(shown).collect()
    }
}

/// What belongs to a message, of a list in the messages' order.
fn of<T>(list: &[T], message_of: impl Fn(&T) -> i64, message: i64) -> &[T] {
    let from = list.partition_point(|entry| message_of(entry) < message);
    let rest = list.get(from..).unwrap_or_default();
    let length = rest.partition_point(|entry| message_of(entry) == message);
    rest.get(..length).unwrap_or_default()
}

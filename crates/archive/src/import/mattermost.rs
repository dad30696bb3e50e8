//! Mattermost's bulk export: JSON lines, alone or in a zip file beside its files.
//!
//! ```text
//! {"type":"version"|"team"|"channel"|"user"|"bot"|"post"|"direct_channel"|"direct_post"|…,"<type>":{…}}
//! post {team,channel,user,message,create_at(ms),edit_at,reactions,attachments,replies[{user,message,create_at,…}]}
//! ```
//!
//! Posts have no ids: each has that of its row, and a reply is a row of its own. An account is its user name.
//! (Mattermost, "Bulk loading data".)

use std::collections::{BTreeMap, HashSet};

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Content, Reaction, RecordKind};
use serde_json::Value;

use super::fields::{self, Fields};
use super::out::{Out, message};
use super::source::Source;
use super::text_lines::{self, TextLine};
use super::{Format, ImportError, json};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Kinds of lines that say nothing about chats.
const BESIDE: [&str; 4] = ["team", "emoji", "role", "scheme"];
/// How a row of the platform's own is called.
const SYSTEM: &str = "system_";
/// Names that address everybody.
const EVERYBODY: [&str; 3] = ["all", "channel", "here"];
/// Most names of users that are kept to know mentions.
const MAX_USERS: usize = 1_000_000;

pub(super) fn read(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let mut state = State::default();
    text_lines::each(source.read("")?, |line| {
        // What is a row is known only when it was read; users and channels are none.
        let fields = match line {
            TextLine::Whole(bytes) => json::object(bytes),
            TextLine::TooLong => None,
        };
        let Some(fields) = fields else {
            out.line(&line);
            return Ok(());
        };
        state.line(fields, out)
    })?;
    state.begin(&Fields::new(), out)
}

#[derive(Default)]
struct State {
    begun: bool,
    users: HashSet<String>,
    conversations: HashSet<String>,
}

impl State {
    fn line(&mut self, mut line: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
        let kind = fields::owned(&line, "type").unwrap_or_default();
        if kind == "version" {
            return self.begin(&line, out);
        }
        self.begin(&Fields::new(), out)?;
        if BESIDE.contains(&kind.as_str()) {
            return Ok(());
        }
        let Some(Value::Object(fields)) = line.remove(&kind) else {
            out.row();
            out.lost("row.type");
            return Ok(());
        };
        match kind.as_str() {
            "user" => self.person(fields, false, out),
            "bot" => self.person(fields, true, out),
            "channel" => {
                let kind = match fields::text(&fields, "type") {
                    Some("P") => ConversationKind::Group,
                    _ => ConversationKind::Channel,
                };
                let name = fields::owned(&fields, "display_name").or_else(|| fields::owned(&fields, "name"));
                self.conversation(channel(&fields, "name"), kind, name, fields, out)
            }
            "direct_channel" => {
                let (id, kind) = direct(&fields, &["participants", "members"]);
                self.conversation(id, kind, None, fields, out)
            }
            "post" => {
                let (id, kind) = (channel(&fields, "channel"), ConversationKind::Channel);
                let name = fields::owned(&fields, "channel");
                self.conversation(id.clone(), kind, name, Fields::new(), out)?;
                self.post(fields, &id, out)
            }
            "direct_post" => {
                let (id, kind) = direct(&fields, &["channel_members"]);
                self.conversation(id.clone(), kind, None, Fields::new(), out)?;
                self.post(fields, &id, out)
            }
            _ => {
                out.note_file("row.type_unknown");
                Ok(())
            }
        }
    }

    fn begin(&mut self, version: &Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let info = fields::object(version, "info");
        let tool = info.map(|info| {
            let part = |name| fields::text(info, name).unwrap_or_default();
            format!("{} {}", part("generator"), part("version")).trim().to_owned()
        });
        let exported = info.and_then(|info| fields::time(info, "created"));
        out.head(Head { tool, exported, ..Head::of("mattermost", Format::MattermostJsonl.slug()) })
    }

    fn person(&mut self, fields: Fields, bot: bool, out: &mut Out<'_>) -> Result<(), ImportError> {
        let Some(id) = fields::id(&fields, "username") else {
            out.note_file("row.type");
            return Ok(());
        };
        if self.users.len() < MAX_USERS {
            self.users.insert(id.clone());
        }
        let names = ["first_name", "last_name"].into_iter().filter_map(|name| fields::text(&fields, name));
        let full = names.collect::<Vec<_>>().join(" ");
        out.participant(Participant {
            name: Some(full)
                .filter(|full| !full.is_empty())
                .or_else(|| fields::owned(&fields, "display_name")),
            nickname: fields::owned(&fields, "nickname"),
            email: fields::owned(&fields, "email"),
            bot: bot.then_some(true),
            raw: Value::Object(fields),
            ..Participant::new(id)
        })
    }

    /// Says a conversation once; one that no line told of is said by its first post.
    fn conversation(
        &mut self,
        id: String,
        kind: ConversationKind,
        name: Option<String>,
        fields: Fields,
        out: &mut Out<'_>,
    ) -> Result<(), ImportError> {
        if !self.conversations.insert(id.clone()) {
            return Ok(());
        }
        let topic = fields::owned(&fields, "header").or_else(|| fields::owned(&fields, "purpose"));
        let raw = if fields.is_empty() { Value::Null } else { Value::Object(fields) };
        out.conversation(Conversation { topic, raw, ..Conversation::new(id, kind, name) })
    }

    /// A post and its replies, which are no part of its own `raw`.
    fn post(&self, mut post: Fields, conversation: &str, out: &mut Out<'_>) -> Result<(), ImportError> {
        // What is no list stays with the post, as it came.
        let replies = match post.remove("replies") {
            Some(Value::Array(replies)) => replies,
            Some(Value::Null) | None => Vec::new(),
            Some(other) => {
                post.insert("replies".to_owned(), other);
                out.missing("row.type");
                Vec::new()
            }
        };
        out.row();
        let root = out.row_id();
        self.one(post, conversation, None, out)?;
        for reply in replies {
            out.row();
            match reply {
                Value::Object(reply) => self.one(reply, conversation, Some(&root), out)?,
                _ => out.lost("row.json"),
            }
        }
        Ok(())
    }

    fn one(
        &self,
        fields: Fields,
        conversation: &str,
        thread: Option<&str>,
        out: &mut Out<'_>,
    ) -> Result<(), ImportError> {
        let Some(at) = fields::millis(&fields, "create_at") else {
            out.lost("row.time");
            return Ok(());
        };
        let mut record = message(out.row_id(), at, fields::id(&fields, "user").unwrap_or_default());
        record.conversation = Some(conversation.into());
        record.thread = thread.map(Into::into);
        if fields::text(&fields, "type").is_some_and(|kind| kind.starts_with(SYSTEM)) {
            record.kind = RecordKind::System;
        }
        record.text = words(&fields);
        record.mentions = record.text.as_deref().map(|text| self.mentions(text)).unwrap_or_default();
        record.edited_at = fields::millis(&fields, "edit_at").filter(|at| at.as_millis() > 0);
        record.attachments = fields::objects(&fields, "attachments").filter_map(attachment).collect();
        record.content = (!record.attachments.is_empty()).then_some(Content::File);
        record.reactions = reactions(&fields);
        record.raw = Value::Object(fields);
        out.record(record)
    }

    /// Users that are addressed with `@`. A full stop may end a name or a sentence.
    fn mentions(&self, text: &str) -> Vec<NativeId> {
        let mut found: Vec<NativeId> = Vec::new();
        for part in text.split('@').skip(1) {
            let fits = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_');
            let end = part.find(|sign| !fits(sign)).unwrap_or(part.len());
            let name = part.get(..end).unwrap_or_default();
            let bare = name.trim_end_matches('.');
            let known = [name, bare].into_iter().find(|name| self.users.contains(*name));
            let who = if EVERYBODY.contains(&bare) { Some("*") } else { known };
            if let Some(who) = who.filter(|who| !found.iter().any(|known| known.as_str() == *who)) {
                found.push(who.into());
            }
        }
        found
    }
}

/// The text. Bots and webhooks often have none and say all in cards.
fn words(fields: &Fields) -> Option<String> {
    let cards = || {
        let cards = fields::objects(fields::object(fields, "props")?, "attachments");
        fields::cards(cards, &["pretext", "title", "text"], "fallback")
    };
    fields::owned(fields, "message").or_else(cards)
}

/// A channel's names are unique within its team.
fn channel(fields: &Fields, name: &str) -> String {
    let part = |name| fields::text(fields, name).unwrap_or_default();
    format!("{}/{}", part("team"), part(name))
}

/// A direct channel is its members: their names, or objects that have them.
fn direct(fields: &Fields, lists: &[&str]) -> (String, ConversationKind) {
    let members = lists.iter().find_map(|name| fields.get(*name)?.as_array());
    let name = |member: &Value| match member {
        Value::Object(member) => fields::id(member, "username"),
        other => fields::id_of(other),
    };
    let mut names: Vec<String> = members.into_iter().flatten().filter_map(name).collect();
    names.sort();
    names.dedup();
    let kind = if names.len() > 2 { ConversationKind::Group } else { ConversationKind::Direct };
    (format!("direct/{}", names.join(",")), kind)
}

fn attachment(fields: &Fields) -> Option<Attachment> {
    let path = fields::owned(fields, "path")?;
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    Some(Attachment { id: path.into(), name, bytes: None, media_type: None })
}

fn reactions(fields: &Fields) -> Vec<Reaction> {
    let mut by: BTreeMap<String, Vec<NativeId>> = BTreeMap::new();
    for reaction in fields::objects(fields, "reactions") {
        if let (Some(key), Some(user)) = (fields::owned(reaction, "emoji_name"), fields::id(reaction, "user"))
        {
            by.entry(key).or_default().push(user.into());
        }
    }
    by.into_iter().map(|(key, by)| Reaction { key, count: by.len() as u64, by }).collect()
}

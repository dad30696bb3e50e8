//! Telegram Desktop's `result.json`: one chat, or all of them.
//!
//! ```text
//! {name,type,id,messages[…]}                       one chat
//! {about,personal_information,chats{list[chat]},left_chats{list[chat]}}
//! {id,type:message|service,date,date_unixtime?,from,from_id,text,text_entities,reply_to_message_id,photo|file,reactions,action,actor_id}
//! ```
//!
//! Old exports have local times alone and plain numbers as accounts. `from` is null for accounts that are gone, and saved messages have no name. Contacts
//! and sessions of the exporting account are no messages and are left out. What the program itself could not read has neither time nor words
//! (`type:unsupported`): such rows are listed as lost. (Telegram Desktop, `export_output_json.cpp`.)
//!
//! A forum's topic is a thread. Its first row makes it (`topic_created`); its messages answer that row or one another, and no field says which topic they
//! belong to.

use std::collections::HashMap;

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Content, Reaction, Record, RecordKind};
use adjourn_domain::time::Time;
use adjourn_formats::Zone;
use serde_json::Value;

use super::fields::{self, Fields};
use super::json::{self, Event};
use super::out::{Out, message};
use super::source::Source;
use super::{Format, ImportError, Options};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// What a file is by `media_type`; a file without one is a file.
const MEDIA: [(&str, Content); 6] = [
    ("sticker", Content::Sticker),
    ("animation", Content::Sticker),
    ("voice_message", Content::Voice),
    ("video_message", Content::Video),
    ("video_file", Content::Video),
    ("audio_file", Content::File),
];
/// Fields that say what a message is besides text.
const SAID: [(&str, Content); 12] = [
    ("photo", Content::Image),
    ("location_information", Content::Location),
    ("place_name", Content::Location),
    ("contact_information", Content::Contact),
    ("poll", Content::Poll),
    ("game_title", Content::App),
    ("invoice_information", Content::Other),
    ("story_data", Content::Other),
    ("dice", Content::Other),
    ("giveaway_information", Content::Other),
    ("giveaway_results", Content::Other),
    ("paid_stars_amount", Content::Other),
];
/// Fields that name the message which another one is about.
const ABOUT: [&str; 4] = ["reply_to_message_id", "message_id", "game_message_id", "invoice_message_id"];
/// Files of a message, and their sizes.
const FILES: [(&str, &str); 3] =
    [("photo", "photo_file_size"), ("file", "file_size"), ("contact_vcard", "contact_vcard_file_size")];
/// The way to a chat's messages within a list of chats.
const OPENED: [&str; 3] = ["list", "*", "messages"];
/// Messages of topics that are held; further ones that answer later ones are in no thread.
const MOST_IN_TOPICS: usize = 1_000_000;
/// What stands in the place of a path when a file was not exported.
const LEFT_OUT: &str = "(File";

pub(super) fn read(source: &mut Source, options: &Options, out: &mut Out<'_>) -> Result<(), ImportError> {
    out.head(Head {
        tool: Some("Telegram Desktop".to_owned()),
        ..Head::of("telegram", Format::TelegramJson.slug())
    })?;
    let mut chat = Chat::default();
    let end = json::walk(
        source.read("")?,
        |path| match path {
            [] | ["messages"] => true,
            ["chats" | "left_chats", rest @ ..] => OPENED.starts_with(rest),
            _ => false,
        },
        |path, event| {
            let within = path.strip_prefix(&["chats", "list", "*"]);
            let within = within.or_else(|| path.strip_prefix(&["left_chats", "list", "*"]));
            match (within.unwrap_or(path), event) {
                ([], Event::Open) => {
                    chat = Chat::default();
                    Ok(())
                }
                // A chat without messages is one all the same.
                ([], event @ Event::Value(_)) if within.is_some() => {
                    out.no_list(&event);
                    Ok(())
                }
                ([], Event::Close) if within.is_some() => chat.begin(out).map(drop),
                (
                    ["chats" | "left_chats" | "messages"] | ["chats" | "left_chats", "list"],
                    event @ Event::Value(_),
                ) => {
                    out.no_list(&event);
                    Ok(())
                }
                ([key], Event::Value(bytes)) => {
                    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
                        chat.about.insert((*key).to_owned(), value);
                    }
                    Ok(())
                }
                (["messages"], Event::Open) => chat.begin(out).map(drop),
                (["messages", "*"], event) => {
                    let id = chat.begin(out)?;
                    match out.object(&event) {
                        Some(fields) => chat.take(fields, &id, &options.zone, out),
                        None => Ok(()),
                    }
                }
                (["chats" | "left_chats", "list", _] | ["messages", _], event) => {
                    out.no_list(&event);
                    Ok(())
                }
                _ => Ok(()),
            }
        },
    )?;
    out.ended(end);
    Ok(())
}

/// The chat that the rows belong to.
#[derive(Default)]
struct Chat {
    about: Fields,
    begun: Option<NativeId>,
    /// The topic of each message in one, by their ids, as many as are held.
    topics: HashMap<i64, i64>,
}

impl Chat {
    fn begin(&mut self, out: &mut Out<'_>) -> Result<NativeId, ImportError> {
        if let Some(id) = &self.begun {
            return Ok(id.clone());
        }
        let about = std::mem::take(&mut self.about);
        let name = fields::owned(&about, "name");
        let kind = match fields::text(&about, "type").unwrap_or_default() {
            "personal_chat" | "bot_chat" | "saved_messages" | "replies" | "verification_codes" => {
                ConversationKind::Direct
            }
            kind if kind.ends_with("channel") => ConversationKind::Channel,
            _ => ConversationKind::Group,
        };
        let told = fields::id(&about, "id").or_else(|| name.clone());
        let id = NativeId(told.or_else(|| fields::owned(&about, "type")).unwrap_or_default());
        self.begun = Some(id.clone());
        let raw = Value::Object(about);
        out.conversation(Conversation { raw, ..Conversation::new(id.clone(), kind, name) })?;
        Ok(id)
    }

    fn take(
        &mut self,
        fields: Fields,
        chat: &NativeId,
        zone: &Zone,
        out: &mut Out<'_>,
    ) -> Result<(), ImportError> {
        let id = fields::whole(&fields, "id");
        let created = fields::text(&fields, "action") == Some("topic_created");
        let about = fields::whole(&fields, "reply_to_message_id").filter(|_| !elsewhere(&fields, chat));
        let topic = about.and_then(|about| self.topics.get(&about)).copied();
        if let Some((id, topic)) = id.zip(topic.or(id.filter(|_| created)))
            && self.topics.len() < MOST_IN_TOPICS
        {
            self.topics.insert(id, topic);
        }
        take(fields, chat, topic, zone, out)
    }
}

fn take(
    fields: Fields,
    chat: &NativeId,
    topic: Option<i64>,
    zone: &Zone,
    out: &mut Out<'_>,
) -> Result<(), ImportError> {
    let Some((at, sure)) = when(&fields, "date_unixtime", "date", zone) else {
        out.lost("row.time");
        return Ok(());
    };
    if !sure {
        out.note("row.time_twice");
    }
    let service = fields::text(&fields, "type") == Some("service");
    // Some rows of the platform have a sender instead of an actor.
    let sender = ["actor_id", "from_id"].into_iter().find_map(|name| fields::id(&fields, name));
    let name = ["actor", "from"].into_iter().find_map(|name| fields::owned(&fields, name));
    if let Some(sender) = &sender {
        out.participant(Participant { name: name.clone(), ..Participant::new(sender.as_str()) })?;
    }
    let mut record = message(fields::id(&fields, "id").unwrap_or_default(), at, sender.unwrap_or_default());
    record.conversation = Some(chat.clone());
    record.sender_name = name;
    if service {
        record.kind = RecordKind::System;
        // Who was invited or removed is told by name alone, and may never have written: so that the name is known wherever it stands.
        let inviter = fields::owned(&fields, "inviter");
        for named in fields::ids(&fields, "members").into_iter().chain(inviter) {
            out.participant(Participant { name: Some(named.clone()), ..Participant::new(named.as_str()) })?;
        }
    }
    if fields::text(&fields, "action") == Some("phone_call") {
        record.content = Some(Content::Call);
    }
    words(&fields, &mut record);
    if record.text.is_none() {
        record.text = if service { action(&fields) } else { card(&fields) };
    }
    record.edited_at = when(&fields, "edited_unixtime", "edited", zone).map(|(at, _)| at);
    if !elsewhere(&fields, chat) {
        record.reply_to = ABOUT.into_iter().find_map(|name| fields::id(&fields, name)).map(Into::into);
        record.thread = topic.map(|topic| topic.to_string().into());
        // What only stands in a topic answers nobody.
        record.reply_to = record.reply_to.filter(|about| record.thread.as_ref() != Some(about));
    }
    files(&fields, &mut record);
    record.reactions = fields::objects(&fields, "reactions").filter_map(reaction).collect();
    record.raw = Value::Object(fields);
    out.record(record)
}

/// A time, and whether its clock showed it once.
fn when(fields: &Fields, unix: &str, local: &str, zone: &Zone) -> Option<(Time, bool)> {
    if let Some(at) = fields::seconds(fields, unix) {
        return Some((at, true));
    }
    zone.read(&fields::text(fields, local)?.replacen('T', " ", 1))
}

/// The text, which is one or a list of parts, and who is mentioned in it.
fn words(fields: &Fields, record: &mut Record) {
    let mut text = String::new();
    let mut parts: Vec<&Fields> = Vec::new();
    match fields.get("text") {
        Some(Value::String(whole)) => text.push_str(whole),
        Some(Value::Array(list)) => {
            for part in list {
                match part {
                    Value::String(plain) => text.push_str(plain),
                    Value::Object(part) => {
                        text.push_str(fields::text(part, "text").unwrap_or_default());
                        parts.push(part);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
    record.text = Some(text).filter(|text| !text.is_empty());
    if fields.contains_key("text_entities") {
        parts = fields::objects(fields, "text_entities").collect();
    }
    // An account is named as the senders are.
    let prefix = if fields.get("from_id").is_some_and(Value::is_number) { "" } else { "user" };
    for part in parts {
        let who = match fields::text(part, "type") {
            Some("mention") => fields::owned(part, "text"),
            Some("mention_name") => fields::id(part, "user_id").map(|id| format!("{prefix}{id}")),
            _ => None,
        };
        if let Some(who) = who.filter(|who| !record.mentions.iter().any(|known| known.as_str() == who)) {
            record.mentions.push(who.into());
        }
    }
}

/// Whether the message that is answered lies in another chat, whose ids are not those of this one.
fn elsewhere(fields: &Fields, chat: &NativeId) -> bool {
    let peer = fields::text(fields, "reply_to_peer_id");
    peer.is_some_and(|peer| peer.trim_start_matches(|sign: char| sign.is_ascii_alphabetic()) != chat.as_str())
}

/// What a row of the platform's own tells: what was done, and of what or to whom.
fn action(fields: &Fields) -> Option<String> {
    let members = fields::ids(fields, "members");
    let named = ["title", "new_title", "information_text", "inviter"];
    let of: Vec<&str> = named
        .iter()
        .filter_map(|name| fields::text(fields, name))
        .chain(members.iter().map(String::as_str))
        .collect();
    let done: Vec<String> =
        fields::owned(fields, "action").into_iter().chain((!of.is_empty()).then(|| of.join(", "))).collect();
    (!done.is_empty()).then(|| done.join(": "))
}

/// The words of a poll, a contact, a place, a game or an invoice.
fn card(fields: &Fields) -> Option<String> {
    let of = |name, inner: &'static [&str]| {
        let card = fields::object(fields, name);
        card.into_iter().flat_map(move |card| inner.iter().filter_map(|name| fields::text(card, name)))
    };
    let own = ["place_name", "address", "game_title", "game_description"];
    let answers =
        fields::object(fields, "poll").into_iter().flat_map(|poll| fields::objects(poll, "answers"));
    let lines: Vec<&str> = of("poll", &["question"])
        .chain(answers.filter_map(|answer| fields::text(answer, "text")))
        .chain(of("contact_information", &["first_name", "last_name", "phone_number"]))
        .chain(of("invoice_information", &["title", "description"]))
        .chain(own.iter().filter_map(|name| fields::text(fields, name)))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What a message is besides text, and the files that it carries.
fn files(fields: &Fields, record: &mut Record) {
    // A place that was hidden is null.
    let told = |name: &str| match fields.get(name) {
        Some(value) => !value.is_null() || name == "location_information",
        None => false,
    };
    let said = SAID.iter().find(|(name, _)| told(name));
    if let Some((_, content)) = said {
        record.content = Some(*content);
    } else if fields.contains_key("file") {
        let media = fields::text(fields, "media_type").unwrap_or_default();
        let known = MEDIA.iter().find(|(of, _)| *of == media);
        record.content = Some(known.map_or(Content::File, |(_, content)| *content));
    } else if fields.contains_key("forwarded_from") {
        record.content = Some(Content::Forward);
    }
    for (name, bytes) in FILES {
        let Some(path) = fields::text(fields, name) else { continue };
        let there = !path.starts_with(LEFT_OUT);
        let last = path.rsplit('/').next().filter(|_| there).unwrap_or_default();
        // A file that was not exported has no path: its message names it.
        let id = if there { path.to_owned() } else { format!("{}/{name}", record.id) };
        record.attachments.push(Attachment {
            id: id.into(),
            name: fields::owned(fields, "file_name")
                .filter(|_| name == "file")
                .unwrap_or_else(|| last.to_owned()),
            bytes: fields::whole(fields, bytes).and_then(|bytes| u64::try_from(bytes).ok()),
            media_type: fields::owned(fields, "mime_type").filter(|_| name == "file"),
        });
    }
}

fn reaction(fields: &Fields) -> Option<Reaction> {
    let key = ["emoji", "document_id", "type"].into_iter().find_map(|name| fields::id(fields, name))?;
    Some(Reaction {
        key,
        count: fields::whole(fields, "count").and_then(|count| u64::try_from(count).ok()).unwrap_or(0),
        by: fields::objects(fields, "recent")
            .filter_map(|who| fields::id(who, "from_id"))
            .map(Into::into)
            .collect(),
    })
}

//! What members' tools write about WeChat: chatlog, `MemoTrace`, `PyWxDump`. The reading itself is that of evidence (`adjourn-formats`); what the client
//! keeps as XML becomes words here.
//!
//! `PyWxDump` writes a chat in pages, and beside them `users.json`: `{wxid: {wxid, nickname, remark, account}}`. `MemoTrace` 2 calls the folder of a chat
//! `name(account)`.

use std::collections::{BTreeSet, HashMap};
use std::io::Read as _;

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Content, Record, RecordKind};
use adjourn_formats::{Item, Parser, Row, names_nobody, own_words};
use serde_json::Value;

use super::fields::{self, Fields};
use super::out::Out;
use super::source::Source;
use super::{Format, ImportError, Options, detect, json};
use crate::model::{Conversation, ConversationKind, Head, Participant};
use card::Card;
use chats::Chats;

mod card;
mod chats;
mod grouped;

/// Largest list of people, in bytes.
const MAX_USERS: u64 = 64 * 1024 * 1024;
/// The file beside `PyWxDump`'s pages that names people.
pub(super) const USERS: &str = "users.json";
/// How accounts of groups end.
const ROOM: &str = "@chatroom";

/// The client's types.
const TYPES: [(i64, Content); 10] = [
    (3, Content::Image),
    (34, Content::Voice),
    (42, Content::Contact),
    (43, Content::Video),
    (47, Content::Sticker),
    (48, Content::Location),
    (49, Content::App),
    (50, Content::Call),
    (62, Content::Video),
    (66, Content::Contact),
];
/// Subtypes of 49.
const SUBTYPES: [(i64, Content); 12] = [
    (4, Content::Link),
    (5, Content::Link),
    (6, Content::File),
    (8, Content::Sticker),
    (17, Content::Location),
    (19, Content::Forward),
    (33, Content::App),
    (36, Content::App),
    (62, Content::Poke),
    (74, Content::File),
    (2000, Content::Transfer),
    (2001, Content::RedPacket),
];
/// The type of cards, links and files.
const APP: i64 = 49;
/// The subtype of a card that answers a message: its words are text.
const ANSWER: i64 = 57;

/// Rows of the client that tell of a message that was taken back: their subtype is that of the message.
const RECALLS: [i64; 6] = [1, 5, 6, 33, 36, 57];
/// Fields of chatlog's `contents` that name a file.
const FILES: [&str; 4] = ["md5", "rawmd5", "voice", "cdnurl"];
/// How chatlog's CSV shows files, and what they are.
const SHOWN: [(&str, &str, Content); 4] = [
    ("![", "/image/", Content::Image),
    ("![", "/video/", Content::Video),
    ("[", "/voice/", Content::Voice),
    ("[", "/file/", Content::File),
];

pub(super) fn read(
    source: &mut Source,
    format: Format,
    options: &Options,
    out: &mut Out<'_>,
) -> Result<(), ImportError> {
    out.head(Head::of("wechat", format.slug()))?;
    let mut reading = Reading {
        format,
        chat: None,
        chats: Chats::default(),
        names: HashMap::new(),
        rooms: BTreeSet::new(),
    };
    match format {
        // Whether it is one chat or all of them shows in it alone.
        Format::MemotraceCsv => {
            source.again();
            each(source, options, |row| {
                reading.chats.look(&row.record, row.own);
                Ok(())
            })?;
            if !reading.chats.all() {
                reading.chat = chat_of(source.main());
            }
        }
        Format::MemotraceSessionCsv => reading.chat = chat_of(source.main()),
        Format::PywxdumpCsv | Format::PywxdumpJson => reading.names = names(source, out)?,
        _ => {}
    }
    if let Some(chat) = &reading.chat {
        out.conversation(chat.clone())?;
    }
    if format == Format::ChatlogJson && detect::is_grouped(source)? {
        return grouped::read(source, options, &mut reading, out);
    }
    let before = out.rows();
    let parser = each(source, options, |row| {
        out.at(before + row.number);
        reading.take(row, out)
    })?;
    out.findings_of(before, parser.rows(), parser.findings());
    Ok(())
}

/// Gives each row of a file, and the parser that read it.
fn each(
    source: &mut Source,
    options: &Options,
    mut take: impl FnMut(Row) -> Result<(), ImportError>,
) -> Result<Parser, ImportError> {
    let mut parser = Parser::new(options.zone.clone());
    let mut file = source.read("")?;
    let mut buffer = vec![0; 64 * 1024];
    let mut items = Vec::new();
    loop {
        let read = match file.read(&mut buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            parser.finish(&mut items)?;
        } else {
            parser.feed(buffer.get(..read).unwrap_or_default(), &mut items)?;
        }
        for item in items.drain(..) {
            if let Item::Row(row) = item {
                take(*row)?;
            }
        }
        if read == 0 {
            return Ok(parser);
        }
    }
}

/// The chat that a file in a folder is about: `name(account)/name.csv`, or `name/name_utf8.csv`.
fn chat_of(path: &str) -> Option<Conversation> {
    let stem = |name: &str| name.strip_suffix(".csv").map(|stem| stem.trim_end_matches("_utf8").to_owned());
    let mut parts = path.rsplit('/');
    let file = parts.next().and_then(stem).filter(|file| !file.is_empty())?;
    let folder = parts.next().unwrap_or_default();
    let account = folder.strip_suffix(')').and_then(|folder| folder.rsplit_once('('));
    let Some((name, account)) = account.filter(|(_, account)| !account.is_empty()) else {
        return Some(Conversation::new(file.clone(), ConversationKind::Group, Some(file)));
    };
    Some(Conversation::new(account, kind_of(account), Some(name.to_owned()).filter(|name| !name.is_empty())))
}

fn kind_of(account: &str) -> ConversationKind {
    if account.ends_with(ROOM) { ConversationKind::Group } else { ConversationKind::Direct }
}

/// A person's own name, and the remark of whoever exported.
#[derive(Default)]
struct Name {
    name: Option<String>,
    remark: Option<String>,
}

/// The names beside a page.
fn names(source: &mut Source, out: &mut Out<'_>) -> Result<HashMap<String, Name>, ImportError> {
    let folder = source.main().rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let path = format!("{folder}{USERS}");
    if source.main().is_empty() || !source.has(&path) {
        return Ok(HashMap::new());
    }
    let Some(users) = json::object(&source.small(&path, MAX_USERS)?) else {
        out.missing("file.broken");
        return Ok(HashMap::new());
    };
    let name =
        |user: &Fields| Name { name: fields::owned(user, "nickname"), remark: fields::owned(user, "remark") };
    let users = users.into_iter().filter_map(|(id, user)| Some((id, name(user.as_object()?))));
    Ok(users.collect())
}

/// One file.
struct Reading {
    format: Format,
    /// The chat, where the file's place says it.
    chat: Option<Conversation>,
    chats: Chats,
    names: HashMap<String, Name>,
    rooms: BTreeSet<String>,
}

impl Reading {
    fn take(&mut self, row: Row, out: &mut Out<'_>) -> Result<(), ImportError> {
        let Row { mut record, group, group_name, sender_name, code, .. } = row;
        let mut sender_name = Some(sender_name).filter(|name| !name.is_empty());
        record.conversation = self.conversation(&record, group, group_name, out)?;
        if self.format == Format::MemotraceCsv && self.chats.all() {
            sender_name = Some(record.sender.as_str().to_owned()).filter(|name| !name.is_empty());
        }
        // A word in place of an account.
        let words = matches!(
            self.format,
            Format::ChatlogCsv | Format::ChatlogJson | Format::PywxdumpCsv | Format::PywxdumpJson
        );
        if words && names_nobody(record.sender.as_str()) {
            record.sender = NativeId::from("");
        }
        let listed = self.names.get(record.sender.as_str());
        if let Some(listed) = listed {
            sender_name = sender_name.or_else(|| listed.remark.clone().or_else(|| listed.name.clone()));
        }
        out.participant(Participant {
            conversation: record.conversation.clone(),
            name: listed.and_then(|listed| listed.name.clone()),
            nickname: sender_name.clone(),
            aliases: listed.and_then(|listed| listed.remark.clone()).into_iter().collect(),
            ..Participant::new(record.sender.clone())
        })?;
        record.sender_name = sender_name;
        self.says(&mut record, code);
        out.record(record)
    }

    /// The chat of a row; it is said before its first one.
    fn conversation(
        &mut self,
        record: &Record,
        group: Option<NativeId>,
        name: Option<String>,
        out: &mut Out<'_>,
    ) -> Result<Option<NativeId>, ImportError> {
        if let Some(chat) = &self.chat {
            return Ok(Some(chat.id.clone()));
        }
        if self.format == Format::MemotraceCsv && self.chats.all() {
            let (id, first) = self.chats.of(record);
            first.map_or(Ok(()), |first| out.conversation(first))?;
            return Ok(id);
        }
        let Some(group) = group else { return Ok(None) };
        if self.rooms.insert(group.as_str().to_owned()) {
            let listed = self.names.get(group.as_str());
            let listed = listed.and_then(|listed| listed.remark.clone().or_else(|| listed.name.clone()));
            let kind = kind_of(group.as_str());
            out.conversation(Conversation::new(group.clone(), kind, name.or(listed)))?;
        }
        Ok(Some(group))
    }

    /// What a row says and carries.
    fn says(&self, record: &mut Record, code: Option<(i64, i64)>) {
        let mut code = code;
        let text = record.text.take().unwrap_or_default();
        let card = code.and_then(|(code, _)| card::card(code, &text));
        record.text = Some(text);
        if let Some(Card { text, file, answers, sub, recall }) = card {
            record.text = text;
            record.attachments.extend(file);
            record.reply_to = answers.map(NativeId);
            record.recalled = recall;
            code = code.map(|(code, known)| (code, sub.unwrap_or(known)));
        }
        let typed =
            matches!(self.format, Format::PywxdumpCsv | Format::PywxdumpJson | Format::MemotraceSessionCsv);
        // A word for a kind that nobody knows is not the word for a text.
        record.content = code.map_or(typed.then_some(Content::Other), content);
        record.recalled |= record.kind == RecordKind::System
            && code.is_some_and(|(code, sub)| code == 10_000 && RECALLS.contains(&sub));
        // The word of a tool for a picture is none that somebody wrote.
        if let (true, Some((code, _)), Some(text)) = (typed, code, &record.text) {
            record.text = Some(own_words(code, text).to_owned());
        }
        match self.format {
            Format::ChatlogJson => of_chatlog(record),
            Format::ChatlogCsv => shown(record),
            Format::PywxdumpCsv | Format::PywxdumpJson => of_pywxdump(record),
            _ => {}
        }
        record.text = record.text.take().filter(|text| !text.is_empty());
    }
}

/// Whether a message of this kind is a file.
fn is_file(content: Option<Content>) -> bool {
    use Content::{File, Image, Sticker, Video, Voice};
    content.is_some_and(|content| [Image, Voice, Video, File, Sticker].contains(&content))
}

/// What chatlog knows of a message that is more than text.
fn of_chatlog(record: &mut Record) {
    record.mentions = record
        .raw
        .as_object()
        .map(|raw| fields::ids(raw, "at_user_list"))
        .unwrap_or_default()
        .into_iter()
        .map(|who| if who == "notify@all" { "*".into() } else { who.into() })
        .collect();
    let Some(contents) = record.raw.get("contents").and_then(Value::as_object) else { return };
    let card =
        || fields::cards(std::iter::once(contents), &["title", "desc", "url", "label", "cityname"], "");
    record.text = record.text.take().filter(|text| !text.is_empty()).or_else(card);
    if let Some(id) =
        FILES.iter().find_map(|name| fields::id(contents, name)).filter(|_| is_file(record.content))
    {
        let name = fields::owned(contents, "title").unwrap_or_default();
        record.attachments.push(Attachment { id: id.into(), name, bytes: None, media_type: None });
    }
}

/// A file as chatlog's CSV shows it: `![word](http://host/image/id,path)`, `[word|name](http://host/file/id)`. Nobody types that.
fn shown(record: &mut Record) {
    let Some(text) = record.text.as_deref().filter(|_| record.kind != RecordKind::System) else { return };
    for (begins, place, content) in SHOWN {
        let Some((label, address)) = text.strip_prefix(begins).and_then(|rest| rest.split_once("](http://"))
        else {
            continue;
        };
        let id = address.strip_suffix(')').and_then(|address| address.split_once(place)).map(|(_, id)| id);
        // Neither a name nor a host has these in it.
        let Some(id) = id.filter(|_| !text.contains('\n') && !label.contains(']')) else { continue };
        let name = label.split_once('|').map_or("", |(_, name)| name);
        record.content = Some(content);
        let id = id.split(',').next().unwrap_or_default();
        if !id.is_empty() {
            record.attachments.push(Attachment {
                id: id.into(),
                name: name.to_owned(),
                bytes: None,
                media_type: None,
            });
        }
        return;
    }
}

/// Where `PyWxDump` says that a file lies.
fn of_pywxdump(record: &mut Record) {
    let content = match record.raw.get("content") {
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        Some(content) => content.as_object().cloned(),
        None => None,
    };
    let src = content.as_ref().or(record.raw.as_object()).and_then(|fields| fields::owned(fields, "src"));
    // The address of a card is in a link for the tool's own pages.
    if record.content == Some(Content::Link)
        && let (Some(src), Some(text)) = (&src, &record.text)
        && let Some((words, _)) = text.split_once("<a href=")
    {
        record.text = Some(format!("{}\n{src}", words.trim_end()).trim_start().to_owned());
    }
    let Some(src) = src.filter(|_| is_file(record.content) && record.attachments.is_empty()) else { return };
    let name = src.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = if src.contains("://") { "" } else { name };
    record.attachments.push(Attachment {
        id: src.as_str().into(),
        name: name.to_owned(),
        bytes: None,
        media_type: None,
    });
}

pub(super) fn content((code, sub): (i64, i64)) -> Option<Content> {
    let of = |table: &[(i64, Content)], code: i64| {
        table.iter().find(|(of, _)| *of == code).map(|(_, content)| *content)
    };
    match (code, sub) {
        (APP, ANSWER) => None,
        (APP, sub) => of(&SUBTYPES, sub).or(Some(Content::App)),
        (code, _) => of(&TYPES, code),
    }
}

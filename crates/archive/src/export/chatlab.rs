//! `ChatLab` 0.0.2: one conversation, as a document or as lines. Times are whole seconds; edits, reactions and threads have no place in it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Record, RecordKind};
use serde_json::{Map, Value, json};

use super::{People, Sink};
use crate::chatlab::{ANSWER, RECALL, SYSTEM, code_of};
use crate::model::{ConversationKind, Participant};

/// The version that is written.
const VERSION: &str = "0.0.2";

/// One document.
pub(super) struct Document {
    to: BufWriter<File>,
    any: bool,
}

/// JSON lines.
pub(super) struct JsonLines(BufWriter<File>);

impl Document {
    pub(super) fn new(to: &Path, people: &People, wanted: Option<&NativeId>) -> io::Result<Self> {
        let mut to = BufWriter::with_capacity(1 << 20, File::create(to)?);
        let (chatlab, meta) = header(people, wanted);
        let members: Vec<Value> = members(people, wanted).map(Value::Object).collect();
        write!(
            to,
            "{{\"chatlab\":{chatlab},\"meta\":{meta},\"members\":{},\"messages\":[",
            Value::Array(members)
        )?;
        Ok(Self { to, any: false })
    }
}

impl Sink for Document {
    fn record(&mut self, people: &People, record: Record) -> io::Result<()> {
        let comma = if std::mem::replace(&mut self.any, true) { ",\n" } else { "\n" };
        write!(self.to, "{comma}{}", Value::Object(message(people, &record)))
    }

    fn finish(mut self: Box<Self>, _: &People) -> io::Result<u64> {
        self.to.write_all(b"\n]}\n")?;
        ended(self.to)
    }
}

impl JsonLines {
    pub(super) fn new(to: &Path, people: &People, wanted: Option<&NativeId>) -> io::Result<Self> {
        let mut to = BufWriter::with_capacity(1 << 20, File::create(to)?);
        let (chatlab, meta) = header(people, wanted);
        writeln!(to, "{}", json!({"_type": "header", "chatlab": chatlab, "meta": meta}))?;
        for member in members(people, wanted) {
            line(&mut to, "member", member)?;
        }
        Ok(Self(to))
    }
}

impl Sink for JsonLines {
    fn record(&mut self, people: &People, record: Record) -> io::Result<()> {
        line(&mut self.0, "message", message(people, &record))
    }

    fn finish(self: Box<Self>, _: &People) -> io::Result<u64> {
        ended(self.0)
    }
}

fn ended(mut to: BufWriter<File>) -> io::Result<u64> {
    to.flush()?;
    to.get_ref().sync_all()?;
    Ok(1)
}

fn line(to: &mut impl Write, kind: &str, mut fields: Map<String, Value>) -> io::Result<()> {
    fields.insert("_type".to_owned(), kind.into());
    writeln!(to, "{}", Value::Object(fields))
}

fn header(people: &People, wanted: Option<&NativeId>) -> (Value, Value) {
    let head = people.head.as_ref();
    // The time of the export that it comes from: nothing here asks for the time.
    let exported = head.and_then(|head| head.exported).map(|at| at.as_millis().div_euclid(1000));
    let chatlab = json!({"version": VERSION, "exportedAt": exported.unwrap_or(0), "generator": "Adjourn"});
    let conversation =
        wanted.and_then(|id| people.conversations.get(id)).or_else(|| people.conversations.values().next());
    let direct = conversation.is_some_and(|of| of.kind == ConversationKind::Direct);
    let id = conversation.map_or("", |of| of.id.as_str());
    let meta = json!({
        "name": conversation.and_then(|of| of.name.as_deref()).unwrap_or(id),
        "platform": head.map_or("", |head| head.platform.as_str()),
        "type": if direct { "private" } else { "group" },
        "groupId": id,
    });
    (chatlab, meta)
}

fn members<'a>(
    people: &'a People,
    wanted: Option<&'a NativeId>,
) -> impl Iterator<Item = Map<String, Value>> + 'a {
    let here = move |of: &&Participant| {
        of.conversation.is_none() || wanted.is_none() || of.conversation.as_ref() == wanted
    };
    people.participants.values().filter(here).map(|who| {
        let mut fields = Map::new();
        fields.insert("platformId".to_owned(), who.id.as_str().into());
        fields.insert("accountName".to_owned(), who.name.as_deref().unwrap_or_else(|| who.shown()).into());
        if let Some(nickname) = &who.nickname {
            fields.insert("groupNickname".to_owned(), nickname.as_str().into());
        }
        if !who.aliases.is_empty() {
            fields.insert("aliases".to_owned(), who.aliases.clone().into());
        }
        fields
    })
}

fn message(people: &People, record: &Record) -> Map<String, Value> {
    let code = match record.kind {
        _ if record.recalled => RECALL,
        RecordKind::System => SYSTEM,
        _ if record.content.is_none() && record.reply_to.is_some() => ANSWER,
        RecordKind::Message => code_of(record.content),
        _ => code_of(record.content.or(Some(adjourn_domain::message::Content::Other))),
    };
    let mut fields = Map::new();
    fields.insert("platformMessageId".to_owned(), record.id.as_str().into());
    fields.insert("sender".to_owned(), record.sender.as_str().into());
    let who = people.participant(record.conversation.as_ref(), &record.sender);
    let account = who.and_then(|who| who.name.as_deref()).unwrap_or_else(|| people.sender(record));
    fields.insert("accountName".to_owned(), account.into());
    if let Some(shown) = record.sender_name.as_deref().filter(|shown| *shown != account) {
        fields.insert("groupNickname".to_owned(), shown.into());
    }
    fields.insert("timestamp".to_owned(), record.at.as_millis().div_euclid(1000).into());
    fields.insert("type".to_owned(), code.into());
    fields.insert("content".to_owned(), record.text.as_deref().map_or(Value::Null, Value::from));
    if let Some(reply) = &record.reply_to {
        fields.insert("replyToMessageId".to_owned(), reply.as_str().into());
    }
    fields
}

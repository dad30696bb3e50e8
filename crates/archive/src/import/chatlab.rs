//! `ChatLab` 0.0.1 and 0.0.2, the interchange among tools for WeChat and QQ, as one document or as JSON lines.
//!
//! ```text
//! {chatlab{version,exportedAt,generator},meta{name,platform,type,groupId,ownerId},members[…],messages[…]}
//! {"_type":"header",…}  {"_type":"member",…}  {"_type":"message",…}
//! ```
//!
//! Times are Unix seconds; some tools write milliseconds, which are known by their size. Some messages lack an id: they get one from their row.

use adjourn_domain::message::{Content, RecordKind};
use adjourn_domain::time::Time;
use serde_json::Value;

use super::ImportError;
use super::fields::{self, Fields};
use super::json::{self, Event};
use super::out::{Out, message};
use super::source::Source;
use super::text_lines::{self, TextLine};
use crate::chatlab::{RECALL, SYSTEM, content_of};
use crate::model::{Conversation, ConversationKind, Head, Participant};

/// Seconds beyond this are milliseconds: the year 5138.
const MILLIS_FROM: i64 = 100_000_000_000;

pub(super) fn json(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let mut state = State::default();
    let end = json::walk(
        source.read("")?,
        |path| matches!(path, [] | ["members" | "messages"]),
        |path, event| match (path, event) {
            (["chatlab"], Event::Value(bytes)) => {
                state.chatlab = json::object(bytes);
                Ok(())
            }
            (["meta"], Event::Value(bytes)) => {
                state.meta = json::object(bytes);
                Ok(())
            }
            (["members", "*"], Event::Value(bytes)) => state.member(json::object(bytes), out),
            (["messages", "*"], event) => {
                state.begin("chatlab_json", out)?;
                match out.object(&event) {
                    Some(fields) => take(fields, out),
                    None => Ok(()),
                }
            }
            (["messages"] | ["messages", _], event) => {
                out.no_list(&event);
                Ok(())
            }
            _ => Ok(()),
        },
    )?;
    state.begin("chatlab_json", out)?;
    out.ended(end);
    Ok(())
}

pub(super) fn lines(source: &mut Source, out: &mut Out<'_>) -> Result<(), ImportError> {
    let mut state = State { lines: true, ..State::default() };
    text_lines::each(source.read("")?, |line| {
        // What is a row is known only when it was read; header and members are none.
        let fields = match line {
            TextLine::Whole(bytes) => json::object(bytes),
            TextLine::TooLong => None,
        };
        let Some(fields) = fields else {
            out.line(&line);
            return Ok(());
        };
        match fields::text(&fields, "_type") {
            Some("header") => {
                state.chatlab = fields.get("chatlab").and_then(Value::as_object).cloned();
                state.meta = fields.get("meta").and_then(Value::as_object).cloned();
                state.begin("chatlab_jsonl", out)
            }
            Some("member") => state.member(Some(fields), out),
            Some("message") => {
                state.begin("chatlab_jsonl", out)?;
                out.row();
                take(fields, out)
            }
            _ => {
                out.row();
                out.lost("row.type");
                Ok(())
            }
        }
    })
}

#[derive(Default)]
struct State {
    lines: bool,
    chatlab: Option<Fields>,
    meta: Option<Fields>,
    begun: bool,
}

impl State {
    /// Head and conversation, once what they say is known.
    fn begin(&mut self, format: &str, out: &mut Out<'_>) -> Result<(), ImportError> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let (chatlab, meta) = (self.chatlab.take().unwrap_or_default(), self.meta.take().unwrap_or_default());
        let version = fields::owned(&chatlab, "version").unwrap_or_default();
        let tool = fields::owned(&chatlab, "generator").unwrap_or_else(|| "ChatLab".to_owned());
        out.head(Head {
            tool: Some(format!("{tool} ({version})")),
            exported: when(&chatlab, "exportedAt"),
            ..Head::of(fields::text(&meta, "platform").unwrap_or_default(), format)
        })?;
        let name = fields::owned(&meta, "name");
        let id = fields::id(&meta, "groupId").or_else(|| name.clone()).unwrap_or_default();
        let direct = fields::text(&meta, "type") == Some("private");
        let kind = if direct { ConversationKind::Direct } else { ConversationKind::Group };
        out.conversation(Conversation { raw: Value::Object(meta), ..Conversation::new(id, kind, name) })
    }

    fn format(&self) -> &'static str {
        if self.lines { "chatlab_jsonl" } else { "chatlab_json" }
    }

    fn member(&mut self, fields: Option<Fields>, out: &mut Out<'_>) -> Result<(), ImportError> {
        self.begin(self.format(), out)?;
        let Some((fields, id)) =
            fields.and_then(|fields| fields::id(&fields, "platformId").map(|id| (fields, id)))
        else {
            out.note_file("row.type");
            return Ok(());
        };
        out.participant(Participant {
            name: fields::owned(&fields, "accountName"),
            nickname: fields::owned(&fields, "groupNickname"),
            aliases: fields::ids(&fields, "aliases"),
            raw: Value::Object(fields),
            ..Participant::new(id)
        })
    }
}

fn take(fields: Fields, out: &mut Out<'_>) -> Result<(), ImportError> {
    let Some(at) = when(&fields, "timestamp") else {
        out.lost("row.time");
        return Ok(());
    };
    let sender = fields::id(&fields, "sender").unwrap_or_default();
    let code = fields::whole(&fields, "type").unwrap_or(0);
    let mut record = message(fields::id(&fields, "platformMessageId").unwrap_or_default(), at, sender);
    record.kind = match code {
        SYSTEM => RecordKind::System,
        _ => RecordKind::Message,
    };
    record.recalled = code == RECALL;
    record.content = content_of(code).or((code > 99).then_some(Content::Other));
    let shown = fields::owned(&fields, "groupNickname").or_else(|| fields::owned(&fields, "accountName"));
    record.sender_name = shown;
    record.text = fields::owned(&fields, "content");
    record.reply_to = fields::id(&fields, "replyToMessageId").map(Into::into);
    record.raw = Value::Object(fields);
    out.record(record)
}

/// A time in seconds, or in milliseconds where the number is too large for seconds.
fn when(fields: &Fields, name: &str) -> Option<Time> {
    match fields::whole(fields, name) {
        Some(millis) if millis.abs() >= MILLIS_FROM => Some(Time::from_millis(millis)),
        _ => fields::seconds(fields, name),
    }
}

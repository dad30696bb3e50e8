//! The event `chat_disband`, in the shapes in which it comes: a frame of the stream (the event's head in `headers`, its
//! data as text), the same with head and data side by side as the document shows it, and the flat body of an HTTP call after
//! decryption. Pure; whoever receives it has checked where it comes from.

use adjourn_domain::time::Time;
use serde_json::Value;

/// Longest id that is taken over.
const MAX_ID: usize = 256;

/// A group was dissolved, as the platform tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disbanded {
    /// The event's own id; the same event can come twice.
    pub event: String,
    /// The group.
    pub group: String,
    /// Its second id, where it has one.
    pub chat: Option<String>,
    /// The organisation.
    pub corp: String,
    /// User id of who did it, where it is told.
    pub by: Option<String>,
    /// When.
    pub at: Time,
}

/// The dissolve that an event tells of; `None` for every other event and for what is no event.
pub fn disbanded(body: &[u8]) -> Option<Disbanded> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let head = body.get("headers").unwrap_or(&body);
    let stream = head.get("eventType").is_some();
    let kind = text(head, if stream { "eventType" } else { "EventType" })?;
    if kind != "chat_disband" {
        return None;
    }
    let parsed = body.get("data").and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
    let data: &Value = parsed.as_ref().or(body.get("data")).unwrap_or(&body);
    let born = if stream { head.get("eventBornTime") } else { head.get("EventTime") };
    Some(Disbanded {
        event: text(head, "eventId")?,
        group: text(data, "openConversationId").or_else(|| text(data, "OpenConversationId"))?,
        chat: text(data, "chatId").or_else(|| text(data, "ChatId")),
        corp: text(head, if stream { "eventCorpId" } else { "CorpId" })?,
        by: text(data, "operator").or_else(|| text(data, "Operator")),
        at: Time::from_millis(data.get("timeStamp").and_then(millis).or_else(|| born.and_then(millis))?),
    })
}

fn text(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?;
    (!text.is_empty() && text.len() <= MAX_ID).then(|| text.to_owned())
}

/// Milliseconds, as a number or as text.
fn millis(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).filter(|millis| *millis > 0)
}

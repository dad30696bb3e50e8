//! A message of the history as a record.

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::{Attachment, Record, RecordKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::files::{seconds, with_bus};
use super::ids::Id;
use super::implementation::Paging;

/// The app behind a notice's card.
pub(crate) const NOTICE_APP: &str = "com.tencent.mannounce";

/// A message, as far as we read it.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) head: Head,
    raw: Value,
}

/// Who, when, and which.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Head {
    pub(crate) time: u32,
    pub(crate) message_id: Id,
    #[serde(default)]
    message_seq: Option<Id>,
    #[serde(default)]
    real_seq: Option<Id>,
    #[serde(default)]
    user_id: Option<Id>,
    #[serde(default)]
    sender: Sender,
    message: Content,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Sender {
    #[serde(default)]
    user_id: Option<Id>,
}

/// Segments, or one string with codes in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Content {
    Segments(Vec<Segment>),
    Coded(String),
}

#[derive(Debug, Clone, Deserialize)]
struct Segment {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: Value,
}

impl Message {
    /// Reads a message; `None` when it makes no sense.
    pub(crate) fn read(raw: Value) -> Option<Self> {
        let head = serde_json::from_value(raw.clone()).ok()?;
        Some(Self { head, raw })
    }

    /// What it is told apart and paged by.
    pub(crate) fn anchor(&self, paging: Paging) -> Option<&str> {
        match paging {
            Paging::Reversed | Paging::UpToId => Some(self.head.message_id.as_str()),
            Paging::UpToNumber => self.head.message_seq.as_ref().map(Id::as_str),
        }
    }

    /// Its place in the group, where the wire tells: NapCat's `message_seq` is an id, and `real_seq` the place.
    pub(crate) fn place(&self, paging: Paging) -> Option<u64> {
        let place = match paging {
            Paging::Reversed => &self.head.real_seq,
            Paging::UpToId | Paging::UpToNumber => &self.head.message_seq,
        };
        place.as_ref()?.number()
    }

    /// Account that sent it.
    pub(crate) fn sender(&self) -> Option<&Id> {
        self.head.user_id.as_ref().or(self.head.sender.user_id.as_ref())
    }

    /// Its words.
    pub(crate) fn text(&self) -> Option<String> {
        let text = match &self.head.message {
            Content::Segments(segments) => segments.iter().map(Segment::words).collect::<String>(),
            Content::Coded(text) if text.contains("[CQ:") => text.clone(),
            Content::Coded(text) => super::text::normal(text),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// As a record.
    pub(crate) fn record(self, paging: Paging) -> Record {
        let text = self.text();
        let segments: &[Segment] = match &self.head.message {
            Content::Segments(segments) => segments,
            Content::Coded(_) => &[],
        };
        let with_busid = paging == Paging::UpToNumber;
        let attachments: Vec<Attachment> =
            segments.iter().filter_map(|segment| segment.attachment(with_busid)).collect();
        let reply_to = segments.iter().find(|segment| segment.kind == "reply");
        let reply_to = reply_to.and_then(|segment| segment.field("id")).map(NativeId);
        let sender = self.sender().map_or_else(|| NativeId::from(""), Id::native);
        let empty = text.is_none() && attachments.is_empty();
        Record {
            text,
            reply_to,
            attachments,
            raw: self.raw,
            ..Record::new(
                self.head.message_id.native(),
                if empty { RecordKind::Other } else { RecordKind::Message },
                seconds(self.head.time.into()),
                sender,
            )
        }
    }
}

impl Segment {
    fn field(&self, name: &str) -> Option<String> {
        match self.data.get(name)? {
            Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    fn words(&self) -> String {
        match self.kind.as_str() {
            "text" => self.field("text").unwrap_or_default(),
            "at" => format!("@{}", self.field("name").or_else(|| self.field("qq")).unwrap_or_default()),
            "reply" | "file" => String::new(),
            "json" => {
                self.field("data").and_then(|card| notice(&card)).unwrap_or_else(|| "[json]".to_owned())
            }
            other => format!("[{}]", other.chars().take(40).collect::<String>()),
        }
    }

    /// The file that it carries. A picture has no id but its address, which does not live long.
    fn attachment(&self, with_busid: bool) -> Option<Attachment> {
        let (id, fallback) = match self.kind.as_str() {
            "file" => (self.field("file_id")?, "file"),
            "image" | "record" | "video" => (self.field("url")?, self.kind.as_str()),
            _ => return None,
        };
        let id = match self.field("busid").filter(|_| with_busid) {
            Some(busid) => with_bus(&id, &busid),
            None => id,
        };
        let name = self.field("name").or_else(|| self.field("file")).unwrap_or_else(|| fallback.to_owned());
        let bytes = self.field("file_size").and_then(|size| size.parse().ok());
        Some(Attachment { id: NativeId(id), name, bytes, media_type: None })
    }
}

/// The words of a notice that the group sees as a card.
fn notice(card: &str) -> Option<String> {
    let card: Value = serde_json::from_str(card).ok()?;
    if card.get("app")?.as_str()? != NOTICE_APP {
        return None;
    }
    let text = card.pointer("/meta/mannounce/text")?.as_str()?;
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

//! A line as it is read for people: an archive's own, or any JSON object with at least a text (what `redact` takes as well).

use std::borrow::Cow;
use std::fmt;

use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, Visitor};

use super::Row;
use crate::model::{Conversation, Head, Participant};

/// Numbers below this are seconds, above it milliseconds: the year 5138, and a day in March 1973.
const SECONDS_BELOW: f64 = 1e11;

/// What a line is.
pub(super) enum Parsed {
    Row(Box<Row>),
    Participant(Box<Participant>),
    /// The file's platform.
    Head(String),
    /// The name of a conversation.
    Conversation(String),
}

#[derive(Deserialize)]
struct Line<'a> {
    archive: Option<Head>,
    participant: Option<Box<Participant>>,
    #[serde(borrow)]
    conversation: Option<Talk<'a>>,
    #[serde(borrow)]
    id: Option<Scalar<'a>>,
    kind: Option<RecordKind>,
    #[serde(borrow, alias = "time", alias = "timestamp")]
    at: Option<Scalar<'a>>,
    #[serde(borrow)]
    sender: Option<Scalar<'a>>,
    sender_name: Option<String>,
    text: Option<String>,
    #[serde(borrow)]
    reply_to: Option<Scalar<'a>>,
    #[serde(default)]
    attachments: Vec<Attached>,
    #[serde(default)]
    recalled: bool,
    edited_at: Option<IgnoredAny>,
}

/// A conversation, or the one that a record belongs to.
#[derive(Deserialize)]
#[serde(untagged)]
enum Talk<'a> {
    Id(#[serde(borrow)] Cow<'a, str>),
    Whole(Box<Conversation>),
}

#[derive(Deserialize)]
struct Attached {
    #[serde(default)]
    name: String,
}

impl Parsed {
    /// What a line says; `None` when it is none that can be shown.
    pub(super) fn of(text: &str) -> Option<Self> {
        let line: Line<'_> = serde_json::from_str(text).ok()?;
        if let Some(participant) = line.participant {
            return Some(Self::Participant(participant));
        }
        if let Some(head) = line.archive {
            return Some(Self::Head(head.platform));
        }
        let conversation = match line.conversation {
            Some(Talk::Whole(talk)) => {
                return Some(Self::Conversation(talk.name.unwrap_or_else(|| talk.id.to_string())));
            }
            Some(Talk::Id(id)) => Some(id.into_owned()),
            None => None,
        };
        if line.text.is_none() && line.kind.is_none() {
            return None;
        }
        Some(Self::Row(Box::new(Row {
            place: 0,
            id: line.id.and_then(Scalar::text).unwrap_or_default(),
            kind: line.kind.unwrap_or(RecordKind::Message),
            at: line.at.and_then(|at| at.time()).unwrap_or_default(),
            sender: line.sender.and_then(Scalar::text).unwrap_or_default(),
            name: line.sender_name,
            conversation,
            text: line.text.unwrap_or_default(),
            reply_to: line.reply_to.and_then(Scalar::text),
            files: line.attachments.into_iter().map(|file| file.name).collect(),
            edited: line.edited_at.is_some(),
            recalled: line.recalled,
        })))
    }
}

/// A text or a number; anything else is not looked at.
enum Scalar<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Other,
}

impl Scalar<'_> {
    fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.into_owned()),
            Self::Number(number) => Some(number.to_string()),
            Self::Other => None,
        }
    }

    fn time(&self) -> Option<Time> {
        match self {
            Self::Text(text) => Time::parse(text),
            Self::Number(number) => {
                let millis = if number.abs() < SECONDS_BELOW { number * 1000.0 } else { *number };
                Some(Time::from_millis(millis as i64))
            }
            Self::Other => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Scalar<'de>;
            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a value")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Self::Value, E> {
                Ok(whole(number))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                Ok(i64::try_from(number).map_or_else(|_| Scalar::Text(number.to_string().into()), whole))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
                Ok(Scalar::Number(number))
            }
            fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Scalar::Other)
            }
            fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
                Ok(Scalar::Other)
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::Other)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// An id of many digits must not lose one.
#[expect(clippy::cast_precision_loss, reason = "below 2^53 none is lost")]
fn whole<'a>(number: i64) -> Scalar<'a> {
    if number.unsigned_abs() < 1 << 53 {
        Scalar::Number(number as f64)
    } else {
        Scalar::Text(number.to_string().into())
    }
}

//! The archive's own form: canonical JSON lines, plain or in zstd.
//!
//! ```text
//! {"archive":{…}}        at most one, the first: which version, made of what
//! {"conversation":{…}}   what the records belong to; before them or after
//! {"participant":{…}}    who took part; one that comes later replaces an earlier one of the same id and conversation
//! {"id":…,"kind":…,…}    a record ([`Record`]), in the platform's order
//! ```
//!
//! What connectors export and what bundles carry are records alone, so they are read by the same reader. Whoever reads holds one line at a time.
//! `docs/reference/archive.schema.json` is the JSON Schema of a line.

use adjourn_domain::canonical::{CanonicalError, canonical_json};
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

mod file;
mod schema;

pub use file::{BadLine, FileError, LineFault, MAX_LINE, Reader, Writer};
pub use schema::schema;

/// The version of the form. A later one that is not read by this one has another number.
pub const VERSION: u64 = 1;

/// One line of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// About the file itself.
    Archive(Head),
    /// A conversation.
    Conversation(Conversation),
    /// Somebody who took part.
    Participant(Participant),
    /// A record.
    #[serde(untagged)]
    Record(Box<Record>),
}

impl Line {
    /// The canonical bytes, without the line's end.
    ///
    /// # Errors
    /// When the record's `raw` has no canonical form.
    pub fn canonical(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }
}

/// About the file: what it was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`VERSION`].
    pub version: u64,
    /// The platform, as elsewhere: `slack`, `wechat`, `qq` …; empty where the source does not tell.
    pub platform: String,
    /// The format that it was read from, a slug.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub format: Option<String>,
    /// The tool that wrote the source, with its version, as the source says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tool: Option<String>,
    /// When the source was written, as it says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exported: Option<Time>,
}

impl Head {
    /// The head of what is read from a format.
    pub fn of(platform: &str, format: &str) -> Self {
        Self {
            version: VERSION,
            platform: platform.to_owned(),
            format: Some(format.to_owned()),
            tool: None,
            exported: None,
        }
    }
}

/// What kind of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// A group whose members are listed.
    #[default]
    Group,
    /// A channel or room that people join by themselves.
    Channel,
    /// Two people.
    Direct,
    /// A thread that the platform treats as a conversation of its own.
    Thread,
}

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// The platform's id; where the source tells none, its name.
    pub id: NativeId,
    /// What it is.
    pub kind: ConversationKind,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// Its topic or description.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub topic: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub created: Option<Time>,
    /// What the source says of it, as it came.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub raw: Value,
}

impl Conversation {
    /// A group of which only id and name are known.
    pub fn new(id: impl Into<NativeId>, kind: ConversationKind, name: Option<String>) -> Self {
        Self { id: id.into(), kind, name, topic: None, created: None, raw: Value::Null }
    }
}

/// Somebody who took part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The account, as [`Record::sender`] has it.
    pub id: NativeId,
    /// The conversation that the rest is about; absent where it holds in all of them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversation: Option<NativeId>,
    /// The name of the account.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// The name in this conversation (a group's card).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nickname: Option<String>,
    /// Further names: a remark of whoever exported, a login, earlier names.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub aliases: Vec<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<String>,
    /// Whether it is a bot, where that is told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bot: Option<bool>,
    /// What the source says of the account, as it came.
    #[serde(skip_serializing_if = "Value::is_null", default)]
    pub raw: Value,
}

impl Participant {
    /// An account of which only the id is known.
    pub fn new(id: impl Into<NativeId>) -> Self {
        Self {
            id: id.into(),
            conversation: None,
            name: None,
            nickname: None,
            aliases: Vec::new(),
            email: None,
            bot: None,
            raw: Value::Null,
        }
    }

    /// The name to show: in this conversation, else of the account, else the id.
    pub fn shown(&self) -> &str {
        let name = self.nickname.as_deref().or(self.name.as_deref());
        name.filter(|name| !name.is_empty()).unwrap_or(self.id.as_str())
    }
}

/// A value as it can be kept: whole numbers beyond 2^53, which canonical JSON can't write, become text with the same digits (RFC 8785, appendix D, says
/// the same), and whole numbers that were written with a point lose it, as canonical JSON writes them.
#[must_use]
pub fn kept(value: Value) -> Value {
    match value {
        Value::Number(number) => kept_number(number),
        Value::Array(values) => Value::Array(values.into_iter().map(kept).collect()),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(key, value)| (key, kept(value))).collect())
        }
        other => other,
    }
}

fn kept_number(number: Number) -> Value {
    /// The largest whole number below which every one has a form of its own as floating point.
    const EXACT: i64 = 1 << 53;
    let whole = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0);
    // Without a point, which canonical JSON does not write, it reads as a whole number again, up to 64 bits.
    let digits =
        whole.filter(|float| float.abs() < 18_446_744_073_709_551_616.0).map(|float| format!("{float:.0}"));
    let whole = match &digits {
        Some(digits) => digits.parse().ok(),
        None => number.as_i64(),
    };
    match whole {
        Some(whole) if (-EXACT..=EXACT).contains(&whole) => whole.into(),
        None if number.is_f64() && digits.is_none() => Value::Number(number),
        _ => Value::String(digits.unwrap_or_else(|| number.to_string())),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use adjourn_domain::message::{Attachment, Content, Reaction, RecordKind};

    /// Lines in which every field has a value.
    pub(crate) fn full() -> Vec<Line> {
        let at = Time::from_millis(1_700_000_000_000);
        let head =
            Head { tool: Some("tool 1".to_owned()), exported: Some(at), ..Head::of("slack", "slack_zip") };
        let conversation = Conversation {
            topic: Some("\u{5468}\u{672b}".to_owned()),
            created: Some(at),
            raw: serde_json::json!({"id": "C1"}),
            ..Conversation::new("C1", ConversationKind::Channel, Some("general".to_owned()))
        };
        let participant = Participant {
            conversation: Some("C1".into()),
            name: Some("Ada".to_owned()),
            nickname: Some("ada".to_owned()),
            aliases: vec!["A".to_owned()],
            email: Some("ada@example.org".to_owned()),
            bot: Some(false),
            raw: serde_json::json!({}),
            ..Participant::new("U1")
        };
        let record = Record {
            conversation: Some("C1".into()),
            sender_name: Some("Ada".to_owned()),
            text: Some("\u{4f60}\u{597d}".to_owned()),
            reply_to: Some("m0".into()),
            thread: Some("m0".into()),
            target: Some("m0".into()),
            content: Some(Content::RedPacket),
            mentions: vec!["U2".into()],
            attachments: vec![Attachment {
                id: "F1".into(),
                name: "a.png".to_owned(),
                bytes: Some(3),
                media_type: Some("image/png".to_owned()),
            }],
            reactions: vec![Reaction { key: "+1".to_owned(), count: 2, by: vec!["U2".into()] }],
            edited_at: Some(at),
            recalled: true,
            raw: serde_json::json!({"ts": "1.2"}),
            ..Record::new("m1".into(), RecordKind::Message, at, "U1".into())
        };
        vec![
            Line::Archive(head),
            Line::Conversation(conversation),
            Line::Participant(participant),
            Line::Record(Box::new(record)),
        ]
    }

    #[test]
    fn a_line_comes_back_as_it_was_and_a_record_needs_no_wrapping() {
        for line in full() {
            let bytes = line.canonical().unwrap();
            assert_eq!(serde_json::from_slice::<Line>(&bytes).unwrap(), line);
        }
        let bare = br#"{"at":"2020-01-01T00:00:00Z","id":"m","kind":"message","raw":{},"sender":"a"}"#;
        let Line::Record(record) = serde_json::from_slice(bare).unwrap() else { panic!("no record") };
        assert_eq!((record.id.as_str(), record.sender.as_str()), ("m", "a"));
    }

    #[test]
    fn numbers_that_canonical_json_would_change_are_kept_as_text() {
        let value: Value =
            serde_json::from_str("[9007199254740993, 18446744073709551615, 12, -1.5, 3.0, -0.0, 1e19, 1e20]")
                .unwrap();
        let once = kept(value);
        let expected =
            ["9007199254740993", "18446744073709551615", "12", "-1.5", "3", "0", "10000000000000000000"];
        let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        assert_eq!(once.as_array().unwrap().iter().map(shown).take(7).collect::<Vec<_>>(), expected);
        // What was kept comes back from its canonical form as it is.
        let again: Value = serde_json::from_slice(&canonical_json(&once).unwrap()).unwrap();
        assert!(again == once && kept(again) == once);
    }
}

//! One message model for all platforms; the platform's own bytes are kept beside it.

use serde::{Deserialize, Serialize};

use crate::ids::NativeId;
use crate::time::Time;

/// What an exported record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// A message that a person or bot wrote.
    Message,
    /// A new wording for an earlier message.
    Edit,
    /// The removal of an earlier message.
    Redaction,
    /// A reaction to a message.
    Reaction,
    /// A change of the group itself: name, members, rights.
    System,
    /// An encrypted record that this identity can't read.
    Undecryptable,
    /// Anything else that the platform keeps; only `raw` tells.
    Other,
}

/// A file that a message carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The platform's id of the file (Matrix: the `mxc://` URI).
    pub id: NativeId,
    /// File name as sent.
    pub name: String,
    /// Size in bytes as the message declares it.
    pub bytes: Option<u64>,
    /// Media type as the message declares it.
    pub media_type: Option<String>,
}

/// What a message is where it is more or other than text. Its words, if it has some, are in [`Record::text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A picture.
    Image,
    /// A spoken message.
    Voice,
    /// A film.
    Video,
    /// Any other file.
    File,
    /// A sticker or an animated picture.
    Sticker,
    /// A link with a preview, or an article.
    Link,
    /// A mini-program or another app's card.
    App,
    /// A place.
    Location,
    /// Somebody's contact card.
    Contact,
    /// A red packet.
    RedPacket,
    /// A transfer of money.
    Transfer,
    /// A call.
    Call,
    /// A poll.
    Poll,
    /// Messages of another chat, passed on as one.
    Forward,
    /// A nudge.
    Poke,
    /// Anything else; only `raw` tells.
    Other,
}

/// Reactions of one kind that the platform shows at a message, without saying when each came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji, or the platform's name for it.
    pub key: String,
    /// How many people gave it, as the platform says.
    pub count: u64,
    /// Those of them that the platform names.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub by: Vec<NativeId>,
}

/// One record of a group's history.
///
/// Platforms tell edits, recalls and reactions in two ways: as records of their own, in their order (then `kind` says so and `target` names the message),
/// or as the state of the message when it was read (then `edited_at`, `recalled` and `reactions` say it). Both are kept as they came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The platform's id of the record; unique within the group.
    pub id: NativeId,
    /// What it is.
    pub kind: RecordKind,
    /// The conversation that it belongs to; absent where an archive has only one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub conversation: Option<NativeId>,
    /// When the platform says it was sent.
    pub at: Time,
    /// Account that sent it; empty where it is not told.
    pub sender: NativeId,
    /// The sender's name as it was shown, where the platform or the exporting tool tells it with the record.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sender_name: Option<String>,
    /// Its text, if it has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// The record that it answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reply_to: Option<NativeId>,
    /// The thread that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub thread: Option<NativeId>,
    /// The record that it edits, removes or reacts to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<NativeId>,
    /// What it is besides text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub content: Option<Content>,
    /// Accounts that it addresses; `*` for everybody.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub mentions: Vec<NativeId>,
    /// Files that it carries.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub attachments: Vec<Attachment>,
    /// Reactions that are shown at it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub reactions: Vec<Reaction>,
    /// When its words were changed last; `text` has the words after that.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub edited_at: Option<Time>,
    /// Whether its sender took it back. What the tool still had of it is kept.
    #[serde(skip_serializing_if = "is_false", default)]
    pub recalled: bool,
    /// The platform's own record, as it came.
    pub raw: serde_json::Value,
}

impl Record {
    /// A record without text and without anything that it refers to.
    pub fn new(id: NativeId, kind: RecordKind, at: Time, sender: NativeId) -> Self {
        Self {
            id,
            kind,
            conversation: None,
            at,
            sender,
            sender_name: None,
            text: None,
            reply_to: None,
            thread: None,
            target: None,
            content: None,
            mentions: Vec::new(),
            attachments: Vec::new(),
            reactions: Vec::new(),
            edited_at: None,
            recalled: false,
            raw: serde_json::Value::Null,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

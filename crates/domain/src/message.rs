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

/// One record of a group's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The platform's id of the record; unique within the group.
    pub id: NativeId,
    /// What it is.
    pub kind: RecordKind,
    /// When the platform says it was sent.
    pub at: Time,
    /// Account that sent it.
    pub sender: NativeId,
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
    /// Files that it carries.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub attachments: Vec<Attachment>,
    /// The platform's own record, as it came.
    pub raw: serde_json::Value,
}

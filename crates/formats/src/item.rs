//! What comes out.

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;

/// One row of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A message.
    Row(Box<Row>),
    /// A group.
    Chatroom(Chatroom),
    /// A person.
    Contact(Contact),
}

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Number of the row, from 1, the header not counted.
    pub number: u64,
    /// The message in our model; `raw` holds every column.
    pub record: Record,
    /// The chat that it belongs to, if the format tells.
    pub group: Option<NativeId>,
    /// That chat's name, if the format tells.
    pub group_name: Option<String>,
    /// The sender's name as the exporting member saw it; may be empty.
    pub sender_name: String,
    /// Whether the exporting member wrote it, if the format tells.
    pub own: Option<bool>,
    /// The client's type and subtype, if the format tells.
    pub code: Option<(i64, i64)>,
    /// Whether this is the client's own statement that the owner ended the group. Never true of what a member wrote.
    pub ends_group: bool,
}

/// A group, as a list of chatrooms has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chatroom {
    /// Number of the row.
    pub number: u64,
    /// Its id, `…@chatroom`.
    pub id: NativeId,
    /// The exporting member's remark.
    pub remark: String,
    /// Its name.
    pub nick_name: String,
    /// The owner's account; `None` when it is not told.
    pub owner: Option<NativeId>,
    /// Members with the names they have in the group; empty when they are not told.
    pub users: Vec<(NativeId, String)>,
    /// Number of members, if it is told.
    pub user_count: Option<u64>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Number of the row.
    pub number: u64,
    /// The account.
    pub id: NativeId,
    /// The public alias.
    pub alias: String,
    /// The exporting member's remark.
    pub remark: String,
    /// The name.
    pub nick_name: String,
}

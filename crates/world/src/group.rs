//! A group of the world, and what is in it.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::group::{Activity, Kind, LinkKind, Standing};
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use crate::past::Past;
use crate::world::{Refusal, refuse};

/// Most messages of a group; more than any drill has.
const MAX_MESSAGES: usize = 100_000;

/// A group.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// Its name.
    pub name: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// Its members by account. After the end they are those who were in it.
    pub members: BTreeMap<String, Membership>,
    /// What hangs on it.
    pub links: Vec<Link>,
    /// A long history before these messages.
    pub past: Option<Past>,
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
    /// Contents of its files by id.
    pub files: BTreeMap<String, String>,
    /// Messages by the idempotency key under which they were posted.
    pub posted: BTreeMap<String, String>,
    /// Whether plain members are muted.
    pub frozen: bool,
    /// The work handover, once it was approved.
    pub handover: Option<Handed>,
    /// How it ended, if it did.
    pub ended: Option<Ended>,
}

/// An approved work handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Whose work it was.
    pub from: String,
    /// Who takes it over.
    pub to: String,
    /// Who approved it.
    pub by: String,
}

/// A member's place in a group.
#[derive(Debug, Clone, Copy)]
pub struct Membership {
    /// Standing.
    pub standing: Standing,
    /// Whether the member is online.
    pub online: bool,
}

/// Something that hangs on a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its id within the group.
    pub id: String,
    /// Its kind.
    pub kind: LinkKind,
    /// Its name.
    pub name: String,
    /// Whether it is the connection's own bot.
    pub own: bool,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id within the group: `m-00001`.
    pub id: String,
    /// Its position in the group, from 1.
    pub seq: u64,
    /// What it is.
    pub kind: RecordKind,
    /// When it was sent.
    pub at: Time,
    /// Account that sent it.
    pub sender: String,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<String>,
    /// Id of the message that it answers.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reply_to: Option<String>,
    /// Id of the message that it edits, removes or reacts to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// The file that it carries.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub file: Option<File>,
}

/// A file that a message carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its id within the group.
    pub id: String,
    /// File name.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Media type.
    pub media_type: String,
}

/// What is left of a group.
#[derive(Debug, Clone)]
pub struct Ended {
    /// When it ended.
    pub at: Time,
    /// Account that ended it.
    pub by: String,
    /// Whether the history is still kept.
    pub history: bool,
    /// Whether the files are still kept.
    pub files: bool,
    /// Links that survive.
    pub kept: Vec<Link>,
    /// All links that there were, for a restore.
    pub before: Vec<Link>,
    /// Accounts that were told.
    pub told: BTreeSet<String>,
}

impl Group {
    /// The standing of an account; a stranger is a plain member.
    pub fn standing(&self, account: &str) -> Standing {
        self.members.get(account).map_or(Standing::Member, |member| member.standing)
    }

    /// Account of the owner.
    pub fn owner(&self) -> Option<&String> {
        self.members.iter().find(|(_, member)| member.standing == Standing::Owner).map(|(id, _)| id)
    }

    /// How many messages there are.
    pub fn records(&self) -> u64 {
        self.past.as_ref().map_or(0, Past::records) + self.messages.len() as u64
    }

    /// When the last message was sent.
    pub fn last_activity(&self) -> Activity {
        let past = self.past.as_ref().map(|past| past.at(past.records()));
        let last = self.messages.last().map(|message| message.at).or(past);
        last.map_or(Activity::Unknown, Activity::At)
    }

    /// Adds a message.
    ///
    /// # Errors
    /// `bad_request` when the group is full.
    pub fn push(
        &mut self,
        at: Time,
        sender: &str,
        kind: RecordKind,
        text: Option<String>,
    ) -> Result<&mut Message, Refusal> {
        if self.messages.len() >= MAX_MESSAGES {
            return refuse("bad_request");
        }
        let past = self.past.as_ref().map_or(0, Past::records);
        let seq = self.messages.last().map_or(past, |message| message.seq) + 1;
        self.messages.push(Message {
            id: format!("m-{seq:05}"),
            seq,
            kind,
            at,
            sender: sender.to_owned(),
            text,
            reply_to: None,
            target: None,
            file: None,
        });
        self.messages.last_mut().ok_or(Refusal { code: "bad_request" })
    }

    /// Keeps a file, for a message to carry.
    pub fn attach(&mut self, id: &str, name: &str, content: &str) -> File {
        self.files.insert(id.to_owned(), content.to_owned());
        File {
            id: id.to_owned(),
            name: name.to_owned(),
            bytes: content.len() as u64,
            media_type: "text/plain".to_owned(),
        }
    }
}

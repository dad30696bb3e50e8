//! Which chat a row of `MemoTrace` 1 belongs to, where a file has all of them, and who wrote it.
//!
//! Such a file gives each row the names of the chat. The account is in neither version of it. Chats are told apart by number and names: the numbers of
//! several databases of one client are not the same, but were written into one table.

use std::collections::{HashMap, HashSet};

use adjourn_domain::ids::NativeId;
use adjourn_domain::message::Record;
use adjourn_formats::names_self;
use serde_json::Value;

use crate::model::{Conversation, ConversationKind};

/// Most chats that are told apart; rows of others have none.
const MAX_CHATS: usize = 100_000;

/// What a file showed when it was read the first time.
#[derive(Default)]
pub(super) struct Chats {
    /// Whether it has all chats.
    all: bool,
    known: HashMap<Key, Chat>,
    numbers: HashSet<String>,
}

/// Number, remark and name.
type Key = (String, String, String);

struct Chat {
    id: String,
    /// Whether somebody wrote in it who is not called like it.
    group: bool,
    said: bool,
}

fn text<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.raw.get(name).and_then(Value::as_str)
}

fn key(record: &Record) -> Key {
    let of = |name| text(record, name).unwrap_or_default().to_owned();
    (of("TalkerId"), of("Remark"), of("NickName"))
}

impl Chats {
    /// Looks at a row, before all of them are read.
    pub(super) fn look(&mut self, record: &Record, own: Option<bool>) {
        let sender = text(record, "Sender").unwrap_or_default();
        let with_id = text(record, "MsgSvrID").is_some();
        self.all |= with_id || (own == Some(true) && names_self(sender));
        let key = key(record);
        if self.known.len() >= MAX_CHATS && !self.known.contains_key(&key) {
            return;
        }
        let numbers = &mut self.numbers;
        let chat = self.known.entry(key.clone()).or_insert_with(|| {
            let mut id = key.0.clone();
            let mut times = 1_u64;
            while !numbers.insert(id.clone()) {
                times += 1;
                id = format!("{}-{times}", key.0);
            }
            Chat { id, group: false, said: false }
        });
        let called = [key.1.as_str(), key.2.as_str()].contains(&sender);
        chat.group |= own == Some(false) && !sender.is_empty() && !called;
    }

    /// Whether the names of a row are those of its chat, and its sender a name.
    pub(super) fn all(&self) -> bool {
        self.all
    }

    /// The chat of a row, and the chat itself where it is the first of it.
    pub(super) fn of(&mut self, record: &Record) -> (Option<NativeId>, Option<Conversation>) {
        let key = key(record);
        let Some(chat) = self.known.get_mut(&key) else { return (None, None) };
        let id = NativeId::from(chat.id.as_str());
        if std::mem::replace(&mut chat.said, true) {
            return (Some(id), None);
        }
        // Where a file names nobody, it does not show that only two people wrote.
        let group = chat.group || text(record, "Remark").is_none();
        let kind = if group { ConversationKind::Group } else { ConversationKind::Direct };
        let name = [key.1, key.2].into_iter().find(|name| !name.is_empty());
        (Some(id.clone()), Some(Conversation::new(id, kind, name)))
    }
}

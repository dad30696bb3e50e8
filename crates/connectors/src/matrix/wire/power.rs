//! Power levels: who may do what, and how a room is made read-only and given back.

use serde_json::{Map, Value, json};

/// The field of a frozen room's power levels that remembers what they were. It lies in the room itself, so that a
/// freeze can be taken back even when the reply to it was lost.
const MARK: &str = "adjourn.frozen";
/// Types of messages that plain members can post: a level of their own would let them speak in a frozen room.
const SPEECH: [&str; 8] = [
    "m.room.message",
    "m.room.encrypted",
    "m.room.redaction",
    "m.reaction",
    "m.sticker",
    "m.poll.start",
    "m.call.invite",
    "org.matrix.msc3381.poll.start",
];

/// Power levels of a room.
#[derive(Debug)]
pub(crate) struct Power<'a> {
    content: Option<&'a Value>,
    sovereigns: Vec<String>,
    creator: Option<String>,
}

impl<'a> Power<'a> {
    /// Level from which on an account owns the room.
    pub(crate) const OWNER: i64 = 100;
    /// Level from which on an account administers the room.
    pub(crate) const ADMIN: i64 = 50;

    /// From the content of `m.room.power_levels`, the accounts above all levels, and the creator, who owns a room
    /// that has no such event.
    pub(crate) fn new(content: Option<&'a Value>, sovereigns: Vec<String>, creator: Option<String>) -> Self {
        Self { content, sovereigns, creator }
    }

    /// The power of a user.
    pub(crate) fn of(&self, user: &str) -> i64 {
        if self.is_sovereign(user) {
            return i64::MAX;
        }
        match self.content {
            None if self.creator.as_deref() == Some(user) => Self::OWNER,
            None => 0,
            Some(content) => content
                .get("users")
                .and_then(|users| level(users.get(user)?))
                .unwrap_or_else(|| self.field("users_default", 0)),
        }
    }

    /// Whether a user stands above all levels.
    pub(crate) fn is_sovereign(&self, user: &str) -> bool {
        self.sovereigns.iter().any(|sovereign| sovereign == user)
    }

    /// The level that an action needs, `kick` for one.
    pub(crate) fn field(&self, name: &str, default: i64) -> i64 {
        self.content.and_then(|content| level(content.get(name)?)).unwrap_or(default)
    }

    /// The level that setting a piece of state needs.
    pub(crate) fn for_state(&self, kind: &str) -> i64 {
        self.content
            .and_then(|content| level(content.get("events")?.get(kind)?))
            .unwrap_or_else(|| self.field("state_default", if self.content.is_some() { 50 } else { 0 }))
    }
}

/// Old rooms have levels as text.
fn level(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// Whether plain members can't post.
pub(crate) fn is_frozen(content: &Value) -> bool {
    let power = Power::new(Some(content), Vec::new(), None);
    let by_type = content.get("events");
    power.field("events_default", 0) >= Power::OWNER
        && SPEECH.iter().filter_map(|kind| level(by_type?.get(*kind)?)).all(|level| level >= Power::OWNER)
}

/// What was there before a freeze of ours, if the levels are frozen by us.
pub(crate) fn mark(content: &Value) -> Option<&Value> {
    content.get(MARK)
}

/// The levels of the frozen room. `promoted` is an account that got power for the freeze, with the entry that it had
/// before, null if none.
pub(crate) fn frozen(now: &Value, promoted: Option<(&str, Value)>) -> Value {
    let mut content = now.as_object().cloned().unwrap_or_default();
    let mut events = content.get("events").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut raised = Map::new();
    for kind in SPEECH {
        if let Some(old) = events.get(kind).filter(|old| level(old).is_none_or(|level| level < Power::OWNER))
        {
            raised.insert(kind.to_owned(), old.clone());
        }
    }
    for kind in raised.keys() {
        events.insert(kind.clone(), json!(Power::OWNER));
    }
    let old = now.get("events_default").cloned().unwrap_or(Value::Null);
    let users: Map<String, Value> = promoted.into_iter().map(|(user, old)| (user.to_owned(), old)).collect();
    content.insert(MARK.to_owned(), json!({ "events_default": old, "events": raised, "users": users }));
    content.insert("events_default".to_owned(), json!(Power::OWNER));
    if !events.is_empty() {
        content.insert("events".to_owned(), Value::Object(events));
    }
    Value::Object(content)
}

/// The levels with `to` as an owner, unless it is one already, and `former` owners as plain members.
pub(crate) fn handed(now: &Value, to: Option<&str>, former: &[&str]) -> Value {
    let mut content = now.as_object().cloned().unwrap_or_default();
    let mut users = content.get("users").and_then(Value::as_object).cloned().unwrap_or_default();
    let lowest = Power::new(Some(now), Vec::new(), None).field("users_default", 0);
    for user in former {
        if lowest < Power::ADMIN {
            users.remove(*user);
        } else {
            users.insert((*user).to_owned(), json!(0));
        }
    }
    if let Some(to) = to {
        users.insert(to.to_owned(), json!(Power::OWNER));
        // Power that was given for a freeze goes with its end; this was given for good.
        if let Some(promoted) = content.get_mut(MARK).and_then(|mark| mark.get_mut("users")?.as_object_mut())
        {
            promoted.remove(to);
        }
    }
    content.insert("users".to_owned(), Value::Object(users));
    Value::Object(content)
}

/// The levels given back: what the freeze changed goes back, what others changed since stays.
pub(crate) fn thawed(now: &Value, mark: &Value) -> Value {
    let mut content = now.as_object().cloned().unwrap_or_default();
    content.remove(MARK);
    match mark.get("events_default") {
        None | Some(Value::Null) => content.remove("events_default"),
        Some(old) => content.insert("events_default".to_owned(), old.clone()),
    };
    if let Some(events) = content.get_mut("events").and_then(Value::as_object_mut) {
        for (kind, old) in mark.get("events").and_then(Value::as_object).into_iter().flatten() {
            events.insert(kind.clone(), old.clone());
        }
    }
    if let Some(users) = content.get_mut("users").and_then(Value::as_object_mut) {
        for (user, old) in mark.get("users").and_then(Value::as_object).into_iter().flatten() {
            match old {
                Value::Null => users.remove(user),
                old => users.insert(user.clone(), old.clone()),
            };
        }
    }
    Value::Object(content)
}

//! A room of the simulated homeserver: its events, its state, and who has which power.

use std::collections::BTreeMap;

use adjourn_domain::canonical::Hash;
use adjourn_domain::time::Time;
use serde_json::{Value, json};

/// State: type and key to the place of the event.
type State = BTreeMap<(String, String), usize>;

/// A room.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Its id.
    pub(super) id: String,
    /// Its events, oldest first.
    pub(super) events: Vec<Value>,
    state: State,
    /// The state as each former member last saw it.
    departures: BTreeMap<String, State>,
}

impl Room {
    /// An empty room.
    pub(super) fn new(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::default() }
    }

    /// Adds an event.
    pub(super) fn push(
        &mut self,
        number: u64,
        at: Time,
        sender: &str,
        kind: &str,
        key: Option<&str>,
        content: Value,
    ) -> String {
        let hash = Hash::of(format!("{}{number}", self.id).as_bytes()).to_hex();
        let id = format!("${}", hash.get(..43).unwrap_or(&hash));
        let left = kind == "m.room.member"
            && content
                .get("membership")
                .and_then(Value::as_str)
                .is_some_and(|now| now == "leave" || now == "ban");
        let mut event = json!({
            "type": kind,
            "event_id": id,
            "room_id": self.id,
            "sender": sender,
            "origin_server_ts": at.as_millis(),
        });
        if let Some(fields) = event.as_object_mut() {
            fields.insert("content".to_owned(), content);
        }
        if let (Some(key), Some(fields)) = (key, event.as_object_mut()) {
            fields.insert("state_key".to_owned(), json!(key));
            self.state.insert((kind.to_owned(), key.to_owned()), self.events.len());
        }
        self.events.push(event);
        if let Some(user) = key.filter(|_| left) {
            self.departures.insert(user.to_owned(), self.state.clone());
        }
        id
    }

    /// Empties the content of a message, as a redaction does.
    pub(super) fn redact(&mut self, target: &str, by: &str) {
        for event in &mut self.events {
            if event.get("event_id").and_then(Value::as_str) == Some(target)
                && let Some(fields) = event.as_object_mut()
            {
                fields.insert("content".to_owned(), json!({}));
                fields.insert("unsigned".to_owned(), json!({ "redacted_by": by }));
            }
        }
    }

    /// An event as a reader sees it, with its age.
    pub(super) fn show(event: &Value, now: Time) -> Value {
        let mut shown = event.clone();
        let at = event.get("origin_server_ts").and_then(Value::as_i64).unwrap_or(0);
        let age = now.as_millis().saturating_sub(at);
        if let Some(fields) = shown.as_object_mut() {
            let unsigned = fields.entry("unsigned").or_insert_with(|| json!({}));
            if let Some(unsigned) = unsigned.as_object_mut() {
                unsigned.insert("age".to_owned(), json!(age));
            }
            fields.insert("age".to_owned(), json!(age));
            let sender = fields.get("sender").cloned().unwrap_or_default();
            fields.insert("user_id".to_owned(), sender);
        }
        shown
    }

    /// The event with an id.
    pub(super) fn event(&self, id: &str) -> Option<&Value> {
        self.events.iter().find(|event| event.get("event_id").and_then(Value::as_str) == Some(id))
    }

    /// The current state; nothing once nobody is left.
    pub(super) fn current(&self) -> Vec<&Value> {
        if self.with("join").is_empty() { Vec::new() } else { self.resolve(&self.state) }
    }

    /// The state as a former member last saw it.
    pub(super) fn at_departure(&self, user: &str) -> Option<Vec<&Value>> {
        self.departures.get(user).map(|state| self.resolve(state))
    }

    fn resolve(&self, state: &State) -> Vec<&Value> {
        state.values().filter_map(|place| self.events.get(*place)).collect()
    }

    /// The content of a piece of state.
    pub(super) fn content(&self, kind: &str, key: &str) -> Option<&Value> {
        let place = self.state.get(&(kind.to_owned(), key.to_owned()))?;
        self.events.get(*place)?.get("content")
    }

    /// A text in the state, or null.
    pub(super) fn text(&self, kind: &str, field: &str) -> Value {
        if self.with("join").is_empty() {
            return Value::Null;
        }
        self.content(kind, "").and_then(|content| content.get(field)).cloned().unwrap_or(Value::Null)
    }

    /// The membership of a user.
    pub(super) fn membership(&self, user: &str) -> Option<&str> {
        self.content("m.room.member", user)?.get("membership")?.as_str()
    }

    /// Users with a membership.
    pub(super) fn with(&self, membership: &str) -> Vec<&str> {
        let members =
            self.state.keys().filter(|(kind, _)| kind == "m.room.member").map(|(_, user)| user.as_str());
        members.filter(|user| self.membership(user) == Some(membership)).collect()
    }

    /// The creator.
    pub(super) fn creator(&self) -> &str {
        self.events.first().and_then(|event| event.get("sender")?.as_str()).unwrap_or_default()
    }

    /// The version.
    pub(super) fn version(&self) -> &str {
        self.content("m.room.create", "")
            .and_then(|create| create.get("room_version")?.as_str())
            .unwrap_or("1")
    }

    /// A user's power; a creator's has no bound since room version 12.
    pub(super) fn power(&self, user: &str) -> i64 {
        if self.version() == "12" && self.creator() == user {
            return i64::MAX;
        }
        let Some(levels) = self.content("m.room.power_levels", "") else {
            return if self.creator() == user { 100 } else { 0 };
        };
        let own = levels.get("users").and_then(|users| users.get(user)?.as_i64());
        own.or_else(|| levels.get("users_default")?.as_i64()).unwrap_or(0)
    }

    /// The level that an action needs.
    pub(super) fn needed(&self, field: &str, default: i64) -> i64 {
        self.content("m.room.power_levels", "")
            .and_then(|levels| levels.get(field)?.as_i64())
            .unwrap_or(default)
    }

    /// The level that an event of a type needs.
    pub(super) fn needed_for(&self, kind: &str, state: bool) -> i64 {
        let by_type = self
            .content("m.room.power_levels", "")
            .and_then(|levels| levels.get("events")?.get(kind)?.as_i64());
        by_type.unwrap_or_else(|| {
            if state { self.needed("state_default", 50) } else { self.needed("events_default", 0) }
        })
    }

    /// As the server's list of rooms shows it.
    pub(super) fn listed(&self) -> Value {
        let joined = self.with("join").len();
        let federates =
            self.content("m.room.create", "").and_then(|create| create.get("m.federate")?.as_bool());
        json!({
            "room_id": self.id,
            "name": self.text("m.room.name", "name"),
            "canonical_alias": self.text("m.room.canonical_alias", "alias"),
            "joined_members": joined,
            "joined_local_members": joined,
            "version": self.version(),
            "creator": self.creator(),
            "encryption": self.text("m.room.encryption", "algorithm"),
            "federatable": federates.unwrap_or(true),
            "public": false,
            "join_rules": self.text("m.room.join_rules", "join_rule"),
            "guest_access": null,
            "history_visibility": self.text("m.room.history_visibility", "history_visibility"),
            "state_events": self.state.len(),
            "room_type": null,
        })
    }

    /// As the server's details show it.
    pub(super) fn details(&self) -> Value {
        let mut details = self.listed();
        if let Some(fields) = details.as_object_mut() {
            let joined = fields.get("joined_members").cloned().unwrap_or_default();
            fields.insert("joined_local_devices".to_owned(), joined);
            for (name, value) in [
                ("avatar", Value::Null),
                ("forgotten", json!(false)),
                ("replacement_room", Value::Null),
                ("tombstoned", json!(false)),
                ("topic", self.text("m.room.topic", "topic")),
            ] {
                fields.insert(name.to_owned(), value);
            }
        }
        details
    }
}

//! The state of a room: who is in it, who has which power, what hangs on it.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::group::{Link, LinkKind, Member, Standing};
use adjourn_domain::ids::NativeId;
use serde::Deserialize;
use serde_json::Value;

use super::power::Power;
use super::requests::ENTERED;

/// Types of state events that are widgets.
pub(crate) const WIDGETS: [&str; 2] = ["im.vector.modular.widgets", "m.widget"];
/// Types of state events that are bridges.
pub(crate) const BRIDGES: [&str; 2] = ["m.bridge", "uk.half-shot.bridge"];

/// One state event.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct StateEvent {
    /// Its type.
    #[serde(rename = "type")]
    kind: String,
    /// What it is about, within its type.
    state_key: String,
    /// Who set it.
    sender: String,
    /// What it says.
    content: Value,
}

/// The reply of the admin API.
#[derive(Debug, Deserialize)]
pub(crate) struct AdminState {
    /// The events.
    pub(crate) state: Vec<StateEvent>,
}

/// The state of a room.
#[derive(Debug, Default)]
pub(crate) struct RoomState(BTreeMap<(String, String), StateEvent>);

impl From<Vec<StateEvent>> for RoomState {
    fn from(events: Vec<StateEvent>) -> Self {
        Self(events.into_iter().map(|event| ((event.kind.clone(), event.state_key.clone()), event)).collect())
    }
}

impl RoomState {
    /// Whether the server gave nothing at all: it has closed the room.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn event(&self, kind: &str, key: &str) -> Option<&StateEvent> {
        self.0.get(&(kind.to_owned(), key.to_owned()))
    }

    /// The content of a piece of state.
    pub(crate) fn content(&self, kind: &str, key: &str) -> Option<&Value> {
        self.event(kind, key).map(|event| &event.content)
    }

    /// A text in the content of a piece of state with the empty key; an empty one counts as none.
    pub(crate) fn text(&self, kind: &str, field: &str) -> Option<&str> {
        self.content(kind, "")?.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a StateEvent> {
        self.0.values().filter(move |event| event.kind == kind)
    }

    /// Users with a membership.
    pub(crate) fn with_membership<'a>(&'a self, membership: &'a str) -> impl Iterator<Item = &'a str> {
        self.of_kind("m.room.member")
            .filter(move |event| event.content.get("membership").and_then(Value::as_str) == Some(membership))
            .map(|event| event.state_key.as_str())
    }

    /// Whether a user has joined.
    pub(crate) fn is_joined(&self, user: &str) -> bool {
        self.content("m.room.member", user).and_then(|content| content.get("membership")?.as_str())
            == Some("join")
    }

    /// Whether a user joined the room only to do something of ours there.
    pub(crate) fn has_entered(&self, user: &str) -> bool {
        let reason = self.content("m.room.member", user).and_then(|content| content.get("reason")?.as_str());
        self.is_joined(user) && reason == Some(ENTERED)
    }

    /// Version of the room; a room that tells none has version 1.
    pub(crate) fn version(&self) -> &str {
        self.text("m.room.create", "room_version").unwrap_or("1")
    }

    /// Creators, where they stand above all power levels (since room version 12).
    fn sovereigns(&self) -> Vec<String> {
        let Some(create) = self.event("m.room.create", "") else { return Vec::new() };
        if !has_sovereigns(self.version()) {
            return Vec::new();
        }
        let more = create.content.get("additional_creators").and_then(Value::as_array);
        let more = more.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        std::iter::once(create.sender.clone()).chain(more).collect()
    }

    /// Who has which power.
    pub(crate) fn power(&self) -> Power<'_> {
        let creator = self.event("m.room.create", "").map(|create| create.sender.clone());
        Power::new(self.content("m.room.power_levels", ""), self.sovereigns(), creator)
    }

    /// Joined members. `bots` are accounts that something else calls bots.
    pub(crate) fn members(&self, bots: &BTreeSet<String>) -> Vec<Member> {
        let power = self.power();
        let bridge_bots = self.bridge_bots();
        self.of_kind("m.room.member")
            .filter(|event| event.content.get("membership").and_then(Value::as_str) == Some("join"))
            .map(|event| {
                let user = event.state_key.as_str();
                let name = event.content.get("displayname").and_then(Value::as_str).unwrap_or_default();
                let standing = match power.of(user) {
                    level if level >= Power::OWNER => Standing::Owner,
                    level if level >= Power::ADMIN => Standing::Admin,
                    _ => Standing::Member,
                };
                let bot = bots.contains(user) || bridge_bots.contains(user);
                Member { id: NativeId::from(user), name: name.to_owned(), standing, bot }
            })
            .collect()
    }

    /// Accounts that bridges name as their bots.
    fn bridge_bots(&self) -> BTreeSet<&str> {
        BRIDGES
            .into_iter()
            .flat_map(|kind| self.of_kind(kind))
            .filter_map(|event| event.content.get("bridgebot")?.as_str())
            .collect()
    }

    /// Widgets and bridges. One that was taken off has an empty content.
    pub(crate) fn links(&self) -> Vec<Link> {
        // The same widget may stand under both types; it is one link.
        let mut links = BTreeMap::new();
        for event in WIDGETS.into_iter().flat_map(|kind| self.of_kind(kind)).filter(|event| event.is_set()) {
            let name = event.field(&["name"]).or_else(|| event.field(&["type"])).unwrap_or(&event.state_key);
            let id = format!("widget:{}", event.state_key);
            links.insert(id.clone(), link(id, LinkKind::App, name));
        }
        for event in BRIDGES.into_iter().flat_map(|kind| self.of_kind(kind)).filter(|event| event.is_set()) {
            let name = event
                .field(&["protocol", "displayname"])
                .or_else(|| event.field(&["protocol", "id"]))
                .unwrap_or(&event.state_key);
            let id = format!("bridge:{}:{}", event.kind, event.state_key);
            links.insert(id.clone(), link(id, LinkKind::Bridge, name));
        }
        links.into_values().collect()
    }

    /// Facts about the room in the platform's own words.
    pub(crate) fn details(&self) -> BTreeMap<String, String> {
        let mut details = BTreeMap::from([("room_version".to_owned(), self.version().to_owned())]);
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                details.insert(name.to_owned(), value.to_owned());
            }
        };
        add("join_rule", self.text("m.room.join_rules", "join_rule"));
        add("history_visibility", self.text("m.room.history_visibility", "history_visibility"));
        add("encryption", self.text("m.room.encryption", "algorithm"));
        add("room_type", self.text("m.room.create", "type"));
        add("replacement_room", self.text("m.room.tombstone", "replacement_room"));
        let create = self.content("m.room.create", "");
        let federates = create.and_then(|content| content.get("m.federate")?.as_bool()).unwrap_or(true);
        add("federate", Some(if federates { "true" } else { "false" }));
        let invited = self.with_membership("invite").count();
        add("invited", (invited > 0).then(|| invited.to_string()).as_deref());
        details
    }
}

impl StateEvent {
    fn is_set(&self) -> bool {
        self.content.as_object().is_some_and(|content| !content.is_empty())
    }

    fn field(&self, path: &[&str]) -> Option<&str> {
        let value = path.iter().try_fold(&self.content, |value, name| value.get(*name))?;
        value.as_str().filter(|text| !text.is_empty())
    }
}

fn link(id: String, kind: LinkKind, name: &str) -> Link {
    Link { id: id.into(), kind, name: name.to_owned(), own: false }
}

/// Whether creators of rooms of this version have infinite power: version 12 and later, and the drafts of it.
fn has_sovereigns(version: &str) -> bool {
    version.parse::<u32>().map_or_else(|_| version.starts_with("org.matrix.hydra"), |number| number >= 12)
}

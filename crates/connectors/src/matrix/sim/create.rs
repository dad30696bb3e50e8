//! Making a room. Presets and their state as Synapse makes them, as far as anybody here looks.

use adjourn_connector_kit::Reply;
use adjourn_domain::capability::Op;
use serde_json::{Value, json};

use super::exchange::{Answer, Exchange, error};
use super::room::Room;
use super::world::World;

/// Versions of rooms that this server makes.
const VERSIONS: [&str; 3] = ["10", "11", "12"];

/// Makes a room for `user`.
pub(super) fn room(world: &mut World, exchange: &Exchange, user: &str) -> Answer {
    if world.makes_no_rooms.contains(user) {
        return Err(error(403, "M_FORBIDDEN", "You are not permitted to create rooms"));
    }
    let asked = exchange.content()?;
    let text = |name: &str| asked.get(name).and_then(Value::as_str);
    let version = text("room_version").unwrap_or("12");
    if !VERSIONS.contains(&version) {
        return Err(error(
            400,
            "M_UNSUPPORTED_ROOM_VERSION",
            "Your homeserver does not support this room version",
        ));
    }
    let alias = text("room_alias_name").map(|local| format!("#{local}:{}", world.server));
    if alias.as_ref().is_some_and(|alias| world.aliases.contains_key(alias)) {
        return Err(error(400, "M_ROOM_IN_USE", "Room alias already taken"));
    }
    let invited = invited(asked)?;
    let levels = levels(asked, user, version)?;
    let id = format!("!made{}:{}", world.count(), world.server);
    world.rooms.insert(id.clone(), Room::new(&id));
    let name = world.users.get(user).map(|user| user.name.clone()).unwrap_or_default();
    let mut state = vec![
        ("m.room.create", "", json!({ "room_version": version })),
        ("m.room.member", user, json!({ "membership": "join", "displayname": name })),
        ("m.room.power_levels", "", levels),
        ("m.room.join_rules", "", json!({ "join_rule": "invite" })),
        ("m.room.history_visibility", "", json!({ "history_visibility": "shared" })),
        ("m.room.guest_access", "", json!({ "guest_access": "can_join" })),
    ];
    state.extend(alias.as_ref().map(|alias| ("m.room.canonical_alias", "", json!({ "alias": alias }))));
    state.extend(text("name").map(|name| ("m.room.name", "", json!({ "name": name }))));
    for (kind, key, content) in state {
        world.push(&id, user, kind, Some(key), content);
    }
    for guest in &invited {
        world.push(&id, user, "m.room.member", Some(guest), json!({ "membership": "invite" }));
    }
    world.aliases.extend(alias.map(|alias| (alias, id.clone())));
    world.effect(Op::Create, &id);
    Ok(super::exchange::json(200, &json!({ "room_id": id })))
}

fn invited(asked: &Value) -> Result<Vec<String>, Box<Reply>> {
    let wrong = || error(400, "M_INVALID_PARAM", "Invalid user_id");
    let list = asked.get("invite").and_then(Value::as_array);
    list.into_iter()
        .flatten()
        .map(|user| user.as_str().filter(|user| user.starts_with('@')).map(str::to_owned).ok_or_else(wrong))
        .collect()
}

/// An override replaces fields whole: users without the creator are refused, and from version 12 on users with them.
fn levels(asked: &Value, user: &str, version: &str) -> Result<Value, Box<Reply>> {
    let mut levels = json!({
        "users": if version == "12" { json!({}) } else { json!({ user: 100 }) },
        "users_default": 0, "events_default": 0, "state_default": 50,
        "ban": 50, "kick": 50, "redact": 50, "invite": 0, "historical": 100,
        "events": { "m.room.name": 50, "m.room.power_levels": 100, "m.room.tombstone": 100 },
    });
    let Some(over) = asked.get("power_level_content_override").and_then(Value::as_object) else {
        return Ok(levels);
    };
    if let Some(users) = over.get("users").and_then(Value::as_object) {
        let named = users.contains_key(user);
        if named == (version == "12") {
            return Err(error(400, "M_BAD_JSON", "Not a valid power_level_content_override"));
        }
    }
    if let Some(fields) = levels.as_object_mut() {
        fields.extend(over.clone());
    }
    Ok(levels)
}

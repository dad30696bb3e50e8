//! Joining, leaving, putting out, and the power that a server admin can give.

use adjourn_connector_kit::Reply;
use adjourn_domain::capability::Op;
use serde_json::{Value, json};

use super::exchange::error;
use super::room::Room;
use super::world::World;

/// A user joins a room.
pub(super) fn join(
    world: &mut World,
    user: &str,
    room: &str,
    reason: Option<&str>,
) -> Result<(), Box<Reply>> {
    if world.blocked.contains_key(room) {
        return Err(error(403, "M_UNKNOWN", "This room has been blocked on this server"));
    }
    let Some(found) = world.rooms.get(room) else {
        let says = "Can't join remote room because no servers that are in the room have been provided.";
        return Err(error(404, "M_UNKNOWN", says));
    };
    if found.membership(user) == Some("join") {
        return Ok(());
    }
    let public = found.content("m.room.join_rules", "").and_then(|rule| rule.get("join_rule")?.as_str())
        == Some("public");
    if !public && found.membership(user) != Some("invite") {
        return Err(error(403, "M_FORBIDDEN", "You are not invited to this room."));
    }
    let name = world.users.get(user).map(|user| user.name.clone()).unwrap_or_default();
    let mut content = json!({ "membership": "join", "displayname": name });
    if let (Some(reason), Some(fields)) = (reason, content.as_object_mut()) {
        fields.insert("reason".to_owned(), json!(reason));
    }
    world.push(room, user, "m.room.member", Some(user), content);
    Ok(())
}

/// A user leaves a room.
pub(super) fn leave(world: &mut World, user: &str, room: &str) -> Result<(), Box<Reply>> {
    let membership = world.rooms.get(room).and_then(|found| found.membership(user));
    if !matches!(membership, Some("join" | "invite")) {
        return Err(not_in(user, room));
    }
    out(world, user, user, room);
    world.effect(Op::Leave, room);
    Ok(())
}

/// A member puts another one out.
pub(super) fn kick(world: &mut World, by: &str, user: &str, room: &str) -> Result<(), Box<Reply>> {
    let found = world.rooms.get(room).filter(|found| found.membership(by) == Some("join"));
    let found = found.ok_or_else(|| not_in(by, room))?;
    if !matches!(found.membership(user), Some("join" | "invite")) {
        return Err(error(403, "M_FORBIDDEN", "The target user is not in the room"));
    }
    if found.power(by) < found.needed("kick", 50) || found.power(user) >= found.power(by) {
        return Err(error(403, "M_FORBIDDEN", "You cannot kick user."));
    }
    out(world, by, user, room);
    Ok(())
}

/// Takes a user out and counts what that did: a bot is off, or the last one has left.
fn out(world: &mut World, by: &str, user: &str, room: &str) {
    world.push(room, by, "m.room.member", Some(user), json!({ "membership": "leave" }));
    if world.users.get(user).is_some_and(|user| user.bot) {
        world.effect(Op::Unlink, room);
    }
    if world.rooms.get(room).is_some_and(|found| found.with("join").is_empty()) {
        world.effect(Op::Dissolve, room);
    }
}

/// Gives a user the power of the strongest local member, and invites them.
pub(super) fn make_admin(world: &mut World, user: &str, room: &str) -> Result<(), Box<Reply>> {
    let found = world.room(room)?;
    let strongest = found.with("join").into_iter().max_by_key(|member| found.power(member));
    let Some(strongest) = strongest.filter(|member| found.power(member) >= 50).map(str::to_owned) else {
        return Err(error(400, "M_UNKNOWN", "No local admin user in room"));
    };
    let level = found.power(&strongest).min(100);
    let owned = found.power(user) >= 100;
    let mut levels = found.content("m.room.power_levels", "").cloned().unwrap_or_else(|| json!({}));
    let before = found.membership(user).map(str::to_owned);
    if found.power(user) < level {
        if let Some(fields) = levels.as_object_mut() {
            let users = fields.entry("users").or_insert_with(|| json!({}));
            if let Some(users) = users.as_object_mut() {
                users.insert(user.to_owned(), json!(level));
            }
        }
        world.push(room, &strongest, "m.room.power_levels", Some(""), levels);
        if level >= 100 && !owned && before.as_deref() == Some("join") {
            world.effect(Op::Transfer, room);
        }
    }
    if !matches!(before.as_deref(), Some("join" | "invite")) {
        world.push(room, &strongest, "m.room.member", Some(user), json!({ "membership": "invite" }));
    }
    Ok(())
}

/// A member sets a piece of state.
pub(super) fn put_state(
    world: &mut World,
    by: &str,
    room: &str,
    kind: &str,
    key: &str,
    content: &Value,
) -> Result<String, Box<Reply>> {
    let found = world.rooms.get(room).filter(|found| found.membership(by) == Some("join"));
    let found = found.ok_or_else(|| not_in(by, room))?;
    let (power, needed) = (found.power(by), found.needed_for(kind, true));
    if power < needed {
        let says = format!(
            "You don't have permission to post that to the room. user_level ({power}) < send_level ({needed})"
        );
        return Err(error(403, "M_FORBIDDEN", &says));
    }
    if kind == "m.room.member" {
        return Err(error(403, "M_FORBIDDEN", "Memberships are not set this way here"));
    }
    let (old, new) = (found.needed("events_default", 0), speech(content));
    if kind == "m.room.power_levels" && (old.max(new) > power || highest(content) > power) {
        return Err(error(
            403,
            "M_FORBIDDEN",
            "You don't have permission to add ops level greater than your own",
        ));
    }
    if kind == "m.room.power_levels"
        && let Some(says) = takes_too_much(found, by, content)
    {
        return Err(error(403, "M_FORBIDDEN", says));
    }
    let before = owners(found);
    let was_set =
        found.content(kind, key).and_then(Value::as_object).is_some_and(|content| !content.is_empty());
    let is_link =
        ["im.vector.modular.widgets", "m.widget", "m.bridge", "uk.half-shot.bridge"].contains(&kind);
    let id = world.push(room, by, kind, Some(key), content.clone());
    if kind == "m.room.power_levels" && new > old {
        world.effect(Op::Freeze, room);
    }
    let after = world.rooms.get(room).map(owners).unwrap_or_default();
    if after.iter().any(|user| !before.contains(user)) {
        world.effect(Op::Transfer, room);
    }
    if is_link && was_set && content.as_object().is_some_and(serde_json::Map::is_empty) {
        world.effect(Op::Unlink, room);
    }
    Ok(id)
}

/// Members with an owner's power.
fn owners(room: &Room) -> Vec<String> {
    room.with("join").into_iter().filter(|user| room.power(user) >= 100).map(str::to_owned).collect()
}

/// The rules of authorisation on the levels of users: nobody takes power from whoever has as much, except from
/// themself, and since version 12 creators are never listed.
fn takes_too_much(room: &Room, by: &str, new: &Value) -> Option<&'static str> {
    let none = serde_json::Map::new();
    let old = room.content("m.room.power_levels", "").and_then(|levels| levels.get("users")?.as_object());
    let old = old.unwrap_or(&none);
    let new = new.get("users").and_then(Value::as_object).unwrap_or(&none);
    if room.version() == "12" && new.contains_key(room.creator()) {
        return Some("Creator user must not appear in power levels");
    }
    let equal = old.iter().any(|(user, level)| {
        user != by && new.get(user) != Some(level) && level.as_i64().unwrap_or(0) >= room.power(by)
    });
    equal.then_some("You don't have permission to remove ops level equal to your own")
}

fn speech(levels: &Value) -> i64 {
    levels.get("events_default").and_then(Value::as_i64).unwrap_or(0)
}

fn highest(levels: &Value) -> i64 {
    let users = levels.get("users").and_then(Value::as_object);
    users.into_iter().flat_map(|users| users.values()).filter_map(Value::as_i64).max().unwrap_or(0)
}

/// The refusal for somebody who is not in the room, or not any more.
pub(super) fn not_in(user: &str, room: &str) -> Box<Reply> {
    error(403, "M_FORBIDDEN", &format!("User {user} not in room {room}, and room previews are disabled"))
}

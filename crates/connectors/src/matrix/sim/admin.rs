//! Synapse's admin API.

use adjourn_domain::capability::Op;
use http::Method;
use serde_json::{Value, json as object};

use super::client;
use super::exchange::{Answer, Exchange, error, json, unrecognized};
use super::membership;
use super::room::Room;
use super::world::World;

/// Most rooms in one page. A real server gives as many as asked for; a small page makes small worlds have several.
const PAGE: usize = 3;

/// Answers a call under `/_synapse/admin`.
pub(super) fn route(world: &mut World, exchange: &Exchange, version: &str, path: &[&str]) -> Answer {
    let ok = |value: &Value| Ok(json(200, value));
    // The version is open to everybody, with or without a token.
    if let (&Method::GET, "v1", ["server_version"]) = (&exchange.method, version, path) {
        return ok(&object!({ "server_version": "1.163.2 (simulated)" }));
    }
    let user = world.admin(exchange)?;
    match (&exchange.method, version, path) {
        (&Method::GET, "v1", ["rooms"]) => ok(&rooms(world, exchange)),
        (&Method::GET, "v1", ["rooms", room]) => ok(&world.room(room)?.details()),
        (&Method::GET, "v1", ["rooms", room, "members"]) => {
            let members = world.room(room)?.with("join");
            ok(&object!({ "members": members, "total": members.len() }))
        }
        (&Method::GET, "v1", ["rooms", room, "state"]) => {
            let room = world.room(room)?;
            let state: Vec<Value> =
                room.current().into_iter().map(|event| Room::show(event, world.now)).collect();
            ok(&object!({ "state": state }))
        }
        (&Method::GET, "v1", ["rooms", room, "messages"]) => {
            // An empty page, not an error, for a room that does not exist.
            let nothing = Room::default();
            ok(&client::messages(world.rooms.get(*room).unwrap_or(&nothing), world, exchange))
        }
        (&Method::GET, "v1", ["rooms", room, "timestamp_to_event"]) => {
            client::closest(world.room(room)?, exchange)
        }
        (&Method::GET, "v1", ["rooms", room, "context", event]) => {
            client::context(world.room(room)?, world, event)
        }
        (&Method::GET, "v1", ["rooms", room, "block"]) => ok(&match world.blocked.get(*room) {
            Some(by) => object!({ "block": true, "user_id": by }),
            None => object!({ "block": false }),
        }),
        (&Method::POST, "v1", ["rooms", room, "make_room_admin"]) => {
            let target = exchange.field("user_id").map_or(user.as_str(), |target| target).to_owned();
            membership::make_admin(world, &target, room)?;
            ok(&object!({}))
        }
        (&Method::GET, "v1", ["fetch_event", event]) => {
            let found = world.rooms.values().find_map(|room| room.event(event));
            let found = found.ok_or_else(|| error(404, "M_NOT_FOUND", "Event not found"))?;
            ok(&object!({ "event": Room::show(found, world.now) }))
        }
        (&Method::GET, "v1", ["room", room, "media"]) => ok(&media(world, room)),
        (&Method::DELETE, "v1", ["media", server, id]) => delete_media(world, server, id),
        (&Method::DELETE, "v2", ["rooms", room]) => {
            let (purge, block) = (exchange.flag("purge"), exchange.flag("block"));
            let id = world.delete(room, &user, purge, block)?;
            ok(&object!({ "delete_id": id }))
        }
        (&Method::GET, "v2", ["rooms", "delete_status", id]) => {
            let task = world.tasks.iter().find(|task| task.id == *id);
            let task =
                task.ok_or_else(|| error(404, "M_NOT_FOUND", &format!("delete id '{id}' not found")))?;
            ok(&task.show())
        }
        (&Method::GET, "v2", ["rooms", room, "delete_status"]) => {
            let tasks: Vec<Value> =
                world.tasks.iter().filter(|task| task.room == *room).map(super::world::Task::show).collect();
            if tasks.is_empty() {
                let says = format!("No delete task for room_id '{room}' found");
                return Err(error(404, "M_NOT_FOUND", &says));
            }
            ok(&object!({ "results": tasks }))
        }
        (&Method::GET, "v2", ["users"]) => ok(&users(world, exchange)),
        _ => Err(unrecognized()),
    }
}

/// The list of rooms, by name.
fn rooms(world: &World, exchange: &Exchange) -> Value {
    let term = exchange.query("search_term");
    let mut found: Vec<&Room> = world
        .rooms
        .values()
        .filter(|room| {
            term.is_none_or(|term| {
                room.id == term
                    || room.text("m.room.name", "name").as_str().is_some_and(|name| name.contains(term))
            })
        })
        .collect();
    found.sort_by_key(|room| (room.text("m.room.name", "name").to_string(), room.id.clone()));
    let (from, limit) = (exchange.number("from", 0, usize::MAX), exchange.number("limit", 100, PAGE));
    let page: Vec<Value> = found.iter().skip(from).take(limit).map(|room| room.listed()).collect();
    let mut reply = object!({ "offset": from, "total_rooms": found.len(), "rooms": page });
    if let Some(fields) = reply.as_object_mut() {
        if from + limit < found.len() {
            fields.insert("next_batch".to_owned(), object!(from + limit));
        }
        if from > 0 {
            fields.insert("prev_batch".to_owned(), object!(from.saturating_sub(limit)));
        }
    }
    reply
}

/// The list of users, without the excluded types.
fn users(world: &World, exchange: &Exchange) -> Value {
    let users: Vec<Value> = world
        .users
        .iter()
        .filter(|(_, user)| {
            !exchange.queries("not_user_type").any(|out| out == if user.bot { "bot" } else { "" })
        })
        .map(|(id, user)| {
            let kind = if user.bot { object!("bot") } else { Value::Null };
            object!({ "name": id, "displayname": user.name, "admin": user.admin, "user_type": kind })
        })
        .collect();
    object!({ "users": users, "total": users.len() })
}

/// Files that events of a room name; none once the events are gone.
fn media(world: &World, room: &str) -> Value {
    let files: Vec<String> = world
        .files
        .iter()
        .filter(|(_, file)| file.room == room && world.rooms.contains_key(room))
        .map(|(id, _)| format!("mxc://{}/{id}", world.server))
        .collect();
    object!({ "local": files, "remote": [] })
}

fn delete_media(world: &mut World, server: &str, id: &str) -> Answer {
    if server != world.server {
        return Err(error(400, "M_UNKNOWN", "Can only delete local media"));
    }
    let Some(file) = world.files.remove(id) else {
        return Err(error(404, "M_NOT_FOUND", "Unknown media"));
    };
    world.effect(Op::RemoveMedia, &file.room);
    Ok(json(200, &object!({ "deleted_media": [id], "total": 1 })))
}

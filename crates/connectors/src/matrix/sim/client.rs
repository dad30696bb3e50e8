//! The client-server API.

use adjourn_domain::capability::Op;
use http::Method;
use serde_json::{Value, json as object};

use super::create;
use super::exchange::{Answer, Exchange, error, json, reply, unrecognized};
use super::membership::{self, not_in};
use super::room::Room;
use super::world::World;

/// Most events in one page. A real server gives up to 1000; a small page makes small worlds have several.
const PAGE: usize = 10;

/// Answers a call under `/_matrix/client/v3`.
pub(super) fn route(world: &mut World, exchange: &Exchange, path: &[&str]) -> Answer {
    let user = world.caller(exchange)?;
    let ok = |value: &Value| Ok(json(200, value));
    match (&exchange.method, path) {
        (&Method::GET, ["account", "whoami"]) => {
            ok(&object!({ "user_id": user, "device_id": "SIMULATED", "is_guest": false }))
        }
        (&Method::GET, ["joined_rooms"]) => {
            let rooms: Vec<&str> = world
                .rooms
                .values()
                .filter(|room| room.membership(&user) == Some("join"))
                .map(|room| room.id.as_str())
                .collect();
            ok(&object!({ "joined_rooms": rooms }))
        }
        (&Method::POST, ["createRoom"]) => create::room(world, exchange, &user),
        (&Method::POST, ["join", room] | ["rooms", room, "join"]) => {
            membership::join(world, &user, room, exchange.field("reason").ok())?;
            ok(&object!({ "room_id": room }))
        }
        (&Method::POST, ["rooms", room, "leave"]) => {
            membership::leave(world, &user, room)?;
            ok(&object!({}))
        }
        (&Method::POST, ["rooms", room, "kick"]) => {
            let target = exchange.field("user_id")?;
            membership::kick(world, &user, target, room)?;
            ok(&object!({}))
        }
        (&Method::PUT, ["rooms", room, "send", kind, transaction]) => {
            send(world, exchange, &user, [room, kind, transaction])
        }
        (&Method::PUT, ["rooms", room, "state", kind]) => {
            let id = membership::put_state(world, &user, room, kind, "", exchange.content()?)?;
            ok(&object!({ "event_id": id }))
        }
        (&Method::PUT, ["rooms", room, "state", kind, key]) => {
            let id = membership::put_state(world, &user, room, kind, key, exchange.content()?)?;
            ok(&object!({ "event_id": id }))
        }
        (&Method::DELETE, ["directory", "room", alias]) => match world.aliases.remove(*alias) {
            Some(_) => ok(&object!({})),
            None => Err(error(404, "M_NOT_FOUND", "Room alias not found")),
        },
        (&Method::GET, ["directory", "room", alias]) => match world.aliases.get(*alias) {
            Some(room) => ok(&object!({ "room_id": room, "servers": [world.server] })),
            None => Err(error(404, "M_NOT_FOUND", &format!("Room alias {alias} not found"))),
        },
        (&Method::GET, ["rooms", room, rest @ ..]) => read(world, exchange, &user, room, rest),
        _ => Err(unrecognized()),
    }
}

/// Reads something in a room.
fn read(world: &World, exchange: &Exchange, user: &str, id: &str, path: &[&str]) -> Answer {
    let room = world.rooms.get(id).ok_or_else(|| not_in(user, id))?;
    let joined = room.membership(user) == Some("join");
    if let ["state"] = path {
        let state = if joined { Some(room.current()) } else { room.at_departure(user) };
        let state = state.ok_or_else(|| not_in(user, id))?;
        let shown: Vec<Value> = state.into_iter().map(|event| Room::show(event, world.now)).collect();
        return Ok(json(200, &Value::Array(shown)));
    }
    if !joined {
        return Err(not_in(user, id));
    }
    match path {
        ["state", kind] | ["state", kind, ""] => match room.content(kind, "") {
            Some(content) => Ok(json(200, content)),
            None => Err(error(404, "M_NOT_FOUND", "Event not found.")),
        },
        ["state", kind, key] => match room.content(kind, key) {
            Some(content) => Ok(json(200, content)),
            None => Err(error(404, "M_NOT_FOUND", "Event not found.")),
        },
        ["event", event] => match room.event(event) {
            Some(event) => Ok(json(200, &Room::show(event, world.now))),
            None => Err(error(404, "M_NOT_FOUND", "Event not found.")),
        },
        ["messages"] => Ok(json(200, &messages(room, world, exchange))),
        ["context", event] => context(room, world, event),
        ["joined_members"] => {
            let members: serde_json::Map<String, Value> =
                room.with("join").into_iter().map(|user| (user.to_owned(), object!({}))).collect();
            Ok(json(200, &object!({ "joined": members })))
        }
        ["aliases"] => {
            let aliases: Vec<&String> =
                world.aliases.iter().filter(|(_, target)| *target == id).map(|(alias, _)| alias).collect();
            Ok(json(200, &object!({ "aliases": aliases })))
        }
        _ => Err(unrecognized()),
    }
}

/// A page of events. `end` is there as long as the page holds something.
pub(super) fn messages(room: &Room, world: &World, exchange: &Exchange) -> Value {
    let forward = exchange.query("dir") == Some("f");
    let limit = exchange.number("limit", 10, PAGE);
    let count = room.events.len();
    let from =
        exchange.query("from").and_then(|token| token.strip_prefix('t')?.split('-').next()?.parse().ok());
    let from: usize = from.unwrap_or(if forward { 0 } else { count }).min(count);
    let (first, last) =
        if forward { (from, (from + limit).min(count)) } else { (from.saturating_sub(limit), from) };
    let mut chunk: Vec<Value> = room
        .events
        .get(first..last)
        .unwrap_or_default()
        .iter()
        .map(|event| Room::show(event, world.now))
        .collect();
    if !forward {
        chunk.reverse();
    }
    let token = |place: usize| format!("t{place}-0_0");
    let mut page = object!({ "start": token(from), "chunk": chunk });
    if last > first
        && let Some(fields) = page.as_object_mut()
    {
        fields.insert("end".to_owned(), object!(token(if forward { last } else { first })));
    }
    page
}

/// Answers a call under `/_matrix/client/v1/rooms`.
pub(super) fn by_time(world: &World, exchange: &Exchange, id: &str) -> Answer {
    let user = world.caller(exchange)?;
    let room = world.rooms.get(id).filter(|room| room.membership(&user) == Some("join"));
    closest(room.ok_or_else(|| not_in(&user, id))?, exchange)
}

/// The event closest to a time.
pub(super) fn closest(room: &Room, exchange: &Exchange) -> Answer {
    let forward = exchange.query("dir") != Some("b");
    let at = exchange.query("ts").and_then(|text| text.parse::<i64>().ok());
    let at = at.ok_or_else(|| error(400, "M_MISSING_PARAM", "Missing integer query parameter 'ts'"))?;
    let sent = |event: &Value| event.get("origin_server_ts").and_then(Value::as_i64).unwrap_or(0);
    let found = if forward {
        room.events.iter().filter(|event| sent(event) >= at).min_by_key(|event| sent(event))
    } else {
        room.events.iter().rev().filter(|event| sent(event) <= at).max_by_key(|event| sent(event))
    };
    let found = found.ok_or_else(|| error(404, "M_NOT_FOUND", "Unable to find event"))?;
    Ok(json(200, &object!({ "event_id": found.get("event_id"), "origin_server_ts": sent(found) })))
}

/// An event with the places before and behind it.
pub(super) fn context(room: &Room, world: &World, event: &str) -> Answer {
    let id = |event: &Value| event.get("event_id").and_then(Value::as_str).map(str::to_owned);
    let place = room.events.iter().position(|other| id(other).as_deref() == Some(event));
    let found = place.and_then(|place| Some((place, room.events.get(place)?)));
    let (place, found) = found.ok_or_else(|| error(404, "M_NOT_FOUND", "Event not found."))?;
    let (start, end) = (format!("t{place}-0_0"), format!("t{}-0_0", place + 1));
    let event = Room::show(found, world.now);
    let around = object!({ "events_before": [], "event": event, "events_after": [], "state": [], "start": start, "end": end });
    Ok(json(200, &around))
}

/// Sends a message, once for each transaction.
fn send(world: &mut World, exchange: &Exchange, user: &str, [room, kind, transaction]: [&str; 3]) -> Answer {
    let key = (exchange.token().unwrap_or_default().to_owned(), room.to_owned(), transaction.to_owned());
    if let Some(id) = world.transactions.get(&key) {
        return Ok(json(200, &object!({ "event_id": id })));
    }
    let found = world.rooms.get(room).filter(|found| found.membership(user) == Some("join"));
    let found = found.ok_or_else(|| not_in(user, room))?;
    let (power, needed) = (found.power(user), found.needed_for(kind, false));
    if power < needed {
        let says = format!(
            "You don't have permission to post that to the room. user_level ({power}) < send_level ({needed})"
        );
        return Err(error(403, "M_FORBIDDEN", &says));
    }
    let content = exchange.content()?.clone();
    let id = world.push(room, user, kind, None, content);
    world.transactions.insert(key, id.clone());
    if kind == "m.room.message" {
        world.effect(Op::Announce, room);
    }
    Ok(json(200, &object!({ "event_id": id })))
}

/// A file.
pub(super) fn download(world: &World, exchange: &Exchange, server: &str, id: &str) -> Answer {
    world.caller(exchange)?;
    if exchange.method != Method::GET {
        return Err(unrecognized());
    }
    let missing = || {
        let says = format!("Not found '/_matrix/client/v1/media/download/{server}/{id}'");
        error(404, "M_NOT_FOUND", &says)
    };
    let file = world.files.get(id).filter(|_| server == world.server).ok_or_else(missing)?;
    Ok(reply(200, &file.media_type, file.bytes.clone()))
}

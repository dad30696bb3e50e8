//! The world of the conformance suite.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use adjourn_connector_kit::Secret;
use adjourn_connector_kit::simulator::Seeded;
use adjourn_domain::time::Time;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Homeserver;
use super::room::Room;
use super::world::{File, Token, User, World};

const SERVER: &str = "sim.test";
const BUSY: &str = "!hgKc0XpHq3mZ5vQy1nJt7wRb9uEd2sFa4iLo6kPx8zT";
const QUIET: &str = "!quiet:sim.test";
const FILE: &str = "IkrXfCXYWNGtUgzbHkPiXvph";
/// 2026-11-01T08:00:00Z.
const START: i64 = 1_793_520_000_000;

const ALICE: &str = "@alice:sim.test";
const BOB: &str = "@bob:sim.test";
const CAROL: &str = "@carol:sim.test";
const ERIN: &str = "@erin:sim.test";
const BOT: &str = "@helper-bot:sim.test";
/// Local parts of the accounts with the rights of a server admin.
const ADMINS: [&str; 2] = ["root", "witness"];

/// What people say and how things are called, from the fixtures.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// Names of people, by the local part of the account.
    pub(crate) people: BTreeMap<String, String>,
    /// Name of the busy room.
    pub(crate) busy: String,
    quiet: String,
    more: Vec<String>,
    widget: String,
    talk: Vec<String>,
    /// What the second message says since it was edited.
    pub(crate) edit: String,
    answer: String,
    thread: String,
    wrong: String,
    reason: String,
    /// Name of the file in the busy room.
    pub(crate) file_name: String,
    file: String,
    last: String,
}

/// The words of the world.
pub(crate) static WORDS: LazyLock<Words> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/world.json")).unwrap_or_default());

/// The simulator with its world and its credentials.
pub(super) fn seeded() -> Seeded {
    let mut world = World { server: SERVER.to_owned(), now: Time::from_millis(START), ..World::default() };
    accounts(&mut world);
    busy(&mut world);
    room(&mut world, QUIET, "10", ALICE, &WORDS.quiet);
    for (number, name) in WORDS.more.iter().enumerate() {
        let id = format!("!more{number}:{SERVER}");
        room(&mut world, &id, "11", BOB, name);
        join(&mut world, &id, CAROL);
    }
    // An ownerless room: its creator has left.
    let ownerless = format!("!more0:{SERVER}");
    state(&mut world, &ownerless, BOB, "m.room.member", BOB, json!({ "membership": "leave" }));
    let records = world.rooms.get(BUSY).map_or(0, |room| room.events.len());
    let groups = world.rooms.len();
    world.effects.clear();
    let token = |text: &str| BTreeMap::from([("token".to_owned(), Secret::new(text))]);
    Seeded {
        simulator: Box::new(Homeserver { world }),
        settings: BTreeMap::from([("url".to_owned(), format!("http://{SERVER}"))]),
        secrets: token("syt_root"),
        witness_secrets: token("syt_witness"),
        wrong_secrets: token("syt_invented"),
        expired_secrets: token("syt_old"),
        powerless_secrets: token("syt_dave"),
        busy: BUSY.into(),
        quiet: QUIET.into(),
        groups,
        records,
        person: None,
    }
}

fn accounts(world: &mut World) {
    for (local, name) in &WORDS.people {
        let id = format!("@{local}:{SERVER}");
        let (admin, bot) = (ADMINS.contains(&local.as_str()), id == BOT);
        world.users.insert(id.clone(), User { admin, bot, name: name.clone() });
        world.tokens.insert(format!("syt_{local}"), Token { user: id, expired: false });
    }
    world.makes_no_rooms.insert(format!("@dave:{SERVER}"));
    let old = Token { user: format!("@root:{SERVER}"), expired: true };
    world.tokens.insert("syt_old".to_owned(), old);
}

/// A room with its creator and the state that every room has.
fn room(world: &mut World, id: &str, version: &str, creator: &str, name: &str) {
    world.rooms.insert(id.to_owned(), Room::new(id));
    state(world, id, creator, "m.room.create", "", json!({ "room_version": version }));
    join(world, id, creator);
    let owner = if version == "12" { json!({}) } else { json!({ creator: 100 }) };
    let levels = json!({
        "users": owner, "users_default": 0, "events_default": 0, "state_default": 50,
        "ban": 50, "kick": 50, "redact": 50, "invite": 0, "historical": 100,
        "events": { "m.room.name": 50, "m.room.power_levels": 100, "m.room.tombstone": if version == "12" { 150 } else { 100 } },
    });
    state(world, id, creator, "m.room.power_levels", "", levels);
    state(world, id, creator, "m.room.join_rules", "", json!({ "join_rule": "invite" }));
    state(world, id, creator, "m.room.history_visibility", "", json!({ "history_visibility": "shared" }));
    state(world, id, creator, "m.room.name", "", json!({ "name": name }));
}

/// The busy room: people, a bot, a widget, a bridge, and a history with everything in it.
fn busy(world: &mut World) {
    room(world, BUSY, "12", ALICE, &WORDS.busy);
    let alias = format!("#project-y:{SERVER}");
    world.aliases.insert(alias.clone(), BUSY.to_owned());
    state(world, BUSY, ALICE, "m.room.canonical_alias", "", json!({ "alias": alias }));
    for user in [BOB, CAROL, ERIN, BOT] {
        join(world, BUSY, user);
    }
    let widget = json!({ "id": "board", "name": WORDS.widget, "type": "m.custom", "url": "https://board.example.test/" });
    state(world, BUSY, ALICE, "im.vector.modular.widgets", "board", widget);
    let bridge = json!({ "bridgebot": BOT, "creator": ALICE, "protocol": { "id": "irc", "displayname": "IRC" },
        "channel": { "id": "#project-y" } });
    state(world, BUSY, ALICE, "uk.half-shot.bridge", "irc://#project-y", bridge);
    let mut said = Vec::new();
    for (place, text) in WORDS.talk.iter().enumerate() {
        let sender = [ALICE, BOB, CAROL].get(place % 3).copied().unwrap_or(ALICE);
        said.push(say(world, sender, json!({ "msgtype": "m.text", "body": text })));
    }
    let of = |place: usize| said.get(place).cloned().unwrap_or_default();
    let edit = json!({ "msgtype": "m.text", "body": format!("* {}", WORDS.edit),
        "m.new_content": { "msgtype": "m.text", "body": WORDS.edit },
        "m.relates_to": { "rel_type": "m.replace", "event_id": of(1) } });
    say(world, BOB, edit);
    let answer = json!({ "msgtype": "m.text", "body": WORDS.answer,
        "m.relates_to": { "m.in_reply_to": { "event_id": of(5) } } });
    say(world, CAROL, answer);
    let thread = json!({ "msgtype": "m.text", "body": WORDS.thread,
        "m.relates_to": { "rel_type": "m.thread", "event_id": of(12), "m.in_reply_to": { "event_id": of(12) } } });
    say(world, BOB, thread);
    let reaction = json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": of(8), "key": "👍" } });
    send(world, ALICE, "m.reaction", reaction);
    let wrong = say(world, BOB, json!({ "msgtype": "m.text", "body": WORDS.wrong }));
    send(world, BOB, "m.room.redaction", json!({ "redacts": wrong, "reason": WORDS.reason }));
    if let Some(room) = world.rooms.get_mut(BUSY) {
        room.redact(&wrong, BOB);
    }
    let bytes = Bytes::from_static(WORDS.file.as_bytes());
    let file = json!({ "msgtype": "m.file", "body": WORDS.file_name, "filename": WORDS.file_name,
        "url": format!("mxc://{SERVER}/{FILE}"), "info": { "size": bytes.len(), "mimetype": "text/csv" } });
    world
        .files
        .insert(FILE.to_owned(), File { bytes, media_type: "text/csv".to_owned(), room: BUSY.to_owned() });
    say(world, ALICE, file);
    say(world, ALICE, json!({ "msgtype": "m.text", "body": WORDS.last }));
}

fn join(world: &mut World, room: &str, user: &str) {
    let name = world.users.get(user).map(|user| user.name.clone()).unwrap_or_default();
    state(world, room, user, "m.room.member", user, json!({ "membership": "join", "displayname": name }));
}

fn say(world: &mut World, sender: &str, content: Value) -> String {
    send(world, sender, "m.room.message", content)
}

fn send(world: &mut World, sender: &str, kind: &str, content: Value) -> String {
    world.now = world.now.plus_secs(60);
    world.push(BUSY, sender, kind, None, content)
}

fn state(world: &mut World, room: &str, sender: &str, kind: &str, key: &str, content: Value) {
    world.push(room, sender, kind, Some(key), content);
}

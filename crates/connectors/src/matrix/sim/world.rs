//! The world of the simulated homeserver: accounts, rooms, files, deletions.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_connector_kit::Reply;
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use bytes::Bytes;
use serde_json::{Value, json};

use super::exchange::{Exchange, error};
use super::room::Room;

/// Seconds until a deletion has put everybody out.
const KICKED_S: u64 = 1;
/// Seconds until a deletion is complete.
const COMPLETE_S: u64 = 3;

/// An account.
#[derive(Debug, Default)]
pub(super) struct User {
    /// Whether it is a server admin.
    pub(super) admin: bool,
    /// Whether the server calls it a bot.
    pub(super) bot: bool,
    /// Its display name.
    pub(super) name: String,
}

/// An access token.
#[derive(Debug)]
pub(super) struct Token {
    /// Whose it is.
    pub(super) user: String,
    /// Whether it has expired.
    pub(super) expired: bool,
}

/// A file.
#[derive(Debug)]
pub(super) struct File {
    /// Its bytes.
    pub(super) bytes: Bytes,
    /// Its media type.
    pub(super) media_type: String,
    /// The room in which it was sent, for counting effects.
    pub(super) room: String,
}

/// A deletion.
#[derive(Debug)]
pub(super) struct Task {
    /// Its id.
    pub(super) id: String,
    /// The room.
    pub(super) room: String,
    purge: bool,
    since: Time,
    kicked: Option<Vec<String>>,
    complete: bool,
}

impl Task {
    /// Whether it is under way.
    pub(super) fn is_active(&self) -> bool {
        !self.complete
    }

    /// As the status calls show it.
    pub(super) fn show(&self) -> Value {
        let shutdown = self.kicked.as_ref().filter(|_| self.complete).map(|kicked| {
            json!({ "kicked_users": kicked, "failed_to_kick_users": [], "local_aliases": [], "new_room_id": null })
        });
        json!({
            "delete_id": self.id,
            "room_id": self.room,
            "status": if self.complete { "complete" } else { "active" },
            "shutdown_room": shutdown,
        })
    }
}

/// Everything that the homeserver knows.
#[derive(Debug, Default)]
pub(super) struct World {
    /// The server's name.
    pub(super) server: String,
    /// The time of the last input.
    pub(super) now: Time,
    /// Accounts by user id.
    pub(super) users: BTreeMap<String, User>,
    /// Access tokens.
    pub(super) tokens: BTreeMap<String, Token>,
    /// Rooms by id.
    pub(super) rooms: BTreeMap<String, Room>,
    /// Aliases and their rooms.
    pub(super) aliases: BTreeMap<String, String>,
    /// Accounts that the server lets make no rooms.
    pub(super) makes_no_rooms: BTreeSet<String>,
    /// Files by id.
    pub(super) files: BTreeMap<String, File>,
    /// Blocked rooms and who blocked them.
    pub(super) blocked: BTreeMap<String, String>,
    /// Deletions, oldest first.
    pub(super) tasks: Vec<Task>,
    /// Events by token, room and transaction id.
    pub(super) transactions: BTreeMap<(String, String, String), String>,
    /// How often each effect happened.
    pub(super) effects: BTreeMap<(Op, NativeId), u32>,
    /// The last number that was given.
    pub(super) counter: u64,
}

impl World {
    /// A new number.
    pub(super) fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    /// Counts an effect.
    pub(super) fn effect(&mut self, op: Op, room: &str) {
        *self.effects.entry((op, room.into())).or_default() += 1;
    }

    /// The account behind a request.
    pub(super) fn caller(&self, exchange: &Exchange) -> Result<String, Box<Reply>> {
        let Some(token) = exchange.token() else {
            return Err(error(401, "M_MISSING_TOKEN", "Missing access token"));
        };
        let refuse = |says: &str, soft: bool| {
            let body = json!({ "errcode": "M_UNKNOWN_TOKEN", "error": says, "soft_logout": soft });
            Err(Box::new(super::exchange::json(401, &body)))
        };
        match self.tokens.get(token) {
            Some(token) if token.expired => refuse("Access token has expired", true),
            Some(token) => Ok(token.user.clone()),
            None => refuse("Invalid access token passed.", false),
        }
    }

    /// The account behind a request, which has to be a server admin.
    pub(super) fn admin(&self, exchange: &Exchange) -> Result<String, Box<Reply>> {
        let user = self.caller(exchange)?;
        if self.users.get(&user).is_some_and(|user| user.admin) {
            Ok(user)
        } else {
            Err(error(403, "M_FORBIDDEN", "You are not a server admin"))
        }
    }

    /// A room for a server admin.
    pub(super) fn room(&self, id: &str) -> Result<&Room, Box<Reply>> {
        self.rooms.get(id).ok_or_else(|| error(404, "M_NOT_FOUND", "Room not found"))
    }

    /// Adds an event to a room and gives its id.
    pub(super) fn push(
        &mut self,
        room: &str,
        sender: &str,
        kind: &str,
        key: Option<&str>,
        content: Value,
    ) -> String {
        let (now, number) = (self.now, self.count());
        let Some(room) = self.rooms.get_mut(room) else { return String::new() };
        room.push(number, now, sender, kind, key, content)
    }

    /// Begins a deletion; one at a time for a room. Also a room that never was can be deleted.
    pub(super) fn delete(
        &mut self,
        room: &str,
        by: &str,
        purge: bool,
        block: bool,
    ) -> Result<String, Box<Reply>> {
        if self.tasks.iter().any(|task| task.room == room && task.is_active()) {
            let says = format!("Purge already in progress for {room}");
            return Err(error(400, "M_UNKNOWN", &says));
        }
        let id = format!("Delete{:08}", self.count());
        if block {
            self.blocked.insert(room.to_owned(), by.to_owned());
        }
        if self.rooms.contains_key(room) {
            self.effect(if purge { Op::Purge } else { Op::Dissolve }, room);
        }
        self.tasks.push(Task {
            id: id.clone(),
            room: room.to_owned(),
            purge,
            since: self.now,
            kicked: None,
            complete: false,
        });
        Ok(id)
    }

    /// Lets time pass: deletions go on.
    pub(super) fn advance(&mut self, now: Time) {
        self.now = now;
        let mut tasks = std::mem::take(&mut self.tasks);
        for task in tasks.iter_mut().filter(|task| !task.complete) {
            let age = self.now.secs_since(task.since);
            if age >= KICKED_S && task.kicked.is_none() {
                task.kicked = Some(self.shut_down(&task.room));
            }
            if age >= COMPLETE_S {
                task.complete = true;
                if task.purge {
                    self.rooms.remove(&task.room);
                    self.aliases.retain(|_, room| *room != task.room);
                }
            }
        }
        self.tasks = tasks;
    }

    /// Puts everybody out.
    fn shut_down(&mut self, room: &str) -> Vec<String> {
        let Some(found) = self.rooms.get(room) else { return Vec::new() };
        let members: BTreeSet<String> =
            found.with("join").into_iter().chain(found.with("invite")).map(str::to_owned).collect();
        for user in &members {
            self.push(room, user, "m.room.member", Some(user), json!({ "membership": "leave" }));
        }
        self.aliases.retain(|_, target| target != room);
        members.into_iter().collect()
    }
}

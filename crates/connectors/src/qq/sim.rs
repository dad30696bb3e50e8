//! The platform's side: an implementation of OneBot v11 as a front over a [`World`], with the differences that matter.
//!
//! HTTP and WebSocket lead to the same actions. The token says which account is driven: the front stands for several
//! instances of one implementation behind one address. Under `/client/` is the world's own door, QQ in a person's hand.
//! What the documents don't allow is refused: unknown actions, unknown parameters, other content types.

mod actions;
mod api;
mod history;
mod names;
pub(super) mod seed;
mod socket;
mod tell;
#[cfg(test)]
mod tests;
mod views;

use std::collections::{BTreeMap, BTreeSet};

use adjourn_connector_kit::simulator::{Input, Output, Simulator, Unexpected};
use adjourn_connector_kit::transport::{Reply, Request};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Rules, World, WorldSpec};
use bytes::Bytes;
use serde_json::Value;

use super::wire::implementation::Implementation;

/// The world of the suite and of drills, as JSON of a `WorldSpec`.
pub const SPEC: &str = include_str!("fixtures/world.json");

/// The simulated platform.
#[derive(Debug, Clone)]
pub struct QqSim {
    /// What is behind the wire.
    pub world: World,
    plays: Implementation,
    names: names::Names,
    unexpected: Unexpected,
    /// Accounts without a connection to the platform: they are served from caches.
    offline: BTreeSet<String>,
    /// What each account last saw uncached.
    cache: BTreeMap<String, BTreeSet<String>>,
    /// Messages that are notices, by group and message.
    notices: BTreeSet<(String, String)>,
    sessions: BTreeMap<u64, socket::Session>,
    told: tell::Known,
    /// Events that went out, by account; what an HTTP push would have carried.
    events: BTreeMap<String, Vec<Value>>,
}

/// Most events that are kept for an account.
const MAX_EVENTS: usize = 10_000;

impl QqSim {
    /// A platform that obeys `rules`, as this implementation shows it.
    pub fn new(plays: Implementation, rules: Rules, spec: &WorldSpec) -> Self {
        let (names, spec) = names::Names::numbered(spec);
        let world = World::new(rules, &spec);
        Self {
            told: tell::Known::of(&world),
            world,
            plays,
            names,
            unexpected: Unexpected::default(),
            offline: BTreeSet::new(),
            cache: BTreeMap::new(),
            notices: BTreeSet::new(),
            sessions: BTreeMap::new(),
            events: BTreeMap::new(),
        }
    }

    /// An account loses its connection to the platform, or gets it back.
    pub fn connect(&mut self, account: &str, online: bool) {
        if online {
            self.offline.remove(account);
        } else {
            self.offline.insert(account.to_owned());
        }
    }

    /// The events that an account was sent, oldest first.
    pub fn events(&self, account: &str) -> &[Value] {
        self.events.get(account).map_or(&[], Vec::as_slice)
    }

    /// An event as an implementation pushes it by HTTP, signed.
    pub fn push(event: &Value, url: &str, secret: &str) -> Option<Request> {
        let body = Bytes::from(event.to_string());
        let request = http::Request::post(url)
            .header("content-type", "application/json")
            .header("x-self-id", event.get("self_id")?.to_string())
            .header("x-signature", super::wire::events::sign(secret.as_bytes(), &body));
        request.body(body).ok()
    }

    /// Answers a request by HTTP. All doors.
    pub fn answer(&mut self, at: Time, request: &Request) -> Reply {
        let person = self.names.at_the_phone(request);
        let person = self.world.door(at, person.as_ref().unwrap_or(request));
        person.unwrap_or_else(|| self.http(at, request))
    }
}

impl Simulator for QqSim {
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
        let mut outputs = match input {
            Input::Request { exchange, request } => {
                vec![Output::Reply { exchange, reply: self.answer(at, &request) }]
            }
            Input::Opened { session, request } => self.opened(at, session, &request),
            Input::Frame { session, bytes } => self.frame(at, session, &bytes),
            Input::Closed { session } => {
                self.sessions.remove(&session);
                Vec::new()
            }
        };
        outputs.extend(self.tell(at));
        outputs
    }

    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        self.world.effects()
    }

    fn tick(&mut self, at: Time) -> Vec<Output> {
        self.tell(at)
    }

    fn take_unexpected(&mut self) -> Option<Vec<String>> {
        Some(self.unexpected.take())
    }
}

/// A message's short id, as text.
#[cfg(test)]
pub(super) fn short_id(group: &str, seq: u64) -> String {
    views::message_id(group, seq).to_string()
}

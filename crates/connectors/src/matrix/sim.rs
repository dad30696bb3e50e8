//! The platform's side of the wire: a homeserver with Synapse's admin API, as a pure machine over a small world.
//!
//! It follows the client-server specification, Synapse's admin documents and what a real Synapse 1.163 answered
//! (`tests/e2e/recordings/matrix`), not this connector's client: it parses paths itself, and answers what it does not
//! know like the real server, with 404 `M_UNRECOGNIZED`. Deletions run in the background over simulated time.

mod admin;
mod client;
mod create;
mod exchange;
mod membership;
mod room;
mod seed;
#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeMap;

use adjourn_connector_kit::simulator::{Input, Output, Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;

use exchange::{Answer, Exchange, json};
use world::World;

#[cfg(test)]
pub(crate) use seed::WORDS;

/// The simulator.
struct Homeserver {
    world: World,
}

/// The simulator with the world of the conformance suite.
pub(crate) fn seeded() -> Seeded {
    seed::seeded()
}

impl Simulator for Homeserver {
    fn handle(&mut self, at: Time, input: Input) -> Vec<Output> {
        self.world.advance(at);
        match input {
            Input::Request { exchange, request } => {
                let answer = Exchange::parse(&request).and_then(|parsed| route(&mut self.world, &parsed));
                let reply = answer.unwrap_or_else(|refusal| *refusal);
                vec![Output::Reply { exchange, reply }]
            }
            Input::Opened { session, .. } | Input::Frame { session, .. } => vec![Output::Close { session }],
            Input::Closed { .. } => Vec::new(),
        }
    }

    fn effects(&self) -> BTreeMap<(Op, NativeId), u32> {
        self.world.effects.clone()
    }
}

fn route(world: &mut World, exchange: &Exchange) -> Answer {
    match exchange.path().as_slice() {
        ["_matrix", "client", "versions"] => Ok(json(
            200,
            &serde_json::json!({ "versions": ["r0.6.1", "v1.1", "v1.11", "v1.12"], "unstable_features": {} }),
        )),
        ["_matrix", "client", "v1", "media", "download", server, id] => {
            client::download(world, exchange, server, id)
        }
        ["_matrix", "client", "v1", "rooms", room, "timestamp_to_event"] => {
            client::by_time(world, exchange, room)
        }
        ["_matrix", "client", "v3", rest @ ..] => client::route(world, exchange, rest),
        ["_synapse", "admin", version, rest @ ..] => admin::route(world, exchange, version, rest),
        _ => Err(exchange::unrecognized()),
    }
}

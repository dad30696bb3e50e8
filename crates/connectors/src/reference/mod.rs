//! The reference platform: the folder to copy from, and the platform of drills, whose rules are data.
//!
//! Its wire protocol is small, plain and our own (`README.md`). Under the setting `rules` it plays another platform as
//! far as rules go: its capabilities narrow to what that platform allows, and its simulator obeys the same rules.
//!
//! ```text
//! ops (verbs) ─► wire (build request) ─► transport ─► sim (world under rules)
//!             ◄─ wire (read reply), errors ◄───────┘     ▲ /client/…: a person in the platform's own app
//! ```

mod auth;
mod descriptor;
mod errors;
mod ops;
mod sim;
mod wire;

use adjourn_connector_kit::Connector;
use adjourn_connector_kit::simulator::Seeded;
use adjourn_world::{Rules, WorldSpec};

pub use ops::Reference;
pub use sim::ReferenceSim;

/// Makes the connector.
pub fn connector() -> Box<dyn Connector> {
    Box::new(Reference::new())
}

/// Makes the simulator with the world that the conformance suite wants, under the reference platform's own rules.
pub fn seeded() -> Seeded {
    sim::seed::seeded(None, Rules::default())
}

/// The same world under the rules of `platform`, as the connection's settings then say.
pub fn seeded_as(platform: &str, rules: Rules) -> Seeded {
    sim::seed::seeded(Some(platform), rules)
}

/// A simulator with a world of one's own, under rules of one's own.
pub fn played(rules: Rules, world: &WorldSpec) -> Seeded {
    sim::seed::played(rules, world)
}

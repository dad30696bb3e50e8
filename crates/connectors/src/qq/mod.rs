//! QQ over OneBot v11: an account of a person, driven by an implementation that somebody runs (NapCat, LLOneBot,
//! Lagrange, go-cqhttp).
//!
//! The protocol is one, the implementations are several, and each of them makes something else of the same call. So the
//! implementation is asked for first, and what it does is pinned in one table (`wire/implementation.rs`). Three rules
//! stand above everything (README): the owner's leave is never a plain leave; a return code proves nothing; one account
//! that is out proves nothing.
//!
//! ```text
//! ops (verbs) ─► wire (build a call) ─► transport ─► sim (an implementation over the world)
//!             ◄─ wire (read reply), errors ◄───────┘     ▲ /client/…: a person in QQ
//! events: pushed (HMAC) or framed ─► wire/events ─► kept by the host ─► ops/verify, ops/dissolve
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

pub use ops::Qq;
pub use sim::{QqSim, SPEC};
pub use wire::events::{sign, verify_event};
pub use wire::implementation::Implementation;

/// Makes the connector.
pub fn connector() -> Box<dyn Connector> {
    Box::new(Qq::new())
}

/// Makes the simulator with the world that the conformance suite wants: NapCat, on which the group comes back for a day.
pub fn seeded() -> Seeded {
    let rules = Rules { recovery_s: 86_400, ..sim::seed::rules() };
    sim::seed::seeded(Implementation::NapCat, rules)
}

/// A simulator of NapCat with a world of one's own, under rules of one's own.
pub fn played(rules: Rules, world: &WorldSpec) -> Seeded {
    played_as(Implementation::NapCat, rules, world)
}

/// The same of any implementation.
pub fn played_as(implementation: Implementation, rules: Rules, world: &WorldSpec) -> Seeded {
    sim::seed::played(implementation, rules, world)
}

/// The suite's world behind another implementation, under other rules.
pub fn seeded_as(implementation: Implementation, rules: Rules) -> Seeded {
    sim::seed::seeded(implementation, rules)
}

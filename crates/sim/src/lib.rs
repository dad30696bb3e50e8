//! Ways to a simulated platform, and everything that can go wrong on the way.
//!
//! A simulator is a pure machine (`connector-kit`); this crate gives it a time and a door. In the process the door is
//! [`SimTransport`], with a [`FaultPlan`] between the connector and the platform; on a socket it is [`Server`], with the
//! same plans, HTTP and WebSocket, and pages that stand for the phones of the people in it. Nothing here is random: the same
//! simulator, the same plan and the same calls give the same replies.
//!
//! ```text
//! connector ─► SimTransport ─► fault plan ─► Simulator::handle(at = VirtualClock::now, request) ─► reply ─► fault plan ─► connector
//! third-party client ─► socket ─► Server ─► fault plan ─► the same Simulator
//! a person ─► browser ─► Server: /phone ─► the simulator's /client/ door, never a fault
//! ```

pub mod clock;
pub mod fault;
pub mod inbox;
pub mod keeper;
mod phone;
mod reply;
pub mod server;
mod session;
pub mod spec;
pub mod transport;
mod way;

use std::sync::{Arc, Mutex};

use adjourn_connector_kit::simulator::Simulator;

pub use clock::{ClockFn, PacedClock, VirtualClock};
pub use fault::{Fault, FaultKind, FaultPlan, Faults, Matcher};
pub use inbox::{Inbox, listen};
pub use keeper::{Manner, SimKeeper};
pub use server::{Server, Tally};
pub use transport::SimTransport;

/// A simulator that several doors lead to.
pub type Shared = Arc<Mutex<Box<dyn Simulator>>>;

/// Puts a simulator where several doors can lead to it.
pub fn share(simulator: Box<dyn Simulator>) -> Shared {
    Arc::new(Mutex::new(simulator))
}

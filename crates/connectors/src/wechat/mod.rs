//! WeChat: a platform without an API. A person is the network: members hand in what their export tools wrote, that
//! lands in an *inbox*, and this connector reads the inbox through its transport. What changes a group is always a
//! person's doing; whether it was done is read from a witness's export.
//!
//! ```text
//! member's tool ─► file ─► inbox ─► transport ─► wire (lists, byte ranges) ─► formats (rows) ─► ops
//!                                    sim: the same inbox over a world, and the tool in a member's hand
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

pub use ops::Wechat;
pub use sim::{WechatSim, hand_in, hand_in_everything};

/// Makes the connector.
pub fn connector() -> Box<dyn Connector> {
    Box::new(Wechat::new())
}

/// Makes the simulator with the world that the conformance suite wants.
pub fn seeded() -> Seeded {
    sim::seed::seeded()
}

/// Makes the simulator with a world of one's own, under rules of one's own.
pub fn played(rules: Rules, world: &WorldSpec) -> Seeded {
    sim::seed::played(rules, world)
}

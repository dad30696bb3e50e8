//! DingTalk: the new API (`api.dingtalk.com`, `/v1.0/…`) and the old one (`oapi.dingtalk.com`), as an internal app.
//!
//! ```text
//! ops (what to ask, in which order) ─► auth (token) ─► wire (requests and replies, pure) ─► the context's transport
//!                                                      ◄─ errors (what a reply means)
//! ```
//!
//! Two kinds of groups. A *scene group* was made from a template and can be dissolved by an app; an *ordinary group* can
//! only be dissolved by a person, and the app reads whether it is gone. Which one it is the platform says; the groups
//! that an app made without a template are told by the setting `groups`, because only their creator knows their second id.
//! Nothing is believed because the API said so: `status`, the organisation's inventory and the robot have to agree.

mod auth;
mod descriptor;
mod errors;
mod ops;
mod sim;
mod wire;

use adjourn_connector_kit::Connector;
use adjourn_connector_kit::simulator::Seeded;
use adjourn_world::{Rules, WorldSpec};

pub use ops::DingTalk;
pub use sim::DingTalkSim;
pub use wire::events::{Disbanded, disbanded};

/// The platform's id.
pub const PLATFORM: &str = "dingtalk";

/// The DingTalk connector.
pub fn connector() -> Box<dyn Connector> {
    Box::new(DingTalk::new())
}

/// The simulator with the world of the conformance suite: the busy and the quiet group are scene groups.
pub fn seeded() -> Seeded {
    sim::seed::seeded(false)
}

/// The simulator with a world of one's own, under rules of one's own. Its first group is a scene group, the others are
/// ordinary; the secrets are those of the world's credentials `PLATFORM-owner`, `-witness`, `-powerless`, `-expired`.
pub fn played(rules: Rules, world: &WorldSpec) -> Seeded {
    sim::seed::played(rules, world)
}

/// The same world, where the busy and the quiet group are ordinary groups.
pub fn seeded_ordinary() -> Seeded {
    sim::seed::seeded(true)
}

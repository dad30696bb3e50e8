//! The connectors: one folder per platform, each with its simulator.
//!
//! A new platform is a folder and one `pub mod` line here. The build script lists the folders; a folder whose line is
//! missing does not compile. Nothing in this crate does I/O: connectors get a transport, simulators get inputs.

use adjourn_connector_kit::Connector;
use adjourn_connector_kit::simulator::Seeded;
use adjourn_world::{Rules, WorldSpec};

mod copy;
mod create;
pub mod dingtalk;
mod leave;
pub mod matrix;
pub mod qq;
pub mod reference;
pub mod wechat;
pub mod wecom;

/// Platforms without an interface: their connections are read from the installation's own inbox.
pub const BY_INBOX: &[&str] = &["wechat"];

/// A connector of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The platform.
    pub id: &'static str,
    /// Makes the connector.
    pub connector: fn() -> Box<dyn Connector>,
    /// Makes its simulator with the world that the conformance suite wants.
    pub seeded: fn() -> Seeded,
    /// Makes its simulator with a world of one's own, under rules of one's own, where it can do that.
    pub played: Option<fn(Rules, &WorldSpec) -> Seeded>,
}

mod registry {
    //! Written by the build script from the folders of `src/`.
    use super::Entry;

    include!(concat!(env!("OUT_DIR"), "/registry.rs"));
}

pub use registry::ALL;

/// Every connector, sorted by platform.
pub fn all() -> Vec<Entry> {
    ALL.to_vec()
}

/// The connector of `platform`, if there is one.
pub fn find(platform: &str) -> Option<Entry> {
    ALL.iter().find(|entry| entry.id == platform).copied()
}

/// A simulator that plays `platform` over `world` under `rules`: its own where there is one that can do that, else the
/// reference platform in its clothes. `None` where there is only one that can't.
pub fn played(platform: &str, rules: Rules, world: &WorldSpec) -> Option<Seeded> {
    match find(platform) {
        Some(Entry { played: Some(played), .. }) => Some(played(rules, world)),
        Some(_) => None,
        None => Some(reference::played(rules, world)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_its_own_platform() {
        for entry in all() {
            assert_eq!((entry.connector)().descriptor().platform.as_str(), entry.id);
            assert_eq!(find(entry.id).map(|found| found.id), Some(entry.id));
        }
        assert!(find("nowhere").is_none());
    }
}

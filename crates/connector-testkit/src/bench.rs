//! What is tried: a connector with a maker of seeded worlds.

use std::sync::Arc;

use adjourn_connector_kit::simulator::Seeded;
use adjourn_connector_kit::{Connector, Descriptor};
use adjourn_connectors::reference::{self, Rules};
use adjourn_domain::capability::{Capabilities, Op, Support};
use adjourn_sim::FaultPlan;

use crate::cases::Need;
use crate::rig::{Rig, Who};

/// Makes a seeded world.
pub type Maker = Arc<dyn Fn() -> Seeded + Send + Sync>;

/// A connector under test.
#[derive(Clone)]
pub struct Bench {
    /// The platform; for a variant `platform-variant`.
    pub name: String,
    /// Whether it is a variant: the same connector on a platform with other rules.
    pub variant: bool,
    /// What the connector says about itself.
    pub declared: Descriptor,
    /// What the acting identity may do.
    pub effective: Capabilities,
    connector: fn() -> Box<dyn Connector>,
    seeded: Maker,
}

/// Every connector of the registry, and the reference connector under the rules of each platform that it plays.
pub fn targets() -> Vec<Bench> {
    let mut all: Vec<Bench> = adjourn_connectors::all()
        .into_iter()
        .map(|entry| Bench::new(entry.id.to_owned(), false, entry.connector, Arc::new(entry.seeded)))
        .collect();
    for platform in Rules::presets() {
        let seeded = move || reference::seeded_as(platform, Rules::preset(platform).unwrap_or_default());
        all.push(Bench::new(format!("reference-{platform}"), true, reference::connector, Arc::new(seeded)));
    }
    all
}

impl Bench {
    /// A connector in front of the worlds that `seeded` makes.
    pub fn new(name: String, variant: bool, connector: fn() -> Box<dyn Connector>, seeded: Maker) -> Self {
        let declared = connector().descriptor().clone();
        let all = Capabilities(declared.capabilities.clone());
        let mut bench = Self { name, variant, declared, effective: all, connector, seeded };
        let rig = bench.rig();
        // A connection whose probe fails keeps the declared rows; its probe case then says why.
        if let Ok(info) = rig.whoami(Who::Main, &rig.door(FaultPlan::none())) {
            bench.effective = info.capabilities;
        }
        bench
    }

    /// A new world.
    pub fn rig(&self) -> Rig {
        Rig::new((self.connector)(), (self.seeded)())
    }

    /// Whether the connection has what a case needs.
    pub fn meets(&self, need: Need) -> bool {
        match need {
            Need::Nothing => true,
            Need::Have(op) => self.effective.has(op),
            Need::Native(op) => matches!(self.effective.support(op), Support::Native | Support::Emulated),
        }
    }

    /// Whether the platform's own way of `op` may come to nothing, so that a person is the way out.
    pub fn falls_back(&self, op: Op) -> bool {
        self.effective.row(op).is_some_and(|row| row.note.contains("|fallback:"))
    }
}

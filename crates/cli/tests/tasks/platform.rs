//! The platforms of these tests: their groups belong to `boss` and are called `r-N`.

use adjourn_sim::FaultPlan;
use adjourn_world::Rules;
use serde_json::json;

use crate::ALL;
use crate::ledgers::words;
use crate::support::platform::{by_hand, group};

pub(crate) use crate::support::platform::Platform;

pub(crate) fn platform() -> Platform {
    let name = words()["group"].as_str().unwrap().to_owned();
    Platform::start("wechat", "type_name", (0..ALL).map(|n| (n, format!("{name} {n}"))))
}

impl Platform {
    /// A platform on which a person dissolves.
    pub(crate) fn start(
        plays: &'static str,
        confirm: &str,
        groups: impl Iterator<Item = (usize, String)>,
    ) -> Self {
        Self::of(plays, by_hand(confirm), FaultPlan::none(), groups)
    }

    /// The same, with an API that dissolves.
    pub(crate) fn native(groups: impl Iterator<Item = (usize, String)>) -> Self {
        let rules = serde_json::from_value(json!({"recovery.seconds": 0})).unwrap();
        Self::of("wechat", rules, FaultPlan::none(), groups)
    }

    /// The same under these rules, with what goes wrong on the way to it.
    pub(crate) fn of(
        plays: &'static str,
        rules: Rules,
        faults: FaultPlan,
        groups: impl Iterator<Item = (usize, String)>,
    ) -> Self {
        let groups = groups.map(|(n, name)| group(&format!("r-{n}"), &name, "boss"));
        Self::on(plays, rules, faults, groups.collect())
    }
}

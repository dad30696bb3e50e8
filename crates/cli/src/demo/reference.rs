//! The same stage over the reference connector in the clothes of each platform: every verb is native there, so that tests
//! of what kinds of groups need say nothing of one platform's ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_adapters::profiles;
use adjourn_app::AppError;
use adjourn_connectors::reference::ReferenceSim;
use adjourn_domain::event::{Connection, IdentitySpec};
use adjourn_domain::fact;
use adjourn_domain::ids::IdentityId;
use adjourn_sim::{FaultPlan, SimTransport, VirtualClock, share};
use adjourn_world::{Rules, WorldSpec};

use super::platforms::plain;
use super::stage::Platform;

/// A platform played by the reference simulator.
#[cfg(test)]
pub(super) fn platform(
    name: &str,
    rules: fact::Rules,
    clock: &Arc<VirtualClock>,
) -> Result<Platform, AppError> {
    let spec = WorldSpec::of(name).ok_or_else(|| AppError::new("platform.unknown").with("platform", name))?;
    platform_of(name, rules, clock, &spec)
}

/// The same in a world of one's own.
pub(super) fn platform_of(
    name: &str,
    rules: fact::Rules,
    clock: &Arc<VirtualClock>,
    spec: &WorldSpec,
) -> Result<Platform, AppError> {
    let profile = profiles::profile(name)?;
    let sim = ReferenceSim::new(Rules::from_profile(&profile, rules), spec);
    let groups = sim.world.group_ids().into_iter().take(1).collect();
    let connection = Connection {
        id: name.into(),
        platform: name.into(),
        settings: sim.settings(),
        identities: vec![
            IdentitySpec { id: "owner".into(), witness: false },
            IdentitySpec { id: "witness".into(), witness: true },
        ],
        class: "important".to_owned(),
        drill: true,
    };
    let secrets: BTreeMap<_, _> = ["owner", "witness"]
        .into_iter()
        .map(|identity| (IdentityId::from(identity), plain(&sim.secrets(&format!("{name}-{identity}")))))
        .collect();
    let simulator = share(Box::new(sim));
    let transport = Arc::new(SimTransport::new(simulator.clone(), clock.clone(), FaultPlan::none()));
    let kinds = BTreeMap::new();
    Ok(Platform { connection, simulator, transport, groups, kinds, secrets })
}

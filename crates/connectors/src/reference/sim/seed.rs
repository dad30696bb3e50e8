//! The world that the conformance suite wants, under any rules.

use std::collections::BTreeMap;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Rules, WorldSpec, client_obeys};

use super::ReferenceSim;
use crate::reference::auth;

/// The seeded simulator, playing `platform`.
pub(in crate::reference) fn seeded(platform: Option<&str>, rules: Rules) -> Seeded {
    let mut spec = WorldSpec::of("reference").unwrap_or_default();
    if let Some(platform) = platform {
        platform.clone_into(&mut spec.platform);
    }
    let size = |id: &str| spec.groups.iter().find(|group| group.id == id).map_or(0, |group| group.records);
    let records = usize::try_from(size("g-busy")).unwrap_or(0);
    let secret = |token: &str| BTreeMap::from([(auth::TOKEN.to_owned(), Secret::new(token))]);
    let simulator = ReferenceSim::new(rules, &spec);
    Seeded {
        settings: simulator.settings(),
        secrets: secret("reference-owner"),
        witness_secrets: secret("reference-witness"),
        wrong_secrets: secret("reference-nobody"),
        expired_secrets: secret("reference-expired"),
        powerless_secrets: secret("reference-powerless"),
        busy: NativeId::from("g-busy"),
        quiet: NativeId::from("g-quiet"),
        groups: spec.groups.len(),
        records,
        simulator: Box::new(simulator),
        person: Some(person),
    }
}

/// The person of the suite does what the dialog asks for. What the platform refuses, the read-back will show.
fn person(simulator: &mut dyn Simulator, op: Op, group: &NativeId, at: Time) {
    let _ = client_obeys(simulator, op, group, at);
}

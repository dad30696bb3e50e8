//! The world that the conformance suite wants, under any rules.

use std::collections::BTreeMap;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Rules, TokenSpec, WorldSpec, client_obeys};

use super::ReferenceSim;
use crate::reference::auth;

/// The seeded simulator, playing `platform`.
pub(in crate::reference) fn seeded(platform: Option<&str>, rules: Rules) -> Seeded {
    let mut spec = WorldSpec::of("reference").unwrap_or_default();
    if let Some(platform) = platform {
        platform.clone_into(&mut spec.platform);
    }
    Seeded { busy: NativeId::from("g-busy"), quiet: NativeId::from("g-quiet"), ..played(rules, &spec) }
}

/// The simulator with any world. Its first group is the busy one, its last one the quiet one; whose tokens the secrets
/// are follows from what they are good for.
pub(in crate::reference) fn played(rules: Rules, spec: &WorldSpec) -> Seeded {
    let secret = |token: &str| BTreeMap::from([(auth::TOKEN.to_owned(), Secret::new(token))]);
    let first = |fits: &dyn Fn(&TokenSpec) -> bool| {
        let found = spec.tokens.iter().find(|token| fits(token));
        secret(found.map_or("", |token| token.token.as_str()))
    };
    let may =
        |token: &TokenSpec, scope: &str| !token.expired && token.scopes.iter().any(|held| held == scope);
    let busy = spec.groups.first();
    let simulator = ReferenceSim::new(rules, spec);
    Seeded {
        settings: simulator.settings(),
        secrets: first(&|token| may(token, "manage")),
        witness_secrets: first(&|token| may(token, "read") && !may(token, "manage")),
        wrong_secrets: secret("nobody"),
        expired_secrets: first(&|token| token.expired),
        powerless_secrets: first(&|token| !token.expired && token.scopes.is_empty()),
        busy: NativeId::from(busy.map_or("", |group| group.id.as_str())),
        quiet: NativeId::from(spec.groups.last().map_or("", |group| group.id.as_str())),
        groups: spec.groups.len(),
        records: busy.map_or(0, |group| usize::try_from(group.records).unwrap_or(0)),
        simulator: Box::new(simulator),
        person: Some(person),
    }
}

/// The person of the suite does what the dialog asks for. What the platform refuses, the read-back will show.
fn person(simulator: &mut dyn Simulator, op: Op, group: &NativeId, at: Time) {
    let _ = client_obeys(simulator, op, group, at);
}

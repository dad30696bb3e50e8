//! The world that the conformance suite wants, under WeChat's own rules.

use std::collections::BTreeMap;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Rules, TokenSpec, WorldSpec, client_obeys};
use serde::Deserialize;

use super::inbox::acts;
use super::{WechatSim, hand_in_everything};
use crate::wechat::auth;

#[derive(Debug, Default, Deserialize)]
struct Fixture {
    rules: Rules,
    world: WorldSpec,
}

/// The world with its rules, rows P1, N1, H1 and L1–L3 as they are published and known.
fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../fixtures/world.json")).unwrap_or_default()
}

/// The same as a simulator.
#[cfg(test)]
pub(super) fn sim() -> (WechatSim, WorldSpec) {
    let fixture = fixture();
    (WechatSim::new(fixture.rules, &fixture.world), fixture.world)
}

/// The seeded simulator.
pub(in crate::wechat) fn seeded() -> Seeded {
    let fixture = fixture();
    played(fixture.rules, &fixture.world)
}

/// The simulator with any world. Its first group is the busy one; the quiet one is the smallest. Whose codes the secrets
/// are follows from what they are good for.
pub(in crate::wechat) fn played(rules: Rules, spec: &WorldSpec) -> Seeded {
    let code = |code: &str| BTreeMap::from([(auth::CODE.to_owned(), Secret::new(code))]);
    let first = |fits: &dyn Fn(&TokenSpec) -> bool| {
        code(spec.tokens.iter().find(|token| fits(token)).map_or("", |token| token.token.as_str()))
    };
    let may = |token: &TokenSpec| !token.expired && !token.scopes.is_empty();
    let bots: Vec<&str> =
        spec.accounts.iter().filter(|account| account.bot).map(|account| account.id.as_str()).collect();
    let busy = spec.groups.first();
    let quiet = spec.groups.iter().min_by_key(|group| group.members.len());
    Seeded {
        settings: BTreeMap::from([
            (auth::URL.to_owned(), "https://inbox.simulated.invalid".to_owned()),
            (auth::BOTS.to_owned(), bots.join(",")),
        ]),
        secrets: first(&|token| may(token) && acts(token)),
        witness_secrets: first(&|token| may(token) && !acts(token)),
        wrong_secrets: code("wechat-code-nobody"),
        expired_secrets: first(&|token| token.expired),
        powerless_secrets: first(&|token| !token.expired && token.scopes.is_empty()),
        busy: NativeId::from(busy.map_or("", |group| group.id.as_str())),
        quiet: NativeId::from(quiet.map_or("", |group| group.id.as_str())),
        groups: spec.groups.len(),
        records: busy.map_or(0, |group| usize::try_from(group.records).unwrap_or(0)),
        simulator: Box::new(WechatSim::new(rules, spec)),
        person: Some(person),
    }
}

/// The person of the suite does what the app asks for, and then everybody hands in what their clients hold. What the
/// platform refuses, the read-back will show.
fn person(simulator: &mut dyn Simulator, op: Op, group: &NativeId, at: Time) {
    let _ = client_obeys(simulator, op, group, at);
    hand_in_everything(simulator, group, at);
}

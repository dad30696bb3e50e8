//! The world that the conformance suite wants, under WeChat's own rules.

use std::collections::BTreeMap;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_formats::Format;
use adjourn_world::{Rules, WorldSpec, client_obeys};
use serde::Deserialize;

use super::{WechatSim, hand_in};
use crate::wechat::auth;

/// The busy group.
pub(super) const BUSY: &str = "34500000001@chatroom";
/// The quiet group.
pub(super) const QUIET: &str = "34500000002@chatroom";
/// Its owner.
pub(super) const OWNER: &str = "wxid_owner01";
/// The witness.
pub(super) const WITNESS: &str = "wxid_witness02";

#[derive(Debug, Default, Deserialize)]
struct Fixture {
    rules: Rules,
    world: WorldSpec,
}

/// The world with its rules, rows P1, N1, H1 and L1–L3 as they are published and known.
pub(super) fn sim() -> (WechatSim, WorldSpec) {
    let fixture: Fixture = serde_json::from_str(include_str!("../fixtures/world.json")).unwrap_or_default();
    (WechatSim::new(fixture.rules, &fixture.world), fixture.world)
}

/// The seeded simulator.
pub(in crate::wechat) fn seeded() -> Seeded {
    let (simulator, spec) = sim();
    let records = spec.groups.iter().find(|group| group.id == BUSY).map_or(0, |group| group.records);
    let code = |code: &str| BTreeMap::from([(auth::CODE.to_owned(), Secret::new(code))]);
    let bots: Vec<&str> =
        spec.accounts.iter().filter(|account| account.bot).map(|account| account.id.as_str()).collect();
    Seeded {
        settings: BTreeMap::from([
            (auth::URL.to_owned(), "https://inbox.simulated.invalid".to_owned()),
            (auth::BOTS.to_owned(), bots.join(",")),
        ]),
        secrets: code("wechat-code-owner"),
        witness_secrets: code("wechat-code-witness"),
        wrong_secrets: code("wechat-code-nobody"),
        expired_secrets: code("wechat-code-expired"),
        powerless_secrets: code("wechat-code-powerless"),
        busy: NativeId::from(BUSY),
        quiet: NativeId::from(QUIET),
        groups: spec.groups.len(),
        records: usize::try_from(records).unwrap_or(0),
        simulator: Box::new(simulator),
        person: Some(person),
    }
}

/// The person of the suite does what the app asks for, and then owner and witness hand in what their clients hold. What
/// the platform refuses, the read-back will show.
fn person(simulator: &mut dyn Simulator, op: Op, group: &NativeId, at: Time) {
    let _ = client_obeys(simulator, op, group, at);
    for account in [OWNER, WITNESS] {
        for format in [Format::ChatroomsJson, Format::ChatlogJson] {
            hand_in(simulator, account, group, format, at);
        }
    }
}

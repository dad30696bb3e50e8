//! The world that the conformance suite wants, once with scene groups and once with ordinary ones.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Role, Rules, WorldSpec, client_obeys};
use serde::Deserialize;

use super::DingTalkSim;
use super::new::TEMPLATE;
use crate::dingtalk::auth::{APP_KEY, APP_SECRET, SCENE_TEMPLATE};

/// The busy group.
pub(in crate::dingtalk) const BUSY: &str = "cidSimBusy01==";
/// The quiet group.
pub(in crate::dingtalk) const QUIET: &str = "cidSimQuiet2==";
/// An ordinary group, whatever the other two are.
pub(in crate::dingtalk) const ORDINARY: &str = "cidSimPlain3==";
/// In whose name things are read and posted.
pub(in crate::dingtalk) const OPERATOR: &str = "manager01";

/// More groups, so that the inventory has a second page.
const MORE: u32 = 22;

#[derive(Deserialize, Default)]
struct Fixture {
    rules: Rules,
    world: WorldSpec,
}

static FIXTURE: LazyLock<Fixture> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/world.json")).unwrap_or_default());

/// The platform with the seeded world; `ordinary` makes the busy and the quiet group ordinary ones.
pub(in crate::dingtalk) fn platform(ordinary: bool) -> DingTalkSim {
    let mut spec = FIXTURE.world.clone();
    let quiet = spec.groups.iter().find(|group| group.id == QUIET).cloned().unwrap_or_default();
    for n in 0..MORE {
        let mut more = quiet.clone();
        more.id = format!("cidSimMore{n:02}==");
        more.name = quiet.name.as_ref().map(|name| format!("{name} {n}"));
        spec.groups.push(more);
    }
    let plain = |id: &str| id == ORDINARY || (ordinary && (id == BUSY || id == QUIET));
    let ids: Vec<String> = spec.groups.iter().map(|group| group.id.clone()).collect();
    let scenes: Vec<&str> = ids.iter().map(String::as_str).filter(|id| !plain(id)).collect();
    DingTalkSim::new(FIXTURE.rules.clone(), &spec, &scenes)
}

/// The secrets of an app.
pub(in crate::dingtalk) fn app(key: &str, secret: &str) -> BTreeMap<String, Secret> {
    [(APP_KEY, key), (APP_SECRET, secret)]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Secret::new(value)))
        .collect()
}

/// The seeded simulator.
pub(in crate::dingtalk) fn seeded(ordinary: bool) -> Seeded {
    of(platform(ordinary), OPERATOR, BUSY, QUIET, "dingsim")
}

/// Another world under other rules: its first group is a scene group, the others are ordinary.
pub(in crate::dingtalk) fn played(rules: Rules, spec: &WorldSpec) -> Seeded {
    let mut ids = spec.groups.iter().map(|group| group.id.as_str());
    let (first, second) = (ids.next().unwrap_or_default(), ids.next().unwrap_or_default());
    let admin = spec.accounts.iter().find(|account| account.role == Role::MainAdmin);
    let operator = admin.map_or("", |account| account.id.as_str());
    let prefix = format!("{}-", spec.platform);
    of(DingTalkSim::new(rules, spec, &[first]), operator, first, second, &prefix)
}

fn of(simulator: DingTalkSim, operator: &str, busy: &str, quiet: &str, prefix: &str) -> Seeded {
    let secrets = |name: &str| app(&format!("{prefix}{name}"), &format!("{prefix}{name}-secret"));
    let records = simulator.world.groups.get(busy).map_or(0, |group| group.messages.len());
    let mut settings = simulator.settings(operator);
    if simulator.scenes.contains(busy) {
        settings.insert(SCENE_TEMPLATE.to_owned(), TEMPLATE.to_owned());
    }
    Seeded {
        settings,
        secrets: secrets("owner"),
        witness_secrets: secrets("witness"),
        wrong_secrets: app(&format!("{prefix}owner"), "not-the-secret"),
        expired_secrets: secrets("expired"),
        powerless_secrets: secrets("powerless"),
        busy: NativeId::from(busy),
        quiet: NativeId::from(quiet),
        groups: simulator.world.groups.len(),
        records,
        simulator: Box::new(simulator),
        person: Some(person),
    }
}

/// The person of the suite does what the dialog asks for. What the platform refuses, the read-back will show.
fn person(simulator: &mut dyn Simulator, op: Op, group: &NativeId, at: Time) {
    let _ = client_obeys(simulator, op, group, at);
}

//! The world that the conformance suite wants, behind any implementation, under any rules.

use std::collections::BTreeMap;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Api, Confirm, Rules, Who, WorldSpec, client_obeys};

use super::{QqSim, SPEC, history};
use crate::qq::auth;
use crate::qq::wire::implementation::Implementation;

/// The busy group of the suite.
pub(in crate::qq) const BUSY: &str = "900100001";
/// The quiet group of the suite.
pub(in crate::qq) const QUIET: &str = "900100002";
/// The secret with which events are signed.
pub(in crate::qq) const EVENT_SECRET: &str = "qq-events";

/// What the requirements' rows P2 and N2 say that QQ does: who may end a group, and with which confirmation.
pub(in crate::qq) fn rules() -> Rules {
    Rules {
        dissolve_who: Who::OwnerOrAdmin,
        dissolve_confirm: Confirm::QrPhone,
        dissolve_api: Api::LeaveOnly,
        recovery_s: 0,
        purge_api: Api::None,
        media_api: Api::None,
        transfer_api: Api::None,
        ..Rules::default()
    }
}

/// The seeded simulator.
pub(in crate::qq) fn seeded(plays: Implementation, rules: Rules) -> Seeded {
    let spec: WorldSpec = serde_json::from_str(SPEC).unwrap_or_default();
    let recovery_s = rules.recovery_s;
    let simulator = QqSim::new(plays, rules, &spec);
    let bots: Vec<&str> =
        spec.accounts.iter().filter(|account| account.bot).map(|account| account.id.as_str()).collect();
    let mut settings = BTreeMap::from([
        (auth::URL.to_owned(), "https://qq.simulated.invalid".to_owned()),
        (auth::IMPLEMENTATION.to_owned(), plays.app_name().to_owned()),
    ]);
    if !plays.tells_bots() {
        settings.insert(auth::BOTS.to_owned(), bots.join(","));
    }
    if recovery_s > 0 {
        settings.insert(auth::RECOVERY.to_owned(), recovery_s.to_string());
    }
    let secrets = |token: &str| {
        BTreeMap::from([
            (auth::TOKEN.to_owned(), Secret::new(token)),
            (auth::EVENT_SECRET.to_owned(), Secret::new(EVENT_SECRET)),
        ])
    };
    let busy = simulator.world.groups.get(BUSY);
    // Every file is a record of its own as well.
    let records = busy.map_or(0, |group| history::shown(group).len() + group.files.len());
    Seeded {
        settings,
        secrets: secrets("qq-owner"),
        witness_secrets: secrets("qq-witness"),
        wrong_secrets: secrets("qq-nobody"),
        expired_secrets: secrets("qq-expired"),
        powerless_secrets: secrets("qq-powerless"),
        busy: NativeId::from(BUSY),
        quiet: NativeId::from(QUIET),
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

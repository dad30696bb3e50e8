//! The world that the conformance suite wants, behind any implementation, under any rules.

use std::collections::BTreeMap;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use adjourn_world::{Api, Confirm, GroupSpec, Rules, TokenSpec, Who, WorldSpec, client_obeys};

use super::{QqSim, SPEC, history};
use crate::qq::auth;
use crate::qq::wire::implementation::Implementation;

/// The busy group of the suite: the first of the world.
#[cfg(test)]
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

/// The seeded simulator, with the world of the suite.
pub(in crate::qq) fn seeded(plays: Implementation, rules: Rules) -> Seeded {
    let spec: WorldSpec = serde_json::from_str(SPEC).unwrap_or_default();
    Seeded { quiet: NativeId::from(QUIET), ..played(plays, rules, &spec) }
}

/// The simulator with any world. Its first group is the busy one, its last one the quiet one; whose tokens the secrets
/// are follows from what they are good for.
pub(in crate::qq) fn played(plays: Implementation, rules: Rules, spec: &WorldSpec) -> Seeded {
    let recovery_s = rules.recovery_s;
    let simulator = QqSim::new(plays, rules, spec);
    let accounts = simulator.world.accounts.values();
    let bots: Vec<&str> = accounts.filter(|account| account.bot).map(|account| account.id.as_str()).collect();
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
    let first = |fits: &dyn Fn(&TokenSpec) -> bool| {
        let found = spec.tokens.iter().find(|token| fits(token));
        secrets(found.map_or("nobody", |token| token.token.as_str()))
    };
    let may =
        |token: &TokenSpec, scope: &str| !token.expired && token.scopes.iter().any(|held| held == scope);
    let number = |at: Option<&GroupSpec>| {
        let id = at.map_or("", |group| group.id.as_str());
        NativeId::from(simulator.names.number(id))
    };
    let busy = number(spec.groups.first());
    let group = simulator.world.groups.get(busy.as_str());
    // Every file is a record of its own as well.
    let records = group.map_or(0, |group| history::shown(group).len() + group.files.len());
    Seeded {
        settings,
        secrets: first(&|token| may(token, "manage")),
        witness_secrets: first(&|token| may(token, "read") && !may(token, "manage")),
        wrong_secrets: secrets("nobody"),
        expired_secrets: first(&|token| token.expired),
        powerless_secrets: first(&|token| !token.expired && token.scopes.is_empty()),
        quiet: number(spec.groups.last()),
        busy,
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

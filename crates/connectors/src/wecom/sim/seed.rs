//! The worlds that the conformance suite wants: one of them with an app that made groups, one with customer groups only.

use std::collections::BTreeMap;

use adjourn_connector_kit::secret::Secret;
use adjourn_connector_kit::simulator::{Seeded, Simulator};
use adjourn_domain::capability::Op;
use adjourn_domain::group::Kind;
use adjourn_domain::ids::NativeId;
use adjourn_domain::message::RecordKind;
use adjourn_domain::time::Time;
use adjourn_world::{
    Api, Confirm, GroupSpec, LinkFate, NoticeTo, Rules, TokenSpec, Who, WorldSpec, client_obeys,
};

use super::super::auth;
use super::{CORPID, Doubts, WecomSim, inbox, office};

/// Which group is the busy one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::wecom) enum Busy {
    /// One that the app made.
    App,
    /// A customer group.
    Customer,
}

/// What is published about this platform: an administrator dissolves in the console, after the handover was approved. What
/// members are told is unknown, so they are told nothing.
pub(in crate::wecom) fn rules() -> Rules {
    Rules {
        dissolve_who: Who::OrgAdmin,
        dissolve_confirm: Confirm::Handover,
        dissolve_api: Api::None,
        handover_required: true,
        notice_to: NoticeTo::Unknown,
        recovery_s: 0,
        link_bot: LinkFate::ByHand,
        purge_api: Api::None,
        media_api: Api::None,
        ..Rules::default()
    }
}

/// The world as data.
pub(in crate::wecom) fn spec() -> WorldSpec {
    serde_json::from_str(include_str!("../fixtures/world.json")).unwrap_or_default()
}

/// The seeded simulator.
pub(in crate::wecom) fn seeded(busy: Busy, doubts: Doubts) -> Seeded {
    let spec = spec();
    let (kind, app) = match busy {
        Busy::App => (Kind::Enterprise, "secret-of-the-app"),
        Busy::Customer => (Kind::ExternalCustomer, "secret-for-customers"),
    };
    let named = |quiet: bool| {
        let found = spec.groups.iter().find(|group| group.kind == kind && (group.records <= 1) == quiet);
        found.map_or("", |group| group.id.as_str())
    };
    let simulator = WecomSim::new(rules(), &spec, doubts);
    let witness = "secret-of-the-witness";
    of(
        simulator,
        &spec,
        [app, witness, "secret-before-the-reset", "secret-without-rights"],
        [named(false), named(true)],
    )
}

/// The simulator with any world, under any rules. Its first group is the busy one, its last one the quiet one; whose
/// secrets they are follows from what they are good for.
pub(in crate::wecom) fn played(rules: Rules, spec: &WorldSpec) -> Seeded {
    let may =
        |token: &TokenSpec, scope: &str| !token.expired && token.scopes.iter().any(|held| held == scope);
    let first = |fits: &dyn Fn(&TokenSpec) -> bool| {
        spec.tokens.iter().find(|token| fits(token)).map_or("", |token| token.token.as_str())
    };
    let apps = [
        first(&|token| may(token, "manage")),
        first(&|token| may(token, "read") && !may(token, "manage")),
        first(&|token| token.expired),
        first(&|token| !token.expired && token.scopes.is_empty()),
    ];
    let id = |group: Option<&GroupSpec>| group.map_or(String::new(), |group| group.id.clone());
    let (busy, quiet) = (id(spec.groups.first()), id(spec.groups.last()));
    of(WecomSim::new(rules, spec, Doubts::default()), spec, apps, [&busy, &quiet])
}

/// `apps` are the one that acts, the witness, the one that expired and the one that may do nothing.
fn of(simulator: WecomSim, spec: &WorldSpec, apps: [&str; 4], [busy, quiet]: [&str; 2]) -> Seeded {
    let posts = |token: &TokenSpec| token.token == apps[0] && token.scopes.iter().any(|held| held == "post");
    let makes_groups = spec.tokens.iter().any(posts);
    let records = simulator.world.groups.get(busy).map_or(0, |group| {
        let kept = |kind: RecordKind| matches!(kind, RecordKind::Message | RecordKind::Redaction);
        group.messages.iter().filter(|message| kept(message.kind)).count()
    });
    let groups = spec.groups.iter().filter(|group| makes_groups || group.kind == Kind::ExternalCustomer);
    let [acts, witness, expired, powerless] = apps.map(|app| secrets(&simulator, app));
    Seeded {
        settings: settings(&simulator, makes_groups),
        secrets: acts,
        witness_secrets: witness,
        wrong_secrets: secrets(&simulator, "secret-of-nobody"),
        expired_secrets: expired,
        powerless_secrets: powerless,
        busy: NativeId::from(busy),
        quiet: NativeId::from(quiet),
        groups: groups.count(),
        records,
        simulator: Box::new(simulator),
        person: Some(person),
    }
}

/// The settings of a connection, with or without the groups that the app made.
pub(in crate::wecom) fn settings(simulator: &WecomSim, apps: bool) -> BTreeMap<String, String> {
    let open = simulator.world.groups.iter().filter(|(_, group)| group.kind != Kind::ExternalCustomer);
    let chats: Vec<&str> = open.map(|(id, _)| id.as_str()).collect();
    let bots = simulator.world.accounts.values().filter(|account| account.bot);
    let bots: Vec<&str> = bots.map(|account| account.id.as_str()).collect();
    let mut settings = BTreeMap::from([
        (auth::URL.to_owned(), "https://qyapi.simulated.invalid".to_owned()),
        (auth::CORPID.to_owned(), CORPID.to_owned()),
        (auth::BOTS.to_owned(), bots.join(",")),
        (auth::HANDOVER.to_owned(), office::TEMPLATE.to_owned()),
    ]);
    if apps {
        settings.insert(auth::APPCHATS.to_owned(), chats.join(","));
    }
    settings
}

/// The secrets of the identity that is the app with this secret.
pub(in crate::wecom) fn secrets(simulator: &WecomSim, app: &str) -> BTreeMap<String, Secret> {
    let mut robots = Vec::new();
    for (id, group) in &simulator.world.groups {
        for link in &group.links {
            let name: String = link.name.split_whitespace().collect();
            robots.push(format!("{id} {name} {}", office::robot_key(id, link)));
        }
    }
    let secret = |name: &str, text: &str| (name.to_owned(), Secret::new(text));
    BTreeMap::from([
        secret(auth::SECRET, app),
        secret(auth::ROBOTS, &robots.join("\n")),
        secret(auth::CALLBACK_TOKEN, inbox::TOKEN),
        secret(auth::CALLBACK_KEY, inbox::KEY),
    ])
}

/// The person of the suite does what the dialog asks for. What the platform refuses, the read-back will show.
fn person(simulator: &mut dyn Simulator, op: Op, group: &NativeId, at: Time) {
    let _ = client_obeys(simulator, op, group, at);
}

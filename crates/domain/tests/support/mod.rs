//! A small world for tests: capability rows, a group as it was seen, a plan over it.

use adjourn_domain::capability::{Capabilities, Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::group::{Activity, Kind, Link, LinkKind, Member, Snapshot, Standing};
use adjourn_domain::kinds::{Fates, Ways};
use adjourn_domain::plan::{Plan, ReasonKind};
use adjourn_domain::planner::{GroupInput, PlanRequest, draw};
use adjourn_domain::policy::Policy;
use adjourn_domain::time::Time;

/// When everything begins: 2026-01-01T00:00:00Z.
pub(crate) const START: i64 = 1_767_225_600_000;

/// A capability row.
pub(crate) fn row(op: Op, support: Support, class: EffectClass) -> Capability {
    let reversible = match op {
        Op::Freeze | Op::Unlink => Reversible::Always,
        Op::Announce | Op::Dissolve | Op::Purge | Op::RemoveMedia => Reversible::Never,
        _ => Reversible::Harmless,
    };
    Capability {
        op,
        support,
        note: format!("note-{}", op.slug().replace('_', "-")),
        reversible,
        proof: "read".to_owned(),
        class,
        permission: String::new(),
        source: "https://example.org/docs".to_owned(),
        checked: "2026-01-01".to_owned(),
    }
}

/// A group with an owner, two members, a bot of somebody else's and our own bot.
pub(crate) fn snapshot(native: &str) -> Snapshot {
    let member = |id: &str, standing, bot| Member { id: id.into(), name: String::new(), standing, bot };
    let link = |id: &str, kind, own| Link { id: id.into(), kind, name: id.to_owned(), own };
    Snapshot {
        platform: "test".into(),
        connection: "main".into(),
        native: native.into(),
        name: Some("Ten".to_owned()),
        alias: None,
        kind: Kind::Ordinary,
        owners: vec!["owner".into()],
        members: vec![
            member("a-own", Standing::Admin, true),
            member("m1", Standing::Member, false),
            member("owner", Standing::Owner, false),
            member("z-bot", Standing::Member, true),
        ],
        links: vec![link("a-own", LinkKind::Bot, true), link("z-bot", LinkKind::Bot, false)],
        encrypted: false,
        activity: Activity::Unknown,
        events: None,
        details: std::collections::BTreeMap::new(),
        seen_by: "main".into(),
        seen_at: Time::from_millis(START),
    }
}

/// What is known about a group when its plan is drawn.
pub(crate) fn input(group: &str, class: &str, rows: Vec<Capability>) -> GroupInput {
    GroupInput {
        group: group.into(),
        snapshot: snapshot(group),
        class: class.to_owned(),
        capabilities: Capabilities(rows),
        own_account: "owner".into(),
        holds: Vec::new(),
        residue: Vec::new(),
        unknown: Vec::new(),
        facts: adjourn_domain::clocks::PlanFacts::default(),
        fates: Fates::new(),
        holdings: None,
    }
}

/// The request for a plan over these groups.
pub(crate) fn request<'a>(
    case: &str,
    requester: &str,
    now: Time,
    policy: &'a Policy,
    groups: Vec<GroupInput>,
) -> PlanRequest<'a> {
    PlanRequest {
        case: case.into(),
        requester: requester.into(),
        reason: "the project is over".to_owned(),
        reason_kind: ReasonKind::ProjectEnded,
        now,
        announcement: "This group ends.".to_owned(),
        drill: true,
        policy,
        groups,
        ways: Ways::default(),
    }
}

/// A plan over these groups.
pub(crate) fn plan(case: &str, requester: &str, now: Time, policy: &Policy, groups: Vec<GroupInput>) -> Plan {
    draw(request(case, requester, now, policy, groups)).unwrap()
}

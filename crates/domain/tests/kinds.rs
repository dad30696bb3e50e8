//! The kinds of groups, one by one: which steps a plan gets, in which order, what blocks it, and how a run keeps to it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

#[expect(dead_code, reason = "not every test needs all of it")]
#[path = "support/drive.rs"]
mod drive;
#[path = "support/office.rs"]
mod office;
#[expect(dead_code, reason = "not every test needs all of it")]
mod support;

use std::collections::BTreeMap;

use adjourn_domain::approval::{Decision, DualAct};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Effect, EffectClass, Op, Support};
use adjourn_domain::case::CaseCommand;
use adjourn_domain::event::{Ending, Receipt};
use adjourn_domain::group::{Kind, Link, LinkKind};
use adjourn_domain::ids::{GroupId, NativeId};
use adjourn_domain::kinds::{Fate, KindWish, Ways, announced};
use adjourn_domain::party::{Answer, Party, party_of};
use adjourn_domain::plan::{GroupPlan, Plan, ReasonKind, StepOp};
use adjourn_domain::planner::{GroupInput, PlanError, draw};
use adjourn_domain::policy::{ClassPolicy, PERSONAL, Policy};
use adjourn_domain::reaction::{What, open_objections, too_many};
use adjourn_domain::run::{Action, React, RunCommand, StepState, due};
use adjourn_domain::time::Time;
use serde_json::{Value, json};

use drive::{World, principal};
use office::{office, pack};
use support::{START, input, request, row};

const ALL: [Op; 7] =
    [Op::Freeze, Op::Export, Op::Unlink, Op::Announce, Op::Handover, Op::Dissolve, Op::Verify];
const WEEK: u64 = 7 * 24 * 3600;

fn group(kind: Kind) -> GroupInput {
    let rows = ALL.iter().map(|op| row(*op, Support::Native, EffectClass::P)).collect();
    let mut group = input("g-1", "important", rows);
    group.snapshot.kind = kind;
    group
}

fn ways(wish: KindWish) -> Ways {
    Ways {
        wish,
        notice: "This group ends on 2026-01-10 08:00.".to_owned(),
        parties: Party::ALL.into_iter().map(|party| (party, None)).collect(),
        processor: Some(office()),
        laws: vec![pack(36)],
        duty: "duty desk".to_owned(),
    }
}

fn drawn(group: GroupInput, ways: Ways, reason_kind: ReasonKind) -> Plan {
    let policy = Policy::default();
    let mut request = request("c-1", "p-0", Time::from_millis(START), &policy, vec![group]);
    request.ways = ways;
    request.reason_kind = reason_kind;
    draw(request).unwrap()
}

fn part(group: GroupInput, ways: Ways) -> GroupPlan {
    drawn(group, ways, ReasonKind::ProjectEnded).groups.remove(0)
}

/// The steps, a party's as `party:errand`.
fn steps(part: &GroupPlan) -> String {
    let name = |step: &adjourn_domain::plan::Step| match step.text("party") {
        Some(party) => format!("{party}:{}", step.text("errand").unwrap()),
        None => step.op.slug().to_owned(),
    };
    part.steps.iter().map(name).collect::<Vec<_>>().join(" ")
}

fn only(parties: &[Party]) -> Ways {
    Ways { parties: parties.iter().map(|party| (*party, None)).collect(), ..ways(KindWish::default()) }
}

#[test]
fn req_g3_an_ordinary_group_has_no_special_way() {
    let part = part(group(Kind::Ordinary), only(&[]));
    assert_eq!(
        steps(&part),
        "freeze export seal unlink announce handover cooling_off tail_export recheck dissolve unlink observe"
    );
    assert!(part.blockers.is_empty());
}

#[test]
fn req_n4_an_education_group_is_told_beforehand_in_the_group_and_on_the_home_school_channel() {
    let wish = KindWish {
        not_before: Some(Time::from_millis(START).plus_secs(9 * 24 * 3600)),
        ..KindWish::default()
    };
    let ways = Ways { wish, ..only(&[Party::HomeSchool]) };
    let part = part(group(Kind::Education), ways);
    assert!(
        steps(&part).starts_with("notice home_school:notice notice_period freeze export seal"),
        "{}",
        steps(&part)
    );
    let (notice, channel, wait) = (&part.steps[0], &part.steps[1], &part.steps[2]);
    assert_eq!(notice.text("text"), channel.text("text"), "both read the same");
    assert!(notice.text("text").unwrap().contains("2026-01-10 08:00"));
    assert_eq!(wait.number("seconds"), Some(WEEK));
    // The cooling-off of a day follows, so that the end comes when it was announced.
    assert_eq!(wait.text("until"), Some("2026-01-09T00:00:00.000Z"));
    assert_eq!(part.way.not_before, Time::parse("2026-01-10T00:00:00Z"));
}

#[test]
fn req_g3_each_group_of_a_case_goes_the_way_of_its_own_kind() {
    let groups = || {
        ["g-1", "g-2", "g-3"].map(|id| {
            let mut one = group(Kind::Ordinary);
            one.group = id.into();
            one
        })
    };
    let plan = |wish: KindWish| {
        let policy = Policy::default();
        let mut request = request("c-1", "p-0", Time::from_millis(START), &policy, groups().into());
        request.ways = ways(wish);
        draw(request)
    };
    let wish = KindWish {
        kind: Some(Kind::Enterprise),
        kinds: [("g-1".into(), Kind::Education), ("g-2".into(), Kind::Trading)].into(),
        judicial: Some("matter 7".to_owned()),
        judicial_groups: ["g-2".into()].into(),
        nominee: Some("p-3".into()),
        ..KindWish::default()
    };
    let drawn = plan(wish.clone()).unwrap();
    let ways: Vec<_> = drawn.groups.iter().map(|part| &part.way).collect();
    assert_eq!(
        ways.iter().map(|way| way.kind).collect::<Vec<_>>(),
        [Kind::Education, Kind::Trading, Kind::Enterprise]
    );
    let matters: Vec<_> = ways.iter().map(|way| way.judicial.as_deref()).collect();
    assert_eq!(matters, [None, Some("matter 7"), None]);
    let all: Vec<String> = drawn.groups.iter().map(steps).collect();
    assert!(all[0].starts_with("notice home_school:notice") && !all[0].contains("notary"), "{}", all[0]);
    assert!(all[1].starts_with("notary:watch") && all[1].contains("finance:feed"), "{}", all[1]);
    assert!(!all[2].contains("notary") && all[2].contains("audit:record"), "{}", all[2]);
    // What is said of a group that is not in the plan would be lost.
    let strangers = KindWish { kinds: [("g-9".into(), Kind::Trading)].into(), ..wish.clone() };
    assert!(plan(strangers).is_err());
    assert!(plan(KindWish { judicial: None, ..wish }).is_err());
}

#[test]
fn req_s3_without_the_channel_or_a_way_to_post_an_education_plan_is_blocked() {
    let part = part(group(Kind::Education), only(&[]));
    let codes: Vec<_> = part.blockers.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["blocker-party"]);
    assert_eq!(part.blockers[0].args["party"], "home_school");
    let mut silent = group(Kind::Education);
    silent.capabilities.0.retain(|row| row.op != Op::Announce);
    let part = self::part(silent, only(&[Party::HomeSchool]));
    assert!(part.blockers.iter().any(|note| note.code == "blocker-notice"));
    let mut own = group(Kind::Education);
    own.class = PERSONAL.to_owned();
    assert!(self::part(own, only(&[])).blockers.is_empty(), "one person has no school's channel");
}

#[test]
fn req_n4_what_is_announced_leaves_the_whole_lead_time() {
    let (policy, now) = (ClassPolicy::important(), Time::from_millis(START + 1));
    let at = announced(&KindWish::default(), &policy, now).unwrap();
    assert!(at >= now.plus_secs(WEEK + 24 * 3600));
    assert_eq!(at.as_millis() % 3_600_000, 0, "a full hour");
    let asked =
        |days: u64| KindWish { not_before: Some(now.plus_secs(days * 24 * 3600)), ..KindWish::default() };
    assert_eq!(announced(&asked(7), &policy, now).unwrap_err().code, "notice.short");
    assert_eq!(announced(&asked(8), &policy, now).unwrap(), now.plus_secs(8 * 24 * 3600));
}

#[test]
fn req_s2_a_judicial_case_is_watched_from_the_start_and_waits_for_the_notary_before_anybody_is_told() {
    let wish = KindWish { judicial: Some("matter 7".to_owned()), ..KindWish::default() };
    let part = part(
        group(Kind::Education),
        Ways { wish: wish.clone(), ..only(&[Party::Notary, Party::HomeSchool]) },
    );
    assert!(
        steps(&part).starts_with(
            "notary:watch freeze export seal notary:minutes notice home_school:notice notice_period unlink"
        ),
        "{}",
        steps(&part)
    );
    assert_eq!(part.steps[0].text("matter"), Some("matter 7"));
    assert_eq!(part.way.judicial.as_deref(), Some("matter 7"));
    let blocked = self::part(group(Kind::Ordinary), Ways { wish, ..only(&[]) });
    assert_eq!(blocked.blockers.len(), 1, "one notary, named once");
    assert_eq!(blocked.blockers[0].args["party"], "notary");
}

#[test]
fn req_c2_a_trading_group_feeds_finance_before_the_end_and_is_kept_for_three_years() {
    let part = part(group(Kind::Trading), only(&[Party::Finance]));
    assert!(steps(&part).contains("seal finance:feed unlink announce"), "{}", steps(&part));
    let trade = part.way.retention.iter().find(|kept| kept.rule == "trade_records").unwrap();
    assert_eq!(trade.months, 36);
    assert_eq!(trade.from, "end");
    assert_eq!(
        trade.basis.as_ref().unwrap().article.en,
        "Law, article 31",
        "with the article that it rests on"
    );
    let from = Time::parse("2024-02-29T10:00:00Z").unwrap();
    assert_eq!(trade.until(from), Time::parse("2027-02-28T10:00:00Z").unwrap(), "by the calendar");
}

#[test]
fn req_l2_an_open_payment_blocks_and_finance_is_told_where_the_platform_says_so() {
    let mut paid = group(Kind::Ordinary);
    paid.snapshot.links.push(Link {
        id: "pay".into(),
        kind: LinkKind::Payment,
        name: "pay".into(),
        own: false,
    });
    paid.fates.insert(LinkKind::Payment, Fate::FinanceAudit);
    let part = part(paid, only(&[Party::Finance]));
    assert!(part.blockers.iter().any(|note| note.code == "blocker-money"));
    assert!(steps(&part).contains("finance:feed"));
}

#[test]
fn req_s1_an_enterprise_group_needs_a_nominee_for_its_handover() {
    let part = part(group(Kind::Enterprise), only(&[]));
    assert!(part.blockers.iter().any(|note| note.code == "blocker-nominee"));
    let wish = KindWish { nominee: Some("p-1".into()), ..KindWish::default() };
    let part = self::part(group(Kind::Enterprise), Ways { wish, ..only(&[Party::Audit, Party::Archive]) });
    assert!(part.blockers.is_empty());
    let handover = part.steps.iter().find(|step| step.op == StepOp::Handover).unwrap();
    assert_eq!(handover.text("nominee"), Some("p-1"));
    assert!(steps(&part).contains("archive:record audit:record"), "{}", steps(&part));
}

#[test]
fn req_c3_customers_are_not_left_without_the_legal_statement() {
    let part = part(group(Kind::ExternalCustomer), Ways { processor: None, ..only(&[]) });
    assert!(part.blockers.iter().any(|note| note.code == "blocker-organisation"));
    assert!(part.will_not.iter().any(|note| note.code == "willnot-legal-statement"));
    let part = self::part(group(Kind::ExternalCustomer), only(&[]));
    assert!(part.blockers.is_empty());
}

#[test]
fn req_g12_each_step_that_can_fail_has_its_contingency_and_somebody_to_call() {
    let plan = drawn(group(Kind::Trading), only(&[Party::Finance, Party::Legal]), ReasonKind::Law);
    assert!(steps(&plan.groups[0]).starts_with("legal:clearance freeze"), "a lawyer is asked first");
    let way = &plan.groups[0].way;
    let named: Vec<_> = way.contingency.iter().map(|note| note.args["step"].as_str()).collect();
    let fails = |op| !matches!(op, StepOp::CoolingOff | StepOp::Settle | StepOp::NoticePeriod);
    let steps = plan.groups[0].steps.iter().filter(|step| fails(step.op));
    assert_eq!(named, steps.map(|step| step.id.as_str()).collect::<Vec<_>>());
    assert!(way.contingency.iter().all(|note| note.args["call"] == "duty desk"));
    let bytes: Value = serde_json::from_slice(&plan.bytes().unwrap()).unwrap();
    assert!(bytes["groups"][0]["contingency"].is_array(), "it is part of what is approved");
}

#[test]
fn req_l1_links_are_listed_with_what_becomes_of_them_and_come_off_in_dependency_order() {
    let mut linked = group(Kind::Ordinary);
    let link = |id: &str, kind, own| Link { id: id.into(), kind, name: id.to_owned(), own };
    linked.snapshot.links = vec![
        link("a-bot", LinkKind::Bot, false),
        link("own", LinkKind::Bot, true),
        link("z-hook", LinkKind::Webhook, false),
        link("m-app", LinkKind::App, false),
        link("b-mini", LinkKind::MiniProgram, false),
    ];
    linked.snapshot.details.insert("link.owner.m-app".to_owned(), "u-9".to_owned());
    linked.fates.insert(LinkKind::Bot, Fate::ByHand);
    linked.fates.insert(LinkKind::MiniProgram, Fate::ByItself);
    let part = part(linked, only(&[]));
    let off: Vec<_> = part
        .steps
        .iter()
        .filter(|step| step.op == StepOp::Unlink)
        .map(|step| step.text("link").unwrap())
        .collect();
    assert_eq!(off, ["z-hook", "b-mini", "m-app", "a-bot", "own"]);
    let of = |id: &str| part.way.links.iter().find(|link| link.link.as_str() == id).unwrap();
    assert_eq!(of("a-bot").fate, Fate::ByHand);
    assert_eq!(of("b-mini").fate, Fate::ByItself);
    assert_eq!(of("z-hook").fate, Fate::Unknown, "nobody has said");
    assert_eq!(of("m-app").owner.as_deref(), Some("u-9"));
    assert_eq!(of("z-hook").breaks.code, "breaks-webhook");
    assert!(of("own").step.as_deref().unwrap() > of("a-bot").step.as_deref().unwrap());
}

#[test]
fn a_step_is_left_out_by_another_plan_which_says_so_and_only_where_nothing_depends_on_it() {
    let link = |id: &str, kind, own| Link { id: id.into(), kind, name: id.to_owned(), own };
    let mut linked = group(Kind::Ordinary);
    linked.snapshot.links = vec![
        link("bot", LinkKind::Bot, false),
        link("hook", LinkKind::Webhook, false),
        link("bridge", LinkKind::Bridge, false),
        link("own", LinkKind::Bot, true),
        link("pay", LinkKind::Payment, false),
    ];
    let without = |id: &str, why: &str| {
        let left = BTreeMap::from([(NativeId::from(id), why.to_owned())]);
        let wish =
            KindWish { without: BTreeMap::from([(linked.group.clone(), left)]), ..KindWish::default() };
        let policy = Policy::default();
        let mut request = request("c-1", "p-0", Time::from_millis(START), &policy, vec![linked.clone()]);
        request.ways = Ways { parties: only(&[]).parties, ..ways(wish) };
        draw(request)
    };
    let whole = drawn(linked.clone(), only(&[]), ReasonKind::ProjectEnded);
    let plan = without("bot", "its owner can't be reached").unwrap();
    assert_ne!(plan.hash().unwrap(), whole.hash().unwrap(), "another plan, which nobody has reviewed");
    let (part, old) = (&plan.groups[0], &whole.groups[0]);
    assert_eq!(old.steps.len(), part.steps.len() + 1);
    assert!(!part.steps.iter().any(|step| step.text("link") == Some("bot")));
    let left = part.will_not.iter().find(|note| note.code == "willnot-left-out").unwrap();
    assert_eq!(
        (left.args["link"].as_str(), left.args["reason"].as_str()),
        ("bot", "its owner can't be reached")
    );
    assert!(part.residue.iter().any(|note| note.code == "residue-link-left" && note.args["link"] == "bot"));
    assert!(part.way.links.iter().any(|link| link.link.as_str() == "bot" && link.step.is_none()));
    // What could bring the group back, what pays and what acts stays in every plan; so does a reason.
    let code = |id: &str, why: &str| match without(id, why).unwrap_err() {
        PlanError::Refused(refusal) => refusal.code,
        PlanError::Canonical(error) => panic!("{error}"),
    };
    for id in ["bridge", "own", "pay"] {
        assert_eq!(code(id, "why not"), "plan.step_needed", "{id}");
    }
    assert_eq!(code("bot", " "), "step.reason");
    assert_eq!(code("nowhere", "why not"), "usage");
}

#[test]
fn req_x3_the_hash_of_the_announcement_is_in_the_plan() {
    let plan = drawn(group(Kind::Ordinary), only(&[]), ReasonKind::ProjectEnded);
    assert_eq!(plan.announcement_sha256, Some(Hash::of(b"This group ends.")));
    let mut mute = group(Kind::Ordinary);
    mute.capabilities.0.retain(|row| row.op != Op::Announce);
    assert_eq!(drawn(mute, only(&[]), ReasonKind::ProjectEnded).announcement_sha256, None);
}

/// A world with one group under way.
fn running(group: GroupInput, ways: Ways) -> World {
    let mut world = World::new(&["g-1"]);
    world.draw(drawn(group, ways, ReasonKind::ProjectEnded)).unwrap();
    world.on_case(CaseCommand::Submit("p-0".into())).unwrap();
    let hash = world.case.plan_hash().unwrap();
    world.review(&principal("p-1", "business"), Decision::Approve, hash).unwrap();
    world.review(&principal("p-2", "compliance"), Decision::Approve, hash).unwrap();
    world.apply("p-0").unwrap();
    world
}

fn id() -> GroupId {
    "g-1".into()
}

fn next(world: &World) -> Action {
    due(world.group(&id()), &world.case, world.now)
}

fn step_of(world: &World, at: usize) -> adjourn_domain::plan::Step {
    world.group(&id()).run.as_ref().unwrap().part.steps[at].clone()
}

fn memo(party: Party, accepted: bool) -> Value {
    json!({"answer": Answer {
        party,
        accepted,
        reference: "n-7".to_owned(),
        says: String::new(),
        at: Time::from_millis(START),
        sent: Hash::of(b"m"),
        received: Hash::of(b"a"),
        by_hand: false,
        simulated: true,
    }})
}

fn found(world: &mut World, at: usize, effect: Effect, retry_s: Option<u64>, memo: Value) {
    let step = step_of(world, at);
    let receipt = (step.op == StepOp::Export || step.op == StepOp::TailExport)
        .then(|| Receipt { complete: true, ..Receipt::default() });
    let seal = (step.op == StepOp::Seal).then(|| (Hash::of(b"bag"), 1, 1, true));
    let command = RunCommand::Found { step: step.id, effect, retry_s, memo, receipt, seal };
    world.on_group(&id(), command).unwrap();
}

/// Does the step that is due, as an honest world would; `answer` is what parties say.
fn go(world: &mut World, answer: bool) -> StepOp {
    match next(world) {
        Action::Perform { step, .. } => {
            let spec = step_of(world, step);
            world.on_group(&id(), RunCommand::Intend).unwrap();
            let returned = RunCommand::Returned {
                step: spec.id.clone(),
                effect: Effect::Applied,
                error: None,
                retry_s: None,
                memo: Value::Null,
            };
            world.on_group(&id(), returned).unwrap();
            let memo = party_of(&spec).map_or(Value::Null, |party| memo(party, answer));
            found(world, step, Effect::Applied, None, memo);
            spec.op
        }
        Action::BeginWait { step, .. } | Action::EndWait { step } => {
            world.on_group(&id(), RunCommand::Advance).unwrap();
            step_of(world, step).op
        }
        Action::Recheck { step } => {
            world.on_group(&id(), RunCommand::Rechecked(Vec::new())).unwrap();
            step_of(world, step).op
        }
        Action::Sleep { until } => {
            world.now = until;
            go(world, answer)
        }
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn req_s2_the_dissolve_waits_for_the_notary_and_silence_asks_a_person() {
    let wish = KindWish { judicial: Some("matter 7".to_owned()), ..KindWish::default() };
    let mut world = running(group(Kind::Ordinary), Ways { wish, ..only(&[Party::Notary]) });
    assert_eq!(go(&mut world, true), StepOp::Party);
    assert_eq!(go(&mut world, true), StepOp::Freeze);
    assert_eq!(go(&mut world, true), StepOp::Export);
    assert_eq!(go(&mut world, true), StepOp::Seal);
    let Action::Perform { step, .. } = next(&world) else { unreachable!() };
    world.on_group(&id(), RunCommand::Intend).unwrap();
    found(&mut world, step, Effect::Unknown, Some(3600), Value::Null);
    // An "applied" without an answer is none.
    world.now = world.now.plus_secs(3600);
    found(&mut world, step, Effect::Applied, Some(3600), Value::Null);
    assert!(matches!(next(&world), Action::Sleep { .. }), "not done: nobody answered");
    let begun = world.now;
    while let Action::Sleep { until } = next(&world) {
        world.now = until;
        found(&mut world, step, Effect::Unknown, Some(24 * 3600), Value::Null);
    }
    assert_eq!(next(&world), Action::AskPerson { step });
    assert!(world.now >= begun.plus_secs(WEEK - 7200), "not before the deadline");
    world.on_group(&id(), RunCommand::Advance).unwrap();
    let state = world.group(&id()).run.as_ref().unwrap().steps[step].state;
    assert_eq!(state, StepState::Person);
}

#[test]
fn req_s2_a_refusal_stops_the_run_before_the_point_of_no_return() {
    let wish = KindWish { judicial: Some("matter 7".to_owned()), ..KindWish::default() };
    let mut world = running(group(Kind::Ordinary), Ways { wish, ..only(&[Party::Notary]) });
    assert_eq!(go(&mut world, false), StepOp::Party);
    assert_eq!(next(&world), Action::StopStale);
    world.on_group(&id(), RunCommand::Advance).unwrap();
    let run = world.group(&id()).run.clone().unwrap();
    assert_eq!(run.phase, adjourn_domain::run::Phase::Ended(Ending::Stopped));
    assert!(!run.past_return());
    assert_eq!(run.differences[0].code, "drift-refused");
}

#[test]
fn req_n4_the_notice_leaves_its_time_and_the_end_is_not_before_what_was_announced() {
    let at = Time::from_millis(START).plus_secs(20 * 24 * 3600);
    let wish = KindWish { not_before: Some(at), ..KindWish::default() };
    let mut world = running(group(Kind::Education), Ways { wish, ..only(&[Party::HomeSchool]) });
    while !matches!(next(&world), Action::Perform { step, .. } if step_of(&world, step).op == StepOp::Dissolve)
    {
        go(&mut world, true);
    }
    assert!(world.now >= at, "{} is before {at}", world.now);
}

#[test]
fn req_s1_nothing_irreversible_before_the_nominee_has_accepted() {
    let wish = KindWish { nominee: Some("p-3".into()), ..KindWish::default() };
    let mut world = running(group(Kind::Enterprise), Ways { wish, ..only(&[]) });
    while !matches!(next(&world), Action::Blocked(_)) {
        go(&mut world, true);
    }
    let Action::Blocked(refusal) = next(&world) else { unreachable!() };
    assert_eq!(refusal.code, "handover.open");
    let accept = |who: &str, act: &str| RunCommand::AcceptHandover {
        statement: DualAct::new(act, "g-1", &who.into(), world.now),
        signature: "00".repeat(64),
    };
    let (other, wrong, right) =
        (accept("p-2", "handover.accept"), accept("p-3", "hold.lift"), accept("p-3", "handover.accept"));
    assert_eq!(world.on_group(&id(), other).unwrap_err().code, "handover.nominee");
    assert_eq!(world.on_group(&id(), wrong).unwrap_err().code, "handover.nominee");
    world.on_group(&id(), right).unwrap();
    assert!(matches!(next(&world), Action::Perform { .. }));
}

#[test]
fn req_n5_open_objections_count_until_answered_or_escalated() {
    let mut world = running(group(Kind::Ordinary), only(&[]));
    let add = |n: usize, what| React::Add {
        reaction: format!("r-{n}").into(),
        what,
        text: "I need the files".to_owned(),
        from: "u-3".to_owned(),
        by: "p-0".into(),
    };
    for n in 0..4 {
        world.on_group(&id(), RunCommand::React(add(n, What::Objection))).unwrap();
    }
    world.on_group(&id(), RunCommand::React(add(9, What::Rumour))).unwrap();
    assert_eq!(open_objections(world.group(&id())), 4);
    assert!(too_many(std::iter::once(world.group(&id()))), "more than the three that the policy bears");
    let answer =
        React::Answer { reaction: "r-0".into(), text: "They are exported.".to_owned(), by: "p-1".into() };
    world.on_group(&id(), RunCommand::React(answer.clone())).unwrap();
    assert!(!too_many(std::iter::once(world.group(&id()))));
    assert_eq!(world.on_group(&id(), RunCommand::React(answer)).unwrap_err().code, "reaction.answered");
    let escalate = React::Escalate { reaction: "r-1".into(), to: "the board".to_owned(), by: "p-1".into() };
    world.on_group(&id(), RunCommand::React(escalate)).unwrap();
    assert_eq!(open_objections(world.group(&id())), 2);
    let unknown = React::Answer { reaction: "r-77".into(), text: "x".to_owned(), by: "p-1".into() };
    assert_eq!(world.on_group(&id(), RunCommand::React(unknown)).unwrap_err().code, "reaction.unknown");
    let empty = React::Answer { reaction: "r-2".into(), text: " ".to_owned(), by: "p-1".into() };
    assert_eq!(world.on_group(&id(), RunCommand::React(empty)).unwrap_err().code, "reaction.text");
}

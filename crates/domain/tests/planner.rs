//! The planner, table by table: which steps, in which order, what blocks, and that equal worlds give equal bytes.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use adjourn_domain::capability::{Capability, EffectClass, Op, Reversible, Support};
use adjourn_domain::changes::{Changes, Line};
use adjourn_domain::clocks::UsedFact;
use adjourn_domain::group::{Link, LinkKind};
use adjourn_domain::member_notice::Retention;
use adjourn_domain::plan::{GroupPlan, Plan, StepOp};
use adjourn_domain::planner::{GroupInput, MAX_ANNOUNCEMENT, PlanError, draw};
use adjourn_domain::policy::{ClassPolicy, PERSONAL, Policy, Review, RoleRule};
use adjourn_domain::time::Time;

use support::{START, input, plan, request, row};

const ALL: [Op; 9] = [
    Op::Freeze,
    Op::Export,
    Op::Unlink,
    Op::Announce,
    Op::Handover,
    Op::Dissolve,
    Op::Purge,
    Op::RemoveMedia,
    Op::Verify,
];

fn rows(ops: &[Op]) -> Vec<Capability> {
    ops.iter().map(|op| row(*op, Support::Native, EffectClass::P)).collect()
}

fn drawn(inputs: Vec<GroupInput>) -> Plan {
    plan("c-1", "p-0", Time::from_millis(START), &Policy::default(), inputs)
}

fn part(input: GroupInput) -> GroupPlan {
    drawn(vec![input]).groups.remove(0)
}

fn ops(part: &GroupPlan) -> Vec<&'static str> {
    part.steps.iter().map(|step| step.op.slug()).collect()
}

fn blockers(part: &GroupPlan) -> Vec<String> {
    part.blockers.iter().map(|note| note.code.clone()).collect()
}

fn refused(inputs: Vec<GroupInput>, policy: &Policy) -> &'static str {
    match draw(request("c-1", "p-0", Time::from_millis(START), policy, inputs)) {
        Err(PlanError::Refused(refusal)) => refusal.code,
        Err(PlanError::Canonical(_)) => "no canonical form",
        Ok(_) => "drawn",
    }
}

#[test]
fn a_full_plan_has_its_steps_in_the_order_of_the_design() {
    let part = part(input("g-1", "important", rows(&ALL)));
    let order = "freeze export seal unlink announce handover cooling_off tail_export recheck dissolve settle purge \
                 remove_media unlink observe";
    assert_eq!(ops(&part).join(" "), order.split_whitespace().collect::<Vec<_>>().join(" "));
    let ids: Vec<_> = part.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids.first(), Some(&"01-freeze"));
    assert_eq!(ids.last(), Some(&"15-observe"));
}

/// Another owner is an act of its own, which ends nothing: no dissolve has it as a step, however well it can be had.
#[test]
fn a_transfer_is_no_step_of_a_dissolve() {
    let with: Vec<Op> = ALL.into_iter().chain([Op::Transfer]).collect();
    let (with, without) = (rows(&with), rows(&ALL));
    assert_eq!(ops(&part(input("g-1", "important", with))), ops(&part(input("g-1", "important", without))));
}

#[test]
fn what_cannot_be_had_is_left_out_and_the_rest_keeps_its_order() {
    for (missing, gone) in [
        (Op::Freeze, "freeze"),
        (Op::Announce, "announce"),
        (Op::Handover, "handover"),
        (Op::RemoveMedia, "remove_media"),
        (Op::Purge, "purge"),
    ] {
        let without: Vec<Op> = ALL.into_iter().filter(|op| *op != missing).collect();
        let part = part(input("g-1", "important", rows(&without)));
        assert!(!ops(&part).contains(&gone), "{gone}");
        assert!(blockers(&part).is_empty(), "{gone}");
        let mut absent = rows(&ALL);
        absent.iter_mut().filter(|row| row.op == missing).for_each(|row| row.support = Support::Unsupported);
        assert_eq!(ops(&part), ops(&self::part(input("g-1", "important", absent))), "{gone}");
    }
    let part = part(input("g-1", "important", rows(&[Op::Export, Op::Dissolve, Op::Verify])));
    assert_eq!(
        ops(&part),
        ["export", "seal", "cooling_off", "tail_export", "recheck", "dissolve", "observe"]
    );
}

#[test]
fn nothing_settles_without_a_purge_and_no_tail_is_taken_by_hand() {
    let without: Vec<Op> = ALL.into_iter().filter(|op| *op != Op::Purge).collect();
    assert!(!ops(&part(input("g-1", "important", rows(&without)))).contains(&"settle"));
    let mut by_hand = rows(&ALL);
    by_hand.iter_mut().filter(|row| row.op == Op::Export).for_each(|row| row.support = Support::Assisted);
    assert!(!ops(&part(input("g-1", "important", by_hand))).contains(&"tail_export"));
}

/// What the platform's dialog asks for is the fact that acts; only a step that a person does, or may have to, asks for it.
#[test]
fn req_p1_a_person_is_asked_for_the_second_confirmation_that_the_fact_names() {
    let confirm = |support: Support, note: &str, value: &str| {
        let mut rows = rows(&ALL);
        for row in rows.iter_mut().filter(|row| row.op == Op::Dissolve) {
            (row.support, row.note) = (support, note.to_owned());
        }
        let mut input = input("g-1", "important", rows);
        input.facts.facts = vec![UsedFact {
            key: "dissolve.confirm".to_owned(),
            value: value.into(),
            confidence: "declared".to_owned(),
            source: "test".to_owned(),
            checked: "2026-11-22".to_owned(),
            declared: None,
        }];
        let part = part(input);
        let steps = part.steps.iter().filter_map(|step| Some((step.op, step.text("confirm")?.to_owned())));
        steps.collect::<Vec<_>>()
    };
    let asked = vec![(StepOp::Dissolve, "type_name".to_owned())];
    assert_eq!(confirm(Support::Assisted, "person-dissolve", "type_name"), asked);
    assert_eq!(confirm(Support::Native, "call|fallback:person-dissolve", "type_name"), asked);
    assert_eq!(confirm(Support::Native, "call", "type_name"), []);
    assert_eq!(confirm(Support::Assisted, "person-dissolve", "none"), []);
}

#[test]
fn without_dissolve_verify_or_export_a_plan_is_blocked() {
    for missing in [Op::Dissolve, Op::Verify, Op::Export] {
        let without: Vec<Op> = ALL.into_iter().filter(|op| *op != missing).collect();
        let part = part(input("g-1", "important", rows(&without)));
        assert_eq!(blockers(&part), ["blocker-capability"]);
        assert!(part.blockers.iter().any(|note| note.args.get("op").is_some_and(|op| op == missing.slug())));
    }
}

#[test]
fn our_own_bot_is_unlinked_last_after_the_dissolve() {
    let mut input = input("g-1", "important", rows(&ALL));
    let link = |id: &str, own| Link { id: id.into(), kind: LinkKind::App, name: String::new(), own };
    input.snapshot.links = vec![link("a", true), link("z", false), link("b", false)];
    let part = part(input);
    let unlinked: Vec<_> = part.steps.iter().filter_map(|step| step.text("link")).collect();
    assert_eq!(unlinked, ["b", "z", "a"]);
    let last = part.steps.iter().rposition(|step| step.op == StepOp::Unlink).unwrap();
    assert_eq!(last, part.steps.len() - 2, "only the observation comes later");
    assert!(part.steps.iter().take(last).any(|step| step.op == StepOp::Dissolve));
}

#[test]
fn the_point_of_no_return_is_the_dissolve_and_nothing_irreversible_comes_before() {
    for ops in [&ALL[..], &[Op::Export, Op::Dissolve, Op::Verify]] {
        let part = part(input("g-1", "important", rows(ops)));
        let line = part.point_of_no_return();
        assert_eq!(part.steps.get(line).map(|step| step.op), Some(StepOp::Dissolve));
        assert!(part.steps.iter().take(line).all(|step| !step.op.irreversible()));
        let before: Vec<_> = part.steps.iter().take(line).map(|step| step.op).collect();
        for op in [StepOp::Export, StepOp::Seal, StepOp::CoolingOff, StepOp::Recheck] {
            assert!(before.contains(&op), "{op:?}");
        }
        assert_eq!(before.last(), Some(&StepOp::Recheck));
    }
}

#[test]
fn symbols_say_what_a_step_is() {
    let mut rows = rows(&ALL);
    rows.iter_mut().filter(|row| row.op == Op::Freeze).for_each(|row| row.support = Support::Assisted);
    let part = part(input("g-1", "important", rows));
    let symbol = |op| part.steps.iter().find(|step| step.op == op).map(|step| step.symbol);
    for (op, sign) in [
        (StepOp::Freeze, '#'),
        (StepOp::Export, '~'),
        (StepOp::Announce, '!'),
        (StepOp::Dissolve, '-'),
        (StepOp::Purge, '!'),
        (StepOp::Observe, '?'),
    ] {
        assert_eq!(symbol(op), Some(sign), "{op:?}");
    }
    assert!(
        part.steps.iter().all(|step| step.op != StepOp::Dissolve || step.reversible == Reversible::Never)
    );
}

#[test]
fn a_human_way_named_in_a_row_is_the_steps_fallback() {
    let mut rows = rows(&ALL);
    let dissolve = rows.iter_mut().find(|row| row.op == Op::Dissolve).unwrap();
    "by-api|fallback:by-hand".clone_into(&mut dissolve.note);
    let part = part(input("g-1", "important", rows));
    let step = part.steps.iter().find(|step| step.op == StepOp::Dissolve).unwrap();
    assert_eq!((step.note.as_str(), step.text("fallback")), ("by-api", Some("by-hand")));
}

#[test]
fn a_personal_group_must_be_the_own_groups_of_one_owner() {
    for (owners, blocked) in
        [(&["owner"][..], false), (&["other"], true), (&["owner", "other"], true), (&[], true)]
    {
        let mut input = input("g-1", PERSONAL, rows(&ALL));
        input.snapshot.owners = owners.iter().map(|id| (*id).into()).collect();
        let found = blockers(&part(input));
        assert_eq!(found.contains(&"blocker-personal".to_owned()), blocked, "{owners:?}");
    }
    assert!(blockers(&part(input("g-1", "important", rows(&ALL)))).is_empty());
}

#[test]
fn money_and_holds_block_and_money_is_not_unlinked() {
    let mut input = input("g-1", "important", rows(&ALL));
    input.snapshot.links.push(Link {
        id: "pay".into(),
        kind: LinkKind::Payment,
        name: "till".to_owned(),
        own: false,
    });
    input.holds = vec!["court".to_owned(), "audit".to_owned()];
    let part = part(input);
    assert_eq!(blockers(&part), ["blocker-hold", "blocker-hold", "blocker-money"]);
    assert!(part.steps.iter().all(|step| step.text("link") != Some("pay")));
}

#[test]
fn a_joint_plan_needs_what_each_group_needs() {
    let both = vec![input("g-1", PERSONAL, rows(&ALL)), input("g-2", "important", rows(&ALL))];
    let review = drawn(both).review;
    assert!(review.typed_confirmation);
    assert_eq!(review.needed(), 2);
}

#[test]
fn what_is_out_of_bounds_is_refused() {
    let policy = Policy::default();
    assert_eq!(refused(Vec::new(), &policy), "plan.empty");
    assert_eq!(refused(vec![input("g-1", "nobody", rows(&ALL))], &policy), "config.invalid");
    let twice = vec![input("g-1", "important", rows(&ALL)), input("g-1", "important", rows(&ALL))];
    assert_eq!(refused(twice, &policy), "usage", "the case would wait for two ends of one group");
    let mut request =
        request("c-1", "p-0", Time::from_millis(START), &policy, vec![input("g", PERSONAL, Vec::new())]);
    "x".repeat(MAX_ANNOUNCEMENT + 1).clone_into(&mut request.announcement);
    assert!(draw(request).is_err());
}

#[test]
fn two_rules_for_one_role_are_not_two_people() {
    // Each rule alone would be met by the same single approval.
    let rule = || RoleRule { role: "business".to_owned(), count: 1 };
    let review = Review::of(vec![rule(), rule()]);
    let class = ClassPolicy { review, ..ClassPolicy::important() };
    let policy = Policy(std::iter::once(("important".to_owned(), class)).collect());
    assert_eq!(refused(vec![input("g-1", "important", rows(&ALL))], &policy), "config.invalid");
}

#[test]
fn equal_worlds_give_equal_bytes_whatever_order_they_were_seen_in() {
    let one = drawn(vec![input("g-1", "important", rows(&ALL))]);
    let mut shuffled = input("g-1", "important", rows(&ALL));
    shuffled.snapshot.members.reverse();
    shuffled.snapshot.links.reverse();
    let other = drawn(vec![shuffled]);
    assert_eq!(one.bytes().unwrap(), other.bytes().unwrap());
    let read: Plan = serde_json::from_slice(&one.bytes().unwrap()).unwrap();
    assert_eq!(read.hash().unwrap(), one.hash().unwrap());
}

#[test]
fn the_hash_of_a_plan_is_what_reviewers_signed_last_year() {
    // A change of this hash makes old approvals unreadable: it needs a new plan version.
    let mut plan = drawn(vec![input("g-1", "important", rows(&ALL))]);
    assert_eq!(
        plan.hash().unwrap().to_hex(),
        "3b91637502f1ecfac9b2782479fe272a4afa80c9dd06ecea16fb1bfb50c12154"
    );
    // As plans were before members were told where their data goes: they still have the hash that was signed.
    let way = &mut plan.groups.first_mut().unwrap().way;
    way.member_notice = None;
    let logs = Retention { rule: "logs".to_owned(), months: 6, from: "completion".to_owned(), basis: None };
    way.retention = vec![logs];
    assert_eq!(
        plan.hash().unwrap().to_hex(),
        "19cddfd6eed802fbfabf7feb36ce0d4201d4bcf4b56445a9597643ab4adb9869"
    );
}

#[test]
fn two_plans_differ_in_what_they_do_and_not_in_where_it_stands() {
    let before = part(input("g-1", "important", rows(&ALL)));
    assert!(Changes::between(&before, &before).is_empty());
    // Without a freeze all other steps move up, and are the same ones.
    let after = part(input("g-1", "important", rows(&ALL[1..])));
    let changes = Changes::between(&before, &after);
    let ops = |lines: &[Line]| -> Vec<StepOp> {
        let op = |line: &Line| match line {
            Line::Step(step) => Some(step.op),
            _ => None,
        };
        lines.iter().filter_map(op).collect()
    };
    assert_eq!((ops(&changes.gone), ops(&changes.new)), (vec![StepOp::Freeze], Vec::new()));
    let back = Changes::between(&after, &before);
    assert_eq!((ops(&back.gone), ops(&back.new)), (Vec::new(), vec![StepOp::Freeze]));
    // Another owner, other members, and another text for them.
    let mut other = before.clone();
    other.basis.owners = vec!["u-new".into()];
    other.basis.members.push("u-more".into());
    let posted = other.steps.iter_mut().find(|step| step.op == StepOp::Announce).unwrap();
    posted.params.insert("text".to_owned(), "another".into());
    let changes = Changes::between(&before, &other);
    assert!(changes.new.contains(&Line::Owner("u-new".into())));
    assert_eq!((ops(&changes.gone), ops(&changes.new)), (vec![StepOp::Announce], vec![StepOp::Announce]));
    assert_eq!((changes.joined, changes.left), (1, 0));
}

//! Leaving: a plan of its own kind, an ending of its own, and never taken for a dissolve.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

#[path = "support/drive.rs"]
mod drive;
mod support;

use adjourn_domain::approval::Decision;
use adjourn_domain::capability::{Capability, Effect, EffectClass, Op, Support};
use adjourn_domain::case::CaseCommand;
use adjourn_domain::event::Ending;
use adjourn_domain::plan::{Act, Plan, ReasonKind, StepOp};
use adjourn_domain::planner::acts::{ActRequest, OwnerLeaves, draw};
use adjourn_domain::planner::{GroupInput, PlanError};
use adjourn_domain::policy::Policy;
use adjourn_domain::run::{Action, Phase, RunCommand, due};
use adjourn_domain::time::Time;
use adjourn_domain::verdict::{Says, Verdict, read};
use serde_json::{Value, json};

use drive::{World, principal, signal};
use support::{START, input, plan, row};

fn rows() -> Vec<Capability> {
    [Op::Leave, Op::Dissolve, Op::Verify].map(|op| row(op, Support::Native, EffectClass::P)).to_vec()
}

fn of(
    account: &str,
    owner_leaves: OwnerLeaves,
    witness: bool,
    rows: Vec<Capability>,
) -> Result<Plan, PlanError> {
    let group = GroupInput { own_account: account.into(), ..input("g-1", "important", rows) };
    draw(ActRequest {
        case: "c-1".into(),
        requester: "p-0".into(),
        reason: "the work is handed over".to_owned(),
        reason_kind: ReasonKind::FunctionChange,
        now: Time::from_millis(START),
        drill: true,
        policy: &Policy::default(),
        act: Act::Leave,
        to: None,
        proof: Vec::new(),
        owner_leaves,
        witness,
        account: None,
        group,
    })
}

fn blockers(plan: &Plan) -> Vec<&str> {
    plan.blockers().map(|(_, note)| note.code.as_str()).collect()
}

#[test]
fn req_g2_a_leave_has_a_plan_of_its_own_and_nothing_in_it_ends_a_group() {
    let plan = of("m1", OwnerLeaves::Unknown, true, rows()).unwrap();
    assert_eq!((plan.act, blockers(&plan).len()), (Act::Leave, 0));
    let part = plan.groups.first().unwrap();
    let ops: Vec<_> = part.steps.iter().map(|step| step.op).collect();
    assert_eq!(ops, [StepOp::Recheck, StepOp::Leave]);
    assert!(!part.steps.iter().any(|step| step.op.irreversible() || step.op.past_return()));
    assert_eq!(part.steps.last().unwrap().text("account"), Some("m1"));
    assert!(part.will_not.iter().any(|note| note.code == "willnot-end-by-leaving"));
    assert!(part.will_not.iter().any(|note| note.code == "acts-apart"));
}

#[test]
fn req_g2_an_owner_is_refused_where_the_leave_would_be_more_than_a_leave() {
    use OwnerLeaves::{Dissolves, Nothing, Promotes, Transfers, Unknown};
    for does in [Dissolves, Promotes, Transfers, Unknown] {
        match of("owner", does, true, rows()) {
            Err(PlanError::Refused(refusal)) => {
                assert_eq!(refusal.code, "leave.owner");
                assert_eq!(refusal.args.get("does").map(String::as_str), Some(does.slug()));
            }
            other => panic!("{}: {other:?}", does.slug()),
        }
        assert!(of("m1", does, true, rows()).is_ok(), "a plain member only leaves");
    }
    assert!(of("owner", Nothing, true, rows()).is_ok());
}

#[test]
fn what_the_facts_say_about_an_owners_leave() {
    let says = |key, value: Value| OwnerLeaves::of(key, &value);
    assert_eq!(says("act.owner_leave_dissolves", json!(true)), Some(OwnerLeaves::Dissolves));
    assert_eq!(says("act.owner_leave_dissolves", json!(false)), None);
    assert_eq!(says("act.owner_leave", json!("successor_promoted")), Some(OwnerLeaves::Promotes));
    assert_eq!(says("act.owner_leave", json!("transfer_demanded")), Some(OwnerLeaves::Transfers));
    assert_eq!(says("act.owner_leave", json!("nothing")), Some(OwnerLeaves::Nothing));
    assert_eq!(says("act.leave_dissolves", json!(true)), None);
}

#[test]
fn what_cannot_be_proved_or_is_no_leave_is_blocked() {
    assert_eq!(blockers(&of("m1", OwnerLeaves::Unknown, false, rows()).unwrap()), ["blocker-leave-witness"]);
    assert_eq!(blockers(&of("app", OwnerLeaves::Unknown, true, rows()).unwrap()), ["blocker-not-in"]);
    let assisted: Vec<_> = vec![row(Op::Leave, Support::Assisted, EffectClass::P)];
    let by_hand = of("m1", OwnerLeaves::Unknown, false, assisted).unwrap();
    let step = by_hand.groups.first().unwrap().steps.last().unwrap();
    assert_eq!(
        (step.op, step.support, step.note.as_str()),
        (StepOp::Leave, Support::Assisted, "person-leave")
    );
    assert!(blockers(&by_hand).is_empty());
}

#[test]
fn req_g7_a_leave_ends_as_left_and_never_as_done_or_gone() {
    let mut world = World::new(&["g-1"]);
    let id = "g-1".into();
    world.draw(of("m1", OwnerLeaves::Unknown, true, rows()).unwrap()).unwrap();
    world.on_case(CaseCommand::Submit("p-0".into())).unwrap();
    let hash = world.case.plan_hash().unwrap();
    world.review(&principal("p-1", "business"), Decision::Approve, hash).unwrap();
    world.review(&principal("p-2", "compliance"), Decision::Approve, hash).unwrap();
    world.apply("p-0").unwrap();
    for _ in 0..20 {
        let command = match due(world.group(&id), &world.case, world.now) {
            Action::Recheck { .. } => RunCommand::Rechecked(Vec::new()),
            Action::Perform { .. } => RunCommand::Intend,
            Action::ReadBack { .. } => RunCommand::Found {
                step: "02-leave".to_owned(),
                effect: Effect::Applied,
                retry_s: None,
                memo: Value::Null,
                receipt: None,
                seal: None,
            },
            Action::Idle => break,
            _ => RunCommand::Advance,
        };
        let intends = matches!(command, RunCommand::Intend);
        world.on_group(&id, command).unwrap();
        if intends {
            let returned = RunCommand::Returned {
                step: "02-leave".to_owned(),
                effect: Effect::Applied,
                error: None,
                retry_s: None,
                memo: Value::Null,
            };
            world.on_group(&id, returned).unwrap();
        }
    }
    let run = world.group(&id).run.as_ref().unwrap();
    assert_eq!(run.phase, Phase::Ended(Ending::Left));
    assert_eq!(run.verdict, None, "nothing was ended, so there is no verdict about an end");
}

#[test]
fn req_g2_dissolve_and_leave_are_drawn_apart() {
    let full: Vec<_> = [Op::Export, Op::Leave, Op::Dissolve, Op::Verify]
        .map(|op| row(op, Support::Native, EffectClass::P))
        .to_vec();
    let group = input("g-1", "important", full);
    let dissolve = plan("c-2", "p-0", Time::from_millis(START), &Policy::default(), vec![group]);
    assert_eq!(dissolve.act, Act::Dissolve);
    let part = dissolve.groups.first().unwrap();
    assert!(part.steps.iter().any(|step| step.op == StepOp::Dissolve));
    assert!(!part.steps.iter().any(|step| step.op == StepOp::Leave), "nobody leaves as a way to end a group");
}

#[test]
fn req_g7_left_emptied_and_hidden_read_as_three_things_and_none_is_gone() {
    let out = signal(false, Says::NotIn, false);
    let reads = |says| read(&[out.clone(), signal(true, says, true)]);
    assert_eq!(reads(Says::Present), Verdict::LeftOnly);
    assert_eq!(reads(Says::Empty), Verdict::Emptied);
    assert_eq!(reads(Says::Hidden), Verdict::Hidden);
    assert_eq!(read(&[out, signal(true, Says::Nothing, false)]), Verdict::Unknown);
}

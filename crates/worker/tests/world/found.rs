//! What was found in the worker's step function, one test for each.

use adjourn_domain::approval::Decision;
use adjourn_domain::capability::{Effect as Known, EffectClass, Op, Support};
use adjourn_domain::case::CaseCommand;
use adjourn_domain::event::Ending;
use adjourn_domain::group::{Link, LinkKind};
use adjourn_domain::ids::GroupId;
use adjourn_domain::plan::StepOp;
use adjourn_domain::policy::Policy;
use adjourn_domain::run::RunCommand;
use adjourn_worker::step::{Effect, step};

use super::drive::{Row, World, group_rows, principal};
use super::play::{Player, found, honest, returned};
use super::support::{input, plan, row};
use super::wish::{Spec, Wish};

#[test]
fn a_run_with_more_to_write_than_one_step_holds_is_looked_at_again() {
    // Two hundred links of our own come after a dissolve that comes to nothing: each is given up.
    let rows = [Op::Export, Op::Unlink, Op::Dissolve, Op::Verify]
        .map(|op| row(op, Support::Native, EffectClass::U))
        .to_vec();
    let mut group = input("g-1", "important", rows);
    let link =
        |n: u32| Link { id: format!("l{n}").into(), kind: LinkKind::App, name: String::new(), own: true };
    group.snapshot.links = (0..200).map(link).collect();
    let mut world = World::new(&["g-1"]);
    world.draw(plan("c-1", "p-0", world.now, &Policy::default(), vec![group])).unwrap();
    world.on_case(CaseCommand::Submit("p-0".into())).unwrap();
    let hash = world.case.plan_hash().unwrap();
    world.review(&principal("p-1", "business"), Decision::Approve, hash).unwrap();
    world.review(&principal("p-2", "compliance"), Decision::Approve, hash).unwrap();
    world.apply("p-0").unwrap();
    let id = GroupId::from("g-1");
    let mut came: Option<RunCommand> = None;
    for _ in 0..200 {
        let next = step(world.now, &world.case, world.group(&id).clone(), came.take()).unwrap();
        world.commit(group_rows(&id, next.events));
        if let Some((ending, _)) = next.ended {
            assert_eq!(ending, Ending::Observed);
            return;
        }
        let state = world.group(&id);
        let is_dissolve =
            |at: usize| state.run.as_ref().is_some_and(|run| run.part.steps[at].op == StepOp::Dissolve);
        came = match next.effect {
            Some(Effect::Perform(at)) if is_dissolve(at) => returned(state, at, Known::NotApplied, None),
            Some(Effect::ReadBack(at)) => found(state, at, Known::Applied, None),
            Some(effect) => honest(state, effect),
            None => None,
        };
        if next.effect.is_none() {
            world.now = world.now.max(next.wake.unwrap());
        }
    }
    unreachable!("never ends");
}

#[test]
fn who_clears_the_way_after_undo_was_asked_leaves_nothing_under_way() {
    let rows =
        [Op::Export, Op::Dissolve, Op::Verify].map(|op| row(op, Support::Native, EffectClass::P)).to_vec();
    let mut player = Player::new();
    for wish in [
        Wish::Draw(Spec { requester: 0, class: "important", both: true, rows }),
        Wish::Agree,
        Wish::Apply(0),
        Wish::Honest(0, 2),
        Wish::Work { group: 0, answers: vec![158], lost: false },
        Wish::Jump(600),
        Wish::Work { group: 0, answers: vec![102], lost: false },
        Wish::Undo(0, false),
        Wish::Person(0, 4),
    ] {
        player.play(&wish).unwrap();
    }
    let world = player.into_world();
    let asked = |row: &Row| matches!(row, Row::Group(_, event) if event.kind() == "person_done");
    assert!(world.rows.iter().any(|(_, row)| asked(row)), "the story did not get there");
    Player::resume(world).finish().unwrap();
}

//! What was found in the worker's step function, one test for each.

use adjourn_domain::approval::Decision;
use adjourn_domain::capability::{Effect as Known, EffectClass, Op, Support};
use adjourn_domain::case::CaseCommand;
use adjourn_domain::event::{Ending, GroupEvent};
use adjourn_domain::group::{Kind, Link, LinkKind};
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
        Wish::Draw(Spec {
            requester: 0,
            class: "important",
            both: true,
            kind: Kind::Ordinary,
            judicial: false,
            nominee: false,
            announced: false,
            rows,
        }),
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

/// Who of the groups has done a step of this kind, by the rows so far.
fn did(world: &World, group: &str, kind: StepOp) -> bool {
    world.rows.iter().any(|(_, row)| match row {
        Row::Group(id, event) if id.as_str() == group => {
            matches!(&**event, GroupEvent::Intent { op, .. } if *op == kind)
        }
        _ => false,
    })
}

#[test]
fn req_x2_rights_are_off_everywhere_before_anything_is_announced_anywhere() {
    let ops = [Op::Export, Op::Unlink, Op::Announce, Op::Dissolve, Op::Verify];
    let rows = ops.map(|op| row(op, Support::Native, EffectClass::P)).to_vec();
    let mut player = Player::new();
    let mut play = |wish| player.play(&wish).unwrap();
    play(Wish::Draw(Spec {
        requester: 0,
        class: "important",
        both: true,
        kind: Kind::Ordinary,
        judicial: false,
        nominee: false,
        announced: false,
        rows,
    }));
    play(Wish::Agree);
    play(Wish::Apply(0));
    // The first group alone: its history is sealed, and nothing is taken off while the second one's is not.
    play(Wish::Honest(0, 100));
    let world = player.into_world();
    assert!(did(&world, "g-1", StepOp::Seal) && !did(&world, "g-1", StepOp::Unlink));
    // The second one catches up and takes its rights off; it does not announce while the first one still has some.
    let mut player = Player::resume(world);
    player.play(&Wish::Honest(1, 100)).unwrap();
    let world = player.into_world();
    assert!(did(&world, "g-2", StepOp::Unlink) && !did(&world, "g-2", StepOp::Announce));
    // When both are free of rights, both announce.
    let mut player = Player::resume(world);
    for group in [0, 1] {
        player.play(&Wish::Honest(group, 100)).unwrap();
    }
    let world = player.into_world();
    assert!(did(&world, "g-1", StepOp::Unlink) && did(&world, "g-1", StepOp::Announce));
    assert!(did(&world, "g-2", StepOp::Announce) && !did(&world, "g-2", StepOp::Dissolve));
}

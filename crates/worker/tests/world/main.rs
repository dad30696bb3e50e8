//! The whole domain as a state machine: a small world, any wishes in any order, lies of platforms, crashes, clocks that
//! jump. After every event the invariants are checked from the list of events alone ([`law`]); from any prefix of the
//! journal every run can be brought to an end by an honest world in a bounded number of steps.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests")]

#[path = "../../../domain/tests/support/drive.rs"]
mod drive;
mod found;
mod law;
mod ops;
mod play;
mod step;
#[path = "../../../domain/tests/support/mod.rs"]
mod support;
mod wish;

use adjourn_domain::case::CaseState;
use adjourn_domain::run::{GroupState, due};
use adjourn_domain::time::Time;
use proptest::prelude::*;

use play::Player;

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_hold_whatever_happens(
        wishes in wish::sequence(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
    ) {
        let mut player = Player::new();
        for wish in &wishes {
            player.play(wish).map_err(TestCaseError::fail)?;
        }
        let world = player.into_world();
        for (id, state) in &world.groups {
            let events = play::events_of(&world.rows, id);
            prop_assert_eq!(state.version, events.len() as u64);
            let folded = GroupState::fold(id.clone(), events.iter().map(|(at, event)| (*at, event)));
            prop_assert_eq!(state, &folded);
        }
        let events = play::case_events_of(&world.rows);
        prop_assert_eq!(world.case.version, events.len() as u64);
        prop_assert_eq!(&world.case, &CaseState::fold(world.case.id.clone(), &events));
        // `due` answers at any time, for any prefix.
        let mut replay = play::replay(&world, 0);
        for (at, row) in &world.rows {
            replay.now = *at;
            replay.commit(vec![row.clone()]);
            for group in replay.groups.values() {
                for now in [Time::from_millis(i64::MIN), *at, Time::from_millis(i64::MAX)] {
                    let _ = due(group, &replay.case, now);
                }
            }
        }
        for cut in cuts {
            if !world.commits.is_empty() {
                let rows = world.commits[cut.index(world.commits.len())];
                Player::resume(play::replay(&world, rows)).finish().map_err(TestCaseError::fail)?;
            }
        }
        Player::resume(world).finish().map_err(TestCaseError::fail)?;
    }
}

//! What platforms tell by themselves: what of it goes on a group's stream.
#![expect(clippy::unwrap_used, reason = "test code")]

use adjourn_domain::call::{Heard, Told};
use adjourn_domain::case::CaseState;
use adjourn_domain::run::{GroupState, RunCommand};
use adjourn_domain::time::Time;

fn told(what: Told, at: i64) -> Heard {
    Heard {
        account: "800100003".into(),
        at: Time::from_millis(at),
        group: Some("900100001".into()),
        what,
        upstream: "group_decrease.disband".to_owned(),
    }
}

/// Hears, and gives the number of events that it made.
fn hear(group: &mut GroupState, identity: &str, heard: Heard) -> usize {
    let hear = RunCommand::Hear { identity: identity.into(), heard: Box::new(heard) };
    let now = Time::from_millis(5);
    let events = group.decide(&CaseState::new("c-none".into()), hear, now).unwrap();
    for event in &events {
        assert_eq!(event.kind(), "heard");
        group.apply(now, event);
    }
    events.len()
}

#[test]
fn the_end_is_noted_once_for_each_who_was_told_and_nothing_else_is() {
    let mut group = GroupState::new("g-1".into());
    for what in [Told::Other, Told::Online, Told::Offline] {
        assert_eq!(hear(&mut group, "main", told(what, 1)), 0, "{what:?}");
    }
    assert_eq!(hear(&mut group, "main", told(Told::Dissolved, 1)), 1);
    assert_eq!(hear(&mut group, "main", told(Told::Dissolved, 1)), 0, "delivered again");
    assert_eq!(hear(&mut group, "second", told(Told::Dissolved, 1)), 1);
    assert_eq!(hear(&mut group, "second", told(Told::Out, 2)), 1);
    let heard: Vec<(&str, Told)> =
        group.heard.iter().map(|(who, heard)| (who.as_str(), heard.what)).collect();
    assert_eq!(heard, [("main", Told::Dissolved), ("second", Told::Dissolved), ("second", Told::Out)]);
}

#[test]
fn a_platform_that_never_stops_telling_fills_no_stream() {
    let mut group = GroupState::new("g-1".into());
    let noted: usize = (0..1_000).map(|at| hear(&mut group, "main", told(Told::Out, at))).sum();
    assert_eq!((noted, group.heard.len()), (100, 100));
}

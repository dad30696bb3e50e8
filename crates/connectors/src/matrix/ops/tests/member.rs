//! The end of a room without admin rights.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::verdict::{Verdict, read};

use super::{Bench, Trouble};

#[test]
fn the_owner_empties_the_room_and_it_is_called_that() {
    let bench = Bench::new();
    let alice = bench.as_user("syt_alice");
    let order = bench.order(Op::Dissolve);
    assert_eq!(bench.read_back(&alice, &order).unwrap().effect, Effect::NotApplied);
    assert_eq!(bench.act(&alice, &order).unwrap()["kicked"], 4);
    assert_eq!(bench.read_back(&alice, &order).unwrap().effect, Effect::Applied);
    assert_eq!(read(&bench.signals(&alice, None)), Verdict::Emptied);
    // What a member who was put out last saw is older than the end.
    let bob = bench.as_user("syt_bob");
    assert_eq!(bench.read_back(&bob, &order).unwrap().effect, Effect::Unknown);
    assert_eq!(bench.effect(Op::Dissolve), 1);
    bench.act(&alice, &order).unwrap();
    assert_eq!(bench.effect(Op::Dissolve), 1);
}

#[test]
fn a_planned_dissolve_is_never_bent_into_emptying() {
    let bench = Bench::new();
    bench.act(&bench.root(), &bench.order(Op::Freeze)).unwrap();
    bench.trouble("/_synapse/admin/v1/rooms/", Trouble::Instead(404, "text/html", "<html>"));
    let error = bench.act(&bench.root(), &bench.order(Op::Dissolve)).unwrap_err();
    assert_eq!(error.effect, Effect::NotApplied);
    let mut order = bench.order(Op::Dissolve);
    order.params.insert("support".to_owned(), "native".into());
    let error = bench.act(&bench.as_user("syt_alice"), &order).unwrap_err();
    assert_eq!((error.kind, bench.effect(Op::Dissolve)), (Kind::Permission, 0));
}

#[test]
fn a_member_without_power_does_not_begin() {
    let bench = Bench::new();
    let bob = bench.as_user("syt_bob");
    let error = bench.act(&bob, &bench.order(Op::Dissolve)).unwrap_err();
    assert_eq!((error.kind, error.effect), (Kind::Permission, Effect::NotApplied));
    assert!(bench.sent().iter().all(|line| line.starts_with("GET")));
}

#[test]
fn a_failure_half_way_is_unknown_and_can_be_finished() {
    let bench = Bench::new();
    let alice = bench.as_user("syt_alice");
    let order = bench.order(Op::Dissolve);
    bench.trouble(
        "/leave",
        Trouble::Instead(403, "application/json", "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"\"}"),
    );
    assert_eq!(bench.act(&alice, &order).unwrap_err().effect, Effect::Unknown);
    assert_eq!(bench.read_back(&alice, &order).unwrap().effect, Effect::NotApplied);
    bench.act(&alice, &order).unwrap();
    assert_eq!(bench.read_back(&alice, &order).unwrap().effect, Effect::Applied);
}

/// One goes, everybody else stays as they were, and the list of members that somebody else reads proves it.
#[test]
fn req_g2_a_leave_takes_one_account_out_and_the_room_goes_on() {
    let bench = Bench::new();
    let mut leave = bench.order(Op::Leave);
    leave.params.insert("account".to_owned(), "@carol:sim.test".into());
    let (bob, carol) = (bench.as_user("syt_bob"), bench.as_user("syt_carol"));
    assert_eq!(bench.read_back(&bench.witness(), &leave).unwrap().effect, Effect::NotApplied);
    assert_eq!(bench.act(&bob, &leave).unwrap_err().kind, Kind::Invalid, "only oneself");
    bench.act(&carol, &leave).unwrap();
    assert_eq!(bench.read_back(&bench.witness(), &leave).unwrap().effect, Effect::Applied);
    bench.act(&carol, &leave).unwrap();
    assert_eq!((bench.effect(Op::Leave), bench.effect(Op::Dissolve)), (1, 0));
    assert_ne!(bench.verdict(None), Verdict::Gone);
}

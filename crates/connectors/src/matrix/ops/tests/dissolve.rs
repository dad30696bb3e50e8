//! The end of a room, as a server admin.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::verdict::{Says, Verdict};
use serde_json::Value;

use super::{Bench, Trouble};

/// Closes and purges, with all waits.
fn end(bench: &Bench) {
    for op in [Op::Dissolve, Op::Purge] {
        bench.act(&bench.root(), &bench.order(op)).unwrap();
        bench.pass(5);
        assert_eq!(bench.read_back(&bench.witness(), &bench.order(op)).unwrap().effect, Effect::Applied);
    }
}

#[test]
fn accepted_is_not_done_and_closed_is_not_gone() {
    let bench = Bench::new();
    let records = bench.export(&bench.root(), &bench.seeded.busy).unwrap();
    let known = &records.last().unwrap().id;
    assert_eq!(bench.verdict(Some(known)), Verdict::StillThere);
    let mut order = bench.order(Op::Dissolve);
    order.memo = bench.act(&bench.root(), &order).unwrap();
    let early = bench.read_back(&bench.witness(), &order).unwrap();
    assert_eq!((early.effect, early.retry_s), (Effect::Unknown, Some(2)));
    bench.pass(5);
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Applied);
    assert_eq!(bench.verdict(Some(known)), Verdict::Emptied);
    let mut order = bench.order(Op::Purge);
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::NotApplied);
    order.memo = bench.act(&bench.root(), &order).unwrap();
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Unknown);
    bench.pass(5);
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Applied);
    assert_eq!(bench.verdict(Some(known)), Verdict::Gone);
    assert_eq!(bench.verdict(None), Verdict::Gone);
    assert_eq!((bench.effect(Op::Dissolve), bench.effect(Op::Purge)), (1, 1));
}

#[test]
fn a_lost_reply_is_answered_by_reading() {
    let bench = Bench::new();
    for op in [Op::Dissolve, Op::Purge] {
        let order = bench.order(op);
        bench.trouble("DELETE", Trouble::ReplyLost);
        let error = bench.act(&bench.root(), &order).unwrap_err();
        assert_eq!(error.effect, Effect::Unknown);
        assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().retry_s, Some(2));
        let error = bench.act(&bench.root(), &order).unwrap_err();
        assert_eq!((error.kind, error.effect), (Kind::Conflict, Effect::Unknown));
        bench.pass(5);
        assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Applied);
        assert_eq!(bench.effect(op), 1);
    }
}

#[test]
fn a_purge_that_ends_between_two_looks_is_not_missed() {
    let bench = Bench::new();
    bench.act(&bench.root(), &bench.order(Op::Dissolve)).unwrap();
    bench.pass(5);
    let mut order = bench.order(Op::Purge);
    let memo = bench.act(&bench.root(), &order).unwrap();
    bench.pass(5);
    // With the task's id, and with the reply that named it lost.
    for memo in [memo, Value::Null] {
        order.memo = memo;
        // The first look was a moment earlier: the room is there. The task, asked next, is over.
        let body = r#"{"room_id":"!a:sim.test","joined_members":0}"#;
        bench.trouble("GET", Trouble::Instead(200, "application/json", body));
        assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Applied);
    }
}

#[test]
fn a_room_that_never_was_is_not_dissolved() {
    let bench = Bench::new();
    for op in [Op::Dissolve, Op::Purge] {
        let error = bench.act(&bench.root(), &super::order(op, &"!never:sim.test".into())).unwrap_err();
        assert_eq!((error.kind, error.effect), (Kind::NotFound, Effect::NotApplied));
    }
    assert!(!bench.sent().iter().any(|line| line.starts_with("DELETE")));
}

#[test]
fn dissolving_twice_asks_once() {
    let bench = Bench::new();
    bench.act(&bench.root(), &bench.order(Op::Dissolve)).unwrap();
    bench.pass(5);
    bench.act(&bench.root(), &bench.order(Op::Dissolve)).unwrap();
    assert_eq!(bench.effect(Op::Dissolve), 1);
}

#[test]
fn the_own_bot_is_off_when_the_room_is_gone() {
    let bench = Bench::new();
    end(&bench);
    let mut order = bench.order(Op::Unlink);
    order.params.insert("link".to_owned(), "bot:@root:sim.test".into());
    bench.act(&bench.root(), &order).unwrap();
    assert_eq!(bench.read_back(&bench.root(), &order).unwrap().effect, Effect::Applied);
}

#[test]
fn a_404_of_a_proxy_is_not_the_homeservers() {
    let bench = Bench::new();
    for (kind, body) in [("text/html", "<h1>404</h1>"), ("application/json", "{\"message\":\"no route\"}")] {
        bench.trouble("/_synapse/admin/v1/rooms/", Trouble::Instead(404, kind, body));
        let signals = bench.signals(&bench.witness(), None);
        assert!(signals.iter().all(|signal| signal.says != Says::Gone || !signal.proof), "{signals:?}");
        bench.trouble("/_synapse/admin/v1/rooms/", Trouble::Instead(404, kind, body));
        let read = bench.read_back(&bench.witness(), &bench.order(Op::Purge));
        assert!(read.is_err(), "{read:?}");
    }
}

#[test]
fn a_former_member_proves_nothing() {
    let bench = Bench::new();
    bench.act(&bench.root(), &bench.order(Op::Dissolve)).unwrap();
    bench.pass(5);
    let signals = bench.signals(&bench.as_user("syt_bob"), None);
    assert!(signals.iter().any(|signal| signal.says == Says::NotIn));
    assert!(signals.iter().all(|signal| signal.says != Says::Gone), "{signals:?}");
}

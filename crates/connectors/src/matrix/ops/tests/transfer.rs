//! Another owner for a room.

use adjourn_connector_kit::{Kind, Memo, Order};
use adjourn_domain::capability::{Effect, Op};
use serde_json::{Value, json};

use super::{Bench, Who, block_on, order};

/// A room of version 11: bob owns it, carol is in it.
const OLD: &str = "!more1:sim.test";
const BOB: &str = "@bob:sim.test";
const CAROL: &str = "@carol:sim.test";
const ALICE: &str = "@alice:sim.test";

fn from_bob() -> Order {
    let mut order = order(Op::Transfer, &OLD.into());
    order.params.insert("from".to_owned(), json!([BOB]));
    order
}

fn owners(bench: &Bench, room: &str) -> Vec<String> {
    let seen = block_on(bench.connector.get(&bench.cx(&bench.root()), &room.into())).unwrap();
    seen.owners.iter().map(ToString::to_string).collect()
}

fn done(bench: &Bench, who: &Who, order: &Order) -> Memo {
    let memo = bench.act(who, order).unwrap();
    let read = bench.read_back(&bench.witness(), order).unwrap();
    assert_eq!((read.effect, &read.memo), (Effect::Applied, &memo));
    memo
}

fn changes(bench: &Bench) -> Vec<String> {
    bench.sent().into_iter().filter(|line| !line.starts_with("GET")).collect()
}

#[test]
fn an_owner_hands_over_in_one_event() {
    let bench = Bench::new();
    let bob = bench.as_user("syt_bob");
    let order = from_bob();
    assert_eq!(bench.read_back(&bob, &order).unwrap().effect, Effect::NotApplied);
    bench.sent();
    let memo = bench.act(&bob, &order).unwrap();
    assert_eq!(changes(&bench).len(), 1);
    assert_eq!(memo, json!({ "to": CAROL, "keeps": [], "support": "native" }));
    assert_eq!(owners(&bench, OLD), [CAROL]);
    assert_eq!(bench.read_back(&bob, &order).unwrap().effect, Effect::Applied);
    // Whoever gave it away asks for nothing any more, and gets it not back.
    bench.sent();
    bench.act(&bob, &order).unwrap();
    assert_eq!(changes(&bench), Vec::<String>::new());
    let mut back = order.clone();
    back.params = json!({ "to": BOB, "from": [CAROL] }).as_object().cloned().unwrap();
    let error = bench.act(&bob, &back).unwrap_err();
    assert_eq!((error.kind, error.effect), (Kind::Permission, Effect::NotApplied));
}

#[test]
fn without_names_nobody_loses_power() {
    let bench = Bench::new();
    let memo = done(&bench, &bench.as_user("syt_bob"), &order(Op::Transfer, &OLD.into()));
    assert_eq!(memo["keeps"], json!([BOB]));
    assert_eq!(owners(&bench, OLD), [BOB, CAROL]);
}

#[test]
fn a_server_admin_enters_nothing_and_takes_no_equals_power() {
    let bench = Bench::new();
    let memo = done(&bench, &bench.root(), &from_bob());
    assert_eq!(memo, json!({ "to": CAROL, "keeps": [BOB], "support": "native" }));
    let changes = changes(&bench);
    assert!(matches!(changes.as_slice(), [only] if only.ends_with("/make_room_admin")), "{changes:?}");
    let seen = block_on(bench.connector.get(&bench.cx(&bench.root()), &OLD.into())).unwrap();
    assert_eq!((seen.members.len(), seen.details.get("entered")), (2, None));
}

#[test]
fn since_version_12_the_creator_keeps_power_and_that_is_told() {
    let bench = Bench::new();
    let alice = bench.as_user("syt_alice");
    let mut order = bench.order(Op::Transfer);
    order.params.insert("from".to_owned(), json!([ALICE]));
    order.params.insert("support".to_owned(), json!("native"));
    bench.sent();
    let error = bench.act(&alice, &order).unwrap_err();
    assert_eq!((error.kind, error.effect), (Kind::Conflict, Effect::NotApplied));
    assert_eq!(changes(&bench), Vec::<String>::new());
    order.params.insert("support".to_owned(), json!("emulated"));
    let memo = done(&bench, &alice, &order);
    assert_eq!(memo, json!({ "to": CAROL, "keeps": [ALICE], "support": "emulated" }));
    assert_eq!(bench.effect(Op::Transfer), 1);
}

#[test]
fn the_creator_takes_the_new_owners_power_again() {
    let bench = Bench::new();
    let alice = bench.as_user("syt_alice");
    done(&bench, &alice, &bench.order(Op::Transfer));
    let mut back = bench.order(Op::Transfer);
    back.params = json!({ "to": ALICE, "from": [CAROL] }).as_object().cloned().unwrap();
    assert_eq!(done(&bench, &alice, &back), json!({ "to": ALICE, "keeps": [], "support": "native" }));
}

#[test]
fn only_members_become_owners_and_only_user_ids_are_asked_about() {
    let bench = Bench::new();
    for (name, value, asked) in [
        ("to", json!("@dave:sim.test"), true),
        ("to", json!("carol"), false),
        ("to", Value::Null, false),
        ("from", json!(BOB), false),
        ("from", json!(["bob"]), false),
    ] {
        let mut order = from_bob();
        order.params.insert(name.to_owned(), value.clone());
        bench.sent();
        let error = bench.act(&bench.root(), &order).unwrap_err();
        assert_eq!((error.kind, error.effect), (Kind::Invalid, Effect::NotApplied), "{name} {value}");
        let sent = bench.sent();
        assert_eq!(!sent.is_empty(), asked, "{name} {value}");
        assert!(sent.iter().all(|line| line.starts_with("GET")), "{sent:?}");
    }
    assert_eq!(owners(&bench, OLD), [BOB]);
}

#[test]
fn members_without_power_and_rooms_without_owners_are_told_so() {
    let bench = Bench::new();
    let mut to_self = order(Op::Transfer, &OLD.into());
    let error = bench.act(&bench.as_user("syt_carol"), &to_self).unwrap_err();
    assert_eq!((error.kind, error.effect), (Kind::Permission, Effect::NotApplied));
    to_self.group = "!more0:sim.test".into();
    let error = bench.act(&bench.root(), &to_self).unwrap_err();
    assert_eq!((error.kind, error.effect), (Kind::Permission, Effect::NotApplied));
    assert!(error.says.contains("nobody on this server"));
    to_self.group = "!never:sim.test".into();
    let error = bench.act(&bench.root(), &to_self).unwrap_err();
    assert_eq!((error.kind, error.effect), (Kind::NotFound, Effect::NotApplied));
}

#[test]
fn a_freeze_between_changes_nothing_about_it() {
    let bench = Bench::new();
    let freeze = order(Op::Freeze, &OLD.into());
    bench.act(&bench.root(), &freeze).unwrap();
    let memo = done(&bench, &bench.as_user("syt_bob"), &from_bob());
    assert_eq!(memo["keeps"], json!(["@root:sim.test"]));
    let thaw = Order { undo: true, ..freeze };
    bench.act(&bench.root(), &thaw).unwrap();
    assert_eq!(bench.read_back(&bench.witness(), &thaw).unwrap().effect, Effect::Applied);
    assert_eq!(owners(&bench, OLD), [CAROL]);
}

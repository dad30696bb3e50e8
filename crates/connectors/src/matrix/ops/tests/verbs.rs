//! Freeze, announce, unlink, remove media.

use adjourn_connector_kit::Kind;
use adjourn_domain::capability::{Effect, Op};
use serde_json::{Value, json};

use super::{Bench, Trouble, block_on};

fn levels(bench: &Bench) -> Value {
    let records = bench.export(&bench.root(), &bench.seeded.busy).unwrap();
    let last = records.iter().rfind(|record| record.raw["type"] == "m.room.power_levels").unwrap();
    last.raw["content"].clone()
}

#[test]
fn a_freeze_is_done_once_and_taken_back_whole() {
    let bench = Bench::new();
    let before = levels(&bench);
    let mut order = bench.order(Op::Freeze);
    assert_eq!(bench.read_back(&bench.root(), &order).unwrap().effect, Effect::NotApplied);
    order.memo = bench.act(&bench.root(), &order).unwrap();
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Applied);
    bench.act(&bench.root(), &order).unwrap();
    assert_eq!(bench.effect(Op::Freeze), 1);
    let undo = adjourn_connector_kit::Order { undo: true, memo: Value::Null, ..order };
    assert_eq!(bench.read_back(&bench.root(), &undo).unwrap().effect, Effect::NotApplied);
    bench.act(&bench.root(), &undo).unwrap();
    assert_eq!(bench.read_back(&bench.root(), &undo).unwrap().effect, Effect::Applied);
    assert_eq!(levels(&bench), before);
    bench.act(&bench.root(), &undo).unwrap();
    let seen = block_on(bench.connector.get(&bench.cx(&bench.root()), &bench.seeded.busy)).unwrap();
    assert!(!seen.details.contains_key("entered"));
}

#[test]
fn in_an_ownerless_room_nobody_can_be_given_power() {
    let bench = Bench::new();
    let room = "!more0:sim.test".into();
    assert!(block_on(bench.connector.get(&bench.cx(&bench.root()), &room)).unwrap().owners.is_empty());
    for op in [Op::Freeze, Op::Announce] {
        let error = bench.act(&bench.root(), &super::order(op, &room)).unwrap_err();
        assert_eq!((error.kind, error.effect), (Kind::Permission, Effect::NotApplied));
        assert!(error.says.contains("nobody on this server"));
    }
    bench.act(&bench.root(), &super::order(Op::Dissolve, &room)).unwrap();
}

#[test]
fn coming_in_to_act_changes_neither_owners_nor_members() {
    let bench = Bench::new();
    let look = || block_on(bench.connector.get(&bench.cx(&bench.root()), &bench.seeded.busy)).unwrap();
    let before = look();
    bench.act(&bench.root(), &bench.order(Op::Freeze)).unwrap();
    bench.act(&bench.root(), &bench.order(Op::Announce)).unwrap();
    let after = look();
    assert_eq!((before.owners, before.members), (after.owners, after.members));
    assert_eq!(after.details["entered"], "@root:sim.test");
}

#[test]
fn a_living_room_is_not_purged_and_a_text_that_is_too_long_is_not_sent() {
    let bench = Bench::new();
    let error = bench.act(&bench.root(), &bench.order(Op::Purge)).unwrap_err();
    assert_eq!((error.kind, bench.effect(Op::Purge)), (Kind::Conflict, 0));
    let mut order = bench.order(Op::Announce);
    order.params.insert("text".to_owned(), json!("\u{6563}".repeat(4001)));
    bench.sent();
    assert_eq!(bench.act(&bench.root(), &order).unwrap_err().kind, Kind::Invalid);
    assert!(bench.sent().is_empty());
}

#[test]
fn a_frozen_room_is_silent_for_members_and_still_takes_the_announcement() {
    let bench = Bench::new();
    bench.act(&bench.root(), &bench.order(Op::Freeze)).unwrap();
    let error = bench.act(&bench.as_user("syt_bob"), &bench.order(Op::Announce)).unwrap_err();
    assert_eq!((error.kind, error.effect), (Kind::Permission, Effect::NotApplied));
    bench.act(&bench.root(), &bench.order(Op::Announce)).unwrap();
    assert_eq!(bench.effect(Op::Announce), 1);
}

#[test]
fn an_announcement_whose_reply_was_lost_is_posted_once() {
    let bench = Bench::new();
    let mut order = bench.order(Op::Announce);
    assert_eq!(bench.read_back(&bench.root(), &order).unwrap().effect, Effect::NotApplied);
    bench.act(&bench.root(), &bench.order(Op::Freeze)).unwrap();
    bench.trouble("/send/", Trouble::ReplyLost);
    let error = bench.act(&bench.root(), &order).unwrap_err();
    assert_eq!(error.effect, Effect::Unknown);
    let found = bench.read_back(&bench.root(), &order).unwrap();
    assert_eq!(found.effect, Effect::Applied);
    let again = bench.act(&bench.root(), &order).unwrap();
    assert_eq!(again, found.memo);
    assert_eq!(bench.effect(Op::Announce), 1);
    order.memo = again;
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Applied);
    order.params.insert("text".to_owned(), json!("something else"));
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::NotApplied);
}

#[test]
fn every_link_can_be_taken_off() {
    let bench = Bench::new();
    let seen = block_on(bench.connector.get(&bench.cx(&bench.root()), &bench.seeded.busy)).unwrap();
    let count = seen.links.len() as u32;
    for link in seen.links {
        let mut order = bench.order(Op::Unlink);
        order.params.insert("link".to_owned(), json!(link.id.as_str()));
        assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::NotApplied);
        bench.act(&bench.root(), &order).unwrap();
        assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Applied);
        bench.act(&bench.root(), &order).unwrap();
    }
    assert_eq!(bench.effect(Op::Unlink), count);
    let seen = block_on(bench.connector.get(&bench.cx(&bench.root()), &bench.seeded.busy)).unwrap();
    assert!(seen.links.is_empty());
}

#[test]
fn media_goes_by_the_list_that_was_taken_before() {
    let bench = Bench::new();
    let order = bench.order(Op::RemoveMedia);
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::NotApplied);
    assert_eq!(bench.act(&bench.root(), &order).unwrap()["deleted"], 1);
    assert_eq!(bench.read_back(&bench.witness(), &order).unwrap().effect, Effect::Applied);
    assert_eq!(bench.act(&bench.root(), &order).unwrap()["missing"], 1);
    assert_eq!(bench.effect(Op::RemoveMedia), 1);
    let mut forgotten = bench.order(Op::RemoveMedia);
    forgotten.params.clear();
    assert_eq!(bench.act(&bench.root(), &forgotten).unwrap_err().kind, Kind::Invalid);
}

#[test]
fn nobody_without_rights_changes_anything() {
    let bench = Bench::new();
    let who = bench.as_user("syt_dave");
    for op in [Op::Freeze, Op::Announce, Op::Transfer, Op::Dissolve, Op::Purge, Op::RemoveMedia] {
        let error = bench.act(&who, &bench.order(op)).unwrap_err();
        assert_eq!((error.kind, error.effect), (Kind::Permission, Effect::NotApplied), "{op:?}");
        assert_eq!(bench.effect(op), 0);
    }
}

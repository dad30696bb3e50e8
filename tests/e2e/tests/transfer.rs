//! Another owner for a room of a real homeserver: the connector asks, the server's own database answers.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests and their helpers")]

mod desk;

use std::collections::BTreeSet;

use adjourn_connector_kit::connector::Memo;
use adjourn_connector_kit::{Kind, Order};
use adjourn_domain::capability::{Effect, Op};
use adjourn_e2e::{Action, Lie, LyingProxy, Room};
use serde_json::{Value, json};

use desk::Desk;

impl Desk {
    fn found(&self, who: &str, order: &Order) -> (Effect, Memo) {
        let read = self.read_back(who, order);
        (read.effect, read.memo)
    }

    fn owners(&self, room: &str) -> Vec<String> {
        self.get("witness", room).owners.iter().map(ToString::to_string).collect()
    }

    fn id(&self, user: &str) -> String {
        self.synapse.user_id(user).to_owned()
    }

    /// `to` and `from` are seeded users.
    fn order(&self, room: &str, to: &str, from: &[&str]) -> Order {
        let from: Vec<String> = from.iter().map(|user| self.id(user)).collect();
        let params = json!({ "to": self.id(to), "from": from });
        Order {
            op: Op::Transfer,
            group: room.into(),
            key: "g-1:01-transfer".to_owned(),
            undo: false,
            params: params.as_object().cloned().expect("an object"),
            memo: Value::Null,
        }
    }

    /// The levels of users, as the server's database has them.
    fn levels(&self, room: &str) -> Value {
        let sql =
            "SELECT event_id FROM current_state_events WHERE room_id = ?1 AND type = 'm.room.power_levels'";
        let id = self.synapse.rows(sql, &[room]).concat().concat();
        self.synapse.event_json(&id).expect("the levels are stored")["content"]["users"].clone()
    }

    fn members(&self, room: &str) -> BTreeSet<String> {
        let sql = "SELECT state_key FROM current_state_events WHERE room_id = ?1 AND type = 'm.room.member' \
                   AND membership = 'join'";
        self.synapse.rows(sql, &[room]).into_iter().flatten().collect()
    }

    fn events(&self, room: &str, kind: &str) -> u64 {
        self.synapse.count_by_type(room).get(kind).copied().unwrap_or(0)
    }

    fn refused(&self, who: &str, order: &Order, kind: Kind) {
        let room = order.group.as_str();
        let before = self.synapse.event_ids(room);
        let error = self.act(who, order).expect_err("a refusal");
        assert_eq!((error.kind, error.effect), (kind, Effect::NotApplied), "{error}");
        assert_eq!(self.synapse.event_ids(room), before, "a refusal left something in the room");
    }
}

const LEVELS: &str = "m.room.power_levels";
const MEMBER: &str = "m.room.member";

#[test]
fn in_an_old_room_the_owner_hands_everything_over() {
    let desk = Desk::new();
    let room = desk.synapse.room("legacy").to_owned();
    let (bob, carol) = (desk.id("bob"), desk.id("carol"));
    assert_eq!(desk.levels(&room), json!({ &bob: 100, &carol: 50 }));
    let order = desk.order(&room, "carol", &["bob"]);
    assert_eq!(desk.found("witness", &order).0, Effect::NotApplied);

    // Whoever may not, and whoever can't be made an owner.
    desk.refused("alice", &order, Kind::Permission);
    desk.refused("dave", &order, Kind::Permission);
    desk.refused("bob", &desk.order(&room, "dave", &["bob"]), Kind::Invalid);
    desk.refused("root", &desk.order(&room, "root", &["bob"]), Kind::Invalid);
    desk.refused("root", &desk.order("!never:peers.test", "carol", &[]), Kind::NotFound);

    let (before, members) = (desk.events(&room, LEVELS), desk.members(&room));
    let memo = desk.act("bob", &order).expect("the owner may");
    assert_eq!(memo, json!({ "to": carol, "keeps": [], "support": "native" }));
    assert_eq!(desk.levels(&room), json!({ &carol: 100 }));
    assert_eq!((desk.events(&room, LEVELS), desk.members(&room)), (before + 1, members));
    assert_eq!(desk.found("witness", &order), (Effect::Applied, memo));
    assert_eq!(desk.found("bob", &order).0, Effect::Applied);
    assert_eq!(desk.owners(&room), [carol.as_str()]);

    // Twice is once, and there is no way back for the old owner.
    desk.act("bob", &order).expect("nothing is asked for any more");
    assert_eq!(desk.events(&room, LEVELS), before + 1);
    desk.refused("bob", &desk.order(&room, "bob", &["carol"]), Kind::Permission);
    desk.act("carol", &desk.order(&room, "bob", &["carol"])).expect("the new owner may");
    assert_eq!(desk.levels(&room), json!({ &bob: 100 }));
}

#[test]
fn a_server_admin_passes_ownership_on_without_entering() {
    let desk = Desk::new();
    let room = Room::make(&desk.synapse, "alice", "pass-on").id;
    let (alice, carol) = (desk.id("alice"), desk.id("carol"));
    let (joins, members) = (desk.events(&room, MEMBER), desk.members(&room));
    let order = desk.order(&room, "carol", &["alice"]);
    let memo = desk.act("root", &order).expect("a server admin may");
    // An equal's power can't be taken away, and that is said.
    assert_eq!(memo, json!({ "to": carol, "keeps": [alice], "support": "native" }));
    assert_eq!(desk.levels(&room), json!({ &alice: 100, &carol: 100 }));
    assert_eq!((desk.events(&room, MEMBER), desk.members(&room)), (joins, members), "somebody came or went");
    assert_eq!(desk.found("witness", &order), (Effect::Applied, memo));
    assert_eq!(desk.owners(&room), [alice.as_str(), carol.as_str()]);

    // Where nobody owns the room there is nothing to pass on.
    let orphan = desk.synapse.room("orphan").to_owned();
    desk.refused("root", &desk.order(&orphan, "bob", &[]), Kind::Permission);
}

#[test]
fn in_a_room_of_version_12_the_creator_keeps_power() {
    let desk = Desk::new();
    let room = desk.synapse.room("project").to_owned();
    let (alice, bob, carol) = (desk.id("alice"), desk.id("bob"), desk.id("carol"));
    let was = desk.levels(&room);
    let mut order = desk.order(&room, "carol", &["alice"]);
    order.params.insert("support".to_owned(), json!("native"));
    desk.refused("alice", &order, Kind::Conflict);
    order.params.insert("support".to_owned(), json!("emulated"));
    let members = desk.members(&room);
    let memo = desk.act("root", &order).expect("a server admin may");
    assert_eq!(memo, json!({ "to": carol, "keeps": [alice], "support": "emulated" }));
    assert_eq!(desk.levels(&room)[&carol], 100);
    assert_eq!(desk.members(&room), members);
    assert_eq!(desk.found("witness", &order), (Effect::Applied, memo));

    // The creator goes on deciding: another owner instead of the new one, in one event.
    let before = desk.events(&room, LEVELS);
    let memo = desk.act("alice", &desk.order(&room, "bob", &["carol"])).expect("the creator may");
    assert_eq!(memo, json!({ "to": bob, "keeps": [alice], "support": "emulated" }));
    assert_eq!((&desk.levels(&room)[&bob], desk.levels(&room).get(&carol)), (&json!(100), None));
    assert_eq!(desk.events(&room, LEVELS), before + 1);
    // And back to the creator alone: nothing is left of it.
    let memo = desk.act("alice", &desk.order(&room, "alice", &["bob"])).expect("the creator may");
    assert_eq!(memo, json!({ "to": alice, "keeps": [], "support": "native" }));
    assert_eq!(desk.levels(&room), was);
}

#[test]
fn a_lost_reply_is_unknown_and_the_state_tells() {
    let desk = Desk::new();
    let room = Room::make(&desk.synapse, "alice", "lost-owner").id;
    for (who, method, path) in [("alice", "PUT", LEVELS), ("root", "POST", "/make_room_admin")] {
        let order = desk.order(&room, if who == "alice" { "bob" } else { "carol" }, &[]);
        let before = desk.events(&room, LEVELS);
        for (action, happened) in [(Action::DropRequest, 0), (Action::DropReply, 1)] {
            let proxy = LyingProxy::start(&desk.synapse.url(), vec![Lie::nth(1, method, path, action)]);
            let lied_to = Desk::new().through(proxy.url());
            let error = lied_to.act(who, &order).expect_err("a lost reply");
            assert_eq!((error.kind, error.effect), (Kind::Network, Effect::Unknown));
            assert_eq!(desk.events(&room, LEVELS), before + happened);
            let read = if happened == 0 { Effect::NotApplied } else { Effect::Applied };
            assert_eq!(desk.found("witness", &order).0, read);
        }
    }
}

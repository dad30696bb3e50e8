//! New rooms on a real homeserver: made once under their key, found again after a lost reply, owned by whoever was named.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests and their helpers")]

mod desk;

use adjourn_connector_kit::{Kind, Order};
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::group::Snapshot;
use adjourn_e2e::{Action, Lie, LyingProxy};
use serde_json::{Value, json};

use desk::Desk;

impl Desk {
    fn room(&self, room: &str) -> Snapshot {
        self.get("root", room)
    }

    fn order(&self, key: &str, owner: Option<&str>) -> Order {
        let mut params =
            json!({ "name": format!("Audit {key}"), "members": [self.synapse.user_id("carol")] });
        if let Some(owner) = owner {
            params["owner"] = json!(self.synapse.user_id(owner));
        }
        Order {
            op: Op::Create,
            group: "".into(),
            key: format!("{key}:create"),
            undo: false,
            params: params.as_object().cloned().expect("an object"),
            memo: Value::Null,
        }
    }

    /// Rooms of this name, as the server's database has them.
    fn rooms(&self, order: &Order) -> Vec<String> {
        let sql = "SELECT room_id FROM room_stats_state WHERE name = ?1";
        let name = order.params["name"].as_str().expect("a name");
        self.synapse.rows(sql, &[name]).concat()
    }
}

#[test]
fn req_g1_a_room_is_made_once_and_belongs_to_whoever_was_named() {
    let desk = Desk::new();
    let mut order = desk.order("n-e2e-owner", Some("bob"));
    assert_eq!(desk.read_back("alice", &order).effect, Effect::NotApplied);
    let memo = desk.act("alice", &order).expect("an account of the server may");
    let room = memo["group"].as_str().expect("a room").to_owned();
    let (alice, bob) = (desk.synapse.user_id("alice").to_owned(), desk.synapse.user_id("bob").to_owned());
    let seen = desk.room(&room);
    assert_eq!(
        (seen.name.as_deref(), seen.details["room_version"].as_str()),
        (Some("Audit n-e2e-owner"), "11")
    );
    // Whoever was invited owns it from the moment of joining.
    assert_eq!(seen.owners, [alice.as_str().into()]);
    let joined = desk.synapse.as_user("bob").join(&room);
    assert_eq!(joined.status, 200);
    assert_eq!(desk.room(&room).owners, [alice.as_str().into(), bob.as_str().into()]);

    // By the id and by the key it is the same room, and the key makes no other one.
    assert_eq!(desk.read_back("alice", &order).memo, memo);
    order.memo = memo.clone();
    assert_eq!(desk.read_back("alice", &order).memo, memo);
    let again = desk.act("alice", &order).expect_err("the alias is taken");
    assert_eq!((again.kind, again.effect), (Kind::Conflict, Effect::NotApplied), "{again}");
}

#[test]
fn req_g1_a_lost_reply_is_found_in_the_directory() {
    for (key, action, there) in
        [("n-e2e-request", Action::DropRequest, false), ("n-e2e-reply", Action::DropReply, true)]
    {
        let desk = Desk::new();
        let proxy = LyingProxy::start(&desk.synapse.url(), vec![Lie::nth(1, "POST", "/createRoom", action)]);
        let order = desk.order(key, None);
        let lied_to = Desk::new().through(proxy.url());
        let error = lied_to.act("alice", &order).expect_err("a lost reply");
        assert_eq!((error.kind, error.effect), (Kind::Network, Effect::Unknown));
        let read = desk.read_back("alice", &order);
        assert_eq!(read.effect == Effect::Applied, there, "{key}");
        if there {
            assert_eq!(desk.room(read.memo["group"].as_str().expect("a room")).owners.len(), 1);
        } else {
            desk.act("alice", &order).expect("nothing was made");
            assert_eq!(desk.read_back("alice", &order).effect, Effect::Applied);
        }
        assert!(desk.rooms(&order).len() <= 1, "{key}: {:?}", desk.rooms(&order));
    }
}

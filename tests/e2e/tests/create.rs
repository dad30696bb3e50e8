//! New rooms on a real homeserver: made once under their key, found again after a lost reply, owned by whoever was named.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "tests and their helpers")]

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_connector_kit::connector::Memo;
use adjourn_connector_kit::{Connector, ConnectorError, Context, Kind, Order, Secret, Tokens};
use adjourn_connectors::matrix;
use adjourn_domain::call::ReadBack;
use adjourn_domain::capability::{Effect, Op};
use adjourn_domain::group::Snapshot;
use adjourn_domain::ids::{ConnectionId, IdentityId};
use adjourn_domain::time::Time;
use adjourn_e2e::{Action, Lie, LyingProxy, Synapse, shared};
use adjourn_transport::{HttpOptions, HttpTransport, Retry};
use serde_json::{Value, json};

/// The connector in front of the server, over the product's own transport.
struct Desk {
    synapse: Arc<Synapse>,
    url: String,
    connector: Box<dyn Connector>,
    runtime: tokio::runtime::Runtime,
}

impl Desk {
    fn new() -> Self {
        let synapse = shared();
        let url = synapse.url();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
        Self { synapse, url, connector: matrix::connector(), runtime }
    }

    /// The same through something that stands in front of the server.
    fn through(self, url: String) -> Self {
        Self { url, ..self }
    }

    fn ask<T>(&self, who: &str, question: impl AsyncFnOnce(&Context<'_>, &dyn Connector) -> T) -> T {
        let http = HttpTransport::new(&self.url, &HttpOptions::default()).expect("a loopback URL");
        let settings = BTreeMap::from([("url".to_owned(), self.url.clone())]);
        let secrets = BTreeMap::from([("token".to_owned(), Secret::new(self.synapse.token(who)))]);
        let (connection, identity) = (ConnectionId::from("hs"), IdentityId::from(who));
        let cx = Context {
            transport: &Retry(http),
            now: Time::parse("2026-11-28T08:00:00Z").expect("a time"),
            connection: &connection,
            identity: &identity,
            witness: false,
            settings: &settings,
            secrets: &secrets,
            tokens: &Tokens::forgetful(),
            heard: &[],
        };
        self.runtime.block_on(question(&cx, self.connector.as_ref()))
    }

    fn act(&self, who: &str, order: &Order) -> Result<Memo, ConnectorError> {
        self.ask(who, async |cx, connector| {
            connector.verb(Op::Create).expect("the verb").act(cx, order).await
        })
    }

    fn read_back(&self, who: &str, order: &Order) -> ReadBack {
        let read = self.ask(who, async |cx, connector| {
            connector.verb(Op::Create).expect("the verb").read_back(cx, order).await
        });
        read.expect("the directory can be read")
    }

    fn get(&self, room: &str) -> Snapshot {
        let seen = self.ask("root", async |cx, connector| connector.get(cx, &room.into()).await);
        seen.expect("the room can be read")
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
    let seen = desk.get(&room);
    assert_eq!(
        (seen.name.as_deref(), seen.details["room_version"].as_str()),
        (Some("Audit n-e2e-owner"), "11")
    );
    // Whoever was invited owns it from the moment of joining.
    assert_eq!(seen.owners, [alice.as_str().into()]);
    let joined = desk.synapse.as_user("bob").join(&room);
    assert_eq!(joined.status, 200);
    assert_eq!(desk.get(&room).owners, [alice.as_str().into(), bob.as_str().into()]);

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
            assert_eq!(desk.get(read.memo["group"].as_str().expect("a room")).owners.len(), 1);
        } else {
            desk.act("alice", &order).expect("nothing was made");
            assert_eq!(desk.read_back("alice", &order).effect, Effect::Applied);
        }
        assert!(desk.rooms(&order).len() <= 1, "{key}: {:?}", desk.rooms(&order));
    }
}

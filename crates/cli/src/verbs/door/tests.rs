//! The whole installation over a simulated QQ on a socket: what is pushed at the door reaches the verifier.

use std::collections::BTreeMap;
use std::sync::Arc;

use adjourn_adapters::clock::SystemClock;
use adjourn_adapters::rng::SystemRng;
use adjourn_adapters::signer::KeySigner;
use adjourn_app::ports::Clock as _;
use adjourn_domain::event::{Connection, GroupEvent, IdentitySpec};
use adjourn_domain::ids::{GroupId, NativeId};
use adjourn_domain::verdict::{Says, Signal};
use adjourn_i18n::Lang;
use adjourn_sim::{PacedClock, Server, share};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::compose::{self, Places};
use crate::config::Config;
use crate::out::Out;

const OUT: Out = Out { json: true, lang: Lang::En };
/// The group that ends, the account that owns it, and one that is in it.
const GROUP: &str = "900100001";
/// The end of the group as NapCat tells a member, and its signature under `qq-events`, both made elsewhere.
const END: &str = r#"{"time":1795420800,"self_id":800100003,"post_type":"notice","notice_type":"group_decrease","sub_type":"disband","group_id":900100001,"operator_id":800100001,"user_id":0}"#;
const SIGNED: &str = "770d69086d46aa26ca92631afffe5f606d6a0d0f";
/// The end of a group that nobody registered.
const OTHER: &str = r#"{"time":1795420800,"self_id":800100003,"post_type":"notice","notice_type":"group_decrease","sub_type":"disband","group_id":999,"operator_id":800100001,"user_id":0}"#;
const OTHER_SIGNED: &str = "1dc38a36af1fa88106c1a715f7f7a0567b8829e3";

/// Status and body of a `POST`.
async fn post(address: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    let status = reply.split(' ').nth(1).unwrap().parse().unwrap();
    (status, reply.split_once("\r\n\r\n").unwrap().1.to_owned())
}

struct Place {
    app: App,
    connection: Connection,
    qq: String,
    door: String,
    _dir: tempfile::TempDir,
}

impl Place {
    /// A simulated QQ on a socket, an installation that is connected to it, and its door.
    async fn new() -> Self {
        let seeded = (adjourn_connectors::find("qq").unwrap().seeded)();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let qq = listener.local_addr().unwrap().to_string();
        let clock = PacedClock::new(Arc::new(|| SystemClock.now()), None, 1);
        tokio::spawn(Server::new(share(seeded.simulator), clock).run(listener, std::future::pending()));

        let dir = tempfile::tempdir().unwrap();
        let places = Places {
            data: dir.path().join("data"),
            keys: dir.path().join("keys"),
            bundles: dir.path().join("bundles"),
        };
        let app = compose::app(&places, &Config::default(), OUT).unwrap();
        let admin = KeySigner::generate(&SystemRng);
        app.add_principal("admin", "admin", &admin, None).await.unwrap();
        let mut settings = seeded.settings;
        settings.insert("url".to_owned(), format!("http://{qq}"));
        let identity = |id: &str, witness| IdentitySpec { id: id.into(), witness };
        let connection = Connection {
            id: "bots".into(),
            platform: "qq".into(),
            settings,
            identities: vec![identity("main", false), identity("second", true)],
            class: "important".to_owned(),
            drill: false,
        };
        let secrets = [("main", "qq-owner"), ("second", "qq-witness")].map(|(id, token)| {
            let pairs = [("token", token), ("event_secret", "qq-events")];
            (id.into(), pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
        });
        app.add_connection(connection.clone(), &BTreeMap::from(secrets), Some(&admin)).await.unwrap();
        app.scan(&connection.id).await.unwrap();

        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let door = listener.local_addr().unwrap().to_string();
        let answers = router(app.clone(), Arc::default());
        tokio::spawn(async move { axum::serve(listener, answers).await });
        Self { app, connection, qq, door, _dir: dir }
    }

    async fn push(&self, identity: &str, signature: &str, body: &str) -> (u16, String) {
        let path = format!("/events/bots/{identity}");
        post(&self.door, &path, &format!("x-signature: sha1={signature}\r\n"), body).await
    }

    fn group(&self) -> GroupId {
        self.app.journal.keys.group_id("bots", &NativeId::from(GROUP)).unwrap()
    }

    /// What identities heard of the group, as its stream has it.
    async fn heard(&self) -> Vec<(String, String)> {
        let events = self.app.journal.group_events(&self.group()).await.unwrap();
        let heard = events.into_iter().filter_map(|(_, event)| match event {
            GroupEvent::Heard { identity, heard } => Some((identity.to_string(), heard.upstream)),
            _ => None,
        });
        heard.collect()
    }

    /// What the identity's events say in a look at the group.
    async fn disband(&self, identity: &str) -> Signal {
        let signals = self.app.platforms.probe(&self.connection, &NativeId::from(GROUP), None).await;
        let fits =
            |signal: &Signal| signal.question == "event.disband" && signal.identity.as_str() == identity;
        signals.into_iter().find(fits).unwrap()
    }
}

#[tokio::test]
async fn what_is_signed_reaches_the_verifier_and_what_is_forged_leaves_nothing() {
    let place = Place::new().await;
    let end = r#"{"group_id":900100001,"is_dismiss":true}"#;
    let headers = "authorization: Bearer qq-owner\r\ncontent-type: application/json\r\n";
    let (status, said) = post(&place.qq, "/set_group_leave", headers, end).await;
    assert_eq!(status, 200, "{said}");
    assert!(said.contains("\"ok\""), "{said}");
    let before = place.disband("second").await;
    assert_eq!((before.says, before.proof), (Says::Nothing, false));

    for forged in [&SIGNED.replace('7', "8"), OTHER_SIGNED, ""] {
        let (status, said) = place.push("second", forged, END).await;
        assert_eq!((status, said.contains("event.forged")), (401, true), "{said}");
    }
    assert_eq!(place.heard().await, []);
    assert_eq!(place.disband("second").await, before);

    assert_eq!(place.push("second", SIGNED, END).await, (204, String::new()));
    assert_eq!(place.push("second", SIGNED, END).await.0, 204, "delivered again");
    assert_eq!(place.heard().await, [("second".to_owned(), "group_decrease.disband".to_owned())]);
    let after = place.disband("second").await;
    assert_eq!((after.says, after.proof), (Says::Gone, true), "{after:?}");
    assert_eq!(place.disband("main").await.says, Says::Nothing, "another identity was told nothing");

    // A fresh process has it from the journal.
    let again = place.app.journal.group(&place.group()).await.unwrap();
    assert_eq!(again.heard.len(), 1);
}

#[tokio::test]
async fn nobody_listens_for_what_is_not_registered_and_nothing_endless_is_read() {
    let place = Place::new().await;
    assert_eq!(place.push("second", OTHER_SIGNED, OTHER).await.0, 204);
    let unknown = place.app.journal.keys.group_id("bots", &NativeId::from("999")).unwrap();
    assert_eq!(place.app.journal.group(&unknown).await.unwrap().version, 0);

    let (status, said) = place.push("third", SIGNED, END).await;
    assert_eq!((status, said.contains("config.missing")), (404, true), "{said}");
    let (status, said) = post(&place.door, "/events/none/second", "", END).await;
    assert_eq!((status, said.contains("connection.unknown")), (404, true), "{said}");

    // QQ asks no endpoint who it is.
    let asked = Delivery { method: "GET".to_owned(), target: "/".to_owned(), ..Delivery::default() };
    let refused = place.app.greeted(&place.connection.id, &"second".into(), &asked).await.unwrap_err();
    assert_eq!(refused.code(), "capability.unsupported");
    let body = |size: usize| delivery(Request::new(Body::from(vec![b' '; size])));
    assert_eq!(body(MAX_BODY).await.unwrap().body.len(), MAX_BODY);
    assert!(body(MAX_BODY + 1).await.is_err());
}

//! The readers on replies of a real homeserver, and the simulator's replies against them.

use std::collections::BTreeSet;

use adjourn_connector_kit::{Kind, Retry};
use adjourn_domain::capability::Effect;
use adjourn_domain::group::{LinkKind, Standing};
use adjourn_domain::message::RecordKind;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::errors::{self, Asks};
use super::delete::{Accepted, Task, Tasks};
use super::events::{MessagesPage, record};
use super::power;
use super::requests;
use super::rooms::{RoomBlock, RoomDetails, RoomMembers, RoomsPage, Sent, ServerVersion, Versions, Whoami};
use super::state::{AdminState, RoomState};

macro_rules! fixture {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../fixtures/", $name, ".json"))).unwrap()
    };
}

fn body<T: DeserializeOwned>(recording: &Value) -> T {
    serde_json::from_value(recording["response"]["body"].clone()).unwrap()
}

fn reply(recording: &Value) -> adjourn_connector_kit::Reply {
    let status = u16::try_from(recording["response"]["status"].as_u64().unwrap()).unwrap();
    let mut reply = http::Response::builder().status(status);
    for (name, value) in recording["response"]["headers"].as_object().unwrap() {
        reply = reply.header(name, value.as_str().unwrap());
    }
    reply.body(recording["response"]["body"].to_string().into()).unwrap()
}

fn error(recording: &Value, asks: Asks) -> (Kind, Effect, String) {
    let error = errors::of_reply(&reply(recording), asks);
    (error.kind, error.effect, error.upstream)
}

#[test]
fn who_and_what_the_server_is() {
    assert_eq!(body::<Whoami>(&fixture!("whoami")).user_id, "@root:peers.test");
    assert!(body::<ServerVersion>(&fixture!("server_version")).server_version.starts_with("1.163"));
    assert!(body::<Versions>(&fixture!("versions")).latest().unwrap().starts_with("Matrix r0"));
}

#[test]
fn rooms_and_their_end() {
    let first: RoomsPage = body(&fixture!("rooms_list"));
    assert_eq!((first.rooms.len(), first.next_batch), (3, Some(3)));
    assert_eq!(body::<RoomsPage>(&fixture!("rooms_list_last")).next_batch, None);
    let open: RoomDetails = body(&fixture!("room_details"));
    assert_eq!((open.joined_members, open.canonical_alias.as_deref()), (4, Some("#project-y:peers.test")));
    assert_eq!(body::<RoomDetails>(&fixture!("room_closed")).joined_members, 0);
    assert_eq!(body::<RoomMembers>(&fixture!("room_members")).members.len(), 4);
    assert!(!body::<RoomBlock>(&fixture!("room_block_before")).block);
    assert!(body::<RoomBlock>(&fixture!("gone_block")).block);
    assert!(body::<Accepted>(&fixture!("delete_close")).delete_id.len() > 8);
    assert!(body::<Task>(&fixture!("delete_status_active")).is_open());
    let done: Task = body(&fixture!("delete_status_complete"));
    assert!(!done.is_open());
    assert_eq!(done.memo()["failed_to_kick_users"], json!([]));
    assert_eq!(body::<Tasks>(&fixture!("delete_status_by_room")).results.len(), 2);
}

#[test]
fn the_state_of_a_version_12_room() {
    let state: RoomState = body::<AdminState>(&fixture!("room_state_full")).state.into();
    assert_eq!(state.version(), "12");
    let members = state.members(&BTreeSet::new());
    let owner = members.iter().find(|member| member.standing == Standing::Owner).unwrap();
    assert_eq!((owner.id.as_str(), owner.name.as_str()), ("@alice:peers.test", "\u{6797}\u{77e5}\u{590f}"));
    assert!(members.iter().any(|member| member.id.as_str() == "@helper-bot:peers.test" && member.bot));
    let kinds: Vec<LinkKind> = state.links().into_iter().map(|link| link.kind).collect();
    assert_eq!(kinds, [LinkKind::Bridge, LinkKind::Bridge, LinkKind::App]);
    assert_eq!(state.details()["history_visibility"], "shared");
}

#[test]
fn owners_of_older_rooms_stand_in_the_power_levels() {
    use Standing::{Admin, Member, Owner};

    let event = |kind: &str, key: &str, sender: &str, content: Value| json!({ "type": kind, "state_key": key, "sender": sender, "content": content });
    let with = |version: &str, levels: Option<Value>| {
        let mut events = vec![event("m.room.create", "", "@a:x", json!({ "room_version": version }))];
        for user in ["@a:x", "@b:x"] {
            events.push(event("m.room.member", user, user, json!({ "membership": "join" })));
        }
        events.extend(levels.map(|levels| event("m.room.power_levels", "", "@a:x", levels)));
        let state: RoomState = serde_json::from_value::<Vec<_>>(Value::Array(events)).unwrap().into();
        let members = state.members(&BTreeSet::new());
        members.into_iter().map(|member| member.standing).collect::<Vec<_>>()
    };
    assert_eq!(with("10", None), [Owner, Member]);
    assert_eq!(with("10", Some(json!({ "users": { "@b:x": 100 } }))), [Member, Owner]);
    assert_eq!(with("1", Some(json!({ "users": { "@a:x": "100", "@b:x": "50" } }))), [Owner, Admin]);
    assert_eq!(with("12", Some(json!({ "users": { "@b:x": 100 } }))), [Owner, Owner]);
    assert_eq!(with("12", Some(json!({ "users": {} }))), [Owner, Member]);
}

#[test]
fn pages_of_history() {
    let first: MessagesPage = body(&fixture!("messages_first"));
    assert!(first.end.is_some());
    for event in &first.chunk {
        let record = record(event).unwrap();
        assert_eq!(record.kind, RecordKind::System);
        assert!(record.raw.get("age").is_none() && record.raw.get("unsigned").is_none());
    }
    let last: MessagesPage = body(&fixture!("messages_last"));
    assert_eq!((last.chunk.len(), last.end), (0, None));
    let gone: MessagesPage = body(&fixture!("gone_messages"));
    assert_eq!((gone.chunk.len(), gone.end), (0, None));
}

#[test]
fn records_of_every_kind() {
    let of = |kind: &str, content: Value| {
        let event = json!({ "event_id": "$e", "type": kind, "sender": "@a:x", "origin_server_ts": 1, "content": content });
        record(&event).unwrap()
    };
    let file = of(
        "m.room.message",
        json!({ "msgtype": "m.image", "body": "a.png", "file": { "url": "mxc://x/a" }, "info": { "size": 3, "mimetype": "image/png" } }),
    );
    assert_eq!(file.attachments[0].id.as_str(), "mxc://x/a");
    assert_eq!(of("m.room.encrypted", json!({ "ciphertext": "AwgA" })).kind, RecordKind::Undecryptable);
    assert_eq!(of("m.room.message", json!({})).text, None);
    assert_eq!(of("org.example.poll", json!({ "body": "?" })).kind, RecordKind::Other);
    let old = json!({ "event_id": "$r", "type": "m.room.redaction", "sender": "@a:x", "origin_server_ts": 1, "content": {}, "redacts": "$e" });
    assert_eq!(record(&old).unwrap().target.unwrap().as_str(), "$e");
    assert!(record(&json!({ "event_id": "$x" })).is_none());
}

#[test]
fn a_freeze_closes_every_way_to_speak_and_goes_back() {
    let before: Value = body(&fixture!("power_levels"));
    assert!(!power::is_frozen(&before));
    let frozen = power::frozen(&before, None);
    assert!(power::is_frozen(&frozen));
    assert_eq!(power::thawed(&frozen, power::mark(&frozen).unwrap()), before);
    let side_door = json!({ "events_default": 100, "events": { "m.room.message": 0 } });
    assert!(!power::is_frozen(&side_door));
    let frozen = power::frozen(&side_door, None);
    assert!(power::is_frozen(&frozen));
    assert_eq!(power::thawed(&frozen, power::mark(&frozen).unwrap()), side_door);
    assert!(power::is_frozen(&fixture!("freeze")["request"]["body"]));
}

#[test]
fn messages_and_media() {
    assert!(body::<Sent>(&fixture!("send")).event_id.starts_with('$'));
    assert_eq!(body::<Sent>(&fixture!("send")).event_id, body::<Sent>(&fixture!("send_same_key")).event_id);
    let (kind, _, upstream) = error(&fixture!("gone_media"), Asks::Read);
    assert_eq!((kind, upstream.as_str()), (Kind::NotFound, "404 M_NOT_FOUND"));
}

#[test]
fn every_refusal_that_was_recorded() {
    let of = |recording: &Value| error(recording, Asks::Change);
    let no = |kind: Kind, code: &str| (kind, Effect::NotApplied, code.to_owned());
    assert_eq!(of(&fixture!("error_not_admin")), no(Kind::Permission, "403 M_FORBIDDEN"));
    assert_eq!(of(&fixture!("error_unknown_token")), no(Kind::Auth, "401 M_UNKNOWN_TOKEN"));
    assert_eq!(of(&fixture!("error_missing_token")), no(Kind::Auth, "401 M_MISSING_TOKEN"));
    assert_eq!(of(&fixture!("error_room_not_found")), no(Kind::NotFound, "404 M_NOT_FOUND"));
    assert_eq!(of(&fixture!("error_no_delete_task")), no(Kind::NotFound, "404 M_NOT_FOUND"));
    assert_eq!(of(&fixture!("error_unrecognized")), no(Kind::Unsupported, "404 M_UNRECOGNIZED"));
    assert_eq!(of(&fixture!("error_not_json")), no(Kind::Invalid, "400 M_BAD_JSON"));
    assert_eq!(of(&fixture!("error_send_frozen")), no(Kind::Permission, "403 M_FORBIDDEN"));
    assert_eq!(of(&fixture!("gone_join")), no(Kind::Conflict, "403 M_UNKNOWN"));
    let busy = errors::of_reply(&reply(&fixture!("error_limit_exceeded")), Asks::Change);
    assert_eq!((busy.kind, busy.retry), (Kind::RateLimited, Retry::After(5)));
    for recording in [fixture!("error_send_frozen"), fixture!("error_send_not_in_room")] {
        assert!(!errors::of_reply(&reply(&recording), Asks::Change).says.contains('@'));
    }
}

#[test]
fn refusals_from_the_documents() {
    use Asks::{Change, Read};
    use Effect::{NotApplied, Unknown};

    let of = |status: u16, kind: &str, text: &str, asks: Asks| {
        let reply = http::Response::builder().status(status).header("content-type", kind);
        let error = errors::of_reply(&reply.body(text.to_owned().into()).unwrap(), asks);
        (error.kind, error.effect, error.retry)
    };
    let json = "application/json";
    let soft = r#"{"errcode":"M_UNKNOWN_TOKEN","error":"x","soft_logout":true}"#;
    assert_eq!(of(401, json, soft, Read).0, Kind::Expired);
    let purging = r#"{"errcode":"M_UNKNOWN","error":"Purge already in progress for !a:x"}"#;
    assert_eq!(of(400, json, purging, Change), (Kind::Conflict, Unknown, Retry::Backoff));
    let limited = r#"{"errcode":"M_LIMIT_EXCEEDED","error":"x","retry_after_ms":1500}"#;
    assert_eq!(of(429, json, limited, Change), (Kind::RateLimited, NotApplied, Retry::After(2)));
    assert_eq!(of(429, json, r#"{"errcode":"M_LIMIT_EXCEEDED"}"#, Read).2, Retry::Backoff);
    assert_eq!(of(500, json, r#"{"errcode":"M_UNKNOWN","error":"Internal"}"#, Change).1, Unknown);
    assert_eq!(of(502, "text/html", "<html>", Change), (Kind::Upstream, Unknown, Retry::Backoff));
    assert_eq!(of(502, "text/html", "<html>", Read).1, NotApplied);
    assert_eq!(of(404, "text/html", "<html>", Change), (Kind::Url, Unknown, Retry::Never));
    assert_eq!(of(404, json, r#"{"message":"no route"}"#, Read).0, Kind::Url);
    // An errcode under the wrong status is no word about what is there.
    assert_ne!(of(200, json, r#"{"errcode":"M_NOT_FOUND"}"#, Read).0, Kind::NotFound);
    assert_ne!(of(400, json, r#"{"errcode":"M_NOT_FOUND"}"#, Read).0, Kind::NotFound);
}

#[test]
fn requests_are_what_was_recorded() {
    let base = url::Url::parse("https://peers.test/").unwrap();
    let room = "!pgvwdel4j8nuVM3MlweG4AX27A4dl3rdL3SXtOPrE_s";
    for (recording, call) in [
        (fixture!("room_details"), requests::room(room)),
        (fixture!("room_state"), requests::room_state(room)),
        (fixture!("gone_block"), requests::room_block(room)),
        (fixture!("delete_status_by_room"), requests::delete_status_of_room(room)),
        (fixture!("power_levels"), requests::put_state(room, "m.room.power_levels", "", json!({}))),
    ] {
        let request = call.build(&base, "t").unwrap();
        let path = recording["request"]["path"].as_str().unwrap().replace("%21", "!");
        assert_eq!(request.uri().path(), path);
        assert_eq!(request.headers()["authorization"], "Bearer t");
        assert!(!format!("{:?}", request.headers()).contains("Bearer"));
    }
    let below = url::Url::parse("https://host.test/matrix").unwrap();
    let request = requests::room("!a/b?c#d%:x").build(&below, "t").unwrap();
    assert_eq!(request.uri().path(), "/matrix/_synapse/admin/v1/rooms/!a%2Fb%3Fc%23d%25:x");
}

#[test]
fn the_kinds_of_a_real_history() {
    let page: MessagesPage = body(&fixture!("messages_kinds"));
    let records: Vec<_> = page.chunk.iter().map(|event| record(event).unwrap()).collect();
    let of = |kind: RecordKind| records.iter().filter(move |record| record.kind == kind);
    let edit = of(RecordKind::Edit).next().unwrap();
    assert!(edit.target.is_some() && !edit.text.as_deref().unwrap().starts_with("* "));
    assert!(of(RecordKind::Redaction).next().unwrap().target.is_some());
    let reaction = of(RecordKind::Reaction).next().unwrap();
    assert!(reaction.target.is_some() && reaction.text.is_some());
    assert!(of(RecordKind::Message).any(|record| record.text.is_none() && record.attachments.is_empty()));
    assert!(of(RecordKind::Message).any(|record| record.reply_to.is_some() && record.thread.is_none()));
    assert!(of(RecordKind::Message).any(|record| record.thread.is_some()));
    assert!(of(RecordKind::System).count() > 8);
    let member: RoomState =
        serde_json::from_value::<Vec<_>>(fixture!("state_member")["response"]["body"].clone())
            .unwrap()
            .into();
    let admin: RoomState = body::<AdminState>(&fixture!("room_state_full")).state.into();
    assert_eq!(member.members(&BTreeSet::new()), admin.members(&BTreeSet::new()));
    assert_eq!(member.links(), admin.links());
}

#[test]
fn a_search_by_id_finds_the_room_alone() {
    assert_eq!(body::<RoomsPage>(&fixture!("rooms_search")).rooms.len(), 1);
    assert!(body::<RoomsPage>(&fixture!("rooms_search_nothing")).rooms.is_empty());
    assert!(body::<super::rooms::UsersPage>(&fixture!("users_bots")).next_token.is_none());
}

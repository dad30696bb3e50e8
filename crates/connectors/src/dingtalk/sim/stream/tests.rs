//! The gateway, its sessions and their frames, as a client of the document meets them.

use adjourn_connector_kit::simulator::{Input, Output, Simulator as _};
use adjourn_connector_kit::transport::Request;
use adjourn_domain::time::Time;
use bytes::Bytes;
use serde_json::{Value, json};

use super::{AGAIN_S, PING_S, SESSION_S, SILENCE_S, TICKET_S, TIMES};
use crate::dingtalk::sim::DingTalkSim;
use crate::dingtalk::sim::seed::{BUSY, ORDINARY, platform};

fn at(seconds: u64) -> Time {
    Time::parse("2026-11-25T08:00:00Z").unwrap().plus_secs(seconds)
}

fn gate(sim: &mut DingTalkSim, body: &Value) -> (u16, Value) {
    let request = http::Request::post("http://p.example/v1.0/gateway/connections/open");
    let reply = sim.answer(at(0), &request.body(Bytes::from(body.to_string())).unwrap());
    (reply.status().as_u16(), serde_json::from_slice(reply.body()).unwrap())
}

fn asked(app: &str) -> Value {
    json!({
        "clientId": app, "clientSecret": format!("{app}-secret"), "subscriptions": [{ "type": "EVENT", "topic": "*" }],
        "ua": "test-sdk-rust/1", "localIp": "127.0.0.1",
    })
}

fn opening(sim: &mut DingTalkSim, session: u64, when: Time, target: &str) -> Option<u16> {
    let request: Request =
        http::Request::get(format!("http://p.example{target}")).body(Bytes::new()).unwrap();
    let outputs = sim.handle(when, Input::Opened { session, request });
    outputs.iter().find_map(|output| match output {
        Output::Reply { reply, .. } => Some(reply.status().as_u16()),
        _ => None,
    })
}

fn opened(sim: &mut DingTalkSim, session: u64, app: &str) {
    let (status, gate) = gate(sim, &asked(app));
    assert_eq!((status, &gate["endpoint"]), (200, &json!("ws://p.example/connect")));
    let target = format!("/connect?ticket={}", gate["ticket"].as_str().unwrap());
    assert_eq!(opening(sim, session, at(0), &target), None);
}

/// Frames with the session that each goes to.
fn frames(outputs: Vec<Output>) -> Vec<(u64, Value)> {
    let frame = |output| match output {
        Output::Frame { session, bytes } => Some((session, serde_json::from_slice(&bytes).unwrap())),
        _ => None,
    };
    outputs.into_iter().filter_map(frame).collect()
}

fn ends(sim: &mut DingTalkSim, when: Time, group: &str) -> Vec<(u64, Value)> {
    sim.world.end(when, group, "manager01").unwrap();
    frames(sim.tick(when))
}

fn answers(sim: &mut DingTalkSim, session: u64, body: &Value) -> Vec<String> {
    sim.handle(at(0), Input::Frame { session, bytes: Bytes::from(body.to_string()) });
    sim.take_unexpected().unwrap()
}

fn ack(frame: &Value, data: &Value) -> Value {
    let headers = json!({ "contentType": "application/json", "messageId": frame["headers"]["messageId"] });
    json!({ "code": 200, "headers": headers, "message": "OK", "data": data.to_string() })
}

#[test]
fn a_ticket_is_for_one_session_and_for_a_short_time() {
    let mut sim = platform(false);
    let app = "dingsimowner";
    let (_, first) = gate(&mut sim, &asked(app));
    let target = format!("/connect?ticket={}", first["ticket"].as_str().unwrap());
    assert_eq!(opening(&mut sim, 1, at(TICKET_S - 1), &target), None);
    assert_eq!(opening(&mut sim, 2, at(TICKET_S - 1), &target), Some(401));
    let (_, second) = gate(&mut sim, &asked(app));
    let target = format!("/connect?ticket={}", second["ticket"].as_str().unwrap());
    assert_eq!(opening(&mut sim, 3, at(TICKET_S), &target), Some(401));
    assert_eq!(opening(&mut sim, 4, at(0), "/connect"), Some(401));
    assert!(sim.take_unexpected().unwrap().is_empty());
    assert_eq!(opening(&mut sim, 5, at(0), "/elsewhere"), Some(404));
    assert_eq!(sim.take_unexpected().unwrap().len(), 1);
}

#[test]
fn the_gateway_refuses_what_the_document_does_not_have() {
    let mut sim = platform(false);
    let wrong = |field: &str, value: Value| {
        let mut body = asked("dingsimowner");
        body[field] = value;
        body
    };
    assert_eq!(gate(&mut sim, &wrong("clientSecret", json!("guessed"))).1["code"], "authFailed");
    assert_eq!(gate(&mut sim, &asked("dingsimexpired")).0, 401);
    for (field, value) in [
        ("subscriptions", json!([])),
        ("subscriptions", json!([{ "type": "EVENT", "topic": "chat_disband" }])),
        ("subscriptions", json!([{ "type": "EVENTS", "topic": "*" }])),
        ("secret", json!("x")),
    ] {
        let (status, reply) = gate(&mut sim, &wrong(field, value));
        assert_eq!((status, &reply["code"]), (400, &json!("paramError")), "{field}");
    }
    assert_eq!(sim.take_unexpected().unwrap().len(), 4);
}

#[test]
fn the_end_of_a_group_is_told_once_to_each_app_and_again_until_it_is_answered() {
    let mut sim = platform(false);
    opened(&mut sim, 1, "dingsimowner");
    opened(&mut sim, 2, "dingsimwitness");
    opened(&mut sim, 3, "dingsimpowerless");
    let told = ends(&mut sim, at(1), BUSY);
    assert_eq!(told.iter().map(|(session, _)| *session).collect::<Vec<_>>(), [1, 2]);
    let (_, event) = &told[0];
    let head = &event["headers"];
    assert_eq!(
        (&event["type"], &head["eventType"], &head["topic"]),
        (&json!("EVENT"), &json!("chat_disband"), &json!("*"))
    );
    let data: Value = serde_json::from_str(event["data"].as_str().unwrap()).unwrap();
    assert_eq!((&data["openConversationId"], &data["operator"]), (&json!(BUSY), &json!("manager01")));
    assert!(frames(sim.tick(at(2))).is_empty(), "it is told once");
    // One app answers, the other one does not and gets it again, a few times, as another message about the same event.
    assert!(answers(&mut sim, 1, &ack(event, &json!({ "status": "SUCCESS" }))).is_empty());
    for time in 1..TIMES {
        let again = frames(sim.tick(at(1 + u64::from(time) * AGAIN_S)));
        let again: Vec<_> = again.iter().filter(|(_, frame)| frame["type"] == "EVENT").collect();
        assert_eq!(again.len(), 1, "{time}");
        assert_eq!((again[0].0, &again[0].1["headers"]["eventId"]), (2, &head["eventId"]));
        assert_ne!(again[0].1["headers"]["messageId"], told[1].1["headers"]["messageId"]);
    }
    let after = frames(sim.tick(at(10 * AGAIN_S)));
    assert!(after.iter().all(|(_, frame)| frame["type"] == "SYSTEM"), "{after:?}");
}

#[test]
fn an_event_is_lost_where_nobody_listens_and_goes_to_one_session_of_an_app() {
    let mut sim = platform(false);
    assert!(ends(&mut sim, at(0), ORDINARY).is_empty());
    opened(&mut sim, 1, "dingsimowner");
    opened(&mut sim, 2, "dingsimowner");
    assert!(frames(sim.tick(at(1))).is_empty());
    assert_eq!(ends(&mut sim, at(2), BUSY).len(), 1);
}

#[test]
fn pings_are_asked_and_sessions_end_after_a_while() {
    let mut sim = platform(false);
    opened(&mut sim, 1, "dingsimowner");
    let pings = frames(sim.tick(at(PING_S)));
    let (_, ping) = &pings[0];
    assert_eq!(ping["headers"]["topic"], "ping");
    let opaque: Value = serde_json::from_str(ping["data"].as_str().unwrap()).unwrap();
    assert!(answers(&mut sim, 1, &ack(ping, &opaque)).is_empty());
    assert_eq!(answers(&mut sim, 1, &ack(ping, &json!({ "opaque": "another" }))).len(), 1);
    let goodbye = frames(sim.tick(at(SESSION_S)));
    assert_eq!(goodbye[0].1["headers"]["topic"], "disconnect");
    // Nothing is sent to a session that is about to end.
    assert!(ends(&mut sim, at(SESSION_S + 1), BUSY).is_empty());
    let outputs = sim.tick(at(SESSION_S + SILENCE_S));
    assert!(matches!(outputs[..], [Output::Close { session: 1 }]), "{outputs:?}");
}

#[test]
fn answers_that_the_document_does_not_have_are_noticed() {
    let mut sim = platform(false);
    opened(&mut sim, 1, "dingsimowner");
    let (_, event) = ends(&mut sim, at(1), BUSY).remove(0);
    let good = ack(&event, &json!({ "status": "SUCCESS", "message": "success" }));
    let but = |path: &str, value: Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap() = value;
        bad
    };
    for bad in [
        json!({}),
        json!("pong"),
        but("/headers/messageId", json!("nobody")),
        but("/headers/contentType", json!("text/plain")),
        but("/data", json!("{\"status\":\"DONE\"}")),
        but("/data", json!("success")),
        but("/data", json!("{}")),
        but("/data", json!({ "status": "SUCCESS" })),
    ] {
        assert_eq!(answers(&mut sim, 1, &bad).len(), 1, "{bad}");
    }
    assert!(answers(&mut sim, 1, &good).is_empty());
    // As the platform's own SDK for Python answers: with the event's data.
    let (_, event) = ends(&mut sim, at(2), ORDINARY).remove(0);
    let data: Value = serde_json::from_str(event["data"].as_str().unwrap()).unwrap();
    assert!(answers(&mut sim, 1, &ack(&event, &data)).is_empty());
    assert!(frames(sim.tick(at(2 + AGAIN_S))).is_empty());
}

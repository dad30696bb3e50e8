//! The front itself: strict where the documents are, and different where the implementations are.

use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_connector_kit::transport::Reply;
use adjourn_domain::group::Standing;
use adjourn_domain::time::Time;
use bytes::Bytes;
use serde_json::{Value, json};

use super::seed::{BUSY, rules};
use super::{QqSim, SPEC};
use crate::qq::wire::implementation::Implementation;

const JSON: &str = "application/json";

fn sim(plays: Implementation) -> QqSim {
    QqSim::new(plays, rules(), &serde_json::from_str(SPEC).unwrap())
}

fn at() -> Time {
    Time::parse("2026-11-23T08:00:00Z").unwrap()
}

fn send(sim: &mut QqSim, token: Option<&str>, uri: &str, kind: &str, body: &str) -> Reply {
    let mut request =
        http::Request::post(format!("http://qq.invalid:3000/{uri}")).header("content-type", kind);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    sim.answer(at(), &request.body(Bytes::from(body.to_owned())).unwrap())
}

fn ask(sim: &mut QqSim, token: &str, action: &str, params: &Value) -> Value {
    let reply = send(sim, Some(token), action, JSON, &params.to_string());
    assert_eq!(reply.status(), 200, "{action}");
    serde_json::from_slice(reply.body()).unwrap()
}

fn status(reply: &Reply) -> u16 {
    reply.status().as_u16()
}

#[test]
fn tokens_are_refused_as_each_implementation_does() {
    for (plays, missing, wrong) in [
        (Implementation::NapCat, 403, 403),
        (Implementation::Lagrange, 401, 403),
        (Implementation::GoCqhttp, 401, 403),
    ] {
        let mut sim = sim(plays);
        assert_eq!(status(&send(&mut sim, None, "get_status", JSON, "{}")), missing, "{plays:?}");
        assert_eq!(status(&send(&mut sim, Some("no"), "get_status", JSON, "{}")), wrong, "{plays:?}");
        assert_eq!(status(&send(&mut sim, Some("qq-expired"), "get_status", JSON, "{}")), wrong);
        // The token may be in the query as well.
        let uri = "get_status?access_token=qq-owner";
        assert_eq!(status(&send(&mut sim, None, uri, JSON, "")), 200);
    }
    let reply = send(&mut sim(Implementation::NapCat), None, "get_status", JSON, "{}");
    assert_eq!(serde_json::from_slice::<Value>(reply.body()).unwrap()["message"], "token verify failed!");
}

#[test]
fn parameters_come_in_three_ways_and_no_other() {
    let mut sim = sim(Implementation::NapCat);
    let by = Some("qq-owner");
    let form = "application/x-www-form-urlencoded";
    let query = format!("get_group_info?group_id={BUSY}");
    for (uri, kind, body) in [
        (query.as_str(), JSON, String::new()),
        ("get_group_info", form, format!("group_id={BUSY}")),
        ("get_group_info", "application/json; charset=utf-8", json!({ "group_id": BUSY }).to_string()),
        ("get_group_info", JSON, format!("{{\"group_id\":{BUSY}}}")),
    ] {
        let reply: Value = serde_json::from_slice(send(&mut sim, by, uri, kind, &body).body()).unwrap();
        assert_eq!(reply["data"]["group_id"].to_string(), BUSY, "{uri} {kind} {body}");
    }
    assert_eq!(status(&send(&mut sim, by, "get_group_info", "text/plain", "group_id=1")), 406);
    assert_eq!(status(&send(&mut sim, by, "get_group_info", JSON, "{")), 400);
    assert_eq!(status(&send(&mut sim, by, "get_group_info", JSON, "[]")), 400);
}

#[test]
fn what_the_documents_do_not_allow_is_refused() {
    let mut sim = sim(Implementation::NapCat);
    for (action, params, code) in [
        ("get_group_info", json!({}), 400),
        ("get_group_info", json!({ "group_id": "x" }), 400),
        ("get_group_info", json!({ "group_id": 1.5 }), 400),
        ("set_group_leave", json!({ "group_id": BUSY, "is_dismiss": 1 }), 400),
        ("set_group_leave", json!({ "group_id": BUSY, "dismiss": true }), 400),
        ("get_group_info", json!({ "group_id": "77" }), 200),
        ("set_group_end", json!({ "group_id": BUSY }), 200),
    ] {
        let reply = ask(&mut sim, "qq-owner", action, &params);
        assert_eq!(
            (&reply["status"], &reply["retcode"]),
            (&json!("failed"), &json!(code)),
            "{action} {params}"
        );
    }
    assert!(sim.world.groups[BUSY].ended.is_none());
    for plays in [Implementation::Lagrange, Implementation::GoCqhttp] {
        assert_eq!(status(&send(&mut self::sim(plays), Some("qq-owner"), "set_group_end", JSON, "{}")), 404);
    }
}

#[test]
fn the_owners_leave_is_something_else_everywhere() {
    let leave = json!({ "group_id": BUSY, "is_dismiss": true });
    for (plays, ends, stays) in [
        (Implementation::NapCat, true, true),
        (Implementation::LlOneBot, true, true),
        (Implementation::Lagrange, false, true),
        (Implementation::GoCqhttp, false, true),
        (Implementation::Unknown, false, false),
    ] {
        for flag in [true, false] {
            let mut sim = sim(plays);
            let mut params = leave.clone();
            params["is_dismiss"] = flag.into();
            assert_eq!(ask(&mut sim, "qq-owner", "set_group_leave", &params)["status"], "ok", "{plays:?}");
            let group = &sim.world.groups[BUSY];
            assert_eq!(
                (group.ended.is_some(), group.members.contains_key("800100001")),
                (ends, stays),
                "{plays:?}"
            );
        }
        // Anybody else only leaves.
        let mut sim = sim(plays);
        ask(&mut sim, "qq-member", "set_group_leave", &leave);
        let group = &sim.world.groups[BUSY];
        assert!(group.ended.is_none() && !group.members.contains_key("800100005"), "{plays:?}");
    }
    // Lagrange says OK for groups that one is not in.
    let lost = json!({ "group_id": "77" });
    assert_eq!(ask(&mut sim(Implementation::Lagrange), "qq-owner", "set_group_leave", &lost)["status"], "ok");
    assert_eq!(ask(&mut sim(Implementation::NapCat), "qq-owner", "set_group_leave", &lost)["retcode"], 200);
}

#[test]
fn a_missing_enable_demotes_on_napcat_alone() {
    for (plays, standing) in
        [(Implementation::NapCat, Standing::Member), (Implementation::GoCqhttp, Standing::Admin)]
    {
        let mut sim = sim(plays);
        ask(&mut sim, "qq-owner", "set_group_admin", &json!({ "group_id": BUSY, "user_id": "800100002" }));
        assert_eq!(sim.world.groups[BUSY].standing("800100002"), standing, "{plays:?}");
    }
}

#[test]
fn a_cached_list_keeps_what_is_gone() {
    let mut sim = sim(Implementation::NapCat);
    let listed = |sim: &mut QqSim, params: Value| {
        ask(sim, "qq-witness", "get_group_list", &params).to_string().contains(BUSY)
    };
    assert!(listed(&mut sim, json!({ "no_cache": true })));
    ask(&mut sim, "qq-owner", "set_group_leave", &json!({ "group_id": BUSY }));
    assert!(listed(&mut sim, json!({})));
    sim.connect("800100003", false);
    assert!(listed(&mut sim, json!({ "no_cache": true })));
    sim.connect("800100003", true);
    assert!(!listed(&mut sim, json!({ "no_cache": "true" })));
}

fn open(sim: &mut QqSim, session: u64, path: &str) -> Vec<Output> {
    let request = http::Request::get(format!("http://qq.invalid:3001{path}")).body(Bytes::new()).unwrap();
    sim.handle(at(), Input::Opened { session, request })
}

fn frames(outputs: &[Output], session: u64) -> Vec<Value> {
    let ours = outputs.iter().filter_map(|output| match output {
        Output::Frame { session: other, bytes } if *other == session => Some(bytes),
        _ => None,
    });
    ours.map(|bytes| serde_json::from_slice(bytes).unwrap()).collect()
}

fn call(sim: &mut QqSim, session: u64, text: &str) -> Vec<Output> {
    sim.handle(at(), Input::Frame { session, bytes: Bytes::from(text.to_owned()) })
}

#[test]
fn a_web_socket_takes_calls_and_gives_events_where_it_says_so() {
    let mut sim = sim(Implementation::NapCat);
    let hello = open(&mut sim, 1, "/?access_token=qq-witness");
    assert_eq!(frames(&hello, 1)[0]["meta_event_type"], "lifecycle");
    assert!(open(&mut sim, 2, "/api?access_token=qq-owner").is_empty());
    assert_eq!(frames(&open(&mut sim, 3, "/event?access_token=qq-second"), 3).len(), 1);
    assert!(matches!(open(&mut sim, 4, "/other?access_token=qq-owner")[..], [Output::Close { session: 4 }]));

    let status = call(&mut sim, 2, r#"{"action":"get_status","params":{},"echo":{"n":[1]}}"#);
    assert_eq!(frames(&status, 2)[0]["echo"], json!({ "n": [1] }));
    assert_eq!(frames(&status, 2)[0]["data"]["online"], true);
    for (text, code) in [
        ("{", 1400),
        (r#"{"action":"set_group_end","echo":"e"}"#, 1404),
        (r#"{"action":"get_group_info","echo":"e"}"#, 1400),
        (r#"{"action":"get_group_info","params":{"group_id":"77"},"echo":"e"}"#, 1200),
    ] {
        let outputs = call(&mut sim, 2, text);
        let reply = &frames(&outputs, 2)[0];
        assert_eq!(reply["retcode"], code, "{text}");
        assert_eq!(reply["echo"], if text == "{" { Value::Null } else { json!("e") });
    }
    // A session of events takes no calls.
    assert!(call(&mut sim, 3, r#"{"action":"get_status"}"#).is_empty());

    let leave = json!({ "action": "set_group_leave", "params": { "group_id": BUSY }, "echo": 1 }).to_string();
    let outputs = call(&mut sim, 2, &leave);
    assert_eq!(frames(&outputs, 2).len(), 1);
    for (session, account) in [(1, 800_100_003), (3, 800_100_004)] {
        let events = frames(&outputs, session);
        let [event] = events.as_slice() else { panic!("{events:?}") };
        assert_eq!((&event["sub_type"], &event["self_id"]), (&json!("disband"), &json!(account)));
    }
    sim.handle(at(), Input::Closed { session: 1 });
    // The wrong path, the frame that is no call, the unknown action, the missing group, the call where none is taken.
    let unexpected = sim.take_unexpected().unwrap();
    assert_eq!(unexpected.len(), 5, "{unexpected:?}");
    let beat = sim.tick(at().plus_secs(31));
    assert_eq!(frames(&beat, 3)[0]["meta_event_type"], "heartbeat");
    assert!(frames(&beat, 1).is_empty());
}

#[test]
fn a_wrong_token_ends_a_web_socket() {
    let outputs = open(&mut sim(Implementation::NapCat), 1, "/");
    assert_eq!(frames(&outputs, 1)[0]["retcode"], 1403);
    assert!(matches!(outputs.last(), Some(Output::Close { session: 1 })));
    let refused = open(&mut sim(Implementation::Lagrange), 1, "/event?access_token=no");
    let [Output::Reply { exchange: 1, reply }] = &refused[..] else { panic!("{refused:?}") };
    assert_eq!(status(reply), 403);
}

#[test]
fn members_are_told_who_went_and_what_was_said() {
    let mut sim = sim(Implementation::NapCat);
    open(&mut sim, 1, "/event?access_token=qq-witness");
    let tell = |sim: &mut QqSim, action: &str, params: Value| {
        let request = http::Request::post(format!("http://qq.invalid/{action}"))
            .header("authorization", "Bearer qq-owner")
            .header("content-type", JSON)
            .body(Bytes::from(params.to_string()))
            .unwrap();
        frames(&sim.handle(at(), Input::Request { exchange: 1, request }), 1)
    };
    let kick = json!({ "group_id": BUSY, "user_id": "800100007" });
    let [event] = &tell(&mut sim, "set_group_kick", kick)[..] else { panic!("no event") };
    assert_eq!((&event["sub_type"], &event["operator_id"]), (&json!("kick"), &json!(800_100_001)));
    let said = json!({ "group_id": BUSY, "message": "hello" });
    let [event] = &tell(&mut sim, "send_group_msg", said)[..] else { panic!("no event") };
    assert_eq!((&event["post_type"], &event["raw_message"]), (&json!("message"), &json!("hello")));
    assert_eq!(event["message"][0]["data"]["text"], "hello");
    let kick = json!({ "group_id": BUSY, "user_id": "800100003" });
    let [event] = &tell(&mut sim, "set_group_kick", kick)[..] else { panic!("no event") };
    assert_eq!(event["sub_type"], "kick_me");
}

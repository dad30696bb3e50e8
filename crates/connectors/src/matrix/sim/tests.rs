//! The simulator's answers against a real homeserver's: the same status, the same fields, the same kinds of values.

use adjourn_connector_kit::Request;
use adjourn_connector_kit::simulator::{Input, Output, Simulator};
use adjourn_domain::time::Time;
use serde_json::{Value, json};

/// A recording and the same request to the simulator.
struct Pair {
    name: &'static str,
    recording: &'static str,
    method: &'static str,
    token: &'static str,
    path: String,
    body: Option<Value>,
}

macro_rules! pair {
    ($name:literal, $method:literal, $token:literal, $path:expr) => {
        pair!($name, $method, $token, $path, None)
    };
    ($name:literal, $method:literal, $token:literal, $path:expr, $body:expr) => {
        Pair {
            name: $name,
            recording: include_str!(concat!("../fixtures/", $name, ".json")),
            method: $method,
            token: $token,
            path: $path.to_string(),
            body: $body,
        }
    };
}

/// Fields that the simulator lacks because nothing reads them, or because the value is the reader's own.
const LEFT_OUT: [&str; 6] = ["membership", "auth_events", "prev_events", "hashes", "signatures", "depth"];

fn ask(simulator: &mut dyn Simulator, at: &str, pair: &Pair) -> (u64, Value) {
    let body = pair.body.as_ref().map(Value::to_string).unwrap_or_default();
    let request: Request = http::Request::builder()
        .method(pair.method)
        .uri(format!("http://sim.test{}", pair.path))
        .header("authorization", format!("Bearer {}", pair.token))
        .body(body.into())
        .unwrap();
    let mut outputs = simulator.handle(Time::parse(at).unwrap(), Input::Request { exchange: 1, request });
    let Some(Output::Reply { reply, .. }) = outputs.pop() else { panic!("no reply to {}", pair.name) };
    (u64::from(reply.status().as_u16()), serde_json::from_slice(reply.body()).unwrap())
}

/// Whether two values are of one kind: fields of the simulator's are in the real one, whatever their order.
fn same_shape(at: &str, ours: &Value, real: &Value) {
    match (ours, real) {
        (Value::Object(ours), Value::Object(real)) => {
            for (name, value) in ours {
                let Some(other) = real.get(name) else { panic!("{at}: the real server has no {name}") };
                same_shape(&format!("{at}.{name}"), value, other);
            }
            for name in real.keys().filter(|name| !LEFT_OUT.contains(&name.as_str())) {
                let free = at.ends_with(".content") || at.ends_with(".unsigned") || at.ends_with("features");
                assert!(free || ours.contains_key(name), "{at}: the simulator has no {name}");
            }
        }
        (Value::Array(ours), Value::Array(real)) => {
            // Elements of a list of events differ in content; their frame does not.
            if let (Some(first), Some(other)) = (ours.first(), real.first()) {
                same_frame(&format!("{at}[]"), first, other);
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (ours, real) => {
            assert_eq!(std::mem::discriminant(ours), std::mem::discriminant(real), "{at}: {ours} and {real}");
        }
    }
}

fn same_frame(at: &str, ours: &Value, real: &Value) {
    let strip = |value: &Value| {
        let mut value = value.clone();
        if let Some(fields) = value.as_object_mut() {
            fields.remove("content");
        }
        value
    };
    same_shape(at, &strip(ours), &strip(real));
}

#[test]
fn the_simulator_answers_in_the_shape_of_a_real_server() {
    let mut seeded = super::seeded();
    let simulator = seeded.simulator.as_mut();
    let busy = seeded.busy.as_str().replace('!', "%21");
    let admin = |rest: &str| format!("/_synapse/admin/v1/rooms/{busy}{rest}");
    let client = |rest: &str| format!("/_matrix/client/v3/rooms/{busy}{rest}");
    let delete = format!("/_synapse/admin/v2/rooms/{busy}");
    let notice = json!({ "msgtype": "m.notice", "body": "This group ends on Friday." });
    let pairs = [
        pair!("whoami", "GET", "syt_root", "/_matrix/client/v3/account/whoami"),
        pair!("error_unknown_token", "GET", "syt_no", "/_matrix/client/v3/account/whoami"),
        pair!("server_version", "GET", "syt_root", "/_synapse/admin/v1/server_version"),
        pair!("rooms_list", "GET", "syt_root", "/_synapse/admin/v1/rooms?limit=3"),
        pair!("rooms_list_last", "GET", "syt_root", "/_synapse/admin/v1/rooms?limit=3&from=6"),
        pair!("rooms_search", "GET", "syt_root", format!("/_synapse/admin/v1/rooms?search_term={busy}")),
        pair!("rooms_search_nothing", "GET", "syt_root", "/_synapse/admin/v1/rooms?search_term=%21never:x"),
        pair!("room_details", "GET", "syt_root", admin("")),
        pair!("room_members", "GET", "syt_root", admin("/members")),
        pair!("room_state_full", "GET", "syt_root", admin("/state")),
        pair!("state_member", "GET", "syt_bob", client("/state")),
        pair!("messages_first", "GET", "syt_root", admin("/messages?dir=f&limit=4")),
        pair!("messages_last", "GET", "syt_root", admin("/messages?dir=f&limit=4&from=t9999-0_0")),
        pair!("room_block_before", "GET", "syt_root", admin("/block")),
        pair!("error_not_admin", "GET", "syt_bob", admin("")),
        pair!("error_room_not_found", "GET", "syt_root", "/_synapse/admin/v1/rooms/%21never"),
        pair!("error_unrecognized", "GET", "syt_root", "/_synapse/admin/v1/no_such_thing"),
        pair!("error_no_delete_task", "GET", "syt_root", format!("{delete}/delete_status")),
        pair!(
            "error_send_not_in_room",
            "PUT",
            "syt_root",
            client("/send/m.room.message/a0"),
            Some(notice.clone())
        ),
        pair!("error_not_json", "PUT", "syt_root", client("/send/m.room.message/bad"), Some(json!([]))),
        pair!("send", "PUT", "syt_alice", client("/send/m.room.message/a1"), Some(notice)),
        pair!("delete_close", "DELETE", "syt_root", delete, Some(json!({ "block": true, "purge": false }))),
        pair!("delete_status_active", "GET", "syt_root", "/_synapse/admin/v2/rooms/delete_status/"),
    ];
    let mut task = String::new();
    for mut pair in pairs {
        if pair.name == "delete_status_active" {
            pair.path = format!("/_synapse/admin/v2/rooms/delete_status/{task}");
        }
        compare(simulator, "2026-11-22T08:00:00Z", &pair, &mut task);
    }
    let after = [
        pair!(
            "delete_status_by_room",
            "GET",
            "syt_root",
            format!("/_synapse/admin/v2/rooms/{busy}/delete_status")
        ),
        pair!("room_closed", "GET", "syt_witness", admin("")),
        pair!("gone_block", "GET", "syt_witness", admin("/block")),
        pair!("gone_join", "POST", "syt_bob", format!("/_matrix/client/v3/join/{busy}"), Some(json!({}))),
    ];
    for pair in after {
        compare(simulator, "2026-11-22T08:01:00Z", &pair, &mut task);
    }
}

fn compare(simulator: &mut dyn Simulator, at: &str, pair: &Pair, task: &mut String) {
    let real: Value = serde_json::from_str(pair.recording).unwrap();
    let (status, ours) = ask(simulator, at, pair);
    assert_eq!(Some(status), real["response"]["status"].as_u64(), "{}: {ours}", pair.name);
    assert_eq!(pair.method, real["request"]["method"].as_str().unwrap(), "{}", pair.name);
    let theirs = &real["response"]["body"];
    if status != 200 {
        assert_eq!(ours["errcode"], theirs["errcode"], "{}", pair.name);
    }
    same_shape(pair.name, &ours, theirs);
    if let Some(id) = ours.get("delete_id").and_then(Value::as_str) {
        id.clone_into(task);
    }
}

//! The whole way of a plan by script: drawn, reviewed by two, applied, gone, certified; what is sent twice is done once, also across a restart; pages
//! of lists; and everything that can't be read is answered as a problem.

use std::time::Duration;

use adjourn_e2e::{http, wait_for};
use serde_json::{Value, json};

use crate::desk::{Desk, problem};

#[test]
fn req_g4_a_script_brings_a_group_to_its_certificate() {
    let mut desk = Desk::new();
    let group = desk.group();
    // A look at the platform goes on by itself.
    let look = desk.post("requester", "/v1/groups/refresh", &json!({"connection": "ref"}));
    assert_eq!(look.status, 202);
    let state = look.header("location").unwrap().strip_prefix("/api").unwrap().to_owned();
    until("the look has ended", || desk.get("requester", &state)["status"] == "done");
    // The same wish with the same key is done once, whoever else uses the same key.
    let wish = json!({"groups": [group], "reason": "project ended"});
    let key = [("idempotency-key", "\"5ad2\"")];
    let ask = |desk: &Desk, who: &str, wish: &Value| {
        desk.ask(Some(desk.of(who)), "POST", "/v1/plans", Some(wish), &key)
    };
    let first = ask(&desk, "requester", &wish);
    let drawn = first.expect(201);
    let another = another(&desk, &group);
    let other = ask(&desk, "business", &json!({"groups": [another], "reason": "theirs"})).expect(201);
    assert_ne!(drawn["case"], other["case"]);
    desk.start();
    let again = ask(&desk, "requester", &wish);
    assert_eq!((again.status, again.body.as_slice()), (201, first.body.as_slice()), "also after a restart");
    assert_eq!(again.header("location"), first.header("location"));
    let reused = ask(&desk, "requester", &json!({"groups": [group], "reason": "another"}));
    assert_eq!(problem(&reused), (422, "request.reused".to_owned()));
    // What is shown once is not shown again.
    let token = json!({"name": "once", "scopes": ["read"]});
    let made = |desk: &Desk| {
        desk.ask(Some(desk.of("requester")), "POST", "/v1/tokens", Some(&token), &[("idempotency-key", "k")])
    };
    made(&desk).expect(201);
    assert_eq!(problem(&made(&desk)), (409, "request.shown_once".to_owned()));
    // Two review exactly this plan.
    let case = drawn["case"].as_str().unwrap().to_owned();
    let to = |act: &str| format!("/v1/cases/{case}/{act}");
    let read = json!({"plan_hash": drawn["hash"]});
    assert_eq!(desk.get("business", &to("plan"))["hash"], drawn["hash"]);
    desk.post("requester", &to("submit"), &json!({})).expect(200);
    let another = json!({"plan_hash": other["hash"]});
    assert_eq!(problem(&desk.post("business", &to("approve"), &another)), (409, "plan.edited".to_owned()));
    assert_eq!(problem(&desk.post("requester", &to("apply"), &read)).1, "approval.needed");
    let one = desk.post("business", &to("approve"), &read).expect(200);
    assert_eq!(one["missing"], json!([{"role": "compliance", "count": 1}]));
    assert_eq!(desk.post("compliance", &to("approve"), &read).expect(200)["status"], "approved");
    // Applied by the workers of the same process.
    let applied = desk.post("requester", &to("apply"), &read);
    assert_eq!(
        (applied.status, applied.header("location")),
        (202, Some(format!("/api/v1/cases/{case}").as_str()))
    );
    until("the case is closed", || desk.get("requester", &format!("/v1/cases/{case}"))["status"] == "closed");
    let shown = desk.get("requester", &format!("/v1/cases/{case}"));
    assert_eq!((&shown["groups"][0]["verdict"], &shown["bundle"]), (&json!("gone"), &json!(true)));
    assert_eq!(desk.get("compliance", &to("certificates"))["certificates"].as_array().unwrap().len(), 1);
    // The same shape as the command line's.
    let shown_there = desk.office.office.json("requester", 0, &["why", &case]);
    assert_eq!(shown["groups"][0]["state"], shown_there["groups"][0]["state"]);
    pages(&desk, &to("events"));
    holds(&desk, &group);
    what_makes_no_sense(&desk);
}

/// A group that is not this one.
fn another(desk: &Desk, group: &str) -> Value {
    let groups = desk.get("admin", "/v1/groups");
    let mut groups = groups["items"].as_array().unwrap().iter().map(|row| &row["group"]);
    groups.find(|other| *other != group).unwrap().clone()
}

/// Pages of three rows are the whole list, each row once.
fn pages(desk: &Desk, path: &str) {
    let whole = desk.get("compliance", &format!("{path}?limit=500"));
    assert_eq!(whole["next"], Value::Null);
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let page = desk.get("compliance", &format!("{path}?limit=3{after}"));
        rows.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert!(rows.len() > 9, "{}", rows.len());
    assert_eq!(json!(rows), whole["items"]);
}

/// Who asked to lift a hold does not lift it.
fn holds(desk: &Desk, ended: &str) {
    let group = another(desk, ended);
    let hold =
        desk.post("compliance", "/v1/holds", &json!({"group": group, "matter": "a lawsuit"})).expect(201);
    let lift = format!("/v1/holds/{}/lift", hold["hold"].as_str().unwrap());
    assert_eq!(desk.get("business", "/v1/holds")["items"][0]["matter"], "a lawsuit");
    assert_eq!(desk.post("compliance", &lift, &json!({})).expect(200)["lifted"], false);
    assert_eq!(problem(&desk.post("compliance", &lift, &json!({}))), (409, "hold.self_lift".to_owned()));
    assert_eq!(problem(&desk.post("business", &lift, &json!({}))), (409, "confirm.needed".to_owned()));
    let wrong = desk.post("business", &lift, &json!({"typed": "another group"}));
    assert_eq!(problem(&wrong), (422, "confirm.mismatch".to_owned()));
    let name = desk.get("business", "/v1/holds")["items"][0]["name"].clone();
    assert_eq!(desk.post("business", &lift, &json!({"typed": name})).expect(200)["lifted"], true);
}

fn what_makes_no_sense(desk: &Desk) {
    let token = format!("Bearer {}", desk.of("requester"));
    let raw = |method: &str, path: &str, kind: &str, body: &[u8]| {
        let headers = [("authorization", token.as_str()), ("content-type", kind), ("accept-language", "en")];
        problem(&http::request(method, &format!("{}/api{path}", desk.address), &headers, Some(body)).unwrap())
    };
    let json = "application/json";
    let large = vec![b' '; 1024 * 1024 + 1];
    for (method, path, kind, body, status, code) in [
        ("POST", "/v1/plans", json, &b"{"[..], 400, "request.json"),
        ("POST", "/v1/plans", json, b"[[], \"x\"]", 422, "request.form"),
        ("POST", "/v1/plans", json, b"\xff", 400, "request.json"),
        (
            "POST",
            "/v1/plans",
            json,
            b"{\"groups\": [\"x\"], \"reason\": \"x\", \"force\": true}",
            422,
            "request.form",
        ),
        ("POST", "/v1/plans", "text/plain", b"{}", 415, "request.type"),
        ("POST", "/v1/plans", json, &large, 413, "request.large"),
        ("PATCH", "/v1/plans", json, b"", 405, "request.method"),
        ("GET", "/v1/nothing", json, b"", 404, "endpoint.unknown"),
        ("GET", "/v2/groups", json, b"", 404, "endpoint.unknown"),
        ("GET", "/v1/groups?limit=0", json, b"", 422, "request.form"),
        ("GET", "/v1/groups?sort=name", json, b"", 422, "request.form"),
        ("GET", "/v1/groups?after=x", json, b"", 422, "cursor.invalid"),
        ("GET", "/v1/groups/%ff", json, b"", 422, "request.form"),
    ] {
        assert_eq!(raw(method, path, kind, body), (status, code.to_owned()), "{method} {path}");
    }
    // In Chinese where nobody asks for another language, and the error's page says the same.
    let headers = [("authorization", token.as_str())];
    let here = |path: &str| http::request("GET", &format!("{}{path}", desk.address), &headers, None).unwrap();
    let problem = here("/api/v1/cases/none");
    assert_eq!(problem.header("content-language"), Some("zh-CN"));
    let page = here(problem.json()["type"].as_str().unwrap());
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/markdown; charset=utf-8")));
}

#[track_caller]
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let seen = wait_for(Duration::from_mins(1), || is().then_some(()));
    assert!(seen.is_some(), "not in a minute: {what}");
}

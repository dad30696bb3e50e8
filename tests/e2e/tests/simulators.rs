//! `adjourn sim` as clients of a platform meet it: strict, with faults, at its own time, and with an honest end.
#![expect(clippy::unwrap_used, reason = "test code")]

use std::time::Duration;

use adjourn_e2e::{Adjourn, Simulator, http, tempdir};
use serde_json::{Value, json};

const OWNER: (&str, &str) = ("authorization", "Bearer reference-owner");

fn ask(
    sim: &Simulator,
    method: &str,
    path: &str,
    body: Option<&str>,
) -> Result<http::Response, http::HttpError> {
    http::request(method, &sim.url(path), &[OWNER], body.map(str::as_bytes))
}

#[test]
fn what_no_client_may_send_is_refused_told_and_fails_a_strict_simulator() {
    let sim = Simulator::start("reference", &["--strict"]);
    ask(&sim, "GET", "/v1/me", None).unwrap().expect(200);
    ask(&sim, "GET", "/v1/groups/g-nowhere", None).unwrap().expect(404);
    ask(&sim, "POST", "/v1/groups/g-busy/nothing", Some("{}")).unwrap().expect(404);
    ask(&sim, "POST", "/v1/groups/g-busy/announcements", Some(r#"{"txt":"x"}"#)).unwrap().expect(400);
    let (counted, output) = sim.end();
    assert_eq!((&counted["requests"], &counted["unexpected"]), (&json!(4), &json!(2)), "{output}");
    assert_eq!((output.code, output.error_code().as_deref()), (Some(1), Some("sim.unexpected")), "{output}");
    assert!(output.stderr.contains("/v1/groups/g-busy/nothing: no_endpoint"), "{output}");
    assert!(output.stderr.contains("/v1/groups/g-busy/announcements: bad_request"), "{output}");
}

#[test]
fn faults_strike_and_the_end_says_what_really_happened() {
    let sim = Simulator::start(
        "reference",
        &[
            "--strict",
            "--faults",
            "reply_lost@POST /dissolve#1; too_many:7@/me",
            "--faults",
            "half_body@/notices",
        ],
    );
    let busy = ask(&sim, "GET", "/v1/me", None).unwrap();
    assert_eq!((busy.status, busy.header("retry-after")), (429, Some("7")));
    let lost = ask(&sim, "POST", "/v1/groups/g-busy/dissolve", Some("{}"));
    assert!(lost.is_err(), "no reply: {lost:?}");
    assert!(serde_json::from_slice::<Value>(&ask(&sim, "GET", "/v1/notices", None).unwrap().body).is_err());
    ask(&sim, "GET", "/v1/groups/g-busy", None).unwrap().expect(403);
    let (counted, output) = sim.end();
    assert_eq!(counted["effects"], json!([{"op": "dissolve", "group": "g-busy", "count": 1}]), "{output}");
    assert_eq!((output.code, counted["unexpected"].as_u64()), (Some(0), Some(0)), "{output}");
}

#[test]
fn the_platforms_clock_begins_where_it_is_told_and_can_run_ahead() {
    let sim = Simulator::start("reference", &["--clock", "2026-11-02T01:00:00Z", "--speed", "100000"]);
    ask(&sim, "POST", "/v1/groups/g-busy/dissolve", Some("{}")).unwrap().expect(200);
    // A day to bring it back is a second of ours, and a little more.
    let over = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        let page = http::request("GET", &sim.url("/phone"), &[], None).unwrap().text();
        page.contains("2026-11-03 10:") || page.contains("2026-11-04 ")
    });
    assert!(over, "its clock runs");
    let reply = ask(&sim, "POST", "/v1/groups/g-busy/restore", Some("{}")).unwrap();
    assert_eq!(reply.expect(409)["code"], "recovery_over");
}

#[test]
fn a_world_of_ones_own_is_served_and_what_is_none_is_refused() {
    let dir = tempdir();
    let world = dir.path().join("world.json");
    let text = json!({
        "accounts": [{"id": "me", "name": "\u{202e}<b>Me</b>"}],
        "tokens": [{"token": "t", "account": "me", "scopes": ["read", "post", "manage"]}],
        "groups": [{"id": "a/b c", "name": "<i>\u{1f38f}</i>", "owner": "me", "records": 3}],
        "lines": ["<script>alert(1)</script>"],
    });
    std::fs::write(&world, text.to_string()).unwrap();
    let sim = Simulator::start("wechat", &["--world", world.to_str().unwrap()]);
    let page = http::request("GET", &sim.phone("me"), &[], None).unwrap();
    assert_eq!(page.status, 200);
    assert!(page.text().contains("/phone/me/chat/a%2Fb%20c"), "{}", page.text());
    let chat = http::request("GET", &sim.phone("me/chat/a%2Fb%20c"), &[], None).unwrap();
    assert!(chat.text().contains("&lt;script&gt;") && !chat.text().contains("<script"), "{}", chat.text());
    assert!(!chat.text().contains('\u{202e}'), "nothing turns the page around");
    let adjourn = Adjourn::new(dir.path().join("data"));
    for (arguments, code) in [
        (vec!["sim", "wechat", "--world", "nowhere"], "sim.world"),
        (vec!["sim", "matrix", "--world", "wechat"], "sim.world"),
        (vec!["sim", "nothing"], "platform.unknown"),
        (vec!["sim", "wechat", "--faults", "nonsense"], "sim.faults"),
        (vec!["sim", "wechat", "--clock", "noon"], "sim.clock"),
    ] {
        let all: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
        let output = adjourn.run(&all);
        assert_eq!((output.code, output.error_code().as_deref()), (Some(1), Some(code)), "{output}");
    }
}

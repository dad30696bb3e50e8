//! Tests of the harness itself: the peers are real, the snapshot is what its report says, each lie is told.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests and their helpers; one waits as long as the server asked it to"
)]

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use adjourn_e2e::http::{self, HttpError};
use adjourn_e2e::{Action, Adjourn, Lie, Limits, LyingProxy, Synapse, Tsa, User, encode, tempdir};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const ROOMS: [&str; 7] = ["project", "legacy", "orphan", "sealed", "quiet", "unnamed", "solo"];

fn admin_rooms(room: &str, rest: &str) -> String {
    format!("/_synapse/admin/v1/rooms/{}{rest}", encode(room))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |out, b| out + &format!("{b:02x}"))
}

/// Every event of a room by the admin API, page by page.
fn page_through(root: &User, room: &str) -> Vec<Value> {
    let mut events = Vec::new();
    let mut from = String::new();
    for _ in 0..100 {
        let page = root.get(&admin_rooms(room, &format!("/messages?dir=f&limit=500{from}"))).expect(200);
        events.extend(page["chunk"].as_array().expect("a chunk").iter().cloned());
        match page.get("end").and_then(Value::as_str) {
            Some(end) => from = format!("&from={}", encode(end)),
            None => return events,
        }
    }
    panic!("paging does not end");
}

#[test]
fn a_restored_server_holds_exactly_what_the_seed_reported() {
    let server = Synapse::restore();
    println!("unpacked in {:?}, healthy after {:?}", server.unpack_time(), server.start_time());
    let root = server.as_user("root");
    let mut total = 0;
    for key in ROOMS {
        let (room, report) = (server.room(key), &server.seed()["rooms"][key]);
        let reported: BTreeMap<String, u64> =
            serde_json::from_value(report["types"].clone()).expect("counts by type");
        assert_eq!(server.count_by_type(room), reported, "{key}");
        assert_eq!(Some(server.count_events(room)), report["events"].as_u64(), "{key}");
        assert_eq!(server.count_events(room), reported.values().sum::<u64>(), "{key}");
        let members = root.get(&admin_rooms(room, "/members")).expect(200);
        assert_eq!(members["total"], report["joined_members"], "{key}");
        // Not only as many, but the very events whose ids the sender got.
        let kinds: Vec<&String> = report["sent"].as_object().expect("what was sent").keys().collect();
        let mut sent: Vec<String> = kinds
            .iter()
            .flat_map(|kind| {
                server.rows("SELECT event_id FROM events WHERE room_id = ?1 AND type = ?2", &[room, kind])
            })
            .flatten()
            .collect();
        sent.sort();
        assert_eq!(
            Some(sha256(sent.join("\n").as_bytes()).as_str()),
            report["sent_ids_sha256"].as_str(),
            "{key}"
        );
        total += server.count_events(room);
    }
    assert_eq!(Some(total), server.seed()["events"].as_u64());

    let project = &server.seed()["rooms"]["project"];
    assert_eq!(project["version"], "12");
    assert_eq!(server.seed()["rooms"]["legacy"]["version"], "10");
    // 2,000 messages, 60 edits, 3 media, 1 goodbye.
    assert_eq!(project["types"]["m.room.message"], 2064);
    assert_eq!(project["detail"]["edits"].as_array().map(Vec::len), Some(60));
    assert_eq!(project["detail"]["redacted"].as_array().map(Vec::len), Some(40));

    // The API pages through the same ids that the database holds.
    let mut paged: Vec<String> = page_through(&root, server.room("project"))
        .iter()
        .map(|e| e["event_id"].as_str().expect("an id").to_owned())
        .collect();
    let mut held = server.event_ids(server.room("project"));
    paged.sort();
    held.sort();
    assert_eq!(paged, held);
}

#[test]
fn the_rooms_of_the_inventory_are_what_their_names_say() {
    let server = Synapse::restore();
    let root = server.as_user("root");
    let levels = |key: &str| {
        let state = root.get(&admin_rooms(server.room(key), "/state")).expect(200);
        let found =
            state["state"].as_array().expect("a list").iter().find(|e| e["type"] == "m.room.power_levels");
        found.expect("power levels")["content"]["users"].clone()
    };
    // Version 12 names no creator in the levels; the older room names its owner there.
    assert_eq!(levels("project"), json!({}));
    assert_eq!(levels("legacy"), json!({ server.user_id("bob"): 100, server.user_id("carol"): 50 }));

    let details = |key: &str| root.admin_room(server.room(key)).expect(200);
    assert_eq!(details("orphan")["creator"], server.user_id("carol"));
    let members = root.get(&admin_rooms(server.room("orphan"), "/members")).expect(200);
    assert!(!members.to_string().contains(server.user_id("carol")), "the owner has left: {members}");
    assert_eq!(details("sealed")["encryption"], "m.megolm.v1.aes-sha2");
    assert_eq!(details("solo")["joined_members"], 1);
    assert_eq!(details("unnamed")["name"].as_str().unwrap_or_default(), "");
    assert_eq!(details("project")["name"], "项目甲 Project Y");
    assert_eq!(details("project")["canonical_alias"], "#project-y:peers.test");

    let last = |key: &str| {
        let sql = "SELECT CAST(max(origin_server_ts) AS TEXT) FROM events WHERE room_id = ?1";
        server.rows(sql, &[server.room(key)]).concat().concat().parse::<i64>().expect("a time")
    };
    let days = (last("project") - last("quiet")) / 86_400_000;
    assert!(days > 365, "quiet is only {days} days older than the rest");

    for media in server.seed()["rooms"]["project"]["detail"]["media"].as_array().expect("media") {
        let id = media["mxc"].as_str().expect("mxc").rsplit('/').next().expect("an id");
        let got = server.as_user("alice").get(&format!("/_matrix/client/v1/media/download/peers.test/{id}"));
        assert_eq!((got.status, Some(got.body.len() as u64)), (200, media["bytes"].as_u64()));
        assert_eq!(Some(sha256(&got.body).as_str()), media["sha256"].as_str());
    }
}

#[test]
fn two_restored_servers_do_not_share_anything() {
    let (a, b) = std::thread::scope(|s| {
        let a = s.spawn(Synapse::restore);
        let b = s.spawn(Synapse::restore);
        (a.join().expect("first"), b.join().expect("second"))
    });
    assert_ne!(a.url(), b.url());
    assert_ne!(a.db(), b.db());
    let room = a.room("solo").to_owned();
    let before = b.count_events(&room);
    a.as_user("carol").send(&room, "只在第一台");
    assert_eq!(a.count_events(&room), before + 1);
    assert_eq!(b.count_events(&room), before);
}

#[test]
fn a_killed_server_answers_nothing_and_comes_back_with_its_data() {
    let mut server = Synapse::restore();
    let room = server.room("legacy").to_owned();
    let sent = server.as_user("bob").send(&room, "断电之前");
    let before = server.count_events(&room);
    let pid = server.pid().expect("it runs");
    server.kill9();
    assert!(!server.is_running());
    assert!(matches!(server.as_user("bob").try_call("GET", "/health", None), Err(HttpError::Connect(_))));
    assert_eq!(server.count_events(&room), before, "readable while it is down");
    server.restart();
    assert_ne!(server.pid(), Some(pid));
    let path = format!("/_matrix/client/v3/rooms/{}/event/{}", encode(&room), encode(&sent));
    assert_eq!(server.as_user("carol").get(&path).expect(200)["content"]["body"], "断电之前");
    // A stopped process accepts and does not answer: a time limit, not a refusal.
    server.freeze();
    let hung = http::request_within(
        Duration::from_millis(400),
        "GET",
        &format!("{}/health", server.url()),
        &[],
        None,
    );
    assert!(matches!(hung, Err(HttpError::Io(_))), "{hung:?}");
    server.thaw();
    assert_eq!(server.as_user("bob").get("/health").status, 200);
}

#[test]
fn the_owner_of_an_older_room_can_hand_it_over() {
    let server = Synapse::restore();
    let room = server.room("legacy");
    let refused = server.as_user("carol").set_owner(room, server.user_id("carol"));
    assert_eq!((refused.status, refused.errcode().as_deref()), (403, Some("M_FORBIDDEN")));
    server.as_user("bob").set_owner(room, server.user_id("carol")).expect(200);
    let levels = server.as_user("alice").state(room, "m.room.power_levels", "").expect(200);
    assert_eq!(levels["users"][server.user_id("carol")], 100);
}

// --- timestamp authority ----------------------------------------------------------------------------------------

fn openssl(dir: &std::path::Path, arguments: &str) -> (bool, String) {
    let out = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(dir)
        .output()
        .expect("openssl runs");
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    (out.status.success(), text)
}

#[test]
fn a_timestamp_verifies_and_only_for_what_was_stamped() {
    let tsa = Tsa::start();
    let dir = tempdir();
    std::fs::write(dir.path().join("data"), "封存的清单").expect("written");
    std::fs::write(dir.path().join("other"), "另一份").expect("written");
    std::fs::write(dir.path().join("ca.pem"), tsa.ca_pem()).expect("written");
    assert!(openssl(dir.path(), "ts -query -data data -sha256 -cert -out q.tsq").0);
    let query = std::fs::read(dir.path().join("q.tsq")).expect("a query");
    let kind = [("Content-Type", "application/timestamp-query")];
    let reply = http::request("POST", &tsa.url(), &kind, Some(&query)).expect("an answer");
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/timestamp-reply")));
    std::fs::write(dir.path().join("r.tsr"), &reply.body).expect("written");

    let (ok, says) = openssl(dir.path(), "ts -verify -queryfile q.tsq -in r.tsr -CAfile ca.pem");
    assert!(ok && says.contains("Verification: OK"), "{says}");
    let (ok, says) = openssl(dir.path(), "ts -verify -data other -in r.tsr -CAfile ca.pem");
    assert!(!ok && says.contains("message imprint mismatch"), "{says}");

    // Another authority's root does not vouch for it.
    let stranger = Tsa::start();
    std::fs::write(dir.path().join("stranger.pem"), stranger.ca_pem()).expect("written");
    let (ok, says) = openssl(dir.path(), "ts -verify -queryfile q.tsq -in r.tsr -CAfile stranger.pem");
    assert!(!ok, "{says}");

    let wrong = http::request("POST", &tsa.url(), &[("Content-Type", "text/plain")], Some(&query));
    assert_eq!(wrong.expect("an answer").status, 415);
    let url = tsa.url();
    drop(tsa);
    assert!(http::request("POST", &url, &kind, Some(&query)).is_err(), "a dropped authority still answers");
}

#[test]
fn a_replayed_timestamp_is_told_by_its_nonce() {
    let tsa = Tsa::start();
    let proxy = LyingProxy::start(&tsa.url(), vec![Lie::nth(2, "POST", "/", Action::Stale)]);
    let dir = tempdir();
    std::fs::write(dir.path().join("data"), "x").expect("written");
    std::fs::write(dir.path().join("ca.pem"), tsa.ca_pem()).expect("written");
    for (round, valid) in [(1, true), (2, false)] {
        assert!(openssl(dir.path(), "ts -query -data data -sha256 -cert -out q.tsq").0);
        let query = std::fs::read(dir.path().join("q.tsq")).expect("a query");
        let kind = [("Content-Type", "application/timestamp-query")];
        let reply = http::request("POST", &proxy.url(), &kind, Some(&query)).expect("an answer");
        std::fs::write(dir.path().join("r.tsr"), &reply.body).expect("written");
        let (ok, says) = openssl(dir.path(), "ts -verify -queryfile q.tsq -in r.tsr -CAfile ca.pem");
        assert_eq!(ok, valid, "round {round}: {says}");
        assert_eq!(says.contains("nonce mismatch"), !valid, "round {round}: {says}");
    }
}

// --- the proxy's lies ---------------------------------------------------------------------------------------------

#[test]
fn every_lie_is_told_and_the_log_knows_what_took_effect() {
    let server = Synapse::restore();
    let room = server.room("project").to_owned();
    let proxy = LyingProxy::start(&server.url(), Vec::new());
    let root = User::new(&proxy.url(), server.token("root"));
    let bob = User::new(&proxy.url(), server.token("bob"));
    let details = admin_rooms(&room, "");
    let messages = admin_rooms(&room, "/messages?dir=f&limit=5");

    // Without a rule it changes nothing, chunked or not, whatever the encoding of the path.
    let direct = server.as_user("root").get(&details);
    let through = root.get(&details);
    assert_eq!((through.status, &through.body), (200, &direct.body));
    assert_eq!(through.header("content-type"), direct.header("content-type"));
    assert_eq!(proxy.count_effects("GET", &format!("/rooms/{room}")), 1);

    // 200 and a delete_id, and nothing happens; "complete", for a deletion that never was.
    let delete = format!("/_synapse/admin/v2/rooms/{}", encode(&room));
    proxy.set(vec![
        Lie::always("DELETE", &format!("/v2/rooms/{room}"), Action::FakeDeleteId("FAKEfakeFAKEfake".into())),
        Lie::always("GET", "/delete_status", Action::FakeDeleteComplete),
    ]);
    let body = json!({ "block": true, "purge": true });
    assert_eq!(
        root.call("DELETE", &delete, Some(&body)).expect(200),
        json!({ "delete_id": "FAKEfakeFAKEfake" })
    );
    let status = root.get("/_synapse/admin/v2/rooms/delete_status/FAKEfakeFAKEfake").expect(200);
    assert_eq!(status["status"], "complete");
    let status = root.get(&format!("{delete}/delete_status")).expect(200);
    assert_eq!(status["results"][0]["status"], "complete");
    assert_eq!((proxy.count("DELETE", "/v2/rooms/"), proxy.count_effects("DELETE", "/v2/rooms/")), (1, 0));
    assert_eq!(
        proxy.log().iter().find(|s| s.method == "DELETE").map(|s| s.body.clone()),
        Some(body.to_string().into_bytes())
    );
    assert_eq!(root.get(&details).expect(200)["joined_members"], 4, "the room lives");

    // A false 404, only for reads of this room.
    proxy.set(vec![Lie::always("GET", &format!("/rooms/{room}"), Action::FalseNotFound)]);
    for path in [&details, &admin_rooms(&room, "/members"), &admin_rooms(&room, "/state")] {
        let answer = root.get(path);
        assert_eq!((answer.status, answer.errcode().as_deref()), (404, Some("M_NOT_FOUND")), "{path}");
    }
    assert_eq!(root.admin_room(server.room("solo")).status, 200);
    assert_eq!(server.as_user("root").get(&details).status, 200);

    // An old answer.
    let solo = admin_rooms(server.room("solo"), "/members");
    proxy.set(Vec::new());
    assert_eq!(root.get(&solo).expect(200)["total"], 1);
    server.as_user("carol").invite(server.room("solo"), server.user_id("bob")).expect(200);
    server.as_user("bob").join(server.room("solo")).expect(200);
    proxy.set(vec![Lie::always("GET", "/members", Action::Stale)]);
    assert_eq!(root.get(&solo).expect(200)["total"], 1);
    assert_eq!(server.as_user("root").get(&solo).expect(200)["total"], 2);

    // An empty page, in the middle of an export.
    proxy.set(vec![Lie::nth(2, "GET", "/messages", Action::EmptyPage)]);
    let first = root.get(&messages).expect(200);
    assert_eq!(first["chunk"].as_array().map(Vec::len), Some(5));
    let second = root.get(&format!("{messages}&from={}", first["end"].as_str().expect("end"))).expect(200);
    assert_eq!((second["chunk"].as_array().map(Vec::len), second.get("end")), (Some(0), None));

    // The effect without the reply, and neither.
    let count = || server.count_events(&room);
    let before = count();
    let send = |n: u32| format!("/_matrix/client/v3/rooms/{}/send/m.room.message/lie{n}", encode(&room));
    let text = json!({ "msgtype": "m.text", "body": "到了吗?" });
    proxy.clear_log();
    proxy.set(vec![Lie::always("PUT", "/send/", Action::DropReply)]);
    assert!(matches!(bob.try_call("PUT", &send(1), Some(&text)), Err(HttpError::NoReply)));
    assert_eq!(count(), before + 1);
    proxy.set(vec![Lie::always("PUT", "/send/", Action::DropRequest)]);
    assert!(matches!(bob.try_call("PUT", &send(2), Some(&text)), Err(HttpError::NoReply)));
    assert_eq!(count(), before + 1);
    assert_eq!((proxy.count("PUT", "/send/"), proxy.count_effects("PUT", "/send/")), (2, 1));
    let log = proxy.log();
    assert_eq!(
        log.iter().map(|s| (s.status, s.upstream_status)).collect::<Vec<_>>(),
        [(None, Some(200)), (None, None)]
    );
    // Again with the first key: the server knows it, no second event.
    proxy.set(Vec::new());
    bob.put(&send(1), &text).expect(200);
    assert_eq!(count(), before + 1);

    // Too many requests, with a time and without.
    proxy.set(vec![
        Lie::nth(1, "GET", "/whoami", Action::TooMany { retry_after_ms: Some(1500) }),
        Lie::nth(2, "GET", "/whoami", Action::TooMany { retry_after_ms: None }),
    ]);
    let whoami = "/_matrix/client/v3/account/whoami";
    let answer = bob.get(whoami);
    assert_eq!(answer.header("retry-after"), Some("2"));
    assert_eq!(answer.expect(429)["retry_after_ms"], 1500);
    let answer = bob.get(whoami);
    assert_eq!(answer.header("retry-after"), None);
    assert_eq!(answer.expect(429).get("retry_after_ms"), None);
    assert_eq!(bob.get(whoami).status, 200, "the third is not lied to");

    // Bad gateways: one before the server, one behind it.
    proxy.set(vec![Lie::always("PUT", "/send/", Action::BadGateway { forward_first: false })]);
    let answer = bob.put(&send(3), &text);
    assert_eq!((answer.status, answer.header("content-type"), count()), (502, Some("text/html"), before + 1));
    proxy.set(vec![Lie::always("PUT", "/send/", Action::BadGateway { forward_first: true })]);
    assert_eq!((bob.put(&send(4), &text).status, count()), (502, before + 2));

    // Half a body, a wrong type, a delay, any answer.
    proxy.set(vec![Lie::always("GET", "/messages", Action::HalfBody)]);
    let half = root.try_call("GET", &messages, None);
    assert!(matches!(half, Err(HttpError::Truncated { status: 200, got }) if got > 0), "{half:?}");
    proxy.set(vec![Lie::always("GET", "/messages", Action::WrongContentType)]);
    let answer = root.get(&messages);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html")));
    assert_eq!(answer.json()["chunk"].as_array().map(Vec::len), Some(5));
    proxy.set(vec![Lie::always("GET", "/whoami", Action::Delay(Duration::from_millis(300)))]);
    let begun = Instant::now();
    assert_eq!(bob.get(whoami).status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(300));
    let teapot =
        Action::Answer { status: 418, content_type: "application/json".into(), body: b"{}".to_vec() };
    proxy.set(vec![Lie::always("*", "", teapot)]);
    assert_eq!(bob.get("/whatever").status, 418);

    // A server that is gone is a bad gateway, never an answer of ours.
    proxy.set(Vec::new());
    drop(server);
    assert_eq!(bob.get(whoami).status, 502);
}

// --- the runner ---------------------------------------------------------------------------------------------------

#[test]
fn the_runner_passes_arguments_and_environment_and_kills_from_outside() {
    // A stand-in: the harness is tested without the product.
    let dir = tempdir();
    let script = dir.path().join("adjourn");
    std::fs::write(
        &script,
        "#!/bin/sh\nshift 2\ncase $1 in\n\
         echo) printf '{\"args\":\"%s\",\"env\":\"%s\",\"leak\":\"%s\"}' \"$*\" \"$GIVEN\" \"$CARGO_MANIFEST_DIR\"; exit 3;;\n\
         fail) echo noise >&2; echo '{\"error\":{\"code\":\"plan.stale\"}}' >&2; exit 9;;\n\
         hang) echo started; sleep 600; echo never;;\nesac\n",
    )
    .expect("written");
    assert!(Command::new("chmod").arg("+x").arg(&script).status().expect("chmod runs").success());
    let adjourn = Adjourn::with_binary(&script, dir.path()).env("GIVEN", "群");
    let said = adjourn.json(3, &["echo", "a b"]);
    assert_eq!(said, json!({ "args": "echo a b --json", "env": "群", "leak": "" }));
    let failed = adjourn.run(&["fail"]);
    assert_eq!((failed.code, failed.error_code().as_deref()), (Some(9), Some("plan.stale")));

    let mut running = adjourn.spawn(&["hang"]);
    assert_eq!(running.wait_for_text("start", Duration::from_secs(10)), "started");
    assert!(running.is_running());
    let killed = running.kill9();
    assert_eq!((killed.code, killed.stdout.as_str()), (None, "started\n"));
}

#[test]
fn a_quick_sender_meets_the_servers_own_limit() {
    let server = Synapse::restore_with(Limits::Default);
    let (bob, room) = (server.as_user("bob"), server.room("legacy"));
    let refused = (0..60)
        .map(|n| bob.try_send(room, &format!("第 {n} 条")))
        .find(|answer| answer.status != 200)
        .expect("sixty messages at once are too many");
    assert_eq!(refused.errcode().as_deref(), Some("M_LIMIT_EXCEEDED"));
    let wait = refused.expect(429)["retry_after_ms"].as_u64().expect("a time");
    assert!(wait > 0 && wait < 60_000, "{wait}");
    std::thread::sleep(Duration::from_millis(wait + 50));
    assert_eq!(bob.try_send(room, "等够了").status, 200);
}

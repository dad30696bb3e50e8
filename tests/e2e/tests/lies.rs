//! A homeserver that lies. Whatever it says, the verdict is `gone` only where the room is gone for a witness and nothing
//! speaks against it; else the end is 7, without a certificate, and the bundle that says so verifies.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: what is not there is a failed test"
)]

use std::time::{Duration, Instant};

use adjourn_e2e::{Access, Action, Lie, LyingProxy, Office, Scene, at_once, shared, tempdir, tests};
use serde_json::Value;

/// What became of the case: the end of `apply`, its bundle verified, and whether there is a certificate.
fn ended(scene: &Scene, code: i32) -> Value {
    let output = scene.apply();
    assert_eq!(output.code, Some(code), "{output}");
    let end = output.json();
    let bundle = end["bundle"].as_str().unwrap_or_else(|| panic!("no bundle: {output}"));
    let report = scene.office.adjourn().json(0, &["verify", bundle]);
    assert_eq!(report["ok"], true);
    let gone = end["groups"][0]["verdict"] == "gone";
    assert_eq!(
        scene.certified(bundle),
        gone,
        "a certificate is for what is gone, and only for that: {output}"
    );
    assert_eq!(code == 7, !gone, "{output}");
    end
}

fn verdict(end: &Value) -> &str {
    end["groups"][0]["verdict"].as_str().unwrap()
}

/// "Accepted" and "complete", and nothing done.
fn nothing_done(scene: &Scene) -> Vec<Lie> {
    vec![
        Lie::always("DELETE", &room_path(scene), Action::FakeDeleteId("fakedeleteid".into())),
        Lie::always("GET", "delete_status", Action::FakeDeleteComplete),
    ]
}

fn room_path(scene: &Scene) -> String {
    format!("/_synapse/admin/v2/rooms/{}", scene.room.id)
}

/// The lie about reads of the room, from the deletion on.
fn then(scene: &Scene, action: Action) -> Lie {
    Lie::always("GET", &scene.room.id, action).after("DELETE", &room_path(scene))
}

fn proxy_404() -> Action {
    Action::Answer { status: 404, content_type: "text/html".into(), body: b"<h1>404 Not Found</h1>".into() }
}

#[test]
fn no_lie_makes_a_certificate() {
    // Held here, so that all of them have the same server.
    let _server = shared();
    at_once(
        8,
        tests![
            accepted_and_complete_and_nothing_done,
            a_false_404_for_the_room_is_contradicted_by_its_last_event,
            a_404_without_the_servers_word_says_nothing,
            stale_answers_after_a_deletion_that_never_was,
            empty_pages_after_a_deletion_that_never_was,
            an_empty_page_is_not_the_history,
            an_event_that_the_server_fails_to_show_is_a_gap_between_its_neighbours,
            lies_to_the_acting_identity_alone,
            lies_to_the_witness_alone,
            an_honest_purge_behind_stale_answers_is_not_proved,
            a_deletion_whose_replies_are_lost_is_not_repeated,
            a_gateway_that_fails_after_the_effect_repeats_nothing,
            limits_on_changing_calls_are_waited_for,
            half_a_body_is_no_answer,
            the_declared_type_of_an_answer_does_not_matter_its_content_does,
        ],
    );
}

fn accepted_and_complete_and_nothing_done() {
    let scene = Scene::new("lie-nothing-done");
    scene.lie(nothing_done(&scene));
    let end = ended(&scene, 7);
    assert_eq!(verdict(&end), "still_there");
    assert!(scene.room.is_alive(&scene.synapse), "nothing was done, and the verdict says so");
    assert_eq!(scene.deletions(), (0, 0));
    assert_eq!(scene.proxy.count("DELETE", &room_path(&scene)), 5, "it was asked again, but not for ever");
}

fn a_false_404_for_the_room_is_contradicted_by_its_last_event() {
    let scene = Scene::new("lie-false-404");
    let mut lies = nothing_done(&scene);
    lies.push(then(&scene, Action::FalseNotFound));
    scene.lie(lies);
    let end = ended(&scene, 7);
    assert_eq!(verdict(&end), "unknown");
    assert!(scene.room.is_alive(&scene.synapse));
}

fn a_404_without_the_servers_word_says_nothing() {
    let scene = Scene::new("lie-proxy-404");
    let mut lies = nothing_done(&scene);
    lies.push(then(&scene, proxy_404()));
    scene.lie(lies);
    let end = ended(&scene, 7);
    assert_ne!(verdict(&end), "gone");
    assert!(scene.room.is_alive(&scene.synapse));
}

fn stale_answers_after_a_deletion_that_never_was() {
    let scene = Scene::new("lie-stale");
    let mut lies = nothing_done(&scene);
    lies.push(then(&scene, Action::Stale));
    scene.lie(lies);
    assert_eq!(verdict(&ended(&scene, 7)), "still_there");
    assert!(scene.room.is_alive(&scene.synapse));
}

fn empty_pages_after_a_deletion_that_never_was() {
    let scene = Scene::new("lie-empty-page");
    let mut lies = nothing_done(&scene);
    for part in ["/messages", "/members", "search_term"] {
        lies.push(Lie::always("GET", part, Action::EmptyPage).after("DELETE", &room_path(&scene)));
    }
    scene.lie(lies);
    assert_eq!(verdict(&ended(&scene, 7)), "still_there");
    assert!(scene.room.is_alive(&scene.synapse));
}

fn an_empty_page_is_not_the_history() {
    let scene = Scene::new("lie-empty-history");
    scene.lie(vec![Lie::always("GET", "/messages", Action::EmptyPage)]);
    let running = scene.office.adjourn().spawn(&[
        "apply",
        &scene.case,
        "--json",
        "--key",
        &scene.office.key("requester"),
    ]);
    let begun = Instant::now();
    let error = loop {
        let why = scene.office.json("requester", 0, &["why", &scene.case]);
        let group = &why["groups"][0];
        if group["step_op"] == "export" && group["attempts"].as_u64() >= Some(2) {
            break group["error"].clone();
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "it does not stand at the export: {why:#}");
    };
    assert_eq!(error, "connection.protocol", "a living room without a single event is no history");
    assert!(scene.room.is_alive(&scene.synapse), "nothing is dissolved without its history");
    assert_eq!(scene.proxy.count("DELETE", &room_path(&scene)), 0);
    // The server finds its history again, and the run goes on from where it stood.
    scene.lie(Vec::new());
    let ended = running.wait(Duration::from_mins(2));
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(verdict(&ended.json()), "gone");
    assert!(ended.json()["groups"][0]["receipt"]["total"].as_u64() > Some(8), "{ended}");
    assert!(scene.room.is_purged(&scene.synapse));
}

fn an_event_that_the_server_fails_to_show_is_a_gap_between_its_neighbours() {
    let (synapse, office, dir) = (shared(), Office::new(None), tempdir());
    let proxy = LyingProxy::start(&synapse.url(), Vec::new());
    office.connect_shared(&synapse, &proxy.url(), Access::default());
    let export = |room: &str, code: i32| {
        let events = synapse.event_ids(synapse.room(room));
        let out = dir.path().join(room).display().to_string();
        let told = office.json("requester", code, &["export", synapse.room(room), "--out", &out]);
        (events, told["export"]["receipt"].clone())
    };
    // Every page of the usual size is half a document, and smaller ones are not: nothing is lost.
    let body = b"{\"chunk\":[{".to_vec();
    let half = Action::Answer { status: 200, content_type: "application/json".into(), body };
    proxy.set(vec![Lie::always("GET", "limit=250", half)]);
    let (events, whole) = export("unnamed", 0);
    assert_eq!((whole["total"].as_u64(), &whole["compared"]), (Some(events.len() as u64), &true.into()));
    proxy.set(Vec::new());
    // The server itself can't read one of its events, which nobody has asked for since it started.
    let place = 20;
    synapse.spoil_event(&synapse.event_ids(synapse.room("legacy"))[place]);
    let (events, partly) = export("legacy", 5);
    assert_eq!(partly["total"].as_u64(), Some(events.len() as u64 - 1), "nothing else is lost: {partly:#}");
    let [gap] = partly["bad"].as_array().unwrap().as_slice() else { panic!("{partly:#}") };
    assert_eq!((&gap["reason"], &gap["kept"]), (&"page".into(), &false.into()));
    assert_eq!(gap["says"], "500 M_UNKNOWN");
    assert_eq!(gap["after"]["id"], events[place - 1].as_str());
    assert_eq!(gap["before"]["id"], events[place + 1].as_str());
    assert_eq!((&partly["complete"], &partly["compared"]), (&false.into(), &true.into()));
}

fn lies_to_the_acting_identity_alone() {
    let scene = Scene::new("lie-to-actor");
    let actor = scene.synapse.token("root").to_owned();
    let mut lies = nothing_done(&scene);
    lies.push(then(&scene, Action::FalseNotFound).only_to(&actor));
    scene.lie(lies);
    let end = ended(&scene, 7);
    assert!(["still_there", "unknown"].contains(&verdict(&end)), "{end:#}");
    assert!(scene.room.is_alive(&scene.synapse));
}

fn lies_to_the_witness_alone() {
    let scene = Scene::new("lie-to-witness");
    let witness = scene.synapse.token("witness").to_owned();
    let mut lies = nothing_done(&scene);
    lies.push(then(&scene, Action::FalseNotFound).only_to(&witness));
    lies.push(
        Lie::always("GET", "/fetch_event/", Action::FalseNotFound)
            .only_to(&witness)
            .after("DELETE", &room_path(&scene)),
    );
    scene.lie(lies);
    assert_eq!(verdict(&ended(&scene, 7)), "unknown");
    assert!(scene.room.is_alive(&scene.synapse));
}

fn an_honest_purge_behind_stale_answers_is_not_proved() {
    let scene = Scene::new("lie-stale-after-purge");
    scene.lie(vec![then(&scene, Action::Stale)]);
    let end = ended(&scene, 7);
    assert!(["still_there", "unknown"].contains(&verdict(&end)), "{end:#}");
    assert_eq!(scene.room.members(&scene.synapse), 0, "the deletion itself was real");
}

fn a_deletion_whose_replies_are_lost_is_not_repeated() {
    let scene = Scene::new("lie-lost-replies");
    scene.lie(vec![
        Lie::nth(1, "DELETE", &room_path(&scene), Action::DropReply),
        Lie::nth(2, "DELETE", &room_path(&scene), Action::DropReply),
    ]);
    assert_eq!(verdict(&ended(&scene, 0)), "gone");
    assert_eq!(scene.deletions(), (1, 1), "closed once, purged once");
    assert!(scene.room.is_purged(&scene.synapse));
}

fn a_gateway_that_fails_after_the_effect_repeats_nothing() {
    let scene = Scene::new("lie-bad-gateway");
    let bad = || Action::BadGateway { forward_first: true };
    scene.lie(vec![
        Lie::nth(1, "DELETE", &room_path(&scene), bad()),
        Lie::nth(2, "DELETE", &room_path(&scene), bad()),
        Lie::nth(1, "PUT", "/send/m.room.message/", bad()),
        Lie::nth(1, "PUT", "m.room.power_levels", bad()),
    ]);
    assert_eq!(verdict(&ended(&scene, 0)), "gone");
    assert_eq!(scene.deletions(), (1, 1));
    assert_eq!(scene.proxy.count_effects("PUT", "/send/m.room.message/"), 1, "members read it once");
    assert!(scene.room.is_purged(&scene.synapse));
}

fn limits_on_changing_calls_are_waited_for() {
    let scene = Scene::new("lie-limits");
    let told = || Action::TooMany { retry_after_ms: Some(1500) };
    let untold = || Action::TooMany { retry_after_ms: None };
    scene.lie(vec![
        Lie::nth(1, "PUT", "m.room.power_levels", told()),
        Lie::nth(1, "PUT", "/send/m.room.message/", untold()),
        Lie::nth(1, "DELETE", &room_path(&scene), told()),
        Lie::nth(3, "DELETE", &room_path(&scene), untold()),
    ]);
    assert_eq!(verdict(&ended(&scene, 0)), "gone");
    assert_eq!(scene.deletions(), (1, 1));
    let deletes: Vec<_> = scene
        .proxy
        .log()
        .into_iter()
        .filter(|seen| seen.method == "DELETE" && seen.path.contains(scene.room.local()))
        .collect();
    let (Some(first), Some(second)) = (deletes.first(), deletes.get(1)) else { panic!("{deletes:?}") };
    assert!(second.at.saturating_sub(first.at).as_millis() >= 1500, "it waits as long as it was told to");
    assert!(scene.room.is_purged(&scene.synapse));
}

fn half_a_body_is_no_answer() {
    let scene = Scene::new("lie-half-body");
    scene.lie(vec![
        Lie::nth(1, "DELETE", &room_path(&scene), Action::HalfBody),
        Lie::nth(2, "DELETE", &room_path(&scene), Action::HalfBody),
        Lie::nth(1, "GET", "/messages", Action::HalfBody),
        Lie::nth(1, "GET", "/state", Action::HalfBody),
        Lie::nth(1, "PUT", "/send/m.room.message/", Action::HalfBody),
    ]);
    assert_eq!(verdict(&ended(&scene, 0)), "gone");
    assert_eq!(scene.deletions(), (1, 1));
    assert!(scene.room.is_purged(&scene.synapse));
}

fn the_declared_type_of_an_answer_does_not_matter_its_content_does() {
    let scene = Scene::new("lie-content-type");
    scene.lie(vec![Lie::always("*", &scene.room.id, Action::WrongContentType)]);
    assert_eq!(verdict(&ended(&scene, 0)), "gone");
    assert_eq!(scene.deletions(), (1, 1));
    assert!(scene.room.is_purged(&scene.synapse));
}

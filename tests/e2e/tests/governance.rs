//! Who may do what and when: drift, holds, reviews, the personal class, pausing and taking back, several processes, fewer
//! rights, and the destruction of a group's key.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: what is not there is a failed test"
)]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use adjourn_e2e::{
    Access, Office, Output, Room, Running, Scene, Synapse, at_once, certificates, shared, tempdir, tests,
};
use serde_json::{Value, json};

#[test]
fn nobody_ends_a_group_alone_or_against_the_rules() {
    let _server = shared();
    at_once(
        6,
        tests![
            the_world_changes_between_approval_and_apply,
            the_owner_changes_during_the_cooling_off,
            a_hold_blocks_before_and_during_the_cooling_off,
            reviews,
            a_destroyed_key_leaves_nothing_behind,
            a_group_of_ones_own,
            paused_resumed_and_taken_back,
            two_at_once_and_no_way_back,
            a_service_does_the_work,
            without_admin_rights_a_shell_is_left,
            without_a_witness_nothing_is_proved,
        ],
    );
}

#[track_caller]
fn refused(output: &Output, exit: i32, code: &str) {
    assert_eq!((output.code, output.error_code().as_deref()), (Some(exit), Some(code)), "{output}");
}

fn start(scene: &Scene) -> Running {
    let key = scene.office.key("requester");
    scene.office.adjourn().spawn(&["apply", &scene.case, "--json", "--key", &key])
}

fn why(scene: &Scene) -> Value {
    scene.office.json("requester", 0, &["why", &scene.case])
}

/// Waits until the run stands at this step.
#[track_caller]
fn reaches(scene: &Scene, op: &str) {
    let begun = Instant::now();
    loop {
        let why = why(scene);
        if why["groups"][0]["step_op"] == op {
            return;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "not at {op}: {why:#}");
    }
}

fn ends(running: Running) -> Output {
    running.wait(Duration::from_mins(3))
}

fn slow(office: &Office) {
    office.configure("cooling_off_s = 1", "cooling_off_s = 12");
}

fn can_send(scene: &Scene, who: &str) -> bool {
    scene.synapse.as_user(who).try_send(&scene.room.id, "may I?").status == 200
}

fn approve(office: &Office, case: &str) {
    office.json("requester", 3, &["submit", case]);
    office.json("business", 3, &["approve", case]);
    office.json("compliance", 0, &["approve", case]);
}

fn the_world_changes_between_approval_and_apply() {
    let scene = Scene::new("gov-drift");
    let (synapse, room) = (&scene.synapse, &scene.room);
    let alice = synapse.as_user("alice");
    let widget = json!({ "type": "m.custom", "url": "https://widget.example", "name": "W", "id": "w1" });
    let changes: [(&str, &dyn Fn()); 3] = [
        ("drift-owner", &|| drop(alice.set_owner(&room.id, synapse.user_id("bob")).expect(200))),
        ("drift-link-new", &|| {
            drop(alice.set_state(&room.id, "im.vector.modular.widgets", "w1", &widget).expect(200));
        }),
        ("drift-members", &|| drop(synapse.as_user("dave").join(&room.id).expect(200))),
    ];
    for (code, change) in changes {
        change();
        let diff = scene.office.json("requester", 9, &["diff", &scene.case]);
        assert_eq!(diff["groups"][0]["differences"][0]["code"], code, "{diff:#}");
        let stale = scene.apply();
        refused(&stale, 9, "plan.stale");
        let shown = stale.json();
        assert_eq!(
            (&shown["status"], &shown["groups"][0]["differences"][0]["code"]),
            (&json!("stale"), &json!(code))
        );
        if code == "drift-owner" {
            assert!(shown.to_string().contains(synapse.user_id("bob")), "the difference is shown: {shown:#}");
            let words = scene.office.run("requester", &["apply", &scene.case]);
            assert!(words.stdout.contains(synapse.user_id("bob")), "{words}");
        }
        // The approvals are void, also for the plan that is drawn anew.
        refused(&scene.office.run("business", &["approve", &scene.case, "--json"]), 9, "plan.stale");
        refused(&scene.apply(), 9, "plan.stale");
        scene.office.json("requester", 2, &["plan", &room.id, "--reason", "again", "--case", &scene.case]);
        assert_eq!(scene.apply().code, Some(3));
        approve(&scene.office, &scene.case);
    }
    assert!(room.is_alive(synapse));
    assert_eq!(scene.deletions(), (0, 0));
    let end = scene.apply();
    assert_eq!(end.code, Some(0), "{end}");
    assert_eq!(end.json()["groups"][0]["verdict"], "gone");
}

fn the_owner_changes_during_the_cooling_off() {
    let scene = Scene::with("gov-owner-late", Access::default(), slow);
    let running = start(&scene);
    reaches(&scene, "cooling_off");
    scene.synapse.as_user("alice").set_owner(&scene.room.id, scene.synapse.user_id("bob")).expect(200);
    let output = ends(running);
    refused(&output, 9, "plan.stale");
    assert!(output.stderr.contains("drift-owner"), "{output}");
    assert!(scene.room.is_alive(&scene.synapse), "nothing was dissolved");
    assert_eq!(scene.deletions(), (0, 0));
    refused(&scene.apply(), 9, "plan.stale");
    // It stays frozen for the plan that follows; who gives up has the freeze taken back with it.
    assert!(!can_send(&scene, "carol"));
    let (case, _) = scene.office.approved(&scene.room.id);
    let scene = Scene { case, ..scene };
    let running = start(&scene);
    reaches(&scene, "cooling_off");
    scene.office.json("requester", 0, &["undo", &scene.case]);
    assert_eq!(ends(running).code, Some(5));
    assert!(can_send(&scene, "carol"), "as it was before the first freeze");
    assert_eq!(scene.deletions(), (0, 0));
}

fn a_hold_blocks_before_and_during_the_cooling_off() {
    let scene = Scene::with("gov-hold", Access::default(), slow);
    let office = &scene.office;
    let add = || {
        let hold = office.json("compliance", 0, &["hold", "add", &scene.room.id, "--matter", "case 7/2026"]);
        hold["hold"].as_str().unwrap().to_owned()
    };
    let lift = |hold: &str| {
        let asked = office.json("compliance", 3, &["hold", "lift", hold]);
        assert_eq!(asked["lifted"], false);
        refused(&office.run("compliance", &["hold", "lift", hold, "--json"]), 4, "hold.self_lift");
        let confirmed = ["hold", "lift", hold, "--confirm", &scene.room.name];
        assert_eq!(office.json("business", 0, &confirmed)["lifted"], true);
        assert_eq!(office.json("admin", 0, &["hold", "ls"])["holds"], json!([]));
    };
    let hold = add();
    refused(&scene.apply(), 4, "hold.active");
    assert_eq!(office.json("admin", 0, &["hold", "ls"])["holds"][0]["hold"], hold.as_str());
    lift(&hold);
    let running = start(&scene);
    reaches(&scene, "cooling_off");
    let hold = add();
    refused(&ends(running), 4, "hold.active");
    refused(&scene.apply(), 4, "hold.active");
    refused(&office.run("admin", &["destroy", "plan", &scene.room.id, "--json"]), 1, "run.active");
    assert!(scene.room.is_alive(&scene.synapse));
    assert_eq!(scene.deletions(), (0, 0));
    lift(&hold);
    let end = scene.apply();
    assert_eq!(end.code, Some(0), "{end}");
    assert_eq!(end.json()["groups"][0]["verdict"], "gone");
    assert!(scene.room.is_purged(&scene.synapse));
}

fn reviews() {
    let synapse = shared();
    let room = Room::make(&synapse, "alice", "gov-reviews");
    let office = Office::new(None);
    office.connect_shared(&synapse, &synapse.url(), Access::default());
    let draw = || {
        let plan = office.json("requester", 2, &["plan", &room.id, "--reason", "r"]);
        plan["case"].as_str().unwrap().to_owned()
    };
    let case = draw();
    let said = |who: &str, verb: &[&str]| {
        let mut all = verb.to_vec();
        all.extend([case.as_str(), "--json"]);
        office.run(who, &all)
    };
    refused(&said("business", &["approve"]), 1, "case.state"); // nobody has handed it in
    office.json("requester", 3, &["submit", &case]);
    refused(&said("requester", &["approve"]), 4, "approval.self");
    refused(&said("requester", &["reject", "--reason", "no"]), 4, "approval.self");
    refused(&said("admin", &["approve"]), 4, "approval.role");
    let stranger = Office::new(None);
    let key = stranger.key("business");
    refused(&office.adjourn().run(&["approve", &case, "--json", "--key", &key]), 1, "principal.unknown");
    refused(&office.adjourn().run(&["approve", &case, "--json"]), 1, "principal.missing");
    office.json("business", 3, &["approve", &case]);
    refused(&said("business", &["approve"]), 4, "approval.duplicate");
    refused(&said("requester", &["apply"]), 3, "approval.needed");
    // A rejection ends it, whoever approved before.
    let rejected =
        office.json("compliance", 0, &["reject", &case, "--reason", "the archive is not agreed on"]);
    assert_eq!(rejected["status"], "rejected");
    refused(&said("requester", &["apply"]), 1, "case.state");
    refused(&said("compliance", &["approve"]), 1, "case.state");
    refused(&said("requester", &["pause"]), 1, "case.state");
    refused(&said("requester", &["undo"]), 1, "case.state");
    // The same person under a second key is a second person only for an admin who says so.
    let other = draw();
    assert_ne!(other, case);
    assert!(room.is_alive(&synapse));
}

const PERSONAL: &str = "[policy.personal]\ncooling_off_s = 1\nobservation_s = 3\nprobes_s = [0, 1, 3]\n\
    members_drift_percent = 10\nsettle_s = 1\npatience_s = 4\n\
    [policy.personal.review]\nrules = []\ntyped_confirmation = true\n[policy.important]\n";

fn a_group_of_ones_own() {
    let synapse = shared();
    let room = Room::make(&synapse, "root", "gov-my-own");
    let not_mine = Room::make(&synapse, "alice", "gov-not-mine");
    let office = Office::new(None);
    office.configure("[policy.important]\n", PERSONAL);
    office.connect_shared(&synapse, &synapse.url(), Access { class: "personal", ..Access::default() });
    let blocked = office.json("requester", 4, &["plan", &not_mine.id, "--reason", "r"]);
    assert_eq!(blocked["blockers"][0]["blocker"]["code"], "blocker-personal", "{blocked:#}");
    let other = blocked["case"].as_str().unwrap();
    refused(&office.run("requester", &["submit", other, "--json"]), 4, "plan.blocked");

    let plan = office.json("requester", 2, &["plan", &room.id, "--reason", "r"]);
    let case = plan["case"].as_str().unwrap();
    assert_eq!(plan["plan"]["review"], json!({ "rules": [], "typed_confirmation": true }));
    office.json("requester", 3, &["submit", case]);
    assert_eq!(office.run("requester", &["apply", case]).code, Some(3), "nothing without the typed name");
    let typed = |who: &str, name: &str| office.run(who, &["apply", case, "--confirm", name, "--json"]);
    refused(&typed("requester", "gov-not-mine"), 1, "confirm.mismatch");
    refused(&typed("requester", ""), 1, "confirm.mismatch");
    refused(&typed("business", &room.name), 4, "approval.role"); // only who asked for it
    assert!(room.is_alive(&synapse));
    let end = typed("requester", &room.name);
    assert_eq!(end.code, Some(0), "{end}");
    let bundle = end.json()["bundle"].as_str().unwrap().to_owned();
    office.adjourn().json(0, &["verify", &bundle]);
    let certificate = certificate(&bundle);
    assert_eq!((&certificate["reviewed"], &certificate["class"]), (&json!(false), &json!("personal")));
    assert!(room.is_purged(&synapse));
}

fn certificate(bundle: &str) -> Value {
    let group = std::fs::read_dir(format!("{bundle}/data/groups")).unwrap().next().unwrap().unwrap();
    serde_json::from_slice(&std::fs::read(group.path().join("certificate.json")).unwrap()).unwrap()
}

fn paused_resumed_and_taken_back() {
    let scene = Scene::with("gov-undo", Access::default(), slow);
    let running = start(&scene);
    reaches(&scene, "cooling_off");
    assert!(!can_send(&scene, "bob"), "the room is frozen");
    scene.office.json("requester", 0, &["pause", &scene.case]);
    let paused = ends(running);
    assert_eq!(paused.code, Some(5), "{paused}");
    assert_eq!(paused.json()["groups"][0]["state"], "paused");
    refused(&scene.office.run("requester", &["pause", &scene.case, "--json"]), 1, "case.state");
    assert_eq!(scene.apply().code, Some(5), "a paused case is not moved by apply");
    std::thread::sleep(Duration::from_secs(13));
    assert_eq!(scene.apply().code, Some(5), "not when the time of the wait is over either");
    assert_eq!(scene.deletions(), (0, 0));
    scene.office.json("requester", 0, &["resume", &scene.case]);
    scene.office.json("requester", 0, &["undo", &scene.case]);
    assert_eq!(why(&scene)["groups"][0]["ending"], "undone", "{:#}", why(&scene));
    assert!(can_send(&scene, "bob"), "thawed again");
    assert!(scene.room.is_alive(&scene.synapse));
    assert_eq!(scene.deletions(), (0, 0));
    refused(&scene.office.run("requester", &["undo", &scene.case, "--json"]), 1, "case.state");
    assert_eq!(scene.apply().code, Some(5), "what was taken back is not done");
    assert!(scene.room.is_alive(&scene.synapse));
    // A new case on the same group goes its whole way.
    let (case, _) = scene.office.approved(&scene.room.id);
    scene.office.json("requester", 0, &["apply", &case]);
    assert!(scene.room.is_purged(&scene.synapse));
}

fn two_at_once_and_no_way_back() {
    let scene = Scene::with("gov-twice", Access::default(), |office| {
        office.configure("observation_s = 3", "observation_s = 8");
        office.configure("probes_s = [0, 1, 3]", "probes_s = [0, 1, 8]");
    });
    scene.proxy.clear_log();
    let (one, two) = (start(&scene), start(&scene));
    reaches(&scene, "observe");
    refused(&scene.office.run("requester", &["undo", &scene.case, "--json"]), 1, "undo.past_return");
    for running in [one, two] {
        let output = ends(running);
        assert_eq!(output.code, Some(0), "{output}");
        assert_eq!(output.json()["groups"][0]["verdict"], "gone");
    }
    assert_eq!(scene.deletions(), (1, 1), "each effect once");
    assert_eq!(scene.proxy.count_effects("PUT", "/send/m.room.message/"), 1);
    refused(&scene.office.run("requester", &["undo", &scene.case, "--json"]), 1, "case.state");
    assert!(scene.room.is_purged(&scene.synapse));
}

fn a_service_does_the_work() {
    let scene = Scene::new("gov-service");
    let mut serve = scene.office.adjourn().spawn(&["serve", "--listen", "127.0.0.1:0", "--lang", "en"]);
    let line = serve.wait_for_text("127.0.0.1:", Duration::from_secs(20));
    let port: String =
        line.split("127.0.0.1:").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
    let health =
        adjourn_e2e::http::request("GET", &format!("http://127.0.0.1:{port}/health"), &[], None).unwrap();
    assert_eq!(health.expect(200)["ok"], true);
    let detached = scene.office.json("requester", 0, &["apply", &scene.case, "--detach"]);
    assert_eq!(detached["detached"], true);
    let begun = Instant::now();
    let watched = loop {
        let watched = scene.office.run("requester", &["watch", &scene.case, "--once", "--json"]).json();
        if watched["groups"][0]["final"] == true {
            break watched;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "{watched:#}");
        std::thread::sleep(Duration::from_millis(300));
    };
    assert_eq!(watched["groups"][0]["verdict"], "gone");
    assert!(serve.is_running());
    // Who runs services ends them so; what is under way is finished and the lease given back.
    serve.terminate();
    let ended = serve.wait(Duration::from_secs(20));
    assert_eq!(ended.code, Some(0), "{ended}");
    let end = scene.apply();
    assert_eq!(end.code, Some(0), "{end}");
    assert!(end.took < Duration::from_secs(15), "the lease was given back: {end}");
    assert_eq!(certificates(end.json()["bundle"].as_str().unwrap()), 1);
    assert_eq!(scene.deletions(), (1, 1));
}

fn without_admin_rights_a_shell_is_left() {
    let scene = Scene::with("gov-member", Access { actor: "alice", ..Access::default() }, |_| {});
    let plan = scene.office.json("requester", 0, &["show", &scene.case]);
    let dissolve = plan["steps"].as_array().unwrap().iter().find(|step| step["op"] == "dissolve").unwrap();
    assert_eq!(dissolve["support"], "emulated", "{plan:#}");
    let output = scene.apply();
    refused(&output, 7, "observed.not_gone");
    let end = output.json();
    assert_eq!(end["groups"][0]["verdict"], "emptied", "{end:#}");
    let bundle = end["bundle"].as_str().unwrap();
    assert_eq!(certificates(bundle), 0);
    scene.office.adjourn().json(0, &["verify", bundle]);
    assert_eq!(scene.room.members(&scene.synapse), 0);
    assert!(
        scene.synapse.count_events(&scene.room.id) > 8,
        "the history is still there, as the verdict says"
    );
    assert_eq!(scene.deletions(), (0, 0));
}

fn without_a_witness_nothing_is_proved() {
    let scene = Scene::with("gov-no-witness", Access { witness: None, ..Access::default() }, |_| {});
    let output = scene.apply();
    refused(&output, 7, "observed.not_gone");
    let end = output.json();
    assert_eq!(end["groups"][0]["verdict"], "unknown", "{end:#}");
    assert_eq!(certificates(end["bundle"].as_str().unwrap()), 0);
    scene.office.adjourn().json(0, &["verify", end["bundle"].as_str().unwrap()]);
    assert!(scene.room.is_purged(&scene.synapse), "it is gone; nobody but the one who did it says so");
}

fn a_destroyed_key_leaves_nothing_behind() {
    let synapse = shared();
    let temporary = tempdir();
    let mut scene = Scene::with("gov-destroy", Access::default(), |_| {});
    scene.office.env("TMPDIR", temporary.path().to_str().unwrap());
    // What nobody may find afterwards.
    let name = "甲方项目群 Ünïcode";
    synapse
        .as_user("alice")
        .set_state(&scene.room.id, "m.room.name", "", &json!({ "name": name }))
        .expect(200);
    synapse.as_user("bob").send(&scene.room.id, "the needle: 保密内容 0451");
    scene.office.run("admin", &["scan", "hs"]);
    let end = scene.apply();
    assert_eq!(end.code, Some(0), "{end}");
    let old = end.json()["bundle"].as_str().unwrap().to_owned();
    let group = end.json()["groups"][0]["group"].as_str().unwrap().to_owned();
    let office = &scene.office;
    let run = |who: &str, args: &[&str]| {
        let mut all = args.to_vec();
        all.push("--json");
        office.run(who, &all)
    };
    // Two people, the right name, and no hold.
    let hold = office.json("compliance", 0, &["hold", "add", &scene.room.id, "--matter", "m"]);
    let hold = hold["hold"].as_str().unwrap();
    refused(&run("admin", &["destroy", "plan", &group]), 4, "hold.active");
    office.json("compliance", 3, &["hold", "lift", hold]);
    office.json("business", 0, &["hold", "lift", hold, "--confirm", name]);
    refused(&run("business", &["destroy", "apply", &group, "--confirm", name]), 1, "key.not_asked");
    // What nobody has said about the group counts as if it held everything; when it holds nothing that a law keeps, a
    // person still has to release it.
    refused(&run("admin", &["destroy", "plan", &group]), 4, "retention.running");
    let says = ["register", &group, "--owner", "Li", "--contact", "1", "--holds", "nothing"];
    office.json("admin", 0, &says);
    refused(&run("admin", &["destroy", "plan", &group]), 4, "retention.undecided");
    assert_eq!(office.json("admin", 0, &["retention", "ls", "--due"])["groups"][0]["group"], group);
    office.json("compliance", 0, &["retention", "release", &group, "--reason", "nothing to keep"]);
    office.json("admin", 3, &["destroy", "plan", &group]);
    refused(&run("admin", &["destroy", "apply", &group, "--confirm", name]), 4, "approval.self");
    refused(&run("business", &["destroy", "apply", &group, "--confirm", "x"]), 1, "confirm.mismatch");
    let hold = office.json("compliance", 0, &["hold", "add", &scene.room.id, "--matter", "m"]);
    let hold = hold["hold"].as_str().unwrap();
    refused(&run("business", &["destroy", "apply", &group, "--confirm", name]), 4, "hold.active");
    office.json("compliance", 3, &["hold", "lift", hold]);
    office.json("business", 0, &["hold", "lift", hold, "--confirm", name]);
    // What was signed before the hold is signed again.
    refused(&run("business", &["destroy", "apply", &group, "--confirm", name]), 1, "key.not_asked");
    office.json("admin", 3, &["destroy", "plan", &group]);
    assert!(office.json("admin", 0, &["show", &group])["snapshot"]["name"] == name);

    // The power goes in the middle, and once more at the end.
    for point in ["destroy.before", "destroy.after"] {
        let key = office.key("business");
        let mut halted = office.adjourn().env("ADJOURN_HALT_AT", point);
        let log = office.dir().join(format!("{point}.log"));
        halted = halted.env("ADJOURN_POINTS_LOG", log.as_os_str());
        let running = halted.spawn(&["destroy", "apply", &group, "--confirm", name, "--key", &key]);
        let begun = Instant::now();
        while !std::fs::read_to_string(&log).unwrap_or_default().contains("halted") {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "{point}: {} {}",
                running.stdout(),
                running.stderr()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        let copy = office.dir().join(format!("copy-{point}"));
        copy_folder(&office.data(), &copy);
        running.kill9();
        if point == "destroy.after" {
            nothing_of(&scene, &synapse, name, &copy);
        }
    }
    let done = run("business", &["destroy", "apply", &group, "--confirm", name]);
    assert_eq!(done.code, Some(0), "asked again after a crash it is finished: {done}");
    let certificate = done.json()["certificate"].as_str().unwrap().to_owned();
    let checked = office.adjourn().json(0, &["verify", &certificate]);
    assert!(checked["proved"].as_array().unwrap().iter().any(|said| said["code"] == "proved.destruction"));
    nothing_of(&scene, &synapse, name, Path::new(&certificate));
    nothing_of(&scene, &synapse, name, &office.data());
    nothing_of(&scene, &synapse, name, temporary.path());
    let keys = office.dir().join("data-keys/k");
    assert!(!keys.join(format!("{group}.key")).exists());
    // What the journal's headers keep is told, and nothing else is there.
    let shown = office.json("admin", 0, &["show", &group]);
    let kinds: Vec<&str> =
        shown["history"].as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap()).collect();
    assert_eq!(shown["destroyed"], true);
    assert!(["judged", "key_destroy_asked"].iter().all(|kind| kinds.contains(kind)), "{shown}");
    assert!(!shown.to_string().contains(&scene.room.name), "{shown}");
    for what in [scene.room.id.as_str(), name, &scene.case] {
        let shown = run("admin", &["show", what]);
        assert_eq!(shown.code, Some(1), "{shown}");
        let code = shown.error_code();
        assert!(matches!(code.as_deref(), Some("key.destroyed" | "group.unknown")), "{shown}");
        assert_eq!(shown.stdout, "", "{shown}");
    }
    let scan = office.run("admin", &["scan", "hs"]);
    assert!(matches!(scan.code, Some(0 | 5)), "{scan}");
    office.json("admin", 0, &["ls"]);
    office.json("admin", 0, &["ls", "--cases"]);
    office.json("admin", 0, &["doctor"]);
    // The log still verifies: in the old bundle, and in a new one of another group.
    office.adjourn().json(0, &["verify", &old]);
    let another = Room::make(&synapse, "alice", "gov-after-destroy");
    let scan = office.run("admin", &["scan", "hs"]);
    assert!(matches!(scan.code, Some(0 | 5)), "{scan}");
    let (case, _) = office.approved(&another.id);
    let end = office.json("requester", 0, &["apply", &case]);
    office.adjourn().json(0, &["verify", end["bundle"].as_str().unwrap()]);
    nothing_of(&scene, &synapse, name, &office.data());
}

/// Looks through every byte of every file below for the group's texts and ids.
fn nothing_of(scene: &Scene, synapse: &Synapse, name: &str, dir: &Path) {
    let mut needles: Vec<String> = vec![
        scene.room.id.clone(),
        scene.room.local().to_owned(),
        scene.room.alias.clone(),
        scene.room.name.clone(),
        name.to_owned(),
        "topic of gov-destroy".to_owned(),
        "保密内容 0451".to_owned(),
        "says hello in gov-destroy".to_owned(),
    ];
    needles.extend(["alice", "bob", "carol"].map(|user| synapse.user_id(user).to_owned()));
    let escaped: Vec<String> = needles
        .iter()
        .map(|needle| {
            let escape = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", c as u32) };
            needle.chars().map(escape).collect()
        })
        .collect();
    needles.extend(escaped);
    let mut files = vec![dir.to_path_buf()];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        seen += bytes.len();
        for needle in &needles {
            let found = bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
            assert!(!found, "{needle:?} is in {}", path.display());
        }
    }
    assert!(
        seen > 0 || std::fs::read_dir(dir).unwrap().next().is_none(),
        "there was something to look through"
    );
}

fn copy_folder(from: &Path, to: &Path) {
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

//! When something has to be taken back, handed over, given up, or was interrupted: undo, rebuild, handover, rescue, a step
//! that can't be done, two people at one step, and a killed process.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests wait for real processes on a real clock, and what is not there is a failed test"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use adjourn_domain::time::Time;
use adjourn_e2e::{Access, Office, Output, Room, Running, Simulator, Synapse, http, shared};
use serde_json::{Value, json};

/// Until something is reached that takes seconds.
const LIMIT: Duration = Duration::from_mins(2);

#[track_caller]
fn refused(output: &Output, exit: i32, code: &str) {
    assert_eq!((output.code, output.error_code().as_deref()), (Some(exit), Some(code)), "{output}");
}

/// A group on the simulated reference platform, whose connection knows the platform by these rules.
struct Desk {
    sim: Simulator,
    office: Office,
    group: &'static str,
    case: String,
}

/// A group without links.
const PLAIN: &str = "g-6";
/// A group with links, one of them ours.
const BUSY: &str = "g-busy";

impl Desk {
    /// With an approved case.
    fn new(group: &'static str, rules: &Value, watched_s: u64) -> Self {
        let sim = Simulator::start("reference", &["--strict"]);
        let office = Office::new(None);
        office.configure("observation_s = 3", &format!("observation_s = {watched_s}"));
        office.configure("probes_s = [0, 1, 3]", &format!("probes_s = [0, 1, {watched_s}]"));
        let mut all: Vec<String> =
            ["connect", "add", "ref", "reference", "--witness", "second"].map(Into::into).into();
        all.extend(["--set".to_owned(), format!("url={}", sim.url(""))]);
        all.extend(["--set".to_owned(), format!("rules={rules}")]);
        for (identity, who) in [("main", "owner"), ("second", "witness")] {
            let path = office.dir().join(format!("{who}.token"));
            std::fs::write(&path, format!("reference-{who}")).unwrap();
            all.extend(["--secret".to_owned(), format!("{identity}.token=@{}", path.display())]);
        }
        office.json("admin", 0, &all.iter().map(String::as_str).collect::<Vec<_>>());
        office.json("admin", 0, &["scan", "ref"]);
        let (case, _) = office.approved(group);
        Self { sim, office, group, case }
    }

    fn apply(&self) -> Running {
        let key = self.office.key("requester");
        self.office.adjourn().spawn(&["apply", &self.case, "--json", "--key", &key])
    }

    fn why(&self) -> Value {
        self.office.json("requester", 0, &["why", &self.case])
    }

    /// Waits until the run is at this step.
    #[track_caller]
    fn reaches(&self, op: &str) {
        let begun = Instant::now();
        loop {
            let why = self.why();
            if why["groups"][0]["step_op"] == op {
                return;
            }
            assert!(begun.elapsed() < LIMIT, "not at {op}: {why:#}");
        }
    }

    fn undo(&self, more: &[&str]) -> Output {
        let mut all = vec!["undo", &self.case, "--json"];
        all.extend(more);
        self.office.run("requester", &all)
    }

    /// What the platform answers the witness about the group.
    fn witnessed(&self) -> u16 {
        let bearer = [("authorization", "Bearer reference-witness")];
        http::request("GET", &self.sim.url(&format!("/v1/groups/{}", self.group)), &bearer, None)
            .unwrap()
            .status
    }

    /// How often the platform did it, at its end.
    fn effects(self) -> impl Fn(&str) -> u64 {
        let group = self.group;
        let (counted, output) = self.sim.end();
        assert_eq!((output.code, counted["unexpected"].as_u64()), (Some(0), Some(0)), "{output}");
        move |op| {
            let all = counted["effects"].as_array().unwrap();
            let of = all.iter().find(|one| one["op"] == op && one["group"] == group);
            of.map_or(0, |one| one["count"].as_u64().unwrap())
        }
    }
}

/// The platform brings groups back for so long, and nothing that it keeps can be removed.
fn rules(recovery_s: u64) -> Value {
    json!({ "recovery.seconds": recovery_s, "purge.api": "none", "media.api": "none" })
}

#[test]
fn req_e3_what_the_platform_brings_back_is_back() {
    let desk = Desk::new(PLAIN, &rules(86_400), 60);
    let running = desk.apply();
    desk.reaches("observe");
    assert_eq!(desk.witnessed(), 410, "it has ended");
    let undone = desk.undo(&[]);
    assert_eq!(undone.code, Some(0), "{undone}");
    assert_eq!(desk.why()["groups"][0]["ending"], "undone", "{:#}", desk.why());
    assert_eq!(desk.witnessed(), 200, "it is back");
    assert_eq!(running.wait(LIMIT).code, Some(5), "what was taken back is not done");
    refused(&desk.undo(&[]), 1, "case.state");
    let effects = desk.effects();
    assert_eq!((effects("dissolve"), effects("restore")), (1, 1));
}

#[test]
fn req_e3_no_undo_after_the_window_and_a_new_group_by_a_persons_hand() {
    // For this connection the platform brings groups back for one second.
    let desk = Desk::new(PLAIN, &rules(1), 60);
    let running = desk.apply();
    desk.reaches("observe");
    std::thread::sleep(Duration::from_secs(2));
    refused(&desk.undo(&[]), 1, "undo.window");
    rebuilt(desk, running);
}

#[test]
fn req_e3_no_undo_where_the_platform_brings_nothing_back() {
    let desk = Desk::new(PLAIN, &rules(0), 60);
    let running = desk.apply();
    desk.reaches("observe");
    refused(&desk.undo(&[]), 1, "undo.past_return");
    rebuilt(desk, running);
}

/// A person makes a new group in place of the one that is gone.
fn rebuilt(desk: Desk, running: Running) {
    let asked = desk.undo(&["--rebuild"]);
    refused(&asked, 6, "run.human");
    assert_eq!(running.wait(LIMIT).code, Some(6), "a person is asked");
    let why = desk.why();
    let group = &why["groups"][0];
    assert_eq!(group["step_op"], "dissolve", "{why:#}");
    let step = group["step"].as_str().unwrap();
    desk.office.json("requester", 0, &["step", "done", &desk.case, step]);
    let ended = desk.apply().wait(LIMIT);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(ended.json()["groups"][0]["ending"], "rebuilt", "{ended}");
    assert_eq!(desk.witnessed(), 410, "the old one stays gone");
    let effects = desk.effects();
    assert_eq!((effects("dissolve"), effects("restore")), (1, 0));
}

#[test]
fn req_e2_a_killed_dissolve_goes_on_and_is_done_once() {
    let desk = Desk::new(BUSY, &json!({}), 3);
    let log = desk.office.dir().join("points");
    let key = desk.office.key("requester");
    let halted = desk.office.adjourn().env("ADJOURN_POINTS_LOG", log.as_os_str());
    let passed = || std::fs::read_to_string(&log).unwrap_or_default();
    let arguments = ["apply", &desk.case, "--json", "--key", &key];
    // The platform has done it, and nothing of that is written down.
    let running = halted.env("ADJOURN_HALT_AT", "act.after.dissolve").spawn(&arguments);
    let begun = Instant::now();
    while !passed().contains("halted") {
        assert!(begun.elapsed() < LIMIT, "{}\n{}", passed(), running.stderr());
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(desk.witnessed(), 410, "the call had its effect");
    running.kill9();
    assert_eq!(desk.why()["groups"][0]["step_op"], "dissolve");
    let db = rusqlite::Connection::open(desk.office.data().join("adjourn.db")).unwrap();
    db.execute("UPDATE lease SET until = 0", []).unwrap();
    drop(db);
    let running = desk.apply();
    let ended = running.wait(LIMIT);
    assert_eq!(ended.code, Some(0), "{ended}");
    let ended = ended.json();
    assert_eq!(ended["groups"][0]["verdict"], "gone", "{ended:#}");
    let verified = desk.office.adjourn().json(0, &["verify", ended["bundle"].as_str().unwrap()]);
    assert_eq!(verified["ok"], true);
    let effects = desk.effects();
    assert_eq!((effects("dissolve"), effects("announce")), (1, 1));
}

#[test]
fn req_g2_a_room_gets_another_owner_after_two_approvals_and_lives_on() {
    let synapse = shared();
    let room = Room::make(&synapse, "alice", "trouble-handover");
    let office = Office::new(None);
    office.connect_shared(&synapse, &synapse.url(), Access::default());
    let bob = synapse.user_id("bob").to_owned();
    let stranger = office.json(
        "requester",
        4,
        &["handover", &room.id, "--to", synapse.user_id("dave"), "--reason", "leaves the company"],
    );
    assert_eq!(stranger["blockers"][0]["blocker"]["code"], "blocker-not-member", "{stranger:#}");
    let plan =
        office.json("requester", 2, &["handover", &room.id, "--to", &bob, "--reason", "leaves the company"]);
    assert_eq!(plan["plan"]["act"], "transfer");
    assert!(plan["steps"].as_array().unwrap().iter().all(|step| step["op"] != "dissolve"), "{plan:#}");
    let case = plan["case"].as_str().unwrap();
    assert_eq!(office.run("requester", &["apply", case]).code, Some(3), "nothing before the review");
    office.json("requester", 3, &["submit", case]);
    office.json("business", 3, &["approve", case]);
    assert_eq!(office.run("requester", &["apply", case]).code, Some(3), "one approval is not enough");
    assert_eq!(level(&synapse, &room, &bob), Value::Null);
    office.json("compliance", 0, &["approve", case]);
    let ended = office.json("requester", 0, &["apply", case]);
    assert_eq!(ended["groups"][0]["ending"], "done", "{ended:#}");
    assert_eq!(level(&synapse, &room, &bob), 100);
    assert!(room.is_alive(&synapse));
}

/// Somebody's level in a room, as the server's own database has it.
fn level(synapse: &Synapse, room: &Room, user: &str) -> Value {
    let sql = "SELECT event_id FROM current_state_events WHERE room_id = ?1 AND type = 'm.room.power_levels'";
    let id = synapse.rows(sql, &[&room.id]).concat().concat();
    synapse.event_json(&id).unwrap()["content"]["users"][user].clone()
}

const CHAT: &str = "34512345678@chatroom";
const CHAT_NAME: &str = "River readers";
const OWNER: &str = "wxid_owner01";
const WITNESS: &str = "wxid_witness02";

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn row(seconds: u64, sender: &str, code: u64, text: &str) -> Value {
    let time = Time::from_millis(i64::try_from(seconds).unwrap() * 1000).to_string();
    json!({
        "seq": seconds * 1000, "time": time, "talker": CHAT, "talkerName": CHAT_NAME, "isChatRoom": true,
        "sender": sender, "senderName": "", "isSelf": false, "type": code, "subType": 0, "content": text,
    })
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn write(office: &Office, name: &str, document: &Value) -> PathBuf {
    let path = office.dir().join(name);
    std::fs::write(&path, document.to_string()).unwrap();
    path
}

/// A WeChat group of an office, as people handed it in: its list and its history.
fn wechat(office: &Office) {
    let accounts = format!("accounts=main={OWNER},second={WITNESS}");
    office.json("admin", 0, &["connect", "add", "wx", "wechat", "--set", &accounts, "--witness", "second"]);
    let user = |id: &str| json!({ "userName": id, "displayName": id });
    let rooms = json!({ "items": [{
        "name": CHAT, "owner": OWNER, "users": [user(OWNER), user(WITNESS), user("wxid_a03")], "remark": "",
        "nickName": CHAT_NAME,
    }] });
    let rooms = text(&write(office, "rooms.json", &rooms));
    office.json("requester", 0, &["import", &rooms, "--connection", "wx", "--as", "main"]);
    office.json("admin", 0, &["scan", "wx"]);
    hand_in(office, "main", &[row(1_795_000_000, WITNESS, 1, "hello")]);
}

fn hand_in(office: &Office, who: &str, rows: &[Value]) {
    let path = text(&write(office, &format!("{who}.json"), &Value::from(rows)));
    office.json("requester", 0, &["import", &path, "--group", CHAT, "--as", who]);
}

fn step_of(office: &Office, case: &str, op: &str) -> Value {
    let plan = office.json("requester", 0, &["show", case]);
    plan["steps"].as_array().unwrap().iter().find(|step| step["op"] == op).unwrap().clone()
}

#[test]
fn req_e1_a_rescue_wants_proof_and_is_the_service_desks() {
    let office = Office::new(None);
    wechat(&office);
    let rescue = ["rescue", CHAT, "--to", "wxid_a03", "--reason", "the owner's account was banned"];
    let blocked = office.json("requester", 4, &rescue);
    assert_eq!(blocked["blockers"][0]["blocker"]["code"], "blocker-proof", "{blocked:#}");
    refused(
        &office.run("requester", &["submit", blocked["case"].as_str().unwrap(), "--json"]),
        4,
        "plan.blocked",
    );
    let proof = office.dir().join("proof.pdf");
    std::fs::write(&proof, "%PDF-1.4 who the owner is").unwrap();
    let proof = text(&proof);
    let plan = office.json("requester", 2, &[&rescue[..], &["--proof", &proof]].concat());
    let case = plan["case"].as_str().unwrap();
    office.json("requester", 3, &["submit", case]);
    office.json("business", 3, &["approve", case]);
    office.json("compliance", 0, &["approve", case]);
    let waits = office.json("requester", 6, &["apply", case]);
    let asked = &waits["groups"][0];
    assert_eq!((&asked["step_op"], &asked["state"]), (&json!("rescue"), &json!("needs_person")), "{waits:#}");
    // The service desk takes 48 hours on average; past them somebody is told.
    let time = |key: &str| Time::parse(asked[key].as_str().unwrap()).unwrap();
    assert_eq!(time("deadline").secs_since(time("heartbeat")), 48 * 3600, "{waits:#}");
    let words = office.run("requester", &["--lang", "en", "why", case]).stdout;
    assert!(words.contains(asked["deadline"].as_str().unwrap()), "{words}");
    assert!(words.contains("48 hours"), "{words}");
}

#[test]
fn a_step_that_cant_be_done_ends_the_run_and_not_the_case() {
    let office = Office::new(None);
    wechat(&office);
    let (case, _) = office.approved(CHAT);
    let waits = office.json("requester", 6, &["apply", &case]);
    let step = waits["groups"][0]["step"].as_str().unwrap();
    let empty = office.run("requester", &["step", "cant", &case, step, "--reason", " ", "--json"]);
    assert_eq!(empty.code, Some(1), "{empty}");
    office.json("requester", 0, &["step", "cant", &case, step, "--reason", "the owner's phone is lost"]);
    let stopped = office.run("requester", &["apply", &case, "--json"]);
    refused(&stopped, 9, "step.cant");
    assert_eq!(stopped.json()["groups"][0]["ending"], "stopped", "{stopped}");
    // Planning is open again.
    let (next, _) = office.approved(CHAT);
    assert_ne!(next, case);
    office.json("requester", 6, &["apply", &next]);
}

#[test]
fn two_people_at_one_step_are_two_people() {
    let office = Office::new(None);
    office.configure("cooling_off_s = 1", "cooling_off_s = 1\nhuman_people = 2");
    wechat(&office);
    let (case, _) = office.approved(CHAT);
    let announce = step_of(&office, &case, "announce");
    let dissolve = step_of(&office, &case, "dissolve");
    office.json("requester", 6, &["apply", &case]);
    let mut rows = vec![row(1_795_000_000, WITNESS, 1, "hello")];
    rows.push(row(now(), OWNER, 1, announce["params"]["text"].as_str().unwrap()));
    hand_in(&office, "second", &rows);
    office.json("requester", 0, &["step", "done", &case, announce["id"].as_str().unwrap()]);
    let waits = office.json("requester", 6, &["apply", &case]);
    assert_eq!(waits["groups"][0]["step_op"], "dissolve", "{waits:#}");
    rows.push(row(now() + 1, "", 10_000, "群主\"陈静\"已解散该群聊"));
    for who in ["main", "second"] {
        hand_in(&office, who, &rows);
    }
    let typed = format!("typed_name={CHAT_NAME}");
    let id = dissolve["id"].as_str().unwrap();
    let done = |who: &str| office.run(who, &["step", "done", &case, id, "--factor", &typed, "--json"]);
    assert_eq!(done("requester").code, Some(0));
    refused(&done("requester"), 4, "step.same_person");
    let waits = office.json("requester", 6, &["apply", &case]);
    assert_eq!(waits["groups"][0]["step_op"], "dissolve", "one person is not two");
    assert_eq!(done("business").code, Some(0));
    let ended = office.json("requester", 0, &["apply", &case]);
    assert_eq!(ended["groups"][0]["verdict"], "gone", "{ended:#}");
}

//! One case over five platforms: WeChat, whose owner acts on the phone's page by a browser; QQ, which says nothing after it
//! did what was asked; DingTalk, whose reply is lost; WeCom, where a person ends a customer group in the console; and a room
//! on a real homeserver. Two approvals for all of it, faults on the way, one announcement and one end each.
//!
//! All but the homeserver are simulated.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: what is not there is a failed test"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use adjourn_e2e::{Access, Action, Browser, Lie, LyingProxy, Office, Room, Simulator, Synapse, shared};
use serde_json::{Value, json};

static WORDS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/phones.json")).unwrap());

/// The words at `wechat.menu`.
fn w(path: &str) -> &'static str {
    let pointer = format!("/{}", path.replace('.', "/"));
    WORDS.pointer(&pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no words at {path}"))
}

const CHAT: &str = "34500000003@chatroom";
const OWNER: &str = "wxid_owner01";
const WITNESS: &str = "wxid_witness02";
const QQ: &str = "900100003";
/// Most times that the case is gone on with.
const ROUNDS: usize = 30;

/// The organisation, its platforms, and the person who is asked.
struct Joint {
    synapse: Arc<Synapse>,
    office: Office,
    browser: Browser,
    wechat: Simulator,
    qq: Simulator,
    proxy: LyingProxy,
    room: Room,
    case: String,
    plan: Value,
    asked: Vec<(String, String)>,
}

impl Joint {
    fn new() -> Self {
        let synapse = shared();
        let room = Room::make(&synapse, "alice", "joint-room");
        let proxy = LyingProxy::start(&synapse.url(), Vec::new());
        let office = Office::new(None);
        office.connect_shared(&synapse, &proxy.url(), Access::default());
        let joint = Self {
            browser: Browser::start(),
            wechat: Simulator::start("wechat", &["--strict"]),
            qq: Simulator::start("qq", &["--strict", "--faults", "reply_lost@set_group_leave#1"]),
            synapse,
            proxy,
            room,
            case: String::new(),
            plan: Value::Null,
            asked: Vec::new(),
            office,
        };
        joint.connect();
        joint
    }

    fn connect(&self) {
        let add = |name: &str, platform: &str, more: &[&str], secrets: &[(&str, &str)]| {
            let mut all: Vec<String> = ["connect", "add", name, platform].map(Into::into).into();
            all.extend(more.iter().map(|&one| one.to_owned()));
            for (secret, value) in secrets {
                let path = self.office.dir().join(format!("{name}.{secret}"));
                std::fs::write(&path, value).unwrap();
                all.extend(["--secret".to_owned(), format!("{secret}=@{}", path.display())]);
            }
            self.office.json("admin", 0, &all.iter().map(String::as_str).collect::<Vec<_>>());
        };
        let url = |sim: &Simulator| format!("url={}", sim.url(""));
        let accounts = format!("accounts=main={OWNER},second={WITNESS}");
        add("wx", "wechat", &["--set", &accounts, "--witness", "second"], &[]);
        add(
            "qq",
            "qq",
            &["--set", &url(&self.qq), "--witness", "second", "--witness", "third"],
            &[("main.token", "qq-owner"), ("second.token", "qq-witness"), ("third.token", "qq-second")],
        );
        self.list_of_wechat();
        for connection in ["wx", "qq"] {
            self.office.json("admin", 0, &["scan", connection]);
        }
    }

    /// The owner's list of groups, as an export tool writes it.
    fn list_of_wechat(&self) {
        let members = [OWNER, "wxid_deputy03", WITNESS, "wxid_a04", "wxid_b05", "wxid_c06"];
        let users: Vec<Value> =
            members.iter().map(|id| json!({ "userName": id, "displayName": id })).collect();
        let name = w("wechat.group");
        let list = json!({ "items": [
            { "name": CHAT, "owner": OWNER, "users": users, "remark": "", "nickName": name },
        ] });
        let path = self.office.dir().join("chatrooms.json");
        std::fs::write(&path, list.to_string()).unwrap();
        self.import(&path, &["--connection", "wx", "--as", "main"]);
    }

    fn import(&self, path: &Path, more: &[&str]) {
        let path = path.display().to_string();
        let mut all = vec!["import", &path, "--zone", "Asia/Shanghai"];
        all.extend(more);
        self.office.json("requester", 0, &all);
    }

    /// What somebody's phone exports is handed in as theirs.
    fn hand_in(&mut self, account: &str, identity: &str) {
        self.browser.open(&self.wechat.phone(account));
        self.browser.walk(&[w("wechat.group"), w("wechat.menu")]);
        let export = self.browser.download(w("wechat.export"));
        let path = self.office.dir().join(format!("{identity}.csv"));
        std::fs::write(&path, export.content).unwrap();
        self.import(&path, &["--group", CHAT, "--as", identity]);
    }

    fn plan(&mut self) {
        let room = self.room.id.clone();
        self.plan = self.office.json(
            "requester",
            2,
            &["plan", CHAT, QQ, &room, "--reason", "the project ended", "--nominee", "business"],
        );
        self.case = self.plan["case"].as_str().unwrap().to_owned();
        self.office.json("requester", 3, &["submit", &self.case]);
        self.office.json("business", 3, &["approve", &self.case]);
        let early = self.office.run("requester", &["apply", &self.case]);
        assert_eq!(early.code, Some(3), "one approval is not enough: {early}");
        self.office.json("compliance", 0, &["approve", &self.case]);
    }

    fn step(&self, platform: &str, op: &str) -> &Value {
        let groups = self.plan["plan"]["groups"].as_array().unwrap();
        let group = groups.iter().find(|group| group["platform"] == platform).unwrap();
        group["steps"].as_array().unwrap().iter().find(|step| step["op"] == op).unwrap()
    }

    /// Goes on with the case, and does what a person is asked for, until nobody is asked any more.
    fn to_its_end(&mut self) -> (Option<i32>, Value) {
        for _ in 0..ROUNDS {
            let output = self.office.run("requester", &["apply", &self.case, "--json"]);
            if output.code != Some(6) {
                println!("{output}");
                return (output.code, output.json());
            }
            let mut busy = false;
            for group in output.json()["groups"].as_array().unwrap() {
                if group["state"] != "needs_person" {
                    continue;
                }
                let of = |key: &str| group[key].as_str().unwrap().to_owned();
                let (platform, op, step) = (of("platform"), of("step_op"), of("step"));
                println!("asked: {platform} {op} {step}");
                self.asked.push((platform.clone(), op.clone()));
                let factors = self.person(&platform, &op);
                let mut all = vec!["step", "done", &self.case, &step];
                for factor in &factors {
                    all.extend(["--factor", factor]);
                }
                let done = self.office.run("requester", &all);
                println!("{done}");
                busy = true;
            }
            assert!(busy, "{output}");
        }
        panic!("no end after {ROUNDS} rounds: {:?}", self.asked);
    }

    /// What the person does who is asked; the factors of the platform's second confirmation.
    fn person(&mut self, platform: &str, op: &str) -> Vec<String> {
        match (platform, op) {
            ("wechat", "announce") => {
                let words = self.step("wechat", "announce")["params"]["text"].as_str().unwrap().to_owned();
                self.browser.open(&self.wechat.phone(OWNER));
                self.browser.click(w("wechat.group"));
                self.browser.fill(w("say"), &words);
                self.browser.click(w("send"));
                self.hand_in(WITNESS, "second");
                vec![]
            }
            ("wechat", "dissolve") => {
                self.browser.open(&self.wechat.phone(OWNER));
                let path = ["wechat.group", "wechat.menu", "wechat.manage", "wechat.dissolve"].map(w);
                self.browser.walk(&path);
                self.browser.fill(w("wechat.type_name"), w("wechat.group"));
                self.browser.click(w("wechat.confirm"));
                self.hand_in(OWNER, "main");
                self.hand_in(WITNESS, "second");
                vec![format!("typed_name={}", w("wechat.group"))]
            }
            _ => panic!("nobody should be asked for {op} on {platform}"),
        }
    }
}

#[test]
fn req_x1_x2_x3_x4_one_case_ends_five_groups_on_five_platforms() {
    let mut joint = Joint::new();
    joint.hand_in(OWNER, "main");
    joint.plan();
    joint.proxy.set(vec![Lie::nth(1, "DELETE", "/rooms/", Action::DropReply)]);
    let (code, ended) = joint.to_its_end();
    println!("{code:?} {:?}", joint.asked);
    let verdicts: BTreeMap<&str, &Value> = ended["groups"].as_array().unwrap().iter().map(|g| (g["platform"].as_str().unwrap(), &g["verdict"])).collect();
    println!("{verdicts:?}");
    for sim in [joint.wechat, joint.qq] {
        println!("{}", sim.end().0);
    }
}

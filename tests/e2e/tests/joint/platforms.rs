//! The organisation of the joint case, its platforms with what goes wrong on each, and the case itself.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use adjourn_e2e::{Access, Browser, LyingProxy, Office, Room, Simulator, Synapse, shared};
use serde_json::{Value, json};

static WORDS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../fixtures/phones.json")).unwrap());

/// The words at `wechat.menu`.
pub(crate) fn w(path: &str) -> &'static str {
    let pointer = format!("/{}", path.replace('.', "/"));
    WORDS.pointer(&pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no words at {path}"))
}

/// WeChat's group.
pub(crate) const WECHAT: &str = "34500000003@chatroom";
/// QQ's group.
pub(crate) const QQ: &str = "900100003";
/// DingTalk's scene group.
pub(crate) const SCENE: &str = "dt-1";
/// DingTalk's ordinary group.
pub(crate) const ORDINARY: &str = "dt-2";

/// A group of WeCom that the organisation's app made.
pub(crate) const WECOM: &str = "wc-2";

/// Whose phones these are.
pub(crate) const WECHAT_OWNER: &str = "wxid_owner01";
const WECHAT_WITNESS: &str = "wxid_witness02";

/// What QQ's implementation says to the owner's leave the first time, and does nothing.
const LIE: &str = r#"[{"when":{"method":"POST","path_contains":"/set_group_leave","nth":1},
    "what":{"kind":"answer","status":200,"content_type":"application/json",
            "body":"{\"status\":\"ok\",\"retcode\":0,\"data\":null,\"message\":\"\",\"wording\":\"\"}"}}]"#;

/// The organisation, its platforms, and the people who are asked.
pub(crate) struct Joint {
    pub(crate) synapse: Arc<Synapse>,
    pub(crate) office: Office,
    pub(crate) browser: Browser,
    pub(crate) wechat: Simulator,
    pub(crate) qq: Simulator,
    pub(crate) dingtalk: Simulator,
    pub(crate) wecom: Simulator,
    pub(crate) proxy: LyingProxy,
    pub(crate) room: Room,
    pub(crate) case: String,
    pub(crate) plan: Value,
    /// What a person was asked for, in order.
    pub(crate) asked: Vec<String>,
}

impl Joint {
    pub(crate) fn new() -> Self {
        let synapse = shared();
        let room = Room::make(&synapse, "alice", "joint-room");
        let proxy = LyingProxy::start(&synapse.url(), Vec::new());
        let office = Office::new(None);
        office.connect_shared(&synapse, &proxy.url(), Access::default());
        let lost = |path: &str| format!("reply_lost@POST {path}#1");
        let mut joint = Self {
            browser: Browser::start(),
            wechat: Simulator::start("wechat", &["--strict"]),
            qq: Simulator::start(
                "qq",
                &[
                    "--strict",
                    "--rules",
                    "declared",
                    "--faults",
                    LIE,
                    "--faults",
                    &lost("/_send_group_notice"),
                ],
            ),
            dingtalk: Simulator::start(
                "dingtalk",
                &[
                    "--strict",
                    "--world",
                    "dingtalk",
                    "--rules",
                    "declared",
                    "--faults",
                    &lost("/blackboards/create"),
                    "--faults",
                    &lost("/scenegroup/disband"),
                ],
            ),
            wecom: Simulator::start(
                "wecom",
                &[
                    "--strict",
                    "--world",
                    "wecom",
                    "--rules",
                    "declared",
                    "--faults",
                    "server_error:502@POST /oa/getapprovalinfo#1",
                ],
            ),
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

    fn connect(&mut self) {
        let accounts = format!("accounts=main={WECHAT_OWNER},second={WECHAT_WITNESS}");
        self.add("wx", "wechat", &["--set", &accounts, "--witness", "second"], &[]);
        let url = format!("url={}", self.qq.url(""));
        self.add(
            "qq",
            "qq",
            &["--set", &url, "--witness", "second", "--witness", "third"],
            &[("main.token", "qq-owner"), ("second.token", "qq-witness"), ("third.token", "qq-second")],
        );
        let url = self.dingtalk.url("");
        let chat: String = ORDINARY.chars().filter(char::is_ascii_alphanumeric).collect();
        let settings = [
            format!("url={url}"),
            format!("old_url={url}"),
            "operator=u-owner".to_owned(),
            // Only who made an ordinary group knows its second id.
            format!("groups={ORDINARY}=chat{chat}"),
        ];
        let mut more = vec!["--witness", "second"];
        more.extend(settings.iter().flat_map(|setting| ["--set", setting]));
        self.add(
            "dt",
            "dingtalk",
            &more,
            &[
                ("main.app_key", "dingtalk-owner"),
                ("main.app_secret", "dingtalk-owner-secret"),
                ("second.app_key", "dingtalk-witness"),
                ("second.app_secret", "dingtalk-witness-secret"),
            ],
        );
        let url = format!("url={}", self.wecom.url(""));
        let chats = format!("appchats={WECOM}");
        let form = "handover_template=3TmHandoverBeforeDissolve";
        let settings = [&url, "corpid=ww5a1e0f1ca7ed0001", &chats, "bots=u-bot", form];
        let mut more = vec!["--witness", "second"];
        more.extend(settings.iter().flat_map(|setting| ["--set", setting]));
        let secrets = [("main.secret", "wecom-owner"), ("second.secret", "wecom-witness")];
        self.add("wc", "wecom", &more, &secrets);
        self.list_of_wechat();
        for connection in ["wx", "qq", "dt", "wc"] {
            self.office.json("admin", 0, &["scan", connection]);
        }
        self.archive_of_wecom();
    }

    fn add(&self, name: &str, platform: &str, more: &[&str], secrets: &[(&str, &str)]) {
        let mut all: Vec<String> = ["connect", "add", name, platform].map(Into::into).into();
        all.extend(more.iter().map(|&one| one.to_owned()));
        for (secret, value) in secrets {
            let path = self.office.dir().join(format!("{name}.{secret}"));
            std::fs::write(&path, value).unwrap();
            all.extend(["--secret".to_owned(), format!("{secret}=@{}", path.display())]);
        }
        self.office.json("admin", 0, &all.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// The owner's list of groups, as an export tool writes it.
    fn list_of_wechat(&self) {
        let members = [WECHAT_OWNER, "wxid_deputy03", WECHAT_WITNESS, "wxid_a04", "wxid_b05", "wxid_c06"];
        let users: Vec<Value> =
            members.iter().map(|id| json!({ "userName": id, "displayName": id })).collect();
        let name = w("wechat.group");
        let list = json!({ "items": [
            { "name": WECHAT, "owner": WECHAT_OWNER, "users": users, "remark": "", "nickName": name },
        ] });
        let path = self.office.dir().join("chatrooms.json");
        std::fs::write(&path, list.to_string()).unwrap();
        self.import(&path, &["--connection", "wx", "--as", "main"]);
    }

    /// What the organisation has pulled of WeCom's archive of messages, decrypted. One record of it got lost.
    fn archive_of_wecom(&mut self) {
        self.browser.open(&self.wecom.phone("u-deputy"));
        self.browser.click(w("wecom.console"));
        let archive = self.browser.download(w("wecom.archive")).content;
        let rows: Vec<&str> = archive.lines().collect();
        let kept: Vec<String> =
            rows.iter().enumerate().filter(|(at, _)| *at != 3).map(|(_, row)| format!("{row}\n")).collect();
        let path = self.office.dir().join("archive.jsonl");
        std::fs::write(&path, kept.concat()).unwrap();
        self.import(&path, &["--connection", "wc", "--as", "main"]);
    }

    fn import(&self, path: &Path, more: &[&str]) {
        let path = path.display().to_string();
        let mut all = vec!["import", &path, "--zone", "Asia/Shanghai"];
        all.extend(more);
        self.office.json("requester", 0, &all);
    }

    /// What a phone of WeChat exports is handed in as that identity's.
    pub(crate) fn hand_in(&mut self, identity: &str) {
        let account = if identity == "main" { WECHAT_OWNER } else { WECHAT_WITNESS };
        self.browser.open(&self.wechat.phone(account));
        self.browser.walk(&[w("wechat.group"), w("wechat.menu")]);
        let export = self.browser.download(w("wechat.export"));
        let path = self.office.dir().join(format!("{identity}.csv"));
        std::fs::write(&path, export.content).unwrap();
        self.import(&path, &["--group", WECHAT, "--as", identity]);
    }

    /// Draws the plan, has it approved by both, and begins.
    pub(crate) fn begin(&mut self) {
        let room = self.room.id.clone();
        let mut args = vec!["plan", WECHAT, QQ, SCENE, ORDINARY, WECOM, &room];
        args.extend(["--reason", "the project ended", "--nominee", "business"]);
        self.plan = self.office.json("requester", 2, &args);
        self.case = self.plan["case"].as_str().unwrap().to_owned();
        self.office.json("requester", 3, &["submit", &self.case]);
        self.office.json("business", 3, &["approve", &self.case]);
        let early = self.office.run("requester", &["apply", &self.case]);
        assert_eq!(early.code, Some(3), "one approval is not enough: {early}");
        self.office.json("compliance", 0, &["approve", &self.case]);
        self.office.json("requester", 0, &["apply", &self.case, "--detach"]);
        // Whoever takes the work over says so (S1): the groups of an organisation wait for it.
        let accepted = self.office.json("business", 0, &["accept", &self.case]);
        assert_eq!(accepted["groups"].as_array().map(Vec::len), Some(3), "{accepted}");
    }

    /// The groups of the plan, in its order.
    pub(crate) fn groups(&self) -> Vec<String> {
        let groups = self.plan["plan"]["groups"].as_array().unwrap();
        groups.iter().map(|group| group["group"].as_str().unwrap().to_owned()).collect()
    }

    /// A group's part of the plan.
    fn part(&self, group: &str) -> &Value {
        let groups = self.plan["plan"]["groups"].as_array().unwrap();
        groups.iter().find(|part| part["group"] == group).unwrap()
    }

    /// The first step of this kind of a group of the plan.
    pub(crate) fn step(&self, group: &str, op: &str) -> &Value {
        self.part(group)["steps"].as_array().unwrap().iter().find(|step| step["op"] == op).unwrap()
    }

    /// The step with this id of a group of the plan.
    pub(crate) fn named_step(&self, group: &str, id: &str) -> &Value {
        self.part(group)["steps"].as_array().unwrap().iter().find(|step| step["id"] == id).unwrap()
    }

    /// What the platform calls a group of the plan.
    pub(crate) fn native(&self, group: &str) -> &str {
        self.part(group)["native"].as_str().unwrap()
    }

    /// When something of this kind was written down about a step, in all groups, in order.
    pub(crate) fn times(&self, kinds: &[&str], step: &str) -> Vec<String> {
        let mut all = Vec::new();
        for group in self.groups() {
            let shown = self.office.json("requester", 0, &["show", &group]);
            for line in shown["history"].as_array().unwrap() {
                let event = &line["event"];
                let of = event["step"].as_str().is_none_or(|id| id.ends_with(step));
                if kinds.contains(&event["kind"].as_str().unwrap()) && of {
                    all.push(line["at"].as_str().unwrap().to_owned());
                }
            }
        }
        all.sort();
        all
    }
}

//! WeCom to its end through the binary, over the simulated platform: the organisation's archive of decrypted records is handed
//! in, people act on the phones' pages by a browser, and the platform is asked what became of it.
//!
//! The customer group's announcement is a person's, and no interface shows it: it counts on the word of somebody who shows a
//! picture, unless the archive that is handed in afterwards has the words.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code: what is not there is a failed test"
)]

use std::path::PathBuf;
use std::sync::LazyLock;

use adjourn_e2e::{Browser, Office, Simulator};
use serde_json::{Value, json};

static WORDS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../fixtures/phones.json")).unwrap());

/// The words at `wecom.console`.
fn w(path: &str) -> &'static str {
    let pointer = format!("/{}", path.replace('.', "/"));
    WORDS.pointer(&pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no words at {path}"))
}

/// A customer group, and one that the app made.
const CUSTOMERS: &str = "wc-1";
const APP: &str = "wc-2";
const ROUNDS: usize = 20;
const ORGANISATION: &str = r#"
[organisation]
name = "Example Trading"
contact = "records@example.org"
archive = "the company's archive"
keep_months = 36
utc_offset_minutes = 480
"#;
/// One grey point.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\xdacx\x04\0\0\x81\0\x80\x8e\xd1\x1c'\0\0\0\0IEND\xaeB`\x82";

struct Road {
    office: Office,
    browser: Browser,
    sim: Simulator,
    plan: Value,
    case: String,
    asked: Vec<String>,
    /// Whether the archive is handed in again after the announcement was posted.
    archived_after: bool,
}

impl Road {
    fn new() -> Self {
        let road = Self {
            office: Office::new(None),
            browser: Browser::start(),
            sim: Simulator::start("wecom", &["--world", "wecom", "--rules", "declared", "--strict"]),
            plan: Value::Null,
            case: String::new(),
            asked: Vec::new(),
            archived_after: false,
        };
        // Customers are outside: what becomes of the record is told by whoever processes it.
        let config = road.office.data().join("config.toml");
        let text = std::fs::read_to_string(&config).unwrap() + ORGANISATION;
        std::fs::write(&config, text).unwrap();
        let secret = |identity: &str, text: &str| {
            let path = road.office.dir().join(identity);
            std::fs::write(&path, text).unwrap();
            format!("{identity}.secret=@{}", path.display())
        };
        let (main, second) = (secret("main", "wecom-owner"), secret("second", "wecom-witness"));
        let settings = [
            format!("url={}", road.sim.url("")),
            "corpid=ww5a1e0f1ca7ed0001".to_owned(),
            format!("appchats={APP}"),
            "bots=u-bot".to_owned(),
            "handover_template=3TmHandoverBeforeDissolve".to_owned(),
        ];
        let mut add = vec!["connect", "add", "wc", "wecom", "--witness", "second"];
        for setting in &settings {
            add.extend(["--set", setting.as_str()]);
        }
        add.extend(["--secret", &main, "--secret", &second]);
        road.office.json("admin", 0, &add);
        road.office.json("admin", 0, &["scan", "wc"]);
        road
    }

    /// What the organisation's own program pulled so far, as a file.
    fn archive(&mut self, name: &str) -> PathBuf {
        self.browser.open(&self.sim.phone("u-deputy"));
        self.browser.click(w("wecom.console"));
        let file = self.browser.download(w("wecom.archive"));
        let path = self.office.dir().join(name);
        std::fs::write(&path, file.content).unwrap();
        path
    }

    fn import(&self, path: &std::path::Path) -> Value {
        let path = path.display().to_string();
        self.office.json("requester", 0, &["import", &path, "--connection", "wc", "--as", "main"])
    }

    fn plan(&mut self, group: &str) {
        self.plan = self.office.json(
            "requester",
            2,
            &["plan", group, "--reason", "the project ended", "--nominee", "business"],
        );
        self.case = self.plan["case"].as_str().unwrap().to_owned();
        self.office.json("requester", 3, &["submit", &self.case]);
        self.office.json("business", 3, &["approve", &self.case]);
        let early = self.office.run("requester", &["apply", &self.case]);
        assert_eq!(early.code, Some(3), "one approval is not enough: {early}");
        self.office.json("compliance", 0, &["approve", &self.case]);
    }

    fn step(&self, op: &str) -> Value {
        let steps = self.plan["plan"]["groups"][0]["steps"].as_array().unwrap();
        steps.iter().find(|step| step["op"] == op).unwrap_or_else(|| panic!("no {op}: {steps:?}")).clone()
    }

    /// Goes on with the case, and does what a person is asked for, until nobody is asked any more.
    fn goes_on(&mut self) -> (Option<i32>, Value) {
        for _ in 0..ROUNDS {
            let output = self.office.run("requester", &["apply", &self.case, "--json"]);
            let group = output.json()["groups"][0].clone();
            if group["blocked"]["code"] == "export.incomplete" {
                // A file that the archive refers to was not handed in: the gap is accepted by name.
                self.asked.push("gap".to_owned());
                let export = self.step("export")["id"].as_str().unwrap().to_owned();
                self.says("business", &export, &[]);
                continue;
            }
            if output.code != Some(6) {
                return (output.code, output.json());
            }
            let of = |key: &str| group[key].as_str().unwrap_or_else(|| panic!("{key}: {output}")).to_owned();
            let (op, step) = (of("step_op"), of("step"));
            self.asked.push(op.clone());
            self.person(&op, &step);
        }
        panic!("no end after {ROUNDS} rounds: {:?}", self.asked);
    }

    fn says(&self, who: &str, step: &str, more: &[&str]) {
        let mut says = vec!["step", "done", &self.case, step];
        says.extend(more);
        self.office.json(who, 0, &says);
    }

    fn in_console(&mut self, who: &str) {
        self.browser.open(&self.sim.phone(who));
        let name = self.plan["plan"]["groups"][0]["name"].as_str().unwrap().to_owned();
        self.browser.walk(&[w("wecom.console"), &name]);
    }

    fn person(&mut self, op: &str, step: &str) {
        match op {
            "announce" => {
                let words = self.step("announce")["params"]["text"].as_str().unwrap().to_owned();
                self.browser.open(&self.sim.phone(&format!("u-owner/chat/{CUSTOMERS}")));
                self.browser.fill(w("say"), &words);
                self.browser.click(w("send"));
                if self.archived_after {
                    let path = self.archive("after.jsonl");
                    self.import(&path);
                }
                let shot = self.office.dir().join("shot.png");
                std::fs::write(&shot, PICTURE).unwrap();
                let shot = shot.display().to_string();
                self.says("requester", step, &["--evidence", &shot]);
            }
            "handover" => {
                self.in_console("u-deputy");
                self.browser.choose(w("wecom.to"), w("witness"));
                self.browser.click(w("wecom.apply"));
                self.browser.open(&self.sim.phone("u-witness"));
                self.browser.walk(&[w("wecom.inbox"), w("accept")]);
                self.browser.open(&self.sim.phone("u-super"));
                self.browser.walk(&[w("wecom.inbox"), w("approve")]);
                self.says("requester", step, &["--factor", "approved_by=u-super"]);
                // The nominee of the plan accepts as well, with a key of their own.
                self.office.json("business", 0, &["accept", &self.case]);
            }
            "dissolve" => {
                self.in_console("u-deputy");
                self.browser.click_last(w("wecom.dissolve"));
                self.says("requester", step, &["--factor", "approved_by=u-super"]);
            }
            _ => panic!("nobody should be asked for {op}"),
        }
    }

    /// What was written down about the group, by kind.
    fn events(&self, kind: &str) -> Vec<Value> {
        let group = self.plan["plan"]["groups"][0]["group"].as_str().unwrap();
        let shown = self.office.json("requester", 0, &["show", group]);
        let events = shown["history"].as_array().unwrap().iter().map(|line| line["event"].clone());
        events.filter(|event| event["kind"] == kind).collect()
    }

    fn bundled_announcement(&self, ended: &Value) -> Value {
        let bundle = PathBuf::from(ended["bundle"].as_str().unwrap());
        assert_eq!(self.office.adjourn().json(0, &["verify", bundle.to_str().unwrap()])["ok"], true);
        let group = self.plan["plan"]["groups"][0]["group"].as_str().unwrap();
        let path = bundle.join("data/groups").join(group).join("announcements.json");
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str::<Value>(&text).unwrap()[0].clone()
    }

    /// Each effect once, as the platform counts, and no request that no client may send.
    fn counted(self, group: &str, ops: &[&str]) {
        let (counted, output) = self.sim.end();
        assert_eq!((output.code, counted["unexpected"].as_u64()), (Some(0), Some(0)), "{output}");
        let effects = counted["effects"].as_array().unwrap();
        assert!(effects.iter().all(|one| one["count"] == 1 && one["group"] == group), "{counted}");
        for op in ops {
            assert!(effects.iter().any(|one| one["op"] == *op), "{op}: {counted}");
        }
    }
}

#[test]
fn req_p4_s1_h4_a_customer_group_ends_by_hand_and_the_platform_proves_it() {
    let mut road = Road::new();
    let path = road.archive("archive.jsonl");
    let said = road.import(&path);
    assert_eq!(said["import"]["kind"], "archive");
    assert_eq!(said["import"]["groups"], json!([CUSTOMERS, APP]), "one file, each of its groups");
    assert_eq!(said["import"]["upload"]["noticed"], 0, "{said}");
    road.plan(CUSTOMERS);
    assert_eq!(road.step("announce")["proof"], "told-by-person", "the plan says so before anybody agrees");
    let (code, ended) = road.goes_on();
    assert_eq!(ended["groups"][0]["verdict"], "gone", "{ended:#}");
    assert_eq!(
        (code, road.asked.as_slice()),
        (Some(0), ["gap", "announce", "handover", "dissolve"].map(String::from).as_slice())
    );
    // The records are the archive's, and the announcement is told, not read back.
    let sealed = road.events("exported");
    assert!(sealed[0]["receipt"]["total"].as_u64().unwrap() > 30, "{sealed:?}");
    let told = road.events("told");
    assert_eq!(
        (told.len(), told[0]["by"].as_array().map(Vec::len), &told[0]["shown"]),
        (1, Some(1), &json!(true)),
        "{told:?}"
    );
    assert_eq!(road.bundled_announcement(&ended)["state"], "told_by_person");
    road.counted(CUSTOMERS, &["handover", "dissolve"]);
}

#[test]
fn req_h4_an_archive_that_has_the_announcement_proves_it() {
    let mut road = Road::new();
    road.archived_after = true;
    let path = road.archive("archive.jsonl");
    road.import(&path);
    road.plan(CUSTOMERS);
    let (_, ended) = road.goes_on();
    assert_eq!(ended["groups"][0]["verdict"], "gone", "{ended:#}");
    assert!(road.events("told").is_empty());
    assert_eq!(road.bundled_announcement(&ended)["state"], "read_back");
    // Of the two pulls what the second repeats is there once.
    let files: Vec<Value> = road.events("upload_received");
    assert_eq!(files.len(), 2);
    assert!(files.iter().all(|file| !file.to_string().contains(w("wecom.line"))), "no text in the journal");
    road.counted(CUSTOMERS, &["handover", "dissolve"]);
}

#[test]
fn req_p4_s1_a_group_of_the_app_is_announced_by_it_and_ended_by_hand() {
    let mut road = Road::new();
    let path = road.archive("archive.jsonl");
    let path = path.display().to_string();
    let alone = ["import", &path, "--connection", "wc", "--as", "main", "--group", APP];
    assert_eq!(road.office.json("requester", 0, &alone)["import"]["groups"], json!([APP]));
    road.plan(APP);
    let (code, ended) = road.goes_on();
    assert_eq!((code, &ended["groups"][0]["verdict"]), (Some(0), &json!("gone")), "{ended:#}");
    assert_eq!(road.asked, ["handover", "dissolve"]);
    let said = road.bundled_announcement(&ended);
    assert_eq!((&said["state"], &said["memo"]["delivered"]), (&json!("read_back"), &json!("unknown")));
    road.counted(APP, &["announce", "handover", "dissolve"]);
}

#[test]
fn req_x1_what_is_no_archive_is_refused_with_a_code_and_nothing_is_kept() {
    let mut road = Road::new();
    let good = std::fs::read_to_string(road.archive("good.jsonl")).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let write = |name: &str, text: String| {
        let path = road.office.dir().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let elsewhere = good.replace("\"roomid\":\"wc-", "\"roomid\":\"other-");
    for (file, code) in [
        (write("no-seq.jsonl", good.replace("\"seq\"", "\"no\"")), "upload.format"),
        (write("swapped.jsonl", [lines[1], lines[0]].join("\n")), "upload.order"),
        (write("twice.jsonl", [lines[0], lines[0]].join("\n")), "upload.order"),
        (write("elsewhere.jsonl", elsewhere), "upload.other_group"),
        (
            write("long.jsonl", format!("{}\n{{\"seq\":\"{}", lines[0], "9".repeat(2_000_000))),
            "upload.row_too_long",
        ),
    ] {
        for lang in ["zh-CN", "en"] {
            let args = ["import", &file, "--connection", "wc", "--as", "main", "--json", "--lang", lang];
            let said = road.office.run("requester", &args);
            assert_eq!((said.code, said.error_code().as_deref()), (Some(1), Some(code)), "{file}: {said}");
        }
    }
    let inbox = road.office.bundles().join("inbox");
    assert!(!inbox.exists(), "nothing is kept");
    // A mark at the beginning, and an end that is cut off: taken, and said.
    let cut = write(
        "cut.json",
        format!("\u{feff}[{}", good.lines().take(5).collect::<Vec<_>>().join(",")) + ",{\"seq\":6,",
    );
    let said = road.office.json("requester", 0, &["import", &cut, "--connection", "wc", "--as", "main"]);
    let upload = &said["import"]["upload"];
    assert_eq!((upload["records"].as_u64(), upload["unreadable"].as_u64()), (Some(5), Some(1)), "{said}");
    assert_eq!(upload["findings"][0], json!({ "row": 6, "code": "file.truncated" }));
}

//! WeChat, which has no interface: people act in the app and hand in what their export tools wrote, and the binary makes of it
//! a case that ends with proof. No client and no platform takes part; the files are what such tools write.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests of the binary")]

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use adjourn_domain::time::Time;
use adjourn_e2e::Office;
use serde_json::{Value, json};

const GROUP: &str = "34512345678@chatroom";
const NAME: &str = "江畔书友会 📚";
const OWNER: &str = "wxid_owner01";
const WITNESS: &str = "wxid_witness02";
const ENDED: &str = "群主\"陈静\"已解散该群聊";

/// The group's history as a client holds it.
struct Chat(Vec<Value>);

impl Chat {
    fn new() -> Self {
        let mut chat = Self(Vec::new());
        for n in 0..30 {
            chat.say_at(1_795_000_000 + n * 60, WITNESS, 1, "大家好，本周读《边城》");
        }
        chat
    }

    fn say_at(&mut self, seconds: u64, sender: &str, code: u64, text: &str) {
        let time = Time::from_millis(i64::try_from(seconds).unwrap() * 1000).to_string();
        let nth = self.0.iter().filter(|row| row["time"] == time.as_str()).count() as u64;
        self.0.push(json!({
            "seq": seconds * 1000 + nth, "time": time, "talker": GROUP, "talkerName": NAME, "isChatRoom": true,
            "sender": sender, "senderName": "", "isSelf": false, "type": code, "subType": 0, "content": text,
        }));
    }

    fn say(&mut self, sender: &str, code: u64, text: &str) {
        self.say_at(now(), sender, code, text);
    }

    fn export(&self, path: &Path) -> PathBuf {
        std::fs::write(path, Value::from(self.0.clone()).to_string()).unwrap();
        path.to_owned()
    }
}

#[expect(clippy::disallowed_methods, reason = "the binary under test goes by the real clock")]
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// An office with a connection.
fn connected() -> Office {
    let office = Office::new(None);
    let accounts = format!("accounts=main={OWNER},second={WITNESS}");
    let add =
        ["connect", "add", "wx", "wechat", "--set", &accounts, "--identity", "main", "--witness", "second"];
    office.json("admin", 0, &add);
    office
}

/// The same with a list of the owner's groups in the inbox.
fn office() -> Office {
    let office = connected();
    let user = |id: &str| json!({ "userName": id, "displayName": id });
    let rooms = json!({ "items": [{
        "name": GROUP, "owner": OWNER, "users": [user(OWNER), user(WITNESS), user("wxid_a03")], "remark": "",
        "nickName": NAME,
    }] });
    let path = office.dir().join("chatrooms.json");
    std::fs::write(&path, rooms.to_string()).unwrap();
    let said = office.json("requester", 0, &["import", &text(&path), "--connection", "wx", "--as", "main"]);
    assert_eq!(said["import"]["kind"], "groups");
    let scan = office.json("admin", 0, &["scan", "wx"]);
    assert_eq!(scan["scans"][0]["report"]["new"].as_array().unwrap().len(), 1);
    office
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn hand_in(office: &Office, chat: &Chat, who: &str) -> Value {
    let path = chat.export(&office.dir().join(format!("{who}.json")));
    office.json("requester", 0, &["import", &text(&path), "--group", GROUP, "--as", who])
}

/// The id of the step that waits for a person.
fn step(plan: &Value, op: &str) -> Value {
    plan["steps"].as_array().unwrap().iter().find(|step| step["op"] == op).unwrap().clone()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

/// The owner ends the group by hand, and what was handed in proves it; nothing less does.
fn to_the_end(office: &Office, case: &str, chat: &mut Chat, notice: impl Fn(&mut Chat, &str)) {
    let plan = office.json("requester", 0, &["show", case]);
    let (announce, dissolve) = (step(&plan, "announce"), step(&plan, "dissolve"));
    assert_eq!((dissolve["symbol"].as_str(), dissolve["support"].as_str()), (Some("#"), Some("assisted")));
    let done = |step: &Value| {
        let mut args = vec!["step", "done", case, step["id"].as_str().unwrap()];
        if step["params"]["confirm"] == "type_name" {
            args.extend(["--factor", "typed_name=江畔书友会 📚"]);
        }
        office.json("requester", 0, &args);
    };
    // The export is taken, and the owner is asked for the announcement. Saying that it is done does not make it so.
    office.json("requester", 6, &["apply", case]);
    chat.say(WITNESS, 1, "收到");
    hand_in(office, chat, "second");
    done(&announce);
    office.json("requester", 6, &["apply", case]);
    let words = announce["params"]["text"].as_str().unwrap().to_owned();
    notice(chat, &words);
    hand_in(office, chat, "second");
    done(&announce);
    let asked = office.json("requester", 6, &["apply", case]);
    assert_eq!(asked["groups"][0]["step_op"], "dissolve", "{asked}");
    // A member types the client's own words: nothing has ended.
    chat.say(WITNESS, 1, ENDED);
    hand_in(office, chat, "second");
    done(&dissolve);
    let waits = office.json("requester", 6, &["apply", case]);
    assert_eq!(waits["groups"][0]["step_op"], "dissolve", "{waits}");
    chat.0.pop();
    chat.say("", 10_000, ENDED);
    for who in ["main", "second"] {
        let said = hand_in(office, chat, who);
        assert_eq!(said["import"]["upload"]["ended"], 1);
    }
    done(&dissolve);
    let ended = office.json("requester", 0, &["apply", case]);
    assert_eq!(ended["groups"][0]["verdict"], "gone", "{ended}");
    let bundle = ended["bundle"].as_str().unwrap();
    assert_eq!(office.json("requester", 0, &["verify", bundle])["ok"], true);
}

#[test]
fn req_p1_a_group_ends_by_its_owners_hand_and_a_witnesss_export_proves_it() {
    let office = office();
    let mut chat = Chat::new();
    let kept = hand_in(&office, &chat, "main");
    assert_eq!(
        (kept["import"]["upload"]["records"].as_u64(), kept["import"]["kept"].as_bool()),
        (Some(30), Some(true))
    );
    let (case, _) = office.approved(GROUP);
    to_the_end(&office, &case, &mut chat, |chat, words| chat.say(OWNER, 1, &format!("@所有人\n{words}")));
    // The journal has every file that was handed in, and not a word of any.
    let shown = office.json("requester", 0, &["show", GROUP]);
    let history = shown["history"].as_array().unwrap();
    let uploads: Vec<&Value> = history
        .iter()
        .map(|line| &line["event"])
        .filter(|event| event["kind"] == "upload_received")
        .collect();
    assert_eq!(uploads.len(), 6);
    assert!(uploads.iter().all(|upload| !upload.to_string().contains("边城")));
    // The key is destroyed: what was handed in goes with it.
    let inbox = office.bundles().join("inbox");
    assert!(files(&inbox).iter().any(|path| std::fs::read_to_string(path).unwrap().contains(GROUP)));
    let says = ["register", GROUP, "--owner", "Li", "--contact", "1", "--holds", "nothing"];
    office.json("requester", 0, &says);
    office.json("compliance", 0, &["retention", "release", GROUP, "--reason", "nothing to keep"]);
    office.json("business", 3, &["destroy", "plan", GROUP]);
    office.json("compliance", 0, &["destroy", "apply", GROUP, "--confirm", NAME]);
    for path in files(&inbox) {
        assert!(!std::fs::read_to_string(&path).unwrap().contains(GROUP), "{}", path.display());
    }
}

#[test]
fn req_x1_what_is_no_export_is_refused_with_a_code_and_nothing_is_kept() {
    let office = office();
    let before = files(&office.bundles()).len();
    let write = |name: &str, bytes: &[u8]| {
        let path = office.dir().join(name);
        std::fs::write(&path, bytes).unwrap();
        text(&path)
    };
    let chat = Chat::new().0;
    let elsewhere = Value::from(chat.clone()).to_string().replace(GROUP, "34599999999@chatroom");
    let utf16: Vec<u8> = "Time,SenderName".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (file, code) in [
        (write("a.csv", b"Time,Sender\n1,2\n"), "upload.format"),
        (write("b.csv", &utf16), "upload.encoding"),
        (write("c.json", b"[]"), "upload.empty"),
        (write("d.csv", b"UserName,Alias,Remark,NickName\nwxid_a,,,A\n"), "upload.contacts"),
        (write("e.json", elsewhere.as_bytes()), "upload.other_group"),
        (write("f.json", format!("[\"{}", "x".repeat(2_000_000)).as_bytes()), "upload.row_too_long"),
    ] {
        for lang in ["zh-CN", "en"] {
            let args = ["import", &file, "--group", GROUP, "--as", "main", "--json", "--lang", lang];
            let said = office.run("requester", &args);
            assert_eq!((said.code, said.error_code().as_deref()), (Some(1), Some(code)), "{file}");
        }
    }
    let good = write("good.json", Value::from(chat).to_string().as_bytes());
    let looked =
        office.json("requester", 0, &["import", &good, "--group", GROUP, "--as", "second", "--dry-run"]);
    assert_eq!(
        (looked["import"]["kept"].as_bool(), looked["import"]["upload"]["records"].as_u64()),
        (Some(false), Some(30))
    );
    assert_eq!(files(&office.bundles()).len(), before);
}

#[test]
fn a_group_that_only_a_ledger_knows_is_planned_moves_and_ends() {
    let office = connected();
    let ledger = office.dir().join("ledger.csv");
    let head = "name,platform,owner,contact,class,id";
    std::fs::write(&ledger, format!("{head}\n{NAME},wechat,Chen,139-0000,important,{GROUP}\n")).unwrap();
    let said = office.json("requester", 0, &["register", "--ledger", &text(&ledger)]);
    assert_eq!(said["new"].as_array().unwrap().len(), 1);
    let (case, _) = office.approved(GROUP);
    // Nobody has handed anything in: the history is waited for, and no owner is asked to end what is not kept yet.
    office.json("requester", 0, &["apply", &case, "--detach"]);
    let waits = office.json("requester", 0, &["task", "ls", &case]);
    let states: Vec<&str> = waits["owners"][0]["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["state"].as_str().unwrap())
        .collect();
    assert!(!states.is_empty() && states.iter().all(|state| *state == "later"), "{waits}");
    let mut chat = Chat::new();
    hand_in(&office, &chat, "main");
    // No list says who the owner is: a message proves nothing, the client's own notice does.
    to_the_end(&office, &case, &mut chat, |chat, words| {
        chat.say(OWNER, 49, words);
        chat.0.last_mut().unwrap()["subType"] = 87.into();
    });
    let board = office.json("requester", 0, &["task", "ls", &case]);
    assert_eq!(board["owners"][0]["done"], states.len(), "{board}");
}

//! Streams: `serve` hears over WebSockets what simulated platforms tell, and lives with platforms that misbehave.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]
#![expect(clippy::disallowed_methods, reason = "a process is waited for on a real clock")]

mod between;

use std::time::{Duration, Instant};

use adjourn_e2e::{Office, Running, Simulator, http};
use serde_json::{Value, json};

use between::{Between, frame};

/// Longest wait for something that a process does by itself.
const PATIENCE: Duration = Duration::from_mins(1);
/// Groups of the two worlds, as each platform calls them.
const QQ: [&str; 2] = ["710000001", "710000002"];
const DINGTALK: [&str; 2] = ["dt-1", "dt-2"];

/// Waits until `find` finds something.
#[track_caller]
fn wait<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The arguments of `connect add` with these settings and secrets.
fn connect(office: &Office, name: &str, settings: &[String], secrets: &[(&str, &str)]) {
    let mut all: Vec<String> = ["connect", "add", name, name].map(Into::into).into();
    for setting in settings {
        all.extend(["--set".into(), setting.clone()]);
    }
    all.extend(["--identity", "main", "--witness", "second"].map(Into::into));
    for (field, secret) in secrets {
        let path = office.dir().join(format!("{name}-{field}"));
        std::fs::write(&path, secret).unwrap();
        all.extend(["--secret".into(), format!("{field}=@{}", path.display())]);
    }
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    office.json("admin", 0, &all);
    office.json("admin", 0, &["scan", name]);
}

fn connect_qq(office: &Office, url: &str) {
    let settings = [format!("url={url}"), "implementation=NapCat.Onebot".to_owned()];
    connect(office, "qq", &settings, &[("main.token", "qq-owner"), ("second.token", "qq-witness")]);
}

fn connect_dingtalk(office: &Office, url: &str) {
    let settings = [
        format!("url={url}"),
        format!("old_url={url}"),
        "operator=u-owner".to_owned(),
        "groups=dt-2=chatdt2".to_owned(),
    ];
    let secrets = [
        ("main.app_key", "dingtalk-owner"),
        ("main.app_secret", "dingtalk-owner-secret"),
        ("second.app_key", "dingtalk-witness"),
        ("second.app_secret", "dingtalk-witness-secret"),
    ];
    connect(office, "dingtalk", &settings, &secrets);
}

fn simulator(platform: &str) -> Simulator {
    Simulator::start(platform, &["--world", platform, "--strict"])
}

fn serve(office: &Office) -> (Running, String) {
    let mut serve = office.adjourn().spawn(&["serve", "--listen", "127.0.0.1:0", "--lang", "en"]);
    let line = serve.wait_for_text("http://127.0.0.1:", PATIENCE);
    for served in ["/task/", "/events/", "/health"] {
        assert!(line.contains(served), "{line}");
    }
    let port: String =
        line.split("127.0.0.1:").nth(1).unwrap().chars().take_while(char::is_ascii_digit).collect();
    (serve, format!("http://127.0.0.1:{port}/health"))
}

fn streams(health: &str) -> Value {
    http::request("GET", health, &[], None).unwrap().expect(200)["streams"].clone()
}

/// A person ends the group in the platform's own app, as the dialog asks.
fn ends(simulator: &Simulator, group: &str, who: &str) {
    let url = simulator.url(&format!("/client/groups/{group}"));
    let screen = http::request("GET", &url, &[], None).unwrap().expect(200);
    let act = json!({
        "as": who, "act": "dissolve", "typed_name": screen["name"], "qr_scanned": true, "phone_confirmed": true,
        "super_admin": "u-super",
    });
    let headers = [("content-type", "application/json")];
    http::request("POST", &url, &headers, Some(act.to_string().as_bytes())).unwrap().expect(200);
}

/// Who heard of the group's end, in which words.
fn heard(office: &Office, group: &str) -> Vec<(String, String)> {
    let shown = office.json("admin", 0, &["show", group]);
    let history = shown["history"].as_array().unwrap();
    let heard = history.iter().map(|row| &row["event"]).filter(|event| event["heard"].is_object());
    heard
        .map(|event| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&event["identity"]), text(&event["heard"]["upstream"]))
        })
        .collect()
}

#[track_caller]
fn hears(office: &Office, group: &str, wanted: &[(&str, &str)]) {
    let wanted: Vec<(String, String)> =
        wanted.iter().map(|(who, what)| ((*who).to_owned(), (*what).to_owned())).collect();
    wait(&format!("{group} was not heard of"), || {
        let mut heard = heard(office, group);
        heard.sort();
        (heard == wanted).then_some(())
    });
}

#[track_caller]
fn nothing_unexpected(simulator: Simulator) {
    let (counted, output) = simulator.end();
    assert_eq!(counted["unexpected"], json!(0), "{output}");
}

#[test]
fn req_x4_ends_are_heard_over_streams_and_heard_again_after_a_restart() {
    let office = Office::new(None);
    let (qq, dingtalk) = (simulator("qq"), simulator("dingtalk"));
    connect_qq(&office, &qq.url(""));
    let (mut serve, health) = serve(&office);
    for identity in ["main", "second"] {
        serve.wait_for_text(&format!("{identity} at qq: the stream of events is open"), PATIENCE);
    }
    // A connection that is added while it runs is listened to as well.
    connect_dingtalk(&office, &dingtalk.url(""));
    for identity in ["main", "second"] {
        serve.wait_for_text(&format!("{identity} at dingtalk: the stream of events is open"), PATIENCE);
    }
    assert_eq!(streams(&health), json!({ "open": 4, "away": 0, "heard": 0 }));

    // Whoever ends a group of QQ is told nothing; both apps of DingTalk are.
    ends(&qq, QQ[0], "u-owner");
    hears(&office, QQ[0], &[("second", "group_decrease.disband")]);
    ends(&dingtalk, DINGTALK[0], "u-owner");
    hears(&office, DINGTALK[0], &[("main", "chat_disband"), ("second", "chat_disband")]);
    serve.wait_for_text("second at qq: the platform told of the end of a group (1)", PATIENCE);
    wait("the count", || (streams(&health)["heard"] == 3).then_some(()));

    // Both platforms go away and come back where they were.
    let (at_qq, at_dingtalk) = (qq.address().to_owned(), dingtalk.address().to_owned());
    nothing_unexpected(qq);
    nothing_unexpected(dingtalk);
    wait("all are away", || (streams(&health)["away"] == 4).then_some(()));
    let qq = Simulator::start_at(&at_qq, "qq", &["--world", "qq", "--strict"]);
    let dingtalk = Simulator::start_at(&at_dingtalk, "dingtalk", &["--world", "dingtalk", "--strict"]);
    wait("all are open again", || (streams(&health)["open"] == 4).then_some(()));
    ends(&qq, QQ[1], "u-deputy");
    hears(&office, QQ[1], &[("main", "group_decrease.disband"), ("second", "group_decrease.disband")]);
    ends(&dingtalk, DINGTALK[1], "u-owner");
    hears(&office, DINGTALK[1], &[("main", "chat_disband"), ("second", "chat_disband")]);

    // Asked to end, it says goodbye and ends.
    serve.terminate();
    let output = serve.wait(PATIENCE);
    assert_eq!(output.code, Some(0), "{output}");
    nothing_unexpected(qq);
    nothing_unexpected(dingtalk);
}

#[test]
fn a_stream_that_is_refused_is_told_of_once_and_everything_else_goes_on() {
    let office = Office::new(None);
    let (qq, dingtalk) = (simulator("qq"), simulator("dingtalk"));
    let wrong_qq = Between::start(qq.address(), Vec::new(), Some(("Bearer qq-owner", "Bearer qq-0wner")));
    let secret = ("dingtalk-owner-secret", "dingtalk-owner-guess!");
    let wrong_dingtalk = Between::start(dingtalk.address(), Vec::new(), Some(secret));
    connect_qq(&office, &wrong_qq.url());
    connect_dingtalk(&office, &wrong_dingtalk.url());
    let (mut serve, health) = serve(&office);
    for name in ["qq", "dingtalk"] {
        serve.wait_for_text(&format!("main at {name}: the stream of events is refused"), PATIENCE);
        serve.wait_for_text(&format!("second at {name}: the stream of events is open"), PATIENCE);
    }
    serve.wait_for_text("connection.auth", PATIENCE);
    ends(&qq, QQ[0], "u-owner");
    hears(&office, QQ[0], &[("second", "group_decrease.disband")]);
    ends(&dingtalk, DINGTALK[0], "u-owner");
    hears(&office, DINGTALK[0], &[("second", "chat_disband")]);
    assert_eq!(streams(&health), json!({ "open": 2, "away": 2, "heard": 2 }));
    // The wrong credentials were shown once, and told of once.
    assert_eq!((wrong_qq.spoilt(), wrong_dingtalk.spoilt()), (1, 1));
    assert_eq!(serve.stderr().matches("is refused").count(), 2, "{}", serve.stderr());
    serve.terminate();
    assert_eq!(serve.wait(PATIENCE).code, Some(0));
}

/// The most memory that a process had so far, in kilobytes.
fn most_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_platform_that_sends_anything_is_reported_and_listened_to_again() {
    let office = Office::new(None);
    let qq = simulator("qq");
    let deep = format!("{}{}", "[".repeat(400_000), "]".repeat(400_000));
    let says = vec![
        b"\xf1\x02hi".to_vec(),
        frame(2, b"\xff\xfe\x00\x01 garbage"),
        frame(1, deep.as_bytes()),
        frame(1, &vec![b'x'; 10 * 1024 * 1024]),
    ];
    let between = Between::start(qq.address(), says, None);
    connect_qq(&office, &between.url());
    let (mut serve, health) = serve(&office);
    let before = most_memory(serve.pid());
    serve.wait_for_text("the stream of events is lost", PATIENCE);
    serve.wait_for_text("connection.protocol", PATIENCE);
    // What is sent over and over is told of once; the streams come back as soon as the platform behaves.
    wait("all are open", || (streams(&health)["open"] == 2).then_some(()));
    assert_eq!(between.left(), 0, "not everything was said");
    let lost = serve.stderr().matches("is lost").count();
    assert!((1..=4).contains(&lost), "{}", serve.stderr());
    let more = most_memory(serve.pid()) - before;
    assert!(more < 40 * 1024, "{more} kB more than before");
    ends(&qq, QQ[0], "u-owner");
    hears(&office, QQ[0], &[("second", "group_decrease.disband")]);
    serve.terminate();
    assert_eq!(serve.wait(PATIENCE).code, Some(0));
}

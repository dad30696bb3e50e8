//! scouting
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]
use adjourn_e2e::{Access, Office, Room, Simulator, shared};

#[test]
fn scout() {
    let synapse = shared();
    let room = Room::make(&synapse, "alice", "joint-room");
    let office = Office::new(None);
    office.connect_shared(&synapse, &synapse.url(), Access::default());
    let ding = Simulator::start("dingtalk", &["--strict"]);
    let qq = Simulator::start("qq", &["--strict"]);
    let wecom = Simulator::start("wecom", &["--strict"]);
    let file = |name: &str, text: &str| {
        let path = office.dir().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let connect = |name: &str, platform: &str, set: &[String], secrets: &[(&str, &str)]| {
        let mut all: Vec<String> = ["connect", "add", name, platform, "--witness", "second"].map(Into::into).into();
        for one in set {
            all.extend(["--set".to_owned(), one.clone()]);
        }
        for (n, (secret, value)) in secrets.iter().enumerate() {
            all.extend(["--secret".to_owned(), format!("{secret}=@{}", file(&format!("{name}{n}"), value))]);
        }
        all.push("--json".into());
        let key = office.key("admin");
        all.extend(["--key".to_owned(), key]);
        let out = office.adjourn().run(&all);
        println!("{out}");
        println!("{}", office.run("admin", &["scan", name, "--json"]));
    };
    let url = |sim: &Simulator| format!("url={}", sim.url(""));
    connect("dt", "dingtalk", &[url(&ding), format!("old_url={}", ding.url("")), "operator=manager01".into()],
        &[("main.app_key", "dingsimowner"), ("main.app_secret", "dingsimowner-secret"), ("second.app_key", "dingsimwitness"), ("second.app_secret", "dingsimwitness-secret")]);
    connect("qq", "qq", &[url(&qq)], &[("main.token", "qq-owner"), ("second.token", "qq-witness"), ("main.event_secret", "qq-events"), ("second.event_secret", "qq-events")]);
    connect("wc", "wecom", &[url(&wecom), "corpid=ww5a1e0f1ca7ed0001".into(), "appchats=opsroom2026,quietroom,projectAlpha".into(), "bots=opsbot".into(), "handover_template=3TmHandoverBeforeDissolve".into()],
        &[("main.secret", "secret-of-the-app"), ("second.secret", "secret-of-the-witness")]);
    println!("{}", office.run("admin", &["ls", "--json"]));
    let out = office.run("requester", &["--lang", "en", "plan", &room.id, "cidSimBusy01==", "900100003", "projectAlpha", "--reason", "done", "--nominee", "business"]);
    println!("{out}");
    let (a, b) = (ding.end(), qq.end());
    println!("{} {}", a.0, b.0);
    println!("{}", wecom.end().0);
}

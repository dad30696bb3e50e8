//! Groups behind an outpost: the built binary as the centre and as the outpost, over a simulated platform on a socket.

use std::path::Path;
use std::process::{Child, Stdio};

use adjourn_domain::capability::Op;
use serde_json::{Value, json};

use crate::office::Office;
use crate::platform::Platform;
use crate::wait_until;

/// `adjourn outpost`, killed when it is dropped.
struct Outpost(Child);

impl Outpost {
    /// Starts it; it stands still at `halt`, and says so in `log`.
    fn start(office: &Office, port: u16, identity: &str, halt: Option<&str>) -> Self {
        let connect = format!("127.0.0.1:{port}");
        let mut command = office.command("", &["outpost", "--connect", &connect, "--identity", identity]);
        command
            .args(["--secret", "wx.main.token=@boss.token", "--secret", "wx.eye.token=@eye.token"])
            .env("ADJOURN_POINTS_LOG", office.path("points.log"))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(office.path("outpost.err")).unwrap());
        if let Some(halt) = halt {
            command.env("ADJOURN_HALT_AT", halt);
        }
        Self(command.spawn().unwrap())
    }

    /// Waits until it ends by itself; the code of its error.
    fn ended(mut self, office: &Office) -> String {
        wait_until("the outpost ends", || self.0.try_wait().unwrap().is_some());
        let text = std::fs::read_to_string(office.path("outpost.err")).unwrap();
        let from = text.find('{').unwrap_or_else(|| panic!("{text}"));
        let said: Value = serde_json::from_str(&text[from..]).unwrap_or_else(|_| panic!("{text}"));
        said["error"]["code"].as_str().unwrap_or_else(|| panic!("{text}")).to_owned()
    }
}

impl Drop for Outpost {
    fn drop(&mut self) {
        // SIGKILL on Unix.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An installation with a channel and an outpost of the name `north`.
fn channelled() -> (Office, u16) {
    let office = Office::new();
    office.people();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("[channel]\nlisten = \"127.0.0.1:{port}\"\nwait_s = 1\n[policy.important]\n");
    office.configure("[policy.important]\n", &listen);
    assert_eq!(office.run("root", &["channel", "init", "--host", "127.0.0.1"]).0, 0);
    let (code, said) = office.run("root", &["channel", "add", "north", "--out", "north"]);
    assert_eq!(code, 0, "{said}");
    for account in ["boss", "eye"] {
        std::fs::write(office.path(&format!("{account}.token")), format!("token-{account}")).unwrap();
    }
    (office, port)
}

/// A connection whose secrets only the outpost has, and the group that is found through it.
fn connected(office: &Office, platform: &Platform) -> String {
    let [url, plays, rules] = platform.settings();
    let args = [
        "connect",
        "add",
        "wx",
        "reference",
        "--set",
        &url,
        "--set",
        &plays,
        "--set",
        &rules,
        "--witness",
        "eye",
    ];
    let with_secret = [&args[..], &["--set", "via=north", "--secret", "main.token=@boss.token"]].concat();
    assert_eq!(office.run("root", &with_secret).1["error"]["code"], "outpost.secrets");
    let (code, said) = office.run("root", &[&args[..], &["--set", "via=north"]].concat());
    assert_eq!(code, 0, "{said}");
    let (code, said) = office.run("asker", &["scan", "wx"]);
    assert_eq!(code, 0, "{said}");
    let listed = office.run("asker", &["ls"]).1;
    listed["groups"][0]["group"].as_str().unwrap_or_else(|| panic!("{listed}")).to_owned()
}

fn dissolves(platform: &Platform) -> u32 {
    let effects = platform.simulator.lock().unwrap().effects();
    effects.iter().filter(|((op, _), _)| *op == Op::Dissolve).map(|(_, times)| times).sum()
}

fn halted(log: &Path) -> bool {
    std::fs::read_to_string(log).is_ok_and(|text| text.contains("halted "))
}

#[test]
fn req_g6_a_group_behind_an_outpost_is_dissolved_once_though_the_outpost_is_killed_in_the_middle() {
    for halt in ["outpost.before.dissolve", "outpost.after.dissolve"] {
        let platform = Platform::native([(1, "one".to_owned())].into_iter());
        let (office, port) = channelled();
        let outpost = Outpost::start(&office, port, "north", Some(halt));
        let group = connected(&office, &platform);
        let case = office.approved(&[group]);
        let apply = office
            .command("asker", &["apply", &case])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        wait_until("the outpost is at the dissolve", || halted(&office.path("points.log")));
        drop(outpost);
        let done = u32::from(halt.contains("after"));
        assert_eq!(dissolves(&platform), done, "{halt}");
        let _again = Outpost::start(&office, port, "north", None);
        let output = apply.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{halt}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let watched = office.run("", &["watch", &case, "--once"]).1.to_string();
        assert!(watched.contains("\"gone\""), "{halt}: {watched}");
        assert_eq!(dissolves(&platform), 1, "{halt}: never twice");
        let listed = office.run("", &["channel", "ls"]).1;
        assert_eq!((&listed["instructions_refused"], &listed["replies_refused"]), (&json!(0), &json!(0)));
    }
}

#[test]
fn req_g6_the_instruction_key_is_rotated_without_a_stop_and_a_revoked_outpost_is_cut_off() {
    let platform = Platform::native([(1, "one".to_owned())].into_iter());
    let (office, port) = channelled();
    let outpost = Outpost::start(&office, port, "north", None);
    let group = connected(&office, &platform);
    let old = office.run("", &["channel", "ls"]).1["instruction_key"].clone();
    let (code, said) = office.run("root", &["channel", "rotate", "--overlap", "0"]);
    assert_eq!((code, &said["old"]), (0, &old), "{said}");
    let case = office.approved(&[group]);
    let (code, said) = office.run("asker", &["apply", &case]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(dissolves(&platform), 1);

    let server = crate::support::serve::Serve::start(&office);
    assert_eq!(office.run("root", &["channel", "revoke", "north", "--reason", "lost"]).0, 0);
    // It was connected; now it is refused when it dials again.
    assert_eq!(outpost.ended(&office), "channel.certificate_revoked");
    drop(server);
    let (code, said) = office.run("root", &["channel", "revoke", "north", "--reason", "lost"]);
    assert_eq!((code, &said["error"]["code"]), (1, &Value::from("outpost.unknown")));
}

#[test]
fn req_g6_a_verb_beside_serve_is_told_who_has_the_outposts_and_gets_through_when_it_has_ended() {
    let platform = Platform::native([(1, "one".to_owned())].into_iter());
    let (office, port) = channelled();
    let _outpost = Outpost::start(&office, port, "north", None);
    connected(&office, &platform);
    let holder = || {
        let text = std::fs::read(office.path("data-keys/channel/open")).unwrap();
        serde_json::from_slice::<Value>(&text).unwrap_or_default()
    };
    let before = holder();
    let server = crate::support::serve::Serve::start(&office);
    // Looked at once each time: between two looks the file may be written.
    let mut now = Value::Null;
    wait_until("it has the outposts", || {
        now = holder();
        !now.is_null() && now != before
    });
    let who = format!("pid {} · {}", now["pid"], now["since"].as_str().unwrap());
    for (lang, words) in [("en", "of this installation"), ("zh-CN", "\u{672c}\u{5b89}\u{88c5}")] {
        let output = office.adjourn(lang, "asker").args(["--json", "scan", "wx"]).output().unwrap();
        let said: Value = serde_json::from_slice(&output.stderr).unwrap();
        let error = &said["error"];
        assert_eq!(error["code"], "channel.busy", "{said}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(words) && message.contains(&who), "{said}");
        assert!(error["hint"].as_str().unwrap().contains("channel.wait_s"), "{said}");
    }
    // Killed: nothing is left behind that would keep others out.
    drop(server);
    let (code, said) = office.run("asker", &["scan", "wx"]);
    assert_eq!(code, 0, "{said}");
}

#[test]
fn req_g6_whatever_an_outpost_refuses_and_the_centre_does_not_believe_is_said_in_both_languages() {
    use adjourn_domain::instruction::Refused;
    use adjourn_domain::reply::Doubt;

    let (at, hash) = (crate::now(), adjourn_domain::canonical::Hash::of(b""));
    let refused = [
        Refused::Forged,
        Refused::Altered,
        Refused::NotForMe,
        Refused::Expired { there: at, until: at, here: at },
        Refused::Early { there: at, here: at },
        Refused::Replayed,
        Refused::Stale { fence: 1, seen: 2 },
        Refused::WrongPlan { plan: hash, obeyed: hash },
        Refused::Behind { place: 1, obeyed: 2 },
    ];
    let doubted = [Doubt::Unsigned, Doubt::Forged, Doubt::Altered, Doubt::Foreign];
    let codes = refused.iter().map(|why| (why.code(), why.to_string()));
    for (code, says) in codes.chain(doubted.iter().map(|why| (why.code(), String::new()))) {
        for lang in [adjourn_i18n::Lang::En, adjourn_i18n::Lang::ZhCn] {
            let text = adjourn_i18n::error_text(lang, code, &[("says", &says)]).unwrap();
            assert!(!text.sentence.is_empty() && !text.sentence.contains('{'), "{code}: {}", text.sentence);
            assert!(!text.hint.is_empty(), "{code}");
        }
    }
}

//! Webhooks: what is appended to the journal is told to a configured address, signed as the standard says, again after a failure and after a crash.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use adjourn_e2e::{PLAIN, Peers, RefDesk};
use serde_json::{Value, json};

use crate::served::Served;

const LIMIT: Duration = Duration::from_mins(3);
/// `whsec_` and base64 of 24 bytes `k` and of 24 bytes `o`.
const SECRET: &str = "whsec_a2tra2tra2tra2tra2tra2tra2tra2tr";
const OLD: &str = "whsec_b29vb29vb29vb29vb29vb29vb29vb29v";
/// Another one, of 24 bytes `x`.
const OTHER: &str = "whsec_eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4";
/// Says whether the library of the standard's authors takes a message.
const VERIFY: &str = r#"
import json, sys
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
message = json.loads(sys.argv[1])
try:
    Webhook(message["secret"]).verify(message["body"], message["headers"])
    print("taken")
except WebhookVerificationError:
    print("refused")
"#;

/// A message as it came.
struct Came {
    id: String,
    timestamp: String,
    signatures: Vec<String>,
    body: String,
}

impl Came {
    fn data(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// What openssl signs.
    fn signed(&self, key: u8) -> String {
        let hex = format!("hexkey:{}", format!("{key:02x}").repeat(24));
        let script = format!("openssl dgst -sha256 -mac HMAC -macopt {hex} -binary | base64");
        let mut openssl = Command::new("sh")
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let text = format!("{}.{}.{}", self.id, self.timestamp, self.body);
        openssl.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let out = openssl.wait_with_output().unwrap();
        format!("v1,{}", String::from_utf8(out.stdout).unwrap().trim())
    }

    /// Whether the standard's own library takes it under a secret.
    fn taken(&self, secret: &str, body: &str) -> bool {
        let message = json!({"secret": secret, "body": body, "headers": {
            "webhook-id": self.id, "webhook-timestamp": self.timestamp, "webhook-signature": self.signatures.join(" ")}});
        let python = Peers::locate().clients_python();
        let output = Command::new(python).args(["-c", VERIFY, &message.to_string()]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(["taken\n", "refused\n"].contains(&&*said), "{output:?}");
        said == "taken\n"
    }
}

/// A receiver that refuses the first message, and takes every other one.
fn receiver() -> (String, Receiver<Came>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (told, came) = channel();
    std::thread::spawn(move || {
        for (n, stream) in listener.incoming().enumerate() {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut line, mut headers) = (String::new(), std::collections::BTreeMap::new());
            while reader.read_line(&mut line).unwrap() > 2 {
                if let Some((name, value)) = line.split_once(':') {
                    headers.insert(name.to_lowercase(), value.trim().to_owned());
                }
                line.clear();
            }
            let mut body = vec![0; headers["content-length"].parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let status = if n == 0 { "500 No" } else { "204 Yes" };
            write!(reader.get_mut(), "HTTP/1.1 {status}\r\nconnection: close\r\n\r\n").unwrap();
            let came = Came {
                id: headers["webhook-id"].clone(),
                timestamp: headers["webhook-timestamp"].clone(),
                signatures: headers["webhook-signature"].split(' ').map(str::to_owned).collect(),
                body: String::from_utf8(body).unwrap(),
            };
            if told.send(came).is_err() {
                return;
            }
        }
    });
    (url, came)
}

#[test]
fn what_happens_is_told_at_least_once_signed_by_both_secrets_and_names_nobody() {
    let desk = RefDesk::new(&[]);
    let (url, came) = receiver();
    let next = || came.recv_timeout(LIMIT).expect("a message");
    let dir = desk.office.dir().to_owned();
    std::fs::write(dir.join("secret"), SECRET).unwrap();
    std::fs::write(dir.join("old"), OLD).unwrap();
    let config = desk.office.data().join("config.toml");
    let hook = format!(
        "\n[webhook.tickets]\nurl = \"{url}\"\nsecret_file = \"{0}/secret\"\nold_secret_file = \"{0}/old\"\n\
         events = [\"submitted\", \"approved\", \"rejected\"]\n",
        dir.display()
    );
    let bare = std::fs::read_to_string(&config).unwrap();
    let configured =
        |hook: &str, inside: &str| std::fs::write(&config, bare.clone() + hook + inside).unwrap();
    // This machine is no place to post to, unless it was named; and a misspelt kind would be waited for in vain.
    configured(&hook, "");
    let refused = |args: &[&str]| desk.office.run("admin", args).error_code().unwrap();
    assert_eq!(refused(&["webhook", "test", "tickets", "--json"]), "webhook.private");
    configured(&hook.replace("approved", "approve_d"), "");
    assert_eq!(refused(&["ls", "--json"]), "webhook.event");
    configured(&hook, "[http]\nprivate_hosts = [\"127.0.0.1\"]\n");
    let served = Served::over(desk);
    let office = &served.desk.office;
    let cursor = || office.json("admin", 0, &["webhook", "list"])["webhooks"][0]["cursor"].clone();
    // It begins with what comes from now on.
    adjourn_e2e::wait_for(LIMIT, || (cursor()["next"].as_u64() > Some(1)).then_some(())).unwrap();
    let case = served.desk.planned(PLAIN);
    office.json("requester", 3, &["submit", &case]);
    // Refused the first time, it comes again under the same id.
    let (first, again) = (next(), next());
    assert_eq!((&first.id, &first.body), (&again.id, &again.body));
    let said = again.data();
    assert_eq!(
        (said["type"].as_str(), said["data"]["case"].as_str()),
        (Some("submitted"), Some(case.as_str()))
    );
    assert_eq!(again.signatures, [again.signed(b'k'), again.signed(b'o')]);
    assert!(again.taken(SECRET, &again.body) && again.taken(OLD, &again.body));
    assert!(
        !again.taken(OTHER, &again.body)
            && !again.taken(SECRET, &again.body.replace("submitted", "approved"))
    );
    // Killed: what happens meanwhile is told by the next process, and only that.
    let Served { desk, running, .. } = served;
    running.kill9();
    let office = &desk.office;
    office.json("business", 3, &["approve", &case]);
    office.json("compliance", 0, &["approve", &case]);
    let served = Served::over(desk);
    let office = &served.desk.office;
    let approvals = [next(), next()];
    for approval in &approvals {
        assert_eq!(approval.data()["type"], "approved");
        // Who approved is not said, nor what the group is called.
        for word in ["business", "compliance", "requester", PLAIN] {
            assert!(!approval.body.contains(word), "{}", approval.body);
        }
    }
    office.json("admin", 0, &["webhook", "test", "tickets"]);
    assert_eq!(next().data()["type"], "test");
    office.json("admin", 0, &["webhook", "replay", "tickets"]);
    assert_eq!(next().id, again.id, "from the beginning, under the ids from before");
    assert_eq!(
        office.run("business", &["webhook", "replay", "tickets", "--json"]).error_code().as_deref(),
        Some("approval.role")
    );
    let unknown = office.run("admin", &["webhook", "test", "nobody", "--json"]);
    assert_eq!(unknown.error_code().as_deref(), Some("webhook.unknown"));
}

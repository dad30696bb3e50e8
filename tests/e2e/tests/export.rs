//! An export that is killed, limited, lied to and out of disk, over the reference platform's own wire. Every day with 20,000 messages;
//! `cargo xtask soak export` plays the same with a million in a release build and writes down what it took.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests and their helpers; a process is looked at while it runs"
)]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use adjourn_domain::canonical::Hash;
use adjourn_e2e::{Disk, RefDesk, Running, Simulator, TempDir, tempdir};
use serde_json::{Value, json};

/// Messages of the daily test.
const DAILY: u64 = 20_000;
const DARK: u64 = 300;
/// Messages in a row that the platform can't read; they are on one page.
const BROKEN: u64 = 50;
const PAGE: u64 = 100;
/// What the process may take at any time, in kilobytes.
const MOST_RSS_KB: u64 = 150 * 1024;
const LONG: &str = "g-long";
const SMALL: &str = "g-small";

/// Where in the long history something was put in.
struct Injected {
    records: u64,
    seed: u64,
    stride: u64,
    broken: u64,
    shapeless: u64,
    ancient: u64,
    doubled: u64,
    file: u64,
    vanished: u64,
}

impl Injected {
    fn new(records: u64) -> Self {
        // The encrypted messages are at 2, 2 + stride, 2 + 2 strides…; whatever else is odd lies between two of them.
        let stride = records / DARK;
        let between = |n: u64| 2 + n * stride + 7;
        let broken =
            (0..PAGE).map(|n| 2 + (210 + n) * stride + 1).find(|first| (first - 1) % PAGE + BROKEN <= PAGE);
        Self {
            records,
            seed: stride * 1_000 + 1,
            stride,
            broken: broken.unwrap(),
            shapeless: between(20),
            ancient: between(60),
            doubled: between(100),
            file: between(140),
            vanished: between(180),
        }
    }

    fn dark(&self) -> Vec<String> {
        (0..DARK).map(|n| id(2 + n * self.stride)).collect()
    }

    fn past(&self) -> Value {
        json!({
            "records": self.records, "seed": self.seed, "pace_s": 40, "page": PAGE, "undecryptable": DARK,
            "broken": [[self.broken, self.broken + BROKEN - 1]],
            "odd": {
                self.shapeless.to_string(): "shapeless", self.ancient.to_string(): "ancient", self.doubled.to_string(): "doubled",
                self.file.to_string(): "file", self.vanished.to_string(): "vanished",
            },
        })
    }

    /// The receipt lists exactly what was put in.
    fn check(&self, receipt: &Value) {
        assert_eq!(receipt["total"], self.records - BROKEN - 2, "{receipt}");
        assert_eq!(receipt["platform_says"], self.records);
        assert_eq!((&receipt["complete"], &receipt["compared"]), (&json!(false), &json!(true)));
        assert_eq!((&receipt["media"], &receipt["counts"]["undecryptable"]), (&json!(1), &json!(DARK)));
        assert_eq!(receipt["undecryptable"], json!(self.dark()));
        let cursor = |seq: u64| ((seq - 1) / PAGE * PAGE).to_string();
        let item = |reason: &str, seq: u64, id: String, records: u64, kept: bool| json!({ "reason": reason, "cursor": cursor(seq), "id": id, "records": records, "kept": kept });
        let broken = format!("seq-{}-{}", self.broken, self.broken + BROKEN - 1);
        let mut bad = receipt["bad"].clone();
        for item in bad.as_array_mut().unwrap() {
            item.as_object_mut().unwrap().remove("says");
        }
        let injected = [
            item("shape", self.shapeless, id(self.shapeless), 1, false),
            item("time", self.ancient, id(self.ancient), 1, true),
            item("duplicate", self.doubled, id(self.doubled - 1), 1, false),
            item("page", self.broken, broken, BROKEN, false),
        ];
        assert_eq!(bad, json!(injected));
        let gone = format!("f-past-{}", self.vanished);
        let gaps = json!([
            { "code": "gap-media", "args": { "media": gone } },
            { "code": "gap-bad", "args": { "n_records": (BROKEN + 2).to_string() } },
        ]);
        assert_eq!(receipt["gaps"], gaps);
    }

    /// The archive has every message that can be had, once and in order.
    fn check_messages(&self, file: &Path) {
        let left_out: BTreeSet<u64> =
            (self.broken..self.broken + BROKEN).chain([self.shapeless, self.doubled]).collect();
        let mut expected = (1..=self.records).filter(|seq| !left_out.contains(seq));
        let decoder = zstd::Decoder::new(std::fs::File::open(file).unwrap()).unwrap();
        for line in BufReader::new(decoder).lines() {
            let line = line.unwrap();
            let at = line.find(r#""seq":"#).unwrap() + 6;
            let digits: String = line[at..].chars().take_while(char::is_ascii_digit).collect();
            assert_eq!(Some(digits.parse().unwrap()), expected.next(), "{line}");
        }
        assert_eq!(expected.next(), None);
    }
}

fn id(seq: u64) -> String {
    format!("m-{seq:05}")
}

/// A platform with a long history, with another one that nothing is wrong with, and an office that is connected to it.
fn desk(injected: &Injected) -> (RefDesk, TempDir) {
    let dir = tempdir();
    let group = |id: &str, past: Value| json!({ "id": id, "name": id, "owner": "u-owner", "members": ["u-witness", "u-a"], "past": past });
    let world = json!({
        "platform": "reference", "start": "2019-03-01T00:00:00.000Z",
        "accounts": [{ "id": "u-owner", "name": "Owner" }, { "id": "u-witness", "name": "Witness" }, { "id": "u-a", "name": "A" }],
        "tokens": [
            { "token": "reference-owner", "account": "u-owner", "scopes": ["read", "post", "manage"] },
            { "token": "reference-witness", "account": "u-witness", "scopes": ["read"] },
        ],
        "groups": [group(LONG, injected.past()), group(SMALL, json!({ "records": 8_000, "seed": 7, "page": 400 }))],
        "lines": ["\u{6536}\u{5230}", "\u{5408}\u{540c}\u{626b}\u{63cf}\u{4ef6}\u{653e}\u{5728}\u{7f51}\u{76d8}\u{4e86}", "see you at three"],
    });
    let file = dir.path().join("world.json");
    std::fs::write(&file, world.to_string()).unwrap();
    let faults = "too_many:1@g-long/messages#9;too_many:1@g-long/messages#120";
    let sim = Simulator::start("reference", &["--world", file.to_str().unwrap(), "--faults", faults]);
    (RefDesk::over(sim, "{}", &[]), dir)
}

/// What a process took.
#[derive(Default)]
struct Watch {
    peak_kb: u64,
}

impl Watch {
    fn look(&mut self, running: &Running) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", running.pid())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kb = line.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(0);
        self.peak_kb = self.peak_kb.max(kb);
    }

    /// Looks until the process has ended, or until `done`.
    fn until(&mut self, running: &mut Running, done: impl Fn() -> bool) -> bool {
        while running.is_running() {
            self.look(running);
            if done() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(4));
        }
        false
    }
}

struct Export<'a> {
    desk: &'a RefDesk,
    group: String,
    out: PathBuf,
}

impl<'a> Export<'a> {
    fn new(desk: &'a RefDesk, native: &str, out: PathBuf) -> Self {
        let all = desk.office.json("requester", 0, &["show", native]);
        let group = all["group"].as_str().unwrap_or_else(|| panic!("{all}")).to_owned();
        Self { desk, group, out }
    }

    fn start(&self) -> Running {
        let key = self.desk.office.key("requester");
        let out = self.out.to_str().unwrap();
        self.desk.office.adjourn().spawn(&[
            "--lang",
            "en",
            "export",
            &self.group,
            "--out",
            out,
            "--key",
            &key,
        ])
    }

    /// How many records are durable.
    fn durable(&self) -> u64 {
        let state = self.out.join("export.work").join(&self.group).join("main/state.json");
        let state: Value = std::fs::read(state)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        state["counts"].as_object().map_or(0, |counts| counts.values().filter_map(Value::as_u64).sum())
    }

    fn receipt(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.bag().join("data/receipt.json")).unwrap()).unwrap()
    }

    fn bag(&self) -> PathBuf {
        self.out.join(&self.group)
    }

    fn messages(&self) -> PathBuf {
        self.bag().join("data/messages.jsonl.zst")
    }

    fn hash(&self) -> String {
        Hash::of(&std::fs::read(self.messages()).unwrap()).to_hex()
    }
}

#[test]
fn req_x1_a_long_export_survives_kills_and_says_exactly_what_is_missing() {
    let soak = std::env::var_os("ADJOURN_SOAK_RECORDS").and_then(|text| text.to_str()?.parse().ok());
    let injected = Injected::new(soak.unwrap_or(DAILY));
    let limit = Duration::from_hours(1);
    let (desk, dir) = desk(&injected);

    // Once in one go.
    let whole = Export::new(&desk, LONG, dir.path().join("whole"));
    let (mut watch, begun) = (Watch::default(), Instant::now());
    let mut running = whole.start();
    watch.until(&mut running, || false);
    let output = running.wait(limit);
    let took = begun.elapsed();
    assert_eq!(output.code, Some(5), "{output}");
    assert!(output.stderr.contains("main of ref waits 1 s, because the platform wants it"), "{output}");
    assert!(output.stdout.contains("It is not complete."), "{output}");
    injected.check(&whole.receipt());
    injected.check_messages(&whole.messages());
    let mut peaks =
        vec![json!({ "run": "in one go", "seconds": took.as_secs(), "peak_rss_kb": watch.peak_kb })];

    // Once killed three times; the same command goes on.
    let (desk, dir) = self::desk(&injected);
    let killed = Export::new(&desk, LONG, dir.path().join("killed"));
    for percent in [20, 55, 90] {
        let (mut watch, begun) = (Watch::default(), Instant::now());
        let mut running = killed.start();
        let there = watch.until(&mut running, || killed.durable() >= injected.records * percent / 100);
        let output = running.kill9();
        assert!(there, "it came to its end before {percent} %: {output}");
        let durable = killed.durable();
        peaks.push(json!({
            "run": format!("killed at {percent} %"), "seconds": begun.elapsed().as_secs(), "peak_rss_kb": watch.peak_kb, "durable": durable,
        }));
        assert!(!killed.bag().exists(), "no archive before it is whole");
    }
    let (mut watch, begun) = (Watch::default(), Instant::now());
    let mut running = killed.start();
    watch.until(&mut running, || false);
    let output = running.wait(limit);
    assert_eq!(output.code, Some(5), "{output}");
    peaks.push(
        json!({ "run": "to the end", "seconds": begun.elapsed().as_secs(), "peak_rss_kb": watch.peak_kb }),
    );
    assert_eq!(killed.receipt(), whole.receipt());
    assert_eq!(killed.hash(), whole.hash(), "the same file, byte for byte");
    let over = peaks.iter().find(|run| run["peak_rss_kb"].as_u64().unwrap() > MOST_RSS_KB);
    assert_eq!(over, None, "too much memory");
    assert!(!killed.out.join("export.work").exists(), "what was only needed on the way is gone");

    // It is there now: it is read, and neither asked for nor written down again.
    let before = desk.office.json("requester", 0, &["show", &killed.group]);
    let again = killed.start().wait(limit);
    assert_eq!(again.code, Some(5), "{again}");
    assert_eq!(desk.office.json("requester", 0, &["show", &killed.group]), before);
    assert_eq!(before.to_string().matches("history_exported").count(), 1, "{before}");

    if let Some(path) = std::env::var_os("ADJOURN_SOAK_RESULT") {
        let result = json!({
            "records": injected.records, "undecryptable": DARK, "unreadable_on_one_page": BROKEN, "limits_met": 2, "runs": peaks,
            "messages_sha256": whole.hash(), "messages_bytes": whole.messages().metadata().unwrap().len(),
            "most_rss_kb": MOST_RSS_KB, "build": std::env::var_os("ADJOURN_SOAK_BUILD").map_or("debug".into(), |text| text.to_string_lossy().into_owned()),
        });
        std::fs::write(path, serde_json::to_string_pretty(&result).unwrap() + "\n").unwrap();
    }
}

#[test]
fn req_x1_a_disk_that_is_full_in_the_middle_loses_nothing() {
    let (desk, dir) = desk(&Injected::new(DAILY));
    let export = Export::new(&desk, SMALL, dir.path().join("small"));
    let disk = Disk::mount(&export.out, "size=220k");
    let full = export.start().wait(Duration::from_mins(2));
    let durable = export.durable();
    disk.resize("64m");
    let done = export.start().wait(Duration::from_mins(2));
    let receipt = done.code.map(|_| export.receipt());
    assert_eq!(full.code, Some(1), "{full}");
    assert!(full.stderr.contains("disk.full"), "{full}");
    assert!(durable > 0 && durable < 8_000, "{durable} were written");
    assert_eq!(done.code, Some(0), "{done}");
    let receipt = receipt.unwrap();
    assert_eq!((&receipt["total"], &receipt["complete"]), (&json!(8_000), &json!(true)), "{receipt}");
}

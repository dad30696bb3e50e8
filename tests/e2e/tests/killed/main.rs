//! Killed at every named point: the whole way on a real homeserver, with the process ended by SIGKILL at a point, and
//! started again.
//!
//! First the way is walked undisturbed, through proxies that write down every named point and every changing request. That
//! list says where the process is killed afterwards: at the points of [`NamedPoints`](crates/cli/src/points.rs), where a
//! debug build stands still until it is killed, and at every changing request, either before it reaches the server or
//! after it had its effect there, when only the reply is missing. Every cycle has a server of its own, restored from the
//! snapshot, and a copy of the same prepared office.
//!
//! What has to hold after each: see [`check`]. Which effect may be there how often:
//!
//! * class P (freeze, unlink, close, purge, files): a request has success at the server at most once;
//! * class K (announcement): it may be sent again under the same transaction id, and yields one event;
//! * entering the room (to become able to do the rest): may be repeated, and the identity is in the room once.
//!
//! A worker's lease outlives a killed process by up to 30 seconds, and is for liveness only. Most cycles let it run out by
//! writing so into the database; the one marked `(waits)` leaves it, and the second start has to wait for it by itself.
//!
//! `ADJOURN_KILLED_ONLY=TEXT` runs only the cycles whose line has the text, `ADJOURN_KILLED_ALL=1` all of them, about 150; without either a part of
//! them runs, in which every named point and every changing request is.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests wait for real processes on a real clock, and what is not there is a failed test"
)]

mod gate;
mod jobs;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use adjourn_e2e::{Adjourn, LyingProxy, Office, Running, Seen, Synapse, TempDir, Tsa, tempdir};
use gate::{Gate, Trap, line};
use jobs::{At, Job, Reference, jobs, name};
use serde_json::Value;

/// Cycles at the same time.
const LANES: usize = 8;
/// Until a point is reached, or the rest of the way is done.
const LIMIT: Duration = Duration::from_mins(4);
/// The rooms of the test: the whole requirement, and a small one.
const ROOMS: [(&str, &str); 2] = [("project", "#project-y:peers.test"), ("legacy", "")];

#[test]
fn killed_anywhere_and_started_again_the_way_ends_the_same() {
    let begun = Instant::now();
    let only = std::env::var_os("ADJOURN_KILLED_ONLY").map(|text| text.to_string_lossy().into_owned());
    let tsa = Tsa::start();
    let lane = Lane::new(&tsa);
    let reference: BTreeMap<&str, Reference> =
        ROOMS.iter().map(|(room, _)| (*room, lane.undisturbed(room))).collect();
    for (room, way) in &reference {
        println!(
            "{room}: {} points, {} changing requests, {:?}",
            way.points.len(),
            way.changes.len(),
            way.took
        );
        println!("  {}", way.points.join(" "));
        println!("  {:?}", way.facts);
        for (n, change) in way.changes.iter().enumerate() {
            println!("  {}: {change}", n + 1);
        }
    }
    println!("reference after {:?}", begun.elapsed());
    let all = only.is_some() || std::env::var_os("ADJOURN_KILLED_ALL").is_some();
    let jobs = jobs(&reference, all);
    let queue: Mutex<VecDeque<Job>> = Mutex::new(
        jobs.iter()
            .filter(|job| only.as_ref().is_none_or(|only| job.to_string().contains(only)))
            .cloned()
            .collect(),
    );
    let results: Mutex<Vec<(Job, Outcome)>> = Mutex::default();
    let passed: Mutex<BTreeSet<String>> = Mutex::default();
    std::thread::scope(|scope| {
        let mut lanes = vec![lane];
        lanes.extend((1..LANES).map(|_| Lane::new(&tsa)));
        for lane in lanes {
            let (queue, results, passed, reference) = (&queue, &results, &passed, &reference);
            scope.spawn(move || {
                while let Some(job) = { lock(queue).pop_front() } {
                    let begun = Instant::now();
                    let way = &reference[job.room];
                    let result = catch_unwind(AssertUnwindSafe(|| lane.cycle(&job, way, passed)))
                        .unwrap_or_else(|panic| Err(words(panic.as_ref())))
                        .map(|cycle| (cycle, begun.elapsed()));
                    println!("{job}: {result:?}");
                    lock(results).push((job, result));
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    table(&jobs, &results, begun.elapsed());
    let failed: Vec<String> = results
        .iter()
        .filter_map(|(job, result)| result.as_ref().err().map(|why| format!("{job}: {why}")))
        .collect();
    assert!(failed.is_empty(), "{} cycles failed:\n{}", failed.len(), failed.join("\n"));
    if only.is_none() {
        complete(&passed.into_inner().unwrap_or_else(PoisonError::into_inner), &results);
    }
}

/// How a cycle went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cycle {
    /// Killed there, started again, and all holds.
    Killed,
    /// The way passed the point fewer times than undisturbed, and all holds.
    NotPassed,
}

type Outcome = Result<(Cycle, Duration), String>;

/// Every point name that any way passed, the ones after a restart included, was killed at.
fn complete(passed: &BTreeSet<String>, results: &[(Job, Outcome)]) {
    let killed: BTreeSet<&str> = results
        .iter()
        .filter(|(_, outcome)| matches!(outcome, Ok((Cycle::Killed, _))))
        .filter_map(|(job, _)| match &job.at {
            At::Point(point) => Some(name(point)),
            At::Request { .. } | At::After(..) => None,
        })
        .collect();
    let missed: Vec<&String> = passed.iter().filter(|name| !killed.contains(name.as_str())).collect();
    assert!(missed.is_empty(), "points that were passed and never killed at: {missed:?}");
}

fn table(jobs: &[Job], results: &[(Job, Outcome)], took: Duration) {
    println!("\n| room, point | result | took |\n|---|---|---|");
    for job in jobs {
        match results.iter().find(|(done, _)| done == job) {
            Some((_, Ok((Cycle::Killed, took)))) => {
                println!("| {job} | gone, verified, once | {:.1} s |", took.as_secs_f64());
            }
            Some((_, Ok((Cycle::NotPassed, _)))) => println!("| {job} | not passed this time | |"),
            Some((_, Err(why))) => {
                println!("| {job} | FAILED: {} | |", why.lines().next().unwrap_or_default());
            }
            None => println!("| {job} | not run | |"),
        }
    }
    let points: BTreeSet<String> = results
        .iter()
        .map(|(job, _)| match &job.at {
            At::Point(point) => name(point).to_owned(),
            At::Request { line, forwarded, .. } => format!("{line} {forwarded}"),
            At::After(point, _) => format!("after {}", name(point)),
        })
        .collect();
    println!("{} points, {} cycles in {took:?}", points.len(), results.len());
}

/// A gate with a fixed address, and an office whose cases are approved for the server behind it.
struct Lane {
    gate: Gate,
    office: Office,
    cases: BTreeMap<&'static str, String>,
    ca: String,
}

impl Lane {
    fn new(tsa: &Tsa) -> Self {
        let synapse = Synapse::restore();
        let proxy = LyingProxy::start(&synapse.url(), Vec::new());
        let gate = Gate::start();
        gate.aim(&proxy.url(), None);
        let office = Office::new(Some(tsa));
        // Eight servers on a small machine are slow; a step that is given up for that is no news here.
        let config = office.data().join("config.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        assert!(text.contains("patience_s = 4\n"));
        std::fs::write(&config, text.replace("patience_s = 4\n", "patience_s = 60\n")).unwrap();
        office.connect(&synapse, &gate.url());
        let list = office.json("admin", 0, &["ls"]);
        let cases = ROOMS
            .iter()
            .map(|(room, _)| {
                let native = synapse.room(room);
                let groups = list["groups"].as_array().unwrap();
                let group = groups.iter().find(|group| group["native"] == native).unwrap();
                (*room, office.approved(group["group"].as_str().unwrap()).0)
            })
            .collect();
        Self { gate, office, cases, ca: tsa.ca_path().display().to_string() }
    }

    /// A server and a copy of the office.
    fn stage(&self, room: &'static str, trap: Option<Trap>) -> Stage {
        let synapse = Synapse::restore();
        let proxy = LyingProxy::start(&synapse.url(), Vec::new());
        self.gate.aim(&proxy.url(), trap);
        let dir = tempdir();
        copy(self.office.dir(), dir.path());
        let ids = synapse.event_ids(synapse.room(room)).into_iter().collect();
        Stage {
            native: synapse.room(room).to_owned(),
            case: self.cases[room].clone(),
            synapse,
            proxy,
            dir,
            ids,
        }
    }

    fn undisturbed(&self, room: &'static str) -> Reference {
        let stage = self.stage(room, None);
        let begun = Instant::now();
        let ended = stage.apply(None).wait(LIMIT);
        let took = begun.elapsed();
        assert_eq!(ended.code, Some(0), "{ended}");
        let traces = stage.synapse.traces(&stage.native).into_keys().collect();
        let document = ended.json();
        let way = Reference {
            points: stage.points(),
            changes: self.gate.changes(),
            traces,
            facts: facts(Path::new(document["bundle"].as_str().unwrap())),
            took,
        };
        self.check(&stage, &document, &way).unwrap();
        way
    }

    fn cycle(&self, job: &Job, way: &Reference, passed: &Mutex<BTreeSet<String>>) -> Result<Cycle, String> {
        let trap = match &job.at {
            At::Request { n, forwarded, .. } => Some(Trap { n: *n, forwarded: *forwarded }),
            At::Point(_) | At::After(..) => None,
        };
        let stage = self.stage(job.room, trap);
        let halt = match &job.at {
            At::Point(point) => Some(point.as_str()),
            At::Request { .. } | At::After(..) => None,
        };
        let mut running = stage.apply(halt);
        let begun = Instant::now();
        loop {
            let there = match &job.at {
                At::Point(point) => stage.points().contains(&format!("halted {point}")),
                At::Request { .. } => self.gate.sprung(),
                At::After(point, _) => stage.points().contains(point),
            };
            if there {
                break;
            }
            if !running.is_running() {
                let ended = running.wait(LIMIT);
                // How often a task is looked at depends on how long the server takes for it.
                if ended.code == Some(0) && matches!(&job.at, At::Point(point) if !point.ends_with("#1")) {
                    return self.check(&stage, &ended.json(), way).map(|()| Cycle::NotPassed);
                }
                return Err(format!("it ended before it came there: {ended}"));
            }
            if begun.elapsed() > LIMIT {
                return Err(format!("it did not come there: {}", running.kill9()));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        if let At::After(_, ms) = job.at {
            std::thread::sleep(Duration::from_millis(ms));
        }
        running.kill9();
        self.gate.disarm();
        if let At::Request { n, line, .. } = &job.at
            && self.gate.changes().get(n - 1) != Some(line)
        {
            return Err(format!("another request was held: {:?}", self.gate.changes().last()));
        }
        if !job.waits {
            stage.let_the_lease_run_out();
        }
        let ended = stage.apply(None).wait(LIMIT);
        let points = stage.points();
        lock(passed).extend(
            points.iter().filter(|line| !line.starts_with("halted")).map(|line| name(line).to_owned()),
        );
        if ended.code != Some(0) {
            return Err(format!("the second start: {ended}"));
        }
        self.check(&stage, &ended.json(), way).map(|()| Cycle::Killed)
    }

    /// What has to hold at the end, wherever it was killed.
    fn check(&self, stage: &Stage, ended: &Value, way: &Reference) -> Result<(), String> {
        let mut wrong = Vec::new();
        let mut demand = |holds: bool, says: String| {
            if !holds {
                wrong.push(says);
            }
        };
        demand(ended["groups"][0]["verdict"] == "gone", format!("verdict {}", ended["groups"][0]["verdict"]));
        let bundle = PathBuf::from(ended["bundle"].as_str().ok_or("no bundle")?);
        let report =
            stage.adjourn().run(&["verify", bundle.to_str().unwrap(), "--tsa-ca", &self.ca, "--json"]);
        demand(report.code == Some(0) && report.json()["ok"] == true, format!("verify: {report}"));

        // Nothing lost, nothing twice: the truth is what the server's database held.
        let (main, tail) = records(&bundle);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for record in main.iter().chain(&tail) {
            *counts.entry(record["id"].as_str().unwrap()).or_default() += 1;
        }
        let lost = stage.ids.iter().filter(|id| !counts.contains_key(id.as_str())).count();
        demand(lost == 0, format!("{lost} of {} events are missing", stage.ids.len()));
        let twice = counts.values().filter(|count| **count > 1).count();
        demand(twice == 0, format!("{twice} events are there twice"));
        let receipt = ended["groups"][0]["receipt"]["total"].as_u64();
        demand(receipt == Some(main.len() as u64), format!("receipt {receipt:?}, exported {}", main.len()));

        // The same story, each fact as often as when nothing is killed.
        let told = facts(&bundle);
        demand(told == way.facts, format!("journal {told:?}, undisturbed {:?}", way.facts));

        // The announcement.
        let announced = main
            .iter()
            .chain(&tail)
            .filter(|record| record["raw"]["content"].get("adjourn.sha256").is_some())
            .count();
        demand(announced == 1, format!("{announced} announcements"));

        // Effects, as the server answered them.
        let log = stage.proxy.log();
        let mut effects: BTreeMap<String, Vec<&Seen>> = BTreeMap::new();
        for seen in log.iter().filter(|seen| seen.method != "GET" && took_effect(seen)) {
            effects.entry(line(&seen.method, &seen.path, &seen.body)).or_default().push(seen);
        }
        for change in &way.changes {
            let times = effects.get(change).map_or(0, Vec::len);
            let entering = change.contains("make_room_admin") || change.contains("/join/");
            let class_k = change.contains("/send/m.room.message");
            demand(times == 1 || entering || (class_k && times == 2), format!("{times} × {change}"));
        }
        for (change, seen) in &effects {
            demand(way.changes.contains(change), format!("unexpected: {change} × {}", seen.len()));
        }
        let keys: BTreeSet<&str> =
            log.iter().filter(|seen| seen.path.contains("/send/")).map(|seen| seen.path.as_str()).collect();
        demand(keys.len() == 1, format!("transaction ids: {keys:?}"));

        // Nothing is left at the server.
        let left = stage.synapse.count_events(&stage.native);
        demand(left == 0, format!("{left} events are left in the server's database"));
        let traces: BTreeSet<String> = stage.synapse.traces(&stage.native).into_keys().collect();
        demand(traces == way.traces, format!("traces {traces:?}, undisturbed {:?}", way.traces));

        // Nothing half-done is left here.
        let left: BTreeSet<String> = std::fs::read_dir(stage.data("-bundles"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        demand(left == BTreeSet::from([stage.case.clone()]), format!("beside the bundle: {left:?}"));
        let doctor = stage.adjourn().run(&["doctor", "--json"]);
        demand(doctor.code == Some(0), format!("doctor: {doctor}"));
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }
}

fn took_effect(seen: &Seen) -> bool {
    seen.upstream_status.is_some_and(|status| (200..300).contains(&status))
}

/// One cycle's peers.
struct Stage {
    native: String,
    case: String,
    synapse: Synapse,
    proxy: LyingProxy,
    dir: TempDir,
    /// The room's events before the start, from the server's database.
    ids: BTreeSet<String>,
}

impl Stage {
    fn data(&self, suffix: &str) -> PathBuf {
        self.dir.path().join(format!("data{suffix}"))
    }

    fn adjourn(&self) -> Adjourn {
        Adjourn::new(self.data("")).env("ADJOURN_POINTS_LOG", self.dir.path().join("points"))
    }

    fn apply(&self, halt: Option<&str>) -> Running {
        let key = self.dir.path().join("requester.key").display().to_string();
        let mut adjourn = self.adjourn();
        if let Some(point) = halt {
            adjourn = adjourn.env("ADJOURN_HALT_AT", point);
        }
        adjourn.spawn(&["apply", &self.case, "--key", &key, "--json"])
    }

    fn points(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.dir.path().join("points")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn let_the_lease_run_out(&self) {
        let db = rusqlite::Connection::open(self.data("").join("adjourn.db")).unwrap();
        db.busy_timeout(Duration::from_secs(10)).unwrap();
        db.execute("UPDATE lease SET until = 0", []).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().unwrap();
    assert!(status.success());
}

/// Events of the bundle's journal by kind. An attempt that was killed leaves one more intent, outcome or look.
fn facts(bundle: &Path) -> BTreeMap<String, usize> {
    let text = std::fs::read_to_string(bundle.join("data/journal.jsonl")).unwrap();
    let mut facts = BTreeMap::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let kind = line["header"]["kind"].as_str().unwrap();
        if !["intent", "outcome", "read_back"].contains(&kind) {
            // What went wrong is named.
            let step = &line["payload"]["step"];
            let error = &line["payload"]["error"];
            let fact = if kind == "step_failed" { format!("{kind} {step} {error}") } else { kind.to_owned() };
            *facts.entry(fact).or_default() += 1;
        }
    }
    facts
}

/// The main export's records, and the tail's.
fn records(bundle: &Path) -> (Vec<Value>, Vec<Value>) {
    let group = std::fs::read_dir(bundle.join("data/groups")).unwrap().next().unwrap().unwrap().path();
    let read = |path: PathBuf| -> Vec<Value> {
        if !path.exists() {
            return Vec::new();
        }
        let output = Command::new("zstd").arg("-dcq").arg(&path).output().unwrap();
        assert!(output.status.success(), "{}", path.display());
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    (read(group.join("archive/data/messages.jsonl.zst")), read(group.join("tail.jsonl.zst")))
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

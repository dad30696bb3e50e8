//! `bench console`: pages of a real `serve` over a journal of many groups (B7, B9), and many readers at once.
//!
//! For each size a journal is written, `serve` is started on it as a process of its own, and pages are asked for over loopback: one after another, and
//! then by many readers with open streams beside a steady rate of requests while the journal grows. Figures come with the machine's share of strangers.

use std::io::BufRead as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use adjourn_app::{App, AppError};
use adjourn_domain::case::CaseState;
use adjourn_domain::event::GroupEvent;
use adjourn_domain::group::{Activity, Snapshot};
use adjourn_domain::run::{GroupState, RunCommand};
use adjourn_domain::time::Time;
use serde::Serialize;
use tokio::time::{interval, timeout};

use super::http::Client;
use crate::compose::{self, Places};
use crate::config::Config;
use crate::out::Out;
use crate::verbs::Ctx;

/// Groups that are written at a time.
const BATCH: usize = 2_000;
/// The name and password of the one person of the benchmark.
const WHO: (&str, &str) = ("bench", "four small words");
/// How long `serve` may take to answer, in seconds.
const PATIENCE_S: u64 = 60;
/// Bytes of a MiB.
const MIB: f64 = 1_048_576.0;

/// What is measured.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// Groups, one measure for each number.
    pub(super) groups: Vec<usize>,
    /// Requests of each page.
    pub(super) requests: usize,
    /// Open streams.
    pub(super) readers: usize,
    /// Requests a second beside them.
    pub(super) rate: u32,
    /// How long, in seconds; 0 leaves it out.
    pub(super) seconds: u64,
}

/// All figures.
#[derive(Debug, Serialize)]
pub(super) struct Figures {
    /// `adjourn --version`, median of 21, in milliseconds.
    version_ms: f64,
    /// Size of the binary, in MiB.
    binary_mib: f64,
    /// By number of groups.
    sizes: Vec<Size>,
}

#[derive(Debug, Serialize)]
struct Size {
    groups: usize,
    written_s: f64,
    /// From the start of `serve` to its address.
    opened_ms: f64,
    /// Resident memory before anybody asked, in MiB.
    idle_mib: f64,
    /// Resident memory after the pages, in MiB.
    asked_mib: f64,
    pages: Vec<Page>,
    load: Option<Load>,
}

#[derive(Debug, Serialize)]
struct Page {
    page: &'static str,
    bytes: usize,
    /// The first one, which reads what is kept afterwards.
    first_ms: f64,
    p50_ms: f64,
    p99_ms: f64,
    /// Processor time of `serve` for one.
    cpu_ms: f64,
}

#[derive(Debug, Serialize)]
struct Load {
    readers: usize,
    rate: u32,
    seconds: u64,
    requests: u64,
    errors: u64,
    p50_ms: f64,
    p99_ms: f64,
    /// Events that were written to the journal meanwhile.
    written: u64,
    /// Times that a reader was told that there is something new: the least and the most.
    told: (u64, u64),
    /// Streams that ended before they were asked to.
    broken: u64,
    /// Resident memory after a tenth of the time, in the middle and at the end, in MiB.
    mib: [f64; 3],
    /// Share of one processor that `serve` took.
    cpu: f64,
}

/// Pages that are asked for; `{}` is the id of a group.
const PAGES: [(&str, &str); 9] = [
    ("today", "/"),
    ("groups", "/groups"),
    ("groups, page 40", "/groups?page=40"),
    ("groups without an owner", "/groups?view=orphan"),
    ("groups with one owner", "/groups?view=one-owner"),
    ("idle groups", "/groups?view=idle"),
    ("search", "/groups?q=77"),
    ("a group", "/group/{}"),
    ("register", "/register"),
];

/// Measures.
pub(super) async fn run(ctx: &Ctx<'_>, wish: &Wish) -> Result<Figures, AppError> {
    let program = std::env::current_exe().map_err(|error| AppError::io(&error, "adjourn"))?;
    let about = std::fs::metadata(&program).map_err(|error| AppError::io(&error, program.display()))?;
    let mut sizes = Vec::new();
    for groups in &wish.groups {
        let dir = ctx.places.data.join(format!("bench-console-{groups}"));
        let _ = std::fs::remove_dir_all(&dir);
        let size = one(ctx.out, &program, &dir, *groups, wish).await;
        let _ = std::fs::remove_dir_all(&dir);
        sizes.push(size?);
    }
    Ok(Figures { version_ms: version(&program)?, binary_mib: real(about.len()) / MIB, sizes })
}

async fn one(out: Out, program: &Path, dir: &Path, groups: usize, wish: &Wish) -> Result<Size, AppError> {
    let places = Places::drill(dir);
    let app = compose::app(&places, &Config::default(), out)?;
    let begun = Instant::now();
    let last = write(&app, groups).await?;
    let written_s = begun.elapsed().as_secs_f64();
    let served = Served::start(program, &places)?;
    let idle_mib = served.mib();
    let client = served.sign_in().await?;
    let mut pages = Vec::new();
    for (page, path) in PAGES {
        pages.push(ask(&served, &client, page, &path.replace("{}", last.id.as_str()), wish.requests).await?);
    }
    let asked_mib = served.mib();
    let load = if wish.seconds > 0 { Some(load(&served, &client, app, last, wish).await?) } else { None };
    Ok(Size { groups, written_s, opened_ms: served.opened_ms, idle_mib, asked_mib, pages, load })
}

/// Writes the groups; gives the last one.
async fn write(app: &App, groups: usize) -> Result<GroupState, AppError> {
    let now = app.clock.now();
    let mut last = None;
    for from in (0..groups).step_by(BATCH) {
        let mut tx = app.journal.begin(now, "bench");
        for n in from..(from + BATCH).min(groups) {
            let (group, events) = seen(GroupState::new(super::id_of(n)), n, now)?;
            let version = group.version;
            let group = events.iter().fold(group, |group, event| group.evolve(now, event));
            tx.group_rows(&group.id, version, &events)?;
            app.put_card(&mut tx, &group)?;
            last = Some(group);
        }
        tx.commit().await?;
    }
    last.ok_or_else(|| AppError::new("usage").with("says", "--groups"))
}

/// What is found out when the group is looked at.
fn seen(group: GroupState, n: usize, now: Time) -> Result<(GroupState, Vec<GroupEvent>), AppError> {
    let plain = super::snapshot(&group.id);
    let activity = match n % 3 {
        0 => Activity::Unknown,
        _ => Activity::At(now),
    };
    let snapshot = Snapshot {
        name: Some(format!("\u{9879}\u{76ee}\u{7fa4} {n}")),
        owners: if n.is_multiple_of(10) { Vec::new() } else { plain.owners.clone() },
        activity,
        seen_at: now,
        ..plain
    };
    let look = RunCommand::See { snapshot: Box::new(snapshot), class: "bench".to_owned() };
    let events = group.decide(&CaseState::new("c-bench".into()), look, now)?;
    Ok((group, events))
}

/// A running `serve`; it ends when this is dropped.
struct Served {
    child: Child,
    address: SocketAddr,
    first: String,
    opened_ms: f64,
}

impl Served {
    fn start(program: &Path, places: &Places) -> Result<Self, AppError> {
        let begun = Instant::now();
        let folder = |flag: &str, path: &PathBuf| [flag.into(), path.clone().into_os_string()];
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--json"])
            .args(folder("--data", &places.data))
            .args(folder("--keys", &places.keys))
            .args(folder("--bundles", &places.bundles))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| AppError::io(&error, program.display()))?;
        let none = || AppError::new("internal").with("says", "serve");
        let mut text = String::new();
        let stdout = child.stdout.take().ok_or_else(none)?;
        let mut lines = std::io::BufReader::new(stdout);
        // A document may take several lines; it is whole when it reads.
        let said = loop {
            if lines.read_line(&mut text).map_err(|error| AppError::io(&error, "serve"))? == 0 {
                return Err(none());
            }
            if let Ok(said) = serde_json::from_str::<serde_json::Value>(&text) {
                break said;
            }
        };
        let field = |name: &str| said.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
        let address = field("address").and_then(|address| address.parse().ok()).ok_or_else(none)?;
        let first = field("first").ok_or_else(none)?;
        Ok(Self { child, address, first, opened_ms: begun.elapsed().as_secs_f64() * 1e3 })
    }

    /// Opens the first account and signs in.
    async fn sign_in(&self) -> Result<Client, AppError> {
        let mut client = Client { address: self.address, cookie: None };
        let (name, password) = WHO;
        let form = format!("name={name}&password={password}&again={password}").replace(' ', "+");
        let path = self
            .first
            .split_once("/welcome")
            .map(|(_, token)| format!("/welcome{token}"))
            .unwrap_or_default();
        let welcome = timeout(Duration::from_secs(PATIENCE_S), client.post(&path, &form)).await;
        let io = |error: std::io::Error| AppError::io(&error, "serve");
        let late = || AppError::new("internal").with("says", "serve");
        welcome.map_err(|_| late())?.map_err(io)?;
        let form = format!("name={name}&password={password}").replace(' ', "+");
        let reply = client.post("/sign-in", &form).await.map_err(io)?;
        let cookie =
            reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        client.cookie = Some(cookie.ok_or_else(late)?);
        Ok(client)
    }

    /// Resident memory, in MiB; 0 where there is no `/proc`.
    fn mib(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: Option<u64> = line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok());
        real(kib.unwrap_or(0)) / 1024.0
    }

    /// Processor time so far, in seconds.
    fn cpu_s(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // The name, in brackets, may hold anything; utime and stime are the 12th and 13th field after it.
        let after = stat.rsplit_once(')').map(|(_, after)| after).unwrap_or_default();
        let ticks: u64 =
            after.split_ascii_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
        real(ticks) / 100.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One page, again and again.
async fn ask(
    served: &Served,
    client: &Client,
    page: &'static str,
    path: &str,
    requests: usize,
) -> Result<Page, AppError> {
    let mut took = Vec::with_capacity(requests);
    let (mut bytes, mut first_ms, mut before) = (0, 0.0, served.cpu_s());
    for n in 0..=requests {
        let begun = Instant::now();
        let reply = client.get(path).await.map_err(|error| AppError::io(&error, path))?;
        let ms = begun.elapsed().as_secs_f64() * 1e3;
        if reply.status != 200 {
            return Err(AppError::new("internal").with("says", format!("{path}: {}", reply.status)));
        }
        if n == 0 {
            (bytes, first_ms, before) = (reply.bytes, ms, served.cpu_s());
        } else {
            took.push(ms);
        }
    }
    let cpu_ms = (served.cpu_s() - before) * 1e3 / real(requests.max(1) as u64);
    let (p50_ms, p99_ms) = quantiles(&mut took);
    Ok(Page { page, bytes, first_ms, p50_ms, p99_ms, cpu_ms })
}

/// Readers with open streams, and requests at a rate, while the journal grows by one event a second.
async fn load(
    served: &Served,
    client: &Client,
    app: App,
    mut group: GroupState,
    wish: &Wish,
) -> Result<Load, AppError> {
    let told: Arc<Vec<AtomicU64>> = Arc::new((0..wish.readers).map(|_| AtomicU64::new(0)).collect());
    let readers: Vec<_> = (0..wish.readers)
        .map(|reader| {
            let (client, told) = (client.clone(), told.clone());
            tokio::spawn(async move {
                client
                    .stream("/live", |line| {
                        if let (true, Some(told)) = (
                            line.starts_with("event: journal") || line.starts_with("event:journal"),
                            told.get(reader),
                        ) {
                            told.fetch_add(1, Ordering::Relaxed);
                        }
                        true
                    })
                    .await
            })
        })
        .collect();
    let (mut asked, mut written, mut mib) = (Vec::new(), 0, [0.0; 3]);
    let before = served.cpu_s();
    let begun = Instant::now();
    let period = Duration::from_secs(1) / wish.rate.max(1);
    let mut beat = interval(period);
    let total = u64::from(wish.rate.max(1)) * wish.seconds;
    for n in 0..total {
        beat.tick().await;
        let path = PAGES.get(usize::try_from(n).unwrap_or(0) % PAGES.len()).map_or("/", |(_, path)| path);
        let path = path.replace("{}", group.id.as_str());
        let client = client.clone();
        asked.push(tokio::spawn(async move {
            let begun = Instant::now();
            let reply = client.get(&path).await;
            (reply.is_ok_and(|reply| reply.status == 200), begun.elapsed().as_secs_f64() * 1e3)
        }));
        if n % u64::from(wish.rate.max(1)) == 0 {
            group = grow(&app, group, usize::try_from(n).unwrap_or(0)).await?;
            written += 1;
        }
        for (at, part) in mib.iter_mut().zip([total / 10, total / 2, total - 1]) {
            if n == part {
                *at = served.mib();
            }
        }
    }
    let (mut took, mut errors) = (Vec::new(), 0);
    for answer in asked {
        match answer.await {
            Ok((true, ms)) => took.push(ms),
            _ => errors += 1,
        }
    }
    let cpu = (served.cpu_s() - before) / begun.elapsed().as_secs_f64();
    let broken = readers.iter().filter(|reader| reader.is_finished()).count() as u64;
    readers.iter().for_each(tokio::task::JoinHandle::abort);
    let told = told.iter().map(|told| told.load(Ordering::Relaxed));
    let told = (told.clone().min().unwrap_or(0), told.max().unwrap_or(0));
    let (p50_ms, p99_ms) = quantiles(&mut took);
    let (readers, rate, seconds) = (wish.readers, wish.rate, wish.seconds);
    Ok(Load {
        readers,
        rate,
        seconds,
        requests: total,
        errors,
        p50_ms,
        p99_ms,
        written,
        told,
        broken,
        mib,
        cpu,
    })
}

/// Adds an event to the journal: the group has another name.
async fn grow(app: &App, group: GroupState, n: usize) -> Result<GroupState, AppError> {
    let now = app.clock.now();
    let (group, events) = seen(group, n, now)?;
    let mut tx = app.journal.begin(now, "bench");
    let group = tx.group(group, &events)?;
    app.put_card(&mut tx, &group)?;
    tx.commit().await?;
    Ok(group)
}

/// Median and 99th percentile; 0 of nothing.
fn quantiles(values: &mut [f64]) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at =
        |part: usize| values.get((values.len() * part / 100).min(values.len().saturating_sub(1))).copied();
    (at(50).unwrap_or(0.0), at(99).unwrap_or(0.0))
}

fn version(program: &Path) -> Result<f64, AppError> {
    let mut took = Vec::new();
    for _ in 0..21 {
        let begun = Instant::now();
        let said = Command::new(program).arg("--version").output();
        said.map_err(|error| AppError::io(&error, program.display()))?;
        took.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(quantiles(&mut took).0)
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn real(n: u64) -> f64 {
    n as f64
}

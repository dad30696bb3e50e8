//! Many readers at once: each holds a live page open as the console's script does, beside steady requests and a journal that grows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use adjourn_app::AppError;
use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::client::{Client, pause};
use super::figures::Spread;
use super::pages::paths;
use super::seed::{Seeded, spread};
use super::served::Served;
use crate::args::ConsoleArgs;

/// Connections of the steady requests.
const LANES: usize = 8;
/// How long the last event may take to be delivered.
const TAIL: Duration = Duration::from_secs(10);
/// Errors that are told in words, at most.
const MAX_TOLD: usize = 10;
/// Looks at the memory.
const LOOKS: u32 = 10;

/// What was measured.
#[derive(Serialize)]
pub(super) struct LoadFigures {
    seconds: u64,
    readers: usize,
    rate: u64,
    news: u64,
    /// Answers other than 200, requests without an answer, and streams that ended.
    errors: usize,
    /// The first of them.
    said: Vec<String>,
    /// The steady requests.
    requests: usize,
    wall_ms: Spread,
    /// What the readers asked for when they were told that there is something new.
    rereads: usize,
    reread_ms: Spread,
    /// Rows that the journal got meanwhile.
    rows: u64,
    /// Events that a reader got: the fewest and the most. One event may tell of several rows.
    events_fewest: usize,
    events_most: usize,
    /// Readers whose last event told of the journal's last row.
    readers_up_to_date: usize,
    /// From the commit of a row to the event that tells of it.
    delivery_ms: Spread,
    /// Processor time of `serve` in seconds, for each second.
    cpu_share: f64,
    /// Memory of `serve`, in MiB: before the readers, then at equal distances to the end, and after they have left.
    rss_mib: Vec<f64>,
}

/// What happened so far.
#[derive(Default)]
struct Tally {
    requests: Vec<Duration>,
    rereads: Vec<Duration>,
    deliveries: Vec<Duration>,
    /// When each row was committed.
    committed: BTreeMap<u64, Instant>,
    errors: usize,
    said: Vec<String>,
}

type Shared = Arc<Mutex<Tally>>;

fn note(tally: &Shared, what: impl FnOnce(&mut Tally)) {
    what(&mut tally.lock().unwrap_or_else(PoisonError::into_inner));
}

fn failed(tally: &Shared, says: String) {
    note(tally, |tally| {
        tally.errors += 1;
        if tally.said.len() < MAX_TOLD {
            tally.said.push(says);
        }
    });
}

/// Puts the load on.
pub(super) async fn run(
    served: &Served,
    cookie: &str,
    seeded: &Seeded,
    args: &ConsoleArgs,
) -> Result<LoadFigures, AppError> {
    let tally = Shared::default();
    let (ended, end) = watch::channel(false);
    let mut rss_mib = vec![served.process.rss_mib()];
    let mut readers = JoinSet::new();
    for n in 0..args.readers {
        let client = || Client::new(&served.address, cookie);
        let path = live_page(seeded, n);
        readers.spawn(read(client().live(), client(), path, tally.clone(), end.clone()));
        // People do not come all at once.
        pause(Duration::from_millis(5)).await;
    }
    let (cpu, begun) = (served.process.cpu(), Instant::now());
    let length = Duration::from_secs(args.seconds);
    let (last, _, ()) = tokio::join!(
        news(seeded, args.news, length, &tally),
        steady(served, cookie, seeded, args.rate, length, &tally),
        async {
            for _ in 0..LOOKS {
                pause(length / LOOKS).await;
                rss_mib.push(served.process.rss_mib());
            }
        }
    );
    let cpu_share = served.process.cpu().saturating_sub(cpu).as_secs_f64() / begun.elapsed().as_secs_f64();
    let rows = last?;
    // Looked for once a second; then everybody has had the time.
    pause(TAIL.min(length)).await;
    let _ = ended.send(true);
    let mut got = Vec::with_capacity(args.readers);
    while let Some(reader) = readers.join_next().await {
        got.extend(reader.ok());
    }
    pause(Duration::from_secs(2)).await;
    rss_mib.push(served.process.rss_mib());
    let tally = std::mem::take(&mut *tally.lock().unwrap_or_else(PoisonError::into_inner));
    let newest = tally.committed.keys().last().copied().unwrap_or_default();
    let events = || got.iter().map(|(events, _)| *events);
    Ok(LoadFigures {
        seconds: args.seconds,
        readers: args.readers,
        rate: args.rate,
        news: args.news,
        errors: tally.errors,
        said: tally.said,
        requests: tally.requests.len(),
        wall_ms: Spread::of(&tally.requests),
        rereads: tally.rereads.len(),
        reread_ms: Spread::of(&tally.rereads),
        rows,
        events_fewest: events().min().unwrap_or_default(),
        events_most: events().max().unwrap_or_default(),
        readers_up_to_date: got.iter().filter(|(_, last)| *last >= newest).count(),
        delivery_ms: Spread::of(&tally.deliveries),
        cpu_share: super::round(cpu_share),
        rss_mib,
    })
}

/// The page that a reader has open: those that are live.
fn live_page(seeded: &Seeded, n: usize) -> String {
    match n % 4 {
        0 => "/".to_owned(),
        1 => "/cases".to_owned(),
        2 => format!("/case/{}", seeded.case(n / 4)),
        _ => format!("/group/{}", seeded.id(spread(n))),
    }
}

/// A reader: the page once, then again whenever the stream says that there is something new. Gives how many events came, and the last row's number.
async fn read(
    live: impl Future<Output = Result<super::client::Live, AppError>>,
    mut client: Client,
    path: String,
    tally: Shared,
    mut end: watch::Receiver<bool>,
) -> (usize, u64) {
    let mut stream = match live.await {
        Ok(stream) => stream,
        Err(error) => {
            failed(&tally, format!("/live: {error}"));
            return (0, 0);
        }
    };
    let (new, mut told) = watch::channel(0_u64);
    let again = async {
        while told.changed().await.is_ok() {
            told.borrow_and_update();
            let begun = Instant::now();
            match client.get(&path).await {
                Ok(answer) if answer.status == 200 => {
                    note(&tally, |tally| tally.rereads.push(begun.elapsed()));
                }
                Ok(answer) => failed(&tally, format!("{path}: {}", answer.status)),
                Err(error) => failed(&tally, format!("{path}: {error}")),
            }
            pause(rest(begun.elapsed())).await;
        }
    };
    let (mut events, mut last) = (0, 0);
    let listen = async {
        loop {
            match stream.next().await {
                Ok(row) => {
                    (events, last) = (events + 1, row);
                    note(&tally, |tally| {
                        let since = tally.committed.get(&row).map(Instant::elapsed);
                        tally.deliveries.extend(since);
                    });
                    let _ = new.send(row);
                }
                Err(error) => {
                    failed(&tally, format!("/live: {error}"));
                    return;
                }
            }
        }
    };
    tokio::select! {
        () = async { tokio::join!(listen, again); } => {}
        _ = end.wait_for(|ended| *ended) => {}
    }
    (events, last)
}

/// How long the console's script waits until it reads a page again that took so long.
fn rest(took: Duration) -> Duration {
    (took * 20).clamp(Duration::from_millis(500), Duration::from_secs(5))
}

/// Lets the journal grow. Gives how many rows there were.
async fn news(seeded: &Seeded, rate: u64, length: Duration, tally: &Shared) -> Result<u64, AppError> {
    let (mut beat, begun) = (beats(rate), Instant::now());
    let mut rows = 0;
    while begun.elapsed() < length {
        beat.tick().await;
        let row = seeded.news(spread(usize::try_from(rows).unwrap_or_default())).await?;
        note(tally, |tally| {
            tally.committed.insert(row, Instant::now());
        });
        rows += 1;
    }
    Ok(rows)
}

/// The steady requests: as many as the rate says, over a few connections, whether or not the answers keep up.
async fn steady(
    served: &Served,
    cookie: &str,
    seeded: &Seeded,
    rate: u64,
    length: Duration,
    tally: &Shared,
) -> Result<(), AppError> {
    let pages = paths(seeded);
    let lanes: Vec<_> =
        (0..LANES).map(|_| tokio::sync::Mutex::new(Client::new(&served.address, cookie))).collect();
    let (mut beat, begun) = (beats(rate), Instant::now());
    let mut open = futures_util::stream::FuturesUnordered::new();
    let mut n = 0;
    while begun.elapsed() < length {
        tokio::select! {
            _ = beat.tick() => {}
            Some(()) = futures_util::StreamExt::next(&mut open) => continue,
        }
        let Some((_, page)) = pages.get(spread(n) / 13 % pages.len().max(1)) else { break };
        let path = page(spread(n));
        let Some(lane) = lanes.get(n % LANES) else { break };
        n += 1;
        open.push(async move {
            // What waits for its turn waits for the answer, too.
            let begun = Instant::now();
            match lane.lock().await.get(&path).await {
                Ok(answer) if answer.status == 200 => {
                    note(tally, |tally| tally.requests.push(begun.elapsed()));
                }
                Ok(answer) => failed(tally, format!("{path}: {}", answer.status)),
                Err(error) => failed(tally, format!("{path}: {error}")),
            }
        });
    }
    let rest = async { while futures_util::StreamExt::next(&mut open).await.is_some() {} };
    if timeout(TAIL, rest).await.is_err() {
        failed(tally, "the last requests had no answer".to_owned());
    }
    Ok(())
}

fn beats(rate: u64) -> tokio::time::Interval {
    let mut beat =
        interval(Duration::from_secs(1).div_f64(f64::from(u32::try_from(rate.max(1)).unwrap_or(u32::MAX))));
    // Late is not never: what was missed is asked at once.
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    beat
}

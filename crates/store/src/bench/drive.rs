//! Many runs at once over something that makes a step durable, with the clock beside it.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use adjourn_app::ports::{Store as _, StoreError};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use super::machine::Usage;
use super::{BenchStep, LoopFigures, ratio, real};
use crate::{SqliteStore, Stats};

/// Something that makes steps durable.
pub(super) trait Durable: Send + Sync + 'static {
    /// Returns when step `step` of run `run` is durable.
    fn step(&self, run: usize, step: usize) -> impl Future<Output = Result<(), StoreError>> + Send;
    /// What was written so far.
    fn stats(&self) -> Stats;
    /// Whether [`Stats::wal_bytes`] is known.
    const KNOWS_WAL: bool;
}

/// The caller's engine over our store.
pub(super) struct Engine {
    pub(super) store: SqliteStore,
    pub(super) step: Arc<dyn BenchStep>,
}

impl Durable for Engine {
    const KNOWS_WAL: bool = true;

    async fn step(&self, run: usize, step: usize) -> Result<(), StoreError> {
        self.store.append(self.step.step(run, step)).await.map(drop)
    }

    fn stats(&self) -> Stats {
        self.store.stats()
    }
}

/// What is driven through it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) first_run: usize,
    pub(super) runs: usize,
    pub(super) steps_per_run: usize,
    pub(super) concurrency: usize,
    pub(super) threads: usize,
}

/// Drives the load, on threads of its own: the caller may have a runtime already.
pub(super) fn run<D: Durable>(durable: &Arc<D>, load: &Load) -> Result<LoopFigures, StoreError> {
    let (durable, load) = (Arc::clone(durable), *load);
    let driver = std::thread::Builder::new().name("bench".to_owned()).spawn(move || drive(&durable, &load));
    let driver = driver.map_err(|error| StoreError::Io(error.to_string()))?;
    driver.join().unwrap_or_else(|_| Err(StoreError::Io("the benchmark panicked".to_owned())))
}

fn drive<D: Durable>(durable: &Arc<D>, load: &Load) -> Result<LoopFigures, StoreError> {
    let runtime = Builder::new_multi_thread().worker_threads(load.threads.max(1)).build();
    let runtime = runtime.map_err(|error| StoreError::Io(error.to_string()))?;
    let next = Arc::new(AtomicUsize::new(0));
    let (before, usage, start) = (durable.stats(), Usage::now(), Instant::now());
    let mut micros = runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..load.concurrency.max(1) {
            tasks.spawn(lane(Arc::clone(durable), *load, Arc::clone(&next)));
        }
        let mut micros = Vec::with_capacity(load.runs * load.steps_per_run);
        while let Some(done) = tasks.join_next().await {
            micros.append(&mut done.map_err(|error| StoreError::Io(error.to_string()))??);
        }
        Ok::<_, StoreError>(micros)
    })?;
    let (seconds, used, after) = (start.elapsed().as_secs_f64(), Usage::now(), durable.stats());
    let usage = used.zip(usage).map(|(after, before)| after.since(&before));
    let steps = micros.len() as u64;
    let commits = after.commits - before.commits;
    micros.sort_unstable();
    Ok(LoopFigures {
        steps,
        seconds,
        steps_per_s: ratio(real(steps), seconds),
        cpu_us_per_step: usage.map(|usage| ratio(usage.own_s * 1e6, real(steps))),
        strangers: usage.map(|usage| usage.strangers),
        commits,
        steps_per_commit: ratio(real(steps), real(commits)),
        p50_us: percentile(&micros, 50),
        p99_us: percentile(&micros, 99),
        wal_bytes_per_step: D::KNOWS_WAL
            .then(|| ratio(real(after.wal_bytes - before.wal_bytes), real(steps))),
    })
}

/// One of the concurrent lanes: run after run, step after step. Returns each step's time in microseconds.
async fn lane<D: Durable>(
    durable: Arc<D>,
    load: Load,
    next: Arc<AtomicUsize>,
) -> Result<Vec<u32>, StoreError> {
    let mut micros = Vec::new();
    loop {
        let run = next.fetch_add(1, Ordering::Relaxed);
        if run >= load.runs {
            return Ok(micros);
        }
        for step in 0..load.steps_per_run {
            let start = Instant::now();
            durable.step(load.first_run + run, step).await?;
            micros.push(u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
    }
}

fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().map_or(0.0, f64::from)
}

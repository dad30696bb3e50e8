//! The journal's benchmark: durable steps of many concurrent runs, beside the plainest loop that does the same.
//!
//! The engine (decide, encode, hash, encrypt) comes from the caller as a [`BenchStep`]; what is measured here is
//! the whole step, from its first instruction to the answer that it is durable. The bare loop commits in groups,
//! too: one compare-and-set and one insert per step, of as many bytes. Both run in turn on the same machine, so
//! that their ratio tells something where seconds alone would not.

mod bare;
mod drive;
pub mod machine;

use std::path::Path;
use std::sync::Arc;

use adjourn_app::ports::{Append, StoreError};
use serde::Serialize;

use self::drive::{Durable as _, Engine, Load};
use crate::SqliteStore;

/// One step of a run, made ready to be appended. What it costs to make it is part of the measure.
pub trait BenchStep: Send + Sync {
    /// Step `step` (from 0) of run `run` (from 0). The steps of a run are asked for one after another, each
    /// when the one before is durable; runs are asked for at the same time.
    fn step(&self, run: usize, step: usize) -> Append;
}

/// The size of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BenchOptions {
    /// Runs in all.
    pub runs: usize,
    /// Steps of each run.
    pub steps_per_run: usize,
    /// Runs at the same time.
    pub concurrency: usize,
    /// Threads of the engine, besides the writer's.
    pub threads: usize,
    /// Runs, one after another on the idle system, for the latency of a lone step.
    pub lone_runs: usize,
    /// Waits for the disk that are timed by themselves.
    pub disk_probes: usize,
}

impl Default for BenchOptions {
    fn default() -> Self {
        Self {
            runs: 20_000,
            steps_per_run: 10,
            concurrency: 256,
            threads: 2,
            lone_runs: 50,
            disk_probes: 200,
        }
    }
}

/// What was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JournalFigures {
    /// The size.
    pub options: BenchOptions,
    /// The engine over the store.
    pub engine: LoopFigures,
    /// The plainest loop.
    pub bare: LoopFigures,
    /// The engine over the store, one step at a time.
    pub lone: LoopFigures,
    /// Steps per second of the engine, as a share of the bare loop's.
    pub of_bare: f64,
    /// Median of one append of 4 KiB and fdatasync, in microseconds.
    pub fdatasync_p50_us: f64,
    /// Lone step against one fdatasync, by their medians.
    pub lone_per_fdatasync: f64,
    /// Bytes that the file grew by for each event.
    pub bytes_per_event: f64,
}

/// Figures of one loop.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LoopFigures {
    /// Steps that were durable at the end.
    pub steps: u64,
    /// Wall time in seconds.
    pub seconds: f64,
    /// Steps in a second of wall time.
    pub steps_per_s: f64,
    /// Processor time of this process for a step, in microseconds; `None` where the system does not tell.
    pub cpu_us_per_step: Option<f64>,
    /// Share of the machine's processors that others took, 0 to 1; `None` where the system does not tell.
    pub strangers: Option<f64>,
    /// Commits.
    pub commits: u64,
    /// Steps in a commit.
    pub steps_per_commit: f64,
    /// Median time of a step, in microseconds.
    pub p50_us: f64,
    /// 99th percentile of a step, in microseconds.
    pub p99_us: f64,
    /// Bytes that a step put into the log; `None` for the bare loop.
    pub wal_bytes_per_step: Option<f64>,
}

/// Runs the benchmark in `dir`, which must be empty. Blocks; makes threads of its own.
pub fn journal(
    dir: &Path,
    options: &BenchOptions,
    step: &Arc<dyn BenchStep>,
) -> Result<JournalFigures, StoreError> {
    let fdatasync_p50_us = machine::fdatasync_p50_us(&dir.join("probe"), options.disk_probes)?;

    let load = Load {
        first_run: 0,
        runs: options.runs,
        steps_per_run: options.steps_per_run,
        concurrency: options.concurrency,
        threads: 1,
    };
    let path = dir.join("journal.db");
    let engine = Arc::new(Engine { store: SqliteStore::open(&path)?, step: Arc::clone(step) });
    let wide = drive::run(&engine, &Load { threads: options.threads, ..load })?;
    let lone = Load { first_run: options.runs, runs: options.lone_runs, concurrency: 1, ..load };
    let lone = drive::run(&engine, &lone)?;
    let rows = engine.stats().rows;
    // The last one to close writes the log back.
    drop(engine);
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());

    // As many bytes as the engine's steps carry.
    let carried = step.step(0, 0).rows.first().map_or(0, |row| row.sealed.len());
    let bare = Arc::new(bare::Bare::open(&dir.join("bare.db"), carried, options.runs)?);
    let plain = drive::run(&bare, &Load { threads: options.threads, ..load })?;

    Ok(JournalFigures {
        options: *options,
        of_bare: ratio(wide.steps_per_s, plain.steps_per_s),
        lone_per_fdatasync: ratio(lone.p50_us, fdatasync_p50_us),
        bytes_per_event: ratio(real(bytes), real(rows)),
        engine: wide,
        bare: plain,
        lone,
        fdatasync_p50_us,
    })
}

#[expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]
fn real(number: u64) -> f64 {
    number as f64
}

fn ratio(part: f64, of: f64) -> f64 {
    if of > 0.0 { part / of } else { 0.0 }
}

//! `bench console`: the console as a browser meets it. This binary runs again as `serve` over a made inventory, and is asked over HTTP; what is
//! reported is its processor time and its memory, and what whoever waits sees.
//!
//! Everything lies in a folder `bench` under the data folder, which is removed. No other data is opened.

use std::path::Path;

use adjourn_app::AppError;
use serde::Serialize;

use crate::args::ConsoleArgs;
use crate::compose::Places;
use crate::out::{Exit, Out};

mod client;
mod figures;
mod load;
mod pages;
mod process;
mod seed;
mod served;

use figures::round;
use pages::PageFigures;
use process::load_average;
use seed::Seeded;
use served::Served;

/// What was measured.
#[derive(Serialize)]
struct Report {
    program: Program,
    /// Processors, and how many processes wanted one over the last minute, before and after.
    machine: Machine,
    sizes: Vec<Size>,
    load: Option<load::LoadFigures>,
}

#[derive(Serialize)]
struct Machine {
    processors: usize,
    load_average_before: f64,
    load_average_after: f64,
}

/// B9.
#[derive(Serialize)]
struct Program {
    version: &'static str,
    debug: bool,
    binary_mib: f64,
    /// From the start to the end of `adjourn --version`.
    version_ms: figures::Spread,
    /// `serve` over an empty journal, before anybody asks for anything.
    idle_rss_mib: f64,
}

/// One point of the curve.
#[derive(Serialize)]
struct Size {
    groups: usize,
    events: u64,
    seed_s: f64,
    database_mib: f64,
    /// Until it listens.
    start_ms: f64,
    rss: Rss,
    /// The worst of all pages.
    worst_p99_ms: f64,
    pages: Vec<PageFigures>,
}

/// Memory of `serve`, in MiB.
#[derive(Serialize)]
struct Rss {
    /// When it listens, before anybody asks for anything.
    idle: f64,
    /// After the first page of groups.
    first_page: f64,
    /// After all pages.
    pages: f64,
    /// At most.
    peak: f64,
}

/// Runs `bench console`.
pub(crate) async fn run(out: Out, places: &Places, args: &ConsoleArgs) -> Result<Exit, AppError> {
    let dir = places.data.join("bench");
    let report = Box::pin(measure(out, &dir, args)).await;
    let _ = std::fs::remove_dir_all(&dir);
    let value = serde_json::to_value(report?)?;
    out.document(&value);
    out.line(serde_json::to_string_pretty(&value)?);
    Ok(Exit::Done)
}

async fn measure(out: Out, dir: &Path, args: &ConsoleArgs) -> Result<Report, AppError> {
    let load_average_before = load_average();
    let program = program(out, dir).await?;
    let mut sizes = Vec::with_capacity(args.groups.len());
    let mut load = None;
    for (n, groups) in args.groups.iter().enumerate() {
        let last = n + 1 == args.groups.len();
        let seeded = Seeded::new(out, &fresh(dir)?, *groups).await?;
        let served = Served::start(&seeded.places)?;
        let idle = served.process.rss_mib();
        let cookie = served.sign_in(&seeded.name, &seeded.password).await?;
        let (first_page, pages) = pages::measure(&served, &cookie, &seeded, args.requests).await?;
        sizes.push(Size {
            groups: *groups,
            events: seeded.events,
            seed_s: round(seeded.seconds),
            database_mib: figures::mib(seeded.database_bytes()),
            start_ms: round(served.start_ms),
            rss: Rss { idle, first_page, pages: served.process.rss_mib(), peak: served.process.peak_mib() },
            worst_p99_ms: pages.iter().map(PageFigures::p99_ms).fold(0.0, f64::max),
            pages,
        });
        if args.load && last {
            load = Some(load::run(&served, &cookie, &seeded, args).await?);
        }
        served.end().await?;
    }
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let machine = Machine { processors, load_average_before, load_average_after: load_average() };
    Ok(Report { program, machine, sizes, load })
}

/// An empty folder.
fn fresh(dir: &Path) -> Result<Places, AppError> {
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).map_err(|error| AppError::io(&error, dir.display()))?;
    Ok(Places::drill(dir))
}

async fn program(out: Out, dir: &Path) -> Result<Program, AppError> {
    let binary = process::binary()?;
    let bytes = std::fs::metadata(&binary).map_err(|error| AppError::io(&error, binary.display()))?.len();
    let seeded = Seeded::new(out, &fresh(dir)?, 0).await?;
    let served = Served::start(&seeded.places)?;
    // The workers have looked once, and found nothing.
    client::pause(std::time::Duration::from_secs(2)).await;
    let idle_rss_mib = served.process.rss_mib();
    served.end().await?;
    Ok(Program {
        version: env!("CARGO_PKG_VERSION"),
        debug: cfg!(debug_assertions),
        binary_mib: figures::mib(bytes),
        version_ms: process::version_ms(&binary)?,
        idle_rss_mib,
    })
}

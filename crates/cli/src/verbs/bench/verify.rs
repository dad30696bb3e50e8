//! `bench verify`: a case over a simulated group with a long history is played to its end, and its bundle verified, beside `openssl dgst -sha256` of the
//! same bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use adjourn_app::AppError;
use adjourn_evidence::verify::{VerifyOptions, verify_bundle};
use adjourn_store::bench::machine::Usage;
use serde_json::{Value, json};

use crate::args::VerifyBenchArgs;
use crate::compose::Places;
use crate::demo;
use crate::out::{Exit, Out};

/// Runs it.
pub(crate) async fn run(out: Out, places: &Places, args: &VerifyBenchArgs) -> Result<Exit, AppError> {
    let dir = places.data.join("bench-verify");
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).map_err(|error| AppError::io(&error, dir.display()))?;
    let figures = Box::pin(measure(&dir, args)).await;
    let _ = fs::remove_dir_all(&dir);
    let figures = figures?;
    out.document(&figures);
    out.line(serde_json::to_string_pretty(&figures)?);
    Ok(Exit::Done)
}

async fn measure(dir: &Path, args: &VerifyBenchArgs) -> Result<Value, AppError> {
    let begun = Instant::now();
    let bundle = Box::pin(demo::long::bundle(dir, args.messages)).await?;
    let made_s = begun.elapsed().as_secs_f64();
    let mut files = Vec::new();
    list(&bundle, &mut files).map_err(|error| AppError::io(&error, bundle.display()))?;
    let bytes: u64 = files.iter().filter_map(|file| fs::metadata(file).ok()).map(|meta| meta.len()).sum();
    let before = Usage::now();
    // Here, without the start of a process.
    let inside = |quick: bool| {
        let options = VerifyOptions { quick, ..VerifyOptions::default() };
        let mut best = Duration::MAX;
        for _ in 0..args.runs {
            let begun = Instant::now();
            let report = verify_bundle(&bundle, &options);
            best = best.min(begun.elapsed());
            if !report.ok {
                return Err(AppError::new("verify.failed").with("count", report.findings.len()));
            }
        }
        Ok(best.as_secs_f64() * 1e3)
    };
    let (quick_ms, full_ms) = (inside(true)?, inside(false)?);
    let binary = std::env::current_exe().map_err(|error| AppError::io(&error, "adjourn"))?;
    let bundle_arg = bundle.display().to_string();
    let quick = Program::run(args.runs, &binary, &["verify", "--quick", &bundle_arg], &[]);
    let full = Program::run(args.runs, &binary, &["verify", &bundle_arg], &[]);
    let openssl = Program::run(args.runs, Path::new("openssl"), &["dgst", "-sha256"], &files);
    if let Some(keep) = &args.keep {
        fs::rename(&bundle, keep).map_err(|error| AppError::io(&error, keep.display()))?;
    }
    let strangers = before.and_then(|before| Some(Usage::now()?.since(&before).strangers));
    let of = |ours: &Option<Program>, figure: fn(&Program) -> f64| {
        Some(figure(ours.as_ref()?) / openssl.as_ref().map(figure).filter(|figure| *figure > 0.0)?)
    };
    let shown = |program: &Option<Program>| {
        program.as_ref().map(|program| json!({"best_ms": program.best_ms, "cpu_ms": program.cpu_ms}))
    };
    Ok(json!({
        "messages": args.messages,
        "files": files.len(),
        "bytes": bytes,
        "made_s": made_s,
        "inside": {"quick_ms": quick_ms, "full_ms": full_ms},
        "quick": shown(&quick),
        "full": shown(&full),
        "openssl": shown(&openssl),
        "quick_of_openssl": of(&quick, |program| program.best_ms),
        "quick_of_openssl_cpu": of(&quick, |program| program.cpu_ms),
        "full_of_openssl": of(&full, |program| program.best_ms),
        "runs": args.runs,
        "strangers": strangers,
        "version": env!("CARGO_PKG_VERSION"),
    }))
}

/// A program that was run several times, from its start to its end.
struct Program {
    /// The fastest of them, by the clock.
    best_ms: f64,
    /// Processor time of one, on the average; 0 where the system does not tell.
    cpu_ms: f64,
}

impl Program {
    /// `None` where it is not there, or fails.
    fn run(runs: u32, program: &Path, args: &[&str], files: &[PathBuf]) -> Option<Self> {
        let (mut best, before) = (Duration::MAX, children_ms());
        for _ in 0..runs {
            let begun = Instant::now();
            let mut command = Command::new(program);
            let status =
                command.args(args).args(files).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
            best = best.min(begun.elapsed());
            status.success().then_some(())?;
        }
        let cpu = before.and_then(|before| Some(children_ms()? - before)).unwrap_or_default();
        Some(Self { best_ms: best.as_secs_f64() * 1e3, cpu_ms: cpu / f64::from(runs.max(1)) })
    }
}

/// Processor time of all processes that this one has waited for (proc(5)), in ticks of ten milliseconds.
#[expect(clippy::cast_precision_loss, reason = "ticks, shown")]
fn children_ms() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    let mut after = text.rsplit_once(')')?.1.split_ascii_whitespace().skip(13);
    let ticks = after.next()?.parse::<u64>().ok()? + after.next()?.parse::<u64>().ok()?;
    Some(ticks as f64 * 10.0)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            list(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

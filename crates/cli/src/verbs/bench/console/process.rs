//! What the machine says of another process: memory and processor time, from Linux's `/proc` (proc(5)). Where there is none, the figures are 0.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use adjourn_app::AppError;

use super::figures::{Spread, mib};

/// Starts of `adjourn --version`.
const STARTS: usize = 50;

/// A process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Process(pub(super) u32);

impl Process {
    /// Memory that it has now.
    pub(super) fn rss_mib(self) -> f64 {
        self.status("VmRSS:")
    }

    /// Memory that it had at most.
    pub(super) fn peak_mib(self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(self, field: &str) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.0)).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix(field));
        let kib = line.and_then(|rest| rest.split_ascii_whitespace().next()?.parse::<u64>().ok());
        mib(kib.unwrap_or_default() * 1024)
    }

    /// Processor time of its threads that are there now, in nanoseconds.
    pub(super) fn cpu(self) -> Duration {
        let Ok(threads) = std::fs::read_dir(format!("/proc/{}/task", self.0)) else { return Duration::ZERO };
        let nanos = threads.flatten().filter_map(|thread| {
            let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            text.split_ascii_whitespace().next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanos.sum())
    }
}

/// Processes that wanted a processor over the last minute.
pub(super) fn load_average() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_ascii_whitespace().next().and_then(|first| first.parse().ok()).unwrap_or_default()
}

/// This binary.
pub(super) fn binary() -> Result<PathBuf, AppError> {
    std::env::current_exe().map_err(|error| AppError::io(&error, "adjourn"))
}

/// How long `adjourn --version` takes from its start to its end.
pub(super) fn version_ms(binary: &PathBuf) -> Result<Spread, AppError> {
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let begun = Instant::now();
        let ended = Command::new(binary).arg("--version").stdout(Stdio::null()).status();
        ended.map_err(|error| AppError::io(&error, binary.display()))?;
        times.push(begun.elapsed());
    }
    Ok(Spread::of(&times))
}

//! What the machine says: processor time of this process, of others, and how long its disk takes.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use adjourn_app::ports::StoreError;

/// Clock ticks of `/proc` in a second; Linux shows them to programs at this rate everywhere.
const TICKS: f64 = 100.0;

/// Processor time so far.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    own: u64,
    busy: u64,
    all: u64,
}

/// Processor time between two looks.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    /// Of this process, in seconds.
    pub own_s: f64,
    /// Of everybody else, as a share of what there was.
    pub strangers: f64,
}

impl Usage {
    /// Now; `None` where there is no `/proc`.
    pub fn now() -> Option<Self> {
        let own = std::fs::read_to_string("/proc/self/stat").ok()?;
        // The name, in brackets, may hold anything; utime and stime are the 12th and 13th field after it.
        let mut after = own.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
        let own = after.next()?.parse::<u64>().ok()? + after.next()?.parse::<u64>().ok()?;
        let all = std::fs::read_to_string("/proc/stat").ok()?;
        // user nice system idle iowait irq softirq steal; the guests' time is in user already.
        let line = all.lines().next()?.split_ascii_whitespace().skip(1).take(8);
        let fields = line.map(|field| field.parse::<u64>().ok()).collect::<Option<Vec<_>>>()?;
        let idle: u64 = fields.iter().skip(3).take(2).sum();
        let all: u64 = fields.iter().sum();
        Some(Self { own, busy: all - idle, all })
    }

    /// What was used since an earlier look.
    pub fn since(&self, before: &Self) -> Used {
        let own = self.own.saturating_sub(before.own);
        let busy = self.busy.saturating_sub(before.busy);
        let all = self.all.saturating_sub(before.all);
        Used {
            own_s: super::real(own) / TICKS,
            strangers: super::ratio(super::real(busy.saturating_sub(own)), super::real(all)),
        }
    }
}

/// Median time of an append of 4 KiB with fdatasync, in microseconds.
pub(super) fn fdatasync_p50_us(path: &Path, probes: usize) -> Result<f64, StoreError> {
    let io = |error: std::io::Error| StoreError::Io(error.to_string());
    let mut file = std::fs::File::create(path).map_err(io)?;
    let mut micros = Vec::with_capacity(probes);
    for _ in 0..probes.max(1) {
        let start = Instant::now();
        file.write_all(&[0x5a; 4096]).map_err(io)?;
        file.sync_data().map_err(io)?;
        micros.push(start.elapsed().as_secs_f64() * 1e6);
    }
    drop(file);
    std::fs::remove_file(path).map_err(io)?;
    micros.sort_by(f64::total_cmp);
    Ok(micros.get(micros.len() / 2).copied().unwrap_or(0.0))
}

//! Progress of long work: count, rate, remaining time, at most twice a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use adjourn_app::ports::Progress;
use adjourn_domain::ids::GroupId;
use adjourn_i18n::msg;

use crate::out::Out;

const EVERY: Duration = Duration::from_millis(500);

/// Shows progress on standard error.
pub(crate) struct Shown {
    out: Out,
    work: Mutex<HashMap<String, Work>>,
}

struct Work {
    began: Instant,
    first: u64,
    shown: Instant,
}

impl Shown {
    /// In the language of `out`; silent with `--json`.
    pub(crate) fn new(out: Out) -> Self {
        Self { out, work: Mutex::default() }
    }
}

impl Progress for Shown {
    fn count(&self, group: &GroupId, step: &str, done: u64, total: Option<u64>) {
        let now = Instant::now();
        let mut all = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let key = if step == "scan" { step.to_owned() } else { format!("{group}/{step}") };
        let work = all.entry(key).or_insert(Work { began: now, first: done, shown: now - EVERY });
        if now - work.shown < EVERY && total != Some(done) {
            return;
        }
        work.shown = now;
        let seconds = (now - work.began).as_secs_f64();
        let rate = if seconds > 0.0 { (done - work.first.min(done)) as f64 / seconds } else { 0.0 };
        let left = total.filter(|_| rate > 0.0).map(|total| (total.saturating_sub(done)) as f64 / rate);
        let total = total.map_or_else(|| "?".to_owned(), |total| total.to_string());
        let left = left.map_or_else(|| "?".to_owned(), |left| format!("{left:.0}"));
        self.out.progress(msg::progress_count(self.out.lang, done, left, format!("{rate:.0}"), step, total));
    }
}

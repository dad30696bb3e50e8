//! Progress of long work: count, rate, remaining time, at most twice a second.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use adjourn_app::ports::Progress;
use adjourn_domain::ids::GroupId;
use adjourn_i18n::msg;

use crate::out::Out;

const EVERY: Duration = Duration::from_millis(500);
/// Work that takes no longer is not worth a line.
const QUIET: Duration = Duration::from_secs(1);

/// Shows progress on standard error.
pub(crate) struct Shown {
    out: Out,
    work: Mutex<HashMap<String, Work>>,
}

struct Work {
    began: Instant,
    first: u64,
    shown: Option<Instant>,
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
        let work = all.entry(key).or_insert(Work { began: now, first: done, shown: None });
        if now - work.began < QUIET || work.shown.is_some_and(|shown| now - shown < EVERY) {
            return;
        }
        work.shown = Some(now);
        let millis = u64::try_from((now - work.began).as_millis()).unwrap_or(u64::MAX);
        let fresh = done.saturating_sub(work.first);
        let rate = fresh.saturating_mul(1000).checked_div(millis).unwrap_or(0);
        let left = total.and_then(|total| total.saturating_sub(done).checked_div(rate));
        let shown = |number: Option<u64>| number.map_or_else(|| "?".to_owned(), |number| number.to_string());
        let percent = total.and_then(|total| done.min(total).saturating_mul(100).checked_div(total));
        let of = shown(total) + &percent.map(|percent| format!(" ({percent} %)")).unwrap_or_default();
        self.out.progress(msg::progress_count(self.out.lang, done, shown(left), rate, step, of));
    }

    fn again(&self, code: &str, in_s: u64, attempt: u32, of: u32) {
        self.out.progress(msg::progress_again(self.out.lang, u64::from(attempt), code, in_s, u64::from(of)));
    }
}

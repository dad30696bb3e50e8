//! Long work as it stands: what the workers of this process have counted last, for whoever looks. The journal knows what is done; this knows how far
//! something has come that is not done yet. It is gone with the process, and the work goes on from what is durable.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_domain::ids::GroupId;
use adjourn_domain::time::Time;

use crate::ports::{Clock, Progress};

/// Groups whose work is kept, at most; beyond that it begins anew.
const MAX_GROUPS: usize = 10_000;

/// How far a step of a group has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// What is done: a step's id, or `scan`.
    pub step: String,
    /// Items that are done.
    pub done: u64,
    /// Items that there are, where somebody knows.
    pub total: Option<u64>,
    /// When the first and the last count came.
    pub since: Time,
    /// When the last count came.
    pub at: Time,
    first: u64,
}

impl Work {
    /// Items in a minute so far; nothing before there is something to divide by.
    pub fn per_minute(&self) -> Option<u64> {
        let fresh = self.done.saturating_sub(self.first);
        fresh.saturating_mul(60).checked_div(self.at.secs_since(self.since)).filter(|rate| *rate > 0)
    }
}

/// Keeps what is counted, and hands it on.
pub struct Board {
    inner: Arc<dyn Progress>,
    clock: Arc<dyn Clock>,
    work: Mutex<BTreeMap<GroupId, Work>>,
}

impl Board {
    /// Before `inner`.
    pub fn new(inner: Arc<dyn Progress>, clock: Arc<dyn Clock>) -> Self {
        Self { inner, clock, work: Mutex::default() }
    }
}

impl Progress for Board {
    fn count(&self, group: &GroupId, step: &str, done: u64, total: Option<u64>) {
        self.inner.count(group, step, done, total);
        let at = self.clock.now();
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        if work.len() >= MAX_GROUPS && !work.contains_key(group) {
            work.clear();
        }
        let fresh = Work { step: step.to_owned(), done, total, since: at, at, first: done };
        let known = work.entry(group.clone()).or_insert_with(|| fresh.clone());
        // Another step, or the same one from its beginning.
        if known.step != step || done < known.done {
            *known = fresh;
        } else {
            (known.done, known.total, known.at) = (done, total, at);
        }
    }

    fn again(&self, code: &str, in_s: u64, attempt: u32, of: u32) {
        self.inner.again(code, in_s, attempt, of);
    }

    fn stands(&self, group: &GroupId) -> Option<Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).get(group).cloned()
    }
}

//! What whoever runs `serve` and `worker` watches them by: metrics, a log, and whether the process is ready. None of it says who anybody is: no names,
//! no ids of members, no texts, no addresses of pages; groups by our own pseudonyms at most.

pub(crate) mod answered;
pub(crate) mod calls;
pub(crate) mod hooks;
pub(crate) mod logs;
pub(crate) mod meters;
pub(crate) mod ready;

use std::sync::atomic::{AtomicU8, Ordering};

/// Who has the worker's lease, as this process last saw it.
#[derive(Debug, Default)]
pub(crate) struct Lease(AtomicU8);

/// A place of the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// Nobody has looked yet, or it could not be asked for.
    Unknown,
    /// By this process.
    Here,
    /// By another process, which works.
    Elsewhere,
}

impl Lease {
    /// Says where it is.
    pub(crate) fn is(&self, held: Held) {
        self.0.store(held as u8, Ordering::Relaxed);
    }

    /// Where it is.
    pub(crate) fn held(&self) -> Held {
        match self.0.load(Ordering::Relaxed) {
            1 => Held::Here,
            2 => Held::Elsewhere,
            _ => Held::Unknown,
        }
    }
}

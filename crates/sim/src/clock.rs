//! A clock that stands still until it is told to go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use adjourn_domain::time::Time;

/// A clock for drills and tests. It never goes back.
#[derive(Debug, Default)]
pub struct VirtualClock(AtomicI64);

impl VirtualClock {
    /// A clock that shows `time`.
    pub fn at(time: Time) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(time.as_millis())))
    }

    /// What it shows.
    pub fn now(&self) -> Time {
        Time::from_millis(self.0.load(Ordering::SeqCst))
    }

    /// Goes on to `time`; a time in the past changes nothing.
    pub fn advance_to(&self, time: Time) {
        self.0.fetch_max(time.as_millis(), Ordering::SeqCst);
    }

    /// Goes on by `seconds`.
    pub fn advance_secs(&self, seconds: u64) {
        self.advance_to(self.now().plus_secs(seconds));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_and_never_back() {
        let clock = VirtualClock::at(Time::from_millis(1_000));
        clock.advance_secs(2);
        assert_eq!(clock.now(), Time::from_millis(3_000));
        clock.advance_to(Time::from_millis(5));
        assert_eq!(clock.now(), Time::from_millis(3_000));
    }
}

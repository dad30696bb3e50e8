//! Clocks of simulated platforms: one that stands still until it is told to go on, and one that runs at a pace of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

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

/// Tells the time.
pub type ClockFn = Arc<dyn Fn() -> Time + Send + Sync>;

/// A clock that follows another one from a time of its own, faster, and that can be put forward.
pub struct PacedClock {
    real: ClockFn,
    begun: Time,
    start: Time,
    speed: u32,
    skipped_s: AtomicU64,
}

impl PacedClock {
    /// A clock that shows `start` (what `real` shows, if `None`) now, and goes `speed` times as fast.
    pub fn new(real: ClockFn, start: Option<Time>, speed: u32) -> Arc<Self> {
        let begun = real();
        Arc::new(Self {
            real,
            begun,
            start: start.unwrap_or(begun),
            speed: speed.max(1),
            skipped_s: AtomicU64::new(0),
        })
    }

    /// What it shows.
    pub fn now(&self) -> Time {
        let real = (self.real)().as_millis().saturating_sub(self.begun.as_millis());
        let passed = real.saturating_mul(i64::from(self.speed));
        let skipped = self.skipped_s.load(Ordering::SeqCst);
        Time::from_millis(self.start.as_millis().saturating_add(passed)).plus_secs(skipped)
    }

    /// Puts it forward by `seconds`.
    pub fn skip(&self, seconds: u64) {
        let add = |skipped: u64| Some(skipped.saturating_add(seconds));
        // The closure always gives a value, so that there is always a previous one.
        let _ = self.skipped_s.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paced_clock_has_its_own_start_and_pace_and_can_be_put_forward() {
        let real = VirtualClock::at(Time::from_millis(50_000));
        let shown = real.clone();
        let clock = PacedClock::new(Arc::new(move || shown.now()), Some(Time::from_millis(1_000)), 60);
        assert_eq!(clock.now(), Time::from_millis(1_000));
        real.advance_secs(2);
        assert_eq!(clock.now(), Time::from_millis(121_000));
        clock.skip(9);
        assert_eq!(clock.now(), Time::from_millis(130_000));
        clock.skip(u64::MAX);
        assert_eq!(clock.now(), Time::from_millis(i64::MAX));
    }

    #[test]
    fn it_goes_on_and_never_back() {
        let clock = VirtualClock::at(Time::from_millis(1_000));
        clock.advance_secs(2);
        assert_eq!(clock.now(), Time::from_millis(3_000));
        clock.advance_to(Time::from_millis(5));
        assert_eq!(clock.now(), Time::from_millis(3_000));
    }
}

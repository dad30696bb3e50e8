//! Numbers as they are reported.

use std::time::Duration;

use serde::Serialize;

/// How measured values lie: milliseconds, or what the field says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(super) struct Spread {
    /// Half of them are not above it.
    pub(super) p50: f64,
    /// 99 of 100 are not above it.
    pub(super) p99: f64,
    /// The largest.
    pub(super) max: f64,
}

impl Spread {
    /// Of times, in milliseconds.
    pub(super) fn of(times: &[Duration]) -> Self {
        let mut millis: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        millis.sort_by(f64::total_cmp);
        // The nearest rank: with few values the 99th percentile is the largest.
        let at = |percent: usize| {
            let rank = (millis.len() * percent).div_ceil(100).max(1) - 1;
            round(millis.get(rank).copied().unwrap_or_default())
        };
        Self { p50: at(50), p99: at(99), max: at(100) }
    }
}

/// Three digits behind the point are more than any clock is worth.
pub(super) fn round(number: f64) -> f64 {
    (number * 1e3).round() / 1e3
}

/// Bytes in MiB.
#[expect(clippy::cast_precision_loss, reason = "figures are rounded anyway")]
pub(super) fn mib(bytes: u64) -> f64 {
    round(bytes as f64 / f64::from(1_u32 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_hundred_values_one_is_above_the_99th_percentile() {
        let times: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(Spread::of(&times), Spread { p50: 50.0, p99: 99.0, max: 100.0 });
        assert_eq!(Spread::of(&times[..3]), Spread { p50: 99.0, p99: 100.0, max: 100.0 });
        assert_eq!(Spread::of(&[]), Spread::default());
    }
}

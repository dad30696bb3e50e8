//! Points in time. Written as RFC 3339 in UTC with milliseconds, compared as milliseconds since 1970.
//! Time is always an argument: nothing in this crate can ask for it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(i64);

impl Time {
    /// From milliseconds since 1970, clamped to what RFC 3339 can write (years 0 to 9999).
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(-62_167_219_200_000, 253_402_207_200_000))
    }

    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.0
    }

    /// `seconds` later, saturating.
    #[must_use]
    pub fn plus_secs(self, seconds: u64) -> Self {
        let millis = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// Whole seconds from `earlier` to here; zero when `earlier` is later.
    pub fn secs_since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0) / 1000).unwrap_or(0)
    }

    /// Parses RFC 3339; precision beyond milliseconds is cut.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<Timestamp>().ok().map(|t| Self::from_millis(t.as_millisecond()))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_millisecond(self.0) {
            Ok(stamp) => write!(f, "{stamp:.3}"),
            Err(_) => f.write_str("1970-01-01T00:00:00.000Z"),
        }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an RFC 3339 time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_milliseconds_and_reads_them_back() {
        let time = Time::from_millis(1_767_225_600_001);
        assert_eq!(time.to_string(), "2026-01-01T00:00:00.001Z");
        assert_eq!(Time::parse(&time.to_string()), Some(time));
        assert_eq!(Time::parse("yesterday"), None);
        assert_eq!(time.plus_secs(u64::MAX).plus_secs(1), Time::from_millis(i64::MAX));
    }
}

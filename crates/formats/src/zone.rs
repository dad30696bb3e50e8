//! Local times: most tools write the clock of the computer that they ran on, without saying which one that was.

use adjourn_domain::time::Time;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// The zone that local times of a file are in.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    zone: TimeZone,
}

impl Default for Zone {
    fn default() -> Self {
        let zone = TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::fixed(Offset::constant(8)));
        Self { name: "Asia/Shanghai".to_owned(), zone }
    }
}

impl Zone {
    /// A zone by its name (`Asia/Shanghai`) or offset (`+08:00`).
    pub fn named(name: &str) -> Option<Self> {
        let zone = match offset(name) {
            Some(offset) => TimeZone::fixed(offset),
            None => TimeZone::get(name).ok()?,
        };
        Some(Self { name: name.to_owned(), zone })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The time of `YYYY-MM-DD HH:MM:SS`, and whether this clock showed it exactly once.
    pub fn read(&self, text: &str) -> Option<(Time, bool)> {
        let local: DateTime = DateTime::strptime("%Y-%m-%d %H:%M:%S", text.trim()).ok()?;
        let ambiguous = self.zone.to_ambiguous_timestamp(local);
        let once = matches!(ambiguous.offset(), AmbiguousOffset::Unambiguous { .. });
        let stamp = ambiguous.compatible().ok()?;
        Some((Time::from_millis(stamp.as_millisecond()), once))
    }

    /// A time as this clock shows it, `YYYY-MM-DD HH:MM:SS`.
    pub fn write(&self, at: Time) -> String {
        let stamp = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
        stamp.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

fn offset(name: &str) -> Option<Offset> {
    let (sign, rest) = match name.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return (name == "Z" || name == "UTC").then_some(Offset::UTC),
    };
    let (hours, minutes) = rest.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    if !(0..=14).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_read_in_the_zone_that_is_said() {
        let at = |zone: &str| Zone::named(zone).unwrap().read("2026-11-25 08:00:00").unwrap().0.to_string();
        assert_eq!(at("Asia/Shanghai"), "2026-11-25T00:00:00.000Z");
        assert_eq!(at("+08:00"), at("Asia/Shanghai"));
        assert_eq!(at("America/New_York"), "2026-11-25T13:00:00.000Z");
        assert_eq!(Zone::default().name(), "Asia/Shanghai");
        for wrong in ["Middle/Earth", "", "+8", "+99:00", "8"] {
            assert!(Zone::named(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn an_hour_that_a_clock_showed_twice_is_said_to_be_unsure() {
        let zone = Zone::named("America/New_York").unwrap();
        assert_eq!(zone.read("2026-11-01 01:30:00").map(|(_, once)| once), Some(false));
        assert_eq!(zone.read("2026-03-08 02:30:00").map(|(_, once)| once), Some(false));
        assert_eq!(zone.read("2026-11-01 03:30:00").map(|(_, once)| once), Some(true));
        assert_eq!(zone.read("yesterday"), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let zone = Zone::default();
        let at = Time::parse("2026-02-28T16:00:01Z").unwrap();
        assert_eq!(zone.write(at), "2026-03-01 00:00:01");
        assert_eq!(zone.read(&zone.write(at)), Some((at, true)));
    }
}

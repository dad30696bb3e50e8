//! Periods of audits, as people name them.

use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::time::Time;

/// From when until when: the first moment is in it, the last one is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// Its first moment.
    pub from: Time,
    /// The moment after it; what the findings about a state refer to.
    pub until: Time,
    /// Whose midnight its days begin at: distance of that clock from UTC, in minutes.
    pub utc_offset_minutes: i32,
}

/// How often an audit is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Each calendar month.
    Month,
    /// Each calendar quarter.
    Quarter,
    /// January to June, July to December.
    HalfYear,
    /// Each calendar year.
    Year,
}

impl Every {
    fn months(self) -> i8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }

    /// The newest period of this length that is over. Days begin at midnight of a clock `offset` minutes ahead of UTC.
    pub fn last_before(self, now: Time, offset: i32) -> Option<Period> {
        let months = self.months();
        let today = Timestamp::from_millisecond(now.as_millis()).ok()?.to_zoned(zone(offset)?).date();
        let first = (today.month() - 1) / months * months + 1;
        let until = date(today.year(), first, 1);
        let from = until.checked_sub(i32::from(months).months()).ok()?;
        Period::of_days(from, until, offset)
    }
}

impl Period {
    /// Whether a time is in it.
    pub fn has(&self, at: Time) -> bool {
        self.from <= at && at < self.until
    }

    /// Reads `2026`, `2026-Q4`, `2026-11`, `2026-11-05`, or `DAY/DAY`, whose last day is in it (ISO 8601-1, 5.5), or
    /// `DAY/now`. Days begin at midnight of a clock that is `offset` minutes ahead of UTC.
    pub fn parse(text: &str, now: Time, offset: i32) -> Option<Self> {
        if let Some((from, until)) = text.split_once('/') {
            let from = midnight(day(from)?, offset)?;
            let until = if until == "now" { now } else { midnight(day(until)?.tomorrow().ok()?, offset)? };
            return Some(Self { from, until, utc_offset_minutes: offset });
        }
        let (year, rest) = text.split_at_checked(4)?;
        let year: i16 = year.parse().ok()?;
        let (first, months) = match rest.strip_prefix('-') {
            None if rest.is_empty() => (1, 12),
            None => return None,
            Some("Q1") => (1, 3),
            Some("Q2") => (4, 3),
            Some("Q3") => (7, 3),
            Some("Q4") => (10, 3),
            Some(month) if month.len() == 2 => (month.parse::<i8>().ok()?, 1),
            Some(_) => {
                let day = day(text)?;
                return Self::of_days(day, day.tomorrow().ok()?, offset);
            }
        };
        let from = Date::new(year, first, 1).ok()?;
        Self::of_days(from, from.checked_add(months.months()).ok()?, offset)
    }

    fn of_days(from: Date, until: Date, offset: i32) -> Option<Self> {
        let (from, until) = (midnight(from, offset)?, midnight(until, offset)?);
        Some(Self { from, until, utc_offset_minutes: offset })
    }
}

fn day(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

fn zone(offset: i32) -> Option<TimeZone> {
    Some(TimeZone::fixed(Offset::from_seconds(offset.checked_mul(60)?).ok()?))
}

fn midnight(day: Date, offset: i32) -> Option<Time> {
    let stamp = zone(offset)?.to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    Some(Time::from_millis(stamp.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEIJING: i32 = 480;

    fn at(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    #[test]
    fn periods_are_read_as_people_name_them() {
        let now = at("2026-11-28T07:00:00Z");
        for (text, from, until) in [
            ("2026", "2025-12-31T16:00:00Z", "2026-12-31T16:00:00Z"),
            ("2026-Q4", "2026-09-30T16:00:00Z", "2026-12-31T16:00:00Z"),
            ("2026-02", "2026-01-31T16:00:00Z", "2026-02-28T16:00:00Z"),
            ("2026-11-05", "2026-11-04T16:00:00Z", "2026-11-05T16:00:00Z"),
            ("2026-11-01/2026-11-30", "2026-10-31T16:00:00Z", "2026-11-30T16:00:00Z"),
            ("2026-11-01/now", "2026-10-31T16:00:00Z", "2026-11-28T07:00:00Z"),
        ] {
            let period = Period { from: at(from), until: at(until), utc_offset_minutes: BEIJING };
            assert_eq!(Period::parse(text, now, BEIJING), Some(period), "{text}");
        }
        for text in [
            "",
            "26",
            "2026-Q5",
            "2026-13",
            "2026-02-30",
            "2026-1",
            "2026/2027",
            "now",
            "2026-11-01/",
            "\u{4e8c}",
        ] {
            assert_eq!(Period::parse(text, now, BEIJING), None, "{text}");
        }
    }

    #[test]
    fn a_schedule_asks_for_the_newest_period_that_is_over() {
        // In Beijing it is the first of January already.
        let now = at("2026-12-31T16:00:00Z");
        let last = |every: Every| every.last_before(now, BEIJING).unwrap().from;
        assert_eq!(last(Every::Month), at("2026-11-30T16:00:00Z"));
        assert_eq!(last(Every::Quarter), at("2026-09-30T16:00:00Z"));
        assert_eq!(last(Every::HalfYear), at("2026-06-30T16:00:00Z"));
        assert_eq!(last(Every::Year), at("2025-12-31T16:00:00Z"));
        let before = Time::from_millis(now.as_millis() - 1);
        assert_eq!(Every::Year.last_before(before, BEIJING).unwrap().until, at("2025-12-31T16:00:00Z"));
    }
}

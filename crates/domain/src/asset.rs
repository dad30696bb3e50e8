//! A group as an asset of the organisation: who stands in for the owner, where it belongs, what it holds, until when it is
//! needed, and how it is to end.
//!
//! Nothing here is guessed: what nobody has said is `None`, and *nothing* (it holds no personal data) is an answer of its own.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::ids::OwnerId;
use crate::time::Time;

/// First and last year that a date in a register may have.
pub const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// What of the organisation's is in a group (ISO/IEC 27001:2022, Annex A 5.9: inventory of information and other associated
/// assets).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holding {
    /// Personal data.
    PersonalData,
    /// Business secrets.
    BusinessSecrets,
    /// Vouchers of trades, which have to be kept.
    Vouchers,
}

impl Holding {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PersonalData, Self::BusinessSecrets, Self::Vouchers];

    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::PersonalData => "personal_data",
            Self::BusinessSecrets => "business_secrets",
            Self::Vouchers => "vouchers",
        }
    }

    /// The holding with this slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|holding| holding.slug() == slug)
    }
}

/// A person whom a register names. The same name with the same contact has the same id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The id.
    pub id: OwnerId,
    /// The name.
    pub name: String,
    /// How to reach them; empty when nobody has said.
    #[serde(default)]
    pub contact: String,
}

/// What the register says about a group as an asset, besides owner, purpose, kind and class.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asset {
    /// Who stands in for the owner, and is proposed as the next one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub deputy: Option<Person>,
    /// The unit of the organisation that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit: Option<String>,
    /// What it holds; `None` when nobody has said, empty when somebody said: nothing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub holds: Option<BTreeSet<Holding>>,
    /// The last day on which it is needed, unless it is renewed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub expires: Option<Day>,
    /// How it is to end, in words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exit_plan: Option<String>,
}

impl Asset {
    /// Whether nobody has said anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The asset after somebody spoke. What was not spoken of stays.
    #[must_use]
    pub fn after(self, change: AssetChange) -> Self {
        Self {
            deputy: change.deputy.over(self.deputy),
            unit: change.unit.over(self.unit),
            holds: change.holds.over(self.holds),
            expires: change.expires.over(self.expires),
            exit_plan: change.exit_plan.over(self.exit_plan),
        }
    }
}

/// What somebody says about one thing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Said<T> {
    /// It is not spoken of (the ledger has no such column): what is known stays.
    #[default]
    Unmentioned,
    /// It is left empty on purpose: what is known is taken out.
    Blank,
    /// This.
    Is(T),
}

impl<T> Said<T> {
    /// What is known after it.
    pub fn over(self, known: Option<T>) -> Option<T> {
        match self {
            Self::Unmentioned => known,
            Self::Blank => None,
            Self::Is(value) => Some(value),
        }
    }

    /// The same about something that is made of it.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Self::Unmentioned => Said::Unmentioned,
            Self::Blank => Said::Blank,
            Self::Is(value) => Said::Is(make(value)),
        }
    }
}

/// What somebody says about an asset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssetChange {
    /// The deputy.
    pub deputy: Said<Person>,
    /// The unit.
    pub unit: Said<String>,
    /// What it holds.
    pub holds: Said<BTreeSet<Holding>>,
    /// Its last day.
    pub expires: Said<Day>,
    /// How it is to end.
    pub exit_plan: Said<String>,
}

/// A day of the calendar, written as ISO 8601 (`2026-12-31`). Which instants it covers depends on where the organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// Why a text is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoDay {
    /// It is not written as a date.
    Form,
    /// The calendar has no such day (31 February).
    Calendar,
    /// It is outside [`YEARS`]: a date that somebody meant is not.
    Years,
}

impl Day {
    /// The last one of the calendar.
    pub const LAST: Self = Self(Date::MAX);

    /// Reads a date as people in China and programs write it: `2026-12-31`, `2026/12/31`, `2026.12.31`, the same with the
    /// signs for year, month and day, `20261231`; a time of midnight behind it is nothing.
    ///
    /// # Errors
    /// [`NoDay`] says which kind of wrong it is.
    pub fn read(text: &str) -> Result<Self, NoDay> {
        let text = text.trim();
        let text = ["T00:00:00", " 00:00:00", " 0:00:00", " 00:00", " 0:00"]
            .into_iter()
            .find_map(|midnight| text.strip_suffix(midnight))
            .unwrap_or(text);
        let compact = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> = if compact {
            [text.get(..4), text.get(4..6), text.get(6..)].into_iter().flatten().collect()
        } else {
            text.trim_end_matches(['\u{65e5}', '\u{53f7}'])
                .split(['-', '/', '.', '\u{5e74}', '\u{6708}'])
                .map(str::trim)
                .collect()
        };
        let number = |text: &str, digits: usize| {
            let plain = !text.is_empty() && text.len() <= digits && text.bytes().all(|b| b.is_ascii_digit());
            text.parse::<i16>().ok().filter(|_| plain).ok_or(NoDay::Form)
        };
        let [year, month, day] = parts.as_slice() else { return Err(NoDay::Form) };
        if year.len() != 4 {
            return Err(NoDay::Form);
        }
        let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
        let small = |number: i16| i8::try_from(number).map_err(|_| NoDay::Calendar);
        let date = Date::new(year, small(month)?, small(day)?).map_err(|_| NoDay::Calendar)?;
        if YEARS.contains(&year) { Ok(Self(date)) } else { Err(NoDay::Years) }
    }

    /// The day on which `time` falls where clocks are `offset_minutes` ahead of UTC.
    pub fn of(time: Time, offset_minutes: i32) -> Self {
        let there = time.as_millis().saturating_add(i64::from(offset_minutes) * 60_000);
        let date = Timestamp::from_millisecond(there)
            .map_or(Date::ZERO, |stamp| jiff::tz::TimeZone::UTC.to_datetime(stamp).date());
        Self(date)
    }

    /// The first instant after it.
    pub fn end(self, offset_minutes: i32) -> Time {
        let next = self.0.checked_add(1.day()).unwrap_or(Date::MAX);
        let midnight = next.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
        let midnight = midnight.map_or(0, |zoned| zoned.timestamp().as_millisecond());
        Time::from_millis(midnight.saturating_sub(i64::from(offset_minutes) * 60_000))
    }

    /// So much later; the last day of the month where the month has no such day. `None` beyond the calendar.
    pub fn later(self, length: Length) -> Option<Self> {
        let span: Span = match length {
            Length::Days(count) => i32::from(count).days(),
            Length::Months(count) => i32::from(count).months(),
            Length::Years(count) => i32::from(count).years(),
        };
        self.0.checked_add(span).ok().map(Self)
    }
}

/// A length of time in the calendar's units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Days.
    Days(u16),
    /// Months.
    Months(u16),
    /// Years.
    Years(u16),
}

impl Length {
    /// Reads `90d`, `6m`, `1y`.
    pub fn read(text: &str) -> Option<Self> {
        let (count, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
        let count = count.parse::<u16>().ok().filter(|count| (1..=4000).contains(count))?;
        match unit {
            "d" => Some(Self::Days(count)),
            "m" => Some(Self::Months(count)),
            "y" => Some(Self::Years(count)),
            _ => None,
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| serde::de::Error::custom("not a date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them_and_wrong_ones_say_how_they_are_wrong() {
        let day = Day::read("2026-12-31").unwrap();
        for text in [
            "2026/12/31",
            "2026.12.31",
            "20261231",
            "2026\u{5e74}12\u{6708}31\u{65e5}",
            "2026 \u{5e74} 12 \u{6708} 31 \u{53f7}",
            " 2026-12-31 00:00:00 ",
            "2026-12-31T00:00:00",
        ] {
            assert_eq!(Day::read(text), Ok(day), "{text}");
        }
        assert_eq!(Day::read("2026/1/5").unwrap().to_string(), "2026-01-05");
        for (text, why) in [
            ("2026-02-31", NoDay::Calendar),
            ("2026-13-01", NoDay::Calendar),
            ("2026-02-29", NoDay::Calendar),
            ("1900-01-01", NoDay::Years),
            ("2101-01-01", NoDay::Years),
            ("1900", NoDay::Form),
            ("46387", NoDay::Form),
            ("soon", NoDay::Form),
            ("31/12/2026", NoDay::Form),
            ("12/31/26", NoDay::Form),
            ("2026-12-31 18:00", NoDay::Form),
            ("2026--31", NoDay::Form),
            ("2026-+1-31", NoDay::Form),
            ("", NoDay::Form),
        ] {
            assert_eq!(Day::read(text), Err(why), "{text}");
        }
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-12-31\"");
        assert_eq!(serde_json::from_str::<Day>("\"2026-12-31\"").unwrap(), day);
    }

    #[test]
    fn a_day_ends_where_the_organisation_is() {
        let day = Day::read("2026-12-31").unwrap();
        assert_eq!(day.end(480).to_string(), "2026-12-31T16:00:00.000Z");
        assert_eq!(day.end(0).to_string(), "2027-01-01T00:00:00.000Z");
        assert_eq!(Day::of(Time::parse("2026-12-31T15:59:59Z").unwrap(), 480), day);
        assert_ne!(Day::of(day.end(480), 480), day);
        assert_eq!(
            Day::read("2028-02-29").unwrap().later(Length::Years(1)).unwrap().to_string(),
            "2029-02-28"
        );
        assert_eq!(Length::read("6m"), Some(Length::Months(6)));
        for wrong in ["", "y", "0d", "1w", "-1y", "99999d", "1\u{5e74}"] {
            assert_eq!(Length::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_not_spoken_of_stays_and_what_is_left_empty_goes() {
        let holds = Some(BTreeSet::from([Holding::Vouchers]));
        let known = Asset { unit: Some("Sales".to_owned()), holds: holds.clone(), ..Asset::default() };
        assert_eq!(known.clone().after(AssetChange::default()), known);
        let change = AssetChange {
            unit: Said::Blank,
            exit_plan: Said::Is("export, then dissolve".to_owned()),
            ..AssetChange::default()
        };
        let after = known.after(change);
        assert_eq!((after.unit.as_deref(), &after.holds), (None, &holds));
        assert_eq!(after.exit_plan.as_deref(), Some("export, then dissolve"));
        assert!(Asset::default().is_empty() && !after.is_empty());
    }
}

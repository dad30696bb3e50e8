//! What an export met that it could not take as it is, and how a history is compared with its platform, day by day.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::asset::Day;
use crate::event::Mark;
use crate::ids::NativeId;
use crate::time::Time;

/// First instant that no message of today can carry: 2100-01-01T00:00:00Z, in milliseconds since 1970.
const FAR_FUTURE: i64 = 4_102_444_800_000;

/// Why an item of a history is on the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The platform fails whenever it is asked for it.
    Page,
    /// It is there and has not the shape that every record of this platform has.
    Shape,
    /// Its id was taken before, with another content.
    Duplicate,
    /// It claims to be from before 1970 or from after 2099.
    Time,
}

impl Reason {
    /// The slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Shape => "shape",
            Self::Duplicate => "duplicate",
            Self::Time => "time",
        }
    }
}

/// An item that an export could not take as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadItem {
    /// Why.
    pub reason: Reason,
    /// The cursor of the page on which it was met; none for the first page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub cursor: Option<String>,
    /// Its id or its place, as far as the platform tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<NativeId>,
    /// How many records it stands for; where only its bounds are known, at least as many.
    pub records: u64,
    /// The last record in front of it, where only its bounds are known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<Mark>,
    /// The first record behind it, where only its bounds are known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<Mark>,
    /// Whether the archive has it all the same.
    pub kept: bool,
    /// The platform's own code, or what is wrong with it; no texts of people.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub says: String,
}

impl BadItem {
    /// One record that was left out.
    pub fn left_out(reason: Reason, id: Option<NativeId>, says: impl Into<String>) -> Self {
        Self {
            reason,
            cursor: None,
            id,
            records: 1,
            after: None,
            before: None,
            kept: false,
            says: says.into(),
        }
    }
}

/// Whether a time can be that of a message: from 1970 on, and before 2100.
pub fn is_plausible(at: Time) -> bool {
    (0..FAR_FUTURE).contains(&at.as_millis())
}

/// Records by the day on which they were sent, in UTC. Times that are not plausible are on no day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Days(pub BTreeMap<Day, u64>);

impl Days {
    /// Counts a record.
    pub fn count(&mut self, at: Time) {
        if is_plausible(at) {
            *self.0.entry(Day::of(at, 0)).or_default() += 1;
        }
    }

    /// Adds what another listing counted.
    pub fn add(&mut self, other: &Self) {
        for (day, count) in &other.0 {
            let sum = self.0.entry(*day).or_default();
            *sum = sum.saturating_add(*count);
        }
    }

    /// Days of which `listed` has more records than this: the day, what was taken, what is listed. A history goes on while it is
    /// taken, so that the day of its `end` and those after it say nothing.
    pub fn short_of(&self, listed: &Self, end: Option<Time>) -> Vec<(Day, u64, u64)> {
        let end = end.map(|end| Day::of(end, 0));
        let settled = listed.0.iter().filter(|(day, _)| end.is_none_or(|end| **day < end));
        settled
            .map(|(day, listed)| (*day, self.0.get(day).copied().unwrap_or(0), *listed))
            .filter(|(_, taken, listed)| taken < listed)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_with_less_than_is_listed_is_told_and_the_last_day_is_not() {
        let at = |text: &str| Time::parse(text).unwrap();
        let (mut taken, mut listed) = (Days::default(), Days::default());
        for time in ["2026-11-01T00:00:00Z", "2026-11-01T23:59:59Z", "2026-11-02T08:00:00Z"] {
            taken.count(at(time));
            listed.count(at(time));
        }
        listed.count(at("2026-11-02T09:00:00Z"));
        listed.count(at("2026-11-03T09:00:00Z"));
        assert_eq!(taken.short_of(&listed, Some(at("2026-11-02T08:00:00Z"))), []);
        let short: Vec<_> = taken.short_of(&listed, None).into_iter().map(|(_, a, b)| (a, b)).collect();
        assert_eq!(short, [(1, 2), (0, 1)]);
        // What the platform no longer has is in the archive all the same.
        assert_eq!(listed.short_of(&taken, None), []);
    }

    #[test]
    fn times_that_no_message_has_are_on_no_day() {
        let mut days = Days::default();
        for millis in [-1, FAR_FUTURE, i64::MIN, i64::MAX] {
            days.count(Time::from_millis(millis));
        }
        assert!(days.0.is_empty());
        assert!(is_plausible(Time::from_millis(0)) && is_plausible(Time::from_millis(FAR_FUTURE - 1)));
    }
}

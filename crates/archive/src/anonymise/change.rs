//! What is changed in a copy so that nobody is told by an attribute: values are made coarser, and people of small classes get one common pseudonym.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::time::Time;
use serde_json::{Map, Value};

use super::line::{Keys, about, attributes};
use super::token;

/// Seconds from which a number is a time in milliseconds.
const MILLIS: i64 = 100_000_000_000;

/// How coarse an attribute becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A time: its month.
    Month,
    /// A time: its year.
    Year,
    /// A number: its tens, as 30 for 34.
    Tens,
    /// It goes away.
    Gone,
}

impl Level {
    /// All, by the names under which people know them.
    pub const ALL: [(&'static str, Self); 4] =
        [("month", Self::Month), ("year", Self::Year), ("tens", Self::Tens), ("none", Self::Gone)];

    /// The level of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, level)| level)
    }

    /// Its name.
    pub fn slug(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, level)| *level == self).map_or("none", |(name, _)| name)
    }
}

/// A value that was made coarser; `None` where nothing is left of it. What the level does not fit goes away: nobody knows what it tells.
pub(super) fn coarser(value: &str, level: Level) -> Option<String> {
    let text = value.trim_matches('"');
    match level {
        Level::Month => date(text).and_then(|date| date.get(..7).map(str::to_owned)),
        Level::Year => date(text).and_then(|date| date.get(..4).map(str::to_owned)),
        Level::Tens => text.parse::<i64>().ok().map(|number| (number.div_euclid(10) * 10).to_string()),
        Level::Gone => None,
    }
}

/// A time as `2026-03-01…`: one that is written so, or seconds or milliseconds since 1970.
fn date(text: &str) -> Option<String> {
    if let Ok(number) = text.parse::<i64>() {
        let millis = if number.abs() >= MILLIS { number } else { number.checked_mul(1000)? };
        return (number.abs() > 9_999).then(|| Time::from_millis(millis).to_string());
    }
    let digits = |range: std::ops::Range<usize>| {
        text.get(range).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let fits = digits(0..4) && digits(5..7) && matches!(text.as_bytes().get(4), Some(b'-' | b'/' | b'.'));
    fits.then(|| text.replace(['/', '.'], "-"))
}

/// What is changed.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// Which keys are looked at.
    pub keys: &'a Keys,
    /// Attributes that are made coarser.
    pub levels: &'a BTreeMap<String, Level>,
    /// Who gets the common pseudonym.
    pub merged: &'a BTreeSet<String>,
    /// All pseudonyms of these.
    pub pseudonyms: &'a BTreeSet<String>,
}

impl Change<'_> {
    /// The line as the new copy has it; `None` where it stays as it is, byte for byte.
    ///
    /// # Errors
    /// When it can't be written as JSON, which a line that was read always can.
    pub(super) fn line(
        &self,
        mut line: Map<String, Value>,
        text: &str,
    ) -> serde_json::Result<Option<String>> {
        let merged = about(&line, self.keys).is_some_and(|about| self.merged.contains(&about.who));
        let mut changed = false;
        attributes(&mut line, self.keys, &mut |key, value| {
            let level = if merged { Some(Level::Gone) } else { self.levels.get(key).copied() };
            let Some(level) = level.filter(|_| !value.is_null()) else { return };
            let coarse = super::file::shown(value).iter().find_map(|text| coarser(text, level));
            *value = match (coarse, level) {
                (Some(number), Level::Tens) => number.parse::<i64>().map_or(Value::Null, Value::from),
                (Some(text), _) => Value::String(text),
                (None, _) => Value::Null,
            };
            changed = true;
        });
        let written = if changed { Some(serde_json::to_string(&line)?) } else { None };
        let found =
            token::merged(written.as_deref().unwrap_or(text), |token| self.pseudonyms.contains(token));
        Ok(found.or(written))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_numbers_and_whatever_does_not_fit() {
        let month = |text| coarser(text, Level::Month);
        assert_eq!(month("2026-03-04T05:06:07Z").as_deref(), Some("2026-03"));
        assert_eq!(month("2026/3/4"), None, "a month without its zero is no month that is known");
        assert_eq!(month("1709251200").as_deref(), Some("2024-03"));
        assert_eq!(month("1709251200000").as_deref(), Some("2024-03"));
        assert_eq!(coarser("2026-03-04", Level::Year).as_deref(), Some("2026"));
        assert_eq!(coarser("34", Level::Tens).as_deref(), Some("30"));
        assert_eq!(coarser("-1", Level::Tens).as_deref(), Some("-10"));
        assert_eq!(coarser("owner", Level::Tens), None);
    }
}

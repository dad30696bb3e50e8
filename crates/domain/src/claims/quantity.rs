//! Quantities in a text: digits, Chinese numerals and English number words, with their unit.

use serde::Deserialize;

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A length of time, in seconds.
    Seconds,
    /// A length of time, in hours.
    Hours,
    /// A length of time, in years.
    Years,
    /// A length of time, in months.
    Months,
    /// How often.
    Times,
    /// How many people.
    People,
    /// Money.
    Yuan,
}

/// What a unit's words mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Time(u64),
    Times,
    People,
    Yuan,
}

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quantity {
    /// Where it begins.
    pub(super) start: usize,
    number: u64,
    measure: Measure,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const MONTH: u64 = 30 * DAY;
const YEAR: u64 = 365 * DAY;

/// Words of units, longest first where one begins another; the Chinese ones as code points.
const UNITS: [(&str, Measure); 36] = [
    ("\u{5206}\u{949f}", Measure::Time(MINUTE)),
    ("\u{4e2a}\u{5c0f}\u{65f6}", Measure::Time(HOUR)),
    ("\u{5c0f}\u{65f6}", Measure::Time(HOUR)),
    ("\u{949f}\u{5934}", Measure::Time(HOUR)),
    ("\u{4e2a}\u{5de5}\u{4f5c}\u{65e5}", Measure::Time(DAY)),
    ("\u{5929}", Measure::Time(DAY)),
    ("\u{65e5}", Measure::Time(DAY)),
    ("\u{4e2a}\u{661f}\u{671f}", Measure::Time(7 * DAY)),
    ("\u{661f}\u{671f}", Measure::Time(7 * DAY)),
    ("\u{5468}\u{5e74}", Measure::Time(YEAR)),
    ("\u{5468}", Measure::Time(7 * DAY)),
    ("\u{4e2a}\u{6708}", Measure::Time(MONTH)),
    ("\u{5e74}", Measure::Time(YEAR)),
    ("\u{79d2}", Measure::Time(1)),
    ("\u{6b21}", Measure::Times),
    ("\u{56de}", Measure::Times),
    ("\u{4eba}", Measure::People),
    ("\u{540d}\u{6210}\u{5458}", Measure::People),
    ("\u{5143}", Measure::Yuan),
    ("\u{5757}", Measure::Yuan),
    ("yuan", Measure::Yuan),
    ("rmb", Measure::Yuan),
    ("seconds", Measure::Time(1)),
    ("sec", Measure::Time(1)),
    ("minute", Measure::Time(MINUTE)),
    ("min", Measure::Time(MINUTE)),
    ("hour", Measure::Time(HOUR)),
    ("hr", Measure::Time(HOUR)),
    ("h", Measure::Time(HOUR)),
    ("day", Measure::Time(DAY)),
    ("week", Measure::Time(7 * DAY)),
    ("month", Measure::Time(MONTH)),
    ("year", Measure::Time(YEAR)),
    ("time", Measure::Times),
    ("rollback", Measure::Times),
    ("member", Measure::People),
];

/// English number words.
const WORDS: [(&str, u64); 31] = [
    ("seventeen", 17),
    ("fourteen", 14),
    ("thirteen", 13),
    ("eighteen", 18),
    ("nineteen", 19),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventy", 70),
    ("hundred", 100),
    ("eleven", 11),
    ("twelve", 12),
    ("twenty", 20),
    ("thirty", 30),
    ("eighty", 80),
    ("ninety", 90),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("three", 3),
    ("seven", 7),
    ("eight", 8),
    ("four", 4),
    ("five", 5),
    ("nine", 9),
    ("half", 0),
    ("once", 1),
    ("one", 1),
    ("two", 2),
    ("six", 6),
    ("ten", 10),
    ("a ", 1),
];

impl Quantity {
    /// The quantity in this unit; `None` when it counts something else.
    pub(super) fn in_unit(self, unit: Unit) -> Option<u64> {
        match (unit, self.measure) {
            (Unit::Seconds, Measure::Time(seconds)) => self.number.checked_mul(seconds),
            (Unit::Hours, Measure::Time(seconds)) if seconds >= HOUR => {
                Some(self.number.checked_mul(seconds)? / HOUR)
            }
            (Unit::Years, Measure::Time(YEAR))
            | (Unit::Months, Measure::Time(MONTH))
            | (Unit::Times, Measure::Times)
            | (Unit::People, Measure::People)
            | (Unit::Yuan, Measure::Yuan) => Some(self.number),
            (Unit::Years, Measure::Time(MONTH)) if self.number.is_multiple_of(12) => Some(self.number / 12),
            (Unit::Months, Measure::Time(YEAR)) => self.number.checked_mul(12),
            _ => None,
        }
    }
}

/// Every quantity of a text.
pub(super) fn quantities(text: &[char]) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some((number, end, money)) = number(text, at) else {
            at += 1;
            continue;
        };
        let mut behind = end;
        while text.get(behind).is_some_and(|c| matches!(c, ' ' | '-' | '+')) {
            behind += 1;
        }
        let unit = UNITS.iter().find(|(word, _)| starts(text, behind, word));
        let measure = unit.map(|(_, measure)| *measure).or(money.then_some(Measure::Yuan));
        found.extend(measure.map(|measure| Quantity { start: at, number, measure }));
        at = end.max(at + 1);
    }
    found.extend(halves(text));
    found
}

/// Half a year, half an hour, half a month: the smaller unit, counted.
fn halves(text: &[char]) -> Vec<Quantity> {
    let words: [(&str, u64, u64); 4] = [
        ("\u{534a}\u{5e74}", 6, MONTH),
        ("\u{534a}\u{4e2a}\u{6708}", 15, DAY),
        ("\u{534a}\u{5c0f}\u{65f6}", 30, MINUTE),
        ("half a year", 6, MONTH),
    ];
    let places = words.iter().filter_map(|(word, number, unit)| {
        let start = (0..text.len()).find(|at| starts(text, *at, word))?;
        Some(Quantity { start, number: *number, measure: Measure::Time(*unit) })
    });
    places.collect()
}

fn starts(text: &[char], at: usize, word: &str) -> bool {
    let mut chars = text.iter().skip(at);
    let same = word.chars().all(|c| chars.next() == Some(&c));
    // A single letter is a unit only where the word ends.
    same && (word.len() > 1 || !chars.next().is_some_and(char::is_ascii_alphabetic))
}

/// A number at this place, its end, and whether it is an amount by itself (ten thousands are counted in money).
fn number(text: &[char], at: usize) -> Option<(u64, usize, bool)> {
    let first = *text.get(at)?;
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    let (mut value, mut end) = if first.is_ascii_digit() {
        digits(text, at)?
    } else if han_digit(first).is_some() || first == '\u{5341}' {
        han(text, at)?
    } else if first.is_ascii_alphabetic() && !before.is_some_and(char::is_ascii_alphabetic) {
        words(text, at)?
    } else {
        return None;
    };
    let mut money = false;
    for (word, factor) in
        [("\u{4e07}", 10_000), ("\u{4ebf}", 100_000_000), (" million", 1_000_000), ("k ", 1000)]
    {
        if starts(text, end, word) {
            value = value.checked_mul(factor)?;
            end += word.trim_end().chars().count();
            money = word != "k ";
        }
    }
    Some((value, end, money))
}

fn digits(text: &[char], at: usize) -> Option<(u64, usize)> {
    let mut value: u64 = 0;
    let mut end = at;
    while let Some(c) = text.get(end) {
        if let Some(digit) = c.to_digit(10) {
            value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
        } else if !(*c == ',' && text.get(end + 1).is_some_and(char::is_ascii_digit)) {
            break;
        }
        end += 1;
    }
    Some((value, end))
}

fn han_digit(c: char) -> Option<u64> {
    const DIGITS: [char; 10] = [
        '\u{96f6}', '\u{4e00}', '\u{4e8c}', '\u{4e09}', '\u{56db}', '\u{4e94}', '\u{516d}', '\u{4e03}',
        '\u{516b}', '\u{4e5d}',
    ];
    if c == '\u{4e24}' {
        return Some(2);
    }
    DIGITS.iter().position(|digit| *digit == c).and_then(|at| u64::try_from(at).ok())
}

/// A Chinese numeral below ten thousand.
fn han(text: &[char], at: usize) -> Option<(u64, usize)> {
    let (mut value, mut digit, mut end) = (0_u64, None, at);
    while let Some(c) = text.get(end) {
        let factor = match c {
            '\u{5341}' => 10,
            '\u{767e}' => 100,
            '\u{5343}' => 1000,
            _ => match han_digit(*c) {
                Some(new) => {
                    digit = Some(digit.map_or(new, |old: u64| old.saturating_mul(10).saturating_add(new)));
                    end += 1;
                    continue;
                }
                None => break,
            },
        };
        value = value.checked_add(digit.take().unwrap_or(1).checked_mul(factor)?)?;
        end += 1;
    }
    Some((value.checked_add(digit.unwrap_or(0))?, end))
}

/// English number words, up to `seventy-two`.
fn words(text: &[char], at: usize) -> Option<(u64, usize)> {
    let word = |at: usize| {
        let (word, value) = WORDS.iter().find(|(word, _)| starts(text, at, word))?;
        let end = at + word.trim_end().chars().count();
        (!text.get(end).is_some_and(char::is_ascii_alphabetic)).then_some((*value, end))
    };
    let (value, end) = word(at)?;
    if (20..100).contains(&value)
        && text.get(end).is_some_and(|c| matches!(c, '-' | ' '))
        && let Some((unit, end)) = word(end + 1).filter(|(unit, _)| (1..10).contains(unit))
    {
        return Some((value + unit, end));
    }
    Some((value, end)).filter(|(value, _)| *value > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Vec<u64> {
        let chars: Vec<char> = text.chars().collect();
        quantities(&chars).into_iter().filter_map(|found| found.in_unit(Unit::Seconds)).collect()
    }

    fn counted(text: &str, unit: Unit) -> Vec<u64> {
        let chars: Vec<char> = text.chars().collect();
        quantities(&chars).into_iter().filter_map(|found| found.in_unit(unit)).collect()
    }

    #[test]
    fn times_in_digits_han_and_words() {
        for (text, expected) in [
            ("24h", 86_400),
            ("24 hrs", 86_400),
            ("within 72 hours", 259_200),
            ("twenty-four hours", 86_400),
            ("a day", 86_400),
            ("two minutes", 120),
            ("a 48-hour wait", 172_800),
            ("\u{4e24}\u{5206}\u{949f}", 120),
            ("\u{4e8c}\u{5341}\u{56db}\u{5c0f}\u{65f6}", 86_400),
            ("\u{5341}\u{4e94}\u{5929}", 1_296_000),
            ("\u{4e03}\u{5929}", 604_800),
            ("\u{4e00}\u{767e}\u{516b}\u{5341}\u{5929}", 15_552_000),
            ("3\u{4e2a}\u{6708}", 7_776_000),
            ("\u{534a}\u{5c0f}\u{65f6}", 1800),
        ] {
            assert_eq!(seconds(text), [expected], "{text}");
        }
        for none in ["", "hours", "24", "the one", "version 8.0.5", "h 5", "99999999999999999999 days"] {
            assert_eq!(seconds(none), Vec::<u64>::new(), "{none}");
        }
    }

    #[test]
    fn other_units() {
        assert_eq!(counted("3\u{5e74}", Unit::Years), [3]);
        assert_eq!(counted("\u{4e09}\u{5e74}", Unit::Years), [3]);
        assert_eq!(counted("three years", Unit::Years), [3]);
        assert_eq!(counted("\u{534a}\u{5e74}", Unit::Months), [6]);
        assert_eq!(counted("\u{516d}\u{4e2a}\u{6708}", Unit::Months), [6]);
        assert_eq!(counted("3\u{6b21}", Unit::Times), [3]);
        assert_eq!(counted("three times a month", Unit::Times), [3]);
        assert_eq!(counted("200\u{4eba}", Unit::People), [200]);
        assert_eq!(counted("50\u{4e07}", Unit::Yuan), [500_000]);
        assert_eq!(counted("\u{4e94}\u{5341}\u{4e07}\u{5143}", Unit::Yuan), [500_000]);
        assert_eq!(counted("500,000 yuan", Unit::Yuan), [500_000]);
        assert_eq!(counted("10 million yuan", Unit::Yuan), [10_000_000]);
        assert_eq!(counted("90\u{5929}", Unit::Hours), [2160]);
        assert_eq!(counted("90\u{5929}", Unit::Years), Vec::<u64>::new());
    }
}

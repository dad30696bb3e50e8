//! A line of text as patterns see it: one form of every character, no spaces around Han, and for each character the
//! column that it came from.

use serde::Deserialize;

use super::Fold;

/// A pattern's `*` stands for this many characters at most.
const GAP: usize = 18;
/// A longer sentence is read as several.
const SENTENCE: usize = 600;
/// A longer clause is read as several.
const CLAUSE: usize = 200;

/// A line as patterns see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Norm {
    /// The characters.
    pub(super) chars: Vec<char>,
    /// The column of each in the line, from 0.
    pub(super) at: Vec<usize>,
}

impl Norm {
    /// A line in one form: half width, lower case, simplified, without marks of emphasis and quotation.
    pub(super) fn of(line: &str, fold: &Fold) -> Self {
        let mut norm = Self::default();
        let mut space = None;
        for (at, c) in line.chars().enumerate() {
            let c = one_form(c, fold);
            if c.is_whitespace() {
                space = space.or(Some(at));
                continue;
            }
            if matches!(
                c,
                '*' | '`'
                    | '#'
                    | '_'
                    | '"'
                    | '\u{201c}'
                    | '\u{201d}'
                    | '\u{300a}'
                    | '\u{300b}'
                    | '\u{200b}'
                    | '\u{feff}'
            ) || ('\u{300c}'..='\u{300f}').contains(&c)
            {
                continue;
            }
            if let Some(at) = space.take()
                && norm.chars.last().is_some_and(|before| !is_wide(*before))
                && !is_wide(c)
            {
                norm.push(' ', at);
            }
            norm.push(c, at);
        }
        norm
    }

    fn push(&mut self, c: char, at: usize) {
        // Some lower-case letters are several characters; the first one is enough for patterns.
        self.chars.push(c.to_lowercase().next().unwrap_or(c));
        self.at.push(at);
    }

    /// Part of it.
    pub(super) fn slice(&self, range: std::ops::Range<usize>) -> &[char] {
        self.chars.get(range).unwrap_or_default()
    }
}

fn one_form(c: char, fold: &Fold) -> char {
    let c = match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        0x2018 | 0x2019 => '\'',
        _ => c,
    };
    fold.from.chars().position(|from| from == c).and_then(|at| fold.to.chars().nth(at)).unwrap_or(c)
}

/// Whether a character is set without spaces around it.
fn is_wide(c: char) -> bool {
    matches!(u32::from(c), 0x2e80..=0x9fff | 0xf900..=0xfaff | 0x2190..=0x21ff)
}

/// A text to look for; `*` stands for a few characters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Pattern(Vec<Vec<char>>);

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self(text.split('*').map(|part| part.chars().collect()).collect())
    }
}

impl Pattern {
    /// How long it is at least.
    pub(super) fn length(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// Where it stands in a text, not before `from`: start and end.
    pub(super) fn find(&self, text: &[char], from: usize) -> Option<(usize, usize)> {
        let (first, rest) = self.0.split_first()?;
        let mut from = from;
        while let Some(start) = place(first, text, from) {
            let mut end = start + first.len();
            let fits = rest.iter().all(|part| {
                let found = place(part, text, end).filter(|at| at - end <= GAP);
                end = found.map_or(end, |at| at + part.len());
                found.is_some()
            });
            if fits {
                return Some((start, end));
            }
            from = start + 1;
        }
        None
    }
}

/// The first place at or behind `from`; a word of letters begins where a word begins.
fn place(part: &[char], text: &[char], from: usize) -> Option<usize> {
    if part.is_empty() {
        return (from <= text.len()).then_some(from);
    }
    let starts_word = part.first().is_some_and(char::is_ascii_alphanumeric);
    (from..=text.len().checked_sub(part.len())?).find(|at| {
        text.get(*at) == part.first()
            && text.get(*at..at + part.len()) == Some(part)
            && !(starts_word
                && at
                    .checked_sub(1)
                    .and_then(|before| text.get(before))
                    .is_some_and(char::is_ascii_alphabetic))
    })
}

/// The first place of any of the patterns.
pub(super) fn find_any(patterns: &[Pattern], text: &[char]) -> Option<(usize, usize)> {
    patterns.iter().filter_map(|pattern| pattern.find(text, 0)).min()
}

/// Sentences of a line, as ranges.
pub(super) fn sentences(chars: &[char]) -> Vec<std::ops::Range<usize>> {
    split(chars, SENTENCE, |at| match chars.get(at) {
        Some('\u{3002}' | '!' | '?' | ';') => true,
        // A full stop that ends a sentence, not one within a number, an address or a list's number.
        Some('.') => {
            chars.get(at + 1).is_none_or(|next| next.is_whitespace() || is_wide(*next))
                && !at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(char::is_ascii_digit)
        }
        _ => false,
    })
}

/// Clauses of a sentence, as ranges of the line.
pub(super) fn clauses(chars: &[char], sentence: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
    let inside = chars.get(sentence.clone()).unwrap_or_default();
    let digit = |at: Option<usize>| at.and_then(|at| inside.get(at)).is_some_and(char::is_ascii_digit);
    let cut = |at: usize| {
        inside.get(at) == Some(&',')
            && !(digit(at.checked_sub(1)) && digit(Some(at + 1)) && thousands(inside, at))
    };
    let ranges = split(inside, CLAUSE, cut).into_iter();
    ranges.map(|range| range.start + sentence.start..range.end + sentence.start).collect()
}

/// Whether exactly three digits follow the comma.
fn thousands(chars: &[char], comma: usize) -> bool {
    chars.iter().skip(comma + 1).take_while(|c| c.is_ascii_digit()).count() == 3
}

fn split(chars: &[char], longest: usize, ends: impl Fn(usize) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for at in 0..chars.len() {
        if ends(at) {
            ranges.push(start..at);
            start = at + 1;
        } else if at - start >= longest {
            ranges.push(start..at);
            start = at;
        }
    }
    ranges.push(start..chars.len());
    ranges.retain(|range| !range.is_empty());
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    fn norm(line: &str) -> Norm {
        Norm::of(line, &Fold { from: "\u{5fa9}".to_owned(), to: "\u{590d}".to_owned() })
    }

    fn text(line: &str) -> String {
        norm(line).chars.into_iter().collect()
    }

    #[test]
    fn every_character_has_one_form() {
        assert_eq!(text("\u{ff11}\u{ff12}\u{3000}Hours"), "12 hours");
        assert_eq!(text("**QQ** \u{7fa4} 24 \u{5c0f}"), "qq\u{7fa4}24\u{5c0f}");
        assert_eq!(text("\u{5fa9}\u{201c}x\u{201d}"), "\u{590d}x");
        assert_eq!(norm("a  b").at, [0, 1, 3]);
    }

    #[test]
    fn a_pattern_is_found_with_its_gap_and_only_at_the_start_of_a_word() {
        let find = |pattern: &str, text: &[char]| Pattern::from(pattern.to_owned()).find(text, 0);
        let chars: Vec<char> = "known owners may end it".chars().collect();
        assert_eq!(find("own", &chars), Some((6, 9)));
        assert_eq!(find("own*end", &chars), Some((6, 20)));
        assert_eq!(find("own*begin", &chars), None);
        let far: Vec<char> = format!("own{}end", " ".repeat(GAP + 1)).chars().collect();
        assert_eq!(find("own*end", &far), None);
        assert_eq!(find("longer than the text itself", &chars), None);
    }

    #[test]
    fn sentences_and_clauses() {
        let cut = |line: &str| {
            let chars: Vec<char> = line.chars().collect();
            let of = |range: std::ops::Range<usize>| chars.get(range).unwrap().iter().collect::<String>();
            let ranges = sentences(&chars).into_iter().flat_map(|sentence| clauses(&chars, sentence));
            ranges.map(of).collect::<Vec<_>>()
        };
        assert_eq!(cut("one, two. three"), ["one", " two", " three"]);
        assert_eq!(cut("up to 500,000 yuan"), ["up to 500,000 yuan"]);
        assert_eq!(cut("1. open v8.0.5, go"), ["1. open v8.0.5", " go"]);
        assert_eq!(cut(""), Vec::<String>::new());
    }
}

//! Text as words that can be looked for, and what people look for.
//!
//! Chinese has no spaces, so a run of Han characters (kana and Hangul as well) becomes its pairs of neighbours and, at the end, its last character:
//! a text of four characters is found by each of them, by any two or three in a row, and by all four. Everything else that is a letter or a digit makes
//! words, case folded. Full-width forms are folded to the usual ones. What is neither separates.
//!
//! The index and the reading without one share this file, so that both find the same.

use std::ops::Range;

/// Most words of one query.
const MAX_WORDS: usize = 64;
/// Words of a phrase that the index is asked for as a whole.
const LONG: usize = 6;
/// Parts of a longer one, of each of which it is asked for one word instead.
const RARE: usize = 4;
/// Pairs of neighbours that it is asked for besides.
const PAIRS: usize = 2;
/// Rows, of those in which words are counted ([`super::index`]), up to which one pair is as good as another.
const FEW: u64 = 25;

/// How exactly the index is asked for a long phrase. What it finds has to be looked at once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rough {
    /// For a few rare words of it: about as rare as all of it, and a few lists instead of as many as it has words.
    Words,
    /// For rare neighbours besides: everyday sentences one behind the other have words that are common together, and rarely follow each other so.
    Neighbours,
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    /// As it is compared.
    folded: String,
    /// Where it stands, in bytes.
    at: Range<usize>,
    /// Where its first character ends.
    first_ends: usize,
}

/// What kind of writing a character belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Written without spaces: found by pairs.
    Pairs,
    /// Written with spaces: found by words.
    Words,
    /// Neither letter nor digit.
    None,
}

fn script(c: char) -> Script {
    match c {
        '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3fffd}' => Script::Pairs,
        _ if c.is_alphanumeric() => Script::Words,
        _ => Script::None,
    }
}

/// Full-width forms of ASCII are ASCII.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// A stretch of one script: its folded characters, each with where it stands.
struct Run {
    script: Script,
    chars: Vec<(char, Range<usize>)>,
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut open = Script::None;
    for (start, c) in text.char_indices() {
        let at = start..start + c.len_utf8();
        let c = narrow(c);
        let script = script(c);
        if script != Script::None {
            let folded = c.to_lowercase().map(|c| (c, at.clone()));
            match runs.last_mut() {
                Some(run) if open == script => run.chars.extend(folded),
                _ => runs.push(Run { script, chars: folded.collect() }),
            }
        }
        open = script;
    }
    runs
}

/// The words of a run. A pair begins at every character but the last, which stands alone where `last` is asked for.
fn words_of(run: &Run, last: bool, each: &mut impl FnMut(Word)) {
    let word = |chars: &[(char, Range<usize>)]| {
        let at = |end: Option<&(char, Range<usize>)>| end.map(|(_, at)| at.clone()).unwrap_or_default();
        let (first, end) = (at(chars.first()), at(chars.last()));
        Word {
            folded: chars.iter().map(|(c, _)| *c).collect(),
            at: first.start..end.end,
            first_ends: first.end,
        }
    };
    match run.script {
        Script::None => {}
        Script::Words => each(word(&run.chars)),
        Script::Pairs => {
            run.chars.windows(2).for_each(|pair| each(word(pair)));
            if last {
                each(word(run.chars.last().map(std::slice::from_ref).unwrap_or_default()));
            }
        }
    }
}

/// Appends the words of a text, each with a space before it.
pub(super) fn append(text: &str, to: &mut String) {
    for run in runs(text) {
        words_of(&run, true, &mut |word| {
            to.push(' ');
            to.push_str(&word.folded);
        });
    }
}

/// A text as it is compared as a whole.
pub(super) fn folded(text: &str) -> String {
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

/// Words that have to follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    words: Vec<String>,
    /// Whether the last one may go on.
    open: bool,
}

/// What is looked for: every phrase has to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    phrases: Vec<Phrase>,
}

impl Query {
    /// Reads what a person typed. Spaces separate phrases, quotation marks hold one together, a star behind a Latin word lets it go on.
    ///
    /// `None` where there is nothing in it to look for, or too much.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut phrases = Vec::new();
        let quotes = ['"', '\u{201c}', '\u{201d}', '\u{ff02}'];
        for (number, part) in typed.split(quotes).enumerate() {
            if number % 2 == 1 {
                phrases.extend(phrase(part));
            } else {
                phrases.extend(part.split_whitespace().filter_map(phrase));
            }
        }
        let words: usize = phrases.iter().map(|phrase| phrase.words.len()).sum();
        (words > 0 && words <= MAX_WORDS).then_some(Self { phrases })
    }

    /// In the language of FTS5. No word has a character that means something there.
    pub(super) fn fts(&self) -> String {
        self.phrases.iter().map(Phrase::fts).collect::<Vec<_>>().join(" AND ")
    }

    /// The same, less exact for long phrases; `count` says of a part, in the same language, in how many of some rows it is. `None` where no phrase is long.
    ///
    /// # Errors
    /// The first of `count`.
    pub(super) fn rough_fts<E>(
        &self,
        rough: Rough,
        mut count: impl FnMut(&str) -> Result<u64, E>,
    ) -> Result<Option<String>, E> {
        if !self.phrases.iter().any(Phrase::is_long) {
            return Ok(None);
        }
        let asked: Result<Vec<String>, E> =
            self.phrases.iter().map(|phrase| phrase.rough_fts(rough, &mut count)).collect();
        asked.map(|asked| Some(asked.join(" AND ")))
    }

    /// Where each phrase stands first in a text, in bytes; `None` where one of them is missing.
    pub fn find(&self, text: &str) -> Option<Vec<Range<usize>>> {
        let mut words = Vec::new();
        for run in runs(text) {
            words_of(&run, true, &mut |word| words.push(word));
        }
        self.phrases.iter().map(|phrase| phrase.find(&words)).collect()
    }
}

impl Phrase {
    fn is_long(&self) -> bool {
        self.words.len() > LONG
    }

    fn fts(&self) -> String {
        let open = if self.open { " *" } else { "" };
        format!("\"{}\"{open}", self.words.join(" "))
    }

    fn rough_fts<E>(
        &self,
        rough: Rough,
        count: &mut impl FnMut(&str) -> Result<u64, E>,
    ) -> Result<String, E> {
        if !self.is_long() {
            return Ok(self.fts());
        }
        let whole = self.words.len() - usize::from(self.open);
        let words = self.words.get(..whole).unwrap_or_default();
        let mut counted = |ask: String| Ok((count(&ask)?, ask));
        let single =
            words.iter().map(|word| counted(format!("\"{word}\""))).collect::<Result<Vec<_>, E>>()?;
        // From all over the phrase: words of one clause are mostly there together.
        let parts = single.chunks(whole.div_ceil(RARE));
        let mut asked: Vec<String> =
            parts.filter_map(|part| part.iter().min()).map(|(_, ask)| ask.clone()).collect();
        if rough == Rough::Neighbours {
            let mut pairs = Vec::new();
            for (pair, both) in words.windows(2).zip(single.windows(2)) {
                let (times, ask) = counted(format!("\"{}\"", pair.join(" ")))?;
                // Of those that are rare, the one whose lists are short.
                pairs.push((times.max(FEW), both.iter().map(|(times, _)| times).sum::<u64>(), ask));
            }
            pairs.sort();
            pairs.dedup();
            asked.extend(pairs.into_iter().take(PAIRS).map(|(.., ask)| ask));
        }
        Ok(asked.join(" AND "))
    }

    fn find(&self, words: &[Word]) -> Option<Range<usize>> {
        let last = self.words.len().checked_sub(1)?;
        let fits = |(n, (wanted, word)): (usize, (&String, &Word))| {
            if self.open && n == last {
                word.folded.starts_with(wanted.as_str())
            } else {
                word.folded == *wanted
            }
        };
        let window = words
            .windows(self.words.len())
            .find(|window| self.words.iter().zip(*window).enumerate().all(fits))?;
        let (first, end) = (window.first()?, window.last()?);
        let one = self.words.last()?.chars().count() == 1;
        let ends = if self.open && one { end.first_ends } else { end.at.end };
        Some(first.at.start..ends)
    }
}

fn phrase(typed: &str) -> Option<Phrase> {
    let runs = runs(typed);
    let (last, before) = runs.split_last()?;
    let mut words = Vec::new();
    let mut push = |word: Word| words.push(word.folded);
    for run in before {
        words_of(run, true, &mut push);
    }
    let alone = last.chars.len() == 1;
    words_of(last, alone, &mut push);
    let open = match last.script {
        Script::Pairs => alone,
        _ => typed.trim_end().ends_with(['*', '\u{ff0a}']),
    };
    Some(Phrase { words, open })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let mut out = String::new();
        append(text, &mut out);
        out.trim_start().to_owned()
    }

    #[test]
    fn han_becomes_pairs_and_latin_becomes_words() {
        let text = "\u{8ba2}\u{5355}\u{53f7}\u{ff1a}ABC\u{ff11}2 \u{660e}\u{5929}!";
        assert_eq!(words(text), "\u{8ba2}\u{5355} \u{5355}\u{53f7} \u{53f7} abc12 \u{660e}\u{5929} \u{5929}");
    }

    #[test]
    fn one_character_two_and_phrases_are_found_where_they_stand() {
        let text = "\u{6211}\u{4eec}\u{660e}\u{5929}\u{89c1}, Room B12";
        let at = |typed: &str| Query::parse(typed).unwrap().find(text).map(|all| all[0].clone());
        assert_eq!(at("\u{5929}"), Some(9..12));
        assert_eq!(at("\u{89c1}"), Some(12..15));
        assert_eq!(at("\u{660e}\u{5929}"), Some(6..12));
        assert_eq!(at("\u{6211}\u{4eec}\u{660e}\u{5929}\u{89c1}"), Some(0..15));
        assert_eq!(at("\u{5929}\u{660e}"), None);
        assert_eq!(at("ROOM"), Some(17..21));
        assert_eq!(at("\u{ff22}12"), Some(22..25));
        assert_eq!(at("b1"), None);
        assert_eq!(at("b1*"), Some(22..25));
        assert_eq!(at("\u{89c1} room"), Some(12..15));
        assert_eq!(at("\"\u{89c1} room\""), Some(12..21));
        assert_eq!(at("room \u{660e}"), Some(17..21));
        assert_eq!(at("\"room \u{660e}\""), None);
        assert_eq!(Query::parse(" \u{ff0c}!\" "), None);
    }
}

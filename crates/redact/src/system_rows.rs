//! Who is named in the platform's own rows: "A invited B", "C joined by the code that A showed". Whoever never wrote is named nowhere else, and mostly by a
//! nickname that no rule would take for a name, often an everyday word.
//!
//! The rows are as the clients of WeChat, QQ, `DingTalk`, Feishu and WeCom word them (`data/system_rows.json`): `{p}` stands for people, `{x}` for anything else,
//! as a group's new name. A row that is worded otherwise names whom it has in quotation marks, since a name that stays costs more than a word that goes.

use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

/// Signs between several people.
const BETWEEN: [char; 3] = ['\u{3001}', ',', '\u{ff0c}'];
/// Quotation marks: what opens, what closes.
const QUOTES: [(char, char); 4] =
    [('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{300c}', '\u{300d}'), ('\u{300e}', '\u{300f}')];
/// Characters of the longest name.
const MAX_NAME: usize = 64;
/// Bytes of the longest row that is looked at: some hundred people can be invited at once.
const MAX_ROW: usize = 64 * 1024;

#[derive(Debug, Default, Deserialize)]
struct Data {
    rows: Vec<String>,
    nobody: Vec<String>,
}

/// A piece of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    People,
    Anything,
    Words(String),
}

struct Wordings {
    rows: Vec<Vec<Piece>>,
    nobody: Vec<String>,
}

static WORDINGS: LazyLock<Wordings> = LazyLock::new(|| {
    let data: Data = serde_json::from_str(include_str!("../data/system_rows.json")).unwrap_or_default();
    Wordings { rows: data.rows.iter().map(|row| pieces(row)).collect(), nobody: data.nobody }
});

fn pieces(row: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = row;
    while !rest.is_empty() {
        let (piece, behind) = if let Some(behind) = rest.strip_prefix("{p}") {
            (Piece::People, behind)
        } else if let Some(behind) = rest.strip_prefix("{x}") {
            (Piece::Anything, behind)
        } else {
            let (words, behind) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
            (Piece::Words(words.trim().to_owned()), behind)
        };
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

/// Where a row of the platform's own names people, in bytes, in their order. None overlaps another.
pub fn people(row: &str) -> Vec<Range<usize>> {
    if row.len() > MAX_ROW {
        return Vec::new();
    }
    let spans = WORDINGS.rows.iter().find_map(|pieces| fit(row, pieces)).unwrap_or_else(|| quoted(row));
    // Beside a name in quotation marks stand other words, as in `you and "B"`.
    let marked = |span| Some(quoted(span)).filter(|marked| !marked.is_empty()).unwrap_or_else(|| vec![span]);
    let names = spans.into_iter().flat_map(marked).flat_map(names);
    let somebody = |name: &&str| {
        let nobody = WORDINGS.nobody.iter().any(|word| word.eq_ignore_ascii_case(name));
        !nobody && name.chars().count() <= MAX_NAME
    };
    names.filter(somebody).map(|name| place(row, name)).collect()
}

/// Where a part of a text stands in it.
fn place(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(text.as_ptr().addr());
    start..start + part.len()
}

/// Where people stand in a row of this wording. What is behind its last words does not count.
fn fit<'a>(row: &'a str, pieces: &[Piece]) -> Option<Vec<&'a str>> {
    let mut spans = Vec::new();
    let mut rest = row;
    let mut open: Option<&Piece> = None;
    for piece in pieces {
        match piece {
            Piece::Words(words) => {
                // A name in quotation marks may have any words in it.
                let begin = open.map_or(0, |_| quoted_end(rest));
                let at = begin + rest.get(begin..)?.find(words.as_str())?;
                let (before, behind) = rest.split_at(at);
                match open.take() {
                    Some(Piece::People) => spans.push(before),
                    Some(_) => {}
                    None if before.trim().is_empty() => {}
                    None => return None,
                }
                rest = behind.get(words.len()..)?;
            }
            other => open = Some(other),
        }
    }
    if open == Some(&Piece::People) {
        let end = quoted_end(rest);
        spans.push(if end > 0 {
            rest.get(..end)?
        } else {
            rest.split(['\u{3002}', '\u{ff01}']).next()?.trim_end_matches('.')
        });
    }
    // Nobody's name is a whole sentence: it is another row then.
    (!spans.iter().any(|span| span.contains(['\u{3002}', '\n']))).then_some(spans)
}

/// Where a name in quotation marks at the beginning ends, with the marks; 0 where there is none.
fn quoted_end(text: &str) -> usize {
    let begin = text.len() - text.trim_start().len();
    let mut chars = text.trim_start().char_indices();
    let close = chars.next().and_then(|(_, first)| QUOTES.iter().find(|(open, _)| *open == first));
    let Some((_, close)) = close else { return 0 };
    chars.find(|(_, c)| c == close).map_or(0, |(at, c)| begin + at + c.len_utf8())
}

/// All that stands in quotation marks.
fn quoted(row: &str) -> Vec<&str> {
    let mut spans = Vec::new();
    let mut rest = row;
    while let Some(at) = rest.find(QUOTES.map(|(open, _)| open)) {
        rest = rest.get(at..).unwrap_or_default();
        let end = quoted_end(rest);
        let (span, behind) = rest.split_at(end.max(rest.chars().next().map_or(1, char::len_utf8)));
        if end > 0 {
            spans.push(span);
        }
        rest = behind;
    }
    spans
}

/// The names in a span, without quotation marks and what is between them.
fn names(span: &str) -> impl Iterator<Item = &str> {
    let quotes = |c: char| c.is_whitespace() || QUOTES.iter().any(|(open, close)| c == *open || c == *close);
    span.split(BETWEEN).map(move |name| name.trim_matches(quotes)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(row: &str) -> Vec<&str> {
        people(row).into_iter().map(|at| &row[at]).collect()
    }

    #[test]
    fn rows_name_the_people_in_them_and_nothing_else() {
        let rows = include_str!("../tests/fixtures/system_rows.tsv");
        let mut count = 0;
        for (row, wanted) in rows.lines().filter_map(|line| line.split_once('\t')) {
            let wanted: Vec<&str> = wanted.split('|').filter(|name| !name.is_empty()).collect();
            assert_eq!(named(row), wanted, "{row}");
            count += 1;
        }
        assert!(count > 40, "{count}");
    }

    #[test]
    fn everybody_of_a_long_list_is_named() {
        let names: Vec<String> = (0..500).map(|number| format!("Name {number}")).collect();
        for list in [names.join(", "), format!("\"{}\"", names.join("\u{3001}"))] {
            assert_eq!(named(&format!("Ann invited {list} to the group chat"))[1..], names);
        }
    }

    #[test]
    fn odd_rows_end_and_name_nobody() {
        for row in ["", "\"", "\"\"", "\u{201c}", "\u{201d}\u{201c}", "{p}", " \u{3001} "] {
            assert_eq!(named(row), Vec::<&str>::new(), "{row}");
        }
        assert_eq!(people(&"\"a\"".repeat(MAX_ROW)), []);
    }

    #[test]
    fn every_wording_has_people_and_words() {
        assert!(WORDINGS.rows.len() > 80 && WORDINGS.nobody.len() > 20);
        for row in &WORDINGS.rows {
            assert!(
                row.iter().any(|piece| matches!(piece, Piece::Words(words) if !words.is_empty())),
                "{row:?}"
            );
        }
    }
}

//! Finds claims: lines, headings, tables, sentences, clauses, and the rules of the book on each clause.

use serde_json::Value;

use super::quantity::{Quantity, quantities};
use super::text::{Norm, Pattern, clauses, find_any, sentences};
use super::{Book, Claim, MAX_CLAIMS, MAX_TEXT, Rule};

/// A line that is longer than this is no heading.
const HEADING: usize = 40;
/// Sentences of the same line that a sentence is read with.
const SENTENCES_BEFORE: usize = 3;
/// Cells of a table's row that are looked at.
const CELLS: usize = 32;

/// What a line stands under.
#[derive(Default)]
struct Under {
    /// The platform of a text that names no other one.
    only: Option<String>,
    /// The headings above, each with its level and the platform that it names.
    headings: Vec<Heading>,
    /// The columns of the table that goes on, if one does.
    table: Option<Vec<Column>>,
}

/// A heading.
struct Heading {
    level: usize,
    platform: Option<String>,
    chars: Vec<char>,
}

impl Under {
    /// The platform that the nearest heading with one names.
    fn platforms(&self) -> Vec<String> {
        let named = self.headings.iter().rev().find_map(|heading| heading.platform.clone());
        named.or_else(|| self.only.clone()).into_iter().collect()
    }

    fn context(&self) -> Vec<Vec<char>> {
        self.headings.iter().map(|heading| heading.chars.clone()).collect()
    }

    /// A heading takes the place of those that are not above it.
    fn head(&mut self, heading: Heading) {
        while self.headings.last().is_some_and(|last| last.level >= heading.level) {
            self.headings.pop();
        }
        self.headings.push(heading);
    }
}

/// A column of a table.
struct Column {
    label: String,
    platforms: Vec<String>,
}

/// A piece of a line with what it stands under: a whole line, or a cell of a table.
struct Piece<'a> {
    line: usize,
    /// The line as written, for quotations.
    raw: &'a [char],
    norm: &'a Norm,
    range: std::ops::Range<usize>,
    /// What else belongs to it: a table's labels, headings.
    context: Vec<Vec<char>>,
    platforms: Vec<String>,
}

/// Every claim of a text, in its order.
pub fn find(book: &Book, text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or(text);
    let mut under = Under { only: only_platform(book, text), ..Under::default() };
    for (number, line) in text.lines().enumerate() {
        if claims.len() >= MAX_CLAIMS {
            break;
        }
        of_line(book, number + 1, line, &mut under, &mut claims);
    }
    claims.truncate(MAX_CLAIMS);
    claims
}

fn of_line(book: &Book, number: usize, line: &str, under: &mut Under, claims: &mut Vec<Claim>) {
    let raw: Vec<char> = line.chars().collect();
    let norm = Norm::of(line, &book.fold);
    if norm.chars.is_empty() {
        under.table = None;
        return;
    }
    let named: Vec<String> = mentions(book, &norm.chars).into_iter().map(|(_, platform)| platform).collect();
    if let Some(cells) = cells(&raw, under, book) {
        of_row(book, number, &raw, &cells, under, claims);
        return;
    }
    under.table = None;
    if is_heading(line, &norm.chars) {
        let platform = if let [platform] = named.as_slice() { Some(platform.clone()) } else { None };
        let level = level(line, &norm.chars, platform.is_some());
        under.head(Heading { level, platform, chars: norm.chars.clone() });
    }
    let piece = Piece {
        line: number,
        raw: &raw,
        norm: &norm,
        range: 0..norm.chars.len(),
        context: under.context(),
        platforms: under.platforms(),
    };
    of_piece(book, &piece, claims);
}

/// The platform that a text is about, if it names exactly one.
fn only_platform(book: &Book, text: &str) -> Option<String> {
    let mut named = std::collections::BTreeSet::new();
    for line in text.lines() {
        let norm = Norm::of(line, &book.fold);
        named.extend(mentions(book, &norm.chars).into_iter().map(|(_, platform)| platform));
        if named.len() > 1 {
            return None;
        }
    }
    named.pop_first()
}

/// A short line that ends no sentence and is no item of a list.
fn is_heading(line: &str, chars: &[char]) -> bool {
    let item = line.trim_start().starts_with(['-', '*', '+', '\u{2022}', '\u{b7}']);
    let ends = |c: &char| matches!(c, '\u{3002}' | '!' | ';' | ',' | '.');
    chars.len() <= HEADING && !item && !chars.iter().any(ends)
}

/// How deep a heading stands: by its marks, else by its number; one without either that names no platform stands under
/// whatever comes before it.
fn level(line: &str, chars: &[char], names_platform: bool) -> usize {
    const NUMBERED: usize = 2;
    const PLAIN: usize = 3;
    const LOWEST: usize = 9;
    let marks = line.trim_start().chars().take_while(|c| *c == '#').count();
    let numbered = chars.iter().take(4).any(|c| *c == '\u{3001}')
        && chars.first().is_some_and(|c| !quantities(&[*c, '\u{5e74}']).is_empty() || *c == '\u{5341}');
    match (marks, numbered, names_platform) {
        (1.., ..) => marks,
        (0, true, _) => NUMBERED,
        (0, false, true) => PLAIN,
        (0, false, false) => LOWEST,
    }
}

/// The platforms that a text names, with where.
fn mentions(book: &Book, chars: &[char]) -> Vec<(usize, String)> {
    let mut names: Vec<(&Pattern, &String)> =
        book.platforms.iter().flat_map(|(id, names)| names.iter().map(move |name| (name, id))).collect();
    // The longer name first: one platform's name is a part of another's.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.length()));
    let mut left = chars.to_vec();
    let mut found = Vec::new();
    for (name, id) in names {
        let mut from = 0;
        while let Some((start, end)) = name.find(&left, from) {
            left.iter_mut().take(end).skip(start).for_each(|c| *c = '\u{0}');
            found.push((start, id.clone()));
            from = end;
        }
    }
    found.sort();
    found.dedup_by(|a, b| a.1 == b.1 && a.0 == b.0);
    found
}

/// The cells of a table's row, as ranges of the line: by bars or tabs, or by spaces where a table goes on or begins.
fn cells(raw: &[char], under: &Under, book: &Book) -> Option<Vec<std::ops::Range<usize>>> {
    let by = |cut: fn(char) -> bool| {
        let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
        let mut start = 0;
        for at in 0..=raw.len() {
            if raw.get(at).is_none_or(|c| cut(*c)) {
                ranges.push(start..at);
                start = at + 1;
            }
        }
        let blank = |range: &std::ops::Range<usize>| {
            raw.get(range.clone()).unwrap_or_default().iter().all(|c| c.is_whitespace())
        };
        // A row may begin and end with a bar.
        if ranges.first().is_some_and(blank) {
            ranges.remove(0);
        }
        if ranges.last().is_some_and(blank) {
            ranges.pop();
        }
        ranges
    };
    let bars = by(|c| matches!(c, '|' | '\t' | '\u{ff5c}'));
    if bars.len() >= 2 {
        return Some(bars);
    }
    let spaced: Vec<_> = by(char::is_whitespace).into_iter().filter(|range| !range.is_empty()).collect();
    let platforms = spaced.iter().filter(|range| names_only(book, raw, range)).count();
    let goes_on = under.table.as_ref().is_some_and(|columns| columns.len() == spaced.len());
    (goes_on || (platforms >= 2 && spaced.len() - platforms <= 1)).then_some(spaced)
}

/// Whether a cell holds the name of a platform and hardly anything else.
fn names_only(book: &Book, raw: &[char], range: &std::ops::Range<usize>) -> bool {
    let text: String = raw.get(range.clone()).unwrap_or_default().iter().collect();
    let chars = Norm::of(&text, &book.fold).chars;
    chars.len() <= 14 && !mentions(book, &chars).is_empty()
}

fn of_row(
    book: &Book,
    number: usize,
    raw: &[char],
    cells: &[std::ops::Range<usize>],
    under: &mut Under,
    claims: &mut Vec<Claim>,
) {
    let text = |range: &std::ops::Range<usize>| -> String {
        raw.get(range.clone()).unwrap_or_default().iter().collect()
    };
    let platforms = |range: &std::ops::Range<usize>| -> Vec<String> {
        let chars = Norm::of(&text(range), &book.fold).chars;
        if names_only(book, raw, range) {
            mentions(book, &chars).into_iter().map(|(_, platform)| platform).collect()
        } else {
            Vec::new()
        }
    };
    let rule = cells.iter().all(|range| text(range).chars().all(|c| matches!(c, '-' | ':' | ' ' | '=')));
    let Some(columns) = under.table.take() else {
        let column = |range| Column { label: text(range), platforms: platforms(range) };
        under.table = Some(cells.iter().take(CELLS).map(column).collect());
        return;
    };
    if !rule {
        let label = cells.first().map(&text).unwrap_or_default();
        let of_row = cells.first().map(&platforms).unwrap_or_default();
        for (column, range) in columns.iter().zip(cells).skip(1).take(CELLS) {
            let cell = Norm::of(&text(range), &book.fold);
            let norm = Norm { at: cell.at.iter().map(|at| at + range.start).collect(), chars: cell.chars };
            let mut context = under.context();
            context.extend([&label, &column.label].map(|text| Norm::of(text, &book.fold).chars));
            let inherited = under.platforms();
            let named = [&column.platforms, &of_row].into_iter().find(|found| !found.is_empty());
            let piece = Piece {
                line: number,
                raw,
                range: 0..norm.chars.len(),
                norm: &labelled(&label, &column.label, norm, book),
                context,
                platforms: named.cloned().unwrap_or(inherited),
            };
            let piece = Piece { range: 0..piece.norm.chars.len(), ..piece };
            of_piece(book, &piece, claims);
        }
    }
    under.table = Some(columns);
}

/// A cell with its labels before it, so that both stand in one clause; the labels' columns are the cell's.
fn labelled(row: &str, column: &str, cell: Norm, book: &Book) -> Norm {
    let at = cell.at.first().copied().unwrap_or(0);
    let mut norm = Norm::default();
    for label in [row, column] {
        let chars = Norm::of(label, &book.fold).chars;
        norm.at.extend(chars.iter().map(|_| at));
        norm.chars.extend(chars);
        norm.chars.push(':');
        norm.at.push(at);
    }
    norm.chars.extend(cell.chars);
    norm.at.extend(cell.at);
    norm
}

fn of_piece(book: &Book, piece: &Piece<'_>, claims: &mut Vec<Claim>) {
    let whole = piece.norm.slice(piece.range.clone());
    let from = claims.len();
    let mut last: Vec<String> = piece.platforms.clone();
    let mut before: Vec<Vec<char>> = piece.context.clone();
    for sentence in sentences(whole) {
        let chars = piece.norm.slice(sentence.clone());
        let mut previous: Vec<Quantity> = Vec::new();
        for clause in clauses(whole, sentence.clone()) {
            let text = piece.norm.slice(clause.clone());
            let named: Vec<String> = mentions(book, text).into_iter().map(|(_, platform)| platform).collect();
            if !named.is_empty() {
                last = named;
                last.dedup();
            }
            let own = quantities(text);
            let scene = Scene { text, sentence: chars, before: &before, own: &own, previous: &previous };
            for rule in &book.rules {
                let Some((value, at)) = scene.value(rule, &last) else { continue };
                for platform in platforms(rule, &last) {
                    let claim = claim(piece, &sentence, clause.start + at, rule, platform, value.clone());
                    let same = |other: &Claim| {
                        (&other.platform, &other.key, &other.value)
                            == (&claim.platform, &claim.key, &claim.value)
                    };
                    if !claims.iter().skip(from).any(same) {
                        claims.push(claim);
                    }
                }
            }
            previous = own;
        }
        before.push(chars.to_vec());
        if before.len() > piece.context.len() + SENTENCES_BEFORE {
            before.remove(piece.context.len());
        }
    }
}

fn claim(
    piece: &Piece<'_>,
    sentence: &std::ops::Range<usize>,
    at: usize,
    rule: &Rule,
    platform: Option<String>,
    value: Value,
) -> Claim {
    let column = |at: usize| piece.norm.at.get(at).copied().unwrap_or(0);
    let (start, end) = (column(sentence.start), column(sentence.end.saturating_sub(1)) + 1);
    let text: String = piece.raw.get(start..end).unwrap_or_default().iter().collect();
    Claim {
        line: piece.line,
        column: column(at) + 1,
        text: text.trim().to_owned(),
        platform,
        key: rule.key.clone(),
        value,
        topic: rule.topic.clone(),
        many: rule.many,
    }
}

/// A clause with everything that rules look at.
struct Scene<'a> {
    text: &'a [char],
    sentence: &'a [char],
    before: &'a [Vec<char>],
    own: &'a [Quantity],
    previous: &'a [Quantity],
}

impl Scene<'_> {
    /// What the clause says by this rule, and where.
    fn value(&self, rule: &Rule, platforms: &[String]) -> Option<(Value, usize)> {
        let about = |patterns: &Vec<Pattern>| {
            find_any(patterns, self.sentence).is_some()
                || self.before.iter().any(|text| find_any(patterns, text).is_some())
        };
        let places: Vec<_> =
            rule.here.iter().map(|patterns| find_any(patterns, self.text)).collect::<Option<_>>()?;
        if find_any(&rule.not, self.text).is_some() || !rule.about.iter().all(about) {
            return None;
        }
        let anchor = places.first().map_or(0, |(start, _)| *start);
        for value in &rule.values {
            let there = value.platforms.is_empty()
                || value.platforms.iter().any(|platform| platforms.contains(platform));
            if !there || find_any(&value.not, self.text).is_some() {
                continue;
            }
            if let Some((at, _)) = find_any(&value.says, self.text) {
                return Some((value.value.clone(), at));
            }
        }
        let unit = rule.number?;
        let fits = |found: &&Quantity| found.in_unit(unit).is_some();
        let nearest = self.own.iter().filter(fits).min_by_key(|found| found.start.abs_diff(anchor));
        let borrowed = self.previous.iter().rfind(fits).filter(|_| rule.borrows);
        let found = nearest.or(borrowed)?;
        let at = nearest.map_or(anchor, |found| found.start);
        Some((found.in_unit(unit)?.into(), at))
    }
}

/// The platforms that a claim is about: `law` for a law, none where the text names none.
fn platforms(rule: &Rule, named: &[String]) -> Vec<Option<String>> {
    if rule.law {
        return vec![Some("law".to_owned())];
    }
    let fits = |platform: &&String| rule.platforms.is_empty() || rule.platforms.contains(platform);
    let found: Vec<_> = named.iter().filter(fits).cloned().map(Some).collect();
    match (found.is_empty(), named.is_empty(), rule.platforms.as_slice()) {
        (false, ..) => found,
        (true, true, [only]) => vec![Some(only.clone())],
        (true, true, []) => vec![None],
        _ => Vec::new(),
    }
}

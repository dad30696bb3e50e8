//! Names in several parts with a dot between, as names of other languages and of several peoples of China are written in Chinese.
//!
//! The dot alone says little: it stands between a brand and a shop, too. A name has the characters and parts that such names are written with. Where the
//! first part has nothing else and stands clear of the words around it, the parts behind it may have any characters.

use crate::cells::{Cells, class};
use crate::detect::Found;
use crate::kind::{Confidence, Kind};
use crate::lexicon::Lexicon;
use crate::names::{bound, labelled};

/// Longest part, in characters.
const LONGEST_PART: usize = 6;
/// A part of at most so many characters may have any, behind one that is sure.
const SHORT_PART: usize = 3;

/// The part before the first dot.
struct First {
    from: usize,
    /// Whether it stands clear and has typical characters only.
    sure: bool,
}

/// Finds names with dots.
pub(crate) fn find(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    let mut at = 0;
    while at < cells.len() {
        if !dot(cells, at) {
            at += 1;
            continue;
        }
        let mut to = at;
        if let Some(first) = first(cells, lexicon, at) {
            while dot(cells, to)
                && let Some(end) = next(cells, lexicon, to + 1, first.sure)
            {
                to = end;
            }
            if to - at >= 3 {
                found.add(cells, first.from, to, Kind::Person, Confidence::Likely);
            }
        }
        at = to.max(at + 1);
    }
}

fn dot(cells: &Cells, at: usize) -> bool {
    cells.get(at).is_some_and(|cell| cell.is(class::DOT))
}

/// How many characters at a cell such names are written with: a part, a syllable, a character.
fn typical(cells: &Cells, lexicon: &Lexicon, at: usize) -> usize {
    let words = &lexicon.words;
    words.elements.begins(cells, at).max(words.transliterated.begins(cells, at)).unwrap_or(0)
}

/// How many of the characters of a stretch are such.
fn typical_in(cells: &Cells, lexicon: &Lexicon, from: usize, to: usize) -> usize {
    let (mut at, mut count) = (from, 0);
    while at < to {
        let length = typical(cells, lexicon, at);
        count += length.min(to - at);
        at += length.max(1);
    }
    count
}

/// Whether a stretch is a place, or a common word that has other characters.
fn known(cells: &Cells, lexicon: &Lexicon, from: usize, to: usize) -> bool {
    let word = || lexicon.common(cells.slice(from, to).iter().map(|cell| cell.code)) > 0;
    lexicon.place(cells, from, to) == to - from || typical_in(cells, lexicon, from, to) < to - from && word()
}

/// The part that ends before the first dot.
fn first(cells: &Cells, lexicon: &Lexicon, dot: usize) -> Option<First> {
    let han = |at: &usize| cells.get(*at).is_some_and(|cell| cell.is(class::HAN));
    let leads =
        |at: usize| at == 0 || bound(cells, at - 1) || lexicon.words.before_name.ends(cells, at).is_some();
    let clear = (0..dot).rev().take(LONGEST_PART).take_while(han).find(|from| dot - from > 1 && leads(*from));
    // A surname of two characters before the dot.
    if let Some(from) = dot.checked_sub(2)
        && lexicon.double_surname(cells.code(from), cells.code(from + 1)).is_some()
    {
        return Some(First { from, sure: true });
    }
    if let Some(from) = clear {
        if known(cells, lexicon, from, dot) {
            return None;
        }
        let (count, length) = (typical_in(cells, lexicon, from, dot), dot - from);
        if count * 2 >= length && count > 1 || labelled(cells, lexicon, from) {
            return Some(First { from, sure: count == length || labelled(cells, lexicon, from) });
        }
    }
    let count = (0..dot).rev().take(LONGEST_PART).take_while(|at| typical(cells, lexicon, *at) > 0).count();
    (count > 1).then_some(First { from: dot - count, sure: false })
}

/// The end of a part that begins behind a dot.
fn next(cells: &Cells, lexicon: &Lexicon, from: usize, sure: bool) -> Option<usize> {
    let words = &lexicon.words;
    let is_typical = |at: usize| typical(cells, lexicon, at) > 0;
    let stops = |at: usize| {
        let verb = || words.after_name.begins(cells, at).is_some_and(|len| len > 1 || !is_typical(at));
        bound(cells, at) || words.titles.begins(cells, at).is_some() || at > from + 1 && verb()
    };
    // Up to where something else begins, when most of it or all before it speaks for a name.
    let clear = (from + 1..=from + LONGEST_PART).find(|at| stops(*at)).filter(|to| {
        let length = to - from;
        let good = typical_in(cells, lexicon, from, *to) * 2 >= length && is_typical(from);
        (good || sure && length <= SHORT_PART) && !known(cells, lexicon, from, *to)
    });
    // As far as the characters are typical; the last may be any, when the name ends behind it.
    let part = |at: &usize| !stops(*at) && (is_typical(*at) || stops(*at + 1));
    let own = from + (from..cells.len()).take(LONGEST_PART).take_while(part).count();
    // A part that begins before the end reaches beyond it.
    let own = (from..own).map(|at| at + typical(cells, lexicon, at)).max().unwrap_or(own);
    match clear {
        // What is between may be a word of its own.
        Some(to)
            if own < from + 2 || to <= own + 1 || bound(cells, to) && !known(cells, lexicon, own, to) =>
        {
            Some(to)
        }
        _ => (is_typical(from) && own > from).then_some(own),
    }
}

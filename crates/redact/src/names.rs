//! Names of people whom no list has: a surname, one or two characters that given names have, and what stands around them.
//!
//! The score is the sum of how much likelier each character is in a name than in running text, less what common words explain, plus what titles,
//! verbs and the bounds of a sentence say; tenths of a nat. Names of several parts with a dot between are found by the dot.

use crate::cells::{Cells, NONE, class};
use crate::detect::Found;
use crate::kind::{Confidence, Kind};
use crate::lexicon::Lexicon;

/// What one character instead of two speaks against a name.
const SHORT: i32 = 18;

/// Longest part of a name in several parts.
const LONGEST_PART: usize = 6;
/// The most that what stands before and behind can say for a name.
const MOST_BEFORE: i32 = 40;
const MOST_BEHIND: i32 = 30;

/// Finds names whose score reaches the threshold.
pub(crate) fn find(cells: &Cells, lexicon: &Lexicon, threshold: i32, found: &mut Found) {
    if cells.classes & class::DOT != 0 {
        dotted(cells, lexicon, found);
    }
    let mut done = 0;
    for at in cells.begins(class::SURNAME) {
        if at < done {
            continue;
        }
        if let Some((score, length)) = best(cells, lexicon, threshold, at)
            && score >= threshold
            && !found.taken(cells, at, at + length)
        {
            let confidence = if score >= threshold + 40 { Confidence::High } else { Confidence::Likely };
            found.add(cells, at, at + length, Kind::Person, confidence);
            done = at + length;
        }
    }
}

/// Names in several parts with a dot between, as other languages' names are written in Chinese: by the characters that names are written with.
fn dotted(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    let typical = |at: usize| lexicon.words.transliterated.begins(cells, at).is_some();
    let mut at = 0;
    while at < cells.len() {
        if !cells.get(at).is_some_and(|cell| cell.is(class::DOT)) {
            at += 1;
            continue;
        }
        let before = (0..at).rev().take(LONGEST_PART).take_while(|at| typical(*at)).count();
        let mut to = at;
        // More parts may follow.
        while cells.get(to).is_some_and(|cell| cell.is(class::DOT)) && typical(to + 1) {
            let verb = |at: usize| {
                at > to + 2 && lexicon.words.after_name.begins(cells, at).is_some_and(|len| len > 1)
            };
            to += 1
                + (to + 1..cells.len())
                    .take(LONGEST_PART)
                    .take_while(|at| typical(*at) && !verb(*at))
                    .count();
        }
        if before >= 2 && to - at >= 3 {
            found.add(cells, at - before, to, Kind::Person, Confidence::Likely);
        }
        at = to.max(at + 1);
    }
}

/// The best name that begins at a cell: its score and length.
fn best(cells: &Cells, lexicon: &Lexicon, threshold: i32, at: usize) -> Option<(i32, usize)> {
    let (first, second) = (cells.code(at), cells.code(at + 1));
    let traits = cells.traits(at);
    let own = traits.surname();
    let single = (own != NONE).then(|| (i32::from(own), 1));
    let double = traits.double().then(|| lexicon.double_surname(first, second)).flatten();
    let double = double.map(|weight| (weight, 2));
    let surnames = [double, single].into_iter().flatten();
    let names = surnames.flat_map(|(weight, surname)| {
        [2, 1].into_iter().filter_map(move |given| {
            let end = at + surname + given;
            let han = cells.slice(at + surname, end);
            if han.len() < given || !han.iter().all(|cell| cell.is(class::HAN)) {
                return None;
            }
            let last = i32::from(cells.traits(end - 1).given().1);
            let first = i32::from(cells.traits(end - 2).given().0);
            let own = if given == 2 { first + last } else { last - SHORT };
            // Too little to be saved by anything around it.
            if weight + own + MOST_BEFORE + MOST_BEHIND < threshold {
                return None;
            }
            let own = weight + own + before(cells, lexicon, at);
            if own + MOST_BEHIND < threshold {
                return None;
            }
            let score = own + behind(cells, lexicon, end);
            (score >= threshold).then(|| (score - explained(cells, lexicon, at, end), end - at))
        })
    });
    names.max_by_key(|(score, _)| *score)
}

/// How much of a stretch common words explain.
fn explained(cells: &Cells, lexicon: &Lexicon, at: usize, end: usize) -> i32 {
    let word = |from: usize, to: usize| {
        let cells = cells.slice(from, to);
        if cells.len() == to - from { lexicon.common(cells.iter().map(|cell| cell.code)) } else { 0 }
    };
    // A word that begins where the name does, inside it or beyond.
    let begins = (2..=4).map(|len| word(at, at + len)).max().unwrap_or(0);
    // A word of which the surname is the end or the middle.
    let covers = (1..=2_usize)
        .filter_map(|back| at.checked_sub(back))
        .flat_map(|from| (at + 1 - from..=4).map(move |len| (from, from + len)))
        .filter(|(_, to)| *to > at)
        .map(|(from, to)| word(from, to))
        .max()
        .unwrap_or(0);
    // A word that begins inside and ends beyond, and one that the given name is.
    let leaves = (at + 1..end)
        .flat_map(|from| (2..=4).map(move |len| (from, from + len)))
        .filter(|(_, to)| *to > end)
        .map(|(from, to)| word(from, to))
        .max()
        .unwrap_or(0);
    let given = if end - at == 3 { word(at + 1, end) } else { 0 };
    begins * 8 / 10 + covers * 7 / 10 + leaves * 6 / 10 + given * 3 / 10
}

/// What stands before a stretch says for a name.
fn before(cells: &Cells, lexicon: &Lexicon, at: usize) -> i32 {
    if lexicon.words.before_name.ends(cells, at).is_some() {
        22
    } else if cells.ascii(at.wrapping_sub(1)) == b'@' {
        MOST_BEFORE
    } else if at == 0 || bound(cells, at - 1) {
        10
    } else {
        -6
    }
}

/// What stands behind a stretch says for a name.
fn behind(cells: &Cells, lexicon: &Lexicon, end: usize) -> i32 {
    let words = &lexicon.words;
    // The longest organisation or place that may follow: `Lin's hotel`, a street that is called after somebody.
    let organisation =
        |gap: usize| words.organisation_after.begins(cells, end + gap).is_some_and(|len| len > 1 || gap == 0);
    if words.titles.begins(cells, end).is_some() {
        MOST_BEHIND
    } else if (0..=2).any(organisation) {
        -30
    } else if cells.get(end).is_some_and(|cell| cell.is(class::COLON)) {
        15
    } else if words.after_name.begins(cells, end).is_some() {
        14
    } else if bound(cells, end) {
        10
    } else {
        -6
    }
}

/// Whether a cell is no part of a word; what is beyond the text is none.
fn bound(cells: &Cells, at: usize) -> bool {
    cells.get(at).is_none_or(|cell| !cell.is(class::HAN) && !cell.alnum())
}

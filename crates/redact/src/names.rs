//! Names of people whom no list has: a surname, one or two characters that given names have, and what stands around them.
//!
//! The score is the sum of how much likelier each character is in a name than in running text, less what common words explain, plus what titles,
//! verbs and the bounds of a sentence say; tenths of a nat. Names of several parts with a dot between are found by the dot, Tibetan and Uyghur names by
//! the parts that they are made of.
//!
//! A surname with what somebody is called by (`Manager Li`, `Lao Wang`, `Xiao Zhang`) tells a person to everybody in a group, so it is taken for a name, with
//! the title or the syllable that belongs to it; a full name is taken without the title behind it. It needs the same score, and a surname that is not a word
//! of everyday speech.

use crate::cells::{Cells, NONE, class};
use crate::detect::Found;
use crate::kind::{Confidence, Kind};
use crate::lexicon::Lexicon;

/// What one character instead of two speaks against a name.
const SHORT: i32 = 18;

/// What speaks for a name that is a part of a sentence by itself: somebody is called.
const ALONE: i32 = 14;
/// What speaks for names that stand for anybody, as in examples.
const EXAMPLE_NAME: i32 = 40;
/// What speaks against a given name of which the last character may be the next word.
const JOINED: i32 = 30;
/// What speaks against a given name that ends as places do.
const PLACE: i32 = 25;
/// What a title says for the surname before it, and a syllable before a surname for the surname.
const TITLE: i32 = 32;
const SHORT_TITLE: i32 = 18;
const CALL: i32 = 10;
/// The least weight of a surname to which these may be added: lighter ones are everyday words.
const CALLED_SURNAME: i32 = 12;
/// Shortest name that is made of parts, in characters.
const SHORTEST_OF_PARTS: usize = 4;

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
    for at in cells.begins(class::SURNAME | class::PART) {
        if at < done {
            continue;
        }
        let (surname, part) =
            (cells.traits(at).class() & class::SURNAME, cells.traits(at).class() & class::PART);
        let mut hit = None;
        if surname != 0 {
            let best = || best(cells, lexicon, threshold, at).map(|(score, length)| (score, at, at + length));
            hit = called(cells, lexicon, threshold, at).or_else(best);
        }
        if part != 0 && hit.is_none() {
            hit = of_parts(cells, lexicon, at).map(|to| (threshold, at, to));
        }
        if let Some((score, from, to)) = hit
            && score >= threshold
            && from >= done
            && !found.taken(cells, from, to)
        {
            let confidence = if score >= threshold + 40 { Confidence::High } else { Confidence::Likely };
            found.add(cells, from, to, Kind::Person, confidence);
            done = to;
        }
    }
}

/// A surname with what somebody is called by: score, first cell, the cell behind the last.
fn called(cells: &Cells, lexicon: &Lexicon, threshold: i32, at: usize) -> Option<(i32, usize, usize)> {
    let words = &lexicon.words;
    let traits = cells.traits(at);
    if !traits.double() && i32::from(traits.surname()) < CALLED_SURNAME {
        return None;
    }
    let (weight, surname) =
        surnames(cells, lexicon, at).next().filter(|(weight, _)| *weight >= CALLED_SURNAME)?;
    let end = at + surname;
    let ends = |to: usize| bound(cells, to) || words.after_name.begins(cells, to).is_some();
    let long = words.called.begins(cells, end).map(|title| (end + title, TITLE));
    let short = || words.called_short.begins(cells, end).map(|title| (end + title, SHORT_TITLE));
    let title = long.or_else(|| short().filter(|(to, _)| ends(*to)));
    let call = words.call.ends(cells, at).map_or(0, |length| length.min(at));
    let (from, to, bonus) = match (call, title) {
        (0, None) => return None,
        (0, Some((to, bonus))) => (at, to, bonus),
        (call, Some((to, bonus))) => (at - call, to, bonus + CALL),
        (call, None) => (at - call, end, CALL + behind(cells, lexicon, end)),
    };
    let score = weight + bonus + before(cells, lexicon, from);
    (score >= threshold)
        .then(|| score - around(cells, lexicon, from, to))
        .map(|score| (score, from, to))
        .filter(|(score, _, _)| *score >= threshold)
}

/// The end of a name that is made of parts of Tibetan or Uyghur names: two of them in a row, or one with characters behind it that such names are written
/// with, up to where it ends.
fn of_parts(cells: &Cells, lexicon: &Lexicon, at: usize) -> Option<usize> {
    let words = &lexicon.words;
    let (mut to, mut parts) = (at, 0);
    while let Some(part) = words.elements.begins(cells, to) {
        to += part;
        parts += 1;
    }
    if parts == 0 {
        return None;
    }
    let stops = |at: usize| {
        bound(cells, at)
            || words.after_name.begins(cells, at).is_some()
            || words.titles.begins(cells, at).is_some()
    };
    let more = (to..cells.len())
        .take(LONGEST_PART)
        .take_while(|at| !stops(*at) && words.transliterated.begins(cells, *at).is_some())
        .count();
    if stops(to + more) {
        to += more;
    } else if parts < 2 {
        return None;
    }
    (to - at >= SHORTEST_OF_PARTS).then_some(to)
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
            let stops = |at: usize| {
                let words = &lexicon.words;
                bound(cells, at)
                    || words.titles.begins(cells, at).is_some()
                    || at > to + 2
                        && words.after_name.begins(cells, at).is_some_and(|len| len > 1 || !typical(at))
            };
            // The last character may be any, when the name ends behind it.
            let part = |at: &usize| !stops(*at) && (typical(*at) || stops(*at + 1));
            to += 1 + (to + 1..cells.len()).take(LONGEST_PART).take_while(part).count();
        }
        if before >= 2 && to - at >= 3 {
            found.add(cells, at - before, to, Kind::Person, Confidence::Likely);
        }
        at = to.max(at + 1);
    }
}

/// The best name that begins at a cell: its score and length.
fn best(cells: &Cells, lexicon: &Lexicon, threshold: i32, at: usize) -> Option<(i32, usize)> {
    let names = surnames(cells, lexicon, at).flat_map(|(weight, surname)| {
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
            if own + MOST_BEHIND < threshold || lexicon.words.never_given.ends(cells, end).is_some() {
                return None;
            }
            let score = own + behind(cells, lexicon, end) + alone(cells, lexicon, at, end);
            (score >= threshold).then(|| (score - explained(cells, lexicon, at, end), end - at))
        })
    });
    names.max_by_key(|(score, _)| *score)
}

/// The surnames that begin at a cell, with their weights and lengths; the longer first.
fn surnames(cells: &Cells, lexicon: &Lexicon, at: usize) -> impl Iterator<Item = (i32, usize)> {
    let traits = cells.traits(at);
    let own = traits.surname();
    let single = (own != NONE).then(|| (i32::from(own), 1));
    let double = || lexicon.double_surname(cells.code(at), cells.code(at + 1));
    let double = traits.double().then(double).flatten().map(|weight| (weight, 2));
    [double, single].into_iter().flatten()
}

/// What the stretch itself says: it stands alone, it is a name of examples, its last character may be the next word.
fn alone(cells: &Cells, lexicon: &Lexicon, at: usize, end: usize) -> i32 {
    let ends = bound(cells, end);
    let mut score = 0;
    if ends && (at == 0 || bound(cells, at - 1)) {
        score += ALONE;
    }
    // Towns, bridges and shops are called after people.
    if lexicon.words.place_end.ends(cells, end).is_some() {
        score -= PLACE;
    }
    if lexicon.words.example_name.begins(cells, at) == Some(end - at) {
        score += EXAMPLE_NAME;
    }
    // `Thank you, Manager Wang`: what seems to end a given name is the surname before a title.
    let next = || {
        i32::from(cells.traits(end - 1).surname()) >= CALLED_SURNAME
            && lexicon.words.called.begins(cells, end).is_some()
    };
    if !ends && end - at > 2 && (lexicon.words.joins.ends(cells, end).is_some() || next()) {
        score -= JOINED;
    }
    score
}

/// How much of a stretch common words explain.
fn explained(cells: &Cells, lexicon: &Lexicon, at: usize, end: usize) -> i32 {
    let given = if end - at == 3 { word(cells, lexicon, at + 1, end) } else { 0 };
    around(cells, lexicon, at, end) + given * 3 / 10
}

/// How common a stretch is as a word.
fn word(cells: &Cells, lexicon: &Lexicon, from: usize, to: usize) -> i32 {
    let cells = cells.slice(from, to);
    if cells.len() == to - from { lexicon.common(cells.iter().map(|cell| cell.code)) } else { 0 }
}

/// How much of a stretch is explained by common words that begin with it or reach beyond it.
fn around(cells: &Cells, lexicon: &Lexicon, at: usize, end: usize) -> i32 {
    let word = |from: usize, to: usize| word(cells, lexicon, from, to);
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
    begins * 8 / 10 + covers * 7 / 10 + leaves * 6 / 10
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

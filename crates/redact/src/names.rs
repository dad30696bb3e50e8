//! Names of people whom no list has: a surname, one or two characters that given names have, and what stands around them.
//!
//! The score is the sum of how much likelier each character is in a name than in running text, less what common words explain, plus what titles,
//! verbs, the bounds of a sentence and what stands beside it (`beside.rs`) say; tenths of a nat. Tibetan and Uyghur names are found by the parts that they
//! are made of, names with a dot in them by `dotted.rs`.
//!
//! A surname with what somebody is called by (`Manager Li`, `Lao Wang`, `Xiao Zhang`) tells a person to everybody in a group, so it is taken for a name, with
//! the title or the syllable that belongs to it; a full name is taken without the title behind it. It needs the same score, and a surname that is not a word
//! of everyday speech.

use std::cell::LazyCell;

use crate::beside::{BESIDE, beside, listed, listed_before};
use crate::cells::{Cells, NONE, class};
use crate::detect::Found;
use crate::dotted;
use crate::kind::{Confidence, Kind};
use crate::lexicon::Lexicon;

/// What one character instead of two speaks against a name, and behind a surname of two characters.
const SHORT: i32 = 18;
const SHORT_BEHIND_DOUBLE: i32 = 6;

/// What speaks for a name that is a part of a sentence by itself: somebody is called.
const ALONE: i32 = 14;
/// Least weight of a last character that is likelier a name's than anything else.
const LEFT_OF_NAME: i32 = 15;
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
/// The least weight of a surname to which these may be added anywhere: lighter ones are everyday words.
const CALLED_SURNAME: i32 = 12;
/// What a surname weighs at least that has a title behind it.
const TITLED_SURNAME: i32 = 20;
/// Shortest name that is made of parts, in characters.
const SHORTEST_OF_PARTS: usize = 4;

/// Most signs between a word in a form and the name behind it.
const LABEL_GAP: usize = 2;
/// Longest part of a name in several parts.
const LONGEST_PART: usize = 6;
/// The most that what stands before and behind can say for a name.
const MOST_BEFORE: i32 = 40;
const MOST_BEHIND: i32 = 30;

/// Finds names whose score reaches the threshold.
pub(crate) fn find(cells: &Cells, lexicon: &Lexicon, threshold: i32, found: &mut Found) {
    if cells.classes & class::DOT != 0 {
        dotted::find(cells, lexicon, found);
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
            let listed = listed(cells, lexicon, at, done);
            let best = || best(cells, lexicon, threshold, at, found, listed);
            let best = || best().map(|(score, length)| (score, at, at + length));
            hit = called(cells, lexicon, threshold, at).or_else(best);
        }
        if part != 0 && hit.is_none() {
            hit = of_parts(cells, lexicon, at)
                .map(|to| (threshold, at, to))
                .or_else(|| given_alone(cells, lexicon, at));
        }
        if let Some((score, from, to)) = hit
            && score >= threshold
            && from >= done
            && !found.taken(cells, from, to)
        {
            let confidence = if score >= threshold + 40 { Confidence::High } else { Confidence::Likely };
            found.add(cells, from, to, Kind::Person, confidence);
            listed_before(cells, lexicon, threshold, (done, from), found);
            done = to;
        }
    }
}

/// A surname with what somebody is called by: score, first cell, the cell behind the last.
fn called(cells: &Cells, lexicon: &Lexicon, threshold: i32, at: usize) -> Option<(i32, usize, usize)> {
    let words = &lexicon.words;
    let traits = cells.traits(at);
    let clear = |at: usize| at == 0 || bound(cells, at - 1);
    // One that is an everyday word as well has to stand where nothing but a name may, with a title behind it.
    let light = !traits.double() && i32::from(traits.surname()) < CALLED_SURNAME;
    if light {
        let titled =
            [&words.called, &words.called_short].iter().any(|list| list.begins(cells, at + 1).is_some());
        if !titled || !clear(at) && words.before_name.ends(cells, at).is_none() {
            return None;
        }
    }
    let (weight, surname) =
        surnames(cells, lexicon, at).next().filter(|(weight, _)| light || *weight >= CALLED_SURNAME)?;
    let end = at + surname;
    let organisation =
        |to: usize| words.organisation_after.begins(cells, to).is_some_and(|length| length > 1);
    let ends = |to: usize| {
        bound(cells, to) || words.after_name.begins(cells, to).is_some_and(|length| length > 1 || !light)
    };
    let long = words.called.begins(cells, end).map(|title| (end + title, TITLE));
    let short = || words.called_short.begins(cells, end).map(|title| (end + title, SHORT_TITLE));
    let title = long.or_else(|| short().filter(|(to, _)| ends(*to)));
    let call = if light { None } else { words.call.ends(cells, at) };
    let call = call.map_or(0, |length| length.min(at));
    if light && title.is_none() || call == 0 && words.not_called.begins(cells, at).is_some() {
        return None;
    }
    let (from, to, bonus) = match (call, title) {
        (0, None) => return None,
        (_, Some((to, _))) if organisation(to) => return None,
        (0, Some((to, bonus))) => (at, to, bonus),
        (call, Some((to, bonus))) => (at - call, to, bonus + CALL),
        (call, None) => (at - call, end, CALL + behind(cells, lexicon, end)),
    };
    let alone = if title.is_some() && clear(from) && bound(cells, to) { ALONE } else { 0 };
    let weight = if title.is_some() { weight.max(TITLED_SURNAME) } else { weight };
    let score = weight + bonus + alone + before(cells, lexicon, from);
    (score >= threshold)
        .then(|| without_words(cells, lexicon, threshold, score, (from, to)))
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

/// A given name of two characters without its surname before what somebody is called by, as children are by their parents' groups.
fn given_alone(cells: &Cells, lexicon: &Lexicon, at: usize) -> Option<(i32, usize, usize)> {
    lexicon.words.kin.begins(cells, at)?;
    let from = at.checked_sub(2)?;
    let clear = from == 0 || bound(cells, from - 1) || lexicon.words.before_name.ends(cells, from).is_some();
    let han = cells.slice(from, at).iter().all(|cell| cell.is(class::HAN));
    let (first, last) = (cells.traits(from).given().0, cells.traits(at - 1).given().1);
    let score = i32::from(first) + i32::from(last) + before(cells, lexicon, from) + MOST_BEHIND;
    let other = || lexicon.words.not_kin.ends(cells, at).is_some();
    (clear && han && first > 0 && last > 0 && !other() && word(cells, lexicon, from, at) == 0)
        .then_some((score, from, at))
}

/// The best name that begins at a cell: its score and length.
pub(crate) fn best(
    cells: &Cells,
    lexicon: &Lexicon,
    threshold: i32,
    at: usize,
    found: &Found,
    listed: i32,
) -> Option<(i32, usize)> {
    // The same for each name that begins there, and rarely asked for.
    let before = &LazyCell::new(|| before(cells, lexicon, at));
    let around = MOST_BEHIND + listed + if found.any() { BESIDE } else { 0 };
    let names = surnames(cells, lexicon, at).flat_map(|(weight, surname)| {
        [2, 1].into_iter().filter_map(move |given| {
            let end = at + surname + given;
            let han = cells.slice(at + surname, end);
            if han.len() < given || !han.iter().all(|cell| cell.is(class::HAN)) {
                return None;
            }
            let last = i32::from(cells.traits(end - 1).given().1);
            let first = i32::from(cells.traits(end - 2).given().0);
            let short = if surname == 2 { SHORT_BEHIND_DOUBLE } else { SHORT };
            let own = if given == 2 { first + last } else { last - short };
            // Too little to be saved by anything around it.
            let own = weight + own;
            if own + MOST_BEFORE + around < threshold || own + **before + around < threshold {
                return None;
            }
            // A name in a list is all that stands between two of its signs.
            let whole = || bound(cells, end) || lexicon.words.after_name.begins(cells, end).is_some();
            let listed = if listed > 0 && whole() { listed } else { 0 };
            let beside = if beside(cells, lexicon, found, at, end) { BESIDE } else { 0 };
            let own = own + **before + listed + beside;
            if own + MOST_BEHIND < threshold || lexicon.words.never_given.ends(cells, end).is_some() {
                return None;
            }
            let score = own + behind(cells, lexicon, end) + alone(cells, lexicon, at, end);
            (score >= threshold).then(|| (unexplained(cells, lexicon, threshold, score, (at, end)), end - at))
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
    if ends && (at == 0 || bound(cells, at - 1) || labelled(cells, lexicon, at)) {
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
        let short =
            lexicon.words.called_short.begins(cells, end).is_some_and(|length| bound(cells, end + length));
        i32::from(cells.traits(end - 1).surname()) >= CALLED_SURNAME
            && (short || lexicon.words.called.begins(cells, end).is_some())
    };
    // `Thank you, ...`: the word that leads to a name is none.
    if lexicon.words.before_name.begins(cells, at).is_some_and(|length| length > 1) {
        score -= JOINED;
    }
    if !ends && end - at > 2 && (lexicon.words.joins.ends(cells, end).is_some() || next()) {
        score -= JOINED;
    }
    score
}

/// What is left of a score after what common words explain of a stretch.
fn unexplained(
    cells: &Cells,
    lexicon: &Lexicon,
    threshold: i32,
    score: i32,
    (at, end): (usize, usize),
) -> i32 {
    let given = if end - at == 3 { word(cells, lexicon, at + 1, end) } else { 0 };
    without_words(cells, lexicon, threshold, score - given * 3 / 10, (at, end))
}

/// How common a stretch is as a word.
fn word(cells: &Cells, lexicon: &Lexicon, from: usize, to: usize) -> i32 {
    let cells = cells.slice(from, to);
    if cells.len() == to - from { lexicon.common(cells.iter().map(|cell| cell.code)) } else { 0 }
}

/// What is left of a score after common words that begin with a stretch or reach beyond it. Once it is below the threshold nobody asks how far.
fn without_words(
    cells: &Cells,
    lexicon: &Lexicon,
    threshold: i32,
    score: i32,
    (at, end): (usize, usize),
) -> i32 {
    let word = |from: usize, to: usize| word(cells, lexicon, from, to);
    // A word that begins where the name does, inside it or beyond.
    // What is left of the name behind such a word is one more character, which names have and texts do not have by itself.
    let left = || i32::from(cells.traits(end - 1).given().1) >= LEFT_OF_NAME;
    let own =
        end - at == 3 && left() && (bound(cells, end) || lexicon.words.titles.begins(cells, end).is_some());
    let begins = |len: usize| if own && len == 2 { word(at, at + len) / 2 } else { word(at, at + len) };
    let score = score - (2..=4).map(begins).max().unwrap_or(0) * 8 / 10;
    if score < threshold {
        return score;
    }
    // A word of which the surname is the end or the middle.
    let covers = (1..=2_usize)
        .filter_map(|back| at.checked_sub(back))
        .flat_map(|from| (at + 1 - from..=4).map(move |len| (from, from + len)))
        .filter(|(_, to)| *to > at)
        .map(|(from, to)| word(from, to))
        .max()
        .unwrap_or(0);
    let score = score - covers * 7 / 10;
    if score < threshold {
        return score;
    }
    // A word that begins inside and ends beyond, and one that the given name is.
    let leaves = (at + 1..end)
        .flat_map(|from| (2..=4).map(move |len| (from, from + len)))
        .filter(|(_, to)| *to > end)
        .map(|(from, to)| word(from, to))
        .max()
        .unwrap_or(0);
    score - leaves * 6 / 10
}

/// Whether a word that has a name behind it, as in forms, stands before a cell, with or without a colon or a space.
pub(crate) fn labelled(cells: &Cells, lexicon: &Lexicon, at: usize) -> bool {
    let between =
        |back: &usize| at.checked_sub(back + 1).is_some_and(|at| matches!(cells.ascii(at), b':' | b' '));
    let gap = (0..LABEL_GAP).take_while(between).count();
    lexicon.words.name_label.ends(cells, at - gap).is_some()
}

/// What stands before a stretch says for a name.
fn before(cells: &Cells, lexicon: &Lexicon, at: usize) -> i32 {
    let words = &lexicon.words;
    let Some(sign) = at.checked_sub(1) else { return 10 };
    if cells.ascii(sign) == b'@' || labelled(cells, lexicon, at) {
        MOST_BEFORE
    } else if bound(cells, sign) {
        10
    } else if words.before_name.ends(cells, at).or_else(|| words.called.ends(cells, at)).is_some() {
        22
    } else {
        -6
    }
}

/// What stands behind a stretch says for a name.
fn behind(cells: &Cells, lexicon: &Lexicon, end: usize) -> i32 {
    let words = &lexicon.words;
    // The longest organisation or place that may follow: `Lin's hotel`, a street that is called after somebody. Whoever goes to a hotel has a word between.
    let acts = || words.after_name.begins(cells, end).is_some();
    let organisation = |gap: usize| {
        let length = words.organisation_after.begins(cells, end + gap);
        length.is_some_and(|length| gap == 0 || length > 1 && !acts())
    };
    let belongs = || {
        let gap = words.of.begins(cells, end).unwrap_or(0);
        words.belongs.begins(cells, end + gap).is_some_and(|length| gap > 0 || length > 1)
    };
    if words.titles.begins(cells, end).is_some() || belongs() {
        MOST_BEHIND
    } else if (0..=2).any(organisation) {
        -30
    } else if cells.get(end).is_some_and(|cell| cell.is(class::COLON)) {
        15
    } else if let Some(length) = words.after_name.begins(cells, end) {
        if length > 1 { 20 } else { 14 }
    } else if bound(cells, end) {
        10
    } else {
        -6
    }
}

/// Whether a cell is no part of a word; what is beyond the text is none.
pub(crate) fn bound(cells: &Cells, at: usize) -> bool {
    cells.get(at).is_none_or(|cell| !cell.is(class::HAN) && !cell.alnum())
}

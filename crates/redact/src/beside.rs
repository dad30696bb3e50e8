//! What stands beside a name and says something for it: other names in a list, and somebody's number. Names in a list support each other, so one that is
//! found leads to those before and behind it.

use crate::cells::{Cell, Cells, class};
use crate::detect::Found;
use crate::kind::{Confidence, Kind};
use crate::lexicon::Lexicon;
use crate::names::{best, bound};

/// What a number or an address of mail that is somebody's says for the name beside it.
pub(crate) const BESIDE: i32 = 24;
/// What names beside it in a list say for a name.
const LISTED: i32 = 30;
/// Longest name in a list, and longest sign between two.
const LONGEST_LISTED: usize = 4;
const LIST_SIGN: usize = 8;
/// Most words and signs between a name and a number that is somebody's.
const MOST_BETWEEN: usize = 5;

/// What a name that ends before a cell says for one that begins there, with the sign of a list or an `and` between them.
pub(crate) fn listed(cells: &Cells, lexicon: &Lexicon, at: usize, end: usize) -> i32 {
    if end == 0 || end >= at {
        0
    } else if lexicon.words.conjunction.begins(cells, end) == Some(at - end) {
        LISTED / 2
    } else {
        let (before, listed) = list_sign(cells, at);
        if before == end { listed } else { 0 }
    }
}

/// The signs of a list that end before a cell, with a number in it: where they begin, and what they say for the names on both sides.
fn list_sign(cells: &Cells, at: usize) -> (usize, i32) {
    let sign = |at: usize| match cells.code(at) {
        // A line of its own, and the comma of lists.
        0x0a | 0x3001 => LISTED,
        0xff0c | 0x2c | 0x20 | 0x2f => LISTED / 2,
        _ => 0,
    };
    let number =
        |at: usize| matches!(cells.ascii(at), b'.' | b')' | b'(') || cells.get(at).is_some_and(Cell::digit);
    let from =
        (0..at).rev().take(LIST_SIGN).take_while(|at| sign(*at) > 0 || number(*at)).last().unwrap_or(at);
    // Without a line's end or a comma of lists a number is no list's.
    let listed = (from..at).map(sign).max().unwrap_or(0);
    let numbered = (from..at).any(number);
    (from, if numbered && listed < LISTED { 0 } else { listed })
}

/// Names that stand in a list before one that was found: each says something for the one before it. `between`: the end of the last name before, and the
/// name that was found.
pub(crate) fn listed_before(
    cells: &Cells,
    lexicon: &Lexicon,
    threshold: i32,
    between: (usize, usize),
    found: &mut Found,
) {
    let (done, mut name) = between;
    loop {
        let (end, listed) = list_sign(cells, name);
        let from = (done..end).rev().take(LONGEST_LISTED).take_while(|at| !bound(cells, *at)).last();
        let Some(from) = from.filter(|from| listed > 0 && (*from == 0 || bound(cells, from - 1))) else {
            return;
        };
        let best = best(cells, lexicon, threshold, from, found, listed);
        if best.is_none_or(|(score, length)| score < threshold || from + length != end)
            || found.taken(cells, from, end)
        {
            return;
        }
        found.add(cells, from, end, Kind::Person, Confidence::Likely);
        name = from;
    }
}

/// Whether a number, a code or an address of mail stands right before or behind a stretch, with nothing but signs and the word for it between: people
/// write whose it is beside it.
pub(crate) fn beside(cells: &Cells, lexicon: &Lexicon, found: &Found, from: usize, to: usize) -> bool {
    if !found.any() {
        return false;
    }
    let words = &lexicon.words;
    let gap = |at: usize| usize::from(matches!(cells.ascii(at), b' ' | b':' | b',' | b'(' | b'/'));
    // Most cells are asked no further: a search through all that was found is long in a long text.
    let number = |at: usize| {
        let cell = cells.get(at).is_some_and(|cell| cell.alnum() || cell.is(class::HAN_DIGIT));
        (cell || cells.ascii(at) == b'+') && found.structured(cells, at)
    };
    let before = |from: usize| from.checked_sub(1).is_some_and(&number);
    let mut at = to;
    for _ in 0..MOST_BETWEEN {
        at +=
            words.of.begins(cells, at).or_else(|| words.belongs.begins(cells, at)).unwrap_or_else(|| gap(at));
    }
    number(at) || before(from) || from.checked_sub(1).is_some_and(|at| gap(at) > 0 && before(at))
}

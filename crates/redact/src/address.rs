//! Postal addresses: a core (a road, a place of the register of places, a village) with what leads to it and what is behind it.
//!
//! Two ways find one. A word that leads to an address is followed by it, up to where the sentence ends, if what stands there has anything of an address.
//! Without such a word there must be a road with a number, or a place's name with one of both.

use crate::cells::{Cells, class};
use crate::detect::Found;
use crate::dict::Dict;
use crate::kind::Confidence;
use crate::lexicon::Lexicon;

/// Longest address, in characters.
const LONGEST: usize = 70;
/// How far a road's name reaches back from its last character.
const ROAD_NAME: usize = 8;
/// How far the next piece of an address may be from the last.
const REACH: usize = 9;
/// Longest remark in parentheses, with these.
const REMARK: usize = 30;
/// Most places before the names of a road, each with a space or a remark behind it.
const OUTER: usize = 4;
/// Longest name behind an address that nothing in it tells.
const TAIL: usize = 10;

/// Finds addresses.
pub(crate) fn find(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    if cells.classes & class::GUIDE != 0 {
        guided(cells, lexicon, found);
    }
    unguided(cells, lexicon, found);
}

/// Addresses behind a word that leads to one.
fn guided(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    let words = &lexicon.words;
    let mut done = 0;
    for at in cells.begins(class::GUIDE) {
        if at < done {
            continue;
        }
        let Some(guide) = words.address_guide.begins(cells, at) else { continue };
        let mut from = at + guide;
        while let Some(link) = words.address_link.begins(cells, from) {
            from += link;
        }
        while matches!(cells.ascii(from), b':' | b' ') {
            from += 1;
        }
        done = from;
        if words.guide_not.begins(cells, from).is_some() {
            continue;
        }
        let to = sentence(cells, lexicon, from);
        if to >= from + 3 && speaks(cells, lexicon, from, to) {
            found.add_address(cells, from, to, Confidence::High);
        }
    }
}

/// The end of the part of a sentence that begins at a cell. What is in parentheses belongs to it.
fn sentence(cells: &Cells, lexicon: &Lexicon, from: usize) -> usize {
    let stops = &lexicon.words.address_stop;
    let mut depth = 0_usize;
    let limit = (from + LONGEST).min(cells.len());
    for at in from..limit {
        match cells.ascii(at) {
            b'(' => depth += 1,
            b')' if depth == 0 => return at,
            b')' => depth -= 1,
            _ => {}
        }
        let Some(cell) = cells.get(at) else { return at };
        if depth == 0 && (cell.is(class::STOP) || stops.begins(cells, at).is_some()) {
            return at;
        }
        // A parenthesis that nobody closes ends where the sentence does.
        if cell.code == 0x3002 || cell.code == 0x0a {
            return at;
        }
    }
    limit
}

/// Whether a stretch has anything of an address.
fn speaks(cells: &Cells, lexicon: &Lexicon, from: usize, to: usize) -> bool {
    let digits = cells.slice(from, to).iter().any(|cell| cell.digit());
    let mut places = false;
    let mut parts = 0;
    for at in from..to {
        places |= lexicon.place(cells, at, to) > 0;
        let part = |dict: &Dict| dict.begins(cells, at).is_some_and(|len| at + len <= to);
        parts += usize::from(
            at > from && (part(&lexicon.words.address_place) || part(&lexicon.words.address_core)),
        );
    }
    // The last piece ends it: in `a hotel that is near` nothing does.
    let words = &lexicon.words;
    let ends = [&words.address_place, &words.address_number, &words.address_core]
        .iter()
        .any(|dict| dict.ends(cells, to).is_some());
    places && (digits || parts > 0 || to - from >= 5) || digits && parts > 0 || parts > 1 && ends
}

/// Addresses that nothing leads to.
fn unguided(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    let mut done = 0;
    for at in cells.begins(class::ROAD) {
        if at < done {
            continue;
        }
        // The word whose last character this is.
        let Some(core) = lexicon.words.address_core.ends(cells, at + 1) else { continue };
        // `Seventh Lane Street`: the next word for a road ends it.
        let next = |at: usize| {
            cells.get(at).is_some_and(|cell| cell.is(class::ROAD))
                && (lexicon.words.address_core.ends(cells, at + 1).is_some_and(|word| word > 1)
                    || !cells.get(at + 1).is_some_and(|cell| cell.is(class::HAN))
                    || number(cells, lexicon, at + 1) > at + 1)
        };
        if next(at + 1) {
            continue;
        }
        // A remark may stand between a road and its number.
        let remarked = remark(cells, at + 1);
        let door = number(cells, lexicon, remarked);
        let behind = if door > remarked { remarked } else { at + 1 };
        let number = number(cells, lexicon, behind);
        // `Where` and `know` end like a lane and a road.
        let word = || lexicon.common([cells.code(at.wrapping_sub(1)), cells.code(at)]) > 0;
        if number == behind && (cells.classes & class::PLACE == 0 || core == 1 && word()) {
            continue;
        }
        let from = begin(cells, lexicon, at + 1 - core, done);
        let named = at + 1 - core > from;
        // What stands right behind an address goes on with it.
        let place = lexicon.place(cells, from, behind) > 0 || from == done && done > 0;
        if !named || (number == behind && !place) {
            continue;
        }
        let to = extend(cells, lexicon, number);
        let to = if number > behind { remark(cells, to) } else { to };
        // `20 minutes of way 5 kilometres` has a road and a number, too: a road's name or a place is needed, and a word behind the number.
        if (number > behind || to > behind || place) && !found.taken(cells, from, to) {
            let to = if found.telephone() { tail(cells, lexicon, to) } else { to };
            found.add_address(cells, from, to, if place { Confidence::High } else { Confidence::Likely });
            done = to;
        }
    }
}

/// Where the address of a road begins: where its names do, or the places before these, over remarks and spaces.
fn begin(cells: &Cells, lexicon: &Lexicon, core: usize, done: usize) -> usize {
    let (mut begin, first) = names(cells, lexicon, core, done);
    for _ in 0..if first { OUTER } else { 0 } {
        let Some(outer) = outer(cells, lexicon, begin, done) else { break };
        begin = outer;
    }
    begin
}

/// Where the names that lead to a road begin: at the farthest place's name from which names lead to it, or at the road's own name; and whether no name
/// stands before.
fn names(cells: &Cells, lexicon: &Lexicon, core: usize, done: usize) -> (usize, bool) {
    let breaks = &lexicon.words.address_break;
    let leads = |at: usize| cells.get(at).is_some_and(|cell| cell.is(class::HAN | class::HAN_DIGIT));
    let back = (done..core).rev().take(LONGEST).take_while(|at| leads(*at)).count();
    // A word that ends an address may be a part of a place's name, and nowhere else.
    let leads_on = |mut at: usize| {
        while at < core {
            // A word that is a piece of a road's name breaks nothing.
            let inner = || lexicon.words.address_inner.begins(cells, at).filter(|word| at + word <= core);
            at += match lexicon.place(cells, at, core) {
                0 => match inner() {
                    None if breaks.begins(cells, at).is_some() => return false,
                    word => word.unwrap_or(1),
                },
                length => length,
            };
        }
        true
    };
    // A district as people call it, where nothing else can begin.
    let first = core - back;
    let short = |at: usize| match lexicon.short_place(cells, at, core) {
        0 => false,
        _ => (at == first || breaks.ends(cells, at).is_some()) && leads_on(at + 2),
    };
    let place = (first..core).find(|at| lexicon.place(cells, *at, core) > 0 && leads_on(*at) || short(*at));
    let begin = place.unwrap_or_else(|| {
        let own = (done..core)
            .rev()
            .take(ROAD_NAME)
            .take_while(|at| leads(*at) && breaks.ends(cells, at + 1).is_none())
            .count();
        core - own
    });
    (begin, begin == first)
}

/// Where a place begins that leads to another one over a remark in parentheses or a space.
fn outer(cells: &Cells, lexicon: &Lexicon, from: usize, done: usize) -> Option<usize> {
    let close = from.checked_sub(1).filter(|at| *at > done)?;
    match cells.ascii(close) {
        b')' => {
            let open = (done..close).rev().take(REMARK).find(|at| cells.ascii(*at) == b'(')?;
            let (begin, _) = names(cells, lexicon, open, done);
            (lexicon.place(cells, begin, open) > 0).then_some(begin)
        }
        // Places as in forms: nothing but places, each with its space.
        b' ' => {
            let han = |at: &usize| cells.get(*at).is_some_and(|cell| cell.is(class::HAN));
            let begin = (done..close).rev().take(LONGEST).take_while(han).last()?;
            let mut at = begin;
            while at < close {
                at += Some(lexicon.place_behind(cells, at)).filter(|length| *length > 0)?;
            }
            (at == close).then_some(begin)
        }
        _ => None,
    }
}

/// The end of what stands behind an address up to a sign or a number, where there is a telephone number in the text: the name of a shop, as on
/// parcels.
fn tail(cells: &Cells, lexicon: &Lexicon, from: usize) -> usize {
    let words = &lexicon.words;
    let part = |at: &usize| {
        cells.get(*at).is_some_and(|cell| cell.is(class::HAN))
            && words.address_stop.begins(cells, *at).is_none()
            && words.address_break.begins(cells, *at).is_none()
    };
    let to = from + (from..cells.len()).take(TAIL).take_while(part).count();
    if to >= from + 2 && !cells.get(to).is_some_and(|cell| cell.is(class::HAN)) { to } else { from }
}

/// The cell behind a remark in parentheses that begins at a cell, or the cell.
fn remark(cells: &Cells, at: usize) -> usize {
    if cells.ascii(at) != b'(' {
        return at;
    }
    let close = (at..cells.len()).take(REMARK).find(|at| cells.ascii(*at) == b')');
    close.map_or(at, |close| close + 1)
}

/// The cell behind a house number with its word, or `at` when there is none.
fn number(cells: &Cells, lexicon: &Lexicon, at: usize) -> usize {
    // A long road has sections.
    let numeral = cells.get(at).is_some_and(|cell| cell.digit() || cell.is(class::HAN_DIGIT));
    let section = if numeral { lexicon.words.section.begins(cells, at + 1) } else { None };
    let from = section.map_or(at, |word| at + 1 + word);
    let end = door(cells, lexicon, from);
    if end == from {
        return at;
    }
    // A door that was made later has the number of its neighbour and one of its own.
    let annex = lexicon.words.annex.begins(cells, end).map(|word| end + word);
    annex
        .map(|from| (from, door(cells, lexicon, from)))
        .filter(|(from, to)| to > from)
        .map_or(end, |(_, to)| to)
}

/// The cell behind one number with its word, or `at` when there is none.
fn door(cells: &Cells, lexicon: &Lexicon, at: usize) -> usize {
    let part = |at: &usize| {
        cells.get(*at).is_some_and(|cell| cell.alnum() || cell.is(class::HAN_DIGIT) || cell.ascii() == b'-')
            || lexicon.words.stems.begins(cells, *at).is_some()
    };
    let before = at;
    let at = at + usize::from(cells.ascii(at) == b' ');
    let digits = (at..at + 8).take_while(part).count();
    if digits == 0
        || !cells.slice(at, at + digits).iter().any(|cell| cell.digit() || cell.is(class::HAN_DIGIT))
    {
        return before;
    }
    let end = at + digits + usize::from(cells.ascii(at + digits) == b' ');
    lexicon.words.address_number.begins(cells, end).map_or(before, |word| end + word)
}

/// Extends an address over buildings, floors and what else follows.
fn extend(cells: &Cells, lexicon: &Lexicon, from: usize) -> usize {
    let parts = &lexicon.words.address_place;
    let stops = &lexicon.words.address_stop;
    let mut to = from;
    loop {
        let mut next = None;
        // What is in parentheses says where it is; something may follow.
        let behind = remark(cells, to);
        for at in behind..(behind + REACH).min(cells.len()) {
            let Some(cell) = cells.get(at) else { break };
            if cell.is(class::STOP)
                || !(cell.is(class::HAN) || cell.alnum() || cell.ascii() == b'-')
                || stops.begins(cells, at).is_some()
            {
                break;
            }
            if let Some(word) = parts.begins(cells, at) {
                next = Some(at + word);
                break;
            }
        }
        match next {
            Some(end) if end - from < LONGEST => to = end,
            _ => break,
        }
    }
    if to > from { remark(cells, to) } else { to }
}

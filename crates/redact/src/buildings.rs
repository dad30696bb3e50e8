//! Addresses without a road: a place that leads to a quarter or a building, and buildings with their units and rooms.
//!
//! A city and a hospital are no address, and neither are a city and its university. A district and a building with a name are (of a building that is
//! everybody's, as an hotel, the district has to be called one), a building with a room is, and so are the number of a house, its staircase and a room.

use crate::cells::{Cell, Cells, class};
use crate::detect::Found;
use crate::kind::Confidence;
use crate::lexicon::Lexicon;

/// How long the name of a building or quarter is, in characters.
const NAME: usize = 12;
/// Digits and letters of a number.
const NUMBER: usize = 6;
/// Pieces of an address.
const PIECES: usize = 20;

/// Finds addresses without a road; one that was found by its road becomes longer.
pub(crate) fn find(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    let words = &lexicon.words;
    let (mut building, mut unit) = (None, false);
    for at in cells.begins(class::BUILDING) {
        let word = words.unit.ends(cells, at + 1);
        let number = |word: usize| {
            let cell = (at + 1).checked_sub(word + 1).and_then(|at| cells.get(at));
            cell.is_some_and(|cell| cell.alnum() || cell.is(class::HAN_DIGIT) || cell.ascii() == b' ')
        };
        let counted = word.is_some_and(number);
        unit |= counted;
        if counted || words.poi.ends(cells, at + 1).or_else(|| words.poi_public.ends(cells, at + 1)).is_some()
        {
            building = Some(at);
        }
    }
    if let Some(last) = building
        && cells.classes & class::PLACE != 0
    {
        placed(cells, lexicon, last, found);
    }
    if unit {
        numbered(cells, lexicon, found);
    }
}

/// What an address is made of, behind its first place.
#[derive(Debug, Default)]
struct Pieces {
    to: usize,
    /// How near the places lead: a district as people call it one, a district by its full name two.
    level: usize,
    roads: usize,
    buildings: usize,
    /// Whether the last building is everybody's.
    public: bool,
    units: usize,
    /// Units that only houses have.
    strong: usize,
}

/// Addresses that begin with a place before the last word for a building.
fn placed(cells: &Cells, lexicon: &Lexicon, last: usize, found: &mut Found) {
    let mut at = 0;
    while at < last {
        let first = lexicon.place(cells, at, cells.len());
        if first == 0 {
            at += 1;
            continue;
        }
        let mut pieces = Pieces::read(cells, lexicon, at + first);
        pieces.level += if district(cells, lexicon, at + first) { 2 } else { 0 };
        let told = pieces.tell();
        if told {
            found.widen_address(cells, at, pieces.to, Confidence::High);
        }
        at = if told { pieces.to } else { at + first };
    }
}

/// Whether a place that ends before a cell is a district by its full name.
fn district(cells: &Cells, lexicon: &Lexicon, end: usize) -> bool {
    lexicon.words.district_end.ends(cells, end).is_some()
}

impl Pieces {
    /// Whether that is an address.
    fn tell(&self) -> bool {
        let houses = self.buildings + self.roads;
        self.buildings > 0 && self.level >= if self.public { 2 } else { 1 }
            || self.units > 0 && (houses > 0 || self.strong > 0 && (self.level > 0 || self.units > 1))
    }

    /// Reads what stands behind a cell as long as it belongs to an address.
    fn read(cells: &Cells, lexicon: &Lexicon, from: usize) -> Self {
        let mut pieces = Self { to: from, ..Self::default() };
        for _ in 0..PIECES {
            let at = pieces.to + usize::from(cells.ascii(pieces.to) == b' ');
            let place =
                if pieces.buildings + pieces.units == 0 { lexicon.place_behind(cells, at) } else { 0 };
            if place > 0 {
                pieces.to = at + place;
                pieces.level += if district(cells, lexicon, pieces.to) { 2 } else { 1 };
            } else if let Some((end, strong)) = unit(cells, lexicon, at) {
                pieces.units += 1;
                pieces.strong += usize::from(strong);
                pieces.to = end;
            } else if let Some((end, name)) = named(cells, lexicon, at, pieces.buildings > 0) {
                pieces.roads += usize::from(name == Name::Road);
                pieces.buildings += usize::from(name != Name::Road);
                pieces.public = name == Name::Public;
                pieces.to = end;
            } else {
                break;
            }
        }
        pieces
    }
}

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Road,
    Building,
    /// A building that is everybody's.
    Public,
}

/// A word for a building or a quarter at a cell: its length, and which.
fn building(cells: &Cells, lexicon: &Lexicon, at: usize) -> Option<(usize, Name)> {
    let words = &lexicon.words;
    let own = words.poi.begins(cells, at).map(|word| (word, Name::Building));
    let public = words.poi_public.begins(cells, at).map(|word| (word, Name::Public));
    own.into_iter().chain(public).max_by_key(|(word, _)| *word)
}

/// The end of a name with a word for a building or a road behind it, and what it is of. `more`: a building stands before it, so the word alone will do.
fn named(cells: &Cells, lexicon: &Lexicon, from: usize, more: bool) -> Option<(usize, Name)> {
    let words = &lexicon.words;
    let mut at = from;
    while at < from + NAME {
        let cell = cells.get(at)?;
        if let Some((word, name)) = building(cells, lexicon, at).filter(|_| at > from || more) {
            // A longer word may begin inside: a park for science.
            let inside = (at + 1..at + word)
                .find_map(|at| building(cells, lexicon, at).map(|(more, name)| (at + more, name)));
            return inside.filter(|(end, _)| *end > at + word).or(Some((at + word, name)));
        }
        if let Some(word) = words.address_core.begins(cells, at).filter(|_| at > from) {
            return Some((at + word, Name::Road));
        }
        if let Some(inner) = words.address_inner.begins(cells, at) {
            at += inner;
            continue;
        }
        let part = cell.is(class::HAN) || cell.is(class::LETTER) || cell.is(class::DIGIT);
        if !part || cell.is(class::STOP) || breaks(cells, lexicon, at) {
            return None;
        }
        at += 1;
    }
    None
}

fn breaks(cells: &Cells, lexicon: &Lexicon, at: usize) -> bool {
    lexicon.words.address_break.begins(cells, at).is_some()
        || lexicon.words.address_stop.begins(cells, at).is_some()
}

/// The end of a number with a word for a unit behind it (`12 F`, a house, a room), and whether only houses have such.
fn unit(cells: &Cells, lexicon: &Lexicon, from: usize) -> Option<(usize, bool)> {
    let words = &lexicon.words;
    let part = |at: &usize| {
        cells.get(*at).is_some_and(|cell| cell.alnum() || cell.is(class::HAN_DIGIT) || cell.ascii() == b'-')
            || words.stems.begins(cells, *at).is_some()
    };
    let count = (from..from + NUMBER).take_while(part).count();
    let at = from + count;
    if count == 0 || cells.ascii(from) == b'-' {
        return None;
    }
    let gap = usize::from(cells.ascii(at) == b' ');
    let number = |at: usize| cells.get(at).is_some_and(|cell| cell.alnum() || cell.is(class::HAN_DIGIT));
    if words.unit_not.begins(cells, at + gap).is_some() || !(from..at).any(number) {
        return None;
    }
    if let Some(word) = words.unit.begins(cells, at + gap) {
        return Some((at + gap + word, words.unit_strong.begins(cells, at + gap).is_some()));
    }
    // `12F`.
    let floor = cells.code(at - 1) == u32::from(b'f') && count > 1;
    let digits = (from..at - 1).all(|at| cells.get(at).is_some_and(Cell::digit));
    (floor && digits && !cells.get(at).is_some_and(Cell::alnum)).then_some((at, false))
}

/// Houses, staircases, rooms in a row, with the name of the building or quarter before them.
fn numbered(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    let digit = |at: usize| {
        cells.get(at).is_some_and(|cell| cell.is(class::DIGIT | class::HAN_DIGIT | class::LETTER))
    };
    let mut at = 0;
    while at < cells.len() {
        if !digit(at) || at > 0 && digit(at - 1) {
            at += 1;
            continue;
        }
        let (mut to, mut units, mut strong) = (at, 0, 0);
        while let Some((end, of_house)) =
            unit(cells, lexicon, to + usize::from(units > 0 && cells.ascii(to) == b' '))
        {
            to = end;
            units += 1;
            strong += usize::from(of_house);
        }
        if units == 0 {
            at += 1;
            continue;
        }
        // The room without its word.
        let room = (to..to + NUMBER).take_while(|at| cells.get(*at).is_some_and(Cell::digit)).count();
        if strong > 0
            && matches!(room, 3 | 4)
            && !cells.get(to + room).is_some_and(|cell| cell.alnum() || cell.is(class::HAN))
        {
            to += room;
            units += 1;
        }
        let (name, public) = name_before(cells, lexicon, at);
        if units > 1 && strong > 0 || name > 0 && !public {
            let confidence = if name > 0 { Confidence::High } else { Confidence::Likely };
            found.widen_address(cells, at - name, to, confidence);
        }
        at = to;
    }
}

/// How long the name of a building or quarter is that ends before a cell, with its word, and whether it is everybody's.
fn name_before(cells: &Cells, lexicon: &Lexicon, at: usize) -> (usize, bool) {
    let own = lexicon.words.poi.ends(cells, at);
    let Some(word) = own.or_else(|| lexicon.words.poi_public.ends(cells, at)) else { return (0, true) };
    let end = at - word;
    let part = |at: &usize| {
        cells.get(*at).is_some_and(|cell| cell.is(class::HAN))
            && lexicon.words.address_break.ends(cells, at + 1).is_none()
    };
    let name = (0..end).rev().take(NAME).take_while(part).count();
    (if name < 2 { 0 } else { name + word }, own.is_none())
}

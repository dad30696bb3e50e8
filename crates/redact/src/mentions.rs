//! Mentions: an `@` and whom it calls. Whoever is mentioned is a person, or a program, under whatever name they chose.
//!
//! Where the client wrote the space that ends a mention (U+2005, as `WeChat` and QQ do), everything up to it is the name, with its spaces and pictures. Else
//! the name ends at the next space or sign; one that runs on into a sentence is left to the rules for names.

use crate::cells::{Cells, class};
use crate::detect::Found;
use crate::kind::{Confidence, Kind};
use crate::lexicon::Lexicon;

/// The space that ends a mention.
const END: u32 = 0x2005;
/// Longest name in a mention with an end, and without, in characters.
const LONGEST: usize = 40;
const LONGEST_OPEN: usize = 12;

/// Finds mentions that have an end of their own.
pub(crate) fn ended(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    for from in begins(cells, lexicon) {
        let other =
            |at: usize| cells.code(at) == 0x0a || cells.get(at).is_some_and(|cell| cell.is(class::AT));
        let end = (from..cells.len()).take(LONGEST).find(|at| cells.code(*at) == END || other(*at));
        if let Some(to) = end.filter(|to| cells.code(*to) == END) {
            found.add(cells, from, to, Kind::Person, Confidence::High);
        }
    }
}

/// Finds mentions that end with a word.
pub(crate) fn open(cells: &Cells, lexicon: &Lexicon, found: &mut Found) {
    for from in begins(cells, lexicon) {
        let mut to = word(cells, from);
        // Further words of a Latin name begin with a capital.
        while cells.get(to - 1).is_some_and(|cell| cell.is(class::LETTER))
            && cells.ascii(to) == b' '
            && cells.ascii(to + 1).is_ascii_uppercase()
        {
            to = word(cells, to + 1);
        }
        let letters = cells.slice(from, to).iter().any(|cell| cell.is(class::HAN | class::LETTER));
        let clock = cells.get(from).is_some_and(|cell| cell.is(class::DIGIT | class::HAN_DIGIT));
        // A path: packages and hosts are called so.
        let path = matches!(cells.ascii(to), b'/' | b'(' | b'\\');
        if letters && !clock && !path && to - from <= LONGEST_OPEN && !found.taken(cells, from, to) {
            found.add(cells, from, to, Kind::Person, Confidence::Likely);
        }
    }
}

/// The cells behind signs that mention somebody: not those of e-mail addresses, and not where everybody is called.
fn begins(cells: &Cells, lexicon: &Lexicon) -> impl Iterator<Item = usize> {
    let signs = cells.all().iter().enumerate().filter(|(_, cell)| cell.is(class::AT));
    signs.filter_map(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| cells.get(at));
        let from = at + 1 + usize::from(cells.ascii(at + 1) == b' ');
        let name = cells.get(from).is_some_and(|cell| cell.ascii() == 0 || cell.alnum());
        let mail = before.is_some_and(|cell| cell.alnum() || matches!(cell.ascii(), b'.' | b'-' | b'_'));
        (name && !mail && lexicon.words.nobody.begins(cells, from).is_none()).then_some(from)
    })
}

/// The end of the word that begins at a cell.
fn word(cells: &Cells, from: usize) -> usize {
    let part = |at: &usize| {
        cells.get(*at).is_some_and(|cell| {
            let sign = cell.ascii() != 0 && !cell.alnum() && !matches!(cell.ascii(), b'_' | b'-');
            !sign && !cell.is(class::STOP | class::COLON) && !matches!(cell.code, 0x2000..=0x200b | 0x3002)
        })
    };
    from + (from..cells.len()).take(LONGEST).take_while(part).count()
}

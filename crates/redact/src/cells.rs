//! A text as cells: one pass decodes and classifies, and everything else looks at cells only where the classes say that there may be something.

use crate::lexicon::Lexicon;

/// Classes of characters, as bits.
pub(crate) mod class {
    /// A digit, half or full width.
    pub(crate) const DIGIT: u16 = 1;
    /// A Chinese digit.
    pub(crate) const HAN_DIGIT: u16 = 1 << 1;
    /// A Latin letter, half or full width.
    pub(crate) const LETTER: u16 = 1 << 2;
    /// `@`, half or full width.
    pub(crate) const AT: u16 = 1 << 3;
    /// May begin a surname.
    pub(crate) const SURNAME: u16 = 1 << 4;
    /// Begins a listed member's name.
    pub(crate) const MEMBER: u16 = 1 << 5;
    /// Ends a word that addresses have at their core.
    pub(crate) const ROAD: u16 = 1 << 6;
    /// Begins a word that leads to an address.
    pub(crate) const GUIDE: u16 = 1 << 7;
    /// A province on a plate.
    pub(crate) const PLATE: u16 = 1 << 8;
    /// `:`, half or full width.
    pub(crate) const COLON: u16 = 1 << 9;
    /// A Han character.
    pub(crate) const HAN: u16 = 1 << 10;
    /// Ends a sentence or a part of it.
    pub(crate) const STOP: u16 = 1 << 11;
    /// Ends a special vehicle's plate.
    pub(crate) const PLATE_END: u16 = 1 << 12;
}

/// A character.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    /// Its first byte in the text.
    pub(crate) at: u32,
    /// The character.
    pub(crate) code: u32,
    /// Its classes.
    pub(crate) class: u16,
    /// Its half-width form, or 0.
    pub(crate) ascii: u8,
}

impl Cell {
    pub(crate) fn is(self, class: u16) -> bool {
        self.class & class != 0
    }

    pub(crate) fn digit(self) -> bool {
        self.is(class::DIGIT)
    }

    /// A letter or a digit, half or full width.
    pub(crate) fn alnum(self) -> bool {
        self.is(class::DIGIT | class::LETTER)
    }
}

/// A text's cells, and what all of them together have.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    cells: Vec<Cell>,
    /// All classes that occur.
    pub(crate) classes: u16,
    len: usize,
}

impl Cells {
    /// Decodes a text.
    pub(crate) fn read(&mut self, text: &str, lexicon: &Lexicon) {
        self.cells.clear();
        self.len = text.len();
        let mut classes = 0;
        self.cells.extend(text.char_indices().map(|(at, c)| {
            let code = c as u32;
            let class = lexicon.class(code);
            classes |= class;
            Cell { at: at as u32, code, class, ascii: half_width(code) }
        }));
        self.classes = classes;
    }

    pub(crate) fn all(&self) -> &[Cell] {
        &self.cells
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<Cell> {
        self.cells.get(at).copied()
    }

    /// The half-width form of a character, or 0.
    pub(crate) fn ascii(&self, at: usize) -> u8 {
        self.cells.get(at).map_or(0, |cell| cell.ascii)
    }

    pub(crate) fn code(&self, at: usize) -> u32 {
        self.cells.get(at).map_or(0, |cell| cell.code)
    }

    pub(crate) fn slice(&self, from: usize, to: usize) -> &[Cell] {
        self.cells.get(from..to.min(self.cells.len())).unwrap_or_default()
    }

    /// The byte at which a cell begins, or the end of the text.
    pub(crate) fn byte(&self, at: usize) -> usize {
        self.cells.get(at).map_or(self.len, |cell| cell.at as usize)
    }

    /// Whether the characters from a cell on are these.
    pub(crate) fn has(&self, at: usize, word: &[u32]) -> bool {
        self.slice(at, at + word.len()).len() == word.len()
            && self.slice(at, at + word.len()).iter().zip(word).all(|(cell, code)| {
                cell.code == *code || (cell.ascii != 0 && u32::from(cell.ascii.to_ascii_lowercase()) == *code)
            })
    }

    /// Whether one of some words ends within the `window` cells before a cell, with at most `gap` cells between.
    pub(crate) fn before(&self, at: usize, words: &[Vec<u32>], gap: usize) -> bool {
        (0..=gap.min(at)).any(|back| {
            words.iter().any(|word| {
                let Some(from) = (at - back).checked_sub(word.len()) else { return false };
                self.has(from, word)
            })
        })
    }
}

/// The half-width form of printable ASCII and of its full-width twins (Unicode block FF00), or 0.
fn half_width(code: u32) -> u8 {
    match code {
        0x21..=0x7e => code as u8,
        0xff01..=0xff5e => (code - 0xfee0) as u8,
        0x20 | 0x3000 | 0xa0 => b' ',
        _ => 0,
    }
}

//! A text as cells: one pass decodes and classifies, and everything else looks at cells only where the classes say that there may be something.

use crate::fold;
use crate::lexicon::{self, Lexicon};

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
    /// Begins a part that names are made of, or what somebody is called by behind a given name.
    pub(crate) const PART: u16 = 1 << 12;
    /// Begins the name of a place.
    pub(crate) const PLACE: u16 = 1 << 13;
    /// The dot between the parts of a name.
    pub(crate) const DOT: u16 = 1 << 14;
    /// Ends a word for a building, a quarter or a room.
    pub(crate) const BUILDING: u16 = 1 << 15;
    /// What has to be looked at wherever it stands.
    pub(crate) const BEGINS: u16 = SURNAME | PART | MEMBER | ROAD | GUIDE | BUILDING;
}

/// What is known about a character by itself, in one word, since every character of every text is asked for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Traits(u64);

/// No surname.
pub(crate) const NONE: i8 = i8::MIN;
/// Weight of a character that the table of given names does not have.
const STRANGE: i8 = -45;

impl Traits {
    const SURNAME: u32 = 16;
    const FIRST: u32 = 24;
    const LAST: u32 = 32;
    const ASCII: u32 = 40;
    const DIGIT: u32 = 48;
    const LOWER: u32 = 56;
    /// A digit is below it.
    const DOUBLE: u8 = 0x80;
    /// In the place of a lower case: the character is looked up as another one.
    const FOLDS: u8 = 0xff;
    /// What it has and no letter.
    const FOLDED: u8 = 0x80;

    /// Of a character that no list has.
    pub(crate) const UNKNOWN: Self = Self(
        (NONE.cast_unsigned() as u64) << Self::SURNAME
            | (STRANGE.cast_unsigned() as u64) << Self::FIRST
            | (STRANGE.cast_unsigned() as u64) << Self::LAST,
    );

    /// Of a character by its half-width form and the digit that it means, each 0 where there is none.
    pub(crate) fn of(ascii: u8, digit: u8) -> Self {
        Self::UNKNOWN
            .with(Self::ASCII, ascii)
            .with(Self::DIGIT, digit)
            .with(Self::LOWER, ascii.to_ascii_lowercase())
    }

    /// The same of a character that is looked up as this one.
    pub(crate) fn folded(self) -> Self {
        self.with(Self::LOWER, Self::FOLDS)
    }

    fn byte(self, at: u32) -> u8 {
        (self.0 >> at) as u8
    }

    fn with(self, at: u32, byte: u8) -> Self {
        Self(self.0 & !(0xff << at) | u64::from(byte) << at)
    }

    /// Its classes.
    pub(crate) fn class(self) -> u16 {
        self.0 as u16
    }

    pub(crate) fn mark(&mut self, class: u16) {
        self.0 |= u64::from(class);
    }

    /// Its weight as a surname, in tenths of a nat; `NONE` when it is none.
    pub(crate) fn surname(self) -> i8 {
        self.byte(Self::SURNAME).cast_signed()
    }

    pub(crate) fn set_surname(&mut self, weight: i8) {
        *self = self.with(Self::SURNAME, weight.cast_unsigned());
    }

    /// Its weights as the first of two characters of a given name, and as the last character of one.
    pub(crate) fn given(self) -> (i8, i8) {
        (self.byte(Self::FIRST).cast_signed(), self.byte(Self::LAST).cast_signed())
    }

    pub(crate) fn set_given(&mut self, first: i8, last: i8) {
        *self = self.with(Self::FIRST, first.cast_unsigned()).with(Self::LAST, last.cast_unsigned());
    }

    /// Its half-width form, or 0.
    pub(crate) fn ascii(self) -> u8 {
        self.byte(Self::ASCII)
    }

    /// The digit that it means in any way of writing, or 0.
    pub(crate) fn digit(self) -> u8 {
        self.byte(Self::DIGIT) & !Self::DOUBLE
    }

    /// Whether it begins a surname of two characters.
    pub(crate) fn double(self) -> bool {
        self.byte(Self::DIGIT) & Self::DOUBLE != 0
    }

    pub(crate) fn set_double(&mut self) {
        *self = self.with(Self::DIGIT, self.byte(Self::DIGIT) | Self::DOUBLE);
    }
}

/// A character.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) traits: Traits,
    /// Its first byte in the text.
    pub(crate) at: u32,
    /// The character, in half width, lower case and simplified where it has these.
    pub(crate) code: u32,
}

impl Cell {
    pub(crate) fn is(self, class: u16) -> bool {
        self.traits.class() & class != 0
    }

    pub(crate) fn ascii(self) -> u8 {
        self.traits.ascii()
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
    /// As long as the longest text so far; what is behind `count` is of an earlier one.
    all: Vec<Cell>,
    count: usize,
    /// The places of characters that begin something, as many as `begin_count` says.
    begins: Vec<u32>,
    begin_count: usize,
    /// All classes that occur.
    pub(crate) classes: u16,
    /// How many digits there are, in any way of writing.
    pub(crate) digits: usize,
    /// How many letters and digits there are, in both widths.
    pub(crate) alnums: usize,
    bytes: usize,
}

impl Cells {
    /// Decodes a text.
    pub(crate) fn read(&mut self, text: &str, lexicon: &Lexicon) {
        self.bytes = text.len();
        if self.all.len() < text.len() {
            self.all.resize(text.len(), Cell { at: 0, code: 0, traits: Traits::UNKNOWN });
            self.begins.resize(text.len(), 0);
        }
        // As few things as can be are carried from character to character: all traits in one word, and both counts in one.
        let (mut all, mut counts, mut count, mut begins) = (0, 0_u64, 0, 0);
        for (cell, (at, c)) in self.all.iter_mut().zip(text.char_indices()) {
            let traits = lexicon.traits(c as u32);
            let lower = traits.byte(Traits::LOWER);
            let code = if lower == 0 { c as u32 } else { u32::from(lower) };
            all |= traits.0;
            counts += u64::from(traits.digit() != 0);
            counts += u64::from(traits.class() & (class::LETTER | class::DIGIT) != 0) << 32;
            *cell = Cell { at: at as u32, code, traits };
            // Written always and kept only where it counts: whether it does can't be foreseen.
            if let Some(begin) = self.begins.get_mut(begins) {
                *begin = count as u32;
            }
            begins += usize::from(traits.class() & class::BEGINS != 0);
            count += 1;
        }
        (self.classes, self.count, self.begin_count) = (Traits(all).class(), count, begins);
        (self.digits, self.alnums) = ((counts & 0xffff_ffff) as usize, (counts >> 32) as usize);
        if Traits(all).byte(Traits::LOWER) & Traits::FOLDED != 0 {
            self.fold(text);
        }
    }

    /// Gives characters that are looked up as others the others' codes; apart from the pass over all characters, since most texts have none.
    #[cold]
    fn fold(&mut self, text: &str) {
        for cell in self.all.iter_mut().take(self.count) {
            if cell.traits.byte(Traits::LOWER) == Traits::FOLDS {
                let own = text.get(cell.at as usize..).and_then(|rest| rest.chars().next());
                cell.code = own.map_or(0, |own| fold::simplified(own as u32));
            }
        }
    }

    /// The places of characters of these classes, which are among [`class::BEGINS`].
    pub(crate) fn begins(&self, class: u16) -> impl Iterator<Item = usize> {
        let begins = self.begins.get(..self.begin_count).unwrap_or_default();
        begins
            .iter()
            .map(|at| *at as usize)
            .filter(move |at| self.all.get(*at).is_some_and(|cell| cell.is(class)))
    }

    pub(crate) fn all(&self) -> &[Cell] {
        self.all.get(..self.count).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    pub(crate) fn get(&self, at: usize) -> Option<Cell> {
        self.all().get(at).copied()
    }

    /// The half-width form of a character, or 0.
    pub(crate) fn ascii(&self, at: usize) -> u8 {
        self.all().get(at).map_or(0, |cell| cell.traits.ascii())
    }

    pub(crate) fn traits(&self, at: usize) -> Traits {
        self.all().get(at).map_or(Traits::UNKNOWN, |cell| cell.traits)
    }

    pub(crate) fn code(&self, at: usize) -> u32 {
        self.all().get(at).map_or(0, |cell| cell.code)
    }

    pub(crate) fn slice(&self, from: usize, to: usize) -> &[Cell] {
        self.all().get(from..to.min(self.count)).unwrap_or_default()
    }

    /// The byte at which a cell begins, or the end of the text.
    pub(crate) fn byte(&self, at: usize) -> usize {
        self.all().get(at).map_or(self.bytes, |cell| cell.at as usize)
    }

    /// Whether the characters from a cell on are these.
    pub(crate) fn has(&self, at: usize, word: &[u32]) -> bool {
        let cells = self.slice(at, at + word.len());
        cells.len() == word.len() && cells.iter().zip(word).all(|(cell, code)| cell.code == *code)
    }
}

impl Cells {
    /// The digit that a character means, or a check character X.
    pub(crate) fn plain_digit(c: char) -> Option<char> {
        let ascii = half_width(c as u32);
        if ascii.is_ascii_digit() {
            return Some(char::from(ascii));
        }
        if ascii.eq_ignore_ascii_case(&b'x') {
            return Some('X');
        }
        lexicon::han_digit(fold::simplified(c as u32)).map(char::from)
    }
}

/// The half-width form of printable ASCII and of its full-width twins (Unicode block FF00), or 0.
pub(crate) fn half_width(code: u32) -> u8 {
    match code {
        0x21..=0x7e => code as u8,
        0xff01..=0xff5e => (code - 0xfee0) as u8,
        0x20 | 0x3000 | 0xa0 => b' ',
        _ => 0,
    }
}

//! A list of words that are looked for at a place of a text.
//!
//! Almost every place has none of them, so that is told first, by a bit for the character and one for the pair of characters that stand there.

use crate::cells::Cells;
use crate::lexicon::Map;

/// Words that are looked for at a place.
pub(crate) struct Dict {
    /// In the order of the first character, the longest first.
    from: Vec<Box<[u32]>>,
    /// In the order of the last.
    to: Vec<Box<[u32]>>,
    /// Which of both lists begin with which character.
    from_at: Map<u32, (usize, usize)>,
    to_at: Map<u32, (usize, usize)>,
    /// Which characters begin and end a word, by their last twelve bits: almost all others are told apart by that alone.
    heads: Box<Bits>,
    tails: Box<Bits>,
    /// The same of words of one character, and of the first and last two characters of longer ones.
    single: Box<Bits>,
    head_pairs: Box<Bits>,
    tail_pairs: Box<Bits>,
}

type Bits = [u64; 64];

impl Dict {
    /// The words by their first and last characters.
    pub(crate) fn new(words: impl Iterator<Item = Vec<u32>>) -> Self {
        let mut from: Vec<Box<[u32]>> = words.map(Vec::into_boxed_slice).collect();
        let mut to = from.clone();
        let order = |word: &[u32], key: Option<&u32>| (key.copied(), std::cmp::Reverse(word.len()));
        from.sort_by_key(|word| order(word, word.first()));
        to.sort_by_key(|word| order(word, word.last()));
        let bits = |codes: &mut dyn Iterator<Item = u32>| {
            codes.fold(Box::new([0_u64; 64]), |mut bits, code| {
                let (at, bit) = Self::slot(code);
                bits.get_mut(at).into_iter().for_each(|bits| *bits |= bit);
                bits
            })
        };
        let heads = bits(&mut from.iter().filter_map(|word| word.first().copied()));
        let tails = bits(&mut to.iter().filter_map(|word| word.last().copied()));
        let single =
            bits(&mut from.iter().filter(|word| word.len() == 1).filter_map(|word| word.first().copied()));
        let head_pairs =
            bits(&mut from.iter().filter_map(|word| Some(Self::pair(*word.first()?, *word.get(1)?))));
        let tail_pairs = bits(&mut from.iter().filter_map(|word| match **word {
            [.., before, last] => Some(Self::pair(before, last)),
            _ => None,
        }));
        let ranges = |keys: &mut dyn Iterator<Item = u32>| {
            keys.enumerate().fold(Map::<u32, (usize, usize)>::default(), |mut ranges, (at, key)| {
                ranges.entry(key).or_insert((at, at)).1 = at + 1;
                ranges
            })
        };
        let from_at = ranges(&mut from.iter().filter_map(|word| word.first().copied()));
        let to_at = ranges(&mut to.iter().filter_map(|word| word.last().copied()));
        Self { from, to, from_at, to_at, heads, tails, single, head_pairs, tail_pairs }
    }

    fn pair(first: u32, second: u32) -> u32 {
        (first.wrapping_mul(31) ^ second).wrapping_mul(0x9e37_79b1) >> 20
    }

    fn slot(code: u32) -> (usize, u64) {
        ((code >> 6 & 63) as usize, 1 << (code & 63))
    }

    fn may(bits: &Bits, code: u32) -> bool {
        let (at, bit) = Self::slot(code);
        bits.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// The characters with which words begin.
    pub(crate) fn heads(&self) -> impl Iterator<Item = u32> {
        self.from.iter().filter_map(|word| word.first().copied())
    }

    /// The characters with which words end.
    pub(crate) fn tails(&self) -> impl Iterator<Item = u32> {
        self.to.iter().filter_map(|word| word.last().copied())
    }

    /// Length of the longest word that begins at a cell.
    #[inline]
    pub(crate) fn begins(&self, cells: &Cells, at: usize) -> Option<usize> {
        let code = cells.code(at);
        let may = Self::may(&self.heads, code)
            && (Self::may(&self.single, code)
                || Self::may(&self.head_pairs, Self::pair(code, cells.code(at + 1))));
        if may { self.begin_with(cells, at, code) } else { None }
    }

    fn begin_with(&self, cells: &Cells, at: usize, code: u32) -> Option<usize> {
        let (first, end) = *self.from_at.get(&code)?;
        let words = self.from.get(first..end).unwrap_or_default();
        words.iter().map(|word| (word.len(), word)).find(|(_, word)| cells.has(at, word)).map(|(len, _)| len)
    }

    /// Length of the longest word that ends before a cell.
    #[inline]
    pub(crate) fn ends(&self, cells: &Cells, at: usize) -> Option<usize> {
        let code = cells.code(at.checked_sub(1)?);
        let may = Self::may(&self.tails, code)
            && (Self::may(&self.single, code)
                || at > 1 && Self::may(&self.tail_pairs, Self::pair(cells.code(at - 2), code)));
        if may { self.end_with(cells, at, code) } else { None }
    }

    fn end_with(&self, cells: &Cells, at: usize, code: u32) -> Option<usize> {
        let (first, end) = *self.to_at.get(&code)?;
        let words = self.to.get(first..end).unwrap_or_default();
        let fits = |word: &[u32]| at.checked_sub(word.len()).is_some_and(|from| cells.has(from, word));
        words.iter().map(|word| (word.len(), word)).find(|(_, word)| fits(word)).map(|(len, _)| len)
    }

    /// Length of the longest word that ends a list of characters.
    pub(crate) fn end_of(&self, codes: &[u32]) -> Option<usize> {
        self.to.iter().filter(|word| codes.ends_with(word)).map(|word| word.len()).max()
    }

    /// Whether a word ends before a cell with at most `gap` cells between.
    pub(crate) fn before(&self, cells: &Cells, at: usize, gap: usize) -> bool {
        (0..=gap.min(at)).any(|back| self.ends(cells, at - back).is_some())
    }
}

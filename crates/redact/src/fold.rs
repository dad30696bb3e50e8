//! Traditional characters: each is looked up as its simplified form, so that every list is needed once.

use std::sync::LazyLock;

use crate::lexicon::Map;

/// A traditional character's simplified form; any other character itself.
pub(crate) fn simplified(code: u32) -> u32 {
    static TABLE: LazyLock<Map<u32, u32>> = LazyLock::new(|| pairs().collect());
    TABLE.get(&code).copied().unwrap_or(code)
}

/// Traditional characters with their simplified forms.
pub(crate) fn pairs() -> impl Iterator<Item = (u32, u32)> {
    include_str!("../data/traditional.txt").lines().flat_map(|line| {
        let mut codes = line.chars().map(u32::from);
        std::iter::from_fn(move || Some((codes.next()?, codes.next()?)))
    })
}

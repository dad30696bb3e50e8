//! How many different values there were, in bounded memory: exact for as many as are kept, an estimate beyond.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;

use crate::lexicon::Mix;

/// Values that are kept: the estimate is off by less than one in a hundred then, almost always.
const KEPT: usize = 32_768;

/// The smallest of the values that were seen, which are even over all numbers (Bar-Yossef et al., RANDOM 2002).
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    kept: HashSet<u64, BuildHasherDefault<Mix>>,
    /// Values above were let go.
    below: u64,
}

impl Default for Sketch {
    fn default() -> Self {
        Self { kept: HashSet::default(), below: u64::MAX }
    }
}

impl Sketch {
    /// Notes a value; the same one counts once.
    pub(crate) fn note(&mut self, value: u64) {
        if value <= self.below && self.kept.insert(value) && self.kept.len() >= 2 * KEPT {
            self.shrink();
        }
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.below = self.below.min(other.below);
        let below = self.below;
        self.kept.retain(|value| *value <= below);
        other.kept.iter().for_each(|value| self.note(*value));
    }

    /// How many, and whether that is exact.
    pub(crate) fn count(&self) -> (u64, bool) {
        let kept = self.kept.len() as u64;
        if self.below == u64::MAX {
            return (kept, true);
        }
        let all = u128::from(kept) * u128::from(u64::MAX) / u128::from(self.below.max(1));
        (u64::try_from(all).unwrap_or(u64::MAX), false)
    }

    fn shrink(&mut self) {
        let mut values: Vec<u64> = self.kept.iter().copied().collect();
        let (_, middle, _) = values.select_nth_unstable(KEPT - 1);
        self.below = *middle;
        let below = self.below;
        self.kept.retain(|value| *value <= below);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Even values.
    fn value(n: u64) -> u64 {
        n.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[test]
    fn few_are_exact_and_many_are_near_however_they_were_split() {
        let (mut one, mut two) = (Sketch::default(), Sketch::default());
        (0..10_000).for_each(|n| one.note(value(n % 5_000)));
        assert_eq!(one.count(), (5_000, true));
        (0..600_000).for_each(|n| one.note(value(n)));
        (400_000..1_000_000).for_each(|n| two.note(value(n)));
        one.merge(&two);
        let (count, exact) = one.count();
        assert!(!exact && (980_000..1_020_000).contains(&count), "{count}");
        assert!(one.kept.len() <= 2 * KEPT);
    }
}

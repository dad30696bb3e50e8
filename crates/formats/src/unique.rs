//! Ids that are unique within a chat, also where a tool writes none, and the same when the file is read again from
//! any row on.

use std::collections::BTreeMap;

use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::NativeId;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

/// Most ids of one second that are remembered.
const MAX_SEEN: usize = 1000;

/// The ids of the second that is being read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Unique {
    second: i64,
    seen: BTreeMap<String, u32>,
}

impl Unique {
    /// An id for `base` at `at`, and whether it had to be told from an earlier one of the same second.
    pub(crate) fn id(&mut self, base: &str, at: Time, row: u64) -> (NativeId, bool) {
        let second = at.as_millis().div_euclid(1000);
        if second != self.second {
            self.second = second;
            self.seen.clear();
        }
        let times = self.seen.get(base).copied().unwrap_or(0) + 1;
        if self.seen.len() < MAX_SEEN || times > 1 {
            self.seen.insert(base.to_owned(), times);
        } else {
            return (NativeId(format!("{base}-r{row}")), true);
        }
        let id = if times == 1 { base.to_owned() } else { format!("{base}-{times}") };
        (NativeId(id), times > 1)
    }
}

/// An id from what a row holds, for tools that write none.
pub(crate) fn derived(at: Time, parts: &[&str]) -> String {
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    let hex = Hash::of(&bytes).to_hex();
    format!("{}-{}", at.as_millis().div_euclid(1000), hex.get(..12).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_twice_in_a_second_are_two_records() {
        let (mut unique, at) = (Unique::default(), Time::from_millis(1_000_500));
        let base = derived(at, &["a", "b"]);
        assert_ne!(base, derived(at, &["ab", ""]));
        assert_eq!(unique.id(&base, at, 1), (NativeId(base.clone()), false));
        assert_eq!(unique.id(&base, at, 2), (NativeId(format!("{base}-2")), true));
        assert_eq!(unique.id(&base, at.plus_secs(1), 3), (NativeId(base), false));
    }

    #[test]
    fn memory_has_a_limit_and_ids_stay_unique() {
        let (mut unique, at) = (Unique::default(), Time::default());
        let ids: Vec<NativeId> = (0..3000).map(|n| unique.id(&format!("x{}", n % 1500), at, n).0).collect();
        let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(distinct.len(), ids.len());
        assert!(unique.seen.len() <= MAX_SEEN);
    }
}

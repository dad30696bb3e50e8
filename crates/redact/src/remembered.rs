//! What was written for values that come again and again, as people's names and accounts do in a chat.

/// Values that are remembered at a time, a power of two.
const PLACES: usize = 8_192;

/// Values with what was written for them. Each value has one place, by a quick hash, and whoever comes to a place takes it: values that were chosen to meet
/// there cost as much as new ones, and nothing grows.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    places: Vec<(Box<str>, Box<[u8]>)>,
}

impl Remembered {
    /// What was written for a value.
    pub(crate) fn get(&self, value: &str) -> Option<&[u8]> {
        let known = self.places.get(place(value)).filter(|(known, _)| **known == *value);
        // A place that nobody took yet has the empty value.
        known.filter(|_| !value.is_empty()).map(|(_, written)| &**written)
    }

    /// Remembers what was written for a value. An empty one is never remembered.
    pub(crate) fn put(&mut self, value: &str, written: &[u8]) {
        if value.is_empty() {
            return;
        }
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Default::default);
        }
        if let Some(at) = self.places.get_mut(place(value)) {
            *at = (value.into(), written.into());
        }
    }
}

fn place(value: &str) -> usize {
    let (words, rest) = value.as_bytes().as_chunks::<8>();
    let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let sum = words.iter().fold(value.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(0, |last, byte| last << 8 | u64::from(*byte));
    mix(sum, last) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_what_was_written_for_it_or_nothing() {
        let mut all = Remembered::default();
        assert_eq!((all.get(""), all.get("a")), (None, None));
        all.put("a", b"A");
        assert_eq!((all.get(""), all.get("a"), all.get("b")), (None, Some(&b"A"[..]), None));
        all.put("", b"nothing");
        let values: Vec<String> = (0..3 * PLACES).map(|n| format!("person {n}")).collect();
        for value in &values {
            all.put(value, value.to_uppercase().as_bytes());
            assert_eq!(all.get(value), Some(value.to_uppercase().as_bytes()));
        }
        let kept = values.iter().filter(|value| {
            let got = all.get(value);
            assert!(got.is_none_or(|got| got == value.to_uppercase().as_bytes()));
            got.is_some()
        });
        assert!((PLACES / 2..=PLACES).contains(&kept.count()));
        assert_eq!(all.get(""), None);
    }
}

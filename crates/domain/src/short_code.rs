//! Short codes: what a person types to confirm what can't be taken back. A name may be empty, borrowed or full of signs that nobody can type; a
//! code is five signs that are told apart in every font, and it belongs to one object and one act.
//!
//! A code proves that somebody looked; it is no secret and no id: two objects may have the same one.

use std::fmt;

use crate::canonical::Hash;

/// Digits and letters that are not taken for each other: no 0 O Q, 1 I L, 5 S, 8 B, U V, nor a Z beside the 2.
const SIGNS: &[u8; 23] = b"234679ACDEFGHJKMNPRTWXY";
/// Signs of a code.
const LENGTH: usize = 5;
/// Longest text that is looked at, in characters.
const MAX_TYPED: usize = 40;

/// A code of five signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortCode(String);

impl ShortCode {
    /// The code for an act on an object: the same ones always give the same code.
    pub fn of(act: &str, object: &str) -> Self {
        let hash = Hash::of(format!("short-code/v1\n{act}\n{object}").as_bytes());
        let base = SIGNS.len() as u64;
        let mut rest = hash.0.iter().take(8).fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
        let mut code = String::with_capacity(LENGTH);
        for _ in 0..LENGTH {
            let at = usize::try_from(rest % base).unwrap_or_default();
            code.extend(SIGNS.get(at).map(|sign| char::from(*sign)));
            rest /= base;
        }
        Self(code)
    }

    /// Whether this is what somebody typed: in small letters, in full width as an input method may write them, or with gaps.
    pub fn is(&self, typed: &str) -> bool {
        let plain = |c: char| match c {
            '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
            c => c,
        };
        let signs = typed.chars().take(MAX_TYPED).map(plain).filter(|c| !c.is_whitespace() && *c != '-');
        let typed: String = signs.flat_map(char::to_uppercase).collect();
        typed == self.0
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ShortCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_typed_in_any_hand_and_belongs_to_one_act_on_one_object() {
        let code = ShortCode::of("dissolve", "g-1");
        assert_eq!(code, ShortCode::of("dissolve", "g-1"));
        assert_eq!(code.as_str().len(), LENGTH);
        assert_ne!(code, ShortCode::of("destroy", "g-1"));
        assert_ne!(code, ShortCode::of("dissolve", "g-2"));
        let wide: String =
            code.as_str().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xfee0)).collect();
        let spaced = format!(" {}-{} ", &code.as_str()[..2], &code.as_str()[2..]);
        for typed in [code.as_str(), &code.as_str().to_lowercase(), &wide, &spaced] {
            assert!(code.is(typed), "{typed}");
        }
        for typed in ["", " ", "-", &code.as_str()[..4], &format!("{code}{code}"), &"3".repeat(10_000)] {
            assert!(!code.is(typed), "{typed}");
        }
    }
}

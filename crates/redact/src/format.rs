//! Pseudonyms that look like what they stand for: as many digits, the same separators and widths, and a beginning that no real one has.
//!
//! | kind | begins with | so it is nobody's, because |
//! |---|---|---|
//! | mobile | `11` behind the country's code | mobile numbers begin with 13 to 19 (numbering plan of the ministry) |
//! | landline | `01` and no 0, or `1` where no area code is written | there is no area code 011 to 019, and no local number begins with 1 |
//! | resident identity | `99` | no province has that number (GB/T 2260) |
//! | card | `0` | no issuer has it (ISO/IEC 7812-1) |
//! | QQ | `0` | QQ numbers begin with 1 to 9 |
//! | e-mail | – | its domain is under `.invalid` (RFC 2606) |

use crate::cells::Cells;
use crate::kind::Kind;

/// Letters and digits of an e-mail address before the domain.
const LOCAL: usize = 10;

/// Whether a kind's form can be kept.
pub(crate) fn kept(kind: Kind) -> bool {
    matches!(kind, Kind::Mobile | Kind::Landline | Kind::ResidentId | Kind::Card | Kind::Qq | Kind::Email)
}

/// Writes a pseudonym in the form of an identifier; `false` when it has none. `plain` is the identifier without what people write in one way or another.
pub(crate) fn write(
    kind: Kind,
    identifier: &str,
    plain: &str,
    hash: &blake3::Hash,
    out: &mut String,
) -> bool {
    if kind == Kind::Email {
        out.push('x');
        out.extend(hash.to_hex().chars().take(LOCAL));
        out.push_str("@pseudonym.invalid");
        return true;
    }
    let digits = identifier.chars().filter(|c| Cells::plain_digit(*c).is_some()).count();
    // A country's code and the zero before it stay: they are no part of the plain form.
    let ahead = match kind {
        Kind::Mobile => digits.saturating_sub(plain.len()),
        Kind::Landline if identifier.starts_with(['+', '\u{ff0b}']) => 2,
        _ => 0,
    };
    if digits <= ahead {
        return false;
    }
    let area =
        kind == Kind::Landline && ahead == 0 && identifier.chars().find_map(Cells::plain_digit) == Some('0');
    let begin: &[u8] = match kind {
        Kind::Mobile => b"11",
        Kind::ResidentId => b"99",
        Kind::Card | Kind::Qq => b"0",
        _ if area => b"01",
        _ => b"1",
    };
    let mut at = 0_usize;
    for c in identifier.chars() {
        if Cells::plain_digit(c).is_none() {
            out.push(c);
            continue;
        }
        let drawn = hash.as_bytes().get(at.saturating_sub(ahead) % blake3::OUT_LEN).copied().unwrap_or(0);
        let place = at.checked_sub(ahead);
        let digit = match place {
            None => Cells::plain_digit(c).map_or(b'0', |digit| digit as u8),
            Some(place) => match begin.get(place) {
                Some(digit) => *digit,
                None if area && place == 2 => b'1' + drawn % 9,
                None => b'0' + drawn % 10,
            },
        };
        out.push(if c.is_ascii() { char::from(digit) } else { wide(digit) });
        at += 1;
    }
    true
}

/// A digit in full width.
fn wide(digit: u8) -> char {
    char::from_u32(u32::from(digit) + 0xfee0).unwrap_or('0')
}

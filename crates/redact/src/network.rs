//! Addresses of networks in a token: IPv4 with a port, IPv6 in brackets with a port or bare, and of network cards (six pairs of hexadecimal digits).

use std::net::{Ipv4Addr, Ipv6Addr};

/// Digits of a port.
const PORT: usize = 5;
/// Pairs of a network card's address.
const PAIRS: usize = 6;

/// Where addresses stand.
pub(crate) fn addresses(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    let marks = |mark: u8| memchr::memchr_iter(mark, text).count();
    let (dots, colons) = (marks(b'.'), marks(b':'));
    let cards = colons.max(marks(b'-')) + 1 >= PAIRS;
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at;
            at += 1;
            if joined(text, start) {
                continue;
            }
            let end = if dots > 2 { v4(text, start) } else { None };
            let end = end.or_else(|| if colons > 1 { v6(text, start) } else { None });
            let end = end.or_else(|| if cards { card(text, start) } else { None });
            if let Some(end) = end {
                at = end;
                return Some((start, end));
            }
        }
        None
    })
}

fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

fn run(text: &[u8], from: usize, part: impl Fn(&u8) -> bool) -> usize {
    text.get(from..).unwrap_or_default().iter().take_while(|byte| part(byte)).count()
}

/// The byte before a place.
fn before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).map_or(0, |at| byte(text, at))
}

/// Whether a letter or digit stands before a place, other than the word `IP`, which people write without a space behind it.
fn joined(text: &[u8], at: usize) -> bool {
    let last = before(text, at);
    let word = || {
        let start = at.saturating_sub(2);
        text.get(start..at).is_some_and(|word| word.eq_ignore_ascii_case(b"ip"))
            && !before(text, start).is_ascii_alphanumeric()
    };
    last.is_ascii_alphanumeric() && !(last.eq_ignore_ascii_case(&b'p') && word())
}

/// The end of the port behind an address, or of the address.
fn port(text: &[u8], end: usize) -> usize {
    let digits = run(text, end + 1, u8::is_ascii_digit);
    let good = byte(text, end) == b':' && (1..=PORT).contains(&digits);
    if good && !byte(text, end + 1 + digits).is_ascii_alphanumeric() { end + 1 + digits } else { end }
}

fn v4(text: &[u8], at: usize) -> Option<usize> {
    let outside = before(text, at);
    if !byte(text, at).is_ascii_digit() || joined(text, at) || matches!(outside, b'.' | b'_') {
        return None;
    }
    // A full stop of the sentence may follow, another number may not.
    let length = run(text, at, |byte| byte.is_ascii_digit() || *byte == b'.');
    let word = std::str::from_utf8(text.get(at..at + length)?).ok()?.trim_end_matches('.');
    let end = at + word.len();
    word.parse::<Ipv4Addr>().ok()?;
    let behind = byte(text, at + length);
    if behind.is_ascii_alphabetic() || behind == b'_' {
        return None;
    }
    Some(port(text, end))
}

fn v6(text: &[u8], at: usize) -> Option<usize> {
    let part = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let good = |word: &[u8]| {
        let groups = word.split(|byte| *byte == b':').filter(|group| !group.is_empty()).count();
        let word = std::str::from_utf8(word).ok()?;
        (groups >= 3 || word.starts_with("::ffff:")).then(|| word.parse::<Ipv6Addr>().ok()).flatten()
    };
    if byte(text, at) == b'[' {
        let length = run(text, at + 1, part);
        // A zone may stand behind it.
        let zone = if byte(text, at + 1 + length) == b'%' {
            run(text, at + 1 + length, |byte| *byte != b']')
        } else {
            0
        };
        good(text.get(at + 1..at + 1 + length)?)?;
        let close = at + 1 + length + zone;
        return (byte(text, close) == b']').then(|| port(text, close + 1));
    }
    if !part(&byte(text, at))
        || before(text, at).is_ascii_alphanumeric()
        || matches!(before(text, at), b':' | b'.')
    {
        return None;
    }
    let length = run(text, at, part);
    let word = text.get(at..at + length)?;
    // A colon of the sentence may stand on both sides.
    let trimmed = word.strip_suffix(b":").filter(|word| !word.ends_with(b":")).unwrap_or(word);
    let trimmed = trimmed.strip_suffix(b".").unwrap_or(trimmed);
    let outer = byte(text, at + length);
    if outer.is_ascii_alphanumeric() || outer == b'_' {
        return None;
    }
    good(trimmed).map(|_| at + trimmed.len())
}

fn card(text: &[u8], at: usize) -> Option<usize> {
    if before(text, at).is_ascii_alphanumeric() || matches!(before(text, at), b':' | b'-') {
        return None;
    }
    let mark = byte(text, at + 2);
    let end = at + 3 * PAIRS - 1;
    let pairs = text.get(at..end)?.chunks(3).all(|pair| {
        pair.iter().take(2).all(u8::is_ascii_hexdigit) && pair.get(2).is_none_or(|between| *between == mark)
    });
    let more = byte(text, end);
    // Six pairs of decimal digits may be a date and a time.
    let letters = text.get(at..end)?.iter().any(u8::is_ascii_alphabetic);
    (pairs && letters && matches!(mark, b':' | b'-') && !more.is_ascii_alphanumeric() && more != mark)
        .then_some(end)
}

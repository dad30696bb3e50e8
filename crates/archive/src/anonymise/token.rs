//! Pseudonyms in a text, as the crate `redact` writes them: `[label#0123456789]`, or the same in tortoise-shell brackets.

use std::ops::Range;

/// Characters of the code.
const CODE: usize = 10;
/// Longest label, in bytes.
const MAX_LABEL: usize = 40;
/// The code that stands for everybody whose pseudonym was merged.
pub(super) const MERGED: &str = "0000000000";

/// The pseudonyms in a text, in their order.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    memchr::memchr_iter(b'#', text.as_bytes()).filter_map(|at| {
        let (before, behind) = (text.get(..at)?, text.get(at + 1..)?);
        let open = before.rfind(['[', '\u{3014}'])?;
        let label = before.get(open..)?;
        let close = if label.starts_with('[') { ']' } else { '\u{3015}' };
        let code = behind.get(..CODE)?;
        let plain = code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        let fits = label.len() <= MAX_LABEL && plain && behind.get(CODE..)?.starts_with(close);
        fits.then(|| open..at + 1 + CODE + close.len_utf8())
    })
}

/// A value that is one pseudonym and nothing else.
pub(super) fn whole(text: &str) -> Option<&str> {
    let found = tokens(text).next()?;
    (found == (0..text.len())).then_some(text)
}

/// Whether a pseudonym is the one of everybody who was merged.
pub(super) fn is_merged(token: &str) -> bool {
    token.split_once('#').is_some_and(|(_, code)| code.starts_with(MERGED))
}

/// The text with the code of some pseudonyms replaced; `None` where none of them is in it.
pub(super) fn merged(text: &str, which: impl Fn(&str) -> bool) -> Option<String> {
    let (mut out, mut done) = (String::new(), 0);
    for found in tokens(text) {
        let Some(token) = text.get(found.clone()).filter(|token| which(token)) else { continue };
        let label = token.split_once('#').map_or("", |(label, _)| label);
        let close = if label.starts_with('[') { ']' } else { '\u{3015}' };
        out.push_str(text.get(done..found.start).unwrap_or_default());
        out.extend([label, "#", MERGED]);
        out.push(close);
        done = found.end;
    }
    (done > 0).then(|| out + text.get(done..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_are_found_in_both_brackets_and_nothing_else_is() {
        let text = "a [name#7F3A9C2K0M], \u{3014}\u{59d3}\u{540d}#0123456789\u{3015} [#1] [x#7F3A9C2K0m] [y#7F3A9C2K0M";
        let all: Vec<&str> = tokens(text).map(|found| &text[found]).collect();
        assert_eq!(all, ["[name#7F3A9C2K0M]", "\u{3014}\u{59d3}\u{540d}#0123456789\u{3015}"]);
        assert_eq!(whole("[name#7F3A9C2K0M]"), Some("[name#7F3A9C2K0M]"));
        assert_eq!(whole("[name#7F3A9C2K0M] "), None);
        let merged = merged(text, |token| token.starts_with('[')).unwrap();
        assert!(merged.starts_with("a [name#0000000000], \u{3014}\u{59d3}\u{540d}#0123456789\u{3015} [#1]"));
        assert!(is_merged("[name#0000000000]") && super::merged("none", |_| true).is_none());
    }
}

//! The joint announcement as a text that can be compared: one canonical form, one hash, and a comparison with a copy
//! that tolerates what platforms do to texts on the way, and nothing that a person does to them.

use icu_normalizer::ComposingNormalizerBorrowed;

use serde::{Deserialize, Serialize};

use crate::canonical::Hash;
use crate::time::Time;

/// How long a text may be that a platform takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Room {
    /// So many characters.
    Characters(usize),
    /// So many bytes of UTF-8.
    Bytes(usize),
}

impl Room {
    /// How long a text is, as this platform counts.
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Characters(_) => text.chars().count(),
            Self::Bytes(_) => text.len(),
        }
    }

    /// The longest that is taken.
    pub fn limit(self) -> usize {
        match self {
            Self::Characters(limit) | Self::Bytes(limit) => limit,
        }
    }

    /// Whether the text is taken whole.
    pub fn holds(self, text: &str) -> bool {
        self.length(text) <= self.limit()
    }

    /// What is counted, a slug.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Characters(_) => "characters",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// What a platform's copy of a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copy {
    /// The same text.
    Same,
    /// The same words; the platform rewrote line breaks, spaces, HTML entities or the width of characters, or shows a link in
    /// short.
    Rewritten,
    /// The beginning of it: the platform cut it off.
    Truncated {
        /// Characters that are left.
        kept: usize,
        /// Characters that there were.
        of: usize,
    },
    /// Another text: it was edited, or never was this one.
    Edited {
        /// The first character that differs, counted from 0.
        at: usize,
    },
}

impl Copy {
    /// Whether members read every word of it.
    pub fn holds(&self) -> bool {
        matches!(self, Self::Same | Self::Rewritten)
    }

    /// The slug, as in JSON.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Rewritten => "rewritten",
            Self::Truncated { .. } => "truncated",
            Self::Edited { .. } => "edited",
        }
    }
}

/// The canonical form: Unicode NFC, line breaks as `\n`, no spaces at the end of a line, no empty lines at both ends.
pub fn canonical(text: &str) -> String {
    let text = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{0085}'], "\n");
    let lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// SHA-256 over the canonical form: the same for every faithful copy.
pub fn hash(text: &str) -> Hash {
    Hash::of(canonical(text).as_bytes())
}

/// Holds a copy against the text that was sent.
pub fn compare(sent: &str, copy: &str) -> Copy {
    if canonical(sent) == canonical(copy) {
        return Copy::Same;
    }
    let (sent, copy) = (plain(sent), plain(copy));
    if squeezed(&sent) == squeezed(&copy) || same_words(&sent, &copy) {
        return Copy::Rewritten;
    }
    let cut = copy.trim_end_matches(CUT);
    if !cut.is_empty() && sent.starts_with(cut) {
        return Copy::Truncated { kept: cut.chars().count(), of: sent.chars().count() };
    }
    let same = sent.chars().zip(copy.chars()).take_while(|(a, b)| a == b).count();
    Copy::Edited { at: same }
}

/// What stands where a platform cut something off.
const CUT: [char; 3] = ['\u{2026}', '.', ' '];
/// How often entities are decoded: a text that was escaped twice reads the same as one that was escaped once.
const ROUNDS: usize = 4;

/// Words without white space between them: clients break lines, and tools join them, in their own way.
fn squeezed(plain: &str) -> String {
    plain.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The same words, one by one, where a link may be shown in short. A link to another address is another word.
fn same_words(sent: &str, copy: &str) -> bool {
    let (sent, copy): (Vec<&str>, Vec<&str>) = (sent.split(' ').collect(), copy.split(' ').collect());
    sent.len() == copy.len()
        && sent.iter().zip(&copy).all(|(sent, copy)| sent == copy || in_short(sent, copy))
}

/// Whether `shown` is the beginning of the link `sent`, marked as cut, or the link without its scheme.
fn in_short(sent: &str, shown: &str) -> bool {
    let Some(address) = sent.strip_prefix("https://").or_else(|| sent.strip_prefix("http://")) else {
        return false;
    };
    let cut = shown.trim_end_matches(CUT);
    let marked = shown.ends_with('\u{2026}') || shown.ends_with("...");
    let host = address.split('/').next().unwrap_or_default();
    let whole = shown.trim_end_matches('/') == address.trim_end_matches('/');
    whole || (marked && cut.contains(host) && (address.starts_with(cut) || sent.starts_with(cut)))
}

/// The words alone: no tags of line breaks, no entities, one width of characters, one space for any white space.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..ROUNDS {
        let next = unescaped(&text);
        if next == text {
            break;
        }
        text = next;
    }
    let kept: String =
        text.chars().filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{2060}')).map(half_width).collect();
    let words: Vec<String> = kept.split_whitespace().map(canonical).collect();
    words.join(" ")
}

/// The full-width forms of ASCII are the same characters in another width.
fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Without tags of line breaks and one layer of entities.
fn unescaped(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        broken.push_str(before);
        match after.split_once('>') {
            Some((tag, after)) if is_break(tag) => {
                broken.push('\n');
                rest = after;
            }
            _ => {
                broken.push('<');
                rest = after;
            }
        }
    }
    broken.push_str(rest);
    entities(&broken)
}

fn is_break(tag: &str) -> bool {
    let name = tag.trim_matches(['/', ' ']).to_ascii_lowercase();
    matches!(name.as_str(), "br" | "p" | "div")
}

/// Decodes the entities that platforms make of `& < > " '` and of spaces, named or by number.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let found = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        let decoded = found.and_then(|(name, tail)| Some((entity(name)?, tail)));
        let (char, tail) = decoded.unwrap_or(('&', after));
        out.push(char);
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" | "ensp" | "emsp" => Some(' '),
        _ => match name.strip_prefix('#')?.strip_prefix(['x', 'X']) {
            Some(hex) => number(hex, 16),
            None => number(name.strip_prefix('#')?, 10),
        },
    }
}

/// A time as people read it, at a distance from UTC: `2026-12-05 18:00 (UTC+08:00)`.
pub fn clock_time(at: Time, offset_minutes: i32) -> String {
    let local =
        Time::from_millis(at.as_millis().saturating_add(i64::from(offset_minutes) * 60_000)).to_string();
    let (date, time) = local.split_once('T').unwrap_or((&local, ""));
    let sign = if offset_minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset_minutes.unsigned_abs() / 60, offset_minutes.unsigned_abs() % 60);
    format!("{date} {} (UTC{sign}{hours:02}:{minutes:02})", time.get(..5).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "This group ends.\n\nWho: Caf\u{e9} & Sons <records>\nRights: ask \"us\".";

    #[test]
    fn req_x3_every_faithful_copy_has_the_same_hash() {
        let decomposed = TEXT.replace('\u{e9}', "e\u{301}").replace('\n', "  \r\n");
        assert_eq!(hash(TEXT), hash(&format!("\n{decomposed}\r\n\r\n")));
        assert_eq!(compare(TEXT, &decomposed), Copy::Same);
        assert_ne!(hash(TEXT), hash(&TEXT.replace("ends", "end")));
        assert_ne!(hash(TEXT), hash(&TEXT.replace("\n\n", "\n")), "line breaks are part of the text");
    }

    #[test]
    fn req_x3_what_a_platform_rewrites_is_tolerated() {
        let html = TEXT
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&#62;")
            .replace('"', "&#x22;")
            .replace('\n', "<br/>");
        for copy in [html, TEXT.replace('\n', " "), TEXT.replace("\n\n", "\n"), TEXT.replace(' ', "\u{a0}")] {
            assert_eq!(compare(TEXT, &copy), Copy::Rewritten, "{copy}");
            assert!(compare(TEXT, &copy).holds());
        }
    }

    #[test]
    fn req_x3_widths_links_in_short_and_joined_lines_are_tolerated_and_other_links_are_not() {
        let sent = "See https://example.org/rights/long?a=1, ask: us!\nBye (all)";
        let twice = sent.replace('(', "&amp;#40;");
        let wide = sent.replace('(', "\u{ff08}").replace(')', "\u{ff09}").replace(' ', "\u{3000}");
        for copy in [
            sent.replace("/long?a=1,", "/lo\u{2026}"),
            sent.replace("https://", ""),
            sent.replace('\n', ""),
            twice,
            wide,
        ] {
            assert_eq!(compare(sent, &copy), Copy::Rewritten, "{copy}");
        }
        for copy in [
            sent.replace("example.org", "example.net"),
            sent.replace("https://example.org/rights/long?a=1,", "https://t.example/x"),
            sent.replace("https://example.org/rights/long?a=1,", "\u{2026}"),
        ] {
            assert!(matches!(compare(sent, &copy), Copy::Edited { .. }), "{copy}");
        }
    }

    #[test]
    fn req_x3_truncation_and_edits_are_flagged() {
        let cut: String = TEXT.chars().take(30).collect();
        assert!(matches!(
            compare(TEXT, &format!("{cut}\u{2026}")),
            Copy::Truncated { kept: 20..=30, of: 50.. }
        ));
        assert!(matches!(compare(TEXT, &format!("{}...", &TEXT[..16])), Copy::Truncated { .. }));
        assert_eq!(compare(TEXT, &TEXT.replace("group ends", "group stays")), Copy::Edited { at: 11 });
        assert!(matches!(compare(TEXT, &format!("{TEXT} PS: not true")), Copy::Edited { .. }));
        assert!(matches!(compare(TEXT, ""), Copy::Edited { at: 0 }));
    }

    #[test]
    fn req_x3_each_platform_counts_in_its_own_way() {
        let text = "\u{7fa4}\u{804a} ends";
        assert!(Room::Characters(7).holds(text) && !Room::Characters(6).holds(text));
        assert!(Room::Bytes(11).holds(text) && !Room::Bytes(10).holds(text));
        assert_eq!((Room::Characters(9).length(text), Room::Bytes(9).length(text)), (7, 11));
    }

    #[test]
    fn unfinished_tags_and_entities_are_text() {
        assert_eq!(plain("a < b &c &#xZZ; &toolongtobeone; d"), "a < b &c &#xZZ; &toolongtobeone; d");
        assert_eq!(plain("<b>x</b>"), "<b>x</b>");
    }

    #[test]
    fn req_n4_a_time_is_shown_on_the_readers_clock() {
        let at = Time::parse("2026-12-05T10:30:00Z").unwrap();
        assert_eq!(clock_time(at, 480), "2026-12-05 18:30 (UTC+08:00)");
        assert_eq!(clock_time(at, -90), "2026-12-05 09:00 (UTC-01:30)");
    }
}

//! JSON lines: identifiers are replaced in values, and every other byte of a line stays as it is.
//!
//! A line is checked as JSON first, so that the walk over its values can't be led astray. A line that is no JSON could hide anything: it is left out and
//! listed.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::Serialize;

use crate::detect::{Detector, Scratch};
use crate::fields::{Field, Fields};
use crate::kind::Kind;
use crate::members::Members;
use crate::pseudonym::Pseudonyms;
use crate::remembered::Remembered;
use crate::report::Tally;
use crate::system_rows;
use crate::walk::{Form, Value, Walk};

/// Longest line, in bytes.
pub const MAX_LINE: usize = 16 * 1024 * 1024;
/// Digits from which a number is searched.
const LONG_NUMBER: usize = 5;

/// What a row of the platform's own has as its kind.
static SYSTEM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"system\""));

/// Why a line was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is no JSON.
    NoJson,
    /// It is no UTF-8.
    NoUtf8,
    /// It is longer than [`MAX_LINE`].
    TooLong,
}

impl Fault {
    /// The name in reports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoJson => "no_json",
            Self::NoUtf8 => "no_utf8",
            Self::TooLong => "too_long",
        }
    }
}

/// Rewrites lines; each thread has its own.
pub struct Lines<'a> {
    detector: &'a Detector,
    members: &'a Members,
    pseudonyms: &'a Pseudonyms,
    fields: &'a Fields,
    scratch: Scratch,
    walk: Walk,
    values: Vec<Value>,
    text: String,
    /// Whether the line is a row of the platform's own.
    system_row: bool,
    /// Pseudonyms of people who wrote, as they are written in JSON: mostly the same ones again.
    people: Remembered,
    /// What was found.
    pub tally: Tally,
    /// Lines that were left out: their place among the lines so far, counted from 0, and why.
    pub faults: Vec<(u64, Fault)>,
    /// Lines so far.
    pub lines: u64,
}

impl<'a> Lines<'a> {
    /// Lines whose fields are rewritten by a detector and under a key. `members` are those that the detector knows.
    pub fn new(
        detector: &'a Detector,
        members: &'a Members,
        pseudonyms: &'a Pseudonyms,
        fields: &'a Fields,
    ) -> Self {
        Self {
            detector,
            members,
            pseudonyms,
            fields,
            scratch: Scratch::default(),
            walk: Walk::default(),
            values: Vec::new(),
            text: String::new(),
            system_row: false,
            people: Remembered::default(),
            tally: Tally::default(),
            faults: Vec::new(),
            lines: 0,
        }
    }

    /// Rewrites whole lines; the last may lack its end. Empty lines stay.
    pub fn rewrite(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        // Checked at once; only where something is wrong, line by line.
        let text = simdutf8::basic::from_utf8(chunk).ok();
        let mut system_rows = SYSTEM.find_iter(chunk).filter(|at| is_kind(chunk, *at)).peekable();
        let mut from = 0;
        while let Some(rest) = chunk.get(from..).filter(|rest| !rest.is_empty()) {
            let end = memchr::memchr(b'\n', rest);
            let to = from + end.unwrap_or(rest.len());
            let line = match text {
                Some(text) => text.get(from..to),
                None => chunk.get(from..to).and_then(|line| std::str::from_utf8(line).ok()),
            };
            if self.fields.system_rows {
                while system_rows.next_if(|at| *at < from).is_some() {}
                self.system_row = system_rows.peek().is_some_and(|at| *at < to);
            }
            let (written, touched) = (out.len(), self.tally.touched);
            let done = if to - from > MAX_LINE {
                Err(Fault::TooLong)
            } else {
                line.ok_or(Fault::NoUtf8).and_then(|line| self.line(line, out))
            };
            if let Err(fault) = done {
                out.truncate(written);
                self.faults.push((self.lines, fault));
            } else if end.is_some() {
                out.push(b'\n');
            }
            self.tally.messages_touched += u64::from(self.tally.touched > touched);
            self.lines += 1;
            from = to + 1;
        }
    }

    fn line(&mut self, line: &str, out: &mut Vec<u8>) -> Result<(), Fault> {
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        if self.walk.values(line, self.fields, &mut values).is_none() {
            self.values = values;
            // An empty line is no object, and nothing is in it.
            if !line.trim().is_empty() {
                return Err(Fault::NoJson);
            }
            out.extend_from_slice(line.as_bytes());
            return Ok(());
        }
        let mut done = 0;
        for value in &values {
            let before = line.get(done..value.start).unwrap_or_default();
            let raw = line.get(value.start..value.end).unwrap_or_default();
            if self.value(before, raw, *value, out)? {
                done = value.end;
            }
        }
        self.values = values;
        out.extend_from_slice(line.get(done..).unwrap_or_default().as_bytes());
        Ok(())
    }

    /// Writes what stands before a value and what takes its place; `false`, and nothing is written, when it stays as it is.
    fn value(&mut self, before: &str, raw: &str, value: Value, out: &mut Vec<u8>) -> Result<bool, Fault> {
        match value.form {
            _ if value.field == Field::Drop => {
                self.tally.dropped += 1;
                out.extend_from_slice(before.as_bytes());
                out.extend_from_slice(b"null");
                Ok(true)
            }
            Form::Text => {
                let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
                self.written(before, inner, value.field, out)
            }
            Form::Escaped => {
                // A surrogate without its other half is valid by the grammar and no text.
                let decoded: String = serde_json::from_str(raw).map_err(|_| Fault::NoJson)?;
                self.written(before, &decoded, value.field, out)
            }
            Form::Number if raw.bytes().filter(u8::is_ascii_digit).count() >= LONG_NUMBER => {
                self.written(before, raw, value.field, out)
            }
            Form::Number | Form::Any => Ok(false),
        }
    }

    /// The same by the text that the value means.
    fn written(&mut self, before: &str, text: &str, field: Field, out: &mut Vec<u8>) -> Result<bool, Fault> {
        if field == Field::PERSON
            && let Some(written) = self.people.get(text)
        {
            out.extend_from_slice(before.as_bytes());
            out.extend_from_slice(written);
            self.tally.whole += 1;
            return Ok(true);
        }
        let id = field == Field::Id;
        let nothing = id && (is_time(text) || self.detector.is_serial(text));
        let anew = id && self.made_anew(text);
        if !anew && (nothing || !self.replace(text, field)) {
            return Ok(false);
        }
        out.extend_from_slice(before.as_bytes());
        let from = out.len();
        serde_json::to_writer(&mut *out, &self.text).map_err(|_| Fault::NoJson)?;
        if field == Field::PERSON {
            self.people.put(text, out.get(from..).unwrap_or_default());
        }
        Ok(true)
    }

    /// Writes into `self.text` what takes the place of an id that an importer made; `false` for any other. Its hash is one of sender and words, so that whoever
    /// knows the words could try who said them.
    fn made_anew(&mut self, id: &str) -> bool {
        let Some((second, hash, behind)) = made(id) else { return false };
        self.text.clear();
        self.text.extend([second, "-"]);
        self.pseudonyms.write_hash(hash, &mut self.text);
        self.text.push_str(behind);
        true
    }

    /// Rewrites a text into `self.text`; `false` when nothing was found in it.
    fn replace(&mut self, text: &str, field: Field) -> bool {
        self.text.clear();
        // Whoever is listed is the same person wherever the name or account stands alone.
        let listed = match field {
            Field::Text | Field::Id => None,
            Field::Whole(_) => self.members.called(text),
            _ => self.members.person(text),
        };
        if let Some(person) = listed {
            self.pseudonyms.write_person(person, &mut self.text);
        }
        if let (Field::Whole(kind), None) = (field, listed) {
            // `*` is everybody; a name may be of signs alone.
            if matches!(text.trim(), "" | "*") {
                return false;
            }
            self.pseudonyms.write(kind, text, &mut self.text);
        }
        if listed.is_some() || matches!(field, Field::Whole(_)) {
            self.tally.whole += 1;
            return true;
        }
        self.detector.find(text, &mut self.scratch);
        if self.system_row && field == Field::Text {
            self.scratch.name(text, system_rows::people(text), self.members);
        }
        let spans = self.scratch.spans();
        self.tally.count(text, spans, self.scratch.digits());
        if spans.is_empty() {
            return false;
        }
        let mut done = 0;
        for span in spans {
            self.text.push_str(text.get(done..span.start).unwrap_or_default());
            let bits = self.pseudonyms.write_span(text, span, &mut self.text);
            self.tally.distinct(span.kind, bits);
            done = span.end;
        }
        self.text.push_str(text.get(done..).unwrap_or_default());
        true
    }

    /// What was found so far, with what the detector turned down.
    pub fn into_tally(mut self) -> Tally {
        self.tally.rejected(self.scratch.rejected());
        self.tally
    }
}

/// Whether a value that begins there is a line's kind.
fn is_kind(chunk: &[u8], at: usize) -> bool {
    let before = chunk.get(..at).unwrap_or_default().trim_ascii_end();
    let key = before.strip_suffix(b":").unwrap_or_default().trim_ascii_end();
    key.ends_with(b"\"kind\"")
}

/// Whether a text is a time as RFC 3339 writes it, with a space for the T where people like that: every record has one, and its digits are nobody's.
fn is_time(text: &str) -> bool {
    const FORM: &[u8; 19] = b"0000-00-00T00:00:00";
    if text.as_bytes().try_into().is_ok_and(is_own_time) {
        return true;
    }
    let Some((time, mut rest)) = text.as_bytes().split_at_checked(FORM.len()) else { return false };
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'T' => matches!(byte, b'T' | b' '),
        form => byte == form,
    };
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return false;
        }
        rest = fraction.get(digits..).unwrap_or_default();
    }
    let zone = match rest {
        [] | [b'Z'] => true,
        [b'+' | b'-', hours @ .., b':', m1, m2] => {
            hours.len() == 2 && hours.iter().chain([m1, m2]).all(u8::is_ascii_digit)
        }
        _ => false,
    };
    zone && time.iter().zip(FORM).all(fits)
}

/// The parts of an id that an importer made for a row without one: its second, twelve digits of a hash, and what tells it from others of that second.
fn made(text: &str) -> Option<(&str, &str, &str)> {
    let (second, rest) = text.split_at_checked(10)?;
    let (hash, behind) = rest.strip_prefix('-')?.split_at_checked(12)?;
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let other =
        |rest: &str| rest.len() <= 20 && rest.bytes().all(|byte| byte == b'r' || byte.is_ascii_digit());
    let form = second.bytes().all(|byte| byte.is_ascii_digit())
        && hash.bytes().all(hex)
        && (behind.is_empty() || behind.strip_prefix('-').is_some_and(other));
    form.then_some((second, hash, behind))
}

/// The same of the form that our records have, eight bytes at a time.
fn is_own_time(text: &[u8; 24]) -> bool {
    const FORM: &[u8; 24] = b"0000-00-00T00:00:00.000Z";
    // Lifts what is more than a digit's value, or more than nothing where a sign stands, into the top bit of its byte.
    let lift = FORM.map(|byte| if byte == b'0' { 0x7f - 9 } else { 0x7f });
    let words = |bytes: &[u8; 24]| {
        let (words, _) = bytes.as_chunks::<8>();
        [0, 1, 2].map(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
    };
    let (text, form, lift) = (words(text), words(FORM), words(&lift));
    let strange = |((text, form), lift): ((u64, u64), u64)| {
        let apart = text ^ form;
        apart | apart.wrapping_add(lift)
    };
    let all = text.into_iter().zip(form).zip(lift).map(strange).fold(0, |all, one| all | one);
    all & u64::from_le_bytes([0x80; 8]) == 0
}

impl Field {
    /// The name or account of a person, all of it.
    pub const PERSON: Self = Self::Whole(Kind::Person);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_and_nothing_that_only_looks_like_it() {
        for time in [
            "2023-11-14T22:13:20Z",
            "2023-11-14T22:13:20.000Z",
            "2023-11-14 22:13:20",
            "2023-11-14T22:13:20.123+08:00",
        ] {
            assert!(is_time(time), "{time}");
        }
        for other in [
            "2023-11-14",
            "2023-11-14T22:13:20 13800138000",
            "2023-11-14T22:13:20.",
            "13800138000-11-14T2",
            "2023-11-14T22:13:20+8:00",
        ] {
            assert!(!is_time(other), "{other}");
        }
        let own = b"2023-11-14T22:13:59.789Z";
        for at in 0..own.len() {
            for byte in 0..=u8::MAX {
                let mut other = *own;
                other[at] = byte;
                let fits = byte == own[at] || (own[at].is_ascii_digit() && byte.is_ascii_digit());
                assert_eq!(is_own_time(&other), fits, "{other:?}");
            }
        }
    }
}

//! One walk over a line of JSON: is it valid, and where are the values and keys that have to be looked at?
//!
//! What is valid is what RFC 8259 says; a test compares it with `serde_json`.

use crate::fields::{Field, Fields};

/// Keys of a line whose meaning is remembered for the next line.
const REMEMBERED: usize = 64;
/// Shapes of lines that are remembered.
const SHAPES: usize = 8;
/// Of so many lines that fit none, one more takes the place of the rarest.
const RELEARN: u64 = 64;

/// Longest value that may be the usual one, in bytes.
const USUAL: usize = 32;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A string with its marks.
    Text,
    /// The same with a backslash in it.
    Escaped,
    /// A number.
    Number,
    /// Anything.
    Any,
}

/// A value, or a key whose name is a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) field: Field,
    pub(crate) form: Form,
}

/// Walks lines; what it keeps from line to line makes the next one cheaper.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    open: Vec<Open>,
    /// The keys of the last line in their order: lines mostly have the same ones.
    keys: Vec<Key>,
    at_key: usize,
    /// The shapes of earlier lines, the commonest first.
    shapes: Vec<Shape>,
    misses: u64,
}

/// A line without lists and objects in it, as it was seen: most lines are like an earlier one but for their values.
#[derive(Debug, Default)]
struct Shape {
    values: Vec<Place>,
    /// What stands behind the last value.
    end: Box<[u8]>,
}

/// Where a value stands.
#[derive(Debug)]
struct Place {
    /// What stands between it and the value before, byte for byte.
    before: Box<[u8]>,
    field: Field,
    /// The value as it was, where nobody looks at it and its end can't be mistaken: it is mostly the same again.
    usual: Option<Box<[u8]>>,
    /// What mostly stands from before this value to the next one that is not usual, and how many values are passed over.
    run: Option<(Box<[u8]>, usize)>,
}

impl Place {
    fn new(before: &[u8], field: Field, value: &[u8], form: Form) -> Self {
        let nothing = value.first().is_some_and(|first| !looked_at(field, form, *first));
        let usual = (nothing && form != Form::Number && value.len() <= USUAL).then(|| value.into());
        Self { before: before.into(), field, usual, run: None }
    }
}

impl Shape {
    /// Joins what mostly stays the same from line to line.
    fn join(&mut self) {
        for at in 0..self.values.len() {
            let rest = self.values.get(at..).unwrap_or_default();
            let skip = rest.iter().take_while(|place| place.usual.is_some()).count();
            let Some((next, passed)) = rest.get(skip).zip(rest.get(..skip)) else { continue };
            let mut run = Vec::new();
            for place in passed {
                run.extend_from_slice(&place.before);
                run.extend_from_slice(place.usual.as_deref().unwrap_or_default());
            }
            run.extend_from_slice(&next.before);
            if let Some(place) = self.values.get_mut(at).filter(|_| skip > 0) {
                place.run = Some((run.into(), skip));
            }
        }
    }

    /// Lists the values of a line that has this shape. What is between the values was valid once, and the values are looked at: so the line is valid.
    fn values(&self, bytes: &[u8], out: &mut Vec<Value>) -> Option<()> {
        let (mut at, mut next) = (0, 0);
        while let Some(mut place) = self.values.get(next) {
            let rest = bytes.get(at..)?;
            let start = match &place.run {
                Some((run, skip)) if rest.starts_with(run) => {
                    next += skip;
                    place = self.values.get(next)?;
                    at + run.len()
                }
                _ if rest.starts_with(&place.before) => at + place.before.len(),
                _ => return None,
            };
            let first = *bytes.get(start)?;
            let form;
            (at, form) = simple(bytes, start, first)?;
            if looked_at(place.field, form, first) {
                out.push(Value { start, end: at, field: place.field, form });
            }
            next += 1;
        }
        (bytes.get(at..)? == &*self.end).then_some(())
    }
}

/// Whether a value that is no list and no object has to be looked at, by its form and its first byte.
fn looked_at(field: Field, form: Form, first: u8) -> bool {
    match field {
        Field::Keep => false,
        Field::Id => matches!(form, Form::Text | Form::Escaped),
        Field::Text | Field::Value | Field::Whole(_) => form != Form::Any,
        // `null` is there already.
        Field::Drop => first != b'n',
    }
}

/// A key and what its value is.
#[derive(Debug)]
struct Key {
    raw: Box<str>,
    around: Option<Field>,
    field: Field,
    known: bool,
}

/// An object or a list that is open, and what it is itself.
#[derive(Debug, Clone, Copy)]
struct Open {
    object: bool,
    field: Field,
}

impl Open {
    /// What a value in it is whose key is unknown: whatever a person's object holds is the person's.
    fn around(self) -> Option<Field> {
        matches!(self.field, Field::Whole(_)).then_some(self.field)
    }
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Value,
    /// A value, or the end of a list that has none.
    ValueOrEnd,
    Key,
    /// A key, or the end of an object that has none.
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    Nothing,
}

impl Walk {
    /// Lists the values in their order. `None` when the line is no JSON.
    pub(crate) fn values(&mut self, line: &str, fields: &Fields, out: &mut Vec<Value>) -> Option<()> {
        let before = out.len();
        for at in 0..self.shapes.len() {
            let fits = self.shapes.get(at)?.values(line.as_bytes(), out).is_some();
            if fits {
                self.shapes.swap(at, at.saturating_sub(1));
                return Some(());
            }
            out.truncate(before);
        }
        self.misses += 1;
        let mut learnt =
            (self.shapes.len() < SHAPES || self.misses.is_multiple_of(RELEARN)).then(Shape::default);
        self.walk(line, fields, out, &mut learnt)?;
        if let Some(mut shape) = learnt.filter(|shape| !shape.values.is_empty()) {
            shape.join();
            self.shapes.truncate(SHAPES - 1);
            self.shapes.push(shape);
        }
        Some(())
    }

    /// The same for a line of any shape; learns the shape of one that has no list and no object in it.
    fn walk(
        &mut self,
        line: &str,
        fields: &Fields,
        out: &mut Vec<Value>,
        learnt: &mut Option<Shape>,
    ) -> Option<()> {
        let bytes = line.as_bytes();
        self.open.clear();
        self.at_key = 0;
        let mut field = fields.others();
        let mut next = Next::Value;
        // Where a value begins that is taken out whole, and how deep it lies.
        let mut dropped: Option<(usize, usize)> = None;
        let (mut at, mut behind) = (0, 0);
        loop {
            let Some(byte) = bytes.get(at).copied() else {
                if let Some(shape) = learnt {
                    shape.end = bytes.get(behind..).unwrap_or_default().into();
                }
                return (next == Next::Nothing).then_some(());
            };
            if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                at += 1;
                continue;
            }
            let start = at;
            match (next, byte) {
                (Next::Colon, b':') => {
                    at += 1;
                    next = Next::Value;
                    continue;
                }
                (Next::CommaOrEnd, b',') => {
                    at += 1;
                    let open = self.open.last()?;
                    // Each element of a list is what the list is.
                    (next, field) = if open.object { (Next::Key, field) } else { (Next::Value, open.field) };
                    continue;
                }
                (Next::Key | Next::KeyOrEnd, b'"') => {
                    at = string_end(bytes, at)?;
                    let raw = line.get(start..at)?;
                    let known;
                    (field, known) = self.key(raw, fields);
                    // A key that is nobody's word may be an account or a number itself.
                    if !known && field != Field::Keep && dropped.is_none() {
                        *learnt = None;
                        out.push(Value { start, end: at, field: Field::Value, form: Form::Text });
                    }
                    next = Next::Colon;
                    continue;
                }
                (Next::CommaOrEnd | Next::KeyOrEnd, b'}') => {
                    at += 1;
                    if !self.open.pop()?.object {
                        return None;
                    }
                }
                (Next::CommaOrEnd | Next::ValueOrEnd, b']') => {
                    at += 1;
                    if self.open.pop()?.object {
                        return None;
                    }
                }
                (Next::Value | Next::ValueOrEnd, b'{' | b'[') => {
                    at += 1;
                    if field == Field::Drop && dropped.is_none() {
                        dropped = Some((start, self.open.len()));
                    }
                    let object = byte == b'{';
                    if !object || !self.open.is_empty() {
                        *learnt = None;
                    }
                    self.open.push(Open { object, field });
                    next = if object { Next::KeyOrEnd } else { Next::ValueOrEnd };
                    continue;
                }
                (Next::Value | Next::ValueOrEnd, _) => {
                    let form;
                    (at, form) = simple(bytes, at, byte)?;
                    if let Some(shape) = learnt {
                        let between = |from, to| bytes.get(from..to).unwrap_or_default();
                        shape.values.push(Place::new(
                            between(behind, start),
                            field,
                            between(start, at),
                            form,
                        ));
                        behind = at;
                    }
                    if looked_at(field, form, byte) && dropped.is_none() {
                        out.push(Value { start, end: at, field, form });
                    }
                }
                _ => return None,
            }
            // A value has ended.
            if let Some((start, depth)) = dropped
                && depth == self.open.len()
            {
                out.push(Value { start, end: at, field: Field::Drop, form: Form::Any });
                dropped = None;
            }
            next = if self.open.is_empty() { Next::Nothing } else { Next::CommaOrEnd };
        }
    }

    /// What the value of a key is, and whether the key was known.
    fn key(&mut self, raw: &str, fields: &Fields) -> (Field, bool) {
        let around = self.open.last().and_then(|open| open.around());
        let place = self.at_key;
        self.at_key += 1;
        if let Some(key) = self.keys.get(place)
            && *key.raw == *raw
            && key.around == around
        {
            return (key.field, key.known);
        }
        let (field, known) = fields.of(&unescaped(raw), around);
        if place < REMEMBERED {
            self.keys.truncate(place);
            self.keys.push(Key { raw: raw.into(), around, field, known });
        }
        (field, known)
    }
}

/// The place behind a string, a number or a word, and what it is.
fn simple(bytes: &[u8], at: usize, first: u8) -> Option<(usize, Form)> {
    let word = |word: &[u8]| bytes.get(at..)?.starts_with(word).then_some((at + word.len(), Form::Any));
    match first {
        b'"' => string(bytes, at),
        b'-' | b'0'..=b'9' => Some((number_end(bytes, at)?, Form::Number)),
        b't' => word(b"true"),
        b'f' => word(b"false"),
        b'n' => word(b"null"),
        _ => None,
    }
}

/// The place behind the string that begins at a place, when it is one.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    string(bytes, start).map(|(end, _)| end)
}

/// The same, and whether it has a backslash.
fn string(bytes: &[u8], start: usize) -> Option<(usize, Form)> {
    let (mut at, mut form) = (start + 1, Form::Text);
    loop {
        let rest = bytes.get(at..)?;
        let hit = plain(rest);
        if rest.get(hit)? == &b'"' {
            return Some((at + hit + 1, form));
        }
        form = Form::Escaped;
        at += hit
            + match (rest.get(hit)?, rest.get(hit + 1)?) {
                (b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
                (b'\\', b'u') if rest.get(hit + 2..hit + 6)?.iter().all(u8::is_ascii_hexdigit) => 6,
                _ => return None,
            };
    }
}

/// How many bytes come before the first quotation mark, backslash or control character. Strings are short: eight bytes at a time in a word cost less than
/// a call of what is made for long ones.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let zero = |word: u64| word.wrapping_sub(ONES) & !word;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let backslash = zero(word ^ (ONES * u64::from(b'\\')));
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        // The top bit of each byte that is one of these; those above the first may be wrong, which is never looked at.
        let hits = (quote | backslash | control) & (ONES * 0x80);
        if hits != 0 {
            return at * 8 + (hits.trailing_zeros() / 8) as usize;
        }
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    words.len() * 8 + rest.iter().position(special).unwrap_or(rest.len())
}

/// The place behind the number that begins at a place, when it is one.
fn number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let digits = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let from = start + usize::from(bytes.get(start) == Some(&b'-'));
    let mut at = digits(from);
    // No digit at all, or a zero before others.
    if at == from || (at > from + 1 && bytes.get(from) == Some(&b'0')) {
        return None;
    }
    if bytes.get(at) == Some(&b'.') {
        let end = digits(at + 1);
        if end == at + 1 {
            return None;
        }
        at = end;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let from = at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(from);
        if end == from {
            return None;
        }
        at = end;
    }
    Some(at)
}

/// A key's name.
fn unescaped(raw: &str) -> std::borrow::Cow<'_, str> {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains('\\') {
        return serde_json::from_str::<String>(raw).unwrap_or_default().into();
    }
    inner.into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    /// What lines of JSON are made of, and what is almost that.
    const PIECES: [&str; 34] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"",
        "\\",
        "\\u00e4",
        "\\u12",
        "\\x",
        "true",
        "false",
        "null",
        "nul",
        "0",
        "-",
        "01",
        "1.5",
        "1.",
        ".5",
        "e3",
        "E+",
        "1e-9",
        " ",
        "\t",
        "\u{7}",
        "\u{fe0f}",
        "\u{4e00}",
        "\"raw\":",
        "\"text\":",
        "{\"sender\":",
        "}]",
    ];

    fn lines() -> impl Strategy<Value = String> {
        let pieces = proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..14);
        let nested = (0_usize..140, proptest::bool::ANY).prop_map(|(depth, object)| {
            let (open, close) = if object { ("{\"k\":", "}") } else { ("[", "]") };
            format!("{}1{}", open.repeat(depth), close.repeat(depth))
        });
        prop_oneof![8 => pieces.prop_map(|pieces| pieces.concat()), 1 => nested]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5_000, ..ProptestConfig::default() })]
        #[test]
        fn what_is_valid_is_what_serde_json_says(line in lines()) {
            let valid = serde_json::from_str::<IgnoredAny>(&line).is_ok();
            let mut values = Vec::new();
            let walked = Walk::default().values(&line, &Fields::chat(), &mut values).is_some();
            prop_assert_eq!(walked, valid);
        }

        #[test]
        fn a_shape_that_was_learnt_changes_nothing(lines in proptest::collection::vec(flat(), 1..40)) {
            let (mut learning, fields) = (Walk::default(), Fields::chat());
            for line in lines {
                let (mut one, mut other) = (Vec::new(), Vec::new());
                let walked = learning.values(&line, &fields, &mut one);
                prop_assert_eq!(walked, Walk::default().walk(&line, &fields, &mut other, &mut None));
                prop_assert_eq!(walked.is_some(), serde_json::from_str::<IgnoredAny>(&line).is_ok());
                let places = |values: &[Value]| format!("{values:?}");
                prop_assert!(walked.is_none() || places(&one) == places(&other));
            }
        }
    }

    /// Objects of few shapes, and what is almost one.
    fn flat() -> impl Strategy<Value = String> {
        let values = [
            "\"a\"",
            "\"\"",
            "\"\u{4f60}\u{597d}\u{4e16}\u{754c}\u{1f600}\"",
            "\"12345678\\n\"",
            "\"1234567\\\"",
            "1",
            "01",
            "-1.5e3",
            "null",
            "true",
            "[1]",
            "{}",
            "\"\u{7}\"",
            "",
            "\"abc",
            "\"abcdefg\\u00e4\"",
        ];
        let value = || proptest::sample::select(values.to_vec());
        let end = proptest::sample::select(vec!["}", " }", "} ", "", "}}", ",}"]);
        let keys = proptest::sample::select(vec!["text", "id", "raw", "strange"]);
        (value(), value(), value(), keys, value(), end).prop_map(|(one, kind, raw, key, two, end)| {
            format!("{{\"sender\":{one},\"kind\":{kind},\"raw\": {raw}, \"{key}\":{two}{end}")
        })
    }
}

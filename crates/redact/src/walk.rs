//! A walk over a line of JSON that was checked already: where the values and keys are that have to be looked at.

use memchr::memchr2;

use crate::fields::{Field, Fields};

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A string with its marks.
    Text,
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

/// An object or a list that is open, and what it is itself.
struct Open {
    object: bool,
    field: Field,
}

impl Open {
    /// What a value in it is whose key is unknown: whatever a person's object holds is the person's.
    fn around(&self) -> Option<Field> {
        matches!(self.field, Field::Whole(_)).then_some(self.field)
    }
}

/// Lists the values of valid JSON in their order.
pub(crate) fn values(line: &str, fields: &Fields, out: &mut Vec<Value>) {
    let bytes = line.as_bytes();
    let mut open: Vec<Open> = Vec::new();
    let mut field = fields.others();
    let mut key = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                if key {
                    let name = unescaped(line.get(start..at).unwrap_or_default());
                    let around = open.last().and_then(Open::around);
                    let known;
                    (field, known) = fields.of(&name, around);
                    key = false;
                    // A key that is nobody's word may be an account or a number itself.
                    if !known && field != Field::Keep {
                        out.push(Value { start, end: at, field: Field::Text, form: Form::Text });
                    }
                } else if field != Field::Keep {
                    out.push(Value { start, end: at, field, form: Form::Text });
                }
            }
            b'{' | b'[' if field == Field::Drop => {
                at = container_end(bytes, at);
                out.push(Value { start, end: at, field, form: Form::Any });
            }
            b'{' | b'[' => {
                let object = *byte == b'{';
                open.push(Open { object, field });
                key = object;
                at += 1;
            }
            b'}' | b']' => {
                open.pop();
                at += 1;
            }
            b',' => {
                match open.last() {
                    Some(Open { object: true, .. }) => key = true,
                    // Each element of a list is what the list is.
                    Some(Open { object: false, field: own }) => field = *own,
                    None => {}
                }
                at += 1;
            }
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                let rest = bytes.get(at..).unwrap_or_default();
                at += rest.iter().position(|byte| !part_of_word(*byte)).unwrap_or(rest.len());
                let number = !matches!(byte, b't' | b'f' | b'n');
                let form = if number { Form::Number } else { Form::Any };
                let looked_at = match field {
                    Field::Text | Field::Whole(_) => number,
                    Field::Drop => true,
                    Field::Id | Field::Keep => false,
                };
                if looked_at {
                    out.push(Value { start, end: at, field, form });
                }
            }
            _ => at += 1,
        }
    }
}

fn part_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// The place behind the string that begins at a place.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(hit) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += hit;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// The place behind the object or list that begins at a place.
fn container_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// A key's name.
fn unescaped(raw: &str) -> std::borrow::Cow<'_, str> {
    let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
    if inner.contains('\\') {
        return serde_json::from_str::<String>(raw).unwrap_or_default().into();
    }
    inner.into()
}

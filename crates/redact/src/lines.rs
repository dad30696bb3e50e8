//! JSON lines: identifiers are replaced in the values of chosen keys, and every other byte of a line stays as it is.
//!
//! A line is checked as JSON first. In valid JSON a quotation mark that is not escaped, a name, a mark and a colon are a key and nothing else, wherever they
//! stand; so keys are found by searching for them, at any depth. A line that is no JSON could hide anything: it is left out and listed.

use memchr::memmem::Finder;
use serde::Serialize;

use crate::detect::{Detector, Scratch};
use crate::kind::Kind;
use crate::members::Members;
use crate::pseudonym::Pseudonyms;
use crate::report::Tally;

/// Longest line, in bytes.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// What the value of a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// A text in which identifiers may be.
    Text,
    /// The name or account of a person, all of it.
    Person,
}

/// Which keys are looked at.
#[derive(Debug, Clone)]
pub struct Fields(Vec<(Finder<'static>, Field)>);

impl Fields {
    /// Keys and what their values are.
    pub fn new<'a>(keys: impl IntoIterator<Item = (&'a str, Field)>) -> Self {
        let pattern = |key: &str| Finder::new(&format!("\"{key}\"")).into_owned();
        Self(keys.into_iter().map(|(key, field)| (pattern(key), field)).collect())
    }
}

/// Why a line was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is no JSON.
    NoJson,
    /// It is no UTF-8.
    NoUtf8,
    /// It is longer than [`MAX_LINE`].
    TooLong,
    /// A key has a value that is no text, so nobody can say what is in it.
    NoText,
}

/// Rewrites lines; each thread has its own.
pub struct Lines<'a> {
    detector: &'a Detector,
    members: &'a Members,
    pseudonyms: &'a Pseudonyms,
    fields: &'a Fields,
    scratch: Scratch,
    values: Vec<(usize, usize, Field)>,
    text: String,
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
            values: Vec::new(),
            text: String::new(),
            tally: Tally::default(),
            faults: Vec::new(),
            lines: 0,
        }
    }

    /// Rewrites whole lines; the last may lack its end. Empty lines stay.
    pub fn rewrite(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let mut rest = chunk;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest);
            let (line, behind) = rest.split_at(end.unwrap_or(rest.len()));
            rest = behind.get(1..).unwrap_or_default();
            let written = out.len();
            if let Err(fault) = self.line(line, out) {
                out.truncate(written);
                self.faults.push((self.lines, fault));
            } else if end.is_some() {
                out.push(b'\n');
            }
            self.lines += 1;
        }
    }

    fn line(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        if line.len() > MAX_LINE {
            return Err(Fault::TooLong);
        }
        let line = std::str::from_utf8(line).map_err(|_| Fault::NoUtf8)?;
        if line.trim().is_empty() {
            out.extend_from_slice(line.as_bytes());
            return Ok(());
        }
        serde_json::from_str::<serde::de::IgnoredAny>(line).map_err(|_| Fault::NoJson)?;
        self.values.clear();
        for (key, field) in &self.fields.0 {
            for at in key.find_iter(line.as_bytes()) {
                if let Some((start, end)) = value(line, at, at + key.needle().len())? {
                    self.values.push((start, end, *field));
                }
            }
        }
        self.values.sort_unstable_by_key(|(start, _, _)| *start);
        let values = std::mem::take(&mut self.values);
        let mut done = 0;
        for (start, end, field) in &values {
            // A value inside of one that was rewritten is gone with it.
            if *start < done {
                continue;
            }
            out.extend_from_slice(line.get(done..*start).unwrap_or_default().as_bytes());
            self.value(line.get(*start..*end).unwrap_or_default(), *field, out)?;
            done = *end;
        }
        self.values = values;
        out.extend_from_slice(line.get(done..).unwrap_or_default().as_bytes());
        Ok(())
    }

    /// Writes a value, which is a JSON string with its marks.
    fn value(&mut self, raw: &str, field: Field, out: &mut Vec<u8>) -> Result<(), Fault> {
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        let decoded: String;
        let text = if inner.contains('\\') {
            decoded = serde_json::from_str(raw).map_err(|_| Fault::NoJson)?;
            &decoded
        } else {
            inner
        };
        self.text.clear();
        match field {
            Field::Person if text.is_empty() => {}
            Field::Person => match self.members.person(text) {
                Some(person) => self.pseudonyms.write_person(person, &mut self.text),
                None => self.pseudonyms.write(Kind::Person, text, &mut self.text),
            },
            Field::Text => {
                let spans = self.detector.find(text, &mut self.scratch);
                self.tally.note(text, spans);
                if spans.is_empty() {
                    out.extend_from_slice(raw.as_bytes());
                    return Ok(());
                }
                self.pseudonyms.apply(text, spans, &mut self.text);
            }
        }
        serde_json::to_writer(out, &self.text).map_err(|_| Fault::NoJson)
    }
}

/// The string that is the value of a key between two places of a line, or `None` when it is no key or its value is null, a number or a truth value.
fn value(line: &str, at: usize, behind: usize) -> Result<Option<(usize, usize)>, Fault> {
    let bytes = line.as_bytes();
    let before = bytes.get(..at).unwrap_or_default();
    let escaped = before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    let blank = |from: usize| {
        bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_whitespace()).count()
    };
    let colon = behind + blank(behind);
    if escaped || bytes.get(colon) != Some(&b':') {
        return Ok(None);
    }
    let start = colon + 1 + blank(colon + 1);
    match bytes.get(start) {
        Some(b'"') => {}
        // What is in there is looked at by its own keys; a text that is told in pieces is not one that can be rewritten here.
        Some(b'{' | b'[') => return Err(Fault::NoText),
        _ => return Ok(None),
    }
    let mut from = start + 1;
    loop {
        let Some(hit) = memchr::memchr2(b'"', b'\\', bytes.get(from..).unwrap_or_default()) else {
            return Err(Fault::NoJson);
        };
        from += hit;
        if bytes.get(from) == Some(&b'"') {
            return Ok(Some((start, from + 1)));
        }
        from += 2;
    }
}

//! What holds for every input, as checks: property tests, fuzz targets and the soak run the same ones.

use crate::detect::{Detector, Scratch};
use crate::fields::Fields;
use crate::kind::Span;
use crate::lines::Lines;
use crate::members::Members;
use crate::pseudonym::{Labels, Pseudonyms};
use crate::system_rows;

/// A law that was broken.
pub type Broken = &'static str;

/// Checks inputs; each thread has its own.
pub struct Laws {
    members: Members,
    detector: Detector,
    pseudonyms: Pseudonyms,
    fields: Fields,
    scratch: Scratch,
}

impl Laws {
    /// With some members, so that their names are looked for.
    pub fn new(names: &[&str]) -> Self {
        let mut members = Members::new();
        for (person, name) in (0..).zip(names) {
            members.add(person, name);
            members.add_account(person, name);
        }
        Self {
            detector: Detector::new(members.clone()).with_name_threshold(Some(0)),
            pseudonyms: Pseudonyms::new([1; 32], "laws", Labels::English).with_members(&members),
            fields: Fields::chat(),
            scratch: Scratch::default(),
            members,
        }
    }

    /// Of a text, also as a row of the platform's own: spans are in order, within it, on the boundaries of characters; whatever is outside them is in the copy
    /// byte for byte, and nothing else is but pseudonyms; a second look finds the same.
    ///
    /// # Errors
    /// The law that was broken.
    pub fn text(&mut self, text: &str) -> Result<(), Broken> {
        let spans = self.detector.find(text, &mut self.scratch).to_vec();
        self.spans(text, &spans)?;
        let people = system_rows::people(text);
        self.scratch.name(text, people.clone(), &self.members);
        let named = self.scratch.spans().to_vec();
        self.spans(text, &named)?;
        if !people.iter().all(|at| named.iter().any(|span| (span.start, span.end) == (at.start, at.end))) {
            return Err("whoever a row names is a span");
        }
        if self.detector.find(text, &mut self.scratch) != spans {
            return Err("a second look finds the same");
        }
        let text = serde_json::to_string(text).map_err(|_| "a text is JSON")?;
        self.lines(format!("{{\"kind\":\"system\",\"text\":{text}}}").as_bytes())
    }

    fn spans(&self, text: &str, spans: &[Span]) -> Result<(), Broken> {
        let mut copy = String::new();
        self.pseudonyms.apply(text, spans, &mut copy);
        let (mut done, mut rest) = (0, copy.as_str());
        for span in spans {
            if !(done <= span.start && span.start < span.end && span.end <= text.len()) {
                return Err("spans are in order and within the text");
            }
            let (Some(kept), Some(_)) = (text.get(done..span.start), text.get(span.start..span.end)) else {
                return Err("spans are on the boundaries of characters");
            };
            rest = rest.strip_prefix(kept).ok_or("what is between spans is kept")?;
            let pseudonym = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            rest = pseudonym.ok_or("a span's pseudonym is in its place")?.1;
            done = span.end;
        }
        if text.get(done..) == Some(rest) { Ok(()) } else { Err("what is behind the last span is kept") }
    }

    /// Of lines: as many come out as are not listed as left out; each is JSON with the same keys where the keys are no identifiers themselves; empty ones stay.
    ///
    /// # Errors
    /// The law that was broken.
    pub fn lines(&mut self, input: &[u8]) -> Result<(), Broken> {
        let mut lines = Lines::new(&self.detector, &self.members, &self.pseudonyms, &self.fields);
        let mut out = Vec::new();
        lines.rewrite(input, &mut out);
        let (count, left_out) = (lines.lines, lines.faults.len() as u64);
        let ends = memchr::memchr_iter(b'\n', input).count() as u64;
        if count != ends + u64::from(input.last().is_some_and(|last| *last != b'\n')) {
            return Err("every line is counted");
        }
        if !lines.faults.windows(2).all(|two| two.first() < two.last()) {
            return Err("lines that are left out are listed in their order");
        }
        let text = std::str::from_utf8(&out).map_err(|_| "the copy is UTF-8")?;
        let mut written = 0;
        for line in text.split_terminator('\n') {
            written += 1;
            if !line.trim().is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(line).is_err() {
                return Err("every line of the copy is JSON");
            }
        }
        if written + left_out != count {
            return Err("every line is in the copy or listed");
        }
        Ok(())
    }
}

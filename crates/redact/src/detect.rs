//! The detector: one pass over the characters, then only the looks that what was seen gives a reason for.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::cells::{Cells, class};
use crate::kind::{Confidence, Kind, Span};
use crate::lexicon::{Lexicon, codes};
use crate::members::Members;
use crate::{address, buildings, mentions, names, numbers, tokens};

/// Score from which a stretch of text is taken for a person's name that no list has, unless another was chosen: where both mistakes are about as bad.
pub const NAME_THRESHOLD: i32 = 60;

/// Most digits of a serial number: a longer one may be somebody's.
const SERIAL: usize = 6;

/// Finds identifiers. It is made once and used by any number of threads.
pub struct Detector {
    lexicon: Lexicon,
    members: Members,
    threshold: Option<i32>,
}

/// What a thread keeps from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    cells: Cells,
    run: numbers::Run,
    buffer: Vec<u8>,
    found: Found,
}

impl Detector {
    /// A detector that knows the names of a group's members.
    pub fn new(members: Members) -> Self {
        let lexicon = Lexicon::new(members.firsts());
        Self { lexicon, members, threshold: Some(NAME_THRESHOLD) }
    }

    /// Takes another score for names of people whom no list has: a lower one finds more and takes more for names that are none. `None` finds listed
    /// names only.
    #[must_use]
    pub fn with_name_threshold(mut self, threshold: Option<i32>) -> Self {
        self.threshold = threshold;
        self
    }

    /// Whether a text is a common word, or too short to be told from one: as somebody's name it would be found everywhere.
    pub fn is_word(&self, text: &str) -> bool {
        let text = codes(text.trim());
        let letters = text.iter().all(|code| *code < 0x80);
        text.len() < if letters { 3 } else { 2 } || self.lexicon.common(text) > 0
    }

    /// Whether a text is a few digits, with a letter before them or none: nothing can be found in it. Most ids are such.
    pub(crate) fn is_serial(&self, text: &str) -> bool {
        let digits = match text.as_bytes() {
            [first, digits @ ..] if first.is_ascii_alphabetic() => digits,
            digits => digits,
        };
        let named = |byte: &u8| self.lexicon.traits(u32::from(*byte)).class() & class::MEMBER != 0;
        digits.len() <= SERIAL && digits.iter().all(u8::is_ascii_digit) && !text.as_bytes().iter().any(named)
    }

    /// The identifiers in a text, in their order; none overlaps another.
    pub fn find<'a>(&self, text: &str, scratch: &'a mut Scratch) -> &'a [Span] {
        let Scratch { cells, run, buffer, found } = scratch;
        found.spans.clear();
        cells.read(text, &self.lexicon);
        let classes = cells.classes;
        if cells.alnums >= tokens::FEWEST {
            tokens::find(cells, &self.lexicon, buffer, found);
        }
        if classes & (class::AT | class::HAN) == class::AT | class::HAN {
            tokens::han_emails(cells, &self.lexicon, found);
        }
        if cells.digits >= numbers::FEWEST {
            numbers::find(cells, &self.lexicon, run, found);
        }
        if classes & class::MEMBER != 0 {
            self.members.find(cells, found);
        }
        if classes & (class::ROAD | class::GUIDE) != 0 {
            address::find(cells, &self.lexicon, found);
        }
        if classes & class::BUILDING != 0 && classes & (class::PLACE | class::DIGIT | class::HAN_DIGIT) != 0 {
            buildings::find(cells, &self.lexicon, found);
        }
        if let Some(threshold) = self.threshold {
            let mentions = classes & class::AT != 0;
            if mentions {
                mentions::ended(cells, &self.lexicon, found);
            }
            if classes & (class::SURNAME | class::DOT | class::PART) != 0 {
                names::find(cells, &self.lexicon, threshold, found);
            }
            if mentions {
                mentions::open(cells, &self.lexicon, found);
            }
        }
        found.spans.sort_unstable_by_key(|span| span.start);
        if !found.spans.is_empty() {
            self.members.own(text, &mut found.spans);
        }
        &found.spans
    }
}

impl Scratch {
    /// What was found in the last text.
    pub(crate) fn spans(&self) -> &[Span] {
        &self.found.spans
    }

    /// Adds people who are named there for certain, whatever else was found in their names.
    pub(crate) fn name(&mut self, text: &str, people: Vec<Range<usize>>, members: &Members) {
        let spans = &mut self.found.spans;
        for Range { start, end } in people {
            let person = text.get(start..end).and_then(|name| members.called(name));
            spans.retain(|span| span.end <= start || end <= span.start);
            spans.push(Span { start, end, kind: Kind::Person, confidence: Confidence::Certain, person });
        }
        spans.sort_unstable_by_key(|span| span.start);
    }

    /// How many digits the last text has, in any way of writing.
    pub(crate) fn digits(&self) -> usize {
        self.cells.digits
    }

    /// How many numbers had the form of an identifier and a check digit that does not agree, by kind, in all texts so far.
    pub fn rejected(&self) -> impl Iterator<Item = (Kind, u64)> {
        self.found.rejected.iter().map(|(kind, count)| (*kind, *count))
    }
}

/// What was found in a text so far.
#[derive(Debug, Default)]
pub(crate) struct Found {
    spans: Vec<Span>,
    rejected: BTreeMap<Kind, u64>,
}

impl Found {
    /// Adds a stretch of cells, unless something surer was found in it.
    pub(crate) fn add(&mut self, cells: &Cells, from: usize, to: usize, kind: Kind, confidence: Confidence) {
        self.put(cells, from, to, kind, confidence, None);
    }

    /// Adds a listed person's name.
    pub(crate) fn add_person(&mut self, cells: &Cells, from: usize, to: usize, person: u32) {
        self.put(cells, from, to, Kind::Person, Confidence::Certain, Some(person));
    }

    /// Adds an address. Names inside it belong to it.
    pub(crate) fn add_address(&mut self, cells: &Cells, from: usize, to: usize, confidence: Confidence) {
        let (start, end) = (cells.byte(from), cells.byte(to));
        self.spans.retain(|span| span.kind != Kind::Person || span.start < start || span.end > end);
        self.put(cells, from, to, Kind::Address, confidence, None);
    }

    /// Adds an address, or makes those that overlap with it one. Nothing is added where something else lies that is no name.
    pub(crate) fn widen_address(&mut self, cells: &Cells, from: usize, to: usize, confidence: Confidence) {
        let (mut start, mut end) = (cells.byte(from), cells.byte(to));
        let touches = |span: &&Span, start: usize, end: usize| span.start < end && start < span.end;
        for span in self.spans.iter().filter(|span| span.kind == Kind::Address) {
            if touches(&span, start, end) {
                (start, end) = (start.min(span.start), end.max(span.end));
            }
        }
        let inside = |span: &Span| start <= span.start && span.end <= end;
        let other = |span: &&Span| span.kind != Kind::Address && !(span.kind == Kind::Person && inside(span));
        if self.spans.iter().filter(other).any(|span| touches(&span, start, end)) {
            return;
        }
        self.spans.retain(|span| !inside(span));
        self.spans.push(Span { start, end, kind: Kind::Address, confidence, person: None });
    }

    /// Counts what has an identifier's form and not its check digit.
    pub(crate) fn reject(&mut self, kind: Kind) {
        *self.rejected.entry(kind).or_default() += 1;
    }

    fn put(
        &mut self,
        cells: &Cells,
        from: usize,
        to: usize,
        kind: Kind,
        confidence: Confidence,
        person: Option<u32>,
    ) {
        let (start, end) = (cells.byte(from), cells.byte(to));
        if start < end && !self.overlaps(start, end) {
            self.spans.push(Span { start, end, kind, confidence, person });
        }
    }

    fn overlaps(&self, start: usize, end: usize) -> bool {
        self.spans.iter().any(|span| span.start < end && start < span.end)
    }

    /// Whether anything was found.
    pub(crate) fn any(&self) -> bool {
        !self.spans.is_empty()
    }

    /// Whether a telephone number was found.
    pub(crate) fn telephone(&self) -> bool {
        self.spans.iter().any(|span| matches!(span.kind, Kind::Mobile | Kind::Landline))
    }

    /// Whether a cell is a part of a number, a code or an address of mail.
    pub(crate) fn structured(&self, cells: &Cells, at: usize) -> bool {
        let byte = cells.byte(at);
        self.spans.iter().any(|span| span.start <= byte && byte < span.end && span.kind.is_structured())
    }

    /// Whether a stretch of cells has something in it that was found.
    pub(crate) fn taken(&self, cells: &Cells, from: usize, to: usize) -> bool {
        self.overlaps(cells.byte(from), cells.byte(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_found_in_a_serial_number_and_a_members_name_is_none() {
        let mut members = Members::new();
        members.add(0, "x1234");
        let (detector, mut scratch) = (Detector::new(members), Scratch::default());
        for first in
            (b'A'..=b'Z').chain(b'a'..=b'z').map(|byte| char::from(byte).to_string()).chain([String::new()])
        {
            for number in (0..1_000_000).step_by(997).map(|n: u32| n.to_string()) {
                let text = format!("{first}{number}");
                let found = detector.find(&text, &mut scratch).len();
                assert_eq!(
                    (detector.is_serial(&text), found),
                    (!first.eq_ignore_ascii_case("x"), 0),
                    "{text}"
                );
            }
        }
        assert_eq!(detector.find("x1234", &mut scratch).len(), 1);
        assert!(["1234567", "ab1", "1a", "x1234", "E12345678"].iter().all(|text| !detector.is_serial(text)));
    }
}

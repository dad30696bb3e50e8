//! What was found and what may be left: the report on residual identifiers. It holds no identifier, and no text without its identifiers masked.

use serde::Serialize;

use crate::kind::{Confidence, Kind, Span};
use crate::sketch::Sketch;

/// Samples of each kind.
const SAMPLES: usize = 5;
/// Characters of a sample before and behind what was found.
const AROUND: usize = 12;
/// Digits in a row from which a number that was not found is worth a look.
const LONG_NUMBER: usize = 7;

/// Counts over texts. Each thread has its own; they are merged at the end.
#[derive(Debug, Default)]
pub struct Tally {
    texts: u64,
    pub(crate) touched: u64,
    /// In the order of [`Kind::ALL`].
    kinds: [OfKind; Kind::ALL.len()],
    leftover: u64,
    leftover_samples: Vec<String>,
    /// Messages (lines) with a text in which something was found.
    pub messages_touched: u64,
    /// Values that were an identifier by their key.
    pub whole: u64,
    /// Values that could not be searched and were taken out.
    pub dropped: u64,
}

#[derive(Debug, Default)]
struct OfKind {
    likely: u64,
    high: u64,
    certain: u64,
    listed: u64,
    rejected: u64,
    texts: u64,
    distinct: Sketch,
    samples: Vec<String>,
}

impl Tally {
    /// Counts a text and what was found in it.
    pub fn note(&mut self, text: &str, spans: &[Span]) {
        self.count(text, spans, text.bytes().filter(u8::is_ascii_digit).count());
    }

    /// The same of a text that is known to have not more than so many ASCII digits.
    pub(crate) fn count(&mut self, text: &str, spans: &[Span], digits: usize) {
        self.texts += 1;
        self.touched += u64::from(!spans.is_empty());
        let mut last = None;
        for span in spans {
            let Some(of) = self.kinds.get_mut(span.kind as usize) else { continue };
            match span.confidence {
                Confidence::Likely => of.likely += 1,
                Confidence::High => of.high += 1,
                Confidence::Certain => of.certain += 1,
            }
            of.listed += u64::from(span.person.is_some());
            of.texts += u64::from(last.replace(span.kind) != Some(span.kind));
            if of.samples.len() < SAMPLES {
                of.samples.push(masked(text, spans, span.start, span.end));
            }
        }
        if digits < LONG_NUMBER {
            return;
        }
        for (start, end) in long_numbers(text, spans) {
            self.leftover += 1;
            if self.leftover_samples.len() < SAMPLES {
                self.leftover_samples.push(masked(text, spans, start, end));
            }
        }
    }

    /// Counts a pseudonym that was written, by the number behind it.
    pub fn distinct(&mut self, kind: Kind, bits: u64) {
        self.kinds.get_mut(kind as usize).into_iter().for_each(|of| of.distinct.note(bits));
    }

    /// Counts what had a form and not its check digit.
    pub fn rejected(&mut self, counts: impl Iterator<Item = (Kind, u64)>) {
        for (kind, count) in counts {
            self.kinds.get_mut(kind as usize).into_iter().for_each(|of| of.rejected += count);
        }
    }

    /// Adds the counts of another thread.
    pub fn merge(&mut self, other: Self) {
        self.messages_touched += other.messages_touched;
        self.whole += other.whole;
        self.dropped += other.dropped;
        self.texts += other.texts;
        self.touched += other.touched;
        self.leftover += other.leftover;
        self.leftover_samples.extend(other.leftover_samples);
        self.leftover_samples.truncate(SAMPLES);
        for (of, theirs) in self.kinds.iter_mut().zip(other.kinds) {
            of.likely += theirs.likely;
            of.high += theirs.high;
            of.certain += theirs.certain;
            of.listed += theirs.listed;
            of.texts += theirs.texts;
            of.rejected += theirs.rejected;
            of.distinct.merge(&theirs.distinct);
            of.samples.extend(theirs.samples);
            of.samples.truncate(SAMPLES);
        }
    }

    /// The report.
    pub fn report(&self) -> Report {
        let row = |kind: Kind| {
            let of = self.kinds.get(kind as usize);
            let count = |field: fn(&OfKind) -> u64| of.map_or(0, field);
            let (distinct, exact) = of.map_or((0, true), |of| of.distinct.count());
            KindReport {
                kind: kind.slug(),
                certain: count(|of| of.certain),
                high: count(|of| of.high),
                likely: count(|of| of.likely),
                listed: count(|of| of.listed),
                texts: count(|of| of.texts),
                found: count(|of| of.certain + of.high + of.likely),
                rejected: count(|of| of.rejected),
                distinct,
                distinct_is_exact: exact,
                samples: of.map(|of| of.samples.clone()).unwrap_or_default(),
            }
        };
        Report {
            schema: "adjourn/redaction-report/1",
            detector: env!("CARGO_PKG_VERSION"),
            texts: self.texts,
            touched: self.touched,
            messages_touched: self.messages_touched,
            whole_values: self.whole,
            dropped_values: self.dropped,
            kinds: Kind::ALL.into_iter().map(row).collect(),
            long_numbers_left: self.leftover,
            long_numbers_samples: self.leftover_samples.clone(),
            not_covered: NOT_COVERED.to_vec(),
        }
    }
}

/// What no detector here looks for, by names that whoever shows the report has words for.
pub const NOT_COVERED: [&str; 6] = [
    "pictures_voice_and_files",
    "names_without_context_and_surname",
    "nicknames_that_are_not_listed",
    "addresses_without_road_or_place",
    "meaning_that_identifies",
    "identifiers_over_several_messages",
];

/// The report on residual identifiers.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Name and version of the report's form.
    pub schema: &'static str,
    /// Version of the detector.
    pub detector: &'static str,
    /// Texts that were searched.
    pub texts: u64,
    /// Texts in which something was found.
    pub touched: u64,
    /// Messages with at least one such text.
    pub messages_touched: u64,
    /// Values that were an identifier by their key (senders, accounts), all replaced.
    pub whole_values: u64,
    /// Values that could not be searched (the platform's own bytes) and were taken out.
    pub dropped_values: u64,
    /// One row for each kind, also where nothing was found.
    pub kinds: Vec<KindReport>,
    /// Numbers of seven digits or more that are none of the kinds and were left.
    pub long_numbers_left: u64,
    /// Some of these, digits masked.
    pub long_numbers_samples: Vec<String>,
    /// What was not looked for.
    pub not_covered: Vec<&'static str>,
}

/// A kind's row.
#[derive(Debug, Clone, Serialize)]
pub struct KindReport {
    /// The kind's name.
    pub kind: &'static str,
    /// Found, in all.
    pub found: u64,
    /// Of these, with a check digit that agrees, or on the list.
    pub certain: u64,
    /// Of these, by a form that leaves little else, or with a word beside it that says what it is.
    pub high: u64,
    /// Of these, by form and what stands around it.
    pub likely: u64,
    /// Of all these, listed members.
    pub listed: u64,
    /// Texts with at least one.
    pub texts: u64,
    /// Had the form and not the check digit, and were left.
    pub rejected: u64,
    /// Different pseudonyms.
    pub distinct: u64,
    /// Whether that is counted or estimated.
    pub distinct_is_exact: bool,
    /// Some contexts with everything that was found masked.
    pub samples: Vec<String>,
}

/// The surroundings of a stretch with all findings as their kind's name and all other digits as `#`.
fn masked(text: &str, spans: &[Span], start: usize, end: usize) -> String {
    let from = text
        .get(..start)
        .map_or(0, |before| before.char_indices().rev().take(AROUND).last().map_or(start, |(at, _)| at));
    let to = text
        .get(end..)
        .and_then(|behind| behind.char_indices().nth(AROUND))
        .map_or(text.len(), |(at, _)| end + at);
    let mut out = String::new();
    let mut at = from;
    for (n, c) in text.char_indices().skip_while(|(n, _)| *n < from).take_while(|(n, _)| *n < to) {
        if n < at {
            continue;
        }
        match spans.iter().find(|span| (span.start..span.end).contains(&n)) {
            Some(span) => {
                out.push('<');
                out.push_str(span.kind.slug());
                out.push('>');
                at = span.end;
            }
            None if c.is_numeric() => out.push('#'),
            None => out.push(c),
        }
    }
    out
}

/// Stretches of digits that no span covers.
fn long_numbers<'a>(text: &'a str, spans: &'a [Span]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
            let length = bytes.get(start..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
            at = start + length;
            let covered = spans.iter().any(|span| span.start < at && start < span.end);
            if length >= LONG_NUMBER && !covered {
                return Some((start, at));
            }
        }
    })
}

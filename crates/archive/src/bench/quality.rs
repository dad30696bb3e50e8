//! What is found of what is labelled in the corpus, by kind. A label is found when nine tenths of it are masked by whatever kind; a finding is right when it
//! touches a label.

use std::collections::BTreeMap;

use adjourn_redact::corpus::Corpus;
use adjourn_redact::{Detector, Kind, Scratch};
use serde::Serialize;

/// Recall and precision.
#[derive(Debug, Clone, Serialize)]
pub struct Quality {
    /// With which list of members.
    pub members: &'static str,
    /// Messages that were compared.
    pub messages: usize,
    /// One row for each kind that the corpus has or that was found.
    pub kinds: Vec<OfKind>,
    /// Of all kinds that have a form.
    pub structured_recall: f64,
}

/// A kind's row.
#[derive(Debug, Clone, Serialize)]
pub struct OfKind {
    /// The kind's name.
    pub kind: &'static str,
    /// Labels in the corpus.
    pub labels: u64,
    /// Found labels ÷ labels.
    pub recall: f64,
    /// Findings of this kind.
    pub findings: u64,
    /// Right findings ÷ findings. The filler's own names have no label, so for people this is a lower bound.
    pub precision: f64,
}

#[derive(Default)]
struct Count {
    labels: u64,
    found: u64,
    findings: u64,
    right: u64,
}

impl Quality {
    pub(super) fn measure(members: &'static str, seed: u64, messages: usize, detector: &Detector) -> Self {
        let mut scratch = Scratch::default();
        let mut counts: BTreeMap<Kind, Count> = BTreeMap::new();
        for message in Corpus::new(seed).take(messages) {
            let spans = detector.find(&message.text, &mut scratch);
            for (start, end, kind) in &message.labels {
                let common = |from: usize, to: usize| to.min(*end).saturating_sub(from.max(*start));
                let masked: usize = spans.iter().map(|span| common(span.start, span.end)).sum();
                let of = counts.entry(*kind).or_default();
                of.labels += 1;
                of.found += u64::from(masked * 10 >= (end - start) * 9);
            }
            for span in spans {
                let touches =
                    message.labels.iter().any(|(start, end, _)| span.start < *end && *start < span.end);
                let of = counts.entry(span.kind).or_default();
                of.findings += 1;
                of.right += u64::from(touches);
            }
        }
        let of_all = |count: fn(&Count) -> u64| {
            counts.iter().filter(|(kind, _)| kind.is_structured()).map(|(_, of)| count(of)).sum()
        };
        let structured_recall = share(of_all(|of| of.found), of_all(|of| of.labels));
        let row = |(kind, of): (&Kind, &Count)| OfKind {
            kind: kind.slug(),
            labels: of.labels,
            recall: share(of.found, of.labels),
            findings: of.findings,
            precision: share(of.right, of.findings),
        };
        Self { members, messages, kinds: counts.iter().map(row).collect(), structured_recall }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts, shown")]
fn share(part: u64, all: u64) -> f64 {
    if all == 0 { 1.0 } else { part as f64 / all as f64 }
}

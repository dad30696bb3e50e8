//! Recall and precision per kind on the generated corpus: `corpus [MESSAGES] [SEED] [SHOWN]`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::collections::BTreeMap;

use adjourn_redact::corpus::Corpus;
use adjourn_redact::{Detector, Members, Scratch};

fn main() {
    let arg = |n: usize, or: u64| std::env::args().nth(n).map_or(or, |text| text.parse().unwrap());
    let (count, seed, shown) = (arg(1, 100_000), arg(2, 1), arg(3, 0));
    let corpus = Corpus::new(seed);
    let mut members = Members::new();
    for (person, name) in corpus.members().iter().enumerate() {
        members.add(person as u32, name);
    }
    let detector = Detector::new(members);
    let mut scratch = Scratch::default();
    let mut rows: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
    let mut left = shown;
    for message in corpus.take(count as usize) {
        let spans = detector.find(&message.text, &mut scratch);
        for (start, end, kind) in &message.labels {
            let covered: usize =
                spans.iter().map(|span| span.end.min(*end).saturating_sub(span.start.max(*start))).sum();
            let row = rows.entry(kind.slug()).or_default();
            row[0] += 1;
            if covered * 10 >= (end - start) * 9 {
                row[1] += 1;
            } else if left > 0 {
                left -= 1;
                println!("missed {kind}: {} | {}", &message.text[*start..*end], message.text);
            }
        }
        for span in spans {
            let row = rows.entry(span.kind.slug()).or_default();
            row[2] += 1;
            if message.labels.iter().any(|(start, end, _)| span.start < *end && *start < span.end) {
                row[3] += 1;
            } else if left > 0 {
                left -= 1;
                println!(
                    "unlabelled {}: {} | {}",
                    span.kind,
                    &message.text[span.start..span.end],
                    message.text
                );
            }
        }
    }
    for (kind, [labelled, hit, found, right]) in rows {
        println!(
            "{kind:12} recall {hit}/{labelled} = {:.4}  precision {right}/{found} = {:.4}",
            hit as f64 / labelled as f64,
            right as f64 / found as f64
        );
    }
}

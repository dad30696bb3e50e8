//! How much of a labelled set is found: `score [show=20] [names=60] FILE...`, lines of `{"text", "spans": [[from, to, kind], …]}` in characters.
//!
//! A label is found when nine tenths of its bytes are masked, by whatever kind; what is found is right when it touches a label. `show` is how many
//! misses and strays of each kind are shown with their sentences, `names` the score from which a stretch is a name.
#![expect(
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a measurement that ends at the first wrong line"
)]

use std::collections::BTreeMap;

use adjourn_redact::{Detector, Members, Scratch};
use serde_json::Value;

/// Labels, those found, findings, and those that touch a label.
type Count = [usize; 4];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| args.iter().find_map(|arg| arg.strip_prefix(name)?.parse::<u32>().ok());
    let show = option("show=").unwrap_or(0) as usize;
    let threshold =
        option("names=").map_or(adjourn_redact::NAME_THRESHOLD, |score| score.try_into().unwrap());
    let detector = Detector::new(Members::new()).with_name_threshold(Some(threshold));
    let mut scratch = Scratch::default();
    for path in args.iter().filter(|arg| !arg.contains('=')) {
        let (mut kinds, mut shown) = (BTreeMap::<String, Count>::new(), BTreeMap::<String, usize>::new());
        let mut tell = |what: String, text: &str, from: usize, to: usize| {
            let count = shown.entry(what.clone()).or_default();
            *count += 1;
            if *count <= show {
                println!("  {what}: {}«{}»{}", &text[..from], &text[from..to], &text[to..]);
            }
        };
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = line["text"].as_str().unwrap();
            let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = |value: &Value| bytes[value.as_u64().unwrap() as usize];
            let labels: Vec<(usize, usize, &str)> = line["spans"]
                .as_array()
                .unwrap()
                .iter()
                .map(|span| (at(&span[0]), at(&span[1]), span[2].as_str().unwrap()))
                .collect();
            let spans = detector.find(text, &mut scratch);
            let common = |a: usize, b: usize, from: usize, to: usize| b.min(to).saturating_sub(a.max(from));
            for (from, to, kind) in &labels {
                let masked: usize = spans.iter().map(|span| common(span.start, span.end, *from, *to)).sum();
                let hit = masked * 10 >= (to - from) * 9;
                let count = kinds.entry((*kind).to_owned()).or_default();
                (count[0], count[1]) = (count[0] + 1, count[1] + usize::from(hit));
                if !hit {
                    tell(format!("missed {kind}"), text, *from, *to);
                }
            }
            for span in spans {
                let right = labels.iter().any(|(from, to, _)| common(span.start, span.end, *from, *to) > 0);
                let count = kinds.entry(format!("found {}", span.kind)).or_default();
                (count[2], count[3]) = (count[2] + 1, count[3] + usize::from(right));
                if !right {
                    tell(format!("stray {}", span.kind), text, span.start, span.end);
                }
            }
        }
        println!("{path}");
        for (kind, [all, hit, found, right]) in kinds {
            let (of, part) = if all > 0 { (all, hit) } else { (found, right) };
            println!("  {kind:20} {part:6} of {of:6} {:.3}", part as f64 / of.max(1) as f64);
        }
    }
}

//! Recall and what was found over labelled texts: `evaluate UTTERANCES SPANS [MISSES]`, both JSON lines as in `tests/data/crosswoz`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that ends at the first wrong line"
)]

use std::collections::BTreeMap;
use std::fs::read_to_string;

use adjourn_redact::{Detector, Members, Scratch};
use serde_json::Value;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let show: usize = args.get(3).map_or(0, |count| count.parse().unwrap());
    let threshold = args.get(4).map_or(Some(60), |text| text.parse().ok());
    let detector = Detector::new(Members::new()).with_name_threshold(threshold);
    let mut scratch = Scratch::default();
    let (texts, labels) = (read_to_string(&args[1]).unwrap(), read_to_string(&args[2]).unwrap());
    let mut gold: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut found: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    for (text, labels) in texts.lines().zip(labels.lines()) {
        let (text, labels): (Value, Value) =
            (serde_json::from_str(text).unwrap(), serde_json::from_str(labels).unwrap());
        let text = text["text"].as_str().unwrap();
        let spans = detector.find(text, &mut scratch);
        let at: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut masked = vec![false; text.len() + 1];
        for span in spans {
            masked[span.start..span.end].fill(true);
        }
        let mut wanted = vec![false; text.len() + 1];
        for label in labels.as_array().unwrap() {
            let (from, to) = (label[0].as_u64().unwrap() as usize, label[1].as_u64().unwrap() as usize);
            let kind = label[2].as_str().unwrap();
            let hit = (from..to).filter(|c| masked[at[*c]]).count() * 10 >= (to - from) * 9;
            wanted[at[from]..at[to]].fill(true);
            let entry = gold.entry(kind.to_owned()).or_default();
            entry.0 += 1;
            entry.1 += usize::from(hit);
            let count = shown.entry(format!("missed {kind}")).or_default();
            if !hit && *count < show {
                *count += 1;
                println!("missed {kind}: {} | {text}", &text[at[from]..at[to]]);
            }
        }
        for span in spans {
            let entry = found.entry(span.kind.slug()).or_default();
            entry.0 += 1;
            let agrees = wanted[span.start..span.end].iter().any(|wanted| *wanted);
            entry.1 += usize::from(agrees);
            let count = shown.entry(format!("unlabelled {}", span.kind)).or_default();
            if !agrees && *count < show {
                *count += 1;
                println!("unlabelled {}: {} | {text}", span.kind, &text[span.start..span.end]);
            }
        }
    }
    for (kind, (all, hit)) in gold {
        println!("recall {kind}: {hit}/{all} = {:.3}", hit as f64 / all as f64);
    }
    for (kind, (all, agree)) in found {
        println!("found {kind}: {all}, of these in a label {agree}");
    }
}

//! How many messages a thread can search and rewrite in a second: `speed [JSONL]`, the generated corpus or
//! the lines' `text`.
#![expect(
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that ends at the first wrong line"
)]

use std::time::Instant;

use adjourn_redact::{Detector, Labels, Members, Pseudonyms, Scratch};
use serde_json::Value;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let corpus = adjourn_redact::corpus::Corpus::new(1);
    let mut members = Members::new();
    for (person, name) in corpus.members().iter().enumerate() {
        members.add(person as u32, name);
    }
    let texts: Vec<String> = match args.get(1) {
        Some(path) => std::fs::read_to_string(path)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["text"].as_str().unwrap().to_owned())
            .collect(),
        None => corpus.take(100_000).map(|message| message.text).collect(),
    };
    let bytes: usize = texts.iter().map(String::len).sum();
    for (what, threshold) in [("without names", None), ("with names", Some(adjourn_redact::NAME_THRESHOLD))] {
        let detector = Detector::new(members.clone()).with_name_threshold(threshold);
        let pseudonyms = Pseudonyms::new([7; 32], "speed", Labels::Chinese);
        let (mut scratch, mut out) = (Scratch::default(), String::new());
        let (mut best, mut hits) = (f64::MAX, 0);
        let begun = Instant::now();
        // The best of many passes: whatever else the machine did meanwhile is in the others.
        while begun.elapsed().as_secs_f64() < 1.5 {
            let pass = Instant::now();
            (out, hits) = (String::with_capacity(out.capacity()), 0);
            for text in &texts {
                let spans = detector.find(text, &mut scratch);
                hits += spans.len();
                pseudonyms.apply(text, spans, &mut out);
            }
            best = best.min(pass.elapsed().as_secs_f64());
        }
        let rate = texts.len() as f64 / best;
        println!(
            "{what}: {:.2} M messages/s, {:.0} MB/s, {:.0} ns a message of {} B, {:.2} found a message",
            rate / 1e6,
            rate * (bytes / texts.len()) as f64 / 1e6,
            1e9 / rate,
            bytes / texts.len(),
            hits as f64 / texts.len() as f64
        );
    }
}

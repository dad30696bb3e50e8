//! How long rewriting canonical lines takes: `lines`.
#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "a measurement")]
use std::time::Instant;

use adjourn_redact::corpus::Corpus;
use adjourn_redact::{Detector, Fields, Labels, Lines, Members, Pseudonyms};

fn main() {
    let corpus = Corpus::new(1);
    let mut members = Members::new();
    for (person, name) in (0..).zip(corpus.members()) {
        members.add(person, name);
    }
    let detector = Detector::new(members.clone());
    let pseudonyms = Pseudonyms::new([7; 32], "bench", Labels::Chinese).with_members(&members);
    let fields = Fields::chat();
    let count = 1_000;
    let only: Option<usize> = std::env::args().nth(1).and_then(|n| n.parse().ok());
    for variant in (0..6).filter(|n| only.is_none_or(|only| only == *n)) {
        let mut input = String::new();
        for m in Corpus::new(1).take(count) {
            let account = m.sender.chars().fold(0_u64, |sum, c| sum * 31 + u64::from(c as u32)) % 1_000_000;
            let at = format!(
                "\"at\":\"2023-11-14T{:02}:{:02}:{:02}.000Z\"",
                m.time / 3600 % 24,
                m.time / 60 % 60,
                m.time % 60
            );
            let id = format!("\"id\":\"m{}\"", m.id + 100000);
            let fixed = "\"kind\":\"message\",\"raw\":null".to_owned();
            let sender = format!("\"sender\":\"u{account:06}\",\"sender_name\":\"{}\"", m.sender);
            let text = format!("\"text\":{}", serde_json::Value::from(m.text));
            let parts = match variant {
                0 => vec![at, id, fixed, sender, text],
                1 => vec![at],
                2 => vec![id],
                3 => vec![fixed],
                4 => vec![sender],
                _ => vec![text],
            };
            input.push_str(&format!("{{{}}}\n", parts.join(",")));
        }
        let mut lines = Lines::new(&detector, &members, &pseudonyms, &fields);
        let (mut best, mut out) = (f64::MAX, Vec::new());
        let begun = Instant::now();
        while begun.elapsed().as_secs_f64() < 1.5 {
            let pass = Instant::now();
            out.clear();
            lines.rewrite(input.as_bytes(), &mut out);
            best = best.min(pass.elapsed().as_secs_f64());
        }
        println!("{variant} {:.0} ns a line of {} B", best * 1e9 / count as f64, input.len() / count);
    }
}

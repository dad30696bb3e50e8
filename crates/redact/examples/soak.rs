//! What holds for many texts: `soak [MINUTES] [SEED] [MESSAGES]`. First a corpus of two million messages, of which no identifier with a form may be left; then
//! the laws on texts and lines that a seeded mutator makes, for as long as is asked. It needs no nightly compiler, so it runs where the fuzz targets (`fuzz/`)
//! can't. Ends with one line of JSON, or at the first broken law with the input that broke it.
#![expect(clippy::print_stdout, reason = "a measurement that a person starts")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use adjourn_redact::corpus::Corpus;
use adjourn_redact::laws::Laws;
use adjourn_redact::{Detector, Labels, Members, Pseudonyms, Scratch, Tally};
use serde_json::{Value, json};

/// Pieces that detectors look for, or that separate what they look for.
const PIECES: [&str; 36] = [
    "1",
    "86",
    "+86",
    "13800138000",
    "010-",
    "62220212",
    "11010519491231002X",
    "9144030071526726XG",
    "E12345678",
    "-",
    " ",
    ".",
    "(",
    ")",
    "@",
    "a.cn",
    "://",
    "?token=",
    "wxid_",
    "fe80::1",
    "\u{4eac}A",
    "\u{5f20}\u{4f1f}",
    "\u{8def}",
    "\u{53f7}",
    "\u{ff11}",
    "\u{4e00}",
    "\u{b7}",
    "\u{1f600}",
    "\\",
    "\"",
    "\u{201c}",
    "\u{201d}",
    "\u{3001}",
    "\u{9080}\u{8bf7}",
    "\u{52a0}\u{5165}\u{4e86}\u{7fa4}\u{804a}",
    "\"kind\":\"system\",",
];

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let mut number = |default: u64| args.next().and_then(|arg| arg.parse().ok()).unwrap_or(default);
    let (minutes, seed, messages) = (number(10), number(1), number(2_000_000));
    let Some(corpus_check) = check(seed, messages) else { return ExitCode::FAILURE };
    let mut laws = Laws::new(&["\u{5f20}\u{4f1f}", "Ann"]);
    let mut chance = Chance(seed);
    let begun = Instant::now();
    let (mut cases, mut bytes) = (0_u64, 0_u64);
    let mut corpus = Corpus::new(seed);
    while begun.elapsed() < Duration::from_secs(minutes * 60) {
        for message in corpus.by_ref().take(1_000) {
            let mut line = String::new();
            message.write(&mut line);
            let text = chance.mutated(message.text.as_bytes());
            let line = chance.mutated(line.as_bytes());
            let text = String::from_utf8_lossy(&text);
            cases += 2;
            bytes += (text.len() + line.len()) as u64;
            let held = laws.text(&text).and_then(|()| laws.lines(&line));
            if let Err(law) = held {
                println!("broken: {law}\ntext: {text:?}\nline: {:?}", String::from_utf8_lossy(&line));
                return ExitCode::FAILURE;
            }
        }
    }
    println!(
        "{}",
        json!({
            "benchmark": "redact", "seed": seed, "corpus": corpus_check,
            "laws": {"minutes": minutes, "cases": cases, "bytes": bytes, "broken": 0},
        })
    );
    ExitCode::SUCCESS
}

/// Searches a corpus: of every labelled identifier that has a form each byte has to be covered, and nothing of it may be in what came out. `None` when one is
/// left.
fn check(seed: u64, messages: u64) -> Option<Value> {
    let corpus = Corpus::new(seed);
    let mut members = Members::new();
    (0..).zip(corpus.members()).for_each(|(person, name)| {
        members.add(person, name);
    });
    let detector = Detector::new(members.clone());
    let pseudonyms = Pseudonyms::new([1; 32], "soak", Labels::Chinese).with_members(&members);
    let (mut scratch, mut tally, mut out) = (Scratch::default(), Tally::default(), String::new());
    let (mut identifiers, mut left) = (0_u64, 0_u64);
    for message in corpus.take(usize::try_from(messages).unwrap_or(usize::MAX)) {
        let spans = detector.find(&message.text, &mut scratch);
        tally.note(&message.text, spans);
        out.clear();
        pseudonyms.apply(&message.text, spans, &mut out);
        for (start, end, _) in message.labels.iter().filter(|(_, _, kind)| kind.is_structured()) {
            identifiers += 1;
            let covered: usize =
                spans.iter().map(|span| span.end.min(*end).saturating_sub(span.start.max(*start))).sum();
            if covered < end - start || out.contains(message.text.get(*start..*end).unwrap_or_default()) {
                left += 1;
                println!("left in: {}", message.text);
            }
        }
    }
    tally.rejected(scratch.rejected());
    let report = tally.report();
    let rejected: u64 = report.kinds.iter().map(|kind| kind.rejected).sum();
    let named = json!({"long_numbers_left": report.long_numbers_left, "wrong_check_digit": rejected});
    (left == 0).then(|| {
        json!({"messages": messages, "structured_identifiers": identifiers, "left": left, "named_by_the_report": named})
    })
}

/// `SplitMix64` (Steele, Lea, Flood, OOPSLA 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end as u64).max(1)).unwrap_or(0)
    }

    /// The bytes with some put in, taken out, doubled or turned over.
    fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..self.below(6) {
            let at = self.below(bytes.len() + 1);
            match self.below(6) {
                0 | 1 => {
                    let piece = PIECES.get(self.below(PIECES.len())).copied().unwrap_or_default();
                    bytes.splice(at..at, piece.bytes());
                }
                2 => drop(bytes.drain(at..(at + self.below(9)).min(bytes.len()))),
                3 => {
                    let piece =
                        bytes.get(at..(at + self.below(40)).min(bytes.len())).unwrap_or_default().to_vec();
                    let to = self.below(bytes.len() + 1);
                    bytes.splice(to..to, piece);
                }
                4 => {
                    let bit = 1 << self.below(8);
                    bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= bit);
                }
                _ => {
                    // Full width, where there is one.
                    let wide = bytes.get(at).filter(|byte| byte.is_ascii_graphic());
                    if let Some(wide) = wide.and_then(|byte| char::from_u32(u32::from(*byte) + 0xfee0)) {
                        bytes.splice(at..=at, wide.to_string().bytes());
                    }
                }
            }
        }
        bytes
    }
}

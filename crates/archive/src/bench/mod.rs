//! The benchmarks of archives ([`archive()`]) and of redaction: how much of the generated corpus is found, how fast, and what the machine could do at most in the same run.
//!
//! Figures of one thread are processor time, so that others on the machine count little; those of several threads are time by the clock. Each is the best of
//! several passes.

mod archive;
mod limits;
mod quality;
pub(crate) mod timing;

use std::io::{self, Read};

use adjourn_redact::corpus::Corpus;
use adjourn_redact::{Detector, Fields, Labels, Members, Pseudonyms, Scratch};
use serde::Serialize;

use crate::deidentify::{CopyError, Deidentify};
pub use archive::{ArchiveFigures, ArchiveOptions, archive};
use limits::Limits;
use quality::Quality;
use timing::{Rate, best, together};

/// Messages that are kept in memory for the passes of one measure.
const KEPT: u64 = 200_000;
/// Messages of the corpus whose labels are compared with what was found.
const COMPARED: usize = 100_000;

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RedactOptions {
    /// Seed of the corpus.
    pub seed: u64,
    /// Messages, one measure for each number.
    pub messages: Vec<u64>,
    /// Threads of the figures for all of them.
    pub threads: usize,
}

/// The figures.
#[derive(Debug, Clone, Serialize)]
pub struct RedactFigures {
    /// What was measured.
    pub options: RedactOptions,
    /// One row for each size.
    pub sizes: Vec<Size>,
    /// What was found of what is in the corpus, with the list of members and without.
    pub quality: Vec<Quality>,
    /// What this machine does at most on the same bytes, on one thread.
    pub limits: Limits,
}

/// The figures of one size.
#[derive(Debug, Clone, Serialize)]
pub struct Size {
    /// Messages.
    pub messages: u64,
    /// Bytes of the JSON lines that were copied.
    pub bytes: u64,
    /// The texts' bytes, of those that were kept in memory.
    pub text_bytes: u64,
    /// Finding alone, on one thread.
    pub detect: Rate,
    /// Finding and writing pseudonyms, on one thread.
    pub pseudonymise: Rate,
    /// The same on all threads at once.
    pub pseudonymise_all: Rate,
    /// JSON lines to JSON lines, checked, on one thread and on all.
    pub lines: Rate,
    /// The same on all.
    pub lines_all: Rate,
    /// The streaming copy of all messages, made one after another while it is read.
    pub stream: Rate,
    /// Most memory that the process has had until the stream's end, in MiB: nothing of its messages is kept.
    pub peak_mib: Option<f64>,
}

/// Measures.
///
/// # Errors
/// When a copy ends early.
pub fn redact(options: &RedactOptions) -> Result<RedactFigures, CopyError> {
    let corpus = Corpus::new(options.seed);
    let mut members = Members::new();
    for (person, name) in (0..).zip(corpus.members()) {
        members.add(person, name);
    }
    let detector = Detector::new(members.clone());
    let pseudonyms = Pseudonyms::new([7; 32], "bench", Labels::Chinese).with_members(&members);
    let bench = Bench { options, members: &members, detector: &detector, pseudonyms: &pseudonyms };
    // The streams first: what the others keep in memory would hide what these need.
    let streams: Vec<_> =
        options.messages.iter().map(|size| bench.stream(*size)).collect::<Result<_, _>>()?;
    let kept = options.messages.iter().copied().max().unwrap_or(0).min(KEPT);
    let mut lines = String::new();
    let mut texts = Vec::new();
    for message in Corpus::new(options.seed).take(usize::try_from(kept).unwrap_or(0)) {
        message.write(&mut lines);
        texts.push(message.text);
    }
    let mut sizes = Vec::new();
    for (messages, (stream, bytes, peak_mib)) in options.messages.iter().zip(streams) {
        let count = texts.len().min(usize::try_from(*messages).unwrap_or(usize::MAX));
        let texts = texts.get(..count).unwrap_or_default();
        let end = memchr::memchr_iter(b'\n', lines.as_bytes()).nth(count.saturating_sub(1));
        let lines = lines.as_bytes().get(..end.map_or(0, |end| end + 1)).unwrap_or_default();
        sizes.push(Size {
            messages: *messages,
            bytes,
            text_bytes: texts.iter().map(|text| text.len() as u64).sum(),
            detect: best(count, || bench.detect(texts)),
            pseudonymise: best(count, || bench.pseudonymise(texts)),
            pseudonymise_all: together(options.threads, texts, |texts| bench.pseudonymise(texts)),
            lines: bench.lines(lines, count, 1)?,
            lines_all: bench.lines(lines, count, options.threads)?,
            stream,
            peak_mib,
        });
    }
    let compared = usize::try_from(kept).map_or(COMPARED, |kept| kept.min(COMPARED));
    let quality = vec![
        Quality::measure("with_members", options.seed, compared, &detector),
        Quality::measure("without_members", options.seed, compared, &Detector::new(Members::new())),
    ];
    Ok(RedactFigures { options: options.clone(), sizes, quality, limits: Limits::measure(lines.as_bytes()) })
}

struct Bench<'a> {
    options: &'a RedactOptions,
    members: &'a Members,
    detector: &'a Detector,
    pseudonyms: &'a Pseudonyms,
}

impl Bench<'_> {
    fn detect(&self, texts: &[String]) {
        let mut scratch = Scratch::default();
        let found: usize = texts.iter().map(|text| self.detector.find(text, &mut scratch).len()).sum();
        std::hint::black_box(found);
    }

    fn pseudonymise(&self, texts: &[String]) {
        let (mut scratch, mut out) = (Scratch::default(), String::new());
        for text in texts {
            // A page of text at a time, as a chunk of lines would be.
            if out.len() > 1 << 20 {
                out.clear();
            }
            self.pseudonyms.apply(text, self.detector.find(text, &mut scratch), &mut out);
        }
        std::hint::black_box(out.len());
    }

    fn lines(&self, lines: &[u8], count: usize, threads: usize) -> Result<Rate, CopyError> {
        let mut made = Ok(());
        let rate = timing::wall(count, || {
            if let Err(error) = self.copy(lines, threads) {
                made = Err(error);
            }
        });
        made.map(|()| rate)
    }

    fn copy(&self, input: impl Read + Send, threads: usize) -> Result<u64, CopyError> {
        let how = Deidentify {
            detector: self.detector,
            members: self.members,
            pseudonyms: self.pseudonyms,
            fields: &Fields::chat(),
            threads,
            compress: false,
            told: &|_| {},
        };
        how.copy(input, io::sink()).map(|copied| copied.bytes)
    }

    fn stream(&self, messages: u64) -> Result<(Rate, u64, Option<f64>), CopyError> {
        let corpus = Corpus::new(self.options.seed);
        let source = Source { corpus, left: messages, line: String::new(), at: 0 };
        let begun = std::time::Instant::now();
        let bytes = self.copy(source, self.options.threads)?;
        let rate = Rate::of(messages as usize, begun.elapsed().as_secs_f64());
        Ok((rate, bytes, timing::peak_mib()))
    }
}

/// The corpus as lines, made as they are read.
struct Source {
    corpus: Corpus,
    left: u64,
    line: String,
    at: usize,
}

impl Read for Source {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            (self.at, self.line) = (0, std::mem::take(&mut self.line));
            self.line.clear();
            // Some lines at a time: a reader asks for much.
            for message in self.corpus.by_ref().take(usize::try_from(self.left.min(64)).unwrap_or(0)) {
                message.write(&mut self.line);
                self.left -= 1;
            }
        }
        let rest = self.line.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.len().min(to.len());
        if let (Some(to), Some(from)) = (to.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_run_has_every_figure() {
        let options = RedactOptions { seed: 3, messages: vec![500, 1_000], threads: 2 };
        let figures = serde_json::to_value(redact(&options).unwrap()).unwrap();
        assert_eq!(figures["sizes"].as_array().map(Vec::len), Some(2));
        for of in ["detect", "pseudonymise", "pseudonymise_all", "lines", "lines_all", "stream"] {
            assert!(
                figures["sizes"][1][of]["messages_per_s"].as_f64().is_some_and(|rate| rate > 0.0),
                "{of}"
            );
        }
        let mobile = &figures["quality"][0]["kinds"][0];
        assert_eq!((&mobile["kind"], &mobile["recall"]), (&"mobile".into(), &1.0.into()));
        assert!(figures["limits"]["blake3_mb_s"].as_f64().is_some_and(|rate| rate > 0.0), "{figures}");
    }
}

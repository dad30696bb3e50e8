//! A de-identified copy of JSON lines, of any size in constant memory; the original can be kept in the same pass.
//!
//! Each thread does everything for its chunk (`chunks.rs`): it rewrites the lines, compresses the copy, and compresses the original. A line that can't
//! be read is left out of the copy, since nobody knows what is in it, and is listed; the original has every byte. [`mod@file`] makes a copy of a file,
//! [`exported`] gives what another tool exported as lines, [`roster`] reads who is in the group, [`learn`] looks who wrote.

use std::io::{self, Read, Write};

use adjourn_redact::{Detector, Fault, Fields, Lines, Members, Pseudonyms, Report, Tally};
use serde::Serialize;

use crate::chunks::{self, Chunk, Ended, Part, Work};
use crate::sealed::Frames;

pub mod exported;
pub mod file;
pub mod learn;
pub mod roster;

/// Lines whose faults are listed one by one; further ones are counted.
const LISTED: usize = 1_000;

/// How a copy is made.
pub struct Deidentify<'a> {
    /// Finds identifiers.
    pub detector: &'a Detector,
    /// The members that the detector knows.
    pub members: &'a Members,
    /// Makes pseudonyms.
    pub pseudonyms: &'a Pseudonyms,
    /// Which keys of a line are looked at.
    pub fields: &'a Fields,
    /// Threads that rewrite; at least one.
    pub threads: usize,
    /// Whether each chunk is written as a frame of zstd.
    pub compress: bool,
    /// Is told how many lines are written, after each chunk.
    pub told: &'a (dyn Fn(u64) + Sync),
}

/// Why a copy came to no end.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The input could not be read.
    #[error("reading: {0}")]
    Read(io::Error),
    /// The output could not be written.
    #[error("writing: {0}")]
    Write(io::Error),
    /// The original could not be written.
    #[error("keeping: {0}")]
    Keep(io::Error),
    /// A thread ended.
    #[error("a thread ended")]
    Thread,
}

/// What became of a copy.
#[derive(Debug, Clone, Serialize)]
pub struct Copied {
    /// Lines that were read.
    pub lines: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// BLAKE3 of these bytes, where the original was kept.
    #[serde(skip)]
    pub blake3: Option<[u8; 32]>,
    /// Lines that were left out.
    pub left_out: u64,
    /// The first of these: line, counted from 1, and why.
    pub faults: Vec<(u64, Fault)>,
    /// What was found and what may be left.
    pub report: Report,
}

impl Deidentify<'_> {
    /// Reads JSON lines and writes the copy. What was written before an error stays written.
    ///
    /// # Errors
    /// [`CopyError`], which says on which side.
    pub fn copy(&self, input: impl Read + Send, output: impl Write) -> Result<Copied, CopyError> {
        self.run(input, output, None)
    }

    /// The same, and writes what was read to `original` as frames of zstd.
    ///
    /// # Errors
    /// [`CopyError`], which says on which side.
    pub fn copy_and_keep(
        &self,
        input: impl Read + Send,
        output: impl Write,
        original: &mut dyn Write,
    ) -> Result<Copied, CopyError> {
        self.run(input, output, Some(original))
    }

    fn run(
        &self,
        input: impl Read + Send,
        mut output: impl Write,
        mut original: Option<&mut dyn Write>,
    ) -> Result<Copied, CopyError> {
        let worker = || {
            Ok(Rewriter {
                lines: Lines::new(self.detector, self.members, self.pseudonyms, self.fields),
                copies: self.compress.then(Frames::new).transpose()?,
                originals: original.is_some().then(Frames::new).transpose()?,
                text: Vec::new(),
            })
        };
        let workers: io::Result<Vec<_>> = (0..self.threads.max(1)).map(|_| worker()).collect();
        let kept = original.is_some();
        let (mut lines, mut left_out, mut faults) = (0, 0, Vec::new());
        let take = |made: Made| {
            output.write_all(&made.copy).map_err(CopyError::Write)?;
            if let Some(original) = &mut original {
                original.write_all(&made.original).map_err(CopyError::Keep)?;
            }
            left_out += made.faults.len() as u64;
            let room = LISTED.saturating_sub(faults.len());
            faults.extend(made.faults.into_iter().take(room).map(|(line, fault)| (lines + line + 1, fault)));
            lines += made.lines;
            (self.told)(lines);
            Ok(())
        };
        let (input, workers) = chunks::run(input, kept, workers.map_err(CopyError::Write)?, take).map_err(
            |ended| match ended {
                Ended::Read(error) => CopyError::Read(error),
                Ended::Work(error) => CopyError::Write(error),
                Ended::Take(error) => error,
                Ended::Thread => CopyError::Thread,
            },
        )?;
        output.flush().map_err(CopyError::Write)?;
        let mut tally = Tally::default();
        for worker in workers {
            tally.merge(worker.lines.into_tally());
        }
        let report = tally.report();
        Ok(Copied { lines, bytes: input.bytes, blake3: input.blake3, left_out, faults, report })
    }
}

/// What a thread has.
struct Rewriter<'a> {
    lines: Lines<'a>,
    copies: Option<Frames>,
    originals: Option<Frames>,
    text: Vec<u8>,
}

/// What was made of a chunk.
struct Made {
    copy: Vec<u8>,
    original: Vec<u8>,
    lines: u64,
    faults: Vec<(u64, Fault)>,
}

impl Work for Rewriter<'_> {
    type Made = Made;

    fn work(&mut self, chunk: &Chunk) -> io::Result<Made> {
        let mut made = Made { copy: Vec::new(), original: Vec::new(), lines: 0, faults: Vec::new() };
        if let Some(frames) = &mut self.originals {
            made.original = frames.frame(&chunk.bytes)?;
        }
        match chunk.part {
            Part::Lines => {
                self.text.clear();
                self.lines.lines = 0;
                self.lines.rewrite(&chunk.bytes, &mut self.text);
                made.lines = self.lines.lines;
                made.faults = std::mem::take(&mut self.lines.faults);
                made.copy = match &mut self.copies {
                    Some(frames) => frames.frame(&self.text)?,
                    None => std::mem::take(&mut self.text),
                };
            }
            Part::TooLong => (made.lines, made.faults) = (1, vec![(0, Fault::TooLong)]),
            Part::Rest => {}
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use adjourn_redact::corpus::Corpus;
    use adjourn_redact::{Field, Labels};

    use adjourn_redact::MAX_LINE;

    use super::*;

    fn copy(input: impl Read + Send, output: impl Write, threads: usize) -> Result<Copied, CopyError> {
        with(threads, |how| how.copy(input, output))
    }

    fn with<T>(threads: usize, run: impl FnOnce(&Deidentify<'_>) -> T) -> T {
        let corpus = Corpus::new(1);
        let mut members = Members::new();
        for (person, name) in corpus.members().iter().enumerate() {
            members.add(person as u32, name);
        }
        let detector = Detector::new(members.clone());
        let pseudonyms = Pseudonyms::new([1; 32], "test", Labels::English);
        let fields = Fields::new([("text", Field::Text), ("sender", Field::PERSON)]);
        let how = Deidentify {
            detector: &detector,
            members: &members,
            pseudonyms: &pseudonyms,
            fields: &fields,
            threads,
            compress: false,
            told: &|_| {},
        };
        run(&how)
    }

    #[test]
    fn the_copy_is_the_same_by_one_thread_and_by_many_and_has_no_identifier() {
        let (mut input, mut identifiers) = (String::new(), Vec::new());
        for message in Corpus::new(1).take(40_000) {
            let labels = message.labels.iter().filter(|(_, _, kind)| kind.is_structured());
            identifiers.extend(labels.map(|(start, end, _)| message.text[*start..*end].to_owned()));
            message.write(&mut input);
        }
        let (mut one, mut many) = (Vec::new(), Vec::new());
        let copied = copy(input.as_bytes(), &mut one, 1).unwrap();
        assert_eq!((copied.lines, copied.left_out, copied.bytes), (40_000, 0, input.len() as u64));
        copy(input.as_bytes(), &mut many, 4).unwrap();
        assert!(one == many);
        let out = String::from_utf8(one).unwrap();
        assert_eq!(out.lines().count(), 40_000);
        assert!(identifiers.len() > 2_000);
        let left: Vec<&String> =
            identifiers.iter().step_by(50).filter(|identifier| out.contains(identifier.as_str())).collect();
        assert!(left.is_empty(), "{left:?}");
    }

    #[test]
    fn the_original_is_kept_byte_for_byte_in_the_same_pass() {
        let mut input = String::new();
        Corpus::new(4).take(30_000).for_each(|message| message.write(&mut input));
        let long = "x".repeat(MAX_LINE + 5);
        let input = format!("{input}no json\n{long}\n\n{{\"text\":\"13800138000\"}}");
        let (mut alone, mut copy, mut original) = (Vec::new(), Vec::new(), Vec::new());
        with(2, |how| how.copy(input.as_bytes(), &mut alone)).unwrap();
        let copied = with(2, |how| how.copy_and_keep(input.as_bytes(), &mut copy, &mut original)).unwrap();
        assert!(copy == alone && zstd::decode_all(original.as_slice()).unwrap() == input.as_bytes());
        assert_eq!((copied.lines, copied.left_out), (30_004, 2));
        assert_eq!(copied.blake3.unwrap(), *blake3::hash(input.as_bytes()).as_bytes());
    }

    #[test]
    fn lines_that_are_too_long_cost_no_memory_and_are_listed() {
        let long = io::repeat(b'x').take(3 * MAX_LINE as u64);
        let input = (&b"{\"text\":\"a\"}\n"[..]).chain(long).chain(&b"\n{\"text\":\"b\"}\nno json"[..]);
        let mut out = Vec::new();
        let copied = copy(input, &mut out, 2).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
        assert_eq!(copied.faults, [(2, Fault::TooLong), (4, Fault::NoJson)]);
        assert_eq!((copied.lines, copied.left_out), (4, 2));
    }

    #[test]
    fn a_full_disk_is_an_error_and_nobody_waits_for_ever() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let line = b"{\"text\":\"13800138000\"}\n".repeat(500_000);
        let error = copy(&line[..], Full, 2).unwrap_err();
        assert!(matches!(error, CopyError::Write(error) if error.kind() == io::ErrorKind::StorageFull));
    }
}

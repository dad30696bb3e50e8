//! A de-identified copy of JSON lines, of any size in constant memory.
//!
//! One thread reads whole lines in chunks, several rewrite a chunk each, and the caller's thread writes them in their order. At most a few chunks are
//! under way, so a slow writer holds the reader up. A line that can't be read is left out of the copy, since nobody knows what is in it, and is listed.
//! [`mod@file`] makes a copy of a file, [`exported`] gives what another tool exported as lines, [`roster`] reads who is in the group, [`learn`] looks who wrote.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use adjourn_redact::{Detector, Fault, Fields, Lines, MAX_LINE, Members, Pseudonyms, Report, Tally};
use serde::Serialize;

pub mod exported;
pub mod file;
pub mod learn;
pub mod roster;

/// Bytes of a chunk, about.
const CHUNK: usize = 4 * 1024 * 1024;
/// zstd level of a chunk's frame.
const LEVEL: i32 = 3;
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
    /// Lines that were left out.
    pub left_out: u64,
    /// The first of these: line, counted from 1, and why.
    pub faults: Vec<(u64, Fault)>,
    /// What was found and what may be left.
    pub report: Report,
}

/// Whole lines.
struct Chunk {
    number: u64,
    bytes: Vec<u8>,
    /// A line that was too long to be kept ends here.
    too_long: bool,
}

/// A chunk that was rewritten.
struct Done {
    bytes: Vec<u8>,
    lines: u64,
    faults: Vec<(u64, Fault)>,
}

impl Deidentify<'_> {
    /// Reads JSON lines and writes the copy. What was written before an error stays written.
    ///
    /// # Errors
    /// [`CopyError`], which says on which side.
    pub fn copy(&self, input: impl Read + Send, mut output: impl Write) -> Result<Copied, CopyError> {
        let threads = self.threads.max(1);
        let (chunks, waiting) = sync_channel::<Chunk>(threads);
        let waiting = Mutex::new(waiting);
        let (done, rewritten) = sync_channel::<(u64, Done)>(threads);
        // One place for each chunk from when it is read until it is written: one that takes long holds the others up, and not the memory.
        let (place, places) = sync_channel::<()>(3 * threads);
        std::thread::scope(|scope| {
            let reader = scope.spawn(move || read(input, &chunks, &place));
            let waiting = &waiting;
            let workers: Vec<_> = (0..threads)
                .map(|_| {
                    let done = done.clone();
                    scope.spawn(move || self.rewrite(waiting, &done))
                })
                .collect();
            drop(done);
            let written = write(&rewritten, &places, &mut output, self.told);
            // Whoever still wants to hand something over learns that nobody takes it.
            drop((rewritten, places));
            drain(waiting);
            let mut tally = Tally::default();
            for worker in workers {
                tally.merge(worker.join().map_err(|_| CopyError::Thread)?.map_err(CopyError::Write)?);
            }
            let bytes = reader.join().map_err(|_| CopyError::Thread)?;
            let (lines, left_out, faults) = written.map_err(CopyError::Write)?;
            let bytes = bytes.map_err(CopyError::Read)?;
            Ok(Copied { lines, bytes, left_out, faults, report: tally.report() })
        })
    }

    fn rewrite(&self, waiting: &Mutex<Receiver<Chunk>>, done: &SyncSender<(u64, Done)>) -> io::Result<Tally> {
        let mut lines = Lines::new(self.detector, self.members, self.pseudonyms, self.fields);
        let mut frames = if self.compress { Some(zstd::bulk::Compressor::new(LEVEL)?) } else { None };
        if let Some(frames) = &mut frames {
            frames.include_checksum(true)?;
        }
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(chunk) = next else { break };
            let mut bytes = Vec::with_capacity(chunk.bytes.len() + chunk.bytes.len() / 4);
            lines.lines = 0;
            lines.rewrite(&chunk.bytes, &mut bytes);
            let mut faults = std::mem::take(&mut lines.faults);
            let mut count = lines.lines;
            if chunk.too_long {
                faults.push((count, Fault::TooLong));
                count += 1;
            }
            if let Some(frames) = &mut frames {
                bytes = frames.compress(&bytes)?;
            }
            if done.send((chunk.number, Done { bytes, lines: count, faults })).is_err() {
                break;
            }
        }
        Ok(lines.into_tally())
    }
}

/// Lets a reader that waits for a free place go.
fn drain(waiting: &Mutex<Receiver<Chunk>>) {
    let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    while waiting.recv().is_ok() {}
}

/// Lines, those left out, and the first faults.
type Written = (u64, u64, Vec<(u64, Fault)>);

/// Writes chunks in their order.
fn write(
    rewritten: &Receiver<(u64, Done)>,
    places: &Receiver<()>,
    output: &mut impl Write,
    told: &(dyn Fn(u64) + Sync),
) -> io::Result<Written> {
    let (mut next, mut lines, mut left_out, mut faults) = (0, 0, 0, Vec::new());
    let mut early = BTreeMap::new();
    for (number, done) in rewritten {
        early.insert(number, done);
        while let Some(done) = early.remove(&next) {
            output.write_all(&done.bytes)?;
            left_out += done.faults.len() as u64;
            let room = LISTED.saturating_sub(faults.len());
            faults.extend(done.faults.into_iter().take(room).map(|(line, fault)| (lines + line + 1, fault)));
            lines += done.lines;
            next += 1;
            told(lines);
            let _ = places.recv();
        }
    }
    output.flush()?;
    Ok((lines, left_out, faults))
}

/// Reads whole lines in chunks; gives the number of bytes.
fn read(mut input: impl Read, chunks: &SyncSender<Chunk>, place: &SyncSender<()>) -> io::Result<u64> {
    let (mut number, mut total) = (0, 0);
    let mut rest: Vec<u8> = Vec::new();
    let mut skipping = false;
    loop {
        let mut bytes = std::mem::take(&mut rest);
        let wanted = CHUNK.saturating_sub(bytes.len()).max(CHUNK / 4);
        let read = input.by_ref().take(wanted as u64).read_to_end(&mut bytes)?;
        total += read as u64;
        let last = read == 0;
        if skipping {
            // The rest of a line that was too long.
            match memchr::memchr(b'\n', &bytes) {
                Some(end) => {
                    bytes.drain(..=end);
                    skipping = false;
                }
                None => bytes.clear(),
            }
        }
        if !last {
            let whole = memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1);
            rest = bytes.split_off(whole);
        }
        let too_long = rest.len() > MAX_LINE;
        if too_long {
            rest.clear();
            skipping = true;
        }
        if !bytes.is_empty() || too_long {
            if place.send(()).is_err() || chunks.send(Chunk { number, bytes, too_long }).is_err() {
                return Ok(total);
            }
            number += 1;
        }
        if last {
            return Ok(total);
        }
    }
}

#[cfg(test)]
mod tests {
    use adjourn_redact::corpus::Corpus;
    use adjourn_redact::{Field, Labels};

    use super::*;

    fn copy(input: impl Read + Send, output: impl Write, threads: usize) -> Result<Copied, CopyError> {
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
        how.copy(input, output)
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

//! Whole lines in chunks: one thread reads, several work on a chunk each, and the caller's thread takes what they made in the order of the lines.
//!
//! Memory does not grow with the input: a chunk has its buffer from when it is read until what was made of it is taken, and there are three for each
//! thread. One that takes long holds the others up, and a slow taker the reader.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use adjourn_redact::MAX_LINE;

/// Bytes of a chunk, about: with what is made of it, it stays near the processor.
const CHUNK: usize = 1024 * 1024;

/// What a chunk holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Whole lines; the last one of the input may lack its end.
    Lines,
    /// The beginning of a line that is longer than [`MAX_LINE`].
    TooLong,
    /// More of such a line, and nothing behind its end.
    Rest,
}

/// A piece of the input. All of them in their order are all of it.
#[derive(Debug)]
pub(crate) struct Chunk {
    number: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) part: Part,
}

/// What a thread does with its chunks.
pub(crate) trait Work: Send {
    /// What is made of a chunk.
    type Made: Send;

    /// Makes it.
    fn work(&mut self, chunk: &Chunk) -> io::Result<Self::Made>;
}

/// What was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) bytes: u64,
    /// Of all of it, where it was asked for.
    pub(crate) blake3: Option<[u8; 32]>,
}

/// Why it came to no end.
#[derive(Debug)]
pub(crate) enum Ended<E> {
    /// The input could not be read.
    Read(io::Error),
    /// A chunk could not be worked on.
    Work(io::Error),
    /// What was made could not be taken.
    Take(E),
    /// A thread ended.
    Thread,
}

/// Reads all of `input`, lets as many workers as there are work on it, and hands over what they made. Gives the workers back.
pub(crate) fn run<W: Work, E>(
    input: impl Read + Send,
    hashed: bool,
    workers: Vec<W>,
    mut take: impl FnMut(W::Made) -> Result<(), E>,
) -> Result<(Input, Vec<W>), Ended<E>> {
    let threads = workers.len();
    let (chunks, waiting) = sync_channel::<Chunk>(threads);
    let waiting = Mutex::new(waiting);
    let (made, ready) = sync_channel::<(Chunk, io::Result<W::Made>)>(threads);
    let (free, buffers) = sync_channel::<Vec<u8>>(3 * threads);
    for _ in 0..3 * threads {
        let _ = free.send(Vec::new());
    }
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || read(input, hashed, &chunks, &buffers));
        let waiting = &waiting;
        let workers: Vec<_> = (workers.into_iter())
            .map(|worker| {
                let made = made.clone();
                scope.spawn(move || work(worker, waiting, &made))
            })
            .collect();
        drop(made);
        let taken = in_order(&ready, &free, &mut take);
        // Whoever still wants to hand something over learns that nobody takes it.
        drop((ready, free));
        drain(waiting);
        let mut back = Vec::with_capacity(threads);
        for worker in workers {
            back.push(worker.join().map_err(|_| Ended::Thread)?);
        }
        let input = reader.join().map_err(|_| Ended::Thread)?;
        taken?;
        Ok((input.map_err(Ended::Read)?, back))
    })
}

fn work<W: Work>(
    mut worker: W,
    waiting: &Mutex<Receiver<Chunk>>,
    made: &SyncSender<(Chunk, io::Result<W::Made>)>,
) -> W {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(chunk) = next else { return worker };
        let done = worker.work(&chunk);
        if made.send((chunk, done)).is_err() {
            return worker;
        }
    }
}

/// Lets a reader that waits for room go.
fn drain(waiting: &Mutex<Receiver<Chunk>>) {
    let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    while waiting.recv().is_ok() {}
}

fn in_order<T, E>(
    ready: &Receiver<(Chunk, io::Result<T>)>,
    free: &SyncSender<Vec<u8>>,
    take: &mut impl FnMut(T) -> Result<(), E>,
) -> Result<(), Ended<E>> {
    let (mut next, mut early) = (0, BTreeMap::new());
    for (chunk, made) in ready {
        early.insert(chunk.number, (chunk.bytes, made));
        while let Some((mut buffer, made)) = early.remove(&next) {
            take(made.map_err(Ended::Work)?).map_err(Ended::Take)?;
            next += 1;
            buffer.clear();
            // What one very long line needed is not kept.
            let _ = free.send(if buffer.capacity() > 4 * CHUNK { Vec::new() } else { buffer });
        }
    }
    Ok(())
}

fn read(
    mut input: impl Read,
    hashed: bool,
    chunks: &SyncSender<Chunk>,
    buffers: &Receiver<Vec<u8>>,
) -> io::Result<Input> {
    let mut hash = hashed.then(blake3::Hasher::new);
    let (mut number, mut total) = (0, 0);
    // The beginning of a line whose end was not read yet.
    let mut rest: Vec<u8> = Vec::new();
    let mut skipping = false;
    let mut buffer = None;
    while let Some(free) = buffer.take().or_else(|| buffers.recv().ok()) {
        let mut bytes = std::mem::replace(&mut rest, free);
        let before = bytes.len();
        let wanted = CHUNK.saturating_sub(before).max(CHUNK / 4);
        bytes.reserve(wanted);
        let read = input.by_ref().take(wanted as u64).read_to_end(&mut bytes)?;
        total += read as u64;
        if let Some(hash) = &mut hash {
            hash.update(bytes.get(before..).unwrap_or_default());
        }
        let last = read == 0;
        if last && bytes.is_empty() {
            break;
        }
        let whole = match (skipping, last) {
            (true, _) => memchr::memchr(b'\n', &bytes).map_or(bytes.len(), |end| end + 1),
            (false, true) => bytes.len(),
            (false, false) => memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1),
        };
        let mut part = if skipping { Part::Rest } else { Part::Lines };
        skipping = skipping && bytes.get(..whole).is_some_and(|bytes| bytes.last() != Some(&b'\n'));
        if whole > 0 {
            rest.extend_from_slice(bytes.get(whole..).unwrap_or_default());
            bytes.truncate(whole);
        } else if bytes.len() > MAX_LINE {
            (part, skipping) = (Part::TooLong, true);
        } else {
            // No end in sight: it is read on.
            buffer = Some(std::mem::replace(&mut rest, bytes));
            continue;
        }
        if chunks.send(Chunk { number, bytes, part }).is_err() {
            break;
        }
        number += 1;
    }
    Ok(Input { bytes: total, blake3: hash.map(|hash| hash.finalize().into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Same;

    impl Work for Same {
        type Made = (Part, Vec<u8>);

        fn work(&mut self, chunk: &Chunk) -> io::Result<Self::Made> {
            Ok((chunk.part, chunk.bytes.clone()))
        }
    }

    #[test]
    fn the_pieces_are_the_input_and_no_line_is_cut_that_is_not_too_long() {
        let mut input = Vec::new();
        for length in [0, 5, CHUNK - 1, CHUNK, 3 * CHUNK, MAX_LINE + CHUNK, 7, 0, MAX_LINE, 9] {
            input.extend(std::iter::repeat_n(b'x', length));
            input.push(b'\n');
        }
        input.extend_from_slice(b"no end");
        let (mut all, mut parts) = (Vec::new(), Vec::new());
        let take = |(part, bytes): (Part, Vec<u8>)| {
            assert!(part != Part::Lines || bytes.ends_with(b"\n") || bytes.ends_with(b"no end"));
            all.extend(bytes);
            parts.push(part);
            Ok::<(), ()>(())
        };
        let (read, workers) = run(input.as_slice(), true, vec![Same, Same, Same], take).unwrap();
        assert!(all == input && workers.len() == 3);
        assert_eq!(read.blake3.unwrap(), *blake3::hash(&input).as_bytes());
        assert_eq!(parts.iter().filter(|part| **part == Part::TooLong).count(), 1);
        assert!(parts.contains(&Part::Rest));
    }
}

//! The benchmark of the whole way of an archive: canonical JSON lines on the disk become a sealed original and a de-identified copy, both on the disk, in
//! the one pass that `redact --original` makes. And what each part of it costs by itself.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use adjourn_domain::canonical::canonical_json;
use adjourn_domain::message::{Record, RecordKind};
use adjourn_domain::time::Time;
use adjourn_redact::corpus::{Corpus, Message};
use adjourn_redact::{Detector, Fields, Labels, Lines, Members, Pseudonyms};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::limits::Limits;
use super::quality::Quality;
use super::timing::{self, Rate, best};
use crate::deidentify::Deidentify;
use crate::deidentify::file::{self, FileError, Opened, Original, Place};
use crate::deidentify::roster::Roster;
use crate::sealed::{self, Frames, Identity, Recipient, SealError};

/// Messages that are kept in memory for the parts and the limits.
const KEPT: usize = 100_000;
/// Bytes that a part works on at a time, as in the whole.
const PIECE: usize = 1 << 20;

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchiveOptions {
    /// Seed of the corpus.
    pub seed: u64,
    /// Messages, one measure for each number.
    pub messages: Vec<u64>,
    /// Threads that work; one more reads and one more writes.
    pub threads: usize,
}

/// The figures.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveFigures {
    /// What was measured.
    pub options: ArchiveOptions,
    /// One row for each size.
    pub sizes: Vec<Size>,
    /// What each part takes by itself, on one thread.
    pub parts: Parts,
    /// What was found of what is in the corpus, with the list of members.
    pub quality: Quality,
    /// What this machine does at most on the same bytes, on one thread.
    pub limits: Limits,
}

/// The figures of one size.
#[derive(Debug, Clone, Serialize)]
pub struct Size {
    /// Messages.
    pub messages: u64,
    /// Bytes of the lines.
    pub bytes: u64,
    /// Bytes of the sealed original.
    pub original_bytes: u64,
    /// Bytes of the copy.
    pub copy_bytes: u64,
    /// The pass, by the clock, until both files are on the disk.
    pub whole: Rate,
    /// Megabytes of lines in a second of it.
    pub mb_s: f64,
    /// Processor time of the pass, of all threads together, in seconds.
    pub cpu_s: Option<f64>,
    /// The same for a message, in nanoseconds.
    pub cpu_ns_per_message: Option<f64>,
    /// The look at who wrote, which `redact` takes before the pass, in seconds.
    pub learn_s: f64,
    /// Sealing alone: BLAKE3, zstd, age, without a copy.
    pub seal: Sealing,
    /// Most memory of the process during all of this, in MiB.
    pub peak_mib: Option<f64>,
    /// Whether the sealed original was opened again and its lines have the hash that was noted.
    pub opened: bool,
}

/// Figures of sealing alone.
#[derive(Debug, Clone, Serialize)]
pub struct Sealing {
    /// Megabytes of lines in a second by the clock.
    pub mb_s: f64,
    /// Megabytes of lines in a second of processor time.
    pub mb_per_cpu_s: Option<f64>,
}

/// Parts of the pass, on one thread.
#[derive(Debug, Clone, Serialize)]
pub struct Parts {
    /// Reading lines as JSON, finding, writing pseudonyms.
    pub rewrite: Rate,
    /// BLAKE3 of the lines.
    pub blake3: Rate,
    /// zstd of the lines.
    pub pack_original: Rate,
    /// zstd of the rewritten lines.
    pub pack_copy: Rate,
    /// age over what zstd made of the lines, with a SHA-256 of it.
    pub seal: Rate,
    /// SHA-256 of the copy's frames.
    pub hash_copy: Rate,
    /// All of these.
    pub sum_ns_per_message: f64,
}

/// Measures in a folder that has room for all lines and what is made of them; it is left empty.
///
/// # Errors
/// [`FileError`].
pub fn archive(dir: &Path, options: &ArchiveOptions) -> Result<ArchiveFigures, FileError> {
    let bench = Bench::new(options);
    let sizes =
        options.messages.iter().map(|messages| bench.size(dir, *messages)).collect::<Result<_, _>>()?;
    let mut lines = Vec::new();
    let largest = options.messages.iter().copied().max().unwrap_or(0);
    let kept = usize::try_from(largest).map_or(KEPT, |largest| largest.min(KEPT));
    for message in Corpus::new(options.seed).take(kept) {
        lines.extend(line(&message));
    }
    Ok(ArchiveFigures {
        options: options.clone(),
        sizes,
        parts: bench.parts(&lines, kept).map_err(here(dir))?,
        quality: Quality::measure("with_members", options.seed, kept, &bench.detector),
        limits: Limits::measure(&lines),
    })
}

fn here(path: &Path) -> impl Fn(io::Error) -> FileError + '_ {
    move |source| FileError::Io { path: path.to_owned(), source }
}

/// The record of a message, canonical, with its end.
fn line(message: &Message) -> Vec<u8> {
    let at = Time::from_millis(i64::try_from(message.time).unwrap_or(0) * 1000);
    let account = message.sender.chars().fold(0_u64, |sum, c| sum * 31 + u64::from(c as u32)) % 1_000_000;
    let record = Record {
        sender_name: Some(message.sender.clone()),
        text: Some(message.text.clone()),
        ..Record::new(
            format!("m{}", message.id).into(),
            RecordKind::Message,
            at,
            format!("u{account:06}").into(),
        )
    };
    let mut line = canonical_json(&record).unwrap_or_default();
    line.push(b'\n');
    line
}

struct Bench<'a> {
    options: &'a ArchiveOptions,
    roster: Roster,
    detector: Detector,
    pseudonyms: Pseudonyms,
    identity: Identity,
}

impl<'a> Bench<'a> {
    fn new(options: &'a ArchiveOptions) -> Self {
        let mut roster = Roster::default();
        for name in Corpus::new(options.seed).members() {
            roster.members.add(roster.people, name);
            roster.people += 1;
        }
        let members = &roster.members;
        let detector = Detector::new(members.clone());
        let pseudonyms = Pseudonyms::new([7; 32], "bench", Labels::Chinese).with_members(members);
        Self { options, roster, detector, pseudonyms, identity: Identity::generate() }
    }

    fn size(&self, dir: &Path, messages: u64) -> Result<Size, FileError> {
        let (lines, copy, original) =
            (dir.join("lines.jsonl"), dir.join("copy.jsonl.zst"), dir.join("original.jsonl.zst.age"));
        let mut file = BufWriter::new(File::create(&lines).map_err(here(&lines))?);
        for message in Corpus::new(self.options.seed).take(usize::try_from(messages).unwrap_or(usize::MAX)) {
            file.write_all(&line(&message)).map_err(here(&lines))?;
        }
        // On the disk before the clock runs: what is measured is not the writing of its input.
        file.into_inner()
            .map_err(io::IntoInnerError::into_error)
            .and_then(|file| file.sync_all())
            .map_err(here(&lines))?;
        timing::forget_peak();
        let opened = || Opened::open(&Place::File(lines.clone()), Arc::default());
        let begun = Instant::now();
        let mut roster = self.roster.clone();
        file::learn(opened()?, &mut roster, &Detector::new(Members::new()))?;
        let learn_s = begun.elapsed().as_secs_f64();
        let detector = Detector::new(roster.members.clone());
        let how = Deidentify {
            detector: &detector,
            members: &roster.members,
            pseudonyms: &self.pseudonyms,
            fields: &Fields::chat(),
            threads: self.options.threads,
            compress: true,
            told: &|_| {},
        };
        let recipients = [self.identity.recipient()];
        let kept = Original { path: &original, recipients: &recipients };
        let (begun, before) = (Instant::now(), timing::process_seconds());
        let made = file::copy(opened()?, &Place::File(copy.clone()), Some(&kept), true, &how)?;
        let seconds = begun.elapsed().as_secs_f64();
        let cpu_s = before.and_then(|before| Some(timing::process_seconds()? - before));
        let opened = self.check(&original).map_err(here(&original))? == made.copied.blake3;
        let bytes = made.copied.bytes;
        let seal = self.seal(&lines, bytes, &recipients)?;
        let length = |path: &Path| fs::metadata(path).map(|meta| meta.len()).map_err(here(path));
        let size = Size {
            messages,
            bytes,
            original_bytes: length(&original)?,
            copy_bytes: length(&copy)?,
            whole: Rate::of(usize::try_from(messages).unwrap_or(usize::MAX), seconds),
            mb_s: megabytes(bytes) / seconds.max(1e-9),
            cpu_s,
            cpu_ns_per_message: cpu_s.map(|cpu| cpu * 1e9 / real(messages.max(1))),
            learn_s,
            seal,
            peak_mib: timing::peak_mib(),
            opened,
        };
        for path in [&lines, &copy, &original] {
            fs::remove_file(path).map_err(here(path))?;
        }
        Ok(size)
    }

    /// The hash of a sealed original's lines.
    fn check(&self, original: &Path) -> io::Result<Option<[u8; 32]>> {
        let failed = |error: SealError| io::Error::other(error.to_string());
        let opened =
            sealed::open(File::open(original)?, std::slice::from_ref(&self.identity)).map_err(failed)?;
        let mut lines = zstd::Decoder::new(opened)?;
        let (mut hash, mut buffer) = (blake3::Hasher::new(), vec![0; PIECE]);
        loop {
            match lines.read(&mut buffer)? {
                0 => return Ok(Some(hash.finalize().into())),
                count => hash.update(buffer.get(..count).unwrap_or_default()),
            };
        }
    }

    fn seal(&self, lines: &Path, bytes: u64, recipients: &[Recipient]) -> Result<Sealing, FileError> {
        let (begun, before) = (Instant::now(), timing::process_seconds());
        let file = File::open(lines).map_err(here(lines))?;
        sealed::pack(file, recipients, self.options.threads, io::sink())?;
        let seconds = begun.elapsed().as_secs_f64();
        let cpu =
            before.and_then(|before| Some(timing::process_seconds()? - before)).filter(|cpu| *cpu > 0.0);
        Ok(Sealing {
            mb_s: megabytes(bytes) / seconds.max(1e-9),
            mb_per_cpu_s: cpu.map(|cpu| megabytes(bytes) / cpu),
        })
    }

    fn parts(&self, lines: &[u8], count: usize) -> io::Result<Parts> {
        let fields = Fields::chat();
        let rewriter = || Lines::new(&self.detector, &self.roster.members, &self.pseudonyms, &fields);
        let mut copy = Vec::new();
        let whole: Vec<&[u8]> = pieces(lines).collect();
        for piece in &whole {
            rewriter().rewrite(piece, &mut copy);
        }
        let mut frames = Frames::new()?;
        let packed = |lines: &[u8], frames: &mut Frames| -> io::Result<Vec<u8>> {
            lines.chunks(PIECE).try_fold(Vec::new(), |mut all, piece| {
                all.extend(frames.frame(piece)?);
                Ok(all)
            })
        };
        let (packed_lines, packed_copy) = (packed(lines, &mut frames)?, packed(&copy, &mut frames)?);
        let (mut scratch, mut worker) = (Vec::new(), rewriter());
        let recipients = [self.identity.recipient()];
        let mut parts = Parts {
            rewrite: best(count, || {
                for piece in &whole {
                    scratch.clear();
                    worker.rewrite(piece, &mut scratch);
                }
            }),
            blake3: best(count, || {
                std::hint::black_box(blake3::hash(lines));
            }),
            pack_original: best(count, || {
                let _ = std::hint::black_box(packed(lines, &mut frames));
            }),
            pack_copy: best(count, || {
                let _ = std::hint::black_box(packed(&copy, &mut frames));
            }),
            seal: best(count, || {
                let _ = sealed::seal(packed_lines.as_slice(), &recipients, io::sink());
            }),
            hash_copy: best(count, || {
                std::hint::black_box(Sha256::digest(&packed_copy));
            }),
            sum_ns_per_message: 0.0,
        };
        let all =
            [parts.rewrite, parts.blake3, parts.pack_original, parts.pack_copy, parts.seal, parts.hash_copy];
        parts.sum_ns_per_message = all.iter().map(|rate| rate.ns_per_message).sum();
        Ok(parts)
    }
}

/// Whole lines of about a piece each.
fn pieces(mut lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let most = lines.len().min(PIECE);
        let end = memchr::memrchr(b'\n', lines.get(..most)?)? + 1;
        let (piece, rest) = lines.split_at(end);
        lines = rest;
        Some(piece)
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts, shown")]
fn real(count: u64) -> f64 {
    count as f64
}

fn megabytes(bytes: u64) -> f64 {
    real(bytes) / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_run_makes_both_files_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let options = ArchiveOptions { seed: 3, messages: vec![300, 2_000], threads: 2 };
        let figures = archive(dir.path(), &options).unwrap();
        for (size, messages) in figures.sizes.iter().zip([300, 2_000]) {
            assert!(size.opened && size.messages == messages && size.whole.messages_per_s > 0.0, "{size:?}");
            assert!(
                size.bytes > 140 * messages && size.copy_bytes > 0 && size.original_bytes < size.bytes,
                "{size:?}"
            );
        }
        assert!(figures.parts.sum_ns_per_message > 0.0 && figures.quality.structured_recall > 0.98);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

//! Originals at rest: files sealed with age (age-encryption.org/v1, X25519), which anybody's `age` opens who has the identity.
//!
//! Sealing and opening stream: some chunks of 64 KiB are held. What was cut off or altered is an error at the chunk where it happened, and never a shorter
//! text: only the last chunk may end a file.

use std::fmt;
use std::io::{self, Read, Write};
use std::str::FromStr as _;

use adjourn_domain::canonical::{Hash, canonical_json};
use age::secrecy::ExposeSecret as _;
use age::{DecryptError, Decryptor, Encryptor, x25519};
use sha2::{Digest as _, Sha256};

use crate::chunks::{self, Chunk, Ended, Work};
use crate::staging::{ArchiveError, Staging};

/// Ending of a sealed file's name.
pub const ENDING: &str = ".age";
/// How a sealed file begins.
pub const BEGINS: &[u8] = b"age-encryption.org/v1\n";
/// Most recipients of one file.
pub const MAX_RECIPIENTS: usize = 20;
/// zstd level of records.
const LEVEL: i32 = 9;
/// zstd level where a file is packed while it passes: higher ones take longer than all the rest, and save a sixth.
const FAST: i32 = 1;
/// The table in which zstd looks for what was there already, as a power of two: with the level's own 14 it misses more, and its output is a
/// hundredth larger.
const TABLE: u32 = 16;
/// Longest identity file, in bytes.
const MAX_IDENTITIES: usize = 64 * 1024;

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// It is no X25519 recipient (`age1…`).
    #[error("not a recipient: {0}")]
    Recipient(String),
    /// There is none, or there are too many.
    #[error("{0} recipients")]
    Recipients(usize),
    /// There is no X25519 identity (`AGE-SECRET-KEY-1…`) in it.
    #[error("no identity")]
    Identity,
    /// It is sealed to others.
    #[error("sealed to others")]
    Others,
    /// It is no sealed file, or its head was altered.
    #[error("{0}")]
    Form(String),
    /// Reading or writing failed; what was altered or cut off is such a failure, see [`is_damage`].
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Why the records of an export could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The export can't be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// Whether reading failed because what is sealed was altered or cut off.
pub fn is_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// To whom something is sealed.
#[derive(Clone)]
pub struct Recipient(x25519::Recipient);

impl Recipient {
    /// Reads a recipient.
    ///
    /// # Errors
    /// [`SealError::Recipient`], with what stands there: a recipient is no secret.
    pub fn parse(text: &str) -> Result<Self, SealError> {
        x25519::Recipient::from_str(text.trim())
            .map(Self)
            .map_err(|_| SealError::Recipient(text.trim().chars().take(80).collect()))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What opens a sealed file. It can't be printed.
pub struct Identity(x25519::Identity);

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

impl Identity {
    /// A new one, from the system's randomness.
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// Its recipient.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// The line that an identity file has for it, with its end. To be kept sealed.
    pub fn secret(&self) -> Vec<u8> {
        format!("{}\n", self.0.to_string().expose_secret()).into_bytes()
    }

    /// The identities of a file as `age-keygen` writes it: a line each, `#` for remarks.
    ///
    /// # Errors
    /// [`SealError::Identity`] when there is none in it, or a line is something else.
    pub fn parse(text: &[u8]) -> Result<Vec<Self>, SealError> {
        let text = text.get(..text.len().min(MAX_IDENTITIES)).unwrap_or_default();
        let text = std::str::from_utf8(text).map_err(|_| SealError::Identity)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let all: Result<Vec<Self>, _> =
            lines.map(|line| x25519::Identity::from_str(line).map(Self)).collect();
        all.ok().filter(|all| !all.is_empty()).ok_or(SealError::Identity)
    }
}

/// What was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of what went in.
    pub plain: Hash,
    /// Its size in bytes.
    pub bytes: u64,
}

/// Seals what is written to it.
pub struct Sealing<W: Write> {
    to: age::stream::StreamWriter<W>,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Sealing<W> {
    /// Begins a sealed file.
    ///
    /// # Errors
    /// [`SealError::Recipients`], or when it can't be written.
    pub fn new(recipients: &[Recipient], to: W) -> Result<Self, SealError> {
        if recipients.is_empty() || recipients.len() > MAX_RECIPIENTS {
            return Err(SealError::Recipients(recipients.len()));
        }
        let all = recipients.iter().map(|recipient| &recipient.0 as &dyn age::Recipient);
        let encryptor =
            Encryptor::with_recipients(all).map_err(|error| SealError::Form(error.to_string()))?;
        Ok(Self { to: encryptor.wrap_output(to)?, hash: Sha256::new(), bytes: 0 })
    }

    /// Writes the last chunk and gives what was written to.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(self) -> io::Result<(W, Sealed)> {
        let mut to = self.to.finish()?;
        to.flush()?;
        Ok((to, Sealed { plain: Hash(self.hash.finalize().into()), bytes: self.bytes }))
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.to.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Packs pieces of a file, each as a zstd frame of its own with a checksum: one after another they are one file to `zstd`.
pub(crate) struct Frames(zstd::bulk::Compressor<'static>);

impl Frames {
    pub(crate) fn new() -> io::Result<Self> {
        let mut frames = zstd::bulk::Compressor::new(FAST)?;
        frames.include_checksum(true)?;
        frames.set_parameter(zstd::zstd_safe::CParameter::HashLog(TABLE))?;
        Ok(Self(frames))
    }

    pub(crate) fn frame(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.0.compress(bytes)
    }
}

/// Seals all of `from`.
///
/// # Errors
/// [`SealError`].
pub fn seal(mut from: impl Read, recipients: &[Recipient], to: impl Write) -> Result<Sealed, SealError> {
    let mut sealing = Sealing::new(recipients, to)?;
    io::copy(&mut from, &mut sealing)?;
    Ok(sealing.finish()?.1)
}

/// What was packed and sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// What was sealed: the frames of zstd.
    pub sealed: Sealed,
    /// BLAKE3 of what went in.
    pub blake3: [u8; 32],
    /// Its size in bytes.
    pub bytes: u64,
}

struct Packer(Frames);

impl Work for Packer {
    type Made = Vec<u8>;

    fn work(&mut self, chunk: &Chunk) -> io::Result<Vec<u8>> {
        self.0.frame(&chunk.bytes)
    }
}

/// Packs all of `from` as frames of zstd, on several threads, and seals them.
///
/// # Errors
/// [`SealError`].
pub fn pack(
    from: impl Read + Send,
    recipients: &[Recipient],
    threads: usize,
    to: impl Write,
) -> Result<Packed, SealError> {
    let mut sealing = Sealing::new(recipients, to)?;
    let workers: io::Result<Vec<_>> = (0..threads.max(1)).map(|_| Frames::new().map(Packer)).collect();
    let (input, _) = chunks::run(from, true, workers?, |frame| sealing.write_all(&frame)).map_err(
        |ended| match ended {
            Ended::Read(error) | Ended::Work(error) | Ended::Take(error) => SealError::Io(error),
            Ended::Thread => SealError::Io(io::Error::other("a thread ended")),
        },
    )?;
    let (_, sealed) = sealing.finish()?;
    Ok(Packed { sealed, blake3: input.blake3.unwrap_or_default(), bytes: input.bytes })
}

/// Seals the records of an export as canonical JSON lines in one zstd frame, and gives what was written to.
///
/// # Errors
/// When the export can't be read, or the file not written.
pub fn records<W: Write>(
    staging: &Staging,
    recipients: &[Recipient],
    to: W,
) -> Result<(W, Sealed), RecordsError> {
    let sealing = Sealing::new(recipients, to)?;
    let mut packed = zstd::Encoder::new(sealing, LEVEL).map_err(SealError::Io)?;
    packed.include_checksum(true).map_err(SealError::Io)?;
    staging.each(|record| {
        let mut line = canonical_json(record).map_err(ArchiveError::from)?;
        line.push(b'\n');
        packed.write_all(&line).map_err(SealError::Io)?;
        Ok::<(), RecordsError>(())
    })?;
    Ok(packed.finish().and_then(Sealing::finish).map_err(SealError::Io)?)
}

/// Opens a sealed file: what is read from the result is what was sealed.
///
/// # Errors
/// [`SealError::Others`] when no identity fits, [`SealError::Form`] when it is something else or its head was altered.
pub fn open<R: Read>(from: R, identities: &[Identity]) -> Result<impl Read + use<R>, SealError> {
    let failed = |error: DecryptError| match error {
        DecryptError::NoMatchingKeys => SealError::Others,
        DecryptError::Io(error) if !is_damage(&error) => SealError::Io(error),
        error => SealError::Form(error.to_string()),
    };
    let decryptor = Decryptor::new_buffered(io::BufReader::new(from)).map_err(failed)?;
    decryptor.decrypt(identities.iter().map(|identity| &identity.0 as &dyn age::Identity)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(sealed: &[u8], identity: &Identity) -> Result<Vec<u8>, SealError> {
        let mut plain = Vec::new();
        open(sealed, std::slice::from_ref(identity))?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    #[test]
    fn only_the_identity_opens_and_what_was_altered_or_cut_off_is_an_error() {
        let (ours, theirs) = (Identity::generate(), Identity::generate());
        let plain = b"0123456789abcdef".repeat(10_000);
        let mut sealed = Vec::new();
        let made = seal(plain.as_slice(), &[ours.recipient(), Identity::generate().recipient()], &mut sealed);
        assert_eq!(made.unwrap(), Sealed { plain: Hash::of(&plain), bytes: plain.len() as u64 });
        assert!(sealed.starts_with(BEGINS));
        assert_eq!(opened(&sealed, &ours).unwrap(), plain);
        assert!(matches!(opened(&sealed, &theirs), Err(SealError::Others)));
        let again = Identity::parse(&[b"# remark\n".as_slice(), &ours.secret()].concat()).unwrap();
        assert_eq!(opened(&sealed, &again[0]).unwrap(), plain);

        // Every cut at a chunk's edge and beside it, and a bit in head, first and last chunk.
        let head = sealed.windows(5).position(|at| at == b"\n--- ").unwrap();
        let chunks = sealed.len() - plain.len() - 3 * 16;
        for cut in [10, head + 3, chunks, chunks + 65_552, chunks + 65_553, sealed.len() - 1] {
            let error = opened(&sealed[..cut], &ours).unwrap_err();
            let told = match &error {
                SealError::Form(_) => true,
                SealError::Io(error) => is_damage(error),
                _ => false,
            };
            assert!(told, "{cut}: {error:?}");
        }
        for at in [30, head + 10, chunks + 5, sealed.len() - 1] {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(opened(&altered, &ours).is_err(), "{at}");
        }
        assert!(matches!(Recipient::parse("age1nothing"), Err(SealError::Recipient(_))));
        assert!(matches!(seal(&b""[..], &[], Vec::new()), Err(SealError::Recipients(0))));
        assert!(!format!("{ours:?}").contains("SECRET"));
    }
}

//! Reading and writing an archive line by line, plain or in zstd.
//!
//! A line that can't be read is listed and the reading goes on: one bad line loses nobody else's message. A file that ends in the middle of a zstd frame
//! gives every whole line before that, and then the error.

use std::io::{self, BufRead, BufReader, Read, Write};

use adjourn_domain::canonical::CanonicalError;

use super::Line;

/// Longest line, in bytes. A longer one is skipped without being held.
pub const MAX_LINE: usize = 16 * 1024 * 1024;
/// How a zstd frame begins (RFC 8878, 3.1.1).
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Largest window that a zstd frame may ask for, as a power of two: 128 MiB, what the `zstd` tool takes without a flag.
const MAX_WINDOW: u32 = 27;
/// zstd level of what is written.
const LEVEL: i32 = 3;

/// Why a line was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineFault {
    /// It is longer than [`MAX_LINE`].
    TooLong,
    /// It is not UTF-8.
    Encoding,
    /// It is no JSON.
    Json,
    /// It is JSON, and none of an archive's lines.
    Shape,
}

/// A line that was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// Why.
    pub why: LineFault,
}

/// A file could not be read or written on.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Reading or writing failed; a zstd frame that is cut off or damaged is such a failure.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line has no canonical form.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

/// Reads an archive.
pub struct Reader<'a> {
    input: Box<dyn BufRead + Send + 'a>,
    compressed: bool,
    line: u64,
    buffer: Vec<u8>,
}

impl<'a> Reader<'a> {
    /// A reader of plain JSON lines or of zstd, whichever it is.
    ///
    /// # Errors
    /// When the first bytes can't be read.
    pub fn new(input: impl Read + Send + 'a) -> io::Result<Self> {
        let mut input = BufReader::with_capacity(256 * 1024, input);
        let compressed = input.fill_buf()?.starts_with(&ZSTD);
        let input: Box<dyn BufRead + Send + 'a> = if compressed {
            let mut decoder = zstd::Decoder::with_buffer(input)?;
            decoder.window_log_max(MAX_WINDOW)?;
            Box::new(BufReader::with_capacity(256 * 1024, decoder))
        } else {
            Box::new(input)
        };
        Ok(Self { input, compressed, line: 0, buffer: Vec::new() })
    }

    /// Whether it is zstd.
    pub fn compressed(&self) -> bool {
        self.compressed
    }

    /// The next line or what is wrong with it; `None` at the end. Empty lines are passed over.
    ///
    /// # Errors
    /// When the file can't be read on.
    pub fn next_line(&mut self) -> io::Result<Option<Result<Line, BadLine>>> {
        let parsed = self.next_text()?.map(|text| text.and_then(|(line, text)| parse(line, text)));
        Ok(parsed)
    }

    /// The next line as it stands there, with its number; for those who read other things than an archive's lines as well.
    ///
    /// # Errors
    /// When the file can't be read on.
    pub fn next_text(&mut self) -> io::Result<Option<Result<(u64, &str), BadLine>>> {
        loop {
            self.buffer.clear();
            let read = (&mut self.input).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut self.buffer)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            let ended = self.buffer.last() == Some(&b'\n');
            if !ended && read > MAX_LINE {
                self.skip_rest()?;
                return Ok(Some(Err(self.bad(LineFault::TooLong))));
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        let text = std::str::from_utf8(&self.buffer).map_err(|_| self.bad(LineFault::Encoding));
        Ok(Some(text.map(|text| (self.line, text))))
    }

    fn bad(&self, why: LineFault) -> BadLine {
        BadLine { line: self.line, why }
    }

    /// Reads to the end of a line without keeping it.
    fn skip_rest(&mut self) -> io::Result<()> {
        loop {
            let bytes = self.input.fill_buf()?;
            let (used, done) = match memchr::memchr(b'\n', bytes) {
                Some(at) => (at + 1, true),
                None => (bytes.len(), bytes.is_empty()),
            };
            self.input.consume(used);
            if done {
                return Ok(());
            }
        }
    }
}

fn parse(line: u64, text: &str) -> Result<Line, BadLine> {
    serde_json::from_str(text).map_err(|error| {
        // The untagged record hides which error it was; whether it is JSON at all tells more.
        let json = error.is_data() || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        BadLine { line, why: if json { LineFault::Shape } else { LineFault::Json } }
    })
}

/// Writes an archive.
pub struct Writer<W: Write> {
    to: To<W>,
    lines: u64,
}

enum To<W: Write> {
    Plain(W),
    Zstd(Box<zstd::Encoder<'static, W>>),
}

impl<W: Write> Writer<W> {
    /// Writes plain lines.
    pub fn plain(to: W) -> Self {
        Self { to: To::Plain(to), lines: 0 }
    }

    /// Writes one zstd frame with a checksum.
    ///
    /// # Errors
    /// When zstd can't be set up.
    pub fn zstd(to: W) -> io::Result<Self> {
        let mut encoder = zstd::Encoder::new(to, LEVEL)?;
        encoder.include_checksum(true)?;
        Ok(Self { to: To::Zstd(Box::new(encoder)), lines: 0 })
    }

    /// Writes a line.
    ///
    /// # Errors
    /// When it has no canonical form, or the disk refuses.
    pub fn write(&mut self, line: &Line) -> Result<(), FileError> {
        let mut bytes = line.canonical()?;
        bytes.push(b'\n');
        match &mut self.to {
            To::Plain(to) => to.write_all(&bytes)?,
            To::Zstd(to) => to.write_all(&bytes)?,
        }
        self.lines += 1;
        Ok(())
    }

    /// Lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Ends the file and gives what was written to.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(self) -> io::Result<W> {
        let mut to = match self.to {
            To::Plain(to) => to,
            To::Zstd(encoder) => encoder.finish()?,
        };
        to.flush()?;
        Ok(to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::full;
    use super::*;

    fn read(bytes: &[u8]) -> (Vec<Line>, Vec<BadLine>, Option<io::Error>) {
        let (mut lines, mut bad) = (Vec::new(), Vec::new());
        let mut reader = Reader::new(bytes).unwrap();
        loop {
            match reader.next_line() {
                Ok(Some(Ok(line))) => lines.push(line),
                Ok(Some(Err(fault))) => bad.push(fault),
                Ok(None) => return (lines, bad, None),
                Err(error) => return (lines, bad, Some(error)),
            }
        }
    }

    #[test]
    fn what_is_written_comes_back_plain_and_compressed() {
        let mut plain = Writer::plain(Vec::new());
        let mut packed = Writer::zstd(Vec::new()).unwrap();
        for line in full() {
            plain.write(&line).unwrap();
            packed.write(&line).unwrap();
        }
        let (plain, packed) = (plain.finish().unwrap(), packed.finish().unwrap());
        assert_eq!(zstd::decode_all(packed.as_slice()).unwrap(), plain);
        for bytes in [&plain, &packed] {
            let (lines, bad, error) = read(bytes);
            assert!(lines == full() && bad.is_empty() && error.is_none());
        }
    }

    #[test]
    fn bad_lines_are_listed_and_the_good_ones_around_them_are_kept() {
        let good = full().pop().unwrap().canonical().unwrap();
        let mut bytes = good.clone();
        bytes.extend_from_slice(b"\n\n{\"id\":\n\xff\xfe\n{\"a\":1}\n");
        bytes.extend(std::iter::repeat_n(b'x', MAX_LINE + 10));
        bytes.push(b'\n');
        bytes.extend_from_slice(&good);
        let (lines, bad, error) = read(&bytes);
        assert_eq!(lines.len(), 2);
        assert!(error.is_none());
        let of = |line, why| BadLine { line, why };
        let expected = [
            of(3, LineFault::Json),
            of(4, LineFault::Encoding),
            of(5, LineFault::Shape),
            of(6, LineFault::TooLong),
        ];
        assert_eq!(bad, expected);
    }

    #[test]
    fn a_frame_that_is_cut_off_gives_what_is_before_it_and_then_an_error() {
        let mut bytes = Vec::new();
        for line in full() {
            let mut writer = Writer::zstd(Vec::new()).unwrap();
            writer.write(&line).unwrap();
            bytes.extend(writer.finish().unwrap());
        }
        bytes.truncate(bytes.len() - 7);
        let (lines, _, error) = read(&bytes);
        assert!(lines.len() >= 3, "{}", lines.len());
        assert!(error.is_some());
    }
}

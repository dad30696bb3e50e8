//! A tar file, plain or in gzip, read as it is: POSIX ustar and pax (IEEE 1003.1), and GNU's long names.
//!
//! Its table of contents is made by reading it once. An entry is read from where the last one ended; for one that lies before, it is read again from the
//! beginning, since gzip can't be entered in the middle.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::ImportError;
use super::source::{FREE_GROWTH, MAX_FILES, MAX_GROWTH, Spoiled, read_full};

/// A block.
const BLOCK: usize = 512;
/// Longest name or pax record, in bytes.
const MAX_EXTRA: u64 = 64 * 1024;
/// How gzip begins (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A tar file.
pub(super) struct Tar {
    path: PathBuf,
    entries: BTreeMap<String, Place>,
    stream: Stream,
}

/// Where an entry lies.
#[derive(Clone, Copy)]
struct Place {
    at: u64,
    bytes: u64,
}

/// What comes out of it, and how far that is read.
struct Stream {
    from: Box<dyn Read + Send>,
    at: u64,
    room: u64,
}

impl Tar {
    /// Opens a tar file; `None` where it is none.
    ///
    /// # Errors
    /// [`ImportError`]: cut off or damaged, entries that would lie elsewhere, links, more than such a file holds.
    pub(super) fn open(path: &Path) -> Result<Option<Self>, ImportError> {
        let mut stream = Stream::open(path)?;
        let mut block = [0; BLOCK];
        // What can't be unpacked to its first block is something else, and is told as such.
        match read_full(&mut stream, &mut block) {
            Ok(BLOCK) if is_header(&block) => {}
            _ => return Ok(None),
        }
        let mut entries = BTreeMap::new();
        let (mut long, mut size) = (None, None);
        loop {
            if block.iter().all(|byte| *byte == 0) {
                break;
            }
            if !is_header(&block) || !is_sound(&block) {
                return Err(ImportError::Package("a header in it is damaged".to_owned()));
            }
            let stated = number(block.get(124..136).unwrap_or_default())
                .ok_or_else(|| ImportError::Package("a size in it is damaged".to_owned()))?;
            match block.get(156).copied().unwrap_or(0) {
                b'L' | b'x' => {
                    let extra = extra(&mut stream, stated)?;
                    if block.get(156) == Some(&b'L') {
                        long = Some(text(&extra).to_owned());
                    } else {
                        pax(&extra, &mut long, &mut size);
                    }
                }
                // What holds for all entries says nothing about where they lie.
                b'g' => drop(extra(&mut stream, stated)?),
                kind => {
                    let name = long.take().unwrap_or_else(|| name(&block));
                    let bytes = size.take().unwrap_or(stated);
                    let file = matches!(kind, b'0' | 0 | b'7');
                    if !file && kind != b'5' {
                        return Err(ImportError::Place(name));
                    }
                    let place = Place { at: stream.at, bytes };
                    if file {
                        let name = inside(&name).ok_or(ImportError::Place(name))?;
                        if entries.insert(name.clone(), place).is_some() {
                            return Err(ImportError::Place(name));
                        }
                    }
                    if entries.len() > MAX_FILES {
                        return Err(ImportError::Package(format!("more than {MAX_FILES} files")));
                    }
                    stream.skip(padded(bytes))?;
                }
            }
            match read_full(&mut stream, &mut block)? {
                BLOCK => {}
                // Some tools leave the two empty blocks at the end out.
                0 => break,
                _ => return Err(cut().into()),
            }
        }
        // What is behind the end says whether the whole of it is as it was packed: gzip has its sum there.
        io::copy(&mut stream, &mut io::sink())?;
        Ok(Some(Self { path: path.to_owned(), entries, stream }))
    }

    /// The names of its files.
    pub(super) fn names(&self) -> BTreeMap<String, String> {
        self.entries.keys().map(|name| (name.clone(), name.clone())).collect()
    }

    /// Bytes of a file.
    pub(super) fn bytes(&self, name: &str) -> u64 {
        self.entries.get(name).map_or(0, |place| place.bytes)
    }

    /// Reads a file from its beginning.
    pub(super) fn read(&mut self, name: &str) -> Result<impl Read + Send + '_, ImportError> {
        let place = *self.entries.get(name).ok_or_else(|| ImportError::Missing(name.to_owned()))?;
        if self.stream.at > place.at {
            self.stream = Stream::open(&self.path)?;
        }
        self.stream.skip(place.at - self.stream.at)?;
        Ok(Entry { stream: &mut self.stream, left: place.bytes })
    }
}

/// An entry that is read.
struct Entry<'a> {
    stream: &'a mut Stream,
    left: u64,
}

impl Read for Entry<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let Some(buffer) = buffer.get_mut(..most).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let read = self.stream.read(buffer)?;
        if read == 0 {
            return Err(cut());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

impl Stream {
    fn open(path: &Path) -> Result<Self, ImportError> {
        let at = |source| ImportError::Io { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(at)?;
        let packed = file.metadata().map_err(at)?.len();
        let mut magic = [0; 2];
        let gzip = read_full(&mut file, &mut magic).map_err(at)? == 2 && magic == GZIP;
        io::Seek::rewind(&mut file).map_err(at)?;
        let file = BufReader::with_capacity(1 << 16, file);
        let (from, room): (Box<dyn Read + Send>, u64) = if gzip {
            let room = packed.saturating_mul(MAX_GROWTH).saturating_add(FREE_GROWTH);
            (Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file))), room)
        } else {
            (Box::new(file), packed)
        };
        Ok(Self { from, at: 0, room })
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.by_ref().take(bytes), &mut io::sink())?;
        if skipped == bytes { Ok(()) } else { Err(cut()) }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            _ if error.raw_os_error().is_some() => error,
            _ => io::Error::other(Spoiled::Damaged(error.to_string())),
        })?;
        self.at += read as u64;
        if self.at > self.room {
            return Err(io::Error::other(Spoiled::Bomb));
        }
        Ok(read)
    }
}

fn cut() -> io::Error {
    io::Error::other(Spoiled::Damaged("it is cut off".to_owned()))
}

/// Where a tar file says that it is one.
fn is_header(block: &[u8; BLOCK]) -> bool {
    block.get(257..262) == Some(b"ustar")
}

/// Whether the header's sum is right: of all bytes, those of the sum itself taken as spaces.
fn is_sound(block: &[u8; BLOCK]) -> bool {
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { u64::from(b' ') } else { u64::from(*byte) })
        .sum();
    number(block.get(148..156).unwrap_or_default()) == Some(sum)
}

/// A number in octal digits, or in GNU's binary form.
fn number(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|first| first & 0x80 != 0) {
        let (high, low) = field.split_at_checked(field.len().checked_sub(8)?)?;
        let small = high.iter().enumerate().all(|(at, byte)| *byte == if at == 0 { 0x80 } else { 0 });
        return small.then(|| low.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)));
    }
    u64::from_str_radix(text(field).trim(), 8).ok()
}

/// The text of a field, up to its zero. What is no UTF-8 is no name that we take.
fn text(field: &[u8]) -> &str {
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    field.get(..end).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or_default()
}

fn name(block: &[u8; BLOCK]) -> String {
    let (name, folder) =
        (text(block.get(..100).unwrap_or_default()), text(block.get(345..500).unwrap_or_default()));
    // GNU's own headers have other things where ustar has the folder.
    let posix = block.get(257..263) == Some(b"ustar\0");
    if posix && !folder.is_empty() { format!("{folder}/{name}") } else { name.to_owned() }
}

fn extra(stream: &mut Stream, bytes: u64) -> Result<Vec<u8>, ImportError> {
    if bytes > MAX_EXTRA {
        return Err(ImportError::Package("a name in it is too long".to_owned()));
    }
    let mut extra = vec![0; usize::try_from(padded(bytes)).unwrap_or(0)];
    if read_full(stream, &mut extra)? < extra.len() {
        return Err(cut().into());
    }
    extra.truncate(usize::try_from(bytes).unwrap_or(0));
    Ok(extra)
}

/// What a pax header says of the entry behind it: `LENGTH KEY=VALUE` and a line's end, one after the other.
fn pax(extra: &[u8], name: &mut Option<String>, size: &mut Option<u64>) {
    let mut rest = extra;
    while let Some(space) = memchr::memchr(b' ', rest) {
        let length =
            rest.get(..space).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
        let Some((record, behind)) = length.and_then(|length| rest.split_at_checked(length)) else { return };
        let record = record.get(space + 1..).unwrap_or_default().strip_suffix(b"\n").unwrap_or_default();
        match std::str::from_utf8(record).ok().and_then(|record| record.split_once('=')) {
            Some(("path", value)) => *name = Some(value.to_owned()),
            Some(("size", value)) => *size = value.parse().ok(),
            _ => {}
        }
        rest = behind;
    }
}

fn padded(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64)
}

/// The name of an entry below the folder; `None` for one that leads out of it.
fn inside(name: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    (!parts.is_empty() && !name.contains(['\\', '\0'])).then(|| parts.join("/"))
}

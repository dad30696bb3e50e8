//! Pictures that people hand in: what they tell about device, place and person is taken out, and what is no picture is cut off. The picture itself
//! stays as it is, byte for byte.
//!
//! Nothing is decoded, so no picture can be a bomb for us, and what a screenshot shows is not changed by a lossy codec. Of each format only the parts
//! that draw are copied, by a list of what is allowed: a part that nobody knows is not kept. What can't be walked from its first to its last part is
//! no picture.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use adjourn_domain::canonical::Hash;

mod gif;
mod jpeg;
mod png;
mod webp;

/// Largest picture, in bytes.
const MAX_PICTURE: u64 = 50 * 1024 * 1024;
/// Most pixels of a picture: a phone's camera has 50 million, a long screenshot fewer. More would be a bomb for whoever opens it.
const MAX_PIXELS: u64 = 120_000_000;
/// Bytes that tell what a file is.
const HEAD: usize = 16;

/// A picture without what it told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `png`, `jpeg`, `webp` or `gif`.
    pub format: &'static str,
    /// The picture.
    pub bytes: Vec<u8>,
    /// SHA-256 of the file as it came, if anything was taken out.
    pub original: Option<Hash>,
}

/// What a format's walker found: the parts that draw, and how large the picture is.
struct Walked {
    bytes: Vec<u8>,
    width: u64,
    height: u64,
}

/// The format that the first bytes say, if it is one that can be cleaned.
pub fn format(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(png::MAGIC) {
        Some("png")
    } else if head.starts_with(jpeg::MAGIC) {
        Some("jpeg")
    } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        Some("gif")
    } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        Some("webp")
    } else {
        None
    }
}

/// A picture without what it tells; `None` when it is none, is broken, or has more pixels than anybody should open.
pub fn cleaned(original: &[u8]) -> Option<Picture> {
    let format = format(original)?;
    let walked = match format {
        "png" => png::walk(original)?,
        "jpeg" => jpeg::walk(original)?,
        "gif" => gif::walk(original)?,
        _ => webp::walk(original)?,
    };
    let pixels = walked.width.checked_mul(walked.height)?;
    if !(1..=MAX_PIXELS).contains(&pixels) {
        return None;
    }
    let original = (walked.bytes != original).then(|| Hash::of(original));
    Some(Picture { format, bytes: walked.bytes, original })
}

/// Reads a file as a picture; `None` as [`cleaned`].
///
/// # Errors
/// When it can't be read.
pub fn read(path: &Path) -> std::io::Result<Option<Picture>> {
    let mut file = fs::File::open(path)?;
    let mut head = Vec::with_capacity(HEAD);
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if format(&head).is_none() || file.metadata()?.len() > MAX_PICTURE {
        return Ok(None);
    }
    Ok(cleaned(&fs::read(path)?))
}

/// A big-endian number of two or four bytes.
fn big(bytes: Option<&[u8]>) -> Option<u64> {
    Some(bytes?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// A little-endian number of two to four bytes.
fn little(bytes: Option<&[u8]>) -> Option<u64> {
    Some(bytes?.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests;

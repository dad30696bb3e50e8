//! PNG (W3C, <https://www.w3.org/TR/png-3/>, section 5): chunks of length, kind, data and checksum.

use super::{Walked, big};

pub(super) const MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that draw: size, colours, pixels, frames of an animation. Words, times, what a camera writes, profiles that name a device, and whatever
/// nobody knows are not among them.
const DRAWS: [&[u8]; 13] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"acTL",
    b"fcTL", b"fdAT",
];

/// Up to its end; what follows is no picture.
pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    let mut out = MAGIC.to_vec();
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let size = rest.get(4..16).filter(|head| head.starts_with(b"IHDR"))?;
    let (width, height) = (big(size.get(4..8))?, big(size.get(8..12))?);
    let mut drawn = false;
    loop {
        let length = usize::try_from(big(rest.get(..4))?).ok()?;
        let kind = rest.get(4..8)?;
        let chunk = rest.get(..length.checked_add(12)?)?;
        if DRAWS.contains(&kind) {
            out.extend_from_slice(chunk);
        }
        drawn |= kind == b"IDAT";
        rest = rest.get(chunk.len()..)?;
        if kind == b"IEND" {
            return (drawn && length == 0).then_some(Walked { bytes: out, width, height });
        }
    }
}

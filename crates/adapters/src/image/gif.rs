//! GIF (CompuServe, GIF89a, <https://www.w3.org/Graphics/GIF/spec-gif89a.txt>): a screen, then blocks up to the trailer.

use super::{Walked, little};

/// Up to the trailer, without comments, words, and what applications wrote, but for how often an animation is shown.
pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    let (width, height) = (little(bytes.get(6..8))?, little(bytes.get(8..10))?);
    let head = 13 + table(*bytes.get(10)?);
    let mut out = bytes.get(..head)?.to_vec();
    let mut rest = bytes.get(head..)?;
    let mut drawn = false;
    loop {
        let (length, keep) = match *rest.first()? {
            0x3b if drawn => {
                out.push(0x3b);
                return Some(Walked { bytes: out, width, height });
            }
            // An image: place, size, perhaps colours, code size, data.
            0x2c => {
                drawn = true;
                let head = 10 + table(*rest.get(9)?) + 1;
                (head + blocks(rest.get(head..)?)?, true)
            }
            0x21 => {
                let data = rest.get(2..)?;
                let keep = match *rest.get(1)? {
                    // How a frame follows another.
                    0xf9 => data.first() == Some(&4),
                    0xff => data.starts_with(b"\x0bNETSCAPE2.0\x03\x01") && data.get(16) == Some(&0),
                    _ => false,
                };
                (2 + blocks(data)?, keep)
            }
            _ => return None,
        };
        if keep {
            out.extend_from_slice(rest.get(..length)?);
        }
        rest = rest.get(length..)?;
    }
}

/// Length of a table of colours, as the flags before it say.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Length of data in blocks, with the empty one that ends it.
fn blocks(data: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let length = usize::from(*data.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

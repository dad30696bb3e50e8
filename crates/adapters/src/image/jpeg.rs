//! JPEG (ITU-T T.81, annex B): segments up to the end of the image. A phone writes a second picture, a film or its own notes behind that end.

use super::{Walked, big};

pub(super) const MAGIC: &[u8] = b"\xff\xd8\xff";
const SOS: u8 = 0xda;
const EOI: u8 = 0xd9;
/// JFIF's header without a small picture in it: version 1.1, no unit, 1:1.
const JFIF: &[u8] = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00";

/// From segment to segment; the first end of image is the end.
pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    let mut out = bytes.get(..2)?.to_vec();
    let mut rest = bytes.get(2..)?;
    let mut size = None;
    loop {
        let (&mark, &kind) = (rest.first()?, rest.get(1)?);
        if mark != 0xff {
            return None;
        }
        match kind {
            // Fill bytes.
            0xff => {
                rest = rest.get(1..)?;
                continue;
            }
            EOI => {
                out.extend_from_slice(&[0xff, EOI]);
                let (width, height) = size?;
                return Some(Walked { bytes: out, width, height });
            }
            // Markers without a length stand only in scans.
            0x00 | 0x01 | 0xd0..=0xd8 => return None,
            _ => {}
        }
        let length = usize::try_from(big(rest.get(2..4))?).ok()?.checked_add(2)?;
        let segment = rest.get(..length)?;
        // Frame headers, but for tables of Huffman (c4), arithmetic coding (cc) and an extension (c8).
        if (0xc0..=0xcf).contains(&kind) && !matches!(kind, 0xc4 | 0xc8 | 0xcc) {
            size = Some((big(segment.get(7..9))?, big(segment.get(5..7))?));
        }
        let mut end = segment.len();
        if kind == SOS {
            end += scan(rest.get(segment.len()..)?)?;
        }
        match kind {
            0xe0 if segment.get(4..9) == Some(b"JFIF\0") => out.extend_from_slice(JFIF),
            // How its colours are meant: Adobe's transform. A profile names a device, and can hold anything.
            0xee if segment.get(4..9) == Some(b"Adobe") => out.extend_from_slice(segment.get(..16)?),
            // Applications' segments, comments, and what is reserved.
            0xe0..=0xfe => {}
            _ => out.extend_from_slice(rest.get(..end)?),
        }
        rest = rest.get(end..)?;
    }
}

/// Length of a scan's coded data: up to the next marker that is not one of its own.
fn scan(data: &[u8]) -> Option<usize> {
    let pairs = data.windows(2);
    let ends = |pair: &[u8]| matches!(pair, [0xff, kind] if !matches!(kind, 0x00 | 0xd0..=0xd7 | 0xff));
    pairs.into_iter().position(ends)
}

//! WebP (RFC 9649): chunks in a RIFF file, some of which are frames with chunks of their own.

use super::{Walked, little};

/// Chunks that draw.
const DRAWS: [&[u8]; 6] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"];
/// Flags of an extended file: profile, Exif and XMP are not there any more.
const TOLD: u8 = 0x20 | 0x08 | 0x04;
/// Length of what stands in a frame before its chunks.
const FRAME: usize = 16;

/// Its chunks that draw, in a file of the right length.
pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    let length = usize::try_from(little(bytes.get(4..8))?).ok()?;
    let body = bytes.get(12..length.checked_add(8)?)?;
    let mut size = None;
    let chunks = chunks(body, &mut size, true)?;
    let (width, height) = size?;
    let length = u32::try_from(chunks.len() + 4).ok()?;
    let bytes = [b"RIFF", &length.to_le_bytes()[..], b"WEBP", &chunks].concat();
    Some(Walked { bytes, width, height })
}

/// Copies the chunks that draw. The first one says how large the picture is.
fn chunks(mut rest: &[u8], size: &mut Option<(u64, u64)>, outer: bool) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let kind = rest.get(..4)?;
        let length = usize::try_from(little(rest.get(4..8))?).ok()?;
        let data = rest.get(8..length.checked_add(8)?)?;
        if size.is_none() {
            *size = Some(measured(kind, data)?);
        }
        let kept = match kind {
            b"VP8X" if outer => {
                let (flags, more) = data.split_first()?;
                Some([&[flags & !TOLD][..], more].concat())
            }
            b"ANMF" if outer => {
                let (frame, inner) = data.split_at_checked(FRAME)?;
                Some([frame, &chunks(inner, size, false)?].concat())
            }
            b"VP8X" | b"ANMF" => None,
            kind => DRAWS.contains(&kind).then(|| data.to_vec()),
        };
        if let Some(kept) = kept {
            out.extend_from_slice(kind);
            out.extend_from_slice(&u32::try_from(kept.len()).ok()?.to_le_bytes());
            out.extend_from_slice(&kept);
            // Chunks begin at even places.
            out.resize(out.len() + kept.len() % 2, 0);
        }
        // The last chunk of some writers lacks its padding.
        rest = rest.get(8 + length + length % 2..).unwrap_or_default();
    }
    Some(out)
}

/// Width and height, as the first chunk has them.
fn measured(kind: &[u8], data: &[u8]) -> Option<(u64, u64)> {
    match kind {
        b"VP8X" => Some((little(data.get(4..7))? + 1, little(data.get(7..10))? + 1)),
        b"VP8 " if data.get(3..6) == Some(b"\x9d\x01\x2a") => {
            Some((little(data.get(6..8))? & 0x3fff, little(data.get(8..10))? & 0x3fff))
        }
        b"VP8L" if data.first() == Some(&0x2f) => {
            let bits = little(data.get(1..5))?;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => None,
    }
}

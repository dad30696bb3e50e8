//! Pictures that people hand in: what they tell about device, place and person is taken out, the picture itself stays as
//! it is, byte for byte.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use adjourn_domain::canonical::Hash;

/// Largest picture, in bytes.
const MAX_PICTURE: u64 = 50 * 1024 * 1024;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff";
/// Chunks of a PNG that hold no picture but words, times and what a camera writes.
const TOLD: [&[u8]; 5] = [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"];

/// A picture without what it told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `png` or `jpeg`.
    pub format: &'static str,
    /// The picture.
    pub bytes: Vec<u8>,
    /// SHA-256 of the file as it came, if anything was taken out.
    pub original: Option<Hash>,
}

/// Reads a file as a picture; `None` when it is none, or is broken.
///
/// # Errors
/// When it can't be read.
pub fn read(path: &Path) -> std::io::Result<Option<Picture>> {
    let mut file = fs::File::open(path)?;
    let mut head = [0; 8];
    let known = file.read_exact(&mut head).is_ok() && (head == PNG || head.starts_with(JPEG));
    if !known || file.metadata()?.len() > MAX_PICTURE {
        return Ok(None);
    }
    let original = fs::read(path)?;
    let stripped = if head == PNG { png(&original) } else { jpeg(&original) };
    Ok(stripped.map(|bytes| Picture {
        format: if head == PNG { "png" } else { "jpeg" },
        original: (bytes != original).then(|| Hash::of(&original)),
        bytes,
    }))
}

/// A PNG up to its end, without chunks that tell.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = PNG.to_vec();
    let mut rest = bytes.strip_prefix(PNG)?;
    loop {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let kind = rest.get(4..8)?;
        let chunk = rest.get(..length.checked_add(12)?)?;
        if !TOLD.contains(&kind) {
            out.extend_from_slice(chunk);
        }
        rest = rest.get(chunk.len()..)?;
        if kind == b"IEND" {
            // What follows the end is no picture.
            return Some(out);
        }
    }
}

/// A JPEG without comments and without application segments other than those that say how its colours are meant.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..2)?.to_vec();
    let mut rest = bytes.get(2..)?;
    loop {
        let (&mark, &kind) = (rest.first()?, rest.get(1)?);
        if mark != 0xff {
            return None;
        }
        if kind == 0xda {
            let end = rest.windows(2).rposition(|pair| pair == b"\xff\xd9")?;
            out.extend_from_slice(rest.get(..end + 2)?);
            return Some(out);
        }
        let length = usize::from(u16::from_be_bytes(rest.get(2..4)?.try_into().ok()?));
        let segment = rest.get(..length.checked_add(2)?)?;
        // JFIF, ICC profile and Adobe's transform are needed to show it.
        let told = kind == 0xfe || (0xe0..=0xef).contains(&kind) && !matches!(kind, 0xe0 | 0xe2 | 0xee);
        if !told {
            out.extend_from_slice(segment);
        }
        rest = rest.get(segment.len()..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        [&u32::try_from(data.len()).unwrap().to_be_bytes(), kind, data, b"crc!"].concat()
    }

    fn written(name: &str, bytes: &[u8]) -> Option<Picture> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        read(&path).unwrap()
    }

    #[test]
    fn a_png_loses_what_it_tells_and_nothing_else() {
        let (head, data, end) =
            (chunk(b"IHDR", b"13 bytes here"), chunk(b"IDAT", b"pixels"), chunk(b"IEND", b""));
        let plain = [PNG, &head, &data, &end].concat();
        let told =
            [PNG, &head, &chunk(b"eXIf", b"gps"), &chunk(b"tEXt", b"who"), &data, &end, b"tail"].concat();
        let picture = written("x.png", &told).unwrap();
        assert_eq!((picture.bytes, picture.original), (plain.clone(), Some(Hash::of(&told))));
        assert_eq!(written("x.png", &plain).unwrap().original, None);
        for cut in 8..plain.len() {
            assert_eq!(written("x.png", &plain[..cut]), None, "{cut}");
        }
    }

    #[test]
    fn a_jpeg_loses_exif_and_comments() {
        let segment = |kind: u8, data: &[u8]| {
            let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
            [&[0xff, kind], &length[..], data].concat()
        };
        let scan = [&segment(0xda, b"\0")[..], b"scan data \xff\x00 more", b"\xff\xd9"].concat();
        let tables = [segment(0xe0, b"JFIF\0"), segment(0xdb, b"table")].concat();
        let plain = [b"\xff\xd8", &tables[..], &scan].concat();
        let told =
            [b"\xff\xd8", &segment(0xe1, b"Exif\0\0gps")[..], &segment(0xfe, b"me"), &tables, &scan, b"tail"]
                .concat();
        let picture = written("x.jpg", &told).unwrap();
        assert_eq!((picture.format, picture.bytes), ("jpeg", plain));
        assert_eq!(written("x.jpg", b"\xff\xd8\xff\xe1\xff\xff too short"), None);
        assert_eq!(written("x.csv", b"Time,Sender,Content"), None);
    }
}

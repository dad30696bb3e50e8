//! Files that people hand in as evidence: what they are is read from their bytes, what they tell beside what they show is taken out, and what could
//! act when somebody opens it is refused.
//!
//! | what | becomes |
//! |---|---|
//! | JPEG, PNG, WebP, GIF | cleaned ([`crate::image`]) |
//! | text: CSV, JSON, plain | kept as it came |
//! | PDF without scripts and other files in it, workbooks and ZIP | kept as it came |
//! | HTML, SVG and XML; PDF with scripts or more behind its end | refused, `upload.active` |
//! | pictures that can't be read, or have too many pixels | refused, `upload.picture` |
//! | anything else | refused, `upload.kind` |

use adjourn_app::AppError;
use adjourn_domain::canonical::Hash;
use adjourn_domain::upload::file_name;

use crate::image;

/// How far from its start a text is looked at for markup.
const LOOK: usize = 64 * 1024;
/// What only a page or a drawing with markup has in it, in lower case.
const MARKUP: [&[u8]; 10] = [
    b"<!doctype",
    b"<html",
    b"<svg",
    b"<script",
    b"<?xml",
    b"<iframe",
    b"<object",
    b"<embed",
    b"<body",
    b"<head",
];
/// What makes a PDF act, or carries other files.
const ACTS: [&[u8]; 5] = [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia"];
/// The end of a ZIP's list, which lies within so many bytes of its end.
const ZIP_END: (&[u8], usize) = (b"PK\x05\x06", 66 * 1024);

/// A file that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    /// Its name: harmless, with an ending of what it is.
    pub name: String,
    /// What it is, a slug.
    pub format: &'static str,
    /// What is kept.
    pub bytes: Vec<u8>,
    /// SHA-256 of the file as it came, if anything was taken out.
    pub original: Option<Hash>,
}

/// Reads a file and takes out what it tells.
///
/// # Errors
/// `upload.active`, `upload.picture`, `upload.kind`.
pub fn clean(name: &str, bytes: &[u8]) -> Result<Clean, AppError> {
    let name = file_name(name);
    let refused = |code: &'static str| AppError::new(code).with("file", &name);
    if image::format(bytes).is_some() {
        let picture = image::cleaned(bytes).ok_or_else(|| refused("upload.picture"))?;
        let (name, bytes) = (ending(&name, picture.format), picture.bytes);
        return Ok(Clean { name, format: picture.format, bytes, original: picture.original });
    }
    let zip = bytes.get(bytes.len().saturating_sub(ZIP_END.1)..).is_some_and(|end| holds(end, ZIP_END.0));
    let format = if bytes.starts_with(b"%PDF-") {
        if zip || ACTS.iter().any(|act| holds(bytes, act)) {
            return Err(refused("upload.active"));
        }
        "pdf"
    } else if bytes.starts_with(b"PK\x03\x04") && zip {
        "zip"
    } else if is_text(bytes) {
        let head = bytes.get(..LOOK).unwrap_or(bytes).to_ascii_lowercase();
        if MARKUP.iter().any(|mark| holds(&head, mark)) {
            return Err(refused("upload.active"));
        }
        "text"
    } else {
        return Err(refused("upload.kind"));
    };
    Ok(Clean { name: ending(&name, format), format, bytes: bytes.to_vec(), original: None })
}

/// A name with an ending of what it is.
fn ending(name: &str, format: &str) -> String {
    let endings: &[&str] = match format {
        "jpeg" => &["jpeg", "jpg"],
        "zip" => &["zip", "xlsx", "docx"],
        "text" => &["txt", "csv", "json", "jsonl", "md", "log"],
        format => &[format],
    };
    let (stem, said) = name.rsplit_once('.').unwrap_or((name, ""));
    if endings.contains(&said.to_ascii_lowercase().as_str()) {
        return name.to_owned();
    }
    // What was no ending belongs to the name.
    let stem = if (2..=5).contains(&said.len()) { stem } else { name };
    format!("{stem}.{}", endings.first().unwrap_or(&format))
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Text in UTF-8, or in the encoding of Chinese spreadsheets: no control characters but those of lines.
fn is_text(bytes: &[u8]) -> bool {
    let plain = |byte: &u8| *byte >= 0x20 && *byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    let utf8 = std::str::from_utf8(bytes).is_ok();
    // Bytes of two-byte characters lie in pairs; a binary file does not get far.
    let double = || {
        let mut rest = bytes;
        while let Some((first, more)) = rest.split_first() {
            rest = match (first, more.first()) {
                (0..=0x7f, _) => more,
                (0x81..=0xfe, Some(0x30..=0x39 | 0x40..=0x7e | 0x80..=0xfe)) => {
                    more.get(1..).unwrap_or_default()
                }
                _ => return false,
            };
        }
        true
    };
    bytes.iter().all(plain) && (utf8 || double())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> &'static str {
        clean("x.png", bytes).map_or_else(|error| error.code(), |clean| clean.format)
    }

    #[test]
    fn what_a_file_is_is_read_from_its_bytes() {
        for (bytes, what) in [
            (&b"simulated"[..], "text"),
            (b"\xef\xbb\xbfa,b\r\n1,2\r\n", "text"),
            (b"\xc8\xba,\xc3\xfb\r\n", "text"),
            (b"%PDF-1.7\n1 0 obj << /Type /Page >> endobj\n%%EOF", "pdf"),
            (b"PK\x03\x04 a sheet PK\x05\x06\0\0", "zip"),
            (b"%PDF-1.7\n<< /S /JavaScript /JS (app.alert(1)) >>", "upload.active"),
            (b"%PDF-1.7\n%%EOF PK\x03\x04 more PK\x05\x06", "upload.active"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "upload.active"),
            (b"\n\n <!DOCTYPE html><title>x</title>", "upload.active"),
            (b"words, then <ScRiPt>alert(1)</script>", "upload.active"),
            (b"\x89PNG\r\n\x1a\nsimulated", "upload.picture"),
            (b"\xff\xd8\xff\xe0<script>", "upload.picture"),
            (b"MZ\x90\0\x03", "upload.kind"),
            (b"\x7fELF\x02\x01", "upload.kind"),
            (b"\0\0\0\x18ftypheic", "upload.kind"),
        ] {
            assert_eq!(code(bytes), what, "{bytes:?}");
        }
    }

    #[test]
    fn a_name_ends_as_the_file_is() {
        for (name, is) in [("a.png", "a.png"), ("a.JPG", "a.png"), ("a", "a.png"), ("v1.2", "v1.2.png")] {
            assert_eq!(ending(name, "png"), is);
        }
        assert_eq!(ending("a.JPG", "jpeg"), "a.JPG");
        assert_eq!(
            (ending("a.exe", "text"), ending("a.xlsx", "zip")),
            ("a.txt".to_owned(), "a.xlsx".to_owned())
        );
    }
}

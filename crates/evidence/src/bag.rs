//! BagIt 1.0 (RFC 8493) with SHA-256: what the writer and the validator share.
//!
//! A bag is a folder:
//!
//! ```text
//! bagit.txt                 version and encoding
//! bag-info.txt              date, Payload-Oxum, who and what
//! manifest-sha256.txt       hash and path of every payload file
//! tagmanifest-sha256.txt    hash and path of the three files above
//! data/…                    the payload
//! ```
//!
//! The **bag hash** is the SHA-256 of `tagmanifest-sha256.txt`. It covers the three other tag files, and
//! the manifest among them covers every byte of the payload, so it names the whole bag.
//!
//! We write manifests in one way only (LF, two spaces, lower-case hex, sorted by the bytes of the path)
//! and the validator accepts that way only. So a bag can't be changed in a way that goes unnoticed, the
//! tag manifest included, which no other file covers.

use std::collections::BTreeMap;

use adjourn_domain::canonical::Hash;

pub use crate::bag_read::{FileEntry, Files, Inspection, inspect, validate};
pub use crate::bag_write::{BagError, BagInfo, BagWriter, PayloadFile, SealedBag};

/// The declaration that every bag starts with.
pub const BAGIT_TXT: &str = "bagit.txt";
/// The file with the bag's metadata.
pub const BAG_INFO: &str = "bag-info.txt";
/// The manifest of the payload.
pub const MANIFEST: &str = "manifest-sha256.txt";
/// The manifest of the tag files.
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";
/// The folder of the payload.
pub const PAYLOAD: &str = "data";

/// The content of `bagit.txt`.
pub(crate) const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
/// No path in a bag may be longer.
pub(crate) const MAX_PATH_BYTES: usize = 4096;

/// Is this a path that stays inside the folder it starts from, with `/` between its parts?
pub(crate) fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= MAX_PATH_BYTES
        && !path.contains('\0')
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// A path as manifests write it: `%`, CR and LF are percent-encoded (RFC 8493 section 2.1.3).
pub(crate) fn encode_path(path: &str) -> String {
    path.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The path that a manifest means; `None` if a percent sign stands for anything else.
pub(crate) fn decode_path(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut path = parts.next()?.to_owned();
    for part in parts {
        let (code, rest) = part.split_at_checked(2)?;
        path.push(match code {
            "25" => '%',
            "0D" | "0d" => '\r',
            "0A" | "0a" => '\n',
            _ => return None,
        });
        path.push_str(rest);
    }
    Some(path)
}

/// A manifest in our one way of writing it.
pub(crate) fn manifest_text(files: &BTreeMap<String, Hash>) -> String {
    let mut text = String::new();
    for (path, hash) in files {
        text.extend([&hash.to_hex(), "  ", &encode_path(path), "\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_not_inside() {
        for bad in ["", "/a", "../a", "a/../b", "a//b", "a/.", "./a", "a/", "a\0b"] {
            assert!(!is_inside(bad), "{bad:?}");
        }
        for good in ["a", "a/b", "a..b/.c", "\u{7fa4}/\u{804a}.txt"] {
            assert!(is_inside(good), "{good:?}");
        }
        assert!(!is_inside(&"a".repeat(MAX_PATH_BYTES + 1)));
    }

    #[test]
    fn only_the_three_codes_of_the_rfc_decode() {
        assert_eq!(encode_path("100%\r\n"), "100%25%0D%0A");
        assert_eq!(decode_path("100%25%0d%0A"), Some("100%\r\n".into()));
        assert_eq!(decode_path("a%2Fb"), None);
        assert_eq!(decode_path("a%"), None);
    }

    proptest! {
        #[test]
        fn encoding_a_path_can_be_turned_back(path in ".*") {
            prop_assert_eq!(decode_path(&encode_path(&path)), Some(path));
        }
    }
}

//! The leaf of the transparency log, written by hand.
//!
//! The bytes are those of [`Header::leaf`] (RFC 8785), which a test holds them to; writing them without a
//! serializer costs a tenth, and the writer thread makes one for every row of the journal.

use std::io::Write as _;

use adjourn_domain::canonical::Hash;
use adjourn_domain::event::Header;

/// SHA-256(0x00 ‖ canonical header), the leaf hash of RFC 9162. `buffer` is scratch space.
pub(crate) fn leaf_hash(header: &HeaderRef<'_>, buffer: &mut Vec<u8>) -> Hash {
    buffer.clear();
    buffer.push(0);
    write_canonical(header, buffer);
    Hash::of(buffer)
}

/// A header that owns nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeaderRef<'a> {
    pub(crate) seq: u64,
    pub(crate) stream: &'a str,
    pub(crate) version: u64,
    pub(crate) kind: &'a str,
    pub(crate) at: adjourn_domain::time::Time,
    pub(crate) actor: &'a str,
    pub(crate) commitment: &'a Hash,
}

impl<'a> From<&'a Header> for HeaderRef<'a> {
    fn from(header: &'a Header) -> Self {
        Self {
            seq: header.seq,
            stream: header.stream.as_str(),
            version: header.version,
            kind: &header.kind,
            at: header.at,
            actor: &header.actor,
            commitment: &header.commitment,
        }
    }
}

/// Names sorted as RFC 8785 wants them. Numbers are below 2^53 (SQLite's rows would not fit otherwise), where a
/// canonical number is the plain decimal.
fn write_canonical(header: &HeaderRef<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"actor\":");
    write_string(header.actor, out);
    // Writing to a vector can't fail.
    let _ = write!(out, ",\"at\":\"{}\",\"commitment\":\"", header.at);
    write_hex(&header.commitment.0, out);
    out.extend_from_slice(b"\",\"kind\":");
    write_string(header.kind, out);
    let _ = write!(out, ",\"seq\":{},\"stream\":", header.seq);
    write_string(header.stream, out);
    let _ = write!(out, ",\"version\":{}}}", header.version);
}

fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.extend_from_slice(text.as_bytes());
    } else {
        for byte in text.bytes() {
            match byte {
                b'"' => out.extend_from_slice(b"\\\""),
                b'\\' => out.extend_from_slice(b"\\\\"),
                8 => out.extend_from_slice(b"\\b"),
                9 => out.extend_from_slice(b"\\t"),
                10 => out.extend_from_slice(b"\\n"),
                12 => out.extend_from_slice(b"\\f"),
                13 => out.extend_from_slice(b"\\r"),
                control @ 0..=31 => {
                    out.extend_from_slice(b"\\u00");
                    write_hex(&[control], out);
                }
                plain => out.push(plain),
            }
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use adjourn_domain::ids::StreamId;
    use adjourn_domain::time::Time;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn bytes_are_those_of_the_canonical_header(
            seq in 1_u64..(1 << 53),
            version in 1_u64..(1 << 53),
            millis in any::<i64>(),
            stream in any::<String>(),
            kind in "[\u{0}-\u{7f}]{0,40}",
            actor in any::<String>(),
            commitment in any::<[u8; 32]>(),
        ) {
            let header = Header {
                seq,
                stream: StreamId(stream),
                version,
                kind,
                at: Time::from_millis(millis),
                actor,
                commitment: Hash(commitment),
            };
            let mut bytes = Vec::new();
            write_canonical(&HeaderRef::from(&header), &mut bytes);
            prop_assert_eq!(&bytes, &header.leaf().unwrap());
            let hash = leaf_hash(&HeaderRef::from(&header), &mut bytes);
            prop_assert_eq!(hash, Hash::of_parts(&[&[0], &header.leaf().unwrap()]));
        }
    }

    #[test]
    fn every_control_character_is_escaped_the_same() {
        let odd: String =
            (0..=0x9f_u32).chain([0x2028, 0xfeff, 0x1_f600]).filter_map(char::from_u32).collect();
        let mut bytes = Vec::new();
        write_string(&odd, &mut bytes);
        assert_eq!(bytes, adjourn_domain::canonical::canonical_json(&odd).unwrap());
    }
}

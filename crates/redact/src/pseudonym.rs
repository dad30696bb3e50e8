//! Pseudonyms: what stands where an identifier stood.
//!
//! A pseudonym is a keyed hash (BLAKE3 in keyed mode) of the identifier in its plain form, apart for each kind and each scope. The same identifier has the
//! same pseudonym within a scope, however it was written; without the key nobody can compute one, and once the key is destroyed nobody ever can. An unkeyed
//! hash would be no protection: there are few enough telephone numbers to try them all.

use std::fmt;

use std::io::Write as _;

use crate::cells::Cells;
use crate::fold;
use crate::format;
use crate::kind::{Kind, Span};
use crate::lexicon::{Lexicon, Map};
use crate::members::Members;

/// Characters of a pseudonym's hash: ten of five bits keep a million people apart with a probability of 99.95 %.
const LENGTH: usize = 10;
/// Crockford's alphabet: no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The language of the labels in pseudonyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// Chinese words.
    Chinese,
    /// The kinds' names.
    English,
}

/// Makes pseudonyms under one key.
pub struct Pseudonyms {
    key: [u8; 32],
    scope: Vec<u8>,
    labels: Labels,
    keep_format: bool,
    /// The members' pseudonyms, which are made once.
    members: Map<u32, (u64, String)>,
}

impl fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonyms")
    }
}

impl Pseudonyms {
    /// Pseudonyms of a scope: one archive, or several where a person is to have the same pseudonym across them. The key has 32 bytes of chance and is
    /// kept apart from the texts.
    pub fn new(key: [u8; 32], scope: &str, labels: Labels) -> Self {
        Self { key, scope: scope.as_bytes().to_vec(), labels, keep_format: false, members: Map::default() }
    }

    /// Writes numbers and e-mail addresses in their own form, digit for digit with their separators, in ranges that nobody has: mobile and landline numbers,
    /// resident identity numbers, cards, QQ numbers. Few digits make few pseudonyms, so two short numbers may get the same one; and a listed person's number
    /// is a number, not the person.
    #[must_use]
    pub fn keeping_format(mut self) -> Self {
        self.keep_format = true;
        self
    }

    /// Makes the pseudonyms of listed members. Somebody's is that of their first name on the list, so that it is the same where no list names them.
    #[must_use]
    pub fn with_members(mut self, members: &Members) -> Self {
        for (person, identity) in members.identities() {
            let mut text = String::new();
            let bits = self.write(Kind::Person, identity, &mut text);
            self.members.insert(person, (bits, text));
        }
        self
    }

    /// Writes the pseudonym of an identifier, as it was written, to the end of a text; gives the number behind it.
    pub fn write(&self, kind: Kind, identifier: &str, out: &mut String) -> u64 {
        let mut plain = String::with_capacity(identifier.len());
        canonical(kind, identifier, &mut plain);
        if self.keep_format && format::kept(kind) {
            let hash = self.hash(kind, plain.as_bytes(), b"format");
            if format::write(kind, identifier, &plain, &hash, out) {
                return bits(&hash);
            }
        }
        self.put(kind, plain.as_bytes(), b"value", out)
    }

    /// Writes the pseudonym of a person of the list, the same under each of their names and accounts.
    pub fn write_person(&self, person: u32, out: &mut String) -> u64 {
        match self.members.get(&person) {
            Some((bits, text)) => {
                out.push_str(text);
                *bits
            }
            None => self.put(Kind::Person, &person.to_le_bytes(), b"person", out),
        }
    }

    /// Writes the pseudonym of what a span of a text covers.
    pub fn write_span(&self, text: &str, span: &Span, out: &mut String) -> u64 {
        match span.person {
            Some(person) if !(self.keep_format && format::kept(span.kind)) => self.write_person(person, out),
            _ => self.write(span.kind, text.get(span.start..span.end).unwrap_or_default(), out),
        }
    }

    /// Writes a text with pseudonyms where something was found. What is outside the spans stays as it is, byte for byte.
    pub fn apply(&self, text: &str, spans: &[Span], out: &mut String) {
        let mut done = 0;
        for span in spans {
            out.push_str(text.get(done..span.start).unwrap_or_default());
            self.write_span(text, span, out);
            done = span.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
    }

    /// Writes twelve hexadecimal digits that only the key makes from a part of an id.
    pub(crate) fn write_hash(&self, hash: &str, out: &mut String) {
        let made = self.hash(Kind::Person, hash.as_bytes(), b"id").to_hex();
        out.push_str(made.get(..12).unwrap_or_default());
    }

    fn hash(&self, kind: Kind, value: &[u8], what: &[u8]) -> blake3::Hash {
        // Each part with its length, so that no two inputs are the same bytes; in one piece, and where it is short without asking for memory.
        let parts = [&self.scope[..], kind.slug().as_bytes(), what, value];
        let length = parts.iter().map(|part| 8 + part.len()).sum();
        let (mut short, mut long) = ([0; 192], Vec::new());
        let input = if let Some(short) = short.get_mut(..length) {
            short
        } else {
            long.resize(length, 0);
            &mut long
        };
        let mut rest = &mut *input;
        for part in parts {
            // It has this room.
            let _ = rest.write_all(&(part.len() as u64).to_le_bytes());
            let _ = rest.write_all(part);
        }
        blake3::keyed_hash(&self.key, input)
    }

    fn put(&self, kind: Kind, value: &[u8], what: &[u8], out: &mut String) -> u64 {
        let bits = bits(&self.hash(kind, value, what));
        let (open, close) = brackets(self.labels);
        out.push(open);
        out.push_str(Lexicon::label(kind, self.labels));
        out.push('#');
        let mut rest = bits;
        for _ in 0..LENGTH {
            let at = (rest >> 59) as usize;
            out.push(ALPHABET.get(at).map_or('0', |byte| char::from(*byte)));
            rest <<= 5;
        }
        out.push(close);
        bits
    }
}

/// The number behind a pseudonym.
fn bits(hash: &blake3::Hash) -> u64 {
    hash.as_bytes().iter().take(8).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte))
}

/// Tortoise-shell brackets, which people hardly type.
fn brackets(labels: Labels) -> (char, char) {
    match labels {
        Labels::Chinese => ('\u{3014}', '\u{3015}'),
        Labels::English => ('[', ']'),
    }
}

/// The plain form of an identifier: without what people write in one way or another.
pub(crate) fn canonical(kind: Kind, text: &str, out: &mut String) {
    match kind {
        Kind::Mobile | Kind::Landline | Kind::ResidentId | Kind::Card | Kind::Qq => {
            let mut digits = String::new();
            digits.extend(text.chars().filter_map(Cells::plain_digit));
            let short = match kind {
                // With or without the country's prefix it is the same telephone.
                Kind::Mobile => digits.get(digits.len().saturating_sub(11)..).unwrap_or(&digits),
                Kind::Landline => digits.strip_prefix("86").unwrap_or(&digits).trim_start_matches('0'),
                _ => &digits,
            };
            out.push_str(short);
        }
        Kind::Person | Kind::Address => {
            let letters = text.chars().filter(|c| !c.is_whitespace());
            out.extend(letters.map(|c| char::from_u32(fold::simplified(c as u32)).unwrap_or(c)));
        }
        _ => out.extend(text.chars().filter(|c| !c.is_whitespace()).map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c).to_ascii_lowercase(),
            c => c.to_ascii_lowercase(),
        })),
    }
}

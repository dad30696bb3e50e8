//! Signed notes and checkpoints, as C2SP defines them (signed-note, tlog-checkpoint), with Ed25519.
//!
//! A checkpoint names a log (its origin), how many entries it has and their root. Its text is signed:
//!
//! ```text
//! adjourn.example/log            origin
//! 1234                           size
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   root, base64
//! bundle 5f0c…                   extension lines, if any
//!                                (empty line)
//! — adjourn.example/log Az3grl…  key name, base64 of key hash (4 bytes) and signature (64 bytes)
//! ```
//!
//! Parsing is strict: there is one way to write a note, so that no byte of one can change unnoticed.

use adjourn_domain::canonical::{Hash, hex, unhex};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};

/// The algorithm byte of Ed25519 in signed-note.
const ED25519: u8 = 0x01;
/// No note of ours is longer; a longer one is refused before it is parsed.
const MAX_NOTE_BYTES: usize = 64 * 1024;
/// DER of a SubjectPublicKeyInfo with an Ed25519 key, up to the 32 bytes of the key.
pub(crate) const SPKI_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What is wrong with a note, a checkpoint or a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A key name is empty or holds a space, a plus or a control character.
    #[error("a key name must not be empty nor hold spaces, plus signs or control characters")]
    Name,
    /// The verifier key is not `name+hash+base64`.
    #[error("the verifier key is not of the form name+hash+key")]
    Key,
    /// The text is no signed note.
    #[error("this is not a signed note")]
    Form,
    /// The note has no signature by this key.
    #[error("the note has no signature by this key")]
    Unsigned,
    /// A signature by this key does not hold.
    #[error("the signature does not hold")]
    Signature,
    /// The note's text is no checkpoint.
    #[error("the text is not a checkpoint")]
    Checkpoint,
}

/// A log's public key with the name that it signs under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKey {
    name: String,
    key: VerifyingKey,
}

impl LogKey {
    /// The public half of the key with this 32-byte seed.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        Self::new(name, SigningKey::from_bytes(seed).verifying_key())
    }

    /// A key under a name.
    pub fn new(name: &str, key: VerifyingKey) -> Result<Self, NoteError> {
        if name.is_empty() || name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+') {
            return Err(NoteError::Name);
        }
        Ok(Self { name: name.to_owned(), key })
    }

    /// Parses `name+hash+base64(0x01 ‖ key)`; one newline at the end is allowed.
    pub fn parse(vkey: &str) -> Result<Self, NoteError> {
        let vkey = vkey.strip_suffix('\n').unwrap_or(vkey);
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let bytes = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let Some((&ED25519, key)) = bytes.split_first() else { return Err(NoteError::Key) };
        let key: [u8; 32] = key.try_into().map_err(|_| NoteError::Key)?;
        let key = Self::new(name, VerifyingKey::from_bytes(&key).map_err(|_| NoteError::Key)?)?;
        if unhex(hash).as_deref() == Some(&key.key_hash()) && key.to_vkey() == vkey {
            Ok(key)
        } else {
            Err(NoteError::Key)
        }
    }

    /// The name that the key signs under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The verifier key as text, without a newline.
    pub fn to_vkey(&self) -> String {
        format!("{}+{}+{}", self.name, hex(&self.key_hash()), STANDARD.encode(self.typed_key()))
    }

    /// The bare public key, 32 bytes in hex.
    pub fn public_hex(&self) -> String {
        hex(self.key.as_bytes())
    }

    /// The key as PEM (SubjectPublicKeyInfo), as `openssl pkeyutl -verify -rawin -pubin` wants it.
    pub fn to_pem(&self) -> String {
        let mut der = SPKI_PREFIX.to_vec();
        der.extend_from_slice(self.key.as_bytes());
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der))
    }

    /// Checks the note's signature by this key and gives the signed text.
    pub fn verify<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        let (text, signatures) = split(note)?;
        let mut signed = false;
        for line in signatures {
            if line.name != self.name || line.key_hash != self.key_hash() {
                continue;
            }
            let signature: [u8; 64] =
                line.signature.as_slice().try_into().map_err(|_| NoteError::Signature)?;
            self.key
                .verify_strict(text.as_bytes(), &Signature::from_bytes(&signature))
                .map_err(|_| NoteError::Signature)?;
            signed = true;
        }
        if signed { Ok(text) } else { Err(NoteError::Unsigned) }
    }

    fn key_hash(&self) -> [u8; 4] {
        let Hash([a, b, c, d, ..]) = Hash::of_parts(&[self.name.as_bytes(), b"\n", &self.typed_key()]);
        [a, b, c, d]
    }

    fn typed_key(&self) -> Vec<u8> {
        let mut typed = vec![ED25519];
        typed.extend_from_slice(self.key.as_bytes());
        typed
    }
}

/// Signs a note's text, which must end with a newline and hold no empty line, under a key name.
pub fn sign(text: &str, name: &str, seed: &[u8; 32]) -> Result<String, NoteError> {
    if !text.ends_with('\n') || text.starts_with('\n') || text.contains("\n\n") {
        return Err(NoteError::Form);
    }
    let key = SigningKey::from_bytes(seed);
    let log_key = LogKey::new(name, key.verifying_key())?;
    let mut blob = log_key.key_hash().to_vec();
    blob.extend_from_slice(&key.sign(text.as_bytes()).to_bytes());
    Ok(format!("{text}\n\u{2014} {name} {}\n", STANDARD.encode(blob)))
}

/// The state of a log: how many entries, and the root over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many entries the log has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// More lines that are signed along; none of them empty.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.0));
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Signs with the key of this seed, under the log's own name.
    pub fn sign(&self, seed: &[u8; 32]) -> Result<String, NoteError> {
        sign(&self.to_text(), &self.origin, seed)
    }

    /// Checks the note's signature and parses the checkpoint in it. The origin must be the key's name.
    pub fn open(note: &str, key: &LogKey) -> Result<Self, NoteError> {
        let checkpoint = Self::parse(key.verify(note)?)?;
        if checkpoint.origin == key.name { Ok(checkpoint) } else { Err(NoteError::Checkpoint) }
    }

    /// Parses a checkpoint's text, without any signature.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.strip_suffix('\n').ok_or(NoteError::Checkpoint)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(NoteError::Checkpoint);
        };
        let number: u64 = size.parse().map_err(|_| NoteError::Checkpoint)?;
        let root = STANDARD.decode(root).map_err(|_| NoteError::Checkpoint)?;
        let root = Hash(root.try_into().map_err(|_| NoteError::Checkpoint)?);
        if origin.is_empty() || number.to_string() != size {
            return Err(NoteError::Checkpoint);
        }
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(NoteError::Checkpoint);
        }
        Ok(Self { origin: origin.to_owned(), size: number, root, extensions })
    }
}

struct SignatureLine<'a> {
    name: &'a str,
    key_hash: [u8; 4],
    signature: Vec<u8>,
}

/// The signed text (with its last newline) and the signature lines of a note.
fn split(note: &str) -> Result<(&str, Vec<SignatureLine<'_>>), NoteError> {
    if note.len() > MAX_NOTE_BYTES || note.chars().any(|c| c.is_control() && c != '\n') {
        return Err(NoteError::Form);
    }
    let at = note.rfind("\n\n").ok_or(NoteError::Form)?;
    let (text, rest) = note.split_at_checked(at + 1).ok_or(NoteError::Form)?;
    let lines = rest.strip_prefix('\n').and_then(|r| r.strip_suffix('\n')).ok_or(NoteError::Form)?;
    let signatures = lines.split('\n').map(signature_line).collect::<Option<Vec<_>>>();
    Ok((text, signatures.ok_or(NoteError::Form)?))
}

fn signature_line(line: &str) -> Option<SignatureLine<'_>> {
    let (name, blob) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let blob = STANDARD.decode(blob).ok()?;
    let (key_hash, signature) = blob.split_at_checked(4)?;
    if name.is_empty() || signature.is_empty() {
        return None;
    }
    Some(SignatureLine { name, key_hash: key_hash.try_into().ok()?, signature: signature.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: [u8; 32] = [7; 32];

    fn checkpoint() -> Checkpoint {
        let extensions = vec!["bundle 00".into(), "more".into()];
        Checkpoint { origin: "adjourn.test/log".into(), size: 42, root: Hash::of(b"root"), extensions }
    }

    #[test]
    fn the_published_example_of_the_format_verifies() {
        // From the documentation of Go's golang.org/x/mod/sumdb/note, which the C2SP format is taken from.
        let key =
            LogKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
        let note = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n\n\
                    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let text = key.verify(note).unwrap();
        assert!(text.starts_with("If you think") && text.ends_with("problem is.\n"));
        assert_eq!(key.verify(&note.replace("answer", "Answer")), Err(NoteError::Signature));
    }

    #[test]
    fn a_signed_checkpoint_opens_and_no_byte_of_it_can_change() {
        let key = LogKey::from_seed("adjourn.test/log", &SEED).unwrap();
        let note = checkpoint().sign(&SEED).unwrap();
        assert_eq!(Checkpoint::open(&note, &key), Ok(checkpoint()));
        for at in 0..note.len() {
            for bit in 0..8 {
                let mut bytes = note.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                if let Ok(changed) = String::from_utf8(bytes) {
                    assert!(Checkpoint::open(&changed, &key).is_err(), "byte {at} bit {bit}");
                }
            }
        }
    }

    #[test]
    fn another_key_another_name_or_another_origin_is_refused() {
        let note = checkpoint().sign(&SEED).unwrap();
        let other = LogKey::from_seed("adjourn.test/log", &[8; 32]).unwrap();
        assert_eq!(Checkpoint::open(&note, &other), Err(NoteError::Unsigned));
        let renamed = LogKey::from_seed("adjourn.test/other", &SEED).unwrap();
        assert_eq!(Checkpoint::open(&note, &renamed), Err(NoteError::Unsigned));
        let note = sign(&checkpoint().to_text(), "adjourn.test/other", &SEED).unwrap();
        assert_eq!(Checkpoint::open(&note, &renamed), Err(NoteError::Checkpoint));
    }

    #[test]
    fn a_second_signature_by_someone_else_is_passed_over() {
        let key = LogKey::from_seed("adjourn.test/log", &SEED).unwrap();
        let text = checkpoint().to_text();
        let own = sign(&text, "adjourn.test/log", &SEED).unwrap();
        let witness = sign(&text, "witness.test", &[9; 32]).unwrap();
        let line = witness.rsplit_once("\n\n").unwrap().1;
        assert_eq!(Checkpoint::open(&format!("{own}{line}"), &key), Ok(checkpoint()));
    }

    #[test]
    fn keys_round_trip_and_strange_ones_are_refused() {
        let key = LogKey::from_seed("adjourn.test/log", &SEED).unwrap();
        assert_eq!(LogKey::parse(&format!("{}\n", key.to_vkey())), Ok(key.clone()));
        for bad in ["", "a", "a+b", "a+00000000+AQ==", &key.to_vkey().replace("adjourn.test", "adjourn.best")]
        {
            assert!(LogKey::parse(bad).is_err(), "{bad}");
        }
        for name in ["", "a b", "a+b", "a\n"] {
            assert_eq!(LogKey::from_seed(name, &SEED), Err(NoteError::Name));
        }
        assert_eq!(sign("no newline", "a", &SEED), Err(NoteError::Form));
        assert_eq!(sign("two\n\nparts\n", "a", &SEED), Err(NoteError::Form));
        assert_eq!(Checkpoint::parse("a\n042\nAAAA\n"), Err(NoteError::Checkpoint));
        assert_eq!(Checkpoint::parse(&checkpoint().to_text()), Ok(checkpoint()));
        let mut empty_line = checkpoint();
        empty_line.extensions.push(String::new());
        assert_eq!(empty_line.sign(&SEED), Err(NoteError::Form));
    }
}

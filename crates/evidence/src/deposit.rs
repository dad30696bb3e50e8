//! Receipts of a keeper of evidence that is not ours. Fetching them is an adapter's work.
//!
//! A receipt is accepted if its file is canonical JSON, the key that it names (and the one that is expected, where one is)
//! signed the canonical bytes of its `receipt`, and that is about our digest. Whose the key is, is a question of its own:
//! without an expected key the answer is [`Trust::Unvouched`], never a silent yes.
//!
//! ```text
//! openssl pkeyutl -verify -rawin -pubin -inkey keeper.pem -in receipt.json -sigfile receipt.sig
//! ```
//!
//! is the same check by somebody else's code; docs/reference/deposit.md says how the three files are made from ours.

use std::path::Path;

use adjourn_domain::canonical::{CanonicalError, Hash, canonical_json};
use adjourn_domain::deposit::DepositReceipt;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bag::{TAG_MANIFEST, inspect};
use crate::finding::Finding;
use crate::layout::{ARCHIVE, ARCHIVE_DEPOSIT, CHECKPOINT, CHECKPOINT_DEPOSIT, GROUPS};
use crate::note::SPKI_PREFIX;
use crate::passkey::to_pem;
pub use crate::timestamp::Trust;

/// No receipt is longer; a longer one is refused before it is parsed.
pub const MAX_RECEIPT_BYTES: usize = 16 * 1024;

/// Why a receipt is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DepositError {
    /// The bytes are no receipt in canonical JSON, or far too many.
    #[error("this is not a deposit receipt in canonical JSON")]
    Form,
    /// It names another key than the expected one.
    #[error("the receipt names another key than the keeper's")]
    OtherKey,
    /// The signature does not hold.
    #[error("the signature of the receipt does not hold")]
    Signature,
    /// It is about something else.
    #[error("the receipt is about another digest")]
    Digest,
}

/// An Ed25519 public key of a keeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeeperKey(VerifyingKey);

impl KeeperKey {
    /// The public half of the key with this seed.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed).verifying_key())
    }

    /// Reads 32 bytes in base64, or a public key as PEM.
    pub fn parse(text: &str) -> Option<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("-----"));
        let bytes = STANDARD.decode(lines.collect::<String>()).ok()?;
        let key = bytes.strip_prefix(&SPKI_PREFIX).unwrap_or(&bytes);
        VerifyingKey::from_bytes(key.try_into().ok()?).ok().map(Self)
    }

    /// The 32 bytes in base64, as configuration and receipts have them.
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0.as_bytes())
    }

    /// As PEM, for openssl.
    pub fn to_pem(self) -> String {
        to_pem(&[SPKI_PREFIX.as_slice(), self.0.as_bytes()].concat())
    }
}

/// An accepted receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposited {
    /// What it says.
    pub receipt: DepositReceipt,
    /// Who signed it.
    pub key: KeeperKey,
    /// Whether that is the key that was expected.
    pub trust: Trust,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    key: String,
    receipt: Value,
    signature: String,
}

/// Signs a receipt, for keepers of ours: simulated ones.
pub fn sign(receipt: &DepositReceipt, seed: &[u8; 32]) -> Result<Vec<u8>, CanonicalError> {
    let signature = SigningKey::from_bytes(seed).sign(&canonical_json(receipt)?);
    canonical_json(&json!({
        "key": KeeperKey::from_seed(seed).to_base64(),
        "receipt": receipt,
        "signature": STANDARD.encode(signature.to_bytes()),
    }))
}

/// Checks a receipt for `digest`, by `expected` where that is given.
pub fn verify(bytes: &[u8], digest: &Hash, expected: Option<&KeeperKey>) -> Result<Deposited, DepositError> {
    let deposited = open(bytes, expected)?;
    if deposited.receipt.digest == *digest { Ok(deposited) } else { Err(DepositError::Digest) }
}

/// Checks a receipt, whatever it is about.
pub fn open(bytes: &[u8], expected: Option<&KeeperKey>) -> Result<Deposited, DepositError> {
    if bytes.len() > MAX_RECEIPT_BYTES {
        return Err(DepositError::Form);
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|_| DepositError::Form)?;
    if canonical_json(&value).ok().as_deref() != Some(bytes) {
        return Err(DepositError::Form);
    }
    let signed: Signed = serde_json::from_value(value).map_err(|_| DepositError::Form)?;
    let key = KeeperKey::parse(&signed.key).filter(|key| key.to_base64() == signed.key);
    let key = key.ok_or(DepositError::Form)?;
    if expected.is_some_and(|expected| *expected != key) {
        return Err(DepositError::OtherKey);
    }
    let signature: [u8; 64] = STANDARD
        .decode(&signed.signature)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(DepositError::Signature)?;
    let said = canonical_json(&signed.receipt).map_err(|_| DepositError::Form)?;
    key.0.verify_strict(&said, &Signature::from_bytes(&signature)).map_err(|_| DepositError::Signature)?;
    let receipt: DepositReceipt = serde_json::from_value(signed.receipt).map_err(|_| DepositError::Form)?;
    if !receipt.well_formed() {
        return Err(DepositError::Form);
    }
    let trust = if expected.is_some() { Trust::Vouched } else { Trust::Unvouched };
    Ok(Deposited { receipt, key, trust })
}

/// A receipt of a bundle, not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// Its path from the bundle's folder.
    pub file: String,
    /// SHA-256 of the file that it should be about, as it is now; `None` when that is not there.
    pub digest: Option<Hash>,
    /// The receipt.
    pub bytes: Vec<u8>,
}

/// The receipts that the bundle at `dir` carries, in the order of their paths. Whether the bundle is valid is another question.
pub fn carried(dir: &Path) -> Result<Vec<Carried>, Finding> {
    let files = inspect(dir).files;
    let groups = format!("data/{GROUPS}/");
    let mut pairs = vec![(format!("data/{CHECKPOINT_DEPOSIT}"), format!("data/{CHECKPOINT}"))];
    for (path, _) in files.below(&groups) {
        if let Some((group, name)) = path.split_once('/')
            && name == ARCHIVE_DEPOSIT
        {
            let folder = format!("{groups}{group}");
            pairs.push((format!("{folder}/{name}"), format!("{folder}/{ARCHIVE}/{TAG_MANIFEST}")));
        }
    }
    pairs.retain(|(file, _)| files.get(file).is_some());
    pairs
        .into_iter()
        .map(|(file, about)| {
            let bytes = files.read(&file, MAX_RECEIPT_BYTES as u64)?;
            Ok(Carried { digest: files.get(&about).map(|entry| entry.hash), file, bytes })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use adjourn_domain::deposit::RECEIPT_FORM;
    use adjourn_domain::time::Time;

    const SEED: [u8; 32] = [3; 32];
    const DIGEST: Hash = Hash([9; 32]);

    fn receipt() -> DepositReceipt {
        DepositReceipt {
            adjourn: RECEIPT_FORM.to_owned(),
            at: Time::from_millis(1_793_581_200_000),
            digest: DIGEST,
            issuer: "Keeper \u{5b58}\u{8bc1} \"A\"}".to_owned(),
            name: "c-1/g-1/archive".to_owned(),
            number: "2026-000017".to_owned(),
            simulated: false,
        }
    }

    /// Changes the signed document and writes it canonically.
    fn altered(change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut value: Value = serde_json::from_slice(&sign(&receipt(), &SEED).unwrap()).unwrap();
        change(&mut value);
        canonical_json(&value).unwrap()
    }

    fn refused(bytes: &[u8], key: Option<&KeeperKey>) -> DepositError {
        verify(bytes, &DIGEST, key).unwrap_err()
    }

    #[test]
    fn req_g8_a_receipt_holds_for_its_digest_and_key_and_for_no_other() {
        let (bytes, key) = (sign(&receipt(), &SEED).unwrap(), KeeperKey::from_seed(&SEED));
        let open = verify(&bytes, &DIGEST, None).unwrap();
        assert_eq!((&open.receipt, open.key, open.trust), (&receipt(), key, Trust::Unvouched));
        assert_eq!(verify(&bytes, &DIGEST, Some(&key)).unwrap().trust, Trust::Vouched);
        assert_eq!(verify(&bytes, &Hash([8; 32]), Some(&key)), Err(DepositError::Digest));
        let other = KeeperKey::from_seed(&[4; 32]);
        assert_eq!(refused(&bytes, Some(&other)), DepositError::OtherKey);
    }

    #[test]
    fn req_g8_other_digest_number_time_name_or_issuer_break_the_signature() {
        for field in ["digest", "number", "at", "name", "issuer", "adjourn"] {
            let said = match field {
                "digest" => json!(Hash([8; 32])),
                "at" => json!("2020-01-01T00:00:00.000Z"),
                _ => json!("other"),
            };
            let bytes = altered(|value| value["receipt"][field] = said);
            assert_eq!(refused(&bytes, None), DepositError::Signature, "{field}");
        }
        // A field more is signed along, or it is not there.
        let more = altered(|value| value["receipt"]["more"] = json!(1));
        assert_eq!(refused(&more, None), DepositError::Signature);
        assert_eq!(refused(&altered(|value| value["more"] = json!(1)), None), DepositError::Form);
    }

    #[test]
    fn req_g8_another_key_over_the_same_words_is_told_apart() {
        let other = KeeperKey::from_seed(&[4; 32]);
        let renamed = altered(|value| value["key"] = json!(other.to_base64()));
        assert_eq!(refused(&renamed, None), DepositError::Signature);
        // A forger who signs anew has a receipt of the forger's.
        let forged = sign(&receipt(), &[4; 32]).unwrap();
        assert!(verify(&forged, &DIGEST, None).is_ok());
        assert_eq!(refused(&forged, Some(&KeeperKey::from_seed(&SEED))), DepositError::OtherKey);
    }

    #[test]
    fn req_g8_no_altered_byte_and_no_cut_receipt_is_accepted() {
        let bytes = sign(&receipt(), &SEED).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            assert!(verify(&changed, &DIGEST, None).is_err(), "byte {at}");
            assert!(verify(&bytes[..at], &DIGEST, None).is_err(), "{at} bytes");
        }
        let spaced = [&bytes[..1], b" ", &bytes[1..]].concat();
        assert_eq!(refused(&spaced, None), DepositError::Form);
        assert_eq!(refused(&[bytes.as_slice(), b"\n"].concat(), None), DepositError::Form);
        assert_eq!(refused(&vec![b'1'; MAX_RECEIPT_BYTES + 1], None), DepositError::Form);
    }

    #[test]
    fn a_signed_receipt_that_is_none_is_refused() {
        let strange = DepositReceipt { number: "../other".to_owned(), ..receipt() };
        assert_eq!(refused(&sign(&strange, &SEED).unwrap(), None), DepositError::Form);
    }

    #[test]
    fn keys_are_read_in_base64_and_as_pem() {
        let key = KeeperKey::from_seed(&SEED);
        assert_eq!(KeeperKey::parse(&format!(" {}\n", key.to_base64())), Some(key));
        assert_eq!(KeeperKey::parse(&key.to_pem()), Some(key));
        // The first 16 characters of such a PEM are always these: whoever has the key in base64 writes the PEM by hand.
        assert!(key.to_pem().contains(&format!("\nMCowBQYDK2VwAyEA{}\n", key.to_base64())));
        for bad in ["", "AAAA", "not base64!", &STANDARD.encode([1; 33])] {
            assert_eq!(KeeperKey::parse(bad), None, "{bad}");
        }
    }
}

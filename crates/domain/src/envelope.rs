//! Signed envelopes: DSSE (<https://github.com/secure-systems-lab/dsse>, protocol 1.0.2) with one signature over the
//! pre-authentication encoding of a canonical JSON payload. There is one way to write an envelope, so that no byte of one can
//! change unnoticed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::canonical::{CanonicalError, canonical_json};

/// Longest envelope in bytes; a longer one is refused before it is parsed.
pub const MAX_ENVELOPE_BYTES: usize = 16 * 1024;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<Signature>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    keyid: String,
    sig: String,
}

/// What a key says of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// There is no such key.
    UnknownKey,
    /// The signature does not hold.
    Bad,
    /// It holds.
    Good,
}

/// Checks the signature (third) by a named key (first) over bytes (second).
pub type CheckSignature<'a> = dyn Fn(&str, &[u8], &[u8]) -> Signed + 'a;

/// Why nothing in an envelope is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The key that it names is not known.
    UnknownKey,
    /// It is not what was signed, or it is written in another way than ours.
    Altered,
}

/// The pre-authentication encoding of DSSE: what is signed.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

/// An envelope's bytes, signed by `sign` with the key named `keyid`.
///
/// # Errors
/// For a payload that has no canonical form.
pub fn seal(
    payload_type: &str,
    payload: &impl Serialize,
    keyid: &str,
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Result<Vec<u8>, CanonicalError> {
    let payload = canonical_json(payload)?;
    let sig = sign(&pae(payload_type, &payload));
    canonical_json(&Envelope {
        payload: STANDARD.encode(&payload),
        payload_type: payload_type.to_owned(),
        signatures: vec![Signature { keyid: keyid.to_owned(), sig: STANDARD.encode(sig) }],
    })
}

/// The payload of an envelope whose signature holds.
///
/// # Errors
/// [`Broken`]; nothing in an envelope is believed before its signature holds.
pub fn open<T: Serialize + DeserializeOwned>(
    bytes: &[u8],
    payload_type: &str,
    signed: &CheckSignature<'_>,
) -> Result<T, Broken> {
    if bytes.len() > MAX_ENVELOPE_BYTES {
        return Err(Broken::Altered);
    }
    let envelope: Envelope = serde_json::from_slice(bytes).map_err(|_| Broken::Altered)?;
    // One way to write it: spaces, other orders and escapes are somebody's changes.
    if !canonical_json(&envelope).is_ok_and(|again| again == bytes) || envelope.payload_type != payload_type {
        return Err(Broken::Altered);
    }
    let decoded = |text: &str| STANDARD.decode(text).map_err(|_| Broken::Altered);
    let [signature] = envelope.signatures.as_slice() else { return Err(Broken::Altered) };
    let payload = decoded(&envelope.payload)?;
    let sig = decoded(&signature.sig)?;
    match signed(&signature.keyid, &pae(payload_type, &payload), &sig) {
        Signed::Good => {}
        Signed::Bad => return Err(Broken::Altered),
        Signed::UnknownKey => return Err(Broken::UnknownKey),
    }
    let found: T = serde_json::from_slice(&payload).map_err(|_| Broken::Altered)?;
    let strict = canonical_json(&found).is_ok_and(|again| again == payload);
    if strict { Ok(found) } else { Err(Broken::Altered) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pre_authentication_encoding_is_that_of_the_standard() {
        // The example of the DSSE protocol's page.
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
    }
}

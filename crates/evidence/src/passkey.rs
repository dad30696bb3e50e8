//! The signature of a passkey's answer. Everything else of it is checked in [`adjourn_domain::passkey`].
//!
//! ```text
//! openssl dgst -sha256 -verify public.pem -signature signature.der signed.bin
//! ```
//!
//! is the same check by somebody else's code, for ES256; for Ed25519 it is
//! `openssl pkeyutl -verify -rawin -pubin -inkey public.pem -sigfile signature.bin -in signed.bin`.

use adjourn_domain::passkey::Algorithm;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ECDSA_P256_SHA256_ASN1, ED25519, UnparsedPublicKey};

/// Whether `signature` is one over `message` by the public key `spki` (DER).
pub fn signature_holds(spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = |algorithm: Algorithm| algorithm.key(spki);
    match Algorithm::of(spki) {
        Some(of @ Algorithm::Es256) => key(of).is_some_and(|key| {
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key).verify(message, signature).is_ok()
        }),
        Some(of @ Algorithm::Eddsa) => key(of)
            .is_some_and(|key| UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok()),
        None => false,
    }
}

/// A public key in DER as PEM, for openssl.
pub fn to_pem(spki: &[u8]) -> String {
    let text = STANDARD.encode(spki);
    let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.extend(line.iter().copied().map(char::from));
        pem.push('\n');
    }
    pem.push_str("-----END PUBLIC KEY-----\n");
    pem
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer as _, SigningKey};

    #[test]
    fn an_ed25519_passkey_signs_and_nothing_else_passes_for_it() {
        // SubjectPublicKeyInfo of RFC 8410, 4: the algorithm, then the key.
        let spki = |key: &SigningKey| {
            let head = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
            [&head[..], key.verifying_key().as_bytes()].concat()
        };
        let (key, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let signature = key.sign(b"message").to_bytes();
        assert!(signature_holds(&spki(&key), b"message", &signature));
        assert!(!signature_holds(&spki(&other), b"message", &signature));
        assert!(!signature_holds(&spki(&key), b"massage", &signature));
        assert!(!signature_holds(&spki(&key), b"message", &signature[..63]));
        assert!(!signature_holds(&spki(&key)[..43], b"message", &signature));
        assert!(to_pem(&spki(&key)).starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA"));
    }
}

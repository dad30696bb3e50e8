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

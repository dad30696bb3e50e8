//! A simulated time stamp authority, for drills: well-formed RFC 3161 tokens by a key that everybody has.
//!
//! They prove nothing, the certificate's name says so, and no verifier trusts it who was not told to. The signature is RSA with
//! PKCS#1 v1.5, whose padding holds no chance: the same request at the same time gives the same token.

use adjourn_domain::canonical::Hash;
use jiff::Timestamp;
use jiff::tz::Offset;
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::RSA_PKCS1_SHA256;

use super::{SHA256_ALGORITHM, TimestampError};
use crate::cms::{CONTENT_TYPE, MESSAGE_DIGEST, RSA, SIGNED_DATA, SIGNING_CERTIFICATE_V2, TST_INFO};
use crate::der::{GENERALIZED_TIME, OCTET_STRING, OID, SEQUENCE, SET, context, write, write_unsigned};
use crate::x509::Certificate;

const KEY: &[u8] = include_bytes!("fixtures/key.der");
/// The certificate of the simulated authority, DER.
pub const CERTIFICATE: &[u8] = include_bytes!("fixtures/certificate.der");
/// A policy of no meaning, 1.3.6.1.4.1.99999.1.
const POLICY: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0x86, 0x8d, 0x1f, 0x01];

/// The reply to a request for `digest` with `nonce`, at this time to the second, under this serial number.
///
/// # Errors
/// Only if the key that comes along were none.
pub fn grant(digest: &Hash, nonce: &[u8], at: Timestamp, serial: u64) -> Result<Vec<u8>, TimestampError> {
    let sequence = |parts: &[&[u8]]| write(SEQUENCE, parts);
    let oid = |id: &[u8]| write(OID, &[id]);
    let time = Offset::UTC.to_datetime(at).strftime("%Y%m%d%H%M%SZ").to_string();
    let content = sequence(&[
        &write_unsigned(&[1]),
        &oid(POLICY),
        &sequence(&[SHA256_ALGORITHM, &write(OCTET_STRING, &[&digest.0])]),
        &write_unsigned(&serial.to_be_bytes()),
        &write(GENERALIZED_TIME, &[time.as_bytes()]),
        &write_unsigned(nonce),
    ]);
    let attribute = |id: &[u8], value: &[u8]| sequence(&[&oid(id), &write(SET, &[value])]);
    let certificate = write(OCTET_STRING, &[&Hash::of(CERTIFICATE).0]);
    let mut attributes = [
        attribute(CONTENT_TYPE, &oid(TST_INFO)),
        attribute(MESSAGE_DIGEST, &write(OCTET_STRING, &[&Hash::of(&content).0])),
        attribute(SIGNING_CERTIFICATE_V2, &sequence(&[&sequence(&[&sequence(&[&certificate])])])),
    ];
    // A set in DER is in the order of its elements' bytes.
    attributes.sort();
    let attributes = attributes.concat();
    let signature = sign(&write(SET, &[&attributes]))?;
    let named = Certificate::parse(CERTIFICATE)?;
    let signer = sequence(&[
        &write_unsigned(&[1]),
        &sequence(&[named.issuer, &write_unsigned(named.serial)]),
        SHA256_ALGORITHM,
        &write(context(0), &[&attributes]),
        &sequence(&[&oid(&[RSA, &[1]].concat()), &[0x05, 0x00]]),
        &write(OCTET_STRING, &[&signature]),
    ]);
    let data = sequence(&[
        &write_unsigned(&[3]),
        &write(SET, &[SHA256_ALGORITHM]),
        &sequence(&[&oid(TST_INFO), &write(context(0), &[&write(OCTET_STRING, &[&content])])]),
        &write(context(0), &[CERTIFICATE]),
        &write(SET, &[&signer]),
    ]);
    let token = sequence(&[&oid(SIGNED_DATA), &write(context(0), &[&data])]);
    Ok(sequence(&[&sequence(&[&write_unsigned(&[])]), &token]))
}

fn sign(message: &[u8]) -> Result<Vec<u8>, TimestampError> {
    let key = KeyPair::from_der(KEY).map_err(|_| TimestampError::Algorithm)?;
    let mut signature = vec![0; key.public().modulus_len()];
    // The interface asks for chance; this padding takes none.
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
        .map_err(|_| TimestampError::Algorithm)?;
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use super::super::{Trust, verify};
    use super::*;
    use crate::passkey::to_pem;

    #[test]
    fn its_tokens_are_always_the_same_and_simulated_whoever_is_trusted() {
        let at: Timestamp = "2026-11-02T01:00:00.5Z".parse().unwrap();
        let (digest, nonce) = (Hash::of(b"checkpoint"), [7; 8]);
        let reply = grant(&digest, &nonce, at, 3).unwrap();
        assert_eq!(grant(&digest, &nonce, at, 3).unwrap(), reply);
        let stamp = verify(&reply, &digest, Some(&nonce), None).unwrap();
        assert_eq!((stamp.at.to_string().as_str(), stamp.trust), ("2026-11-02T01:00:00Z", Trust::Unvouched));
        assert!(stamp.simulated);
        assert_eq!(verify(&reply, &Hash::of(b"x"), None, None), Err(TimestampError::Imprint));
        let pinned = to_pem(CERTIFICATE).replace("PUBLIC KEY", "CERTIFICATE");
        assert_eq!(verify(&reply, &digest, None, Some(pinned.as_bytes())).unwrap().trust, Trust::Vouched);
    }
}

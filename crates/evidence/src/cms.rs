//! CMS SignedData (RFC 5652) as far as a time stamp token needs it: one signer, signed attributes, the
//! signer's certificate in the token and named by it (ESSCertID of RFC 5035, ESSCertIDv2 of RFC 5816).

use ring::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey,
    VerificationAlgorithm,
};

use crate::der::{Der, DerError, Element, INTEGER, OCTET_STRING, OID, SEQUENCE, SET, context};
use crate::timestamp::TimestampError;
use crate::x509::Certificate;

/// id-signedData, 1.2.840.113549.1.7.2.
pub(crate) const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// id-ct-TSTInfo, 1.2.840.113549.1.9.16.1.4.
pub(crate) const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
/// id-contentType, 1.2.840.113549.1.9.3.
pub(crate) const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
/// id-messageDigest, 1.2.840.113549.1.9.4.
pub(crate) const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
/// id-aa-signingCertificate, 1.2.840.113549.1.9.16.2.12.
const SIGNING_CERTIFICATE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x0c];
/// id-aa-signingCertificateV2, 1.2.840.113549.1.9.16.2.47.
pub(crate) const SIGNING_CERTIFICATE_V2: &[u8] =
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f];
/// rsaEncryption and the sha*WithRSAEncryption share 1.2.840.113549.1.1.
pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// id-ecPublicKey, 1.2.840.10045.2.1.
const EC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// ecdsa-with-SHA2, 1.2.840.10045.4.3.
const ECDSA_SHA2: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
/// The OID of the curve P-256 as DER.
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// The OID of the curve P-384 as DER.
const P384: &[u8] = &[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22];
/// The hash functions of NIST, 2.16.840.1.101.3.4.2; the next byte names SHA-256, -384 or -512.
const NIST_HASH: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/// A token whose signature holds.
pub(crate) struct SignedToken<'a> {
    /// The TSTInfo.
    pub(crate) content: &'a [u8],
    /// The certificate whose key signed.
    pub(crate) signer: Certificate<'a>,
    /// The other certificates in the token.
    pub(crate) others: Vec<&'a [u8]>,
}

/// A hash function that tokens use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum HashName {
    Sha256,
    Sha384,
    Sha512,
}

impl HashName {
    /// Reads an AlgorithmIdentifier.
    pub(crate) fn read(algorithm: Element<'_>) -> Result<Self, TimestampError> {
        let mut inside = algorithm.inside();
        match inside.take(OID)?.body.strip_prefix(NIST_HASH) {
            Some([1]) => Ok(Self::Sha256),
            Some([2]) => Ok(Self::Sha384),
            Some([3]) => Ok(Self::Sha512),
            _ => Err(TimestampError::Algorithm),
        }
    }

    fn algorithm(self) -> &'static Algorithm {
        match self {
            Self::Sha256 => &SHA256,
            Self::Sha384 => &SHA384,
            Self::Sha512 => &SHA512,
        }
    }
}

/// Opens a token: finds the signer's certificate and checks everything that its signature covers.
pub(crate) fn open(token: &[u8]) -> Result<SignedToken<'_>, TimestampError> {
    let mut outer = Der(token);
    let mut content_info = outer.take(SEQUENCE)?.inside();
    outer.end()?;
    if content_info.take(OID)?.body != SIGNED_DATA {
        return Err(TimestampError::Form);
    }
    let mut wrapped = content_info.take(context(0))?.inside();
    content_info.end()?;
    let mut data = wrapped.take(SEQUENCE)?.inside();
    wrapped.end()?;
    if data.take(INTEGER)?.body != [3] {
        return Err(TimestampError::Form);
    }
    data.take(SET)?;
    let mut encapsulated = data.take(SEQUENCE)?.inside();
    if encapsulated.take(OID)?.body != TST_INFO {
        return Err(TimestampError::Form);
    }
    let mut content = encapsulated.take(context(0))?.inside();
    encapsulated.end()?;
    let content_bytes = content.take(OCTET_STRING)?.body;
    content.end()?;
    let certificates = match data.take_if(context(0))? {
        Some(set) => certificates(set.inside())?,
        None => Vec::new(),
    };
    data.take_if(context(1))?;
    let mut signers = data.take(SET)?.inside();
    data.end()?;
    let signer_info = signers.take(SEQUENCE)?;
    signers.end()?;
    let signer = check_signer(signer_info.inside(), content_bytes, &certificates)?;
    let others = certificates.into_iter().filter(|der| *der != signer.der).collect();
    Ok(SignedToken { content: content_bytes, signer, others })
}

fn certificates(mut set: Der<'_>) -> Result<Vec<&[u8]>, DerError> {
    let mut found = Vec::new();
    while !set.is_empty() {
        found.push(set.take(SEQUENCE)?.whole);
    }
    Ok(found)
}

fn check_signer<'a>(
    mut info: Der<'a>,
    content: &[u8],
    certificates: &[&'a [u8]],
) -> Result<Certificate<'a>, TimestampError> {
    if info.take(INTEGER)?.body != [1] {
        return Err(TimestampError::Form);
    }
    let mut name = info.take(SEQUENCE)?.inside();
    let issuer = name.take(SEQUENCE)?.whole;
    let serial = name.take(INTEGER)?.body;
    name.end()?;
    let signer = certificates
        .iter()
        .filter_map(|der| Certificate::parse(der).ok())
        .find(|found| found.issuer == issuer && found.serial == serial)
        .ok_or(TimestampError::NoCertificate)?;
    let hash = HashName::read(info.take(SEQUENCE)?)?;
    let attributes = info.take(context(0))?;
    let signature_algorithm = info.take(SEQUENCE)?;
    let signature = info.take(OCTET_STRING)?.body;
    info.take_if(context(1))?;
    info.end()?;

    check_attributes(attributes.inside(), hash, content, &signer)?;
    // RFC 5652 section 5.4: what is signed is the attributes as a SET, not with the tag they have here.
    let mut signed = attributes.whole.to_vec();
    if let Some(tag) = signed.first_mut() {
        *tag = SET;
    }
    let mut algorithm = signature_algorithm.inside();
    let verification = verification(&signer, algorithm.take(OID)?.body, hash)?;
    UnparsedPublicKey::new(verification, signer.key)
        .verify(&signed, signature)
        .map_err(|_| TimestampError::Signature)?;
    if !signer.is_for_time_stamps {
        return Err(TimestampError::Usage);
    }
    Ok(signer)
}

/// The signed attributes: each once, the type and digest of the content, and the signer's certificate.
fn check_attributes(
    mut attributes: Der<'_>,
    hash: HashName,
    content: &[u8],
    signer: &Certificate<'_>,
) -> Result<(), TimestampError> {
    let (mut content_type, mut message_digest, mut certificate) = (0, 0, 0);
    while !attributes.is_empty() {
        let mut attribute = attributes.take(SEQUENCE)?.inside();
        let id = attribute.take(OID)?.body;
        let mut values = attribute.take(SET)?.inside();
        attribute.end()?;
        match id {
            CONTENT_TYPE => {
                content_type += 1;
                if values.take(OID)?.body != TST_INFO || values.end().is_err() {
                    return Err(TimestampError::Form);
                }
            }
            MESSAGE_DIGEST => {
                message_digest += 1;
                let stated = values.take(OCTET_STRING)?.body;
                if stated != digest(hash.algorithm(), content).as_ref() || values.end().is_err() {
                    return Err(TimestampError::Signature);
                }
            }
            SIGNING_CERTIFICATE | SIGNING_CERTIFICATE_V2 => {
                certificate += 1;
                let mut ids = values.take(SEQUENCE)?.inside().take(SEQUENCE)?.inside();
                let mut first = ids.take(SEQUENCE)?.inside();
                let algorithm = if id == SIGNING_CERTIFICATE {
                    &SHA1_FOR_LEGACY_USE_ONLY
                } else if let Some(named) = first.take_if(SEQUENCE)? {
                    HashName::read(named)?.algorithm()
                } else {
                    &SHA256
                };
                if first.take(OCTET_STRING)?.body != digest(algorithm, signer.der).as_ref() {
                    return Err(TimestampError::OtherCertificate);
                }
            }
            _ => {}
        }
    }
    match (content_type, message_digest, certificate) {
        (1, 1, 1 | 2) => Ok(()),
        (1, 1, 0) => Err(TimestampError::OtherCertificate),
        _ => Err(TimestampError::Form),
    }
}

/// How to check a signature by this key; its algorithm must fit the key and the digest.
fn verification(
    signer: &Certificate<'_>,
    signature_algorithm: &[u8],
    hash: HashName,
) -> Result<&'static dyn VerificationAlgorithm, TimestampError> {
    if signer.key_algorithm.strip_prefix(RSA) == Some(&[1]) {
        return match (signature_algorithm.strip_prefix(RSA), hash) {
            (Some([1 | 11]), HashName::Sha256) => Ok(&RSA_PKCS1_2048_8192_SHA256),
            (Some([1 | 12]), HashName::Sha384) => Ok(&RSA_PKCS1_2048_8192_SHA384),
            (Some([1 | 13]), HashName::Sha512) => Ok(&RSA_PKCS1_2048_8192_SHA512),
            _ => Err(TimestampError::Algorithm),
        };
    }
    if signer.key_algorithm != EC_KEY {
        return Err(TimestampError::Algorithm);
    }
    match (signer.key_parameters, signature_algorithm.strip_prefix(ECDSA_SHA2), hash) {
        (P256, Some([2]), HashName::Sha256) => Ok(&ECDSA_P256_SHA256_ASN1),
        (P256, Some([3]), HashName::Sha384) => Ok(&ECDSA_P256_SHA384_ASN1),
        (P384, Some([2]), HashName::Sha256) => Ok(&ECDSA_P384_SHA256_ASN1),
        (P384, Some([3]), HashName::Sha384) => Ok(&ECDSA_P384_SHA384_ASN1),
        _ => Err(TimestampError::Algorithm),
    }
}

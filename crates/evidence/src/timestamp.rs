//! RFC 3161 time stamps: the request, and the check of the reply. Fetching is an adapter's work.
//!
//! A token is accepted if the authority granted it, it is about our digest (and our nonce), its signature
//! holds over the signed attributes, these name the certificate in the token, and that certificate is one for
//! time stamps. Whether the authority is to be trusted is a question of its own: without a trusted
//! certificate the answer is [`Trust::Unvouched`], never a silent yes.
//!
//! Algorithms: RSA (PKCS#1 v1.5, from 2048 bits) with SHA-256, -384 and -512; ECDSA on P-256 and P-384
//! with SHA-256 and -384. The DER reader is our own and works on the received bytes; nothing is encoded anew.

pub mod simulated;

use adjourn_domain::canonical::Hash;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use crate::cms::{self, HashName};
use crate::der::{
    BOOLEAN, Der, DerError, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, SEQUENCE, context, write,
    write_unsigned,
};

/// No reply of an authority is longer; a longer one is refused before it is parsed.
pub const MAX_REPLY_BYTES: usize = 256 * 1024;
/// AlgorithmIdentifier of SHA-256 (2.16.840.1.101.3.4.2.1 with NULL).
const SHA256_ALGORITHM: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00];

/// Why a time stamp is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// The bytes are no RFC 3161 reply in DER, or far too many.
    #[error("this is not a time stamp reply in DER")]
    Form,
    /// The authority refused; the number is its PKIStatus.
    #[error("the authority did not grant the time stamp (status {0})")]
    Refused(u8),
    /// It is about something else.
    #[error("the time stamp is about other data")]
    Imprint,
    /// It answers another request.
    #[error("the time stamp answers another request: the nonce differs")]
    Nonce,
    /// An algorithm that is not accepted.
    #[error("the time stamp uses an algorithm that is not accepted")]
    Algorithm,
    /// The signer's certificate is not in the token.
    #[error("the signer's certificate is not in the time stamp")]
    NoCertificate,
    /// The token names another certificate than the signer's, or none.
    #[error("the time stamp does not name the certificate that signed it")]
    OtherCertificate,
    /// The signature does not hold.
    #[error("the signature of the time stamp does not hold")]
    Signature,
    /// The certificate is not one for time stamps.
    #[error("the signer's certificate is not one for time stamps and nothing else")]
    Usage,
    /// None of the trusted certificates vouches for the authority at that time.
    #[error("none of the trusted certificates vouches for the authority at the time of the stamp")]
    Chain,
}

impl From<DerError> for TimestampError {
    fn from(_: DerError) -> Self {
        Self::Form
    }
}

/// Does anybody vouch for the authority?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// A certificate that the caller trusts.
    Vouched,
    /// The signature is good, but the caller trusts nobody who could vouch for the authority.
    Unvouched,
}

/// An accepted time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The time that the authority attests.
    pub at: Timestamp,
    /// Whether somebody vouches for the authority.
    pub trust: Trust,
    /// Whether it is the simulated authority of drills, whose key everybody has: it proves nothing, whoever vouches for it.
    pub simulated: bool,
}

/// The DER of a request for `digest`, with the certificate asked for. The `nonce` (a positive number,
/// big-endian; take 8 random bytes) must come back in the reply.
pub fn request(digest: &Hash, nonce: &[u8]) -> Vec<u8> {
    let imprint = write(SEQUENCE, &[SHA256_ALGORITHM, &write(OCTET_STRING, &[&digest.0])]);
    let nonce = write_unsigned(nonce);
    write(SEQUENCE, &[&write_unsigned(&[1]), &imprint, &nonce, &write(BOOLEAN, &[&[0xff]])])
}

/// Checks a reply for `digest`. With a `nonce` the reply must carry it, without one it may carry any.
/// `trusted` is PEM with certificates that may vouch for the authority (or are its own).
pub fn verify(
    reply: &[u8],
    digest: &Hash,
    nonce: Option<&[u8]>,
    trusted: Option<&[u8]>,
) -> Result<Stamp, TimestampError> {
    if reply.len() > MAX_REPLY_BYTES {
        return Err(TimestampError::Form);
    }
    let token = cms::open(granted_token(reply)?)?;
    let info = TstInfo::parse(token.content)?;
    if info.imprint != digest.0 {
        return Err(TimestampError::Imprint);
    }
    if let Some(nonce) = nonce
        && info.nonce != Some(write_unsigned(nonce).as_slice())
    {
        return Err(TimestampError::Nonce);
    }
    let trust = match trusted {
        None => Trust::Unvouched,
        Some(pem) if token.signer.is_vouched_for(pem, &token.others, info.at) => Trust::Vouched,
        Some(_) => return Err(TimestampError::Chain),
    };
    Ok(Stamp { at: info.at, trust, simulated: token.signer.der == simulated::CERTIFICATE })
}

/// The token of a TimeStampResp, if the authority granted one.
fn granted_token(reply: &[u8]) -> Result<&[u8], TimestampError> {
    let mut outer = Der(reply);
    let mut response = outer.take(SEQUENCE)?.inside();
    outer.end()?;
    let mut status = response.take(SEQUENCE)?.inside();
    match status.take(INTEGER)?.body {
        // granted, grantedWithMods
        [0 | 1] => {}
        [other] => return Err(TimestampError::Refused(*other)),
        _ => return Err(TimestampError::Form),
    }
    let token = response.take(SEQUENCE)?.whole;
    response.end()?;
    Ok(token)
}

/// What a token attests.
struct TstInfo<'a> {
    imprint: &'a [u8],
    at: Timestamp,
    /// The nonce as a DER integer.
    nonce: Option<&'a [u8]>,
}

impl<'a> TstInfo<'a> {
    fn parse(content: &'a [u8]) -> Result<Self, TimestampError> {
        let mut outer = Der(content);
        let mut info = outer.take(SEQUENCE)?.inside();
        outer.end()?;
        if info.take(INTEGER)?.body != [1] {
            return Err(TimestampError::Form);
        }
        let _policy = info.take(OID)?;
        let mut imprint = info.take(SEQUENCE)?.inside();
        if HashName::read(imprint.take(SEQUENCE)?)? != HashName::Sha256 {
            return Err(TimestampError::Imprint);
        }
        let digest = imprint.take(OCTET_STRING)?.body;
        imprint.end()?;
        let _serial = info.take(INTEGER)?;
        let at = general_time(info.take(GENERALIZED_TIME)?.body).ok_or(TimestampError::Form)?;
        let _accuracy = info.take_if(SEQUENCE)?;
        let _ordering = info.take_if(BOOLEAN)?;
        let nonce = info.take_if(INTEGER)?.map(|nonce| nonce.whole);
        let _authority = info.take_if(context(0))?;
        let _extensions = info.take_if(context(1))?;
        info.end()?;
        Ok(Self { imprint: digest, at, nonce })
    }
}

/// `YYYYMMDDhhmmss[.f…]Z`
fn general_time(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if whole.len() != 14 || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let number = |from: usize, to: usize| -> Option<i16> {
        let digits = whole.get(from..to)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let small = |from: usize| i8::try_from(number(from, from + 2)?).ok();
    let nanoseconds: i32 = format!("{fraction:0<9}").parse().ok()?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let time =
        DateTime::new(number(0, 4)?, small(4)?, small(6)?, small(8)?, small(10)?, small(12)?, nanoseconds);
    Offset::UTC.to_timestamp(time.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_the_der_of_the_rfc() {
        let out = request(&Hash([0xab; 32]), &[0x80, 1]);
        assert_eq!(out[..6], [0x30, 0x3e, 2, 1, 1, 0x30]);
        assert!(out.ends_with(&[0xab, 2, 3, 0, 0x80, 1, 1, 1, 0xff]));
    }

    #[test]
    fn times_are_read_to_the_fraction_and_only_in_utc() {
        let time = |text: &str| general_time(text.as_bytes()).map(|at| at.to_string());
        assert_eq!(time("20261123021500Z").as_deref(), Some("2026-11-23T02:15:00Z"));
        assert_eq!(time("20261123021500.25Z").as_deref(), Some("2026-11-23T02:15:00.25Z"));
        for bad in ["", "Z", "20261123021500", "20261323021500Z", "20261123021500.Z", "2026112302150Z"] {
            assert_eq!(time(bad), None, "{bad}");
        }
        assert_eq!(time("+0261123021500Z"), None);
        assert_eq!(time("20261123021500.+1Z"), None);
    }

    #[test]
    fn a_refusal_is_told_with_its_status() {
        let refusal = write(SEQUENCE, &[&write(SEQUENCE, &[&write_unsigned(&[2])])]);
        assert_eq!(verify(&refusal, &Hash([0; 32]), None, None), Err(TimestampError::Refused(2)));
        assert_eq!(verify(&[], &Hash([0; 32]), None, None), Err(TimestampError::Form));
        assert_eq!(
            verify(&vec![0x30; MAX_REPLY_BYTES + 1], &Hash([0; 32]), None, None),
            Err(TimestampError::Form)
        );
    }
}

//! The signer's certificate of a time stamp: what it must say, and who vouches for it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::der::{BIT_STRING, BOOLEAN, Der, DerError, INTEGER, OCTET_STRING, OID, SEQUENCE, context};

/// id-kp-timeStamping, 1.3.6.1.5.5.7.3.8.
const TIME_STAMPING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08];
/// id-ce-extKeyUsage, 2.5.29.37.
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
/// id-ce-keyUsage, 2.5.29.15.
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// The bits digitalSignature and nonRepudiation of a key usage.
const MAY_SIGN: u8 = 0x80 | 0x40;

/// What is read of a certificate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Certificate<'a> {
    pub(crate) der: &'a [u8],
    /// The issuer's name, as DER.
    pub(crate) issuer: &'a [u8],
    /// The serial number's content.
    pub(crate) serial: &'a [u8],
    /// The OID of the key's algorithm.
    pub(crate) key_algorithm: &'a [u8],
    /// The parameters of the key's algorithm, as DER: of an elliptic key the OID of its curve.
    pub(crate) key_parameters: &'a [u8],
    /// The key itself.
    pub(crate) key: &'a [u8],
    /// Is it for time stamps and nothing else, and may its key sign?
    pub(crate) is_for_time_stamps: bool,
}

impl<'a> Certificate<'a> {
    /// Reads an X.509 v3 certificate.
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, DerError> {
        let mut outer = Der(der);
        let mut certificate = outer.take(SEQUENCE)?.inside();
        outer.end()?;
        let mut tbs = certificate.take(SEQUENCE)?.inside();
        tbs.take(context(0))?;
        let serial = tbs.take(INTEGER)?.body;
        tbs.take(SEQUENCE)?;
        let issuer = tbs.take(SEQUENCE)?.whole;
        let _validity = tbs.take(SEQUENCE)?;
        let _subject = tbs.take(SEQUENCE)?;
        let mut key_info = tbs.take(SEQUENCE)?.inside();
        let mut algorithm = key_info.take(SEQUENCE)?.inside();
        let key_algorithm = algorithm.take(OID)?.body;
        let key_parameters = algorithm.0;
        let (unused_bits, key) = key_info.take(BIT_STRING)?.body.split_first().ok_or(DerError)?;
        if *unused_bits != 0 {
            return Err(DerError);
        }
        let mut is_for_time_stamps = false;
        while !tbs.is_empty() {
            let element = tbs.any()?;
            if element.tag == context(3) {
                is_for_time_stamps = extensions_allow(element.inside().take(SEQUENCE)?.inside())?;
            }
        }
        Ok(Self { der, issuer, serial, key_algorithm, key_parameters, key, is_for_time_stamps })
    }

    /// Does one of the `trusted` certificates (PEM) vouch for this one at that time, if need be over
    /// `others`? A trusted certificate that is this very one counts too.
    pub(crate) fn is_vouched_for(&self, trusted: &[u8], others: &[&[u8]], at: Timestamp) -> bool {
        let roots: Vec<_> = pem_certificates(trusted).into_iter().map(CertificateDer::from).collect();
        let anchors: Vec<_> = roots.iter().filter_map(|root| anchor_from_trusted_cert(root).ok()).collect();
        let others: Vec<_> = others.iter().map(|der| CertificateDer::from(*der)).collect();
        let own = CertificateDer::from(self.der);
        let Ok(seconds) = u64::try_from(at.as_second()) else { return false };
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let pinned = roots.iter().any(|root| root.as_ref() == self.der);
        EndEntityCert::try_from(&own).is_ok_and(|leaf| {
            // Of the signer it is required, and checked elsewhere; issuers may have it or have none.
            let usage = KeyUsage::required_if_present(TIME_STAMPING);
            match leaf.verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                &anchors,
                &others,
                time,
                usage,
                None,
                None,
            ) {
                Ok(_) => true,
                // Whoever pins the leaf itself vouches for it; then only its dates and usage are checked.
                Err(webpki::Error::UnknownIssuer) => pinned,
                Err(_) => false,
            }
        })
    }
}

/// Do these extensions make the certificate one for time stamps (RFC 3161 section 2.3: the extended key
/// usage is there, critical, and nothing but timeStamping), and don't they forbid signing?
fn extensions_allow(mut extensions: Der<'_>) -> Result<bool, DerError> {
    let (mut for_stamps, mut may_sign) = (false, true);
    while !extensions.is_empty() {
        let mut extension = extensions.take(SEQUENCE)?.inside();
        let id = extension.take(OID)?.body;
        let critical = extension.take_if(BOOLEAN)?.is_some_and(|flag| flag.body == [0xff]);
        let mut value = extension.take(OCTET_STRING)?.inside();
        if id == EXTENDED_KEY_USAGE {
            let mut purposes = value.take(SEQUENCE)?.inside();
            let only = purposes.take(OID)?.body == TIME_STAMPING && purposes.is_empty();
            for_stamps = only && critical;
        } else if id == KEY_USAGE {
            let bits = value.take(BIT_STRING)?.body;
            may_sign = bits.get(1).is_some_and(|byte| byte & MAY_SIGN != 0);
        }
    }
    Ok(for_stamps && may_sign)
}

/// The certificates in a PEM text; what is not one is passed over.
pub(crate) fn pem_certificates(pem: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(pem);
    let blocks = text.split("-----BEGIN CERTIFICATE-----").skip(1);
    blocks
        .filter_map(|block| {
            let (body, _) = block.split_once("-----END CERTIFICATE-----")?;
            let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
            STANDARD.decode(body).ok()
        })
        .collect()
}

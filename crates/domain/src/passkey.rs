//! User-verified passkeys (fingerprint, face or PIN): what is asked of an authenticator, and what must be true of its answer.
//!
//! The challenge is the statement: SHA-256 over the canonical bytes of plan hash, nonce and person, so an answer signs that
//! very plan, once, by that person. Here everything is checked but the signature itself, which is a port's work:
//! the same rules hold when somebody approves and when an auditor looks years later.
//!
//! Source: W3C Web Authentication Level 3, §6.1 (authenticator data), §5.8.1 (client data), §7.1 and §7.2 (what a relying
//! party verifies), <https://www.w3.org/TR/webauthn-3/>. A PIN verifies a user as well as a finger does: which of them it was is
//! not told.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical::{CanonicalError, Hash, canonical_json, hex, unhex};
use crate::ids::PrincipalId;
use crate::refusal::Refusal;
use crate::time::Time;

/// Longest credential id, in bytes (§7.1, step 25).
pub const MAX_CREDENTIAL: usize = 1023;
/// Largest part of an authenticator's answer, in bytes.
pub const MAX_PART: usize = 16 * 1024;
/// Passkeys of one person, at most.
pub const MAX_PASSKEYS: usize = 10;
/// The relying party of a page on the person's own machine.
pub const LOCALHOST: &str = "localhost";

/// User present.
const UP: u8 = 0x01;
/// User verified.
const UV: u8 = 0x04;
/// The credential may be copied to other devices.
const BE: u8 = 0x08;
/// There is a credential in the data.
const AT: u8 = 0x40;
/// Hash of the relying party's id, flags, counter.
const HEAD: usize = 37;

/// DER of a P-256 public key up to its two coordinates (RFC 5480: id-ecPublicKey, prime256v1, uncompressed point).
const P256_SPKI: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];
/// DER of an Ed25519 public key up to the key (RFC 8410).
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What a passkey signs with. Others are refused when the passkey is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// ECDSA over P-256 with SHA-256; COSE -7.
    Es256,
    /// Ed25519; COSE -8.
    Eddsa,
}

impl Algorithm {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Es256 => "es256",
            Self::Eddsa => "eddsa",
        }
    }

    /// The algorithm of a public key in DER (SubjectPublicKeyInfo); `None` for any that is not allowed here.
    pub fn of(spki: &[u8]) -> Option<Self> {
        if spki.len() == P256_SPKI.len() + 64 && spki.starts_with(&P256_SPKI) {
            Some(Self::Es256)
        } else if spki.len() == ED25519_SPKI.len() + 32 && spki.starts_with(&ED25519_SPKI) {
            Some(Self::Eddsa)
        } else {
            None
        }
    }

    /// The key itself: an uncompressed point (65 bytes), or 32 bytes.
    pub fn key(self, spki: &[u8]) -> Option<&[u8]> {
        match self {
            // The point's first byte says that it is not compressed, and belongs to it.
            Self::Es256 => spki.get(P256_SPKI.len() - 1..),
            Self::Eddsa => spki.get(ED25519_SPKI.len()..),
        }
    }

    /// The key as an authenticator writes it (COSE, RFC 9053; the one order that CTAP2 allows).
    fn cose(self, spki: &[u8]) -> Option<Vec<u8>> {
        let key = self.key(spki)?;
        match self {
            Self::Es256 => {
                let head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
                Some([&head[..], key.get(1..33)?, &[0x22, 0x58, 0x20], key.get(33..)?].concat())
            }
            Self::Eddsa => {
                Some([&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20][..], key].concat())
            }
        }
    }
}

/// What the person signs with their own key when they add a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Format and version: `passkey/v1`.
    pub adjourn: String,
    /// Whose it is.
    pub principal: PrincipalId,
    /// Its id, in hex.
    pub credential: String,
    /// What it signs with.
    pub algorithm: Algorithm,
    /// Its public key as DER (SubjectPublicKeyInfo), in hex.
    pub public_key: String,
    /// The authenticator's model, 16 bytes in hex; zeros where it does not tell. Not attested: it is what the browser said.
    pub aaguid: String,
    /// Whether it may be copied to other devices of the person.
    pub synced: bool,
    /// The relying party that it belongs to.
    pub rp_id: String,
    /// The origin of its pages; for `localhost` any port.
    pub origin: String,
    /// When it was added.
    pub at: Time,
}

impl Passkey {
    /// The bytes that are signed.
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }
}

/// What a browser gives when a passkey is made. All in hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The credential's id.
    pub credential: String,
    /// Authenticator data.
    pub authenticator_data: String,
    /// Client data, a JSON text.
    pub client_data: String,
    /// The public key as DER (SubjectPublicKeyInfo).
    pub public_key: String,
}

/// What a browser gives when a passkey signs. All in hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assertion {
    /// The credential's id.
    pub credential: String,
    /// Authenticator data.
    pub authenticator_data: String,
    /// Client data, a JSON text.
    pub client_data: String,
    /// The signature over `authenticator_data ‖ SHA-256(client_data)`; DER for ES256, 64 bytes for EdDSA.
    pub signature: String,
}

/// The passkey's answer to something that is no approval: a confirmation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Random, 16 bytes in hex: one answer is used once.
    pub nonce: String,
    /// The answer.
    pub assertion: Assertion,
}

/// What somebody signs with a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Agreeing to a plan.
    Approval,
    /// Confirming a plan, or having it applied.
    Confirmation,
}

/// What the challenge is the hash of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked<'a> {
    /// Format and version: `passkey-challenge/v1`.
    pub adjourn: &'static str,
    /// What for.
    pub purpose: Purpose,
    /// SHA-256 of the plan; the plan names its case.
    pub plan_hash: Hash,
    /// Random, in hex: used once.
    pub nonce: &'a str,
    /// Who.
    pub principal: &'a PrincipalId,
}

/// The challenge: SHA-256 over the canonical bytes of purpose, plan hash, nonce and person.
pub fn challenge(
    purpose: Purpose,
    plan_hash: Hash,
    nonce: &str,
    principal: &PrincipalId,
) -> Result<Hash, CanonicalError> {
    let asked = Asked { adjourn: "passkey-challenge/v1", purpose, plan_hash, nonce, principal };
    Ok(Hash::of(&canonical_json(&asked)?))
}

/// What is left to check of an answer, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The bytes that the authenticator signed.
    pub message: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
    /// The authenticator's counter; 0 where it does not count.
    pub counter: u32,
}

/// Checks everything of an answer but its signature.
///
/// # Errors
/// `passkey.invalid`; `what` names the part that is wrong.
pub fn check_assertion(passkey: &Passkey, challenge: Hash, answer: &Assertion) -> Result<Signed, Refusal> {
    if answer.credential != passkey.credential {
        return Err(wrong("credential"));
    }
    let data = part(&answer.authenticator_data, "authenticator-data")?;
    let client = part(&answer.client_data, "client-data")?;
    let signature = part(&answer.signature, "signature")?;
    let counter = head(&data, &passkey.rp_id)?;
    check_client(&client, "webauthn.get", challenge, &passkey.rp_id, &passkey.origin)?;
    let message = [data.as_slice(), &Hash::of(&client).0].concat();
    Ok(Signed { message, signature, counter })
}

/// Checks a new credential and gives the passkey that is to be signed by its owner.
///
/// No attestation is asked for: who the passkey belongs to is said by the owner's own key, not by the authenticator's maker.
///
/// # Errors
/// `passkey.invalid`; `passkey.algorithm` for a key that is not ES256 or EdDSA.
pub fn check_registration(
    principal: &PrincipalId,
    relying: &Relying,
    challenge: Hash,
    new: &Registration,
    now: Time,
) -> Result<Passkey, Refusal> {
    let data = part(&new.authenticator_data, "authenticator-data")?;
    let client = part(&new.client_data, "client-data")?;
    let id = part(&new.credential, "credential")?;
    let spki = part(&new.public_key, "public-key")?;
    head(&data, &relying.rp_id)?;
    check_client(&client, "webauthn.create", challenge, &relying.rp_id, &relying.origin)?;
    let algorithm = Algorithm::of(&spki).ok_or_else(|| Refusal::new("passkey.algorithm"))?;
    let flags = data.get(32).copied().unwrap_or_default();
    let length = data.get(53..55).and_then(|bytes| <[u8; 2]>::try_from(bytes).ok()).map(u16::from_be_bytes);
    let (Some(aaguid), Some(length)) = (data.get(HEAD..53), length.map(usize::from)) else {
        return Err(wrong("authenticator-data"));
    };
    let fits = flags & AT != 0
        && (1..=MAX_CREDENTIAL).contains(&length)
        && data.get(55..55 + length) == Some(id.as_slice());
    if !fits {
        return Err(wrong("credential"));
    }
    // The key that the browser tells must be the one that the authenticator made.
    let cose = algorithm.cose(&spki).ok_or_else(|| wrong("public-key"))?;
    if !data.get(55 + length..).is_some_and(|rest| rest.starts_with(&cose)) {
        return Err(wrong("public-key"));
    }
    Ok(Passkey {
        adjourn: "passkey/v1".to_owned(),
        principal: principal.clone(),
        credential: hex(&id),
        algorithm,
        public_key: hex(&spki),
        aaguid: hex(aaguid),
        synced: flags & BE != 0,
        rp_id: relying.rp_id.clone(),
        origin: relying.origin.clone(),
        at: now,
    })
}

/// The relying party: whose passkeys they are, in the browser's eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relying {
    /// Its id, a host name.
    pub rp_id: String,
    /// Where its pages are.
    pub origin: String,
}

impl Default for Relying {
    fn default() -> Self {
        Self { rp_id: LOCALHOST.to_owned(), origin: format!("http://{LOCALHOST}") }
    }
}

impl Relying {
    /// A relying party whose pages a browser would let use its passkeys: the origin is https and lies at or below the id,
    /// or it is this machine's own.
    ///
    /// # Errors
    /// `config.invalid`.
    pub fn new(rp_id: &str, origin: &str) -> Result<Self, Refusal> {
        let bad = |says: &str| Err(Refusal::new("config.invalid").with("says", format!("passkey: {says}")));
        let origin = origin.trim_end_matches('/');
        let host =
            |scheme: &str| origin.strip_prefix(scheme).map(|rest| rest.split(':').next().unwrap_or_default());
        if rp_id == LOCALHOST {
            if host("http://") != Some(LOCALHOST) {
                return bad("the origin of rp_id localhost is http://localhost");
            }
            return Ok(Self::default());
        }
        let named = !rp_id.is_empty()
            && rp_id.contains('.')
            && rp_id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-'))
            && rp_id.chars().any(|c| c.is_ascii_lowercase());
        if !named {
            return bad("rp_id is a host name in lower case");
        }
        let Some(host) = host("https://").filter(|_| !origin.get(8..).unwrap_or_default().contains('/'))
        else {
            return bad("origin is https://HOST, without a path");
        };
        if host != rp_id && !host.ends_with(&format!(".{rp_id}")) {
            return bad("origin lies outside rp_id: no browser would let it use these passkeys");
        }
        Ok(Self { rp_id: rp_id.to_owned(), origin: origin.to_owned() })
    }
}

fn part(text: &str, what: &str) -> Result<Vec<u8>, Refusal> {
    unhex(text).filter(|bytes| !bytes.is_empty() && bytes.len() <= MAX_PART).ok_or_else(|| wrong(what))
}

/// Relying party, presence and verification. Gives the counter.
fn head(data: &[u8], rp_id: &str) -> Result<u32, Refusal> {
    if data.get(..32) != Some(&Hash::of(rp_id.as_bytes()).0[..]) {
        return Err(wrong("relying-party"));
    }
    let (Some(flags), Some(count)) = (data.get(32), data.get(33..HEAD)) else {
        return Err(wrong("authenticator-data"));
    };
    if flags & UP == 0 {
        return Err(wrong("user-presence"));
    }
    if flags & UV == 0 {
        return Err(wrong("user-verification"));
    }
    let count = <[u8; 4]>::try_from(count).map_err(|_| wrong("authenticator-data"))?;
    Ok(u32::from_be_bytes(count))
}

/// What the browser says it was asked, and by whom.
fn check_client(
    client: &[u8],
    kind: &str,
    challenge: Hash,
    rp_id: &str,
    origin: &str,
) -> Result<(), Refusal> {
    let client: Value = serde_json::from_slice(client).map_err(|_| wrong("client-data"))?;
    let text = |name: &str| client.get(name).and_then(Value::as_str);
    if text("type") != Some(kind) {
        return Err(wrong("type"));
    }
    if text("challenge") != Some(base64url(&challenge.0).as_str()) {
        return Err(wrong("challenge"));
    }
    let here = text("origin").is_some_and(|said| {
        let port = said.strip_prefix(origin).and_then(|rest| rest.strip_prefix(':'));
        let any_port = rp_id == LOCALHOST && port.is_some_and(|port| port.parse::<u16>().is_ok());
        said == origin || any_port
    });
    // A page inside another one's frame is not the page that the person sees.
    if !here || client.get("crossOrigin").and_then(Value::as_bool) == Some(true) {
        return Err(wrong("origin"));
    }
    Ok(())
}

fn wrong(what: &str) -> Refusal {
    Refusal::new("passkey.invalid").with("what", what)
}

/// Base64url without padding (RFC 4648 §5), as client data has the challenge.
pub fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..=chunk.len() {
            let letter = (word >> (18 - 6 * at)) & 63;
            text.push(LETTERS.get(letter as usize).copied().map_or('=', char::from));
        }
    }
    text
}

#[cfg(test)]
mod tests;

//! Passkeys and delegations of a test: an authenticator of thirty lines.

use adjourn_domain::canonical::{Hash, hex};
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::passkey::{Algorithm, Assertion, Passkey, Purpose, base64url, challenge};
use adjourn_domain::time::Time;
use adjourn_evidence::bundle::CaseBundle;
use adjourn_evidence::layout::answer_folder;
use ed25519_dalek::Signer as _;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::case::{AT, key};

/// User present and verified.
pub(crate) const VERIFIED: u8 = 0x05;
/// User present.
pub(crate) const PRESENT: u8 = 0x01;

/// Delegations, passkeys and answers of a bundle.
#[derive(Default)]
pub(crate) struct Spoken {
    pub(crate) delegations: Vec<Value>,
    pub(crate) passkeys: Vec<Value>,
    /// With the purpose, the person and the nonce of each.
    pub(crate) answers: Vec<(Purpose, String, String, Passkey, Assertion)>,
}

impl Spoken {
    pub(crate) fn write(&self, bundle: &mut CaseBundle) {
        bundle.delegations(&self.delegations).unwrap();
        bundle.passkeys(&self.passkeys).unwrap();
        for (purpose, who, nonce, passkey, answer) in &self.answers {
            bundle.answer(&answer_folder(*purpose, who, nonce), passkey, answer).unwrap();
        }
    }
}

/// Somebody's authenticator.
pub(crate) struct Authenticator {
    pair: EcdsaKeyPair,
    pub(crate) passkey: Passkey,
}

impl Authenticator {
    pub(crate) fn of(who: &str) -> Self {
        let rng = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &rng).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &rng).unwrap();
        let head = "3059301306072a8648ce3d020106082a8648ce3d030107034200";
        let passkey = Passkey {
            adjourn: "passkey/v1".to_owned(),
            principal: who.into(),
            credential: hex(who.as_bytes()),
            algorithm: Algorithm::Es256,
            public_key: format!("{head}{}", hex(pair.public_key().as_ref())),
            aaguid: "00".repeat(16),
            synced: false,
            rp_id: "localhost".to_owned(),
            origin: "http://localhost".to_owned(),
            at: Time::parse(AT).unwrap(),
        };
        Self { pair, passkey }
    }

    /// The record, signed by this person.
    pub(crate) fn bound(&self, by: &str) -> Value {
        let signature = key(by).sign(&self.passkey.bytes().unwrap());
        let mut value = serde_json::to_value(&self.passkey).unwrap();
        value["signature"] = hex(&signature.to_bytes()).into();
        value
    }

    /// An answer, also one that ours never asked for.
    pub(crate) fn answer(&self, plan: Hash, who: &str, nonce: &str, flags: u8) -> Assertion {
        let asked = challenge(Purpose::Approval, plan, nonce, &PrincipalId::from(who)).unwrap();
        let client = json!({"type": "webauthn.get", "challenge": base64url(&asked.0), "origin": "http://localhost:5000"});
        let client = client.to_string();
        let data = [&Hash::of(b"localhost").0[..], &[flags, 0, 0, 0, 1]].concat();
        let message = [data.as_slice(), &Hash::of(client.as_bytes()).0].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &message).unwrap();
        Assertion {
            credential: self.passkey.credential.clone(),
            authenticator_data: hex(&data),
            client_data: hex(client.as_bytes()),
            signature: hex(signature.as_ref()),
        }
    }
}

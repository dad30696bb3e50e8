//! Keys that sign: the centre signs with one, outposts trust one or, while keys are exchanged, two. An outpost signs its
//! replies with one of its own.

use adjourn_domain::canonical::{Hash, canonical_json, hex, unhex};
use adjourn_domain::envelope::{Signed, pae};
use adjourn_domain::time::Time;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// The payload type of the statement that names a new key.
const SUCCESSION_TYPE: &str = "application/vnd.adjourn.instruction-key+json";
/// The first field of that statement.
const SUCCESSION_VERSION: &str = "instruction-key/v1";

/// A private key: the centre's for instructions, an outpost's for replies.
pub struct InstructionKey(SigningKey);

impl InstructionKey {
    /// The key with this seed.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// Signs.
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.0.sign(bytes).to_bytes().to_vec()
    }

    /// Says that `next` follows this key, which outposts trust until `overlap_until` and no longer.
    pub fn succeed(&self, next: &PublicKey, overlap_until: Time) -> Option<Succession> {
        let payload = SuccessionPayload {
            adjourn: SUCCESSION_VERSION.to_owned(),
            key: next.to_hex(),
            old_until: overlap_until,
        };
        let bytes = canonical_json(&payload).ok()?;
        let sig = self.sign(&pae(SUCCESSION_TYPE, &bytes));
        Some(Succession { by: self.public().id(), payload, sig: hex(&sig) })
    }
}

/// A public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// From 64 hex digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes: [u8; 32] = unhex(text)?.try_into().ok()?;
        VerifyingKey::from_bytes(&bytes).ok().map(Self)
    }

    /// As 64 hex digits.
    pub fn to_hex(&self) -> String {
        hex(self.0.as_bytes())
    }

    /// Its id: the first 16 hex digits of its SHA-256.
    pub fn id(&self) -> String {
        Hash::of(self.0.as_bytes()).to_hex().chars().take(16).collect()
    }

    /// Checks a signature that names its key.
    pub fn signed(&self, id: &str, bytes: &[u8], sig: &[u8]) -> Signed {
        match (id == self.id(), self.holds(bytes, sig)) {
            (false, _) => Signed::UnknownKey,
            (true, true) => Signed::Good,
            (true, false) => Signed::Bad,
        }
    }

    fn holds(&self, bytes: &[u8], sig: &[u8]) -> bool {
        // Strict: no other bytes are a signature by the same key over the same text.
        Signature::from_slice(sig).is_ok_and(|sig| self.0.verify_strict(bytes, &sig).is_ok())
    }
}

/// The statement that a new key follows, signed by the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    /// Id of the old key.
    pub by: String,
    payload: SuccessionPayload,
    sig: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SuccessionPayload {
    adjourn: String,
    key: String,
    old_until: Time,
}

/// The keys that an outpost trusts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Trusted(Vec<TrustedKey>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct TrustedKey {
    key: String,
    /// Until when; `None` for the key in force.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    until: Option<Time>,
}

impl Trusted {
    /// One key, in force.
    pub fn one(key: &PublicKey) -> Self {
        Self(vec![TrustedKey { key: key.to_hex(), until: None }])
    }

    /// Checks a signature by a named key at a time.
    pub fn signed(&self, now: Time, id: &str, bytes: &[u8], sig: &[u8]) -> Signed {
        match self.find(now, id) {
            None => Signed::UnknownKey,
            Some(key) => key.signed(id, bytes, sig),
        }
    }

    /// Takes a new key that the one in force names. `false` when nothing changed: it is known, or the statement is not
    /// signed by a key that is trusted now.
    pub fn learn(&mut self, now: Time, said: &Succession) -> bool {
        let Some(next) = PublicKey::from_hex(&said.payload.key) else { return false };
        if said.payload.adjourn != SUCCESSION_VERSION || self.0.iter().any(|known| known.key == next.to_hex())
        {
            return false;
        }
        // A key that was itself followed by another names no second successor.
        let Some(old) = self.0.iter_mut().find(|known| {
            known.until.is_none() && PublicKey::from_hex(&known.key).is_some_and(|key| key.id() == said.by)
        }) else {
            return false;
        };
        let holds = PublicKey::from_hex(&old.key).is_some_and(|key| {
            let bytes = canonical_json(&said.payload).unwrap_or_default();
            unhex(&said.sig).is_some_and(|sig| key.holds(&pae(SUCCESSION_TYPE, &bytes), &sig))
        });
        if !holds {
            return false;
        }
        old.until = Some(said.payload.old_until);
        self.0.push(TrustedKey { key: next.to_hex(), until: None });
        self.0.retain(|known| known.until.is_none_or(|until| until > now));
        true
    }

    /// Ids of the keys that are trusted at a time.
    pub fn ids(&self, now: Time) -> Vec<String> {
        let live = self.0.iter().filter(|known| known.until.is_none_or(|until| until > now));
        live.filter_map(|known| PublicKey::from_hex(&known.key)).map(|key| key.id()).collect()
    }

    fn find(&self, now: Time, id: &str) -> Option<PublicKey> {
        let live = self.0.iter().filter(|known| known.until.is_none_or(|until| until > now));
        live.filter_map(|known| PublicKey::from_hex(&known.key)).find(|key| key.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000_000;

    #[test]
    fn a_new_key_is_learnt_from_the_old_one_only_and_the_old_one_ends() {
        let now = Time::from_millis(NOW);
        let (old, new, other) = (
            InstructionKey::from_seed(&[1; 32]),
            InstructionKey::from_seed(&[2; 32]),
            InstructionKey::from_seed(&[3; 32]),
        );
        let mut trusted = Trusted::one(&old.public());
        let until = now.plus_secs(3600);
        assert!(!trusted.learn(now, &other.succeed(&new.public(), until).unwrap()), "signed by a stranger");
        let mut bent = old.succeed(&new.public(), until).unwrap();
        bent.payload.key = other.public().to_hex();
        assert!(!trusted.learn(now, &bent), "another key put in");
        let said = old.succeed(&new.public(), until).unwrap();
        assert!(trusted.learn(now, &said));
        assert!(!trusted.learn(now, &said), "known");
        assert!(!trusted.learn(now, &old.succeed(&other.public(), until).unwrap()), "no second successor");
        let says = |key: &InstructionKey, at| trusted.signed(at, &key.public().id(), b"x", &key.sign(b"x"));
        assert_eq!((says(&old, now), says(&new, now)), (Signed::Good, Signed::Good));
        assert_eq!((says(&old, until), says(&new, until)), (Signed::UnknownKey, Signed::Good));
        assert_eq!(trusted.signed(now, &new.public().id(), b"y", &new.sign(b"x")), Signed::Bad);
    }
}

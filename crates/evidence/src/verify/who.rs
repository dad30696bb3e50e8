//! In whose name, and with what: delegations and user-verified passkeys of a bundle.
//!
//! The same rules as when somebody approved ([`adjourn_domain::passkey`]), years later and without us. What the bundle holds
//! ready for openssl must be the very bytes that were checked here.

use std::collections::BTreeMap;

use adjourn_domain::canonical::unhex;
use adjourn_domain::delegation::{Delegation, OnBehalf};
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::passkey::{Algorithm, Assertion, Passkey, Proof, Purpose, challenge, check_assertion};
use adjourn_domain::time::Time;
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;

use super::journal::{Event, Journal};
use super::review::{Known, Plan};
use super::{Check, FindingCode, StatementCode};
use crate::layout::{DELEGATIONS, PASSKEY_KEY, PASSKEY_SIGNED, PASSKEYS, answer_folder, signature_name};
use crate::passkey::{signature_holds, to_pem};

/// Longest file of an answer.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

/// Something with the signature of the person whose it is.
#[derive(Debug, Deserialize)]
struct Bound<T> {
    #[serde(flatten)]
    what: T,
    signature: String,
}

/// Delegations and passkeys whose signatures hold.
#[derive(Debug, Default)]
pub(super) struct Who {
    delegations: BTreeMap<String, Delegation>,
    passkeys: BTreeMap<String, Passkey>,
}

/// One answer of a passkey, as it was asked for.
pub(super) struct Answer<'a> {
    pub(super) purpose: Purpose,
    pub(super) principal: &'a str,
    pub(super) nonce: &'a str,
    pub(super) assertion: &'a Assertion,
    /// The number of the event that it came with.
    pub(super) seq: u64,
}

impl Who {
    /// Reads what is there; a bundle in which nobody used either has no such files.
    pub(super) fn read(check: &mut Check<'_>, principals: &BTreeMap<String, Known>) -> Self {
        let mut who = Self::default();
        let path = format!("data/{DELEGATIONS}");
        for bound in list::<Bound<Delegation>>(check, &path) {
            let lent = bound.what;
            let signed = lent
                .bytes()
                .ok()
                .is_some_and(|bytes| holds(principals, &lent.from, &bytes, &bound.signature));
            if signed && lent.adjourn == "delegation/v1" {
                who.delegations.insert(lent.id.0.clone(), lent);
            } else {
                let says = format!("{} did not sign delegation {}", lent.from, lent.id);
                check.find(FindingCode::ApprovalDelegation, &path, says);
            }
        }
        let path = format!("data/{PASSKEYS}");
        for bound in list::<Bound<Passkey>>(check, &path) {
            let passkey = bound.what;
            let bytes = passkey.bytes().ok();
            let signed =
                bytes.is_some_and(|bytes| holds(principals, &passkey.principal, &bytes, &bound.signature));
            if signed && passkey.adjourn == "passkey/v1" {
                who.passkeys.insert(passkey.credential.clone(), passkey);
            } else {
                let says = format!("{} did not sign that this passkey is theirs", passkey.principal);
                check.find(FindingCode::PasskeyInvalid, &path, says);
            }
        }
        who
    }

    /// Whether an approval at `at`, event `seq`, may speak for somebody else.
    pub(super) fn may_speak(
        &self,
        principals: &BTreeMap<String, Known>,
        journal: &Journal,
        behalf: &OnBehalf,
        who: &str,
        at: Time,
        seq: u64,
    ) -> Result<(), String> {
        let id = &behalf.delegation;
        let lent = self.delegations.get(id.as_str()).ok_or_else(|| format!("there is no delegation {id}"))?;
        if lent.from != behalf.of || lent.role != behalf.role || lent.to.as_str() != who {
            return Err(format!("delegation {id} says something else"));
        }
        if principals.get(lent.from.as_str()).is_none_or(|from| from.record.role != lent.role) {
            return Err(format!("{} has no role {} to lend", lent.from, lent.role));
        }
        if !lent.holds(at) {
            return Err(format!("delegation {id} did not hold at {at}"));
        }
        let told = |kind: &'static str, of: fn(&Event) -> Option<&str>| {
            journal.anywhere(kind).any(|event| event.seq < seq && of(event) == Some(id.as_str()))
        };
        if !told("delegated", |event| event.payload.as_ref()?.get("delegation")?.get("id")?.as_str()) {
            return Err(format!("the journal knows no delegation {id} before that"));
        }
        if told("delegation_revoked", |event| event.text("delegation")) {
            return Err(format!("delegation {id} had been taken back"));
        }
        Ok(())
    }

    /// Checks an answer, and that the files for openssl are its bytes.
    pub(super) fn answered(
        &self,
        check: &mut Check<'_>,
        plan: &Plan,
        journal: &Journal,
        answer: &Answer<'_>,
    ) -> bool {
        let folder = format!("data/{}", answer_folder(answer.purpose, answer.principal, answer.nonce));
        let found = self.check(plan, journal, answer);
        let (passkey, message, signature) = match found {
            Ok(found) => found,
            Err(says) => {
                check.find(FindingCode::PasskeyInvalid, &folder, says);
                return false;
            }
        };
        let key = unhex(&passkey.public_key).unwrap_or_default();
        let files = [
            (PASSKEY_SIGNED, message),
            (signature_name(passkey.algorithm), signature),
            (PASSKEY_KEY, to_pem(&key).into_bytes()),
        ];
        for (name, bytes) in files {
            let path = format!("{folder}/{name}");
            if check.read(&path, MAX_ANSWER_BYTES).is_some_and(|there| there != bytes) {
                check.find(
                    FindingCode::PasskeyInvalid,
                    &path,
                    "this is not what was signed with the passkey",
                );
                return false;
            }
        }
        let who = answer.principal.to_owned();
        let what = match answer.purpose {
            Purpose::Approval => "approved",
            Purpose::Confirmation => "confirmed",
        };
        check.prove(
            StatementCode::Passkey,
            &[("principal", who.clone()), ("folder", folder)],
            format!("{who} {what} this plan with a user-verified passkey (fingerprint, face or PIN)."),
        );
        true
    }

    fn check(
        &self,
        plan: &Plan,
        journal: &Journal,
        answer: &Answer<'_>,
    ) -> Result<(&Passkey, Vec<u8>, Vec<u8>), String> {
        let who = PrincipalId::from(answer.principal);
        let credential = &answer.assertion.credential;
        let passkey = self.passkeys.get(credential).filter(|passkey| passkey.principal == who);
        let passkey = passkey.ok_or_else(|| format!("{who} has no such passkey"))?;
        let told = |kind: &'static str, of: fn(&Event) -> Option<&str>| {
            journal
                .anywhere(kind)
                .any(|event| event.seq < answer.seq && of(event) == Some(credential.as_str()))
        };
        if !told("passkey_added", |event| event.payload.as_ref()?.get("passkey")?.get("credential")?.as_str())
        {
            return Err("the journal knows no such passkey before that".to_owned());
        }
        if told("passkey_revoked", |event| event.text("credential")) {
            return Err("the passkey had been taken away".to_owned());
        }
        let asked =
            challenge(answer.purpose, plan.hash, answer.nonce, &who).map_err(|error| error.to_string())?;
        let signed =
            check_assertion(passkey, asked, answer.assertion).map_err(|refusal| refusal.to_string())?;
        let key = unhex(&passkey.public_key).unwrap_or_default();
        if Algorithm::of(&key) != Some(passkey.algorithm)
            || !signature_holds(&key, &signed.message, &signed.signature)
        {
            return Err("the passkey's signature does not hold".to_owned());
        }
        Ok((passkey, signed.message, signed.signature))
    }
}

/// The answer that came with a confirmation, if there is one.
pub(super) fn proof_of(event: &Event) -> Option<Proof> {
    serde_json::from_value(event.payload.as_ref()?.get("proof")?.clone()).ok()
}

fn holds(principals: &BTreeMap<String, Known>, who: &PrincipalId, bytes: &[u8], signature: &str) -> bool {
    let key: Option<&VerifyingKey> = principals.get(who.as_str()).map(|known| &known.key);
    let signature = unhex(signature).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    key.zip(signature)
        .is_some_and(|(key, signature)| key.verify_strict(bytes, &Signature::from_bytes(&signature)).is_ok())
}

fn list<T: serde::de::DeserializeOwned>(check: &mut Check<'_>, path: &str) -> Vec<T> {
    if check.files.get(path).is_none() {
        return Vec::new();
    }
    check.json(path).unwrap_or_default()
}

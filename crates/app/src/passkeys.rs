//! User-verified passkeys (fingerprint, face or PIN): adding them, asking for an answer, checking it.
//!
//! The browser is asked by a page, which is somebody else's work; what came back is checked here, before anything is written.
//! Invariants: a passkey is bound to its person by that person's own key; an answer is for one plan, one person, one nonce; a
//! passkey that counts backwards is refused and told.

use std::collections::BTreeSet;

use adjourn_domain::approval::{DualAct, Principal};
use adjourn_domain::canonical::{Hash, unhex};
use adjourn_domain::case::CaseState;
use adjourn_domain::event::{CaseEvent, OrgEvent};
use adjourn_domain::ids::{CaseId, PrincipalId};
use adjourn_domain::passkey::{
    Assertion, MAX_PASSKEYS, Passkey, Purpose, Registration, Relying, challenge, check_assertion,
    check_registration,
};

use serde_json::Value;

use crate::App;
use crate::error::AppError;
use crate::journal::Tx;
use crate::org::{ADMIN, Held, Org};
use crate::ports::{BundleAnswer, BundleWho, Signer};

/// What a browser is to be asked for, to add a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskNew {
    /// Whose it will be.
    pub principal: PrincipalId,
    /// The person's name.
    pub name: String,
    /// The challenge, drawn at random.
    pub challenge: Hash,
    /// Credentials that the person has already.
    pub have: Vec<String>,
    /// The relying party.
    pub relying: Relying,
}

/// What a browser is to be asked for, to sign with a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskSign {
    /// The case.
    pub case: CaseId,
    /// What for.
    pub purpose: Purpose,
    /// The plan.
    pub plan_hash: Hash,
    /// Who.
    pub name: String,
    /// Drawn at random, 16 bytes in hex.
    pub nonce: String,
    /// The challenge: hash of purpose, plan, nonce and person.
    pub challenge: Hash,
    /// The person's credentials.
    pub have: Vec<String>,
    /// The relying party.
    pub relying: Relying,
}

impl App {
    /// What to ask the signer's browser for, so that it makes a passkey. `name` is the signer's own: nobody adds a passkey for
    /// somebody else.
    ///
    /// # Errors
    /// `principal.unknown`, `passkey.owner`, `passkey.limit`.
    pub async fn ask_passkey(
        &self,
        name: &str,
        relying: Relying,
        signer: &dyn Signer,
    ) -> Result<AskNew, AppError> {
        let org = self.journal.org().await?;
        let principal = org.principal(signer)?;
        if org.named(name)? != principal.id {
            return Err(AppError::new("passkey.owner").with("principal", name));
        }
        let have: Vec<String> =
            org.passkeys_of(&principal.id).map(|held| held.passkey.credential.clone()).collect();
        if have.len() >= MAX_PASSKEYS {
            return Err(AppError::new("passkey.limit").with("limit", MAX_PASSKEYS));
        }
        let challenge = Hash::of(self.random_hex(32).as_bytes());
        Ok(AskNew { principal: principal.id.clone(), name: principal.name.clone(), challenge, have, relying })
    }

    /// Keeps a passkey that the browser made, bound to the person by the person's own signature.
    ///
    /// # Errors
    /// `passkey.invalid`, `passkey.algorithm`, `passkey.exists`.
    pub async fn add_passkey(
        &self,
        ask: &AskNew,
        new: &Registration,
        signer: &dyn Signer,
    ) -> Result<Passkey, AppError> {
        let org = self.journal.org().await?;
        let principal = org.principal(signer)?;
        if principal.id != ask.principal {
            return Err(AppError::new("passkey.owner").with("principal", &ask.name));
        }
        let now = self.clock.now();
        let passkey = check_registration(&principal.id, &ask.relying, ask.challenge, new, now)?;
        // One credential is one person's, for good: also one that was taken away.
        if org.who.passkeys.contains_key(&passkey.credential) {
            return Err(AppError::new("passkey.exists"));
        }
        let signature = self.signed(&passkey.bytes()?, &principal.public_key, signer)?;
        let mut tx = self.journal.begin(now, &principal.id);
        tx.org(&org, &OrgEvent::PasskeyAdded { passkey: passkey.clone(), signature })?;
        tx.commit().await?;
        Ok(passkey)
    }

    /// Takes a passkey away. Its owner does, or an admin. What it signed before stays signed.
    ///
    /// # Errors
    /// `passkey.unknown`, `approval.role`.
    pub async fn revoke_passkey(&self, credential: &str, signer: &dyn Signer) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?;
        // The start of an id is enough where it is the start of one.
        let found: Vec<_> = org
            .who
            .passkeys
            .values()
            .filter(|held| held.revoked.is_none() && held.passkey.credential.starts_with(credential))
            .collect();
        let [held] = found.as_slice() else {
            return Err(AppError::new("passkey.unknown").with("credential", credential));
        };
        if by.id != held.passkey.principal && by.role != ADMIN {
            return Err(AppError::new("approval.role").with("role", ADMIN));
        }
        let now = self.clock.now();
        let credential = held.passkey.credential.clone();
        let statement = DualAct::new("passkey.revoke", &credential, &by.id, now);
        let signature = self.signed(&statement.bytes()?, &by.public_key, signer)?;
        let mut tx = self.journal.begin(now, &by.id);
        tx.org(&org, &OrgEvent::PasskeyRevoked { credential, statement, signature })?;
        tx.commit().await
    }

    /// What to ask the signer's browser for, so that a passkey signs a case's plan.
    ///
    /// # Errors
    /// `case.unknown`, `plan.edited` when the plan that was read is another one, `passkey.none`.
    pub async fn ask_signature(
        &self,
        case: &CaseId,
        purpose: Purpose,
        read: Option<Hash>,
        relying: Relying,
        signer: &dyn Signer,
    ) -> Result<AskSign, AppError> {
        let org = self.journal.org().await?;
        let principal = org.principal(signer)?;
        let case = self.journal.known_case(case).await?;
        let plan_hash =
            case.plan_hash().ok_or_else(|| AppError::new("case.unknown").with("case", &case.id))?;
        if read.is_some_and(|read| read != plan_hash) {
            return Err(AppError::new("plan.edited").with("case", &case.id));
        }
        let have: Vec<String> = org
            .passkeys_of(&principal.id)
            .filter(|held| held.passkey.rp_id == relying.rp_id)
            .map(|held| held.passkey.credential.clone())
            .collect();
        if have.is_empty() {
            return Err(AppError::new("passkey.none")
                .with("principal", &principal.name)
                .with("rp", &relying.rp_id));
        }
        let nonce = self.random_hex(16);
        let challenge = challenge(purpose, plan_hash, &nonce, &principal.id)?;
        let name = principal.name.clone();
        Ok(AskSign { case: case.id, purpose, plan_hash, name, nonce, challenge, have, relying })
    }

    /// Checks an answer, and notes in the transaction how often its passkey has signed.
    ///
    /// # Errors
    /// `passkey.invalid`, `passkey.counter`; the latter is on the journal when it returns.
    pub(crate) async fn check_passkey(
        &self,
        org: &Org,
        principal: &Principal,
        case: &CaseState,
        asked: (Purpose, Hash, &str),
        answer: &Assertion,
    ) -> Result<Option<OrgEvent>, AppError> {
        let wrong = |what: &str| AppError::new("passkey.invalid").with("what", what);
        let held = org
            .passkeys_of(&principal.id)
            .find(|held| held.passkey.credential == answer.credential)
            .ok_or_else(|| wrong("credential"))?;
        let (purpose, plan_hash, nonce) = asked;
        let challenge = challenge(purpose, plan_hash, nonce, &principal.id)?;
        self.check_answer(org, held, Some(&case.id), challenge, answer).await
    }

    /// Checks an answer to a challenge by a passkey.
    ///
    /// # Errors
    /// As [`App::check_passkey`].
    pub(crate) async fn check_answer(
        &self,
        org: &Org,
        held: &Held,
        case: Option<&CaseId>,
        challenge: Hash,
        answer: &Assertion,
    ) -> Result<Option<OrgEvent>, AppError> {
        let wrong = |what: &str| AppError::new("passkey.invalid").with("what", what);
        let signed = check_assertion(&held.passkey, challenge, answer)?;
        let key = unhex(&held.passkey.public_key).unwrap_or_default();
        if !self.journal.keys.check_passkey(&key, &signed.message, &signed.signature) {
            return Err(wrong("signature"));
        }
        let credential = answer.credential.clone();
        let (had, got) = (held.counter, signed.counter);
        if got > had {
            return Ok(Some(OrgEvent::PasskeyUsed { credential, counter: got }));
        }
        // One that does not count always tells zero (WebAuthn, section 7.2, step 22).
        if had == 0 {
            return Ok(None);
        }
        let mut tx: Tx<'_> = self.journal.begin(self.clock.now(), &held.passkey.principal);
        tx.org(org, &OrgEvent::PasskeySuspect { credential, case: case.cloned(), had, got })?;
        tx.commit().await?;
        Err(AppError::new("passkey.counter").with("had", had).with("got", got))
    }
}

impl App {
    /// Delegations and passkeys that were used in a case, for its bundle.
    pub(crate) async fn who_spoke(&self, case: &CaseState, org: &Org) -> Result<BundleWho, AppError> {
        let mut who = BundleWho::default();
        let mut answers = Vec::new();
        let mut lent = BTreeSet::new();
        for (approval, _) in &case.approvals {
            let said = &approval.statement;
            lent.extend(said.on_behalf.iter().map(|behalf| behalf.delegation.clone()));
            answers.extend(approval.passkey.iter().map(|answer| {
                (Purpose::Approval, said.principal.clone(), said.nonce.clone(), (**answer).clone())
            }));
        }
        for (_, event) in self.journal.case_events(&case.id).await? {
            let (CaseEvent::Confirmed { by, plan_hash, proof } | CaseEvent::Applied { by, plan_hash, proof }) =
                event
            else {
                continue;
            };
            if let Some(proof) = proof.filter(|_| case.plan_hash() == Some(plan_hash)) {
                answers.push((Purpose::Confirmation, by, proof.nonce, proof.assertion));
            }
        }
        for id in &lent {
            let Some(lent) = org.who.delegations.get(id) else { continue };
            who.delegations.push(bound(&lent.delegation, &lent.signature)?);
        }
        let mut used = BTreeSet::new();
        for (purpose, principal, nonce, answer) in answers {
            let Some(held) = org.who.passkeys.get(&answer.credential) else { continue };
            if used.insert(answer.credential.clone()) {
                who.passkeys.push(bound(&held.passkey, &held.signature)?);
            }
            let passkey = held.passkey.clone();
            who.answers.push(BundleAnswer { purpose, principal, nonce, passkey, answer });
        }
        Ok(who)
    }
}

/// Something with the signature of whoever it is of.
fn bound(what: &impl serde::Serialize, signature: &str) -> Result<Value, AppError> {
    let mut value = serde_json::to_value(what)?;
    if let Some(map) = value.as_object_mut() {
        map.insert("signature".to_owned(), Value::from(signature));
    }
    Ok(value)
}

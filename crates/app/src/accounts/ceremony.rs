//! What a page asks a browser's passkey for. The page carries a ticket that only this installation can have made, for one thing and a few minutes;
//! nothing is kept of it until it is answered, so whoever opens pages fills no disk.

use adjourn_domain::canonical::{Hash, hex, unhex};
use adjourn_domain::case::CaseState;
use adjourn_domain::ids::CaseId;
use adjourn_domain::passkey::{Assertion, Proof, Purpose, Relying, challenge};
use adjourn_domain::time::Time;

use super::Session;
use crate::App;
use crate::error::AppError;

/// How long a page may stand before its passkey is used, in seconds.
const TICKET_S: u64 = 600;
/// Longest ticket, in bytes.
const MAX_TICKET: usize = 400;

/// What a ticket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For<'a> {
    /// Signing in, by whoever answers.
    SignIn,
    /// A new passkey of a principal.
    New(&'a str),
    /// A password that was right, by the name of its token.
    Second(&'a str),
    /// A case's plan, by a principal.
    Plan(&'a str, &'a str, Purpose),
}

impl For<'_> {
    fn text(self) -> String {
        match self {
            Self::SignIn => "in".to_owned(),
            Self::New(who) => format!("new/{who}"),
            Self::Second(token) => format!("second/{token}"),
            Self::Plan(case, who, Purpose::Approval) => format!("approve/{case}/{who}"),
            Self::Plan(case, who, Purpose::Confirmation) => format!("confirm/{case}/{who}"),
        }
    }
}

/// What a page asks a browser for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What comes back with the answer.
    pub ticket: String,
    /// What is signed.
    pub challenge: Hash,
    /// The passkeys that may answer, in hex; none means whichever there is.
    pub have: Vec<String>,
    /// The relying party.
    pub relying: Relying,
}

impl App {
    /// Asks for a passkey's answer to a case's plan. `None` where whoever is signed in has no passkey for these pages.
    pub async fn ask_plan(
        &self,
        case: &CaseState,
        purpose: Purpose,
        relying: &Relying,
        session: &Session,
    ) -> Result<Option<Asked>, AppError> {
        let who = &session.principal.id;
        let org = self.journal.org().await?;
        let held = org.passkeys_of(who).filter(|held| held.passkey.rp_id == relying.rp_id);
        let have: Vec<String> = held.map(|held| held.passkey.credential.clone()).collect();
        let Some(plan_hash) = case.plan_hash().filter(|_| !have.is_empty()) else { return Ok(None) };
        let (ticket, nonce) = self.ticket(For::Plan(case.id.as_str(), who.as_str(), purpose))?;
        let challenge = challenge(purpose, plan_hash, &nonce, who)?;
        Ok(Some(Asked { ticket, challenge, have, relying: relying.clone() }))
    }

    /// What a browser answered to a case's plan, for the use case that checks it.
    ///
    /// # Errors
    /// `passkey.stale` when we did not ask for it, or too long ago; `passkey.invalid` when it can't be read.
    pub fn plan_answer(
        &self,
        case: &CaseId,
        purpose: Purpose,
        session: &Session,
        ticket: &str,
        answer: &str,
    ) -> Result<Proof, AppError> {
        let who = session.principal.id.as_str();
        let nonce = self.admit_ticket(ticket, For::Plan(case.as_str(), who, purpose))?;
        Ok(Proof { nonce, assertion: assertion(answer)? })
    }

    /// A new ticket with its nonce.
    pub(super) fn ticket(&self, what: For<'_>) -> Result<(String, String), AppError> {
        let nonce = self.random_hex(16);
        let until = self.clock.now().plus_secs(TICKET_S).as_millis() / 1000;
        let said = format!("p1.{}.{until}.{nonce}", what.text());
        let mac = hex(&self.journal.keys.mac(said.as_bytes())?);
        Ok((format!("{said}.{mac}"), nonce))
    }

    /// The nonce of a ticket of ours that is for this and not over.
    pub(super) fn admit_ticket(&self, ticket: &str, what: For<'_>) -> Result<String, AppError> {
        let stale = || AppError::new("passkey.stale");
        let (said, mac) = ticket.rsplit_once('.').filter(|_| ticket.len() <= MAX_TICKET).ok_or_else(stale)?;
        let mac = unhex(mac).ok_or_else(stale)?;
        if !self.journal.keys.check_mac(said.as_bytes(), &mac) {
            return Err(stale());
        }
        let (rest, nonce) = said.rsplit_once('.').ok_or_else(stale)?;
        let (rest, until) = rest.rsplit_once('.').ok_or_else(stale)?;
        let until =
            until.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1000)).ok_or_else(stale)?;
        if rest != format!("p1.{}", what.text()) || Time::from_millis(until) <= self.clock.now() {
            return Err(stale());
        }
        Ok(nonce.to_owned())
    }
}

/// What is signed where no plan is: nothing that is signed for a plan begins so.
pub(super) fn challenge_of(ticket: &str) -> Hash {
    Hash::of_parts(&[b"adjourn passkey ticket v1\0", ticket.as_bytes()])
}

/// A browser's answer.
pub(super) fn assertion(answer: &str) -> Result<Assertion, AppError> {
    serde_json::from_str(answer).map_err(|_| AppError::new("passkey.invalid").with("what", "answer"))
}

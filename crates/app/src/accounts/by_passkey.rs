//! A passkey at the door (ADR 0007). Where an authenticator can (the `prf` extension), a passkey gives a secret of its own, and the person's key is
//! sealed behind that as it is behind a password. Where it can't, a passkey is asked for behind the password, if its person wants that. One that does
//! neither signs plans and opens nothing.

use adjourn_domain::approval::Principal;
use adjourn_domain::canonical::{Hash, hex, unhex};
use adjourn_domain::passkey::{MAX_PASSKEYS, Passkey, Registration, Relying};

use super::ceremony::{Asked, For, assertion, challenge_of};
use super::sessions::Seat;
use super::{Account, Opens, Record, Session};
use crate::App;
use crate::error::AppError;
use crate::org::{Held, Org};
use crate::passkeys::AskNew;
use crate::ports::{Shelf, TOKEN, Token};

/// What the secret of a passkey is for: the input of `prf`. It is no secret, and the same for everybody: each passkey makes another secret of it.
pub const PRF_INPUT: &[u8; 32] = b"adjourn opens a principal's key\0";
/// How long a used ticket is remembered, in seconds: longer than it holds.
const SPENT_S: u64 = 3600;

/// A passkey as its own person sees it.
#[derive(Debug, Clone)]
pub struct Mine {
    /// As the journal has it.
    pub held: Held,
    /// Whether it opens the account.
    pub opens: bool,
}

/// What a person's passkeys do at the door.
#[derive(Debug, Clone)]
pub struct Passkeys {
    /// Those in use.
    pub mine: Vec<Mine>,
    /// Whether one is asked for behind the password.
    pub second: bool,
}

impl App {
    /// Asks whoever is there for a passkey to sign in with.
    pub fn ask_sign_in(&self, relying: &Relying) -> Result<Asked, AppError> {
        let (ticket, _) = self.ticket(For::SignIn)?;
        Ok(Asked { challenge: challenge_of(&ticket), ticket, have: Vec::new(), relying: relying.clone() })
    }

    /// Signs in with a passkey and the secret that it gave.
    ///
    /// # Errors
    /// `passkey.stale`, `passkey.invalid`, `passkey.counter`; `passkey.opens_nothing` where the key is not sealed behind it.
    pub async fn sign_in_by_passkey(
        &self,
        ticket: &str,
        answer: &str,
        secret: &str,
        seat: &Seat,
    ) -> Result<Token, AppError> {
        self.admit_ticket(ticket, For::SignIn)?;
        let answer = assertion(answer)?;
        let org = self.journal.org().await?;
        let held = org.who.passkeys.get(&answer.credential).filter(|held| held.revoked.is_none());
        let held = held.ok_or_else(|| AppError::new("passkey.invalid").with("what", "credential"))?;
        let used = self.check_answer(&org, held, None, challenge_of(ticket), &answer).await?;
        let who = &held.passkey.principal;
        self.spend(ticket)?;
        if let Some(used) = used {
            self.org_event(who, used).await?;
        }
        let nothing = || AppError::new("passkey.opens_nothing");
        let account = self.record::<Account>(Shelf::Account, who.as_str())?.ok_or_else(nothing)?;
        let sealed = account.passkeys.get(&answer.credential).and_then(|sealed| unhex(sealed));
        let key = sealed
            .zip(secret_token(secret))
            .and_then(|(sealed, secret)| self.accounts.open_by_token(&sealed, &secret));
        self.open_session(who, &key.ok_or_else(nothing)?, seat)
    }

    /// Asks for the passkey that is due behind a password.
    ///
    /// # Errors
    /// `session.over` when that password was not right, or too long ago.
    pub async fn ask_second(&self, token: &Token, relying: &Relying) -> Result<Asked, AppError> {
        let record = self.opened(token)?.ok_or_else(|| AppError::new("session.over"))?;
        let Opens::Second { principal, .. } = record.opens else {
            return Err(AppError::new("session.over"));
        };
        let org = self.journal.org().await?;
        let have = org.passkeys_of(&principal).map(|held| held.passkey.credential.clone()).collect();
        let (ticket, _) = self.ticket(For::Second(&token.name()))?;
        Ok(Asked { challenge: challenge_of(&ticket), ticket, have, relying: relying.clone() })
    }

    /// Signs in with the passkey that was due behind a password.
    ///
    /// # Errors
    /// As [`App::sign_in_by_passkey`], and `session.over`.
    pub async fn sign_in_second(
        &self,
        token: &Token,
        ticket: &str,
        answer: &str,
        seat: &Seat,
    ) -> Result<Token, AppError> {
        let over = || AppError::new("session.over");
        let record = self.opened(token)?.ok_or_else(over)?;
        let Opens::Second { principal, sealed } = record.opens else { return Err(over()) };
        self.admit_ticket(ticket, For::Second(&token.name()))?;
        let answer = assertion(answer)?;
        let org = self.journal.org().await?;
        let held = org.passkeys_of(&principal).find(|held| held.passkey.credential == answer.credential);
        let held = held.ok_or_else(|| AppError::new("passkey.invalid").with("what", "credential"))?;
        if let Some(used) = self.check_answer(&org, held, None, challenge_of(ticket), &answer).await? {
            self.org_event(&principal, used).await?;
        }
        let key = self.unseal(&sealed, token)?;
        // Of two who answer at once, one has removed it.
        if !self.accounts.remove(Shelf::Token, &token.name())? {
            return Err(over());
        }
        self.open_session(&principal, &key, seat)
    }

    /// The passkeys of whoever is signed in.
    pub async fn my_passkeys(&self, session: &Session) -> Result<Passkeys, AppError> {
        let org = self.journal.org().await?;
        let account = self.account(&session.principal.id)?;
        let mine = org.passkeys_of(&session.principal.id).map(|held| Mine {
            held: held.clone(),
            opens: account.passkeys.contains_key(&held.passkey.credential),
        });
        Ok(Passkeys { mine: mine.collect(), second: account.second })
    }

    /// Asks for a new passkey of whoever is signed in. `None` where they have as many as anybody has.
    pub async fn ask_my_passkey(
        &self,
        session: &Session,
        relying: &Relying,
    ) -> Result<Option<Asked>, AppError> {
        let org = self.journal.org().await?;
        let have = credentials(&org, &session.principal);
        if have.len() >= MAX_PASSKEYS {
            return Ok(None);
        }
        let (ticket, _) = self.ticket(For::New(session.principal.id.as_str()))?;
        Ok(Some(Asked { challenge: challenge_of(&ticket), ticket, have, relying: relying.clone() }))
    }

    /// Keeps a new passkey of whoever is signed in, and seals their key behind its secret where it gave one.
    ///
    /// # Errors
    /// For the password as [`App::sign_in`]; `passkey.stale`, `passkey.invalid`, `passkey.algorithm`, `passkey.exists`.
    pub async fn add_my_passkey(
        &self,
        session: &Session,
        password: &str,
        relying: &Relying,
        (ticket, answer, secret): (&str, &str, &str),
    ) -> Result<Passkey, AppError> {
        let principal = &session.principal;
        self.admit_ticket(ticket, For::New(principal.id.as_str()))?;
        let new: Registration = serde_json::from_str(answer)
            .map_err(|_| AppError::new("passkey.invalid").with("what", "answer"))?;
        let key = self.reopened(session, password).await?;
        let ask = AskNew {
            principal: principal.id.clone(),
            name: principal.name.clone(),
            challenge: challenge_of(ticket),
            have: credentials(&self.journal.org().await?, principal),
            relying: relying.clone(),
        };
        if ask.have.len() >= MAX_PASSKEYS {
            return Err(AppError::new("passkey.limit").with("limit", MAX_PASSKEYS));
        }
        let passkey = self.add_passkey(&ask, &new, session.signer.as_ref()).await?;
        if let Some(secret) = secret_token(secret) {
            let sealed = hex(&self.accounts.seal_by_token(&key, &secret)?);
            let mut account = self.account(&principal.id)?;
            account.passkeys.insert(passkey.credential.clone(), sealed);
            self.put(Shelf::Account, principal.id.as_str(), &account)?;
        }
        Ok(passkey)
    }

    /// Takes a passkey of whoever is signed in away.
    ///
    /// # Errors
    /// For the password as [`App::sign_in`]; `passkey.unknown`, also for somebody else's.
    pub async fn remove_my_passkey(
        &self,
        session: &Session,
        password: &str,
        credential: &str,
    ) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        if !credentials(&org, &session.principal).iter().any(|mine| mine == credential) {
            return Err(AppError::new("passkey.unknown").with("credential", credential));
        }
        self.reopened(session, password).await?;
        self.revoke_passkey(credential, session.signer.as_ref()).await?;
        let id = &session.principal.id;
        let mut account = self.account(id)?;
        account.passkeys.remove(credential);
        account.second &= org.passkeys_of(id).count() > 1;
        self.put(Shelf::Account, id.as_str(), &account)
    }

    /// Has a passkey asked for behind every password of whoever is signed in, or not any more.
    ///
    /// # Errors
    /// For the password as [`App::sign_in`]; `passkey.none` without one.
    pub async fn ask_for_second(
        &self,
        session: &Session,
        password: &str,
        second: bool,
        relying: &Relying,
    ) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let principal = &session.principal;
        if second && credentials(&org, principal).is_empty() {
            return Err(AppError::new("passkey.none")
                .with("principal", &principal.name)
                .with("rp", &relying.rp_id));
        }
        self.reopened(session, password).await?;
        let mut account = self.account(&principal.id)?;
        account.second = second;
        self.put(Shelf::Account, principal.id.as_str(), &account)
    }

    /// Takes note that a ticket was used.
    fn spend(&self, ticket: &str) -> Result<(), AppError> {
        let name = Hash::of_parts(&[b"adjourn spent ticket v1\0", ticket.as_bytes()]).to_hex();
        if self.accounts.read(Shelf::Token, &name)?.is_some() {
            return Err(AppError::new("passkey.stale"));
        }
        let now = self.clock.now();
        let record = Record { opens: Opens::Spent, made: now, seen: now, ends: Some(now.plus_secs(SPENT_S)) };
        self.put(Shelf::Token, &name, &record)
    }
}

fn credentials(org: &Org, principal: &Principal) -> Vec<String> {
    org.passkeys_of(&principal.id).map(|held| held.passkey.credential.clone()).collect()
}

/// The token that a passkey's secret makes; `None` where it gave none.
fn secret_token(secret: &str) -> Option<Token> {
    let secret: [u8; TOKEN] = unhex(secret)?.try_into().ok()?;
    Some(Token(Hash::of_parts(&[b"adjourn passkey key v1\0", &secret]).0))
}

//! Accounts: how a person at a browser comes to act as a principal.
//!
//! A principal is whoever holds its private key. Where no file holds the key, an account does: sealed behind the person's password. Signing in opens it
//! and seals it again behind a session's token, so that neither the disk nor a copy of it can act for anybody, and a restart ends no
//! session. Invitations are tokens of the same make.
//!
//! Everything that somebody does through an account goes through the same use cases with the same signer as on the command line: there is no second
//! way to act, and none to act as somebody else.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use adjourn_domain::approval::Principal;
use adjourn_domain::canonical::{hex, unhex};
use adjourn_domain::event::{OrgEvent, SessionEnd};
use adjourn_domain::ids::{PrincipalId, TokenId};
use adjourn_domain::time::Time;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::AppError;
use crate::org::{ADMIN, Org};
use crate::ports::{OpenKey, Shelf, Signer, Token};

pub mod by_passkey;
pub mod ceremony;
mod everywhere;
pub mod sessions;
mod tokens;

pub use sessions::Seat;
pub use tokens::{Bearer, Given, TokenWish};

/// Roles that a person can be invited to.
pub const ROLES: [&str; 4] = ["requester", "business", "compliance", "admin"];
/// Shortest password, in characters (NIST SP 800-63B-4 asks for 15 where nothing else protects, 8 beside a second factor).
pub const MIN_PASSWORD: usize = 12;
/// Longest password, in bytes: hashing is not free.
pub const MAX_PASSWORD: usize = 1024;
/// Longest name of a person, in characters.
const MAX_NAME: usize = 100;
/// How long an invitation holds, in seconds.
const INVITED_S: u64 = 7 * 86_400;
/// A session ends when nobody used it for so long, in seconds.
const IDLE_S: u64 = 2 * 3600;
/// And at the latest after, in seconds.
const SESSION_S: u64 = 12 * 3600;
/// A password that was right waits so long for the passkey that is asked for as well, in seconds.
const SECOND_S: u64 = 300;
/// How often the last use of a token is written down, in seconds.
const SEEN_S: u64 = 60;
/// Wrong passwords in a row that are let pass.
const PATIENCE: u32 = 5;
/// How long the account is locked at the first wrong password after that; each further one doubles it, in seconds.
const LOCKED_S: u64 = 60;
/// Longest lock, in seconds.
const MAX_LOCKED_S: u64 = 3600;

/// What is behind a password.
#[derive(Serialize, Deserialize)]
struct Account {
    /// The sealed key, in hex.
    sealed: String,
    /// Wrong passwords since the last right one.
    failed: u32,
    /// Until when no password is looked at.
    locked_until: Option<Time>,
    /// The same key, sealed behind what passkeys give, in hex, by credential.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    passkeys: BTreeMap<String, String>,
    /// Whether a passkey is asked for behind every password.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    second: bool,
}

impl Account {
    fn new(sealed: String) -> Self {
        Self { sealed, failed: 0, locked_until: None, passkeys: BTreeMap::new(), second: false }
    }
}

/// What a token opens.
#[derive(Serialize, Deserialize)]
#[serde(tag = "opens", rename_all = "snake_case")]
enum Opens {
    /// The first administrator's place.
    First,
    /// The account of a principal who has no password yet, or a new one.
    Invitation { principal: PrincipalId, sealed: String },
    Session {
        principal: PrincipalId,
        sealed: String,
        #[serde(default)]
        seat: Seat,
        /// Whether a newer token took its place.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        replaced: bool,
    },
    /// A sign-in whose password was right, and whose passkey is due.
    Second { principal: PrincipalId, sealed: String },
    /// Nothing: a ceremony that was used.
    Spent,
    /// A service token. What it may be used for stands in the journal.
    Service { token: TokenId, sealed: String },
}

/// A token's record.
#[derive(Serialize, Deserialize)]
struct Record {
    #[serde(flatten)]
    opens: Opens,
    made: Time,
    seen: Time,
    /// `None` for a service token that was given no end.
    ends: Option<Time>,
}

impl Record {
    fn holds(&self, now: Time) -> bool {
        let idle = matches!(self.opens, Opens::Session { .. }) && now.secs_since(self.seen) >= IDLE_S;
        self.ends.is_none_or(|ends| now < ends) && !idle
    }
}

/// Whom an invitation is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invited {
    /// Whoever comes first and becomes the administrator.
    First,
    /// A principal who has to choose a password.
    Principal(Principal),
}

/// Somebody who is there: who, and what signs for them.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub principal: Principal,
    /// What signs.
    pub signer: Arc<dyn Signer>,
    /// Until when at the latest.
    pub ends: Option<Time>,
    /// Its token.
    pub token: Token,
    /// The token that took its place, if one did: whoever answers hands it to the browser.
    pub renewed: Arc<OnceLock<Token>>,
    key: OpenKey,
}

impl Session {
    /// The key, for whoever is to be given a token of theirs.
    pub fn key(&self) -> &OpenKey {
        &self.key
    }
}

/// What a right password gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedIn {
    /// A session.
    Session(Token),
    /// A passkey is asked for as well; the token stands for the password.
    Second(Token),
}

impl App {
    /// The one-time link of a new installation, while it has no principal: whoever opens it becomes the administrator. A link that was
    /// given before no longer opens.
    pub async fn first_link(&self) -> Result<Option<Token>, AppError> {
        if !self.journal.org().await?.principals.is_empty() {
            return Ok(None);
        }
        for name in self.accounts.names(Shelf::Token)? {
            let record = self.record::<Record>(Shelf::Token, &name)?;
            if record.is_some_and(|record| matches!(record.opens, Opens::First)) {
                self.accounts.remove(Shelf::Token, &name)?;
            }
        }
        Ok(Some(self.give(Opens::First, INVITED_S)?))
    }

    /// Adds a principal who has no key yet, and gives the link with which they choose their password.
    pub async fn invite(
        &self,
        name: &str,
        role: &str,
        by: &dyn Signer,
    ) -> Result<(Principal, Token), AppError> {
        let name = clean_name(name)?;
        let key = self.accounts.generate();
        let signer = self.accounts.signer(&key);
        let principal = self.add_principal(name, role, signer.as_ref(), Some(by)).await?;
        let token = self.invitation_for(&principal.id, &key)?;
        Ok((principal, token))
    }

    /// The link with which whoever holds a key chooses a password for it.
    pub async fn account_link(&self, key: &OpenKey) -> Result<Token, AppError> {
        let signer = self.accounts.signer(key);
        let org = self.journal.org().await?;
        let principal = org.principal(signer.as_ref())?;
        self.invitation_for(&principal.id, key)
    }

    fn invitation_for(&self, principal: &PrincipalId, key: &OpenKey) -> Result<Token, AppError> {
        let token = self.accounts.token();
        let sealed = hex(&self.accounts.seal_by_token(key, &token)?);
        self.lay(&token, Opens::Invitation { principal: principal.clone(), sealed }, INVITED_S)?;
        Ok(token)
    }

    /// Whom a link is for.
    ///
    /// # Errors
    /// `link.unknown` when it never was, was used, or is over.
    pub async fn invited(&self, token: &Token) -> Result<Invited, AppError> {
        let record = self.opened(token)?.ok_or_else(|| AppError::new("link.unknown"))?;
        let org = self.journal.org().await?;
        match record.opens {
            Opens::First if org.principals.is_empty() => Ok(Invited::First),
            Opens::Invitation { principal, .. } => org
                .principals
                .get(&principal)
                .cloned()
                .map(Invited::Principal)
                .ok_or_else(|| AppError::new("link.unknown")),
            _ => Err(AppError::new("link.unknown")),
        }
    }

    /// Takes a link: the first administrator names themselves, everybody chooses a password. The link opens once.
    pub async fn accept_invitation(
        &self,
        token: &Token,
        name: &str,
        password: &str,
    ) -> Result<Principal, AppError> {
        check_password(password)?;
        let invited = self.invited(token).await?;
        let name = match &invited {
            Invited::First => clean_name(name)?.to_owned(),
            Invited::Principal(principal) => principal.name.clone(),
        };
        let record = self.opened(token)?.ok_or_else(|| AppError::new("link.unknown"))?;
        let key = match &record.opens {
            Opens::Invitation { sealed, .. } => self.unseal(sealed, token)?,
            _ => self.accounts.generate(),
        };
        let sealed = hex(&self.accounts.seal_by_password(&key, password)?);
        // Of two who open the same link at once, one has removed it.
        if !self.accounts.remove(Shelf::Token, &token.name())? {
            return Err(AppError::new("link.unknown"));
        }
        let signer = self.accounts.signer(&key);
        // The key is on disk before anybody relies on it.
        self.put(Shelf::Account, signer.principal().as_str(), &Account::new(sealed))?;
        let principal = match invited {
            Invited::First => self.add_principal(&name, ADMIN, signer.as_ref(), None).await?,
            Invited::Principal(principal) => principal,
        };
        self.org_event(&principal.id, OrgEvent::AccountOpened { principal: principal.id.clone() }).await?;
        Ok(principal)
    }

    /// Signs in with a name and its password.
    ///
    /// # Errors
    /// `sign_in.refused` for a wrong name or a wrong password, which look and last the same; `sign_in.locked` after too many.
    pub async fn sign_in(&self, name: &str, password: &str, seat: &Seat) -> Result<SignedIn, AppError> {
        let org = self.journal.org().await?;
        let principal = org.principals.values().find(|principal| principal.name == name.trim());
        let id = principal.map(|principal| principal.id.clone());
        let Some((id, account)) = id.and_then(|id| {
            let account = self.record::<Account>(Shelf::Account, id.as_str()).ok().flatten()?;
            Some((id, account))
        }) else {
            // As long as with a name that is there.
            let _ = self.accounts.open_by_password(&[], password)?;
            return Err(AppError::new("sign_in.refused"));
        };
        let second = account.second && org.passkeys_of(&id).next().is_some();
        let key = self.open_account(&id, account, password).await?;
        if !second {
            return self.open_session(&id, &key, seat).map(SignedIn::Session);
        }
        let token = self.accounts.token();
        let sealed = hex(&self.accounts.seal_by_token(&key, &token)?);
        self.lay(&token, Opens::Second { principal: id, sealed }, SECOND_S)?;
        Ok(SignedIn::Second(token))
    }

    /// Checks the password of whoever is signed in, for an act that asks for it once more. The session goes on under another token.
    ///
    /// # Errors
    /// As [`App::sign_in`].
    pub async fn step_up(&self, session: &Session, password: &str) -> Result<(), AppError> {
        self.reopened(session, password).await.map(drop)
    }

    /// The key of whoever is signed in, by their password once more.
    async fn reopened(&self, session: &Session, password: &str) -> Result<OpenKey, AppError> {
        let id = &session.principal.id;
        let account = self.account(id)?;
        let key = self.open_account(id, account, password).await?;
        self.renew_session(session, &key)?;
        Ok(key)
    }

    fn account(&self, id: &PrincipalId) -> Result<Account, AppError> {
        self.record::<Account>(Shelf::Account, id.as_str())?.ok_or_else(|| AppError::new("sign_in.refused"))
    }

    async fn open_account(
        &self,
        id: &PrincipalId,
        mut account: Account,
        password: &str,
    ) -> Result<OpenKey, AppError> {
        let now = self.clock.now();
        if let Some(until) = account.locked_until.filter(|until| now < *until) {
            return Err(AppError::new("sign_in.locked").with("until", until));
        }
        let sealed = unhex(&account.sealed).unwrap_or_default();
        let password = password.get(..MAX_PASSWORD.min(password.len())).unwrap_or_default();
        let Some(key) = self.accounts.open_by_password(&sealed, password)? else {
            account.failed = account.failed.saturating_add(1);
            account.locked_until = account.failed.checked_sub(PATIENCE).map(|over| {
                let doubled = LOCKED_S.saturating_mul(1 << over.min(16));
                now.plus_secs(doubled.min(MAX_LOCKED_S))
            });
            self.put(Shelf::Account, id.as_str(), &account)?;
            if let Some(until) = account.locked_until {
                self.org_event(id, OrgEvent::SignInLocked { principal: id.clone(), until }).await?;
            }
            return Err(AppError::new("sign_in.refused"));
        };
        if account.failed > 0 {
            account.failed = 0;
            account.locked_until = None;
            self.put(Shelf::Account, id.as_str(), &account)?;
        }
        Ok(key)
    }

    /// Whose session a token is.
    ///
    /// # Errors
    /// `session.over` when it is none, or not any more.
    pub async fn session(&self, token: &Token) -> Result<Session, AppError> {
        let over = || AppError::new("session.over");
        let mut record = self.opened(token)?.ok_or_else(over)?;
        let Opens::Session { sealed, .. } = &record.opens else { return Err(over()) };
        let org = self.journal.org().await?;
        let session = self.session_of(&org, sealed, token, record.ends)?;
        let now = self.clock.now();
        if now.secs_since(record.seen) >= SEEN_S {
            record.seen = now;
            self.put(Shelf::Token, &token.name(), &record)?;
        }
        Ok(session)
    }

    /// Whose key a token opens.
    fn session_of(
        &self,
        org: &Org,
        sealed: &str,
        token: &Token,
        ends: Option<Time>,
    ) -> Result<Session, AppError> {
        let key = self.unseal(sealed, token)?;
        let signer = self.accounts.signer(&key);
        let principal = org.principal(signer.as_ref()).map_err(|_| AppError::new("session.over"))?.clone();
        Ok(Session { principal, signer, ends, token: token.clone(), renewed: Arc::default(), key })
    }

    /// Ends a session, for one of the reasons for which its own person does.
    pub async fn sign_out(&self, token: &Token, why: SessionEnd) -> Result<(), AppError> {
        let record = self.record::<Record>(Shelf::Token, &token.name())?;
        let ended = self.accounts.remove(Shelf::Token, &token.name())?;
        match record.map(|record| record.opens) {
            Some(Opens::Session { principal, .. }) => {
                self.sessions_ended(&principal, why, ended.into(), &principal).await
            }
            _ => Ok(()),
        }
    }

    async fn org_event(&self, by: &PrincipalId, event: OrgEvent) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let mut tx = self.journal.begin(self.clock.now(), by);
        tx.org(&org, &event)?;
        tx.commit().await
    }

    /// A token's record, if it holds.
    fn opened(&self, token: &Token) -> Result<Option<Record>, AppError> {
        let now = self.clock.now();
        Ok(self.record::<Record>(Shelf::Token, &token.name())?.filter(|record| record.holds(now)))
    }

    fn unseal(&self, sealed: &str, token: &Token) -> Result<OpenKey, AppError> {
        let sealed = unhex(sealed).unwrap_or_default();
        self.accounts.open_by_token(&sealed, token).ok_or_else(|| AppError::new("session.over"))
    }

    fn give(&self, opens: Opens, life_s: u64) -> Result<Token, AppError> {
        let token = self.accounts.token();
        self.lay(&token, opens, life_s)?;
        Ok(token)
    }

    fn lay(&self, token: &Token, opens: Opens, life_s: u64) -> Result<(), AppError> {
        let now = self.clock.now();
        let record = Record { opens, made: now, seen: now, ends: Some(now.plus_secs(life_s)) };
        self.put(Shelf::Token, &token.name(), &record)
    }

    /// Removes what is over.
    fn sweep(&self) -> Result<(), AppError> {
        let now = self.clock.now();
        for name in self.accounts.names(Shelf::Token)? {
            let record = self.record::<Record>(Shelf::Token, &name)?;
            if record.is_some_and(|record| !record.holds(now)) {
                self.accounts.remove(Shelf::Token, &name)?;
            }
        }
        Ok(())
    }

    fn record<T: DeserializeOwned>(&self, shelf: Shelf, name: &str) -> Result<Option<T>, AppError> {
        let record = self.accounts.read(shelf, name)?;
        Ok(record.map(|record| serde_json::from_slice(&record)).transpose()?)
    }

    fn put<T: Serialize>(&self, shelf: Shelf, name: &str, record: &T) -> Result<(), AppError> {
        self.accounts.write(shelf, name, &serde_json::to_vec(record)?)
    }
}

/// A name without the white space around it.
fn clean_name(name: &str) -> Result<&str, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(AppError::new("account.name").with("max", MAX_NAME));
    }
    Ok(name)
}

fn check_password(password: &str) -> Result<(), AppError> {
    if password.chars().count() < MIN_PASSWORD || password.len() > MAX_PASSWORD {
        return Err(AppError::new("account.password").with("min", MIN_PASSWORD));
    }
    Ok(())
}

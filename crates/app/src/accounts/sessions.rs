//! Sessions: who is signed in where, how a session goes on under another token, and how it is ended.

use std::sync::Arc;

use adjourn_domain::canonical::hex;
use adjourn_domain::event::{OrgEvent, SessionEnd};
use adjourn_domain::ids::PrincipalId;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use super::{Opens, Record, SESSION_S, Session, check_password};
use crate::App;
use crate::error::AppError;
use crate::ports::{OpenKey, Shelf, Token};

/// How long a token goes on that another one took the place of, in seconds: what its browser had asked already is still answered.
const REPLACED_S: u64 = 30;
/// How much of what a browser says of itself is kept, in characters.
const MAX_BROWSER: usize = 200;

/// Where somebody sits, as far as they say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seat {
    /// What the browser says of itself.
    pub browser: String,
    /// The address that the request came from.
    pub address: String,
}

impl Seat {
    /// A browser at an address.
    pub fn new(browser: &str, address: &str) -> Self {
        Self { browser: browser.chars().take(MAX_BROWSER).collect(), address: address.to_owned() }
    }
}

/// A session as its own person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    /// What it is called; opens nothing.
    pub id: String,
    /// Where.
    pub seat: Seat,
    /// Since when.
    pub since: Time,
    /// When it was last used, about.
    pub seen: Time,
    /// Until when at the latest.
    pub ends: Time,
    /// Whether it is the one that asks.
    pub here: bool,
}

impl App {
    /// The sessions of whoever is signed in, the newest first.
    pub fn sittings(&self, session: &Session) -> Result<Vec<Sitting>, AppError> {
        let here = session.renewed.get().unwrap_or(&session.token).name();
        let mut all = Vec::new();
        for (id, record) in self.sessions_of(&session.principal.id)? {
            let Opens::Session { seat, replaced: false, .. } = record.opens else { continue };
            let (since, seen) = (record.made, record.seen);
            // A session has an end; what has none is no session.
            let Some(ends) = record.ends else { continue };
            all.push(Sitting { here: id == here, id, seat, since, seen, ends });
        }
        all.sort_by_key(|sitting| std::cmp::Reverse(sitting.since));
        Ok(all)
    }

    /// Ends one of the sessions of whoever is signed in, or, with `None`, all but the one that asks.
    ///
    /// # Errors
    /// `session.over` when there is none of that name: somebody else's is no different.
    pub async fn end_sittings(&self, session: &Session, id: Option<&str>) -> Result<(), AppError> {
        match self.end_others(session, id, SessionEnd::FromElsewhere).await? {
            0 if id.is_some() => Err(AppError::new("session.over")),
            _ => Ok(()),
        }
    }

    async fn end_others(
        &self,
        session: &Session,
        id: Option<&str>,
        why: SessionEnd,
    ) -> Result<usize, AppError> {
        let here = session.renewed.get().unwrap_or(&session.token).name();
        let me = &session.principal.id;
        let mut ended = 0;
        for (name, record) in self.sessions_of(me)? {
            let removed =
                id.map_or(name != here, |id| id == name) && self.accounts.remove(Shelf::Token, &name)?;
            // A token that another one took the place of is no session of its own.
            if removed && !matches!(record.opens, Opens::Session { replaced: true, .. }) {
                ended += 1;
            }
        }
        self.sessions_ended(me, why, ended, me).await?;
        Ok(ended)
    }

    /// Chooses another password. Every other session ends.
    ///
    /// # Errors
    /// `account.password`; for the old one as [`App::sign_in`].
    pub async fn change_password(&self, session: &Session, old: &str, new: &str) -> Result<(), AppError> {
        check_password(new)?;
        let key = self.reopened(session, old).await?;
        let id = &session.principal.id;
        let mut account = self.account(id)?;
        account.sealed = hex(&self.accounts.seal_by_password(&key, new)?);
        self.put(Shelf::Account, id.as_str(), &account)?;
        self.end_others(session, None, SessionEnd::Password).await?;
        self.org_event(id, OrgEvent::AccountOpened { principal: id.clone() }).await
    }

    /// Begins a session.
    pub(super) fn open_session(
        &self,
        id: &PrincipalId,
        key: &OpenKey,
        seat: &Seat,
    ) -> Result<Token, AppError> {
        let token = self.accounts.token();
        let sealed = hex(&self.accounts.seal_by_token(key, &token)?);
        let opens = Opens::Session { principal: id.clone(), sealed, seat: seat.clone(), replaced: false };
        self.lay(&token, opens, SESSION_S)?;
        self.sweep()?;
        Ok(token)
    }

    /// Has a session go on under another token, with the same end: whoever took the old one can't wait for its owner to say who they are.
    pub(super) fn renew_session(&self, session: &Session, key: &OpenKey) -> Result<(), AppError> {
        let old = session.token.name();
        let Some(record) = self.record::<Record>(Shelf::Token, &old)? else {
            return Err(AppError::new("session.over"));
        };
        let Opens::Session { principal, seat, sealed, replaced } = record.opens else {
            return Err(AppError::new("session.over"));
        };
        // Of two acts at once the second finds the place taken.
        if replaced {
            return Ok(());
        }
        let now = self.clock.now();
        let token = self.accounts.token();
        let fresh = hex(&self.accounts.seal_by_token(key, &token)?);
        let opens = Opens::Session {
            principal: principal.clone(),
            sealed: fresh,
            seat: seat.clone(),
            replaced: false,
        };
        let (made, ends) = (record.made, record.ends);
        self.put(Shelf::Token, &token.name(), &Record { opens, made, seen: now, ends })?;
        let opens = Opens::Session { principal, sealed, seat, replaced: true };
        let soon = now.plus_secs(REPLACED_S);
        let soon = Some(ends.map_or(soon, |ends| soon.min(ends)));
        self.put(Shelf::Token, &old, &Record { opens, made, seen: now, ends: soon })?;
        let _ = Arc::clone(&session.renewed).set(token);
        Ok(())
    }

    fn sessions_of(&self, id: &PrincipalId) -> Result<Vec<(String, Record)>, AppError> {
        let now = self.clock.now();
        let mut all = Vec::new();
        for name in self.accounts.names(Shelf::Token)? {
            let Some(record) = self.record::<Record>(Shelf::Token, &name)? else { continue };
            let theirs = matches!(&record.opens, Opens::Session { principal, .. } if principal == id);
            if theirs && record.holds(now) {
                all.push((name, record));
            }
        }
        Ok(all)
    }
}

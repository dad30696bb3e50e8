//! Service tokens: how a script comes to act as a principal. A token seals the principal's key as a session's does, so that the disk can act
//! for nobody; what it may be used for stands in the journal, where nobody can widen it afterwards.

use std::collections::BTreeSet;
use std::fmt;

use adjourn_domain::canonical::hex;
use adjourn_domain::event::OrgEvent;
use adjourn_domain::ids::{PrincipalId, TokenId};
use adjourn_domain::time::Time;
use adjourn_domain::token::{Scope, ServiceToken};

use super::{MAX_NAME, Opens, Record, Session};
use crate::App;
use crate::error::AppError;
use crate::org::{ADMIN, Org};
use crate::ports::{OpenKey, Shelf, Signer, Token};

/// What stands before a token, so that scanners for secrets know it.
const PREFIX: &str = "adj_";
/// Tokens that a principal may have at a time.
const MAX_TOKENS: usize = 100;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenWish {
    /// What the token is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// Its end.
    pub ends: Option<Time>,
}

/// A token that was just made. It is shown once and kept nowhere; it can't be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Bearer(Token);

impl Bearer {
    /// What is handed over: `adj_` and 64 characters of hex.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", self.0.text())
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bearer(…)")
    }
}

/// Service tokens as the organisation's stream tells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The token.
    pub token: ServiceToken,
    /// When it was made.
    pub since: Time,
    /// When it was taken back.
    pub revoked: Option<Time>,
}

impl App {
    /// Gives a script a token that acts as the principal whose key this is.
    ///
    /// # Errors
    /// `token.form` for a name, scopes or an end that make no sense; `token.many`; `token.wider` when whoever asks has come with a token
    /// that gives less.
    pub async fn create_token(
        &self,
        wish: TokenWish,
        key: &OpenKey,
        asked_with: Option<&ServiceToken>,
    ) -> Result<(ServiceToken, Bearer), AppError> {
        let org = self.journal.org().await?;
        let signer = self.accounts.signer(key);
        let principal = org.principal(signer.as_ref())?.id.clone();
        let now = self.clock.now();
        let form = |part: &str| AppError::new("token.form").with("part", part);
        let name = wish.name.trim();
        if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
            return Err(form("name"));
        }
        if wish.scopes.is_empty() {
            return Err(form("scopes"));
        }
        if wish.ends.is_some_and(|ends| ends <= now) {
            return Err(form("ends"));
        }
        let live = |given: &&Given| {
            given.token.principal == principal && given.revoked.is_none() && given.token.runs(now)
        };
        if org.tokens.values().filter(live).count() >= MAX_TOKENS {
            return Err(AppError::new("token.many").with("max", MAX_TOKENS));
        }
        let id = TokenId(format!("t-{}", self.random_hex(8)));
        let given = ServiceToken {
            id: id.clone(),
            principal: principal.clone(),
            name: name.to_owned(),
            scopes: wish.scopes,
            ends: wish.ends,
        };
        if asked_with.is_some_and(|with| !given.within(with)) {
            return Err(AppError::new("token.wider"));
        }
        let token = self.accounts.token();
        let sealed = hex(&self.accounts.seal_by_token(key, &token)?);
        let record =
            Record { opens: Opens::Service { token: id, sealed }, made: now, seen: now, ends: wish.ends };
        // On disk before anybody relies on it; without its event it opens nothing.
        self.put(Shelf::Token, &token.name(), &record)?;
        let mut tx = self.journal.begin(now, &principal);
        tx.org(&org, &OrgEvent::TokenCreated { token: given.clone() })?;
        if let Err(error) = tx.commit().await {
            self.accounts.remove(Shelf::Token, &token.name())?;
            return Err(error);
        }
        Ok((given, Bearer(token)))
    }

    /// The tokens that a principal may see: their own, and an administrator everybody's. Oldest first.
    pub async fn tokens(&self, signer: &dyn Signer) -> Result<Vec<Given>, AppError> {
        let org = self.journal.org().await?;
        let mut seen = visible(&org, signer)?.cloned().collect::<Vec<_>>();
        seen.sort_by(|a, b| (a.since, &a.token.id).cmp(&(b.since, &b.token.id)));
        Ok(seen)
    }

    /// Takes a token back. Doing so again changes nothing.
    ///
    /// # Errors
    /// `token.unknown` for one that there is not, and for somebody else's.
    pub async fn revoke_token(&self, id: &TokenId, signer: &dyn Signer) -> Result<Given, AppError> {
        let org = self.journal.org().await?;
        let known = visible(&org, signer)?.find(|given| given.token.id == *id).cloned();
        let mut given = known.ok_or_else(|| AppError::new("token.unknown").with("token", id))?;
        if given.revoked.is_some() {
            return Ok(given);
        }
        let by = signer.principal();
        let now = self.clock.now();
        let mut tx = self.journal.begin(now, &by);
        tx.org(&org, &OrgEvent::TokenRevoked { token: id.clone(), by })?;
        tx.commit().await?;
        // The journal has decided; the record is only tidied away.
        for name in self.accounts.names(Shelf::Token)? {
            let record = self.record::<Record>(Shelf::Token, &name)?;
            if record
                .is_some_and(|record| matches!(&record.opens, Opens::Service { token, .. } if token == id))
            {
                self.accounts.remove(Shelf::Token, &name)?;
            }
        }
        given.revoked = Some(now);
        Ok(given)
    }

    /// Who comes with a token, and what it may be used for.
    ///
    /// # Errors
    /// `token.refused` for one that there is not, or not any more: which of the two is nobody's business.
    pub async fn bearer(&self, text: &str) -> Result<(Session, ServiceToken), AppError> {
        let refused = || AppError::new("token.refused");
        let token = text.strip_prefix(PREFIX).and_then(Token::read).ok_or_else(refused)?;
        let record = self.opened(&token)?.ok_or_else(refused)?;
        let Opens::Service { token: id, sealed } = &record.opens else { return Err(refused()) };
        let org = self.journal.org().await?;
        let given = org.tokens.get(id).filter(|given| given.revoked.is_none()).ok_or_else(refused)?;
        if !given.token.runs(self.clock.now()) {
            return Err(refused());
        }
        let session = self.session_of(&org, sealed, &token, record.ends).map_err(|_| refused())?;
        if session.principal.id != given.token.principal {
            return Err(refused());
        }
        Ok((session, given.token.clone()))
    }
}

fn visible<'a>(
    org: &'a Org,
    signer: &dyn Signer,
) -> Result<impl Iterator<Item = &'a Given> + use<'a>, AppError> {
    let me = org.principal(signer)?;
    let (id, admin): (PrincipalId, bool) = (me.id.clone(), me.role == ADMIN);
    Ok(org.tokens.values().filter(move |given| admin || given.token.principal == id))
}

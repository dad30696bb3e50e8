//! The organisation: principals who act, and connections to platforms.

use std::collections::{BTreeMap, BTreeSet};

use adjourn_domain::approval::Principal;
use adjourn_domain::audit::Period;
use adjourn_domain::canonical::Hash;
use adjourn_domain::destruction::{Destruction, SignedAct};
use adjourn_domain::event::{Connection, OrgEvent};
use adjourn_domain::ids::{ConnectionId, CreationId, GroupId, IdentityId, PlatformId, PrincipalId, TokenId};
use adjourn_domain::knowledge::{Override, Overrides};
use adjourn_domain::time::Time;
use serde::Serialize;

use crate::App;
use crate::accounts::Given;
use crate::error::AppError;
use crate::ports::{IdentityReport, Signer};

mod who;

pub use who::{Held, Lent, Who};

/// The role that may add principals and connections.
pub const ADMIN: &str = "admin";

/// The state of the organisation.
#[derive(Debug, Clone, Default)]
pub struct Org {
    /// The stream's version.
    pub version: u64,
    /// Principals by id.
    pub principals: BTreeMap<PrincipalId, Principal>,
    /// Connections by name.
    pub connections: BTreeMap<ConnectionId, Connection>,
    /// Groups whose key was destroyed.
    pub destroyed: Vec<GroupId>,
    /// How, where the journal tells.
    pub destructions: BTreeMap<GroupId, Destruction>,
    /// What the organisation says about platforms instead of their profiles.
    pub overrides: BTreeMap<PlatformId, Overrides>,
    /// Audits, in order.
    pub audits: Vec<Audit>,
    /// Delegations and passkeys.
    pub who: Who,
    /// Creations that are neither done nor given up, with who asked for them.
    pub creations: BTreeMap<CreationId, PrincipalId>,
    /// Outposts by name, those that were cut off too.
    pub outposts: BTreeMap<String, Outpost>,
    /// SHA-256 of every certificate that is no longer accepted.
    pub revoked: BTreeSet<Hash>,
    /// Instructions that outposts did not obey, and questions that they did not answer.
    pub instructions_refused: u64,
    /// Replies of outposts that were not believed.
    pub replies_refused: u64,
    /// Service tokens, those that were taken back too.
    pub tokens: BTreeMap<TokenId, Given>,
}

/// An outpost of the instruction channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outpost {
    /// SHA-256 of its certificate.
    pub certificate: Hash,
    /// The key that signs its replies, in hex. Without one it may not connect.
    pub key: Option<String>,
    /// When it was added.
    pub since: Time,
    /// When it was cut off.
    pub revoked: Option<Time>,
}

/// An audit that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// When.
    pub at: Time,
    /// The period.
    pub period: Period,
    /// SHA-256 of the report.
    pub report: Hash,
    /// Number of findings.
    pub findings: u64,
}

impl Org {
    /// Folds events with the time of each.
    pub fn fold(events: impl IntoIterator<Item = (Time, OrgEvent)>) -> Self {
        events.into_iter().fold(Self::default(), |mut org, (at, event)| {
            org.version += 1;
            match event {
                OrgEvent::PrincipalAdded(principal) => {
                    org.principals.insert(principal.id.clone(), principal);
                }
                OrgEvent::ConnectionAdded(connection) => {
                    org.connections.insert(connection.id.clone(), connection);
                }
                OrgEvent::ListReceived { .. }
                | OrgEvent::OutpostSentAway { .. }
                | OrgEvent::InstructionKeyRotated { .. } => {}
                OrgEvent::KeyDestroyed { group, statement, signature, grounds } => {
                    org.destroyed.push(group.clone());
                    // Events of before there were certificates have no grounds.
                    if let Some(grounds) = grounds {
                        let confirmed = SignedAct { statement, signature };
                        let done = Destruction { at, group: group.clone(), confirmed, grounds: *grounds };
                        org.destructions.insert(group, done);
                    }
                }
                OrgEvent::FactOverridden { platform, key, value, reason, by } => {
                    let says = Override { value, reason, by, at };
                    org.overrides.entry(platform).or_default().insert(key, says);
                }
                OrgEvent::CreationAsked { creation, by, .. } => {
                    org.creations.insert(creation, by);
                }
                OrgEvent::CreationDone { creation, .. } | OrgEvent::CreationDropped { creation, .. } => {
                    org.creations.remove(&creation);
                }
                OrgEvent::Audited { period, report, findings, .. } => {
                    org.audits.push(Audit { at, period, report, findings });
                }
                OrgEvent::OutpostAdded { outpost, certificate, key, .. } => {
                    org.outposts.insert(outpost, Outpost { certificate, key, since: at, revoked: None });
                }
                OrgEvent::OutpostRevoked { outpost, certificate, .. } => {
                    org.revoked.insert(certificate);
                    if let Some(known) = org.outposts.get_mut(&outpost) {
                        known.revoked = Some(at);
                    }
                }
                OrgEvent::InstructionRefused { .. } => org.instructions_refused += 1,
                OrgEvent::ReplyRefused { .. } => org.replies_refused += 1,
                OrgEvent::TokenCreated { token } => {
                    org.tokens.insert(token.id.clone(), Given { token, since: at, revoked: None });
                }
                OrgEvent::TokenRevoked { token, .. } => {
                    if let Some(given) = org.tokens.get_mut(&token) {
                        given.revoked = Some(at);
                    }
                }
                OrgEvent::FactRetracted { platform, key, .. } => {
                    if let Some(of_platform) = org.overrides.get_mut(&platform) {
                        of_platform.remove(&key);
                    }
                }
                event => org.who.fold(at, event),
            }
            org
        })
    }

    /// A connection that must exist.
    pub fn connection(&self, id: &ConnectionId) -> Result<&Connection, AppError> {
        self.connections.get(id).ok_or_else(|| AppError::new("connection.unknown").with("connection", id))
    }

    /// The principal whose private key `signer` holds.
    pub fn principal(&self, signer: &dyn Signer) -> Result<&Principal, AppError> {
        self.principals
            .get(&signer.principal())
            .filter(|principal| principal.public_key == signer.public_key())
            .ok_or_else(|| AppError::new("principal.unknown").with("principal", signer.principal()))
    }

    /// The name of a principal, or the id where there is none.
    pub fn name(&self, id: &PrincipalId) -> String {
        self.principals.get(id).map_or_else(|| id.to_string(), |principal| principal.name.clone())
    }

    /// The principal with this id or name.
    ///
    /// # Errors
    /// `principal.unknown` when there is none.
    pub fn named(&self, text: &str) -> Result<PrincipalId, AppError> {
        self.principals
            .values()
            .find(|principal| principal.id.as_str() == text || principal.name == text)
            .map(|principal| principal.id.clone())
            .ok_or_else(|| AppError::new("principal.unknown").with("principal", text))
    }

    /// The admin whose private key `signer` holds.
    pub(crate) fn admin(&self, signer: Option<&dyn Signer>) -> Result<PrincipalId, AppError> {
        let signer = signer.ok_or_else(|| AppError::new("principal.missing"))?;
        let principal = self.principal(signer)?;
        if principal.role == ADMIN {
            Ok(principal.id.clone())
        } else {
            Err(AppError::new("approval.role").with("role", ADMIN))
        }
    }
}

impl App {
    /// Adds a principal. The first one needs nobody; every later one is added by an admin.
    pub async fn add_principal(
        &self,
        name: &str,
        role: &str,
        new: &dyn Signer,
        by: Option<&dyn Signer>,
    ) -> Result<Principal, AppError> {
        let org = self.journal.org().await?;
        let added_by = if org.principals.is_empty() {
            // Whoever comes first adds all others; anybody else would lock the door.
            if role != ADMIN {
                return Err(AppError::new("principal.first").with("principal", name));
            }
            None
        } else {
            Some(org.admin(by)?)
        };
        if org.principals.values().any(|principal| principal.name == name) {
            return Err(AppError::new("principal.exists").with("principal", name));
        }
        let principal = Principal {
            id: new.principal(),
            name: name.to_owned(),
            role: role.to_owned(),
            public_key: new.public_key(),
            added_by: added_by.clone(),
        };
        let actor = added_by.unwrap_or_else(|| principal.id.clone());
        let mut tx = self.journal.begin(self.clock.now(), &actor);
        tx.org(&org, &OrgEvent::PrincipalAdded(principal.clone()))?;
        tx.commit().await?;
        Ok(principal)
    }

    /// Adds a connection after every identity of it has answered. A witness that is the acting account is refused: it
    /// could not tell a leave from a dissolve.
    pub async fn add_connection(
        &self,
        connection: Connection,
        secrets: &BTreeMap<IdentityId, BTreeMap<String, String>>,
        by: Option<&dyn Signer>,
    ) -> Result<Vec<IdentityReport>, AppError> {
        let org = self.journal.org().await?;
        let actor = org.admin(by)?;
        if org.connections.contains_key(&connection.id) {
            return Err(AppError::new("connection.exists").with("connection", &connection.id));
        }
        self.policy.of(&connection.class)?;
        for identity in &connection.identities {
            let empty = BTreeMap::new();
            let secrets = secrets.get(&identity.id).unwrap_or(&empty);
            self.journal.keys.keep_secrets(connection.id.as_str(), identity.id.as_str(), secrets)?;
        }
        let reports = self.test_connection(&connection).await?;
        distinct(&connection, &reports)?;
        let mut tx = self.journal.begin(self.clock.now(), &actor);
        tx.org(&org, &OrgEvent::ConnectionAdded(connection))?;
        tx.commit().await?;
        Ok(reports)
    }

    /// Gives identities of a connection new secrets, after every identity has answered with them: an authorisation that
    /// expired in the middle of a run is renewed, and the run goes on. What is refused changes nothing.
    pub async fn renew_connection(
        &self,
        connection: &ConnectionId,
        secrets: &BTreeMap<IdentityId, BTreeMap<String, String>>,
        by: &dyn Signer,
    ) -> Result<Vec<IdentityReport>, AppError> {
        let org = self.journal.org().await?;
        org.admin(Some(by))?;
        let connection = org.connection(connection)?;
        if let Some(unknown) = secrets.keys().find(|id| connection.identities.iter().all(|of| of.id != **id))
        {
            return Err(AppError::new("config.missing").with("says", format!("identity {unknown}")));
        }
        let keys = &self.journal.keys;
        let mut before = Vec::with_capacity(secrets.len());
        for (identity, new) in secrets {
            let old = keys.secrets(connection.id.as_str(), identity.as_str())?;
            let mut both = old.clone();
            both.extend(new.clone());
            keys.keep_secrets(connection.id.as_str(), identity.as_str(), &both)?;
            before.push((identity, old));
        }
        let tested = self.test_connection(connection).await;
        let tested = tested.and_then(|reports| distinct(connection, &reports).map(|()| reports));
        if tested.is_err() {
            for (identity, old) in before {
                keys.keep_secrets(connection.id.as_str(), identity.as_str(), &old)?;
            }
        }
        tested
    }

    /// Asks every identity of a connection who it is.
    pub async fn test_connection(&self, connection: &Connection) -> Result<Vec<IdentityReport>, AppError> {
        let mut reports = Vec::with_capacity(connection.identities.len());
        for identity in &connection.identities {
            let info = self.platforms.whoami(connection, &identity.id).await?;
            reports.push(IdentityReport { identity: identity.id.clone(), witness: identity.witness, info });
        }
        Ok(reports)
    }
}

/// No account twice: a witness that is the acting account could not tell a leave from a dissolve.
fn distinct(connection: &Connection, reports: &[IdentityReport]) -> Result<(), AppError> {
    let mut accounts: Vec<_> = reports.iter().map(|report| &report.info.account).collect();
    accounts.sort();
    accounts.dedup();
    if accounts.len() < reports.len() {
        return Err(AppError::new("connection.witness").with("connection", &connection.id));
    }
    Ok(())
}

//! Making groups from templates: on the platform where its connector can, else by a person; then the group is in the
//! register, with an owner, a contact and a purpose from its first day.
//!
//! ```text
//! wish (durable) ─► call ─► read-back ─► look ─► one transaction: Seen, Registered, CreationDone
//!       │              └─ lost reply: stays open; `resume` asks the platform by the same key
//!       └─ a person makes it, names its id: `done` looks whether it is the one
//! ```
//!
//! The wish is committed before the call, so that a crash in between makes nothing twice: where the platform takes a key
//! (K) or can be asked (P) the same creation goes on, where neither is so (U) a person looks.

use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::{Capability, Effect, EffectClass, Op, Support};
use adjourn_domain::event::{Connection, OrgEvent};
use adjourn_domain::group::Kind;
use adjourn_domain::ids::{CaseId, ConnectionId, CreationId, GroupId, NativeId};
use adjourn_domain::instruction::Authority;
use adjourn_domain::template::{Said, Template};
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::App;
use crate::error::AppError;
use crate::org::Org;
use crate::ports::{Call, KeyId, PlatformError, Signer};

mod enrol;

/// The read model of open creations, under the organisation's key.
const VIEW: &str = "creation";
/// What platforms answer that take a request for none of theirs.
const INVALID: &str = "connection.protocol";

/// What a person asks for.
#[derive(Debug, Clone, Default)]
pub struct CreationWish {
    /// What is said of the group.
    pub said: Said,
    /// Accounts of members, besides the template's.
    pub members: Vec<NativeId>,
    /// Account of the owner; the template's, else the connection's own, if `None`.
    pub owner_account: Option<NativeId>,
}

/// A creation that is open. It has people's names in it, is encrypted, and goes when the creation is done or dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Creation {
    /// The creation.
    pub creation: CreationId,
    /// The template.
    pub template: String,
    /// Where.
    pub connection: ConnectionId,
    /// The group's class.
    pub class: String,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What is said of it.
    pub said: Said,
    /// Accounts of members.
    pub members: Vec<NativeId>,
    /// Account of the owner.
    pub owner_account: Option<NativeId>,
    /// When it was asked for.
    pub at: Time,
    /// Whether a call may have been made whose outcome nobody wrote down.
    pub called: bool,
    /// What the connector remembers.
    pub memo: Value,
}

impl Creation {
    /// The idempotency key: the creation's, never the attempt's.
    fn key(&self) -> String {
        format!("{}:create", self.creation)
    }

    fn call(&self) -> Call {
        let mut params = Map::new();
        params.insert("name".to_owned(), json!(self.name));
        params.insert("kind".to_owned(), json!(self.kind));
        params.insert("members".to_owned(), json!(self.members));
        if let Some(owner) = &self.owner_account {
            params.insert("owner".to_owned(), json!(owner));
        }
        Call {
            op: Op::Create,
            group: NativeId::from(""),
            key: self.key(),
            undo: false,
            params,
            memo: self.memo.clone(),
            authority: self.authority(),
        }
    }

    /// No plan is behind a creation: it is made on the word of whoever asked, under the hash of its key.
    fn authority(&self) -> Authority {
        Authority {
            case: CaseId::from(self.creation.as_str()),
            plan_hash: Hash::of(self.key().as_bytes()),
            group: GroupId::from(""),
            step: "create".to_owned(),
            place: 0,
            undo: false,
            attempt: 1,
            fence: 0,
        }
    }
}

/// Where a creation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stand {
    /// Only a look: nothing was written, nothing was called. The support is what the connection offers.
    Dry(Support),
    /// The group is there and in the register.
    Done {
        /// The group.
        group: GroupId,
        /// The platform's id.
        native: NativeId,
        /// What the connector remembers of it, such as a second id.
        memo: Value,
    },
    /// A person makes it.
    Person {
        /// Slug of the instruction.
        note: String,
    },
    /// The reply was lost: whether it is there is not known yet. `resume` asks.
    Open {
        /// Slug of what was in the way; empty when the platform has not decided yet.
        code: &'static str,
    },
    /// Nobody but a person can tell whether it is there: they name it, or give it up.
    Unsure,
}

impl App {
    /// Makes a group from a template, as far as that goes. With `dry`, says what would be.
    ///
    /// # Errors
    /// `template.field`, `template.characters`, `template.length`, `template.taken`, and what the platform refuses: then
    /// nothing is open.
    pub async fn create(
        &self,
        (name, template): (&str, &Template),
        wish: CreationWish,
        dry: bool,
        signer: &dyn Signer,
    ) -> Result<(Creation, Stand), AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        let connection = org.connection(&template.connection)?;
        let now = self.clock.now();
        let mut creation = self.drawn(connection, name, template, wish, now)?;
        self.refuse_taken(&creation).await?;
        let row = self.can_create(connection).await?;
        if dry {
            return Ok((creation, Stand::Dry(row.support)));
        }
        let ours = row.support != Support::Assisted;
        creation.called = ours;
        let asked = OrgEvent::CreationAsked {
            creation: creation.creation.clone(),
            connection: creation.connection.clone(),
            template: creation.template.clone(),
            by: by.clone(),
        };
        let mut tx = self.journal.begin(now, &by);
        tx.org(&org, &asked)?;
        tx.view(VIEW, &creation.creation, Some(self.sealed(&creation)?));
        tx.commit().await?;
        if !ours {
            return Ok((creation, Stand::Person { note: row.note }));
        }
        match self.call_create(connection, &mut creation).await {
            Ok(()) => self.found_create(connection, creation, &row, signer).await,
            Err(error) if error.effect == Effect::NotApplied && !error.passing => {
                // Refused for good: the wish is not kept for somebody to wonder about.
                self.drop_open(&creation.creation, error.code, signer).await?;
                Err(refused(error))
            }
            Err(error) => self.after_lost(connection, creation, &row, &error, signer).await,
        }
    }

    /// Goes on with a creation whose reply was lost, or whose process was: asks the platform first, and makes the call
    /// again only where that can't make a second group.
    ///
    /// # Errors
    /// `creation.unknown`, and what the platform refuses: the creation then stays open.
    pub async fn resume_creation(
        &self,
        id: &CreationId,
        signer: &dyn Signer,
    ) -> Result<(Creation, Stand), AppError> {
        let org = self.journal.org().await?;
        org.principal(signer)?;
        let mut creation = self.open_creation(&org, id).await?;
        let connection = org.connection(&creation.connection)?;
        let row = self.can_create(connection).await?;
        if row.support == Support::Assisted && !creation.called {
            return Ok((creation, Stand::Person { note: row.note }));
        }
        let call = creation.call();
        let read = self.patiently(|| self.platforms.read_back(connection, &call)).await?;
        if !read.memo.is_null() {
            creation.memo = read.memo;
        }
        let again = match read.effect {
            Effect::Applied => return self.enrol(connection, creation, signer).await,
            Effect::NotApplied => true,
            // The key makes a second call safe; a call that was never made, or refused, is one as well.
            Effect::Unknown => row.class == EffectClass::K || !creation.called,
        };
        if !again {
            let stand = if read.retry_s.is_some() { Stand::Open { code: "" } } else { Stand::Unsure };
            return Ok((creation, stand));
        }
        self.keep(Creation { called: true, ..creation.clone() }).await?;
        creation.called = true;
        match self.call_create(connection, &mut creation).await {
            Ok(()) => self.found_create(connection, creation, &row, signer).await,
            Err(error) if error.effect == Effect::NotApplied => {
                self.keep(Creation { called: false, ..creation }).await?;
                Err(refused(error))
            }
            Err(error) => self.after_lost(connection, creation, &row, &error, signer).await,
        }
    }

    /// A person names the group that they made: it is there, under the name that was asked for, and goes into the
    /// register.
    ///
    /// # Errors
    /// `creation.unknown`, `creation.not_there`, `creation.other_name`, `creation.registered`: the creation stays open.
    pub async fn creation_done(
        &self,
        id: &CreationId,
        native: &NativeId,
        signer: &dyn Signer,
    ) -> Result<(Creation, Stand), AppError> {
        let org = self.journal.org().await?;
        org.principal(signer)?;
        let mut creation = self.open_creation(&org, id).await?;
        let connection = org.connection(&creation.connection)?;
        let not_there = || AppError::new("creation.not_there").with("creation", id).with("group", native);
        let seen = match self.patiently(|| self.platforms.inspect(connection, native)).await {
            Ok(inspected) => inspected.snapshot,
            Err(error) if error.code == "group.unknown" => return Err(not_there()),
            Err(error) => return Err(error.into()),
        };
        if seen.name.as_deref() != Some(creation.name.as_str()) {
            return Err(AppError::new("creation.other_name")
                .with("creation", id)
                .with("name", &creation.name)
                .with("found", seen.name.unwrap_or_default()));
        }
        let group = self.journal.keys.group_id(connection.id.as_str(), native)?;
        if self.journal.group(&group).await?.registration.is_some() {
            return Err(AppError::new("creation.registered").with("group", &group));
        }
        creation.memo = json!({ "group": native });
        let call = creation.call();
        let read = self.patiently(|| self.platforms.read_back(connection, &call)).await?;
        if read.effect != Effect::Applied {
            return Err(not_there());
        }
        self.enrol(connection, creation, signer).await
    }

    /// Open creations, oldest first.
    pub async fn creations(&self) -> Result<Vec<Creation>, AppError> {
        let mut all = Vec::new();
        for (_, sealed) in self.journal.store.views(VIEW).await? {
            all.extend(self.journal.open_view::<Creation>(&KeyId::Org, &sealed)?);
        }
        all.sort_by(|a, b| (a.at, &a.creation).cmp(&(b.at, &b.creation)));
        Ok(all)
    }

    /// Gives an open creation up. What the platform may have made all the same, a person ends.
    ///
    /// # Errors
    /// `creation.unknown`.
    pub async fn drop_creation(
        &self,
        id: &CreationId,
        reason: &str,
        signer: &dyn Signer,
    ) -> Result<(), AppError> {
        self.drop_open(id, reason, signer).await
    }

    fn drawn(
        &self,
        connection: &Connection,
        name: &str,
        template: &Template,
        wish: CreationWish,
        now: Time,
    ) -> Result<Creation, AppError> {
        let said = template.complete(wish.said)?;
        let offset = self.utc_offset_minutes();
        let class = template.class.clone().unwrap_or_else(|| connection.class.clone());
        self.policy.of(&class)?;
        let mut members = template.members.clone();
        members.extend(wish.members);
        Ok(Creation {
            creation: CreationId(format!("n-{}", self.random_hex(8))),
            template: name.to_owned(),
            connection: connection.id.clone(),
            class,
            kind: template.kind,
            name: template.name(&said, now, offset)?,
            said,
            members,
            owner_account: wish.owner_account.or_else(|| template.owner_account.clone()),
            at: now,
            called: false,
            memo: Value::Null,
        })
    }

    /// A name names one group: neither a group of the register nor a creation that is open has it.
    async fn refuse_taken(&self, creation: &Creation) -> Result<(), AppError> {
        let taken = |by: &str| AppError::new("template.taken").with("name", &creation.name).with("by", by);
        for card in self.cards().await? {
            if card.connection == creation.connection && card.name.as_deref() == Some(&creation.name) {
                return Err(taken(card.group.as_str()));
            }
        }
        let open = self.creations().await?;
        match open.iter().find(|open| open.connection == creation.connection && open.name == creation.name) {
            Some(open) => Err(taken(open.creation.as_str())),
            None => Ok(()),
        }
    }

    /// What the acting identity of a connection can do about new groups.
    async fn can_create(&self, connection: &Connection) -> Result<Capability, AppError> {
        let actor = connection.identities.iter().find(|identity| !identity.witness);
        let actor = actor.ok_or_else(|| AppError::new("config.missing").with("says", "identity"))?;
        let info = self.patiently(|| self.platforms.whoami(connection, &actor.id)).await?;
        let row = info.capabilities.row(Op::Create).filter(|row| row.support != Support::Unsupported);
        row.cloned().ok_or_else(|| AppError::new("capability.unsupported").with("says", Op::Create.slug()))
    }

    async fn open_creation(&self, org: &Org, id: &CreationId) -> Result<Creation, AppError> {
        let unknown = || AppError::new("creation.unknown").with("creation", id);
        if !org.creations.contains_key(id) {
            return Err(unknown());
        }
        let sealed = self.journal.store.view(VIEW, id.as_str()).await?.ok_or_else(unknown)?;
        self.journal.open_view(&KeyId::Org, &sealed)?.ok_or_else(unknown)
    }

    fn sealed(&self, creation: &Creation) -> Result<Vec<u8>, AppError> {
        self.journal.seal_view(&KeyId::Org, creation)
    }

    /// Writes down how far an open creation is.
    async fn keep(&self, creation: Creation) -> Result<(), AppError> {
        let mut tx = self.journal.begin(self.clock.now(), "create");
        tx.view(VIEW, &creation.creation, Some(self.sealed(&creation)?));
        tx.commit().await
    }

    async fn drop_open(&self, id: &CreationId, reason: &str, signer: &dyn Signer) -> Result<(), AppError> {
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        if !org.creations.contains_key(id) {
            return Err(AppError::new("creation.unknown").with("creation", id));
        }
        let dropped =
            OrgEvent::CreationDropped { creation: id.clone(), reason: reason.to_owned(), by: by.clone() };
        let mut tx = self.journal.begin(self.clock.now(), &by);
        tx.org(&org, &dropped)?;
        tx.view(VIEW, id, None);
        tx.commit().await
    }
}

/// The platform's word against what was asked for, which most often is an account that it does not know, or a name.
fn refused(error: PlatformError) -> AppError {
    if error.code == INVALID {
        AppError::new("creation.refused").with("says", error.says)
    } else {
        error.into()
    }
}

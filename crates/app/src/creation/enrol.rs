//! What follows a call that makes a group: its answer is kept, the platform is asked what became of it, and the group that
//! is there goes into the register.

use std::collections::BTreeSet;

use adjourn_domain::asset::{Day, Length, Said as Spoken};
use adjourn_domain::canonical::{Hash, canonical_json};
use adjourn_domain::capability::{Capability, Effect, EffectClass};
use adjourn_domain::case::CaseState;
use adjourn_domain::event::{Connection, OrgEvent};
use adjourn_domain::group::Kind;
use adjourn_domain::ids::NativeId;
use adjourn_domain::register::Registration;
use adjourn_domain::run::RunCommand;
use serde_json::Value;

use super::{Creation, Stand, VIEW};
use crate::App;
use crate::error::AppError;
use crate::ports::{PlatformError, Signer};
use crate::register::AssetRow;

impl App {
    pub(super) async fn call_create(
        &self,
        connection: &Connection,
        creation: &mut Creation,
    ) -> Result<(), PlatformError> {
        self.points.hit("act.before.create");
        creation.memo = self.platforms.act(connection, &creation.call()).await?;
        self.points.hit("act.after.create");
        Ok(())
    }

    /// After a call that was answered: what it answered is kept, and read back.
    pub(super) async fn found_create(
        &self,
        connection: &Connection,
        creation: Creation,
        row: &Capability,
        signer: &dyn Signer,
    ) -> Result<(Creation, Stand), AppError> {
        self.keep(creation.clone()).await?;
        self.look_for(connection, creation, row, "", signer).await
    }

    /// After a call that was not answered, or not in a way that tells.
    pub(super) async fn after_lost(
        &self,
        connection: &Connection,
        creation: Creation,
        row: &Capability,
        error: &PlatformError,
        signer: &dyn Signer,
    ) -> Result<(Creation, Stand), AppError> {
        let creation = Creation { called: error.effect != Effect::NotApplied, ..creation };
        self.keep(creation.clone()).await?;
        if !creation.called {
            return Ok((creation, Stand::Open { code: error.code }));
        }
        self.look_for(connection, creation, row, error.code, signer).await
    }

    /// One look. What is not there yet may still come: nothing is called twice here.
    async fn look_for(
        &self,
        connection: &Connection,
        mut creation: Creation,
        row: &Capability,
        code: &'static str,
        signer: &dyn Signer,
    ) -> Result<(Creation, Stand), AppError> {
        let read = match self.platforms.read_back(connection, &creation.call()).await {
            Ok(read) => read,
            Err(error) => return Ok((creation, Stand::Open { code: error.code })),
        };
        if !read.memo.is_null() {
            creation.memo = read.memo;
        }
        match read.effect {
            Effect::Applied => self.enrol(connection, creation, signer).await,
            Effect::Unknown if row.class == EffectClass::U && read.retry_s.is_none() => {
                Ok((creation, Stand::Unsure))
            }
            _ => Ok((creation, Stand::Open { code })),
        }
    }

    /// The group is there: it is looked at and put into the register, and the creation ends, in one transaction.
    pub(super) async fn enrol(
        &self,
        connection: &Connection,
        creation: Creation,
        signer: &dyn Signer,
    ) -> Result<(Creation, Stand), AppError> {
        let native = creation.memo.get("group").and_then(Value::as_str).map(NativeId::from);
        let Some(native) = native else { return Ok((creation, Stand::Open { code: "" })) };
        // Seen or not, the id is known from now on.
        self.keep(creation.clone()).await?;
        let inspected = match self.patiently(|| self.platforms.inspect(connection, &native)).await {
            Ok(inspected) => inspected,
            Err(error) => return Ok((creation, Stand::Open { code: error.code })),
        };
        let group = self.journal.keys.group_id(connection.id.as_str(), &native)?;
        let org = self.journal.org().await?;
        let by = org.principal(signer)?.id.clone();
        // Somebody else was quicker.
        self.open_creation(&org, &creation.creation).await?;
        if org.destroyed.contains(&group) {
            return Err(AppError::new("key.destroyed").with("group", &group));
        }
        let before = self.journal.group(&group).await?;
        let now = self.clock.now();
        let events = before.decide(
            &CaseState::new("c-none".into()),
            RunCommand::Register {
                snapshot: Box::new(inspected.snapshot.sorted()),
                class: creation.class.clone(),
                registration: Box::new(self.registered(&creation)?),
            },
            now,
        )?;
        let mut tx = self.journal.begin(now, &by);
        let after = tx.group(before, &events)?;
        self.put_card(&mut tx, &after)?;
        let done = OrgEvent::CreationDone { creation: creation.creation.clone(), group: group.clone() };
        tx.org(&org, &done)?;
        tx.view(VIEW, &creation.creation, None);
        self.points.hit("create.before.registered");
        tx.commit().await?;
        let memo = creation.memo.clone();
        Ok((creation, Stand::Done { group, native, memo }))
    }

    /// What the register says of the group from its first day. The wish stands in the place of a ledger: its hash, row 0.
    fn registered(&self, creation: &Creation) -> Result<Registration, AppError> {
        let said = &creation.said;
        let holds: BTreeSet<_> = said.holds.iter().copied().collect();
        let offset = self.utc_offset_minutes();
        let expires =
            said.expires_days.and_then(|days| Day::of(creation.at, offset).later(Length::Days(days)));
        let row = AssetRow {
            purpose: is(said.purpose.clone()),
            deputy: is(said.deputy.clone()),
            unit: is(said.unit.clone()),
            holds: if holds.is_empty() { Spoken::Unmentioned } else { Spoken::Is(holds) },
            expires: is(expires),
            ..AssetRow::default()
        };
        let wish = Creation { memo: Value::Null, called: false, ..creation.clone() };
        let registration = self.registration(&said.owner, &said.contact, &row, None)?;
        // An ordinary group is what a template makes that says nothing.
        let kind = Some(creation.kind).filter(|kind| *kind != Kind::Ordinary);
        Ok(Registration { kind, ledger: Some(Hash::of(&canonical_json(&wish)?)), ..registration })
    }
}

/// What was said, or nothing.
fn is<T>(said: Option<T>) -> Spoken<T> {
    said.map_or(Spoken::Unmentioned, Spoken::Is)
}

//! The journal as the use cases see it: typed events in, folded state out.
//!
//! A row is a header and a salted commitment in clear, and salt and payload encrypted under the key of its stream.
//! An append names the versions that it was decided on; when a stream has moved on, nothing is written.

use std::sync::Arc;

use adjourn_domain::canonical::canonical_json;
use adjourn_domain::case::CaseState;
use adjourn_domain::event::{CaseEvent, GroupEvent, Header, OrgEvent, commitment};
use adjourn_domain::ids::{CaseId, GroupId, StreamId};
use adjourn_domain::run::GroupState;
use adjourn_domain::time::Time;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;
use crate::org::Org;
use crate::ports::{Append, KeyId, Keys, NewRow, OpenRow, Rng, Store, StoredRow, ViewWrite};

mod known;

use known::KnownCases;

/// Salt and payload of a row.
type Salted = (Vec<u8>, Vec<u8>);

/// Length of the salt of a commitment, in bytes.
const SALT: usize = 16;

/// The journal.
#[derive(Clone)]
pub struct Journal {
    /// Where the rows are.
    pub store: Arc<dyn Store>,
    /// The keys of their payloads.
    pub keys: Arc<dyn Keys>,
    /// Where salts come from.
    pub rng: Arc<dyn Rng>,
    cases: KnownCases,
}

impl Journal {
    /// A journal over these parts.
    pub fn new(store: Arc<dyn Store>, keys: Arc<dyn Keys>, rng: Arc<dyn Rng>) -> Self {
        Self { store, keys, rng, cases: KnownCases::default() }
    }

    /// A row for an event: canonical, committed to, encrypted.
    pub fn row<E: Serialize>(
        &self,
        stream: &StreamId,
        kind: &str,
        at: Time,
        actor: &str,
        event: &E,
    ) -> Result<NewRow, AppError> {
        let payload = canonical_json(event)?;
        let mut salted = vec![0; SALT];
        self.rng.fill(&mut salted);
        let commitment = commitment(&salted, &payload);
        salted.extend_from_slice(&payload);
        let key = KeyId::of(stream);
        self.keys.ensure(&key)?;
        Ok(NewRow {
            stream: stream.clone(),
            kind: kind.to_owned(),
            at,
            actor: actor.to_owned(),
            commitment,
            sealed: self.keys.seal(&key, &salted)?,
        })
    }

    /// Decrypts a row; salt and payload are `None` when the key was destroyed.
    pub fn open(&self, row: &StoredRow) -> Result<OpenRow, AppError> {
        let Some((salt, payload)) = self.parts(row)? else {
            return Ok(OpenRow { header: row.header.clone(), salt: None, payload: None });
        };
        let payload = serde_json::from_slice(&payload)?;
        Ok(OpenRow { header: row.header.clone(), salt: Some(salt), payload: Some(payload) })
    }

    /// Salt and payload of a row, checked against its commitment.
    fn parts(&self, row: &StoredRow) -> Result<Option<Salted>, AppError> {
        let corrupt =
            || AppError::new("journal.corrupt").with("what", row.header.seq).with("says", "payload");
        let Some(mut salt) = self.keys.open(&KeyId::of(&row.header.stream), &row.sealed)? else {
            return Ok(None);
        };
        if salt.len() < SALT {
            return Err(corrupt());
        }
        let payload = salt.split_off(SALT);
        if commitment(&salt, &payload) != row.header.commitment {
            return Err(corrupt());
        }
        Ok(Some((salt, payload)))
    }

    /// The events of a stream with their times; `key.destroyed` when they can't be read any more.
    async fn events<E: DeserializeOwned>(&self, stream: &StreamId) -> Result<Vec<(Time, E)>, AppError> {
        let rows = self.store.load(stream).await?;
        rows.iter()
            .map(|row| {
                let (_, payload) =
                    self.parts(row)?.ok_or_else(|| AppError::new("key.destroyed").with("group", stream))?;
                Ok((row.header.at, serde_json::from_slice(&payload)?))
            })
            .collect()
    }

    /// A group's state.
    pub async fn group(&self, id: &GroupId) -> Result<GroupState, AppError> {
        let events: Vec<(Time, GroupEvent)> = self.events(&id.into()).await?;
        Ok(GroupState::fold(id.clone(), events.iter().map(|(at, event)| (*at, event))))
    }

    /// A group's events, for those who show a history.
    pub async fn group_events(&self, id: &GroupId) -> Result<Vec<(Time, GroupEvent)>, AppError> {
        self.events(&id.into()).await
    }

    /// The headers of a group's events: when, what kind, by whom. They outlive its key.
    pub async fn group_headers(&self, id: &GroupId) -> Result<Vec<Header>, AppError> {
        Ok(self.store.load(&id.into()).await?.into_iter().map(|row| row.header).collect())
    }

    /// A case's state.
    pub async fn case(&self, id: &CaseId) -> Result<CaseState, AppError> {
        let stream = StreamId::from(id);
        let mut known = self.cases.get(id);
        // The last row that is known is read again: the journal, and its key, have to be there still.
        let from = known.as_ref().map_or(0, |known| known.0.version.saturating_sub(1));
        let mut rows = self.store.load_after(&stream, from).await?;
        if known.as_ref().is_some_and(|known| rows.first().is_none_or(|row| row.header.commitment != known.1))
        {
            self.cases.forget(id);
            known = None;
            rows = self.store.load(&stream).await?;
        }
        let mut state = known.map_or_else(|| CaseState::new(id.clone()), |known| known.0.clone());
        for row in &rows {
            let (_, payload) =
                self.parts(row)?.ok_or_else(|| AppError::new("key.destroyed").with("group", &stream))?;
            if row.header.version > state.version {
                state = state.evolve(&serde_json::from_slice::<CaseEvent>(&payload)?);
            }
        }
        if let Some(last) = rows.last() {
            self.cases.keep(&state, last.header.commitment);
        }
        Ok(state)
    }

    /// A case's events, for those who show a history.
    pub async fn case_events(&self, id: &CaseId) -> Result<Vec<(Time, CaseEvent)>, AppError> {
        self.events(&id.into()).await
    }

    /// A case that must exist.
    pub async fn known_case(&self, id: &CaseId) -> Result<CaseState, AppError> {
        let case = self.case(id).await?;
        if case.version == 0 { Err(AppError::new("case.unknown").with("case", id)) } else { Ok(case) }
    }

    /// The sequence number after the last row.
    pub async fn end(&self) -> Result<u64, AppError> {
        Ok(self.store.end().await?)
    }

    /// The organisation: principals and connections.
    pub async fn org(&self) -> Result<Org, AppError> {
        let events: Vec<(Time, OrgEvent)> = self.events(&StreamId::org()).await?;
        Ok(Org::fold(events))
    }

    /// Begins a transaction by `actor` at `at`.
    pub fn begin(&self, at: Time, actor: &(impl ToString + ?Sized)) -> Tx<'_> {
        Tx { journal: self, at, actor: actor.to_string(), append: Append::default() }
    }

    /// Encrypts a read model's value.
    pub fn seal_view<V: Serialize>(&self, key: &KeyId, value: &V) -> Result<Vec<u8>, AppError> {
        self.keys.ensure(key)?;
        self.keys.seal(key, &serde_json::to_vec(value)?)
    }

    /// Decrypts a read model's value; `None` when the key was destroyed.
    pub fn open_view<V: DeserializeOwned>(&self, key: &KeyId, sealed: &[u8]) -> Result<Option<V>, AppError> {
        let plain = self.keys.open(key, sealed)?;
        plain.map(|plain| Ok(serde_json::from_slice(&plain)?)).transpose()
    }
}

/// A transaction: events on one or several streams, read models, wake-ups; all or nothing.
pub struct Tx<'a> {
    journal: &'a Journal,
    at: Time,
    actor: String,
    append: Append,
}

impl Tx<'_> {
    /// Adds events of a group and returns the state after them.
    pub fn group(&mut self, state: GroupState, events: &[GroupEvent]) -> Result<GroupState, AppError> {
        self.group_rows(&state.id, state.version, events)?;
        let mut state = state;
        for event in events {
            state.apply(self.at, event);
        }
        Ok(state)
    }

    /// Adds events of a group whose state after them is known already.
    pub fn group_rows(&mut self, id: &GroupId, version: u64, events: &[GroupEvent]) -> Result<(), AppError> {
        let stream = StreamId::from(id);
        self.expect(&stream, version);
        for event in events {
            self.append.rows.push(self.journal.row(&stream, event.kind(), self.at, &self.actor, event)?);
        }
        Ok(())
    }

    /// Names the version of a case that the transaction rests on.
    pub fn rests_on(&mut self, case: &CaseState) {
        self.expect(&StreamId::from(&case.id), case.version);
    }

    /// Adds events of a case and returns the state after them.
    pub fn case(&mut self, state: CaseState, events: &[CaseEvent]) -> Result<CaseState, AppError> {
        let stream = StreamId::from(&state.id);
        self.expect(&stream, state.version);
        let mut state = state;
        for event in events {
            let row = self.journal.row(&stream, event.kind(), self.at, &self.actor, event)?;
            self.append.rows.push(row);
            state = state.evolve(event);
        }
        Ok(state)
    }

    /// Adds an event of the organisation.
    pub fn org(&mut self, org: &Org, event: &OrgEvent) -> Result<(), AppError> {
        let stream = StreamId::org();
        self.expect(&stream, org.version);
        let row = self.journal.row(&stream, event.kind(), self.at, &self.actor, event)?;
        self.append.rows.push(row);
        Ok(())
    }

    /// Writes or removes an entry of a read model.
    pub fn view(&mut self, table: &'static str, key: &(impl ToString + ?Sized), value: Option<Vec<u8>>) {
        self.append.views.push(ViewWrite { table, key: key.to_string(), value });
    }

    /// Says when a stream has to be looked at next.
    pub fn wake(&mut self, stream: impl Into<StreamId>, at: Option<Time>) {
        let stream = stream.into();
        self.append.wake.retain(|(other, _)| *other != stream);
        self.append.wake.push((stream, at));
    }

    /// What would be committed, for those who measure.
    pub fn into_append(self) -> Append {
        self.append
    }

    /// Commits under the worker's fencing number.
    pub async fn commit_fenced(mut self, fence: u64) -> Result<(), AppError> {
        self.append.fence = Some(fence);
        self.commit().await
    }

    /// Commits. Durable when it returns.
    pub async fn commit(self) -> Result<(), AppError> {
        if self.append.rows.is_empty() && self.append.views.is_empty() && self.append.wake.is_empty() {
            return Ok(());
        }
        self.journal.store.append(self.append).await?;
        Ok(())
    }

    fn expect(&mut self, stream: &StreamId, version: u64) {
        // A second call for the same stream goes on from the first one's events.
        if !self.append.expect.iter().any(|(other, _)| other == stream) {
            self.append.expect.push((stream.clone(), version));
        }
    }
}

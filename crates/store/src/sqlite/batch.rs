//! One transaction over many appends. Each is checked before anything of it is written, so that one that is
//! refused leaves no trace and the others stand.

use adjourn_app::ports::{Append, NewRow, StoreError};
use adjourn_domain::event::Header;
use rusqlite::{CachedStatement, Connection, Transaction, TransactionBehavior, params};

use super::error::{store_error, to_sql};
use super::heads::{HeadSql, Heads, Slot};
use crate::leaf::{HeaderRef, leaf_hash};

/// Position and version of a written row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    seq: u64,
    version: u64,
}

/// What became of each append: its places, or why it was refused.
pub(super) type Outcomes = Vec<Result<Vec<Place>, StoreError>>;

/// Writes the appends in one transaction. An error means that nothing of any of them is there.
pub(super) fn run<'a>(
    connection: &Connection,
    heads: &mut Heads,
    buffer: &mut Vec<u8>,
    appends: impl Iterator<Item = &'a Append>,
) -> Result<Outcomes, StoreError> {
    let result = attempt(connection, heads, buffer, appends);
    if result.is_err() {
        heads.clear();
    }
    result
}

fn attempt<'a>(
    connection: &Connection,
    heads: &mut Heads,
    buffer: &mut Vec<u8>,
    appends: impl Iterator<Item = &'a Append>,
) -> Result<Outcomes, StoreError> {
    let sql = |error: rusqlite::Error| store_error(&error);
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate).map_err(sql)?;
    heads.refresh(connection).map_err(sql)?;
    let mut batch = Batch {
        head_sql: HeadSql::new(connection).map_err(sql)?,
        event: connection
            .prepare_cached("INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
            .map_err(sql)?,
        connection,
        heads,
        buffer,
        slots: Vec::new(),
        epoch: None,
    };
    let mut outcomes = Vec::new();
    for append in appends {
        outcomes.push(match batch.admit(append)? {
            Ok(()) => Ok(batch.write(append)?),
            Err(refused) => Err(refused),
        });
    }
    let Batch { mut head_sql, heads, .. } = batch;
    heads.flush(&mut head_sql)?;
    transaction.commit().map_err(sql)?;
    Ok(outcomes)
}

/// The headers of rows that are durable.
pub(super) fn headers(rows: Vec<NewRow>, places: Vec<Place>) -> Vec<Header> {
    rows.into_iter()
        .zip(places)
        .map(|(row, place)| Header {
            seq: place.seq,
            stream: row.stream,
            version: place.version,
            kind: row.kind,
            at: row.at,
            actor: row.actor,
            commitment: row.commitment,
        })
        .collect()
}

struct Batch<'c, 'h> {
    head_sql: HeadSql<'c>,
    event: CachedStatement<'c>,
    connection: &'c Connection,
    heads: &'h mut Heads,
    buffer: &'h mut Vec<u8>,
    /// Slots of the streams that the current append names, in its order.
    slots: Vec<Slot>,
    /// The lease's fencing number, once it was asked for.
    epoch: Option<u64>,
}

impl Batch<'_, '_> {
    /// Whether an append may be written. The outer error is the transaction's, the inner one the append's.
    fn admit(&mut self, append: &Append) -> Result<Result<(), StoreError>, StoreError> {
        if let Some(fence) = append.fence {
            let current = self.epoch()?;
            if fence == 0 || fence != current {
                return Ok(Err(StoreError::Fenced { current }));
            }
        }
        self.slots.clear();
        for (stream, expected) in &append.expect {
            let slot = self.heads.slot(&mut self.head_sql, stream.as_str())?;
            let found = self.heads.get(slot).map_or(0, |head| head.version);
            if found != *expected {
                return Ok(Err(StoreError::Conflict { stream: stream.clone(), expected: *expected, found }));
            }
            self.slots.push(slot);
        }
        for row in &append.rows {
            if !append.expect.iter().any(|(stream, _)| *stream == row.stream) {
                return Ok(Err(StoreError::Io(format!("no version of {} is expected", row.stream))));
            }
        }
        Ok(Ok(()))
    }

    fn write(&mut self, append: &Append) -> Result<Vec<Place>, StoreError> {
        let mut places = Vec::with_capacity(append.rows.len());
        for row in &append.rows {
            let at = append.expect.iter().position(|(stream, _)| *stream == row.stream);
            let slot = at.and_then(|at| self.slots.get(at)).copied();
            let slot = slot.ok_or_else(|| StoreError::Corrupt("a slot was lost in memory".to_owned()))?;
            places.push(self.write_row(row, slot)?);
        }
        let sql = |error: rusqlite::Error| store_error(&error);
        for (stream, wake) in &append.wake {
            let slot = self.heads.slot(&mut self.head_sql, stream.as_str())?;
            let wake = wake.map(adjourn_domain::time::Time::as_millis);
            if self.heads.get(slot).is_some_and(|head| head.wake == wake) {
                continue;
            }
            let head = self.heads.change(&mut self.head_sql, slot, stream.as_str())?;
            if let Some(old) = std::mem::replace(&mut head.wake, wake) {
                let mut remove =
                    self.connection.prepare_cached("DELETE FROM wake WHERE due = ?1 AND stream = ?2");
                remove
                    .as_mut()
                    .map_err(|e| store_error(e))?
                    .execute(params![old, stream.as_str()])
                    .map_err(sql)?;
            }
            if let Some(due) = wake {
                self.connection
                    .prepare_cached("INSERT INTO wake (due, stream) VALUES (?1, ?2)")
                    .map_err(sql)?
                    .execute(params![due, stream.as_str()])
                    .map_err(sql)?;
            }
        }
        for view in &append.views {
            match &view.value {
                Some(value) => self
                    .connection
                    .prepare_cached(
                        "INSERT INTO view (tbl, key, value) VALUES (?1, ?2, ?3)
                         ON CONFLICT (tbl, key) DO UPDATE SET value = excluded.value",
                    )
                    .map_err(sql)?
                    .execute(params![view.table, view.key, value]),
                None => self
                    .connection
                    .prepare_cached("DELETE FROM view WHERE tbl = ?1 AND key = ?2")
                    .map_err(sql)?
                    .execute(params![view.table, view.key]),
            }
            .map_err(sql)?;
        }
        Ok(places)
    }

    fn write_row(&mut self, row: &NewRow, slot: Slot) -> Result<Place, StoreError> {
        let seq = self.heads.last_seq.unwrap_or(0).saturating_add(1);
        let head = self.heads.change(&mut self.head_sql, slot, row.stream.as_str())?;
        let prev = std::mem::replace(&mut head.seq, seq);
        head.version = head.version.saturating_add(1);
        let place = Place { seq, version: head.version };
        let header = HeaderRef {
            seq,
            stream: row.stream.as_str(),
            version: place.version,
            kind: &row.kind,
            at: row.at,
            actor: &row.actor,
            commitment: &row.commitment,
        };
        let leaf = leaf_hash(&header, self.buffer);
        self.event
            .execute(params![
                to_sql(seq)?,
                head.id,
                to_sql(place.version)?,
                to_sql(prev)?,
                row.at.as_millis(),
                row.kind,
                row.actor,
                row.commitment.0.as_slice(),
                leaf.0.as_slice(),
                row.sealed,
            ])
            .map_err(|error| store_error(&error))?;
        self.heads.last_seq = Some(seq);
        Ok(place)
    }

    fn epoch(&mut self) -> Result<u64, StoreError> {
        if let Some(epoch) = self.epoch {
            return Ok(epoch);
        }
        let epoch = super::lease::epoch(self.connection)?;
        self.epoch = Some(epoch);
        Ok(epoch)
    }
}

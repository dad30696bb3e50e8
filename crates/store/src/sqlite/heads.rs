//! The newest version of each stream, as far as the writer has met it.
//!
//! Heads are read once and kept while no other process writes to the file (SQLite's `data_version` says so).
//! What a transaction changes is written once per stream at its end. A transaction that fails clears the whole
//! cache: it is never ahead of the file.

use std::collections::HashMap;

use adjourn_app::ports::StoreError;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, params};

use super::error::{from_sql, store_error, to_sql};

/// Streams that are kept at most between two transactions.
const LIMIT: usize = 32_768;

/// A stream's end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Row of the stream; 0 while it has none.
    pub(super) id: i64,
    /// Its version.
    pub(super) version: u64,
    /// Position of its last row; 0 for none.
    pub(super) seq: u64,
    /// When it is to be looked at.
    pub(super) wake: Option<i64>,
    dirty: bool,
}

/// Where a head is kept.
pub(super) type Slot = usize;

/// The heads that are known.
#[derive(Debug, Default)]
pub(super) struct Heads {
    slots: HashMap<String, Slot>,
    known: Vec<Head>,
    dirty: Vec<Slot>,
    /// What `PRAGMA data_version` said when they were read.
    data_version: i64,
    /// The last row of the journal.
    pub(super) last_seq: Option<u64>,
}

/// Statements over heads, for one transaction.
pub(super) struct HeadSql<'c> {
    find: CachedStatement<'c>,
    create: CachedStatement<'c>,
    write: CachedStatement<'c>,
    connection: &'c Connection,
}

impl<'c> HeadSql<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            find: connection.prepare_cached(
                "SELECT s.id, h.version, h.seq, h.wake_at FROM stream s JOIN head h ON h.id = s.id WHERE s.name = ?1",
            )?,
            create: connection.prepare_cached("INSERT INTO stream (name) VALUES (?1)")?,
            write: connection
                .prepare_cached("INSERT OR REPLACE INTO head (id, version, seq, wake_at) VALUES (?1, ?2, ?3, ?4)")?,
            connection,
        })
    }
}

impl Heads {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.known.clear();
        self.dirty.clear();
        self.last_seq = None;
    }

    /// At the start of a transaction: forgets what another process may have changed.
    pub(super) fn refresh(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let data_version =
            connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get::<_, i64>(0))?;
        if data_version != self.data_version || self.known.len() > LIMIT {
            self.clear();
            self.data_version = data_version;
        }
        if self.last_seq.is_none() {
            let last: Option<i64> =
                connection.prepare_cached("SELECT max(seq) FROM event")?.query_row([], |row| row.get(0))?;
            self.last_seq = Some(last.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0));
        }
        Ok(())
    }

    /// The slot of a stream; one that does not exist is at version 0.
    pub(super) fn slot(&mut self, sql: &mut HeadSql<'_>, name: &str) -> Result<Slot, StoreError> {
        if let Some(slot) = self.slots.get(name) {
            return Ok(*slot);
        }
        let found = sql
            .find
            .query_row([name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()
            .map_err(|error| store_error(&error))?;
        let head = match found {
            Some((id, version, seq, wake)) => {
                Head { id, version: from_sql(version)?, seq: from_sql(seq)?, wake, dirty: false }
            }
            None => Head::default(),
        };
        let slot = self.known.len();
        self.known.push(head);
        self.slots.insert(name.to_owned(), slot);
        Ok(slot)
    }

    /// The head in a slot.
    pub(super) fn get(&self, slot: Slot) -> Option<&Head> {
        self.known.get(slot)
    }

    /// The head in a slot, to be changed. Makes the stream if it does not exist.
    pub(super) fn change(
        &mut self,
        sql: &mut HeadSql<'_>,
        slot: Slot,
        name: &str,
    ) -> Result<&mut Head, StoreError> {
        let head = self
            .known
            .get_mut(slot)
            .ok_or_else(|| StoreError::Corrupt("a head was lost in memory".to_owned()))?;
        if head.id == 0 {
            sql.create.execute([name]).map_err(|error| store_error(&error))?;
            head.id = sql.connection.last_insert_rowid();
        }
        if !head.dirty {
            head.dirty = true;
            self.dirty.push(slot);
        }
        Ok(head)
    }

    /// At the end of a transaction: writes what has changed, in the order of the file.
    pub(super) fn flush(&mut self, sql: &mut HeadSql<'_>) -> Result<(), StoreError> {
        let known = &mut self.known;
        self.dirty.sort_unstable_by_key(|slot| known.get(*slot).map(|head| head.id));
        for slot in self.dirty.drain(..) {
            if let Some(head) = known.get_mut(slot) {
                head.dirty = false;
                sql.write
                    .execute(params![head.id, to_sql(head.version)?, to_sql(head.seq)?, head.wake])
                    .map_err(|error| store_error(&error))?;
            }
        }
        Ok(())
    }
}

//! Reading: connections with a thread each, so that no executor waits for a disk.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use adjourn_app::ports::{StoreError, StoredRow};
use adjourn_domain::canonical::Hash;
use adjourn_domain::event::Header;
use adjourn_domain::ids::StreamId;
use adjourn_domain::time::Time;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tokio::sync::{mpsc, oneshot};

use super::error::{file_error, from_sql, store_error, to_sql};
use super::schema::open_reader;

/// Questions that wait at most before the asker waits.
const QUEUE: usize = 256;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// The reading threads.
#[derive(Debug)]
pub(super) struct Readers {
    jobs: Option<mpsc::Sender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Opens `count` connections.
    pub(super) fn open(path: &Path, count: usize) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>(QUEUE);
        let queue = Arc::new(Mutex::new(queue));
        let mut readers = Self { jobs: Some(jobs), threads: Vec::new() };
        for _ in 0..count.max(1) {
            let connection = open_reader(path)?;
            let queue = Arc::clone(&queue);
            let thread = std::thread::Builder::new()
                .name("journal-read".to_owned())
                .spawn(move || read_loop(&connection, &queue))
                .map_err(|error| file_error(&error))?;
            readers.threads.push(thread);
        }
        Ok(readers)
    }

    /// Asks on one of the connections.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let gone = || StoreError::Io("the journal is closed".to_owned());
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody waits any more: nothing to do about it.
            let _ = reply.send(question(connection));
        });
        self.jobs.as_ref().ok_or_else(gone)?.send(job).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // A reader that panicked has told its asker already.
            let _ = thread.join();
        }
    }
}

fn read_loop(connection: &Connection, queue: &Mutex<mpsc::Receiver<Job>>) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        match job {
            Some(job) => job(connection),
            None => return,
        }
    }
}

fn corrupt(says: impl Into<String>) -> StoreError {
    StoreError::Corrupt(says.into())
}

fn hash(row: &Row<'_>, column: usize) -> Result<Hash, StoreError> {
    let bytes = row.get_ref(column).map_err(|error| store_error(&error))?;
    let bytes = bytes.as_blob().map_err(|_| corrupt("a hash is no blob"))?;
    bytes.try_into().map(Hash).map_err(|_| corrupt("a hash has not 32 bytes"))
}

/// Columns `seq, version, at, kind, actor, commitment, sealed`.
fn stored(row: &Row<'_>, stream: StreamId) -> Result<StoredRow, StoreError> {
    let sql = |error: rusqlite::Error| store_error(&error);
    Ok(StoredRow {
        header: Header {
            seq: from_sql(row.get(0).map_err(sql)?)?,
            stream,
            version: from_sql(row.get(1).map_err(sql)?)?,
            at: Time::from_millis(row.get(2).map_err(sql)?),
            kind: row.get(3).map_err(sql)?,
            actor: row.get(4).map_err(sql)?,
            commitment: hash(row, 5)?,
        },
        sealed: row.get(6).map_err(sql)?,
    })
}

/// All rows of a stream: from its head back, each row names the one before.
pub(super) fn load(
    connection: &Connection,
    stream: &StreamId,
    after: u64,
) -> Result<Vec<StoredRow>, StoreError> {
    let sql = |error: rusqlite::Error| store_error(&error);
    let transaction = connection.unchecked_transaction().map_err(sql)?;
    let head: Option<(i64, i64, i64)> = transaction
        .prepare_cached(
            "SELECT h.id, h.version, h.seq FROM stream s JOIN head h ON h.id = s.id WHERE s.name = ?1",
        )
        .map_err(sql)?
        .query_row([stream.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()
        .map_err(sql)?;
    let Some((id, version, mut seq)) = head else { return Ok(Vec::new()) };
    let mut version = from_sql(version)?;
    let mut rows = Vec::new();
    let mut select = transaction
        .prepare_cached(
            "SELECT seq, version, at, kind, actor, commitment, sealed, stream, prev FROM event WHERE seq = ?1",
        )
        .map_err(sql)?;
    while version > after {
        let mut found = select.query([seq]).map_err(sql)?;
        let row = found.next().map_err(sql)?.ok_or_else(|| corrupt(format!("row {seq} is missing")))?;
        let stored = stored(row, stream.clone())?;
        if row.get::<_, i64>(7).map_err(sql)? != id || stored.header.version != version {
            return Err(corrupt(format!("row {seq} is not version {version} of {stream}")));
        }
        seq = row.get(8).map_err(sql)?;
        rows.push(stored);
        version -= 1;
    }
    if version == 0 && seq != 0 {
        return Err(corrupt(format!("{stream} has rows before its first one")));
    }
    rows.reverse();
    Ok(rows)
}

/// Rows of the whole journal.
pub(super) fn rows(connection: &Connection, from: u64, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
    let sql = |error: rusqlite::Error| store_error(&error);
    let mut select = connection
        .prepare_cached(
            "SELECT e.seq, e.version, e.at, e.kind, e.actor, e.commitment, e.sealed, s.name
             FROM event e LEFT JOIN stream s ON s.id = e.stream WHERE e.seq >= ?1 ORDER BY e.seq LIMIT ?2",
        )
        .map_err(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = select.query(params![to_sql(from)?, limit]).map_err(sql)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(sql)? {
        let stored = stored(row, StreamId(row.get(7).map_err(sql)?))?;
        let expected = from.max(1).saturating_add(rows.len() as u64);
        if stored.header.seq != expected {
            return Err(corrupt(format!("row {expected} is missing")));
        }
        rows.push(stored);
    }
    Ok(rows)
}

/// The sequence number after the last row.
pub(super) fn end(connection: &Connection) -> Result<u64, StoreError> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT max(seq) FROM event")
        .and_then(|mut select| select.query_row([], |row| row.get(0)))
        .map_err(|error| store_error(&error))?;
    Ok(from_sql(last.unwrap_or_default())? + 1)
}

/// Leaf hashes of the whole journal.
pub(super) fn leaves(connection: &Connection) -> Result<Vec<Hash>, StoreError> {
    let sql = |error: rusqlite::Error| store_error(&error);
    let mut select = connection.prepare_cached("SELECT seq, leaf FROM event ORDER BY seq").map_err(sql)?;
    let mut found = select.query([]).map_err(sql)?;
    let mut leaves = Vec::new();
    while let Some(row) = found.next().map_err(sql)? {
        let seq = from_sql(row.get(0).map_err(sql)?)?;
        leaves.push(hash(row, 1)?);
        if seq != leaves.len() as u64 {
            return Err(corrupt(format!("row {} is missing", leaves.len())));
        }
    }
    Ok(leaves)
}

/// Streams that are due.
pub(super) fn due(
    connection: &Connection,
    now: Time,
    limit: usize,
) -> Result<Vec<(Time, StreamId)>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached("SELECT due, stream FROM wake WHERE due <= ?1 ORDER BY due, stream LIMIT ?2")
        .and_then(|mut select| {
            select
                .query_map(params![now.as_millis(), limit], |row| {
                    Ok((Time::from_millis(row.get(0)?), StreamId(row.get(1)?)))
                })?
                .collect()
        })
        .map_err(|error| store_error(&error))
}

/// When the next stream is due.
pub(super) fn next_due(connection: &Connection) -> Result<Option<Time>, StoreError> {
    let due: Option<i64> = connection
        .prepare_cached("SELECT due FROM wake ORDER BY due LIMIT 1")
        .and_then(|mut select| select.query_row([], |row| row.get(0)).optional())
        .map_err(|error| store_error(&error))?;
    Ok(due.map(Time::from_millis))
}

/// A value.
pub(super) fn view(connection: &Connection, table: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    connection
        .prepare_cached("SELECT value FROM view WHERE tbl = ?1 AND key = ?2")
        .and_then(|mut select| select.query_row([table, key], |row| row.get(0)).optional())
        .map_err(|error| store_error(&error))
}

/// All values of a table.
pub(super) fn views(connection: &Connection, table: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    connection
        .prepare_cached("SELECT key, value FROM view WHERE tbl = ?1 ORDER BY key")
        .and_then(|mut select| select.query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .map_err(|error| store_error(&error))
}

/// Some values of a table, after a key.
pub(super) fn views_after(
    connection: &Connection,
    table: &str,
    after: &str,
    limit: usize,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    connection
        .prepare_cached("SELECT key, value FROM view WHERE tbl = ?1 AND key > ?2 ORDER BY key LIMIT ?3")
        .and_then(|mut select| {
            select.query_map(params![table, after, limit], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
        .map_err(|error| store_error(&error))
}

/// The values with these keys, all as they were at one moment.
pub(super) fn views_of(
    connection: &Connection,
    table: &str,
    keys: Vec<String>,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let sql = |error: rusqlite::Error| store_error(&error);
    let transaction = connection.unchecked_transaction().map_err(sql)?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        if let Some(value) = view(&transaction, table, &key)? {
            found.push((key, value));
        }
    }
    Ok(found)
}

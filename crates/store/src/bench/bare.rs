//! The plainest loop that makes steps durable in groups: what SQLite itself costs.
//!
//! One compare-and-set of a run's version and one insert, prepared once, one commit for all who wait. No codec,
//! no hash, no index, one process.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

use adjourn_app::ports::StoreError;
use rusqlite::{Connection, params};
use tokio::sync::{mpsc, oneshot};

use super::drive::Durable;
use crate::Stats;

type Step = (i64, i64, oneshot::Sender<bool>);

/// Steps in one commit at most, as in the store.
const MAX_BATCH: usize = 512;

/// The loop.
pub(super) struct Bare {
    steps: Option<mpsc::Sender<Step>>,
    thread: Option<JoinHandle<()>>,
    commits: Arc<AtomicU64>,
}

impl Bare {
    /// Starts it over `runs` runs, whose steps carry so many bytes.
    pub(super) fn open(path: &Path, bytes: usize, runs: usize) -> Result<Self, StoreError> {
        let connection = prepare(path, runs).map_err(|error| StoreError::Io(error.to_string()))?;
        let commits = Arc::new(AtomicU64::new(0));
        let (steps, mut queue) = mpsc::channel::<Step>(1024);
        let counter = Arc::clone(&commits);
        let payload = vec![0x5a_u8; bytes];
        let thread = std::thread::Builder::new()
            .name("bench-bare".to_owned())
            .spawn(move || {
                // An error drops the replies, and so fails the steps.
                let _ = write_loop(&connection, &mut queue, &payload, &counter);
            })
            .map_err(|error| StoreError::Io(error.to_string()))?;
        Ok(Self { steps: Some(steps), thread: Some(thread), commits })
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        self.steps = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Durable for Bare {
    const KNOWS_WAL: bool = false;

    async fn step(&self, run: usize, step: usize) -> Result<(), StoreError> {
        let gone = || StoreError::Io("the bare loop ended".to_owned());
        let number = |number| i64::try_from(number).map_err(|_| gone());
        let (run, step) = (number(run)?, number(step)?);
        let (reply, answer) = oneshot::channel();
        self.steps.as_ref().ok_or_else(gone)?.send((run, step, reply)).await.map_err(|_| gone())?;
        if answer.await.map_err(|_| gone())? { Ok(()) } else { Err(gone()) }
    }

    fn stats(&self) -> Stats {
        Stats { commits: self.commits.load(Ordering::Relaxed), ..Stats::default() }
    }
}

fn prepare(path: &Path, runs: usize) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE run (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, fence INTEGER NOT NULL);
         CREATE TABLE journal (id INTEGER PRIMARY KEY, run INTEGER, version INTEGER, payload BLOB);",
    )?;
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
         INSERT INTO run SELECT i, 0, 1 FROM n",
        [i64::try_from(runs).unwrap_or(i64::MAX)],
    )?;
    Ok(connection)
}

fn write_loop(
    connection: &Connection,
    queue: &mut mpsc::Receiver<Step>,
    payload: &[u8],
    commits: &AtomicU64,
) -> rusqlite::Result<()> {
    let mut set = connection
        .prepare("UPDATE run SET version = version + 1 WHERE id = ?1 AND version = ?2 AND fence = 1")?;
    let mut insert = connection.prepare("INSERT INTO journal (run, version, payload) VALUES (?1, ?2, ?3)")?;
    let mut begin = connection.prepare("BEGIN IMMEDIATE")?;
    let mut commit = connection.prepare("COMMIT")?;
    let mut replies = Vec::with_capacity(MAX_BATCH);
    while let Some(first) = queue.blocking_recv() {
        begin.execute([])?;
        let mut next = Some(first);
        while let Some((run, step, reply)) = next {
            let set = set.execute(params![run, step])? == 1;
            if set {
                insert.execute(params![run, step, payload])?;
            }
            replies.push((reply, set));
            next = if replies.len() < MAX_BATCH { queue.try_recv().ok() } else { None };
        }
        commit.execute([])?;
        commits.fetch_add(1, Ordering::Relaxed);
        for (reply, set) in replies.drain(..) {
            // A step that nobody waits for is durable all the same.
            let _ = reply.send(set);
        }
    }
    Ok(())
}

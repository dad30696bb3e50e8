//! The writer: one thread, one connection, one commit for all who wait.
//!
//! There is no timer: while one commit waits for the disk, the next batch gathers. An answer is given after the
//! commit, and the log is written back to the file only after the answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use adjourn_app::ports::{Append, StoreError};
use adjourn_domain::event::Header;
use adjourn_domain::time::Time;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::batch::{self, Outcomes};
use super::error::store_error;
use super::heads::Heads;
use super::{lease, scrub};

/// Pages of the log after which it is written back: 16 MiB.
const CHECKPOINT_PAGES: u64 = 4096;

/// How often the processor is offered to others in vain before a commit.
const QUIET: u32 = 64;

/// What the writer is asked for.
#[derive(Debug)]
pub(super) enum Command {
    /// An append.
    Append(Append, Reply<Vec<Header>>),
    /// The lease, taken.
    TakeLease { owner: String, now: Time, ttl_s: u64, reply: Reply<Option<u64>> },
    /// The lease, prolonged.
    KeepLease { fence: u64, now: Time, ttl_s: u64, reply: Reply<bool> },
    /// The lease, given back.
    DropLease { fence: u64, reply: Reply<()> },
    /// Nothing left of removed values.
    Scrub(Reply<()>),
    /// The file's size in pages, at most.
    Limit { pages: u32, reply: Reply<()> },
}

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

type Member = (Append, Reply<Vec<Header>>);

/// What the writer has done so far.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) commits: AtomicU64,
    pub(super) appends: AtomicU64,
    pub(super) rows: AtomicU64,
    pub(super) wal_pages: AtomicU64,
}

/// The thread's state.
pub(super) struct Writer {
    connection: Connection,
    heads: Heads,
    buffer: Vec<u8>,
    counters: Arc<Counters>,
    max_batch: usize,
    wal_pages: u64,
    /// How many came at once lately.
    crowd: usize,
}

impl Writer {
    pub(super) fn new(connection: Connection, counters: Arc<Counters>, max_batch: usize) -> Self {
        connection.set_prepared_statement_cache_capacity(32);
        let (heads, buffer) = (Heads::default(), Vec::new());
        Self { connection, heads, buffer, counters, max_batch: max_batch.max(1), wal_pages: 0, crowd: 0 }
    }

    /// Works until nobody can ask any more.
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Command>) {
        let mut batch = Vec::with_capacity(self.max_batch);
        while let Some(first) = queue.blocking_recv() {
            self.take(first, &mut batch);
            self.drain(&mut queue, &mut batch);
            self.gather(&mut queue, &mut batch);
            self.commit(&mut batch);
            self.write_back();
        }
    }

    /// Takes what waits.
    fn drain(&mut self, queue: &mut mpsc::Receiver<Command>, batch: &mut Vec<Member>) {
        while batch.len() < self.max_batch {
            let Ok(command) = queue.try_recv() else { return };
            self.take(command, batch);
        }
    }

    fn take(&mut self, command: Command, batch: &mut Vec<Member>) {
        match command {
            Command::Append(append, reply) => batch.push((append, reply)),
            // Order of arrival holds across kinds of commands, too.
            other => {
                self.commit(batch);
                self.other(other);
            }
        }
    }

    /// When there was a crowd lately, lets it come up: where processors are short, those who were just answered
    /// have had no time to prepare their next step. It ends when nobody came; a lone caller meets no crowd.
    fn gather(&mut self, queue: &mut mpsc::Receiver<Command>, batch: &mut Vec<Member>) {
        let mut quiet = 0;
        while batch.len() < self.crowd.min(self.max_batch) && quiet < QUIET {
            std::thread::yield_now();
            let before = batch.len();
            self.drain(queue, batch);
            quiet = if batch.len() > before { 0 } else { quiet + 1 };
        }
        self.crowd = batch.len().max(self.crowd - self.crowd.div_ceil(8));
    }

    /// Commits the batch and answers its members.
    fn commit(&mut self, batch: &mut Vec<Member>) {
        if batch.is_empty() {
            return;
        }
        let result = self.attempt(batch);
        match result {
            Ok(outcomes) => self.answer(batch.drain(..), outcomes),
            // One member may be too large for what is left of the disk; the others need not fail with it.
            Err(StoreError::Full) if batch.len() > 1 => {
                for member in batch.drain(..) {
                    let single = std::slice::from_ref(&member);
                    match self.attempt(single) {
                        Ok(outcomes) => self.answer(std::iter::once(member), outcomes),
                        Err(error) => send(member.1, Err(error)),
                    }
                }
            }
            Err(error) => batch.drain(..).for_each(|(_, reply)| send(reply, Err(error.clone()))),
        }
    }

    fn attempt(&mut self, batch: &[Member]) -> Result<Outcomes, StoreError> {
        batch::run(
            &self.connection,
            &mut self.heads,
            &mut self.buffer,
            batch.iter().map(|(append, _)| append),
        )
    }

    fn answer(&self, batch: impl Iterator<Item = Member>, outcomes: Outcomes) {
        let written = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok());
        let (appends, rows) =
            written.fold((0, 0), |(appends, rows), places| (appends + 1, rows + places.len() as u64));
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        self.counters.appends.fetch_add(appends, Ordering::Relaxed);
        self.counters.rows.fetch_add(rows, Ordering::Relaxed);
        for ((append, reply), outcome) in batch.zip(outcomes) {
            send(reply, outcome.map(|places| batch::headers(append.rows, places)));
        }
    }

    fn other(&mut self, command: Command) {
        let connection = &self.connection;
        match command {
            Command::Append(_, reply) => send(reply, Err(StoreError::Io("an append is no other".to_owned()))),
            Command::TakeLease { owner, now, ttl_s, reply } => {
                send(reply, lease::take(connection, &owner, now, ttl_s));
            }
            Command::KeepLease { fence, now, ttl_s, reply } => {
                send(reply, lease::keep(connection, fence, now, ttl_s));
            }
            Command::DropLease { fence, reply } => send(reply, lease::release(connection, fence)),
            Command::Scrub(reply) => send(reply, scrub::scrub(connection)),
            Command::Limit { pages, reply } => {
                // SQLite never goes below the pages that there are.
                let sql = format!("PRAGMA max_page_count = {pages}");
                let result = connection.query_row(&sql, [], |_| Ok(()));
                send(reply, result.map_err(|error| store_error(&error)));
            }
        }
    }

    /// Writes the log back when it is long. A failure (no space, a reader in the way) costs nothing: the log is
    /// longer, and the next batch tries again.
    fn write_back(&mut self) {
        let Ok(pages) = self.log_pages() else { return };
        // A log that was written back as a whole starts anew with the next commit.
        let grown = if pages > self.wal_pages { pages - self.wal_pages } else { pages };
        self.counters.wal_pages.fetch_add(grown, Ordering::Relaxed);
        self.wal_pages = pages;
        if pages >= CHECKPOINT_PAGES {
            let _ = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        }
    }

    fn log_pages(&self) -> rusqlite::Result<u64> {
        let pages: i64 =
            self.connection.prepare_cached("PRAGMA wal_checkpoint(NOOP)")?.query_row([], |row| row.get(1))?;
        Ok(u64::try_from(pages).unwrap_or(0))
    }
}

fn send<T>(reply: Reply<T>, result: Result<T, StoreError>) {
    // Whoever asked may have gone; the answer is in the journal.
    let _ = reply.send(result);
}

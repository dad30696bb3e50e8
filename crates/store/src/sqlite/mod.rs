//! The store over SQLite: one writer thread, a few readers, several processes on one file.

mod batch;
mod error;
mod heads;
mod lease;
mod reader;
mod schema;
mod scrub;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use adjourn_app::ports::{Append, Store, StoreError, StoredRow};
use adjourn_domain::canonical::Hash;
use adjourn_domain::event::Header;
use adjourn_domain::ids::StreamId;
use adjourn_domain::time::Time;
use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot};

use self::reader::Readers;
use self::writer::{Command, Counters, Reply, Writer};

/// Bytes of a page of the file.
const PAGE_BYTES: u64 = 4096;

/// How a store works. The defaults are right for nearly everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Appends in one commit at most.
    pub max_batch: usize,
    /// Appends that wait at most before the next one has to wait for a place.
    pub queue: usize,
    /// Connections that read.
    pub readers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_batch: 512, queue: 1024, readers: 2 }
    }
}

/// What a store has written since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Commits, each with one wait for the disk.
    pub commits: u64,
    /// Appends that were written.
    pub appends: u64,
    /// Rows that were written.
    pub rows: u64,
    /// Bytes of pages that went to the log.
    pub wal_bytes: u64,
}

/// The journal and the read models in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    commands: Option<mpsc::Sender<Command>>,
    writer: Option<JoinHandle<()>>,
    readers: Readers,
    counters: Arc<Counters>,
}

impl SqliteStore {
    /// Opens the file, and makes it if there is none.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, Options::default())
    }

    /// Opens the file with other than the default options.
    pub fn open_with(path: &Path, options: Options) -> Result<Self, StoreError> {
        let connection = schema::open_writer(path)?;
        let readers = Readers::open(path, options.readers)?;
        let counters = Arc::new(Counters::default());
        let writer = Writer::new(connection, Arc::clone(&counters), options.max_batch);
        let (commands, queue) = mpsc::channel(options.queue.max(1));
        let thread = std::thread::Builder::new()
            .name("journal-write".to_owned())
            .spawn(move || writer.run(queue))
            .map_err(|error| error::file_error(&error))?;
        Ok(Self { commands: Some(commands), writer: Some(thread), readers, counters })
    }

    /// Ends the threads. Dropping the store does the same.
    pub fn close(self) {}

    /// What was written since the store was opened.
    pub fn stats(&self) -> Stats {
        Stats {
            commits: self.counters.commits.load(Ordering::Relaxed),
            appends: self.counters.appends.load(Ordering::Relaxed),
            rows: self.counters.rows.load(Ordering::Relaxed),
            wal_bytes: self.counters.wal_pages.load(Ordering::Relaxed) * PAGE_BYTES,
        }
    }

    /// Lets the file grow to so many pages of 4 KiB at most; beyond, an append answers [`StoreError::Full`].
    pub async fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.tell(|reply| Command::Limit { pages, reply }).await
    }

    async fn tell<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, StoreError> {
        let gone = || StoreError::Io("the journal is closed".to_owned());
        let (reply, answer) = oneshot::channel();
        self.commands.as_ref().ok_or_else(gone)?.send(command(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.writer.take() {
            // A writer that panicked has told those who waited.
            let _ = thread.join();
        }
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn append(&self, append: Append) -> Result<Vec<Header>, StoreError> {
        self.tell(|reply| Command::Append(append, reply)).await
    }

    async fn load(&self, stream: &StreamId) -> Result<Vec<StoredRow>, StoreError> {
        self.load_after(stream, 0).await
    }

    async fn load_after(&self, stream: &StreamId, version: u64) -> Result<Vec<StoredRow>, StoreError> {
        let stream = stream.clone();
        self.readers.ask(move |connection| reader::load(connection, &stream, version)).await
    }

    async fn rows(&self, from: u64, limit: usize) -> Result<Vec<StoredRow>, StoreError> {
        self.readers.ask(move |connection| reader::rows(connection, from, limit)).await
    }

    async fn end(&self) -> Result<u64, StoreError> {
        self.readers.ask(reader::end).await
    }

    async fn leaves(&self) -> Result<Vec<Hash>, StoreError> {
        self.readers.ask(reader::leaves).await
    }

    async fn due(&self, now: Time, limit: usize) -> Result<Vec<(Time, StreamId)>, StoreError> {
        self.readers.ask(move |connection| reader::due(connection, now, limit)).await
    }

    async fn next_due(&self) -> Result<Option<Time>, StoreError> {
        self.readers.ask(reader::next_due).await
    }

    async fn view(&self, table: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let (table, key) = (table.to_owned(), key.to_owned());
        self.readers.ask(move |connection| reader::view(connection, &table, &key)).await
    }

    async fn views(&self, table: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let table = table.to_owned();
        self.readers.ask(move |connection| reader::views(connection, &table)).await
    }

    async fn views_after(
        &self,
        table: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let (table, after) = (table.to_owned(), after.to_owned());
        self.readers.ask(move |connection| reader::views_after(connection, &table, &after, limit)).await
    }

    async fn views_of(&self, table: &str, keys: Vec<String>) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let table = table.to_owned();
        self.readers.ask(move |connection| reader::views_of(connection, &table, keys)).await
    }

    async fn take_lease(&self, owner: &str, now: Time, ttl_s: u64) -> Result<Option<u64>, StoreError> {
        let owner = owner.to_owned();
        self.tell(|reply| Command::TakeLease { owner, now, ttl_s, reply }).await
    }

    async fn keep_lease(&self, fence: u64, now: Time, ttl_s: u64) -> Result<bool, StoreError> {
        self.tell(|reply| Command::KeepLease { fence, now, ttl_s, reply }).await
    }

    async fn drop_lease(&self, fence: u64) -> Result<(), StoreError> {
        self.tell(|reply| Command::DropLease { fence, reply }).await
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        self.tell(Command::Scrub).await
    }
}

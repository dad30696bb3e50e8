//! The file: pragmas, tables, and whose version it is.
//!
//! `event` is written in arrival order and never changed. A row names its stream's previous row, so that a
//! history is read by walking back and no index over (stream, version) costs a random page per step; that
//! (stream, version) is unique follows from `head`, which every append compares and sets. `head` is apart from
//! `stream` to be dense: the pages that a step touches are what the disk sees.

use std::path::Path;
use std::time::Duration;

use adjourn_app::ports::StoreError;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::error::{file_error, store_error};

/// "Adjn".
const APPLICATION_ID: i64 = 0x4164_6a6e;
/// Version of the tables.
const USER_VERSION: i64 = 1;
/// How long one process waits for another one's transaction.
const BUSY: Duration = Duration::from_secs(15);

const TABLES: &str = "
    CREATE TABLE stream (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE head (
        id INTEGER PRIMARY KEY,
        version INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        wake_at INTEGER
    ) STRICT;
    CREATE TABLE event (
        seq INTEGER PRIMARY KEY,
        stream INTEGER NOT NULL,
        version INTEGER NOT NULL,
        prev INTEGER NOT NULL,
        at INTEGER NOT NULL,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        commitment BLOB NOT NULL,
        leaf BLOB NOT NULL,
        sealed BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER event_is_not_removed BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TABLE wake (due INTEGER NOT NULL, stream TEXT NOT NULL, PRIMARY KEY (due, stream)) STRICT, WITHOUT ROWID;
    CREATE TABLE lease (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        epoch INTEGER NOT NULL,
        owner TEXT,
        until INTEGER NOT NULL
    ) STRICT;
    INSERT INTO lease VALUES (1, 0, NULL, 0);
";

/// The read models. Made anew by a scrub, see there.
pub(super) const VIEW: &str = "
    CREATE TABLE view (id INTEGER PRIMARY KEY, tbl TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
        UNIQUE (tbl, key)) STRICT;
";

/// Opens the file to write, and makes it if there is none.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    create_private(path)?;
    let mut connection = connect(path)?;
    let sql = |error: rusqlite::Error| store_error(&error);
    // Before the first page is written; the file's own settings win where it exists.
    check_version(&connection)?;
    let mode: String =
        connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).map_err(sql)?;
    if mode != "wal" {
        return Err(StoreError::Io(format!("journal mode is {mode}, not wal")));
    }
    // The writer checkpoints by itself, after it has answered.
    connection
        .execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0;
             PRAGMA journal_size_limit = 67108864;",
        )
        .map_err(sql)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
    if check_version(&transaction)? == File::Empty {
        make(&transaction).map_err(sql)?;
    }
    transaction.commit().map_err(sql)?;
    Ok(connection)
}

/// Opens the file to read.
pub(super) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = connect(path)?;
    connection.execute_batch("PRAGMA query_only = ON;").map_err(|error| store_error(&error))?;
    Ok(connection)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let sql = |error: rusqlite::Error| store_error(&error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sql)?;
    connection.busy_timeout(BUSY).map_err(sql)?;
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
             PRAGMA temp_store = MEMORY;",
        )
        .map_err(sql)?;
    Ok(connection)
}

/// Nobody else on the machine has to read it. SQLite gives the log the rights of the file.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(file_error(&error)),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum File {
    Empty,
    Ours,
}

fn check_version(connection: &Connection) -> Result<File, StoreError> {
    let number = |sql: &str| -> Result<i64, StoreError> {
        connection.query_row(sql, [], |row| row.get(0)).map_err(|error| store_error(&error))
    };
    let application = number("PRAGMA application_id")?;
    let found = number("PRAGMA user_version")?;
    if application == APPLICATION_ID && found == USER_VERSION {
        return Ok(File::Ours);
    }
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    if application == 0 && found == 0 && tables == 0 {
        return Ok(File::Empty);
    }
    Err(StoreError::Version { found })
}

fn make(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(TABLES)?;
    transaction.execute_batch(VIEW)?;
    transaction.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {USER_VERSION};"
    ))
}

//! Nothing of a removed value stays in the files.
//!
//! `secure_delete` zeroes what is freed, with one gap: when a page of a tree is split or merged, bytes of rows
//! that moved away stay behind in its unused middle. So the table of values is made anew; dropping the old one
//! zeroes every page of it. Then the log, which holds older pages, is written back and cut to nothing.
//! The journal's rows are never removed: there, the destruction of a key does the same work.

use adjourn_app::ports::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::error::store_error;
use super::schema::VIEW;

/// Attempts to cut the log while others read from it. Each waits as long as a busy file is waited for.
const ATTEMPTS: usize = 4;

/// Makes the values anew and cuts the log.
pub(super) fn scrub(connection: &Connection) -> Result<(), StoreError> {
    renew(connection).map_err(|error| store_error(&error))?;
    for _ in 0..ATTEMPTS {
        let busy: i64 = connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(|error| store_error(&error))?;
        if busy == 0 {
            return Ok(());
        }
    }
    Err(StoreError::Io("another process reads the journal; the log could not be cut".to_owned()))
}

fn renew(connection: &Connection) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    transaction.execute_batch("ALTER TABLE view RENAME TO view_before;")?;
    transaction.execute_batch(VIEW)?;
    transaction.execute_batch(
        "INSERT INTO view (tbl, key, value) SELECT tbl, key, value FROM view_before ORDER BY tbl, key;
         DROP TABLE view_before;",
    )?;
    transaction.commit()
}

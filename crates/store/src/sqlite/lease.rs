//! The worker's lease. Its time is for liveness only: who may write is decided by the epoch, which grows with
//! every take and is compared inside each append's transaction.

use adjourn_app::ports::StoreError;
use adjourn_domain::time::Time;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::{from_sql, store_error, to_sql};

/// The fencing number in force; 0 before the first take.
pub(super) fn epoch(connection: &Connection) -> Result<u64, StoreError> {
    let epoch: i64 = connection
        .prepare_cached("SELECT epoch FROM lease WHERE id = 1")
        .and_then(|mut select| select.query_row([], |row| row.get(0)))
        .map_err(|error| store_error(&error))?;
    from_sql(epoch)
}

/// Takes it if it is free, has run out, or is one's own.
pub(super) fn take(
    connection: &Connection,
    owner: &str,
    now: Time,
    ttl_s: u64,
) -> Result<Option<u64>, StoreError> {
    let epoch: Option<i64> = connection
        .query_row(
            "UPDATE lease SET epoch = epoch + 1, owner = ?1, until = ?3
             WHERE id = 1 AND (owner IS NULL OR owner = ?1 OR until <= ?2) RETURNING epoch",
            params![owner, now.as_millis(), now.plus_secs(ttl_s).as_millis()],
            |row| row.get(0),
        )
        .optional()
        .map_err(|error| store_error(&error))?;
    epoch.map(from_sql).transpose()
}

/// Prolongs it, if nobody has taken it since.
pub(super) fn keep(connection: &Connection, fence: u64, now: Time, ttl_s: u64) -> Result<bool, StoreError> {
    let changed = connection
        .execute(
            "UPDATE lease SET until = ?2 WHERE id = 1 AND epoch = ?1 AND owner IS NOT NULL",
            params![to_sql(fence)?, now.plus_secs(ttl_s).as_millis()],
        )
        .map_err(|error| store_error(&error))?;
    Ok(changed == 1)
}

/// Gives it back. The epoch stays, so that the next take is told apart from this one.
pub(super) fn release(connection: &Connection, fence: u64) -> Result<(), StoreError> {
    connection
        .execute(
            "UPDATE lease SET owner = NULL, until = 0 WHERE id = 1 AND epoch = ?1",
            params![to_sql(fence)?],
        )
        .map_err(|error| store_error(&error))?;
    Ok(())
}

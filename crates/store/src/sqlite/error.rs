//! What an error of SQLite means to the use cases.

use adjourn_app::ports::StoreError;
use rusqlite::{Error, ErrorCode, ffi};

/// An error of SQLite, sorted.
pub(super) fn store_error(error: &Error) -> StoreError {
    match error {
        Error::SqliteFailure(code, _) => match code.code {
            ErrorCode::DiskFull => StoreError::Full,
            // The index of the log could not grow: the only other place that asks the file system for space.
            ErrorCode::SystemIoFailure if code.extended_code == ffi::SQLITE_IOERR_SHMSIZE => StoreError::Full,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation => {
                StoreError::Corrupt(error.to_string())
            }
            _ => StoreError::Io(error.to_string()),
        },
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..) => StoreError::Corrupt(error.to_string()),
        _ => StoreError::Io(error.to_string()),
    }
}

/// An error of the file system.
pub(super) fn file_error(error: &std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::StorageFull {
        StoreError::Full
    } else {
        StoreError::Io(error.to_string())
    }
}

/// A number as SQLite keeps it.
pub(super) fn to_sql(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number)
        .map_err(|_| StoreError::Io(format!("{number} is beyond what the journal can count")))
}

/// A number that SQLite kept.
pub(super) fn from_sql(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Corrupt(format!("{number} is negative")))
}

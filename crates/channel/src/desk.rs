//! Which process has the outposts. It holds a lock on a file beside the centre's keys for as long as it lives; the file says
//! who it is. A lock ends with its process, however that ends, so nobody is named who is gone.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::path::Path;

use adjourn_app::AppError;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

/// The process that has the outposts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// Since when.
    pub since: Time,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {} · {}", self.pid, self.since)
    }
}

/// The lock; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Desk(#[expect(dead_code, reason = "held, not read")] File);

/// What came of trying to take the lock.
#[derive(Debug)]
pub(crate) enum Taken {
    Ours(Desk),
    /// Somebody has it; who, unless it has only just begun.
    Theirs(Option<Holder>),
}

impl Desk {
    /// Takes the lock, if nobody has it.
    ///
    /// # Errors
    /// `io`.
    pub(crate) fn take(path: &Path, now: Time) -> Result<Taken, AppError> {
        let io = |error: &std::io::Error| AppError::io(error, path.display());
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(path).map_err(|error| io(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok());
                return Ok(Taken::Theirs(holder));
            }
            Err(TryLockError::Error(error)) => return Err(io(&error)),
        }
        let text = serde_json::to_vec(&Holder { pid: std::process::id(), since: now })?;
        file.set_len(0).and_then(|()| file.write_all(&text)).map_err(|error| io(&error))?;
        Ok(Taken::Ours(Self(file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_and_the_others_learn_who() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("open");
        let now = Time::from_millis(1_790_000_000_000);
        let first = Desk::take(&path, now).unwrap();
        assert!(matches!(first, Taken::Ours(_)));
        let holder = Holder { pid: std::process::id(), since: now };
        assert!(matches!(Desk::take(&path, now).unwrap(), Taken::Theirs(Some(who)) if who == holder));
        drop(first);
        // Whoever held it last is not named any more.
        assert!(matches!(Desk::take(&path, now.plus_secs(5)).unwrap(), Taken::Ours(_)));
    }
}

//! Which connections an outpost works for: each as it was when its platform first answered.
//!
//! A request names its connection with the platform's address, and an outpost sends its secrets there. So a connection that
//! has changed since is refused: whoever has got hold of the centre can't have the secrets brought to an address of theirs.
//! The first request is believed (it comes with `connect add`, before anybody else knows the connection), and until a platform
//! has answered nothing is written down, so that a mistyped address can be corrected.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_domain::event::Connection;
use adjourn_domain::ids::ConnectionId;

use crate::office::replace;

/// Connections of one outpost, at most.
const MAX_PINS: usize = 1000;

/// The connections of one outpost.
pub(crate) struct Pins {
    path: PathBuf,
    known: BTreeMap<ConnectionId, Connection>,
}

impl Pins {
    /// Opens the list, or begins one.
    ///
    /// # Errors
    /// `io`; `channel.papers` when it can't be read: an outpost that does not know its connections asks nobody.
    pub(crate) fn open(path: &Path) -> Result<Self, AppError> {
        let known = match fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                AppError::new("channel.papers").with("path", path.display()).with("says", error)
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(AppError::io(&error, path.display())),
        };
        Ok(Self { path: path.to_owned(), known })
    }

    /// Forgets a connection, so that it is believed again as it comes next; whether it was known.
    ///
    /// # Errors
    /// `io`.
    pub(crate) fn forget(&mut self, connection: &ConnectionId) -> Result<bool, AppError> {
        let mut known = self.known.clone();
        let was = known.remove(connection).is_some();
        if was {
            self.keep(known)?;
        }
        Ok(was)
    }

    /// Whether a connection is known as it is; a new one is not.
    ///
    /// # Errors
    /// `outpost.pinned` when it has changed, or when there are too many.
    pub(crate) fn knows(&self, connection: &Connection) -> Result<bool, AppError> {
        match self.known.get(&connection.id) {
            Some(known) if known == connection => Ok(true),
            None if self.known.len() < MAX_PINS => Ok(false),
            _ => Err(AppError::new("outpost.pinned").with("connection", &connection.id)),
        }
    }

    /// Writes a connection down, unless it is there.
    ///
    /// # Errors
    /// As [`Pins::knows`]; `io`.
    pub(crate) fn pin(&mut self, connection: &Connection) -> Result<(), AppError> {
        if self.knows(connection)? {
            return Ok(());
        }
        let mut known = self.known.clone();
        known.insert(connection.id.clone(), connection.clone());
        self.keep(known)
    }

    fn keep(&mut self, known: BTreeMap<ConnectionId, Connection>) -> Result<(), AppError> {
        replace(&self.path, &serde_json::to_vec(&known)?)?;
        self.known = known;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(url: &str) -> Connection {
        Connection {
            id: "wx".into(),
            platform: "reference".into(),
            settings: BTreeMap::from([("url".to_owned(), url.to_owned())]),
            identities: Vec::new(),
            class: "important".to_owned(),
            drill: false,
        }
    }

    #[test]
    fn req_g6_secrets_are_brought_to_no_other_address() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("connections.json");
        let mut pins = Pins::open(&path).unwrap();
        let ours = connection("https://platform.example");
        assert!(!pins.knows(&ours).unwrap());
        pins.pin(&ours).unwrap();
        pins.pin(&ours).unwrap();
        assert!(pins.knows(&ours).unwrap());
        let theirs = connection("https://elsewhere.example");
        assert_eq!(pins.knows(&theirs).unwrap_err().code(), "outpost.pinned");
        assert_eq!(pins.pin(&theirs).unwrap_err().code(), "outpost.pinned");
        // A restart forgets nothing; a person can.
        let mut pins = Pins::open(&path).unwrap();
        assert_eq!(pins.knows(&theirs).unwrap_err().code(), "outpost.pinned");
        assert!(pins.forget(&"wx".into()).unwrap());
        assert!(!pins.forget(&"wx".into()).unwrap());
        Pins::open(&path).unwrap().pin(&theirs).unwrap();
        fs::write(&path, b"{").unwrap();
        assert_eq!(Pins::open(&path).err().map(|error| error.code()), Some("channel.papers"));
    }
}

//! Two folders: messages lie in the outbox, one canonical JSON file each; answers are dropped into the inbox under the
//! same name.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use adjourn_app::ports::{PartyError, PartyLook};
use adjourn_domain::canonical::Hash;
use adjourn_domain::capability::Effect;
use serde_json::{Value, json};

use super::{MAX_ANSWER, name_of, read_answer};

/// The folders of one party.
#[derive(Debug, Clone)]
pub struct FileChannel {
    /// Where messages are put.
    pub outbox: PathBuf,
    /// Where answers come.
    pub inbox: PathBuf,
}

impl FileChannel {
    /// Puts the message into the outbox, whole or not at all. One that lies there already stays.
    pub(super) fn send(&self, key: &str, message: &[u8]) -> Result<Value, PartyError> {
        let name = name_of(key);
        let path = self.outbox.join(&name);
        if let Ok(there) = fs::read(&path) {
            return if there == message {
                Ok(receipt(&name, message))
            } else {
                Err(failed(Effect::NotApplied, "another message lies under this name"))
            };
        }
        let io = |error: std::io::Error| failed(Effect::NotApplied, &error.to_string());
        fs::create_dir_all(&self.outbox).map_err(io)?;
        let new = path.with_extension("new");
        fs::File::create(&new)
            .and_then(|mut file| file.write_all(message).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&new, &path))
            .map_err(io)?;
        Ok(receipt(&name, message))
    }

    /// Looks for the answer.
    pub(super) fn look(&self, key: &str, message: &[u8]) -> Result<PartyLook, PartyError> {
        let name = name_of(key);
        if let Some(bytes) = self.answer(&name)? {
            return read_answer(bytes, key, message);
        }
        // Whoever fetched the message may have moved it: only a message that was never there is lost.
        let sent = self.outbox.join(&name).exists() || self.outbox.join("sent").join(&name).exists();
        Ok(if sent { PartyLook::Silent } else { PartyLook::Lost })
    }

    /// The bytes of an answer, if there is one.
    pub(super) fn answer(&self, name: &str) -> Result<Option<Vec<u8>>, PartyError> {
        let failed = |error: std::io::Error| failed(Effect::Unknown, &error.to_string());
        let file = match fs::File::open(self.inbox.join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let mut bytes = Vec::new();
        file.take(MAX_ANSWER as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
        Ok(Some(bytes))
    }
}

fn receipt(name: &str, message: &[u8]) -> Value {
    json!({"file": name, "sha256": Hash::of(message)})
}

fn failed(effect: Effect, says: &str) -> PartyError {
    PartyError { code: "party.channel", effect, retry_s: None, says: says.to_owned() }
}

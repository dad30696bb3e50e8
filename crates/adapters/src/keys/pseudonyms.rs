//! Keys that pseudonyms are made with, and their end.
//!
//! ```text
//! p/<scope>.key           a scope's, wrapped under the root key
//! p/<scope>.gone          which key it was and when it was destroyed: it is never made again
//! k/<group>.pseudonyms    a group's, wrapped under the group's key, so that it ends with it at the latest
//! k/<group>.pseudonyms-gone
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::ports::{KeyId, Keys as _};
use adjourn_domain::ids::GroupId;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

use super::{FileKeys, corrupt, destroyed, make_private_dir, sync_dir, wipe, write_new};

/// Longest name of a scope of pseudonyms, in bytes.
const MAX_SCOPE: usize = 64;
/// Ending of a group's key of pseudonyms.
pub(super) const OF_GROUP: &str = "pseudonyms";
/// Ending of what is left of one.
const OF_GROUP_GONE: &str = "pseudonyms-gone";

/// What is left where a key of pseudonyms was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// Which key it was: an id from which nobody computes it.
    pub key: String,
    /// When it was destroyed.
    pub at: Time,
}

impl FileKeys {
    /// The key that the pseudonyms of a scope are made with, and whether it was made just now.
    ///
    /// # Errors
    /// `redact.scope` for a name that can't be a file's; `key.destroyed` when it was destroyed.
    pub fn pseudonyms(&self, scope: &str) -> Result<([u8; 32], bool), AppError> {
        check_scope(scope)?;
        let dir = self.dir.join("p");
        make_private_dir(&dir)?;
        // Whatever is left there: what was said to be gone is not made again.
        if dir.join(format!("{scope}.gone")).exists() {
            return Err(AppError::new("key.destroyed").with("group", scope));
        }
        let path = Self::pseudonyms_path(&self.dir, scope);
        let new = !path.exists();
        Ok((self.wrapped(&path)?, new))
    }

    /// Where the key of a scope lies in a keys' folder.
    pub fn pseudonyms_path(dir: &Path, scope: &str) -> PathBuf {
        dir.join("p").join(format!("{scope}.key"))
    }

    /// What is left of a scope's key where it was destroyed.
    pub fn pseudonyms_gone(dir: &Path, scope: &str) -> Option<Tombstone> {
        check_scope(scope).ok()?;
        serde_json::from_slice(&fs::read(dir.join("p").join(format!("{scope}.gone"))).ok()?).ok()
    }

    /// Destroys the key of a scope; done again, it does what is left.
    ///
    /// # Errors
    /// `redact.scope`, `io`.
    pub fn destroy_pseudonyms(&self, scope: &str, stone: &Tombstone) -> Result<(), AppError> {
        check_scope(scope)?;
        let dir = self.dir.join("p");
        bury(&dir.join(format!("{scope}.gone")), &Self::pseudonyms_path(&self.dir, scope), stone)?;
        sync_dir(&dir)
    }

    /// The key that the pseudonyms of a group's copies are made with, and whether it was made just now.
    ///
    /// # Errors
    /// `group.unknown` for a group without a key; `key.destroyed`; `io`.
    pub fn group_pseudonyms(&self, group: &GroupId) -> Result<([u8; 32], bool), AppError> {
        let key = KeyId::Group(group.clone());
        if self.path(&key, "gone").exists() || self.path(&key, OF_GROUP_GONE).exists() {
            return Err(destroyed(&key));
        }
        if !is_group(group) || !self.path(&key, "key").exists() {
            return Err(AppError::new("group.unknown").with("group", group));
        }
        let path = self.path(&key, OF_GROUP);
        match fs::read(&path) {
            Ok(wrapped) => {
                let plain = self.open(&key, &wrapped)?.ok_or_else(|| destroyed(&key))?;
                Ok((plain.try_into().map_err(|_| corrupt(&path.display().to_string()))?, false))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                self.rng.fill(&mut bytes);
                write_new(&path, &self.seal(&key, &bytes)?)?;
                Ok((bytes, true))
            }
            Err(error) => Err(AppError::io(&error, path.display())),
        }
    }

    /// Where the key of a group's pseudonyms lies in a keys' folder.
    pub fn group_pseudonyms_path(dir: &Path, group: &GroupId) -> PathBuf {
        dir.join("k").join(format!("{group}.{OF_GROUP}"))
    }

    /// Destroys the key of a group's pseudonyms, and nothing else of the group; done again, it does what is left.
    ///
    /// # Errors
    /// `group.unknown`, `io`.
    pub fn destroy_group_pseudonyms(&self, group: &GroupId, stone: &Tombstone) -> Result<(), AppError> {
        if !is_group(group) {
            return Err(AppError::new("group.unknown").with("group", group));
        }
        let key = KeyId::Group(group.clone());
        bury(&self.path(&key, OF_GROUP_GONE), &self.path(&key, OF_GROUP), stone)?;
        sync_dir(&self.dir.join("k"))
    }
}

/// Destroys a key that lies in a file of its own: it is overwritten and removed. What a disk keeps underneath nobody reaches from here.
///
/// # Errors
/// `io`.
pub fn destroy_key_file(path: &Path) -> Result<(), AppError> {
    wipe(path).map_err(|error| AppError::io(&error, path.display()))?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// The stone first: a key whose end was written down is made by nobody again.
fn bury(stone_at: &Path, key_at: &Path, stone: &Tombstone) -> Result<(), AppError> {
    if !stone_at.exists() {
        write_new(stone_at, &serde_json::to_vec(stone)?)?;
    }
    wipe(key_at).map_err(|error| AppError::io(&error, key_at.display()))
}

fn check_scope(scope: &str) -> Result<(), AppError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if scope.is_empty() || scope.len() > MAX_SCOPE || scope.starts_with('.') || !scope.bytes().all(plain) {
        return Err(AppError::new("redact.scope").with("limit", MAX_SCOPE));
    }
    Ok(())
}

/// Names of groups are ours, and lead nowhere else.
fn is_group(group: &GroupId) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    group.as_str().starts_with("g-") && group.as_str().bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rng::SystemRng;

    #[test]
    fn req_c1_a_destroyed_key_of_pseudonyms_is_never_made_again_and_a_groups_goes_with_the_group() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileKeys::open(dir.path(), Arc::new(SystemRng)).unwrap();
        let stone = Tombstone { key: "0a".to_owned(), at: Time::from_millis(1) };
        let (key, new) = keys.pseudonyms("sales").unwrap();
        assert!(new && keys.pseudonyms("sales").unwrap() == (key, false));
        keys.destroy_pseudonyms("sales", &stone).unwrap();
        keys.destroy_pseudonyms("sales", &stone).unwrap();
        assert_eq!(keys.pseudonyms("sales").unwrap_err().code(), "key.destroyed");
        assert_eq!(FileKeys::pseudonyms_gone(dir.path(), "sales"), Some(stone.clone()));
        assert_eq!(keys.destroy_pseudonyms("../sales", &stone).unwrap_err().code(), "redact.scope");

        let (one, other) = (GroupId("g-1".to_owned()), GroupId("g-2".to_owned()));
        assert_eq!(keys.group_pseudonyms(&one).unwrap_err().code(), "group.unknown");
        for group in [&one, &other] {
            keys.ensure(&KeyId::Group(group.clone())).unwrap();
            let (key, _) = keys.group_pseudonyms(group).unwrap();
            assert_eq!(keys.group_pseudonyms(group).unwrap(), (key, false));
        }
        let sealed = keys.seal(&KeyId::Group(one.clone()), b"text").unwrap();
        keys.destroy_group_pseudonyms(&one, &stone).unwrap();
        assert_eq!(keys.group_pseudonyms(&one).unwrap_err().code(), "key.destroyed");
        assert_eq!(
            keys.open(&KeyId::Group(one), &sealed).unwrap().unwrap(),
            b"text",
            "the group's own key stays"
        );
        keys.destroy(&KeyId::Group(other.clone())).unwrap();
        assert_eq!(keys.group_pseudonyms(&other).unwrap_err().code(), "key.destroyed");
        assert!(!FileKeys::group_pseudonyms_path(dir.path(), &other).exists());
    }
}

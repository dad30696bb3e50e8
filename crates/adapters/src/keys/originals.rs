//! The key of a group's originals: an age identity for each group.
//!
//! ```text
//! k/<group>.age           the identity, wrapped under the group's key
//! k/<group>.recover.age   the same, sealed with age to the organisation's recipients, for the day on which root.key is lost
//! ```
//!
//! Both go when the group's key is destroyed. What is sealed to the identity is then noise, wherever it lies.

use std::fs;

use adjourn_app::AppError;
use adjourn_app::ports::{KeyId, Keys as _};
use adjourn_archive::sealed::{self, Identity, Recipient};
use adjourn_domain::ids::GroupId;

use super::{FileKeys, corrupt, destroyed, write_new};

/// Endings of the two files.
pub(super) const ENDINGS: [&str; 2] = ["age", "recover.age"];

impl FileKeys {
    /// To whom the originals of a group are sealed; the identity is made if there is none, with a way back for the recipients of `recover`.
    ///
    /// # Errors
    /// `key.destroyed`; `io`.
    pub fn original_recipient(&self, group: &GroupId, recover: &[Recipient]) -> Result<Recipient, AppError> {
        let key = KeyId::Group(group.clone());
        let [wrapped, recovered] = ENDINGS.map(|ending| self.path(&key, ending));
        if wrapped.exists() {
            return Ok(self.original_identity(group)?.recipient());
        }
        let identity = Identity::generate();
        let secret = self.seal(&key, &identity.secret())?;
        if !recover.is_empty() {
            let mut bytes = Vec::new();
            sealed::seal(identity.secret().as_slice(), recover, &mut bytes)
                .map_err(|error| AppError::new("archive.recipient").with("says", error))?;
            // One that is left of an attempt that ended between the two files belongs to no identity.
            let _ = fs::remove_file(&recovered);
            write_new(&recovered, &bytes)?;
        }
        write_new(&wrapped, &secret)?;
        Ok(identity.recipient())
    }

    /// What opens the originals of a group.
    ///
    /// # Errors
    /// `key.destroyed`; `archive.no_key` when this installation never had it.
    pub fn original_identity(&self, group: &GroupId) -> Result<Identity, AppError> {
        let key = KeyId::Group(group.clone());
        if self.path(&key, "gone").exists() {
            return Err(destroyed(&key));
        }
        let [path, _] = ENDINGS.map(|ending| self.path(&key, ending));
        let wrapped = match fs::read(&path) {
            Ok(wrapped) => wrapped,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(AppError::new("archive.no_key").with("group", group));
            }
            Err(error) => return Err(AppError::io(&error, path.display())),
        };
        let secret = self.open(&key, &wrapped)?.ok_or_else(|| destroyed(&key))?;
        let identities = Identity::parse(&secret).map_err(|_| corrupt(&path.display().to_string()))?;
        identities.into_iter().next().ok_or_else(|| corrupt(&path.display().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::sync::Arc;

    use super::*;
    use crate::rng::SystemRng;

    #[test]
    fn a_groups_identity_goes_with_its_key_and_the_way_back_too() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileKeys::open(dir.path(), Arc::new(SystemRng)).unwrap();
        let group = GroupId("g-1".to_owned());
        assert_eq!(keys.original_identity(&group).unwrap_err().code(), "archive.no_key");
        let office = Identity::generate();
        let recipient = keys.original_recipient(&group, &[office.recipient()]).unwrap();
        let mut sealed_text = Vec::new();
        sealed::seal(&b"text"[..], std::slice::from_ref(&recipient), &mut sealed_text).unwrap();
        let again = keys.original_recipient(&group, &[]).unwrap();
        assert_eq!(again.to_string(), recipient.to_string());

        // Without root.key the organisation's own identity opens the way back.
        let way_back = fs::read(dir.path().join("k/g-1.recover.age")).unwrap();
        let mut secret = Vec::new();
        sealed::open(way_back.as_slice(), &[office]).unwrap().read_to_end(&mut secret).unwrap();
        for identity in [keys.original_identity(&group).unwrap(), Identity::parse(&secret).unwrap().remove(0)]
        {
            let mut plain = Vec::new();
            sealed::open(sealed_text.as_slice(), &[identity]).unwrap().read_to_end(&mut plain).unwrap();
            assert_eq!(plain, b"text");
        }
        keys.destroy(&KeyId::Group(group.clone())).unwrap();
        assert_eq!(keys.original_identity(&group).unwrap_err().code(), "key.destroyed");
        assert_eq!(keys.original_recipient(&group, &[]).unwrap_err().code(), "key.destroyed");
        let left: Vec<_> = fs::read_dir(dir.path().join("k")).unwrap().flatten().collect();
        assert_eq!(left.iter().map(|entry| entry.file_name()).collect::<Vec<_>>(), ["g-1.gone"]);
    }
}

//! A principal's private key: a file that only its owner can read. Having it is what proves who acts.

use std::fs;
use std::path::Path;

use adjourn_app::AppError;
use adjourn_app::ports::{OpenKey, Rng, Signer};
use adjourn_domain::canonical::{Hash, hex, unhex};
use adjourn_domain::ids::PrincipalId;
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

/// First line of a key file.
const MAGIC: &str = "adjourn-principal-key v1";

/// A principal's key.
pub struct KeySigner(SigningKey);

impl KeySigner {
    /// Makes a new key.
    pub fn generate(rng: &dyn Rng) -> Self {
        let mut seed = [0; 32];
        rng.fill(&mut seed);
        Self(SigningKey::from_bytes(&seed))
    }

    /// What signs with an opened key.
    pub fn from_key(key: &OpenKey) -> Self {
        Self(SigningKey::from_bytes(&key.0))
    }

    /// The key, to seal it somewhere else.
    pub fn open_key(&self) -> OpenKey {
        OpenKey(self.0.to_bytes())
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// `principal.key` when it is none, or others can read it.
    pub fn read(path: &Path) -> Result<Self, AppError> {
        let bad = |says: &str| AppError::new("principal.key").with("path", path.display()).with("says", says);
        let text = fs::read_to_string(path).map_err(|error| bad(&error.to_string()))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(path).map_err(|error| bad(&error.to_string()))?.permissions().mode();
            if mode & 0o077 != 0 {
                return Err(bad("others can read it (chmod 600)"));
            }
        }
        let mut lines = text.lines();
        let seed = (lines.next() == Some(MAGIC)).then(|| lines.next()).flatten().and_then(unhex);
        let seed: [u8; 32] =
            seed.and_then(|seed| seed.try_into().ok()).ok_or_else(|| bad("not a principal's key"))?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// Writes the key to a new file that only its owner can read.
    ///
    /// # Errors
    /// `io` when the file exists or can't be written.
    pub fn write(&self, path: &Path) -> Result<(), AppError> {
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(|error| AppError::io(&error, dir.display()))?;
        }
        crate::keys::write_new(path, format!("{MAGIC}\n{}\n", hex(self.0.as_bytes())).as_bytes())
    }
}

impl Signer for KeySigner {
    fn principal(&self) -> PrincipalId {
        principal_id(&self.0.verifying_key())
    }

    fn public_key(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    fn sign(&self, bytes: &[u8]) -> String {
        hex(&self.0.sign(bytes).to_bytes())
    }
}

/// The id of the principal with this key: `p-` and the start of its SHA-256.
fn principal_id(key: &VerifyingKey) -> PrincipalId {
    let hash = Hash::of(key.as_bytes()).to_hex();
    PrincipalId(format!("p-{}", hash.get(..12).unwrap_or_default()))
}

/// Checks an Ed25519 signature in hex by a public key in hex.
pub fn check(public_key: &str, bytes: &[u8], signature: &str) -> bool {
    let key = unhex(public_key)
        .and_then(|key| <[u8; 32]>::try_from(key).ok())
        .and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = unhex(signature).and_then(|signature| <[u8; 64]>::try_from(signature).ok());
    match (key, signature) {
        (Some(key), Some(signature)) => {
            key.verify_strict(bytes, &ed25519_dalek::Signature::from_bytes(&signature)).is_ok()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SeededRng;

    #[test]
    fn a_key_file_round_trips_and_open_ones_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.key");
        let signer = KeySigner::generate(&SeededRng::new(1));
        signer.write(&path).unwrap();
        assert_eq!(signer.write(&path).unwrap_err().code(), "io", "never overwritten");
        let read = KeySigner::read(&path).unwrap();
        assert_eq!(read.principal(), signer.principal());
        assert!(check(&read.public_key(), b"x", &read.sign(b"x")));
        assert!(!check(&read.public_key(), b"y", &read.sign(b"x")));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            assert_eq!(KeySigner::read(&path).err().unwrap().code(), "principal.key");
        }
    }
}

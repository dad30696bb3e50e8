//! Keys on disk, in a directory of their own, never in the database or its backups.
//!
//! ```text
//! root.key                wraps all others; 32 bytes in hex, readable by the owner alone
//! k/<name>.key            one wrapped key for each group, each case, and the organisation
//! k/<name>.gone           left where a key was destroyed, so that it is never made again
//! k/<group>.age           what opens the group's originals, see [`originals`]
//! secrets/<hash>.sealed   secrets of a connection's identity
//! log.key, index.key      wrapped: the log's signing seed, and the key that group ids are derived with
//! links.key               wrapped: the key that task links are signed with
//! p/<scope>.key           wrapped: a key that pseudonyms are made with, see [`pseudonyms`]
//! ```
//!
//! Encryption is XChaCha20-Poly1305 with a random nonce of 24 bytes in front. Destroying a key overwrites its file before
//! it is removed; the certificate of what that is worth on a given disk is the operator's.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use adjourn_app::AppError;
use adjourn_app::ports::{KeyId, Keys, Rng};
use adjourn_domain::canonical::{Hash, hex, unhex};
use adjourn_domain::ids::{GroupId, NativeId, OwnerId};
use chacha20poly1305::aead::Aead;
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, Mac};
use sha2::Sha256;

mod originals;
mod pseudonyms;

pub use pseudonyms::{Tombstone, destroy_key_file};

const NONCE: usize = 24;
/// Ciphers that are kept in memory at most; a key beyond is read again from its file.
const MAX_OPEN: usize = 4096;

/// Keys in a directory.
pub struct FileKeys {
    dir: PathBuf,
    rng: Arc<dyn Rng>,
    /// Whether a new key is on the disk before anybody relies on it.
    durable: bool,
    root: XChaCha20Poly1305,
    /// Ciphers in use; `None` for a destroyed key.
    open: Mutex<HashMap<KeyId, Option<XChaCha20Poly1305>>>,
    log_seed: [u8; 32],
    index: [u8; 32],
    links: [u8; 32],
}

impl FileKeys {
    /// Opens the directory, making it and its first keys if there are none.
    ///
    /// # Errors
    /// `io` when it can't be read or made; `journal.corrupt` when a key can't be unwrapped.
    pub fn open(dir: &Path, rng: Arc<dyn Rng>) -> Result<Self, AppError> {
        make_private_dir(dir)?;
        make_private_dir(&dir.join("k"))?;
        make_private_dir(&dir.join("secrets"))?;
        let root = dir.join("root.key");
        let bytes = match fs::read_to_string(&root) {
            Ok(text) => unhex(text.trim()).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                rng.fill(&mut bytes);
                write_new(&root, format!("{}\n", hex(&bytes)).as_bytes())?;
                Some(bytes)
            }
            Err(error) => return Err(AppError::io(&error, root.display())),
        };
        let bytes = bytes.ok_or_else(|| corrupt("root.key"))?;
        let mut keys = Self {
            dir: dir.to_owned(),
            rng,
            durable: true,
            root: XChaCha20Poly1305::new(&bytes.into()),
            open: Mutex::default(),
            log_seed: [0; 32],
            index: [0; 32],
            links: [0; 32],
        };
        keys.log_seed = keys.wrapped(&dir.join("log.key"))?;
        keys.index = keys.wrapped(&dir.join("index.key"))?;
        keys.links = keys.wrapped(&dir.join("links.key"))?;
        Ok(keys)
    }

    /// The same without waiting for the disk when a key is made: for a benchmark's data, which nobody misses after a power cut.
    #[must_use]
    pub fn hasty(self) -> Self {
        Self { durable: false, ..self }
    }

    /// The seed of the log's signing key, for the writer of checkpoints.
    pub fn log_seed(&self) -> &[u8; 32] {
        &self.log_seed
    }

    /// The log's name in checkpoints.
    pub fn log_name(&self) -> String {
        let key = SigningKey::from_bytes(&self.log_seed).verifying_key();
        let hash = Hash::of(key.as_bytes()).to_hex();
        format!("adjourn/log-{}", hash.get(..8).unwrap_or_default())
    }

    /// Reads a wrapped key of 32 bytes, or makes it.
    fn wrapped(&self, path: &Path) -> Result<[u8; 32], AppError> {
        match fs::read(path) {
            Ok(sealed) => decrypt(&self.root, &sealed)
                .and_then(|plain| plain.try_into().ok())
                .ok_or_else(|| corrupt(&path.display().to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; 32];
                self.rng.fill(&mut key);
                let sealed = self.encrypt(&self.root, &key)?;
                if self.durable {
                    write_new(path, &sealed)?;
                } else {
                    create_new(path, &sealed).map_err(|error| AppError::io(&error, path.display()))?;
                }
                Ok(key)
            }
            Err(error) => Err(AppError::io(&error, path.display())),
        }
    }

    fn path(&self, key: &KeyId, suffix: &str) -> PathBuf {
        let name = match key {
            KeyId::Group(id) => id.to_string(),
            KeyId::Case(id) => id.to_string(),
            KeyId::Org => "org".to_owned(),
        };
        self.dir.join("k").join(format!("{name}.{suffix}"))
    }

    /// The cipher of a key: `None` when it was destroyed, an error when it never was.
    fn cipher(&self, key: &KeyId, make: bool) -> Result<Option<XChaCha20Poly1305>, AppError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get(key) {
            // What a writer seals under a key that another process has just destroyed, nobody can read.
            Some(cipher) if make => return Ok(cipher.clone()),
            Some(None) => return Ok(None),
            _ => {}
        }
        // A reader must notice at once.
        let gone = self.path(key, "gone").exists();
        match open.get(key) {
            Some(cipher) if !gone => return Ok(cipher.clone()),
            _ => {}
        }
        let cipher = if gone {
            None
        } else {
            let path = self.path(key, "key");
            if !make && !path.exists() {
                return Err(AppError::io(&std::io::ErrorKind::NotFound.into(), path.display()));
            }
            Some(XChaCha20Poly1305::new(&self.wrapped(&path)?.into()))
        };
        // Which of them goes does not matter: a destroyed one is known by its file.
        if open.len() >= MAX_OPEN
            && let Some(one) = open.keys().next().cloned()
        {
            open.remove(&one);
        }
        open.insert(key.clone(), cipher.clone());
        Ok(cipher)
    }

    fn encrypt(&self, cipher: &XChaCha20Poly1305, plain: &[u8]) -> Result<Vec<u8>, AppError> {
        let mut nonce = [0; NONCE];
        self.rng.fill(&mut nonce);
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), plain)
            .map_err(|_| AppError::new("internal").with("says", "encryption"))?;
        let mut out = nonce.to_vec();
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    fn secret_path(&self, connection: &str, identity: &str) -> PathBuf {
        let hash = Hash::of_parts(&[connection.as_bytes(), b"\0", identity.as_bytes()]).to_hex();
        self.dir.join("secrets").join(format!("{}.sealed", hash.get(..32).unwrap_or_default()))
    }
}

/// A key of 32 bytes in a file of its own, in hex, readable by the owner alone; made if there is none. The second says whether it was made.
///
/// # Errors
/// `io`, and `redact.key` when something else is in it.
pub fn key_in_file(path: &Path, rng: &dyn Rng) -> Result<([u8; 32], bool), AppError> {
    match fs::read_to_string(path) {
        Ok(text) => unhex(text.trim())
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(|key| (key, false))
            .ok_or_else(|| AppError::new("redact.key").with("file", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0; 32];
            rng.fill(&mut key);
            write_new(path, format!("{}\n", hex(&key)).as_bytes())?;
            Ok((key, true))
        }
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(AppError::new("redact.key").with("file", path.display()))
        }
        Err(error) => Err(AppError::io(&error, path.display())),
    }
}

fn decrypt(cipher: &XChaCha20Poly1305, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    cipher.decrypt(&XNonce::from(nonce), sealed).ok()
}

fn link_mac(key: &[u8]) -> Result<Hmac<Sha256>, AppError> {
    <Hmac<Sha256> as KeyInit>::new_from_slice(key).map_err(|_| AppError::new("internal").with("says", "mac"))
}

fn corrupt(what: &str) -> AppError {
    AppError::new("journal.corrupt").with("what", what).with("says", "a key can't be read")
}

impl Keys for FileKeys {
    fn ensure(&self, key: &KeyId) -> Result<(), AppError> {
        match self.cipher(key, true)? {
            Some(_) => Ok(()),
            None => Err(destroyed(key)),
        }
    }

    fn seal(&self, key: &KeyId, plain: &[u8]) -> Result<Vec<u8>, AppError> {
        let cipher = self.cipher(key, true)?.ok_or_else(|| destroyed(key))?;
        self.encrypt(&cipher, plain)
    }

    fn open(&self, key: &KeyId, sealed: &[u8]) -> Result<Option<Vec<u8>>, AppError> {
        let Some(cipher) = self.cipher(key, false)? else { return Ok(None) };
        decrypt(&cipher, sealed).map(Some).ok_or_else(|| corrupt(&format!("{key:?}")))
    }

    fn destroy(&self, key: &KeyId) -> Result<(), AppError> {
        let gone = self.path(key, "gone");
        if !gone.exists() {
            write_new(&gone, b"destroyed\n")?;
        }
        for ending in ["key", pseudonyms::OF_GROUP].into_iter().chain(originals::ENDINGS) {
            let path = self.path(key, ending);
            wipe(&path).map_err(|error| AppError::io(&error, path.display()))?;
        }
        sync_dir(&self.dir.join("k"))?;
        self.open.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), None);
        Ok(())
    }

    fn group_id(&self, connection: &str, native: &NativeId) -> Result<GroupId, AppError> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.index)
            .map_err(|_| AppError::new("internal").with("says", "mac"))?;
        mac.update(connection.as_bytes());
        mac.update(b"\0");
        mac.update(native.as_str().as_bytes());
        let hash = hex(&mac.finalize().into_bytes());
        Ok(GroupId(format!("g-{}", hash.get(..16).unwrap_or_default())))
    }

    fn owner_id(&self, name: &str, contact: &str) -> Result<OwnerId, AppError> {
        // No token begins like this.
        let hash = hex(&self.mac(format!("owner\0{name}\0{contact}").as_bytes())?);
        Ok(OwnerId(format!("o-{}", hash.get(..16).unwrap_or_default())))
    }

    fn mac(&self, bytes: &[u8]) -> Result<Vec<u8>, AppError> {
        let mut mac = link_mac(&self.links)?;
        mac.update(bytes);
        Ok(mac.finalize().into_bytes().to_vec())
    }

    fn check_mac(&self, bytes: &[u8], mac: &[u8]) -> bool {
        link_mac(&self.links).is_ok_and(|mut check| {
            check.update(bytes);
            check.verify_slice(mac).is_ok()
        })
    }

    fn check(&self, public_key: &str, bytes: &[u8], signature: &str) -> bool {
        crate::signer::check(public_key, bytes, signature)
    }

    fn check_passkey(&self, spki: &[u8], message: &[u8], signature: &[u8]) -> bool {
        adjourn_evidence::passkey::signature_holds(spki, message, signature)
    }

    fn installation(&self) -> String {
        hex(SigningKey::from_bytes(self.log_seed()).verifying_key().as_bytes())
    }

    fn attest(&self, bytes: &[u8]) -> String {
        hex(&SigningKey::from_bytes(self.log_seed()).sign(bytes).to_bytes())
    }

    fn secrets(&self, connection: &str, identity: &str) -> Result<BTreeMap<String, String>, AppError> {
        let path = self.secret_path(connection, identity);
        match fs::read(&path) {
            Ok(sealed) => {
                let plain = decrypt(&self.root, &sealed).ok_or_else(|| corrupt("secrets"))?;
                Ok(serde_json::from_slice(&plain)?)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(AppError::io(&error, path.display())),
        }
    }

    fn keep_secrets(
        &self,
        connection: &str,
        identity: &str,
        secrets: &BTreeMap<String, String>,
    ) -> Result<(), AppError> {
        let path = self.secret_path(connection, identity);
        let sealed = self.encrypt(&self.root, &serde_json::to_vec(secrets)?)?;
        let new = path.with_extension("new");
        let _ = fs::remove_file(&new);
        write_new(&new, &sealed)?;
        fs::rename(&new, &path).map_err(|error| AppError::io(&error, path.display()))
    }
}

/// Overwrites a file and removes it; one that is not there needs nothing.
fn wipe(path: &Path) -> std::io::Result<()> {
    let Ok(meta) = fs::metadata(path) else { return Ok(()) };
    let mut file = OpenOptions::new().write(true).open(path)?;
    file.write_all(&vec![0; usize::try_from(meta.len()).unwrap_or(0)])?;
    file.sync_all()?;
    fs::remove_file(path)
}

fn destroyed(key: &KeyId) -> AppError {
    let group = match key {
        KeyId::Group(id) => id.to_string(),
        KeyId::Case(id) => id.to_string(),
        KeyId::Org => "org".to_owned(),
    };
    AppError::new("key.destroyed").with("group", group)
}

/// Makes a folder that only its owner can read.
pub(crate) fn make_private_dir(dir: &Path) -> Result<(), AppError> {
    private_dir(dir).map_err(|error| AppError::io(&error, dir.display()))
}

/// [`make_private_dir`] for those who look at the error.
pub(crate) fn private_dir(dir: &Path) -> std::io::Result<()> {
    fs::create_dir_all(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Writes a new file that only its owner can read, durable when it returns.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    create_new(path, bytes)
        .and_then(|file| file.sync_all())
        .map_err(|error| AppError::io(&error, path.display()))?;
    path.parent().map_or(Ok(()), sync_dir)
}

fn create_new(path: &Path, bytes: &[u8]) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    Ok(file)
}

fn sync_dir(dir: &Path) -> Result<(), AppError> {
    // The folder of a bare file name is the current one.
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|error| AppError::io(&error, dir.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SystemRng;

    #[test]
    fn a_destroyed_key_opens_nothing_and_is_never_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileKeys::open(dir.path(), Arc::new(SystemRng)).unwrap();
        let key = KeyId::Group("g-1".into());
        let sealed = keys.seal(&key, b"text").unwrap();
        let other = FileKeys::open(dir.path(), Arc::new(SystemRng)).unwrap();
        assert_eq!(other.open(&key, &sealed).unwrap().unwrap(), b"text");
        keys.destroy(&key).unwrap();
        assert_eq!(keys.open(&key, &sealed).unwrap(), None);
        assert_eq!(other.open(&key, &sealed).unwrap(), None, "another process sees it at once");
        assert_eq!(keys.seal(&key, b"text").unwrap_err().code(), "key.destroyed");
        keys.destroy(&key).unwrap();
    }

    #[test]
    fn the_folder_of_a_bare_file_name_is_the_current_one() {
        sync_dir(Path::new("a.key").parent().unwrap()).unwrap();
    }

    #[test]
    fn altered_bytes_are_refused_and_ids_need_the_key() {
        let dir = tempfile::tempdir().unwrap();
        let keys = FileKeys::open(dir.path(), Arc::new(SystemRng)).unwrap();
        let mut sealed = keys.seal(&KeyId::Org, b"text").unwrap();
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(keys.open(&KeyId::Org, &sealed).unwrap_err().code(), "journal.corrupt");
        let id = keys.group_id("m", &"!a".into()).unwrap();
        assert_eq!(keys.group_id("m", &"!a".into()).unwrap(), id);
        let elsewhere = tempfile::tempdir().unwrap();
        let others = FileKeys::open(elsewhere.path(), Arc::new(SystemRng)).unwrap();
        assert_ne!(others.group_id("m", &"!a".into()).unwrap(), id);
    }
}

//! Accounts in a folder of the keys: passwords by Argon2id (RFC 9106), tokens by a hash of their 256 random bits.
//!
//! ```text
//! accounts/account/<principal>   record of an account
//! accounts/token/<name>          record of what a token opens
//! ```
//!
//! Records are what `adjourn_app::accounts` writes; a sealed key in them is salt (passwords only), nonce and XChaCha20-Poly1305.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use adjourn_app::AppError;
use adjourn_app::ports::{Accounts, OpenKey, Rng, Shelf, Signer, TOKEN, Token};
use adjourn_domain::canonical::Hash;
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};

use crate::keys::{make_private_dir, write_new};
use crate::signer::KeySigner;

const NONCE: usize = 24;
const SALT: usize = 16;
/// Argon2id's memory in KiB, passes and lanes: OWASP's second choice, 19 MiB, two passes
/// (<https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Accounts in a folder.
pub struct FileAccounts {
    dir: PathBuf,
    rng: Arc<dyn Rng>,
}

impl FileAccounts {
    /// Opens the folder `accounts` in the folder of the keys, making it if there is none.
    ///
    /// # Errors
    /// `io` when it can't be made.
    pub fn open(keys: &Path, rng: Arc<dyn Rng>) -> Result<Self, AppError> {
        let dir = keys.join("accounts");
        for of in [Shelf::Account, Shelf::Token] {
            make_private_dir(&dir.join(folder(of)))?;
        }
        Ok(Self { dir, rng })
    }

    fn path(&self, shelf: Shelf, name: &str) -> Result<PathBuf, AppError> {
        // Names come from ids and hashes; nothing else is a file's name.
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(AppError::new("internal").with("says", "name of a record"));
        }
        Ok(self.dir.join(folder(shelf)).join(name))
    }

    fn seal(&self, kek: [u8; 32], key: &OpenKey) -> Result<Vec<u8>, AppError> {
        let mut out = vec![0; NONCE];
        self.rng.fill(&mut out);
        let nonce: [u8; NONCE] = out.as_slice().try_into().map_err(|_| encryption())?;
        let sealed = XChaCha20Poly1305::new(&kek.into())
            .encrypt(&XNonce::from(nonce), key.0.as_slice())
            .map_err(|_| encryption())?;
        out.extend_from_slice(&sealed);
        Ok(out)
    }
}

fn folder(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Account => "account",
        Shelf::Token => "token",
    }
}

fn encryption() -> AppError {
    AppError::new("internal").with("says", "encryption")
}

fn open(kek: [u8; 32], sealed: &[u8]) -> Option<OpenKey> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let plain = XChaCha20Poly1305::new(&kek.into()).decrypt(&XNonce::from(nonce), sealed).ok()?;
    plain.try_into().ok().map(OpenKey)
}

fn by_password(password: &str, salt: &[u8]) -> Result<[u8; 32], AppError> {
    let (memory, passes, lanes) = COST;
    let says = |error: argon2::Error| AppError::new("internal").with("says", error);
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(says)?;
    let mut kek = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut kek)
        .map_err(says)?;
    Ok(kek)
}

/// A token has all the chance that a key needs: one hash parts its uses.
fn by_token(token: &Token) -> [u8; 32] {
    Hash::of_parts(&[b"adjourn token key v1\0", &token.0]).0
}

impl Accounts for FileAccounts {
    fn generate(&self) -> OpenKey {
        let mut seed = [0; 32];
        self.rng.fill(&mut seed);
        OpenKey(seed)
    }

    fn signer(&self, key: &OpenKey) -> Arc<dyn Signer> {
        Arc::new(KeySigner::from_key(key))
    }

    fn seal_by_password(&self, key: &OpenKey, password: &str) -> Result<Vec<u8>, AppError> {
        let mut out = vec![0; SALT];
        self.rng.fill(&mut out);
        let sealed = self.seal(by_password(password, &out)?, key)?;
        out.extend_from_slice(&sealed);
        Ok(out)
    }

    fn open_by_password(&self, sealed: &[u8], password: &str) -> Result<Option<OpenKey>, AppError> {
        let (salt, sealed) = sealed.split_at_checked(SALT).unwrap_or((&[0; SALT], &[]));
        Ok(open(by_password(password, salt)?, sealed))
    }

    fn token(&self) -> Token {
        let mut token = [0; TOKEN];
        self.rng.fill(&mut token);
        Token(token)
    }

    fn seal_by_token(&self, key: &OpenKey, token: &Token) -> Result<Vec<u8>, AppError> {
        self.seal(by_token(token), key)
    }

    fn open_by_token(&self, sealed: &[u8], token: &Token) -> Option<OpenKey> {
        open(by_token(token), sealed)
    }

    fn read(&self, shelf: Shelf, name: &str) -> Result<Option<Vec<u8>>, AppError> {
        let path = self.path(shelf, name)?;
        match fs::read(&path) {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(AppError::io(&error, path.display())),
        }
    }

    fn write(&self, shelf: Shelf, name: &str, record: &[u8]) -> Result<(), AppError> {
        let path = self.path(shelf, name)?;
        // A name that no other writer has: two who write at once both end with a whole record.
        let mut chance = [0; 8];
        self.rng.fill(&mut chance);
        let new = path.with_extension(format!("{}.new", adjourn_domain::canonical::hex(&chance)));
        write_new(&new, record)?;
        fs::rename(&new, &path).map_err(|error| AppError::io(&error, path.display()))
    }

    fn remove(&self, shelf: Shelf, name: &str) -> Result<bool, AppError> {
        let path = self.path(shelf, name)?;
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(AppError::io(&error, path.display())),
        }
    }

    fn names(&self, shelf: Shelf) -> Result<Vec<String>, AppError> {
        let dir = self.dir.join(folder(shelf));
        let io = |error: std::io::Error| AppError::io(&error, dir.display());
        let mut names = Vec::new();
        for entry in fs::read_dir(&dir).map_err(io)? {
            let name = entry.map_err(io)?.file_name().to_string_lossy().into_owned();
            // What a killed writer left.
            if !name.contains('.') {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SeededRng;

    fn accounts(dir: &Path) -> FileAccounts {
        FileAccounts::open(dir, Arc::new(SeededRng::new(7))).unwrap()
    }

    #[test]
    fn a_key_opens_with_its_password_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let accounts = accounts(dir.path());
        let key = accounts.generate();
        let sealed = accounts.seal_by_password(&key, "correct horse").unwrap();
        assert_eq!(accounts.open_by_password(&sealed, "correct horse").unwrap(), Some(key.clone()));
        assert_eq!(accounts.open_by_password(&sealed, "correct horsf").unwrap(), None);
        assert_eq!(accounts.open_by_password(b"", "correct horse").unwrap(), None);
        let other = accounts.seal_by_password(&key, "correct horse").unwrap();
        assert_ne!(sealed, other, "salted");
        assert!(!format!("{key:?}").contains(&adjourn_domain::canonical::hex(&key.0)));
    }

    #[test]
    fn a_token_opens_what_it_sealed_and_its_name_tells_nothing_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let accounts = accounts(dir.path());
        let (key, token, other) = (accounts.generate(), accounts.token(), accounts.token());
        let sealed = accounts.seal_by_token(&key, &token).unwrap();
        assert_eq!(accounts.open_by_token(&sealed, &token), Some(key));
        assert_eq!(accounts.open_by_token(&sealed, &other), None);
        assert_eq!(Token::read(&token.text()), Some(token.clone()));
        assert!(Token::read("no token").is_none());
        assert_ne!(token.name(), token.text());
        assert!(!format!("{token:?}").contains(&token.text()));
    }

    #[test]
    fn records_are_kept_replaced_and_removed_once() {
        let dir = tempfile::tempdir().unwrap();
        let accounts = accounts(dir.path());
        assert_eq!(accounts.read(Shelf::Account, "p-1").unwrap(), None);
        accounts.write(Shelf::Account, "p-1", b"one").unwrap();
        accounts.write(Shelf::Account, "p-1", b"two").unwrap();
        assert_eq!(accounts.read(Shelf::Account, "p-1").unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(accounts.names(Shelf::Account).unwrap(), ["p-1"]);
        assert!(accounts.names(Shelf::Token).unwrap().is_empty());
        assert!(accounts.remove(Shelf::Account, "p-1").unwrap());
        assert!(!accounts.remove(Shelf::Account, "p-1").unwrap());
        for name in ["../root.key", "", "a/b", "a.new"] {
            assert_eq!(accounts.read(Shelf::Account, name).unwrap_err().code(), "internal", "{name}");
        }
    }
}

//! Accounts: a principal's private key, sealed behind a password or a token, so that a browser or a script can use it.
//!
//! Nothing here can be opened by whoever reads the disk: a password's key comes out of Argon2id, a token's out of the token itself, of which only a
//! hash is stored.

use std::fmt;
use std::sync::Arc;

use adjourn_domain::canonical::Hash;

use crate::error::AppError;
use crate::ports::Signer;

/// Length of a token, in bytes.
pub const TOKEN: usize = 32;

/// A private key that was opened. It can't be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenKey(pub [u8; 32]);

impl fmt::Debug for OpenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenKey(…)")
    }
}

/// A token: whoever has it is whom it was given to. It can't be printed by accident; [`Token::text`] is what is handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub [u8; TOKEN]);

impl Token {
    /// Reads what was handed over: 64 characters of hex.
    pub fn read(text: &str) -> Option<Self> {
        adjourn_domain::canonical::unhex(text)?.try_into().ok().map(Self)
    }

    /// What is handed over: 64 characters of hex.
    pub fn text(&self) -> String {
        adjourn_domain::canonical::hex(&self.0)
    }

    /// The name under which what it opens is kept.
    pub fn name(&self) -> String {
        Hash::of_parts(&[b"adjourn token name v1\0", &self.0]).to_hex()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// A principal's account, by principal.
    Account,
    /// What a token opens, by the token's name.
    Token,
}

/// Sealing of keys, and small records beside the keys, never in the database or its backups.
pub trait Accounts: Send + Sync {
    /// A new key.
    fn generate(&self) -> OpenKey;
    /// What signs with a key.
    fn signer(&self, key: &OpenKey) -> Arc<dyn Signer>;
    /// Seals a key behind a password. Takes its time on purpose.
    fn seal_by_password(&self, key: &OpenKey, password: &str) -> Result<Vec<u8>, AppError>;
    /// Opens what a password seals; `None` for another password. Takes the same time for any password.
    fn open_by_password(&self, sealed: &[u8], password: &str) -> Result<Option<OpenKey>, AppError>;
    /// A new token.
    fn token(&self) -> Token;
    /// Seals a key behind a token.
    fn seal_by_token(&self, key: &OpenKey, token: &Token) -> Result<Vec<u8>, AppError>;
    /// Opens what a token seals; `None` for another token.
    fn open_by_token(&self, sealed: &[u8], token: &Token) -> Option<OpenKey>;
    /// A record, if there is one.
    fn read(&self, shelf: Shelf, name: &str) -> Result<Option<Vec<u8>>, AppError>;
    /// Writes a record, in place of what was there.
    fn write(&self, shelf: Shelf, name: &str, record: &[u8]) -> Result<(), AppError>;
    /// Removes a record. Returns whether it was there: of two who remove the same, one did.
    fn remove(&self, shelf: Shelf, name: &str) -> Result<bool, AppError>;
    /// Names of a shelf's records, sorted.
    fn names(&self, shelf: Shelf) -> Result<Vec<String>, AppError>;
}

//! Keys that protect payloads and secrets, and the key of the one who acts.

use std::collections::BTreeMap;

use adjourn_domain::ids::{CaseId, GroupId, NativeId, OwnerId, PrincipalId, StreamId};

use crate::error::AppError;

/// What a key protects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyId {
    /// A group's payloads.
    Group(GroupId),
    /// A case's payloads, which name no group in clear.
    Case(CaseId),
    /// The organisation's payloads: principals, connections.
    Org,
}

impl KeyId {
    /// The key of a stream.
    pub fn of(stream: &StreamId) -> Self {
        stream.group().map(Self::Group).or_else(|| stream.case().map(Self::Case)).unwrap_or(Self::Org)
    }
}

/// Keys, in a directory of their own.
pub trait Keys: Send + Sync {
    /// Makes the key if there is none. A destroyed key is never made again.
    fn ensure(&self, key: &KeyId) -> Result<(), AppError>;
    /// Encrypts under a key.
    fn seal(&self, key: &KeyId, plain: &[u8]) -> Result<Vec<u8>, AppError>;
    /// Decrypts; `None` when the key was destroyed.
    fn open(&self, key: &KeyId, sealed: &[u8]) -> Result<Option<Vec<u8>>, AppError>;
    /// Destroys a key, for good.
    fn destroy(&self, key: &KeyId) -> Result<(), AppError>;
    /// Our id of a platform's group: a keyed hash, so that it tells nothing by itself.
    fn group_id(&self, connection: &str, native: &NativeId) -> Result<GroupId, AppError>;
    /// The id of an owner whom a ledger names: the same for the same name and contact, and nothing to read in it.
    fn owner_id(&self, name: &str, contact: &str) -> Result<OwnerId, AppError>;
    /// A signature over `bytes` that only this installation can make.
    fn mac(&self, bytes: &[u8]) -> Result<Vec<u8>, AppError>;
    /// Whether `mac` is that signature; takes the same time whether it is or not.
    fn check_mac(&self, bytes: &[u8], mac: &[u8]) -> bool;
    /// Checks an Ed25519 signature in hex by a public key in hex.
    fn check(&self, public_key: &str, bytes: &[u8], signature: &str) -> bool;
    /// Whether a passkey's signature over `message` holds by its public key in DER (ES256, EdDSA).
    fn check_passkey(&self, spki: &[u8], message: &[u8], signature: &[u8]) -> bool;
    /// The installation's own public key, Ed25519, in hex.
    fn installation(&self) -> String;
    /// The installation's signature over `bytes`, in hex.
    fn attest(&self, bytes: &[u8]) -> String;
    /// Secrets of an identity of a connection.
    fn secrets(&self, connection: &str, identity: &str) -> Result<BTreeMap<String, String>, AppError>;
    /// Keeps secrets of an identity of a connection.
    fn keep_secrets(
        &self,
        connection: &str,
        identity: &str,
        secrets: &BTreeMap<String, String>,
    ) -> Result<(), AppError>;
}

/// The private key of the principal who acts. Having it is what proves who acts.
pub trait Signer: Send + Sync {
    /// The principal.
    fn principal(&self) -> PrincipalId;
    /// Ed25519 public key in hex.
    fn public_key(&self) -> String;
    /// Ed25519 signature in hex.
    fn sign(&self, bytes: &[u8]) -> String;
}

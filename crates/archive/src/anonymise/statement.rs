//! The proof beside an anonymised copy: which copy, which key, what was checked, who destroyed it, and what all that does not say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use adjourn_domain::canonical::{CanonicalError, Hash, canonical_json};
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};

/// Format and version.
pub const FORMAT: &str = "anonymised/v1";
/// Ending of the file beside the copy.
const ENDING: &str = ".anonymised.json";
/// Characters of a key's id: 128 bits of a one-way function, of which nobody computes a key.
const ID: usize = 32;
/// What the statement does not speak of.
const NOT_COVERED: [&str; 7] = [
    "copies of the key elsewhere, such as backups of the folder it lay in: whoever has one can still compute pseudonyms, and nobody can know from here",
    "blocks of flash memory that a storage device keeps underneath an overwritten file",
    "the original, and other copies of it",
    "what people wrote: meaning, style, and what only one person can have said",
    "when somebody wrote, in which conversation, and to whom",
    "attributes that the copy does not hold and others know",
    "pictures, voice and files",
];

/// Which key it was, without the key: the same id for the same key, and no way back.
pub fn key_id(key: &[u8; 32]) -> String {
    let mut id = Hash::of_parts(&[b"adjourn/pseudonym-key/1\0", key]).to_hex();
    id.truncate(ID);
    id
}

/// Where the statement about a copy lies.
pub fn place(copy: &Path) -> PathBuf {
    let mut name = copy.as_os_str().to_owned();
    name.push(ENDING);
    name.into()
}

/// Where a key lay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// In the keys' folder, wrapped under the installation's root key.
    Scope,
    /// In the keys' folder, wrapped under a group's key.
    Group,
    /// In a file that a person named.
    File,
}

/// How a key was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destroyed {
    /// Overwritten; it lay under the installation's root key.
    UnderRoot,
    /// Overwritten; it lay in clear.
    InClear,
    /// Overwritten; it lay under the group's key.
    UnderGroup,
    /// With the group's key, and before this was asked for.
    WithGroup,
}

impl Destroyed {
    /// The sentence, as it stands in the statement. It is signed, and the same in every language.
    pub fn says(self) -> &'static str {
        match self {
            Self::UnderRoot => "overwritten and removed; it lay wrapped under the installation's root key",
            Self::InClear => "overwritten and removed; it lay in clear in a file of its own",
            Self::UnderGroup => "overwritten and removed; it lay wrapped under the group's key",
            Self::WithGroup => "destroyed with the group's key",
        }
    }

    /// The slug, by which people are told in their language.
    pub fn slug(self) -> &'static str {
        match self {
            Self::UnderRoot => "under_root",
            Self::InClear => "in_clear",
            Self::UnderGroup => "under_group",
            Self::WithGroup => "with_group",
        }
    }
}

/// A key that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyNamed {
    /// [`key_id`].
    pub id: String,
    /// Where it lay.
    pub kind: KeyKind,
    /// The scope, or the group.
    pub name: String,
    /// How it was destroyed: [`Destroyed::says`].
    pub method: String,
}

/// A copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of the de-identified copy that it was made of, where it was made anew.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub made_of: Option<Hash>,
}

/// What was checked and done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// [`FORMAT`].
    pub adjourn: String,
    /// The copy.
    pub copy: Subject,
    /// The key of its pseudonyms.
    pub key: KeyNamed,
    /// When the key was destroyed.
    pub destroyed_at: Time,
    /// How many people each class has at least.
    pub k: u32,
    /// People of the copy, those with the common pseudonym among them.
    pub people: u64,
    /// Classes of people whom no attribute tells apart.
    pub classes: u64,
    /// People of the smallest one.
    pub smallest: u64,
    /// The attributes that were looked at.
    pub attributes: Vec<String>,
    /// Attributes that were made coarser, and how far.
    pub generalised: BTreeMap<String, String>,
    /// People who got one common pseudonym.
    pub suppressed: u64,
    /// What it does not speak of.
    pub not_covered: Vec<String>,
}

impl Statement {
    /// The sentences about what it does not speak of.
    pub fn gaps() -> Vec<String> {
        NOT_COVERED.iter().map(|says| (*says).to_owned()).collect()
    }

    /// The bytes that are signed.
    ///
    /// # Errors
    /// When it has no canonical form; it always has one.
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }
}

/// Somebody's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// The principal.
    pub principal: String,
    /// Ed25519 public key, 32 bytes in hex.
    pub public_key: String,
    /// Ed25519 signature over the statement's canonical bytes, in hex.
    pub signature: String,
}

/// The file beside the copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// What is stated.
    pub statement: Statement,
    /// Where it was a group's key: the statements of the two who had it destroyed.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub acts: Vec<adjourn_domain::destruction::Signed>,
    /// By whom.
    pub signatures: Vec<Signed>,
}

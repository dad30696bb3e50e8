//! Where things lie in the two bags, and the shapes of their JSON files.
//!
//! Unknown fields are kept out of these types but never refused: a bundle of a later version with more to
//! say still reads. All hashes are SHA-256 in hex, all times RFC 3339 in UTC with milliseconds.

use std::collections::BTreeMap;

use adjourn_domain::canonical::{CanonicalError, Hash, hex};
use adjourn_domain::delegation::OnBehalf;
use adjourn_domain::passkey::{Algorithm, Assertion, Purpose};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The plan, as the canonical bytes that were hashed and approved.
pub const PLAN: &str = "plan.json";
/// Who may act, with public keys: a list of [`PrincipalRecord`].
pub const PRINCIPALS: &str = "principals.json";
/// The signed approvals: a list of [`ApprovalRecord`].
pub const APPROVALS: &str = "approvals.json";
/// Roles that were lent, with the delegators' signatures; only where somebody approved in one.
pub const DELEGATIONS: &str = "delegations.json";
/// Passkeys, bound to their owners by the owners' signatures; only where somebody used one.
pub const PASSKEYS: &str = "passkeys.json";
/// The folder with a folder for each answer of a passkey, ready for openssl.
pub const ANSWERS: &str = "passkeys";
/// In an answer's folder: the bytes that were signed, authenticator data and SHA-256 of the client data.
pub const PASSKEY_SIGNED: &str = "signed.bin";
/// In an answer's folder: the public key.
pub const PASSKEY_KEY: &str = "public.pem";
/// The events, one [`JournalLine`] per line.
pub const JOURNAL: &str = "journal.jsonl";
/// The signed state of the log when the bundle was made. An extension line names the bundle's content.
pub const CHECKPOINT: &str = "checkpoint";
/// The RFC 3161 reply over the bytes of [`CHECKPOINT`].
pub const CHECKPOINT_STAMP: &str = "checkpoint.tsr";
/// The receipt of a keeper of evidence over the bytes of [`CHECKPOINT`], see [`crate::deposit`].
pub const CHECKPOINT_DEPOSIT: &str = "checkpoint.deposit.json";
/// The log's verifier key as C2SP writes it.
pub const LOG_VKEY: &str = "log.vkey";
/// The same key as PEM, for openssl.
pub const LOG_PEM: &str = "log.pem";
/// Instead of a plan, in a bag that holds no case: the report, as the canonical bytes that were hashed.
pub const REPORT: &str = "report.json";
/// The folder with a folder per group.
pub const GROUPS: &str = "groups";

/// In a group's folder: the archive bag, byte for byte.
pub const ARCHIVE: &str = "archive";
/// In a group's folder: the RFC 3161 reply over the archive bag's `tagmanifest-sha256.txt`.
pub const ARCHIVE_STAMP: &str = "archive.tsr";
/// In a group's folder: the receipt of a keeper of evidence over the archive bag's `tagmanifest-sha256.txt`.
pub const ARCHIVE_DEPOSIT: &str = "archive.deposit.json";
/// In a group's folder: what came after the archive was sealed, as [`MESSAGES`].
pub const TAIL: &str = "tail.jsonl.zst";
/// In a group's folder: a folder with what people handed in, each file named by its SHA-256.
pub const HANDED_IN: &str = "evidence";
/// In a group's folder: what was announced, where and when.
pub const ANNOUNCEMENTS: &str = "announcements.json";
/// In a group's folder: every look during the observation.
pub const PROBES: &str = "probes.json";
/// In a group's folder: the [`Verdict`].
pub const VERDICT: &str = "verdict.json";
/// In a group's folder: what survives the dissolve.
pub const RESIDUE: &str = "residue.json";
/// In a group's folder, only where the verdict is `gone`: the [`Certificate`].
pub const CERTIFICATE: &str = "certificate.json";

/// In an archive bag: the messages, zstd, one canonical JSON object per line with at least `id` and `kind`.
pub const MESSAGES: &str = "messages.jsonl.zst";
/// In an archive bag: the [`Receipt`].
pub const RECEIPT: &str = "receipt.json";
/// In an archive bag: who was in the group.
pub const MEMBERS: &str = "members.json";
/// In an archive bag: what hung on the group.
pub const LINKS: &str = "links.json";
/// In an archive bag: a list of [`MediaRecord`].
pub const MEDIA_INDEX: &str = "media.json";
/// In an archive bag: the folder of media files, each named by its SHA-256.
pub const MEDIA: &str = "media";

/// What a file's name ends with that is sealed with age (age-encryption.org/v1). In an archive bag whose original is sealed, [`MESSAGES`], [`MEMBERS`],
/// [`MEDIA_INDEX`] and the media have it; the media are numbered then.
pub const SEALED_ENDING: &str = ".age";
/// In an archive bag whose original is sealed: the [`SealedNote`].
pub const SEALED: &str = "sealed.json";

/// What is inside the sealed files of an archive bag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedNote {
    /// To whom they are sealed: the group's own age recipient.
    pub recipient: String,
    /// SHA-256 of [`MESSAGES`] as it is inside.
    pub messages_sha256: Hash,
    /// Its size in bytes.
    pub messages_bytes: u64,
}

/// The verdict that a certificate needs.
pub const GONE: &str = "gone";

/// A principal: a person or service of ours, with a key of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrincipalRecord {
    /// The principal's id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The role that it reviews in.
    pub role: String,
    /// Its Ed25519 public key, 32 bytes in hex.
    pub public_key: String,
    /// Who added it; nobody for the first one.
    pub added_by: Option<String>,
}

/// An approval and its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalRecord {
    /// Who approved.
    pub principal: String,
    /// The plan that was approved.
    pub plan_hash: Hash,
    /// When.
    pub at: String,
    /// Makes the statement unique, in hex.
    pub nonce: String,
    /// `approve`; anything else doesn't count.
    pub decision: String,
    /// Ed25519 over the approval statement, 64 bytes in hex.
    pub signature: String,
    /// In whose place, where the role was lent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<OnBehalf>,
    /// What a passkey signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<Assertion>,
}

/// One event of the journal with the proof that it is in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalLine {
    /// The header, whose canonical bytes are the leaf; the shape is [`JournalHeader`].
    pub header: Value,
    /// The salt of the commitment in hex; `null` once it was destroyed.
    pub salt: Option<String>,
    /// What happened; `null` once it was destroyed.
    pub payload: Option<Value>,
    /// The inclusion proof, from the leaf upwards.
    pub proof: Vec<Hash>,
}

impl JournalLine {
    /// A line from a header (whose canonical bytes are the leaf), the salt and payload unless they were
    /// destroyed, and the inclusion proof.
    pub fn new<T: Serialize>(
        header: &T,
        opened: Option<(&[u8], Value)>,
        proof: Vec<Hash>,
    ) -> Result<Self, CanonicalError> {
        let header = serde_json::to_value(header)?;
        let (salt, payload) = opened.map(|(salt, payload)| (hex(salt), payload)).unzip();
        Ok(Self { header, salt, payload, proof })
    }
}

/// What every header says. The leaf's index is `seq - 1`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalHeader {
    /// The event's number in the journal, from 1.
    pub seq: u64,
    /// The stream: a group, a case or a principal.
    pub stream: String,
    /// The event's number in its stream.
    pub version: u64,
    /// What kind of event, as a slug.
    pub kind: String,
    /// When.
    pub at: String,
    /// Who.
    pub actor: String,
    /// SHA-256 of the salt followed by the payload's canonical JSON.
    pub commitment: Hash,
}

/// What was found out about a group after the dissolve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// `gone`, `hidden`, … as a slug; nothing if the group was not observed to the end.
    pub verdict: Option<String>,
    /// More about it.
    #[serde(flatten)]
    pub more: BTreeMap<String, Value>,
}

/// The statement that a group is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// The group.
    pub group: String,
    /// The case.
    pub case: String,
    /// The plan that was carried out.
    pub plan_hash: Hash,
    /// Always `gone`.
    pub verdict: String,
    /// `witness` or `human_attestation`.
    pub proved_by: String,
    /// The time in which the group was watched.
    pub observation: Observation,
    /// More about it.
    #[serde(flatten)]
    pub more: BTreeMap<String, Value>,
}

/// The time in which a group was watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// From when.
    pub from: String,
    /// Until when.
    pub to: String,
    /// How long, in seconds.
    pub length_s: u64,
    /// How many looks.
    pub probes: u64,
}

/// What an archive says that it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// How many messages of each kind.
    pub counts: BTreeMap<String, u64>,
    /// How many messages.
    pub total: u64,
    /// The first message, as the exporter names it.
    #[serde(default)]
    pub first: Value,
    /// The last message, as the exporter names it.
    #[serde(default)]
    pub last: Value,
    /// What is known to be missing.
    #[serde(default)]
    pub gaps: Vec<Value>,
    /// The ids of messages that could not be decrypted.
    #[serde(default)]
    pub undecryptable: Vec<String>,
    /// Is nothing known to be missing?
    pub complete: bool,
}

/// A media file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRecord {
    /// The id that messages refer to.
    pub id: String,
    /// SHA-256 of the file, which is also its name.
    pub sha256: Hash,
    /// Its length.
    pub bytes: u64,
    /// The name it had on the platform.
    pub name: String,
}

/// The folder of a passkey's answer.
pub fn answer_folder(purpose: Purpose, principal: &str, nonce: &str) -> String {
    let purpose = match purpose {
        Purpose::Approval => "approval",
        Purpose::Confirmation => "confirmation",
    };
    format!("{ANSWERS}/{purpose}-{principal}-{}", nonce.get(..8).unwrap_or(nonce))
}

/// The name of an answer's signature: what openssl's commands differ in.
pub fn signature_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::Es256 => "signature.der",
        Algorithm::Eddsa => "signature.bin",
    }
}

/// The path of something in a group's folder.
pub fn group_path(group: &str, name: &str) -> String {
    format!("{GROUPS}/{group}/{name}")
}

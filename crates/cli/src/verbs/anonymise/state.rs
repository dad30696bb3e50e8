//! What is known of a copy: what the report beside it (`COPY.report.json`) says, and the statement that its key was destroyed (`COPY.anonymised.json`).
//!
//! It is de-identified while the key of its pseudonyms is here, also where it came back from somewhere. It is anonymised when the statement is about exactly
//! this content and this key and carries a signature that holds. A key that is gone without all that makes no copy anonymous.

use std::fs::{self, File};
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use adjourn_adapters::keys::{FileKeys, Tombstone};
use adjourn_adapters::signer;
use adjourn_archive::anonymise::{FORMAT, KeyKind, Proof, place};
use adjourn_domain::canonical::Hash;
use adjourn_domain::ids::GroupId;
use serde::Deserialize;
use serde_json::Value;

use crate::compose::Places;

/// Largest report or statement that is read, in bytes.
const MAX_REPORT: u64 = 16 * 1024 * 1024;

/// What a report says of a copy.
#[derive(Deserialize)]
pub(crate) struct Report {
    /// `de-identified`, or `anonymised`.
    pub(crate) state: String,
    /// The scope of its pseudonyms, or the group.
    pub(crate) scope: String,
    /// Where the key lay.
    #[serde(default)]
    pub(crate) key_kind: Option<KeyKind>,
    /// Which key it was.
    #[serde(default)]
    pub(crate) key_id: Option<String>,
    /// The copy.
    pub(crate) out: ReportOut,
    /// How it was made of another copy, where it was.
    #[serde(default)]
    pub(crate) made_of: Option<MadeOf>,
}

/// The copy that a report is about.
#[derive(Deserialize)]
pub(crate) struct ReportOut {
    /// SHA-256 of it.
    pub(crate) sha256: Hash,
}

/// How a copy was made of another one.
#[derive(Clone, serde::Serialize, Deserialize)]
pub(crate) struct MadeOf {
    /// SHA-256 of that one.
    pub(crate) sha256: Hash,
    /// Attributes that were made coarser.
    pub(crate) generalised: std::collections::BTreeMap<String, String>,
    /// People with one common pseudonym.
    pub(crate) suppressed: u64,
}

/// Where the report about a copy lies.
pub(crate) fn report_path(copy: &Path) -> PathBuf {
    let mut name = copy.as_os_str().to_owned();
    name.push(".report.json");
    name.into()
}

fn json<T: for<'a> Deserialize<'a>>(path: &Path) -> Option<T> {
    let file = File::open(path).ok()?;
    serde_json::from_reader(BufReader::new(file.take(MAX_REPORT))).ok()
}

impl Report {
    /// The report beside a copy, if there is one.
    pub(crate) fn of(copy: &Path) -> Option<Self> {
        json(&report_path(copy))
    }

    /// The same with everything that is in it.
    pub(crate) fn whole(copy: &Path) -> Option<Value> {
        json(&report_path(copy))
    }

    /// The group that a copy was made for.
    pub(crate) fn group(&self) -> Option<GroupId> {
        (self.key_kind == Some(KeyKind::Group)).then(|| GroupId(self.scope.clone()))
    }
}

/// A proof in a file, if there is one that is about this content and this key.
pub(crate) fn proof(path: &Path, sha256: Hash, key: &str) -> Option<Proof> {
    let proof: Proof = json(path)?;
    let said = &proof.statement;
    let bytes = said.bytes().ok()?;
    let holds =
        |by: &adjourn_archive::anonymise::Signed| signer::check(&by.public_key, &bytes, &by.signature);
    let fits = said.adjourn == FORMAT && said.copy.sha256 == sha256 && said.key.id == key;
    (fits && !proof.signatures.is_empty() && proof.signatures.iter().all(holds)).then_some(proof)
}

/// What has become of a key in the keys' folder.
pub(crate) enum Kept {
    /// It is there.
    Here,
    /// It was destroyed, and this is left.
    Gone(Option<Tombstone>),
    /// Nothing is known of it here.
    Unknown,
}

/// What has become of the key of a copy. A key in a file of a person's is wherever they keep it.
pub(crate) fn kept(places: &Places, report: &Report) -> Kept {
    let keys = &places.keys;
    match report.key_kind {
        Some(KeyKind::File) => Kept::Unknown,
        Some(KeyKind::Group) => {
            let path = FileKeys::group_pseudonyms_path(keys, &GroupId(report.scope.clone()));
            let gone = ["pseudonyms-gone", "gone"].map(|ending| path.with_extension(ending));
            match () {
                () if path.exists() => Kept::Here,
                () if gone.iter().any(|gone| gone.exists()) => {
                    Kept::Gone(gone.iter().find_map(|gone| json(gone)))
                }
                () => Kept::Unknown,
            }
        }
        Some(KeyKind::Scope) | None => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            let path = FileKeys::pseudonyms_path(keys, &report.scope);
            match FileKeys::pseudonyms_gone(keys, &report.scope) {
                _ if report.scope.is_empty() || !report.scope.bytes().all(plain) => Kept::Unknown,
                _ if path.exists() => Kept::Here,
                Some(stone) => Kept::Gone(Some(stone)),
                None if fs::exists(path.with_extension("gone")).unwrap_or(false) => Kept::Gone(None),
                None => Kept::Unknown,
            }
        }
    }
}

/// The state of a copy with this content, as a word of ours.
pub(crate) fn of(places: &Places, copy: &Path, report: Option<&Report>, sha256: Hash) -> &'static str {
    let Some(report) = report.filter(|report| report.out.sha256 == sha256) else { return "unknown" };
    if !matches!(report.state.as_str(), "de-identified" | "anonymised") {
        return "unknown";
    }
    let proven = report.key_id.as_deref().is_some_and(|key| proof(&place(copy), sha256, key).is_some());
    match kept(places, report) {
        Kept::Here => "deidentified",
        _ if proven => "anonymised",
        Kept::Gone(_) => "unchecked",
        Kept::Unknown => "deidentified",
    }
}

//! The certificate that a group's key was destroyed: who asked and who confirmed, what had run out, by which method.
//!
//! It names the group by our id alone, which tells nobody who or what it was.

use serde::{Deserialize, Serialize};

use crate::approval::DualAct;
use crate::asset::Day;
use crate::canonical::{CanonicalError, canonical_json};
use crate::fact::Text;
use crate::ids::{GroupId, PrincipalId};
use crate::law::RecordClass;
use crate::retention::{Disposition, Standing};
use crate::time::Time;

/// Format and version of the certificate.
pub const FORMAT: &str = "destruction/v1";
/// The act that both people sign.
pub const ACT: &str = "key.destroy";
/// How: what was encrypted stays, and nobody can open it.
const METHOD: &str = "cryptographic erase";
/// Where the method is defined.
const STANDARD: &str = "NIST SP 800-88 Rev. 2 (2025), Guidelines for Media Sanitization";
/// What the certificate does not speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCovered {
    /// What was handed over before.
    HandedOver,
    /// Copies of others.
    Elsewhere,
    /// Backups of the keys.
    Backups,
    /// What a storage device keeps underneath.
    Flash,
}

impl NotCovered {
    const ALL: [Self; 4] = [Self::HandedOver, Self::Elsewhere, Self::Backups, Self::Flash];

    /// The sentence, as it stands in the certificate.
    pub fn says(self) -> &'static str {
        match self {
            Self::HandedOver => {
                "bundles and exports that were handed over before: they are not encrypted with the group's key"
            }
            Self::Elsewhere => "copies that the platform, its members or other organisations hold",
            Self::Backups => "backups of the folder with the keys: they have to be destroyed with it",
            Self::Flash => {
                "blocks of flash memory that a storage device keeps underneath an overwritten file"
            }
        }
    }

    /// What a sentence of a certificate speaks of; `None` for one that is not of this version.
    pub fn of(says: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.says() == says)
    }
}

/// A statement of two people's act with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedAct {
    /// What was said.
    pub statement: DualAct,
    /// Ed25519 signature over its canonical bytes (RFC 8032), in hex.
    pub signature: String,
}

/// A period that had run out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RanOut {
    /// The jurisdiction.
    pub law: String,
    /// What was kept.
    pub class: RecordClass,
    /// The last day.
    pub until: Day,
    /// Law and article.
    pub article: String,
    /// Where its text was read.
    pub source: String,
}

impl RanOut {
    /// Law and article in each of the two languages in which they are cited.
    pub fn articles(&self) -> Text {
        let (zh, en) = self.article.split_once(" / ").unwrap_or((&self.article, &self.article));
        Text { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// What the journal keeps about a destruction, besides the second person's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    /// The first person's statement: its own event can't be read any more.
    pub asked: SignedAct,
    /// The periods that had kept the key.
    pub ran_out: Vec<RanOut>,
    /// Who had released the record.
    pub released_by: PrincipalId,
}

impl Grounds {
    /// The grounds of a destruction; `None` where nobody released the record.
    pub fn of(standing: &Standing, asked: SignedAct) -> Option<Self> {
        let review = standing.review.as_ref().filter(|review| review.disposition == Disposition::Release)?;
        let ran_out = standing.periods.iter().filter(|period| !period.runs(standing.today));
        Some(Self {
            asked,
            ran_out: ran_out
                .map(|period| RanOut {
                    law: period.law.clone(),
                    class: period.class,
                    until: period.until,
                    article: period.article(),
                    source: period.basis.source.clone(),
                })
                .collect(),
            released_by: review.by.clone(),
        })
    }
}

/// A destruction as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destruction {
    /// When.
    pub at: Time,
    /// The group.
    pub group: GroupId,
    /// The second person's statement.
    pub confirmed: SignedAct,
    /// The rest.
    pub grounds: Grounds,
}

/// How it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub standard: String,
}

/// A statement with the key that its signature holds under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// What was said.
    pub statement: DualAct,
    /// Ed25519 signature in hex.
    pub signature: String,
    /// Ed25519 public key, 32 bytes in hex.
    pub public_key: String,
}

/// The certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// [`FORMAT`].
    pub adjourn: String,
    /// The group.
    pub group: GroupId,
    /// Which key: the one of this group, which alone opens its journal and what people handed in about it.
    pub key: String,
    /// How.
    pub method: Method,
    /// When.
    pub at: Time,
    /// Who asked, and who confirmed.
    pub statements: Vec<Signed>,
    /// The periods that had run out.
    pub ran_out: Vec<RanOut>,
    /// Who had released the record.
    pub released_by: PrincipalId,
    /// What it does not speak of.
    pub not_covered: Vec<String>,
}

impl Certificate {
    /// The certificate of a destruction; `key_of` knows the public keys of principals. `None` for a principal without one.
    pub fn of(destruction: &Destruction, key_of: impl Fn(&PrincipalId) -> Option<String>) -> Option<Self> {
        let both = [&destruction.grounds.asked, &destruction.confirmed];
        let signed = both.into_iter().map(|act| {
            Some(Signed {
                statement: act.statement.clone(),
                signature: act.signature.clone(),
                public_key: key_of(&act.statement.principal)?,
            })
        });
        Some(Self {
            adjourn: FORMAT.to_owned(),
            group: destruction.group.clone(),
            key: format!("group/{}", destruction.group),
            method: Method { name: METHOD.to_owned(), standard: STANDARD.to_owned() },
            at: destruction.at,
            statements: signed.collect::<Option<_>>()?,
            ran_out: destruction.grounds.ran_out.clone(),
            released_by: destruction.grounds.released_by.clone(),
            not_covered: NotCovered::ALL.iter().map(|one| one.says().to_owned()).collect(),
        })
    }

    /// Its canonical bytes.
    ///
    /// # Errors
    /// When it has no canonical form; it always has one.
    pub fn bytes(&self) -> Result<Vec<u8>, CanonicalError> {
        canonical_json(self)
    }
}

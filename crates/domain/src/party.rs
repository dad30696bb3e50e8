//! The others who stand in the way of a group's end: who they are, what they are sent, and what they answer.
//!
//! A message goes out once, under one key, and is read back until the answer is there. Silence past the deadline asks a
//! person; a refusal stops the run, which is still before the point of no return.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical::Hash;
use crate::plan::{Step, StepOp};
use crate::time::Time;

/// Longest reference and longest remark of an answer, in characters.
pub const MAX_SAYS: usize = 2000;

/// Somebody whose word a group's end may have to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The platform's service desk.
    ServiceDesk,
    /// The organisation's legal department.
    Legal,
    /// The notary office.
    Notary,
    /// The finance system.
    Finance,
    /// The audit system.
    Audit,
    /// The organisation's drive and archive.
    Archive,
    /// The channel between home and school.
    HomeSchool,
    /// The third-party evidence platform, which gives a receipt number.
    EvidencePlatform,
}

impl Party {
    /// All parties.
    pub const ALL: [Self; 8] = [
        Self::ServiceDesk,
        Self::Legal,
        Self::Notary,
        Self::Finance,
        Self::Audit,
        Self::Archive,
        Self::HomeSchool,
        Self::EvidencePlatform,
    ];

    /// The party's slug, as in JSON and in the configuration.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ServiceDesk => "service_desk",
            Self::Legal => "legal",
            Self::Notary => "notary",
            Self::Finance => "finance",
            Self::Audit => "audit",
            Self::Archive => "archive",
            Self::HomeSchool => "home_school",
            Self::EvidencePlatform => "evidence_platform",
        }
    }

    /// The party with this slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.slug() == slug)
    }
}

/// What a party is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// It is asked whether the end is lawful.
    Clearance,
    /// It is asked to watch how the record is fixed.
    Watch,
    /// It gets the minutes of how the record was fixed.
    Minutes,
    /// It gets the hash of the sealed archive and gives a receipt.
    Deposit,
    /// It gets the numbers of the sealed archive for its own records.
    Record,
    /// It gets the feed about payments and vouchers.
    Feed,
    /// It passes the advance notice on.
    Notice,
}

impl Errand {
    /// The errand's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Clearance => "clearance",
            Self::Watch => "watch",
            Self::Minutes => "minutes",
            Self::Deposit => "deposit",
            Self::Record => "record",
            Self::Feed => "feed",
            Self::Notice => "notice",
        }
    }
}

/// What a party answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who answered.
    pub party: Party,
    /// Whether it agrees; a refusal stops the run.
    pub accepted: bool,
    /// Its number of the matter (a notarial certificate, a receipt); empty when it gave none.
    #[serde(default)]
    pub reference: String,
    /// In its own words.
    #[serde(default)]
    pub says: String,
    /// When it was read.
    pub at: Time,
    /// SHA-256 of the message as it was sent.
    pub sent: Hash,
    /// SHA-256 of the answer as it came.
    pub received: Hash,
    /// Whether a person brought the answer, because the party itself stayed silent.
    #[serde(default)]
    pub by_hand: bool,
    /// Whether the party is simulated.
    #[serde(default)]
    pub simulated: bool,
}

impl Answer {
    /// The answer that a read-back remembered, if it found one for this step.
    pub fn of(step: &Step, memo: &Value) -> Option<Self> {
        let party = party_of(step)?;
        let answer: Self = serde_json::from_value(memo.get("answer")?.clone()).ok()?;
        let brief = |text: &str| text.chars().count() <= MAX_SAYS;
        (answer.party == party && brief(&answer.reference) && brief(&answer.says)).then_some(answer)
    }
}

/// The party of a step, if it is a party's.
pub fn party_of(step: &Step) -> Option<Party> {
    if step.op == StepOp::Party { step.text("party").and_then(Party::from_slug) } else { None }
}

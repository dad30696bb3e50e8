//! Laws as data, a pack for each jurisdiction: which records have to be kept for how long, what members have to be told, and
//! what is claimed about it all (requirements C1 to C4).
//!
//! Every rule names the article that it rests on, where its text was read and when. What nobody has said about a group counts
//! as if it were so: a group whose holdings nobody named falls under every rule for holdings.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::asset::{Day, Holding};
use crate::fact::{Fact, Text};
use crate::group::Kind;
use crate::policy::PERSONAL;

/// What kind of record a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordClass {
    /// Logs of what was done.
    Logs,
    /// Reports of impact assessments, and records of the processing.
    ImpactAssessments,
    /// Records of providing or entrusting personal data.
    ProvisionRecords,
    /// Goods, service and transaction information.
    TradeRecords,
}

impl RecordClass {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Logs => "logs",
            Self::ImpactAssessments => "impact_assessments",
            Self::ProvisionRecords => "provision_records",
            Self::TradeRecords => "trade_records",
        }
    }
}

/// The moment that a period counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// The making of the record. The last record about a group is made when its run ends.
    Record,
    /// The end of the group.
    End,
    /// The completion of the last trade in it. Nobody tells when that was; it is not after the end of the group.
    Completion,
}

impl Since {
    /// The slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::End => "end",
            Self::Completion => "completion",
        }
    }
}

/// Where our copy of a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldIn {
    /// In what only the group's key opens: a running period keeps the key.
    Archive,
    /// In the headers of the journal (who, what kind of act, on what, when), which outlive the key.
    JournalHeaders,
}

/// On which law a rule rests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Law and article.
    pub article: Text,
    /// The same as members read it.
    pub short: Text,
    /// Where its text was read.
    pub source: String,
    /// On which day.
    pub checked: Day,
}

impl Basis {
    /// Refuses a basis that cites nothing, or nowhere.
    fn check(&self) -> Result<(), String> {
        whole(&[&self.article, &self.short])?;
        if self.source.starts_with("https://") {
            Ok(())
        } else {
            Err("the source is no https address".to_owned())
        }
    }
}

/// Refuses texts that are missing in a language.
fn whole(texts: &[&Text]) -> Result<(), String> {
    if texts.iter().any(|text| text.zh.trim().is_empty() || text.en.trim().is_empty()) {
        return Err("a text is empty".to_owned());
    }
    Ok(())
}

/// What of a group decides which rules apply to it.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Its kind.
    pub kind: Kind,
    /// Its class: one that is `personal` is a natural person's own matter.
    pub class: &'a str,
    /// What it holds; `None` when nobody has said.
    pub holdings: Option<&'a BTreeSet<Holding>>,
}

impl About<'_> {
    /// Whether it is a natural person's own matter.
    pub fn household(self) -> bool {
        self.class == PERSONAL
    }

    /// Whether it holds this, or nobody has said that it does not.
    pub fn may_hold(self, holding: Holding) -> bool {
        self.holdings.is_none_or(|held| held.contains(&holding))
    }
}

/// How long a class of record has to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "RuleFile")]
pub struct Rule {
    /// The class.
    pub class: RecordClass,
    /// For how many months of the calendar.
    pub months: u16,
    /// From when.
    pub from: Since,
    /// For groups of these kinds.
    pub kinds: BTreeSet<Kind>,
    /// For groups that hold one of these. Without kinds and holdings, for every group.
    pub holdings: BTreeSet<Holding>,
    /// Where our copy lies.
    pub held_in: HeldIn,
    /// The law.
    pub basis: Basis,
    /// On what a natural person's own matter is left out; `None` where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household: Option<Basis>,
    /// Whom it binds, to do what.
    pub binds: Text,
    /// What the published claim says.
    pub claim: Text,
}

/// A rule as its file has it: months or years.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    class: RecordClass,
    months: Option<u16>,
    years: Option<u16>,
    from: Since,
    #[serde(default)]
    kinds: BTreeSet<Kind>,
    #[serde(default)]
    holdings: BTreeSet<Holding>,
    held_in: HeldIn,
    basis: Basis,
    household: Option<Basis>,
    binds: Text,
    claim: Text,
}

impl TryFrom<RuleFile> for Rule {
    type Error = String;

    fn try_from(file: RuleFile) -> Result<Self, String> {
        let months = match (file.months, file.years) {
            (Some(months), None) => Some(months),
            (None, Some(years)) => years.checked_mul(12),
            _ => None,
        };
        let months = months.filter(|months| (1..=1200).contains(months));
        let months = months.ok_or("a rule has months or years, 1 month to 100 years")?;
        whole(&[&file.binds, &file.claim])?;
        file.basis.check()?;
        file.household.as_ref().map_or(Ok(()), Basis::check)?;
        Ok(Self {
            class: file.class,
            months,
            from: file.from,
            kinds: file.kinds,
            holdings: file.holdings,
            held_in: file.held_in,
            basis: file.basis,
            household: file.household,
            binds: file.binds,
            claim: file.claim,
        })
    }
}

impl Rule {
    /// Whether it applies to a group.
    pub fn applies(&self, about: About<'_>) -> bool {
        if about.household() && self.household.is_some() {
            return false;
        }
        if self.kinds.is_empty() && self.holdings.is_empty() {
            return true;
        }
        self.kinds.contains(&about.kind) || self.holdings.iter().any(|holding| about.may_hold(*holding))
    }
}

/// That people have to be told about their data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "DutyFile")]
pub struct Duty {
    /// The law.
    pub basis: Basis,
    /// On what a natural person's own matter is left out; `None` where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household: Option<Basis>,
}

/// A duty as its file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DutyFile {
    basis: Basis,
    household: Option<Basis>,
}

impl TryFrom<DutyFile> for Duty {
    type Error = String;

    fn try_from(file: DutyFile) -> Result<Self, String> {
        file.basis.check()?;
        file.household.as_ref().map_or(Ok(()), Basis::check)?;
        Ok(Self { basis: file.basis, household: file.household })
    }
}

/// The rules of a jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Its slug.
    pub law: String,
    /// Its name.
    pub name: Text,
    /// What people have to be told; `None` where nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Duty>,
    /// The rules.
    pub keep: Vec<Rule>,
    /// What is claimed about its laws, and what they say. Every platform's facts end with these.
    #[serde(rename = "fact", default)]
    pub facts: Vec<Fact>,
}

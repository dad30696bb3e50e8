//! What members are told about their data when their group ends (requirement C3): which records are kept, for how long, on
//! which article, by whom, whom to ask, who gets them, and when they go. A part of the plan, so that approvals cover it;
//! the announcement is written from it.
//!
//! It comes from the same packs as the periods that keep a key ([`law`](crate::law)). What nobody configured is missing here,
//! never made up, and the plan says so.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::asset::Holding;
use crate::fact::Text;
use crate::law::{About, Basis, HeldIn, Pack};
use crate::party::{Party, party_of};
use crate::plan::{Note, Step};
use crate::time::Time;

/// Something that has to be kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Retention {
    /// Slug of what is kept: `trade_records`, `provision_records`, `logs`.
    pub rule: String,
    /// For how many months.
    pub months: u32,
    /// Slug of the moment that they are counted from.
    pub from: String,
    /// On which law; absent in plans from before packs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Cited>,
}

/// A law as a plan cites it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cited {
    /// The jurisdiction.
    pub law: String,
    /// Law and article.
    pub article: Text,
    /// The same as members read it.
    pub short: Text,
    /// Where our copy of what it keeps lies; absent where it keeps nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_in: Option<HeldIn>,
}

impl Cited {
    fn of(law: &str, basis: &Basis, held_in: Option<HeldIn>) -> Self {
        let (article, short) = (basis.article.clone(), basis.short.clone());
        Self { law: law.to_owned(), article, short, held_in }
    }
}

impl Retention {
    /// What the packs keep of a group.
    pub fn all(packs: &[Pack], about: About<'_>) -> Vec<Self> {
        let rules = packs.iter().flat_map(|pack| pack.keep.iter().map(move |rule| (pack, rule)));
        rules
            .filter(|(_, rule)| rule.applies(about))
            .map(|(pack, rule)| Self {
                rule: rule.class.slug().to_owned(),
                months: u32::from(rule.months),
                from: rule.from.slug().to_owned(),
                basis: Some(Cited::of(&pack.law, &rule.basis, Some(rule.held_in))),
            })
            .collect()
    }

    /// Until when it is kept, counted in the calendar of UTC.
    pub fn until(&self, completion: Time) -> Time {
        let later = Timestamp::from_millisecond(completion.as_millis())
            .ok()
            .and_then(|at| at.to_zoned(TimeZone::UTC).checked_add(i64::from(self.months).months()).ok());
        // What the calendar can't write is kept for the same time in days, rounded up.
        let days = u64::from(self.months) * 31;
        later.map_or_else(
            || completion.plus_secs(days * 24 * 3600),
            |at| Time::from_millis(at.timestamp().as_millisecond()),
        )
    }

    /// Whether it keeps the archive.
    fn keeps_archive(&self) -> bool {
        self.basis.as_ref().is_some_and(|basis| basis.held_in == Some(HeldIn::Archive))
    }
}

/// Who answers for the data, as far as it is configured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Processor {
    /// Who processes it.
    pub name: String,
    /// Whom members ask; empty when nobody said.
    pub contact: String,
    /// Where the archive lies, in words; empty when nobody said.
    pub archive: String,
    /// For how many months the archive is kept, where no law asks for more; `None` when nobody said.
    pub keep_months: Option<u32>,
}

/// Whether the law on personal data is about a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// A natural person's own matter: it is not.
    Household,
    /// The register says that the group holds no personal data.
    NoPersonalData,
    /// It is, or nobody said that it is not.
    PersonalData,
}

/// What a notice should say and nobody configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Who processes the data.
    Organisation,
    /// Whom members ask.
    Contact,
    /// Where the archive lies.
    Archive,
    /// For how long it is kept.
    Term,
    /// Under which law.
    Law,
}

impl Missing {
    /// What the plan says about it.
    pub fn note(self) -> Note {
        Note::new(match self {
            Self::Organisation => "notice-without-organisation",
            Self::Contact => "notice-without-contact",
            Self::Archive => "notice-without-archive",
            Self::Term => "notice-without-term",
            Self::Law => "notice-without-law",
        })
    }
}

/// What members are told. What is kept by law stands beside it in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberNotice {
    /// Whether the law on personal data is about the group.
    pub scope: Scope,
    /// On which articles members are told; for a scope other than personal data, why they need not be.
    pub bases: BTreeSet<Cited>,
    /// Who processes the data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Where the archive lies, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive: Option<String>,
    /// For how many months the archive is kept from the end: the organisation's own term, or a law's that is longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archive_months: Option<u32>,
    /// Who else gets something.
    pub recipients: BTreeSet<Party>,
    /// What nobody configured.
    pub missing: BTreeSet<Missing>,
}

impl MemberNotice {
    /// The notice for a group with these steps.
    pub fn of(
        packs: &[Pack],
        about: About<'_>,
        processor: Option<&Processor>,
        kept: &[Retention],
        steps: &[Step],
    ) -> Self {
        let scope = if about.household() {
            Scope::Household
        } else if about.may_hold(Holding::PersonalData) {
            Scope::PersonalData
        } else {
            Scope::NoPersonalData
        };
        let duties = packs.iter().filter_map(|pack| Some((pack, pack.notice.as_ref()?)));
        let bases = duties.filter_map(|(pack, duty)| {
            let basis = if scope == Scope::Household { duty.household.as_ref()? } else { &duty.basis };
            Some(Cited::of(&pack.law, basis, None))
        });
        let said =
            |text: fn(&Processor) -> &String| processor.map(text).filter(|text| !text.trim().is_empty());
        let by_law = kept.iter().filter(|kept| kept.keeps_archive()).map(|kept| kept.months).max();
        let mut notice = Self {
            scope,
            bases: bases.collect(),
            organisation: said(|us| &us.name).cloned(),
            contact: said(|us| &us.contact).cloned(),
            archive: said(|us| &us.archive).cloned(),
            archive_months: by_law.max(processor.and_then(|us| us.keep_months)),
            recipients: steps.iter().filter_map(party_of).collect(),
            missing: BTreeSet::new(),
        };
        if packs.is_empty() {
            notice.missing.insert(Missing::Law);
        }
        // Whom the law on personal data does not bind owes members none of this.
        if scope == Scope::PersonalData {
            notice.missing.extend(notice.unsaid());
        }
        notice
    }

    fn unsaid(&self) -> impl Iterator<Item = Missing> + use<> {
        if self.organisation.is_none() {
            // Without anybody who answers, the rest is missing too; it is said once.
            return vec![Missing::Organisation].into_iter();
        }
        let rows = [
            (self.contact.is_none(), Missing::Contact),
            (self.archive.is_none(), Missing::Archive),
            (self.archive_months.is_none(), Missing::Term),
        ];
        let missing: Vec<Missing> =
            rows.into_iter().filter(|(is, _)| *is).map(|(_, missing)| missing).collect();
        missing.into_iter()
    }

    /// One notice for the groups of a case, which all read the same text: the widest scope, the longest term, every
    /// recipient. `None` for no group.
    pub fn joint<'a>(all: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut all = all.into_iter();
        let mut joint = all.next()?.clone();
        for other in all {
            if other.scope > joint.scope {
                joint.scope = other.scope;
                joint.bases.clone_from(&other.bases);
            } else if other.scope == joint.scope {
                joint.bases.extend(other.bases.iter().cloned());
            }
            joint.archive_months = joint.archive_months.max(other.archive_months);
            joint.recipients.extend(&other.recipients);
            joint.missing.extend(&other.missing);
        }
        Some(joint)
    }
}

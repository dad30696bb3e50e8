//! The texts that members, parties and courts read. The use cases say what they are about; how it is said, in which
//! language, is for the surface that has the texts.

use std::collections::BTreeSet;

use adjourn_domain::capability::Reversible;
use adjourn_domain::destruction;
use adjourn_domain::group::Kind;
use adjourn_domain::member_notice::{MemberNotice, Processor, Retention};
use adjourn_domain::plan::{Note, ReasonKind};
use adjourn_domain::time::Time;

use crate::minutes::Minutes;

/// The organisation, as members are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Who processes the data.
    pub name: String,
    /// Where members turn to; empty when nobody said.
    pub contact: String,
    /// Where the archive lies, in words; empty when nobody said.
    pub archive: String,
    /// For how many months the archive is kept; `None` when nobody said.
    pub keep_months: Option<u32>,
    /// Who is called when a step fails; the contact when it is empty.
    pub duty: String,
    /// Distance of the readers' clock from UTC, in minutes.
    pub utc_offset_minutes: i32,
}

impl Organisation {
    /// Who answers for the data, as plans have it.
    pub fn processor(&self) -> Processor {
        Processor {
            name: self.name.clone(),
            contact: self.contact.clone(),
            archive: self.archive.clone(),
            keep_months: self.keep_months,
        }
    }
}

/// What happens to the groups of one platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlatformFacts {
    /// The platform.
    pub platform: String,
    /// For how many seconds a group can be brought back; `None` for never.
    pub recovery_s: Option<u64>,
    /// What survives.
    pub residue: Vec<Note>,
}

impl PlatformFacts {
    /// The recovery window of a dissolve.
    pub fn window(reversible: &Reversible) -> Option<u64> {
        match reversible {
            Reversible::Seconds { seconds } => Some(*seconds),
            Reversible::Harmless | Reversible::Always | Reversible::Never => None,
        }
    }
}

/// What a joint announcement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementFacts {
    /// What the requester writes.
    pub text: String,
    /// Languages of the statement and the note, `zh-CN`, `en`; empty for the surface's own.
    pub languages: Vec<String>,
    /// What members are told about their data.
    pub notice: MemberNotice,
    /// Why.
    pub reason_kind: ReasonKind,
    /// Kinds of the groups.
    pub kinds: BTreeSet<Kind>,
    /// What is kept by law, and for how long; each once.
    pub retention: Vec<Retention>,
    /// The platforms.
    pub platforms: BTreeSet<PlatformFacts>,
}

/// The texts.
pub trait Words: Send + Sync {
    /// The announcement: the requester's text, the legal statement, the technical note.
    fn announcement(&self, facts: &AnnouncementFacts) -> String;
    /// The notice that a group ends at a time.
    fn notice(&self, at: Time, organisation: Option<&Organisation>, languages: &[String]) -> String;
    /// The minutes of how a record was fixed, printable, as (language, text).
    fn minutes(&self, minutes: &Minutes) -> Vec<(String, String)>;
    /// The certificate of destruction as a page to be printed, on a clock that is `offset_minutes` ahead of UTC.
    fn destruction(&self, certificate: &destruction::Certificate, offset_minutes: i32) -> String;
}

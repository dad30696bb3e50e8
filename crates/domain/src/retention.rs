//! Retention: until when which records of a group have to be kept, on which legal basis, and what a person decided when
//! the last period had run out (requirements C1, C2, C4).
//!
//! The rules are data ([`law`](crate::law)). Nothing is destroyed because time has passed: a period that runs
//! forbids it, and when none runs, a person has to release the record before two people may destroy its key.
//! What nobody has said about a group counts as if it were so: a group whose holdings nobody named keeps its records for as
//! long as one that holds everything.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::asset::{Day, Holding, Length};
use crate::event::{Ending, GroupEvent};
use crate::fact::Text;
use crate::group::Kind;
use crate::ids::PrincipalId;
use crate::law::{About, Basis, HeldIn, Pack, RecordClass};
use crate::refusal::Refusal;
use crate::run::{GroupState, Phase};
use crate::time::Time;
use crate::verdict::Verdict;

/// Longest reason of a decision, in characters.
pub const MAX_REASON: usize = 1000;
/// Years that a decision may keep a record for, at most.
pub const MAX_YEARS: u16 = 30;

/// Until when a class of record of a group is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The jurisdiction.
    pub law: String,
    /// The class.
    pub class: RecordClass,
    /// From when.
    pub from: Time,
    /// The last day, where the organisation is.
    pub until: Day,
    /// Where our copy lies.
    pub held_in: HeldIn,
    /// The law.
    pub basis: Basis,
    /// Whom it binds.
    pub binds: Text,
}

impl Period {
    /// Law and article as they are cited, in both languages.
    pub fn article(&self) -> String {
        format!("{} / {}", self.basis.article.zh, self.basis.article.en)
    }

    /// Whether it runs on this day.
    pub fn runs(&self, today: Day) -> bool {
        today <= self.until
    }

    /// Whether it keeps the group's key.
    pub fn blocks(&self, today: Day) -> bool {
        self.held_in == HeldIn::Archive && self.runs(today)
    }
}

/// The periods of a group whose end was at `completed`, the longest first. The calendar is that of the organisation,
/// `offset_minutes` ahead of UTC; the day of the end does not count, so the last day is the one with the same number.
pub fn periods(packs: &[Pack], about: About<'_>, completed: Time, offset_minutes: i32) -> Vec<Period> {
    let first = Day::of(completed, offset_minutes);
    let mut all = Vec::new();
    for pack in packs {
        for rule in pack.keep.iter().filter(|rule| rule.applies(about)) {
            all.push(Period {
                law: pack.law.clone(),
                class: rule.class,
                from: completed,
                // Beyond the calendar nothing ends.
                until: first.later(Length::Months(rule.months)).unwrap_or(Day::LAST),
                held_in: rule.held_in,
                basis: rule.basis.clone(),
                binds: rule.binds.clone(),
            });
        }
    }
    all.sort_by(|a, b| b.until.cmp(&a.until).then(a.class.cmp(&b.class)));
    all
}

/// What a person decided about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Disposition {
    /// It is kept until this day, and reviewed again.
    KeepUntil {
        /// The last day.
        until: Day,
    },
    /// It may be destroyed, by two people.
    Release,
}

/// A decision about a record, with who and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// What.
    #[serde(flatten)]
    pub disposition: Disposition,
    /// Why, in words.
    pub reason: String,
    /// Who.
    pub by: PrincipalId,
}

/// Where a group's record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The periods, the longest first. Empty while the group goes on.
    pub periods: Vec<Period>,
    /// When its run ended; `None` while it goes on or was never ended by us.
    pub completed: Option<Time>,
    /// The newest decision.
    pub review: Option<Review>,
    /// The present day, where the organisation is.
    pub today: Day,
}

impl Standing {
    /// Where a group stands on the present day.
    pub fn of(group: &GroupState, packs: &[Pack], now: Time, offset_minutes: i32) -> Self {
        // What was observed to the end and is there all the same goes on.
        let there = group.run.as_ref().is_some_and(|run| {
            matches!(run.phase, Phase::Ended(Ending::Observed))
                && matches!(run.verdict, Some(Verdict::Hidden | Verdict::Reappeared))
        });
        let completed = group.records.completed.filter(|_| !there);
        // A transfer has no kind of its own, and a platform may know none: what anybody said of it counts.
        let planned = group.run.as_ref().map(|run| run.part.way.kind);
        let shown = group.snapshot.as_ref().map(|snapshot| snapshot.kind);
        let said = [planned, shown, group.registered_kind()].into_iter().flatten();
        let kind = said.into_iter().find(|kind| *kind != Kind::Ordinary).unwrap_or_default();
        let class = group.run.as_ref().map_or(group.class.as_str(), |run| run.part.class.as_str());
        let about = About { kind, class, holdings: group.holdings() };
        // A group that was never ended by us has records from today at the latest.
        let from = completed.unwrap_or(now);
        Self {
            periods: periods(packs, about, from, offset_minutes),
            completed,
            review: group.records.review.clone(),
            today: Day::of(now, offset_minutes),
        }
    }

    /// The period that keeps the key longest, if one runs.
    pub fn running(&self) -> Option<&Period> {
        self.periods.iter().find(|period| period.blocks(self.today))
    }

    /// Whether the group has ended, no period keeps the key, and nobody has decided for this day.
    pub fn due(&self) -> bool {
        self.completed.is_some() && self.running().is_none() && self.undecided()
    }

    /// Whether the newest decision leaves it open what becomes of the record.
    fn undecided(&self) -> bool {
        match self.review.as_ref().map(|review| review.disposition) {
            None => true,
            Some(Disposition::Release) => false,
            Some(Disposition::KeepUntil { until }) => self.today > until,
        }
    }

    /// Refuses what destroys the record.
    ///
    /// # Errors
    /// `retention.running` while a period runs, `retention.kept` while a person keeps it, `retention.undecided` when nobody
    /// released it.
    pub fn may_destroy(&self, group: &GroupState) -> Result<(), Refusal> {
        self.may_release(group)?;
        match self.review.as_ref().map(|review| review.disposition) {
            Some(Disposition::Release) => Ok(()),
            Some(Disposition::KeepUntil { until }) if self.today <= until => {
                Err(Refusal::new("retention.kept").with("group", &group.id).with("until", until))
            }
            _ => Err(Refusal::new("retention.undecided").with("group", &group.id)),
        }
    }

    /// Refuses a release while a period runs.
    fn may_release(&self, group: &GroupState) -> Result<(), Refusal> {
        match self.running() {
            Some(period) => Err(Refusal::new("retention.running")
                .with("group", &group.id)
                .with("until", period.until)
                .with("article", period.article())),
            None => Ok(()),
        }
    }
}

/// What a group's stream tells about its record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Records {
    /// When its newest run ended; `None` while one runs.
    pub completed: Option<Time>,
    /// The newest decision.
    pub review: Option<Review>,
}

impl Records {
    /// Takes note of an event.
    pub fn note(&mut self, at: Time, event: &GroupEvent) {
        match event {
            GroupEvent::RunStarted { .. } => *self = Self::default(),
            // Taken back, stopped, or an act that ends nothing: its records go on.
            GroupEvent::RunEnded { ending: Ending::Undone | Ending::Stopped | Ending::Done } => {}
            GroupEvent::RunEnded { .. } => self.completed = Some(at),
            // A decision was about what was there then.
            GroupEvent::UploadReceived(_) => self.release_ends(),
            GroupEvent::RetentionReviewed(review) => self.review = Some((**review).clone()),
            _ => {}
        }
    }

    fn release_ends(&mut self) {
        if self.released() {
            self.review = None;
        }
    }

    /// Whether the newest decision lets it be destroyed.
    pub fn released(&self) -> bool {
        self.review.as_ref().is_some_and(|review| review.disposition == Disposition::Release)
    }
}

impl GroupState {
    /// What the register says that it holds; `None` when nobody has said.
    pub fn holdings(&self) -> Option<&BTreeSet<Holding>> {
        self.registration.as_ref().and_then(|known| known.asset.holds.as_ref())
    }

    /// Notes a decision about the group's record.
    ///
    /// # Errors
    /// `run.active`, `hold.active`, `retention.running`, `retention.until` for a day that is over or too far,
    /// `retention.reason` for no or too long a reason.
    pub fn decide_retention(&self, review: Review, standing: &Standing) -> Result<Vec<GroupEvent>, Refusal> {
        let length = review.reason.trim().chars().count();
        if length == 0 || length > MAX_REASON {
            return Err(Refusal::new("retention.reason").with("limit", MAX_REASON));
        }
        if self.run.as_ref().is_some_and(|run| !matches!(run.phase, Phase::Ended(_))) {
            return Err(Refusal::new("run.active").with("group", &self.id));
        }
        match review.disposition {
            Disposition::Release => {
                self.refuse_under_hold()?;
                standing.may_release(self)?;
            }
            Disposition::KeepUntil { until } => {
                let latest = standing.today.later(Length::Years(MAX_YEARS)).unwrap_or(Day::LAST);
                if until < standing.today || until > latest {
                    return Err(Refusal::new("retention.until")
                        .with("until", until)
                        .with("earliest", standing.today)
                        .with("latest", latest));
                }
            }
        }
        Ok(vec![GroupEvent::RetentionReviewed(Box::new(review))])
    }
}

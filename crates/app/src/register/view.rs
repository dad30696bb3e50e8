//! Views of the register: which groups somebody has to look after, and why. Each is a plain rule over what is known; what is
//! not known is in the view `unknown` and in no other one that would need it.

use adjourn_domain::asset::Day;
use adjourn_domain::group::Activity;
use adjourn_domain::succession::Role;
use adjourn_domain::time::Time;

use crate::App;
use crate::error::AppError;
use crate::inventory::Card;

/// What the organisation counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Days without activity after which a group is idle.
    pub idle_days: u64,
    /// Days before its last day from which on a group is about to expire.
    pub expiring_days: u64,
    /// Days that there are to name a successor.
    pub owed_days: u64,
    /// Distance of the organisation's clocks from UTC, in minutes: where a day ends.
    pub utc_offset_minutes: i32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { idle_days: 180, expiring_days: 30, owed_days: 14, utc_offset_minutes: 8 * 60 }
    }
}

/// Seconds of a day.
const DAY_S: u64 = 86_400;

impl Rules {
    /// The day that it is at `now`.
    pub fn today(&self, now: Time) -> Day {
        Day::of(now, self.utc_offset_minutes)
    }

    /// The end of a day.
    pub fn end_of(&self, day: Day) -> Time {
        day.end(self.utc_offset_minutes)
    }

    /// Until when a successor of somebody has to be named: as long as the person is there, and some days if there is no such
    /// day or it is over.
    pub fn successor_due(&self, left_on: Option<Day>, now: Time) -> Time {
        let leaves = left_on.map(|day| self.end_of(day)).filter(|end| *end > now);
        leaves.unwrap_or_else(|| now.plus_secs(self.owed_days.saturating_mul(DAY_S)))
    }
}

/// A view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Nobody answers for it: the platform says that it has no owner, or its registered owner has left and nobody stands in.
    Orphan,
    /// One person answers for it and nobody stands in: the platform shows one owner, or has not told and the register names one.
    OneOwner,
    /// Nobody did anything for so long. Unknown activity is never idle.
    Idle,
    /// Nobody has told when it was last used, or who owns it.
    Unknown,
    /// The register does not name it.
    Unregistered,
    /// Its last day is near, or over.
    Expiring,
    /// Something hangs on it.
    Linked,
    /// It is owed a successor.
    Owed,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Orphan,
        Self::OneOwner,
        Self::Idle,
        Self::Unknown,
        Self::Unregistered,
        Self::Expiring,
        Self::Linked,
        Self::Owed,
    ];

    /// The slug, as on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Orphan => "orphan",
            Self::OneOwner => "one-owner",
            Self::Idle => "idle",
            Self::Unknown => "unknown",
            Self::Unregistered => "unregistered",
            Self::Expiring => "expiring",
            Self::Linked => "linked",
            Self::Owed => "owed",
        }
    }

    /// The view with this slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.slug() == slug)
    }

    /// Whether a group is in it at `now`. A group that is proved gone needs nobody and is in none.
    pub fn takes(self, card: &Card, rules: &Rules, now: Time) -> bool {
        Marks::of(card).are_in(self, rules, now)
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// What of a group its views depend on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks {
    /// The views that it is in whatever the time is.
    always: u16,
    /// When somebody last did something.
    active: Option<Time>,
    /// Its last day.
    expires: Option<Day>,
}

impl Marks {
    pub(crate) fn of(card: &Card) -> Self {
        if card.over {
            return Self::default();
        }
        let entry = card.register.as_ref();
        let left = |role: Role| card.owed.iter().any(|owed| owed.role == role);
        // A deputy who leaves as well is nobody to count on.
        let stands_in = entry.is_some_and(|entry| entry.deputy.is_some()) && !left(Role::Deputy);
        let owner_left = left(Role::Owner);
        let ownerless = card.owners.is_empty() && !card.owner_unknown;
        let one = card.owners.len() == 1 || (card.owner_unknown && entry.is_some());
        let always = [
            (View::Orphan, ownerless || (owner_left && !stands_in)),
            (View::OneOwner, one && !stands_in && !owner_left),
            (View::Unknown, card.activity == Activity::Unknown || card.owner_unknown),
            (View::Unregistered, entry.is_none()),
            (View::Linked, card.links > 0),
            (View::Owed, !card.owed.is_empty()),
        ];
        Self {
            always: always.into_iter().filter(|(_, is)| *is).map(|(view, _)| view.bit()).sum(),
            active: match card.activity {
                Activity::At(at) => Some(at),
                Activity::Unknown => None,
            },
            expires: entry.and_then(|entry| entry.expires),
        }
    }

    pub(crate) fn are_in(&self, view: View, rules: &Rules, now: Time) -> bool {
        match view {
            View::Idle => {
                self.active.is_some_and(|at| now.secs_since(at) >= rules.idle_days.saturating_mul(DAY_S))
            }
            View::Expiring => self.expires.is_some_and(|day| {
                rules.end_of(day) <= now.plus_secs(rules.expiring_days.saturating_mul(DAY_S))
            }),
            view => self.always & view.bit() != 0,
        }
    }
}

impl App {
    /// The groups of a view, by name; all of them without one.
    pub async fn view(&self, view: Option<View>, rules: &Rules) -> Result<Vec<Card>, AppError> {
        let now = self.clock.now();
        let mut cards = self.cards().await?;
        cards.retain(|card| view.is_none_or(|view| view.takes(card, rules, now)));
        Ok(cards)
    }
}

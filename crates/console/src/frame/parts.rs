//! The small parts of which pages are made: a state with its sign, a point in time. Their markup is in `parts.html`.

use adjourn_domain::time::Time;
use adjourn_i18n::{Lang, msg};
use adjourn_web::wording::Say;

use crate::local;

/// How a state looks. Colour is never alone: each tone has a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Ended well, or allowed.
    Good,
    /// Waits for somebody, or nobody knows.
    Warn,
    /// Went wrong, or is not allowed.
    Bad,
    /// Goes on by itself.
    Now,
    /// Rests.
    Plain,
}

impl Tone {
    /// Its class in the style sheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Now => "now",
            Self::Plain => "plain",
        }
    }

    /// Its sign.
    pub(crate) fn sign(self) -> char {
        match self {
            Self::Good => '\u{2713}',
            Self::Warn => '!',
            Self::Bad => '\u{d7}',
            Self::Now => '\u{2192}',
            Self::Plain => '\u{b7}',
        }
    }

    /// The tone of a state or of a verdict, by its slug.
    pub(crate) fn of(slug: &str) -> Self {
        match slug {
            "verified_gone" | "gone" | "approved" | "closed" | "retained" | "destroyed" => Self::Good,
            "rejected" | "partly_done" | "blocked_by_hold" | "reappeared" | "still_there" | "left_only" => {
                Self::Bad
            }
            "plan_stale" | "stale" | "paused" | "needs_person" | "hidden" | "archived" | "emptied"
            | "kept_by_platform" | "unknown" | "reopened" | "undoing" | "past_return" => Self::Warn,
            "in_review" | "running" | "notice_period" | "frozen" | "sealed" | "unlinked" | "announced"
            | "cooling_off" | "dissolving" | "observing" | "waits_for_others" | "waits_for_party" => {
                Self::Now
            }
            _ => Self::Plain,
        }
    }
}

/// A state in a word, with its sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pill {
    pub(crate) tone: Tone,
    pub(crate) text: String,
}

impl Pill {
    /// A word of a family (`state`, `verdict`).
    pub(crate) fn of(say: Say, family: &str, slug: &str) -> Self {
        Self { tone: Tone::of(slug), text: say.word(family, slug) }
    }
}

/// A point in time as a reader has it: on their clock, and how far away it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Moment {
    /// RFC 3339 in UTC.
    pub(crate) iso: String,
    pub(crate) text: String,
}

impl Moment {
    /// A time as seen at `now`, on a clock that is `offset` minutes ahead of UTC.
    pub(crate) fn new(lang: Lang, at: Time, now: Time, offset: i32) -> Self {
        let (local, zone) = local::parts(at, offset);
        let seconds = (at.as_millis() - now.as_millis()) / 1000;
        let length = length(lang, seconds.unsigned_abs());
        let far = match seconds {
            0 => msg::console_now(lang),
            1.. => msg::console_left(lang, length),
            _ => msg::console_ago(lang, length),
        };
        Self { iso: at.to_string(), text: msg::console_moment(lang, far, local, zone) }
    }
}

/// A length in the largest unit of which there are two, so that nothing is said more exactly than anybody wants to know.
pub(crate) fn length(lang: Lang, seconds: u64) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    match seconds {
        s if s >= 3 * DAY => msg::guide_n_days(lang, s / DAY),
        s if s >= 2 * HOUR => msg::guide_n_hours(lang, s / HOUR),
        s if s >= 2 * MINUTE => msg::guide_n_minutes(lang, s / MINUTE),
        s => msg::guide_n_seconds(lang, s),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_says_its_zone_and_how_far_away_it_is() {
        let now = Time::parse("2026-10-01T23:00:00Z").unwrap();
        let at = Time::parse("2026-10-03T06:00:00Z").unwrap();
        let moment = Moment::new(Lang::En, at, now, 480);
        assert_eq!(moment.iso, "2026-10-03T06:00:00.000Z");
        assert_eq!(moment.text, "2026-10-03 14:00 (UTC+8, 31 hours left)");
        assert_eq!(Moment::new(Lang::En, now, at, -210).text, "2026-10-01 19:30 (UTC-3:30, 31 hours ago)");
        assert_eq!(Moment::new(Lang::En, now, now, 0).text, "2026-10-01 23:00 (UTC+0, now)");
    }

    #[test]
    fn what_is_left_only_never_looks_as_if_it_were_gone() {
        assert_eq!(Tone::of("gone"), Tone::Good);
        for verdict in
            ["left_only", "hidden", "emptied", "kept_by_platform", "reappeared", "unknown", "archived"]
        {
            assert_ne!(Tone::of(verdict), Tone::Good, "{verdict}");
        }
    }
}

//! The state line: the way of a group in the same words on every page, with the point of no return on it. A group that is paused, held or in a
//! person's hands is still somewhere on its way: the line says where, the pill beside it says what keeps it there.

use adjourn_app::inventory::{place, stop};
use adjourn_domain::case::CaseStatus;
use adjourn_domain::run::GroupState;
use adjourn_web::wording::Say;

use super::parts::Pill;

/// The way, as slugs; the point of no return lies before [`TURN`].
const WAY: [&str; 15] = [
    "registered",
    "operating",
    "proposed",
    "preflighted",
    "in_review",
    "notice_period",
    "frozen",
    "sealed",
    "unlinked",
    "cooling_off",
    "dissolving",
    "observing",
    "verified_gone",
    "retained",
    "destroyed",
];
const TURN: &str = "dissolving";

/// A stop on the way.
pub(crate) struct Stop {
    pub(crate) text: String,
    pub(crate) here: bool,
    pub(crate) done: bool,
    /// The point of no return lies before it.
    pub(crate) turn: bool,
}

/// The state line, and the state in a word.
pub(crate) struct Line {
    pub(crate) stops: Vec<Stop>,
    pub(crate) state: Pill,
}

impl Line {
    /// Of a group by itself.
    pub(crate) fn of(say: Say, group: &GroupState) -> Self {
        Self::at(say, stop(group), place(group))
    }

    /// Of a group in a case: what has not begun to run is as far as its case.
    pub(crate) fn in_case(say: Say, status: CaseStatus, group: Option<&GroupState>) -> Self {
        match group {
            Some(group) => Self::of(say, group),
            None => Self::of_case(say, status),
        }
    }

    /// Of a case whose groups have not begun to run.
    pub(crate) fn of_case(say: Say, status: CaseStatus) -> Self {
        let stop = match status {
            CaseStatus::Planned => "preflighted",
            CaseStatus::Rejected | CaseStatus::Stale => "proposed",
            _ => "in_review",
        };
        Self::at(say, stop, status.slug())
    }

    /// At a stop of the way, in a state that may be one beside it.
    pub(crate) fn at(say: Say, stop: &str, state: &str) -> Self {
        let at = WAY.iter().position(|slug| *slug == stop);
        let stops = WAY.iter().enumerate().map(|(n, slug)| Stop {
            text: say.word("way", slug),
            here: Some(n) == at,
            done: at.is_some_and(|at| n < at),
            turn: *slug == TURN,
        });
        Self { stops: stops.collect(), state: Pill::of(say, "state", state) }
    }
}

#[cfg(test)]
mod tests {
    use adjourn_i18n::Lang;

    use super::*;

    #[test]
    fn who_is_paused_is_still_somewhere_on_the_way() {
        let line = Line::at(Say::new(Lang::En), "cooling_off", "paused");
        let here: Vec<usize> =
            line.stops.iter().enumerate().filter(|(_, stop)| stop.here).map(|(n, _)| n).collect();
        assert_eq!(here, [9]);
        assert_eq!(line.stops.iter().filter(|stop| stop.done).count(), 9);
        assert_eq!(
            line.stops.iter().position(|stop| stop.turn),
            Some(10),
            "the point of no return is still ahead"
        );
        assert_eq!(line.state.text, "paused");
    }
}

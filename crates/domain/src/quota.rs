//! How often a platform brings groups back in a month, counted from what the journal has: nobody else counts for us, and
//! what other people did with the same account is not in it.

use serde::Serialize;

use crate::capability::Effect;
use crate::event::GroupEvent;
use crate::plan::StepOp;
use crate::time::Time;

/// The fact that names the quota.
pub const FACT: &str = "rollback.per_month";

/// A month's restores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// How many the journal has.
    pub used: u64,
    /// How many there may be.
    pub of: u64,
    /// When the next month begins on the platform's clock.
    pub again_at: Time,
}

impl Quota {
    /// What of the quota is used now, by restores at these times, on a clock that is `offset_minutes` from UTC.
    pub fn of(of: u64, restores: &[Time], now: Time, offset_minutes: i32) -> Self {
        let (from, again_at) = month(now, offset_minutes);
        let used = restores.iter().filter(|at| **at >= from && **at < again_at).count();
        Self { used: used as u64, of, again_at }
    }

    /// Whether nothing is left of it.
    pub fn is_spent(&self) -> bool {
        self.used >= self.of
    }
}

/// The minutes from UTC of a platform's own clock, by which its months begin: China Standard Time for the Chinese ones.
pub fn clock_of(platform: &str) -> i32 {
    if matches!(platform, "qq" | "wechat" | "wecom" | "dingtalk") { 480 } else { 0 }
}

/// The beginning of the month of `at`, and that of the next one.
fn month(at: Time, offset_minutes: i32) -> (Time, Time) {
    let offset_ms = i64::from(offset_minutes) * 60_000;
    let local = Time::from_millis(at.as_millis().saturating_add(offset_ms)).to_string();
    let number = |range: std::ops::Range<usize>| local.get(range).and_then(|text| text.parse::<u32>().ok());
    let (year, number) = (number(0..4).unwrap_or(1970), number(5..7).unwrap_or(1));
    let (next_year, next) = if number == 12 { (year + 1, 1) } else { (year, number + 1) };
    let begins = |year: u32, number: u32| {
        let local = Time::parse(&format!("{year:04}-{number:02}-01T00:00:00Z")).unwrap_or(at);
        Time::from_millis(local.as_millis().saturating_sub(offset_ms))
    };
    (begins(year, number), begins(next_year, next))
}

/// When a group was brought back, by us or by a person, by its events. One in doubt counts; one that a read-back found not to
/// have happened does not.
pub fn restores(events: &[(Time, GroupEvent)]) -> Vec<Time> {
    let (mut found, mut dissolves, mut undoing, mut open) = (Vec::new(), None, false, None);
    for (at, event) in events {
        match event {
            GroupEvent::PlanPart { part, .. } => {
                dissolves =
                    part.steps.iter().find(|step| step.op == StepOp::Dissolve).map(|step| step.id.clone());
            }
            GroupEvent::RunStarted { .. } => undoing = false,
            GroupEvent::UndoAsked { rebuild, .. } => undoing = !rebuild,
            GroupEvent::Intent { op: StepOp::Dissolve, undo: true, .. } if undoing => {
                open = open.or(Some(*at));
            }
            GroupEvent::PersonDone { step, .. } if undoing && dissolves.as_ref() == Some(step) => {
                open = open.or(Some(*at));
            }
            GroupEvent::ReadBack { step, effect, .. } if dissolves.as_ref() == Some(step) => match effect {
                Effect::Applied => found.extend(open.take()),
                Effect::NotApplied => open = None,
                Effect::Unknown => {}
            },
            _ => {}
        }
    }
    found.extend(open);
    found
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn at(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    #[test]
    fn req_e3_a_month_begins_on_the_platforms_clock() {
        let now = at("2026-11-30T17:00:00Z");
        assert_eq!(month(now, 0), (at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z")));
        assert_eq!(month(now, 480), (at("2026-11-30T16:00:00Z"), at("2026-12-31T16:00:00Z")));
        assert_eq!(month(at("2026-12-31T23:00:00Z"), 0).1, at("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn req_e3_restores_of_the_month_are_counted_and_three_are_three() {
        let times = ["2026-11-30T15:59:59Z", "2026-11-30T16:00:00Z", "2026-12-02T00:00:00Z"].map(at);
        let quota = |times: &[Time]| Quota::of(3, times, at("2026-12-03T00:00:00Z"), 480);
        let two = quota(&times);
        assert_eq!((two.used, two.is_spent(), two.again_at), (2, false, at("2026-12-31T16:00:00Z")));
        let third: Vec<Time> = times.into_iter().chain([at("2026-12-02T23:00:00Z")]).collect();
        assert!(quota(&third).is_spent());
    }

    #[test]
    fn req_e3_only_a_restore_that_happened_or_is_in_doubt_counts() {
        let step = || "01-dissolve".to_owned();
        let intent = |attempt, undo| GroupEvent::Intent {
            step: step(),
            op: StepOp::Dissolve,
            attempt,
            irreversible: true,
            undo,
        };
        let asked = |rebuild| GroupEvent::UndoAsked { by: "p-1".into(), rebuild };
        let tale = |events: Vec<GroupEvent>| {
            let events: Vec<_> = events
                .into_iter()
                .enumerate()
                .map(|(n, event)| (Time::from_millis(i64::try_from(n).unwrap()), event))
                .collect();
            restores(&events)
        };
        assert_eq!(tale(vec![intent(1, false)]), []);
        let back = |effect| GroupEvent::ReadBack {
            step: step(),
            attempt: 1,
            effect,
            retry_s: None,
            memo: Value::Null,
        };
        let in_doubt = tale(vec![asked(false), intent(1, true), intent(2, true)]);
        assert_eq!(in_doubt, [Time::from_millis(1)], "two attempts at one restore are one");
        assert_eq!(tale(vec![asked(true), intent(1, true), back(Effect::Applied)]), []);
    }
}

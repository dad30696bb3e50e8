//! A platform's clocks and differing facts in words: of a plan as lengths, of a run as points in time.

use adjourn_domain::clocks::{ClockFact, UsedFact, shown, windows};
use adjourn_domain::plan::GroupPlan;
use adjourn_domain::run::Run;
use adjourn_i18n::msg;

use crate::wording::{Say, duration};

const DAY: u64 = 86_400;
const WEEK: u64 = 7 * DAY;

/// The clocks of a group's part of a plan.
pub fn of_plan(say: Say, part: &GroupPlan) -> Vec<String> {
    let line = |clock: &ClockFact| {
        let object = say.word("object", &clock.object);
        let fact = part.facts.iter().find(|fact| fact.key == clock.key);
        let trust = fact.map_or_else(String::new, |fact| trust(say, fact));
        if clock.seconds == 0 {
            return format!("{}{trust}", msg::clock_none(say.lang, object));
        }
        let moment = say.word("moment", clock.from.slug());
        format!("{}{trust}", msg::clock_runs(say.lang, length(say, clock.seconds), moment, object))
    };
    part.clocks.iter().map(line).collect()
}

/// From a week on in days: what is published in hours (72) stays in hours.
fn length(say: Say, seconds: u64) -> String {
    if seconds >= WEEK && seconds.is_multiple_of(DAY) {
        return msg::days(say.lang, seconds / DAY);
    }
    duration(say, seconds)
}

fn trust(say: Say, fact: &UsedFact) -> String {
    format!("  ({} · {})", say.word("confidence", &fact.confidence), fact.checked)
}

/// Facts on which the plan acts otherwise than what is published.
pub fn differing(say: Say, part: &GroupPlan) -> Vec<String> {
    let line = |fact: &UsedFact| {
        let declared = fact.declared.as_ref()?;
        let confidence = say.word("confidence", &fact.confidence);
        Some(msg::plan_fact_differs(say.lang, confidence, shown(declared), &fact.key, shown(&fact.value)))
    };
    part.facts.iter().filter_map(line).collect()
}

/// The clocks of a run that count, with their ends.
pub fn of_run(say: Say, run: &Run) -> Vec<String> {
    let windows = windows(run).into_iter();
    windows
        .map(|window| msg::clock_until(say.lang, say.word("object", &window.object), window.until))
        .collect()
}

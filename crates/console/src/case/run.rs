//! How far a run has come: its steps with state, count, rate and last sign of life, what it waits for, what its export took, and of several groups the
//! one that needs somebody first.

use adjourn_app::AppError;
use adjourn_app::inventory::place;
use adjourn_app::progress::Work;
use adjourn_domain::case::CaseState;
use adjourn_domain::clocks::windows;
use adjourn_domain::event::Ending;
use adjourn_domain::plan::{GroupPlan, Note, Plan, StepOp};
use adjourn_domain::run::{Action, GroupState, Phase, Run, StepRun, StepState, due};
use adjourn_domain::verdict::Verdict;
use adjourn_i18n::msg;
use adjourn_web::refusal::words;
use adjourn_web::wording;

use crate::desk::Reader;

/// A call without a sign of life for so long is told to be tried again, in seconds.
const SILENT_S: u64 = 60;

/// A step of the plan or of its run.
pub(super) struct StepLine {
    pub(super) text: String,
    pub(super) note: String,
    /// Where it stands, once the plan runs.
    pub(super) state: Option<String>,
    /// Attempts, count, rate, last sign of life.
    pub(super) life: Vec<String>,
    /// That nothing has been heard of it for long.
    pub(super) silent: bool,
    pub(super) here: bool,
    pub(super) turn: bool,
}

/// What a run waits for.
pub(super) struct Waits {
    pub(super) says: String,
    /// What to do about it.
    pub(super) hint: String,
    /// Whether it does not go on by itself.
    pub(super) bad: bool,
}

/// What an export took, while somebody has to accept that it is not complete.
pub(super) struct Receipt {
    pub(super) figures: Vec<(String, String)>,
    pub(super) gaps: Vec<String>,
    /// Why whoever looks can't accept it.
    pub(super) locked: Option<String>,
}

/// A group's line where there are several.
pub(super) struct Row {
    pub(super) group: String,
    pub(super) name: String,
    pub(super) platform: String,
    pub(super) state: String,
    pub(super) doing: String,
    pub(super) bad: bool,
    pub(super) percent: u64,
}

/// All groups together.
pub(super) struct Total {
    pub(super) percent: u64,
    pub(super) says: String,
    /// Whether a group is not over.
    pub(super) goes_on: bool,
    pub(super) rows: Vec<Row>,
}

/// The steps of a plan, and how they stand.
pub(super) fn steps(
    reader: &Reader,
    plan: &GroupPlan,
    run: Option<&Run>,
    work: Option<&Work>,
) -> Vec<StepLine> {
    let say = reader.say;
    let turning = plan.point_of_no_return();
    let here = run.filter(|run| !matches!(run.phase, Phase::Ended(_))).and_then(Run::current);
    let line = |(n, step): (usize, &adjourn_domain::plan::Step)| {
        let stand = run.and_then(|run| run.steps.get(n));
        let under_way = work.filter(|work| here == Some(n) && work.step == step.id);
        StepLine {
            text: wording::headline(say, step),
            note: if step.note.is_empty() { String::new() } else { say.note(&Note::new(&step.note)) },
            state: stand.map(|stand| stands(reader, stand)),
            life: stand.map(|stand| life(reader, stand, under_way)).unwrap_or_default(),
            silent: stand.is_some_and(|stand| silent(reader, stand, under_way)),
            here: here == Some(n),
            turn: n == turning,
        }
    };
    plan.steps.iter().enumerate().map(line).collect()
}

fn stands(reader: &Reader, step: &StepRun) -> String {
    let lang = reader.lang;
    let error = step.error.as_deref().map(|error| format!(" ({error})")).unwrap_or_default();
    let says = match step.state {
        StepState::Pending { not_before: None } => msg::console_step_pending(lang),
        StepState::Pending { not_before: Some(at) } => msg::console_step_again(lang, reader.when(at)),
        StepState::InFlight => msg::console_step_in_flight(lang),
        StepState::Checking { next, .. } => msg::console_step_checking(lang, reader.when(next)),
        StepState::Waiting { until } => msg::console_step_waiting(lang, reader.when(until)),
        StepState::Person => msg::console_step_person(lang),
        StepState::Done => msg::console_step_done(lang),
        StepState::Failed => msg::console_step_failed(lang),
        StepState::Undone => msg::console_step_undone(lang),
    };
    format!("{says}{error}")
}

fn life(reader: &Reader, step: &StepRun, work: Option<&Work>) -> Vec<String> {
    let lang = reader.lang;
    let mut says = Vec::new();
    if let Some(work) = work {
        says.push(match work.total {
            Some(total) => msg::case_counted_of(lang, work.done, total),
            None => msg::case_counted(lang, work.done),
        });
        if let Some(rate) = work.per_minute() {
            says.push(msg::case_rate(lang, rate));
        }
    }
    if step.attempts > 1 {
        says.push(msg::case_attempts(lang, u64::from(step.attempts)));
    }
    let alive = work.map(|work| work.at).max(step.heartbeat);
    says.extend(alive.map(|at| msg::case_alive(lang, reader.when(at))));
    says
}

/// Whether a call is out and nothing was heard of it for a minute.
fn silent(reader: &Reader, step: &StepRun, work: Option<&Work>) -> bool {
    let alive = work.map(|work| work.at).max(step.heartbeat);
    step.state == StepState::InFlight && alive.is_some_and(|at| reader.now.secs_since(at) >= SILENT_S)
}

/// What a run waits for, if it waits.
pub(super) fn waits(reader: &Reader, case: &CaseState, group: &GroupState) -> Option<Waits> {
    let lang = reader.lang;
    let run = group.run.as_ref()?;
    match (run.phase, due(group, case, reader.now)) {
        (Phase::Paused, _) => Some(Waits { says: msg::case_paused(lang), hint: String::new(), bad: true }),
        (_, Action::Blocked(refusal)) if refusal.code == "handover.open" => {
            Some(Waits { says: msg::case_waits_nominee(lang), hint: String::new(), bad: true })
        }
        (_, Action::Blocked(refusal)) => {
            let (says, hint) = words(lang, &AppError::from(refusal));
            Some(Waits { says, hint, bad: true })
        }
        (_, Action::Sleep { until }) => {
            Some(Waits { says: msg::case_next(lang, reader.when(until)), hint: String::new(), bad: false })
        }
        _ => None,
    }
}

/// What the main export took, while it is not complete and nobody has accepted that.
pub(super) fn receipt(reader: &Reader, run: &Run) -> Option<Receipt> {
    let lang = reader.lang;
    let receipt = run.receipt.as_ref().filter(|_| run.receipt_open())?;
    let told = receipt.platform_says.map_or_else(|| "?".to_owned(), |count| count.to_string());
    let mut figures = vec![
        (msg::case_receipt_total(lang), receipt.total.to_string()),
        (msg::case_receipt_told(lang), told),
        (msg::case_receipt_media(lang), receipt.media.to_string()),
        (msg::case_receipt_undecryptable(lang), receipt.undecryptable.len().to_string()),
    ];
    figures.extend(receipt.first.iter().map(|mark| (msg::case_receipt_first(lang), reader.time(mark.at))));
    figures.extend(receipt.last.iter().map(|mark| (msg::case_receipt_last(lang), reader.time(mark.at))));
    let gaps = receipt.gaps.iter().map(|gap| reader.say.note(gap)).collect();
    // Whoever took it out does not say as well that it is enough.
    let me = &reader.session.principal.id;
    let export = run.part.steps.iter().zip(&run.steps).find(|(step, _)| step.op == StepOp::Export);
    let own = export.is_some_and(|(_, state)| state.human.done_by.contains(me));
    Some(Receipt { figures, gaps, locked: own.then(|| msg::case_receipt_locked(lang)) })
}

/// Until when what can be taken back, and what stays how long, as points in time.
pub(super) fn clocks(reader: &Reader, run: &Run) -> Vec<String> {
    let lang = reader.lang;
    let mut lines = Vec::new();
    let cools = run.part.steps.iter().zip(&run.steps).find_map(|(step, stand)| match stand.state {
        StepState::Waiting { until } if step.op == StepOp::CoolingOff => Some(until),
        _ => None,
    });
    let stops = !matches!(run.phase, Phase::Undoing | Phase::Ended(_));
    lines.extend(cools.filter(|_| stops).map(|until| msg::case_stop_until(lang, reader.when(until))));
    if let Some(until) = run.restorable_until() {
        lines.push(msg::case_restorable(lang, reader.when(until)));
    }
    lines.extend(windows(run).into_iter().map(|window| {
        msg::clock_until(lang, reader.say.word("object", &window.object), reader.when(window.until))
    }));
    lines
}

/// All groups of a case together, those that need somebody first.
pub(super) fn total(reader: &Reader, case: &CaseState, plan: &Plan, groups: &[GroupState]) -> Total {
    let mut rows: Vec<(u8, Row)> = Vec::new();
    let (mut settled, mut all, mut unknown, mut over) = (0, 0, false, 0);
    for part in &plan.groups {
        let Some(group) = groups.iter().find(|group| group.id == part.group) else { continue };
        let Some(run) = group.run.as_ref().filter(|run| run.case == case.id) else { continue };
        let share = share(run);
        settled += share.settled;
        all += share.all;
        unknown |= share.unknown;
        over += u64::from(matches!(run.phase, Phase::Ended(_)));
        let slug = place(group);
        let doing = run.current().and_then(|at| run.part.steps.get(at));
        let waits = waits(reader, case, group);
        let says = doing
            .filter(|_| !matches!(run.phase, Phase::Ended(_)))
            .map(|step| wording::named(reader.say, step));
        let rank = rank(slug, waits.as_ref().is_some_and(|waits| waits.bad));
        let parts = says.into_iter().chain(waits.map(|waits| waits.says));
        rows.push((
            rank,
            Row {
                group: part.group.to_string(),
                name: part.name.clone(),
                platform: reader.say.word("platform", part.platform.as_str()),
                state: reader.say.word("state", slug),
                doing: parts.collect::<Vec<_>>().join(" · "),
                bad: rank == 0,
                percent: percent(share.settled, share.all, share.unknown),
            },
        ));
    }
    rows.sort_by(|(a, x), (b, y)| (a, &x.name).cmp(&(b, &y.name)));
    let percent = percent(settled, all, unknown);
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    let all = rows.len() as u64;
    Total { percent, says: msg::case_total(reader.lang, all, over, percent), goes_on: over < all, rows }
}

/// Where a group stands among the others: who needs somebody, who is under way, who is over.
fn rank(slug: &str, stuck: bool) -> u8 {
    match slug {
        "partly_done" | "plan_stale" | "blocked_by_hold" | "needs_person" | "paused" => 0,
        _ if stuck => 0,
        "verified_gone" | "left" | "undone" | "operating" | "rebuilt" => 2,
        _ => 1,
    }
}

/// How much of a run is settled.
struct Share {
    settled: usize,
    all: usize,
    /// Whether of something nobody knows yet what came of it.
    unknown: bool,
}

fn share(run: &Run) -> Share {
    let settled = run
        .steps
        .iter()
        .filter(|step| matches!(step.state, StepState::Done | StepState::Undone | StepState::Failed))
        .count();
    let doubt = |step: &StepRun| matches!(step.state, StepState::InFlight | StepState::Checking { .. });
    let unjudged = matches!(run.phase, Phase::Ended(Ending::Observed))
        && matches!(run.verdict, None | Some(Verdict::Unknown));
    Share { settled, all: run.steps.len(), unknown: unjudged || run.steps.iter().any(doubt) }
}

/// The share in whole percent, cut; never all while something is unknown or open.
fn percent(settled: usize, all: usize, unknown: bool) -> u64 {
    let share = (settled.saturating_mul(100)).checked_div(all).unwrap_or(0) as u64;
    if unknown || settled < all { share.min(99) } else { share }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_complete_while_something_is_unknown() {
        assert_eq!((percent(0, 0, false), percent(0, 7, false), percent(7, 7, false)), (0, 0, 100));
        assert_eq!(percent(7, 7, true), 99, "all settled, and one is in doubt");
        assert_eq!(percent(9999, 10_000, false), 99, "cut, not rounded up");
    }

    #[test]
    fn whoever_needs_somebody_stands_first() {
        assert!(rank("partly_done", false) < rank("observing", false));
        assert!(rank("observing", true) < rank("observing", false));
        assert!(rank("observing", false) < rank("verified_gone", false));
    }
}

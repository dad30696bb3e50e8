//! One group of a case: where it is on its way, what will and will not happen, how far its run has come, what was observed.

use adjourn_domain::case::CaseState;
use adjourn_domain::plan::{GroupPlan, Note};
use adjourn_domain::run::{GroupState, Run, StepRun, StepState};
use adjourn_domain::verdict::{Probe, Verdict};
use adjourn_i18n::msg;
use adjourn_web::{clocks, wording};

use super::step::{Hand, hand};
use crate::desk::Reader;
use crate::frame::line::Line;
use crate::frame::parts::Pill;

/// A step of the plan or of its run.
pub(super) struct StepLine {
    pub(super) text: String,
    pub(super) note: String,
    /// Where it stands, once the plan runs.
    pub(super) state: Option<String>,
    pub(super) turn: bool,
}

/// A look of the observation.
pub(super) struct Dot {
    pub(super) sign: char,
    pub(super) says: String,
}

/// A group's part of the page.
pub(super) struct Part {
    pub(super) group: String,
    pub(super) title: String,
    pub(super) line: Line,
    pub(super) hand: Option<Hand>,
    pub(super) blockers: Vec<String>,
    pub(super) steps: Vec<StepLine>,
    pub(super) blocks: Vec<(String, Vec<String>)>,
    pub(super) dots: Vec<Dot>,
    pub(super) verdict: Option<Pill>,
    pub(super) clocks: Vec<String>,
}

pub(super) fn part(
    reader: &Reader,
    case: &CaseState,
    plan: &GroupPlan,
    group: Option<&GroupState>,
    drill: bool,
) -> Part {
    let (say, lang) = (reader.say, reader.lang);
    let run = group.and_then(|group| group.run.as_ref()).filter(|run| run.case == case.id);
    let turning = plan.point_of_no_return();
    let steps = plan.steps.iter().enumerate().map(|(n, step)| StepLine {
        text: wording::headline(say, step),
        note: if step.note.is_empty() { String::new() } else { say.note(&Note::new(&step.note)) },
        state: run.and_then(|run| run.steps.get(n)).map(|step| stands(reader, step)),
        turn: n == turning,
    });
    let notes = |notes: &[Note]| notes.iter().map(|note| say.note(note)).collect::<Vec<_>>();
    let mut blocks = vec![
        (msg::plan_will_not(lang), notes(&plan.will_not)),
        (msg::plan_unknown(lang), notes(&plan.unknown)),
        (msg::plan_residue(lang), notes(&plan.residue)),
        (msg::plan_clocks(lang), clocks::of_plan(say, plan)),
        (msg::plan_facts_differ(lang), clocks::differing(say, plan)),
        (msg::console_kept(lang), kept(reader, plan)),
        (msg::plan_contingency(lang), notes(&plan.way.contingency)),
    ];
    blocks.retain(|(_, lines)| !lines.is_empty());
    let platform = wording::platform(say, plan.platform.as_str(), drill);
    Part {
        group: plan.group.to_string(),
        title: format!("{} · {platform} · {}", plan.name, say.word("class", &plan.class)),
        line: Line::in_case(say, case.status, group.filter(|_| run.is_some())),
        hand: run.and_then(|run| hand(reader, run)),
        blockers: notes(&plan.blockers),
        steps: steps.collect(),
        blocks,
        dots: run.map(|run| dots(reader, run)).unwrap_or_default(),
        verdict: run.and_then(wording::verdict_so_far).map(|slug| Pill::of(say, "verdict", slug)),
        clocks: run.map(|run| clocks::of_run(say, run)).unwrap_or_default(),
    }
}

/// What is kept for how long, and what members are told of it.
fn kept(reader: &Reader, plan: &GroupPlan) -> Vec<String> {
    let say = reader.say;
    let mut lines: Vec<String> = plan.way.retention.iter().map(|kept| wording::kept(say, kept)).collect();
    if let Some(notice) = &plan.way.member_notice {
        let (says, missing) = wording::told(say, notice);
        lines.push(says);
        lines.extend(missing.into_iter().map(|line| format!("⚠ {line}")));
    }
    lines
}

fn stands(reader: &Reader, step: &StepRun) -> String {
    let lang = reader.lang;
    let error = step.error.as_deref().map(|error| format!(" ({error})")).unwrap_or_default();
    let says = match step.state {
        StepState::Pending { not_before: None } => msg::console_step_pending(lang),
        StepState::Pending { not_before: Some(at) } => msg::console_step_again(lang, reader.time(at)),
        StepState::InFlight => msg::console_step_in_flight(lang),
        StepState::Checking { next, .. } => msg::console_step_checking(lang, reader.time(next)),
        StepState::Waiting { until } => msg::console_step_waiting(lang, reader.time(until)),
        StepState::Person => msg::console_step_person(lang),
        StepState::Done => msg::console_step_done(lang),
        StepState::Failed => msg::console_step_failed(lang),
        StepState::Undone => msg::console_step_undone(lang),
    };
    format!("{says}{error}")
}

fn dots(reader: &Reader, run: &Run) -> Vec<Dot> {
    let probes = run.current_probes();
    let dot = |(n, at): (usize, &adjourn_domain::time::Time)| {
        let (sign, says) = match probes.get(n) {
            None => ('·', msg::console_probe_due(reader.lang)),
            Some(probe) => (sign(probe), reader.say.word("verdict", probe.reading.slug())),
        };
        Dot { sign, says: format!("{} {says}", reader.time(*at)) }
    };
    run.probe_times().iter().enumerate().map(dot).collect()
}

fn sign(probe: &Probe) -> char {
    match probe.reading {
        _ if probe.missed() => '-',
        Verdict::Gone => '●',
        Verdict::Unknown => '?',
        _ => '!',
    }
}

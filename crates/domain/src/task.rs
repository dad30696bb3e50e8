//! The human steps of a case, as the people see them who have to do them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::capability::Support;
use crate::event::EvidenceRef;
use crate::ids::{CaseId, GroupId, PrincipalId};
use crate::plan::{GroupPlan, Step, StepOp};
use crate::register::TaskLink;
use crate::run::{GroupState, Phase, Run, StepRun, StepState};
use crate::time::Time;

/// Where a human step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// The person has to act now.
    Open,
    /// The same, and the deadline has passed.
    Overdue,
    /// Somebody says that it can't be done.
    Cant,
    /// Its turn has not come.
    Later,
    /// A person says that it is done; the platform, or a second person, has not confirmed it yet.
    Said,
    /// Done, and read back.
    Done,
    /// It came to nothing, or the run ended before it.
    Over,
}

impl TaskState {
    /// Every state, the most urgent first.
    pub const ALL: [Self; 7] =
        [Self::Overdue, Self::Open, Self::Cant, Self::Said, Self::Later, Self::Done, Self::Over];

    /// The state's slug.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Cant => "cant",
            Self::Later => "later",
            Self::Said => "said",
            Self::Done => "done",
            Self::Over => "over",
        }
    }

    /// Whether a person has to act now.
    pub fn waits(self) -> bool {
        matches!(self, Self::Open | Self::Overdue)
    }
}

/// A human step of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// The group.
    pub group: GroupId,
    /// Its platform.
    pub platform: String,
    /// Its name.
    pub name: String,
    /// The step.
    pub step: String,
    /// What it does.
    pub op: StepOp,
    /// What is on the link that is taken off, if it is about one.
    pub link: Option<String>,
    /// Code of the note that says how.
    pub how: String,
    /// Which second confirmation the platform asks for.
    pub confirm: Option<String>,
    /// Whether nothing can be undone after it.
    pub irreversible: bool,
    /// Where it stands.
    pub state: TaskState,
    /// When it is escalated.
    pub deadline: Option<Time>,
    /// Whether the asking person has said already that it is done.
    pub said: bool,
    /// What the asking person handed in.
    pub handed: Vec<EvidenceRef>,
}

/// The human steps of a group in a case, in the plan's order: those that the plan gives to a person, and those that fell
/// to one on the way. `me` is who asks.
pub fn tasks(group: &GroupState, case: &CaseId, me: Option<&PrincipalId>) -> Vec<Task> {
    let run = group.run.as_ref().filter(|run| run.case == *case);
    let planned = group.part.as_ref().filter(|(of, ..)| of == case).map(|(.., part)| part);
    let Some(part) = run.map(|run| &run.part).or(planned) else { return Vec::new() };
    part.steps
        .iter()
        .enumerate()
        .filter_map(|(at, step)| {
            let state = run.and_then(|run| run.steps.get(at));
            human(step, state).then(|| task(group, part, step, run, state, me))
        })
        .collect()
}

fn human(step: &Step, state: Option<&StepRun>) -> bool {
    step.support == Support::Assisted
        || state.is_some_and(|state| {
            state.state == StepState::Person || !state.human.done_by.is_empty() || state.human.cant.is_some()
        })
}

fn task(
    group: &GroupState,
    part: &GroupPlan,
    step: &Step,
    run: Option<&Run>,
    state: Option<&StepRun>,
    me: Option<&PrincipalId>,
) -> Task {
    let said = state.zip(me).is_some_and(|(state, me)| state.human.done_by.contains(me));
    let handed = state.into_iter().flat_map(|state| &state.human.handed);
    let handed = handed.filter(|(by, _)| Some(by) == me).map(|(_, file)| file.clone());
    Task {
        group: group.id.clone(),
        platform: part.platform.to_string(),
        name: part.name.clone(),
        step: step.id.clone(),
        op: step.op,
        link: step.text("link_name").map(str::to_owned),
        how: step.text("fallback").unwrap_or(&step.note).to_owned(),
        confirm: confirm(step),
        irreversible: step.op.irreversible(),
        state: standing(run, state, said),
        deadline: state.and_then(|state| state.human.deadline),
        said,
        handed: handed.collect(),
    }
}

/// Which second confirmation the platform asks for: as the plan says, else as the note of how says.
pub fn confirm(step: &Step) -> Option<String> {
    let how = step.text("fallback").unwrap_or(&step.note);
    let noted = || how.strip_prefix("person-dissolve-").filter(|slug| *slug != "none");
    step.text("confirm").or_else(noted).map(|slug| slug.replace('-', "_"))
}

impl Task {
    /// The first of the answers to the platform's second confirmation that is missing or wrong.
    pub fn unconfirmed(&self, factors: &BTreeMap<String, String>) -> Option<&'static str> {
        let given = |name: &str| factors.get(name).map_or("", |value| value.trim());
        let needed: &[&'static str] = match self.confirm.as_deref() {
            Some("type_name") => {
                return (given("typed_name") != self.name.trim()).then_some("typed_name");
            }
            Some("qr_phone") => &["qr_scanned", "phone_confirmed"],
            Some("super_admin" | "handover") => &["approved_by"],
            _ => &[],
        };
        needed.iter().copied().find(|name| given(name).is_empty())
    }
}

fn standing(run: Option<&Run>, state: Option<&StepRun>, said: bool) -> TaskState {
    let (Some(run), Some(state)) = (run, state) else { return TaskState::Later };
    let ended = matches!(run.phase, Phase::Ended(_));
    match state.state {
        StepState::Done => TaskState::Done,
        _ if state.human.cant.is_some() => TaskState::Cant,
        StepState::Failed | StepState::Undone => TaskState::Over,
        _ if ended => TaskState::Over,
        StepState::Person if said => TaskState::Said,
        StepState::Person if state.human.overdue => TaskState::Overdue,
        StepState::Person => TaskState::Open,
        _ if !state.human.done_by.is_empty() => TaskState::Said,
        _ => TaskState::Later,
    }
}

/// Whether an owner with these tasks is to be reminded: something waits, and the last word to the owner is older than
/// `every_s`, or older than a deadline that has passed since.
pub fn reminder_due(link: &TaskLink, tasks: &[Task], every_s: u64, now: Time) -> bool {
    let last = link.reminded.last().copied().unwrap_or(link.issued_at);
    tasks.iter().filter(|task| task.state.waits()).any(|task| {
        let passed =
            task.state == TaskState::Overdue && task.deadline.is_some_and(|deadline| last < deadline);
        passed || now >= last.plus_secs(every_s)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(state: TaskState, confirm: &str) -> Task {
        Task {
            group: "g-1".into(),
            platform: "wechat".to_owned(),
            name: "Team \u{1f389}".to_owned(),
            step: "09-dissolve".to_owned(),
            op: StepOp::Dissolve,
            link: None,
            how: String::new(),
            confirm: Some(confirm.to_owned()),
            irreversible: true,
            state,
            deadline: Some(at(10_000)),
            said: false,
            handed: Vec::new(),
        }
    }

    fn at(seconds: u64) -> Time {
        Time::from_millis(0).plus_secs(seconds)
    }

    #[test]
    fn a_reminder_is_due_when_something_waits_and_the_last_word_is_old_or_a_deadline_has_passed_since() {
        let mut link = TaskLink::new(at(0), at(1_000_000), None);
        let open = [task(TaskState::Later, ""), task(TaskState::Open, "")];
        assert!(!reminder_due(&link, &open, 100, at(99)));
        assert!(reminder_due(&link, &open, 100, at(100)));
        link.reminded.push(at(150));
        assert!(!reminder_due(&link, &open, 100, at(249)));
        let late = [task(TaskState::Overdue, "")];
        assert!(reminder_due(&link, &late, u64::MAX, at(10_001)), "the deadline passed after the last word");
        link.reminded.push(at(10_002));
        assert!(!reminder_due(&link, &late, 1000, at(10_003)), "once");
        for state in [TaskState::Said, TaskState::Done, TaskState::Cant, TaskState::Later, TaskState::Over] {
            assert!(!reminder_due(&link, &[task(state, "")], 1, at(900_000)), "{}", state.slug());
        }
    }

    #[test]
    fn req_p1_the_name_is_typed_as_it_is() {
        let task = task(TaskState::Open, "type_name");
        let typed = |text: &str| BTreeMap::from([("typed_name".to_owned(), text.to_owned())]);
        assert_eq!(task.unconfirmed(&typed(" Team \u{1f389} ")), None);
        assert_eq!(task.unconfirmed(&typed("Team")), Some("typed_name"));
        assert_eq!(task.unconfirmed(&BTreeMap::new()), Some("typed_name"));
    }

    #[test]
    fn req_p2_the_code_is_scanned_and_the_phone_says_yes() {
        let task = task(TaskState::Open, "qr_phone");
        let mut factors = BTreeMap::from([("qr_scanned".to_owned(), "yes".to_owned())]);
        assert_eq!(task.unconfirmed(&factors), Some("phone_confirmed"));
        factors.insert("phone_confirmed".to_owned(), "yes".to_owned());
        assert_eq!(task.unconfirmed(&factors), None);
    }

    #[test]
    fn req_p4_somebody_approved_it_first() {
        let task = task(TaskState::Open, "handover");
        assert_eq!(task.unconfirmed(&BTreeMap::new()), Some("approved_by"));
    }
}

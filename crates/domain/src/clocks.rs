//! The clocks of a platform, and the rest of what its facts mean for a plan.
//!
//! Published claims that seem to contradict each other are often different clocks on different objects: the group, an
//! application for its history, a slip of the owner, the notice, files in a recycle bin. Each clock says what it is
//! about and from which moment it counts; once that moment is known, it has an end as a point in time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::event::GroupEvent;
use crate::fact::Rules;
use crate::group::LinkKind;
use crate::knowledge::{Acting, Knowledge};
use crate::plan::{GroupPlan, Note, StepOp};
use crate::run::{Run, StepState};
use crate::time::Time;

/// From which moment a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The group was dissolved.
    Dissolved,
    /// The last message was sent; nobody here knows when.
    LastMessage,
    /// Somebody applied at the platform's service desk: time to allow for before the dissolve.
    Applied,
    /// The successor became a member: time to allow for before a transfer.
    Joined,
}

impl Moment {
    /// The moment's slug, as in JSON.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Dissolved => "dissolved",
            Self::LastMessage => "last_message",
            Self::Applied => "applied",
            Self::Joined => "joined",
        }
    }
}

/// A clock of a platform, as the plan has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockFact {
    /// Slug of what it is about: `group`, `history_request`, `slip`, `notice`, `history`, `files`, …
    pub object: String,
    /// From which moment it counts.
    pub from: Moment,
    /// How long it runs; 0 says that there is no such way at all.
    pub seconds: u64,
    /// Key of the fact that it rests on, one of the part's `facts`.
    pub key: String,
}

/// A fact that a plan rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedFact {
    /// Its key; the platform is the part's.
    pub key: String,
    /// The value that acts.
    pub value: Value,
    /// Its confidence; `override` where the organisation says so.
    pub confidence: String,
    /// Where it is from: a source, or who overrode it and why.
    pub source: String,
    /// When it was checked, or overridden.
    pub checked: String,
    /// What is published, where that differs from what acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Value>,
}

/// A clock that runs: it counts from a moment that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Window {
    /// What it is about.
    pub object: String,
    /// Key of the fact.
    pub key: String,
    /// The moment that it counts from.
    pub from: Time,
    /// Its end.
    pub until: Time,
}

/// Moments of a run that clocks count from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moments {
    dissolved: Option<Time>,
}

/// What a platform's facts mean for the plan of one group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlanFacts {
    /// The facts that it rests on.
    pub facts: Vec<UsedFact>,
    /// The clocks.
    pub clocks: Vec<ClockFact>,
    /// What survives.
    pub residue: Vec<Note>,
}

impl PlanFacts {
    /// What has to be allowed for before another owner takes over; nothing else matters to a group that goes on.
    #[must_use]
    pub fn lead_times(&self) -> Self {
        let ahead = |clock: &&ClockFact| matches!(clock.from, Moment::Applied | Moment::Joined);
        let clocks: Vec<_> = self.clocks.iter().filter(ahead).cloned().collect();
        let of_clock = |fact: &&UsedFact| clocks.iter().any(|clock| clock.key == fact.key);
        let facts = self.facts.iter().filter(of_clock).cloned().collect();
        Self { facts, clocks, residue: Vec::new() }
    }
}

/// Facts that are clocks: the key, what it is about, from when, and the seconds of its unit.
const CLOCKS: [(&str, &str, Moment, u64); 9] = [
    ("mistake.recall_seconds", "slip", Moment::Dissolved, 1),
    ("notice.recall_seconds", "notice", Moment::Dissolved, 1),
    ("recovery.seconds", "group", Moment::Dissolved, 1),
    ("recovery.request_seconds", "history_request", Moment::Dissolved, 1),
    ("history.roaming_hours", "history", Moment::Dissolved, 3600),
    ("history.pull_seconds", "archive_pull", Moment::LastMessage, 1),
    ("files.kept_seconds", "files", Moment::Dissolved, 1),
    ("exception.banned_hours", "rescue", Moment::Applied, 3600),
    ("handover.member_age_hours", "successor", Moment::Joined, 3600),
];

/// Other facts that a plan rests on.
const USED: [&str; 19] = [
    "dissolve.who",
    "dissolve.path",
    "dissolve.confirm",
    "dissolve.api",
    "handover.required",
    "notice.to",
    "notice.text",
    "notice.recall",
    "history.where",
    "history.automatic",
    "files.kept",
    "recovery.by",
    "rollback.per_month",
    "exception.mistake",
    "exception.interrupted",
    "residue.devices",
    "link.mini_program",
    "link.payment",
    "link.bot",
];

/// What the facts mean for a group with these kinds of links.
pub fn plan_facts(known: &Knowledge, rules: Rules, links: &[LinkKind]) -> PlanFacts {
    let keys = USED.into_iter().chain(CLOCKS.into_iter().map(|(key, ..)| key));
    let facts = keys.filter_map(|key| used(known, key, rules)).collect();
    let number = |key: &str| known.acting(key, rules).and_then(|acting| acting.value().as_u64());
    let clocks = CLOCKS.into_iter().filter_map(|(key, object, from, unit)| {
        let seconds = number(key)?.saturating_mul(unit);
        Some(ClockFact { object: object.to_owned(), from, seconds, key: key.to_owned() })
    });
    PlanFacts { facts, clocks: clocks.collect(), residue: residue(known, rules, links) }
}

fn used(known: &Knowledge, key: &str, rules: Rules) -> Option<UsedFact> {
    let acting = known.acting(key, rules)?;
    let (source, checked) = match acting {
        Acting::Fact(fact) => (fact.source.clone(), fact.checked.clone()),
        Acting::Override(says) => (format!("{}: {}", says.by, says.reason), says.at.to_string()),
    };
    let declared = known.profile.acting(key, Rules::Declared).map(|fact| fact.value.clone());
    Some(UsedFact {
        key: key.to_owned(),
        value: acting.value().clone(),
        confidence: acting.confidence().to_owned(),
        source,
        checked,
        declared: declared.filter(|declared| declared != acting.value()),
    })
}

/// What stays behind, where, and for how long.
fn residue(known: &Knowledge, rules: Rules, links: &[LinkKind]) -> Vec<Note> {
    let text = |key: &str| known.acting(key, rules).and_then(|acting| acting.value().as_str());
    let number = |key: &str| known.acting(key, rules).and_then(|acting| acting.value().as_u64());
    let mut notes = Vec::new();
    if let Some(place) = text("history.where") {
        let hours = number("history.roaming_hours").unwrap_or(0);
        notes.push(match (place, hours) {
            ("server", 0) => Note::new("residue-fact-history-unstated"),
            ("server", hours) if hours >= 168 && hours.is_multiple_of(24) => {
                Note::new("residue-fact-history-roams-days").with("days", hours / 24)
            }
            ("server", hours) => Note::new("residue-fact-history-roams").with("hours", hours),
            (place, _) => Note::new("residue-fact-history").with("keeps", place),
        });
    }
    if let Some(place) = text("files.kept").filter(|place| *place != "none") {
        notes.push(match number("files.kept_seconds").unwrap_or(0) {
            0 => Note::new("residue-fact-files").with("keeps", place),
            seconds => {
                Note::new("residue-fact-files-until").with("keeps", place).with("days", seconds / 86_400)
            }
        });
    }
    let kinds: [(&str, &[LinkKind]); 3] = [
        ("link.mini_program", &[LinkKind::MiniProgram, LinkKind::App]),
        ("link.payment", &[LinkKind::Payment]),
        ("link.bot", &[LinkKind::Bot, LinkKind::Webhook, LinkKind::Bridge]),
    ];
    for (key, kinds) in kinds {
        let Some((fate, kind)) = text(key).zip(kinds.iter().find(|kind| links.contains(kind))) else {
            continue;
        };
        if !matches!(fate, "unbound" | "stops") {
            notes.push(Note::new("residue-fact-link").with("hangs", kind.slug()).with("fate", fate));
        }
    }
    if known.acting("residue.devices", rules).is_some_and(|acting| acting.value() == &Value::Bool(true)) {
        notes.push(Note::new("residue-device-copies"));
    }
    notes
}

/// Facts of a plan whose values are others now: the plan rests on what is no longer so.
pub fn changed(planned: &[UsedFact], now: &PlanFacts) -> Vec<Note> {
    let now: BTreeMap<&str, &Value> = now.facts.iter().map(|fact| (fact.key.as_str(), &fact.value)).collect();
    let differs = planned.iter().filter_map(|fact| {
        let is = now.get(fact.key.as_str()).copied();
        (is != Some(&fact.value)).then(|| {
            let is = is.map_or_else(|| "–".to_owned(), shown);
            Note::new("drift-fact").with("key", &fact.key).with("was", shown(&fact.value)).with("is", is)
        })
    });
    differs.collect()
}

/// A value without the quotation marks of JSON.
pub fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Moments {
    /// Takes note of an event of the run of `part`. A call counts from when it was made, so that no window is shown longer
    /// than it is; what a person did counts from when he said that it is done, as nobody knows better.
    pub(crate) fn note(&mut self, part: &GroupPlan, at: Time, event: &GroupEvent) {
        let dissolves = |id: &str| part.steps.iter().any(|step| step.id == id && step.op == StepOp::Dissolve);
        match event {
            GroupEvent::Intent { op: StepOp::Dissolve, undo: false, .. } => self.dissolved = Some(at),
            GroupEvent::PersonDone { step, .. } if dissolves(step) => self.dissolved = Some(at),
            _ => {}
        }
    }
}

/// The clocks of a run that count by now, as points in time, the earliest end first. Those that say “no such way” are not
/// among them, nor those that count from a moment which nobody here knows.
pub fn windows(run: &Run) -> Vec<Window> {
    let dissolved = run
        .part
        .steps
        .iter()
        .zip(&run.steps)
        .any(|(step, state)| step.op == StepOp::Dissolve && state.state == StepState::Done);
    let Some(from) = run.moments.dissolved.filter(|_| dissolved) else { return Vec::new() };
    let running = run.part.clocks.iter().filter(|clock| clock.from == Moment::Dissolved && clock.seconds > 0);
    let mut windows: Vec<Window> = running
        .map(|clock| Window {
            object: clock.object.clone(),
            key: clock.key.clone(),
            from,
            until: from.plus_secs(clock.seconds),
        })
        .collect();
    windows.sort_by(|a, b| (a.until, &a.key).cmp(&(b.until, &b.key)));
    windows
}

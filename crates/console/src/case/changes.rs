//! What a plan changes against the one before it, in words.

use std::collections::BTreeSet;

use adjourn_app::compare::Compared;
use adjourn_domain::case::CaseState;
use adjourn_domain::changes::Line;
use adjourn_domain::drift::{OwnChanges, differences};
use adjourn_domain::plan::{Note, Plan, Step, StepOp};
use adjourn_domain::run::GroupState;
use adjourn_i18n::msg;
use adjourn_web::wording;

use crate::desk::Reader;

/// Longest excerpt of a text, in characters.
const MAX_TEXT: usize = 200;

/// What made the plan of a case stale: the world as it was found then, against the one that the plan was drawn for.
pub(super) fn world(reader: &Reader, case: &CaseState, plan: &Plan, groups: &[GroupState]) -> Vec<String> {
    let (say, lang) = (reader.say, reader.lang);
    let mut lines = Vec::new();
    let mut told = BTreeSet::new();
    for part in plan.groups.iter().filter(|_| !case.differences.is_empty()) {
        let state = groups.iter().find(|group| group.id == part.group);
        let Some(seen) = state.and_then(|group| group.snapshot.as_ref()) else { continue };
        let basis = &part.basis;
        let percent = part.policy.members_drift_percent;
        let found = differences(basis, seen, basis.capabilities, percent, &OwnChanges::default());
        for note in found.iter().filter(|note| case.differences.contains(&note.code)) {
            told.insert(note.code.clone());
            lines.push(msg::places_pair(lang, &part.name, say.note(note)));
            if note.code == "drift-members" {
                let now: BTreeSet<_> =
                    seen.members.iter().filter(|one| !one.bot).map(|one| &one.id).collect();
                let was: BTreeSet<_> = basis.members.iter().collect();
                let (joined, left) = (now.difference(&was).count(), was.difference(&now).count());
                lines.push(msg::case_members(lang, joined as u64, left as u64));
            }
        }
    }
    // What the snapshots don't show, or no longer.
    let others = case.differences.iter().filter(|code| !told.contains(*code));
    lines.extend(others.map(|code| say.note(&Note::new(code))));
    lines
}

/// A group's changes.
pub(super) struct Changed {
    pub(super) title: String,
    /// Marked with + and -, and said in words.
    pub(super) lines: Vec<String>,
}

pub(super) fn changed(reader: &Reader, compared: &Compared) -> Changed {
    let lang = reader.lang;
    let (case, at) = &compared.before;
    let changes = &compared.changes;
    let mut lines: Vec<String> =
        changes.new.iter().map(|one| format!("+ {}", msg::case_only_new(lang, line(reader, one)))).collect();
    lines.extend(changes.gone.iter().map(|one| format!("− {}", msg::case_only_old(lang, line(reader, one)))));
    if changes.joined + changes.left > 0 {
        lines.push(format!("~ {}", msg::case_members(lang, changes.joined as u64, changes.left as u64)));
    }
    if lines.is_empty() {
        lines.push(msg::case_same(lang));
    }
    Changed { title: msg::case_compared(lang, reader.time(*at), case, &compared.name), lines }
}

fn line(reader: &Reader, line: &Line) -> String {
    let (say, lang) = (reader.say, reader.lang);
    match line {
        Line::Step(step) => format!("{}{}", wording::named(say, step), text(step)),
        Line::WillNot(note) => format!("{} {}", msg::plan_will_not(lang), say.note(note)),
        Line::Unknown(note) => format!("{} {}", msg::plan_unknown(lang), say.note(note)),
        Line::Residue(note) => format!("{} {}", msg::plan_residue(lang), say.note(note)),
        Line::Blocker(note) => format!("{} {}", msg::plan_blockers(lang), say.note(note)),
        Line::Owner(id) => msg::places_pair(lang, say.word("term", "owner"), id),
        Line::Class(class) => msg::places_pair(lang, say.word("term", "class"), say.word("class", class)),
        Line::Fact(key, value) => msg::places_pair(lang, key, value),
    }
}

/// What members read, in short: of two steps that post something, the text is what differs.
fn text(step: &Step) -> String {
    match step.text("text").filter(|_| matches!(step.op, StepOp::Announce | StepOp::Notice)) {
        Some(text) if text.chars().count() > MAX_TEXT => {
            format!(" “{}…”", text.chars().take(MAX_TEXT).collect::<String>())
        }
        Some(text) => format!(" “{text}”"),
        None => String::new(),
    }
}

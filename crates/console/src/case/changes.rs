//! What a plan changes against the one before it, in words.

use adjourn_app::compare::Compared;
use adjourn_domain::changes::Line;
use adjourn_domain::plan::{Step, StepOp};
use adjourn_i18n::msg;
use adjourn_web::wording;

use crate::desk::Reader;

/// Longest excerpt of a text, in characters.
const MAX_TEXT: usize = 200;

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
        Line::Owner(id) => format!("{}: {id}", say.word("term", "owner")),
        Line::Class(class) => format!("{}: {}", say.word("term", "class"), say.word("class", class)),
        Line::Fact(key, value) => format!("{key}: {value}"),
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

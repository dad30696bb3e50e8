//! The words for what became of a ledger and of a list of people who leave.

use adjourn_app::register::{Departures, Registered, RowProblem};
use adjourn_i18n::msg;

use crate::wording::Say;

/// What became of a ledger's rows: how many, and each that was not taken. `form` is how the file was read.
pub fn registered(say: Say, form: &str, total: usize, done: &Registered) -> Vec<String> {
    let lang = say.lang;
    let mut lines = vec![
        msg::register_title(lang, total as u64, form),
        msg::register_done(
            lang,
            done.changed.len() as u64,
            done.new.len() as u64,
            done.same as u64,
            done.problems.len() as u64,
        ),
    ];
    lines.extend(done.problems.iter().map(|problem| unread(say, problem)));
    if done.no_contact > 0 {
        lines.push(msg::register_no_contact(lang, done.no_contact as u64));
    }
    lines
}

/// What became of a list of leavers; of what is owed now, the first `shown`.
pub fn departures(say: Say, form: &str, done: &Departures, shown: usize) -> Vec<String> {
    let lang = say.lang;
    let mut lines = vec![
        msg::leavers_title(lang, done.leavers as u64, form),
        msg::leavers_done(
            lang,
            done.doubtful.len() as u64,
            done.known as u64,
            done.owed.len() as u64,
            done.nothing.len() as u64,
            done.problems.len() as u64,
        ),
    ];
    for debt in done.owed.iter().take(shown) {
        let role = say.word("register-role", debt.role.slug());
        let owed = msg::leavers_owed(lang, debt.due, &debt.leaver, &debt.name, role);
        let mut line = format!("  {}  {owed}", debt.group);
        if let Some(deputy) = &debt.proposed {
            line = format!("{line} · {}", msg::owed_proposed(lang, &deputy.name));
        }
        if debt.by_account {
            line = format!("{line} · {}", msg::leavers_by_account(lang));
        }
        lines.push(line);
    }
    if done.owed.len() > shown {
        lines.push(msg::register_more(lang, (done.owed.len() - shown) as u64));
    }
    for still in &done.still_owner {
        lines.push(format!("  ? {}", msg::leavers_still_owner(lang, &still.account, &still.group)));
    }
    for one in &done.doubtful {
        let count = one.groups.len() as u64;
        lines.push(format!("  ? {}", msg::leavers_doubtful(lang, count, one.line, &one.name)));
    }
    for one in &done.nothing {
        lines.push(format!("  {}", msg::leavers_nothing(lang, one.line, &one.name)));
    }
    lines.extend(done.problems.iter().map(|problem| unread(say, problem)));
    lines
}

fn unread(say: Say, problem: &RowProblem) -> String {
    format!("  {}", msg::register_problem(say.lang, problem.line, say.note(&problem.note)))
}

//! `task`: human steps, handed to the owners of the groups.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use adjourn_app::AppError;
use adjourn_app::tasks::{NoContact, OwnerTasks, TaskBoard};
use adjourn_console::local::{BEIJING, time};
use adjourn_domain::ids::CaseId;
use adjourn_domain::task::TaskState;
use adjourn_i18n::msg;
use serde_json::{Value, json};

use super::Ctx;
use crate::args::TaskVerb;
use crate::out::Exit;

mod sheet;

#[cfg(test)]
mod tests;

const HOUR_S: u64 = 3600;
pub(super) const DAY_S: u64 = 24 * HOUR_S;

/// An owner with the owner's link.
pub(super) struct Linked {
    owner: OwnerTasks,
    link: String,
}

/// Runs `task`.
pub(crate) async fn run(ctx: &Ctx<'_>, verb: TaskVerb) -> Result<Exit, AppError> {
    match verb {
        TaskVerb::Links { case, base_url, days, out } => {
            links(ctx, &case.into(), &base_url, days * DAY_S, &out).await
        }
        TaskVerb::Notice { case, base_url, days, out } => {
            notice(ctx, &case.into(), &base_url, days * DAY_S, &out).await
        }
        TaskVerb::NoticeRevoke { case, group, member, everybody: _ } => {
            notice_revoke(ctx, &case.into(), group.as_deref(), member.as_deref()).await
        }
        TaskVerb::Ls { case, every } => ls(ctx, &case.into(), every * HOUR_S).await,
        TaskVerb::Remind { case, base_url, every, out } => {
            remind(ctx, &case.into(), &base_url, every * HOUR_S, &out).await
        }
    }
}

async fn links(ctx: &Ctx<'_>, case: &CaseId, base: &str, ttl_s: u64, dir: &Path) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let base = base_url(base)?;
    let (board, mut tokens) = ctx.app.issue_tasks(case, ttl_s, &signer).await?;
    let TaskBoard { owners, nobody } = board;
    let linked: Vec<Linked> = owners
        .into_iter()
        .filter_map(|owner| {
            let token = tokens.remove(&owner.owner)?;
            Some(Linked { owner, link: format!("{base}/task/{token}") })
        })
        .collect();
    let list = keep(dir, &format!("tasks-{case}.csv"), &sheet::csv(out.lang, &linked)?)?;
    let page = keep(dir, &format!("tasks-{case}.html"), sheet::html(out.lang, case, &linked)?.as_bytes())?;
    if let Some(until) = linked.first().and_then(|linked| linked.owner.link_until) {
        let until = time(out.lang, until, BEIJING);
        out.line(msg::task_links_written(out.lang, linked.len() as u64, until));
    }
    for path in [&list, &page] {
        out.line(msg::task_file_written(out.lang, path.display()));
    }
    let board = TaskBoard { owners: Vec::new(), nobody };
    say_nobody(ctx, &board);
    out.document(&json!({
        "case": case,
        "links": linked.iter().map(|one| json!({
            "owner": one.owner.owner,
            "name": one.owner.name,
            "contact": one.owner.contact,
            "groups": groups(&one.owner),
            "link": one.link,
            "until": one.owner.link_until,
        })).collect::<Vec<_>>(),
        "nobody": board.nobody,
        "list": list,
        "page": page,
    }));
    out.next(format!("adjourn task ls {case}"));
    Ok(Exit::Done)
}

async fn notice(ctx: &Ctx<'_>, case: &CaseId, base: &str, ttl_s: u64, dir: &Path) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let base = base_url(base)?;
    let all = ctx.app.notice_links(case, ttl_s, &signer).await?;
    let counts = ctx.app.notice_counts(case).await?;
    let list = keep(dir, &format!("notice-{case}.csv"), &sheet::notices_csv(out.lang, &all, &base)?)?;
    let page =
        keep(dir, &format!("notice-{case}.html"), sheet::notices(out.lang, case, &all, &base)?.as_bytes())?;
    for count in &counts {
        let (objected, read, of) = (count.objections as u64, count.read as u64, count.members as u64);
        out.line(msg::notice_count(out.lang, objected, of, read, &count.name));
    }
    for path in [&list, &page] {
        out.line(msg::task_file_written(out.lang, path.display()));
    }
    out.document(&json!({
        "case": case,
        "groups": all.iter().zip(&counts).map(|(one, count)| json!({
            "group": one.group,
            "name": one.name,
            "link": sheet::notice_link(&base, &one.everybody),
            "members": one.members.len(),
            "until": one.until,
            "read": count.read,
            "objections": count.objections,
        })).collect::<Vec<_>>(),
        "list": list,
        "page": page,
    }));
    out.next(format!("adjourn reaction ls {case}"));
    Ok(Exit::Done)
}

async fn notice_revoke(
    ctx: &Ctx<'_>,
    case: &CaseId,
    group: Option<&str>,
    member: Option<&str>,
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let group = if let Some(group) = group {
        ctx.app.resolve(group).await?
    } else {
        let groups = ctx.app.journal.known_case(case).await?.head.map(|head| head.groups);
        match groups.unwrap_or_default().as_slice() {
            [only] => only.clone(),
            _ => return Err(AppError::new("usage").with("says", "--group")),
        }
    };
    ctx.app.revoke_notice(case, &group, member, &ctx.signer()?).await?;
    out.line(msg::notice_revoked(out.lang, &group));
    out.document(&json!({"case": case, "group": group, "member": member}));
    out.next(format!("adjourn task notice {case}"));
    Ok(Exit::Done)
}

async fn ls(ctx: &Ctx<'_>, case: &CaseId, every_s: u64) -> Result<Exit, AppError> {
    let out = ctx.out;
    let board = ctx.app.task_board(case, every_s).await?;
    if board.owners.is_empty() && board.nobody.is_empty() {
        out.line(msg::task_none(out.lang));
    }
    for owner in &board.owners {
        let states: Vec<String> = TaskState::ALL
            .into_iter()
            .map(|state| (state, owner.count(state)))
            .filter(|(_, count)| *count > 0)
            .map(|(state, count)| format!("{} {count}", out.word("task", state.slug())))
            .collect();
        let mut line = msg::task_owner_line(out.lang, &owner.contact, &owner.name, states.join(" · "));
        if owner.link_until.is_none() {
            line = format!("{line} · {}", msg::task_owner_no_link(out.lang));
        } else if owner.reminder_due {
            line = format!("{line} · {}", msg::task_owner_due(out.lang));
        }
        out.line(line);
    }
    say_nobody(ctx, &board);
    let waits = board.owners.iter().flat_map(|owner| &owner.tasks).any(|task| task.state.waits())
        || board.nobody.iter().any(|one| one.task.state.waits());
    let document: Vec<Value> = board.owners.iter().map(owner_document).collect();
    out.document(&json!({"case": case, "owners": document, "nobody": board.nobody}));
    if board.owners.iter().any(|owner| owner.reminder_due) {
        out.next(format!("adjourn task remind {case}"));
    } else {
        out.next(format!("adjourn watch {case} --once"));
    }
    Ok(if waits { Exit::Human } else { Exit::Done })
}

async fn remind(
    ctx: &Ctx<'_>,
    case: &CaseId,
    base: &str,
    every_s: u64,
    dir: &Path,
) -> Result<Exit, AppError> {
    let out = ctx.out;
    let signer = ctx.signer()?;
    let base = base_url(base)?;
    let due = ctx.app.remind(case, every_s, &signer).await?;
    let linked: Vec<Linked> = due
        .into_iter()
        .map(|(owner, token)| Linked { owner, link: format!("{base}/task/{token}") })
        .collect();
    out.line(msg::task_reminded(out.lang, linked.len() as u64));
    let mut list = None;
    if !linked.is_empty() {
        let path = keep(dir, &format!("remind-{case}.csv"), &sheet::csv(out.lang, &linked)?)?;
        out.line(msg::task_file_written(out.lang, path.display()));
        list = Some(path);
    }
    let reminded: Vec<Value> = linked.iter().map(|one| owner_document(&one.owner)).collect();
    out.document(&json!({"case": case, "reminded": reminded, "list": list}));
    out.next(format!("adjourn task ls {case}"));
    Ok(Exit::Done)
}

fn owner_document(owner: &OwnerTasks) -> Value {
    json!({
        "owner": owner.owner,
        "name": owner.name,
        "contact": owner.contact,
        "open": owner.count(TaskState::Open),
        "overdue": owner.count(TaskState::Overdue),
        "said": owner.count(TaskState::Said),
        "done": owner.count(TaskState::Done),
        "cant": owner.count(TaskState::Cant),
        "later": owner.count(TaskState::Later),
        "over": owner.count(TaskState::Over),
        "link_until": owner.link_until,
        "reminders": owner.reminders,
        "reminder_due": owner.reminder_due,
        "tasks": owner.tasks,
    })
}

fn say_nobody(ctx: &Ctx<'_>, board: &TaskBoard) {
    let out = ctx.out;
    if board.nobody.is_empty() {
        return;
    }
    out.line(msg::task_nobody_head(out.lang, board.nobody.len() as u64));
    for one in &board.nobody {
        let why = match one.why {
            NoContact::Unregistered => out.word("no-contact", "unregistered"),
            NoContact::NoContact => out.word("no-contact", "no-contact"),
        };
        let step = out.word("step", one.task.op.slug());
        out.line(format!("  {}", msg::task_nobody_line(out.lang, &one.task.name, step, why)));
    }
}

/// Number of groups in which an owner has something to do.
fn groups(owner: &OwnerTasks) -> usize {
    owner.tasks.iter().map(|task| &task.group).collect::<BTreeSet<_>>().len()
}

/// The start of every link, without a slash at its end.
pub(super) fn base_url(text: &str) -> Result<String, AppError> {
    let base = text.trim_end_matches('/');
    let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://")).unwrap_or_default();
    let wrong = host.is_empty()
        || base
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '"' | '<' | '>' | '@'));
    if wrong { Err(AppError::new("task.url").with("url", text)) } else { Ok(base.to_owned()) }
}

/// Writes a file that only its owner may read: links are credentials.
pub(super) fn keep(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, AppError> {
    use std::io::Write as _;
    let path = dir.join(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    std::fs::create_dir_all(dir)
        .and_then(|()| options.open(&path))
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|error| AppError::io(&error, path.display()))?;
    Ok(path)
}

//! How the page looks.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_app::tasks::TaskPage;
use adjourn_domain::event::EvidenceRef;
use adjourn_domain::fact::Rules;
use adjourn_domain::plan::StepOp;
use adjourn_domain::task::{Task, TaskState};
use adjourn_i18n::{Lang, error_text, msg, note, word};

use super::Profiles;
use crate::html::Html;
use crate::local::{BEIJING, time};

/// What a file field offers; what it takes is decided by what is in the file.
const ACCEPT: &str = "image/png,image/jpeg,image/webp,image/gif,.csv,.json,.txt,.xlsx,.pdf";
pub(super) const STYLE: &str = include_str!("style.css");

/// The owner's groups and steps.
pub(super) fn tasks(lang: Lang, token: &str, page: &TaskPage, profiles: &Profiles) -> String {
    let owner = &page.owner;
    let mut html = begin(lang, &msg::task_title(lang));
    html.el("h1", msg::task_title(lang)).raw("\n");
    html.el("p", msg::task_hello(lang, &owner.name)).raw("\n");
    let settled =
        owner.tasks.iter().filter(|task| matches!(task.state, TaskState::Done | TaskState::Said)).count();
    html.raw("<p class=\"progress\">").text(msg::task_progress(
        lang,
        owner.tasks.len() as u64,
        settled as u64,
    ));
    html.raw(" <progress max=\"")
        .text(owner.tasks.len())
        .raw("\" value=\"")
        .text(settled)
        .raw("\"></progress></p>\n");
    html.el_class("p", "soft", msg::task_until(lang, time(lang, page.ticket.expires_at, BEIJING))).raw("\n");
    let mut groups: BTreeMap<&str, Vec<&Task>> = BTreeMap::new();
    for task in &owner.tasks {
        groups.entry(task.group.as_str()).or_default().push(task);
    }
    // What has to be done now comes first.
    let mut groups: Vec<(&str, Vec<&Task>)> = groups.into_iter().collect();
    groups.sort_by_key(|(_, tasks)| {
        let name = tasks.first().map(|task| task.name.clone());
        (!tasks.iter().any(|task| task.state.waits()), name)
    });
    for (group, tasks) in groups {
        card(&mut html, lang, token, group, &tasks, profiles);
    }
    html.el_class("p", "soft", msg::task_private(lang)).raw("\n</main>\n</body>\n</html>\n");
    html.finish()
}

/// Why it was refused, and the way back where there is one.
pub(crate) fn refusal(lang: Lang, error: &AppError, back: Option<&str>) -> String {
    let args: Vec<(&str, &str)> = error.0.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    // What an unforeseen error says is for the log, not for whoever holds a link.
    let text = error_text(
        lang,
        error.code(),
        &args.into_iter().filter(|(name, _)| *name != "says").collect::<Vec<_>>(),
    );
    let mut html = begin(lang, &msg::task_refused(lang));
    html.el("h1", msg::task_refused(lang)).raw("\n");
    if let Some(text) = text {
        html.el("p", text.sentence).raw("\n");
        // Hints for operators name commands; these are for the people behind the links.
        if ["task.", "upload.", "request.", "page.form", "notice."]
            .iter()
            .any(|of| error.code().starts_with(of))
        {
            html.el("p", text.hint).raw("\n");
        }
    }
    html.raw("<p class=\"soft\"><code>").text(error.code()).raw("</code></p>\n");
    if let Some(path) = back {
        html.raw("<p><a href=\"").text(path).raw("\">").text(msg::task_back(lang)).raw("</a></p>\n");
    }
    html.raw("</main>\n</body>\n</html>\n");
    html.finish()
}

pub(crate) fn begin(lang: Lang, title: &str) -> Html {
    let mut html = Html::new();
    html.raw("<!doctype html>\n<html lang=\"")
        .text(lang.tag())
        .raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n").el("title", title);
    html.raw("\n<link rel=\"stylesheet\" href=\"/assets/task.css\">\n</head>\n<body>\n<main>\n");
    html
}

fn card(html: &mut Html, lang: Lang, token: &str, group: &str, tasks: &[&Task], profiles: &Profiles) {
    let Some(first) = tasks.first() else { return };
    html.raw("<section class=\"card\" id=\"")
        .text(group)
        .raw("\">\n<h2><bdi>")
        .text(&first.name)
        .raw("</bdi></h2>\n");
    let platform = word(lang, &format!("platform.{}", first.platform)).unwrap_or(&first.platform);
    html.el_class("p", "soft", platform).raw("\n");
    for task in tasks {
        html.raw("<div class=\"task ").raw(task.state.slug()).raw("\">\n<h3>");
        let op = word(lang, &format!("step.{}", task.op.slug())).unwrap_or(task.op.slug());
        html.text(op);
        if let Some(link) = &task.link {
            html.raw(" <bdi>").text(link).raw("</bdi>");
        }
        let state = word(lang, &format!("task.{}", task.state.slug())).unwrap_or(task.state.slug());
        html.raw(" <span class=\"state\">").text(state).raw("</span></h3>\n");
        if let Some(deadline) = task.deadline.filter(|_| task.state.waits()) {
            html.el_class("p", "soft", msg::task_deadline(lang, time(lang, deadline, BEIJING))).raw("\n");
        }
        for file in &task.handed {
            handed(html, lang, file);
        }
        if task.state.waits() {
            how(html, lang, task, profiles);
            forms(html, lang, token, task);
        }
        html.raw("</div>\n");
    }
    html.raw("</section>\n");
}

/// What was handed in, with the hash by which anybody can tell it later.
fn handed(html: &mut Html, lang: Lang, file: &EvidenceRef) {
    html.raw("<p class=\"soft\">")
        .text(msg::task_handed(lang, &file.name))
        .raw(" <code>")
        .text(file.sha256)
        .raw("</code>");
    if let Some(original) = file.original {
        html.raw("<br>").text(msg::task_handed_cleaned(lang)).raw(" <code>").text(original).raw("</code>");
    }
    html.raw("</p>\n");
}

/// Numbered: where to go on the platform, what it asks for, what to bring back.
fn how(html: &mut Html, lang: Lang, task: &Task, profiles: &Profiles) {
    html.raw("<ol>\n").el("li", msg::task_step_open(lang, &task.name)).raw("\n");
    let path = (task.op == StepOp::Dissolve)
        .then(|| profiles(&task.platform))
        .flatten()
        .and_then(|profile| profile.text("dissolve.path", Rules::Confirmed).map(str::to_owned));
    if let Some(path) = path {
        html.el("li", msg::task_step_path(lang, path)).raw("\n");
    }
    let op = task.op.slug();
    let code = if task.how.is_empty() { "person-step" } else { task.how.as_str() };
    let args: &[(&str, &str)] = if task.how.is_empty() { &[("op", op)] } else { &[] };
    if let Some(text) = note(lang, code, args) {
        html.el("li", text).raw("\n");
    }
    html.el("li", msg::task_step_shot(lang)).raw("\n").el("li", msg::task_step_upload(lang)).raw("\n</ol>\n");
    if task.irreversible {
        html.el_class("p", "warn", msg::guide_no_return(lang)).raw("\n");
    }
}

fn forms(html: &mut Html, lang: Lang, token: &str, task: &Task) {
    let open = |html: &mut Html, verb: &'static str| {
        html.raw("<form method=\"post\" enctype=\"multipart/form-data\" action=\"/task/")
            .text(token)
            .raw("/")
            .raw(verb);
        html.raw("\">\n<input type=\"hidden\" name=\"group\" value=\"").text(&task.group).raw("\">");
        html.raw("<input type=\"hidden\" name=\"step\" value=\"").text(&task.step).raw("\">\n");
    };
    open(html, "done");
    html.raw("<label>").text(msg::task_camera(lang));
    html.raw(
        "<input type=\"file\" name=\"file\" accept=\"image/*\" capture=\"environment\"></label>\n<label>",
    );
    html.text(msg::task_files(lang))
        .raw("<input type=\"file\" name=\"file\" multiple accept=\"")
        .raw(ACCEPT)
        .raw("\"></label>\n");
    let text = |html: &mut Html, name: &'static str, label: String| {
        html.raw("<label>")
            .text(label)
            .raw("<input type=\"text\" maxlength=\"200\" required name=\"")
            .raw(name);
        html.raw("\"></label>\n");
    };
    let tick = |html: &mut Html, name: &'static str, label: String| {
        html.raw("<label class=\"tick\"><input type=\"checkbox\" value=\"yes\" required name=\"")
            .raw(name)
            .raw("\"> ");
        html.text(label).raw("</label>\n");
    };
    match task.confirm.as_deref() {
        Some("type_name") => text(html, "typed_name", msg::task_typed_name(lang)),
        Some("qr_phone") => {
            tick(html, "qr_scanned", msg::task_qr_scanned(lang));
            tick(html, "phone_confirmed", msg::task_phone_confirmed(lang));
        }
        Some("super_admin" | "handover") => text(html, "approved_by", msg::task_approved_by(lang)),
        _ => {}
    }
    html.raw("<button type=\"submit\">")
        .text(msg::task_done(lang))
        .raw("</button>\n</form>\n<details><summary>");
    html.text(msg::task_cant(lang)).raw("</summary>\n");
    open(html, "cant");
    html.raw("<label>").text(msg::task_reason(lang));
    html.raw("<textarea name=\"reason\" rows=\"3\" maxlength=\"2000\" required></textarea></label>\n");
    html.raw("<button type=\"submit\" class=\"second\">")
        .text(msg::task_cant_send(lang))
        .raw("</button>\n</form>\n</details>\n");
}

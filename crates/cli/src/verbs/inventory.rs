//! `scan`, `ls`, `show`: the inventory.

use adjourn_app::AppError;
use adjourn_app::inventory::{Card, ScanReport};
use adjourn_app::register::View;
use adjourn_domain::ids::{GroupId, NativeId};
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use super::register::MAX_SHOWN;
use crate::describe;
use crate::out::{Exit, Out};
use adjourn_web::wording;

/// Runs `scan`.
pub(crate) async fn scan(ctx: &Ctx<'_>, connection: Option<String>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let org = ctx.app.journal.org().await?;
    let names = match connection {
        Some(name) => vec![name.into()],
        None => org.connections.keys().cloned().collect(),
    };
    if names.is_empty() {
        out.line(msg::connect_none(out.lang));
        out.next("adjourn demo");
    }
    let mut reports = Vec::new();
    let mut failed = false;
    for name in names {
        let report = ctx.app.scan(&name).await?;
        out.line(msg::scan_done(
            out.lang,
            report.changed.len() as u64,
            report.failed.len() as u64,
            report.new.len() as u64,
            report.not_seen.len() as u64,
            report.same as u64,
            &name,
        ));
        reconciled(out, &report);
        for look in &report.failed {
            out.line(format!("  ? {}  {}", look.native, look.code));
        }
        failed |= !report.failed.is_empty();
        reports.push(json!({"connection": name, "report": report}));
    }
    out.next("adjourn ls");
    out.document(&json!({"scans": reports}));
    Ok(if failed { Exit::Partly } else { Exit::Done })
}

/// What a look says that the register or the last look did not.
fn reconciled(out: Out, report: &ScanReport) {
    let ScanReport { unregistered, vanished, owner_changed, settled, .. } = report;
    if !unregistered.is_empty() {
        out.line(format!("  {}", msg::scan_unregistered(out.lang, unregistered.len() as u64)));
    }
    if !settled.is_empty() {
        out.line(format!("  {}", msg::scan_settled(out.lang, settled.len() as u64)));
    }
    for change in owner_changed.iter().take(MAX_SHOWN) {
        let owners = |all: &[NativeId]| match all {
            [] => msg::owner_none(out.lang),
            all => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        };
        let says =
            msg::scan_owner_changed(out.lang, owners(&change.after), owners(&change.before), &change.group);
        out.line(format!("  ~ {says}"));
    }
    for group in vanished.iter().take(MAX_SHOWN) {
        out.line(format!("  ? {}", msg::scan_vanished(out.lang, group)));
    }
    let more = owner_changed.len().saturating_sub(MAX_SHOWN) + vanished.len().saturating_sub(MAX_SHOWN);
    if more > 0 {
        out.line(msg::register_more(out.lang, more as u64));
    }
}

/// Runs `ls`.
pub(crate) async fn ls(ctx: &Ctx<'_>, view: Option<&str>, cases: bool) -> Result<Exit, AppError> {
    if cases {
        return list_cases(ctx).await;
    }
    let out = ctx.out;
    let rules = ctx.config.register_rules();
    let view = view.and_then(View::from_slug);
    let cards = ctx.app.view(view, &rules).await?;
    for card in &cards {
        out.line(line(out, card));
        if let Some(view) = view {
            out.line(format!("    {}", known(out, card, view)));
        }
    }
    if cards.is_empty() && view.is_some() {
        out.line(msg::ls_view_none(out.lang));
        out.next("adjourn ls");
    } else if cards.is_empty() {
        out.line(msg::ls_none(out.lang));
        out.next("adjourn scan");
    } else {
        out.next("adjourn show GROUP");
    }
    out.document(&json!({"view": view.map(View::slug), "groups": cards}));
    Ok(Exit::Done)
}

/// A group in one line.
fn line(out: Out, card: &Card) -> String {
    let platform = out.word("platform", &card.platform);
    let links = if card.links > 0 {
        format!("  {}×{}", out.word("term", "link"), card.links)
    } else {
        String::new()
    };
    format!(
        "{}  {}  {}  {}  {}  {}{links}",
        card.group,
        card.label(),
        platform,
        wording::members(out.say(), card.members_unknown, card.members),
        wording::activity(out.say(), &card.activity),
        out.word("state", &card.state),
    )
}

/// What is known that puts a group into a view, and who saw the group when.
fn known(out: Out, card: &Card, view: View) -> String {
    let mut parts = Vec::new();
    match &card.register {
        None => parts.push(msg::ls_unregistered(out.lang)),
        Some(entry) => {
            parts.push(format!(
                "{}: {} {}",
                out.word("term", "owner"),
                entry.owner.name,
                entry.owner.contact
            ));
            if let Some(deputy) = &entry.deputy {
                let role = out.word("register-role", "deputy");
                parts.push(format!("{role}: {} {}", deputy.name, deputy.contact));
            }
            if let Some(day) = entry.expires.filter(|_| view == View::Expiring) {
                parts.push(match &entry.renewed {
                    None => msg::ls_expires(out.lang, day),
                    Some(renewed) => msg::ls_expires_renewed(out.lang, renewed.at, &renewed.by, day),
                });
            }
        }
    }
    if let Some(answer) = card.register.as_ref().and_then(|entry| entry.answered.as_ref()) {
        let word = out.word("renewal", answer.word.slug());
        let text = answer.text.as_ref().map(|text| format!(" ({text})")).unwrap_or_default();
        parts.push(format!("{}{text}", msg::ls_answered(out.lang, answer.at, word)));
    }
    if matches!(view, View::Owed | View::Orphan) {
        parts.extend(card.owed.iter().map(|owed| {
            let role = out.word("register-role", owed.role.slug());
            let says = msg::ls_owed(out.lang, owed.due, &owed.leaver.name, role);
            match &owed.proposed {
                None => says,
                Some(deputy) => format!("{says}, {}", msg::owed_proposed(out.lang, &deputy.name)),
            }
        }));
    }
    parts.push(msg::seen_by(out.lang, card.seen_at, &card.seen_by));
    parts.join(" · ")
}

async fn list_cases(ctx: &Ctx<'_>) -> Result<Exit, AppError> {
    let out = ctx.out;
    let cards = ctx.app.case_cards().await?;
    let now = ctx.app.clock.now();
    for card in &cards {
        let missing: Vec<_> = card
            .missing
            .iter()
            .map(|rule| format!("{} × {}", out.word("role", &rule.role), rule.count))
            .collect();
        let drawn = card.drawn_at.map(|at| at.to_string()).unwrap_or_default();
        let overdue = card.review_by.filter(|until| *until <= now);
        let overdue = overdue.map(|until| format!("  ! {}", msg::case_overdue(out.lang, until)));
        out.line(format!(
            "{}  {}  {}  {drawn}  {}{}",
            card.case,
            out.word("state", card.status.slug()),
            msg::groups_count(out.lang, card.groups.len() as u64),
            missing.join(", "),
            overdue.unwrap_or_default()
        ));
    }
    if cards.is_empty() {
        out.line(msg::cases_none(out.lang));
        out.next("adjourn plan GROUP --reason TEXT");
    }
    out.document(&json!({"cases": cards}));
    Ok(Exit::Done)
}

/// Runs `show`.
pub(crate) async fn show(ctx: &Ctx<'_>, what: &str) -> Result<Exit, AppError> {
    if what.starts_with("c-") {
        return super::plan::show(ctx, &what.into()).await;
    }
    let out = ctx.out;
    let id = ctx.app.resolve_record(what).await?;
    if ctx.app.journal.org().await?.destroyed.contains(&id) {
        return show_destroyed(ctx, &id).await;
    }
    let state = ctx.app.journal.group(&id).await?;
    let events = ctx.app.journal.group_events(&id).await?;
    if let Some(snapshot) = &state.snapshot {
        describe::snapshot(out, &id, snapshot, &state.class);
    }
    for (hold, entry) in &state.holds {
        out.line(format!("! {} {hold}: {}", out.word("term", "hold"), entry.matter));
    }
    for (at, event) in &events {
        out.line(format!("  {}", wording::event(out.say(), &wording::utc, *at, event, state.run.as_ref())));
    }
    if let Some(line) = wording::apart(out.say(), &state) {
        out.line(format!("  {line}"));
    }
    let history: Vec<_> = events.iter().map(|(at, event)| json!({"at": at, "event": event})).collect();
    out.document(&json!({
        "group": id,
        "class": state.class,
        "snapshot": state.snapshot,
        "holds": state.holds.keys().collect::<Vec<_>>(),
        "history": history,
    }));
    out.next(format!("adjourn plan {id} --reason TEXT"));
    Ok(Exit::Done)
}

/// What is left of a group whose key was destroyed: that things happened, when, and who did them.
async fn show_destroyed(ctx: &Ctx<'_>, id: &GroupId) -> Result<Exit, AppError> {
    let out = ctx.out;
    let org = ctx.app.journal.org().await?;
    let headers = ctx.app.journal.group_headers(id).await?;
    for header in &headers {
        out.line(format!("  {}", wording::header(out.say(), &org, header)));
    }
    let at = org.destructions.get(id).map(|destruction| destruction.at);
    out.line(match at {
        Some(at) => msg::show_destroyed(out.lang, at, id),
        None => msg::show_destroyed_once(out.lang, id),
    });
    let history: Vec<_> = headers
        .iter()
        .map(|header| json!({"at": header.at, "kind": header.kind, "actor": header.actor}))
        .collect();
    out.document(&json!({"group": id, "destroyed": true, "destroyed_at": at, "history": history}));
    out.next("adjourn ls");
    Ok(Exit::Done)
}

//! `scan`, `ls`, `show`: the inventory.

use adjourn_app::AppError;
use adjourn_app::inventory::Card;
use adjourn_domain::group::Activity;
use adjourn_i18n::msg;
use serde_json::json;

use super::Ctx;
use crate::describe;
use crate::out::Exit;

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

/// Runs `ls`.
pub(crate) async fn ls(ctx: &Ctx<'_>, view: Option<&str>, cases: bool) -> Result<Exit, AppError> {
    if cases {
        return list_cases(ctx).await;
    }
    let out = ctx.out;
    let cards: Vec<Card> = ctx.app.cards().await?.into_iter().filter(|card| shown(card, view)).collect();
    for card in &cards {
        let platform = out.word("platform", &card.platform);
        let links = if card.links > 0 {
            format!("  {}×{}", out.word("term", "link"), card.links)
        } else {
            String::new()
        };
        out.line(format!(
            "{}  {}  {}  {}  {}  {}{links}",
            card.group,
            card.label(),
            platform,
            describe::members(out, card.members_unknown, card.members),
            describe::activity(out, &card.activity),
            out.word("state", &card.state),
        ));
    }
    if cards.is_empty() {
        out.line(msg::ls_none(out.lang));
        out.next("adjourn scan");
    } else {
        out.next("adjourn show GROUP");
    }
    out.document(&json!({"groups": cards}));
    Ok(Exit::Done)
}

fn shown(card: &Card, view: Option<&str>) -> bool {
    match view {
        Some("orphan") => card.owners.is_empty() && !card.owner_unknown,
        Some("one-owner") => card.owners.len() == 1,
        Some("linked") => card.links > 0,
        Some("unknown") => card.activity == Activity::Unknown || card.owner_unknown,
        _ => true,
    }
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
    let id = ctx.app.resolve(what).await?;
    let state = ctx.app.journal.group(&id).await?;
    let events = ctx.app.journal.group_events(&id).await?;
    if let Some(snapshot) = &state.snapshot {
        describe::snapshot(out, &id, snapshot, &state.class);
    }
    for (hold, entry) in &state.holds {
        out.line(format!("! {} {hold}: {}", out.word("term", "hold"), entry.matter));
    }
    for (at, event) in &events {
        out.line(format!("  {}", describe::event(out, *at, event, state.run.as_ref())));
    }
    if let Some(line) = describe::apart(out, &state) {
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

//! One group: what is known of it, from whom and of when, who is in it, what hangs on it, what can be done and what can't, and one way to its end.

use adjourn_app::AppError;
use adjourn_app::inventory::Card;
use adjourn_app::org::Org;
use adjourn_domain::group::{Member, Snapshot, Standing};
use adjourn_domain::ids::GroupId;
use adjourn_domain::plan::StepOp;
use adjourn_domain::register::LEDGER;
use adjourn_domain::retention::{Disposition, Review};
use adjourn_domain::run::GroupState;
use adjourn_i18n::msg;
use adjourn_web::{records, wording};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::pick::{self, Leave, Nominee, nominees};
use super::{REASONS, owners};
use crate::desk::{Desk, Reader};
use crate::frame::line::Line;
use crate::frame::{Frame, Place};

/// Events of a group's history that are shown, newest first.
const MAX_EVENTS: usize = 200;
/// Members that are listed; the others are counted.
const MAX_MEMBERS: usize = 200;

/// Something known, with who says so.
struct Fact {
    name: String,
    value: String,
    source: String,
}

/// Something that may be done with the group.
struct Can {
    what: String,
    /// The command for it, or why not.
    how: Result<String, String>,
}

#[derive(Template)]
#[template(path = "groups/group.html")]
struct Group {
    frame: Frame,
    id: String,
    label: String,
    line: Line,
    case: Option<String>,
    facts: Vec<Fact>,
    members: Vec<(String, String, String)>,
    more_members: u64,
    all_members: u64,
    links: Vec<(String, String, String)>,
    holds: Vec<String>,
    kept: Vec<String>,
    can: Vec<Can>,
    /// Why no plan can be drawn.
    closed: Option<String>,
    /// What will block the plan.
    warned: Option<String>,
    history: Vec<String>,
    from: String,
    reason: String,
    reasons: Vec<(&'static str, String)>,
    nominees: Vec<Nominee>,
    leave: Vec<Leave>,
    why: String,
    announcement: String,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    reader.answer(Place::Groups, group(&desk, &reader, id).await)
}

/// The group that an address names: by our id without a look at all others, else as on the command line.
async fn named(desk: &Desk, text: &str) -> Result<GroupState, AppError> {
    let state = desk.app.journal.group(&GroupId::from(text)).await?;
    if state.version > 0 {
        return Ok(state);
    }
    let id = desk.app.resolve(text).await?;
    desk.app.journal.group(&id).await
}

async fn group(desk: &Desk, reader: &Reader, text: String) -> Result<Group, AppError> {
    let (say, lang) = (reader.say, reader.lang);
    let state = named(desk, &text).await?;
    let id = state.id.clone();
    let unknown = || AppError::new("group.unknown").with("group", &id);
    let snapshot = state.snapshot.as_ref().ok_or_else(unknown)?;
    let card = Card::of(&state).ok_or_else(unknown)?;
    let org = desk.app.journal.org().await?;
    let events = desk.app.journal.group_events(&id).await?;
    let history = events.iter().rev().take(MAX_EVENTS);
    let holds = state.holds.iter().map(|(hold, entry)| {
        let lifting = entry.lift_asked_by.as_ref().map(|by| msg::group_hold_lifting(lang, org.name(by)));
        let line = msg::group_hold(lang, org.name(&entry.by), hold, &entry.matter, reader.time(entry.at));
        format!("{line}{}", lifting.map(|lifting| format!(" {lifting}")).unwrap_or_default())
    });
    let closed = closed(reader, &state);
    let clock = |at| reader.time(at);
    Ok(Group {
        frame: reader.frame(Place::Groups),
        label: snapshot.label().to_owned(),
        line: Line::of(say, &state),
        facts: facts(reader, &state, snapshot, &card),
        members: snapshot.members.iter().take(MAX_MEMBERS).map(|one| member(reader, one)).collect(),
        more_members: snapshot.members.len().saturating_sub(MAX_MEMBERS) as u64,
        all_members: snapshot.members.len() as u64,
        links: links(reader, &state, snapshot),
        holds: holds.collect(),
        kept: kept(desk, reader, &org, &state)?,
        can: can(reader, &state, closed.as_deref()),
        warned: (closed.is_none() && !state.holds.is_empty()).then(|| msg::group_hold_blocks(lang)),
        closed,
        case: card.case,
        history: history
            .map(|(at, event)| wording::event(say, &clock, *at, event, state.run.as_ref()))
            .collect(),
        from: format!("/group/{id}"),
        reason: String::new(),
        nominees: nominees(reader, &org, ""),
        leave: pick::links(reader, &state, &[]),
        why: String::new(),
        reasons: REASONS.map(|(_, slug)| (slug, say.word("reason", slug))).to_vec(),
        announcement: msg::announcement_standard(lang),
        id: id.to_string(),
    })
}

fn facts(reader: &Reader, state: &GroupState, snapshot: &Snapshot, card: &Card) -> Vec<Fact> {
    let (say, lang) = (reader.say, reader.lang);
    let seen = if snapshot.seen_by.as_str() == LEDGER {
        msg::group_from_ledger(lang, reader.when(snapshot.seen_at))
    } else {
        msg::seen_by(lang, reader.when(snapshot.seen_at), &snapshot.seen_by)
    };
    let mut all = Vec::new();
    let mut add = |name: String, value: String, source: &str| {
        all.push(Fact { name, value, source: source.to_owned() });
    };
    add(say.word("term", "platform"), say.word("platform", &card.platform), &seen);
    add(msg::group_native(lang), snapshot.native.to_string(), &seen);
    add(say.word("term", "owner"), owners(reader, card), &seen);
    add(msg::console_members(lang), wording::members(say, card.members_unknown, card.members), &seen);
    let activity = match card.activity {
        adjourn_domain::group::Activity::At(at) => reader.when(at),
        adjourn_domain::group::Activity::Unknown => msg::activity_unknown(lang),
    };
    add(msg::console_activity(lang), activity, &seen);
    if let Some(events) = snapshot.events {
        add(msg::group_records(lang), events.to_string(), &seen);
    }
    for (name, value) in &snapshot.details {
        let value = match value.as_str() {
            "true" => msg::places_yes(lang),
            "false" => msg::places_no(lang),
            told => say.word("detail-value", told),
        };
        add(say.word("detail", name), value, &seen);
    }
    add(say.word("term", "class"), say.word("class", &card.class), &msg::group_from_policy(lang));
    if let (Some(entry), Some(registration)) = (&card.register, &state.registration) {
        let source = match registration.ledger {
            Some(_) => msg::group_from_row(lang, registration.row),
            None => msg::group_from_person(lang),
        };
        let owner = format!("{} {}", entry.owner.name, entry.owner.contact);
        add(msg::console_registered(lang), owner, &source);
        if let Some(deputy) = &entry.deputy {
            add(msg::group_deputy(lang), format!("{} {}", deputy.name, deputy.contact), &source);
        }
        if let Some(unit) = &entry.unit {
            add(msg::group_unit(lang), unit.clone(), &source);
        }
        if let Some(purpose) = &entry.purpose {
            add(msg::group_purpose(lang), purpose.clone(), &source);
        }
        if let Some(day) = entry.expires {
            add(msg::console_last_day(lang), day.to_string(), &source);
        }
    } else {
        add(msg::console_registered(lang), msg::group_unregistered(lang), "");
    }
    all
}

fn member(reader: &Reader, member: &Member) -> (String, String, String) {
    let standing = match member.standing {
        Standing::Owner => "owner",
        Standing::Admin => "admin",
        Standing::Member => "member",
    };
    let standing = reader.say.word("standing", standing);
    let bot = if member.bot { format!(" · {}", reader.say.word("link", "bot")) } else { String::new() };
    (member.name.clone(), member.id.to_string(), format!("{standing}{bot}"))
}

/// Name, kind, and what becomes of each with the group, as far as the newest plan says.
fn links(reader: &Reader, state: &GroupState, snapshot: &Snapshot) -> Vec<(String, String, String)> {
    let planned = state.part.as_ref().map(|(.., part)| part.way.links.as_slice()).unwrap_or_default();
    let row = |link: &adjourn_domain::group::Link| {
        let fate = planned.iter().find(|one| one.link == link.id);
        let fate = fate.map(|one| reader.say.word("fate", one.fate.slug())).unwrap_or_default();
        (link.name.clone(), reader.say.word("link", link.kind.slug()), fate)
    };
    snapshot.links.iter().map(row).collect()
}

/// What is kept of it until when, and who decided so.
fn kept(desk: &Desk, reader: &Reader, org: &Org, state: &GroupState) -> Result<Vec<String>, AppError> {
    let lang = reader.lang;
    let standing = desk.app.standing(state, reader.now)?;
    let mut lines = vec![match standing.completed {
        Some(at) => msg::retention_ended(lang, reader.time(at)),
        None => msg::retention_goes_on(lang),
    }];
    if standing.completed.is_some() {
        lines.extend(standing.periods.iter().map(|period| records::period(reader.say, period, &standing)));
    }
    if let Some(Review { disposition, reason, by }) = &standing.review {
        lines.push(match disposition {
            Disposition::KeepUntil { until } => msg::retention_by_person(lang, org.name(by), reason, until),
            Disposition::Release => msg::retention_release_by(lang, org.name(by), reason),
        });
    }
    if standing.due() {
        lines.push(msg::retention_due(lang));
    }
    Ok(lines)
}

/// Why no plan can be drawn for it now.
fn closed(reader: &Reader, state: &GroupState) -> Option<String> {
    match &state.run {
        Some(run) if state.running() => Some(msg::group_closed_runs(reader.lang, &run.case)),
        _ if state.over() => Some(msg::group_closed_over(reader.lang)),
        _ => None,
    }
}

fn can(reader: &Reader, state: &GroupState, closed: Option<&str>) -> Vec<Can> {
    let (say, id) = (reader.say, &state.id);
    let act = |what: String, command: String| Can {
        what,
        how: closed.map_or(Ok(command), |why| Err(why.to_owned())),
    };
    let step = |op: StepOp| say.word("step", op.slug());
    vec![
        act(step(StepOp::Transfer), format!("adjourn handover {id} --to ACCOUNT --reason TEXT")),
        act(step(StepOp::Leave), format!("adjourn leave {id} --reason TEXT")),
        act(step(StepOp::Rescue), format!("adjourn rescue {id} --to ACCOUNT --proof FILE --reason TEXT")),
        // A hold is put on whatever is under way.
        Can { what: say.word("term", "hold"), how: Ok(format!("adjourn hold add {id} --matter TEXT")) },
    ]
}

//! The groups: a table with views, and one group by itself. Groups are selected into a plan, never into an act.

use adjourn_app::AppError;
use adjourn_app::inventory::{Card, place};
use adjourn_app::planning::PlanWish;
use adjourn_app::register::View;
use adjourn_domain::ids::GroupId;
use adjourn_domain::kinds::KindWish;
use adjourn_domain::plan::ReasonKind;
use adjourn_i18n::msg;
use adjourn_web::wording;
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader, encoded};
use crate::frame::{Choice, Frame, Place};

/// Rows of a page.
const ROWS: usize = 100;
/// Events of a group's history that are shown, newest first.
const MAX_EVENTS: usize = 200;

/// What is looked for.
#[derive(Deserialize)]
pub(crate) struct Sought {
    #[serde(default)]
    view: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: usize,
}

struct Row {
    group: String,
    label: String,
    platform: String,
    owners: String,
    members: String,
    activity: String,
    class: String,
    state: String,
    seen: String,
}

#[derive(Template)]
#[template(path = "groups/groups.html")]
struct Groups {
    frame: Frame,
    views: Vec<Choice>,
    view: String,
    q: String,
    rows: Vec<Row>,
    all: u64,
    before: Option<String>,
    after: Option<String>,
    reasons: Vec<(&'static str, String)>,
    announcement: String,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>, Query(sought): Query<Sought>) -> Response {
    reader.answer(Place::Groups, groups(&desk, &reader, &sought).await)
}

async fn groups(desk: &Desk, reader: &Reader, sought: &Sought) -> Result<Groups, AppError> {
    let lang = reader.lang;
    let view = View::from_slug(&sought.view);
    let words = sought.q.trim().to_lowercase();
    let mut cards = desk.app.view(view, &desk.rules).await?;
    if !words.is_empty() {
        cards.retain(|card| card.speaks_of(&words));
    }
    let to = |view: &str, at: usize| format!("/groups?view={view}&q={}&page={at}", encoded(&sought.q));
    let mut views = vec![Choice { to: to("", 0), text: msg::console_view_all(lang), here: view.is_none() }];
    views.extend(View::ALL.into_iter().map(|one| Choice {
        to: to(one.slug(), 0),
        text: reader.say.word("view", one.slug()),
        here: view == Some(one),
    }));
    let from = sought.page.saturating_mul(ROWS);
    let rows: Vec<Row> = cards.iter().skip(from).take(ROWS).map(|card| row(reader, card)).collect();
    Ok(Groups {
        frame: reader.frame(Place::Groups),
        views,
        view: view.map(View::slug).unwrap_or_default().to_owned(),
        q: sought.q.clone(),
        before: sought.page.checked_sub(1).map(|at| to(&sought.view, at)),
        after: (from + rows.len() < cards.len()).then(|| to(&sought.view, sought.page + 1)),
        rows,
        all: cards.len() as u64,
        reasons: REASONS.map(|(_, slug)| (slug, reader.say.word("reason", slug))).to_vec(),
        announcement: msg::announcement_standard(lang),
    })
}

fn row(reader: &Reader, card: &Card) -> Row {
    let say = reader.say;
    let owners: Vec<&str> = card.owners.iter().map(adjourn_domain::ids::NativeId::as_str).collect();
    Row {
        group: card.group.to_string(),
        label: card.label().to_owned(),
        platform: say.word("platform", &card.platform),
        owners: match (card.owner_unknown, owners.is_empty()) {
            (true, true) => say.word("verdict", "unknown"),
            (false, true) => msg::owner_none(reader.lang),
            _ => owners.join(", "),
        },
        members: wording::members(say, card.members_unknown, card.members),
        activity: match card.activity {
            adjourn_domain::group::Activity::At(at) => reader.time(at),
            adjourn_domain::group::Activity::Unknown => msg::activity_unknown(reader.lang),
        },
        class: say.word("class", &card.class),
        state: say.word("state", &card.state),
        seen: msg::seen_by(reader.lang, reader.time(card.seen_at), &card.seen_by),
    }
}

const REASONS: [(ReasonKind, &str); 5] = [
    (ReasonKind::ProjectEnded, "project_ended"),
    (ReasonKind::FunctionChange, "function_change"),
    (ReasonKind::Privacy, "privacy"),
    (ReasonKind::RelationsChanged, "relations_changed"),
    (ReasonKind::Law, "law"),
];

/// The form of a plan: groups are sent as often as there are.
pub(crate) async fn plan(
    reader: Reader,
    State(desk): State<Desk>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let text = |name: &str| {
        form.iter().find(|(key, _)| key == name).map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let kind = text("kind");
    let wish = PlanWish {
        groups: form.iter().filter(|(key, _)| key == "group").map(|(_, id)| GroupId(id.clone())).collect(),
        reason: text("reason"),
        reason_kind: REASONS
            .into_iter()
            .find(|(_, slug)| *slug == kind)
            .map_or_else(ReasonKind::default, |(kind, _)| kind),
        announcement: text("announcement"),
        languages: Vec::new(),
        kinds: KindWish::default(),
        case: None,
    };
    if wish.groups.is_empty() || wish.reason.trim().is_empty() {
        return reader.refused(Place::Groups, &AppError::new("plan.form"));
    }
    let drawn = desk.app.plan(wish, reader.session.signer.as_ref()).await;
    reader.onward(Place::Groups, drawn.map(|(plan, _)| format!("/case/{}", plan.case)))
}

#[derive(Template)]
#[template(path = "groups/group.html")]
struct Group {
    frame: Frame,
    id: String,
    label: String,
    state: String,
    facts: Vec<(String, String)>,
    links: Vec<String>,
    holds: Vec<String>,
    case: Option<String>,
    history: Vec<String>,
    reasons: Vec<(&'static str, String)>,
    announcement: String,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    reader.answer(Place::Groups, group(&desk, &reader, id).await)
}

async fn group(desk: &Desk, reader: &Reader, id: String) -> Result<Group, AppError> {
    let (say, lang) = (reader.say, reader.lang);
    let id = desk.app.resolve(&id).await?;
    let state = desk.app.journal.group(&id).await?;
    let unknown = || AppError::new("group.unknown").with("group", &id);
    let snapshot = state.snapshot.as_ref().ok_or_else(unknown)?;
    let card = Card::of(&state).ok_or_else(unknown)?;
    let shown = row(reader, &card);
    let term = |slug: &str| say.word("term", slug);
    let mut facts = vec![
        (term("platform"), shown.platform),
        (term("owner"), shown.owners),
        (msg::console_members(lang), shown.members),
        (msg::console_activity(lang), shown.activity),
        (term("class"), shown.class),
        (msg::console_seen(lang), shown.seen),
    ];
    if let Some(entry) = &card.register {
        let owner = format!("{} {}", entry.owner.name, entry.owner.contact);
        facts.push((msg::console_registered(lang), owner));
        facts.extend(entry.expires.map(|day| (msg::console_last_day(lang), day.to_string())));
    }
    let events = desk.app.journal.group_events(&id).await?;
    let history = events.iter().rev().take(MAX_EVENTS);
    Ok(Group {
        frame: reader.frame(Place::Groups),
        id: id.to_string(),
        label: snapshot.label().to_owned(),
        state: say.word("state", place(&state)),
        facts,
        links: snapshot
            .links
            .iter()
            .map(|link| format!("{}: {}", say.word("link", link.kind.slug()), link.name))
            .collect(),
        holds: state.holds.iter().map(|(hold, entry)| format!("{hold}: {}", entry.matter)).collect(),
        case: card.case,
        history: history.map(|(at, event)| wording::event(say, *at, event, state.run.as_ref())).collect(),
        reasons: REASONS.map(|(_, slug)| (slug, say.word("reason", slug))).to_vec(),
        announcement: msg::announcement_standard(lang),
    })
}

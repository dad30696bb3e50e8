//! The groups: a table with views, a search and pages. Groups are selected into a plan, never into an act.

use adjourn_app::AppError;
use adjourn_app::inventory::{Card, Wanted};
use adjourn_app::register::View;
use adjourn_domain::group::Activity;
use adjourn_domain::ids::NativeId;
use adjourn_domain::plan::ReasonKind;
use adjourn_i18n::msg;
use adjourn_web::wording;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader, encoded};
use crate::frame::{Choice, Frame, Place};

pub(crate) mod one;
pub(crate) mod pick;

/// Rows of a page.
const ROWS: usize = 100;

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Sought {
    #[serde(default)]
    view: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    platform: String,
    #[serde(default)]
    page: usize,
}

impl Sought {
    fn wanted(&self, from: usize, limit: usize) -> Wanted {
        Wanted {
            view: View::from_slug(&self.view),
            words: self.q.clone(),
            platform: (!self.platform.is_empty()).then(|| self.platform.clone()),
            from,
            limit,
            ..Wanted::default()
        }
    }

    fn at(&self, page: usize) -> String {
        let (q, platform) = (encoded(&self.q), encoded(&self.platform));
        format!("/groups?view={}&q={q}&platform={platform}&page={page}", encoded(&self.view))
    }
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
    sought: Sought,
    platforms: Vec<(String, String)>,
    rows: Vec<Row>,
    all: u64,
    first: u64,
    last: u64,
    before: Option<String>,
    after: Option<String>,
    /// Groups that one plan takes, at most.
    most: u64,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>, Query(sought): Query<Sought>) -> Response {
    reader.answer(Place::Groups, groups(&desk, &reader, sought).await)
}

async fn groups(desk: &Desk, reader: &Reader, sought: Sought) -> Result<Groups, AppError> {
    let lang = reader.lang;
    let from = sought.page.saturating_mul(ROWS);
    let found = desk.app.looked_up(&sought.wanted(from, ROWS), &desk.rules).await?;
    let view = View::from_slug(&sought.view);
    let to = |slug: &str| Sought { view: slug.to_owned(), page: 0, ..sought.clone() }.at(0);
    let mut views = vec![Choice { to: to(""), text: msg::console_view_all(lang), here: view.is_none() }];
    views.extend(View::ALL.into_iter().map(|one| Choice {
        to: to(one.slug()),
        text: reader.say.word("view", one.slug()),
        here: view == Some(one),
    }));
    let rows: Vec<Row> = found.cards.iter().map(|card| row(reader, card)).collect();
    let platforms = found.platforms.iter().map(|slug| (slug.clone(), reader.say.word("platform", slug)));
    Ok(Groups {
        frame: reader.frame(Place::Groups),
        views,
        platforms: platforms.collect(),
        before: sought.page.checked_sub(1).map(|page| sought.at(page)),
        after: (from.saturating_add(rows.len()) < found.all && !rows.is_empty())
            .then(|| sought.at(sought.page.saturating_add(1))),
        first: from as u64 + 1,
        last: (from + rows.len()) as u64,
        all: found.all as u64,
        most: pick::MOST as u64,
        rows,
        sought,
    })
}

fn row(reader: &Reader, card: &Card) -> Row {
    let say = reader.say;
    Row {
        group: card.group.to_string(),
        label: card.label().to_owned(),
        platform: say.word("platform", &card.platform),
        owners: owners(reader, card),
        members: wording::members(say, card.members_unknown, card.members),
        activity: match card.activity {
            Activity::At(at) => reader.time(at),
            Activity::Unknown => msg::activity_unknown(reader.lang),
        },
        class: say.word("class", &card.class),
        state: say.word("state", &card.state),
        seen: msg::seen_by(reader.lang, reader.time(card.seen_at), &card.seen_by),
    }
}

/// The owners; that nobody has told is not that there are none.
fn owners(reader: &Reader, card: &Card) -> String {
    match (card.owner_unknown, card.owners.is_empty()) {
        (true, true) => reader.say.word("verdict", "unknown"),
        (false, true) => msg::owner_none(reader.lang),
        _ => card.owners.iter().map(NativeId::as_str).collect::<Vec<_>>().join(", "),
    }
}

/// Why a group is ended, with the slug of each.
const REASONS: [(ReasonKind, &str); 5] = [
    (ReasonKind::ProjectEnded, "project_ended"),
    (ReasonKind::FunctionChange, "function_change"),
    (ReasonKind::Privacy, "privacy"),
    (ReasonKind::RelationsChanged, "relations_changed"),
    (ReasonKind::Law, "law"),
];

/// The slug of a kind of reason.
pub(crate) fn reason_slug(kind: ReasonKind) -> &'static str {
    REASONS.into_iter().find(|(of, _)| *of == kind).map_or("project_ended", |(_, slug)| slug)
}

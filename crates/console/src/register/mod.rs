//! The asset register: its views, one entry, ledgers and lists of people who leave.

use adjourn_app::AppError;
use adjourn_app::inventory::{Card, Wanted};
use adjourn_app::register::View;
use adjourn_domain::asset::Person;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader, encoded};
use crate::frame::{Choice, Frame, Place};

pub(crate) mod import;
pub(crate) mod one;
mod uploads;

pub(crate) use uploads::Uploads;

/// Rows of a page.
const ROWS: usize = 100;

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
    owner: String,
    deputy: String,
    unit: String,
    last_day: String,
    owed: Vec<String>,
}

#[derive(Template)]
#[template(path = "register/register.html")]
struct Register {
    frame: Frame,
    views: Vec<Choice>,
    view: String,
    q: String,
    rows: Vec<Row>,
    all: u64,
    before: Option<String>,
    after: Option<String>,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>, Query(sought): Query<Sought>) -> Response {
    reader.answer(Place::Register, register(&desk, &reader, &sought).await)
}

async fn register(desk: &Desk, reader: &Reader, sought: &Sought) -> Result<Register, AppError> {
    let view = View::from_slug(&sought.view);
    let from = sought.page.saturating_mul(ROWS);
    let wanted =
        Wanted { view, words: sought.q.clone(), register: true, from, limit: ROWS, ..Wanted::default() };
    let found = desk.app.looked_up(&wanted, &desk.rules).await?;
    let to = |view: &str, at: usize| format!("/register?view={view}&q={}&page={at}", encoded(&sought.q));
    let mut views =
        vec![Choice { to: to("", 0), text: msg::console_view_all(reader.lang), here: view.is_none() }];
    views.extend(View::ALL.into_iter().map(|one| Choice {
        to: to(one.slug(), 0),
        text: reader.say.word("view", one.slug()),
        here: view == Some(one),
    }));
    let rows: Vec<Row> = found.cards.iter().map(|card| row(reader, card)).collect();
    Ok(Register {
        frame: reader.frame(Place::Register),
        views,
        view: view.map(View::slug).unwrap_or_default().to_owned(),
        q: sought.q.clone(),
        before: sought.page.checked_sub(1).map(|at| to(&sought.view, at)),
        after: (from.saturating_add(rows.len()) < found.all && !rows.is_empty())
            .then(|| to(&sought.view, sought.page + 1)),
        rows,
        all: found.all as u64,
    })
}

fn row(reader: &Reader, card: &Card) -> Row {
    let entry = card.register.as_ref();
    let person = |person: &Person| format!("{} {}", person.name, person.contact).trim_end().to_owned();
    let none = || "–".to_owned();
    Row {
        group: card.group.to_string(),
        label: card.label().to_owned(),
        platform: reader.say.word("platform", &card.platform),
        owner: entry.map_or_else(|| msg::ls_unregistered(reader.lang), |entry| person(&entry.owner)),
        deputy: entry.and_then(|entry| entry.deputy.as_ref()).map_or_else(none, person),
        unit: entry.and_then(|entry| entry.unit.clone()).unwrap_or_else(none),
        last_day: entry.and_then(|entry| entry.expires).map_or_else(none, |day| day.to_string()),
        owed: card
            .owed
            .iter()
            .map(|owed| {
                let role = reader.say.word("register-role", owed.role.slug());
                msg::ls_owed(reader.lang, owed.due, &owed.leaver.name, role)
            })
            .collect(),
    }
}

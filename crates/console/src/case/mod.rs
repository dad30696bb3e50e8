//! A case: the plan, its review, its run and its observation on one page, with the acts that are open to whoever looks. An act that is not theirs is
//! shown and locked, with the reason.

use adjourn_app::AppError;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};

pub(crate) mod acts;
mod buttons;
mod changes;
mod part;
mod passkeys;
mod review;
mod run;
pub(crate) mod step;
mod view;
mod watch;

#[derive(Template)]
#[template(path = "case/cases.html")]
struct Cases {
    frame: Frame,
    rows: Vec<(String, String, u64, String, String)>,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Cases, cases(&desk, &reader).await)
}

async fn cases(desk: &Desk, reader: &Reader) -> Result<Cases, AppError> {
    let cards = desk.app.case_cards().await?;
    let rows = cards.into_iter().map(|card| {
        let missing = card
            .missing
            .iter()
            .map(|rule| format!("{} × {}", reader.say.word("role", &rule.role), rule.count));
        let drawn = card.drawn_at.map(|at| reader.time(at)).unwrap_or_default();
        let state = reader.say.word("state", card.status.slug());
        (
            card.case.to_string(),
            state,
            card.groups.len() as u64,
            drawn,
            missing.collect::<Vec<_>>().join(" + "),
        )
    });
    Ok(Cases { frame: reader.frame(Place::Cases), rows: rows.collect() })
}

/// What is said to whoever had an older plan before them.
const FRESH: &str = "fresh";

/// How a case is looked at.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Look {
    /// The group that is shown in full, where there are too many for all.
    #[serde(default)]
    group: String,
    /// What the last act came to, a slug.
    #[serde(default)]
    said: String,
}

impl Look {
    /// What is said above the page.
    fn notice(&self, reader: &Reader) -> Option<String> {
        match self.said.as_str() {
            "already" => Some(msg::case_already(reader.lang)),
            FRESH => Some(msg::case_fresh(reader.lang)),
            _ => None,
        }
    }
}

pub(crate) async fn show(
    reader: Reader,
    State(desk): State<Desk>,
    Path(id): Path<String>,
    Query(look): Query<Look>,
) -> Response {
    reader.answer(Place::Cases, view::case(&desk, &reader, &id.into(), &look).await)
}

/// The plan alone, to be printed: everything is open, nothing can be pressed.
pub(crate) async fn print(reader: Reader, State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    reader.answer(Place::Cases, view::paper(&desk, &reader, &id.into()).await)
}

//! Legal holds: put on by anybody who acts, lifted by two people, each after typing the hold's code.

use adjourn_app::AppError;
use adjourn_app::confirmation::Confirmation;
use adjourn_domain::ids::HoldId;
use adjourn_i18n::msg;
use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use serde::Deserialize;

use super::views;
use crate::desk::{Desk, Reader};
use crate::frame::{Choice, Frame, Place};
use crate::typed::Typed;

/// Holds that are shown.
const MAX_HOLDS: usize = 500;
/// Where this page lies.
const HERE: &str = "/evidence/holds";

struct Row {
    hold: String,
    group: String,
    label: String,
    matter: String,
    by: String,
    at: String,
    /// Who asked to lift it.
    asked: Option<String>,
    /// Why whoever looks can't lift it now.
    locked: Option<String>,
    typed: Typed,
}

#[derive(Template)]
#[template(path = "evidence/holds.html")]
struct Holds {
    frame: Frame,
    views: Vec<Choice>,
    rows: Vec<Row>,
    more: u64,
}

pub(crate) async fn list(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Evidence, holds(&desk, &reader).await)
}

async fn holds(desk: &Desk, reader: &Reader) -> Result<Holds, AppError> {
    let (app, lang, me) = (&desk.app, reader.lang, &reader.session.principal.id);
    let org = app.journal.org().await?;
    let mut rows = Vec::new();
    let mut more = 0;
    for card in app.held().await? {
        if rows.len() >= MAX_HOLDS {
            more += card.holds as u64;
            continue;
        }
        let state = app.journal.group(&card.group).await?;
        for (id, hold) in &state.holds {
            let says = match hold.lift_asked_by {
                None => msg::holds_will_ask(lang, card.label()),
                Some(_) => msg::holds_will_lift(lang, card.label()),
            };
            rows.push(Row {
                hold: id.to_string(),
                group: card.group.to_string(),
                label: card.label().to_owned(),
                matter: hold.matter.clone(),
                by: org.name(&hold.by),
                at: reader.time(hold.at),
                asked: hold.lift_asked_by.as_ref().map(|by| org.name(by)),
                locked: (hold.lift_asked_by.as_ref() == Some(me)).then(|| msg::places_locked_second(lang)),
                typed: Typed::of(reader, &Confirmation::lifting(id, &state), says, String::new()),
            });
        }
    }
    Ok(Holds { frame: reader.frame(Place::Evidence), views: views(reader, HERE), rows, more })
}

/// The form of a new hold.
#[derive(Deserialize)]
pub(crate) struct New {
    group: String,
    matter: String,
}

pub(crate) async fn add(reader: Reader, State(desk): State<Desk>, Form(form): Form<New>) -> Response {
    reader.onward(Place::Evidence, added(&desk, &reader, &form).await)
}

async fn added(desk: &Desk, reader: &Reader, form: &New) -> Result<String, AppError> {
    let matter = form.matter.trim();
    if matter.is_empty() {
        return Err(AppError::new("page.form"));
    }
    let group = desk.app.resolve(form.group.trim()).await?;
    desk.app.add_hold(&group, matter, reader.session.signer.as_ref()).await?;
    Ok(HERE.to_owned())
}

/// The form that lifts one.
#[derive(Deserialize)]
pub(crate) struct Lift {
    hold: String,
    #[serde(default)]
    typed: String,
}

pub(crate) async fn lift(reader: Reader, State(desk): State<Desk>, Form(form): Form<Lift>) -> Response {
    reader.onward(Place::Evidence, lifted(&desk, &reader, form).await)
}

async fn lifted(desk: &Desk, reader: &Reader, form: Lift) -> Result<String, AppError> {
    desk.app.lift_confirmed(&HoldId(form.hold), &form.typed, reader.session.signer.as_ref()).await?;
    Ok(HERE.to_owned())
}

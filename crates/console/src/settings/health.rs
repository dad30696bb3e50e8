//! Whether all of it works: the checks of `doctor`, made when somebody asks, each with what to do.

use adjourn_app::AppError;
use adjourn_i18n::msg;
use adjourn_web::records;
use adjourn_web::refusal::words;
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::views;
use crate::desk::{Desk, Reader};
use crate::frame::{Choice, Frame, Place};

struct Row {
    sign: char,
    class: &'static str,
    name: String,
    says: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "settings/health.html")]
struct Page {
    frame: Frame,
    views: Vec<Choice>,
    /// What the configuration file says: name, value.
    set: Vec<(String, String)>,
    rows: Vec<Row>,
    looked: bool,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Settings, Ok(page(&desk, &reader, Vec::new(), false)))
}

pub(crate) async fn look(reader: Reader, State(desk): State<Desk>) -> Response {
    let rows = rows(&desk, &reader).await;
    reader.answer(Place::Settings, rows.map(|rows| page(&desk, &reader, rows, true)))
}

fn page(desk: &Desk, reader: &Reader, rows: Vec<Row>, looked: bool) -> Page {
    let lang = reader.lang;
    let set = &desk.tools.configured;
    let or_none = |url: &Option<String>| url.clone().unwrap_or_else(|| msg::settings_not_set(lang));
    Page {
        frame: reader.frame(Place::Settings),
        views: views(reader, "/settings/health"),
        set: vec![
            (msg::settings_timestamp(lang), or_none(&set.timestamp)),
            (msg::settings_deposit(lang), or_none(&set.deposit)),
            (msg::settings_data(lang), set.data.clone()),
        ],
        rows,
        looked,
    }
}

async fn rows(desk: &Desk, reader: &Reader) -> Result<Vec<Row>, AppError> {
    let mut checks = (desk.tools.outside)(desk.app.clone(), reader.lang).await;
    checks.extend(desk.app.health().await?);
    let row = |check: adjourn_app::health::Check| {
        let left_out = check.unconfigured();
        let (says, hint) = match &check.found {
            Ok(found) => (records::found(reader.say, found), String::new()),
            Err(error) => words(reader.lang, error),
        };
        let (sign, class) = match check.found {
            _ if left_out => ('?', "warn"),
            Ok(_) => ('✓', "good"),
            Err(_) => ('✗', "bad"),
        };
        let (family, rest) = check.name.split_once(' ').unwrap_or((&check.name, ""));
        let name = format!("{} {rest}", reader.say.word("check-of", family)).trim_end().to_owned();
        Row { sign, class, name, says, hint }
    };
    Ok(checks.into_iter().map(row).collect())
}

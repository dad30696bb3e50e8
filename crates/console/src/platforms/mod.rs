//! What is known about the platforms, side by side: a table for each part of the requirements, a row for each question, a column for each platform. Every
//! cell says how far it can be trusted, where it comes from and when that was checked.

use adjourn_app::AppError;
use adjourn_domain::clocks::shown;
use adjourn_domain::fact::Fact;
use adjourn_domain::ids::PlatformId;
use adjourn_domain::knowledge::{Knowledge, Override};
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use adjourn_web::wording::{in_language, sign};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::desk::{Desk, Reader, encoded};
use crate::frame::{Choice, Frame, Place};

pub(crate) mod check;
pub(crate) mod guide;

/// The tables, by the letter that their facts' ids begin with.
const TABLES: [&str; 9] = ["P", "N", "H", "S", "L", "E", "X", "G", "C"];
/// The platforms, in the order of the columns.
pub(crate) const PLATFORMS: [&str; 5] = ["wechat", "wecom", "qq", "dingtalk", "matrix"];

/// What is looked for.
#[derive(Deserialize)]
pub(crate) struct Sought {
    #[serde(default)]
    table: String,
    #[serde(default)]
    q: String,
}

struct Said {
    sign: char,
    confidence: String,
    says: String,
    source: String,
    checked: String,
    /// That it has to be checked again.
    stale: Option<String>,
}

struct Row {
    key: String,
    /// What is said of each platform.
    cells: Vec<Vec<Said>>,
}

#[derive(Template)]
#[template(path = "platforms/platforms.html")]
struct Platforms {
    frame: Frame,
    parts: Vec<Choice>,
    tables: Vec<Choice>,
    table: &'static str,
    q: String,
    columns: Vec<String>,
    rows: Vec<Row>,
    overridden: bool,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Query(sought): Query<Sought>) -> Response {
    reader.answer(Place::Platforms, platforms(&desk, &reader, &sought).await)
}

async fn platforms(desk: &Desk, reader: &Reader, sought: &Sought) -> Result<Platforms, AppError> {
    let table = TABLES.into_iter().find(|table| *table == sought.table).unwrap_or("P");
    let mut known = Vec::with_capacity(PLATFORMS.len());
    for platform in PLATFORMS {
        known.push(desk.app.knowledge(&PlatformId::from(platform)).await?);
    }
    let choice = |one: &&'static str| Choice {
        to: format!("/platforms?table={one}&q={}", encoded(&sought.q)),
        text: reader.say.word("table", &one.to_ascii_lowercase()),
        here: *one == table,
    };
    Ok(Platforms {
        frame: reader.frame(Place::Platforms),
        parts: parts(reader, "/platforms"),
        tables: TABLES.iter().map(choice).collect(),
        table,
        q: sought.q.clone(),
        columns: known.iter().map(|known| in_language(reader.lang, &known.profile.name).to_owned()).collect(),
        rows: rows(desk, reader, &known, table, sought.q.trim()),
        overridden: known.iter().any(|known| !known.overrides.is_empty()),
    })
}

/// The parts of this place.
fn parts(reader: &Reader, here: &str) -> Vec<Choice> {
    let lang = reader.lang;
    let all = [
        ("/platforms", msg::platforms_tables(lang)),
        ("/platforms/check", msg::platforms_check(lang)),
        ("/platforms/guide", msg::platforms_guide(lang)),
    ];
    all.into_iter().map(|(to, text)| Choice { to: to.to_owned(), text, here: to == here }).collect()
}

/// A row for each key that any platform has in the table, in the order in which they first come.
fn rows(desk: &Desk, reader: &Reader, known: &[Knowledge], table: &str, words: &str) -> Vec<Row> {
    let (stale_days, now) = (desk.tools.configured.stale_days, desk.app.clock.now());
    let of = |fact: &&Fact| fact.id.starts_with(table) && fits(fact, words);
    let mut keys: Vec<&str> = Vec::new();
    for fact in known.iter().flat_map(|known| known.profile.facts.iter().filter(of)) {
        if !keys.contains(&fact.key.as_str()) {
            keys.push(&fact.key);
        }
    }
    let row = |key: &str| Row {
        key: key.to_owned(),
        cells: known
            .iter()
            .map(|known| {
                let facts = known.profile.facts.iter().filter(of).filter(|fact| fact.key == key);
                let mut cell: Vec<Said> = facts.map(|fact| said(reader, fact, stale_days, now)).collect();
                if let Some(says) = known.overrides.get(key) {
                    cell.insert(0, overridden(reader, says));
                }
                cell
            })
            .collect(),
    };
    keys.into_iter().map(row).collect()
}

/// Whether a fact has the words that somebody looks for, in either language.
fn fits(fact: &Fact, words: &str) -> bool {
    let words = words.to_lowercase();
    [&fact.key, &fact.says.zh, &fact.says.en].iter().any(|text| text.to_lowercase().contains(&words))
}

/// What the organisation says instead, before the findings and never in their place.
fn overridden(reader: &Reader, says: &Override) -> Said {
    Said {
        sign: '★',
        confidence: reader.say.word("rules", "override"),
        says: shown(&says.value),
        source: says.reason.clone(),
        checked: reader.time(says.at),
        stale: None,
    }
}

fn said(reader: &Reader, fact: &Fact, stale_days: u64, now: Time) -> Said {
    Said {
        stale: fact.stale(now, stale_days).then(|| msg::facts_stale(reader.lang, stale_days)),
        sign: sign(fact.confidence),
        confidence: reader.say.word("confidence", fact.confidence.slug()),
        says: in_language(reader.lang, &fact.says).to_owned(),
        source: fact.source.clone(),
        checked: msg::facts_checked(reader.lang, &fact.checked),
    }
}

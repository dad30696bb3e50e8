//! Records: what waits for a decision, what is released and may be destroyed by two people, and when the next periods run out. Time destroys nothing.

use std::collections::BTreeMap;

use adjourn_app::AppError;
use adjourn_app::retention::Kept;
use adjourn_domain::asset::Day;
use adjourn_domain::ids::GroupId;
use adjourn_domain::retention::{Disposition, Review};
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use adjourn_web::records;
use askama::Template;
use axum::extract::{Form, State};
use axum::response::Response;
use serde::Deserialize;

use super::views;
use crate::desk::{Desk, Reader};
use crate::frame::{Choice, Frame, Place};
use crate::typed::Typed;

/// Records of a part of the page that are shown.
const MAX_ROWS: usize = 200;
/// Weeks that are shown.
const MAX_WEEKS: usize = 26;
/// Where this page lies.
const HERE: &str = "/evidence/retention";
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// A record that waits for a decision.
struct Waiting {
    group: String,
    label: String,
    periods: Vec<String>,
}

/// A record that somebody released.
struct Released {
    group: String,
    label: String,
    says: String,
    /// Who signed first.
    asked: Option<String>,
    locked: Option<String>,
    /// What the second person types.
    typed: Option<Typed>,
}

#[derive(Template)]
#[template(path = "evidence/retention.html")]
struct Page {
    frame: Frame,
    views: Vec<Choice>,
    no_law: bool,
    waiting: Vec<Waiting>,
    waiting_more: u64,
    released: Vec<Released>,
    /// Monday, number of records, some of their names.
    weeks: Vec<(String, u64, String)>,
    /// Path and label of what was destroyed.
    destroyed: Vec<(String, String)>,
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>) -> Response {
    reader.answer(Place::Evidence, retention(&desk, &reader).await)
}

async fn retention(desk: &Desk, reader: &Reader) -> Result<Page, AppError> {
    let app = &desk.app;
    let org = app.journal.org().await?;
    let mut waiting = Vec::new();
    let mut waiting_more = 0;
    let mut released = Vec::new();
    let mut weeks: BTreeMap<Day, Vec<String>> = BTreeMap::new();
    for kept in app.retention().await? {
        let standing = &kept.standing;
        let until = match &standing.review {
            Some(Review { disposition: Disposition::Release, reason, by }) => {
                if released.len() < MAX_ROWS {
                    let says = msg::retention_release_by(reader.lang, org.name(by), reason);
                    released.push(release(desk, reader, &kept, says).await?);
                }
                None
            }
            Some(Review { disposition: Disposition::KeepUntil { until }, .. }) => Some(*until),
            None => standing.running().map(|period| period.until),
        };
        if let Some(until) = until.filter(|until| *until >= standing.today) {
            weeks.entry(monday(until)).or_default().push(kept.card.label().to_owned());
        }
        if standing.due() && waiting.len() >= MAX_ROWS {
            waiting_more += 1;
        } else if standing.due() {
            let periods = standing.periods.iter().map(|period| records::period(reader.say, period, standing));
            waiting.push(Waiting {
                group: kept.card.group.to_string(),
                label: kept.card.label().to_owned(),
                periods: periods.collect(),
            });
        }
    }
    let week = |(monday, names): (Day, Vec<String>)| {
        let some: Vec<&str> = names.iter().take(5).map(String::as_str).collect();
        (monday.to_string(), names.len() as u64, some.join(" · "))
    };
    Ok(Page {
        frame: reader.frame(Place::Evidence),
        views: views(reader, HERE),
        no_law: app.profiles.laws()?.is_empty(),
        waiting,
        waiting_more,
        released,
        weeks: weeks.into_iter().take(MAX_WEEKS).map(week).collect(),
        destroyed: org
            .destructions
            .values()
            .rev()
            .take(MAX_ROWS)
            .map(|one| {
                let at = msg::retention_destroyed(reader.lang, reader.time(one.at), &one.group);
                (super::page_of(adjourn_app::ports::BagKind::Destroyed, one.group.as_str()), at)
            })
            .collect(),
    })
}

async fn release(desk: &Desk, reader: &Reader, kept: &Kept, says: String) -> Result<Released, AppError> {
    let (lang, group) = (reader.lang, &kept.card.group);
    let org = desk.app.journal.org().await?;
    let asked = desk.app.journal.group(group).await?.key_destroy_asked_by;
    let mine = asked.as_ref() == Some(&reader.session.principal.id);
    let held = (kept.card.holds > 0).then(|| msg::retention_locked_hold(lang));
    let label = kept.card.label();
    let typed = match &asked {
        Some(_) => {
            let confirmation = desk.app.confirmation_of_destruction(group).await?;
            Some(Typed::of(reader, &confirmation, msg::retention_will_destroy(lang, label), String::new()))
        }
        None => None,
    };
    Ok(Released {
        group: group.to_string(),
        label: label.to_owned(),
        says,
        locked: held.or_else(|| mine.then(|| msg::places_locked_second(lang))),
        typed,
        asked: asked.map(|by| org.name(&by)),
    })
}

/// The Monday of a day's week.
fn monday(day: Day) -> Day {
    // The end of a day in UTC is the beginning of the next one; 1970-01-01 was a Thursday.
    let number = day.end(0).as_millis().div_euclid(DAY_MS) - 1;
    let first = number - (number + 3).rem_euclid(7);
    Day::of(Time::from_millis(first * DAY_MS), 0)
}

/// The form of a decision.
#[derive(Deserialize)]
pub(crate) struct Decision {
    group: String,
    reason: String,
    /// The last day that it is kept; released without one.
    #[serde(default)]
    until: String,
}

pub(crate) async fn decide(reader: Reader, State(desk): State<Desk>, Form(form): Form<Decision>) -> Response {
    reader.onward(Place::Evidence, decided(&desk, &reader, form).await)
}

async fn decided(desk: &Desk, reader: &Reader, form: Decision) -> Result<String, AppError> {
    let disposition = match form.until.trim() {
        "" => Disposition::Release,
        day => Disposition::KeepUntil {
            until: desk.tools.tables.day(day).map_err(|note| {
                let why = reader.say.note(&note);
                AppError::new("register.flag")
                    .with("flag", msg::retention_until(reader.lang))
                    .with("why", why)
            })?,
        },
    };
    let (group, signer) = (GroupId(form.group), reader.session.signer.as_ref());
    desk.app.review_retention(&group, disposition, &form.reason, signer).await?;
    Ok(HERE.to_owned())
}

/// The form that destroys.
#[derive(Deserialize)]
pub(crate) struct Destroy {
    group: String,
    #[serde(default)]
    typed: String,
}

pub(crate) async fn destroy(reader: Reader, State(desk): State<Desk>, Form(form): Form<Destroy>) -> Response {
    reader.onward(Place::Evidence, destroyed(&desk, &reader, form).await)
}

async fn destroyed(desk: &Desk, reader: &Reader, form: Destroy) -> Result<String, AppError> {
    let group = GroupId(form.group);
    // The first signature destroys nothing; who comes second types the code.
    let signer = reader.session.signer.as_ref();
    if desk.app.journal.group(&group).await?.key_destroy_asked_by.is_some() {
        desk.app.destroy_confirmed(&group, &form.typed, signer).await?;
    } else {
        desk.app.destroy_key(&group, signer).await?;
    }
    Ok(HERE.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        let day = |text: &str| Day::of(Time::parse(&format!("{text}T12:00:00Z")).unwrap(), 0);
        for (of, first) in [
            ("2026-10-05", "2026-10-05"),
            ("2026-10-11", "2026-10-05"),
            ("2026-10-12", "2026-10-12"),
            ("2027-01-01", "2026-12-28"),
        ] {
            assert_eq!(monday(day(of)), day(first), "{of}");
        }
    }
}

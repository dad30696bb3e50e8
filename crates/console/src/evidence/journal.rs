//! The journal of a case: all that happened in it and in its groups, in words, in the order in which it happened; the same as lines of JSON.

use adjourn_app::AppError;
use adjourn_domain::event::{CaseEvent, GroupEvent};
use adjourn_domain::ids::{CaseId, GroupId};
use adjourn_domain::time::Time;
use adjourn_i18n::msg;
use adjourn_web::wording;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;

use super::download;
use crate::desk::{Desk, Reader};
use crate::frame::{Frame, Place};

/// Events that a page shows, the newest; the download has all.
const MAX_SHOWN: usize = 2000;

#[derive(Template)]
#[template(path = "evidence/journal.html")]
struct Journal {
    frame: Frame,
    case: String,
    state: String,
    lines: Vec<String>,
    more: u64,
}

enum Event {
    Case(Box<CaseEvent>),
    Group(GroupId, Box<GroupEvent>),
}

async fn events(desk: &Desk, id: &CaseId) -> Result<Vec<(Time, Event)>, AppError> {
    let journal = &desk.app.journal;
    let case = journal.known_case(id).await?;
    let own = journal.case_events(id).await?;
    let mut all: Vec<(Time, Event)> =
        own.into_iter().map(|(at, event)| (at, Event::Case(Box::new(event)))).collect();
    // A group that the plan names may have been in other cases before: what happened to it since the plan was drawn belongs to this one.
    let from =
        all.first().map(|(at, _)| *at).ok_or_else(|| AppError::new("case.unknown").with("case", id))?;
    for group in case.head.map(|head| head.groups).unwrap_or_default() {
        let events = journal.group_events(&group).await?;
        let since = events.into_iter().filter(|(at, _)| *at >= from);
        all.extend(since.map(|(at, event)| (at, Event::Group(group.clone(), Box::new(event)))));
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all)
}

pub(crate) async fn show(reader: Reader, State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    reader.answer(Place::Evidence, journal(&desk, &reader, &id.into()).await)
}

async fn journal(desk: &Desk, reader: &Reader, id: &CaseId) -> Result<Journal, AppError> {
    let say = reader.say;
    let org = desk.app.journal.org().await?;
    let case = desk.app.journal.known_case(id).await?;
    let all = events(desk, id).await?;
    let mut groups = std::collections::BTreeMap::new();
    for group in case.head.as_ref().map(|head| head.groups.clone()).unwrap_or_default() {
        groups.insert(group.clone(), desk.app.journal.group(&group).await?);
    }
    let clock = |at| reader.time(at);
    let line = |(at, event): &(Time, Event)| match event {
        Event::Case(event) => wording::case_event(say, &org, &clock, *at, event),
        Event::Group(group, event) => {
            let state = groups.get(group);
            let run = state.and_then(|state| state.run.as_ref()).filter(|run| run.case == *id);
            let name = state.and_then(|state| state.snapshot.as_ref()).map_or("", |seen| seen.label());
            format!("{} · {name} {group}", wording::event(say, &clock, *at, event, run))
        }
    };
    Ok(Journal {
        frame: reader.frame(Place::Evidence),
        case: id.to_string(),
        state: say.word("state", case.status.slug()),
        lines: all.iter().rev().take(MAX_SHOWN).map(line).collect(),
        more: all.len().saturating_sub(MAX_SHOWN) as u64,
    })
}

/// The same as a file: an event a line.
pub(crate) async fn lines(reader: Reader, State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    match written(&desk, &id.as_str().into()).await {
        Ok(text) => download(text, "application/x-ndjson", &format!("adjourn-journal-{}.jsonl", plain(&id))),
        Err(error) => reader.refused(Place::Evidence, &error),
    }
}

async fn written(desk: &Desk, id: &CaseId) -> Result<String, AppError> {
    let mut text = String::new();
    for (at, event) in events(desk, id).await? {
        let line = match event {
            Event::Case(event) => json!({"at": at, "stream": id, "event": event}),
            Event::Group(group, event) => json!({"at": at, "stream": group, "event": event}),
        };
        text.push_str(&line.to_string());
        text.push('\n');
    }
    Ok(text)
}

/// A text as a part of a file's name.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

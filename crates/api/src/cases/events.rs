//! `GET /cases/{case}/events`: what happened in a case and in its groups, oldest first.

use adjourn_app::AppError;
use adjourn_domain::ids::CaseId;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfCase};
use crate::paging::Page;

pub(crate) struct Events;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct Happened {
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    /// The case, or the group, on whose stream it stands.
    stream: String,
    /// Its place on the stream, from 1.
    version: usize,
    /// The event with its `kind`.
    #[schema(value_type = Object)]
    event: Value,
}

impl Endpoint for Events {
    const DECLARED: Declared = Declared {
        errors: &["case.unknown", "cursor.invalid", "key.destroyed"],
        about: "A group's events are those since this case began with it.",
        ..Declared::get("cases.events", "/cases/{case}/events", "List what happened in a case")
    };
    type Path = OfCase;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<Happened>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<Happened>, AppError> {
        let id = CaseId(asked.path.case);
        let journal = &call.app().journal;
        let case = journal.known_case(&id).await?;
        let mut rows = Vec::new();
        for (at, event) in journal.case_events(&id).await? {
            rows.push((at, id.to_string(), event.kind(), json!(event)));
        }
        let began = rows.first().map(|(at, ..)| *at);
        let mut all = numbered(rows);
        for group in case.head.iter().flat_map(|head| &head.groups) {
            let events = journal.group_events(group).await?;
            let rows = events.iter().map(|(at, event)| (*at, group.to_string(), event.kind(), json!(event)));
            all.extend(numbered(rows.collect()).into_iter().filter(|row| Some(row.at) >= began));
        }
        all.sort_by(|a, b| (a.at, &a.stream, a.version).cmp(&(b.at, &b.stream, b.version)));
        let key = |row: &Happened| (row.at, row.stream.clone(), row.version);
        Page::of(all, key, asked.query.after.as_deref(), asked.query.limit)
    }
}

fn numbered(rows: Vec<(Time, String, &str, Value)>) -> Vec<Happened> {
    let numbered = rows.into_iter().enumerate();
    numbered
        .map(|(at, (time, stream, kind, mut event))| {
            if let Some(event) = event.as_object_mut() {
                event.entry("kind").or_insert_with(|| kind.into());
            }
            Happened { at: time, stream, version: at + 1, event }
        })
        .collect()
}

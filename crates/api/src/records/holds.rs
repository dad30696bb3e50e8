//! `GET /holds`: legal holds that stand.

use adjourn_app::AppError;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::Page;

pub(crate) struct Holds;

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

/// A hold.
#[derive(Serialize, ToSchema)]
#[schema(as = Hold)]
pub(crate) struct Row {
    /// Its id, `h-…`.
    hold: String,
    group: String,
    /// The group's name.
    name: String,
    /// What it is about.
    matter: String,
    /// Who put it there, a principal.
    by: String,
    #[schema(value_type = String, format = DateTime)]
    at: Time,
    /// Who asked to lift it; another one has to agree.
    lift_asked_by: Option<String>,
}

impl Endpoint for Holds {
    const DECLARED: Declared =
        Declared { errors: &["cursor.invalid"], ..Declared::get("holds.list", "/holds", "List legal holds") };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<Row>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<Row>, AppError> {
        let mut rows = Vec::new();
        for card in call.app().held().await? {
            let state = call.app().journal.group(&card.group).await?;
            rows.extend(state.holds.iter().map(|(id, hold)| Row {
                hold: id.to_string(),
                group: card.group.to_string(),
                name: card.label().to_owned(),
                matter: hold.matter.clone(),
                by: hold.by.to_string(),
                at: hold.at,
                lift_asked_by: hold.lift_asked_by.as_ref().map(ToString::to_string),
            }));
        }
        let key = |row: &Row| (row.at, row.hold.clone());
        rows.sort_by_key(key);
        Page::of(rows, key, asked.query.after.as_deref(), asked.query.limit)
    }
}

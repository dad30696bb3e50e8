//! `GET /retention`: what is kept of which group until when, and what waits for a person's decision.

use adjourn_app::AppError;
use adjourn_app::retention::Kept;
use adjourn_web::shapes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::Page;

pub(crate) struct Retention;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// Only what waits for a decision.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    due: bool,
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// What is kept of a group.
#[derive(Serialize, ToSchema)]
#[schema(as = KeptRecord)]
pub(crate) struct Row {
    group: String,
    name: String,
    /// Number of legal holds.
    holds: usize,
    /// Periods with the law that they come from, the decision that was made, and whether one is due; as `adjourn retention ls --json`.
    #[schema(value_type = Object)]
    standing: Value,
}

impl Endpoint for Retention {
    const DECLARED: Declared = Declared {
        errors: &["cursor.invalid"],
        about: "Nothing is destroyed because time has passed: what is due waits for a person.",
        ..Declared::get("retention.list", "/retention", "List what is kept until when")
    };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<Row>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<Row>, AppError> {
        let mut all = call.app().retention().await?;
        all.retain(|kept| !asked.query.due || kept.standing.due());
        let key = |kept: &Kept| (kept.card.label().to_owned(), kept.card.group.0.clone());
        let page = Page::of(all, key, asked.query.after.as_deref(), asked.query.limit)?;
        Ok(page.map(|kept| Row {
            group: kept.card.group.to_string(),
            name: kept.card.label().to_owned(),
            holds: kept.card.holds,
            standing: shapes::retention(&kept.standing),
        }))
    }
}

//! `GET /cases`: the cases, newest plan first.

use std::cmp::Reverse;

use adjourn_app::AppError;
use adjourn_app::review::CaseCard;
use adjourn_domain::time::Time;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Missing;
use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing};
use crate::paging::Page;

pub(crate) struct List;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Sought {
    /// Only cases that stand here.
    status: Option<String>,
    /// What `next` of the page before said.
    after: Option<String>,
    /// Rows of a page; 100 where nothing is said.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// A case's line.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseRow {
    case: String,
    status: String,
    plan_hash: Option<String>,
    groups: Vec<String>,
    missing: Vec<Missing>,
    #[schema(value_type = Option<String>, format = DateTime)]
    drawn_at: Option<Time>,
    /// Until when the reviewers are to answer, while they have not.
    #[schema(value_type = Option<String>, format = DateTime)]
    review_by: Option<Time>,
}

impl From<CaseCard> for CaseRow {
    fn from(card: CaseCard) -> Self {
        Self {
            case: card.case.0,
            status: card.status.slug().to_owned(),
            plan_hash: card.plan_hash.map(|hash| hash.to_hex()),
            groups: card.groups.into_iter().map(|group| group.0).collect(),
            missing: card
                .missing
                .into_iter()
                .map(|rule| Missing { role: rule.role, count: rule.count })
                .collect(),
            drawn_at: card.drawn_at,
            review_by: card.review_by,
        }
    }
}

impl Endpoint for List {
    const DECLARED: Declared =
        Declared { errors: &["cursor.invalid"], ..Declared::get("cases.list", "/cases", "List cases") };
    type Path = Nothing;
    type Query = Sought;
    type Body = Nothing;
    type Reply = Page<CaseRow>;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Page<CaseRow>, AppError> {
        let sought = asked.query;
        let mut cards = call.app().case_cards().await?;
        cards.retain(|card| sought.status.as_ref().is_none_or(|status| card.status.slug() == status));
        let key = |card: &CaseCard| (Reverse(card.drawn_at), card.case.0.clone());
        Ok(Page::of(cards, key, sought.after.as_deref(), sought.limit)?.map(CaseRow::from))
    }
}

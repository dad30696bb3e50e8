//! `POST /groups/{group}/retention`: decides what becomes of a group's record. It destroys nothing.

use adjourn_app::AppError;
use adjourn_domain::asset::Day;
use adjourn_domain::retention::Disposition;
use adjourn_domain::token::Scope;
use adjourn_web::shapes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::call::Call;
use crate::endpoint::{Asked, Declared, Endpoint, Nothing, OfGroup};

pub(crate) struct Decide;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RetentionDecision)]
pub(crate) struct Wish {
    /// The last day on which it is kept. Without one it is released: two people may destroy it.
    #[schema(value_type = Option<String>, format = Date)]
    until: Option<Day>,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

/// What holds now.
#[derive(Serialize, ToSchema)]
#[schema(as = RetentionDecided)]
pub(crate) struct Decided {
    group: String,
    /// As in `retention.list`.
    #[schema(value_type = Object)]
    standing: Value,
}

impl Endpoint for Decide {
    const DECLARED: Declared = Declared {
        errors: &[
            "group.unknown",
            "group.ambiguous",
            "run.active",
            "hold.active",
            "retention.running",
            "retention.until",
            "retention.reason",
            "key.destroyed",
        ],
        ..Declared::post(
            "retention.decide",
            "/groups/{group}/retention",
            Scope::Records,
            "Keep a record longer, or release it",
        )
    };
    type Path = OfGroup;
    type Query = Nothing;
    type Body = Wish;
    type Reply = Decided;

    async fn answer(call: &Call, asked: Asked<Self>) -> Result<Decided, AppError> {
        let group = call.app().resolve(&asked.path.group).await?;
        let disposition =
            asked.body.until.map_or(Disposition::Release, |until| Disposition::KeepUntil { until });
        let standing =
            call.app().review_retention(&group, disposition, &asked.body.reason, call.signer()).await?;
        Ok(Decided { group: group.0, standing: shapes::retention(&standing) })
    }
}
